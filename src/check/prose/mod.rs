//! Text against table: what the prose says of quantities, and whether it is so.
//!
//! In: a report, its grammar, and what sums of cells come to. Out: the statements of the prose, each with what came of it, and
//! findings for those that do not agree. A statement whose subject is doubtful is kept with the reason and never judged: no
//! false alarm is worth more than a catch. The wordings are data of the grammar ([`crate::grammar::Prose`]).

mod number;
mod parts;
mod passage;
mod recipe;
mod segment;
mod shape;
mod sides;
mod statements;
mod stretch;
mod whose;

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

use super::memory::Known;
use crate::grammar::{Grammar, StatementForm, Sum};
use crate::report::{Decimal, Finding, Report, Statement};

use parts::compares;
use passage::{Passage, Sign, passages};
use segment::{Segment, Sentence, sentences};
use stretch::Stretch;
use whose::Issuer;

pub(super) use shape::Shape;

/// A statement that was read.
pub(super) struct Read {
    pub statement: Statement,
    /// The position in the grammar of what it is worded as; none for parts and shares.
    form: Option<u32>,
    /// What is to be said where it is wrong.
    pub finding: Option<Box<Finding>>,
    /// What its cells come to, less the figure, where it can only speak of these.
    pub off: Option<Decimal>,
}

/// Most pages have no more statements.
const FEW: usize = 16;

/// What the prose says, in the page's order, and what of it is wrong. `total` gives what a sum of cells comes to, where all
/// of them are numbers.
pub(super) fn read(
    known: &mut Known,
    report: &Report<'_>,
    grammar: &Grammar,
    total: &dyn Fn(&Sum) -> Option<Decimal>,
) -> Vec<Read> {
    let issuer = Issuer::new(report.issuer.as_deref());
    let prose = Prose { report, grammar, total, issuer, known: RefCell::new(known) };
    let (mut read, mut stretches) = (Vec::with_capacity(FEW), Vec::new());
    for section in &report.sections {
        let passages = passages(report, section, &grammar.prose.parts);
        for (index, passage) in passages.iter().enumerate() {
            prose.stretches(passage, &mut stretches);
            if !stretches.is_empty() {
                let before = index.checked_sub(1).and_then(|before| passages.get(before));
                prose.passage(passage, &stretches, before.filter(|before| before.heading), &mut read);
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

/// Sentences, cut into segments.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    sentences: Box<[Sentence]>,
    /// How many characters were cut.
    signs: usize,
    /// It has words that take a whole apart.
    takes_apart: bool,
    /// Which of its values are plain numbers, where it is a recipe.
    values: Box<[recipe::Value]>,
}

impl Cut {
    /// Whether something in it may be a statement, or takes a whole apart.
    fn states(&self) -> bool {
        self.takes_apart || self.sentences.iter().any(|sentence| sentence.may_state)
    }
}

/// A segment of a sentence as the wordings see it.
struct Clause<'s> {
    segment: &'s Segment,
    /// Its template with marks for the body that reports.
    template: Cow<'s, str>,
    /// Where its wording begins in the template, and the statement that it is.
    wording: Option<(usize, usize, &'s StatementForm)>,
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
    /// The sentences of some characters, and what their segments are.
    fn cut(&self, signs: &[Sign]) -> Cut {
        let mut sentences = sentences(signs, self.report.year);
        let mut takes_apart = false;
        for sentence in &mut sentences {
            for segment in &mut sentence.segments {
                segment.wording = self.wording(segment, &segment.template);
                let parts = &self.grammar.prose.parts;
                segment.takes_apart = parts.iter().any(|word| segment.template.contains(word.as_str()));
                takes_apart |= segment.takes_apart;
                sentence.may_state |= segment.wording.is_some();
            }
            let own = |is: fn(&Segment) -> bool| sentence.segments.iter().any(|segment| !segment.remark && is(segment));
            sentence.takes_apart = own(|segment| segment.takes_apart) && own(|segment| segment.quantity.is_some());
            if sentence.takes_apart {
                sentence.segments.iter_mut().for_each(|segment| segment.compares = compares(&segment.template));
            }
        }
        Cut { sentences: sentences.into(), signs: signs.len(), takes_apart, values: Box::default() }
    }

    fn passage(&self, passage: &Passage, stretches: &[Stretch], heading: Option<&Passage>, all: &mut Vec<Read>) {
        let text = self.report.plain();
        let mut context = statements::Context::default();
        // The sentence before, and where it ends, if nothing stands between it and the next one.
        let mut last: Option<(&Stretch, usize, usize)> = None;
        // From where on was read what the sentence goes on from or takes apart.
        let mut said = all.len();
        // Characters that stand before the stretch.
        let mut behind = 0;
        for stretch in stretches {
            behind += usize::from(!stretch.adjoins);
            let cut = stretch.cut.cut();
            for (at, sentence) in cut.sentences.iter().enumerate() {
                if !sentence.goes_on {
                    context = statements::Context::default();
                }
                let Range { start, end } = sentence.signs;
                let mut wholes = Vec::new();
                let adjoins = |(.., end): &(&Stretch, usize, usize)| end + 1 == behind + start;
                let last_one = last.filter(adjoins);
                let takes_on =
                    || last_one.is_some() && sentence.segments.first().is_some_and(|first| first.takes_apart);
                if !sentence.goes_on && !takes_on() {
                    said = all.len();
                }
                // Most sentences state nothing that a table has; then what they are about matters only to one that they go on to.
                if sentence.may_state {
                    // （一）主动公开：… begins with a heading.
                    let begins = behind + start == 0;
                    let first = || sentence.segments.first();
                    let with_heading = passage.numbered && begins && first().is_some_and(|first| first.announces);
                    // What it goes on from, the sentence before, or the heading.
                    let before = || {
                        let place = stretch.cut.start_of(sentence);
                        if sentence.goes_on {
                            return stretch.before(passage, text, place);
                        }
                        let before = passage.sentence_before(text, place);
                        let heading = heading.filter(|_| before.is_empty());
                        heading.map_or(before, |heading| heading.sentence_before(text, place))
                    };
                    let told = self.told(sentence, usize::from(with_heading), &before, &mut context);
                    wholes = self.judged(stretch, at, &told, said, all);
                }
                if sentence.takes_apart
                    && let Some(sentence) = stretch.cut.sentence(at)
                {
                    let before = last_one.and_then(|(last, at, _)| last.cut.sentence(at));
                    all.extend(self.parts(&sentence, before.as_deref(), &wholes));
                }
                last = Some((stretch, at, behind + end));
            }
            behind += cut.signs;
        }
    }

    /// A segment with marks for the body that reports.
    fn clause<'s>(&'s self, segment: &'s Segment) -> Clause<'s> {
        let template = self.issuer.mark(&segment.template);
        let wording = match &template {
            Cow::Borrowed(_) => segment.wording,
            Cow::Owned(template) => self.wording(segment, template),
        };
        let wording = self.with_form(wording);
        Clause { segment, template, wording }
    }

    fn with_form(&self, wording: Option<(usize, usize)>) -> Option<(usize, usize, &StatementForm)> {
        let (start, statement) = wording?;
        Some((start, statement, self.grammar.prose.statements.get(statement)?))
    }
}
