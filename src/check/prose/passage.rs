//! The prose of a report, in the plain form in which it is searched.
//!
//! In: a report. Out: its passages. A passage is one paragraph, or several lines that were one before a converter broke them;
//! its characters are half-width, simplified and without blanks, and each knows where it stands. This file does not know what
//! the words mean.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use regex::Regex;

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
    /// It is a heading, or as short as one.
    pub heading: bool,
    /// A number stands before it.
    pub numbered: bool,
}

impl Passage {
    /// Its characters in plain form, as far as a quantity that matters may stand in them: a sentence that states none is a
    /// full stop alone. Nothing where none does. `keys` are words of which a sentence has one if it matters.
    pub(super) fn signs(&self, text: &str, keys: Option<&Regex>) -> Vec<Sign> {
        let mut signs = Vec::new();
        // Sentences go on over line ends: then all of it is read.
        if self.lines.len() > 1 {
            self.lines.iter().for_each(|line| append(&mut signs, text, *line));
            return signs;
        }
        // A whole may stand in the sentence before its parts.
        let mut whole: Option<Span> = None;
        for line in &self.lines {
            let others = may_say_none(line.of(text));
            for sentence in sentences_of(*line, text) {
                let words = sentence.of(text);
                let quantity = has_digit(words) || (others && may_say_none(words));
                if quantity && keys.is_none_or(|keys| keys.is_match(words)) {
                    whole.take().into_iter().for_each(|whole| append(&mut signs, text, whole));
                    append(&mut signs, text, sentence);
                    continue;
                }
                whole = quantity.then_some(sentence);
                if !signs.is_empty() {
                    signs.push(Sign { c: '。', at: sentence.end, end: sentence.end });
                }
            }
        }
        signs
    }

    /// The last of its sentences that ends before a place, in plain form.
    pub(super) fn sentence_before(&self, text: &str, place: u32) -> Vec<Sign> {
        let mut signs = Vec::new();
        let lines = self.lines.partition_point(|line| line.start < place);
        let ended = |line: &Span| Span::new(line.start, line.end.min(place));
        let line = self.lines[..lines].iter().rev().map(ended).find(|line| !line.is_empty());
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
const STOP: &str = "。";

/// The stretches of a line up to each full stop.
fn sentences_of(line: Span, text: &str) -> impl Iterator<Item = Span> {
    static FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(STOP));
    let ends = FINDER.find_iter(line.of(text).as_bytes()).map(move |at| line.start + (at + STOP.len()) as u32);
    let mut start = line.start;
    let last = (!line.of(text).ends_with(STOP)).then_some(line.end);
    ends.chain(last).map(move |end| Span::new(std::mem::replace(&mut start, end), end))
}

fn append(signs: &mut Vec<Sign>, text: &str, span: Span) {
    signs.reserve(span.len() / 3 + 1);
    for (at, c) in span.of(text).char_indices() {
        if let Some(plain) = plain(c) {
            let at = span.start + at as u32;
            signs.push(Sign { c: plain, at, end: at + c.len_utf8() as u32 });
        }
    }
}

/// A paragraph of fewer bytes says what the next one is about.
const SHORT: usize = 72;

/// The passages of a section, in order. A paragraph that begins with one of `parts` takes apart what stands before it.
pub(super) fn passages(report: &Report<'_>, section: &Section, parts: &[String]) -> Vec<Passage> {
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
        let numbered = numbering(words).map_or(0, |number| number.length);
        let begins = |part: &String| words.starts_with(part);
        match passages.last_mut() {
            Some(passage) if (open || (behind && parts.iter().any(begins))) && paragraph && numbered == 0 => {
                passage.heading = false;
                passage.lines.push(span);
            }
            _ => {
                let line = Span::new(span.start + numbered as u32, span.end);
                let heading = !paragraph || line.len() < SHORT;
                passages.push(Passage { lines: vec![line], heading, numbered: numbered > 0 });
            }
        }
        (open, behind) = (paragraph && is_broken_off(words), paragraph);
    }
    passages
}

/// Whether a digit stands in the words. Without a way out of the loop it is done many bytes at a time.
fn has_digit(words: &str) -> bool {
    words.bytes().fold(false, |found, byte| found | byte.is_ascii_digit())
}

/// Whether a character stands in the words that comes to a word for none in plain form, or to a digit.
fn may_say_none(words: &str) -> bool {
    static OTHERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("未|无|無|⽆|没|沒|零|[０-９]").ok());
    OTHERS.as_ref().is_some_and(|others| others.is_match(words))
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
