//! Issuer and year as the prose says them, for pages whose title is missing or does not.
//!
//! In: the first lines of the page. Out: what they state plainly. The period that the report covers is surest, then a
//! statement of the kind that the grammar lists, then the year that the first sentence begins with, then the year before the
//! one of publication.

use std::sync::LazyLock;

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
        let words: String = clean(words).chars().filter(|c| !c.is_whitespace()).collect();
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
    static PERIOD: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(20\d\d)\s*年?\s*1\s*月\s*1\s*日\s*(?:起|始)?[\s至到—－–~～\-]{1,6}\s*(?:(20\d\d)\s*年?\s*)?12\s*月\s*31",
        )
        .expect("a pattern of this file")
    });
    const MOST_BYTES: usize = 6000;
    let mut end = outline.text.len().min(MOST_BYTES);
    while !outline.text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &outline.text[..end];
    let plain = PERIOD.captures(head);
    // Radicals and full-width digits are only read in clean text, which has other places.
    let unclean = plain.is_none() && head.contains(['⽉', '⽇', '⾄', '１', '０', '\u{200B}', '\0']);
    let cleaned = if unclean { clean(head) } else { "".into() };
    let found = plain.or_else(|| PERIOD.captures(&cleaned))?;
    let year = found.get(1)?;
    // A period over two years is no report year.
    if found.get(2).is_some_and(|to| to.as_str() != year.as_str()) {
        return None;
    }
    let span = Span::new(year.start() as u32, year.end() as u32);
    Some((year.as_str().parse().ok()?, cleaned.is_empty().then_some(span)))
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
