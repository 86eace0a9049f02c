//! The cells of a report, each found at once by its id, and which of their rows count.

use super::evaluate::{Figures, Standing};
use crate::grammar::{Counted, Grammar, TableForm};
use crate::report::{CellId, Decimal, Span, Table, Value};

/// The cells of one report.
pub(super) struct Grid<'r> {
    report: &'r [Table],
    /// For each table of the form, where its cells begin below and how many make a row; none where it was not found.
    tables: Vec<Option<(usize, usize)>>,
    cells: Vec<Standing>,
}

impl<'r> Grid<'r> {
    pub(super) fn new(report: &'r [Table], grammar: &Grammar) -> Grid<'r> {
        let forms = || report.iter().filter_map(|table| Some((table, grammar.tables.get(usize::from(table.id))?)));
        let count = forms().map(|(_, form)| form.rows.len() * form.columns.len()).sum();
        let mut cells = Vec::with_capacity(count);
        let mut tables = vec![None; grammar.tables.len()];
        for (table, form) in forms() {
            let first = cells.len();
            if let Some(entry) = tables.get_mut(usize::from(table.id)) {
                *entry = Some((first, form.columns.len()));
            }
            cells.resize(first + form.rows.len() * form.columns.len(), Standing::Gap);
            if let Some(own) = cells.get_mut(first..) {
                enter(table, form, own);
            }
        }
        Grid { report, tables, cells }
    }

    /// Its figure, if it has one that counts.
    pub(super) fn number(&self, id: CellId) -> Option<Decimal> {
        match self.standing_of(id) {
            Standing::Number(number) => Some(number),
            _ => None,
        }
    }

    /// What is known of a cell.
    pub(super) fn standing_of(&self, id: CellId) -> Standing {
        let Some(Some((first, columns))) = self.tables.get(usize::from(id.table)) else { return Standing::Absent };
        let at = first + usize::from(id.row) * columns + usize::from(id.column);
        self.cells.get(at).copied().unwrap_or(Standing::Absent)
    }
}

impl Figures for Grid<'_> {
    fn standing(&self, term: &Counted) -> Standing {
        if term.last { Standing::Absent } else { self.standing_of(term.cell) }
    }

    fn span(&self, id: CellId) -> Option<Span> {
        let table = self.report.iter().find(|table| table.id == id.table)?;
        table.cells.iter().find(|cell| (cell.row, cell.column) == (id.row, id.column))?.span
    }
}

/// Enters the cells of a table, row by row, in `cells`, where all are gaps still.
fn enter(table: &Table, form: &TableForm, cells: &mut [Standing]) {
    let columns = form.columns.len();
    for cell in &table.cells {
        let standing = match cell.value {
            Value::Number(number) => Standing::Number(number),
            Value::Blank if form.columns.get(usize::from(cell.column)).is_some_and(|column| !column.signed) => {
                Standing::Blank
            }
            _ => continue,
        };
        if let Some(entry) = cells.get_mut(usize::from(cell.row) * columns + usize::from(cell.column)) {
            *entry = standing;
        }
    }
    for (row, row_form) in form.rows.iter().enumerate() {
        if !row_form.optional && row_form.replaces.is_empty() {
            continue;
        }
        let of_row = |row: usize| row * columns..(row + 1) * columns;
        let own = cells.get(of_row(row)).unwrap_or_default();
        if own.iter().any(|standing| matches!(standing, Standing::Number(_))) {
            for replaced in &row_form.replaces {
                cells.get_mut(of_row(usize::from(*replaced))).unwrap_or_default().fill(Standing::Gone);
            }
        } else if row_form.optional {
            cells.get_mut(of_row(row)).unwrap_or_default().fill(Standing::Gone);
        }
    }
}
