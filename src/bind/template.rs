//! What was made of one stretch, to be filled with the figures of another of the same shape.
//!
//! In: a stretch's [`Shape`] and what [`super::scan`] and [`super::tables`] made of it. Out: a [`Template`], where all of that
//! can be said in places of the shape. Filled with another stretch of the shape, it gives to the letter what they would make
//! of that one.

use std::ops::Range;

use super::scan::Steady;
use super::shape::{Place, Shape};
use super::tables::{Found, in_unit};
use crate::grammar::Grammar;
use crate::layout::{Kind, Piece, Unit};
use crate::report::{Cell, Code, ColumnId, Finding, Role, RowId, Span, Table, TableId, Value};
use crate::text::clean;

/// The tables of a stretch, and what is to be said of it.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub found: Vec<Found>,
    pub findings: Vec<Finding>,
    /// In reading order.
    pub roles: Vec<(Span, Role)>,
}

/// A [`Reading`] without its figures.
#[derive(Debug)]
pub(super) struct Template {
    pub(super) shape: Box<[u8]>,
    /// Figures that were read as words: they must be the same.
    words: Vec<(u32, Box<str>)>,
    /// Figures that were taken as one since they are alike.
    alike: Vec<(u32, u32)>,
    /// Figures that must have no brackets, since a unit may be looked for in them.
    bare: Vec<Range<usize>>,
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
    /// Which of the shape's lines.
    line: u32,
    header_words: usize,
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
    /// None where something in the reading can't be said of every stretch of that shape.
    pub(super) fn of(
        shape: &Shape,
        text: &str,
        grammar: &Grammar,
        pieces: &[Piece],
        reading: &Reading,
        steady: &Steady,
    ) -> Option<Template> {
        if steady.is_lost {
            return None;
        }
        let heads = reading.found.iter().flat_map(|found| &found.heads);
        let bare = heads.map(|head| shape.settles(*head, text)).collect::<Option<Vec<_>>>()?;
        let words = read_as_words(shape, text, pieces, &steady.figures);
        let is_free = |slot: usize| words.binary_search_by_key(&(slot as u32), |(index, _)| *index).is_err();
        // Within a figure there are no places that others have too.
        let place = |at: u32| {
            let inside =
                shape.slots_in(Span::new(at, at + 1)).any(|slot| shape.slots[slot].span.start < at && is_free(slot));
            shape.place(at).filter(|_| !inside)
        };
        let stretch = |span: Span| Some((place(span.start)?, place(span.end)?));
        let mut alike = Vec::new();
        for (a, b) in &steady.alike {
            match (shape.slot_at(a.start), shape.slot_at(b.start)) {
                (Some(a), Some(b)) => alike.push((a as u32, b as u32)),
                (None, None) => {}
                _ => return None,
            }
        }
        let mut tables = Vec::new();
        for found in &reading.found {
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
                    cell.span.and_then(|span| Some((span, shape.slot_at(span.start).filter(|slot| is_free(*slot))?)));
                let content = match figure {
                    Some((span, slot)) if !reading.findings.iter().any(merged) => {
                        let read = shape.slots[slot];
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
            let line = shape.lines.binary_search(&(found.line as u32)).ok()? as u32;
            let (id, header_words, units) = (table.id, found.header_words, found.units.clone());
            tables.push(Filled { id, line, header_words, units, cells, same });
        }
        let mut findings = Vec::with_capacity(reading.findings.len());
        for finding in &reading.findings {
            let at = finding.span.map(|span| stretch(span).ok_or(())).transpose().ok()?;
            // What it shows of the page must be part of the shape.
            let shows_words = matches!(finding.code, Code::RowNear | Code::TextForFigure);
            if finding.code == Code::UnitUnclear
                || shows_words && finding.span.is_some_and(|span| !shape.has_words(span))
            {
                return None;
            }
            findings.push((finding.clone(), at));
        }
        let roles = reading.roles.iter().map(|(span, role)| Some((stretch(*span)?, *role))).collect::<Option<_>>()?;
        let blanks = steady.counts_blanks.then(|| shape.blanks.as_slice().into());
        Some(Template { shape: shape.bytes.as_slice().into(), words, alike, bare, blanks, tables, findings, roles })
    }

    /// The reading of another stretch of this shape; none where its figures matter.
    pub(super) fn fill(&self, shape: &Shape, text: &str, grammar: &Grammar) -> Option<Reading> {
        let words = |slot: u32| shape.slots[slot as usize].span.of(text);
        if self.blanks.as_ref().is_some_and(|blanks| **blanks != *shape.blanks)
            || !self.words.iter().all(|(slot, same)| words(*slot) == &**same)
            || self.bare.iter().any(|figures| shape.have_brackets(figures.clone(), text))
            || !self.alike.iter().all(|(a, b)| words(*a) == words(*b))
        {
            return None;
        }
        let span = |(start, end): Stretch| Span::new(shape.at(start), shape.at(end));
        let mut found = Vec::with_capacity(self.tables.len());
        for filled in &self.tables {
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
                let read = &shape.slots[*slot as usize];
                let unit = read.figure.unit.or_else(|| unit_of(&filled.units, column));
                let (value, unit) = in_unit(read.figure.value, unit, columns[usize::from(column)].unit)?;
                let end = end.map_or(read.span.end, |end| shape.at(end));
                cells.push(Cell { row, column, value, span: Some(Span::new(read.span.start, end)), unit });
            }
            found.push(Found {
                table: Table { id: filled.id, cells },
                line: shape.lines[filled.line as usize] as usize,
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
            + self.shape.len()
            + cells
            + size_of_val(&self.findings[..])
            + size_of_val(&self.roles[..])
    }
}

/// The figures of the shape that were not read as figures: words around them made words of them. `inner` are those that
/// were figures in spite of words behind them.
fn read_as_words(shape: &Shape, text: &str, pieces: &[Piece], inner: &[Span]) -> Vec<(u32, Box<str>)> {
    let mut words = Vec::new();
    let mut pieces = pieces.iter().filter(|piece| !piece.span.is_empty()).peekable();
    for (index, slot) in shape.slots.iter().enumerate() {
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

fn unit_of(units: &[(ColumnId, Unit)], column: ColumnId) -> Option<Unit> {
    units.iter().find(|(of, _)| *of == column).map(|(_, unit)| *unit)
}
