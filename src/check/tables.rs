//! The rules over figures of one report.

use super::evaluate::{Figures, Judge, Verdict};
use super::{Outcome, breach, rules};
use crate::grammar::{Check, Grammar, Instance, Kind, Rule};
use crate::report::{CellId, Open, Report};
use crate::text::{clean, simplify};

/// Judges every formula in every of its places.
pub(super) fn tables(report: &Report<'_>, grammar: &Grammar, figures: &impl Figures, outcome: &mut Outcome) {
    let mut judge = Judge::new(figures);
    for (id, rule) in rules(grammar).filter(|(_, rule)| rule.kind != Kind::AcrossYears) {
        let Check::Formula(instances) = &rule.check else { continue };
        for instance in instances {
            judge.forget();
            match judge.verdict(&instance.truth) {
                Verdict::Holds => {}
                // A body is looked at only where there is something to say: its pattern is rarely needed.
                Verdict::Fails if is_for(rule, report.issuer.as_deref()) => {
                    outcome.findings.push(breach::finding(id, rule, instance, figures));
                }
                Verdict::Open if !judge.absent && !is_of_itself(instance, &judge.gaps) => {
                    if is_for(rule, report.issuer.as_deref()) {
                        let mut gaps = std::mem::take(&mut judge.gaps);
                        gaps.sort_unstable();
                        gaps.dedup();
                        outcome.open.push(Open { rule: id, gaps });
                    }
                }
                Verdict::Fails | Verdict::Open => {}
            }
        }
    }
}

/// Whether the rule is for that body. What nobody is known to have written is not judged by who wrote it.
pub(super) fn is_for(rule: &Rule, issuer: Option<&str>) -> bool {
    let Some(pattern) = &rule.issuer else { return true };
    let Some(issuer) = issuer else { return false };
    pattern.regex().is_some_and(|regex| regex.is_match(&folded(issuer)))
}

/// Words as the patterns of rules see them: clean, simplified, without blanks.
pub(super) fn folded(words: &str) -> String {
    let mut words = simplify(&clean(words));
    words.retain(|c| !c.is_whitespace());
    words
}

/// Whether the only gap is the cell that the rule is for: where no figure stands, nothing is to be judged.
fn is_of_itself(instance: &Instance, gaps: &[CellId]) -> bool {
    let (Some(table), Some(row), Some(column)) = (instance.table, instance.row, instance.column) else { return false };
    gaps.iter().all(|gap| *gap == CellId { table, row, column })
}
