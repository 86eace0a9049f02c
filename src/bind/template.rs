//! What was made of some lines, to be filled with the figures of others that are alike.
//!
//! In: a [`Segment`] and what [`super::scan`] and [`super::tables`] made of it. Out: a [`Template`], where all of that can be said
//! in places of the segment. Filled with another segment of the same bytes, it gives to the letter what they would make of that
//! one.

use super::header::{Head, unit_of, units};
use super::memory::Page;
use super::scan::Steady;
use super::segment::{Place, Segment};
use super::tables::{Found, in_unit};
use crate::layout::{Kind, Piece, Unit};
use crate::report::{Cell, Code, ColumnId, Finding, Role, RowId, Span, Table, TableId, Value};
use crate::text::clean;

/// The tables of some lines, and what is to be said of them.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub found: Vec<Found>,
    pub findings: Vec<Finding>,
    /// In reading order.
    pub roles: Vec<(Span, Role)>,
}

impl Reading {
    /// Whether all of it stands in the segment, so that parts of the segment together have all of it.
    pub(super) fn is_all_of(&self, segment: &Segment<'_>) -> bool {
        let has_table = |id: TableId| self.found.iter().any(|found| found.table.id == id);
        let has = |finding: &Finding| match finding.span {
            Some(span) => segment.has(span),
            None => finding.table.is_some_and(has_table),
        };
        self.found.iter().all(|found| segment.lines.contains(&(found.line as u32)))
            && self.findings.iter().all(has)
            && self.roles.iter().all(|(span, _)| segment.has(*span))
    }

    /// Adds what was read of the lines behind.
    pub(super) fn add(&mut self, next: Reading) {
        if self.found.is_empty() && self.findings.is_empty() && self.roles.is_empty() {
            *self = next;
            return;
        }
        self.found.extend(next.found);
        self.findings.extend(next.findings);
        self.roles.extend(next.roles);
    }
}

/// A [`Reading`] without its figures.
#[derive(Debug)]
pub(super) struct Template {
    /// What was read before the segment.
    before: Box<[u8]>,
    bytes: Box<[u8]>,
    /// How many lines it is of: the last ones of its bytes may be the line behind them.
    lines: usize,
    /// The rows that were read in it, in order.
    pub(super) rows: Box<[(TableId, RowId)]>,
    /// Figures that were read as words: they must be the same.
    words: Vec<(u32, Box<str>)>,
    /// Figures that were taken as one since they are alike.
    alike: Vec<(u32, u32)>,
    /// How many blank cells stand at the ends of its lines, where that matters.
    blanks: Option<Box<[(u32, u32)]>>,
    tables: Vec<Filled>,
    findings: Vec<(Finding, Option<Stretch>)>,
    roles: Vec<(Stretch, Role)>,
}

/// From one place to another.
type Stretch = (Place, Place);

#[derive(Debug)]
struct Filled {
    id: TableId,
    /// Which of the segment's lines.
    line: u32,
    header_words: usize,
    /// What stands behind them may be none of the segment, so that their units are looked for on each page, and must be these.
    heads: Vec<Head<Place>>,
    units: Vec<(ColumnId, Unit)>,
    cells: Vec<(RowId, ColumnId, Content)>,
    /// The contents that are the same on each page.
    same: Vec<(Value, Option<&'static str>, Option<Stretch>)>,
}

#[derive(Clone, Copy, Debug)]
enum Content {
    /// The figure with that index.
    Figure(u32),
    /// The same, with a remark up to there.
    Remarked(u32, Place),
    /// The constant with that index.
    Same(u32),
}

impl Template {
    /// None where something in the reading can't be said of every such segment. `before` says what was read before it, and `rows`
    /// are those that were read in it; the reading may be that of more lines than the segment's.
    pub(super) fn of(
        segment: &Segment<'_>,
        before: &[u8],
        rows: &[(TableId, RowId)],
        (text, grammar): Page<'_>,
        pieces: &[Piece],
        reading: &Reading,
        steady: &Steady,
    ) -> Option<Template> {
        if steady.is_lost {
            return None;
        }
        let found = || reading.found.iter().filter(|found| segment.lines.contains(&(found.line as u32)));
        let words = read_as_words(segment, text, pieces, &steady.figures);
        let is_free = |slot: usize| words.binary_search_by_key(&(slot as u32), |(index, _)| *index).is_err();
        // Within a figure there are no places that others have too.
        let place = |at: u32| {
            let inside = segment
                .slots_in(Span::new(at, at + 1))
                .any(|slot| segment.slots[slot].span.start < at && is_free(slot));
            segment.place(at).filter(|_| !inside)
        };
        let stretch = |span: Span| Some((place(span.start)?, place(span.end)?));
        let mut alike = Vec::new();
        for (a, b) in steady.alike.iter().filter(|(a, _)| segment.has(*a)) {
            match (segment.slot_at(a.start), segment.slot_at(b.start)) {
                (Some(a), Some(b)) => alike.push((a as u32, b as u32)),
                (None, None) => {}
                _ => return None,
            }
        }
        let mut tables = Vec::new();
        for found in found() {
            let table = &found.table;
            let form = &grammar.tables[usize::from(table.id)];
            let (mut cells, mut same) = (Vec::with_capacity(table.cells.len()), Vec::new());
            for cell in &table.cells {
                let merged = |finding: &Finding| {
                    finding.code == Code::FigureMerged
                        && finding.table == Some(table.id)
                        && finding.row == Some(cell.row)
                };
                let figure =
                    cell.span.and_then(|span| Some((span, segment.slot_at(span.start).filter(|slot| is_free(*slot))?)));
                let content = match figure {
                    Some((span, slot)) if !reading.findings.iter().any(merged) => {
                        let read = segment.slots[slot];
                        let unit = read.figure.unit.or_else(|| unit_of(&found.units, cell.column));
                        let of_column = form.columns[usize::from(cell.column)].unit;
                        if in_unit(read.figure.value, unit, of_column) != Some((cell.value, cell.unit)) {
                            return None;
                        }
                        if span.end == read.span.end {
                            Content::Figure(slot as u32)
                        } else {
                            Content::Remarked(slot as u32, place(span.end)?)
                        }
                    }
                    _ => {
                        let span = cell.span.map(|span| stretch(span).ok_or(())).transpose().ok()?;
                        let constant = (cell.value, cell.unit, span);
                        let known = same.iter().position(|other| *other == constant).unwrap_or(same.len());
                        if known == same.len() {
                            same.push(constant);
                        }
                        Content::Same(known as u32)
                    }
                };
                cells.push((cell.row, cell.column, content));
            }
            let line = segment.lines.binary_search(&(found.line as u32)).ok()? as u32;
            let (id, header_words, units) = (table.id, found.header_words, found.units.clone());
            let head = |head: &Head| {
                let next = head.next.map(|next| place(next).ok_or(())).transpose().ok()?;
                Some(Head { column: head.column, start: place(head.start)?, next })
            };
            let heads = found.heads.iter().map(head).collect::<Option<_>>()?;
            tables.push(Filled { id, line, header_words, heads, units, cells, same });
        }
        let mut findings = Vec::with_capacity(reading.findings.len());
        let is_about = |finding: &&Finding| match finding.span {
            Some(span) => segment.has(span),
            None => tables.iter().any(|table| finding.table == Some(table.id)),
        };
        for finding in reading.findings.iter().filter(is_about) {
            let at = finding.span.map(|span| stretch(span).ok_or(())).transpose().ok()?;
            // What it shows of the page must be part of the shape.
            let shows_words = matches!(finding.code, Code::RowNear | Code::TextForFigure);
            if finding.code == Code::UnitUnclear
                || shows_words && finding.span.is_some_and(|span| !segment.has_words(span))
            {
                return None;
            }
            findings.push((finding.clone(), at));
        }
        let roles = reading.roles.iter().filter(|(span, _)| segment.has(*span));
        let roles = roles.map(|(span, role)| Some((stretch(*span)?, *role))).collect::<Option<_>>()?;
        let blanks = steady.counts_blanks.then(|| segment.blanks.into());
        let (before, bytes, lines, rows) = (before.into(), segment.bytes.into(), segment.lines.len(), rows.into());
        Some(Template { before, bytes, lines, rows, words, alike, blanks, tables, findings, roles })
    }

    /// Whether it is of a segment with these bytes, where the same was read before.
    pub(super) fn is_of(&self, segment: &Segment<'_>, before: &[u8]) -> bool {
        self.lines == segment.lines.len() && *self.before == *before && *self.bytes == *segment.bytes
    }

    /// The reading of another such segment; none where its figures matter.
    pub(super) fn fill(&self, segment: &Segment<'_>, (text, grammar): Page<'_>) -> Option<Reading> {
        let words = |slot: u32| segment.slots[slot as usize].span.of(text);
        if self.blanks.as_ref().is_some_and(|blanks| **blanks != *segment.blanks)
            || !self.words.iter().all(|(slot, same)| words(*slot) == &**same)
            || !self.alike.iter().all(|(a, b)| words(*a) == words(*b))
        {
            return None;
        }
        let span = |(start, end): Stretch| Span::new(segment.at(start), segment.at(end));
        let mut found = Vec::with_capacity(self.tables.len());
        for filled in &self.tables {
            let here = |head: &Head<Place>| Head {
                column: head.column,
                start: segment.at(head.start),
                next: head.next.map(|next| segment.at(next)),
            };
            if !units(filled.heads.iter().map(here), text).eq(filled.units.iter().copied()) {
                return None;
            }
            let columns = &grammar.tables[usize::from(filled.id)].columns;
            let mut cells = Vec::with_capacity(filled.cells.len());
            for (row, column, content) in &filled.cells {
                let (row, column) = (*row, *column);
                let (slot, end) = match content {
                    Content::Figure(slot) => (slot, None),
                    Content::Remarked(slot, end) => (slot, Some(*end)),
                    Content::Same(constant) => {
                        let (value, unit, at) = filled.same[*constant as usize];
                        cells.push(Cell { row, column, value, span: at.map(span), unit });
                        continue;
                    }
                };
                let read = &segment.slots[*slot as usize];
                let unit = read.figure.unit.or_else(|| unit_of(&filled.units, column));
                let (value, unit) = in_unit(read.figure.value, unit, columns[usize::from(column)].unit)?;
                let end = end.map_or(read.span.end, |end| segment.at(end));
                cells.push(Cell { row, column, value, span: Some(Span::new(read.span.start, end)), unit });
            }
            found.push(Found {
                table: Table { id: filled.id, cells },
                line: segment.lines[filled.line as usize] as usize,
                header_words: filled.header_words,
                units: Vec::new(),
                heads: Vec::new(),
            });
        }
        let findings = self.findings.iter().map(|(finding, at)| {
            let at = at.map(span);
            let mut finding = Finding { span: at, ..finding.clone() };
            if finding.code == Code::FigureMerged {
                finding.found = at.map(|span| clean(span.of(text)).into_owned());
            }
            finding
        });
        let roles = self.roles.iter().map(|(at, role)| (span(*at), *role)).collect();
        Some(Reading { found, findings: findings.collect(), roles })
    }

    /// About how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        let cells: usize =
            self.tables.iter().map(|table| size_of_val(&table.cells[..]) + size_of_val(&table.same[..])).sum();
        size_of::<Template>()
            + self.before.len()
            + self.bytes.len()
            + size_of_val(&self.rows[..])
            + cells
            + size_of_val(&self.findings[..])
            + size_of_val(&self.roles[..])
    }
}

/// The figures of the segment that were not read as figures: words around them made words of them. `inner` are those that
/// were figures in spite of words behind them.
fn read_as_words(segment: &Segment<'_>, text: &str, pieces: &[Piece], inner: &[Span]) -> Vec<(u32, Box<str>)> {
    let mut words = Vec::new();
    let mut pieces = pieces.iter().filter(|piece| !piece.span.is_empty()).peekable();
    for (index, slot) in segment.slots.iter().enumerate() {
        while pieces.next_if(|piece| piece.span.start < slot.span.start).is_some() {}
        let read = pieces.peek().filter(|piece| piece.span == slot.span);
        match read.map(|piece| piece.kind) {
            Some(Kind::Figure(figure)) if figure == slot.figure => {}
            Some(Kind::Inner(figure)) if figure == slot.figure && inner.contains(&slot.span) => {}
            _ => words.push((index as u32, slot.span.of(text).into())),
        }
    }
    words
}
