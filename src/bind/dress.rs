//! What headings wear besides their words: bullets, brackets, type of Markdown, a year.
//!
//! In: a line, or its words. Out: where the heading itself begins and ends, and quick looks at how it begins. Nothing here knows the
//! headings of a form.

use super::sections::without_bars;
use crate::layout::{Outline, is_blank, is_digit};
use crate::report::Span;

/// The line without what headings are decorated with: bars and type of Markdown, a bullet before it, brackets around it.
pub(super) fn undressed(outline: &Outline<'_>, line: usize) -> Span {
    let text = outline.text;
    let span = without_bars(outline, line);
    if span.of(text).starts_with(is_numeral) {
        return span;
    }
    let behind = span.of(text).trim_start_matches(is_decoration);
    let span = Span::new(span.end - behind.len() as u32, span.end);
    let underscored = |c: char| c == '_' || is_blank(c);
    let span = if behind.ends_with('_') { span.trimmed(text, underscored) } else { span };
    match span.of(text).strip_prefix(['【', '〖']).and_then(|words| words.strip_suffix(['】', '〗'])) {
        Some(words) => {
            let start = span.start + '【'.len_utf8() as u32;
            Span::new(start, start + words.len() as u32).trimmed(text, is_blank)
        }
        None => span,
    }
}

/// Whether a line may have a number such as 一、, behind which letters of a heading may be wrong, or one that the letters of no
/// heading are behind: 第一部分, I.
pub(super) fn begins_as_numbered(words: &str) -> bool {
    let first = words.trim_start_matches(|c| matches!(c, '|' | '【') || is_decoration(c)).chars().next();
    first.is_some_and(|c| is_numeral(c) || matches!(c, '第' | 'I' | 'V' | 'X' | 'Ⅰ'..='Ⅹ'))
}

/// Bytes of the year that the words of a heading may begin with: `2023年总体情况`.
pub(super) fn year(words: &str) -> usize {
    let digits = words.len() - words.trim_start_matches(is_digit).len();
    if words[..digits].chars().count() != 4 {
        return 0;
    }
    let rest = words[digits..].trim_start();
    match rest.strip_prefix("年度").or_else(|| rest.strip_prefix('年')) {
        Some(rest) => words.len() - rest.len(),
        None => 0,
    }
}

/// What may stand before a heading: bullets, and underscores for bold type.
fn is_decoration(c: char) -> bool {
    // Most lines begin with an ideograph.
    !('\u{4E00}'..='\u{9FFF}').contains(&c) && (is_blank(c) || BULLETS.contains(c))
}

/// Signs that lists and headings begin with, those of the symbol fonts of word processors too.
const BULLETS: &str = "-–—_*·•●○◎◆◇■□▪▲△▶►★☆※❖➢\u{F0B7}\u{F06C}\u{F0D8}";

fn is_numeral(c: char) -> bool {
    matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '⼀' | '⼆' | '⼋' | '⼗')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::outline;

    #[test]
    fn dress() {
        #[track_caller]
        fn check(line: &str, expected: &str) {
            let outline = outline(line, None);
            assert_eq!(undressed(&outline, 0).of(line), expected, "{line}");
            assert!(begins_as_numbered(outline.words(0)), "{line}");
        }
        check("一、总体情况", "一、总体情况");
        check("- 一、总体情况", "一、总体情况");
        check("●  第一部分 总体情况：", "第一部分 总体情况：");
        check("| 【一、总体情况】 |", "一、总体情况");
        check("【一】总体情况", "【一】总体情况");
        check("__一、总体情况__", "一、总体情况");
        check("** IV. 政府 **", "IV. 政府");
    }

    #[test]
    fn years() {
        for (words, expected) in
            [("2023年总体", "总体"), ("２０２３ 年度总体", "总体"), ("2023总体", "2023总体"), ("202年", "202年")]
        {
            assert_eq!(&words[year(words)..], expected);
        }
    }
}
