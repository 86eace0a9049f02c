//! `[prose]` and `[[statement]]`: how the prose of a form speaks of its figures.
//!
//! In: their keys, and the tables that they speak of. Out: [`Prose`], whose wordings are regular expressions over templates
//! (`grammars/README.md` says what stands in them), and a rule for each subject. With `like` the wordings of a built-in form are
//! taken over, as far as the form has the cells that they speak of.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::read::{Keys, Reader};
use super::rules::sum_of;
use super::{Check, Grammars, KeyWords, Kind, Pattern, Patterns, Prose, Rule, StatementForm, TableForm};
use crate::report::{Code, RuleId, Severity};

/// A string of the file and its place.
type Placed = (String, Range<usize>);

/// Reads both; the rules of statements are put behind the other rules.
pub(super) fn prose(
    reader: &mut Reader<'_>,
    keys: &mut Keys<'_, '_>,
    tables: &[TableForm],
    rules: &mut Vec<Rule>,
) -> Prose {
    let mut wordings = Wordings { tables, rules, words: Vec::new(), says: String::new(), patterns: Vec::new() };
    let mut prose = Prose::default();
    let own = keys.take("prose").and_then(|value| reader.keys(value));
    let mut own = own.unwrap_or_else(Keys::none);
    let like = reader.optional_string(&mut own, "like").and_then(|like| built_in(reader, like));
    match like {
        None => wordings.read(reader, own, keys, &mut prose),
        Some(text) => {
            // A test holds that the built-in files have no mistakes; what this form has no cells for is left out.
            let mut other_reader = Reader::new(text);
            let Ok(document) = DeTable::parse(text) else { return prose };
            let mut root = Keys::root(&document);
            let other = root.take("prose").and_then(|value| other_reader.keys(value)).unwrap_or_else(Keys::none);
            // Its words may be used by this form's own wordings, which go before its own.
            wordings.read(&mut other_reader, other, &mut Keys::none(), &mut prose);
            wordings.read(reader, own, keys, &mut prose);
            for statement in other_reader.tables(&mut root, "statement") {
                wordings.statement(&mut other_reader, statement, &mut prose, true);
            }
        }
    }
    prose.wordings = Patterns::unchecked(wordings.patterns);
    prose
}

fn built_in(reader: &mut Reader<'_>, (id, span): Placed) -> Option<&'static str> {
    let found = Grammars::BUILT_IN.iter().find(|(name, _)| name.strip_suffix(".toml") == Some(&id));
    if found.is_none() {
        let known: Vec<&str> = Grammars::BUILT_IN.iter().filter_map(|(name, _)| name.strip_suffix(".toml")).collect();
        reader.mistake(span, format!("`{id}` is no built-in grammar: they are {}", known.join(", ")));
    }
    found.map(|(_, text)| *text)
}

/// What is being read.
struct Wordings<'f> {
    tables: &'f [TableForm],
    rules: &'f mut Vec<Rule>,
    /// Fragments by name; a later one of a name stands before an earlier one.
    words: Vec<(String, String)>,
    /// The rule of statements in words.
    says: String,
    patterns: Vec<String>,
}

impl Wordings<'_> {
    /// Reads the keys of `[prose]`, and the `[[statement]]`s of `root`. What a key does not say stays as it is.
    fn read(&mut self, reader: &mut Reader<'_>, mut keys: Keys<'_, '_>, root: &mut Keys<'_, '_>, prose: &mut Prose) {
        self.fragments(reader, keys.take("words"));
        let lead = reader.strings(&mut keys, "lead");
        let lead: Vec<String> = lead.into_iter().filter_map(|text| self.pattern(reader, text)).collect();
        if !lead.is_empty() {
            prose.lead = Some(Pattern::unchecked(&format!("^(?:{})*$", lead.join("|"))));
        }
        let words = plain_words(reader.strings(&mut keys, "keys"));
        if !words.is_empty() {
            prose.keys = Some(KeyWords::new(&words));
        }
        for (key, list) in [("parts", &mut prose.parts), ("rest", &mut prose.rest)] {
            let words = plain_words(reader.strings(&mut keys, key));
            if !words.is_empty() {
                *list = words;
            }
        }
        if let Some((says, _)) = reader.optional_string(&mut keys, "says") {
            self.says = says;
        }
        reader.close(keys);
        for statement in reader.tables(root, "statement") {
            self.statement(reader, statement, prose, false);
        }
    }

    fn fragments(&mut self, reader: &mut Reader<'_>, value: Option<&Spanned<DeValue<'_>>>) {
        let Some(table) = value.and_then(|value| reader.keys(value)) else { return };
        for (name, _, value) in table.entries() {
            for text in reader.as_strings(value) {
                let text = self.pattern(reader, text);
                self.words.extend(text.map(|text| (name.clone(), text)));
            }
        }
    }

    /// A fragment or wording with the fragments that it names in their places.
    fn pattern(&self, reader: &mut Reader<'_>, (text, span): Placed) -> Option<String> {
        let mut out = String::new();
        let mut rest = text.as_str();
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}').map(|length| open + length) else { break };
            let name = &rest[open + 1..close];
            out.push_str(&rest[..open]);
            let word = self.words.iter().rev().find(|(word, _)| word == name);
            match word {
                Some((_, fragment)) => out.push_str(&format!("(?:{fragment})")),
                // `{2,20}` counts.
                None if !name.starts_with(|c: char| c.is_ascii_lowercase()) => out.push_str(&rest[open..=close]),
                None => {
                    let place = reader.inside(&span, &text, text.len() - rest.len() + open);
                    reader.mistake(place, format!("there is no word `{name}` before this: add it to `[prose.words]`"));
                    return None;
                }
            }
            rest = &rest[close + 1..];
        }
        out.push_str(rest);
        reader.pattern(&out, span).map(|_| out)
    }

    fn statement(&mut self, reader: &mut Reader<'_>, mut keys: Keys<'_, '_>, prose: &mut Prose, inherited: bool) {
        let span = keys.span();
        let row = reader.string(&mut keys, "row");
        let texts = reader.strings(&mut keys, "equals");
        let sums = texts.iter().map(|(text, span)| sum_of(reader, self.tables, text, span.clone()));
        let equals: Vec<_> = sums.collect::<Vec<_>>().into_iter().flatten().collect();
        let wordings = [("says", false), ("none", true)].map(|(key, none)| (reader.strings(&mut keys, key), none));
        let [about, only, unless] = ["about", "only", "unless"].map(|key| plain_words(reader.strings(&mut keys, key)));
        let whole = reader.bool(&mut keys, "whole");
        reader.close(keys);
        if texts.is_empty() {
            reader.mistake(span, "`equals` is missing: add the cell or the sum that the figure speaks of");
        }
        let Some((row, _)) = row.filter(|_| !inherited || equals.len() == texts.len()) else { return };
        for (texts, none) in wordings {
            for (text, place) in texts {
                if !none && text.matches('#').count() != 1 {
                    reader.mistake(place, "a wording needs one `#`, where the figure stands");
                    continue;
                }
                let text = self.pattern(reader, (text, place));
                if let Some(text) = text {
                    self.patterns.push(format!("(?:{text})$"));
                    prose.owners.push((prose.statements.len(), none));
                }
            }
        }
        let formula = texts.into_iter().map(|(text, _)| text).collect::<Vec<_>>().join(" | ");
        let rule = self.rule(format!("statement.{row}"), &formula);
        prose.statements.push(StatementForm { rule, equals, about, only, unless, whole });
    }

    /// The rule of that id, with `formula` among the ways to hold.
    fn rule(&mut self, id: String, formula: &str) -> RuleId {
        let found = self.rules.iter().position(|rule| rule.id == id);
        let index = found.unwrap_or_else(|| {
            self.rules.push(Rule {
                id,
                code: Code::StatementDiffers,
                severity: Severity::Warning,
                kind: Kind::TextAndTable,
                says: self.says.clone(),
                formula: String::new(),
                issuer: None,
                check: Check::Statements,
            });
            self.rules.len() - 1
        });
        if let Some(rule) =
            self.rules.get_mut(index).filter(|rule| !rule.formula.split(" | ").any(|way| way == formula))
        {
            let gap = if rule.formula.is_empty() { "" } else { " | " };
            rule.formula.push_str(gap);
            rule.formula.push_str(formula);
        }
        index as RuleId
    }
}

fn plain_words(list: Vec<Placed>) -> Vec<String> {
    list.into_iter().map(|(word, _)| word).collect()
}

#[cfg(test)]
mod tests {
    use crate::grammar::load;
    use crate::grammar::load::tests::SMALL;

    /// The mistakes of these lines, by line (from its first) and column.
    #[track_caller]
    fn check(lines: &str, expected: &[&str]) {
        let first = SMALL.lines().count() as u32;
        let mistakes: Vec<String> = match load("", &(SMALL.to_owned() + lines)) {
            Ok(_) => Vec::new(),
            Err(error) => error
                .mistakes
                .iter()
                .map(|mistake| format!("{}:{}: {}", mistake.line - first, mistake.column, mistake.message))
                .collect(),
        };
        assert_eq!(mistakes, expected);
    }

    #[test]
    fn mistakes_have_places() {
        let statement = "[[statement]]\nrow = 'x'\nequals = 't.x.a'\nsays = 'x#'\n";
        check(&format!("[prose]\nwords = {{ get = '收(?:到)?', many = '{{get}}多' }}\n{statement}"), &[]);
        check("[prose]\nlike = 'gid-2021'\n", &[]);
        check("[prose]\nlike = 'gid-1999'\n", &["2:8: `gid-1999` is no built-in grammar: they are gid-2021, gid-2019"]);
        check(
            "[prose]\nled = '共'\n",
            &["2:1: unknown key `led`: known here are like, words, lead, keys, parts, rest, says"],
        );
        check("[prose]\nlead = '共('\n", &["2:8: the pattern is not a regular expression: unclosed group"]);
        check(
            "[[statement]]\nrow = 'x'\nequals = 't.x.a'\nsays = '收{get}#'\n",
            &["4:10: there is no word `get` before this: add it to `[prose.words]`"],
        );
        check(
            "[[statement]]\nrow = 'x'\nequals = 't.x.a'\nsays = '收到'\n",
            &["4:8: a wording needs one `#`, where the figure stands"],
        );
        check(
            "[[statement]]\nrow = 'x'\nsays = '收到#'\n",
            &["1:1: `equals` is missing: add the cell or the sum that the figure speaks of"],
        );
        check(
            "[[statement]]\nrow = 'x'\nequals = 't.y.a'\nsays = '收到#'\n",
            &["3:11: `t.y.a` names no cell: write `table.row.column` with their ids"],
        );
    }

    #[test]
    fn a_form_takes_over_what_it_has_cells_for() {
        let subjects = |id: &str| -> Vec<String> {
            let grammars = crate::grammar::Grammars::built_in();
            let rules = grammars.get(id).map(|grammar| grammar.rules.clone()).unwrap_or_default();
            rules.into_iter().filter_map(|rule| Some(rule.id.strip_prefix("statement.")?.to_owned())).collect()
        };
        let (new, old) = (subjects("gid-2021"), subjects("gid-2019"));
        assert!(old.contains(&"denied".to_owned()) && new.contains(&"denied".to_owned()));
        // The form of 2019 has no amount of fees.
        assert!(new.contains(&"administrative_fees".to_owned()) && !old.contains(&"administrative_fees".to_owned()));
        assert!(load("", &(SMALL.to_owned() + "[prose]\nlike = 'gid-2021'\n")).is_ok_and(|g| g.rules.is_empty()));
    }
}
