//! Numbers among the characters of a sentence.
//!
//! In: plain characters, and where a digit stands among them. Out: the number that begins there. No number reaches over a blank
//! or a line end, so the cells of a row never become one figure. This file does not know what is counted.

use super::passage::Sign;
use crate::report::Decimal;

/// The number at `at`, as [`digits`] gives it. Numbers with only blanks between them are cells of a row, or one number that was torn:
/// all of them together have no value, unless they are a year.
pub(super) fn figure(signs: &[Sign], at: usize) -> (Option<Decimal>, u8, usize) {
    let (value, places, mut end) = digits(signs, at);
    if !is_digit(signs, end) {
        return (value, places, end);
    }
    while is_digit(signs, end) {
        end = digits(signs, end).2;
    }
    let whole = signs[at..end].iter().filter_map(|sign| sign.c.to_digit(10)).map(|digit| digit as u8);
    let year = is_year(signs, at).then(|| Decimal::from_digits(false, whole, 0)).flatten();
    (year, 0, end)
}

pub(super) fn is_digit(signs: &[Sign], index: usize) -> bool {
    signs.get(index).is_some_and(|sign| sign.c.is_ascii_digit())
}

/// Four digits and 年.
pub(super) fn is_year(signs: &[Sign], index: usize) -> bool {
    (index..index + 4).all(|at| is_digit(signs, at)) && signs.get(index + 4).is_some_and(|sign| sign.c == '年')
}

/// A point between two digits is part of a figure.
pub(super) fn is_point(signs: &[Sign], index: usize) -> bool {
    index > 0 && is_digit(signs, index - 1) && !signs[index].apart && is_next_digit(signs, index + 1)
}

/// A digit with no blank before it.
fn is_next_digit(signs: &[Sign], index: usize) -> bool {
    signs.get(index).is_some_and(|sign| sign.c.is_ascii_digit() && !sign.apart)
}

/// The number at `at`, with how many of its digits stand behind the point and where it ends. No value where it is too long.
fn digits(signs: &[Sign], at: usize) -> (Option<Decimal>, u8, usize) {
    let mut end = at;
    let (mut places, mut point) = (0, false);
    // Digits since the last comma; a comma of thousands has three digits behind it, and at most three before the first one.
    let (mut group, mut commas) = (0, false);
    while let Some(sign) = signs.get(end) {
        match sign.c {
            c if c.is_ascii_digit() && (end == at || !sign.apart) => {
                places += u8::from(point && places < 100);
                group += 1;
            }
            '.' if !point && is_point(signs, end) => point = true,
            ',' if !point
                && (group == 3 || (!commas && group < 3))
                && !sign.apart
                && (1..=3).all(|step| is_next_digit(signs, end + step))
                && !is_next_digit(signs, end + 4) =>
            {
                (group, commas) = (0, true);
            }
            _ => break,
        }
        end += 1;
    }
    let figures = signs[at..end].iter().filter_map(|sign| sign.c.to_digit(10)).map(|digit| digit as u8);
    (Decimal::from_digits(false, figures, usize::from(places)), places, end)
}
