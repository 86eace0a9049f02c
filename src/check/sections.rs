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
        // Its first words mostly settle it.
        if index == 0 && matches(&folded(head(words))) {
            return true;
        }
        all.push_str(&folded(words));
    }
    matches(&all)
}

/// The first words of a paragraph.
fn head(words: &str) -> &str {
    const LENGTH: usize = 80;
    words.char_indices().nth(LENGTH).map_or(words, |(end, _)| &words[..end])
}

/// Headings within a section are words of it too: some write their points as headings.
fn words(block: &Block) -> Option<Span> {
    match block {
        Block::Paragraph(span) => Some(*span),
        Block::Heading { text, .. } => Some(*text),
        Block::Table(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::page::{built_in, judged, report, with_section};

    #[track_caller]
    fn check(section: &str, words: &str, expected: &[&str]) {
        let grammar = built_in("gid-2021");
        let report = with_section(report(&grammar, ""), &grammar, section, words);
        assert_eq!(judged(report, &grammar).0, expected, "{words}");
    }

    #[test]
    fn a_section_that_says_nothing() {
        for nothing in ["", "无", "无。", "暂无", " 没 有 。", "（无）", "暫無", "\u{2F46}"] {
            check("problems_improvements", nothing, &["section.empty -.- - -"]);
        }
        for something in ["没有专职人员。", "一是主动公开不够全面。", "公开不及时"] {
            check("problems_improvements", something, &[]);
        }
        // A section that is not there has been missed already.
        check("overview", "无", &[]);
    }

    #[test]
    fn the_fee() {
        for silent in ["", "无", "无其他需要报告的事项。", "2024年，办理代表建议12件。"] {
            check("other_matters", silent, &["other_matters.fee -.- - -"]);
        }
        for spoken in [
            "本年度未收取信息处理费。",
            "我局未产生政府信息公开信息处理费用",
            "没有向申请人收取任何费用。",
            "2024年依申请公开收费0元",
            "本機關未收取資訊處 理費",
            "按规定收取政府信息公开信息处理的费共120元",
        ] {
            check("other_matters", spoken, &[]);
        }
    }
}
