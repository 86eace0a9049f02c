//! A sentence without its plain numbers.
//!
//! In: the words of a sentence as they stand on the page. Out: the same with marks in place of numbers whose digits make no
//! difference to its templates. Sentences of one shape are cut alike; only the values of their quantities differ.

use std::ops::Range;

use super::segment::year_mark;
use super::stretch::digit;
use crate::report::Decimal;
use crate::text::plain;

/// Bytes from which on a sentence has no shape: in fewer characters no limit on the length of a sentence or aside is met.
const LONGEST: usize = 300;
/// Digits of a plain number.
const MOST_DIGITS: usize = 9;

/// Marks that no text has: a number that is no year, one of four digits, a year.
const NUMBER: u8 = 0xF8;
const OF_FOUR: u8 = 0xF9;
const YEAR: u8 = 0xFA;
/// The year of the report, where other numbers may be years.
const OWN_YEAR: u8 = 0xFB;

/// The shape of a sentence.
#[derive(Debug, Default)]
pub(in crate::check) struct Shape {
    pub bytes: Vec<u8>,
    /// Its plain numbers, in order.
    pub(super) numbers: Vec<Number>,
}

/// A plain number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    /// Where it stands in the words.
    pub start: u32,
    pub end: u32,
    /// How many digits the plain numbers up to it have, its own among them.
    pub digits: u32,
    value: u32,
}

impl Number {
    /// What it says.
    pub(super) fn value(&self) -> Decimal {
        Decimal::from(i64::from(self.value))
    }
}

impl Shape {
    /// Takes the shape of those words; whether they have one. `year` is the report's.
    pub(super) fn take(&mut self, words: &str, year: Option<u16>) -> bool {
        self.bytes.clear();
        self.numbers.clear();
        if words.len() >= LONGEST {
            return false;
        }
        let bytes = words.as_bytes();
        let (mut copied, mut from) = (0, 0);
        // Full-width digits are in no plain number.
        let is_wide = |at: usize| matches!(bytes[at..], [_, 0xBC, 0x90..=0x99, ..]);
        let mut all_plain = !memchr::memchr_iter(0xEF, bytes).any(is_wide);
        while let Some(start) = digit(words, from) {
            let end = start + bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if is_plain(words, start..end) {
                self.bytes.extend_from_slice(&bytes[copied..start]);
                let value = bytes[start..end].iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
                push_mark(value, end - start, year, &mut self.bytes);
                let digits = self.numbers.last().map_or(0, |last| last.digits) + (end - start) as u32;
                self.numbers.push(Number { start: start as u32, end: end as u32, digits, value });
                copied = end;
            } else {
                all_plain = false;
            }
            from = end;
        }
        self.bytes.extend_from_slice(&bytes[copied..]);
        if !all_plain {
            self.bytes.push(OWN_YEAR);
            self.bytes.extend(year.unwrap_or_default().to_le_bytes());
        }
        true
    }
}

/// Whether a number is short and stands by itself: no other digit is next to it, or behind a point or comma next to it, whatever
/// blanks are between.
fn is_plain(words: &str, number: Range<usize>) -> bool {
    number.len() <= MOST_DIGITS
        && is_apart(words[number.end..].chars().filter_map(plain))
        && is_apart(words[..number.start].chars().rev().filter_map(plain))
}

fn is_apart(mut signs: impl Iterator<Item = char>) -> bool {
    match signs.next() {
        Some('.' | ',') => signs.next().is_none_or(|c| !c.is_ascii_digit()),
        c => c.is_none_or(|c| !c.is_ascii_digit()),
    }
}

fn push_mark(value: u32, digits: usize, year: Option<u16>, shape: &mut Vec<u8>) {
    match (digits, value) {
        (4, 1980..2100) => shape.extend([YEAR, year_mark(value.into(), year) as u8]),
        (4, _) => shape.push(OF_FOUR),
        _ => shape.push(NUMBER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether two sentences of a report on 2023 have one shape.
    #[track_caller]
    fn check(one: &str, other: &str, alike: bool) {
        let taken = |words: &str| {
            let mut shape = Shape::default();
            shape.take(words, Some(2023)).then_some(shape.bytes)
        };
        assert_eq!(taken(one).is_some() && taken(one) == taken(other), alike, "{one} {other}");
    }

    #[test]
    fn shapes() {
        check("受理5件。", "受理12件。", true);
        check("受理 5 件。", "受理 12345 件。", true);
        check("受理5件。", "受理 5件。", false);
        check("2023年受理5件。", "2023年受理6件。", true);
        check("2022年受理5件。", "2021年受理6件。", true);
        check("2022年受理5件。", "2023年受理5件。", false);
        check("2024年受理5件。", "2022年受理5件。", false);
        check("受理1979件。", "受理2100件。", true);
        check("受理1979件。", "受理197件。", false);
        check("受理5，办结3.", "受理6，办结4.", true);
        check("受理1234567890件。", "受理1234567891件。", false);
        for apart in [".", ",", "，", " ，", ". ", "\u{200B}.", "５", "\u{200B}５"] {
            check(&format!("受理5{apart}8件。"), &format!("受理6{apart}8件。"), false);
        }
        // Numbers that are not plain may be the report's year.
        let of = |year, words: &str| {
            let mut shape = Shape::default();
            shape.take(words, Some(year)).then_some(shape.bytes)
        };
        for words in ["2０23年", "20 23年", "2023年", "2023,5"] {
            assert_ne!(of(2023, words), of(2022, words), "{words}");
        }
        assert_eq!(of(2023, "受理5件。"), of(2022, "受理5件。"));
        check(&"受理5件".repeat(50), &"受理6件".repeat(50), false);
    }
}
