//! The rows of a stretch -> tables with a cell for each row and column.
//!
//! In: what [`scan`](super::scan) read. Out: [`Table`]s whose cells are what can be proved: where it can't be told which figure
//! belongs to which column, the row's cells are missing and a finding says so. Nothing is shifted and nothing is filled.

use super::columns::Order;
use super::header::{Head, Header, header, unit_of};
use super::label::{Progress, Tier, wholly_named};
use super::place::{Content, Habit, Place, habit, place};
use super::scan::{CellRead, RowRead, Scan, Steady};
use crate::grammar::{ColumnForm, Grammar, TableForm};
use crate::layout::{Figure, Kind, Outline, Unit};
use crate::report::{Cell, Code, ColumnId, Finding, Role, RowId, Span, Table, TableId, Value};
use crate::text::{Key, clean};

/// What the rows like this one have in common. Rows whose labels stand equally deep are most alike, since converters fill up
/// what a merged label left out now before the figures and now behind them. `trail` is what the header says.
fn common_habit(
    rows: &[&RowRead],
    contents: &[Content],
    ends: &[usize],
    row: &RowRead,
    width: usize,
    trail: Option<usize>,
) -> Habit {
    let alike = |deep: bool| {
        let same = move |index: &usize| {
            let other = rows[*index];
            other.ids.len() == row.ids.len() && (!deep || other.depth == row.depth)
        };
        (0..rows.len()).filter(same).map(|index| of_row(contents, ends, index))
    };
    // The last row of a table is often printed without the tail that all others have.
    let before_last = |deep: bool| alike(deep).take(alike(deep).count() - 1);
    let (near, all) = (habit(alike(true), width), habit(before_last(false), width));
    let common = habit(before_last(true), width);
    let own_length = row.cells.len();
    let as_long = habit(alike(true).filter(|cells| cells.len() == own_length), width);
    Habit {
        trail: common.trail.or(all.trail.filter(|_| all.trails_alike)).or(trail).or(near.trail),
        trails_alike: common.trails_alike,
        lead: common.lead.or(near.lead),
        lead_of_length: as_long.lead.filter(|_| as_long.leads_alike && as_long.has_full_rows),
        ..near
    }
}

/// What the cells of a row are, where those of all rows follow one another.
fn of_row<'c>(contents: &'c [Content], ends: &[usize], row: usize) -> &'c [Content] {
    &contents[if row == 0 { 0 } else { ends[row - 1] }..ends[row]]
}

/// A table that was found.
#[derive(Debug)]
pub(super) struct Found {
    pub table: Table,
    /// The line of the outline where it begins.
    pub line: usize,
    /// How many words of its header were seen.
    pub header_words: usize,
    /// The units that the header gives to columns.
    pub units: Vec<(ColumnId, Unit)>,
    /// Where those units were looked for.
    pub heads: Vec<Head>,
}

/// Makes tables of the rows; labels and cells get their roles in `scan.roles`. `is_foreign` tells whether the words of a
/// header are those of another form.
pub(super) fn tables(
    outline: &Outline<'_>,
    grammar: &Grammar,
    candidates: &[(TableId, &TableForm)],
    is_foreign: &dyn Fn(&str) -> bool,
    scan: &mut Scan,
) -> Vec<Found> {
    let mut found = Vec::new();
    for (id, form) in candidates {
        let rows: Vec<&RowRead> = scan.rows.iter().filter(|row| row.table == *id).collect();
        if rows.is_empty() {
            found.extend(without_figures(outline, grammar, *id, form, scan));
            continue;
        }
        let (words, trail) = scan
            .headers
            .iter()
            .find(|header| header.table == *id)
            .map_or((&[][..], None), |header| (&header.words[..], header.trail));
        let mut header = header(words, outline.text, form);
        let figures =
            |row: &&RowRead| scan.cells[row.cells.clone()].iter().filter(|cell| content(cell) == Content::Ink).count();
        let names_some = header.named.len() < form.columns.len();
        header.has_few = names_some && rows.iter().all(|row| figures(row) == header.named.len());
        header.foreign = header.named.is_empty() && is_foreign(&words.iter().map(|c| c.ch).collect::<String>());
        let mut builder = Builder {
            text: outline.text,
            id: *id,
            form,
            findings: Vec::new(),
            roles: Vec::new(),
            cells: Vec::new(),
            units: header.units.clone(),
            steady: Steady::default(),
        };
        builder.note_order(&header, words.first().map(|c| c.at));
        builder.read(&rows, scan, &header, trail);
        builder.complete();
        let first = rows.iter().map(|row| row.line).min().unwrap_or(0);
        let header_line = words.first().map_or(first, |c| line_of(outline, c.at)).min(first);
        found.push(Found {
            table: Table { id: *id, cells: builder.cells },
            line: header_line as usize,
            header_words: header.words,
            units: header.units,
            heads: header.heads,
        });
        scan.findings.extend(builder.findings);
        scan.steady.alike.extend(builder.steady.alike);
        scan.steady.is_lost |= builder.steady.is_lost;
        scan.steady.counts_blanks |= builder.steady.counts_blanks;
        scan.roles.extend(builder.roles);
    }
    found
}

fn line_of(outline: &Outline<'_>, offset: u32) -> u32 {
    outline.lines.partition_point(|line| line.full.start <= offset).saturating_sub(1) as u32
}

/// A table whose labels stand there without one figure.
fn without_figures(
    outline: &Outline<'_>,
    grammar: &Grammar,
    id: TableId,
    form: &TableForm,
    scan: &mut Scan,
) -> Option<Found> {
    let words = std::iter::once(scan.rest.chars()).chain(scan.headers.iter().map(|header| header.words.as_slice()));
    let chars = words.into_iter().find(|chars| {
        let labels = labels_in(chars, grammar, id, form);
        labels * 2 >= form.rows.len() && (super::header::hits(chars, form) > 0 || labels > 2)
    })?;
    let line = chars.first().map_or(0, |c| line_of(outline, c.at)) as usize;
    let header_words = super::header::hits(chars, form);
    let mut builder = Builder {
        text: outline.text,
        id,
        form,
        findings: Vec::new(),
        roles: Vec::new(),
        cells: Vec::new(),
        units: Vec::new(),
        steady: Steady::default(),
    };
    builder.complete();
    // Figures that belong to no row were told.
    if !scan.findings.iter().any(|finding| finding.code == Code::FiguresWithoutRow) {
        scan.findings.extend(builder.findings.into_iter().filter(|finding| finding.code == Code::TableEmpty));
    }
    Some(Found { table: Table { id, cells: builder.cells }, line, header_words, units: Vec::new(), heads: Vec::new() })
}

/// How many rows of the table the letters name.
fn labels_in(chars: &[crate::text::KeyChar], grammar: &Grammar, id: TableId, form: &TableForm) -> usize {
    let mut progress = Progress { tables: vec![(id, &grammar.tables[usize::from(id)])], filled: Vec::new() };
    let mut key = Key::default();
    let mut count = 0;
    for end in 1..=chars.len() {
        key.push_char(chars[end - 1]);
        let boundary = chars.get(end).is_none_or(|next| next.fresh);
        if boundary
            && form.row_spellings.ending(key.chars()).next().is_some()
            && let Some(named) = wholly_named(&key, &progress).filter(|named| named.tier == Tier::Exact)
            && !progress.is_filled(named.table, named.row)
        {
            progress.filled.push((named.table, named.row));
            count += 1;
        }
        if count == form.rows.len() {
            break;
        }
    }
    count
}

/// One table being made.
pub(super) struct Builder<'p> {
    pub(super) text: &'p str,
    pub(super) id: TableId,
    pub(super) form: &'p TableForm,
    pub(super) findings: Vec<Finding>,
    pub(super) roles: Vec<(Span, Role)>,
    pub(super) cells: Vec<Cell>,
    /// The units that the header gives.
    pub(super) units: Vec<(ColumnId, Unit)>,
    pub(super) steady: Steady,
}

impl Builder<'_> {
    pub(super) fn finding(&self, code: Code, row: Option<RowId>) -> Finding {
        Finding { table: Some(self.id), row, ..Finding::new(code) }
    }

    fn read(&mut self, rows: &[&RowRead], scan: &Scan, header: &Header, trail: Option<usize>) {
        let width = self.form.columns.len();
        let mut contents: Vec<Content> = Vec::with_capacity(scan.cells.len());
        let mut ends = Vec::with_capacity(rows.len());
        for row in rows {
            contents.extend(scan.cells[row.cells.clone()].iter().map(content));
            ends.push(contents.len());
        }
        self.cells.reserve(self.form.rows.len() * width);
        self.roles.reserve(self.form.rows.len() * width);
        let mut habits: Vec<((usize, usize, usize), Habit)> = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let ids = match &header.rows {
                Some(order) if row.ids.len() == self.form.rows.len() && row.ids.len() > 1 => order,
                _ => &scan.ids[row.ids.clone()],
            };
            let kind = (row.ids.len(), row.depth, row.cells.len());
            let habit = || {
                let known = habits.iter().find(|(other, _)| *other == kind).map(|(_, habit)| *habit);
                known.unwrap_or_else(|| {
                    let habit = common_habit(rows, &contents, &ends, row, width * ids.len(), trail);
                    habits.push((kind, habit));
                    habit
                })
            };
            self.row(row, ids, &scan.cells[row.cells.clone()], of_row(&contents, &ends, index), header, habit);
        }
    }

    fn row(
        &mut self,
        read: &RowRead,
        ids: &[RowId],
        read_cells: &[CellRead],
        read_contents: &[Content],
        header: &Header,
        habit: impl FnOnce() -> Habit,
    ) {
        let ink = read_contents.iter().filter(|content| **content == Content::Ink).count();
        self.steady.counts_blanks |= ink != self.form.columns.len() * ids.len();
        let (kept, all_ink);
        let (cells, contents, order) = match self.order(header, read_cells, read_contents, ids.len()) {
            Order::Form => (read_cells, read_contents, None),
            Order::Header(order) => (read_cells, read_contents, Some(order)),
            Order::Repeated(cells, order) => {
                kept = cells;
                all_ink = vec![Content::Ink; kept.len()];
                (&kept[..], &all_ink[..], Some(order))
            }
            Order::Unclear => {
                self.all_missing(
                    ids,
                    read_cells,
                    read_contents,
                    Code::HeaderUnclear,
                    self.form.columns.len() * ids.len(),
                );
                return;
            }
        };
        let columns = order.map_or(self.form.columns.len(), <[ColumnId]>::len);
        let width = columns * ids.len();
        let own = self.own_cells(read, cells, contents, width);
        let (own_cells, own_contents) = (&cells[..own], &contents[..own]);
        match place(own_contents, width, habit) {
            Place::At(first) => {
                for (index, row) in ids.iter().enumerate() {
                    for column in 0..columns {
                        let cell = own_cells.get(first + index * columns + column);
                        self.cell(*row, order.map_or(column as ColumnId, |order| order[column]), cell);
                    }
                }
            }
            Place::Merged(index) => {
                let figure = own_cells[index];
                let found = Some(clean(figure.span.of(self.text)).into_owned());
                let finding = self.finding(Code::FigureMerged, ids.first().copied()).at(figure.span);
                self.findings.push(Finding { found, ..finding });
                self.roles.push((figure.span, Role::Cell));
                for row in ids {
                    let merged = |cell| Cell { value: Value::Text, span: Some(figure.span), ..cell };
                    self.cells.extend(missing(*row, 0..self.form.columns.len()).map(merged));
                }
            }
            Place::TooMany => self.all_missing(ids, read_cells, read_contents, Code::FiguresTooMany, width),
            Place::TooFew => self.all_missing(ids, own_cells, own_contents, Code::FiguresTooFew, width),
        }
    }

    fn all_missing(&mut self, rows: &[RowId], cells: &[CellRead], contents: &[Content], code: Code, expected: usize) {
        let inked = |(cell, content): (&CellRead, &Content)| (*content == Content::Ink).then_some(*cell);
        let ink: Vec<CellRead> = cells.iter().zip(contents).filter_map(inked).collect();
        let span = match (ink.first(), ink.last()) {
            (Some(first), Some(last)) => Some(first.span.to(last.span)),
            _ => None,
        };
        let found = Some(ink.len().to_string());
        let finding =
            Finding { span, expected: Some(expected.to_string()), found, ..self.finding(code, rows.first().copied()) };
        self.findings.push(finding);
        for row in rows {
            self.cells.extend(missing(*row, 0..self.form.columns.len()));
        }
    }

    fn cell(&mut self, row: RowId, column: ColumnId, read: Option<&CellRead>) {
        let Some(&CellRead { span, ref kind, .. }) = read else {
            self.cells.push(Cell { row, column, value: Value::Blank, span: None, unit: None });
            return;
        };
        let form = &self.form.columns[usize::from(column)];
        let (value, unit) = match kind {
            Kind::Figure(figure) => self.value(*figure, form, row, column, span),
            Kind::Text | Kind::Inner(_) => {
                let found = Some(clean(span.of(self.text)).into_owned());
                let finding =
                    Finding { column: Some(column), found, ..self.finding(Code::TextForFigure, Some(row)).at(span) };
                self.findings.push(finding);
                (Value::Text, None)
            }
            Kind::Blank | Kind::Merged | Kind::LineEnd => (Value::Blank, None),
        };
        if !span.is_empty() {
            self.roles.push((span, Role::Cell));
        }
        self.cells.push(Cell { row, column, value, span: (!span.is_empty()).then_some(span), unit });
    }

    /// The figure in the column's unit.
    fn value(
        &mut self,
        figure: Figure,
        form: &ColumnForm,
        row: RowId,
        column: ColumnId,
        span: Span,
    ) -> (Value, Option<&'static str>) {
        let unit = figure.unit.or_else(|| unit_of(&self.units, column));
        in_unit(figure.value, unit, form.unit).unwrap_or_else(|| {
            let finding = Finding {
                column: Some(column),
                expected: form.unit.map(|unit| unit.name.to_owned()),
                found: Some(clean(span.of(self.text)).into_owned()),
                ..self.finding(Code::UnitUnclear, Some(row)).at(span)
            };
            self.findings.push(finding);
            (Value::Text, None)
        })
    }
}

/// The cells of a row in those columns, as long as nothing is known of them.
pub(super) fn missing(row: RowId, columns: std::ops::Range<usize>) -> impl Iterator<Item = Cell> {
    columns.map(move |column| Cell { row, column: column as ColumnId, value: Value::Missing, span: None, unit: None })
}

/// The value, printed in `unit`, in the unit of its column, with what is left to say of its unit. None where it is none of
/// that unit.
pub(super) fn in_unit(
    value: Value,
    unit: Option<Unit>,
    of_column: Option<Unit>,
) -> Option<(Value, Option<&'static str>)> {
    let (Value::Number(number), Some(unit)) = (value, unit) else { return Some((value, None)) };
    let Some(of_column) = of_column else { return Some((value, Some(unit.name))) };
    let same_kind = unit.money.is_none_or(|money| Some(money) == of_column.money);
    // 万 alone, in a column of 万元, is 万元.
    let power = unit.power - of_column.power;
    number.shift(power).filter(|_| same_kind).map(|number| (Value::Number(number), None))
}

fn content(cell: &CellRead) -> Content {
    match cell.kind {
        Kind::Merged => Content::Merged,
        Kind::Blank | Kind::LineEnd => Content::Blank,
        Kind::Figure(_) | Kind::Inner(_) | Kind::Text => Content::Ink,
    }
}

pub(super) fn shown(labels: &[crate::grammar::Label]) -> &str {
    labels.first().map_or("", |label| &label.shown)
}
