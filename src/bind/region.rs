//! Where on the page tables may stand.
//!
//! In: a stretch of lines and the tables that may be in it. Out: the lines from the first to the last that is made of the
//! tables' words, and which lines between them are none of theirs: sentences, notes, furniture.

use crate::grammar::TableForm;
use crate::layout::{Delimiter, Outline, figure, is_furniture, numbering};
use crate::report::TableId;
use crate::text::key;

/// The lines from the first to the last one that is made of the tables' words.
pub(super) fn extent(outline: &Outline<'_>, forms: &[(TableId, &TableForm)], range: std::ops::Range<usize>, free: impl Fn(usize) -> bool) -> Option<std::ops::Range<usize>> {
    let of_tables = |line: &usize| free(*line) && !is_aside(outline, *line, forms) && is_of_tables(outline, *line, forms);
    let first = range.clone().find(of_tables)?;
    let last = range.clone().rev().find(of_tables)?;
    // The figures of the last row may stand below its label.
    // A note may come between them.
    const NOTES: usize = 2;
    let (mut end, mut notes) = (last, 0);
    for line in (last + 1..range.end).take_while(|line| free(*line)) {
        if only_figures(outline, line) || is_row(outline, line) {
            end = line;
            notes = 0;
        } else if !skip_line(outline, line, forms) {
            notes += 1;
        }
        if notes > NOTES {
            break;
        }
    }
    Some(first..end + 1)
}

/// A line of words of the tables, with figures or without.
fn is_of_tables(outline: &Outline<'_>, line: usize, forms: &[(TableId, &TableForm)]) -> bool {
    let here = &outline.lines[line];
    if here.rule {
        return false;
    }
    let of_tables = |words: &str| {
        let key = key(words);
        // One letter is a piece of an upright label only among others.
        key.chars().count() >= 2 && forms.iter().any(|(_, form)| form.vocabulary.makes(&key))
    };
    let words = here.span.of(outline.text);
    if here.delimiter != Delimiter::None {
        return words.split(['|', '\t']).any(|cell| of_tables(cell.trim()));
    }
    if words.split_whitespace().take(400).any(|word| is_word_of(word, forms)) {
        return true;
    }
    let label = without_figures(words);
    let begins_with_label = || {
        forms.iter().flat_map(|(_, form)| &form.rows).flat_map(|row| &row.labels).any(|row| {
            let words = numbering(words).map_or(words, |number| &words[number.length..]);
            let end = words.find(['（', '(', '：', ':']);
            end.is_some_and(|end| key(&words[..end]).chars().eq(row.key.iter().copied()))
        })
    };
    of_tables(label) || words.split_whitespace().next().is_some_and(|first| label.len() < words.len() && of_tables(first)) || begins_with_label()
}

/// Whether a blank-separated piece of a line is a whole word of the tables, and long enough to be no chance.
fn is_word_of(word: &str, forms: &[(TableId, &TableForm)]) -> bool {
    const LEAST: usize = 4;
    let word = numbering(word).map_or(word, |number| &word[number.length..]);
    if word.len() < LEAST * 3 || word.len() > 200 {
        return false;
    }
    let key = key(word);
    forms.iter().any(|(_, form)| form.vocabulary.has(&key))
}

/// The words before the values at the end of a line.
fn without_figures(words: &str) -> &str {
    let mut label = words;
    while let Some((before, last)) = label.rsplit_once(char::is_whitespace)
        && figure(last).is_some()
    {
        label = before.trim_end();
    }
    label
}

/// A line that can only be a row, whatever its label: cells with a figure, or words and several values.
fn is_row(outline: &Outline<'_>, line: usize) -> bool {
    let words = outline.words(line);
    match outline.lines[line].delimiter {
        Delimiter::None => ends_with_figures(words) && words.len() < 300,
        _ => words.split(['|', '\t']).skip(1).any(|cell| figure(cell).is_some()) && !is_furniture(words),
    }
}

/// Lines between those of a table that are none of it: sentences and furniture.
pub(super) fn is_aside(outline: &Outline<'_>, line: usize, forms: &[(TableId, &TableForm)]) -> bool {
    let here = &outline.lines[line];
    let words = here.span.of(outline.text);
    let plain = !here.crowded && here.delimiter == Delimiter::None;
    let mut words_of_tables = words.split_whitespace().take(200).filter(|word| is_word_of(word, forms));
    let sentence = plain && words.contains('。') && words.chars().count() > 12 && !ends_with_figures(words) && words_of_tables.nth(2).is_none();
    sentence || (is_furniture(words) && !is_of_tables(outline, line, forms))
}

fn ends_with_figures(words: &str) -> bool {
    words.rsplit(char::is_whitespace).take(2).filter(|word| figure(word).is_some()).count() == 2
}

pub(super) fn skip_line(outline: &Outline<'_>, line: usize, forms: &[(TableId, &TableForm)]) -> bool {
    outline.lines[line].rule || is_aside(outline, line, forms)
}

/// A line of nothing but values and blanks.
pub(super) fn only_figures(outline: &Outline<'_>, line: usize) -> bool {
    let words = outline.words(line);
    words.split(|c: char| c.is_whitespace() || c == '|').filter(|word| !word.is_empty()).all(|word| figure(word).is_some())
}
