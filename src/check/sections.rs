//! What the sections of the form must speak of.

use super::tables::{folded, is_for};
use super::{Outcome, rules};
use crate::grammar::{Check, Grammar, Pattern};
use crate::report::{Block, Finding, Report, Section, Span};

/// Judges the rules that ask a section to say something. A section that was not found is not judged.
pub(super) fn sections(report: &Report<'_>, grammar: &Grammar, outcome: &mut Outcome) {
    for (id, rule) in rules(grammar) {
        let Check::Mentions(section, patterns) = &rule.check else { continue };
        let Some(section) = report.sections.iter().find(|found| found.id == *section) else { continue };
        if mentions(report, section, patterns) || !is_for(rule, report.issuer.as_deref()) {
            continue;
        }
        let finding = Finding {
            rule: Some(id),
            severity: rule.severity,
            section: Some(section.id),
            ..Finding::new(rule.code).at(section.heading)
        };
        outcome.findings.push(finding);
    }
}

fn mentions(report: &Report<'_>, section: &Section, patterns: &[Pattern]) -> bool {
    let matches = |words: &str| patterns.iter().filter_map(Pattern::regex).any(|regex| regex.is_match(words));
    let mut all = String::new();
    for (index, span) in section.blocks.iter().filter_map(words).enumerate() {
        let Some(words) = report.plain().get(span.start as usize..span.end as usize) else { continue };
        all.push_str(&folded(words));
        // The first paragraph mostly settles it.
        if index == 0 && matches(&all) {
            return true;
        }
    }
    matches(&all)
}

/// Headings within a section are words of it too: some write their points as headings.
fn words(block: &Block) -> Option<Span> {
    match block {
        Block::Paragraph(span) => Some(*span),
        Block::Heading { text, .. } => Some(*text),
        Block::Table(_) => None,
    }
}
