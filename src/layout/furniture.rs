//! Furniture of a web page: navigation, dates, counters, print buttons, page numbers.
//!
//! In: one trimmed line. Out: whether it is furniture. The words are those of government sites and of the converters that
//! made text of them; a sentence is never furniture, however it begins.

use std::sync::LazyLock;

use regex::Regex;
use regex_syntax::hir::literal::Extractor;

/// Whether the line belongs to the page and not to the report.
pub fn is_furniture(line: &str) -> bool {
    is_short(line)
        && (is_page_number(line) || (may_be_furniture(line) && !is_sentence(line) && reads_as_furniture(line)))
}

fn reads_as_furniture(line: &str) -> bool {
    FURNITURE.is_match(line) || (memchr::memchr(b'>', line.as_bytes()).is_some() && PATH.is_match(line))
}

/// Whether the line is the number of a printed page: `- 5 -`, `第 5 页`, `5 / 12`.
pub fn is_page_number(line: &str) -> bool {
    let begins = |c: char| matches!(c, '0'..='9' | '０'..='９' | '第' | 'p' | 'P') || is_dash(c);
    line.len() <= 40 && line.starts_with(begins) && PAGE_NUMBER.is_match(line)
}

/// Whether the line is `5 / 12`: the number of a page, or two figures with a stroke between them.
pub fn is_fraction(line: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    line.split_once('/').is_some_and(|(page, pages)| digits(page.trim_end()) && digits(pages.trim_start()))
}

/// Whether nothing of the report follows such a line once its last section has begun.
pub fn ends_the_page(line: &str) -> bool {
    is_short(line) && !is_sentence(line) && ENDINGS.may_begin(behind_marks(line)) && END_OF_PAGE.is_match(line)
}

fn is_short(line: &str) -> bool {
    const LONGEST: usize = 600;
    line.len() <= LONGEST
}

fn is_sentence(line: &str) -> bool {
    line.ends_with(['。', '；', '！', '？'])
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this file")
}

static PAGE_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:[-－—–―‐~～·•]+\s*[0-9０-９]{1,3}\s*[-－—–―‐~～·•]+|第\s*[0-9０-９]{1,3}\s*[页頁](?:\s*[,，/]?\s*共\s*[0-9]{1,3}\s*[页頁])?|[0-9]{1,3}\s*/\s*[0-9]{1,3}|(?i:page)\s*[0-9]{1,3}(?:\s*of\s*[0-9]+)?)$",
    )
});

/// How furniture begins, behind brackets and bars.
const BEGINNINGS: &str = concat!(
    // where one is
    r"(?:您?(?:当前|當前|现在|現在|目前|所在|的)*(?:所在)?(?:的)?位置)\s*[:：>]?|首\s*[页頁]\s*(?:[>＞»/|｜\-]|$)|(?:网站|網站)(?:首页|首頁|地图|地圖)|",
    // what the page is
    r"索\s*引\s*[号號]|组配分类|組配分類|信息分类|主题分类|主題分類|体裁分类|发布机构|發布機構|發佈機構|发文(?:机关|机构|字号|日期)|生成日期|成文日期|公开(?:日期|方式|时限|范围)|信息(?:名称|索引)|名\s*称\s*[:：|]|文\s*[号號]\s*[:：|]|有效性|主\s*题\s*词|关\s*键\s*词|分\s*类\s*[:：|]|",
    // when and by whom it was put there
    r"(?:发布|發布|發佈|发表|更新|时间|時間|日期|录入|编辑)(?:时间|時間|日期|于)?\s*[:：]|来\s*源\s*[:：]|來\s*源\s*[:：]|信息来源|(?:文章)?来源|作\s*者\s*[:：]|责任编辑|責任編輯|编\s*辑\s*[:：]|审核\s*[:：]|撰稿|供稿|归档时间|",
    // buttons and counters
    r"字\s*[体號号體]\s*[:：\[【(（]?|打\s*印|列\s*印|分享|关\s*闭|關\s*閉|收\s*藏|我要纠错|纠错|浏览|瀏覽|点击|點擊|阅读|閱讀|访问量|訪問量|语音播报|简明问答|图文解读|扫一扫|掃一掃|登录|注册|无障碍|長者|长者|适老|繁\s*体|简\s*体|返回|上一[篇页条]|下一[篇页条]|上一篇|下一篇|相关(?:附件|链接|阅读|文章|信息)|附\s*件\s*(?:[:：0-9（(下]|$)|下\s*载|下\s*載|",
    // who keeps the site
    r"版权所有|版權所有|主办(?:单位)?\s*[:：]|承办(?:单位)?\s*[:：]|技术支持|备案|网站标识码|联系我们|关于我们|Copyright|copyright|©",
);

/// How lines begin behind which nothing of a report follows.
const ENDS: &str = concat!(
    r"打\s*印|列\s*印|分享|关\s*闭|關\s*閉|收\s*藏|我要纠错|扫一扫|掃一掃|上一[篇页条]|下一[篇页条]|返回|相关(?:附件|链接|阅读|文章|信息)|",
    r"附\s*件\s*(?:[:：0-9（(下]|$)|版权所有|版權所有|主办(?:单位)?\s*[:：]|承办(?:单位)?\s*[:：]|技术支持|网站(?:地图|标识码)|责任编辑|責任編輯|",
    r"Copyright|copyright|©|联系我们|关于我们",
);

/// What may stand before both.
const MARKS: &str = r"^[\s\[【(（|｜>\*·•-]*";

static FURNITURE: LazyLock<Regex> = LazyLock::new(|| {
    regex(&[
        MARKS,
        r"(?:",
        BEGINNINGS,
        // the number of the site
        r"|[^\s]{0,4}ICP备|.{0,3}公网安备)",
        // a date with nothing else, a counter, a size
        r"|^[\s（(\[【]*(?:[0-9０-９]{4}\s*[-/.年]\s*[0-9０-９]{1,2}\s*[-/.月]\s*[0-9０-９]{1,2}\s*[日]?(?:\s*[0-9]{1,2}[:：][0-9]{2}(?:[:：][0-9]{2})?)?|[二〇○零Ｏ0O一三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日)[\s）)\]】]*$",
        r"|^[0-9.]+\s*[KkMm][Bb]?$|^[\s\[【]*(?:大|中|小)(?:[\s|｜]+(?:大|中|小))+[\s\]】]*$|^[-—－=_*·.]{5,}$",
    ].concat())
});

/// Where one is, with nothing said of it before; any part of the line may be it.
static PATH: LazyLock<Regex> = LazyLock::new(|| regex(r">\s*正文\s*$|(?:[^>]{2,20}>\s*){2,}"));

static END_OF_PAGE: LazyLock<Regex> = LazyLock::new(|| regex(&[MARKS, "(?:", ENDS, ")"].concat()));

static OPENINGS: LazyLock<Letters> = LazyLock::new(|| Letters::beginning(BEGINNINGS));
static ENDINGS: LazyLock<Letters> = LazyLock::new(|| Letters::beginning(ENDS));

/// A quick look, for hardly any line is furniture: whether it begins like some, or has a letter that other furniture has.
fn may_be_furniture(line: &str) -> bool {
    let words = behind_marks(line);
    OPENINGS.may_begin(words)
        || may_be_date(words)
        || words.starts_with(['大', '中', '小'])
        || matches!(line.as_bytes(), [.., b'K' | b'k' | b'M' | b'm' | b'B' | b'b'])
        || line.starts_with(|c| is_dash(c) || matches!(c, '=' | '_' | '*' | '.'))
        || memchr::memchr(b'>', line.as_bytes()).is_some()
        || may_be_number_of_site(words)
}

/// The 备 of the number of a site is among the first eight characters behind the marks.
fn may_be_number_of_site(words: &str) -> bool {
    const FIRST: usize = 4 * 8;
    const SIGN: [u8; 3] = *"备".as_bytes().first_chunk().expect("three bytes");
    let bytes = words.as_bytes();
    // All of them are compared, which is sooner done than stopping at one.
    let alike = |found: bool, (second, third): (&u8, &u8)| found | ((*second == SIGN[1]) & (*third == SIGN[2]));
    match bytes.first_chunk::<FIRST>() {
        Some(first) => first.iter().zip(&first[1..]).fold(false, alike),
        None => bytes.iter().zip(bytes.get(1..).unwrap_or_default()).fold(false, alike),
    }
}

/// A date begins with the four digits of its year, and ends with a digit or 日.
fn may_be_date(words: &str) -> bool {
    const SHORTEST: usize = "2024-1-1".len();
    let ends = |c: char| matches!(c, '日' | '0'..='9' | '０'..='９');
    words.len() >= SHORTEST
        && words.chars().take(4).all(is_of_a_date)
        && words.trim_end_matches(|c: char| matches!(c, '）' | ')' | ']' | '】') || c.is_whitespace()).ends_with(ends)
}

/// A digit as dates are written.
#[rustfmt::skip]
fn is_of_a_date(c: char) -> bool {
    matches!(
        c,
        '0'..='9' | '０'..='９' | '二' | '〇' | '○' | '零' | 'Ｏ' | 'O' | '一' | '三' | '四' | '五' | '六' | '七' | '八' | '九'
    )
}

/// The line without the marks at its beginning.
fn behind_marks(line: &str) -> &str {
    line.trim_start_matches(|c: char| {
        matches!(c, '[' | '【' | '(' | '（' | '|' | '｜' | '>' | '*' | '·' | '•' | '-') || c.is_whitespace()
    })
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '－' | '—' | '–' | '―' | '‐' | '~' | '～' | '·' | '•')
}

/// The characters that words may begin with.
struct Letters {
    /// In order, each with the next one where only that may follow it.
    pairs: Vec<(char, Option<char>)>,
    /// A bit for each that words begin with, by the last bits of its number: most others are told by that.
    first: [u64; 8],
}

impl Letters {
    /// Those that a match of the pattern begins with.
    fn beginning(pattern: &str) -> Letters {
        const MOST: usize = 10_000;
        let parsed = regex_syntax::Parser::new().parse(pattern).expect("a pattern of this file");
        let openings = Extractor::new().limit_total(MOST).extract(&parsed);
        let openings = openings.literals().expect("each of them begins with a letter").iter();
        let letters = openings.filter_map(|opening| {
            let mut letters = opening.as_bytes().utf8_chunks().next()?.valid().chars();
            Some((letters.next()?, letters.next()))
        });
        let mut letters: Vec<_> = letters.collect();
        letters.sort_unstable();
        letters.dedup();
        let mut first = [0; 8];
        for (letter, _) in &letters {
            let (word, bit) = place(*letter);
            first[word] |= 1 << bit;
        }
        Letters { pairs: letters, first }
    }

    fn may_begin(&self, words: &str) -> bool {
        let mut chars = words.chars();
        let Some(first) = chars.next() else { return false };
        let (word, bit) = place(first);
        if self.first[word] >> bit & 1 == 0 {
            return false;
        }
        let start = self.pairs.partition_point(|(letter, _)| *letter < first);
        let mut these = self.pairs[start..].iter().take_while(|(letter, _)| *letter == first).peekable();
        these.peek().is_some() && {
            let second = chars.next();
            these.any(|(_, next)| next.is_none() || *next == second)
        }
    }
}

fn place(letter: char) -> (usize, u32) {
    let number = u32::from(letter);
    ((number / 64) as usize % 8, number % 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn furniture() {
        for line in [
            "首页 > 政务公开 > 政府信息公开年报",
            "索引号：11410000-2025-00017    发布机构：某某办公室",
            "当前位置：首页",
            "发布时间：2024-01-21 09:30  来源：某局  字号：【大 中 小】",
            "【打印本页】  【关闭窗口】",
            "扫一扫在手机打开当前页",
            "上一篇：没有了",
            "附件：",
            "（2025年1月21日）",
            "2025-01-20",
            "二〇二五年一月二十日",
            "- 5 -",
            "— 12 —",
            "第 5 页 共 9 页",
            "浏览次数：127",
            "63K",
            "索 引 号 | 014416330/2018-04736 | 分 类 |",
        ] {
            assert!(is_furniture(line), "{line}");
        }
    }

    /// What a quick look rules out would not match.
    #[test]
    fn a_quick_look_misses_nothing() {
        let words: Vec<&str> =
            ["|", " ", "（", "-", "1", "20", "２", "年", "大", "小", "a", "> ", "首 页", "ICP备", "公网安备", "K", "."]
                .into_iter()
                .chain(BEGINNINGS.split(['|', '(', ')', '?', ':', '[', ']', '\\', '*', '$']))
                .chain("二〇二五年一月".split(""))
                .collect();
        let mut state = 1usize;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            words[(state >> 33) % words.len()]
        };
        for length in (0..50_000).map(|round| round % 7) {
            let line: String = (0..=length).map(|_| next()).collect();
            assert!(may_be_furniture(&line) || !(FURNITURE.is_match(&line) || PATH.is_match(&line)), "{line}");
            assert!(is_page_number(&line) == (line.len() <= 40 && PAGE_NUMBER.is_match(&line)), "{line}");
            assert!(ENDINGS.may_begin(behind_marks(&line)) || !END_OF_PAGE.is_match(&line), "{line}");
        }
    }

    #[test]
    fn what_is_no_furniture() {
        for line in [
            "一、总体情况",
            "分享会上，我局公开了信息。",
            "5",
            "行政许可",
            "名称不明",
            "2024年，我镇",
            "（一）主动公开：",
            "附件齐全的申请共3件。",
            "关闭不合格网站2个，整改率100%。",
            "- 5 0 -",
            "1.属于国家秘密",
            "信息内容",
            "编辑整理目录",
        ] {
            assert!(!is_furniture(line), "{line}");
        }
    }
}
