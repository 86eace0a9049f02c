//! A table whose rows were read becomes whole: every row of the form in its order, with a cell for each column.
//!
//! In: the cells of a [`Builder`]. Out: the same with those that are not there, and what is to be said of them.

use super::tables::{Builder, missing, shown};
use crate::report::{Cell, Code, Finding, RowId, Span, Value};

impl Builder<'_> {
    /// A row that stands in place of others is none beside one of these: its figures are their sum, or those of another one.
    fn leave_out_sums(&mut self, cells: &mut Vec<Cell>, found: &mut [bool]) {
        for (row, form) in self.form.rows.iter().enumerate() {
            let has_part = || form.replaces.iter().any(|part| found[usize::from(*part)]);
            if !found[row] || !has_part() {
                continue;
            }
            found[row] = false;
            let figures: Vec<Span> =
                cells.iter().filter(|cell| usize::from(cell.row) == row).filter_map(|cell| cell.span).collect();
            cells.retain(|cell| usize::from(cell.row) != row);
            self.findings.retain(|finding| finding.row != Some(row as RowId));
            self.roles.retain(|(span, _)| !figures.contains(span));
            if let (Some(first), Some(last)) = (figures.first(), figures.last()) {
                self.steady.is_lost = true;
                let words: Vec<&str> = figures.iter().map(|span| span.of(self.text)).collect();
                let finding = self.finding(Code::FiguresWithoutRow, None).at(first.to(*last));
                self.findings.push(Finding { found: Some(words.join(" ")), ..finding });
            }
        }
    }

    /// Brings the cells into the form's order and adds those of rows that are not there.
    pub(super) fn complete(&mut self) {
        let mut cells = std::mem::take(&mut self.cells);
        let width = self.form.columns.len();
        let nothing = cells.is_empty();
        let mut found = vec![false; self.form.rows.len()];
        cells.iter().for_each(|cell| found[usize::from(cell.row)] = true);
        self.leave_out_sums(&mut cells, &mut found);
        let is_replaced = |row: RowId| {
            let mut forms = self.form.rows.iter().zip(&found);
            forms.any(|(form, found)| *found && form.replaces.contains(&row))
        };
        for (row, form) in self.form.rows.iter().enumerate() {
            if found[row] || form.optional {
                continue;
            }
            let row = row as RowId;
            if !nothing && !is_replaced(row) {
                let expected = Some(shown(&form.labels).to_owned());
                self.findings.push(Finding { expected, ..self.finding(Code::RowMissing, Some(row)) });
            }
            cells.extend(missing(row, 0..width));
        }
        let place = |cell: &Cell| (cell.row, cell.column);
        if !cells.is_sorted_by_key(place) {
            cells.sort_by_key(place);
        }
        // A dropped column leaves its place to be filled.
        let is_full = |row: &[Cell]| {
            row.len() == width && row.iter().enumerate().all(|(at, cell)| usize::from(cell.column) == at)
        };
        let full = match cells.chunk_by(|a, b| a.row == b.row).all(is_full) {
            true => cells,
            false => {
                let fill = |row: &[Cell]| {
                    let own = |cell: Cell| row.iter().find(|own| own.column == cell.column).cloned().unwrap_or(cell);
                    missing(row[0].row, 0..width).map(own).collect::<Vec<Cell>>()
                };
                cells.chunk_by(|a, b| a.row == b.row).flat_map(fill).collect()
            }
        };
        let refused = |finding: &Finding| {
            matches!(finding.code, Code::FiguresTooMany | Code::FiguresTooFew | Code::HeaderUnclear)
        };
        let empty = full.iter().all(|cell| matches!(cell.value, Value::Blank | Value::Missing));
        if empty && !self.findings.iter().any(refused) {
            self.findings.push(self.finding(Code::TableEmpty, None));
        }
        self.cells = full;
    }
}
