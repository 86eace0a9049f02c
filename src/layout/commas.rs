//! Tables whose cells are separated by commas, as spreadsheets save them, or by two tabs each.
//!
//! In: decoded text. Out: in a copy of it, byte for byte, a tab in place of each comma between cells, and nothing in place of
//! quotation marks around cells and of every second tab. Commas also stand in numbers (`1,234`) and in sentences. So lines with
//! commas are a table only where several have as many cells each, and one has figures that no thousands separators would make.

use std::ops::Range;

use super::figure::figure;
use super::marks::{QUOTE, blocks};

/// Whether a comma stands before a figure or another comma: a quick look.
pub(super) fn may_have_commas(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b',', bytes).any(|at| matches!(bytes.get(at + 1), Some(b'0'..=b'9' | b',' | b'"' | b'-')))
}

/// Puts tabs in place of the commas between cells; false where none is.
pub(super) fn replace_commas(text: &str, out: &mut [u8]) -> bool {
    let mut found = false;
    for block in blocks(text, may_be_of_table) {
        if let Some(count) = cells_of_rows(text, &block) {
            found = true;
            let is_of_table = |line: &&Range<usize>| {
                let cells = || cells(&text[(*line).clone()]);
                cells().count() == count || cells().all(|cell| cell.words.chars().count() < LONGEST_HEAD)
            };
            block.iter().filter(is_of_table).for_each(|line| replace_in_line(text, line.clone(), out));
        }
    }
    found
}

/// Whether every gap between cells is of two tabs, and so is every blank cell.
pub(super) fn has_doubled_tabs(text: &str) -> bool {
    /// Fewer may be so by chance.
    const LEAST: usize = 8;
    let (mut all, mut at) = (0, 0);
    let bytes = text.as_bytes();
    while let Some(found) = memchr::memchr(b'\t', &bytes[at..]) {
        let start = at + found;
        let length = bytes[start..].iter().take_while(|byte| **byte == b'\t').count();
        if length % 2 == 1 {
            return false;
        }
        all += 1;
        at = start + length;
    }
    all >= LEAST
}

/// Leaves one tab of two.
pub(super) fn single_tabs(out: &mut [u8]) {
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\t', &out[at..]) {
        out[at + found] = 0;
        at += found + 2;
    }
}

/// Letters that a head without figures has at most.
const LONGEST_HEAD: usize = 40;

/// A cell between commas, without quotation marks around it, and where it ends in its line.
struct Cell<'t> {
    words: &'t str,
    end: usize,
}

fn may_be_of_table(line: &str) -> bool {
    const LONGEST: usize = 600;
    line.len() <= LONGEST && line.contains(',') && !line.contains(['\t', '|', '。', '；'])
}

/// How many cells the rows have, if enough lines agree in that and one of them is surely no number with thousands separators.
fn cells_of_rows(text: &str, block: &[Range<usize>]) -> Option<usize> {
    let is_one_number = |two: &[Cell<'_>]| {
        let group = two[1].words.as_bytes();
        two[0].words.ends_with(|c: char| c.is_ascii_digit())
            && group.first_chunk::<3>().is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
            && !group.get(3).is_some_and(u8::is_ascii_digit)
    };
    let (mut counts, mut sure) = (Vec::with_capacity(block.len()), None);
    for line in block {
        let cells: Vec<Cell<'_>> = cells(&text[line.clone()]).collect();
        let figures = cells.iter().filter(|cell| figure(cell.words).is_some()).count();
        if figures >= 2 && !cells.windows(2).any(is_one_number) {
            sure = sure.max(Some(cells.len()));
        }
        counts.push((cells.len(), figures));
    }
    let most = sure?;
    let enough = match most {
        ..3 => return None,
        3..5 => 3,
        5..8 => 2,
        8.. => 1,
    };
    let agree = counts.iter().filter(|(count, _)| *count == most).count() >= enough;
    let differ = counts.iter().any(|(count, figures)| *count != most && *figures >= 2);
    (agree && !differ).then_some(most)
}

/// The cells of a line: commas within quotation marks separate none.
fn cells(line: &str) -> impl Iterator<Item = Cell<'_>> {
    let (mut start, mut quoted) = (0, false);
    let ends = line.bytes().enumerate().filter(move |(_, byte)| {
        quoted ^= *byte == b'"';
        *byte == b',' && !quoted
    });
    ends.map(|(at, _)| at).chain([line.len()]).map(move |end| {
        let words = line[std::mem::replace(&mut start, end + 1)..end].trim();
        let unquoted = words.strip_prefix('"').and_then(|words| words.strip_suffix('"'));
        Cell { words: unquoted.unwrap_or(words).trim(), end }
    })
}

fn replace_in_line(text: &str, line: Range<usize>, out: &mut [u8]) {
    let words = &text[line.clone()];
    let mut start = 0;
    for cell in cells(words) {
        let whole = words[start..cell.end].trim();
        if whole.len() > 1 && whole.starts_with('"') && whole.ends_with('"') {
            let first = line.start + start + words[start..cell.end].find('"').unwrap_or(0);
            out[first] = QUOTE;
            out[first + whole.len() - 1] = QUOTE;
        }
        if cell.end < words.len() {
            out[line.start + cell.end] = b'\t';
        }
        start = cell.end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut out = text.as_bytes().to_vec();
        let found = may_have_commas(text) && replace_commas(text, &mut out);
        assert_eq!(found, text != expected);
        assert_eq!(String::from_utf8(out).map(|out| out.replace(char::from(QUOTE), "")).as_deref(), Ok(expected));
    }

    #[test]
    fn commas() {
        check("文,一\n\n规章,0,1,2\n文件,4,,", "文,一\n\n规章,0,1,2\n文件,4,,");
        check("规章,0,1,2\n文件,4,125,6\n许可,3,,\n", "规章\t0\t1\t2\n文件\t4\t125\t6\n许可\t3\t\t\n");
        check(
            "内容,数\n许可,3,,\n\"规章\",\"0\",\"1,200\",\"2\"\n文件,4,5,6",
            "内容\t数\n许可\t3\t\t\n规章\t0\t1,200\t2\n文件\t4\t5\t6",
        );
        check("甲,乙\n0,1,0,0,1,0,0,0", "甲\t乙\n0\t1\t0\t0\t1\t0\t0\t0");
    }

    #[test]
    fn commas_of_other_kinds() {
        for text in [
            "行政许可 1,234,567\n行政处罚 2,345,678",
            "行政许可,1,234,567\n行政处罚,2,345,678",
            "规章 1,234 2,345 0\n文件 1,001 5,000 1",
            "收到5件,办结5件,结转0件,2\n全年,1,2,3,4",
            "1,234\n5,678\n9,012",
            "收到申请5件,其中网络1件,当面2件,信函2件。\n办结5,3,1,1件。",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn tabs() {
        let row = "规章\t\t0\t\t\t\t1\n";
        assert!(has_doubled_tabs(&row.repeat(4)));
        assert!(!has_doubled_tabs(row));
        assert!(!has_doubled_tabs(&(row.repeat(4) + "a\tb")));
        let mut out = row.as_bytes().to_vec();
        single_tabs(&mut out);
        assert_eq!(out, "规章\0\t0\0\t\0\t1\n".as_bytes());
    }
}
