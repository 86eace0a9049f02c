//! A stretch of lines becomes one stream of pieces: texts, figures, blanks, row ends.
//!
//! In: lines of an outline. Out: [`Pieces`]. Where cells are delimited (tabs, bars) a piece is a cell, or a line of one, and
//! an empty cell is a blank. Where they are not, a line is cut at its blanks, and a piece is a figure if it is wholly a value.
//! Sites that print one cell a line between bars have no row ends; then a row is what stands between two labels.

use super::figure::{Figure, figure};
use super::outline::{Delimiter, Line, Outline, inked, is_blank};
use crate::report::Span;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Wholly a value.
    Figure(Figure),
    /// A value with words after it on the same undelimited line: a figure only where a form proves it.
    Inner(Figure),
    /// An empty cell.
    Blank,
    /// The rest of a cell that reaches over several columns (`||`).
    Merged,
    /// The end of a row, in a grid whose lines are rows; the end of a line, in undelimited text.
    LineEnd,
}

/// A piece of a line.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// Where it stands; empty for blanks and ends.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
    /// The outline's line it is from.
    pub line: u32,
}

/// The pieces of a stretch of lines.
#[derive(Clone, Debug, Default)]
pub struct Pieces {
    /// In reading order.
    pub list: Vec<Piece>,
    /// Whether a delimited line is a row; otherwise cells stand on lines of their own.
    pub lines_are_rows: bool,
}

/// The pieces of those lines of the outline; `skip` tells which lines have none.
pub fn pieces(outline: &Outline<'_>, lines: std::ops::Range<usize>, skip: impl Fn(usize) -> bool) -> Pieces {
    pieces_with(outline, lines.clone(), grid(outline, lines), skip, Vec::new(), |_, _| false)
}

/// How the delimited lines of a stretch stand to its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Whether a delimited line is a row; otherwise cells stand on lines of their own.
    pub lines_are_rows: bool,
    /// Whether a bar at the beginning of a line opens the row; otherwise it closes an empty cell.
    pub bars_open_rows: bool,
}

/// The grid of those lines of the outline.
pub fn grid(outline: &Outline<'_>, lines: std::ops::Range<usize>) -> Grid {
    let lines = &outline.lines[lines];
    let several = |line: &Line, delimiter| {
        let cells = split(outline.text, line.full, delimiter);
        cells.filter(|cell| !inked(outline.text, *cell).is_empty()).nth(1).is_some()
    };
    // Lines with bars; among them those with several cells of ink, those that begin with a bar, and those that do not.
    let (mut bars, mut several_bars, mut opened, mut plain) = (0, 0, 0, 0);
    // The same of lines with tabs, and how many other lines there are.
    let (mut tabs, mut several_tabs, mut others) = (0, 0, 0);
    for line in lines.iter().filter(|line| !line.rule) {
        match line.delimiter {
            Delimiter::Pipe => {
                let full = line.full.of(outline.text);
                bars += 1;
                several_bars += usize::from(several(line, b'|'));
                opened += usize::from(full.starts_with('|'));
                plain += usize::from(!full.trim_start().starts_with('|'));
            }
            Delimiter::Tab => {
                tabs += 1;
                several_tabs += usize::from(several(line, b'\t'));
            }
            Delimiter::None => others += usize::from(!line.span.is_empty()),
        }
    }
    // A title row or a caption is a row of one cell, so a table of rows has some of those too. Browsers copy a cell with a
    // paragraph in it as a line with a tab before it or behind it.
    let bars_are_rows = bars - several_bars <= 2 * several_bars;
    let tabs_are_rows = tabs - several_tabs <= 2 * several_tabs || bars > 0 || 2 * tabs < others;
    Grid { lines_are_rows: bars_are_rows && tabs_are_rows, bars_open_rows: opened > plain }
}

/// Cuts lines into pieces as [`pieces`] does. Where lines are rows, `recall` is asked for the pieces of each beforehand. It is
/// told the line and may add the pieces that the line is known to have. `room` is used again for the list.
pub fn pieces_with(
    outline: &Outline<'_>,
    lines: std::ops::Range<usize>,
    Grid { lines_are_rows, bars_open_rows }: Grid,
    mut skip: impl FnMut(usize) -> bool,
    room: Vec<Piece>,
    mut recall: impl FnMut(usize, &mut Vec<Piece>) -> bool,
) -> Pieces {
    let text = outline.text;
    let mut list = room;
    list.clear();
    // In cells over several lines: whether words have begun a cell that no bar has closed yet.
    let mut open = false;
    for index in lines {
        let line = &outline.lines[index];
        if line.rule || skip(index) {
            continue;
        }
        let at = index as u32;
        if lines_are_rows && recall(index, &mut list) {
            list.push(Piece { span: Span::new(line.full.end, line.full.end), kind: Kind::LineEnd, line: at });
            continue;
        }
        match line.delimiter {
            Delimiter::Tab if lines_are_rows => tab_cells(text, line, at, &mut list),
            Delimiter::Tab => tab_stream(text, line, at, &mut list),
            Delimiter::Pipe if lines_are_rows => bar_cells(text, line, at, bars_open_rows, &mut list),
            Delimiter::Pipe => bar_stream(text, line, at, &mut open, &mut list),
            Delimiter::None => {
                open = true;
                words(text, line, at, &mut list);
            }
        }
        tails(&mut list);
        if lines_are_rows {
            list.push(Piece { span: Span::new(line.full.end, line.full.end), kind: Kind::LineEnd, line: at });
        }
    }
    Pieces { list, lines_are_rows }
}

/// The tail of a merged cell begins with a blank where the converter puts one before each bar (`0 | |||`), or a line end.
fn tails(list: &mut [Piece]) {
    let merged = list.iter().rev().take_while(|piece| piece.kind == Kind::Merged).count();
    let before = list.len() - merged;
    if merged > 0
        && let Some(piece) = list[..before].last_mut()
        && piece.kind == Kind::Blank
    {
        piece.kind = Kind::Merged;
    }
}

fn tab_cells(text: &str, line: &Line, at: u32, list: &mut Vec<Piece>) {
    for cell in split(text, line.full, b'\t') {
        cell_of(text, cell, at, list);
    }
}

/// A line of a table whose cells stand on lines of their own: nothing tells the tab of an empty cell from one that indents.
fn tab_stream(text: &str, line: &Line, at: u32, list: &mut Vec<Piece>) {
    for cell in split(text, line.full, b'\t').filter(|cell| !inked(text, *cell).is_empty()) {
        cell_of(text, cell, at, list);
    }
}

/// A line that is a row: bars at its ends only open and close it.
fn bar_cells(text: &str, line: &Line, at: u32, opened: bool, list: &mut Vec<Piece>) {
    for (index, cell) in split(text, line.full, b'|').enumerate() {
        let (first, last) = (index == 0, cell.end == line.full.end);
        match cell.is_empty() || inked(text, cell).is_empty() {
            true if first && opened || last => {}
            true if cell.is_empty() => list.push(Piece { span: cell, kind: Kind::Merged, line: at }),
            _ => cell_of(text, cell, at, list),
        }
    }
}

/// A line of a table whose cells stand on lines of their own: a bar closes a cell, and one that closes nothing is an empty cell.
fn bar_stream(text: &str, line: &Line, at: u32, open: &mut bool, list: &mut Vec<Piece>) {
    for (index, cell) in split(text, line.full, b'|').enumerate() {
        let ink = !inked(text, cell).is_empty();
        if ink {
            cell_of(text, cell, at, list);
        }
        if cell.end == line.full.end {
            *open = ink;
        } else if !(ink || index == 0 && *open) {
            let kind = if cell.is_empty() && index > 0 { Kind::Merged } else { Kind::Blank };
            list.push(Piece { span: Span::new(cell.start, cell.start), kind, line: at });
        }
    }
}

/// Adds the blank cells that the tabs at the ends of a line make: those before its ink, or those behind it.
pub fn blank_cells(text: &str, blanks: Span, before: bool, at: u32, list: &mut Vec<Piece>) {
    let cells = split(text, blanks, b'\t');
    let is_part_of_ink = |cell: &Span| if before { cell.end == blanks.end } else { cell.start == blanks.start };
    list.extend(cells.filter(|cell| !is_part_of_ink(cell)).map(|cell| Piece {
        span: inked(text, cell),
        kind: Kind::Blank,
        line: at,
    }));
}

fn cell_of(text: &str, cell: Span, at: u32, list: &mut Vec<Piece>) {
    let span = inked(text, cell);
    let kind = if span.is_empty() { Kind::Blank } else { figure(span.of(text)).map_or(Kind::Text, Kind::Figure) };
    list.push(Piece { span, kind, line: at });
}

/// An undelimited line: first cut at wide gaps, so that `201 件` can be one cell, then at single blanks.
fn words(text: &str, line: &Line, at: u32, list: &mut Vec<Piece>) {
    let first = list.len();
    let mut depth = 0i32;
    for stretch in wide_stretches(text, line.span) {
        let whole = stretch.of(text);
        if depth == 0
            && let Some(figure) = figure(whole)
        {
            list.push(Piece { span: stretch, kind: Kind::Figure(figure), line: at });
            continue;
        }
        for word in narrow_stretches(text, stretch) {
            // The stretch as a whole was tried before.
            let found = if depth == 0 && word != stretch { figure(word.of(text)) } else { None };
            let kind = found.map_or(Kind::Text, Kind::Figure);
            // What stands in brackets that are closed on the same line is a remark, figures and all.
            depth = (depth + open_brackets(word.of(text))).max(0);
            list.push(Piece { span: word, kind, line: at });
        }
    }
    if depth > 0 {
        // The brackets reach over the line's end, so the line's last values are as good as any.
        refigure(text, &mut list[first..]);
    }
    let mut text_follows = false;
    for piece in list[first..].iter_mut().rev() {
        match piece.kind {
            Kind::Text => text_follows = true,
            Kind::Figure(figure) if text_follows => piece.kind = Kind::Inner(figure),
            _ => {}
        }
    }
}

fn refigure(text: &str, pieces: &mut [Piece]) {
    for piece in pieces.iter_mut().rev() {
        match figure(piece.span.of(text)) {
            Some(figure) => piece.kind = Kind::Figure(figure),
            None => break,
        }
    }
}

fn open_brackets(word: &str) -> i32 {
    word.chars().fold(0, |depth, c| match c {
        '（' | '(' => depth + 1,
        '）' | ')' => depth - 1,
        _ => depth,
    })
}

/// The cells of a line between its delimiters; the last one ends with the line.
fn split(text: &str, line: Span, delimiter: u8) -> impl Iterator<Item = Span> + '_ {
    let ends = memchr::memchr_iter(delimiter, line.of(text).as_bytes()).map(move |end| line.start + end as u32);
    let mut start = line.start;
    ends.chain([line.end]).map(move |end| {
        let cell = Span::new(start, end);
        start = end + 1;
        cell
    })
}

/// Parts between gaps of two blanks or more, or an ideographic space.
fn wide_stretches(text: &str, span: Span) -> impl Iterator<Item = Span> + '_ {
    stretches(text, span, |gap| gap.chars().filter(|c| c.is_whitespace()).count() >= 2)
}

fn narrow_stretches(text: &str, span: Span) -> impl Iterator<Item = Span> + '_ {
    stretches(text, span, |gap| gap.chars().any(char::is_whitespace))
}

fn stretches<'t>(text: &'t str, span: Span, is_gap: impl Fn(&str) -> bool + 't) -> impl Iterator<Item = Span> + 't {
    let words = span.of(text);
    let mut from = 0;
    std::iter::from_fn(move || {
        if from >= words.len() {
            return None;
        }
        let mut search = from;
        while let Some(gap_start) = next_blank(words, search) {
            let gap_end = words[gap_start..].find(|c| !is_blank(c)).map_or(words.len(), |at| gap_start + at);
            if gap_start > from && is_gap(&words[gap_start..gap_end]) {
                let stretch = Span::new(span.start + from as u32, span.start + gap_start as u32);
                from = gap_end;
                return Some(stretch);
            }
            search = gap_end;
            if gap_start == from {
                from = gap_end;
            }
        }
        let stretch = Span::new(span.start + from as u32, span.end);
        from = words.len();
        (!stretch.is_empty()).then_some(stretch)
    })
}

/// Where the next blank stands from the byte `from` on.
fn next_blank(words: &str, from: usize) -> Option<usize> {
    let bytes = words.as_bytes();
    let mut at = from;
    loop {
        match bytes.get(at)? {
            b'!'..=b'~' => at += 1,
            // Ideographs.
            0xE4..=0xE9 => at += 3,
            _ => match words[at..].chars().next() {
                Some(c) if is_blank(c) => return Some(at),
                c => at += c.map_or(1, char::len_utf8),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::outline;

    /// Text as it is; a figure as `#words`, an inner one as `?words`, a blank as `_`, a merged cell as `=`, an end as `/`.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let outline = outline(text, None);
        let pieces = pieces(&outline, 0..outline.lines.len(), |_| false);
        let shown: Vec<String> = pieces
            .list
            .iter()
            .map(|piece| match piece.kind {
                Kind::Text => piece.span.of(text).to_owned(),
                Kind::Figure(_) => format!("#{}", piece.span.of(text)),
                Kind::Inner(_) => format!("?{}", piece.span.of(text)),
                Kind::Blank => "_".to_owned(),
                Kind::Merged => "=".to_owned(),
                Kind::LineEnd => "/".to_owned(),
            })
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn tabs() {
        check("规章\t0\t\t \t5\t", "规章 #0 _ _ #5 _ /");
        check("\t（二）\t1", "_ （二） #1 /");
    }

    #[test]
    fn bars_in_rows() {
        check("| 规章 | 0 |  |\n|---|---|---|\n| a | 1 | 2 |", "规章 #0 _ / a #1 #2 /");
        check("行政许可 | 0 | ||\n规章 | 1 | 2 |", "行政许可 #0 = = / 规章 #1 #2 /");
    }

    #[test]
    fn bars_with_a_cell_a_line() {
        check("规章 |\n3 |\n|\n7 |", "规章 #3 _ #7");
        check("规章\n|\n3\n|\n|\n7\n|", "规章 #3 _ #7");
        check("规章 |\n3 | ||\n许可 |\n7 |", "规章 #3 = = 许可 #7");
    }

    #[test]
    fn tabs_with_a_cell_a_line() {
        check("规章\t\n\t3\n\t\n7\t\n许可\n\t5", "规章 #3 #7 许可 #5");
        check("行政许可 5 7\n处罚 3\n强制 4\n\t注", "行政许可 #5 #7 / 处罚 #3 / 强制 #4 / _ 注 /");
    }

    #[test]
    fn undelimited() {
        check("（二）部分 447 7 0", "（二）部分 #447 #7 #0 /");
        check("规章  201 件   3", "规章 #201 件 #3 /");
        check("7 属于 0 规 1", "?7 属于 ?0 规 #1 /");
        check("修订（其中 16 件） 5", "修订（其中 16 件） #5 /");
        check("只计（这一情 4 5", "只计（这一情 #4 #5 /");
    }
}
