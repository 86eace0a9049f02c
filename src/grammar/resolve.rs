//! A formula's tree becomes sums of cells: names are looked up in the form, figures and truths are told apart.
//!
//! In: a tree, the tables of the form, and the place that the formula is for. Out: a [`Truth`] or a [`Sum`] in which nothing
//! is left to look up, or what is wrong and where. What the form alone settles (whether a column is for amounts) is settled
//! here, so that nothing of it is left for each page.

use nom::Offset;

use super::formula::{Function, Node, What, Wrong};
use super::{Comparison, Counted, Sign, Sum, TableForm, Truth};
use crate::report::{CellId, ColumnId, RowId, TableId};

/// Where a formula stands: which names it may use short.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// For the report: only full names.
    Report,
    /// For a column: the rows of its table.
    Column(TableId, ColumnId),
    /// For a row: the columns of its table.
    Row(TableId, RowId),
    /// For a cell: `value`, and what its column is.
    Cell(CellId),
}

/// What names are looked up in.
pub(super) struct Scope<'g> {
    pub formula: &'g str,
    pub tables: &'g [TableForm],
    pub place: Place,
}

/// No formula for people has more terms; `*` in many names could make any number.
const MOST_TERMS: usize = 4096;

const FIGURE_WANTED: &str = "a figure is expected here, and this is true or false";
const TRUTH_WANTED: &str = "this is a figure: compare it with another one, such as `… = …`";

/// Whether `name` is what `pattern` says, in which `*` stands for any letters.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// What a name stands among.
#[derive(Clone, Copy, Default)]
struct Within {
    sum: bool,
    last: bool,
}

impl Scope<'_> {
    /// The node as something that is true or not.
    pub(super) fn truth(&self, node: &Node<'_>) -> Result<Truth, Wrong> {
        let all = |parts: &[Node<'_>]| parts.iter().map(|part| self.truth(part)).collect::<Result<Vec<_>, _>>();
        match &node.what {
            What::If(condition, then) => Ok(implied(self.truth(condition)?, self.truth(then)?)),
            What::Any(parts) => Ok(joined(all(parts)?, false)),
            What::All(parts) => Ok(joined(all(parts)?, true)),
            What::Not(inner) => Ok(negated(self.truth(inner)?)),
            What::Compare(left, sign, right) => {
                Ok(compared(Comparison { left: self.sum(left)?, sign: *sign, right: self.sum(right)? }))
            }
            What::Call(Function::Whole, arguments) => {
                let sum = self.argument(node, arguments, Within::default())?;
                Ok(if sum.terms.is_empty() { Truth::Known(true) } else { Truth::Whole(sum) })
            }
            What::Name => self.property(node).map(Truth::Known).ok_or_else(|| self.wrong(node, TRUTH_WANTED)),
            _ => Err(self.wrong(node, TRUTH_WANTED)),
        }
    }

    /// The node as a sum of cells.
    pub(super) fn sum(&self, node: &Node<'_>) -> Result<Sum, Wrong> {
        self.figure(node, Within::default())
    }

    fn figure(&self, node: &Node<'_>, within: Within) -> Result<Sum, Wrong> {
        match &node.what {
            What::Number(number) => Ok(Sum { terms: Vec::new(), constant: *number }),
            What::Name => self.name(node, within),
            What::Times(factor, of) => self.added(node, Sum::default(), self.figure(of, within)?, *factor),
            What::Sum(parts) => parts.iter().try_fold(Sum::default(), |sum, (minus, part)| {
                self.added(part, sum, self.figure(part, within)?, if *minus { -1 } else { 1 })
            }),
            What::Call(Function::Sum, arguments) => {
                let within = Within { sum: true, ..within };
                let mut sum = Sum::default();
                for argument in arguments {
                    let next = self.figure(argument, within)?;
                    if let Some(twice) = next.terms.iter().find(|term| sum.terms.contains(term)) {
                        let name = self.shown(twice.cell);
                        return Err(self.wrong(argument, format!("`{name}` is in this sum already: leave it out once")));
                    }
                    sum = self.added(argument, sum, next, 1)?;
                }
                Ok(sum)
            }
            What::Call(Function::Last, _) if within.last => {
                Err(self.wrong(node, "`last(…)` stands in another one: only the report of the year before is kept"))
            }
            What::Call(Function::Last, arguments) => self.argument(node, arguments, Within { last: true, ..within }),
            _ => Err(self.wrong(node, FIGURE_WANTED)),
        }
    }

    fn argument(&self, node: &Node<'_>, arguments: &[Node<'_>], within: Within) -> Result<Sum, Wrong> {
        match arguments {
            [argument] => self.figure(argument, within),
            _ => Err(self.wrong(node, "one argument is expected here: put `sum(…)` around several")),
        }
    }

    /// `sum`, and `more` so many times.
    fn added(&self, node: &Node<'_>, mut sum: Sum, more: Sum, factor: i64) -> Result<Sum, Wrong> {
        let large = || self.wrong(node, "the numbers of this formula are too large");
        let constant = more.constant.checked_mul(factor).and_then(|more| sum.constant.checked_add(more));
        sum.constant = constant.ok_or_else(large)?;
        for term in more.terms {
            sum.terms.push(Counted { times: term.times.checked_mul(factor).ok_or_else(large)?, ..term });
        }
        if sum.terms.len() > MOST_TERMS {
            return Err(self.wrong(node, format!("these are more than {MOST_TERMS} cells")));
        }
        Ok(sum)
    }

    fn name(&self, node: &Node<'_>, within: Within) -> Result<Sum, Wrong> {
        let name = node.words;
        if self.property(node).is_some() {
            return Err(self.wrong(node, FIGURE_WANTED));
        }
        if name.contains('*') && !within.sum {
            return Err(self.wrong(node, format!("`{name}` may be several cells: write `sum({name})`")));
        }
        let cells = self.cells(node)?;
        if cells.is_empty() {
            let mut message = self.unknown(name);
            if name.contains('-') {
                message.push_str("; put blanks around a `-` that takes one off");
            }
            return Err(self.wrong(node, message));
        }
        let terms = cells.into_iter().map(|cell| Counted { times: 1, cell, last: within.last });
        Ok(Sum { terms: terms.collect(), constant: 0 })
    }

    /// The cells of that name; none where there is no such row or column.
    fn cells(&self, node: &Node<'_>) -> Result<Vec<CellId>, Wrong> {
        let parts: Vec<&str> = node.words.split('.').collect();
        match (parts.as_slice(), self.place) {
            ([table, row, column], _) => Ok(self.full(table, row, column)),
            ([row], Place::Column(table, column)) => {
                Ok(self.rows(table, row).map(|row| CellId { table, row, column }).collect())
            }
            ([column], Place::Row(table, row)) => {
                Ok(self.columns(table, column).map(|column| CellId { table, row, column }).collect())
            }
            (["value"], Place::Cell(cell)) => Ok(vec![cell]),
            ([_], Place::Report) => Err(self.wrong(
                node,
                "a full name is expected here, `table.row.column`; short ones are for rules with `table` and `each`",
            )),
            ([_], Place::Cell(_)) => Err(self.wrong(
                node,
                "under `each = \"cell\"` there are `value`, `decimal`, `signed` and full names, `table.row.column`",
            )),
            _ => Err(self.wrong(node, "a name has one part, or three: `table.row.column`")),
        }
    }

    fn full(&self, table: &str, row: &str, column: &str) -> Vec<CellId> {
        let tables = self.tables.iter().enumerate().filter(|(_, form)| fits(table, &form.id));
        let mut cells = Vec::new();
        for (table, _) in tables {
            let table = table as TableId;
            for row in self.rows(table, row) {
                cells.extend(self.columns(table, column).map(|column| CellId { table, row, column }));
            }
        }
        cells
    }

    fn rows(&self, table: TableId, name: &str) -> impl Iterator<Item = RowId> {
        let rows = self.tables.get(usize::from(table)).into_iter().flat_map(|form| form.rows.iter().enumerate());
        rows.filter(move |(_, row)| fits(name, &row.id)).map(|(id, _)| id as RowId)
    }

    fn columns(&self, table: TableId, name: &str) -> impl Iterator<Item = ColumnId> {
        let columns = self.tables.get(usize::from(table)).into_iter().flat_map(|form| form.columns.iter().enumerate());
        columns.filter(move |(_, column)| fits(name, &column.id)).map(|(id, _)| id as ColumnId)
    }

    /// What the form says of the cell's column, where the node is a word for that.
    fn property(&self, node: &Node<'_>) -> Option<bool> {
        let Place::Cell(cell) = self.place else { return None };
        let column = self.tables.get(usize::from(cell.table))?.columns.get(usize::from(cell.column))?;
        match node.words {
            "decimal" => Some(column.decimal),
            "signed" => Some(column.signed),
            _ => None,
        }
    }

    fn unknown(&self, name: &str) -> String {
        let table_name = |table: TableId| self.tables.get(usize::from(table)).map_or("", |form| form.id.as_str());
        match self.place {
            Place::Column(table, _) if !name.contains('.') => {
                format!("there is no row `{name}` in the table `{}`", table_name(table))
            }
            Place::Row(table, _) if !name.contains('.') => {
                format!("there is no column `{name}` in the table `{}`", table_name(table))
            }
            _ => format!("`{name}` names no cell: write `table.row.column` with their ids"),
        }
    }

    fn shown(&self, cell: CellId) -> String {
        let form = self.tables.get(usize::from(cell.table));
        let row = form.and_then(|form| form.rows.get(usize::from(cell.row))).map_or("", |row| row.id.as_str());
        let column = form.and_then(|form| form.columns.get(usize::from(cell.column))).map_or("", |c| c.id.as_str());
        match self.place {
            Place::Column(table, _) if table == cell.table => row.to_owned(),
            Place::Row(table, _) if table == cell.table => column.to_owned(),
            _ => format!("{}.{row}.{column}", form.map_or("", |form| form.id.as_str())),
        }
    }

    fn wrong(&self, node: &Node<'_>, message: impl Into<String>) -> Wrong {
        Wrong { at: self.formula.offset(node.words), message: message.into() }
    }
}

/// `all` of the parts, or any of them, without those that the form settles.
fn joined(parts: Vec<Truth>, all: bool) -> Truth {
    if parts.contains(&Truth::Known(!all)) {
        return Truth::Known(!all);
    }
    let mut open: Vec<Truth> = parts.into_iter().filter(|part| *part != Truth::Known(all)).collect();
    match (open.len(), all) {
        (0, _) => Truth::Known(all),
        (1, _) => open.pop().unwrap_or(Truth::Known(all)),
        (_, true) => Truth::All(open),
        (_, false) => Truth::Any(open),
    }
}

fn implied(condition: Truth, then: Truth) -> Truth {
    match (condition, then) {
        (Truth::Known(false), _) | (_, Truth::Known(true)) => Truth::Known(true),
        (Truth::Known(true), then) => then,
        (condition, Truth::Known(false)) => negated(condition),
        (condition, then) => Truth::If(Box::new(condition), Box::new(then)),
    }
}

fn negated(truth: Truth) -> Truth {
    match truth {
        Truth::Known(known) => Truth::Known(!known),
        Truth::Not(inner) => *inner,
        other => Truth::Not(Box::new(other)),
    }
}

fn compared(comparison: Comparison) -> Truth {
    let Comparison { left, sign, right } = &comparison;
    if !left.terms.is_empty() || !right.terms.is_empty() {
        return Truth::Compare(comparison);
    }
    let (left, right) = (left.constant, right.constant);
    Truth::Known(match sign {
        Sign::Equal => left == right,
        Sign::Unequal => left != right,
        Sign::AtMost => left <= right,
        Sign::AtLeast => left >= right,
        Sign::Below => left < right,
        Sign::Above => left > right,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, name: &str, expected: bool) {
        assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
    }

    #[test]
    fn stars() {
        check("closed", "closed", true);
        check("closed", "closed_other", false);
        check("closed_*", "closed_other", true);
        check("closed_*", "closed", false);
        check("*", "anything", true);
        check("*_total", "outcome_total", true);
        check("a*b*c", "axxbxxc", true);
        check("a*b*c", "acb", false);
        check("a*a", "a", false);
        check("", "a", false);
    }
}
