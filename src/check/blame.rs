//! Blame: which smallest set of cells explains that sums do not come out, and what would mend it.
//!
//! In: every assessed equation over cells, those that hold too, and what is known of the cells. Out: for each failing
//! equation the likeliest of the shortest explanations, or none. One wrong leaf breaks its row, its column and the
//! balance; since all equations are looked at together, that is one cause and not three. A cell in an equation that holds
//! can't be changed alone, so whatever holds narrows the choice. Nothing is mended here: it is advice.

mod cause;
mod looks;
mod moves;
mod search;
mod system;
#[cfg(test)]
mod tests;

use crate::report::{Blame, CellId, Decimal, Span};
use system::System;

/// One assessed equation: its cells, each so many times, and a constant come to zero where it holds.
#[derive(Clone, Debug)]
pub(super) struct Equation {
    /// The cells and how many times each of them counts.
    pub terms: Vec<(CellId, i64)>,
    /// What it comes to; zero where it holds.
    pub residual: Decimal,
    /// The total: the cell that stands alone on its side.
    pub lone: Option<CellId>,
    /// Whether a figure of the prose stands in it, which may be wrong instead of any cell.
    pub stated: bool,
}

impl Equation {
    /// Two sums that must be equal, by the terms that count on the page, and left minus right with all constants.
    pub fn new(left: &[(CellId, i64)], right: &[(CellId, i64)], residual: Decimal) -> Equation {
        let lone = match (left, right) {
            ([(cell, 1)], [_, _, ..]) | ([_, _, ..], [(cell, 1)]) => Some(*cell),
            _ => None,
        };
        let taken_off = right.iter().map(|(cell, times)| (*cell, times.saturating_neg()));
        Equation { terms: left.iter().copied().chain(taken_off).collect(), residual, lone, stated: false }
    }

    /// Cells whose sum the prose states: the sum minus what is stated.
    pub fn stated(terms: &[(CellId, i64)], residual: Decimal) -> Equation {
        Equation { terms: terms.to_vec(), residual, lone: None, stated: true }
    }

    fn fails(&self) -> bool {
        !self.residual.is_zero()
    }
}

/// What is known of a cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// What stands there.
    pub value: Decimal,
    /// Where.
    pub span: Option<Span>,
    /// Whether its column may be below zero.
    pub signed: bool,
    /// Whether its column may have decimals.
    pub decimal: bool,
}

/// For each equation the cause of its failure. None where it holds, where no few cells explain it, where it would take too
/// long to find them, and where the text alone is likelier to be wrong. A cell that is not known is never blamed.
pub(super) fn blame(equations: &[Equation], known: impl Fn(CellId) -> Option<Known>) -> Vec<Option<Blame>> {
    let mut blames = vec![None; equations.len()];
    if !equations.iter().any(Equation::fails) {
        return blames;
    }
    let system = System::new(equations, known);
    for group in system.failing_groups() {
        for cause in cause::likeliest(&system, &search::explain(&system, &group)) {
            let blame = cause.blame(&system);
            for equation in cause.explains {
                blames[equation].clone_from(&blame);
            }
        }
    }
    blames
}
