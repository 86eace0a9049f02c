//! Text against table: what the prose says of quantities, and whether it is so.
//!
//! In: a report, its grammar, and what sums of cells come to. Out: the statements of the prose, each with what came of it, and
//! findings for those that do not agree. A statement whose subject is doubtful is kept with the reason and never judged: no
//! false alarm is worth more than a catch. The wordings are data of the grammar ([`crate::grammar::Prose`]).

mod parts;
mod passage;
mod segment;
mod sides;
mod statements;
mod whose;

use crate::grammar::{Grammar, Sum};
use crate::report::{Decimal, Finding, Report, Statement};

use passage::{Passage, Sign, passages};
use segment::{Sentence, sentences};
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
pub(super) fn read(report: &Report<'_>, grammar: &Grammar, total: &dyn Fn(&Sum) -> Option<Decimal>) -> Vec<Read> {
    let prose = Prose { report, grammar, total, issuer: Issuer::new(report.issuer.as_deref()) };
    let mut read = Vec::new();
    for section in &report.sections {
        let passages = passages(report, section);
        for (index, passage) in passages.iter().enumerate() {
            if !passage.says_quantity {
                continue;
            }
            let heading = index.checked_sub(1).and_then(|before| passages.get(before)).filter(|before| before.heading);
            prose.passage(passage, heading, &mut read);
        }
    }
    read
}

/// What the prose is held against.
struct Prose<'r> {
    report: &'r Report<'r>,
    grammar: &'r Grammar,
    total: &'r dyn Fn(&Sum) -> Option<Decimal>,
    issuer: Issuer,
}

impl Prose<'_> {
    fn passage(&self, passage: &Passage, heading: Option<&Passage>, all: &mut Vec<Read>) {
        let text = self.report.plain();
        let signs = passage.signs(text);
        let heading = heading.map(|heading| heading.signs(text)).unwrap_or_default();
        let mut context = statements::Context::default();
        let mut before = heading.as_slice();
        let mut last: Option<Sentence> = None;
        for mut sentence in sentences(&signs, self.report.year) {
            if !sentence.goes_on {
                context = statements::Context::default();
            }
            if sentence.signs.start > 0 {
                before = sentence_before(&signs, sentence.signs.start);
            }
            // Most sentences state nothing that a table has; then what they are about matters only to one that they go on to.
            let leads_on = signs.get(sentence.signs.end).is_some_and(|sign| sign.c == ';');
            let mut read = Vec::new();
            if leads_on || sentence.segments.iter().any(|segment| self.wording(segment).is_some()) {
                for segment in &mut sentence.segments {
                    segment.template = self.issuer.mark(&segment.template);
                }
                read = self.sentence(&sentence, before, &mut context);
            }
            let adjoins = |last: &&Sentence| last.signs.end + 1 == sentence.signs.start;
            let parts = self.parts(&sentence, last.as_ref().filter(adjoins), &read);
            all.extend(read.into_iter().flatten().chain(parts));
            last = Some(sentence);
        }
    }
}

/// The sentence that ends before `start`.
fn sentence_before(signs: &[Sign], start: usize) -> &[Sign] {
    let end = start - 1;
    let begin = signs[..end].iter().rposition(|sign| matches!(sign.c, '。' | ';')).map_or(0, |at| at + 1);
    &signs[begin..end]
}
