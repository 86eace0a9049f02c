//! Names of public bodies: cut out of a title, and told from words that are no name.
//!
//! In: the letters of a title without its ending and its year. Out: the name in them, if there is one. What the page has
//! before a name (its number, words of a menu, the name of the site) is no part of it.

use crate::text::{KeyChar, clean, is_invisible, is_ordinal};

/// Whether the words end as names of public bodies do.
pub(super) fn is_body(words: &str) -> bool {
    BODIES.iter().any(|body| words.ends_with(body))
}

/// The name made of these letters, as it stands in the text, without blanks.
pub(super) fn issuer(letters: &[KeyChar], text: &str, ending_at: Option<u32>, year_at: Option<u32>) -> Option<String> {
    let letters = without_ends(behind_furniture(letters, text));
    if NO_ENDS.iter().any(|word| ends_with(letters, word)) {
        return None;
    }
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

/// The letters without the words that may stand around a name.
fn without_ends(mut letters: &[KeyChar]) -> &[KeyChar] {
    for prefix in ["标题", "名称", "信息名称", "关于"] {
        if begins_with(letters, prefix) {
            letters = &letters[prefix.chars().count()..];
        }
    }
    for suffix in ["关于", "的", "年度", "年"] {
        if ends_with(letters, suffix) {
            letters = &letters[..letters.len() - suffix.chars().count()];
        }
    }
    letters
}

/// The letters behind what a page may have before a name: its own number or that of an entry, words of a menu, the name of
/// the site. None of them is left where there is nothing else.
fn behind_furniture<'k>(mut letters: &'k [KeyChar], text: &str) -> &'k [KeyChar] {
    while let Some(length) = page_mark(letters, text)
        .or_else(|| bare_number(letters, text))
        .or_else(|| menu_words(letters, text))
        .or_else(|| site(letters, text))
    {
        letters = &letters[length..];
    }
    letters
}

/// How many letters are the mark of a page: `Page 8`, `P. 8`, `第8页`.
fn page_mark(letters: &[KeyChar], text: &str) -> Option<usize> {
    let (mark, close) =
        [("page", ""), ("p", ""), ("第", "页")].into_iter().find(|(mark, _)| begins_with(letters, mark))?;
    let start = mark.chars().count();
    let digits = letters[start..].iter().take_while(|c| c.ch.is_ascii_digit()).count();
    let end = start + digits;
    let closed = close.is_empty() || begins_with(&letters[end..], close) && is_parted(letters, end + 1, text);
    (digits > 0 && closed).then_some(end + close.chars().count())
}

/// How many letters are a number that stands by itself, as those of names do not: `1. `, `一、`, `2024-01-15 `.
fn bare_number(letters: &[KeyChar], text: &str) -> Option<usize> {
    /// A 团 or 连 is shorter, and its number may stand apart from it.
    const SHORTEST: usize = 3;
    let count = |is: fn(char) -> bool| letters.iter().take_while(|c| is(c.ch)).count();
    let (digits, numerals) = (count(|c| c.is_ascii_digit()), count(is_ordinal));
    let length = if digits > 0 { digits } else { numerals };
    // Names begin with Chinese numerals too, and may be written with blanks.
    let ends = match digits {
        0 => length > 0 && gap(letters, length, text).starts_with(['、', '.', '．', '）', ')']),
        _ => is_parted(letters, length, text),
    };
    (ends && letters.len() >= length + SHORTEST).then_some(length)
}

/// How many letters are words of a menu, up to a blank or sign, or up to one that begins no name.
fn menu_words(letters: &[KeyChar], text: &str) -> Option<usize> {
    let (mut length, mut parted) = (0, 0);
    while let Some(word) = MENU.iter().find(|word| begins_with(&letters[length..], word)) {
        length += word.chars().count();
        if word.ends_with("年报") || is_parted(letters, length, text) {
            parted = length;
        }
    }
    (parted > 0).then_some(parted)
}

/// How many letters are the name of the site: up to its 网站, if the name behind it stands apart or begins alike.
fn site(letters: &[KeyChar], text: &str) -> Option<usize> {
    let ends = |end: &usize| ends_with(&letters[..*end], "网站") || ends_with(&letters[..*end], "政府网");
    let alike = |end: usize| letters[end..].iter().zip(letters).take(2).all(|(c, first)| c.ch == first.ch);
    (1..letters.len()).rev().filter(ends).find(|end| is_parted(letters, *end, text) || alike(*end))
}

fn begins_with(letters: &[KeyChar], word: &str) -> bool {
    let mut letters = letters.iter();
    word.chars().all(|c| letters.next().is_some_and(|letter| letter.ch == c))
}

fn ends_with(letters: &[KeyChar], word: &str) -> bool {
    letters.len().checked_sub(word.chars().count()).is_some_and(|start| begins_with(&letters[start..], word))
}

/// Whether something that is no letter of the name stands before the letter of that index, or nothing follows.
fn is_parted(letters: &[KeyChar], index: usize, text: &str) -> bool {
    index >= letters.len() || gap(letters, index, text).chars().any(|c| !is_invisible(c))
}

/// What stands between the letter of that index and the one before it.
fn gap<'t>(letters: &[KeyChar], index: usize, text: &'t str) -> &'t str {
    let Some((before, next)) = index.checked_sub(1).and_then(|before| letters.get(before).zip(letters.get(index)))
    else {
        return "";
    };
    let mut chars = text[before.at as usize..next.at as usize].chars();
    chars.next();
    chars.as_str()
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

pub(super) fn plausible(name: &str) -> bool {
    let letters = name.chars().count();
    let pronoun = NO_NAMES.iter().any(|word| name.starts_with(word));
    let spoken = ["根据", "按照", "如下", "现将", "编制", "公布", "年度"].iter().any(|word| name.contains(word));
    let a_year = name.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit));
    (2..=40).contains(&letters) && !pronoun && !a_year && !spoken && !name.is_ascii()
}

/// In prose a name such as 镇党政办公室 is short for another, and letters between signs are no name at all.
pub(super) fn is_full_name(name: &str) -> bool {
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

/// Words of the menus beside a title. No name is made of them alone.
#[rustfmt::skip]
const MENU: &[&str] = &[
    "首页", "正文", "标题", "政府信息公开", "信息公开", "政务公开", "年度报告", "工作年报", "年报", "公示公告", "通知公告", "公告公示",
    "政府部门", "市直部门", "县直部门", "区直部门", "市级部门", "县级部门", "区级部门", "部门", "直属单位", "单位", "乡镇", "镇街", "街道",
];

/// What a part of the site ends with, and no name does.
const NO_ENDS: &[&str] = &["公开", "年报", "年度报告", "公告", "专栏", "网站", "政府网"];

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Key;

    #[track_caller]
    fn check(words: &str, expected: Option<&str>) {
        let mut key = Key::default();
        key.push(words, 0);
        assert_eq!(issuer(key.chars(), words, None, None).as_deref(), expected, "{words}");
    }

    #[test]
    fn what_stands_before_a_name() {
        for before in [
            "Page 12 - ",
            "P. 3 ",
            "第3页 ",
            "1. ",
            "3、",
            "二、",
            "（三）",
            "2024-01-15 ",
            "[2024-01-15]",
            "【年报】",
            "年报",
            "首页 ",
            "首页 | 政务公开 ",
            "政府信息公开年报：",
            "县直部门 ",
            "青石县人民政府门户网站 ",
            "青石县政府网站",
            "青石县人民政府网 - ",
            "1. 【年报】",
        ] {
            check(&format!("{before}青石县水利局"), Some("青石县水利局"));
        }
        for nothing_else in
            ["政府信息公开年报", "乡镇街道", "【年报】", "县直部门", "青石县人民政府门户网站", "青石县政务公开"]
        {
            check(nothing_else, None);
        }
    }

    #[test]
    fn what_belongs_to_a_name() {
        for name in [
            "青石县第一中学",
            "第3页岩气勘探中心",
            "三门市教育局",
            "120急救中心",
            "54团",
            "青石县110指挥中心",
            "青石县水利局(本级)",
            "青石县人民政府办公室",
            "政务公开办公室",
            "街道办事处",
            "乡镇企业局",
            "青石县政府网站管理中心",
            "单县水利局",
        ] {
            check(name, Some(name));
        }
        check("54 团场", Some("54团场"));
    }
}
