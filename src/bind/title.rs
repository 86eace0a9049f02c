//! The title, and whose report for which year it is.
//!
//! In: the lines before the first section. Out: the title's place, the issuer, the year. A title ends with words that the
//! grammar lists; what stands before them is the issuer and the year, in either order. A title may be broken over lines, stand
//! twice, or be missing; then the prose is asked, and only plain statements are taken.

use std::sync::LazyLock;

use regex::Regex;

use crate::grammar::Grammar;
use crate::layout::{Outline, is_furniture, numbering};
use crate::report::Span;
use crate::text::{Key, KeyChar, clean, simplify};

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
pub(super) fn title(outline: &Outline<'_>, grammar: &Grammar, end: usize) -> Option<Title> {
    /// No page has more lines before its title; further down only lists of other reports have such lines.
    const MOST_LINES: usize = 150;
    let end = end.min(outline.lines.len()).min(MOST_LINES);
    let mut best: Option<(i32, Title)> = None;
    for first in 0..end {
        for count in 1..=3.min(end - first) {
            let Some((score, title)) = candidate(outline, grammar, first..first + count) else { continue };
            if best.as_ref().is_none_or(|(other, _)| score > *other) {
                best = Some((score, title));
            }
        }
    }
    best.map(|(_, title)| title)
}

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
    let cleaned = if plain.is_none() { clean(head) } else { "".into() };
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

/// Whether the words end as names of public bodies do.
pub(super) fn is_body(words: &str) -> bool {
    BODIES.iter().any(|body| words.ends_with(body))
}

/// The lines as a title, with a score.
fn candidate(outline: &Outline<'_>, grammar: &Grammar, lines: std::ops::Range<usize>) -> Option<(i32, Title)> {
    /// Letters of the longest title of one line.
    const LONGEST: u32 = 300;
    let mut key = Key::default();
    let mut span: Option<Span> = None;
    for index in lines.clone() {
        let line = &outline.lines[index];
        let line_span = line.span.trimmed(outline.text, |c| c == '|' || c == '*' || c.is_whitespace());
        let words = line_span.of(outline.text);
        let too_long = line_span.end - line_span.start > LONGEST || line.crowded;
        let several = lines.len() > 1;
        if too_long
            || words.is_empty()
            || line.rule
            || words.contains(['|', '\t', '。', '；', '>', '＞', '»', '/'])
            || is_furniture(words)
        {
            return None;
        }
        if several && (numbering(words).is_some_and(|number| number.level <= 2) || words.chars().count() > 45) {
            return None;
        }
        key.push(words, line_span.start);
        span = Some(span.map_or(line_span, |span| span.to(line_span)));
    }
    let span = span?;
    let reading = read(key.chars(), outline.text, grammar)?;
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
    Some((score, Title { span: Some(span), lines, issuer: reading.issuer, year: reading.year, full: reading.full }))
}

/// Whether a line reads as the first part of a broken title: a body's name, a year, or words that break off.
fn continues(first: &str, reading: &Reading) -> bool {
    let words: String = clean(first).chars().filter(|c| !c.is_whitespace()).collect();
    let a_year = words.trim_end_matches(['年', '度']).chars().all(|c| c.is_ascii_digit()) && words.len() >= 4;
    let a_part =
        reading.issuer.as_deref().is_some_and(|issuer| words.starts_with(issuer) || issuer.starts_with(&words));
    let a_body = is_body(words.strip_suffix("关于").unwrap_or(&words));
    let breaks_off = words.contains("年") && (words.contains("政府") || words.contains("公开"));
    a_year || (a_part && a_body) || breaks_off || (a_part && words.contains("公开"))
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
        let start = (0..=rest.len().checked_sub(length)?)
            .rev()
            .find(|start| rest[*start..].iter().zip(&ending.key).all(|(c, letter)| c.ch == *letter))?;
        Some((length, start))
    })?;
    let after: String = rest[start + ending..].iter().map(|c| c.ch).collect();
    if !after.trim_matches(|c: char| c.is_ascii_digit() || "年度月日〇零一二三四五六七八九十".contains(c)).is_empty()
        && !["全文", "图片版", "公开版", "正文", "文字版"].contains(&after.as_str())
    {
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

fn text_of(chars: &[KeyChar]) -> String {
    chars.iter().map(|c| c.ch).collect()
}

/// The name made of these letters, as it stands in the text, without blanks.
fn issuer(letters: &[KeyChar], text: &str, ending_at: Option<u32>, year_at: Option<u32>) -> Option<String> {
    let strip = |letters: &[KeyChar]| -> (usize, usize) {
        let words: Vec<char> = letters.iter().map(|c| c.ch).collect();
        let (mut from, mut to) = (0, words.len());
        for prefix in ["标题", "名称", "信息名称", "关于"] {
            let prefix: Vec<char> = prefix.chars().collect();
            if words[from..to].starts_with(&prefix) {
                from += prefix.len();
            }
        }
        for suffix in ["关于", "的", "年度", "年"] {
            let suffix: Vec<char> = suffix.chars().collect();
            if words[from..to].ends_with(&suffix) {
                to -= suffix.len();
            }
        }
        (from, to)
    };
    let (from, to) = strip(letters);
    let letters = &letters[from..to];
    let mut name = String::new();
    for (index, c) in letters.iter().enumerate() {
        // Up to the next letter, so that brackets within a name are kept.
        let next = letters.get(index + 1).map(|next| next.at);
        let end =
            next.or_else(|| ending_at.into_iter().chain(year_at.filter(|at| *at > c.at)).filter(|at| *at > c.at).min());
        let end = end.map_or(text.len(), |end| end as usize);
        let stretch = &text[c.at as usize..end];
        let first = stretch.chars().next().map_or(0, char::len_utf8);
        name.push_str(&stretch[..first]);
        let brackets = |c: &char| matches!(c, '（' | '(' | '）' | ')' | '、' | '·' | '-' | '—');
        let between: String = stretch[first..]
            .chars()
            .take(4)
            .take_while(|c| brackets(c) || c.is_whitespace())
            .filter(brackets)
            .collect();
        let keeps = next.is_some() || between.starts_with(['）', ')']);
        if keeps && !(year_at.is_some_and(|at| next.is_some_and(|next| c.at < at && at < next))) {
            name.push_str(if next.is_none() {
                &between[..between.chars().next().map_or(0, char::len_utf8)]
            } else {
                &between
            });
        }
    }
    let name: String = clean(&name).chars().filter(|c| !c.is_whitespace()).collect();
    let name = unbalanced(name.trim_matches(|c: char| "《》〈〉“”\"'—-、·".contains(c)));
    plausible(&name).then_some(name)
}

/// A bracket whose partner is not part of the name is no part of it either.
fn unbalanced(name: &str) -> String {
    let open = name.matches(['（', '(']).count();
    let close = name.matches(['）', ')']).count();
    if open > close {
        name.trim_end_matches(['（', '(']).to_owned()
    } else if close > open {
        name.trim_end_matches(['）', ')']).to_owned()
    } else {
        name.to_owned()
    }
}

fn plausible(name: &str) -> bool {
    let letters = name.chars().count();
    let pronoun = NO_NAMES.iter().any(|word| name.starts_with(word));
    let spoken = ["根据", "按照", "如下", "现将", "编制", "公布", "年度"].iter().any(|word| name.contains(word));
    let a_year = name.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit));
    (2..=40).contains(&letters) && !pronoun && !a_year && !spoken && !name.chars().all(|c| c.is_ascii())
}

/// In prose a name such as 镇党政办公室 is short for another, and letters between signs are no name at all.
fn is_full_name(name: &str) -> bool {
    let short = name.starts_with(['镇', '鎮', '乡', '鄉', '区', '區', '县', '縣', '市', '省', '局']);
    !short
        && !name.contains(|c: char| c.is_ascii_alphanumeric() || c == '@' || c == '_')
        && is_body(name.trim_end_matches(['）', ')']))
}

/// What no name begins with.
#[rustfmt::skip]
const NO_NAMES: &[&str] = &[
    "我", "本机关", "本单位", "本级", "本局", "本镇", "本乡", "本区", "本县", "本市", "本街道", "本报告", "本年", "本页", "全县", "全市", "全区", "全镇", "全乡", "全省", "全局", "全年",
    "各级", "各部门", "各单位", "该", "现将", "首页", "当前", "您", "上一篇", "下一篇", "附件", "关于",
];

/// What names of public bodies end with.
const BODIES: &[&str] = &[
    "局",
    "府",
    "镇",
    "鎮",
    "乡",
    "鄉",
    "街道",
    "办事处",
    "辦事處",
    "委员会",
    "委員會",
    "委",
    "办公室",
    "辦公室",
    "办",
    "厅",
    "廳",
    "院",
    "处",
    "處",
    "中心",
    "会",
    "會",
    "县",
    "縣",
    "市",
    "区",
    "區",
    "旗",
    "州",
    "盟",
    "省",
    "团",
    "團",
    "场",
    "場",
    "所",
    "站",
    "队",
    "隊",
    "署",
    "行",
    "社",
    "大学",
    "大學",
    "学院",
    "公司",
    "园",
    "园区",
    "村",
    "管委会",
];

/// A year in the letters, in digits or Chinese numerals: its value and the index of its first letter.
fn year(chars: &[KeyChar]) -> Option<(u16, usize)> {
    let letters: Vec<char> = chars.iter().map(|c| c.ch).collect();
    let digit = |c: &char| -> Option<u16> {
        match c {
            '0'..='9' => c.to_digit(10).map(|digit| digit as u16),
            '〇' | '零' | '○' | 'o' => Some(0),
            _ => "一二三四五六七八九".chars().position(|numeral| numeral == *c).map(|at| at as u16 + 1),
        }
    };
    for at in 0..letters.len().saturating_sub(3) {
        let Some(digits) = letters[at..at + 4].iter().map(digit).collect::<Option<Vec<u16>>>() else { continue };
        let value = digits.iter().fold(0, |value, digit| value * 10 + digit);
        let alone = at == 0 || !letters[at - 1].is_ascii_digit();
        let ends = letters.get(at + 4).is_none_or(|next| !next.is_ascii_digit());
        // Chinese numerals are a year only before 年; an academic year is none of ours.
        let spelt = letters[at..at + 4].iter().any(|c| !c.is_ascii_digit());
        let followed = letters.get(at + 4) == Some(&'年');
        if (2000..2100).contains(&value) && alone && ends && (!spelt || followed) {
            return Some((value, at));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::Grammars;
    use crate::layout::outline;

    #[track_caller]
    fn check(page: &str, issuer: Option<&str>, year: Option<u16>, words: Option<&str>) {
        let grammars = Grammars::built_in();
        let outline = outline(page, None);
        let found = title(&outline, &grammars.list()[0], outline.lines.len());
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
        check(
            "首页 > 公开 > 年报\n政府信息公开年报\n青石县2021年政府信息公开工作年度报告",
            Some("青石县"),
            Some(2021),
            Some("青石县2021年政府信息公开工作年度报告"),
        );
    }
}
