//! What earlier pages taught.
//!
//! A worker keeps one [`Memory`] from page to page. It makes reading sooner and never other than it is: what is kept is
//! compared byte for byte before it is used again, and pages of one site repeat all but their figures.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::known::KnownLines;
use super::lines::LineMemory;
use super::shape::Shape;
use super::stretch::Stretch;
use super::template::{Reading, Template};
use super::words::Words;
use super::{scan, tables};
use crate::grammar::{Grammars, TableForm};
use crate::layout::{Delimiter, Kind, Piece, blank_cells, pieces_with};
use crate::report::{Span, TableId};

/// What a worker keeps from page to page.
#[derive(Debug, Default)]
pub struct Memory {
    /// The grammars by which all of it was read.
    grammars: Option<Arc<()>>,
    pub(super) tables: Templates,
    pub(super) lines: LineMemory,
}

impl Memory {
    /// Forgets what was read by other grammars.
    pub(super) fn begin(&mut self, grammars: &Grammars) {
        if self.grammars.as_ref().is_none_or(|known| !Arc::ptr_eq(known, grammars.identity())) {
            *self = Memory { grammars: Some(grammars.identity().clone()), ..Memory::default() };
        }
    }
}

/// Templates of stretches that were read, by the hashes of their shapes.
#[derive(Debug, Default)]
pub(super) struct Templates {
    shape: Shape,
    kept: HashMap<u64, Vec<Template>, BuildHasherDefault<Quick>>,
    size: usize,
    /// Hashes of shapes that were seen once. Only for the second one a template is made, since many never come again.
    seen: Vec<u64>,
    known: KnownLines,
    words: Words,
    /// Where pieces are put, again and again.
    room: Vec<Piece>,
}

impl Templates {
    /// The tables of a stretch, of those that may be there; `skip` tells which of its lines are none of it.
    pub(super) fn read(
        &mut self,
        stretch: &Stretch<'_>,
        forms: &[(TableId, &TableForm)],
        skip: impl Fn(usize) -> bool,
        is_foreign: &dyn Fn(&str) -> bool,
    ) -> Reading {
        /// All that is kept is forgotten beyond so many bytes.
        const MOST: usize = 16 << 20;
        /// Templates of one shape, which differ in numbers that are words.
        const MOST_ALIKE: usize = 4;
        const SEEN: usize = 4096;

        let Stretch { outline, grammar, own, .. } = *stretch;
        let head = [stretch.index as u16, u16::from(own)].into_iter().chain(forms.iter().map(|(id, _)| *id));
        let has_shape = self.shape.take(outline, stretch.lines.clone(), &skip, head);
        let hash = hash(&self.shape.bytes);
        if has_shape && let Some(kept) = self.kept.get(&hash) {
            let mut same = kept.iter().filter(|template| *template.shape == self.shape.bytes);
            if let Some(reading) = same.find_map(|template| template.fill(&self.shape, outline.text, grammar)) {
                return reading;
            }
        }
        // At which pieces lines begin that are known.
        let (mut recalled, mut rows_begin) = (Vec::new(), false);
        let (mut parts, room) = (self.shape.parts.iter(), std::mem::take(&mut self.room));
        let mut own = self.shape.lines.iter().peekable();
        let has_none = |line: usize| match has_shape {
            true => own.next_if(|own| **own as usize == line).is_none(),
            false => skip(line),
        };
        let pieces = pieces_with(outline, stretch.lines.clone(), has_none, room, |line, opened, list| {
            rows_begin = opened;
            let Some(part) = parts.next().filter(|_| has_shape) else { return false };
            let Some(known) = self.known.find(&self.shape, part, u8::from(opened)) else { return false };
            recalled.push(list.len());
            let (full, at) = (outline.lines[line].full, line as u32);
            let is_row = outline.lines[line].delimiter == Delimiter::Tab;
            if is_row {
                blank_cells(outline.text, Span::new(full.start, part.at), true, at, list);
            }
            self.known.get(known).cut(&self.shape, part, at, list);
            if is_row {
                blank_cells(outline.text, Span::new(part.end, full.end), false, at, list);
            }
            true
        });
        let mut scan = scan::scan(stretch, forms.to_vec(), &pieces, &self.words);
        let found = tables::tables(outline, grammar, forms, is_foreign, &mut scan);
        // Of labels, of cells, of labels, each in order.
        scan.roles.sort_by_key(|(span, _)| span.start);
        let reading = Reading { found, findings: scan.findings, roles: scan.roles };
        if !has_shape {
            self.room = not_too_large(pieces.list);
            return reading;
        }
        if pieces.lines_are_rows {
            let mut recalled = recalled.into_iter().peekable();
            let mut first = 0;
            let lines = pieces.list.split(|piece| matches!(piece.kind, Kind::LineEnd));
            for (part, line) in self.shape.parts.iter().zip(lines) {
                if recalled.next_if_eq(&first).is_none() {
                    let is_before = |piece: &Piece| piece.span.start < part.at;
                    let is_in = |piece: &Piece| piece.span.start <= part.end;
                    let (from, to) = (line.partition_point(is_before), line.partition_point(is_in));
                    self.known.keep(&self.shape, part, u8::from(rows_begin), &line[from..to]);
                }
                first += line.len() + 1;
            }
            self.known.forget_too_many();
        }
        self.seen.resize(SEEN, 0);
        let seen = std::mem::replace(&mut self.seen[hash as usize % SEEN], hash) == hash;
        if seen
            && let Some(template) =
                Template::of(&self.shape, outline.text, grammar, &pieces.list, &reading, &scan.steady)
        {
            self.size += template.size();
            if self.size > MOST {
                self.kept.clear();
                self.size = template.size();
            }
            let kept = self.kept.entry(hash).or_default();
            if kept.len() == MOST_ALIKE {
                self.size -= kept.remove(0).size();
            }
            kept.push(template);
        }
        self.room = not_too_large(pieces.list);
        reading
    }
}

/// Room for more pieces than pages have is given back.
fn not_too_large(room: Vec<Piece>) -> Vec<Piece> {
    const MOST: usize = 1 << 14;
    if room.capacity() <= MOST { room } else { Vec::new() }
}

/// Hashes bytes at once, and hands on a number that is a hash already.
#[derive(Debug, Default)]
pub(crate) struct Quick(u64);

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(bytes);
    }

    /// How many bytes there are is part of their hash.
    fn write_usize(&mut self, _: usize) {}

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A quick hash: whatever has the same one is compared in full.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    // Both halves of a product of two words.
    let add = |hash: u64, first: u64, second: u64| {
        let product = u128::from(first ^ FACTOR) * u128::from(second ^ hash);
        (product >> 64) as u64 ^ product as u64
    };
    let whole = |hash: u64, words: &[u8; 16]| match words.as_chunks::<8>() {
        ([first, second], _) => add(hash, word(first), word(second)),
        _ => hash,
    };
    let (words, rest) = bytes.as_chunks::<16>();
    let hash = words.iter().fold(bytes.len() as u64 ^ FACTOR.rotate_left(32), whole);
    // The last bytes are whole, though some were seen before.
    let hash = match (bytes.last_chunk::<16>(), bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        _ if rest.is_empty() => hash,
        (Some(last), ..) => whole(hash, last),
        (_, Some(first), Some(last)) => add(hash, word(first), word(last)),
        _ => add(hash, rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
    };
    add(hash, FACTOR.rotate_left(16), FACTOR)
}
