//! From failing rules to their causes: every assessed sum of a page becomes an equation, and [`super::blame`] looks for the
//! fewest cells that explain those that fail. What the prose states of a cell counts as one more equation.

use super::blame::{Equation, Known, blame};
use super::evaluate::{Figures, least, total};
use super::grid::Grid;
use super::prose::Read;
use super::{Failed, Outcome, breach, rules};
use crate::grammar::{Check, Comparison, Grammar, Instance, Kind, Rule, Sign, Sum, Truth};
use crate::report::CellId;

/// No report has more of them, but a page may.
const MOST_STATEMENTS: usize = 200;

/// Gives each finding of a sum that does not come out its cause, where there is one.
pub(super) fn causes(grammar: &Grammar, grid: &Grid<'_>, statements: &mut [Read], outcome: &mut Outcome) {
    let of_prose = |read: &Read| read.finding.is_some() && read.off.is_some();
    if outcome.failed.is_empty() && !statements.iter().any(of_prose) {
        return;
    }
    let mut equations = Vec::new();
    let mut findings: Vec<Option<usize>> = Vec::new();
    for (id, rule) in rules(grammar) {
        let Check::Formula(instances) = &rule.check else { continue };
        for (index, instance) in instances.iter().enumerate().filter(|(_, instance)| is_equation(rule, instance)) {
            let Truth::Compare(comparison) = &instance.truth else { continue };
            let failed = Failed { rule: id, instance: index };
            let finding = outcome.failed.iter().find(|(other, _)| *other == failed).map(|(_, finding)| *finding);
            let Some(equation) = equation(comparison, grid, finding.is_some()) else { continue };
            equations.push(equation);
            findings.push(finding);
        }
    }
    let first_statement = equations.len();
    let mut stated: Vec<usize> = Vec::new();
    for (index, read) in statements.iter().enumerate().take(MOST_STATEMENTS) {
        if let Some(off) = read.off {
            let terms: Vec<(CellId, i64)> = read.statement.cells.iter().map(|cell| (*cell, 1)).collect();
            equations.push(Equation::stated(&terms, off));
            stated.push(index);
        }
    }
    let known = |cell: CellId| {
        let column = grammar.tables.get(usize::from(cell.table))?.columns.get(usize::from(cell.column))?;
        let value = grid.number(cell)?;
        Some(Known { value, span: grid.span(cell), signed: column.signed, decimal: column.decimal })
    };
    for (index, cause) in blame(&equations, known).into_iter().enumerate() {
        let Some(cause) = cause else { continue };
        let finding = match index.checked_sub(first_statement) {
            None => findings.get(index).copied().flatten().and_then(|finding| outcome.findings.get_mut(finding)),
            Some(index) => stated.get(index).and_then(|read| statements.get_mut(*read)?.finding.as_deref_mut()),
        };
        if let Some(finding) = finding {
            finding.blame = Some(Box::new(cause));
        }
    }
}

/// Whether the rule says there what must be equal, whoever reports.
pub(super) fn is_equation(rule: &Rule, instance: &Instance) -> bool {
    let equal = matches!(&instance.truth, Truth::Compare(comparison) if comparison.sign == Sign::Equal);
    equal && rule.kind != Kind::AcrossYears && rule.issuer.is_none()
}

/// The comparison as an equation; none where a figure is not known. One that fails does so whatever stands in its blank
/// cells, so there the least that they may hold shows how far off it is.
fn equation(comparison: &Comparison, grid: &Grid<'_>, fails: bool) -> Option<Equation> {
    let Comparison { left, right, .. } = comparison;
    let of = |sum: &Sum| if fails { least(sum, grid) } else { total(sum, grid) };
    let residual = of(left)?.plus(of(right)?.negated())?;
    let terms =
        |sum: &Sum| -> Vec<(CellId, i64)> { breach::present(sum, grid).map(|term| (term.cell, term.times)).collect() };
    Some(Equation::new(&terms(left), &terms(right), residual))
}
