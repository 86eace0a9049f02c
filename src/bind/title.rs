//! The title, and whose report for which year it is.
//!
//! In: the lines before the first section. Out: the title's place, the issuer, the year. A title ends with words that the
//! grammar lists; what stands before them is the issuer and the year, in either order. A title may be broken over lines, or
//! stand twice. Which of several is the page's own, [`super::listed`] tells; where none is there, [`super::stated`] asks the
//! prose.

use super::label::is_at;
use super::lines::{Ask, Facts};
use super::listed::{Candidate, best};
use super::names::{is_body, issuer};
use super::sections::without_bars;
use super::stated;
use crate::grammar::Grammar;
use crate::layout::{Outline, is_furniture, numbering};
use crate::report::Span;
use crate::text::{Key, KeyChar, clean};

/// What a title says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Title {
    /// Where it stands; none where it was taken from the prose.
    pub span: Option<Span>,
    /// The lines of the outline that it takes up.
    pub lines: std::ops::Range<usize>,
    pub issuer: Option<String>,
    pub year: Option<u16>,
    /// It names the matter in full (政府信息公开…), as other kinds of reports do not.
    pub full: bool,
}

/// The best title among the first lines of the page, up to the line `end`.
pub(super) fn title(outline: &Outline<'_>, facts: &Facts, grammar: &Grammar, end: usize) -> Option<Title> {
    /// No page has more lines before its title; further down only lists of other reports have such lines.
    const MOST_LINES: usize = 150;
    /// A title is broken over no more lines than these.
    const MOST_PARTS: usize = 3;
    let end = end.min(outline.lines.len()).min(MOST_LINES);
    let mut found: Vec<Candidate> = Vec::new();
    let mut key = Key::default();
    for first in 0..end {
        key.clear();
        let mut span: Option<Span> = None;
        for last in first..end.min(first + MOST_PARTS) {
            let is_part = facts.ask(last, Ask::PartOfTitle, || may_be_part(outline, facts, last));
            // What can't be added now is in none of the longer ones either.
            if !is_part || last > first && ![first, last].into_iter().all(|line| may_be_one_of_several(outline, line)) {
                break;
            }
            let line = without_bars(outline, last);
            key.push(line.of(outline.text), line.start);
            let whole = span.map_or(line, |span| span.to(line));
            span = Some(whole);
            found.extend(candidate(outline, grammar, key.chars(), whole, first..last + 1));
        }
    }
    best(found, outline, end, || {
        let (issuer, year) = stated::stated(outline, facts, grammar);
        let period = stated::period(outline).map(|(year, _)| year);
        (issuer, period.or(year).or_else(|| stated::plain_year(outline, end).map(|(year, _)| year)))
    })
}

/// The lines as a title, with a score. `chars` are their letters.
fn candidate(
    outline: &Outline<'_>,
    grammar: &Grammar,
    chars: &[KeyChar],
    span: Span,
    lines: std::ops::Range<usize>,
) -> Option<Candidate> {
    let reading = read(chars, outline.text, grammar)?;
    let first = outline.words(lines.start);
    if lines.len() > 1 && !continues(first, &reading) {
        return None;
    }
    let score = 4 * i32::from(reading.year.is_some())
        + 4 * i32::from(reading.issuer.is_some())
        + reading.ending.min(10) / 3
        + i32::from(outline.lines[lines.start].hashes > 0)
        - 2 * (lines.len() as i32 - 1)
        - 6 * i32::from(reading.about);
    // The bare words of a menu are no title.
    let bare = reading.year.is_none() && reading.issuer.is_none();
    if bare && (reading.ending < 10 || lines.len() > 1) {
        return None;
    }
    let title = Title { span: Some(span), lines, issuer: reading.issuer, year: reading.year, full: reading.full };
    Some(Candidate { score, title })
}

/// Whether a line may be a title, or a part of one.
fn may_be_part(outline: &Outline<'_>, facts: &Facts, index: usize) -> bool {
    /// Bytes of the longest title of one line.
    const LONGEST: usize = 300;
    let line = &outline.lines[index];
    let span = without_bars(outline, index);
    let words = span.of(outline.text);
    let furniture = || if span == line.span { facts.is_furniture(outline, index) } else { is_furniture(words) };
    !(words.is_empty()
        || words.len() > LONGEST
        || line.crowded
        || line.rule
        || words.contains(['|', '\t', '。', '；', '>', '＞', '»', '/'])
        || furniture())
}

/// Whether a line may be one of the lines that a title is broken over.
fn may_be_one_of_several(outline: &Outline<'_>, index: usize) -> bool {
    const LONGEST: usize = 45;
    let words = without_bars(outline, index).of(outline.text);
    !(numbering(words).is_some_and(|number| number.level <= 2) || words.chars().count() > LONGEST)
}

/// Whether a line reads as the first part of a broken title: a body's name, a year, both, or words that break off.
fn continues(first: &str, reading: &Reading) -> bool {
    let words: String = clean(first).chars().filter(|c| !c.is_whitespace()).collect();
    let name = without_year(words.strip_suffix("关于").unwrap_or(&words));
    let a_year = name.is_empty();
    let a_part = reading.issuer.as_deref().is_some_and(|issuer| name.contains(issuer) || issuer.starts_with(name));
    let breaks_off = words.contains("年") && (words.contains("政府") || words.contains("公开"));
    a_year || (a_part && is_body(name)) || breaks_off || (a_part && words.contains("公开"))
}

/// The words without the year that they begin or end with.
fn without_year(words: &str) -> &str {
    let is_year =
        |four: &str| four.chars().count() == 4 && four.chars().all(|c| is_of_a_date(c) && !"年度月日".contains(c));
    let end = words.strip_suffix('度').unwrap_or(words);
    let end = end.strip_suffix('年').unwrap_or(end);
    if let Some((at, _)) = end.char_indices().rev().nth(3)
        && is_year(&end[at..])
    {
        return &end[..at];
    }
    match words.char_indices().nth(4) {
        Some((at, _)) if is_year(&words[..at]) => {
            let rest = words[at..].strip_prefix('年').unwrap_or(&words[at..]);
            rest.strip_prefix('度').unwrap_or(rest)
        }
        _ => words,
    }
}

struct Reading {
    issuer: Option<String>,
    year: Option<u16>,
    ending: i32,
    full: bool,
    /// It is a page about a report: an interpretation, a letter, a list.
    about: bool,
}

fn read(chars: &[KeyChar], text: &str, grammar: &Grammar) -> Option<Reading> {
    // A quick look, for most lines before a title end otherwise.
    let last = chars.last()?.ch;
    let ends = || grammar.endings.iter().any(|ending| ending.key.last() == Some(&last));
    if !ends() && !is_of_a_date(last) && !BEHIND.iter().any(|word| word.ends_with(last)) {
        return None;
    }
    let (year, year_at) = match year(chars) {
        Some((year, at)) => (Some(year), Some(at)),
        None => (None, None),
    };
    let rest: Vec<KeyChar> = chars
        .iter()
        .enumerate()
        .filter(|(index, _)| year_at.is_none_or(|at| !(at..at + 4).contains(index)))
        .map(|(_, c)| *c)
        .collect();
    let (ending, start) = grammar.endings.iter().find_map(|ending| {
        let length = ending.key.len();
        let start = (0..=rest.len().checked_sub(length)?).rev().find(|start| is_at(&rest, *start, ending))?;
        Some((length, start))
    })?;
    let after: String = rest[start + ending..].iter().map(|c| c.ch).collect();
    if !after.trim_matches(is_of_a_date).is_empty() && !BEHIND.contains(&after.as_str()) {
        return None;
    }
    let mut before: Vec<KeyChar> = rest[..start].to_vec();
    let mut until = start;
    // `某市人民政府信息公开…`: the body is the 人民政府.
    let letters: String = before.iter().map(|c| c.ch).collect();
    if letters.ends_with("人民") && text_of(&rest[start..]).starts_with("政府信息") {
        before.extend_from_slice(&rest[start..start + 2]);
        until += 2;
    }
    let about = ["解读", "图解", "一图", "编制说明", "报送", "通知", "印发"].iter().any(|word| letters.contains(word));
    // The words 年 and 年度 after the year, and 关于 and 的 around the name, are no part of it.
    let year_place = year_at.map_or(0, |at| at.min(before.len()));
    let mut skip: Vec<bool> = vec![false; before.len()];
    if year_at.is_some() {
        for (offset, word) in ['年', '度'].into_iter().enumerate() {
            if before.get(year_place + offset).is_some_and(|c| c.ch == word) {
                skip[year_place + offset] = true;
            } else {
                break;
            }
        }
    }
    let letters: Vec<KeyChar> = before.iter().zip(&skip).filter(|(_, skip)| !**skip).map(|(c, _)| *c).collect();
    let issuer =
        issuer(&letters, text, rest.get(until).map(|c| c.at), year_at.and_then(|at| chars.get(at)).map(|c| c.at));
    let full = text_of(&rest[start..]).starts_with("政府") || until > start;
    Some(Reading { issuer, year, ending: ending as i32, full, about })
}

/// What may stand behind the words that a title ends with, besides a date.
const BEHIND: &[&str] = &["全文", "图片版", "公开版", "正文", "文字版"];

fn is_of_a_date(c: char) -> bool {
    c.is_ascii_digit() || "年度月日〇零一二三四五六七八九十".contains(c)
}

fn text_of(chars: &[KeyChar]) -> String {
    chars.iter().map(|c| c.ch).collect()
}

/// A year in the letters, in digits or Chinese numerals: its value and the index of its first letter.
fn year(chars: &[KeyChar]) -> Option<(u16, usize)> {
    let digit = |c: &KeyChar| -> Option<u16> {
        Some(match c.ch {
            digit @ '0'..='9' => digit as u16 - '0' as u16,
            '〇' | '零' | '○' | 'o' => 0,
            '一' => 1,
            '二' => 2,
            '三' => 3,
            '四' => 4,
            '五' => 5,
            '六' => 6,
            '七' => 7,
            '八' => 8,
            '九' => 9,
            _ => return None,
        })
    };
    let letter = |at: usize| chars.get(at).map(|c| c.ch);
    for at in 0..chars.len().saturating_sub(3) {
        let value = chars[at..at + 4].iter().try_fold(0, |value, letter| Some(value * 10 + digit(letter)?));
        let Some(value) = value else { continue };
        let alone = at == 0 || !chars[at - 1].ch.is_ascii_digit();
        let ends = letter(at + 4).is_none_or(|next| !next.is_ascii_digit());
        // Chinese numerals are a year only before 年; an academic year is none of ours.
        let spelt = chars[at..at + 4].iter().any(|c| !c.ch.is_ascii_digit());
        let followed = letter(at + 4) == Some('年');
        // A date behind the title says when it was published.
        let month = letter(at + 5).is_some_and(|c| c.is_ascii_digit())
            && chars.iter().skip(at + 6).take(2).any(|c| c.ch == '月');
        if (2000..2100).contains(&value) && alone && ends && (!spelt || followed) && !(followed && month) {
            return Some((value, at));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::lines::LineMemory;
    use super::*;
    use crate::grammar::Grammars;
    use crate::layout::outline;

    #[track_caller]
    fn check(page: &str, issuer: Option<&str>, year: Option<u16>, words: Option<&str>) {
        let grammars = Grammars::built_in();
        let outline = outline(page, None);
        let found = title(&outline, &LineMemory::default().facts(&outline), &grammars.list()[0], outline.lines.len());
        let shown = found.as_ref().and_then(|title| title.span).map(|span| clean(span.of(page)).into_owned());
        assert_eq!(shown.as_deref(), words);
        let found = found.unwrap_or_default();
        assert_eq!((found.issuer.as_deref(), found.year), (issuer, year), "{page}");
    }

    #[test]
    fn titles() {
        let whole = |title: &str, issuer, year| check(title, issuer, year, Some(title));
        whole("鲁山县下汤镇 2024 年政府信息公开工作年度报告", Some("鲁山县下汤镇"), Some(2024));
        whole("2018年青石县政府信息公开工作年度报告", Some("青石县"), Some(2018));
        whole("2022年度青石县政府信息公开工作年度报告", Some("青石县"), Some(2022));
        whole("青石县2023年度政府信息公开工作年度报告", Some("青石县"), Some(2023));
        whole("青石县2020政府信息公开工作年度报告", Some("青石县"), Some(2020));
        whole("青石县信息公开工作年度报告", Some("青石县"), None);
        whole("关于2022年度政府信息公开情况的报告", None, Some(2022));
        whole("青石县人民政府信息公开工作年度报告", Some("青石县人民政府"), None);
        whole("青石县人民政府2024年政府信息公开工作年度报告", Some("青石县人民政府"), Some(2024));
        whole("海关总署(本级机关)2020年政府信息公开工作年度报告", Some("海关总署(本级机关)"), Some(2020));
        whole("青石县二〇二四年政府信息公开工作年度报告", Some("青石县"), Some(2024));
        whole("青石县政府信息公开2021年度报告", Some("青石县"), Some(2021));
        whole("青石县政府信息公开工作年度报告（2023年度）", Some("青石县"), Some(2023));
        whole("青石县教育局关于2023年政府信息公开工作的年度报告", Some("青石县教育局"), Some(2023));
        whole("青石县政府信息公开工作年度报告（2024年1月21日）", Some("青石县"), None);
    }

    #[test]
    fn titles_over_lines() {
        check(
            "固阳县民政局\n2021年信息公开工作年度报告\n一、总体情况",
            Some("固阳县民政局"),
            Some(2021),
            Some("固阳县民政局 2021年信息公开工作年度报告"),
        );
        check(
            "青石县2021年政府\n信息公开工作年度报告",
            Some("青石县"),
            Some(2021),
            Some("青石县2021年政府 信息公开工作年度报告"),
        );
        for broken in [
            "青石县2021年\n政府信息公开工作年度报告",
            "青石县2021\n年政府信息公开工作年度报告",
            "2021年度青石县\n政府信息公开工作年度报告",
            "青石县二〇二一年度\n政府信息公开工作年度报告",
            "青石县\n2021年\n政府信息公开工作年度报告",
            "二〇二一年\n青石县政府信息公开工作年度报告",
        ] {
            check(broken, Some("青石县"), Some(2021), Some(&broken.replace('\n', " ")));
        }
        check(
            "三门市2021年\n政府信息公开工作年度报告",
            Some("三门市"),
            Some(2021),
            Some("三门市2021年 政府信息公开工作年度报告"),
        );
        check("乡镇街道\n政府信息公开工作年度报告", None, None, Some("政府信息公开工作年度报告"));
        check(
            "首页 > 公开 > 年报\n政府信息公开年报\n青石县2021年政府信息公开工作年度报告",
            Some("青石县"),
            Some(2021),
            Some("青石县2021年政府信息公开工作年度报告"),
        );
    }
}
