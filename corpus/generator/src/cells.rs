//! One figure as it stands in its cell: a number and a style in; the written text, the true value and its kind out.

use crate::form::Column;
use crate::number::Number;
use crate::rng::Rng;
use crate::style::{Digits, Gap, Money, Signs, Style, Units};

/// What a cell shows and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The text of the cell.
    pub text: String,
    /// The number that it stands for, as JSON number text.
    pub value: Option<String>,
    /// Why there is a number or none: `number`, `blank`, `dash`, `none`, `text`.
    pub kind: &'static str,
}

/// Writes one figure. `gap_allowed` is false for cells that must show a figure so that their row can be recognised.
pub fn write_cell(
    number: Number,
    table: &str,
    column: &Column,
    style: &Style,
    rng: &mut Rng,
    gap_allowed: bool,
) -> Written {
    if number.is_zero() && gap_allowed && style.gap != Gap::Zero && rng.chance(style.gap_share) {
        return gap(style.gap);
    }
    let (text, value) = match column.id {
        "amount" => money(number, table, style, rng),
        "change" => (change(number, style, rng), number),
        _ => (count(number, table, column, style), number),
    };
    Written { text, value: Some(value.trimmed().to_string()), kind: "number" }
}

fn gap(gap: Gap) -> Written {
    let (text, kind) = match gap {
        Gap::Zero => ("0", "number"),
        Gap::Blank => ("", "blank"),
        Gap::Slash => ("/", "dash"),
        Gap::Hyphen => ("-", "dash"),
        Gap::Dash => ("—", "dash"),
        Gap::None => ("无", "none"),
        Gap::NotApplicable => ("不适用", "text"),
    };
    Written { text: text.to_owned(), value: None, kind }
}

fn count(number: Number, table: &str, column: &Column, style: &Style) -> String {
    let disclosure = table.starts_with("article");
    let unit = match style.units {
        Units::None => "",
        Units::Disclosure if !disclosure => "",
        Units::Disclosure | Units::All => column.unit,
    };
    digits(&number.to_string(), style.digits) + unit
}

/// A change keeps its sign in one of the ways that authors write it. A change of nothing has no sign,
/// but for the odd `+(0)`.
fn change(number: Number, style: &Style, rng: &mut Rng) -> String {
    let size = digits(&number.digits.unsigned_abs().to_string(), style.digits);
    if number.is_zero() {
        return if style.signs == Signs::Plus && rng.chance(40) { format!("+({size})") } else { size };
    }
    let down = number.digits < 0;
    let sign = match (style.signs, down) {
        (Signs::Minus, false) => "",
        (Signs::Minus | Signs::Plus, true) => "-",
        (Signs::Plus, false) => "+",
        (Signs::Word, false) => "增",
        (Signs::Word, true) => "减",
        (Signs::LongWord, false) => "增加",
        (Signs::LongWord, true) => "减少",
    };
    format!("{sign}{size}")
}

/// An amount and its value in the column's unit. The fee of 2021 is told in 万元, so an amount in 元 is worth a
/// ten-thousandth; the amount of 2019 has no unit in the form, so it is worth what is written.
fn money(number: Number, table: &str, style: &Style, rng: &mut Rng) -> (String, Number) {
    let fee = table == "article_20_8";
    let (shown, unit) = match style.money {
        Money::Bare => (number, ""),
        Money::Wan => (number, "万"),
        Money::WanYuan => (number, "万元"),
        Money::Yuan => (number.times_ten_thousand(), "元"),
    };
    let value = if fee { number } else { shown };
    let places = if style.fee_zeros { shown.places.max(1) + rng.below(3) as u32 } else { shown.places };
    let text = digits(&shown.with_places(places).to_string(), style.digits) + unit;
    (text, value)
}

/// Dresses the digits of a plain decimal.
fn digits(plain: &str, style: Digits) -> String {
    match style {
        Digits::Ascii => plain.to_owned(),
        Digits::Wide => plain
            .chars()
            .map(|c| match c {
                '0'..='9' => char::from_u32(c as u32 - u32::from(b'0') + 0xff10).unwrap_or(c),
                '.' => '．',
                _ => c,
            })
            .collect(),
        Digits::Thousands => {
            let (sign, plain) = plain.strip_prefix('-').map_or(("", plain), |plain| ("-", plain));
            let (whole, fraction) = plain.split_once('.').map_or((plain, None), |(w, f)| (w, Some(f)));
            let mut text = sign.to_owned();
            for (index, c) in whole.chars().enumerate() {
                if index > 0 && (whole.len() - index).is_multiple_of(3) {
                    text.push(',');
                }
                text.push(c);
            }
            if let Some(fraction) = fraction {
                text.push('.');
                text.push_str(fraction);
            }
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(number: Number, table: &str, id: &'static str, style: &Style) -> Written {
        let column = Column { id, label: "", unit: "件" };
        write_cell(number, table, &column, style, &mut Rng::new(1), true)
    }

    #[test]
    fn cells_mean_what_they_show() {
        let mut style = Style::plain();
        style.digits = Digits::Thousands;
        style.units = Units::Disclosure;
        assert_eq!(written(Number::whole(1_016_823), "article_20_5", "decisions", &style).text, "1,016,823件");
        assert_eq!(written(Number::whole(823), "applications", "total", &style).text, "823");
        style.digits = Digits::Wide;
        assert_eq!(written(Number::whole(40), "applications", "total", &style).text, "４０");
    }

    #[test]
    fn a_fee_in_yuan_is_worth_a_ten_thousandth() {
        let mut style = Style::plain();
        style.money = Money::Yuan;
        let fee = Number { digits: 375, places: 3 };
        let cell = written(fee, "article_20_8", "amount", &style);
        assert_eq!((cell.text.as_str(), cell.value.as_deref()), ("3750元", Some("0.375")));
        let cell = written(fee, "article_20_9", "amount", &style);
        assert_eq!((cell.text.as_str(), cell.value.as_deref()), ("3750元", Some("3750")));
    }

    #[test]
    fn signs_may_be_words() {
        let mut style = Style::plain();
        style.signs = Signs::LongWord;
        let cell = written(Number::whole(-8), "article_20_5", "change", &style);
        assert_eq!((cell.text.as_str(), cell.value.as_deref()), ("减少8", Some("-8")));
        style.gap = Gap::None;
        style.gap_share = 100;
        let cell = written(Number::whole(0), "article_20_5", "change", &style);
        assert_eq!((cell.text.as_str(), cell.kind), ("无", "none"));
    }
}
