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
