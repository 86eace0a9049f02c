//! The figures of a report are held against the rules of its form.
//!
//! In: a [`Report`] and the [`Grammar`] that it was bound to. Out: findings for rules that do not hold, in the report, and a list
//! of those that can't be assessed. Rules over several years need several reports: [`remember`] keeps what they need of each,
//! [`across_years`] judges them. This room does not know how text was cut into cells.
//!
//! A gap is never a figure. What a blank cell holds is not known, only that it is not below zero; what stands behind a dash or
//! in a missing cell is not known at all. A rule fails only if it fails whatever stands there.

mod blame;
mod breach;
mod causes;
mod evaluate;
mod grid;
mod memory;
#[cfg(test)]
mod page;
mod prose;
mod sections;
mod series;
mod tables;

use crate::grammar::{Grammar, Grammars};
use crate::report::{Finding, Open, Report, RuleId};

pub use memory::Memory;
pub use series::{Yearly, across_years, remember};

/// What came of the rules.
#[derive(Default)]
struct Outcome {
    findings: Vec<Finding>,
    open: Vec<Open>,
    /// Where equations fail, each with the position of its finding.
    failed: Vec<(Failed, usize)>,
}

/// An equation in one place that fails.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Failed {
    rule: RuleId,
    /// The position of its instance in the rule.
    instance: usize,
}

/// Judges the rules of `grammar` that speak of one report alone, and writes into the report what came of them.
pub fn check(report: &mut Report<'_>, grammar: &Grammar) {
    judge(&mut memory::Known::default(), report, grammar);
}

/// The same for the grammar of the report, sooner by what `memory` keeps of earlier pages.
pub fn check_with_memory(memory: &mut Memory, report: &mut Report<'_>, grammars: &Grammars) {
    if let Some((index, grammar)) = report.grammar.and_then(|index| Some((index, grammars.list().get(index)?))) {
        judge(memory.of(grammars, index), report, grammar);
    }
}

fn judge(known: &mut memory::Known, report: &mut Report<'_>, grammar: &Grammar) {
    let mut outcome = Outcome::default();
    let grid = grid::Grid::new(&report.tables, grammar);
    let mut read = prose::read(known, report, grammar, &|sum| evaluate::total(sum, &grid));
    tables::tables(report, grammar, &grid, &mut outcome);
    causes::causes(grammar, &grid, &mut read, &mut outcome);
    sections::sections(report, grammar, &mut outcome);

    report.statements.reserve(read.len());
    for read in read {
        report.statements.push(read.statement);
        outcome.findings.extend(read.finding.map(|finding| *finding));
    }
    report.open.extend(outcome.open);
    if !outcome.findings.is_empty() {
        report.findings.extend(outcome.findings);
        in_order(&mut report.findings);
    }
}

/// Sorts findings by their place on the page, as `bind` does.
fn in_order(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| {
        (finding.span.map(|span| span.start), finding.code, finding.table, finding.row, finding.column)
    });
}

/// The rules with their ids.
fn rules(grammar: &Grammar) -> impl Iterator<Item = (RuleId, &crate::grammar::Rule)> {
    (0..).zip(&grammar.rules)
}
