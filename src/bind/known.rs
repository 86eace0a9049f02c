//! Lines of tables that were cut before.
//!
//! Pages in a new style, or with another mix of lines, still have lines that earlier pages had too, but for their figures. In: a
//! line's part of a [`Shape`]. Out: its pieces, as they were cut when it was first seen.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::memory::{Quick, hash};
use super::shape::{Part, Shape};
use crate::layout::{Kind, Piece};
use crate::report::Span;

/// The lines that are known.
#[derive(Debug, Default)]
pub(super) struct KnownLines {
    places: HashMap<u64, u32, BuildHasherDefault<Quick>>,
    lines: Vec<KnownLine>,
    size: usize,
    /// Hashes of lines that were seen once. Only the second time a line is kept, since many never come again.
    seen: Vec<u64>,
}

/// One line, without its figures.
#[derive(Debug)]
pub(super) struct KnownLine {
    shape: Box<[u8]>,
    pieces: Box<[KnownPiece]>,
}

#[derive(Clone, Copy, Debug)]
enum KnownPiece {
    /// The line's figure with that index.
    Figure(u16),
    /// What is the same on each page, from one place to another.
    Same(Kind, Place, Place),
}

/// Behind which figure or gap of the line, and how many bytes behind it.
type Place = (u16, u16);

impl KnownLines {
    /// The line with that part of the shape, if it is known; `head` is what else decides how it is cut.
    pub(super) fn find(&self, shape: &Shape, part: &Part, head: u8) -> Option<u32> {
        let bytes = long_enough(shape.part(part))?;
        let place = *self.places.get(&hash_of(bytes, head))?;
        let line = &self.lines[place as usize];
        let (known, same) = line.shape.split_last()?;
        (*known == head && *same == *bytes).then_some(place)
    }

    pub(super) fn get(&self, place: u32) -> &KnownLine {
        &self.lines[place as usize]
    }

    /// Keeps how a line was cut, if it was seen before.
    pub(super) fn keep(&mut self, shape: &Shape, part: &Part, head: u8, pieces: &[Piece]) {
        const SEEN: usize = 1 << 14;
        self.seen.resize(SEEN, 0);
        let Some(bytes) = long_enough(shape.part(part)) else { return };
        let hash = hash_of(bytes, head);
        let seen = std::mem::replace(&mut self.seen[hash as usize % SEEN], hash) == hash;
        if !seen || self.places.contains_key(&hash) {
            return;
        }
        let Some(pieces) = known_pieces(shape, part, pieces) else { return };
        let shape: Box<[u8]> = bytes.iter().copied().chain([head]).collect();
        self.size += size_of::<KnownLine>() + shape.len() + size_of_val(&pieces[..]);
        self.places.insert(hash, self.lines.len() as u32);
        self.lines.push(KnownLine { shape, pieces });
    }

    /// Forgets all lines when they are too many.
    pub(super) fn forget_too_many(&mut self) {
        const MOST: usize = 8 << 20;
        if self.size > MOST {
            *self = KnownLines { seen: std::mem::take(&mut self.seen), ..KnownLines::default() };
        }
    }
}

/// A figure alone is cut as soon as it is looked up.
fn long_enough(bytes: &[u8]) -> Option<&[u8]> {
    const LEAST: usize = 8;
    Some(bytes).filter(|bytes| bytes.len() >= LEAST)
}

fn hash_of(bytes: &[u8], head: u8) -> u64 {
    hash(bytes) ^ u64::from(head)
}

/// None where figures were read as words, or words after all as figures.
fn known_pieces(shape: &Shape, part: &Part, pieces: &[Piece]) -> Option<Box<[KnownPiece]>> {
    let slots = &shape.slots[part.slots.clone()];
    let mut figures = 0;
    let mut known = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let next = slots.get(figures).filter(|slot| slot.span.start < piece.span.end);
        known.push(match (next, piece.kind) {
            (Some(slot), Kind::Figure(figure)) if slot.span == piece.span && slot.figure == figure => {
                figures += 1;
                KnownPiece::Figure(figures as u16 - 1)
            }
            (Some(_), _) | (None, Kind::Inner(_)) => return None,
            (None, kind) => {
                KnownPiece::Same(kind, place(shape, part, piece.span.start)?, place(shape, part, piece.span.end)?)
            }
        });
    }
    (figures == slots.len()).then(|| known.into())
}

fn place(shape: &Shape, part: &Part, at: u32) -> Option<Place> {
    let starts = &shape.starts[part.starts.clone()];
    let before = starts.partition_point(|start| *start <= at);
    let start = if before == 0 { part.at } else { starts[before - 1] };
    Some((u16::try_from(before).ok()?, u16::try_from(at.checked_sub(start)?).ok()?))
}

impl KnownLine {
    /// Adds the pieces of the line where that part of the shape stands.
    pub(super) fn cut(&self, shape: &Shape, part: &Part, line: u32, list: &mut Vec<Piece>) {
        let slots = &shape.slots[part.slots.clone()];
        let starts = &shape.starts[part.starts.clone()];
        let at = |(before, offset): Place| {
            u32::from(offset) + if before == 0 { part.at } else { starts[usize::from(before) - 1] }
        };
        list.extend(self.pieces.iter().map(|piece| match *piece {
            KnownPiece::Figure(slot) => {
                let slot = &slots[usize::from(slot)];
                Piece { span: slot.span, kind: Kind::Figure(slot.figure), line }
            }
            KnownPiece::Same(kind, start, end) => Piece { span: Span::new(at(start), at(end)), kind, line },
        }));
    }
}
