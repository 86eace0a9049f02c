//! Some lines of a shape that are read for themselves, or all of it.
//!
//! In: a [`Shape`](super::shape::Shape). Out: where in its lines something stands, said in such a way that it holds for the same
//! lines of any page, whatever their figures are.

use std::ops::Range;

use super::shape::{Part, Slot};
use crate::report::Span;

/// Lines that follow one another. How they are read is settled by their bytes and those of the line behind them, which are counted
/// in, and by how many they are: the same bytes may also be one line more with none behind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment<'s> {
    pub bytes: &'s [u8],
    pub slots: &'s [Slot],
    pub starts: &'s [u32],
    /// From where they begin to where the line behind them does.
    pub span: Span,
    /// Where the line behind them ends.
    pub end: u32,
    pub lines: &'s [u32],
    pub parts: &'s [Part],
    pub blanks: &'s [(u32, u32)],
    /// Lines of the stretch that are left out, those of other segments too.
    pub gaps: &'s [Span],
}

/// A place in a segment: the text behind which figure or gap, and how far into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    start: u16,
    offset: u16,
}

impl Segment<'_> {
    /// The place at a byte of the page; none where it would need larger numbers, or is none of these lines.
    pub(super) fn place(&self, at: u32) -> Option<Place> {
        let part = self.parts.partition_point(|part| part.at <= at).checked_sub(1)?;
        if at > self.parts[part].end {
            return None;
        }
        let start = self.starts.partition_point(|start| *start <= at).checked_sub(1)?;
        let offset = u16::try_from(at - self.starts[start]).ok()?;
        Some(Place { start: u16::try_from(start).ok()?, offset })
    }

    /// The byte of the page at a place.
    pub(super) fn at(&self, place: Place) -> u32 {
        self.starts.get(usize::from(place.start)).map_or(0, |start| start + u32::from(place.offset))
    }

    /// The figure that begins at that byte.
    pub(super) fn slot_at(&self, at: u32) -> Option<usize> {
        self.slots.binary_search_by_key(&at, |slot| slot.span.start).ok()
    }

    /// Whether the span has neither figures nor lines that are left out, so that its words are the same on other pages.
    pub(super) fn has_words(&self, span: Span) -> bool {
        self.slots_in(span).is_empty() && !self.gaps.iter().any(|gap| gap.start < span.end && gap.end > span.start)
    }

    /// Whether the span begins in its own lines.
    pub(super) fn has(&self, span: Span) -> bool {
        let behind = if self.span.end == self.end { self.end + 1 } else { self.span.end };
        (self.span.start..behind).contains(&span.start)
    }

    /// The figures that have a byte in the span.
    pub(super) fn slots_in(&self, span: Span) -> Range<usize> {
        let first = self.slots.partition_point(|slot| slot.span.end <= span.start);
        let behind = self.slots.partition_point(|slot| slot.span.start < span.end);
        first..behind.max(first)
    }
}
