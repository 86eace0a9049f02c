//! The places of a rule: the columns, rows or cells for which its formula is to hold.
//!
//! In: the keys that say where, and the formula. Out: the formula resolved for each place, one [`Instance`] each.

use std::ops::Range;

use super::formula;
use super::read::Reader;
use super::resolve::{Place, Scope, fits};
use super::rules::say;
use super::{Check, Instance, Kind, TableForm, Truth};
use crate::report::{CellId, ColumnId, RowId, TableId};

/// What a rule is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Each {
    Report,
    Column,
    Row,
    Cell,
}

/// Where a formula is to hold.
pub(super) struct Places<'g> {
    pub tables: &'g [TableForm],
    pub named: Vec<TableId>,
    pub each: Each,
    pub rows: Vec<(String, Range<usize>)>,
    pub columns: Vec<(String, Range<usize>)>,
}

impl Places<'_> {
    /// The formula, resolved for each place.
    pub(super) fn check(&self, reader: &mut Reader<'_>, formula: &str, span: Range<usize>) -> Option<(Kind, Check)> {
        self.judge_selection(reader);
        let node = match formula::parse(formula) {
            Ok(node) => node,
            Err(wrong) => {
                say(reader, formula, &span, wrong);
                return None;
            }
        };
        let places = self.list();
        if places.is_empty() {
            // Why there are none has been said.
            return None;
        }
        let mut instances = Vec::new();
        for place in places {
            let scope = Scope { formula, tables: self.tables, place };
            match scope.truth(&node) {
                Ok(Truth::Known(true)) => {}
                Ok(Truth::Known(false)) => {
                    reader.mistake(span, "this never holds, whatever the figures are");
                    return None;
                }
                Ok(truth) => instances.push(self.instance(place, truth)),
                Err(wrong) => {
                    say(reader, formula, &span, wrong);
                    return None;
                }
            }
        }
        if instances.is_empty() {
            reader.mistake(span, "this leaves nothing to check: it holds everywhere, whatever the figures are");
            return None;
        }
        let kind = kind(&instances);
        Some((kind, Check::Formula(instances)))
    }

    /// Says which of `rows` and `columns` name nothing, or stand where they mean nothing.
    fn judge_selection(&self, reader: &mut Reader<'_>) {
        let forms = || self.named.iter().filter_map(|id| self.tables.get(usize::from(*id)));
        for (name, span) in &self.rows {
            if !matches!(self.each, Each::Row | Each::Cell) {
                reader.mistake(span.clone(), "`rows` is for `each = \"row\"` or `each = \"cell\"`");
            } else if !forms().any(|form| form.rows.iter().any(|row| fits(name, &row.id))) {
                reader.mistake(span.clone(), format!("there is no row `{name}` in the table"));
            }
        }
        for (name, span) in &self.columns {
            if !matches!(self.each, Each::Column | Each::Cell) {
                reader.mistake(span.clone(), "`columns` is for `each = \"column\"` or `each = \"cell\"`");
            } else if !forms().any(|form| form.columns.iter().any(|column| fits(name, &column.id))) {
                reader.mistake(span.clone(), format!("there is no column `{name}` in the table"));
            }
        }
    }

    fn list(&self) -> Vec<Place> {
        if self.each == Each::Report {
            return vec![Place::Report];
        }
        let chosen = |names: &[(String, Range<usize>)], id: &str| {
            names.is_empty() || names.iter().any(|(name, _)| fits(name, id))
        };
        let mut places = Vec::new();
        for table in self.named.iter().copied() {
            let Some(form) = self.tables.get(usize::from(table)) else { continue };
            let rows = || (0..form.rows.len() as RowId).zip(&form.rows).filter(|(_, row)| chosen(&self.rows, &row.id));
            let columns = || {
                let columns = (0..form.columns.len() as ColumnId).zip(&form.columns);
                columns.filter(|(_, column)| chosen(&self.columns, &column.id)).map(|(column, _)| column)
            };
            match self.each {
                Each::Report => {}
                Each::Column => places.extend(columns().map(|column| Place::Column(table, column))),
                Each::Row => places.extend(rows().map(|(row, _)| Place::Row(table, row))),
                Each::Cell => {
                    for (row, _) in rows() {
                        places.extend(columns().map(|column| Place::Cell(CellId { table, row, column })));
                    }
                }
            }
        }
        places
    }

    fn instance(&self, place: Place, truth: Truth) -> Instance {
        let (table, row, column) = match place {
            Place::Report => (self.named.first().copied(), None, None),
            Place::Column(table, column) => (Some(table), None, Some(column)),
            Place::Row(table, row) => (Some(table), Some(row), None),
            Place::Cell(CellId { table, row, column }) => (Some(table), Some(row), Some(column)),
        };
        Instance { table, row, column, truth }
    }
}

/// What the formula compares, by the cells in it.
fn kind(instances: &[Instance]) -> Kind {
    let mut across_tables = false;
    for instance in instances {
        let mut table = None;
        let mut across_years = false;
        instance.truth.each_term(&mut |term| {
            across_years |= term.last;
            across_tables |= *table.get_or_insert(term.cell.table) != term.cell.table;
        });
        if across_years {
            return Kind::AcrossYears;
        }
    }
    if across_tables { Kind::AcrossTables } else { Kind::InTable }
}
