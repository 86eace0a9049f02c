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
        let value = total(sum, self.figures);
        match value {
            Some(value) => Verdict::of(value.is_whole()),
            None => {
                self.note(sum.terms.iter());
                Verdict::Open
            }
        }
    }

    fn open(&mut self, comparison: &Comparison) -> Verdict {
        self.note(terms(comparison).map(|(term, _)| term).filter(|term| net(comparison, term) != 0));
        Verdict::Open
    }

    /// Keeps in mind which of the terms leave something open.
    fn note<'t>(&mut self, terms: impl Iterator<Item = &'t Counted>) {
        for term in terms {
            match self.figures.standing(term) {
                Standing::Number(_) | Standing::Gone => {}
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
