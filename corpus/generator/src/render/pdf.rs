//! Tables as PDF text has them: labels wrapped in narrow columns, heads in pieces, page numbers between rows.
//!
//! The figures of a row always stand together in one line, which is its last: that is what keeps such
//! a page readable with certainty.

use crate::render::{blank, page_line};
use crate::rng::Rng;
use crate::sheet::{BodyRow, Level, Sheet};
use crate::style::Style;

/// Labels wrapped over two lines at most, the figures behind the last.
pub fn pdf(sheet: &Sheet, style: &Style, rng: &mut Rng) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(sheet.caption.clone());
    match sheet.id {
        "applications" if rng.chance(60) => broken_applicants(sheet, &mut lines),
        "review_litigation" if sheet.header.len() == 3 && rng.chance(60) => broken_results(sheet, &mut lines),
        _ => whole_heads(sheet, &mut lines),
    }
    let width = rng.between(10, 22) as usize;
    let breaks = page_breaks(sheet, rng);
    for (index, row) in sheet.rows.iter().enumerate() {
        let label = row.fresh().collect::<Vec<_>>().join(" ");
        let figures = row.figures.join(blank(style));
        let mut pieces = wrap(&label, width, 2);
        let last = pieces.pop().unwrap_or_default();
        lines.extend(pieces);
        lines.push(if last.is_empty() { figures } else { format!("{last} {figures}") });
        if breaks.contains(&index) {
            lines.extend(page_line(style, rng));
        }
    }
    lines
}

/// Upright labels, group labels in pieces (some cut by a page number), long labels with their figures on a line below.
pub fn shredded(sheet: &Sheet, style: &Style, rng: &mut Rng) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(sheet.caption.clone());
    match sheet.id {
        "applications" => shredded_applicants(sheet, rng, &mut lines),
        "review_litigation" if sheet.header.len() == 3 => shredded_results(sheet, rng, &mut lines),
        // Some converters lose the blanks between heads.
        _ if rng.chance(25) => {
            lines.extend(sheet.header.iter().map(|row| row.iter().map(|slot| slot.text.as_str()).collect()));
        }
        _ => whole_heads(sheet, &mut lines),
    }
    let width = rng.between(13, 19) as usize;
    let cut_group = if rng.chance(70) { Some(rng.pick(&["三", "四", "五"])) } else { None };
    let mut rest_of_group: Option<String> = None;
    for row in &sheet.rows {
        let mut start = rest_of_group.take().map_or_else(String::new, |rest| rest + " ");
        for (depth, slot) in row.labels.iter().enumerate().filter(|(_, slot)| slot.fresh) {
            match (row.level, depth) {
                (Level::Item | Level::Sub, 0) => upright(&slot.text, &mut lines),
                (Level::Sub, 1) => {
                    let (head, rest) = halves(&slot.text);
                    let page = page_line(style, rng);
                    if let (Some(_), Some(number)) = (&page, cut_group)
                        && slot.text.contains(number)
                    {
                        start = head + " ";
                        rest_of_group = Some(rest);
                    } else {
                        lines.extend([head, rest]);
                    }
                }
                _ => start.push_str(&slot.text),
            }
        }
        let cut = rest_of_group.is_some();
        push_row(row, &start, width, cut, style, &mut lines);
        if cut {
            lines.extend(page_line(style, rng));
        }
    }
    lines
}

fn push_row(row: &BodyRow, label: &str, width: usize, whole: bool, style: &Style, lines: &mut Vec<String>) {
    let figures = row.figures.join(blank(style));
    // A label beside a piece of its group stays in one line, or the pieces could not be told apart.
    let mut pieces = if whole { vec![label.to_owned()] } else { wrap(label, width, 4) };
    if pieces.len() > 2 {
        lines.extend(pieces);
        lines.push(figures);
        return;
    }
    let last = pieces.pop().unwrap_or_default();
    lines.extend(pieces);
    lines.push(if last.is_empty() { figures } else { format!("{last} {figures}") });
}

fn whole_heads(sheet: &Sheet, lines: &mut Vec<String>) {
    for row in &sheet.header {
        let heads: Vec<&str> = row.iter().filter(|slot| slot.fresh).map(|slot| slot.text.as_str()).collect();
        lines.push(heads.join(" "));
    }
}

/// The heads of applicants line by line across the columns, the note cut by the head beside it.
fn broken_applicants(sheet: &Sheet, lines: &mut Vec<String>) {
    let (start, rest) = cut(&sheet.header[0][0].text, 16);
    let total = &sheet.header[0][9].text;
    let total = if total.contains('计') { total.as_str() } else { &sheet.header[1][9].text };
    let (first, last) = (total.chars().next().unwrap_or('总'), '计');
    lines.push("申请人情况".to_owned());
    lines.push(start);
    lines.push("法人或其他组织".to_owned());
    lines.push(rest);
    lines.push(format!("自 商业 科研 社会 法律 {first}"));
    lines.push(format!("然 企业 机构 公益 服务 其他 {last}"));
    lines.push("人 组织 机构".to_owned());
}

fn broken_results(sheet: &Sheet, lines: &mut Vec<String>) {
    let first = sheet.header[1][4].text.chars().next().unwrap_or('总');
    let upper = format!("结果 结果 其他 尚未 {first}");
    let lower = "维持 纠正 结果 审结 计";
    lines.push("行政复议 行政诉讼".to_owned());
    lines.push("未经复议直接起诉 复议后起诉".to_owned());
    lines.push(upper.clone());
    lines.push(format!("{lower} {upper} {upper}"));
    lines.push(format!("{lower} {lower}"));
}

fn shredded_applicants(sheet: &Sheet, rng: &mut Rng, lines: &mut Vec<String>) {
    let (start, rest) = cut(&sheet.header[0][0].text, 22);
    lines.extend([start, rest]);
    for head in ["申请人情况", "自然人", "法人或其他组织"] {
        lines.push(head.to_owned());
    }
    let heads = &sheet.header[2][4..9];
    let glued = rng.chance(40);
    if !glued {
        lines.push(sheet.header[1][9].text.clone());
    }
    for (index, slot) in heads.iter().enumerate() {
        let mut pieces = pieces_of_head(&slot.text, rng);
        if glued && index == 0 {
            pieces[0] = format!("{}{}", sheet.header[1][9].text, pieces[0]);
        }
        lines.extend(pieces);
    }
}

fn shredded_results(sheet: &Sheet, rng: &mut Rng, lines: &mut Vec<String>) {
    lines.push("行政复议 行政诉讼".to_owned());
    for slot in &sheet.header[1][..5] {
        lines.extend(pieces_of_head(&slot.text, rng));
    }
    lines.push("未经复议直接起诉 复议后起诉".to_owned());
    for slot in &sheet.header[2][5..] {
        lines.extend(pieces_of_head(&slot.text, rng));
    }
}

/// A head of four or more characters in two lines, its first line spread with blanks or not.
fn pieces_of_head(head: &str, rng: &mut Rng) -> Vec<String> {
    let bare: Vec<char> = head.chars().filter(|c| *c != ' ').collect();
    if bare.len() < 4 {
        return vec![head.to_owned()];
    }
    let at = if rng.chance(50) { bare.len() - 2 } else { bare.len() - 1 };
    let blank = if rng.chance(60) { " " } else { "" };
    let upper: Vec<String> = bare[..at].iter().map(char::to_string).collect();
    vec![upper.join(blank), bare[at..].iter().collect()]
}

fn upright(label: &str, lines: &mut Vec<String>) {
    match label.split_once('、') {
        Some((number, rest)) => {
            lines.push(format!("{number}、"));
            lines.extend(rest.chars().map(String::from));
        }
        None => lines.extend(label.chars().map(String::from)),
    }
}

fn halves(label: &str) -> (String, String) {
    cut(label, label.chars().filter(|c| *c != ' ').count().div_ceil(2))
}

fn cut(text: &str, at: usize) -> (String, String) {
    let head: String = text.chars().take(at).collect();
    let rest: String = text.chars().skip(at).collect();
    (head.trim_end().to_owned(), rest.trim_start().to_owned())
}

/// Rows after which a page ends: one or two of a long table, none of a short one.
fn page_breaks(sheet: &Sheet, rng: &mut Rng) -> Vec<usize> {
    let rows = sheet.rows.len();
    if rows < 10 {
        return Vec::new();
    }
    (0..1 + rng.below(2)).map(|_| rng.below(rows - 1)).collect()
}

/// Breaks a label into at most `most` lines of about `width` characters. It never breaks beside a number or
/// a blank, since a line must not end or begin with something like a figure.
pub(crate) fn wrap(label: &str, width: usize, most: usize) -> Vec<String> {
    let chars: Vec<char> = label.chars().collect();
    let mut pieces = Vec::new();
    let mut start = 0;
    while pieces.len() + 1 < most && chars.len() - start > width + 2 {
        let mut end = start + width;
        while end < chars.len() && (is_glue(chars[end - 1]) || is_glue(chars[end])) {
            end += 1;
        }
        if end >= chars.len() {
            break;
        }
        pieces.push(chars[start..end].iter().collect());
        start = end;
    }
    pieces.push(chars[start..].iter().collect());
    pieces
}

fn is_glue(c: char) -> bool {
    c.is_ascii() || c.is_numeric() || matches!(c, '，' | '。' | '、' | '；' | '：' | '．' | '（' | '）' | '“' | '”')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_never_break_beside_their_number() {
        for width in 8..14 {
            for piece in wrap("（三）不予公开 1.属于国家秘密和其他一些很长的说明文字", width, 4)
            {
                assert!(!piece.ends_with(['1', '.', ' ']) && !piece.starts_with(['1', '.', ' ']));
            }
        }
    }
}
