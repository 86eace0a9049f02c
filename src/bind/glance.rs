//! Quick looks at bytes: blanks, plain digits, and whether a cell may be a figure at all.
//!
//! In: a line, or what of it is still to be read. Out: what can be told without reading it as a figure. Nothing here knows forms.

use crate::report::{Decimal, Span};

/// The digits at the beginning, and how many bytes they take.
pub(super) fn plain_number(bytes: &[u8]) -> Option<(usize, Decimal)> {
    /// So many digits fit in 64 bits.
    const MOST: usize = 18;
    let mut number = 0i64;
    let mut length = 0;
    while let Some(digit) = bytes.get(length).filter(|byte| byte.is_ascii_digit()) {
        if length == MOST {
            return None;
        }
        number = number * 10 + i64::from(digit - b'0');
        length += 1;
    }
    (length > 0).then(|| (length, number.into()))
}

/// A line without the blanks at its ends.
pub(super) fn without_blanks(text: &str, line: Span) -> Span {
    line.trimmed(text, is_plain_blank)
}

/// A row without the blank cells at its ends, and how many these are before and behind it. A row of blank cells is left whole.
pub(super) fn without_blank_cells(text: &str, line: Span) -> (Span, (u32, u32)) {
    let span = line.trimmed(text, |c| c == '\t' || is_plain_blank(c));
    if span.is_empty() {
        return (line, (0, 0));
    }
    let tabs = |start, end| memchr::memchr_iter(b'\t', Span::new(start, end).of(text).as_bytes()).count() as u32;
    (span, (tabs(line.start, span.start), tabs(span.end, line.end)))
}

/// The blanks that [`blank_at`] knows.
fn is_plain_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{A0}' | '\u{3000}')
}

/// How many bytes the blank at the beginning takes, if there is one.
pub(super) fn blank_at(bytes: &[u8]) -> usize {
    match bytes {
        [b' ', ..] => 1,
        [0xC2, 0xA0, ..] => 2,
        [0xE3, 0x80, 0x80, ..] => 3,
        _ => 0,
    }
}

/// A quick look: whether a cell begins as figures do.
pub(super) fn may_be_figure(mut cell: &[u8]) -> bool {
    /// Letters that signs and placeholders in words begin with: `增3`, `不适用`.
    const IN_WORDS: &str = "增减減新无無不零";
    loop {
        match blank_at(cell) {
            0 => break,
            length => cell = &cell[length..],
        }
    }
    match cell {
        [] => false,
        // `1.属于国家秘密` is a label.
        [b'0'..=b'9', ..] => {
            let digits = cell.iter().take_while(|byte| byte.is_ascii_digit()).count();
            match &cell[digits..] {
                [0xE3, 0x80, 0x81, ..] | [b'.'] => false,
                [b'.', next, ..] | [0xEF, 0xBC, 0x8E, next, ..] => next.is_ascii_digit() || *next == 0xEF,
                _ => true,
            }
        }
        [0xEF, 0xBC, third, ..] => !matches!(third, 0x88 | 0x89),
        [first @ 0xE3..=0xEA, second, third, ..] => {
            IN_WORDS.as_bytes().as_chunks().0.contains(&[*first, *second, *third])
        }
        [first, ..] => !first.is_ascii_alphabetic() && *first != b'(',
    }
}
