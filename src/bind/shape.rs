//! What of a stretch of lines decides how it is read: all of it but the digits of its figures.
//!
//! In: lines of an outline. Out: a [`Shape`]: their bytes, with a mark in place of each cell or word that is a figure whatever
//! its digits are, and with ordinary characters for the radicals of PDF fonts, which count as these wherever they are read.
//! Pages of one site have the same shapes year for year, so what was made of one is kept (`template.rs`) and filled with the
//! figures of the next. A mark stands only where any other figure of the same unit would be read alike.

use std::ops::Range;

use super::glance::{blank_at, may_be_figure, plain_number, without_blank_cells, without_blanks};
use super::segment::Segment;
use crate::layout::{Delimiter, Figure, KnownFigures, Outline, begins_as_words, inked, is_blank, is_digit};
use crate::report::{Span, Value};
use crate::text::radical;

/// The shape of a stretch, and where its figures and lines are on this page.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// The bytes, with marks that no text has.
    pub bytes: Vec<u8>,
    /// The figures that are marks in it.
    pub slots: Vec<Slot>,
    /// Where the text begins, and where it goes on behind each figure and behind gaps, which may be of any length.
    pub starts: Vec<u32>,
    /// The lines that have a part in it, by their place in the outline.
    pub lines: Vec<u32>,
    /// The parts of those lines.
    pub parts: Vec<Part>,
    /// How many blank cells stand before and behind the ink of each of them, where these are no part of the shape.
    pub blanks: Vec<(u32, u32)>,
    /// Lines between them that have none.
    gaps: Vec<Span>,
    /// Where the last of them ends.
    end: u32,
    figures: KnownFigures,
}

/// A figure that may be another on the next page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub span: Span,
    pub figure: Figure,
}

/// What of a shape is one line.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Where the line begins on this page, and where it ends.
    pub at: u32,
    pub end: u32,
    bytes: Range<usize>,
    pub slots: Range<usize>,
    /// Where its text goes on behind figures and gaps.
    pub starts: Range<usize>,
}

// No byte of UTF-8 is any of these.
const FIGURE: u8 = 0xFF;
const UNIT: u8 = 0xFE;
const LEFT_OUT: u8 = 0xFD;
const LINE_END: u8 = 0xFC;
const LINE: u8 = 0xFB;
const LINE_WITH_TABS: u8 = 0xFA;
const LINE_WITH_BARS: u8 = 0xF9;
const WIDE_GAP: u8 = 0xF7;

/// The longest cell that is tried as a figure: sixteen full-width digits, with separators or a unit.
const LONGEST: usize = 64;

impl Shape {
    /// Takes the shape of those lines; `head` is what else decides how they are read. False where lines that are left out
    /// have a part in it too.
    pub(super) fn take(
        &mut self,
        outline: &Outline<'_>,
        lines: Range<usize>,
        skip: impl Fn(usize) -> bool,
        head: impl Iterator<Item = u16>,
    ) -> bool {
        self.bytes.clear();
        self.slots.clear();
        self.starts.clear();
        self.lines.clear();
        self.parts.clear();
        self.blanks.clear();
        self.gaps.clear();
        self.bytes.extend(head.flat_map(u16::to_le_bytes));
        let (mut left_out, mut ruled) = (false, false);
        for index in lines {
            let line = &outline.lines[index];
            if line.rule {
                ruled = true;
                continue;
            }
            if skip(index) {
                if line.delimiter == Delimiter::Pipe {
                    return false;
                }
                left_out = true;
                continue;
            }
            // Blanks at the ends of an undelimited line are nothing, and blank cells at the ends of a row rarely matter.
            let (span, blanks) = match line.delimiter {
                Delimiter::None => (without_blanks(outline.text, line.full), (0, 0)),
                Delimiter::Tab => without_blank_cells(outline.text, line.full),
                Delimiter::Pipe => (line.full, (0, 0)),
            };
            self.blanks.push(blanks);
            if self.lines.is_empty() {
                self.starts.push(span.start);
            } else {
                let between = Span::new(self.end, span.start);
                let bytes = between.of(outline.text).as_bytes();
                let line_end = memchr::memchr2(b'\n', b'\r', bytes).is_some();
                if left_out && !line_end {
                    return false;
                }
                if left_out || line_end && !ruled {
                    self.bytes.push(if left_out { LEFT_OUT } else { LINE_END });
                    self.starts.push(span.start);
                } else {
                    self.bytes.extend_from_slice(bytes);
                }
                if std::mem::take(&mut left_out) {
                    self.gaps.push(between);
                }
            }
            ruled = false;
            self.lines.push(index as u32);
            let (bytes, slots, starts) = (self.bytes.len(), self.slots.len(), self.starts.len());
            match line.delimiter {
                Delimiter::Tab => self.cells(outline.text, span, LINE_WITH_TABS, b'\t'),
                Delimiter::Pipe => self.cells(outline.text, span, LINE_WITH_BARS, b'|'),
                Delimiter::None => self.words(outline.text, span),
            }
            self.parts.push(Part {
                at: span.start,
                end: span.end,
                bytes: bytes..self.bytes.len(),
                slots: slots..self.slots.len(),
                starts: starts..self.starts.len(),
            });
            self.end = span.end;
        }
        let head = self.head().len();
        without_radicals(&mut self.bytes[head..]);
        true
    }

    /// In a delimited line a figure is a whole cell.
    fn cells(&mut self, text: &str, line: Span, mark: u8, bar: u8) {
        self.bytes.push(mark);
        let bytes = text.as_bytes();
        let (mut copied, mut at, last) = (line.start as usize, line.start as usize, line.end as usize);
        let spaces = |at: usize| bytes[at..last].iter().take_while(|byte| **byte == b' ').count();
        loop {
            // Most cells are digits with at most a blank before and behind them.
            let start = at + spaces(at);
            let plain = plain_number(&bytes[start..last]).and_then(|(length, number)| {
                let end = start + length + spaces(start + length);
                bytes[end..last].first().is_none_or(|next| *next == bar).then_some((start + length, end, number))
            });
            let end = match plain {
                Some((behind, end, number)) => {
                    let figure = Figure { value: Value::Number(number), unit: None };
                    copied = self.slot(text, copied, Span::new(start as u32, behind as u32), figure);
                    end
                }
                None => {
                    let end = memchr::memchr(bar, &bytes[at..last]).map_or(last, |length| at + length);
                    let cell = Span::new(at as u32, end as u32);
                    if may_be_figure(&bytes[at..end]) {
                        let cell = inked(text, cell);
                        let found = Some(cell).filter(|cell| cell.len() <= LONGEST);
                        if let Some(figure) = found.and_then(|cell| self.figures.figure(cell.of(text))) {
                            copied = self.slot(text, copied, cell, figure);
                        }
                    }
                    end
                }
            };
            if end >= last {
                break;
            }
            at = end + 1;
        }
        self.bytes.extend_from_slice(&bytes[copied..last]);
    }

    /// In an undelimited line a figure is a word. One that may make a figure with what stands beside it is left as it is.
    fn words(&mut self, text: &str, line: Span) {
        /// A figure with a remark is no longer than 300 bytes, so the length of longer stretches counts.
        const LONG: usize = 250;
        self.bytes.push(LINE);
        let bytes = text.as_bytes();
        let (mut copied, mut at, last) = (line.start as usize, line.start as usize, line.end as usize);
        // Whether the word is the first of a stretch, and where that begins.
        let (mut begins, mut stretch) = (true, at);
        while at < last {
            let word = at;
            if begins {
                stretch = at;
            }
            let ends = |length: &usize| at + length == last || blank_at(&bytes[at + length..last]) > 0;
            let plain = plain_number(&bytes[at..last]).filter(|(length, _)| ends(length));
            let number = match plain {
                Some((length, number)) => Some((length, Figure { value: Value::Number(number), unit: None })),
                None if may_be_figure(&bytes[at..last]) => {
                    self.word_as_figure(text, Span::new(stretch as u32, last as u32), at)
                }
                None => None,
            };
            if let Some((length, figure)) = number
                && ends(&length)
                && (line.len() < LONG || !begins)
            {
                copied = self.slot(text, copied, Span::new(at as u32, (at + length) as u32), figure);
                if let Some(unit) = figure.unit {
                    self.bytes.extend_from_slice(unit.name.as_bytes());
                    self.bytes.push(UNIT);
                }
                at += length;
            }
            // On to the next word.
            loop {
                let Some(found) = memchr::memchr3(b' ', 0xC2, 0xE3, &bytes[at..last]) else {
                    at = last;
                    break;
                };
                at += found;
                let gap = at;
                let mut blanks = 0;
                while let length @ 1.. = blank_at(&bytes[at..last]) {
                    at += length;
                    blanks += 1;
                }
                // How wide a gap is does not matter, but whether it is one.
                if blanks > 1 {
                    self.bytes.extend_from_slice(&bytes[copied..gap]);
                    self.bytes.push(WIDE_GAP);
                    self.starts.push(at as u32);
                    copied = at;
                }
                if blanks > 0 {
                    begins = blanks > 1 || begins && bytes[word..gap].iter().all(|byte| *byte == b'#');
                    break;
                }
                at += 1;
            }
        }
        self.bytes.extend_from_slice(&bytes[copied..last]);
    }

    /// What the word at `at` is, if it is that figure whatever figures stand beside it: a word that is a whole stretch, or one of
    /// a stretch that is none of them; elsewhere a number with a fraction, separators or a unit.
    fn word_as_figure(&mut self, text: &str, stretch: Span, at: usize) -> Option<(usize, Figure)> {
        let rest = &text[at..stretch.end as usize];
        let length = rest.bytes().take(LONGEST + 1).position(|byte| byte == b' ').unwrap_or(rest.len());
        let word = rest.get(..length).filter(|word| word.len() <= LONGEST)?;
        let word = &word[..word.find(is_blank).unwrap_or(word.len())];
        let figure = self.figures.figure(word)?;
        let behind = &rest.as_bytes()[word.len()..];
        let blank = blank_at(behind);
        let begins = at == stretch.start as usize;
        let is_stretch = begins && (behind.is_empty() || blank > 0 && blank_at(&behind[blank..]) > 0);
        let number = matches!(figure.value, Value::Number(_)) && word.starts_with(is_digit);
        let mut is_apart = || !has_brackets(word) && (number || self.is_apart(stretch.of(text)));
        (is_stretch || is_apart()).then_some((word.len(), figure))
    }

    /// Whether a stretch is no figure as a whole, whatever its figures are: it begins with words, or with three figures.
    fn is_apart(&mut self, stretch: &str) -> bool {
        let mut is_figure = |word: &str| !has_brackets(word) && self.figures.figure(word).is_some();
        begins_as_words(stretch) || stretch.split(is_blank).take(3).filter(|word| is_figure(word)).count() == 3
    }

    /// A mark for the figure, behind the text from `copied` on; what stands behind the figure is to be copied next.
    fn slot(&mut self, text: &str, copied: usize, span: Span, figure: Figure) -> usize {
        self.bytes.extend_from_slice(&text.as_bytes()[copied..span.start as usize]);
        self.bytes.push(FIGURE);
        self.slots.push(Slot { span, figure });
        self.starts.push(span.end);
        span.end as usize
    }

    /// The bytes of a line's part.
    pub(super) fn part(&self, part: &Part) -> &[u8] {
        &self.bytes[part.bytes.clone()]
    }

    /// What beside the lines decides how they are read.
    pub(super) fn head(&self) -> &[u8] {
        &self.bytes[..self.parts.first().map_or(self.bytes.len(), |part| part.bytes.start)]
    }

    /// The lines from one up to another; all of them may be none.
    pub(super) fn segment(&self, lines: Range<usize>) -> Segment<'_> {
        let (first, behind) = (self.parts.get(lines.start), self.parts.get(lines.end));
        let bytes = first.map_or(self.bytes.len(), |part| part.bytes.start);
        let slots = first.map_or(0, |part| part.slots.start);
        let starts = first.map_or(0, |part| part.starts.start.saturating_sub(1));
        Segment {
            bytes: &self.bytes[bytes..behind.map_or(self.bytes.len(), |part| part.bytes.end)],
            slots: &self.slots[slots..behind.map_or(self.slots.len(), |part| part.slots.end)],
            starts: &self.starts[starts..behind.map_or(self.starts.len(), |part| part.starts.end)],
            span: Span::new(first.map_or(0, |part| part.at), behind.map_or(self.end, |part| part.at)),
            end: behind.map_or(self.end, |part| part.end),
            lines: &self.lines[lines.clone()],
            parts: &self.parts[lines.clone()],
            blanks: &self.blanks[lines],
            gaps: &self.gaps,
        }
    }

    /// Whether places behind the beginning of that line need nothing that stands before it.
    pub(super) fn begins_afresh(&self, line: usize) -> bool {
        let part = &self.parts[line];
        part.starts.start.checked_sub(1).is_some_and(|start| self.starts[start] == part.at)
    }
}

/// Puts the ordinary character in place of each radical; both take three bytes.
fn without_radicals(bytes: &mut [u8]) {
    let mut at = 0;
    while let Some(next) = memchr::memchr(0xE2, &bytes[at..]) {
        at += next;
        let sign = bytes[at..].first_chunk_mut::<3>().filter(|sign| sign[1] >= 0xBA);
        if let Some(sign) = sign
            && let Some(ordinary) = str::from_utf8(sign).ok().and_then(|sign| radical(sign.chars().next()?))
            && ordinary.len_utf8() == sign.len()
        {
            ordinary.encode_utf8(sign);
        }
        at += 1;
    }
}

fn has_brackets(word: &str) -> bool {
    word.contains(['（', '(', '）', ')'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::outline;

    fn shape(text: &str) -> Vec<u8> {
        let outline = outline(text, None);
        let mut shape = Shape::default();
        assert!(shape.take(&outline, 0..outline.lines.len(), |_| false, std::iter::empty()));
        shape.bytes
    }

    #[track_caller]
    fn alike(a: &str, b: &str, expected: bool) {
        assert_eq!(shape(a) == shape(b), expected, "{a} {b}");
    }

    #[test]
    fn shapes() {
        alike("规章\t0\t15\t", "规章\t1,016\t-\t", true);
        alike("规章\t0\t15\t", "规章\t0\t\t15", false);
        alike("\t规章\t0\t15", "规章\t0\t15\t\t\t", true);
        alike("\t\t", "\t", false);
        alike("规章\t3件", "规章\t4件", true);
        alike("规章\t3件", "规章\t3万件", true);
        alike("规章  3件", "规章  3万件", false);
        alike("规章\t3", "规章\t3（其中修订 2 件）", true);
        alike("规章\t3\t增5", "规章\t不适用\t減2", true);
        alike("| 规章 | 0 | 无 |", "| 规章 | 12.5 | 3 |", true);
        alike("规章 0 15\n\n许可 3", "  规章 7 123 \r\n许可 0", true);
        alike("规章   0  15", "规章  22     3", true);
        alike("规章 0", "规章  0", false);
        alike("规章 0", "规章 -", true);
        alike("规章  0  无", "规章  /  5", true);
        alike("0 5", "- 5", false);
        alike("0 5 7", "- 5 /", true);
        alike("- 5 件", "0 5 件", false);
        alike("（一）予以公开 0 7", "（一）予以公开 / 7", true);
        alike("（一） 0 7", "（一） / 7", false);
        alike("规章\n0\n-", "规章\n+5\n无", true);
        alike("⼀、⾏政许可 ３件", "一、行政许可 5件", true);
        alike("规章\t5⼈次\t⽆", "规章\t7人次\t-", true);
        alike("行政“许可”", "⾏政“许可”", true);
        alike("戶 5", "⼾ 5", true);
        alike("1. 规章 0", "2. 规章 0", false);
        alike("2023年 0", "2024年 0", false);
        alike("规章 0\n", "规章 0 件\n", false);
    }
}
