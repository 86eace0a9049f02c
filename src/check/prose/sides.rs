//! What a statement says and what it was held against, figure by figure.

use super::Prose;
use crate::report::{CellId, Decimal, Side, Sides, Statement, Term};

impl Prose<'_> {
    /// The figure of the statement on the left; its parts, or the cells that it speaks of, on the right.
    pub(super) fn sides(&self, statement: &Statement) -> Option<Box<Sides>> {
        let term = |cell: Option<CellId>, value: Option<Decimal>| Term { times: 1, cell, last: false, value };
        let terms: Vec<Term> = if statement.parts.is_empty() {
            statement.cells.iter().map(|cell| term(Some(*cell), self.figure(*cell))).collect()
        } else {
            statement.parts.iter().map(|part| term(None, Some(part.value))).collect()
        };
        let value = terms.iter().try_fold(Decimal::ZERO, |sum, term| sum.plus(term.value?));
        let whole = Side { terms: vec![term(None, Some(statement.value))], value: Some(statement.value) };
        (!terms.is_empty()).then(|| Box::new(Sides { left: whole, sign: "=", right: Side { terms, value } }))
    }

    fn figure(&self, id: CellId) -> Option<Decimal> {
        let table = self.report.tables.iter().find(|table| table.id == id.table)?;
        table.cells.iter().find(|cell| cell.row == id.row && cell.column == id.column)?.value.number()
    }
}
