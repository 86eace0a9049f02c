//! Signs that stand for bars and for nothing: `｜`, the bars and rules of drawn boxes, and the `>` before each line of a quoted page.
//!
//! In: decoded text. Out: in a copy of it, byte for byte, `|` in place of each such bar, `+---+` in place of the rules between
//! them, and [`QUOTE`] in place of each mark of a quotation. Bars count only where lines that have some follow one another and
//! a cell of theirs is a figure: menus have bars too.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::figure::figure;
use super::is_blank;

/// What takes the place of a mark of a quotation: a sign without width, which begins no other line.
pub(crate) const QUOTE: u8 = 1;

/// Whether bars of other kinds may stand in the text: a quick look.
pub(super) fn may_have_bars(text: &str) -> bool {
    /// The first bytes of nearly all that boxes are drawn with, which other signs hardly have.
    static BOXES: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| [Finder::new("｜"), Finder::new(b"\xE2\x94")]);
    BOXES.iter().any(|sign| sign.find(text.as_bytes()).is_some())
}

/// Puts ordinary bars in place of all others that delimit cells; false where none does.
pub(super) fn replace_bars(text: &str, out: &mut [u8]) -> bool {
    let mut found = false;
    for block in blocks(text, |line| line.contains(is_bar) || is_drawn(line)) {
        let bars = |line: &&Range<usize>| text[(*line).clone()].contains(is_bar);
        let has_figure = |line: &Range<usize>| text[line.clone()].split(is_bar).any(|cell| figure(cell).is_some());
        if block.iter().filter(bars).nth(1).is_some() && block.iter().any(has_figure) {
            found = true;
            block.iter().for_each(|line| replace_in_line(text, line.clone(), out));
        }
    }
    found
}

/// Whether the page stands in a quotation, wholly but for a few lines.
pub(super) fn is_quoted(text: &str) -> bool {
    /// A title may stand before it.
    const BEFORE: usize = 3;
    let is_quoted = |line: &Range<usize>| text[line.clone()].starts_with('>');
    if !inked_lines(text).take(BEFORE).any(|line| is_quoted(&line)) {
        return false;
    }
    let (mut all, mut quoted) = (0, 0);
    for line in inked_lines(text) {
        all += 1;
        quoted += usize::from(is_quoted(&line));
    }
    quoted >= BEFORE && quoted * 5 >= all * 4
}

/// Puts signs without width in place of the marks of a quotation.
pub(super) fn replace_quotes(text: &str, out: &mut [u8]) {
    for line in inked_lines(text) {
        let words = &text[line.clone()];
        let marks = words.len() - words.trim_start_matches(['>', ' ']).len();
        let last = words[..marks].rfind('>').map_or(0, |last| last + 1);
        // The blank behind the last mark is part of it.
        let end = last + usize::from(last > 0 && words[last..].starts_with(' '));
        out[line.start..line.start + end].fill(QUOTE);
    }
}

fn replace_in_line(text: &str, line: Range<usize>, out: &mut [u8]) {
    let drawn = is_drawn(&text[line.clone()]);
    for (at, c) in text[line.clone()].char_indices().filter(|(_, c)| is_bar(*c) || drawn && is_of_box(*c)) {
        let sign = &mut out[line.start + at..line.start + at + c.len_utf8()];
        sign.fill(if is_bar(c) || is_corner(c) { 0 } else { b'-' });
        if is_bar(c) || is_corner(c) {
            sign[0] = if drawn { b'+' } else { b'|' };
        }
    }
}

fn is_bar(c: char) -> bool {
    matches!(c, '｜' | '│' | '┃' | '║')
}

/// Whether a line is a rule of a drawn box: nothing but its signs and blanks.
fn is_drawn(line: &str) -> bool {
    line.starts_with(is_of_box) && line.contains(is_corner) && line.chars().all(|c| is_of_box(c) || is_blank(c))
}

fn is_of_box(c: char) -> bool {
    matches!(c, '\u{2500}'..='\u{257F}')
}

/// Whether it is none of the signs that draw a line from left to right.
fn is_corner(c: char) -> bool {
    is_of_box(c) && !matches!(c, '─' | '━' | '┄' | '┅' | '┈' | '┉' | '╌' | '╍' | '═')
}

/// Lines with ink that may be of a table, as many as follow one another.
pub(super) fn blocks(text: &str, may_be: impl Fn(&str) -> bool) -> impl Iterator<Item = Vec<Range<usize>>> {
    let mut lines = inked_lines(text);
    std::iter::from_fn(move || {
        let may_be = |line: &Range<usize>| may_be(&text[line.clone()]);
        let first = lines.find(may_be)?;
        Some(std::iter::once(first).chain(lines.by_ref().take_while(may_be)).collect())
    })
}

/// The lines with ink, without the blanks before it.
fn inked_lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    let ends = memchr::memchr2_iter(b'\n', b'\r', text.as_bytes()).chain([text.len()]);
    ends.filter_map(move |end| {
        let line = &text[std::mem::replace(&mut start, end + 1)..end];
        let words = line.trim_start_matches(is_blank);
        (!words.is_empty()).then(|| end - words.len()..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            let mut out = text.as_bytes().to_vec();
            assert_eq!(may_have_bars(text) && replace_bars(text, &mut out), text != expected);
            assert_eq!(String::from_utf8(out).map(|out| out.replace('\0', "")).as_deref(), Ok(expected));
        }
        check("规章｜1\n许可｜\n｜5", "规章|1\n许可|\n|5");
        check("┌──┬─┐\n│规章│1│\n├──┼─┤\n│许可│3│", "+------+---+\n|规章|1|\n+------+---+\n|许可|3|");
        check("首页｜年报\n登录｜注册", "首页｜年报\n登录｜注册");
        check("规章｜1", "规章｜1");
        check("年报｜某局\n文\n许可｜1\n规章｜0\n", "年报｜某局\n文\n许可|1\n规章|0\n");
        check("────\n规章 1", "────\n规章 1");
    }

    #[test]
    fn quotes() {
        #[track_caller]
        fn check(text: &str, expected: Option<&str>) {
            let mut out = text.as_bytes().to_vec();
            assert_eq!(is_quoted(text), expected.is_some(), "{text}");
            replace_quotes(text, &mut out);
            let shown = String::from_utf8(out).map(|out| out.replace(char::from(QUOTE), ""));
            assert_eq!(shown.as_deref(), Ok(expected.unwrap_or(text)));
        }
        check("> 年报\n>\n> 一、总体\n>> 规章  1\n", Some("年报\n\n一、总体\n规章  1\n"));
        check("年报\n> 一、总体\n>文\n > 二\n> |  a", Some("年报\n一、总体\n文\n 二\n|  a"));
        check("首页 > 年报\n文\n一\n", None);
    }
}
