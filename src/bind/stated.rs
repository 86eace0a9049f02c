//! Issuer and year as the prose says them, for pages whose title is missing or does not.
//!
//! In: the first lines of the page. Out: what they state plainly. The period that the report covers is surest, then a
//! statement of the kind that the grammar lists, then the year that the first sentence begins with, then the year before the
//! one of publication.

use std::sync::LazyLock;

use memchr::memmem;
use regex::Regex;

use super::names::{is_full_name, plausible};
use crate::grammar::Grammar;
use crate::layout::{Outline, is_furniture};
use crate::report::Span;
use crate::text::{clean, simplify};

/// Issuer and year as the prose states them.
pub(super) fn stated(outline: &Outline<'_>, grammar: &Grammar) -> (Option<String>, Option<u16>) {
    /// The statement is in the first or second paragraph.
    const MOST_BYTES: u32 = 12_000;
    let (mut issuer, mut year) = (None, None);
    let first = outline.lines.first().map_or(0, |line| line.span.start);
    for index in (0..outline.lines.len()).take_while(|index| outline.lines[*index].span.start < first + MOST_BYTES) {
        let words = outline.words(index);
        if words.len() > 8000 || is_furniture(words) {
            continue;
        }
        let mut words = clean(words).into_owned();
        words.retain(|c| !c.is_whitespace());
        let simplified = simplify(&words);
        for pattern in &grammar.stated {
            let Some(found) = pattern.regex().and_then(|regex| regex.captures(&simplified)) else { continue };
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

/// The year of the period that the report covers, as its first pages state it: 2024年1月1日至12月31日.
pub(super) fn period(outline: &Outline<'_>) -> Option<(u16, Option<Span>)> {
    const MOST_BYTES: usize = 6000;
    let mut end = outline.text.len().min(MOST_BYTES);
    while !outline.text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &outline.text[..end];
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
