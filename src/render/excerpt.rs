//! The lines of a page that a finding speaks of, kept so that it can be drawn when the page is gone.
//!
//! In: the text, its lines, the places concerned. Out: pieces of lines, each with the place where it stands. A line of
//! ordinary length is kept whole; of a longer one only what is near a place, so that a page without line ends costs no more.

use crate::report::Span;
use crate::text::Lines;

/// A line of so many characters is kept whole.
const WHOLE: usize = 240;
/// So many characters are kept before and behind a place in a longer one.
const REACH: usize = 120;
/// So many characters of the place itself.
const LONGEST: usize = 240;

/// Some lines of a page, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// What was kept of them. A line may have several pieces.
    pub pieces: Vec<Piece>,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The line, from 1.
    pub line: u32,
    /// The column of its first character, from 1.
    pub column: u32,
    /// The offset of its first byte.
    pub start: u32,
    /// What stands there.
    pub text: String,
    /// Whether the line goes on behind it.
    pub goes_on: bool,
}

impl Excerpt {
    /// The lines in which the spans begin.
    pub fn new(text: &str, lines: &Lines, spans: &[Span]) -> Excerpt {
        let mut spans = spans.to_vec();
        spans.sort_unstable();
        let mut ranges: Vec<(u32, usize, usize)> = Vec::with_capacity(spans.len());
        for span in spans {
            let number = lines.line(span.start);
            let Some(line) = range(text, lines, number) else { continue };
            let (from, to) = near(text, line, span);
            match ranges.last_mut() {
                Some((last, _, end)) if *last == number && *end >= from => *end = to.max(*end),
                _ => {
                    between(text, lines, &mut ranges, number);
                    ranges.push((number, from, to));
                }
            }
        }
        Excerpt { pieces: ranges.into_iter().filter_map(|range| piece(text, lines, range)).collect() }
    }

    /// The part of it that belongs to these spans.
    pub fn of(&self, spans: &[Span]) -> Excerpt {
        let holds = |piece: &&Piece| spans.iter().any(|span| piece.offset_of(*span).is_some());
        Excerpt { pieces: self.pieces.iter().filter(holds).cloned().collect() }
    }

    /// The piece that holds the beginning of the span.
    pub fn piece(&self, span: Span) -> Option<&Piece> {
        self.pieces.iter().find(|piece| piece.offset_of(span).is_some())
    }
}

impl Piece {
    /// Where in the piece the span begins.
    pub fn offset_of(&self, span: Span) -> Option<usize> {
        let offset = span.start.checked_sub(self.start)? as usize;
        (offset <= self.text.len()).then_some(offset)
    }

    /// The words of the span, as far as they stand in this piece.
    pub fn words(&self, span: Span) -> &str {
        let from = self.offset_of(span).unwrap_or(self.text.len());
        let to = (span.end.saturating_sub(self.start) as usize).clamp(from, self.text.len());
        self.text.get(from..to).unwrap_or_default()
    }
}

/// The bytes of a line without its end.
fn range(text: &str, lines: &Lines, number: u32) -> Option<(usize, usize)> {
    let index = number.checked_sub(1)? as usize;
    let start = *lines.starts().get(index)? as usize;
    let end = lines.starts().get(index + 1).map_or(text.len(), |next| *next as usize);
    let line = text.get(start..end)?;
    Some((start, start + line.trim_end_matches(['\n', '\r']).len()))
}

/// What is kept of a line for the sake of one span.
fn near(text: &str, (start, end): (usize, usize), span: Span) -> (usize, usize) {
    if text[start..end].chars().nth(WHOLE).is_none() {
        return (start, end);
    }
    let at = (span.start as usize).clamp(start, end);
    let until = (span.end as usize).clamp(at, end);
    let from = text[start..at].char_indices().rev().nth(REACH - 1).map_or(start, |(offset, _)| start + offset);
    let until = text[at..until].char_indices().nth(LONGEST).map_or(until, |(offset, _)| at + offset);
    let to = text[until..end].char_indices().nth(REACH).map_or(end, |(offset, _)| until + offset);
    (from, to)
}

/// A single line between two others is shown rather than left out.
fn between(text: &str, lines: &Lines, ranges: &mut Vec<(u32, usize, usize)>, number: u32) {
    let Some((last, ..)) = ranges.last() else { return };
    let middle = last + 1;
    if number == middle + 1
        && let Some((start, end)) = range(text, lines, middle)
    {
        let (from, to) = near(text, (start, end), Span::new(start as u32, start as u32));
        ranges.push((middle, from, to));
    }
}

fn piece(text: &str, lines: &Lines, (number, from, to): (u32, usize, usize)) -> Option<Piece> {
    let (_, end) = range(text, lines, number)?;
    Some(Piece {
        line: number,
        column: lines.column(text, from as u32),
        start: from as u32,
        text: text.get(from..to)?.to_owned(),
        goes_on: to < end,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, words: &[&str], expected: &[(u32, u32, &str, bool)]) {
        let span = |words: &&str| {
            let at = text.find(words).expect("the words") as u32;
            Span::new(at, at + words.len() as u32)
        };
        let spans: Vec<Span> = words.iter().map(span).collect();
        let excerpt = Excerpt::new(text, &Lines::new(text), &spans);
        let pieces: Vec<(u32, u32, &str, bool)> =
            excerpt.pieces.iter().map(|piece| (piece.line, piece.column, piece.text.as_str(), piece.goes_on)).collect();
        assert_eq!(pieces, expected);
        for (span, words) in spans.iter().zip(words) {
            let piece = excerpt.piece(*span).expect("its piece");
            assert!(words.starts_with(piece.words(*span)) && piece.words(*span).is_empty() == words.is_empty());
        }
    }

    #[test]
    fn lines() {
        check("一\r\n二\r\n三\r\n四\r\n五", &["四", "一"], &[(1, 1, "一", false), (4, 1, "四", false)]);
        check("一\n二\n三", &["三", "一"], &[(1, 1, "一", false), (2, 1, "二", false), (3, 1, "三", false)]);
        check("一二\n三四", &["二\n三"], &[(1, 1, "一二", false)]);
        check("", &[""], &[(1, 1, "", false)]);
    }

    #[test]
    fn long_lines() {
        let (left, right) = ("甲".repeat(300), "乙".repeat(300));
        let text = format!("{left}中{right}末");
        let (before, behind) = ("甲".repeat(120), "乙".repeat(120));
        let middle = format!("{before}中{behind}");
        let last = format!("{behind}末");
        check(&text, &["末", "中"], &[(1, 181, &middle, true), (1, 482, &last, false)]);
        // A place that fills the line is cut too.
        check(&left, &[&left], &[(1, 1, &"甲".repeat(300), false)]);
        let wide = "甲".repeat(600);
        check(&wide, &[&wide], &[(1, 1, &"甲".repeat(360), true)]);
    }
}
