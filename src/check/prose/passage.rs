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
    /// A blank or a line end stands before it.
    pub apart: bool,
}

/// A paragraph, or a heading of a section.
pub(super) struct Passage {
    /// Its first line, without the numbering before it.
    first: Span,
    /// The lines behind it.
    more: Vec<Span>,
    /// It is a heading, or as short as one.
    pub heading: bool,
    /// A number stands before it.
    pub numbered: bool,
}

impl Passage {
    /// Its line, if it is one alone.
    pub(super) fn line(&self) -> Option<Span> {
        self.more.is_empty().then_some(self.first)
    }

    pub(super) fn lines(&self) -> impl DoubleEndedIterator<Item = Span> {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }

    /// The last of its sentences that ends before a place, in plain form.
    pub(super) fn sentence_before(&self, text: &str, place: u32) -> Vec<Sign> {
        let mut signs = Vec::new();
        let ended = |line: Span| Span::new(line.start, line.end.min(place));
        let line = self.lines().rev().filter(|line| line.start < place).map(ended).find(|line| !line.is_empty());
        if let Some(line) = line {
            let words = line.of(text);
            let inner = words.strip_suffix(STOP).unwrap_or(words);
            let start = inner.rfind(STOP).map_or(0, |stop| stop + STOP.len());
            append(&mut signs, text, Span::new(line.start + start as u32, line.end));
        }
        signs
    }
}

/// What ends a sentence.
pub(super) const STOP: &str = "。";

/// The characters of some lines in plain form.
pub(super) fn signs(text: &str, lines: impl Iterator<Item = Span>) -> Vec<Sign> {
    let mut signs = Vec::new();
    lines.for_each(|line| append(&mut signs, text, line));
    signs
}

fn append(signs: &mut Vec<Sign>, text: &str, span: Span) {
    signs.reserve(span.len() / 3 + 1);
    let mut apart = true;
    for (at, c) in span.of(text).char_indices() {
        if let Some(plain) = plain(c) {
            let at = span.start + at as u32;
            signs.push(Sign { c: plain, at, end: at + c.len_utf8() as u32, apart });
            apart = false;
        } else {
            apart |= c.is_whitespace();
        }
    }
}

/// A paragraph of fewer bytes says what the next one is about.
const SHORT: usize = 72;

/// The passages of a section, in order. A paragraph that begins with one of `parts` takes apart what stands before it.
pub(super) fn passages(report: &Report<'_>, section: &Section, parts: &[String]) -> Vec<Passage> {
    let text = report.plain();
    let mut passages: Vec<Passage> = Vec::with_capacity(section.blocks.len());
    // The paragraph before goes on; there is one before.
    let (mut open, mut behind) = (false, false);
    for block in &section.blocks {
        let (span, paragraph) = match block {
            Block::Paragraph(span) => (*span, true),
            Block::Heading { text, .. } => (*text, false),
            Block::Table(_) => {
                (open, behind) = (false, false);
                continue;
            }
        };
        let words = span.of(text);
        let numbered = numbering(words).map_or(0, |number| number.length);
        let begins = |part: &String| words.starts_with(part);
        match passages.last_mut() {
            Some(passage) if (open || (behind && parts.iter().any(begins))) && paragraph && numbered == 0 => {
                passage.heading = false;
                passage.more.push(span);
            }
            _ => {
                let line = Span::new(span.start + numbered as u32, span.end);
                let heading = !paragraph || line.len() < SHORT;
                passages.push(Passage { first: line, more: Vec::new(), heading, numbered: numbered > 0 });
            }
        }
        (open, behind) = (paragraph && is_broken_off(words), paragraph);
    }
    passages
}

/// A figure, or a word that stands for none.
pub(super) fn says_quantity(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '未' | '无' | '没' | '零')
}

/// A long line without an end of a sentence goes on in the next one.
fn is_broken_off(words: &str) -> bool {
    const LONG: usize = 20;
    let end = words.trim_end().chars().next_back();
    end.is_some_and(|c| !matches!(c, '。' | '：' | '！' | '？' | '.' | ':' | '!' | '?' | '”' | '"'))
        && words.chars().nth(LONG).is_some()
}
