//! Which sentences of a passage are read.
//!
//! In: a passage. Out: its stretches, cut into segments: the sentences that state something, each with the one before it where it
//! may take that apart. Most sentences have no quantity, or none that a table has, and are passed over.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use memchr::memmem::Finder;
use regex::Regex;

use super::passage::{Passage, STOP, Sign, signs};
use super::recipe::{Filled, recipe};
use super::segment::LONGEST;
use super::{Cut, Prose};
use crate::check::memory::Known;
use crate::report::Span;

/// What is read of a passage in one.
pub(super) struct Stretch {
    /// A sentence; none for the passage as a whole.
    pub span: Option<Span>,
    pub cut: Filled,
    /// It begins the passage, or nothing stands between the stretch before and it.
    pub adjoins: bool,
}

impl Stretch {
    /// What a sentence of it goes on from that begins at `place`.
    pub(super) fn before(&self, passage: &Passage, text: &str, place: u32) -> Vec<Sign> {
        let mut all = match self.span {
            Some(span) => signs(text, std::iter::once(span)),
            None => signs(text, passage.lines()),
        };
        all.truncate(all.partition_point(|sign| sign.at < place));
        let near = &all[all.len().saturating_sub(LONGEST)..];
        let start = near.iter().rposition(|sign| sign.c == '。');
        near[start.map_or(0, |start| start + 1)..].to_vec()
    }
}

impl Prose<'_> {
    /// What is read of a passage.
    pub(super) fn stretches(&self, passage: &Passage, stretches: &mut Vec<Stretch>) {
        stretches.clear();
        // Sentences go on over line ends: then all of it is read.
        let Some(line) = passage.line() else {
            let cut = self.cut(&signs(self.report.plain(), passage.lines()));
            stretches.push(Stretch { span: None, cut: Filled::as_it_is(cut), adjoins: true });
            return;
        };
        let words = line.of(self.report.plain());
        let mut quantities = Quantities::new(words);
        // A whole may stand in the sentence before its parts.
        let mut whole: Option<Span> = None;
        // Nothing stands between the last stretch, if there is one, and the sentence.
        let mut adjoins = true;
        // Where the next sentence begins.
        let mut next = 0;
        while let Some(place) = quantities.from(next) {
            let sentence = sentence_around(words, place, next);
            if next < sentence.start {
                whole = None;
                adjoins &= stretches.is_empty();
            }
            next = sentence.end;
            let sentence = Span::new(line.start + sentence.start as u32, line.start + sentence.end as u32);
            let keyed =
                self.grammar.prose.keys.as_ref().is_none_or(|keys| keys.is_in(sentence.of(self.report.plain())));
            let cut = if keyed { self.stated(sentence) } else { None };
            if keyed && let Some(span) = whole.take() {
                // A sentence without key words is read only before one with them.
                let takes_apart = cut.as_ref().is_some_and(|cut| cut.cut().takes_apart);
                let before = self.stated(span).or_else(|| takes_apart.then(|| Filled::as_it_is(self.cut_of(span))));
                let has_before = before.is_some();
                stretches.extend(before.map(|cut| Stretch { span: Some(span), cut, adjoins }));
                adjoins = has_before;
            }
            match cut {
                Some(cut) => {
                    stretches.push(Stretch { span: Some(sentence), cut, adjoins });
                    adjoins = true;
                }
                None => {
                    whole = Some(sentence);
                    adjoins &= !keyed && stretches.is_empty();
                }
            }
        }
    }

    fn cut_of(&self, sentence: Span) -> Cut {
        self.cut(&signs(self.report.plain(), std::iter::once(sentence)))
    }

    /// A sentence as it stands between full stops, if it states something.
    fn stated(&self, sentence: Span) -> Option<Filled> {
        let words = sentence.of(self.report.plain());
        let mut guard = self.known.borrow_mut();
        let known = &mut **guard;
        let has_shape = known.shape.take(words, self.report.year);
        if has_shape && let Some(recipe) = known.sentences.get(&known.shape.bytes) {
            return recipe.as_ref().map(|recipe| Filled::new(recipe.clone(), &known.shape, sentence.start));
        }
        drop(guard);
        let mut cut = Some(self.cut_of(sentence)).filter(Cut::states);
        if has_shape {
            cut.iter_mut().for_each(|cut| self.plan(&mut cut.sentences));
            let mut guard = self.known.borrow_mut();
            let Known { sentences, shape, .. } = &mut **guard;
            let recipe = match &cut {
                None => Some(None),
                Some(cut) => recipe(cut, shape, sentence.start).map(|recipe| Some(Arc::new(recipe))),
            };
            recipe.into_iter().for_each(|recipe| sentences.keep(&shape.bytes, recipe));
        }
        cut.map(Filled::as_it_is)
    }
}

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
    const FEW: usize = 16;
    // Without a way out of the inner loop it is done many bytes at a time.
    let has_digit = |bytes: &[u8]| bytes.iter().fold(false, |found, byte| found | byte.is_ascii_digit());
    let mut chunks = words.as_bytes()[from..].chunks(MANY).enumerate();
    let (index, chunk) = chunks.find(|(_, chunk)| has_digit(chunk))?;
    let (part, bytes) = chunk.chunks(FEW).enumerate().find(|(_, part)| has_digit(part))?;
    Some(from + index * MANY + part * FEW + bytes.iter().position(u8::is_ascii_digit)?)
}

fn other(words: &str, from: usize) -> Option<usize> {
    static OTHERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("未|无|無|⽆|没|沒|零|[０-９]").ok());
    OTHERS.as_ref()?.find_at(words, from).map(|found| found.start())
}
