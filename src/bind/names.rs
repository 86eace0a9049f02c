//! Names of public bodies: cut out of a title, and told from words that are no name.

use crate::text::{KeyChar, clean};

/// Whether the words end as names of public bodies do.
pub(super) fn is_body(words: &str) -> bool {
    BODIES.iter().any(|body| words.ends_with(body))
}

/// The name made of these letters, as it stands in the text, without blanks.
pub(super) fn issuer(letters: &[KeyChar], text: &str, ending_at: Option<u32>, year_at: Option<u32>) -> Option<String> {
    let letters = without_ends(letters);
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
    let is = |letters: &[KeyChar], word: &str| letters.iter().map(|c| c.ch).eq(word.chars());
    for prefix in ["标题", "名称", "信息名称", "关于"] {
        if let Some((first, rest)) = letters.split_at_checked(prefix.chars().count())
            && is(first, prefix)
        {
            letters = rest;
        }
    }
    for suffix in ["关于", "的", "年度", "年"] {
        let Some(length) = letters.len().checked_sub(suffix.chars().count()) else { continue };
        if is(&letters[length..], suffix) {
            letters = &letters[..length];
        }
    }
    letters
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
