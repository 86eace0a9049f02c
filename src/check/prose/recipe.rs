//! How sentences of one shape are cut.
//!
//! In: a sentence that was cut, and its shape. Out: a [`Recipe`], which cuts any sentence of that shape: the places are moved by
//! what its plain numbers are longer or shorter, and their values are read anew. This file does not know what sentences say.

use super::Cut;
use super::segment::{Quantity, Segment, Share};
use super::shape::Shape;
use crate::report::{Decimal, Span};

/// What sentences of one shape become.
#[derive(Clone, Debug)]
pub(in crate::check) struct Recipe {
    /// The cut with encoded places: how many plain numbers stand before, and how many other bytes.
    cut: Cut,
    values: Vec<Value>,
}

/// A value that a plain number gives.
#[derive(Clone, Copy, Debug)]
struct Value {
    sentence: usize,
    segment: usize,
    /// It is that of a percentage.
    share: bool,
    number: usize,
    /// The power of ten that stands behind the number.
    power: i8,
}

/// Bits of an encoded place for the bytes that are in no plain number.
const BYTES: u32 = 16;

impl Recipe {
    /// The recipe of a cut of words that begin at `start`; none where a value is not what its number says.
    pub(super) fn of(cut: &Cut, shape: &Shape, words: &str, start: u32) -> Option<Recipe> {
        let number_at = |span: Span| shape.numbers.iter().position(|number| start + number.start as u32 == span.start);
        let mut values = Vec::new();
        for (sentence, part) in cut.sentences.iter().enumerate() {
            for (segment, Segment { quantity, share, .. }) in part.segments.iter().enumerate() {
                let quantity = quantity.map(|Quantity { value, span, .. }| (false, value, span));
                let share = share.map(|Share { value, span, .. }| (true, value, span));
                for (share, value, span) in quantity.into_iter().chain(share) {
                    let Some(number) = number_at(span) else { continue };
                    let bare = shape.value(words, number)?;
                    let power = [0, 4].into_iter().find(|power| bare.shift(*power) == Some(value))?;
                    values.push(Value { sentence, segment, share, number, power });
                }
            }
        }
        let encode = |place: u32| {
            let place = (place - start) as usize;
            let before = || shape.numbers.iter().take_while(|number| number.end <= place);
            (before().count() as u32) << BYTES | (place - before().map(|number| number.len()).sum::<usize>()) as u32
        };
        let mut cut = cut.clone();
        cut.each_place(encode);
        Some(Recipe { cut, values })
    }

    /// The cut of words of the same shape that begin at `start`.
    pub(super) fn fill(&self, shape: &Shape, words: &str, start: u32) -> Cut {
        let mut cut = self.cut.clone();
        cut.each_place(|code| {
            let before = shape.numbers.iter().take((code >> BYTES) as usize);
            start + (code & ((1 << BYTES) - 1)) + before.map(|number| number.len() as u32).sum::<u32>()
        });
        for value in &self.values {
            let segment = cut.sentences.get_mut(value.sentence).and_then(|part| part.segments.get_mut(value.segment));
            let Some(segment) = segment else { continue };
            let Some(number) = shape.value(words, value.number).and_then(|bare| bare.shift(value.power)) else {
                continue;
            };
            set(segment, value.share, number);
        }
        cut
    }
}

fn set(segment: &mut Segment, of_share: bool, number: Decimal) {
    if let Some(share) = segment.share.as_mut().filter(|_| of_share) {
        share.value = number;
    }
    if let Some(quantity) = segment.quantity.as_mut().filter(|_| !of_share) {
        quantity.value = number;
    }
}

impl Cut {
    /// Changes each place on the page.
    fn each_place(&mut self, change: impl Fn(u32) -> u32) {
        let span = |span: &mut Span| *span = Span::new(change(span.start), change(span.end));
        for sentence in &mut self.sentences {
            span(&mut sentence.place);
            for segment in &mut sentence.segments {
                span(&mut segment.span);
                segment.quantity.iter_mut().for_each(|quantity| span(&mut quantity.span));
                segment.share.iter_mut().for_each(|share| span(&mut share.span));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::memory::Known;
    use super::super::super::page::{built_in, report, with_section};
    use super::super::super::{check as check_afresh, judge};

    /// One memory for all these paragraphs, in reports of several bodies and years, gives what none gives.
    #[track_caller]
    fn check(paragraphs: &[&str]) {
        let grammar = built_in("gid-2021");
        let mut known = Known::default();
        let figures = "applications.new_received = 5 0 0 0 0 0 5\napplications.outcome_total = 12 0 0 0 0 0 12\n";
        for round in 0..2 {
            for (issuer, year) in [("青石县教育局", 2023), ("青石县", 2022), ("安镇街道办事处", 2023)] {
                for paragraph in paragraphs {
                    let mut afresh = with_section(report(&grammar, figures), &grammar, "overview", paragraph);
                    (afresh.issuer, afresh.year) = (Some(issuer.to_owned()), Some(year));
                    let mut remembered = afresh.clone();
                    check_afresh(&mut afresh, &grammar);
                    judge(&mut known, &mut remembered, &grammar);
                    assert_eq!(
                        format!("{:?}{:?}", remembered.statements, remembered.findings),
                        format!("{:?}{:?}", afresh.statements, afresh.findings),
                        "{paragraph} of {issuer} {year} in round {round}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_remembered_changes_nothing() {
        check(&[
            "收到申请5件。",
            "收到申请 12 件。",
            "收到申请1,205件。",
            "收到申请5万余件。",
            "收到申请123456万余件。",
        ]);
        check(&[
            "2023年收到申请5件，2022年收到申请7件。",
            "2022年收到申请5件，2021年收到申请7件。",
            "2０23年收到申请5件。",
        ]);
        check(&["2022年收到3件,2023年收到申请5件。", "2023年收到3件,2022年收到申请5件.", "20 23年收到申请5件。"]);
        check(&[
            "我局收到申请5件。",
            "全县收到申请5件；办结12件。",
            "教育局收到申请5件；办结3件。",
            "街道收到申请5件，办结12件。",
        ]);
        check(&[
            "我县公开信息8条。其中，收到申请5件，办结3件。",
            "公开信息9条。其中，网站5条，其他4条。",
            "其中，网站5条，其他4条。",
        ]);
        check(&[
            "其中，网站5条，其他3条。公开信息9条。其中，网站5条，其他3条。",
            "培训5次，内容包括条例。其中，网站5次，其他3次。",
        ]);
        check(&["（一）办结情况：办结12件。", "办结情况：办结12件。", "收到申请5件。办结情况：办结3件。", "办结3件。"]);
        check(&[
            "推送内容3条，在规定时间内回复。办结情况：办结3件。",
            "公开8条。推送内容3条，在规定时间内回复。办结3件。",
        ]);
        check(&[
            "收到申请5件，占86%，办结12件（占90.5%）。",
            "收到申请7件，占8%，办结2件（占9%）。",
            "没有收到申请。",
            "未收到申请。",
        ]);
    }
}
