//! A grammar file becomes a [`Grammar`]: values are read, names are resolved, labels become keys.
//!
//! Everything that can be said against a file is said at once, in the file's order.

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::heads::Heads;
use super::needed::Needed;
use super::read::{Keys, Reader};
use super::rules::rules;
use super::statements::prose;
use super::table::table;
use super::{Grammar, GrammarError, Label, Mistake, Pattern, Sample, SectionForm, Sieve, TableForm};
use crate::layout::numbering;
use crate::report::SectionId;

/// Loads the grammar file `text`; `name` is what errors call it.
pub fn load(name: &str, text: &str) -> Result<Grammar, GrammarError> {
    let fail = |mistakes: Vec<Mistake>| GrammarError { name: name.to_owned(), mistakes };
    let mut reader = Reader::new(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        for error in errors {
            reader.mistake(error.span().unwrap_or(0..0), error.message().to_owned());
        }
        return Err(fail(reader.finish()));
    }
    let grammar = grammar(&mut reader, Keys::root(&document));
    match (grammar, reader.finish()) {
        (Some(grammar), mistakes) if mistakes.is_empty() => Ok(grammar),
        (_, mistakes) => Err(fail(mistakes)),
    }
}

/// Words that stand for other words in some reports: each word with its variants.
pub(super) type Words = Vec<(String, Vec<String>)>;

fn grammar(reader: &mut Reader<'_>, mut keys: Keys<'_, '_>) -> Option<Grammar> {
    let id = id(reader, &mut keys);
    let title = reader.string(&mut keys, "title");
    let source = reader.string(&mut keys, "source");
    let years = years(reader, &mut keys);
    let words = words(reader, &mut keys);
    let (endings, stated) = report(reader, &mut keys, &words);

    let mut sections = Vec::new();
    let mut tables: Vec<TableForm> = Vec::new();
    for section_keys in reader.tables(&mut keys, "section") {
        section(reader, section_keys, &words, &mut sections, &mut tables);
    }
    if sections.is_empty() {
        reader.mistake(0..0, "there is no section: add `[[section]]` with `id` and `heading`");
    }
    let rule_keys = reader.tables(&mut keys, "rule");
    let mut rules = rules(reader, rule_keys, &sections, &tables);
    let prose = prose(reader, &mut keys, &tables, &mut rules);
    let sample_keys = reader.tables(&mut keys, "sample");
    let heads = Heads::of(sections.iter().flat_map(|section| &section.headings));
    let sieve = Sieve::new(&tables, &rules);
    let mut grammar = Grammar {
        id: id.unwrap_or_default(),
        title: title.map(|(title, _)| title).unwrap_or_default(),
        source: source.map(|(source, _)| source).unwrap_or_default(),
        years: years.unwrap_or((0, None)),
        endings,
        stating: Needed::by(stated.iter().map(|pattern| pattern.text.as_str())),
        stated,
        sections,
        tables,
        rules,
        sieve,
        prose,
        samples: Vec::new(),
        heads,
    };
    for sample_keys in sample_keys {
        let sample = sample(reader, sample_keys, &grammar);
        grammar.samples.extend(sample);
    }
    reader.close(keys);
    Some(grammar)
}

fn id(reader: &mut Reader<'_>, keys: &mut Keys<'_, '_>) -> Option<String> {
    let (id, span) = reader.string(keys, "id")?;
    let sound = id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-');
    if !sound {
        reader
            .mistake(span, format!("`{id}` is no id: use small letters, digits, `_` and `-`, and begin with a letter"));
    }
    Some(id)
}

/// An id that none of `taken` has yet.
pub(super) fn unique_id<'i>(
    reader: &mut Reader<'_>,
    keys: &mut Keys<'_, '_>,
    mut taken: impl Iterator<Item = &'i String>,
    what: &str,
) -> Option<String> {
    let span = keys.span();
    let id = id(reader, keys)?;
    if taken.any(|other| *other == id) {
        reader.mistake(span, format!("there is a {what} `{id}` already: give this one another id"));
    }
    Some(id)
}

fn years(reader: &mut Reader<'_>, keys: &mut Keys<'_, '_>) -> Option<(u16, Option<u16>)> {
    let Some(value) = keys.take("years") else {
        reader.mistake(0..0, "`years` is missing: add `years = { from = 2021 }`, with `to` if the form has ended");
        return None;
    };
    let mut years = reader.keys(value)?;
    let from = reader.year(&mut years, "from");
    let to = reader.year(&mut years, "to");
    if from.is_none() {
        reader.mistake(value.span(), "`years` needs `from`, the first report year");
    }
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        reader.mistake(value.span(), format!("`to = {to}` is before `from = {from}`"));
    }
    reader.close(years);
    Some((from?, to))
}

fn words(reader: &mut Reader<'_>, keys: &mut Keys<'_, '_>) -> Words {
    let Some(value) = keys.take("words") else { return Vec::new() };
    let Some(table) = reader.keys(value) else { return Vec::new() };
    let plain = |word: &str| crate::text::key(word);
    table
        .entries()
        .into_iter()
        .map(|(word, _, variants)| {
            let variants = reader.as_strings(variants);
            (plain(&word), variants.iter().map(|(variant, _)| plain(variant)).collect())
        })
        .collect()
}

fn report(reader: &mut Reader<'_>, keys: &mut Keys<'_, '_>, words: &Words) -> (Vec<Label>, Vec<Pattern>) {
    let Some(value) = keys.take("report") else {
        reader.mistake(0..0, "`[report]` is missing: add it with `endings`, the words that titles end with");
        return (Vec::new(), Vec::new());
    };
    let Some(mut table) = reader.keys(value) else { return (Vec::new(), Vec::new()) };
    let mut endings = labels(reader, &mut table, "endings", words);
    endings.sort_by_key(|label| std::cmp::Reverse(label.key.len()));
    let mut stated = Vec::new();
    for (pattern, span) in reader.strings(&mut table, "stated") {
        match reader.pattern(&pattern, span.clone()) {
            Some(_) if !pattern.contains("<issuer>") => {
                reader.mistake(span, "the pattern needs a group `(?P<issuer>…)`")
            }
            checked => stated.extend(checked),
        }
    }
    reader.close(table);
    (endings, stated)
}

/// The labels of a key that must be there, with the variants of their words after them.
pub(super) fn labels(reader: &mut Reader<'_>, keys: &mut Keys<'_, '_>, key: &'static str, words: &Words) -> Vec<Label> {
    let span = keys.span();
    let labels = optional_labels(reader, keys, key, words);
    if labels.is_empty() {
        reader.mistake(span, format!("`{key}` is missing: add `{key} = [\"…\"]` with the words as reports print them"));
    }
    labels
}

pub(super) fn optional_labels(
    reader: &mut Reader<'_>,
    keys: &mut Keys<'_, '_>,
    key: &'static str,
    words: &Words,
) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    for (shown, span) in reader.strings(keys, key) {
        let label = Label::new(&shown);
        if label.key.is_empty() {
            reader.mistake(span, format!("`{shown}` has no letter to be known by"));
        } else if labels.iter().any(|other| other.key == label.key) {
            reader.mistake(span, format!("`{shown}` is the same as another spelling before it: leave it out"));
        } else {
            labels.push(label);
        }
    }
    let variants: Vec<Label> = labels.iter().flat_map(|label| variants(label, words)).collect();
    labels.extend(variants);
    labels
}

fn variants(label: &Label, words: &Words) -> Vec<Label> {
    let key: String = label.key.iter().collect();
    words
        .iter()
        .filter(|(word, _)| key.contains(word.as_str()))
        .flat_map(|(word, variants)| variants.iter().map(|variant| key.replace(word.as_str(), variant)))
        .map(|key| Label { shown: label.shown.clone(), key: key.chars().collect() })
        .collect()
}

fn section(
    reader: &mut Reader<'_>,
    mut keys: Keys<'_, '_>,
    words: &Words,
    sections: &mut Vec<SectionForm>,
    tables: &mut Vec<TableForm>,
) {
    let id = unique_id(reader, &mut keys, sections.iter().map(|section| &section.id), "section");
    let ordinal = match reader.optional_string(&mut keys, "number") {
        None => sections.len() as u32 + 1,
        Some((number, span)) => {
            numbering(&format!("{number}、")).map(|numbering| numbering.ordinal).unwrap_or_else(|| {
                reader.mistake(span, format!("`{number}` is no number: write it as in the form, such as `一`"));
                0
            })
        }
    };
    let headings = labels(reader, &mut keys, "heading", words);
    let section = sections.len() as SectionId;
    for table_keys in reader.tables(&mut keys, "table") {
        let table = table(reader, table_keys, words, section, tables);
        tables.extend(table);
    }
    reader.close(keys);
    sections.push(SectionForm { id: id.unwrap_or_default(), ordinal, headings });
}

fn sample(reader: &mut Reader<'_>, mut keys: Keys<'_, '_>, grammar: &Grammar) -> Option<Sample> {
    let place = reader.place(keys.span().start);
    let text = reader.string(&mut keys, "text");
    let mut cells = BTreeMap::new();
    if let Some(value) = keys.take("cells")
        && let Some(table) = reader.keys(value)
    {
        for (name, span, value) in table.entries() {
            let mut parts = name.split('.');
            let found = match (parts.next(), parts.next(), parts.next(), parts.next()) {
                (Some(table), Some(row), Some(column), None) => grammar.cell(table, row, column),
                _ => None,
            };
            match (found, reader.as_strings(value).pop()) {
                (Some(cell), Some((expected, _))) => {
                    cells.insert(cell, expected);
                }
                (None, _) => {
                    reader.mistake(span, format!("`{name}` names no cell: write \"table.row.column\" with their ids"))
                }
                (_, None) => {}
            }
        }
    }
    reader.close(keys);
    Some(Sample { text: text?.0, place, cells: cells.into_iter().collect() })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A form with one cell.
    pub(in crate::grammar) const SMALL: &str = r#"
id = "small"
title = "表"
source = "某号"
years = { from = 2020 }
[report]
endings = ["报告"]
[[section]]
id = "only"
heading = ["情况"]
  [[section.table]]
  id = "t"
  columns = [{ id = "a", label = ["甲"] }]
  rows = [{ id = "x", label = ["天"] }]
"#;

    /// The mistakes in the small grammar after `old` in it was replaced by `new`.
    #[track_caller]
    fn check(old: &str, new: &str, expected: &[&str]) {
        assert!(SMALL.contains(old));
        let mistakes: Vec<String> = match load("g.toml", &SMALL.replacen(old, new, 1)) {
            Ok(_) => Vec::new(),
            Err(error) => error.to_string().lines().map(str::to_owned).collect(),
        };
        assert_eq!(mistakes, expected);
    }

    #[test]
    fn mistakes_have_places() {
        check("id", "id", &[]);
        check(
            "title",
            "titel",
            &[
                "g.toml:1:1: `title` is missing: add `title = \"…\"`",
                "g.toml:3:1: unknown key `titel`: known here are id, title, source, years, words, report, section, rule, prose, statement, sample",
            ],
        );
        check(
            "\"small\"",
            "\"Small\"",
            &["g.toml:2:6: `Small` is no id: use small letters, digits, `_` and `-`, and begin with a letter"],
        );
        check(
            "2020",
            "20",
            &["g.toml:5:9: `years` needs `from`, the first report year", "g.toml:5:18: `from` is a year such as 2021"],
        );
        check(
            "years = { from = 2020 }",
            "years = { from = 2020, to = 2019 }",
            &["g.toml:5:9: `to = 2019` is before `from = 2020`"],
        );
        check("[\"天\"]", "[\"天\", \"、\"]", &["g.toml:14:37: `、` has no letter to be known by"]);
        check(
            "[{ id = \"x\", label = [\"天\"] }]",
            "[{ id = \"x\", label = [\"天\"] }, { id = \"y\", label = [\"天\"] }]",
            &["g.toml:14:40: one label fits this row and the row `x`: give them different labels or numbers"],
        );
        check(
            "label = [\"甲\"]",
            "label = [\"甲\"], unit = \"斤\"",
            &["g.toml:13:48: `斤` is no known unit: use 件, 项, 条, 次, 人, 元, 万元 or the like"],
        );
        check("id = \"only\"", "id = 3", &["g.toml:9:6: a string is expected here, not an integer"]);
        check("[report]", "[report", &["g.toml:6:8: unclosed table, expected `]`"]);
        check(
            "[[section]]",
            "[[sample]]\ntext = \"\"\ncells = { \"t.x.b\" = \"1\" }\n[[section]]",
            &["g.toml:10:11: `t.x.b` names no cell: write \"table.row.column\" with their ids"],
        );
    }
}
