//! The equations by number: integers instead of decimals, small indices instead of cells.
//!
//! In: equations and what is known of their cells. Out: a [`System`] that a search can step through without a look-up, and
//! the groups of equations in it that have to do with each other.

use super::{Equation, Known};
use crate::report::{CellId, Decimal, Span};

/// All equations and what could be wrong in them.
pub(super) struct System {
    /// What could be wrong: the cells in the form's order, then the figures of the prose.
    pub unknowns: Vec<Unknown>,
    /// By equation.
    pub equations: Vec<Linear>,
    /// How many digits after the point an integer of the system has.
    scale: i8,
}

/// A figure that could be otherwise.
pub(super) struct Unknown {
    /// The cell; none for a figure of the prose.
    pub cell: Option<CellId>,
    /// What stands there, in the system's integers; 0 for a figure of the prose, of which only the change matters.
    pub value: i128,
    /// Where it stands.
    pub span: Option<Span>,
    /// The equations that it stands in, and how many times.
    pub ties: Vec<(usize, i128)>,
    /// Whether it may be below zero.
    signed: bool,
    /// What it must be a multiple of.
    step: i128,
}

/// An equation in the system's integers.
pub(super) struct Linear {
    /// Its unknowns.
    pub unknowns: Vec<usize>,
    /// What it comes to; 0 where it holds.
    pub residual: i128,
    /// The total, where one unknown is the sum of the others.
    pub lone: Option<usize>,
    /// Whether all its numbers are small enough to reckon with.
    fits: bool,
}

/// Equations that share cells, at least one of which fails.
pub(super) struct Group {
    /// The equations, those with the fewest unknowns first.
    pub equations: Vec<usize>,
    /// The unknowns in them, in order.
    pub unknowns: Vec<usize>,
    /// The most equations that one of the unknowns stands in.
    pub most_ties: usize,
}

/// An unknown taken to be otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Change {
    pub unknown: usize,
    pub by: i128,
}

/// A cell, an equation that it stands in, and how many times.
type Tie = (CellId, usize, i64);

/// More digits after the point than any amount has.
const MOST_DECIMALS: i8 = 6;

impl System {
    pub fn new(equations: &[Equation], known: impl Fn(CellId) -> Option<Known>) -> System {
        let mut ties: Vec<Tie> = Vec::with_capacity(equations.iter().map(|e| e.terms.len()).sum());
        for (index, equation) in equations.iter().enumerate() {
            ties.extend(equation.terms.iter().map(|(cell, times)| (*cell, index, *times)));
        }
        ties.sort_unstable();
        let cells: Vec<(&[Tie], Known)> = ties
            .chunk_by(|a, b| a.0 == b.0)
            .filter_map(|ties| ties.first().and_then(|tie| known(tie.0)).map(|known| (ties, known)))
            .collect();

        let residuals = equations.iter().map(|equation| equation.residual);
        let scale = residuals.chain(cells.iter().map(|(_, known)| known.value)).map(decimals).max().unwrap_or(0);
        let whole = 10i128.pow(u32::from(scale.unsigned_abs()));
        let mut system = System { unknowns: Vec::with_capacity(cells.len()), equations: Vec::new(), scale };
        for equation in equations {
            let residual = system.integer(equation.residual);
            system.equations.push(Linear {
                unknowns: Vec::with_capacity(equation.terms.len() + usize::from(equation.stated)),
                residual: residual.unwrap_or(0),
                lone: None,
                fits: residual.is_some(),
            });
        }
        for (ties, known) in cells {
            let value = system.integer(known.value);
            let unknown = Unknown {
                cell: ties.first().map(|tie| tie.0),
                value: value.unwrap_or(0),
                span: known.span,
                ties: Vec::with_capacity(ties.len()),
                signed: known.signed,
                step: if known.decimal { 1 } else { whole },
            };
            system.add(unknown, ties.iter().map(|(_, equation, times)| (*equation, *times)), value.is_some());
        }
        for index in (0..equations.len()).filter(|index| equations[*index].stated) {
            let text = Unknown { cell: None, value: 0, span: None, ties: Vec::new(), signed: true, step: 1 };
            system.add(text, std::iter::once((index, -1)), true);
        }
        for (linear, equation) in system.equations.iter_mut().zip(equations) {
            let is_lone = |unknown: &usize| system.unknowns[*unknown].cell == equation.lone;
            // `a = b` has no parts.
            if equation.lone.is_some() && linear.unknowns.len() > 2 {
                linear.lone = linear.unknowns.iter().copied().find(is_lone);
            }
        }
        system
    }

    /// Adds an unknown with its ties, which stand in the order of the equations and may name one twice.
    fn add(&mut self, mut unknown: Unknown, ties: impl Iterator<Item = (usize, i64)>, fits: bool) {
        let index = self.unknowns.len();
        for (equation, times) in ties {
            match unknown.ties.last_mut() {
                Some(last) if last.0 == equation => last.1 += i128::from(times),
                _ => unknown.ties.push((equation, i128::from(times))),
            }
        }
        for (equation, times) in &unknown.ties {
            let linear = &mut self.equations[*equation];
            linear.fits &= fits && times.unsigned_abs() <= u128::from(u32::MAX);
            if *times != 0 {
                linear.unknowns.push(index);
            }
        }
        unknown.ties.retain(|(_, times)| *times != 0);
        self.unknowns.push(unknown);
    }

    /// The decimal in the system's integers, if it is small enough.
    fn integer(&self, decimal: Decimal) -> Option<i128> {
        decimal.shift(self.scale).and_then(Decimal::to_i64).map(i128::from)
    }

    /// A number of the system as a decimal.
    pub fn decimal(&self, integer: i128) -> Option<Decimal> {
        i64::try_from(integer).ok().and_then(|integer| Decimal::from(integer).shift(-self.scale))
    }

    /// Whether what then stood there could be a figure of its column. It also keeps all sums far from overflow.
    pub fn allows(&self, change: Change) -> bool {
        let unknown = &self.unknowns[change.unknown];
        let mended = unknown.value + change.by;
        (unknown.signed || mended >= 0) && mended % unknown.step == 0 && i64::try_from(mended).is_ok()
    }

    /// The equations that the unknown stands in, and how many times.
    pub fn ties(&self, unknown: usize) -> &[(usize, i128)] {
        &self.unknowns[unknown].ties
    }

    /// Whether the equation fails as it stands on the page.
    pub fn fails(&self, equation: usize) -> bool {
        self.equations[equation].residual != 0
    }

    /// The groups in which something fails, in the order of their first failure. A group with numbers too large is left out.
    pub fn failing_groups(&self) -> Vec<Group> {
        let mut seen = vec![false; self.equations.len()];
        let mut reached = vec![false; self.unknowns.len()];
        let mut groups = Vec::new();
        for first in 0..self.equations.len() {
            if !self.fails(first) || std::mem::replace(&mut seen[first], true) {
                continue;
            }
            let mut group = Group { equations: vec![first], unknowns: Vec::new(), most_ties: 0 };
            let mut next = 0;
            while let Some(equation) = group.equations.get(next) {
                next += 1;
                for unknown in self.equations[*equation].unknowns.iter().copied() {
                    if std::mem::replace(&mut reached[unknown], true) {
                        continue;
                    }
                    group.unknowns.push(unknown);
                    group.most_ties = group.most_ties.max(self.ties(unknown).len());
                    let fresh = |equation: &usize| !std::mem::replace(&mut seen[*equation], true);
                    group.equations.extend(self.ties(unknown).iter().map(|tie| tie.0).filter(fresh));
                }
            }
            if group.equations.iter().all(|equation| self.equations[*equation].fits) {
                group.equations.sort_unstable_by_key(|equation| (self.equations[*equation].unknowns.len(), *equation));
                group.unknowns.sort_unstable();
                groups.push(group);
            }
        }
        groups
    }
}

/// How many digits stand after the point.
fn decimals(value: Decimal) -> i8 {
    (0..MOST_DECIMALS).find(|power| value.shift(*power).is_none_or(Decimal::is_whole)).unwrap_or(MOST_DECIMALS)
}
