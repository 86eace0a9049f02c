//! The numbering that a line begins with: 一、 （一） 1. （1） ①, in all the ways sites print it.
//!
//! In: a trimmed line. Out: its level, its ordinal, and where the number and the words after it begin and end.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while_m_n, take_while1};
use nom::character::complete::{char, one_of, satisfy};
use nom::combinator::{map_opt, not, opt};
use nom::{IResult, Parser};

use super::is_blank;

/// A numbering, as it stands at the beginning of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbering {
    /// 1 for 一、 · 2 for （一） · 3 for 1. · 4 for （1） and ①.
    pub level: u8,
    /// Its value, from 1.
    pub ordinal: u32,
    /// Length in bytes of the number with its brackets, without the mark after it: `一`, `（一）`, `1`.
    pub number: usize,
    /// Bytes before the words that follow.
    pub length: usize,
}

/// The numbering at the beginning of `line`, which has no blanks before it.
pub fn numbering(line: &str) -> Option<Numbering> {
    let first = line.chars().next()?;
    let may_begin = match first {
        '（' | '(' | '﹙' | '【' | '[' | '〔' | '①'..='⒛' | '㈠'..='㈩' => true,
        _ => is_ordinal(first) && is_marked(line),
    };
    if !may_begin {
        return None;
    }
    let (_, numbering) = alt((bracketed, half_bracketed, marked, circled))
        .parse(line)
        .map(|(rest, (level, ordinal, number))| {
            let (rest, _) = blanks(rest).unwrap_or((rest, ""));
            (rest, Numbering { level, ordinal, number, length: line.len() - rest.len() })
        })
        .ok()?;
    (numbering.ordinal > 0).then_some(numbering)
}

/// The number that a heading begins with: a [`numbering`], or one that nothing else has. 第一部分, 第一章 and I. are of level 1, and
/// so is 一 with only a blank behind it; `1` with a blank is of level 3, as `1.` is.
pub fn heading_numbering(line: &str) -> Option<Numbering> {
    numbering(line).or_else(|| {
        let (rest, (level, ordinal, number)) = alt((titled, roman, bare)).parse(line).ok()?;
        let (rest, _) = blanks(rest).unwrap_or((rest, ""));
        (ordinal > 0).then_some(Numbering { level, ordinal, number, length: line.len() - rest.len() })
    })
}

/// 第一部分 第1章：
fn titled(input: &str) -> Found<'_> {
    let parts = alt((tag("部分"), tag("部份"), tag("章"), tag("节"), tag("節")));
    let (rest, (_, _, (_, ordinal), _, _)) = (char('第'), blanks, ordinal, blanks, parts).parse(input)?;
    let number = input.len() - rest.len();
    let (rest, _) = (blanks, opt(one_of(MARKS))).parse(rest)?;
    Ok((rest, (1, ordinal, number)))
}

/// `II.` Ⅱ、
fn roman(input: &str) -> Found<'_> {
    const NUMERALS: [&str; 10] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"];
    let of_one_sign = satisfy(|c| ('Ⅰ'..='Ⅹ').contains(&c)).map(|c| u32::from(c) - u32::from('Ⅰ') + 1);
    let of_letters = map_opt(take_while1(|c| matches!(c, 'I' | 'V' | 'X')), |letters| {
        NUMERALS.iter().position(|numeral| *numeral == letters).map(|place| place as u32 + 1)
    });
    let (after, ordinal) = alt((of_one_sign, of_letters)).parse(input)?;
    let (rest, _) = (blanks, one_of(MARKS)).parse(after)?;
    Ok((rest, (1, ordinal, input.len() - after.len())))
}

/// `1 ` 一
fn bare(input: &str) -> Found<'_> {
    let (after, (level, ordinal)) = ordinal(input)?;
    let (rest, _) = take_while1(is_blank).parse(after)?;
    let (rest, _) = not(satisfy(is_ordinal)).parse(rest).map(|(_, none)| (rest, none))?;
    Ok((rest, (level, ordinal, input.len() - after.len())))
}

/// Whether behind the numerals something stands that may end a number: a quick look, for figures begin so too.
fn is_marked(line: &str) -> bool {
    line.chars()
        .find(|c| !is_ordinal(*c))
        .is_some_and(|c| MARKS.contains(&c) || HALF_BRACKETS.contains(&c) || c == ESCAPE || is_blank(c))
}

fn is_ordinal(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９') || numeral(c).is_some()
}

/// What stands behind a number without brackets.
const MARKS: &[char] = &['、', '.', '．', ',', '，', ':', '：', '﹑', '。'];
/// What Markdown has before a mark that is not to make a list.
const ESCAPE: char = '\\';
/// What stands behind a number whose opening bracket was lost.
const HALF_BRACKETS: &[char] = &['）', ')'];

type Found<'i> = IResult<&'i str, (u8, u32, usize)>;

/// （一） ( 1 ) ㈠
fn bracketed(input: &str) -> Found<'_> {
    let (rest, (_, _, (level, ordinal), _, _)) =
        (one_of("（(﹙【[〔"), blanks, ordinal, blanks, one_of("）)﹚】]〕")).parse(input)?;
    Ok((rest, (if level == 1 { 2 } else { 4 }, ordinal, input.len() - rest.len())))
}

/// `一)`: the opening bracket was lost.
fn half_bracketed(input: &str) -> Found<'_> {
    let (rest, ((level, ordinal), _, _)) = (ordinal, blanks, one_of(HALF_BRACKETS)).parse(input)?;
    Ok((rest, (if level == 1 { 2 } else { 4 }, ordinal, input.len() - rest.len())))
}

/// 一、 一. 1. 1、 with blanks before the mark, as some sites have it, or a backslash.
fn marked(input: &str) -> Found<'_> {
    let (after, (level, ordinal)) = ordinal(input)?;
    let number = input.len() - after.len();
    let (rest, _) = (blanks, opt(char(ESCAPE)), one_of(MARKS)).parse(after)?;
    // `1.5` is a figure.
    if level == 3 && rest.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Not)));
    }
    let (rest, _) = opt(one_of("、.．")).parse(rest)?;
    Ok((rest, (level, ordinal, number)))
}

/// ① ㈠ and their like, which are one character.
fn circled(input: &str) -> Found<'_> {
    let (rest, c) = satisfy(|c| matches!(c, '①'..='⑳' | '⑴'..='⒇' | '⒈'..='⒛' | '㈠'..='㈩')).parse(input)?;
    let (level, first) = match c {
        '①'..='⑳' => (4, '①'),
        '⑴'..='⒇' => (4, '⑴'),
        '⒈'..='⒛' => (3, '⒈'),
        _ => (2, '㈠'),
    };
    Ok((rest, (level, u32::from(c) - u32::from(first) + 1, c.len_utf8())))
}

/// An ordinal and its level without brackets: 1 for Chinese numerals, 3 for digits.
fn ordinal(input: &str) -> IResult<&str, (u8, u32)> {
    alt((chinese.map(|ordinal| (1, ordinal)), arabic.map(|ordinal| (3, ordinal)))).parse(input)
}

fn arabic(input: &str) -> IResult<&str, u32> {
    let (rest, digits) =
        take_while_m_n(1, 2, |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c)).parse(input)?;
    let value = digits
        .chars()
        .fold(0, |value, c| value * 10 + c.to_digit(10).unwrap_or_else(|| u32::from(c) - u32::from('０')));
    Ok((rest, value))
}

/// 一 to 九十九, with the Kangxi radicals that look the same.
fn chinese(input: &str) -> IResult<&str, u32> {
    let (rest, numerals) = take_while1(|c| numeral(c).is_some()).parse(input)?;
    let (mut tens, mut ones) = (None, 0);
    for value in numerals.chars().filter_map(numeral) {
        match value {
            10 if tens.is_none() => (tens, ones) = (Some(if ones == 0 { 1 } else { ones }), 0),
            value if ones == 0 && value < 10 => ones = value,
            _ => return Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Verify))),
        }
    }
    Ok((rest, tens.unwrap_or(0) * 10 + ones))
}

fn numeral(c: char) -> Option<u32> {
    Some(match c {
        '一' | '⼀' => 1,
        '二' | '⼆' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' | '⼋' => 8,
        '九' => 9,
        '十' | '⼗' => 10,
        _ => return None,
    })
}

fn blanks(input: &str) -> IResult<&str, &str> {
    take_while(is_blank).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<(u8, u32, &str, &str)>) {
        let found = numbering(line).map(|n| (n.level, n.ordinal, &line[..n.number], &line[n.length..]));
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn numberings() {
        check("一、总体情况", Some((1, 1, "一", "总体情况")));
        check("十二 、 其他", Some((1, 12, "十二", "其他")));
        check("⼆、主动", Some((1, 2, "⼆", "主动")));
        check("（三） 不予公开", Some((2, 3, "（三）", "不予公开")));
        check("( 一 )予以公开", Some((2, 1, "( 一 )", "予以公开")));
        check("一)予以", Some((2, 1, "一)", "予以")));
        check("㈡部分公开", Some((2, 2, "㈡", "部分公开")));
        check("1. 属于国家秘密", Some((3, 1, "1", "属于国家秘密")));
        check("1、属于", Some((3, 1, "1", "属于")));
        check("３．危及", Some((3, 3, "３", "危及")));
        check("（1）涉及", Some((4, 1, "（1）", "涉及")));
        check("①公开", Some((4, 1, "①", "公开")));
        check("一是公开", None);
        check("2024年", None);
        check("一\\、总体", Some((1, 1, "一", "总体")));
        check("1\\. 属于", Some((3, 1, "1", "属于")));
        check("1\\2", None);
        check("2024.", None);
        check("1.5", None);
        check("0、", None);
        check("", None);
    }

    #[test]
    fn numberings_of_headings() {
        #[track_caller]
        fn check(line: &str, expected: Option<(u8, u32, &str, &str)>) {
            let found = heading_numbering(line).map(|n| (n.level, n.ordinal, &line[..n.number], &line[n.length..]));
            assert_eq!(found, expected, "{line}");
        }
        check("一、\t总体", Some((1, 1, "一", "总体")));
        check("第一部分 总体", Some((1, 1, "第一部分", "总体")));
        check("第 2 章：主动", Some((1, 2, "第 2 章", "主动")));
        check("IV. 政府", Some((1, 4, "IV", "政府")));
        check("Ⅲ、收到", Some((1, 3, "Ⅲ", "收到")));
        check("六　其他", Some((1, 6, "六", "其他")));
        check("1 总体", Some((3, 1, "1", "总体")));
        check("1 2 3", None);
        check("第二十条第（一）项", None);
        check("IT. 总体", None);
        check("IIII. 总体", None);
        check("V 总体", None);
    }
}
