//! Where on the page tables may stand.
//!
//! In: the tables that may be in a stretch of lines. Out: the lines from the first to the last that is made of the tables'
//! words, and which lines between them are none of theirs: sentences, notes, furniture. Nearly every line of a page is prose
//! and shows a letter that no table has within its first few, so that is looked at first.

use std::cell::Cell;
use std::ops::Range;

use crate::grammar::TableForm;
use crate::layout::{Delimiter, Outline, figure, is_furniture, numbering};
use crate::report::TableId;
use crate::text::{all_letters, key};

/// A page, and the tables that are looked for on it.
pub(super) struct Region<'p> {
    outline: &'p Outline<'p>,
    forms: &'p [(TableId, &'p TableForm)],
    /// For each line whether it is none of the tables, once it was asked for.
    asides: Vec<Cell<Option<bool>>>,
}

impl<'p> Region<'p> {
    pub(super) fn new(outline: &'p Outline<'p>, forms: &'p [(TableId, &'p TableForm)]) -> Region<'p> {
        Region { outline, forms, asides: vec![Cell::new(None); outline.lines.len()] }
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

    /// Lines between those of a table that are none of it: sentences and furniture.
    pub(super) fn is_aside(&self, line: usize) -> bool {
        let known = &self.asides[line];
        known.get().unwrap_or_else(|| {
            let is_aside = self.reads_as_aside(line);
            known.set(Some(is_aside));
            is_aside
        })
    }

    fn reads_as_aside(&self, line: usize) -> bool {
        let here = &self.outline.lines[line];
        let words = self.outline.words(line);
        // Most lines of a table with a cell a line are figures.
        if words.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
        let plain = !here.crowded && here.delimiter == Delimiter::None;
        let is_sentence = || {
            let mut words_of_tables = words.split_whitespace().take(200).filter(|word| self.is_word(word));
            words.contains('。')
                && words.chars().count() > 12
                && !has_figures_at_an_end(words)
                && words_of_tables.nth(2).is_none()
        };
        (plain && is_sentence()) || (is_furniture(words) && !self.is_of_tables(line))
    }

    /// Rules of Markdown, and what is none of the table.
    pub(super) fn is_between(&self, line: usize) -> bool {
        self.outline.lines[line].rule || self.is_aside(line)
    }

    /// A line of nothing but values and blanks.
    pub(super) fn only_figures(&self, line: usize) -> bool {
        let words = self.outline.words(line);
        words
            .split(|c: char| c.is_whitespace() || c == '|')
            .filter(|word| !word.is_empty())
            .all(|word| figure(word).is_some())
    }

    /// A line that can only be a row, whatever its label: cells with a figure, or words and several values.
    fn is_row(&self, line: usize) -> bool {
        let words = self.outline.words(line);
        match self.outline.lines[line].delimiter {
            Delimiter::None => has_figures_at_an_end(words) && words.len() < 600,
            _ => words.split(['|', '\t']).skip(1).any(|cell| figure(cell).is_some()) && !is_furniture(words),
        }
    }

    /// A line of words of the tables, with figures or without.
    fn is_of_tables(&self, line: usize) -> bool {
        let here = &self.outline.lines[line];
        let words = self.outline.words(line);
        if here.rule {
            return false;
        }
        if here.delimiter != Delimiter::None {
            return words.split(['|', '\t']).any(|cell| self.is_made_of_words(cell.trim()));
        }
        if words.split_whitespace().take(400).any(|word| self.is_word(word)) {
            return true;
        }
        let label = without_figures(words);
        let before_figures = || words.split_whitespace().next().filter(|_| label.len() < words.len());
        self.is_made_of_words(label)
            || before_figures().is_some_and(|first| self.is_made_of_words(first))
            || self.begins_with_label(words)
    }

    /// Whether the words are a chain of the tables' words. One letter is a piece of an upright label only among others.
    fn is_made_of_words(&self, words: &str) -> bool {
        self.may_be_words(words) && {
            let key = key(words);
            key.chars().nth(1).is_some() && self.forms.iter().any(|(_, form)| form.vocabulary.makes(&key))
        }
    }

    /// Whether a blank-separated piece of a line is a whole word of the tables, and long enough to be no chance.
    fn is_word(&self, word: &str) -> bool {
        const LEAST: usize = 12;
        const MOST: usize = 200;
        let word = numbering(word).map_or(word, |number| &word[number.length..]);
        (LEAST..=MOST).contains(&word.len()) && self.may_be_words(word) && {
            let key = key(word);
            self.forms.iter().any(|(_, form)| form.vocabulary.has(&key))
        }
    }

    /// A label with its definition behind it: `规章：地方行政规章指……`.
    fn begins_with_label(&self, words: &str) -> bool {
        const LONGEST: usize = 150;
        let words = numbering(words).map_or(words, |number| &words[number.length..]);
        let Some(end) = words.find(['（', '(', '：', ':']).filter(|end| (1..=LONGEST).contains(end)) else {
            return false;
        };
        self.may_be_words(&words[..end]) && {
            let key = key(&words[..end]);
            let mut labels = self.forms.iter().flat_map(|(_, form)| &form.rows).flat_map(|row| &row.labels);
            labels.any(|label| key.chars().eq(label.key.iter().copied()))
        }
    }

    /// A quick look: whether the tables have all these letters in their words.
    fn may_be_words(&self, words: &str) -> bool {
        all_letters(words, |letter| self.forms.iter().any(|(_, form)| form.vocabulary.letters().has(letter)))
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
