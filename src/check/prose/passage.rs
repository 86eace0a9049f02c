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
    /// Its lines, without the numbering before the first one.
    lines: Vec<Span>,
    /// A quantity may stand in it.
    pub says_quantity: bool,
    /// It is a heading, or as short as one.
    pub heading: bool,
}

impl Passage {
    /// Its characters in plain form.
    pub(super) fn signs(&self, text: &str) -> Vec<Sign> {
        let mut signs = Vec::with_capacity(self.lines.iter().map(|line| line.len() / 3).sum());
        for line in &self.lines {
            for (at, c) in line.of(text).char_indices() {
                if let Some(plain) = plain(c) {
                    let at = line.start + at as u32;
                    signs.push(Sign { c: plain, at, end: at + c.len_utf8() as u32 });
                }
            }
        }
        signs
    }
}

/// A paragraph of fewer bytes says what the next one is about.
const SHORT: usize = 72;

/// What begins so takes apart what stands before it.
const PARTS: &str = "其中";

/// The passages of a section, in order.
pub(super) fn passages(report: &Report<'_>, section: &Section) -> Vec<Passage> {
    let text = report.plain();
    let mut passages: Vec<Passage> = Vec::new();
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
        let speaks = words.contains(may_say_quantity);
        let numbered = numbering(words).map_or(0, |number| number.length);
        match passages.last_mut() {
            Some(passage) if (open || (behind && words.starts_with(PARTS))) && paragraph && numbered == 0 => {
                passage.heading = false;
                passage.lines.push(span);
                passage.says_quantity |= speaks;
            }
            _ => {
                let line = Span::new(span.start + numbered as u32, span.end);
                let heading = !paragraph || line.len() < SHORT;
                passages.push(Passage { lines: vec![line], says_quantity: speaks, heading });
            }
        }
        (open, behind) = (paragraph && is_broken_off(words), paragraph);
    }
    passages
}

/// A character that may come to a figure, or to a word that stands for none, in plain form.
fn may_say_quantity(c: char) -> bool {
    says_quantity(c) || matches!(c, '０'..='９' | '無' | '沒' | '⽆')
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
