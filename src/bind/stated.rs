//! Issuer and year as the prose says them, for pages whose title is missing or does not.
//!
//! In: the first lines of the page. Out: what they state plainly. The period that the report covers is surest, then a
//! statement of the kind that the grammar lists, then the year that the first sentence begins with, then the year before the
//! one of publication.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::{self, Finder};
use regex::Regex;

use super::lines::{Ask, AskForm, Facts};
use super::names::{is_full_name, plausible};
use crate::grammar::Grammar;
use crate::layout::{Outline, is_blank, is_furniture};
use crate::report::Span;
use crate::text::{clean, simplify};

/// Issuer and year as the prose states them.
pub(super) fn stated(outline: &Outline<'_>, facts: &Facts, grammar: &Grammar) -> (Option<String>, Option<u16>) {
    /// The statement is in the first or second paragraph.
    const MOST_BYTES: u32 = 12_000;
    /// Bytes of the longest paragraph that is read.
    const MOST_WORDS: usize = 8000;
    let (mut issuer, mut year) = (None, None);
    let first = outline.lines.first().map_or(0, |line| line.span.start);
    for index in (0..outline.lines.len()).take_while(|index| outline.lines[*index].span.start < first + MOST_BYTES) {
        let words = outline.words(index);
        let furniture = || facts.ask(index, Ask::Furniture, || is_furniture(words));
        let mut plain = None;
        let states = || {
            let (_, simplified) = plain.insert(without_blanks(words));
            grammar.stating.in_text(simplified).next().is_some()
        };
        if words.len() > MOST_WORDS || furniture() || !facts.ask_form(index, AskForm::Stated, states) {
            continue;
        }
        let (words, simplified) = plain.unwrap_or_else(|| without_blanks(words));
        for pattern in grammar.stating.in_text(&simplified) {
            let Some(found) = grammar.stated[pattern].regex().and_then(|regex| regex.captures(&simplified)) else {
                continue;
            };
            // Character for character and byte for byte the two are of one length.
            let name = found
                .name("issuer")
                .map(|name| words[name.range()].trim_matches(|c: char| "《》“”\"'的".contains(c)).to_owned());
            issuer = issuer.or(name.filter(|name| plausible(name) && is_full_name(name)));
            year = year.or_else(|| found.name("year").and_then(|year| year.as_str().parse().ok()));
        }
        if issuer.is_some() {
            break;
        }
    }
    (issuer, year)
}

/// The words cleaned and without blanks, and the same in simplified characters.
fn without_blanks(words: &str) -> (Cow<'_, str>, String) {
    let words = clean(words);
    // No other blanks are left.
    let words = if memchr::memchr(b' ', words.as_bytes()).is_some() { words.replace(' ', "").into() } else { words };
    let simplified = simplify(&words);
    (words, simplified)
}

/// The year of the period that the report covers, as its first pages state it: 2024年1月1日至12月31日.
pub(super) fn period(outline: &Outline<'_>) -> Option<(u16, Option<Span>)> {
    const MOST_BYTES: usize = 6000;
    let mut end = outline.text.len().min(MOST_BYTES);
    while !outline.text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &outline.text[..end];
    if !may_have_period(head) {
        return None;
    }
    if let Some((at, period)) = first_period(head) {
        let span = Span::new(at as u32, at as u32 + 4);
        return period.map(|year| (year, Some(span)));
    }
    // Radicals and full-width digits are only read in clean text, which has other places.
    let unclean = ["⽉", "⽇", "⾄", "１", "０", "\u{200B}", "\0"];
    let stands = |sign: &str| memmem::find(head.as_bytes(), sign.as_bytes()).is_some();
    let cleaned = unclean.into_iter().any(stands).then(|| clean(head))?;
    first_period(&cleaned)?.1.map(|year| (year, None))
}

/// A quick look: whether a 1月1日 with a number behind it stands in the text, as it is or once it is cleaned.
fn may_have_period(text: &str) -> bool {
    static DAYS: LazyLock<[Finder<'static>; 3]> = LazyLock::new(|| ["日", "⽇", "⺜"].map(Finder::new));
    let before = |end: usize, signs: &[char]| -> Option<usize> {
        text[..end].trim_end_matches(is_blank).strip_suffix(signs).map(str::len)
    };
    let is_first = |day: usize| {
        let day = before(day, &ONE);
        let month = day.and_then(|end| before(end, &['月', '⽉', '⺝']));
        month.and_then(|end| before(end, &ONE)).is_some()
    };
    let goes_on = |day: usize| {
        let behind = text[day..].trim_start_matches(|c| is_blank(c) || BETWEEN.contains(&c));
        behind.starts_with(['1', '１', '2', '２'])
    };
    DAYS.iter().any(|day| day.find_iter(text.as_bytes()).any(|at| is_first(at) && goes_on(at)))
}

const ONE: [char; 2] = ['1', '１'];

/// What stands between the two days of a period, and the day itself.
const BETWEEN: &[char] = &['日', '⽇', '⺜', '起', '\u{2F9D7}', '始', '至', '⾄', '到', '—', '－', '–', '~', '～', '-'];

/// Where the first period stands, and its year; none where it is one over two years, which is no report year.
fn first_period(text: &str) -> Option<(usize, Option<u16>)> {
    memmem::find_iter(text.as_bytes(), "20").find_map(|at| {
        let (from, to) = period_at(&text[at..])?;
        Some((at, Some(from).filter(|from| to.is_none_or(|to| to == *from))))
    })
}

/// The years of a period that the text begins with: that of its first day, and that of its last where it is named.
fn period_at(text: &str) -> Option<(u16, Option<u16>)> {
    /// Signs that may stand between the two days.
    const MOST_SIGNS: usize = 6;
    let to = |c: char| c.is_whitespace() || matches!(c, '至' | '到' | '—' | '－' | '–' | '~' | '～' | '-');
    let (from, rest) = year_and_mark(text)?;
    let rest = rest.strip_prefix('1')?.trim_start().strip_prefix('月')?.trim_start();
    let rest = rest.strip_prefix('1')?.trim_start().strip_prefix('日')?;
    let begun = rest.trim_start().strip_prefix(['起', '始']);
    let behind = begun.unwrap_or(rest);
    let last = behind.trim_start_matches(to);
    let signs = &behind[..behind.len() - last.len()];
    let ink = if begun.is_some() { signs.trim_end() } else { signs.trim() };
    if signs.is_empty() || ink.chars().count() > MOST_SIGNS {
        return None;
    }
    let (to, last) = match year_and_mark(last) {
        Some((year, last)) => (Some(year), last),
        None => (None, last),
    };
    last.strip_prefix("12")?.trim_start().strip_prefix('月')?.trim_start().starts_with("31").then_some((from, to))
}

/// The year that the text begins with, and what stands behind it and its 年.
fn year_and_mark(text: &str) -> Option<(u16, &str)> {
    let digits =
        text.get(..4).filter(|digits| digits.starts_with("20") && digits.bytes().all(|b| b.is_ascii_digit()))?;
    let rest = text[4..].trim_start();
    Some((digits.parse().ok()?, rest.strip_prefix('年').unwrap_or(rest).trim_start()))
}

/// The year that the first lines of prose begin with (`2024年，我局…`), or the day up to which they count.
pub(super) fn plain_year(outline: &Outline<'_>, front: usize) -> Option<(u16, Span)> {
    static YEAR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(20\d\d)\s*年度?\s*[，,我本全在以]|截[至止]\s*(20\d\d)\s*年\s*12\s*月\s*31")
            .expect("a pattern of this file")
    });
    const LINES: usize = 12;
    (front..outline.lines.len()).take(LINES).find_map(|index| {
        let line = outline.lines[index].span;
        let mut end = line.len().min(900);
        while !line.of(outline.text).is_char_boundary(end) {
            end -= 1;
        }
        let found = YEAR.captures(&line.of(outline.text)[..end])?;
        let year = found.get(1).or(found.get(2))?;
        let start = line.start + year.start() as u32;
        Some((year.as_str().parse().ok()?, Span::new(start, start + 4)))
    })
}

/// The year before that of the date under the title, the least sure of all.
pub(super) fn published(outline: &Outline<'_>, end: usize) -> Option<(u16, Span)> {
    static DATE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(20[12]\d)\s*[-/.年]\s*(?:0?[1-6])\s*[-/.月]\s*\d").expect("a pattern of this file")
    });
    (0..end.min(40)).find_map(|index| {
        let line = outline.lines[index].span;
        let found = DATE.captures(line.of(outline.text)).filter(|_| is_furniture(line.of(outline.text)))?;
        let year = found.get(1)?;
        let start = line.start + year.start() as u32;
        Some((year.as_str().parse::<u16>().ok()? - 1, Span::new(start, start + 4)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<u16>) {
        assert_eq!(first_period(text).and_then(|(_, year)| year), expected, "{text}");
    }

    #[test]
    fn a_quick_look_misses_no_period() {
        for text in ["1月1日至12月31日", "2024 年１ 月\u{200B}1\u{A0}日起 ⾄20", "第20条⼀ 1⽉１⽇１"]
        {
            assert!(may_have_period(text), "{text}");
        }
        for text in ["1月21日至12月31日", "1月1日起，至12月", "2月1日1", "1日1", "日1", "月1日1", "1月1", ""]
        {
            assert!(!may_have_period(text), "{text}");
        }
        // Nothing else becomes one of its signs.
        let signs = |c: char| "12月日起始至到—－–~～-".contains(c);
        let seen = |c: char| BETWEEN.contains(&c) || "1１2２月⽉⺝".contains(c);
        for c in '\0'..=char::MAX {
            let cleaned = clean(c.encode_utf8(&mut [0; 4])).into_owned();
            assert!(seen(c) || !cleaned.contains(signs), "{} becomes {cleaned}", c.escape_unicode());
        }
    }

    #[test]
    fn periods() {
        check("数据统计自2024年1月1日起，至12月31日止", None);
        check("2024年1月1日至12月31日", Some(2024));
        check("第20条，2024 年 1 月 1 日 — 2024 年 12 月 31 日", Some(2024));
        check("2024年1月1日起至2024年12月31日", Some(2024));
        check("2024年1月1日 起 至 12月31日", Some(2024));
        check("2024年1月1日12月31日", None);
        check("2024年1月1日 12月31日", Some(2024));
        check("2023年1月1日至2024年12月31日", None);
        check("2024年1月1日至11月30日", None);
        check("2024.1.1-12.31", None);
    }
}
