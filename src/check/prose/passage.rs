//! The prose of a report, in the plain form in which it is searched.
//!
//! In: a report. Out: its passages. A passage is one paragraph, or several lines that were one before a converter broke them;
//! its characters are half-width, simplified and without blanks, and each knows where it stands. This file does not know what
//! the words mean.

use crate::layout::numbering;
use crate::report::{Block, Report, Section, Span};
use crate::text::plain;

/// One character in plain form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sign {
    /// The character.
    pub c: char,
    /// Where it stands in the text.
    pub at: u32,
    /// Where the next one may stand.
    pub end: u32,
}

/// A paragraph, or a heading of a section.
pub(super) struct Passage {
    /// Its characters, without the numbering before it.
    pub signs: Vec<Sign>,
    /// It is a heading, or as short as one.
    pub heading: bool,
}

/// A paragraph of fewer characters says what the next one is about.
const SHORT: usize = 24;

/// The passages of a section, in order.
pub(super) fn passages(report: &Report<'_>, section: &Section) -> Vec<Passage> {
    let text = report.plain();
    let mut passages: Vec<Passage> = Vec::new();
    let mut open = false;
    for block in &section.blocks {
        let (span, paragraph) = match block {
            Block::Paragraph(span) => (*span, true),
            Block::Heading { text, .. } => (*text, false),
            Block::Table(_) => {
                open = false;
                continue;
            }
        };
        let words = span.of(text);
        let numbered = numbering(words).map_or(0, |number| number.length);
        match passages.last_mut() {
            Some(passage) if open && paragraph && numbered == 0 => append(&mut passage.signs, text, span),
            _ => {
                let mut signs = Vec::with_capacity(words.len() / 3);
                append(&mut signs, text, Span::new(span.start + numbered as u32, span.end));
                let heading = !paragraph || signs.len() < SHORT;
                passages.push(Passage { signs, heading });
            }
        }
        open = paragraph && is_broken_off(words);
    }
    passages
}

fn append(passage: &mut Vec<Sign>, text: &str, span: Span) {
    for (at, c) in span.of(text).char_indices() {
        if let Some(plain) = plain(c) {
            let at = span.start + at as u32;
            passage.push(Sign { c: plain, at, end: at + c.len_utf8() as u32 });
        }
    }
}

/// A figure, or a word that stands for none.
pub(super) fn says_quantity(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '未' | '无' | '没' | '零')
}

/// A long line without an end of a sentence goes on in the next one.
fn is_broken_off(words: &str) -> bool {
    const LONG: usize = 20;
    let end = words.trim_end().chars().next_back();
    end.is_some_and(|c| !matches!(c, '。' | '；' | '：' | '！' | '？' | '.' | ';' | ':' | '!' | '?' | '”' | '"'))
        && words.chars().nth(LONG).is_some()
}
