//! Some lines of a shape that are read for themselves, or all of it.
//!
//! In: a [`Shape`](super::shape::Shape). Out: where in its lines something stands, said in such a way that it holds for the same
//! lines of any page, whatever their figures are.

use std::cell::Cell;
use std::ops::Range;

use super::shape::{Part, Slot};
use crate::report::Span;

/// Lines that follow one another. How they are read is settled by their bytes and those of the line behind them, which are counted in.
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

/// Finds places in a segment, each most often near the one before.
#[derive(Debug)]
pub(super) struct Places<'s> {
    segment: Segment<'s>,
    part: Cell<usize>,
    start: Cell<usize>,
    slot: Cell<usize>,
}

impl<'s> Places<'s> {
    pub(super) fn of(segment: Segment<'s>) -> Places<'s> {
        Places { segment, part: Cell::default(), start: Cell::default(), slot: Cell::default() }
    }

    /// The place at a byte of the page; none where it would need larger numbers, is none of these lines, or is within a figure
    /// that `is_free` to be another one.
    pub(super) fn place(&self, at: u32, is_free: impl Fn(usize) -> bool) -> Option<Place> {
        let Segment { parts, starts, slots, .. } = self.segment;
        let part = turn(parts, &self.part, |part| part.at <= at).checked_sub(1)?;
        let start = turn(starts, &self.start, |start| *start <= at).checked_sub(1)?;
        let slot = turn(slots, &self.slot, |slot| slot.span.end <= at);
        let is_inside = slots.get(slot).is_some_and(|slot| slot.span.start < at) && is_free(slot);
        if at > parts[part].end || is_inside {
            return None;
        }
        let offset = u16::try_from(at - starts[start]).ok()?;
        Some(Place { start: u16::try_from(start).ok()?, offset })
    }
}

/// Where in a list it ends that things are so. The search begins where the last one ended.
fn turn<T>(list: &[T], last: &Cell<usize>, is_so: impl Fn(&T) -> bool) -> usize {
    /// Beyond that the list is halved.
    const NEAR: usize = 4;
    let from = last.get();
    let goes_on = from == 0 || is_so(&list[from - 1]);
    let (near, far) = if goes_on { (from, list.len().min(from + NEAR)) } else { (0, 0) };
    let found = match list[near..far].iter().position(|one| !is_so(one)) {
        Some(steps) => near + steps,
        None => far + list[far..].partition_point(is_so),
    };
    last.set(found);
    found
}

/// A place in a segment: the text behind which figure or gap, and how far into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    start: u16,
    offset: u16,
}

impl Segment<'_> {
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
