//! Reading a TOML document value by value, collecting every mistake with its place.
//!
//! In: spanned tables of the `toml` crate. Out: typed values, or a mistake in the list. A key that nobody asked for is a
//! mistake too, so a misspelt key is never a silent skip.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Grammars, Mistake, Pattern};
use crate::text::Lines;

/// The mistakes of one file.
pub(super) struct Reader<'t> {
    text: &'t str,
    lines: Lines,
    mistakes: Vec<Mistake>,
    built_in: bool,
}

/// A table with the keys that were asked for.
pub(super) struct Keys<'v, 't> {
    table: Option<&'v DeTable<'t>>,
    span: Range<usize>,
    asked: Vec<&'static str>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Reader<'t> {
        // A test holds that a copy of each built-in file has no mistakes.
        let built_in = Grammars::BUILT_IN.iter().any(|(_, own)| std::ptr::eq(*own, text));
        Reader { text, lines: Lines::new(text), mistakes: Vec::new(), built_in }
    }

    /// The regular expression `text`, checked. Those of the built-in files are known to be sound, and checking them would take
    /// longer than reading a page.
    pub(super) fn pattern(&mut self, text: &str, span: Range<usize>) -> Option<Pattern> {
        if self.built_in {
            return Some(Pattern::unchecked(text));
        }
        let checked = Pattern::new(text);
        if let Err(error) = &checked {
            let reason = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
            self.mistake(span, format!("the pattern is not a regular expression: {reason}"));
        }
        checked.ok()
    }

    pub(super) fn mistake(&mut self, span: Range<usize>, message: impl Into<String>) {
        let (line, column) = self.place(span.start);
        self.mistakes.push(Mistake { line, column, message: message.into() });
    }

    pub(super) fn place(&self, offset: usize) -> (u32, u32) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        (self.lines.line(offset as u32), self.lines.column(self.text, offset as u32))
    }

    /// The place of byte `at` of a string that stands at `span` of the file and was read as `value`. Where escapes make the two
    /// differ, the string as a whole.
    pub(super) fn inside(&self, span: &Range<usize>, value: &str, at: usize) -> Range<usize> {
        let written = self.text.get(span.clone()).unwrap_or_default();
        match written.rfind(value) {
            Some(start) if !value.is_empty() => {
                let place = span.start + start + at;
                place..place
            }
            _ => span.clone(),
        }
    }

    /// Every mistake, in the file's order.
    pub(super) fn finish(mut self) -> Vec<Mistake> {
        self.mistakes.sort();
        self.mistakes.dedup();
        self.mistakes
    }

    /// `value` as a table.
    pub(super) fn keys<'v, 'd>(&mut self, value: &'v Spanned<DeValue<'d>>) -> Option<Keys<'v, 'd>> {
        match value.get_ref().as_table() {
            Some(table) => Some(Keys { table: Some(table), span: value.span(), asked: Vec::new() }),
            None => {
                self.mistake(value.span(), format!("a table is expected here, not {}", article(value.get_ref())));
                None
            }
        }
    }

    /// Says which keys nobody asked for.
    pub(super) fn close(&mut self, keys: Keys<'_, '_>) {
        for key in
            keys.table.iter().flat_map(|table| table.keys()).filter(|key| !keys.asked.contains(&key.get_ref().as_ref()))
        {
            let known = keys.asked.join(", ");
            self.mistake(key.span(), format!("unknown key `{}`: known here are {known}", key.get_ref()));
        }
    }

    /// A string that must be there.
    pub(super) fn string(&mut self, keys: &mut Keys<'_, '_>, key: &'static str) -> Option<(String, Range<usize>)> {
        match keys.take(key) {
            None => {
                self.mistake(keys.span.clone(), format!("`{key}` is missing: add `{key} = \"…\"`"));
                None
            }
            Some(value) => self.as_string(value),
        }
    }

    /// A string that may be there.
    pub(super) fn optional_string(
        &mut self,
        keys: &mut Keys<'_, '_>,
        key: &'static str,
    ) -> Option<(String, Range<usize>)> {
        keys.take(key).and_then(|value| self.as_string(value))
    }

    /// A string or a list of strings; empty where the key is not there.
    pub(super) fn strings(&mut self, keys: &mut Keys<'_, '_>, key: &'static str) -> Vec<(String, Range<usize>)> {
        match keys.take(key) {
            None => Vec::new(),
            Some(value) => self.as_strings(value),
        }
    }

    pub(super) fn as_strings(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<(String, Range<usize>)> {
        match value.get_ref().as_array() {
            Some(array) => array.iter().filter_map(|item| self.as_string(item)).collect(),
            None => self.as_string(value).into_iter().collect(),
        }
    }

    pub(super) fn bool(&mut self, keys: &mut Keys<'_, '_>, key: &'static str) -> bool {
        let Some(value) = keys.take(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.mistake(value.span(), format!("`{key}` is true or false, not {}", article(value.get_ref())));
            false
        })
    }

    pub(super) fn year(&mut self, keys: &mut Keys<'_, '_>, key: &'static str) -> Option<u16> {
        let value = keys.take(key)?;
        let year = value.get_ref().as_integer().and_then(|number| number.as_str().parse().ok());
        if year.is_none_or(|year: u16| !(1990..=2200).contains(&year)) {
            self.mistake(value.span(), format!("`{key}` is a year such as 2021"));
            return None;
        }
        year
    }

    /// A list of tables (`[[key]]` or `key = [{…}]`); empty where the key is not there.
    pub(super) fn tables<'v, 'd>(&mut self, keys: &mut Keys<'v, 'd>, key: &'static str) -> Vec<Keys<'v, 'd>> {
        let Some(value) = keys.take(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.mistake(value.span(), format!("`{key}` is a list of tables: write `[[{key}]]` before each of them"));
            return Vec::new();
        };
        array.iter().filter_map(|item| self.keys(item)).collect()
    }

    fn as_string(&mut self, value: &Spanned<DeValue<'_>>) -> Option<(String, Range<usize>)> {
        match value.get_ref().as_str() {
            Some(text) => Some((text.to_owned(), value.span())),
            None => {
                self.mistake(value.span(), format!("a string is expected here, not {}", article(value.get_ref())));
                None
            }
        }
    }
}

impl<'v, 't> Keys<'v, 't> {
    /// The document as a whole.
    pub(super) fn root(document: &'v Spanned<DeTable<'t>>) -> Keys<'v, 't> {
        Keys { table: Some(document.get_ref()), span: 0..0, asked: Vec::new() }
    }

    /// No table at all.
    pub(super) fn none() -> Keys<'v, 't> {
        Keys { table: None, span: 0..0, asked: Vec::new() }
    }

    /// Where the table stands.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The value of `key`, which counts as asked for from now on.
    pub(super) fn take(&mut self, key: &'static str) -> Option<&'v Spanned<DeValue<'t>>> {
        self.asked.push(key);
        self.table?.iter().find(|(name, _)| name.get_ref().as_ref() == key).map(|(_, value)| value)
    }

    /// Every key with its value: for tables whose keys are data.
    pub(super) fn entries(&self) -> Vec<(String, Range<usize>, &'v Spanned<DeValue<'t>>)> {
        let mut entries: Vec<_> = self
            .table
            .iter()
            .flat_map(|table| table.iter())
            .map(|(key, value)| (key.get_ref().to_string(), key.span(), value))
            .collect();
        entries.sort_by_key(|(_, span, _)| span.start);
        entries
    }
}

fn article(value: &DeValue<'_>) -> String {
    match value.type_str() {
        kind @ ("integer" | "array" | "inline table") => format!("an {kind}"),
        kind => format!("a {kind}"),
    }
}
