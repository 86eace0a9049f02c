//! The cells of a report, each found at once by its id, and which of their rows count.

use super::evaluate::{Figures, Standing};
use crate::grammar::{Counted, Grammar};
use crate::report::{Cell, CellId, Decimal, RowId, Span, Table, Value};

/// The cells of one report.
pub(super) struct Grid<'r> {
    grammar: &'r Grammar,
    /// For each table of the form, where its cells and its rows begin below; none where it was not found.
    tables: Vec<Option<(usize, usize)>>,
    cells: Vec<Option<&'r Cell>>,
    rows: Vec<Row>,
}

/// What is known of a row as a whole.
#[derive(Clone, Copy, Default)]
struct Row {
    has_number: bool,
    /// It does not count: the form does without it, or another row stands in its place.
    gone: bool,
}

impl<'r> Grid<'r> {
    pub(super) fn new(tables: &'r [Table], grammar: &'r Grammar) -> Grid<'r> {
        let sizes = |table: &Table| {
            let form = grammar.tables.get(usize::from(table.id));
            form.map_or((0, 0), |form| (form.rows.len(), form.columns.len()))
        };
        let (row_count, cell_count) = tables
            .iter()
            .map(sizes)
            .fold((0, 0), |(all_rows, all_cells), (rows, columns)| (all_rows + rows, all_cells + rows * columns));
        let mut grid = Grid {
            grammar,
            tables: vec![None; grammar.tables.len()],
            cells: vec![None; cell_count],
            rows: vec![Row::default(); row_count],
        };
        let (mut first_cell, mut first_row) = (0, 0);
        for table in tables {
            let (rows, columns) = sizes(table);
            if let Some(entry) = grid.tables.get_mut(usize::from(table.id)) {
                *entry = Some((first_cell, first_row));
            }
            grid.enter(table, columns, first_cell, first_row);
            first_cell += rows * columns;
            first_row += rows;
        }
        grid
    }

    fn enter(&mut self, table: &'r Table, columns: usize, first_cell: usize, first_row: usize) {
        for cell in &table.cells {
            let row = usize::from(cell.row);
            if let Some(entry) = self.cells.get_mut(first_cell + row * columns + usize::from(cell.column)) {
                *entry = Some(cell);
            }
            if let Some(entry) = self.rows.get_mut(first_row + row) {
                entry.has_number |= matches!(cell.value, Value::Number(_));
            }
        }
        let Some(form) = self.grammar.tables.get(usize::from(table.id)) else { return };
        for (row, form) in form.rows.iter().enumerate().filter(|(_, form)| form.optional || !form.replaces.is_empty()) {
            let has_number = self.rows.get(first_row + row).is_some_and(|row| row.has_number);
            let replaced: &[RowId] = if has_number { &form.replaces } else { &[] };
            let own = (form.optional && !has_number).then_some(row);
            for gone in replaced.iter().map(|row| usize::from(*row)).chain(own) {
                if let Some(entry) = self.rows.get_mut(first_row + gone) {
                    entry.gone = true;
                }
            }
        }
    }

    fn cell(&self, id: CellId) -> Option<&'r Cell> {
        let (first_cell, _) = (*self.tables.get(usize::from(id.table))?)?;
        let columns = self.grammar.tables.get(usize::from(id.table))?.columns.len();
        *self.cells.get(first_cell + usize::from(id.row) * columns + usize::from(id.column))?
    }

    /// What is known of a cell.
    pub(super) fn standing_of(&self, id: CellId) -> Standing {
        let Some(Some((_, first_row))) = self.tables.get(usize::from(id.table)) else { return Standing::Absent };
        if self.rows.get(first_row + usize::from(id.row)).is_some_and(|row| row.gone) {
            return Standing::Gone;
        }
        match self.cell(id).map(|cell| cell.value) {
            Some(Value::Number(number)) => Standing::Number(number),
            Some(Value::Blank) if !self.is_signed(id) => Standing::Blank,
            _ => Standing::Gap,
        }
    }

    /// Its figure, if it has one that counts.
    pub(super) fn number(&self, id: CellId) -> Option<Decimal> {
        match self.standing_of(id) {
            Standing::Number(number) => Some(number),
            _ => None,
        }
    }

    fn is_signed(&self, id: CellId) -> bool {
        let form = self.grammar.tables.get(usize::from(id.table));
        form.and_then(|form| form.columns.get(usize::from(id.column))).is_none_or(|column| column.signed)
    }
}

impl Figures for Grid<'_> {
    fn standing(&self, term: &Counted) -> Standing {
        if term.last { Standing::Absent } else { self.standing_of(term.cell) }
    }

    fn span(&self, cell: CellId) -> Option<Span> {
        self.cell(cell)?.span
    }
}
