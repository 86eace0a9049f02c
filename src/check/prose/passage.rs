//! The prose of a report, in the plain form in which it is searched.
//!
//! In: a report. Out: its passages. A passage is one paragraph, or several lines that were one before a converter broke them;
//! its characters are half-width, simplified and without blanks, and each knows where it stands. This file does not know what
//! the words mean.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use regex::Regex;

use crate::check::memory::Weight;
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
    /// Puts its characters in plain form into `signs`, as far as a quantity that matters may stand in them: of sentences that
    /// state none a full stop alone. Nothing where none does. `weigh` tells what a sentence is worth; of one without key
    /// words it tells all only if asked so.
    pub(super) fn signs(&self, text: &str, weigh: &dyn Fn(Span, bool) -> Weight, signs: &mut Vec<Sign>) {
        signs.clear();
        // Sentences go on over line ends: then all of it is read.
        if !self.more.is_empty() {
            self.lines().for_each(|line| append(signs, text, line));
            return;
        }
        let words = self.first.of(text);
        let mut quantities = Quantities::new(words);
        let mut says_something = false;
        // A whole may stand in the sentence before its parts.
        let mut whole: Option<Span> = None;
        // Where the next sentence begins.
        let mut next = 0;
        while let Some(place) = quantities.from(next) {
            let sentence = sentence_around(words, place, next);
            let passed_over = next < sentence.start;
            next = sentence.end;
            let sentence = Span::new(self.first.start + sentence.start as u32, self.first.start + sentence.end as u32);
            let weight = weigh(sentence, false);
            if passed_over {
                whole = None;
                if !signs.is_empty() {
                    stop(signs, sentence.start);
                }
            }
            let states = weight.states == Some(true);
            if weight.keyed
                && let Some(whole) = whole.take()
                && (states || weigh(whole, true).states == Some(true))
            {
                append(signs, text, whole);
                says_something = true;
            }
            if states {
                append(signs, text, sentence);
                says_something = true;
                continue;
            }
            whole = Some(sentence);
            // What stands behind one with key words is not the first.
            if weight.keyed || !signs.is_empty() {
                stop(signs, sentence.end);
            }
        }
        if !says_something {
            signs.clear();
        }
    }

    fn lines(&self) -> impl DoubleEndedIterator<Item = Span> {
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
const STOP: &str = "。";

/// The sentence in which a place stands, its full stop included; none begins before `from`.
fn sentence_around(words: &str, place: usize, from: usize) -> Range<usize> {
    static FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(STOP));
    let bytes = words.as_bytes();
    // Where the last byte of a full stop stands, the others mostly stand before it.
    let mut last = memchr::memrchr_iter(STOP.as_bytes()[2], &bytes[from..place]).map(|at| from + at + 1);
    let start = last.find(|end| bytes[from..*end].ends_with(STOP.as_bytes())).unwrap_or(from);
    let end = FINDER.find(&bytes[place..]).map_or(bytes.len(), |at| place + at + STOP.len());
    start..end
}

fn stop(signs: &mut Vec<Sign>, at: u32) {
    signs.push(Sign { c: '。', at, end: at });
}

pub(super) fn append(signs: &mut Vec<Sign>, text: &str, span: Span) {
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

/// Where quantities may stand in words: digits, and characters that come to a word for none in plain form, or to a digit.
struct Quantities<'w> {
    words: &'w str,
    digit: Option<usize>,
    other: Option<usize>,
}

impl<'w> Quantities<'w> {
    fn new(words: &'w str) -> Quantities<'w> {
        Quantities { words, digit: digit(words, 0), other: other(words, 0) }
    }

    /// The first one at or behind a place; no later call asks for an earlier place.
    fn from(&mut self, place: usize) -> Option<usize> {
        if self.digit.is_some_and(|digit| digit < place) {
            self.digit = digit(self.words, place);
        }
        if self.other.is_some_and(|other| other < place) {
            self.other = other(self.words, place);
        }
        self.digit.into_iter().chain(self.other).min()
    }
}

/// The first digit at or behind a place.
pub(super) fn digit(words: &str, from: usize) -> Option<usize> {
    const MANY: usize = 64;
    // Without a way out of the inner loop it is done many bytes at a time.
    let has_digit = |bytes: &[u8]| bytes.iter().fold(false, |found, byte| found | byte.is_ascii_digit());
    let mut chunks = words.as_bytes()[from..].chunks(MANY).enumerate();
    let (index, chunk) = chunks.find(|(_, chunk)| has_digit(chunk))?;
    Some(from + index * MANY + chunk.iter().position(u8::is_ascii_digit)?)
}

fn other(words: &str, from: usize) -> Option<usize> {
    static OTHERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("未|无|無|⽆|没|沒|零|[０-９]").ok());
    OTHERS.as_ref()?.find_at(words, from).map(|found| found.start())
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
