//! One line of a page cut to the width of a screen, so that every place that it is shown for is seen.
//!
//! In: what was kept of the line, the places in it, and how wide it may be. Out: the line as it is drawn, `...` where something
//! was left out, and where in it the places stand.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::Piece;
use crate::report::Span;

/// What stands for words that were left out.
const CUT: &str = "...";
/// No more than so many characters are shown on either side of a place in a line that must be cut.
const MOST_REACH: usize = 160;
/// So much of the beginning of a line is shown beside the places in it, where it is not much longer than the screen: there the
/// label of a row stands.
const HEAD: usize = 16;
/// With fewer on either side a place says nothing, and is left out where another one is shown.
const LEAST_REACH: usize = 4;

/// A line as it is drawn.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Window {
    /// Its text.
    pub(super) text: String,
    /// For each place, in the order given, the bytes of the text; none where there was no room for it.
    pub(super) places: Vec<Option<Range<usize>>>,
}

/// A character with its offset on the page.
struct Sign {
    at: u32,
    c: char,
    width: usize,
}

/// Signs of one piece: its position, and the first of them and the one behind the last.
type Found = (usize, Range<usize>);

/// How wide a character is drawn; tabs are drawn as four blanks.
pub(super) fn width_of(c: char) -> usize {
    if c == '\t' { 4 } else { c.width().unwrap_or(1) }
}

/// Cuts the line. The first place matters most.
pub(super) fn window(pieces: &[&Piece], places: &[Span], width: usize) -> Window {
    let parts: Vec<Vec<Sign>> = pieces.iter().map(|piece| signs(piece)).collect();
    let is_whole = matches!(pieces, [piece] if piece.column == 1 && !piece.goes_on);
    let total: usize = parts.iter().flatten().map(|sign| sign.width).sum();
    let marks: Vec<Option<Found>> = places.iter().map(|span| find(&parts, *span, width / 2)).collect();
    let shown = if (is_whole && total <= width) || marks.iter().all(Option::is_none) {
        parts.iter().enumerate().map(|(part, signs)| (part, 0..signs.len())).collect()
    } else {
        fitting(&parts, pieces, &marks, width, total <= 2 * width)
    };
    draw(&parts, &shown, &marks, pieces)
}

fn signs(piece: &Piece) -> Vec<Sign> {
    let signs = piece.text.char_indices();
    signs.map(|(offset, c)| Sign { at: piece.start + offset as u32, c, width: width_of(c) }).collect()
}

/// The part and the signs that a place takes, as far as it is not wider than `most`.
fn find(parts: &[Vec<Sign>], span: Span, most: usize) -> Option<Found> {
    let holds = |signs: &&[Sign]| signs.first().is_some_and(|first| first.at <= span.start);
    let (part, signs) = parts.iter().map(Vec::as_slice).enumerate().rev().find(|(_, signs)| holds(signs))?;
    let from = signs.iter().position(|sign| sign.at >= span.start)?;
    let mut width = 0;
    let inside = |sign: &&Sign| {
        width += sign.width;
        sign.at < span.end && width <= most
    };
    let count = signs[from..].iter().take_while(inside).count().max(1);
    Some((part, from..from + count))
}

/// The widest windows around the places that fit side by side; where not all of them do, around the first ones.
fn fitting(
    parts: &[Vec<Sign>],
    pieces: &[&Piece],
    marks: &[Option<Found>],
    width: usize,
    with_head: bool,
) -> Vec<Found> {
    let width_of = |(part, range): &Found| parts[*part][range.clone()].iter().map(|sign| sign.width).sum::<usize>();
    let head = parts.first().filter(|_| with_head).map(|signs| (0, 0..head(signs)));
    for count in (1..=marks.len()).rev() {
        for head in [head.as_ref(), None] {
            let least = if count > 1 || head.is_some() { LEAST_REACH } else { 0 };
            for reach in (least..=MOST_REACH).rev() {
                let windows = windows(parts, marks.iter().take(count).flatten(), head, reach);
                let total: usize = windows.iter().map(width_of).sum();
                if total + CUT.len() * cuts(parts, pieces, &windows) <= width || (count == 1 && reach == 0) {
                    return windows;
                }
            }
        }
    }
    Vec::new()
}

/// How often something is left out before, between and behind the windows.
fn cuts(parts: &[Vec<Sign>], pieces: &[&Piece], windows: &[Found]) -> usize {
    let before = pieces.first().is_some_and(|piece| piece.column > 1)
        || windows.first().is_some_and(|(part, range)| (*part, range.start) != (0, 0));
    let behind = pieces.last().is_some_and(|piece| piece.goes_on)
        || windows.last().is_some_and(|(part, range)| part + 1 != parts.len() || range.end != parts[*part].len());
    usize::from(before) + windows.len().saturating_sub(1) + usize::from(behind)
}

/// How many signs the beginning of a line has.
fn head(signs: &[Sign]) -> usize {
    let mut width = 0;
    let fits = |sign: &&Sign| {
        width += sign.width;
        width <= HEAD
    };
    signs.iter().take_while(fits).count()
}

/// The signs within `reach` of the places, in order, those that touch joined.
fn windows<'m>(
    parts: &[Vec<Sign>],
    marks: impl Iterator<Item = &'m Found>,
    head: Option<&Found>,
    reach: usize,
) -> Vec<Found> {
    let mut all: Vec<(usize, usize, usize)> = marks
        .map(|(part, range)| (*part, range.start.saturating_sub(reach), (range.end + reach).min(parts[*part].len())))
        .collect();
    all.extend(head.map(|(part, range)| (*part, range.start, range.end)));
    all.sort_unstable();
    let mut joined: Vec<Found> = Vec::with_capacity(all.len());
    for (part, from, to) in all {
        match joined.last_mut() {
            Some((last, range)) if *last == part && from <= range.end + CUT.len() => range.end = range.end.max(to),
            _ => joined.push((part, from..to)),
        }
    }
    joined
}

fn draw(parts: &[Vec<Sign>], shown: &[Found], marks: &[Option<Found>], pieces: &[&Piece]) -> Window {
    let mut window = Window { text: String::new(), places: vec![None; marks.len()] };
    let mut cut_before = pieces.first().is_some_and(|piece| piece.column > 1);
    let mut last: Option<(usize, usize)> = None;
    for (part, range) in shown {
        let follows = last == Some((*part, range.start));
        if range.start > 0 || last.is_some_and(|_| !follows) || (last.is_none() && *part > 0) {
            cut_before = true;
        }
        if cut_before {
            window.text.push_str(CUT);
        }
        for (index, sign) in parts[*part].iter().enumerate().take(range.end).skip(range.start) {
            let begin = window.text.len();
            window.text.push(sign.c);
            for (place, mark) in window.places.iter_mut().zip(marks) {
                let Some((marked, signs)) = mark else { continue };
                if marked == part && signs.contains(&index) {
                    let start = place.as_ref().map_or(begin, |range| range.start);
                    *place = Some(start..window.text.len());
                }
            }
        }
        last = Some((*part, range.end));
        cut_before = false;
    }
    let ends = last.is_none_or(|(part, end)| part + 1 == parts.len() && end == parts[part].len());
    if !ends || pieces.last().is_some_and(|piece| piece.goes_on) {
        window.text.push_str(CUT);
    }
    window
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, words: &[&str], width: usize, expected: &str) {
        let piece = Piece { line: 1, column: 1, start: 0, text: line.to_owned(), goes_on: false };
        let span = |words: &&str| {
            let at = line.find(words).expect("the words") as u32;
            Span::new(at, at + words.len() as u32)
        };
        let places: Vec<Span> = words.iter().map(span).collect();
        let window = window(&[&piece], &places, width);
        assert_eq!(window.text, expected);
        assert!(window.text.chars().map(width_of).sum::<usize>() <= width.max(8));
        for (place, words) in window.places.iter().zip(words) {
            if let Some(range) = place {
                assert!(words.starts_with(&window.text[range.clone()]), "{words}: {:?}", &window.text[range.clone()]);
            }
        }
        assert!(window.places[0].is_some());
    }

    #[test]
    fn lines() {
        check("共收到66件", &["66"], 10, "共收到66件");
        check("共收到66件", &["66"], 9, "...到66件");
        check("全年共收到申请66件，其中自然人58件", &["66"], 20, "...到申请66件，其...");
        check("全年共收到申请66件，其中自然人58件", &["66", "58"], 24, "...收到申请66件，其中...");
        check(
            "全年共收到申请66件，其中自然人58件，法人8件",
            &["58", "66"],
            40,
            "...收到申请66件，其中自然人58件，法人...",
        );
        check("全年共收到申请66件，其中自然人58件", &["58", "66"], 14, "...自然人58件");
        check("甲乙丙丁戊己庚辛壬癸", &["甲乙丙丁戊己庚辛壬癸"], 12, "甲乙丙丁...");
        check("58\t7\t0\t66", &["66"], 12, "...0\t66");
    }
}
