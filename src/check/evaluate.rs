//! Whether something holds, as far as the figures settle it.
//!
//! In: a [`Truth`] and the figures that it speaks of. Out: a [`Verdict`]: it holds, it fails, or the gaps leave it open. A sum
//! with gaps is a range, and a comparison of ranges is settled only where every figure in them gives the same answer. Truths
//! are joined by the rules of three-valued logic.

use std::cmp::Ordering;

use crate::grammar::{Comparison, Counted, Sign, Sum, Truth};
use crate::report::{CellId, Decimal, Span};

/// What is known of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its figure.
    Number(Decimal),
    /// It is blank, and its figure can't be below zero.
    Blank,
    /// Anything may stand there.
    Gap,
    /// It does not count: its row is not on this page, or another one stands for it.
    Gone,
    /// Its table is not on this page.
    Absent,
}

/// Where figures come from.
pub(super) trait Figures {
    /// What is known of a term's cell.
    fn standing(&self, term: &Counted) -> Standing;
    /// Where a cell of this page stands.
    fn span(&self, cell: CellId) -> Option<Span>;
}

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Holds,
    Open,
    Fails,
}

impl Verdict {
    fn of(holds: bool) -> Verdict {
        if holds { Verdict::Holds } else { Verdict::Fails }
    }

    fn opposite(self) -> Verdict {
        match self {
            Verdict::Holds => Verdict::Fails,
            Verdict::Open => Verdict::Open,
            Verdict::Fails => Verdict::Holds,
        }
    }
}

/// Judges truths, and keeps in mind what left them open.
pub(super) struct Judge<'f, F> {
    figures: &'f F,
    /// The cells that are no numbers and left something open.
    pub gaps: Vec<CellId>,
    /// Whether a table that is not there left something open.
    pub absent: bool,
}

/// A difference as far as it is known.
struct Reach {
    /// Where it stands to zero, blank cells left out.
    known: Ordering,
    /// Blank cells may make it larger.
    up: bool,
    /// Blank cells may make it smaller.
    down: bool,
}

impl<'f, F: Figures> Judge<'f, F> {
    pub(super) fn new(figures: &'f F) -> Judge<'f, F> {
        Judge { figures, gaps: Vec::new(), absent: false }
    }

    pub(super) fn forget(&mut self) {
        self.gaps.clear();
        self.absent = false;
    }

    pub(super) fn verdict(&mut self, truth: &Truth) -> Verdict {
        match truth {
            Truth::Known(known) => Verdict::of(*known),
            Truth::Compare(comparison) => self.compare(comparison),
            Truth::Whole(sum) => self.whole(sum),
            Truth::Not(inner) => self.verdict(inner).opposite(),
            Truth::All(parts) => self.joined(parts, Verdict::Fails),
            Truth::Any(parts) => self.joined(parts, Verdict::Holds),
            Truth::If(condition, then) => match self.verdict(condition) {
                Verdict::Fails => Verdict::Holds,
                Verdict::Holds => self.verdict(then),
                Verdict::Open if self.verdict(then) == Verdict::Holds => Verdict::Holds,
                Verdict::Open => Verdict::Open,
            },
        }
    }

    /// One `decisive` part settles it; without one, an open part leaves it open.
    fn joined(&mut self, parts: &[Truth], decisive: Verdict) -> Verdict {
        let mut all = decisive.opposite();
        for part in parts {
            match self.verdict(part) {
                verdict if verdict == decisive => return decisive,
                Verdict::Open => all = Verdict::Open,
                _ => {}
            }
        }
        all
    }

    fn compare(&mut self, comparison: &Comparison) -> Verdict {
        let Some(Reach { known, up, down }) = self.difference(comparison) else { return self.open(comparison) };
        // The difference is `known` and more where it may go up, and less where it may go down.
        let at_most = || match known {
            Ordering::Greater if !down => Verdict::Fails,
            Ordering::Less | Ordering::Equal if !up => Verdict::Holds,
            _ => Verdict::Open,
        };
        let at_least = || match known {
            Ordering::Less if !up => Verdict::Fails,
            Ordering::Greater | Ordering::Equal if !down => Verdict::Holds,
            _ => Verdict::Open,
        };
        let equal = || match known {
            Ordering::Less if !up => Verdict::Fails,
            Ordering::Greater if !down => Verdict::Fails,
            Ordering::Equal if !up && !down => Verdict::Holds,
            _ => Verdict::Open,
        };
        let verdict = match comparison.sign {
            Sign::Equal => equal(),
            Sign::Unequal => equal().opposite(),
            Sign::AtMost => at_most(),
            Sign::Above => at_most().opposite(),
            Sign::AtLeast => at_least(),
            Sign::Below => at_least().opposite(),
        };
        if verdict == Verdict::Open { self.open(comparison) } else { verdict }
    }

    /// Left minus right. None where a gap may make it anything, or where it does not fit.
    fn difference(&self, comparison: &Comparison) -> Option<Reach> {
        let Comparison { left, right, .. } = comparison;
        let (mut up, mut down) = (false, false);
        let mut whole = left.constant.checked_sub(right.constant)?;
        let mut rest = Decimal::ZERO;
        for (term, times) in terms(comparison) {
            match self.figures.standing(term) {
                Standing::Gone => {}
                Standing::Number(number) => {
                    let small = number.to_i64().and_then(|number| number.checked_mul(times));
                    match small.and_then(|small| whole.checked_add(small)) {
                        Some(sum) => whole = sum,
                        None => rest = rest.plus(number.times(times)?)?,
                    }
                }
                // What stands on both sides is taken off both, whatever it is.
                Standing::Blank => match net(comparison, term) {
                    0 => {}
                    1.. => up = true,
                    _ => down = true,
                },
                Standing::Gap | Standing::Absent if net(comparison, term) == 0 => {}
                Standing::Gap | Standing::Absent => return None,
            }
        }
        let known = if rest.is_zero() { whole.cmp(&0) } else { sign_of(rest.plus(Decimal::from(whole))?) };
        Some(Reach { known, up, down })
    }

    fn whole(&mut self, sum: &Sum) -> Verdict {
        let is_whole = |term: &Counted| match self.figures.standing(term) {
            Standing::Number(number) => number.is_whole(),
            Standing::Gone => true,
            Standing::Blank | Standing::Gap | Standing::Absent => false,
        };
        // Whole numbers have a whole sum: mostly nothing has to be added.
        if sum.terms.iter().all(is_whole) {
            return Verdict::Holds;
        }
        let value = total(sum, self.figures);
        match value {
            Some(value) => Verdict::of(value.is_whole()),
            None => {
                self.note(sum.terms.iter(), |_| true);
                Verdict::Open
            }
        }
    }

    fn open(&mut self, comparison: &Comparison) -> Verdict {
        self.note(terms(comparison).map(|(term, _)| term), |term| net(comparison, term) != 0);
        Verdict::Open
    }

    /// Keeps in mind which of the terms leave something open, as far as they matter.
    fn note<'t>(&mut self, terms: impl Iterator<Item = &'t Counted>, matters: impl Fn(&Counted) -> bool) {
        for term in terms {
            match self.figures.standing(term) {
                Standing::Number(_) | Standing::Gone => {}
                _ if !matters(term) => {}
                Standing::Blank | Standing::Gap => self.gaps.push(term.cell),
                Standing::Absent => self.absent = true,
            }
        }
    }
}

/// What a sum comes to. None where a cell is no number, or where it does not fit.
pub(super) fn total(sum: &Sum, figures: &impl Figures) -> Option<Decimal> {
    sum.terms.iter().try_fold(Decimal::from(sum.constant), |total, term| match figures.standing(term) {
        Standing::Gone => Some(total),
        Standing::Number(number) => total.plus(number.times(term.times)?),
        Standing::Blank | Standing::Gap | Standing::Absent => None,
    })
}

/// The same with blank cells left out.
pub(super) fn least(sum: &Sum, figures: &impl Figures) -> Option<Decimal> {
    sum.terms.iter().try_fold(Decimal::from(sum.constant), |total, term| match figures.standing(term) {
        Standing::Gone | Standing::Blank => Some(total),
        Standing::Number(number) => total.plus(number.times(term.times)?),
        Standing::Gap | Standing::Absent => None,
    })
}

/// The terms of both sides, with how many times they count in left minus right.
fn terms(comparison: &Comparison) -> impl Iterator<Item = (&Counted, i64)> {
    let left = comparison.left.terms.iter().map(|term| (term, term.times));
    left.chain(comparison.right.terms.iter().map(|term| (term, term.times.saturating_neg())))
}

/// How many times the cell of `term` counts in left minus right.
fn net(comparison: &Comparison, term: &Counted) -> i64 {
    let same = |other: &Counted| other.cell == term.cell && other.last == term.last;
    terms(comparison).filter(|(other, _)| same(other)).fold(0, |net, (_, times)| net.saturating_add(times))
}

fn sign_of(value: Decimal) -> Ordering {
    match (value.is_zero(), value.is_negative()) {
        (true, _) => Ordering::Equal,
        (_, true) => Ordering::Less,
        _ => Ordering::Greater,
    }
}

#[cfg(test)]
mod tests {
    use super::super::grid::Grid;
    use super::super::page::{report, small};
    use super::Verdict::{Fails, Holds, Open};
    use super::*;
    use crate::grammar::Check;
    use crate::report::Table;

    /// Judges a formula over the cells `a b c d e s`; the letters of `gaps` are the columns that leave it open.
    #[track_caller]
    fn check(formula: &str, cells: &str, expected: Verdict, gaps: &str) {
        let grammar = small(formula);
        let tables: Vec<Table> = report(&grammar, &format!("other = none\nt.x = {cells}")).tables;
        let grid = Grid::new(&tables, &grammar);
        let Check::Formula(instances) = &grammar.rules[0].check else { panic!("a formula") };
        let mut judge = Judge::new(&grid);
        let verdict = judge.verdict(&instances[0].truth);
        let name = |cell: &CellId| grammar.tables[0].columns[usize::from(cell.column)].id.clone();
        // Gaps mean something only where they leave the whole open.
        let found: String = judge.gaps.iter().filter(|_| verdict == Open).map(name).collect();
        assert_eq!((verdict, found.as_str()), (expected, gaps), "{formula}, {cells}");
    }

    #[test]
    fn figures() {
        check("a = b + c", "5 3 2 0 0 0", Holds, "");
        check("a = b + c", "5 3 1 0 0 0", Fails, "");
        check("a != b", "5 5 0 0 0 0", Fails, "");
        check("a < b", "5 5 0 0 0 0", Fails, "");
        check("a <= b and a >= b", "5 5 0 0 0 0", Holds, "");
        check("a > 2 * b - 1", "5 3 0 0 0 0", Fails, "");
        check("e = a + b", "1 0 0 0 1.5 0", Fails, "");
        check("2 * e = a", "3 0 0 0 1.5 0", Holds, "");
        check("whole(e)", "0 0 0 0 1.5 0", Fails, "");
        check("whole(2 * e)", "0 0 0 0 1.5 0", Holds, "");
        check("-s = a", "3 0 0 0 0 -3", Holds, "");
    }

    #[test]
    fn blanks_are_from_zero_up() {
        check("a = b + c + d", "5 3 2 blank 0 0", Open, "d");
        check("a = b + c + d", "5 4 3 blank 0 0", Fails, "");
        check("a = b + c - d", "5 3 2 blank 0 0", Open, "d");
        check("a = b + c - d", "5 3 1 blank 0 0", Fails, "");
        check("a = b + c - d", "5 3 blank blank 0 0", Open, "cd");
        check("a <= b + c", "5 5 blank 0 0 0", Holds, "");
        check("a <= b + c", "5 4 blank 0 0 0", Open, "c");
        check("a + c <= b", "5 5 blank 0 0 0", Open, "c");
        check("a + c <= b", "6 5 blank 0 0 0", Fails, "");
        check("a < b + c", "5 5 blank 0 0 0", Open, "c");
        check("a + c > b", "6 5 blank 0 0 0", Holds, "");
        check("a >= 0", "blank 0 0 0 0 0", Holds, "");
        check("a < 0", "blank 0 0 0 0 0", Fails, "");
        check("a != b + c", "5 6 blank 0 0 0", Holds, "");
        check("whole(a)", "blank 0 0 0 0 0", Open, "a");
        // A column of changes may hold anything.
        check("a = b + s", "5 6 0 0 0 blank", Open, "s");
    }

    #[test]
    fn other_gaps_are_anything() {
        for gap in ["dash", "none", "text", "missing"] {
            check("a = b + c", &format!("5 6 {gap} 0 0 0"), Open, "c");
            check("a >= 0", &format!("{gap} 0 0 0 0 0"), Open, "a");
            // What stands on both sides does not matter.
            check("a + c = b + c", &format!("5 5 {gap} 0 0 0"), Holds, "");
            check("a + 2 * c = b + c", &format!("5 5 {gap} 0 0 0"), Open, "cc");
        }
        check("a = b + other.x.a", "5 6 0 0 0 0", Open, "");
    }

    #[test]
    fn truths_are_three_valued() {
        for (formula, cells, expected, gaps) in [
            ("a = 1 or b = 1", "blank 1 0 0 0 0", Holds, ""),
            ("a = 1 or b = 1", "blank 2 0 0 0 0", Open, "a"),
            ("a = 1 and b = 1", "blank 1 0 0 0 0", Open, "a"),
            ("a = 1 and b = 1", "blank 2 0 0 0 0", Fails, ""),
            ("not a = 1", "blank 0 0 0 0 0", Open, "a"),
            ("not (a = 1 and b = 1)", "1 1 0 0 0 0", Fails, ""),
            ("if a = 1 then b = 1", "0 0 0 0 0 0", Holds, ""),
            ("if a = 1 then b = 1", "1 0 0 0 0 0", Fails, ""),
            ("if a = 1 then b = 1", "blank 1 0 0 0 0", Holds, ""),
            ("if a = 1 then b = 1", "blank 0 0 0 0 0", Open, "a"),
            ("if a = 1 then b = 1", "1 dash 0 0 0 0", Open, "b"),
        ] {
            check(formula, cells, expected, gaps);
        }
    }

    #[test]
    fn what_does_not_fit_is_open() {
        let large = "99999999999999999999999999999999999999";
        check("a + b = 1", &format!("{large} {large} 0 0 0 0"), Open, "");
        check("2 * a = 2 * b", &format!("{large} {large} 0 0 0 0"), Open, "");
        check("a = b", &format!("{large} {large} 0 0 0 0"), Holds, "");
        check("a = b + c", "9223372036854775808 9223372036854775807 1 0 0 0", Holds, "");
    }
}
