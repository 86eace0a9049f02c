//! What earlier pages taught.
//!
//! A worker keeps one [`Memory`] from page to page. It makes reading sooner and never other than it is: what is kept is
//! compared byte for byte before it is used again, and pages of one site repeat all but their figures.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::cuts::Cuts;
use super::known::KnownLines;
use super::lines::LineMemory;
use super::scan::{self, Scan};
use super::segment::Segment;
use super::shape::Shape;
use super::stretch::Stretch;
use super::tables;
use super::template::{Reading, Template};
use super::words::Words;
use crate::grammar::{Grammar, Grammars, TableForm};
use crate::layout::{Delimiter, Kind, Piece, blank_cells, grid, pieces_with};
use crate::report::{RowId, Span, TableId};

/// A page's text, and the grammar that it is read by.
pub(super) type Page<'p> = (&'p str, &'p Grammar);

/// The tables that may be there.
type Forms<'p> = &'p [(TableId, &'p TableForm)];

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
    cuts: Cuts,
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
        let Stretch { outline, grammar, own, .. } = *stretch;
        let grid = grid(outline, stretch.lines.clone());
        let answers = [own, grid.lines_are_rows, grid.bars_open_rows].map(u16::from);
        let numbers = [stretch.index as u16, forms.len() as u16];
        let head = numbers.into_iter().chain(answers).chain(forms.iter().map(|(id, _)| *id));
        let has_shape = self.shape.take(outline, stretch.lines.clone(), &skip, head);
        if has_shape && let Some(reading) = self.recall((outline.text, grammar), forms) {
            return reading;
        }
        // At which pieces lines begin that are known.
        let mut recalled = Vec::new();
        let (mut parts, room) = (self.shape.parts.iter(), std::mem::take(&mut self.room));
        let mut own = self.shape.lines.iter().peekable();
        let has_none = |line: usize| match has_shape {
            true => own.next_if(|own| **own as usize == line).is_none(),
            false => skip(line),
        };
        let opened = u8::from(grid.bars_open_rows);
        let pieces = pieces_with(outline, stretch.lines.clone(), grid, has_none, room, |line, list| {
            let Some(part) = parts.next().filter(|_| has_shape) else { return false };
            let Some(known) = self.known.find(&self.shape, part, opened) else { return false };
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
        let (findings, roles) = (std::mem::take(&mut scan.findings), std::mem::take(&mut scan.roles));
        let reading = Reading { found, findings, roles };
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
                    self.known.keep(&self.shape, part, opened, &line[from..to]);
                }
                first += line.len() + 1;
            }
            self.known.forget_too_many();
        }
        self.learn((outline.text, grammar), forms, &pieces.list, &reading, &scan);
        self.room = not_too_large(pieces.list);
        reading
    }

    /// The reading of the shape, if it is known as a whole or segment by segment.
    fn recall(&self, of_page: Page<'_>, forms: Forms<'_>) -> Option<Reading> {
        // Of a table without rows the whole stretch decides whether it is there.
        let has_all = |reading: &Reading| reading.found.len() == forms.len();
        let cuts = if forms.len() > 1 { self.cuts.of(&self.shape) } else { Vec::new() };
        let in_segments = (!cuts.is_empty()).then(|| self.recall_segments(of_page, &cuts)).flatten();
        in_segments.filter(has_all).or_else(|| self.recall_segments(of_page, &[]))
    }

    /// The reading of the shape, cut before those of its lines.
    fn recall_segments(&self, of_page: Page<'_>, cuts: &[usize]) -> Option<Reading> {
        let mut whole = Reading::default();
        let mut before = self.shape.head().to_vec();
        let mut from = 0;
        for to in cuts.iter().copied().chain([self.shape.lines.len()]) {
            let segment = self.shape.segment(from..to);
            let (reading, rows) = self.known(&segment, &before, of_page)?;
            whole.add(reading);
            push_rows(&mut before, rows);
            from = to;
        }
        Some(whole)
    }

    /// The reading of a segment, and which rows were read.
    fn known(&self, segment: &Segment<'_>, before: &[u8], of_page: Page<'_>) -> Option<(Reading, &[(TableId, RowId)])> {
        let kept = self.kept.get(&hash_of(segment, before))?;
        let mut same = kept.iter().filter(|template| template.is_of(segment, before));
        same.find_map(|template| Some((template.fill(segment, of_page)?, &template.rows[..])))
    }

    /// Keeps what was read of the shape, segment by segment where it can be cut.
    fn learn(&mut self, of_page: Page<'_>, forms: Forms<'_>, pieces: &[Piece], reading: &Reading, scan: &Scan) {
        let rows = &scan.filled;
        let has_rows = |(id, _): &(TableId, &TableForm)| rows.iter().any(|(table, _)| table == id);
        let cuts = match forms.len() > 1 && forms.iter().all(has_rows) {
            true => self.cuts.learn(&self.shape, &scan.fresh, rows, &reading.found),
            false => Some(Vec::new()),
        };
        let shape = std::mem::take(&mut self.shape);
        let whole = shape.segment(0..shape.lines.len());
        if let Some(cuts) = cuts.filter(|_| reading.is_all_of(&whole)) {
            let mut before = shape.head().to_vec();
            let (mut from, mut read) = (0, 0);
            for (to, count) in cuts.into_iter().chain([(shape.lines.len(), rows.len())]) {
                let (segment, rows) = (shape.segment(from..to), &rows[read..count]);
                let hash = hash_of(&segment, &before);
                if self.known(&segment, &before, of_page).is_none()
                    && self.is_second(hash)
                    && let Some(template) =
                        Template::of(&segment, &before, rows, of_page, pieces, reading, &scan.steady)
                {
                    self.keep(hash, template);
                }
                push_rows(&mut before, rows);
                (from, read) = (to, count);
            }
        }
        self.shape = shape;
    }

    /// Whether a segment with that hash was seen before.
    fn is_second(&mut self, hash: u64) -> bool {
        const SEEN: usize = 1 << 14;
        self.seen.resize(SEEN, 0);
        std::mem::replace(&mut self.seen[hash as usize % SEEN], hash) == hash
    }

    fn keep(&mut self, hash: u64, template: Template) {
        /// All that is kept is forgotten beyond so many bytes.
        const MOST: usize = 16 << 20;
        /// Templates of one segment, which differ in numbers that are words.
        const MOST_ALIKE: usize = 4;
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
}

/// Of the segment, read behind `before`.
fn hash_of(segment: &Segment<'_>, before: &[u8]) -> u64 {
    hash(segment.bytes) ^ hash(before).rotate_left(1)
}

fn push_rows(before: &mut Vec<u8>, rows: &[(TableId, RowId)]) {
    before.extend(rows.iter().flat_map(|(table, row)| [table.to_le_bytes(), row.to_le_bytes()]).flatten());
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
