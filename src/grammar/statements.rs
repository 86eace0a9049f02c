//! `[prose]` and `[[statement]]`: how the prose of a form speaks of its figures.
//!
//! In: their keys, and the tables that they speak of. Out: [`Prose`], whose wordings are regular expressions over templates
//! (`grammars/README.md` says what stands in them), and a rule for each subject.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::read::{Keys, Reader};
use super::rules::sum_of;
use super::{Check, Kind, Pattern, Patterns, Prose, Rule, StatementForm, TableForm};
use crate::report::{Code, RuleId, Severity};

/// Fragments of wordings by name.
type Words = Vec<(String, String)>;

/// Reads both; the rules of statements are put behind the other rules.
pub(super) fn prose(
    reader: &mut Reader<'_>,
    keys: &mut Keys<'_, '_>,
    tables: &[TableForm],
    rules: &mut Vec<Rule>,
) -> Prose {
    let mut prose = Prose::default();
    let mut words = Words::new();
    let mut says = None;
    if let Some(value) = keys.take("prose")
        && let Some(mut table) = reader.keys(value)
    {
        words = fragments(reader, table.take("words"));
        let lead: Vec<String> =
            reader.strings(&mut table, "lead").into_iter().filter_map(|text| pattern_text(reader, text, &words)).collect();
        prose.lead = Pattern::new(&format!("^(?:{})*$", lead.join("|"))).ok().filter(|_| !lead.is_empty());
        prose.parts = reader.strings(&mut table, "parts").into_iter().map(|(word, _)| word).collect();
        prose.rest = reader.strings(&mut table, "rest").into_iter().map(|(word, _)| word).collect();
        says = reader.string(&mut table, "says").map(|(says, _)| says);
        reader.close(table);
    }
    let mut wordings = Vec::new();
    for statement_keys in reader.tables(keys, "statement") {
        statement(reader, statement_keys, tables, &words, says.as_deref(), rules, &mut prose, &mut wordings);
    }
    prose.wordings = Patterns::new(wordings);
    prose
}

fn fragments(reader: &mut Reader<'_>, value: Option<&Spanned<DeValue<'_>>>) -> Words {
    let mut words = Words::new();
    let Some(table) = value.and_then(|value| reader.keys(value)) else { return words };
    for (name, _, value) in table.entries() {
        for text in reader.as_strings(value) {
            let text = pattern_text(reader, text, &words);
            words.extend(text.map(|text| (name.clone(), text)));
        }
    }
    words
}

/// A fragment or wording with the fragments that it names in their places.
fn pattern_text(reader: &mut Reader<'_>, (text, span): (String, Range<usize>), words: &Words) -> Option<String> {
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|length| open + length) else { break };
        let name = &rest[open + 1..close];
        out.push_str(&rest[..open]);
        // `{2,20}` counts.
        if name.starts_with(|c: char| c.is_ascii_lowercase()) {
            match words.iter().find(|(word, _)| word == name) {
                Some((_, fragment)) => out.push_str(&format!("(?:{fragment})")),
                None => {
                    reader.mistake(span.clone(), format!("there is no word `{name}` before this: add it to `[prose.words]`"));
                    return None;
                }
            }
        } else {
            out.push_str(&rest[open..=close]);
        }
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    match Pattern::new(&out) {
        Ok(_) => Some(out),
        Err(error) => {
            let message = super::load::last_line(&error).to_owned();
            reader.mistake(span, format!("the pattern is not a regular expression: {message}"));
            None
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn statement(
    reader: &mut Reader<'_>,
    mut keys: Keys<'_, '_>,
    tables: &[TableForm],
    words: &Words,
    says: Option<&str>,
    rules: &mut Vec<Rule>,
    prose: &mut Prose,
    wordings: &mut Vec<Pattern>,
) {
    let span = keys.span();
    let row = reader.string(&mut keys, "row");
    let sums = reader.strings(&mut keys, "equals");
    let texts: Vec<(String, Range<usize>)> = sums.clone();
    let equals: Vec<_> = sums.into_iter().filter_map(|(text, span)| sum_of(reader, tables, &text, span)).collect();
    for (key, none) in [("says", false), ("none", true)] {
        for (text, place) in reader.strings(&mut keys, key) {
            if !none && text.matches('#').count() != 1 {
                reader.mistake(place.clone(), "a wording needs one `#`, where the figure stands");
                continue;
            }
            if let Some(text) = pattern_text(reader, (text, place), words)
                && let Ok(pattern) = Pattern::new(&format!("(?:{text})$"))
            {
                wordings.push(pattern);
                prose.owners.push((prose.statements.len(), none));
            }
        }
    }
    let word_list = |list: Vec<(String, Range<usize>)>| list.into_iter().map(|(word, _)| word).collect();
    let about = word_list(reader.strings(&mut keys, "about"));
    let unless = word_list(reader.strings(&mut keys, "unless"));
    let whole = reader.bool(&mut keys, "whole");
    reader.close(keys);
    if texts.is_empty() {
        reader.mistake(span, "`equals` is missing: add the cell or the sum that the figure speaks of");
    }
    let Some((row, _)) = row else { return };
    let id = format!("statement.{row}");
    let formula = texts.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(" | ");
    let rule = match rules.iter().position(|rule| rule.id == id) {
        Some(rule) => {
            let formulas = &mut rules[rule].formula;
            if !formulas.contains(&formula) {
                formulas.push_str(" | ");
                formulas.push_str(&formula);
            }
            rule
        }
        None => {
            rules.push(Rule {
                id,
                code: Code::StatementDiffers,
                severity: Severity::Warning,
                kind: Kind::TextAndTable,
                says: says.unwrap_or_default().to_owned(),
                formula,
                issuer: None,
                check: Check::Statements,
            });
            rules.len() - 1
        }
    };
    prose.statements.push(StatementForm { rule: rule as RuleId, equals, about, unless, whole });
}
