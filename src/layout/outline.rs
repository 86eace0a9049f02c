//! The lines of a page: where each stands and what delimits its cells.
//!
//! A line of the outline is a line of the text, or a part of one: where a site ran a whole report together into one line,
//! the line is cut before each 一、 二、 三、, so that headings and rows begin lines again.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use regex::Regex;

use super::figure::figure;
use super::marks::QUOTE;
use crate::report::Span;
use crate::text::{Lines, is_invisible};

/// What separates the cells of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// Blanks, if anything.
    None,
    /// Tabs.
    Tab,
    /// Vertical bars.
    Pipe,
}

/// One line that has ink.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// The whole line without its end; for delimited lines blanks at the ends mean empty cells.
    pub full: Span,
    /// The line without blanks and marks of Markdown at its ends.
    pub span: Span,
    /// Its number on the page, from 1.
    pub number: u32,
    /// What separates its cells.
    pub delimiter: Delimiter,
    /// The number of `#` before it.
    pub hashes: u8,
    /// It is a rule between the rows of a Markdown table (`|---|---|`), or one of `+---+`.
    pub rule: bool,
    /// It is long and may hold many rows.
    pub crowded: bool,
}

/// The lines of a page that have ink, in order.
#[derive(Clone, Debug)]
pub struct Outline<'t> {
    /// The decoded text, or the same without its markup.
    pub text: &'t str,
    /// The lines with ink.
    pub lines: Vec<Line>,
    /// How many pages those of which several numbers such as `5 / 12` stand here have.
    paged: Vec<u16>,
}

/// A character without ink: white space, or no width at all.
pub fn is_blank(c: char) -> bool {
    match c {
        // Nearly every character; none of these is white or without width.
        '!'..='~' | '\u{3001}'..='\u{D7FF}' => false,
        _ => c.is_whitespace() || is_invisible(c),
    }
}

/// The stretch without the blanks at its ends.
pub fn inked(text: &str, stretch: Span) -> Span {
    let bytes = text.as_bytes();
    let (mut start, mut end) = (stretch.start as usize, stretch.end as usize);
    while start < end && matches!(bytes[start], b' ' | b'\t') {
        start += 1;
    }
    while start < end && matches!(bytes[end - 1], b' ' | b'\t') {
        end -= 1;
    }
    let stretch = Span::new(start as u32, end as u32);
    // Most begin and end with an ideograph, a sign of ASCII, or Chinese punctuation.
    let plain = |byte: u8| matches!(byte, b'!'..=b'~');
    let wide = |at: usize| match bytes[at] {
        0xE4..=0xE9 => true,
        0xE3 => bytes[at + 1] == 0x80 && bytes[at + 2] != 0x80,
        0xEF => bytes[at + 1] == 0xBC,
        _ => false,
    };
    let has_ends =
        || (plain(bytes[start]) || wide(start)) && (plain(bytes[end - 1]) || end >= start + 3 && wide(end - 3));
    if start == end || has_ends() { stretch } else { stretch.trimmed(text, is_blank) }
}

/// Cuts the text into lines. Where markup was taken out of it, `original` tells the numbers of the page's lines.
pub fn outline<'t>(text: &'t str, original: Option<&str>) -> Outline<'t> {
    let bytes = text.as_bytes();
    let numbers = original.map(Lines::new);
    let mut marks = Marks { tabs: Next::new(b'\t', text), bars: Next::new(b'|', text) };
    let mut lines = Vec::with_capacity(bytes.len() / 40 + 1);
    let (mut start, mut number) = (0, 0);
    for end in memchr::memchr2_iter(b'\n', b'\r', bytes).chain([bytes.len()]) {
        let first_of_two = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
        if end < bytes.len() && first_of_two(end) {
            continue;
        }
        let two = end > start && end < bytes.len() && first_of_two(end - 1);
        let full = Span::new(start as u32, (end - usize::from(two)) as u32);
        number += 1;
        let number = numbers.as_ref().map_or(number, |numbers| numbers.line(full.start));
        match cuts(full.of(text)) {
            Some(cuts) => {
                let mut from = full.start;
                for cut in cuts.into_iter().map(|cut| full.start + cut).chain([full.end]) {
                    lines.extend(line(text, Span::new(from, cut), number, &mut marks));
                    from = cut;
                }
            }
            None => lines.extend(line(text, full, number, &mut marks)),
        }
        start = end + 1;
    }
    narrow_rules(text, &mut lines);
    if let Some(original) = original {
        // A bar that stands for another sign (`│`) is the first of its bytes. At the end of a line it is none of its words.
        for line in &mut lines {
            while !original.is_char_boundary(line.span.end as usize) {
                line.span = inked(text, Span::new(line.span.start, line.span.end - 1));
            }
        }
    }
    let paged = paged(text, &lines);
    Outline { text, lines, paged }
}

/// Where the marks stand that delimit cells.
struct Marks<'t> {
    tabs: Next<'t>,
    bars: Next<'t>,
}

/// Where a byte stands next, for stretches that follow one another: most have none, and are passed over by one search.
struct Next<'t> {
    byte: u8,
    bytes: &'t [u8],
    at: usize,
}

impl<'t> Next<'t> {
    fn new(byte: u8, text: &'t str) -> Next<'t> {
        let bytes = text.as_bytes();
        Next { byte, bytes, at: memchr::memchr(byte, bytes).unwrap_or(bytes.len()) }
    }

    /// Whether it stands in a stretch that begins with or behind the one before.
    fn is_in(&mut self, stretch: Span) -> bool {
        let (start, end) = (stretch.start as usize, stretch.end as usize);
        if self.at < start {
            self.at = memchr::memchr(self.byte, &self.bytes[start..]).map_or(self.bytes.len(), |found| start + found);
        }
        self.at < end
    }
}

impl Outline<'_> {
    /// The words of a line.
    pub fn words(&self, line: usize) -> &str {
        self.lines[line].span.of(self.text)
    }

    /// Whether a line like `5 / 12` numbers a page. One alone may as well be a row of figures whose second one is a stroke.
    pub fn numbers_a_page(&self, line: usize) -> bool {
        let is_last = || self.lines[line + 1..].iter().all(|line| line.span.start == line.span.end);
        page_of(self.words(line)).is_some_and(|(page, pages)| {
            self.paged.binary_search(&pages).is_ok() || page == 1 && pages == 1 && is_last()
        })
    }
}

/// How many pages are numbered by lines such as `5 / 12`, of which there are at least two different ones.
fn paged(text: &str, lines: &[Line]) -> Vec<u16> {
    let mut strokes = Next::new(b'/', text);
    let stroked = lines.iter().filter(|line| strokes.is_in(line.span));
    let mut found: Vec<(u16, u16)> = stroked.filter_map(|line| page_of(line.span.of(text))).collect();
    found.sort_unstable_by_key(|(page, pages)| (*pages, *page));
    found.dedup();
    let mut paged: Vec<u16> = found.windows(2).filter(|two| two[0].1 == two[1].1).map(|two| two[0].1).collect();
    paged.dedup();
    paged
}

/// The page and how many there are, of a line like `5 / 12`.
fn page_of(words: &str) -> Option<(u16, u16)> {
    const LONGEST: usize = "100   /   200".len();
    if words.len() > LONGEST || !words.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (page, pages) = words.split_once('/')?;
    let (page, pages): (u16, u16) = (page.trim_end().parse().ok()?, pages.trim_start().parse().ok()?);
    (1..=pages).contains(&page).then_some((page, pages))
}

/// Bytes from which on a line may hold many rows.
const CROWDED: u32 = 240;

/// Bytes from which on a line is no line of a report any more; it is kept whole.
const MONSTROUS: usize = 4 << 20;

/// Places inside a crowded line before which it is cut; none for an ordinary line.
///
/// It is cut before each number, and after the first words behind a 一、 which may be a heading. What stands before the
/// first 一、 is the front of the page, whose parts have nothing but blanks between them.
fn cuts(line: &str) -> Option<Vec<u32>> {
    static BELOW: LazyLock<Regex> =
        LazyLock::new(|| regex(r"\s((?:[（(][一二三四五六七八九⼀⼆⼋][）)]|[1-9][.．、])\D)"));
    const LONGEST_HEADING: usize = 120;
    if line.len() <= CROWDED as usize || line.len() > MONSTROUS {
        return None;
    }
    sections(line).nth(2)?;
    let sections: Vec<usize> = sections(line).collect();
    let below = BELOW.captures_iter(line).filter_map(|found| found.get(1)).map(|found| found.start());
    let front = &line[..sections[0]];
    let front = front
        .char_indices()
        .filter(|(at, c)| !c.is_whitespace() && front[..*at].ends_with(char::is_whitespace))
        .map(|(at, _)| at);
    let behind = sections.iter().filter_map(|start| {
        let words = line[*start..].split_once('、')?.1.trim_start();
        let first = words.find(char::is_whitespace).filter(|end| *end <= LONGEST_HEADING)?;
        let rest = words[first..].trim_start();
        (!rest.is_empty()).then(|| line.len() - rest.len())
    });
    let mut cuts: Vec<u32> =
        sections.iter().copied().chain(below).chain(front).chain(behind).map(|cut| cut as u32).collect();
    cuts.sort_unstable();
    cuts.dedup();
    Some(cuts)
}

/// Where a 一、 of a section stands: at the beginning, or behind a blank or the end of a sentence.
fn sections(line: &str) -> impl Iterator<Item = usize> {
    static MARK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("、"));
    MARK.find_iter(line.as_bytes()).filter_map(|mark| {
        let before = &line[..mark];
        let before = before.strip_suffix([' ', '　']).unwrap_or(before);
        let numeral = before.chars().next_back()?;
        if !matches!(numeral, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '⼀' | '⼆' | '⼋')
        {
            return None;
        }
        let start = before.len() - numeral.len_utf8();
        let afresh = |c: char| c.is_whitespace() || matches!(c, '。' | '；');
        before[..start].chars().next_back().is_none_or(afresh).then_some(start)
    })
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this file")
}

fn line(text: &str, mut full: Span, number: u32, marks: &mut Marks<'_>) -> Option<Line> {
    // The marks of a quotation are no part of the line: cells begin behind them.
    while full.start < full.end && text.as_bytes()[full.start as usize] == QUOTE {
        full.start += 1;
    }
    let crowded = full.end - full.start > CROWDED;
    let delimiter = match (marks.bars.is_in(full), marks.tabs.is_in(full)) {
        (true, _) => Delimiter::Pipe,
        (_, true) => Delimiter::Tab,
        _ => Delimiter::None,
    };
    let mut span = inked(text, full);
    if span.is_empty() {
        // A line of tabs alone is a row of empty cells.
        return (delimiter == Delimiter::Tab).then_some(Line {
            full,
            span: Span::new(full.start, full.start),
            number,
            delimiter,
            hashes: 0,
            rule: false,
            crowded: false,
        });
    }
    // Nearly every line begins otherwise than those that are more than words.
    if !matches!(text.as_bytes()[span.start as usize], b'#' | b'*' | b'|' | b':' | b'-' | b'+') {
        return Some(Line { full, span, number, delimiter, hashes: 0, rule: false, crowded });
    }
    let hashes = span.of(text).bytes().take_while(|b| *b == b'#').count().min(6);
    if hashes > 0 {
        span = Span::new(span.start + hashes as u32, span.end).trimmed(text, |c| is_blank(c) || c == '#');
    }
    // Bold type of Markdown around the whole line is no part of its words.
    if span.of(text).starts_with("**") && span.of(text).ends_with("**") && span.end - span.start > 4 {
        span = inked(text, Span::new(span.start + 2, span.end - 2));
    }
    let rule = is_rule(span.of(text), delimiter);
    Some(Line { full, span, number, delimiter, hashes: hashes as u8, rule, crowded })
}

/// Whether the words are a rule whatever stands before them: where cells are delimited, each of their cells says so.
fn is_rule(words: &str, delimiter: Delimiter) -> bool {
    if !is_of_marks(words) {
        return false;
    }
    let says_so = |cell: &str| cell.contains("---") || cell.contains(":-") || cell.contains("-:");
    match delimiter {
        Delimiter::Pipe => words.contains('-') && inked_cells(words).all(says_so),
        _ => words.len() >= 5 && words.contains("---"),
    }
}

/// Whether a line is made of nothing but what rules are made of.
fn is_of_marks(words: &str) -> bool {
    matches!(words.as_bytes(), [b'|' | b':' | b'-' | b'+', ..])
        && words.chars().all(|c| matches!(c, '|' | '-' | ':' | '+' | '=') || is_blank(c))
}

/// The cells between the bars that have ink, without the blanks around it.
fn inked_cells(words: &str) -> impl Iterator<Item = &str> {
    words.split('|').map(|cell| cell.trim_matches(is_blank)).filter(|cell| !cell.is_empty())
}

/// Tells rules of one or two hyphens (`| - | - |`) from rows whose figures are dashes: a rule has no label, and stands below the
/// first row of a table, which has several cells, as many as the rule, and no figures.
fn narrow_rules(text: &str, lines: &mut [Line]) {
    let is_row = |line: &Line| line.delimiter == Delimiter::Pipe && !line.rule;
    let bars = |line: &Line| memchr::memchr_iter(b'|', line.span.of(text).as_bytes()).count();
    let is_narrow = |words: &str| {
        let cells = || words.trim_matches('|').split('|').map(|cell| cell.trim_matches(is_blank));
        words.starts_with('|') && is_of_marks(words) && cells().all(|cell| !cell.is_empty()) && cells().nth(1).is_some()
    };
    for index in 1..lines.len() {
        let (here, head) = (&lines[index], &lines[index - 1]);
        let is_first = || lines[..index - 1].last().is_none_or(|line| !is_row(line) || line.number + 1 < head.number);
        if is_row(here)
            && is_row(head)
            && here.number == head.number + 1
            && is_narrow(here.span.of(text))
            && bars(here) == bars(head)
            && inked_cells(head.span.of(text)).all(|cell| figure(cell).is_none())
            && is_first()
        {
            lines[index].rule = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, Delimiter, u8, bool)]) {
        let outline = outline(text, None);
        let lines: Vec<_> =
            outline.lines.iter().map(|line| (line.span.of(text), line.delimiter, line.hashes, line.rule)).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn lines() {
        check(
            "\u{FEFF}## 一、总体情况 ##\r\n\r\n\ta\t\t\n| b | c |\n|:---:|---|\n　　**二**　\n",
            &[
                ("一、总体情况", Delimiter::None, 2, false),
                ("a", Delimiter::Tab, 0, false),
                ("| b | c |", Delimiter::Pipe, 0, false),
                ("|:---:|---|", Delimiter::Pipe, 0, true),
                ("二", Delimiter::None, 0, false),
            ],
        );
        check(
            "a\r\r\nb\n\r\t\t\r\n\tc。\t\n#|\n",
            &[
                ("a", Delimiter::None, 0, false),
                ("b", Delimiter::None, 0, false),
                ("", Delimiter::Tab, 0, false),
                ("c。", Delimiter::Tab, 0, false),
                ("|", Delimiter::Pipe, 1, false),
            ],
        );
    }

    #[test]
    fn rules() {
        #[track_caller]
        fn check(text: &str, expected: &[u32]) {
            let outline = outline(text, None);
            let rules: Vec<u32> = outline.lines.iter().filter(|line| line.rule).map(|line| line.number).collect();
            assert_eq!(rules, expected, "{text}");
        }
        check("| a | b |\n| - | - |\n| c | - |", &[2]);
        check("|  |  |\n|-|--|\n| c | 1 |", &[2]);
        check("| a | b\n| -\u{A0} | -\n\n| b | c |\n| - | - |", &[2, 5]);
        check("| a | b |\n|\u{200B}---\u{A0}| --- |", &[2]);
        check("a | b\n:-\u{A0}| --:", &[2]);
        // Dashes for figures.
        check("| - | - |", &[]);
        check("a | b\n- | -", &[]);
        check("| a | b |\n| c | - |\n| - | - |", &[]);
        check("| a | b |\n|---|---|\n| - | - |", &[2]);
        check("| a | 1 |\n| - | - |", &[]);
        check("| a |\n| - | - |", &[]);
        check("| a |\n| - |", &[]);
        check("| a | b |\n| - |  |", &[]);
        check("| a | b |\n\n| - | - |", &[]);
        check("规章 |\n- |\n- |\n", &[]);
    }

    #[test]
    fn pages_are_numbered() {
        #[track_caller]
        fn check(text: &str, expected: &[&str]) {
            let outline = outline(text, None);
            let numbers = (0..outline.lines.len()).filter(|line| outline.numbers_a_page(*line));
            assert_eq!(numbers.map(|line| outline.words(line)).collect::<Vec<_>>(), expected, "{text:?}");
        }
        check("a\n1 / 12\nb\n2 / 12\nc", &["1 / 12", "2 / 12"]);
        check("规章\n9 / 88\n行政许可 5", &[]);
        check("规章\n9 / 88\n行政许可\n9 / 88\n", &[]);
        check("a\n0 / 0\n1/0\n3/2\n1/", &[]);
        check("a\n1/1", &["1/1"]);
        check("a\n1/1\nb", &[]);
    }

    #[test]
    fn a_crowded_line_is_cut() {
        let words = "这是一句话。".repeat(40);
        let text = format!("首页 标题 一、总体 {words}（一）主动 二、主动 {words}三、收到 1.属于 0");
        let outline = outline(&text, None);
        let lines: Vec<&str> = outline.lines.iter().map(|line| line.span.of(&text)).collect();
        let prose = format!("{words}（一）主动");
        assert_eq!(lines, ["首页", "标题", "一、总体", &prose, "二、主动", &words, "三、收到", "1.属于 0"]);
        assert!(outline.lines.iter().all(|line| line.number == 1));
    }
}
