//! One piece of text that is wholly a value: `1,016`, `３`, `减38`, `201件`, `-`, `无`.
//!
//! In: a piece, trimmed or not. Out: a [`Figure`], or nothing where the piece is something else; then it is text, and no
//! number is taken out of it. What counts as a figure follows what reports print in their cells: signs in words, units of
//! counting and of money, thousands separators, a remark in brackets after the figure.

use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::character::complete::char;
use nom::combinator::{opt, value};
use nom::sequence::delimited;
use nom::{IResult, Parser};

use super::outline::is_blank;
use crate::report::{Decimal, Value};
use crate::text::{all_letters, is_invisible, plain, radical};

/// A value as printed, before it is brought to its column's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The number as printed, or what stands in place of one.
    pub value: Value,
    /// The unit printed with it.
    pub unit: Option<Unit>,
}

/// A unit: what is counted, and in which power of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The unit as it is written in simplified characters.
    pub name: &'static str,
    /// The power of ten that it stands for: 4 for 万元 and 万.
    pub power: i8,
    /// Whether it is money, or a plain count; none for 万 and 亿 alone, which say nothing of it.
    pub money: Option<bool>,
}

/// The unit of that name (simplified or traditional).
pub fn unit(name: &str) -> Option<Unit> {
    UNITS.iter().find(|(spelling, _)| *spelling == name).map(|(_, unit)| *unit)
}

/// The unit that `words` begin with, and how many bytes it takes.
pub fn leading_unit(words: &str) -> Option<(Unit, usize)> {
    let (rest, unit) = unit_name(words).ok()?;
    Some((unit, words.len() - rest.len()))
}

/// The value that `piece` is as a whole. None where it is text, or blank.
pub fn figure(piece: &str) -> Option<Figure> {
    let piece = strip(piece);
    let bytes = piece.as_bytes();
    if bytes.is_empty() {
        return None;
    }
    if bytes.len() <= 18 && bytes.iter().all(u8::is_ascii_digit) {
        let number = bytes.iter().fold(0i64, |sum, digit| sum * 10 + i64::from(digit - b'0'));
        return Some(Figure { value: Value::Number(number.into()), unit: None });
    }
    if bytes.len() > LONGEST || !may_begin(piece.chars().next()?) {
        return None;
    }
    if piece.chars().any(|c| is_invisible(c) || radical(c).is_some()) {
        let shown = piece.chars().filter(|c| !is_invisible(*c)).map(|c| radical(c).unwrap_or(c));
        return figure(&shown.collect::<String>());
    }
    if !piece.starts_with(is_digit)
        && let Some(value) = placeholder(piece)
    {
        return Some(Figure { value, unit: None });
    }
    if is_numbered(bytes) {
        return None;
    }
    let (rest, figure) = number_with_unit(piece).ok()?;
    (rest.is_empty() || is_remark(rest)).then_some(figure)
}

/// Whether a piece that begins so is no figure, whatever stands behind.
pub fn begins_as_words(piece: &str) -> bool {
    let in_brackets = || piece.starts_with(['（', '(']) && piece.find(is_blank).unwrap_or(piece.len()) > LONGEST_WORD;
    piece.chars().next().is_some_and(|first| !may_begin(first)) || is_numbered(piece.as_bytes()) || in_brackets()
}

/// Figures that were read before. Besides plain digits, tables show the same few short ones again and again: `-`, `０`, `3件`.
#[derive(Debug, Default)]
pub struct KnownFigures {
    /// In each place the last piece that had it: its bytes, how many they are, and what it is.
    places: Vec<(u128, usize, Option<Figure>)>,
}

impl KnownFigures {
    /// The value that `piece` is as a whole, just as [`figure`] says it.
    pub fn figure(&mut self, piece: &str) -> Option<Figure> {
        const PLACES: usize = 512;
        const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut bytes = [0; size_of::<u128>()];
        let Some(room) = bytes.get_mut(..piece.len()) else { return figure(piece) };
        room.copy_from_slice(piece.as_bytes());
        let (bytes, length) = (u128::from_le_bytes(bytes), piece.len());
        self.places.resize(PLACES, (0, 0, None));
        let hash = ((bytes >> 64) as u64 ^ (bytes as u64).rotate_left(29)).wrapping_mul(FACTOR);
        let place = &mut self.places[(hash >> 32) as usize % PLACES];
        if (place.0, place.1) != (bytes, length) {
            *place = (bytes, length, figure(piece));
        }
        place.2
    }
}

/// Bytes of the longest figure, remark included; this keeps prose from being tried at all.
const LONGEST: usize = 300;

/// A figure's ends carry blanks, and the `?` that some sites make of zero-width characters.
fn strip(piece: &str) -> &str {
    let piece = piece.trim_matches(is_blank);
    piece.strip_prefix('?').and_then(|inner| inner.strip_suffix('?')).unwrap_or(piece)
}

/// A quick look: whether a value may begin so. Most pieces are labels and begin otherwise.
fn may_begin(first: char) -> bool {
    match first {
        '新' | '增' | '减' | '減' => true,
        '\u{2E80}'..='\u{2FD5}' | '\u{4E00}'..='\u{9FFF}' | 'A'..='Z' | 'a'..='z' => {
            matches!(plain(first), Some('无' | '不' | '零' | 'n'))
        }
        _ => true,
    }
}

/// A half-width or full-width digit.
pub fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '０'..='９')
}

/// `1.属于国家秘密`: digits, and a mark that no digit follows.
fn is_numbered(piece: &[u8]) -> bool {
    let digits = piece.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match &piece[digits..] {
        _ if digits == 0 => false,
        [b'.', next @ ..] => {
            !next.first().is_some_and(|next| next.is_ascii_digit() || *next >= 0x80)
                || matches!(next, [0xE4..=0xE9, ..])
        }
        // 、, and a wide dot before words
        [0xE3, 0x80, 0x81, ..] | [0xEF, 0xBC, 0x8E, 0xE4..=0xE9, ..] => true,
        _ => false,
    }
}

/// Bytes of the longest word that stands for a value.
const LONGEST_WORD: usize = 12;

fn placeholder(piece: &str) -> Option<Value> {
    let first = piece.chars().next()?;
    let dash = matches!(first, '-' | '－' | '—' | '–' | '―' | '─' | '−' | '﹣' | '/' | '／' | '\\' | '＼' | '∕');
    if dash && piece.chars().count() <= 4 && piece.chars().all(|c| c == first) {
        return Some(Value::Dash);
    }
    if piece.len() <= LONGEST_WORD && !piece.is_ascii() || piece == "N/A" {
        let says = |words: &str| {
            let mut rest = words.chars();
            all_letters(piece, |letter| rest.next() == Some(letter)) && rest.next().is_none()
        };
        let values =
            [("无", Value::None), ("不适用", Value::Text), ("na", Value::Text), ("零", Value::Number(Decimal::ZERO))];
        return values.into_iter().find(|(words, _)| says(words)).map(|(_, value)| value);
    }
    None
}

/// Brackets to the end: `（其中修订16件）`. Whether they hold words or figures, they are a remark.
fn is_remark(rest: &str) -> bool {
    let rest = rest.trim_start();
    // A mark of a footnote: 23①.
    if !rest.is_empty() && rest.chars().all(|c| matches!(c, '①'..='⑳' | '*' | '※')) {
        return true;
    }
    let (Some(first), Some(last)) = (rest.chars().next(), rest.chars().next_back()) else { return false };
    matches!(first, '（' | '(') && matches!(last, '）' | ')') && rest.chars().count() > 3
}

fn number_with_unit(input: &str) -> IResult<&str, Figure> {
    let (input, negative) = if input.starts_with(is_digit) { (input, None) } else { opt(sign).parse(input)? };
    let (input, number) = match negative {
        // The form prints `+(0)` for the change, and some fill in the brackets.
        Some(_) => {
            alt((number, delimited(alt((char('('), char('（'))), number, alt((char(')'), char('）')))))).parse(input)?
        }
        None => number(input)?,
    };
    let negative = negative.unwrap_or(false);
    let number = if negative { number.negated() } else { number };
    let input = if input.starts_with([' ', '\u{A0}']) { input.trim_start_matches([' ', '\u{A0}']) } else { input };
    let (input, unit) = if input.is_empty() { (input, None) } else { opt(unit_name).parse(input)? };
    Ok((input, Figure { value: Value::Number(number), unit }))
}

/// A sign, in signs or in words; true for minus.
fn sign(input: &str) -> IResult<&str, bool> {
    let words = alt((
        value(false, alt((tag("新增加"), tag("增加"), tag("新增"), tag("增")))),
        value(true, alt((tag("减少"), tag("減少"), tag("减"), tag("減")))),
    ));
    let signs = alt((
        value(false, alt((tag("+"), tag("＋")))),
        value(true, alt((tag("-"), tag("－"), tag("−"), tag("–"), tag("﹣"), tag("—")))),
    ));
    let (input, negative) = alt((words, signs)).parse(input)?;
    let (input, _) = opt(alt((char(' '), char('：'), char(':')))).parse(input)?;
    Ok((input, negative))
}

/// Digits, in groups of three or not, and a fraction.
fn number(input: &str) -> IResult<&str, Decimal> {
    let bytes = input.as_bytes();
    let (mut digits, mut count) = ([0; LONGEST], 0);
    let mut at = take_digits(bytes, 0, 3, &mut digits, &mut count);
    let grouped = at;
    if count > 0 {
        while let Some(group) = three_digits(bytes, at) {
            at = take_digits(bytes, group, 3, &mut digits, &mut count);
        }
    }
    if at == grouped {
        at = take_digits(bytes, at, MOST_DIGITS - count, &mut digits, &mut count);
    }
    let whole = count;
    let point = match &bytes[at..] {
        [b'.', ..] => 1,
        [0xEF, 0xBC, 0x8E, ..] => 3,
        _ => 0,
    };
    if point > 0 && whole > 0 {
        let end = take_digits(bytes, at + point, MOST_DIGITS, &mut digits, &mut count);
        at = if count > whole { end } else { at };
    }
    let value = Decimal::from_digits(false, digits[..count].iter().copied(), count - whole).filter(|_| whole > 0);
    match value {
        Some(value) => Ok((&input[at..], value)),
        None => Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Digit))),
    }
}

/// Digits of the largest number, and of the longest fraction.
const MOST_DIGITS: usize = 38;

/// Adds up to so many digits from the byte `at` on, and says where they end.
fn take_digits(bytes: &[u8], mut at: usize, most: usize, digits: &mut [u8], count: &mut usize) -> usize {
    let end = digits.len().min(*count + most);
    while let Some((digit, length)) = digit(&bytes[at..]).filter(|_| *count < end) {
        digits[*count] = digit;
        *count += 1;
        at += length;
    }
    at
}

/// Where three digits begin behind a separator at the byte `at`.
fn three_digits(bytes: &[u8], at: usize) -> Option<usize> {
    let first = match &bytes[at..] {
        [b',', ..] => at + 1,
        // ，
        [0xEF, 0xBC, 0x8C, ..] => at + 3,
        _ => return None,
    };
    let mut end = first;
    for _ in 0..3 {
        end += digit(&bytes[end..])?.1;
    }
    Some(first)
}

/// The digit at the beginning, half-width or full-width, and how many bytes it takes.
fn digit(bytes: &[u8]) -> Option<(u8, usize)> {
    match bytes {
        [digit @ b'0'..=b'9', ..] => Some((digit - b'0', 1)),
        [0xEF, 0xBC, digit @ 0x90..=0x99, ..] => Some((digit - 0x90, 3)),
        _ => None,
    }
}

fn unit_name(input: &str) -> IResult<&str, Unit> {
    for (spelling, unit) in UNITS {
        if let Some(rest) = input.strip_prefix(spelling) {
            return Ok((rest, *unit));
        }
    }
    Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Tag)))
}

const fn count(name: &'static str) -> Unit {
    Unit { name, power: 0, money: Some(false) }
}

const fn money(name: &'static str, power: i8) -> Unit {
    Unit { name, power, money: Some(true) }
}

/// Longer spellings stand before those that begin them.
const UNITS: &[(&str, Unit)] = &[
    ("万元", money("万元", 4)),
    ("萬元", money("万元", 4)),
    ("亿元", money("亿元", 8)),
    ("億元", money("亿元", 8)),
    ("千元", money("千元", 3)),
    ("元", money("元", 0)),
    ("万件", Unit { name: "万件", power: 4, money: Some(false) }),
    ("万", Unit { name: "万", power: 4, money: None }),
    ("萬", Unit { name: "万", power: 4, money: None }),
    ("亿", Unit { name: "亿", power: 8, money: None }),
    ("億", Unit { name: "亿", power: 8, money: None }),
    ("人次", count("人次")),
    ("人", count("人")),
    ("件", count("件")),
    ("项", count("项")),
    ("項", count("项")),
    ("条", count("条")),
    ("條", count("条")),
    ("个", count("个")),
    ("個", count("个")),
    ("次", count("次")),
    ("宗", count("宗")),
    ("起", count("起")),
    ("份", count("份")),
    ("例", count("例")),
    ("部", count("部")),
    ("篇", count("篇")),
    ("家", count("家")),
    ("户", count("户")),
    ("戶", count("户")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(piece: &str, expected: &str) {
        let shown = match figure(piece) {
            None => "text".to_owned(),
            Some(Figure { value: Value::Number(number), unit }) => {
                format!("{number}{}", unit.map_or("", |unit| unit.name))
            }
            Some(Figure { value, .. }) => value.kind().to_owned(),
        };
        assert_eq!(shown, expected, "{piece}");
        let mut known = KnownFigures::default();
        for other in ["", "-", piece, "3件", piece] {
            assert_eq!(known.figure(other), figure(other), "{other}");
        }
    }

    #[test]
    fn figures() {
        for (piece, expected) in [
            ("0", "0"),
            (" 56 ", "56"),
            ("３，１２０", "3120"),
            ("1,016,823", "1016823"),
            ("11398889", "11398889"),
            ("59237.2449", "59237.2449"),
            ("18.8710", "18.871"),
            ("0.092", "0.092"),
            ("12.50", "12.5"),
            ("１２．５", "12.5"),
            ("+10", "10"),
            ("-11", "-11"),
            ("－5", "-5"),
            ("增1558", "1558"),
            ("减38", "-38"),
            ("减少8", "-8"),
            ("+(0)", "0"),
            ("-(3)", "-3"),
            ("201件", "201件"),
            ("3⼈次", "3人次"),
            ("4⼾", "4户"),
            ("6項", "6项"),
            ("251000元", "251000元"),
            ("2601.953875万", "2601.953875万"),
            ("22（其中修订16件）", "22"),
            ("22件（其中修订16件）", "22件"),
            ("23①", "23"),
            ("\u{200B}7", "7"),
            ("?5?", "5"),
            ("-", "dash"),
            ("—", "dash"),
            ("——", "dash"),
            ("/", "dash"),
            ("\\", "dash"),
            ("无", "none"),
            ("無", "none"),
            ("不适用", "text"),
            ("零", "0"),
            ("-0", "0"),
        ] {
            check(piece, expected);
        }
    }

    #[test]
    fn what_is_no_figure() {
        for piece in [
            "1.",
            "1、",
            "（一）",
            "1.属于国家秘密",
            "+(0) -(0)",
            "2024年",
            "12%",
            "近50件",
            "15余条",
            "1,01",
            "12,3456",
            "",
            " ",
            "2024-01-21",
            "3(",
            "5（）",
            "-----",
            "12.5.3",
            "1 2",
            "(0)",
            "９９９９９９９９９９９９９９９９９９９９９９９９９９９９９９９９９９９９９９９９",
        ] {
            check(piece, "text");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_begins_as_words_is_no_figure(piece in "[0-9１、.．规章新增无不零（）()/ 　?\u{200B}件+-]{1,8}") {
            proptest::prop_assert!(!begins_as_words(&piece) || figure(&piece).is_none());
        }
    }
}
