//! A sentence without its plain numbers.
//!
//! In: the words of a sentence as they stand on the page. Out: the same with marks in place of numbers whose digits make no
//! difference to its templates. Sentences of one shape are cut alike; only the values of their quantities differ.

use std::ops::Range;

use super::passage::digit;
use super::segment::year_mark;
use crate::text::plain;

/// Bytes from which on a sentence has no shape: in fewer characters no limit on the length of a sentence or aside is met.
const LONGEST: usize = 300;
/// Digits of a plain number.
const MOST_DIGITS: usize = 9;

/// Marks that no text has: a number that is no year, one of four digits, a year.
const NUMBER: u8 = 0xF8;
const OF_FOUR: u8 = 0xF9;
const YEAR: u8 = 0xFA;

/// Writes down the shape of a sentence; whether it has one. `year` is the report's.
pub(super) fn shape(words: &str, year: Option<u16>, shape: &mut Vec<u8>) -> bool {
    shape.clear();
    if words.len() >= LONGEST {
        return false;
    }
    let bytes = words.as_bytes();
    let (mut copied, mut from) = (0, 0);
    while let Some(start) = digit(words, from) {
        let end = start + bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if is_plain(words, start..end) {
            shape.extend_from_slice(&bytes[copied..start]);
            push_mark(&words[start..end], year, shape);
            copied = end;
        }
        from = end;
    }
    shape.extend_from_slice(&bytes[copied..]);
    true
}

/// Whether a number is short and stands by itself: no point, comma or other digit is next to it, whatever blanks are between.
fn is_plain(words: &str, number: Range<usize>) -> bool {
    let apart = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_digit() && c != '.' && c != ',');
    number.len() <= MOST_DIGITS
        && apart(words[number.end..].chars().find_map(plain))
        && apart(words[..number.start].chars().rev().find_map(plain))
}

fn push_mark(digits: &str, year: Option<u16>, shape: &mut Vec<u8>) {
    match digits.parse::<i64>() {
        Ok(number) if digits.len() == 4 && (1980..2100).contains(&number) => {
            shape.extend([YEAR, year_mark(number, year) as u8]);
        }
        _ => shape.push(if digits.len() == 4 { OF_FOUR } else { NUMBER }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether two sentences of a report on 2023 have one shape.
    #[track_caller]
    fn check(one: &str, other: &str, alike: bool) {
        let taken = |words: &str| {
            let mut bytes = Vec::new();
            shape(words, Some(2023), &mut bytes).then_some(bytes)
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
        check("受理1234567890件。", "受理1234567891件。", false);
        for apart in [".", ",", "，", " ，", ". ", "\u{200B}.", "５", "\u{200B}５"] {
            check(&format!("受理5{apart}8件。"), &format!("受理6{apart}8件。"), false);
        }
        check(&"受理5件".repeat(50), &"受理6件".repeat(50), false);
    }
}
