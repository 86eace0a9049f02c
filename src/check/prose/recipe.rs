//! How sentences of one shape are cut.
//!
//! In: a sentence that was cut, and its shape. Out: a recipe, which is the cut of any sentence of that shape: its places are moved
//! by what the plain numbers are longer or shorter, and their values are read anew, each where it is asked for ([`Filled`]). This
//! file does not know what sentences say.

use std::borrow::Cow;
use std::sync::Arc;

use super::Cut;
use super::segment::{Quantity, Segment, Sentence, Share};
use super::shape::{Number, Shape};
use crate::report::{Decimal, Span};

/// A cut on a page.
#[derive(Debug)]
pub(super) struct Filled {
    cut: Arc<Cut>,
    /// Where its words begin and which plain numbers they have, if it is a recipe.
    filling: Option<(u32, Box<[Number]>)>,
}

/// A value that a plain number gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    sentence: u32,
    segment: u32,
    number: u32,
    /// It is that of a percentage.
    share: bool,
    /// The power of ten that stands behind the number.
    power: i8,
}

/// Bits of an encoded place for the bytes that are in no plain number; above them stands how many plain numbers are before it.
const BYTES: u32 = 16;

/// The recipe of a cut of words that begin at `start`; none where a value is not what its number says.
pub(super) fn recipe(cut: &Cut, shape: &Shape, start: u32) -> Option<Cut> {
    let number_at = |span: Span| shape.numbers.iter().position(|number| start + number.start == span.start);
    let mut values = Vec::new();
    for (sentence, part) in (0..).zip(&cut.sentences) {
        for (segment, Segment { quantity, share, .. }) in (0..).zip(&part.segments) {
            let quantity = quantity.map(|Quantity { value, span, .. }| (false, value, span));
            let share = share.map(|Share { value, span, .. }| (true, value, span));
            for (share, value, span) in quantity.into_iter().chain(share) {
                let Some(number) = number_at(span) else { continue };
                let bare = shape.numbers.get(number)?.value();
                let power = [0, 4].into_iter().find(|power| bare.shift(*power) == Some(value))?;
                values.push(Value { sentence, segment, number: number as u32, share, power });
            }
        }
    }
    let encode = |place: u32| {
        let place = place - start;
        let before = shape.numbers.iter().take_while(|number| number.end <= place);
        let (count, digits) = before.fold((0, 0), |(count, _), number| (count + 1, number.digits));
        count << BYTES | (place - digits)
    };
    let mut recipe = Cut { values: values.into(), ..cut.clone() };
    for sentence in &mut recipe.sentences {
        sentence.place = moved(sentence.place, encode);
        sentence.segments.iter_mut().for_each(|segment| move_all(segment, encode));
    }
    Some(recipe)
}

impl Filled {
    /// A cut that is no recipe.
    pub(super) fn as_it_is(cut: Cut) -> Filled {
        Filled { cut: Arc::new(cut), filling: None }
    }

    /// A recipe for words of its shape that begin at `start`.
    pub(super) fn new(recipe: Arc<Cut>, shape: &Shape, start: u32) -> Filled {
        Filled { cut: recipe, filling: Some((start, shape.numbers.as_slice().into())) }
    }

    /// The cut but for places and values.
    pub(super) fn cut(&self) -> &Cut {
        &self.cut
    }

    /// Where a sentence begins.
    pub(super) fn start_of(&self, sentence: &Sentence) -> u32 {
        self.place(sentence.place.start)
    }

    /// The sentence at that position.
    pub(super) fn sentence(&self, at: usize) -> Option<Cow<'_, Sentence>> {
        let sentence = self.cut.sentences.get(at)?;
        if self.filling.is_none() {
            return Some(Cow::Borrowed(sentence));
        }
        let segments = (0..).zip(&sentence.segments).map(|(index, segment)| {
            let (span, quantity) = self.said(at, index, segment);
            let share = segment.share.map(|share| Share {
                value: self.value(at, index, true).unwrap_or(share.value),
                span: self.on_page(share.span),
                ..share
            });
            Segment { span, quantity, share, ..segment.clone() }
        });
        let (segments, place) = (segments.collect(), self.on_page(sentence.place));
        Some(Cow::Owned(Sentence { segments, place, signs: sentence.signs.clone(), plan: None, ..*sentence }))
    }

    /// Where a segment of a sentence stands, and its quantity. Both are given with their positions.
    pub(super) fn said(&self, sentence: usize, at: usize, segment: &Segment) -> (Span, Option<Quantity>) {
        let quantity = segment.quantity.map(|quantity| Quantity {
            value: self.value(sentence, at, false).unwrap_or(quantity.value),
            span: self.on_page(quantity.span),
            ..quantity
        });
        (self.on_page(segment.span), quantity)
    }

    /// The value of a quantity or percentage, if a plain number gives it.
    fn value(&self, sentence: usize, segment: usize, share: bool) -> Option<Decimal> {
        let (_, numbers) = self.filling.as_ref()?;
        let own =
            |value: &&Value| (value.sentence, value.segment, value.share) == (sentence as u32, segment as u32, share);
        let value = self.cut.values.iter().find(own)?;
        numbers.get(value.number as usize)?.value().shift(value.power)
    }

    fn on_page(&self, span: Span) -> Span {
        moved(span, |code| self.place(code))
    }

    fn place(&self, code: u32) -> u32 {
        let Some((start, numbers)) = &self.filling else { return code };
        let last = ((code >> BYTES) as usize).checked_sub(1).and_then(|last| numbers.get(last));
        start + (code & ((1 << BYTES) - 1)) + last.map_or(0, |last| last.digits)
    }
}

/// Changes each place on the page.
fn move_all(segment: &mut Segment, change: impl Fn(u32) -> u32) {
    let span = |span: &mut Span| *span = moved(*span, &change);
    span(&mut segment.span);
    segment.quantity.iter_mut().for_each(|quantity| span(&mut quantity.span));
    segment.share.iter_mut().for_each(|share| span(&mut share.span));
}

fn moved(span: Span, change: impl Fn(u32) -> u32) -> Span {
    Span::new(change(span.start), change(span.end))
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
        check(&[
            "办结申请12件。其中，按时办结3件，延期办结2件。",
            "办结申请12件，其中按时办结3件。",
            "其中，按时办结12件。",
            "办结申请12件；其中按时办结12件。",
        ]);
        check(&["收到申请 5", "收到申请5", "收到申请 5。", "收到申请 5 7 12", "收到申请 5.信访", "收到申请5件 7件"]);
        check(&["梳理事项5项。其中，行政许可3项。", "作出决定5件。其中，行政许可3件。", "其中，行政许可3件。"]);
    }
}
