//! The cells of a report, each found at once by its id, and which of their rows count.

use std::ops::Range;

use super::evaluate::{Figures, Standing};
use crate::grammar::{Counted, Grammar, Sieve, Sight, TableForm};
use crate::report::{CellId, Decimal, RuleId, Span, Table, Value};

/// The cells of one report.
pub(super) struct Grid<'r> {
    report: &'r [Table],
    sieve: &'r Sieve,
    /// For each cell of the form its figure, or what the sieve takes in its place; 0 where it does not count.
    plain: Vec<i64>,
    kinds: Vec<Kind>,
    /// The figures that are not plain, by the positions of their cells.
    others: Vec<(usize, Decimal)>,
    all_plain: bool,
}

/// What is known of a cell, in one byte: [`Standing`] says it with the figure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Absent,
    Gap,
    Blank,
    Gone,
    Plain,
    Other,
}

impl<'r> Grid<'r> {
    pub(super) fn new(report: &'r [Table], grammar: &'r Grammar) -> Grid<'r> {
        let sieve = &grammar.sieve;
        let (plain, kinds) = (vec![Sieve::ABSENT; sieve.cells()], vec![Kind::Absent; sieve.cells()]);
        let mut grid = Grid { report, sieve, plain, kinds, others: Vec::new(), all_plain: false };
        for table in report {
            if let Some(form) = grammar.tables.get(usize::from(table.id)) {
                grid.enter(table, form);
            }
        }
        grid.all_plain = grid.plain.iter().all(|figure| *figure > Sieve::ABSENT);
        grid
    }

    /// Enters the cells of a table.
    fn enter(&mut self, table: &Table, form: &TableForm) {
        let Some(first) = self.sieve.cell(CellId { table: table.id, row: 0, column: 0 }) else { return };
        let columns = form.columns.len();
        let of_row = |row: usize| first + row * columns..first + (row + 1) * columns;
        let all = first..first + form.rows.len() * columns;
        self.kinds.get_mut(all.clone()).unwrap_or_default().fill(Kind::Gap);
        self.plain.get_mut(all).unwrap_or_default().fill(Sieve::GAP);
        for cell in &table.cells {
            let at = first + usize::from(cell.row) * columns + usize::from(cell.column);
            let (kind, figure) = match cell.value {
                Value::Number(number) => match number.to_i64().and_then(|figure| self.sieve.plain(at, figure)) {
                    Some(figure) => (Kind::Plain, figure),
                    None => {
                        self.others.push((at, number));
                        (Kind::Other, Sieve::ODD)
                    }
                },
                Value::Blank if form.columns.get(usize::from(cell.column)).is_some_and(|column| !column.signed) => {
                    (Kind::Blank, Sieve::BLANK)
                }
                _ => continue,
            };
            if let (Some(own_kind), Some(own_figure)) = (self.kinds.get_mut(at), self.plain.get_mut(at)) {
                (*own_kind, *own_figure) = (kind, figure);
            }
        }
        for (row, row_form) in form.rows.iter().enumerate() {
            if !row_form.optional && row_form.replaces.is_empty() {
                continue;
            }
            let own = self.kinds.get(of_row(row)).unwrap_or_default();
            if own.iter().any(|kind| matches!(kind, Kind::Plain | Kind::Other)) {
                row_form.replaces.iter().for_each(|replaced| self.leave_out(of_row(usize::from(*replaced))));
            } else if row_form.optional {
                self.leave_out(of_row(row));
            }
        }
    }

    /// These cells do not count.
    fn leave_out(&mut self, cells: Range<usize>) {
        self.kinds.get_mut(cells.clone()).unwrap_or_default().fill(Kind::Gone);
        self.plain.get_mut(cells).unwrap_or_default().fill(0);
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
        let Some(at) = self.sieve.cell(id) else { return Standing::Absent };
        let other = || self.others.iter().rev().find(|(other, _)| *other == at).map(|(_, number)| *number);
        match self.kinds.get(at).copied().unwrap_or(Kind::Absent) {
            Kind::Absent => Standing::Absent,
            Kind::Gap => Standing::Gap,
            Kind::Blank => Standing::Blank,
            Kind::Gone => Standing::Gone,
            Kind::Plain => self.plain.get(at).map_or(Standing::Gap, |figure| Standing::Number(Decimal::from(*figure))),
            Kind::Other => other().map_or(Standing::Gap, Standing::Number),
        }
    }

    /// The places of rules that are not clear at first sight: the rule, the position of the place in it, and what shows of it.
    pub(super) fn not_clear(&self) -> impl Iterator<Item = (RuleId, usize, Sight)> {
        self.sieve.not_clear(&self.plain, self.all_plain)
    }

    /// The gaps that leave it open in a place where that shows at first sight.
    pub(super) fn gaps(&self, rule: RuleId, place: usize) -> Vec<CellId> {
        self.sieve.gaps(rule, place, &self.plain)
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

#[cfg(test)]
mod tests {
    use super::super::evaluate::{Judge, Verdict};
    use super::super::page::{built_in, report, small};
    use super::super::rules;
    use super::super::tables::{in_order, is_of_itself};
    use super::*;
    use crate::grammar::{Check, Kind};

    /// What shows at first sight also comes out where it is judged with care. Gives how many places show at first sight, and how
    /// many of the others have nothing to be said of them.
    #[track_caller]
    fn check(grammar: &Grammar, figures: &str) -> (usize, usize) {
        let report = report(grammar, figures);
        let grid = Grid::new(&report.tables, grammar);
        let (mut at_first, mut with_care) = (0, 0);
        for (id, rule) in rules(grammar).filter(|(_, rule)| rule.kind != Kind::AcrossYears) {
            let Check::Formula(instances) = &rule.check else { continue };
            for (place, instance) in instances.iter().enumerate() {
                let found = grid.not_clear().find(|(rule, at, _)| (*rule, *at) == (id, place));
                let sight = found.map_or(Sight::Clear, |(.., sight)| sight);
                let mut judge = Judge::new(&grid);
                let expected = match judge.verdict(&instance.truth) {
                    Verdict::Holds => None,
                    Verdict::Open if judge.absent || is_of_itself(instance, &judge.gaps) => None,
                    verdict => Some((verdict, in_order(judge.gaps))),
                };
                match sight {
                    Sight::Clear => assert_eq!(expected, None, "{} {instance:?} with\n{figures}", rule.id),
                    Sight::Open => {
                        let gaps = grid.gaps(id, place);
                        let open = (!is_of_itself(instance, &gaps)).then_some((Verdict::Open, gaps));
                        assert_eq!(expected, open, "{} {instance:?} with\n{figures}", rule.id);
                    }
                    Sight::Unclear => with_care += usize::from(expected.is_none()),
                }
                at_first += usize::from(sight != Sight::Unclear);
            }
        }
        (at_first, with_care)
    }

    /// Figures for all cells of the form by chance: mostly small ones, so that sums come out now and then.
    fn figures(grammar: &Grammar, next: &mut impl FnMut(usize) -> usize) -> String {
        const STRANGE: [&str; 9] =
            ["blank", "dash", "missing", "1.5", "-1", "-0.5", "1099511627775", "1099511627776", "99999999999999999999"];
        let strange = [0, 10, 50][next(3)];
        let mut lines = String::new();
        for form in &grammar.tables {
            if next(8) == 0 {
                lines.push_str(&format!("{} = none\n", form.id));
                continue;
            }
            for row in &form.rows {
                if row.optional && next(3) > 0 {
                    continue;
                }
                let cell = |next: &mut dyn FnMut(usize) -> usize| match next(100) < strange {
                    true => STRANGE[next(STRANGE.len())].to_owned(),
                    false => next(2).to_string(),
                };
                let cells: Vec<String> = form.columns.iter().map(|_| cell(next)).collect();
                lines.push_str(&format!("{}.{} = {}\n", form.id, row.id, cells.join(" ")));
            }
        }
        lines
    }

    #[test]
    fn the_first_sight_is_never_wrong() {
        let formulas = [
            "a = b + c",
            "2 * a >= b - 3 * c + 1",
            "a + s > b or c < d",
            "if a = 1 then b = 1 and c >= 0",
            "if a + b != 2 then c <= d",
            "not a = b",
            "not (a = 1 and b = 1)",
            "a = 0 and b + c = 0 and a + d = 0",
            "a = 0 and s = 0",
            "whole(e) and a <= b",
            "s >= 0 or whole(e)",
            "a + b >= 0",
            "s + 1 > a - a",
            "900000000000000000 * a = 900000000000000000 * b",
        ];
        let grammars = formulas.into_iter().map(small).chain(["gid-2021", "gid-2019"].map(built_in));
        let mut state = 1usize;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        };
        for grammar in grammars {
            for _ in 0..200 {
                check(&grammar, &figures(&grammar, &mut next));
            }
        }
    }

    #[test]
    fn plain_figures_need_no_care() {
        for form in ["gid-2021", "gid-2019"] {
            let (at_first, with_care) = check(&built_in(form), "");
            assert!(at_first > 100, "{at_first}");
            assert_eq!(with_care, 0, "{form}");
        }
    }
}
