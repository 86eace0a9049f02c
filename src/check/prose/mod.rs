//! Text against table: what the prose says of quantities, and whether it is so.
//!
//! In: a report, its grammar, and what sums of cells come to. Out: the statements of the prose, each with what came of it, and
//! findings for those that do not agree. A statement whose subject is doubtful is kept with the reason and never judged: no
//! false alarm is worth more than a catch. The wordings are data of the grammar ([`crate::grammar::Prose`]).

mod parts;
mod passage;
mod segment;
mod shape;
mod sides;
mod statements;
mod whose;

use std::borrow::Cow;
use std::cell::RefCell;

use regex::Regex;

use super::memory::{Known, Weight};
use crate::grammar::{Grammar, Pattern, StatementForm, Sum};
use crate::report::{Decimal, Finding, Report, Span, Statement};

use passage::{Passage, Sign, append, passages};
use segment::{LONGEST, Segment, Sentence, sentences};
use whose::Issuer;

/// A statement that was read.
pub(super) struct Read {
    pub statement: Statement,
    /// What is to be said where it is wrong.
    pub finding: Option<Finding>,
    /// It is a whole of its own, never a part of the figure before it.
    pub whole: bool,
    /// What its cells come to, less the figure, where it can only speak of these.
    pub off: Option<Decimal>,
}

/// What the prose says, in the page's order, and what of it is wrong. `total` gives what a sum of cells comes to, where all
/// of them are numbers.
pub(super) fn read(
    known: &mut Known,
    report: &Report<'_>,
    grammar: &Grammar,
    total: &dyn Fn(&Sum) -> Option<Decimal>,
) -> Vec<Read> {
    let keys = grammar.prose.keys.as_ref().and_then(Pattern::regex);
    let issuer = Issuer::new(report.issuer.as_deref());
    let prose = Prose { report, grammar, total, issuer, known: RefCell::new(known) };
    let (mut read, mut signs) = (Vec::new(), Vec::new());
    for section in &report.sections {
        let passages = passages(report, section, &grammar.prose.parts);
        for (index, passage) in passages.iter().enumerate() {
            let heading = index.checked_sub(1).and_then(|before| passages.get(before)).filter(|before| before.heading);
            passage.signs(report.plain(), &|sentence, all| prose.weigh(keys, sentence, all), &mut signs);
            if !signs.is_empty() {
                prose.passage(passage, &signs, heading, &mut read);
            }
        }
    }
    read
}

/// Whether words begin with one of a list of Chinese words. The last byte of the first character tells nearly all apart.
fn begins_with<'w>(words: &str, list: &[&'w str]) -> Option<&'w str> {
    let third = words.as_bytes().get(2)?;
    list.iter().copied().find(|word| word.as_bytes().get(2) == Some(third) && words.starts_with(word))
}

/// Whether words end with one of a list. The last byte tells nearly all apart.
fn ends_with<'w>(words: &str, list: &[&'w str]) -> Option<&'w str> {
    let last = words.as_bytes().last()?;
    list.iter().copied().find(|word| word.as_bytes().last() == Some(last) && words.ends_with(word))
}

/// A segment of a sentence as the wordings see it.
struct Clause<'s> {
    segment: &'s Segment,
    /// Its template with marks for the body that reports.
    template: Cow<'s, str>,
    /// The statement that it is, and where its wording begins in the template.
    wording: Option<(usize, &'s StatementForm)>,
}

/// What the prose is held against.
struct Prose<'r> {
    report: &'r Report<'r>,
    grammar: &'r Grammar,
    total: &'r dyn Fn(&Sum) -> Option<Decimal>,
    issuer: Issuer,
    known: RefCell<&'r mut Known>,
}

impl Prose<'_> {
    /// What a sentence is worth, as it stands between full stops; all of it if it has one of `keys`, or if `all` is asked.
    fn weigh(&self, keys: Option<&Regex>, sentence: Span, all: bool) -> Weight {
        let words = sentence.of(self.report.plain());
        let mut shape = std::mem::take(&mut self.known.borrow_mut().shape);
        // Sentences of one shape have the same words; but a key may have digits.
        let has_shape = !self.grammar.prose.digits_in_keys && shape::shape(words, self.report.year, &mut shape);
        let recalled = has_shape.then(|| self.known.borrow().sentences.get(&shape)).flatten();
        let weight = recalled.filter(|weight| weight.states.is_some() || !all).unwrap_or_else(|| {
            let keyed = recalled.map_or_else(|| keys.is_none_or(|keys| keys.is_match(words)), |weight| weight.keyed);
            let weight = Weight { keyed, states: (keyed || all).then(|| !self.is_silent(sentence)) };
            if has_shape {
                self.known.borrow_mut().sentences.keep(&shape, weight);
            }
            weight
        });
        self.known.borrow_mut().shape = shape;
        weight
    }

    /// Whether nothing in a sentence is worded as a statement, or takes a whole apart. Marks for the body that reports could make
    /// a statement of what stands before a semicolon.
    fn is_silent(&self, sentence: Span) -> bool {
        let mut signs = Vec::new();
        append(&mut signs, self.report.plain(), sentence);
        let states =
            |segment: &Segment| self.wording(segment, &segment.template).is_some() || self.begins_parts(segment);
        let leads_on = |end: usize| signs.get(end).is_some_and(|sign| sign.c == ';');
        let sentences = sentences(&signs, self.report.year);
        sentences.iter().all(|part| !leads_on(part.signs.end) && !part.segments.iter().any(states))
    }

    fn passage(&self, passage: &Passage, signs: &[Sign], heading: Option<&Passage>, all: &mut Vec<Read>) {
        let text = self.report.plain();
        let mut context = statements::Context::default();
        let mut last: Option<Sentence> = None;
        for sentence in sentences(signs, self.report.year) {
            if !sentence.goes_on {
                context = statements::Context::default();
            }
            // What it goes on from, the sentence before, or the heading.
            let place = signs.get(sentence.signs.start).map_or(0, |sign| sign.at);
            let before = || {
                if sentence.goes_on {
                    let near = &signs[sentence.signs.start.saturating_sub(LONGEST)..sentence.signs.start];
                    let start = near.iter().rposition(|sign| sign.c == '。');
                    return near[start.map_or(0, |start| start + 1)..].to_vec();
                }
                let before = passage.sentence_before(text, place);
                let heading = heading.filter(|_| before.is_empty());
                heading.map_or(before, |heading| heading.sentence_before(text, place))
            };
            // Most sentences state nothing that a table has; then what they are about matters only to one that they go on to.
            let leads_on = signs.get(sentence.signs.end).is_some_and(|sign| sign.c == ';');
            let segments = sentence.segments.iter();
            let wordings: Vec<_> = segments.map(|segment| self.wording(segment, &segment.template)).collect();
            let mut read = Vec::new();
            if leads_on || wordings.iter().any(Option::is_some) {
                let segments = sentence.segments.iter().zip(wordings);
                let clauses: Vec<Clause> = segments.map(|(segment, wording)| self.clause(segment, wording)).collect();
                // （一）主动公开：… begins with a heading.
                let first = sentence.segments.first();
                let heading = passage.numbered && sentence.signs.start == 0 && first.is_some_and(|s| s.announces);
                read = self.sentence(&clauses, usize::from(heading), &before, &mut context);
            }
            let adjoins = |last: &&Sentence| last.signs.end + 1 == sentence.signs.start;
            let parts = self.parts(&sentence, last.as_ref().filter(adjoins), &read);
            all.extend(read.into_iter().flatten().chain(parts));
            last = Some(sentence);
        }
    }

    /// A segment with marks for the body that reports.
    fn clause<'s>(&'s self, segment: &'s Segment, wording: Option<(usize, &'s StatementForm)>) -> Clause<'s> {
        let template = self.issuer.mark(&segment.template);
        let wording = match &template {
            Cow::Borrowed(_) => wording,
            Cow::Owned(template) => self.wording(segment, template),
        };
        Clause { segment, template, wording }
    }
}
