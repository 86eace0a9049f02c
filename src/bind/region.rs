//! Where on the page tables may stand.
//!
//! In: the tables that may be in a stretch of lines. Out: the lines from the first to the last that is made of the tables'
//! words, and which lines between them are none of theirs: sentences, notes, furniture. Nearly every line of a page is prose
//! and shows a letter that no table has within its first few, so that is looked at first.

use std::cell::Cell;
use std::ops::Range;

use super::lines::{Ask, Facts, MOST_LISTED};
use crate::grammar::{Grammar, TableForm};
use crate::layout::{Delimiter, Outline, figure, is_blank, numbering};
use crate::report::TableId;
use crate::text::{all_letters, key};

/// The tables that are looked for.
type Forms<'p> = &'p [(TableId, &'p TableForm)];

/// A page, and the tables that are looked for on it.
pub(super) struct Region<'p> {
    outline: &'p Outline<'p>,
    facts: &'p Facts,
    grammar: &'p Grammar,
    forms: Forms<'p>,
    /// For each line whether it is none of the tables, once it was asked for.
    asides: Vec<Cell<Option<bool>>>,
}

impl<'p> Region<'p> {
    pub(super) fn new(
        outline: &'p Outline<'p>,
        facts: &'p Facts,
        grammar: &'p Grammar,
        forms: Forms<'p>,
    ) -> Region<'p> {
        Region { outline, facts, grammar, forms, asides: vec![Cell::new(None); outline.lines.len()] }
    }

    /// The lines from the first to the last one that is made of the tables' words.
    pub(super) fn extent(&self, range: Range<usize>, free: impl Fn(usize) -> bool) -> Option<Range<usize>> {
        /// Lines that may stand between the last words of a table and its last figures.
        const NOTES: usize = 2;
        let of_tables = |line: &usize| free(*line) && self.is_of_tables(*line) && !self.is_aside(*line);
        let first = range.clone().find(of_tables)?;
        let last = range.clone().rev().find(of_tables)?;
        let (mut end, mut notes) = (last, 0);
        for line in (last + 1..range.end).take_while(|line| free(*line)) {
            if self.only_figures(line) || self.is_row(line) {
                end = line;
                notes = 0;
            } else if !self.is_between(line) {
                notes += 1;
            }
            if notes > NOTES {
                break;
            }
        }
        Some(first..end + 1)
    }

    /// The lines of figures alone that are the whole of a table whose rows stand side by side, where all its words were lost:
    /// as many as it has cells, neither more nor less. Only its own section says which table it is.
    pub(super) fn bare_figures(&self, range: Range<usize>, free: impl Fn(usize) -> bool) -> Option<Range<usize>> {
        let [(_, form)] = self.forms else { return None };
        if !form.side_by_side {
            return None;
        }
        let is_bare = |line: usize| free(line) && !self.outline.lines[line].rule && self.only_figures(line);
        // A page number is none of them.
        let figures = |line: usize| match self.facts.is_furniture(self.outline, line) {
            true => 0,
            false => values(self.outline.words(line)).count(),
        };
        let first = range.clone().find(|line| is_bare(*line) && figures(*line) > 0)?;
        let lines = first..(first..range.end).find(|line| !is_bare(*line)).unwrap_or(range.end);
        let all: usize = lines.clone().map(figures).sum();
        (all == form.columns.len() * form.rows.len()).then_some(lines)
    }

    /// Lines between those of a table that are none of it: sentences and furniture.
    pub(super) fn is_aside(&self, line: usize) -> bool {
        if self.facts.is_known_to_be_plain(line) {
            return false;
        }
        let known = &self.asides[line];
        known.get().unwrap_or_else(|| {
            let is_aside = self.reads_as_aside(line);
            known.set(Some(is_aside));
            is_aside
        })
    }

    fn reads_as_aside(&self, line: usize) -> bool {
        let words = self.outline.words(line);
        // Most lines of a table with a cell a line are figures.
        if words.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
        let is_sentence = || {
            let is_word = |word: &&str| self.forms.chunks(MOST_LISTED).any(|forms| is_word(forms, word));
            let mut words_of_tables = words.split_whitespace().take(200).filter(is_word);
            self.facts.ask(line, Ask::Sentence, || self.may_be_sentence(line)) && words_of_tables.nth(2).is_none()
        };
        is_sentence() || (self.facts.is_furniture(self.outline, line) && !self.is_of_tables(line))
    }

    fn may_be_sentence(&self, line: usize) -> bool {
        let here = &self.outline.lines[line];
        let words = self.outline.words(line);
        let plain = !here.crowded && here.delimiter == Delimiter::None;
        plain && words.contains('。') && words.chars().count() > 12 && !has_figures_at_an_end(words)
    }

    /// Rules of Markdown, and what is none of the table.
    pub(super) fn is_between(&self, line: usize) -> bool {
        self.outline.lines[line].rule || self.is_aside(line)
    }

    /// A line of nothing but values and blanks.
    pub(super) fn only_figures(&self, line: usize) -> bool {
        values(self.outline.words(line)).all(|word| figure(word).is_some())
    }

    /// A line that can only be a row, whatever its label: cells with a figure, or words and several values.
    fn is_row(&self, line: usize) -> bool {
        let words = self.outline.words(line);
        match self.outline.lines[line].delimiter {
            Delimiter::None => has_figures_at_an_end(words) && words.len() < 600,
            _ => {
                cells(words).skip(1).any(|cell| figure(cell).is_some()) && !self.facts.is_furniture(self.outline, line)
            }
        }
    }

    /// A line of words of the tables, with figures or without.
    fn is_of_tables(&self, line: usize) -> bool {
        let tables = &self.grammar.tables;
        if !self.facts.is_kept(line) || tables.len() > MOST_LISTED {
            return self.forms.chunks(MOST_LISTED).any(|forms| self.of_which(forms, line, &|found| found != 0) != 0);
        }
        let list = self.facts.of_tables(line, || {
            let forms: Vec<_> = tables.iter().enumerate().map(|(id, form)| (id as TableId, form)).collect();
            self.of_which(&forms, line, &|found| found.count_ones() as usize == forms.len())
        });
        self.forms.iter().any(|(id, _)| list >> id & 1 == 1)
    }

    /// Of which of the tables the words of a line are, as bits; no more are looked for than are enough.
    fn of_which(&self, forms: Forms<'_>, line: usize, enough: &dyn Fn(u32) -> bool) -> u32 {
        let here = &self.outline.lines[line];
        let words = self.outline.words(line);
        if here.rule {
            return 0;
        }
        let wanted = Wanted { forms, enough };
        let mut found = 0;
        let mut add = |list: u32| {
            found |= list;
            enough(found)
        };
        if here.delimiter != Delimiter::None {
            let _ = cells(words).any(|cell| add(wanted.made_of_words(cell.trim())));
            return found;
        }
        let _ = words.split_whitespace().take(400).any(|word| add(wanted.with_word(word))) || {
            let label = without_figures(words);
            let before_figures = || words.split_whitespace().next().filter(|_| label.len() < words.len());
            add(wanted.made_of_words(label))
                || before_figures().is_some_and(|first| add(wanted.made_of_words(first)))
                || add(wanted.with_label(words))
        };
        found
    }
}

/// What stands between the blanks and bars of a line; signs without width alone are nothing.
fn values(words: &str) -> impl Iterator<Item = &str> {
    words.split(|c: char| c.is_whitespace() || c == '|').filter(|word| !word.chars().all(is_blank))
}

/// The cells of a line.
fn cells(words: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    memchr::memchr2_iter(b'|', b'\t', words.as_bytes()).chain([words.len()]).map(move |end| {
        let cell = &words[start..end];
        start = end + 1;
        cell
    })
}

/// Whether a piece of a line is a whole word of one of the tables.
fn is_word(forms: Forms<'_>, word: &str) -> bool {
    Wanted { forms, enough: &|found| found != 0 }.with_word(word) != 0
}

/// Tables that words may be of, given as bits, and when enough of them are found.
struct Wanted<'p> {
    forms: Forms<'p>,
    enough: &'p dyn Fn(u32) -> bool,
}

impl Wanted<'_> {
    /// Those of whose words these are a chain. One letter is a piece of an upright label only among others.
    fn made_of_words(&self, words: &str) -> u32 {
        // A row may have twenty figures.
        let no_letter = words.bytes().all(|b| b.is_ascii() && !b.is_ascii_alphabetic());
        if no_letter && !self.forms.iter().any(|(_, form)| form.vocabulary.has_numbers()) {
            return 0;
        }
        self.that(words, |form, key| key.chars().nth(1).is_some() && form.vocabulary.makes(key))
    }

    /// Those that have a blank-separated piece of a line as a whole word, which is long enough to be no chance.
    fn with_word(&self, word: &str) -> u32 {
        const LEAST: usize = 12;
        const MOST: usize = 200;
        // Figures and numbers are short.
        if word.len() < LEAST {
            return 0;
        }
        let word = numbering(word).map_or(word, |number| &word[number.length..]);
        if !(LEAST..=MOST).contains(&word.len()) {
            return 0;
        }
        self.that(word, |form, key| form.vocabulary.has(key))
    }

    /// Those that have the label with which the words begin, and its definition behind it: `规章：地方行政规章指……`.
    fn with_label(&self, words: &str) -> u32 {
        const LONGEST: usize = 150;
        let words = numbering(words).map_or(words, |number| &words[number.length..]);
        let mut begun = words.char_indices().take_while(|(at, _)| *at <= LONGEST);
        let end = begun.find(|(_, c)| matches!(c, '（' | '(' | '：' | ':')).map_or(0, |(at, _)| at);
        if end == 0 {
            return 0;
        }
        self.that(&words[..end], |form, key| {
            let mut labels = form.rows.iter().flat_map(|row| &row.labels);
            labels.any(|label| key.chars().eq(label.key.iter().copied()))
        })
    }

    /// Those that have all letters of the words, and pass with their key.
    fn that(&self, words: &str, passes: impl Fn(&TableForm, &str) -> bool) -> u32 {
        let forms = || self.forms.iter().enumerate().map(|(index, (_, form))| (1 << index, form));
        let mut open = forms().fold(0, |list, (bit, _)| list | bit);
        // A quick look, since most words soon show a letter that no table has.
        all_letters(words, |letter| {
            let has = |(bit, form): &(u32, &&TableForm)| open & bit != 0 && form.vocabulary.letters().has(letter);
            open = forms().filter(has).fold(0, |list, (bit, _)| list | bit);
            open != 0
        });
        if open == 0 {
            return 0;
        }
        let key = key(words);
        let mut found = 0;
        for (bit, form) in forms().filter(|(bit, _)| open & bit != 0) {
            if passes(form, &key) {
                found |= bit;
                if (self.enough)(found) {
                    break;
                }
            }
        }
        found
    }
}

/// The words before the values at the end of a line.
fn without_figures(words: &str) -> &str {
    /// No row has more.
    const MOST: usize = 64;
    let mut label = words;
    for _ in 0..MOST {
        match label.rsplit_once(char::is_whitespace) {
            Some((before, last)) if figure(last).is_some() => label = before.trim_end(),
            _ => break,
        }
    }
    label
}

/// Several values at the beginning or the end of a line: a row, with its label before it or a note behind it.
fn has_figures_at_an_end(words: &str) -> bool {
    let two_values =
        |words: &mut dyn Iterator<Item = &str>| words.take(2).filter(|word| figure(word).is_some()).count() == 2;
    two_values(&mut words.rsplit(char::is_whitespace)) || two_values(&mut words.split(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::super::lines::LineMemory;
    use super::*;
    use crate::grammar::Grammars;
    use crate::layout::outline;

    /// Tables are the same whether they are asked for one by one or all at once.
    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        let grammars = Grammars::built_in();
        let grammar = &grammars.list()[0];
        let outline = outline(line, None);
        let facts = LineMemory::default().facts(&outline);
        let forms: Vec<_> = grammar.tables.iter().enumerate().map(|(id, form)| (id as TableId, form)).collect();
        let region = Region::new(&outline, &facts, grammar, &forms);
        let all = region.of_which(&forms, 0, &|found| found.count_ones() as usize == forms.len());
        let is_of = |(id, form): &(TableId, &TableForm)| {
            let alone = region.of_which(&[(*id, *form)], 0, &|found| found != 0) != 0;
            assert_eq!(alone, all >> id & 1 == 1, "{line} {}", form.id);
            alone
        };
        let found: Vec<&str> = forms.iter().filter(|form| is_of(form)).map(|(_, form)| form.id.as_str()).collect();
        assert_eq!(found, expected, "{line}");
        assert_eq!(region.is_of_tables(0), !expected.is_empty(), "{line}");
    }

    #[test]
    fn lines_of_tables() {
        check("规章\t0\t1\t2", &["article_20_1"]);
        check("| 行政许可 | 5 |", &["article_20_5"]);
        check("行政强制 12", &["article_20_6"]);
        check("行政强制：行政机关采取的措施。", &["article_20_6"]);
        check("3.危及“三安全一稳定”", &["applications"]);
        check("12\t34\t0", &[]);
        check("本年度规章没有修改。", &[]);
    }
}
