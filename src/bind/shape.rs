//! What of a stretch of lines decides how it is read: all of it but the digits of its figures.
//!
//! In: lines of an outline. Out: a [`Shape`]: their bytes, with a mark in place of each cell or word that is a figure whatever
//! its digits are. Pages of one site have the same shapes year for year, so what was made of one is kept (`template.rs`) and
//! filled with the figures of the next. A mark stands only where any other figure of the same unit would be read alike.

use std::ops::Range;

use super::header::HEAD_LETTERS;
use crate::layout::{Delimiter, Figure, Outline, figure, is_blank};
use crate::report::{Decimal, Span, Value};

/// The shape of a stretch, and where its figures and lines are on this page.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// The bytes, with marks that no text has.
    pub bytes: Vec<u8>,
    /// The figures that are marks in it.
    pub slots: Vec<Slot>,
    /// Where the text begins, and where it goes on behind each figure and behind lines that are left out.
    pub starts: Vec<u32>,
    /// The lines that have a part in it, by their place in the outline.
    pub lines: Vec<u32>,
    /// Lines between them that have none.
    gaps: Vec<Span>,
    /// Where the last of them ends.
    pub end: u32,
}

/// A figure that may be another on the next page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub span: Span,
    pub figure: Figure,
}

/// A place in a stretch: the text behind which figure, and how far into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub start: u16,
    pub offset: u16,
}

// No byte of UTF-8 is any of these.
const FIGURE: u8 = 0xFF;
const FIGURE_WITH_BRACKETS: u8 = 0xFE;
const LEFT_OUT: u8 = 0xFD;
const LEFT_OUT_WITHIN_A_LINE: u8 = 0xFC;
const LINE: u8 = 0xFB;
const LINE_WITH_TABS: u8 = 0xFA;
const LINE_WITH_BARS: u8 = 0xF9;
const HEAD: u8 = 0xF8;

/// The longest cell that is tried as a figure.
const LONGEST: usize = 40;

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
        self.gaps.clear();
        self.bytes.extend(head.flat_map(u16::to_le_bytes));
        self.bytes.push(HEAD);
        let mut left_out = false;
        for index in lines {
            let line = &outline.lines[index];
            if line.rule {
                continue;
            }
            if skip(index) {
                if line.delimiter == Delimiter::Pipe {
                    return false;
                }
                left_out = true;
                continue;
            }
            if self.lines.is_empty() {
                self.starts.push(line.full.start);
            } else {
                let between = &outline.text.as_bytes()[self.end as usize..line.full.start as usize];
                if std::mem::take(&mut left_out) {
                    let mark = if between.contains(&b'\n') || between.contains(&b'\r') {
                        LEFT_OUT
                    } else {
                        LEFT_OUT_WITHIN_A_LINE
                    };
                    self.bytes.push(mark);
                    self.starts.push(line.full.start);
                    self.gaps.push(Span::new(self.end, line.full.start));
                } else {
                    self.bytes.extend_from_slice(between);
                }
            }
            self.lines.push(index as u32);
            match line.delimiter {
                Delimiter::Tab => self.cells(outline.text, line.full, LINE_WITH_TABS, b'\t'),
                Delimiter::Pipe => self.cells(outline.text, line.full, LINE_WITH_BARS, b'|'),
                Delimiter::None => self.words(outline.text, line.full),
            }
            self.end = line.full.end;
        }
        true
    }

    /// In a delimited line a figure is a whole cell.
    fn cells(&mut self, text: &str, line: Span, mark: u8, bar: u8) {
        self.bytes.push(mark);
        let bytes = text.as_bytes();
        let (mut copied, mut at, last) = (line.start as usize, line.start as usize, line.end as usize);
        loop {
            let plain = plain_number(&bytes[at..last])
                .filter(|(length, _)| bytes[at + length..last].first().is_none_or(|next| *next == bar));
            let end = match plain {
                Some((length, number)) => {
                    let figure = Figure { value: Value::Number(number), unit: None };
                    copied = self.slot(text, copied, Span::new(at as u32, (at + length) as u32), figure);
                    at + length
                }
                None => {
                    let end = memchr::memchr(bar, &bytes[at..last]).map_or(last, |length| at + length);
                    let cell = Span::new(at as u32, end as u32);
                    if may_be_figure(&bytes[at..end]) {
                        let cell = cell.trimmed(text, is_blank);
                        let found = Some(cell).filter(|cell| cell.len() <= LONGEST);
                        if let Some(figure) = found.and_then(|cell| figure(cell.of(text))) {
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
        while at < last {
            let first = bytes[at];
            let ends = |length: &usize| at + length == last || blank_at(&bytes[at + length..last]) > 0;
            let plain = plain_number(&bytes[at..last]).filter(|(length, _)| ends(length));
            let number = match plain {
                Some((length, number)) => Some((length, Figure { value: Value::Number(number), unit: None })),
                None if first.is_ascii_digit() || first == 0xEF => word_as_number(text, at, last),
                None => None,
            };
            if let Some((length, figure)) = number
                && ends(&length)
                && (at > line.start as usize || line.len() < LONG)
                && (line.len() < LONG || !text[line.start as usize..at].ends_with("  "))
            {
                copied = self.slot(text, copied, Span::new(at as u32, (at + length) as u32), figure);
                at += length;
            }
            // On to the next word.
            loop {
                let Some(found) = memchr::memchr3(b' ', 0xC2, 0xE3, &bytes[at..last]) else {
                    at = last;
                    break;
                };
                at += found;
                let blank = blank_at(&bytes[at..last]);
                at += blank.max(1);
                if blank > 0 {
                    break;
                }
            }
        }
        self.bytes.extend_from_slice(&bytes[copied..last]);
    }

    /// A mark for the figure, behind the text from `copied` on; what stands behind the figure is to be copied next.
    fn slot(&mut self, text: &str, copied: usize, span: Span, figure: Figure) -> usize {
        self.bytes.extend_from_slice(&text.as_bytes()[copied..span.start as usize]);
        let brackets = span.len() > 3 && span.of(text).contains(['（', '(']);
        self.bytes.push(if brackets { FIGURE_WITH_BRACKETS } else { FIGURE });
        if let Some(unit) = figure.unit {
            self.bytes.extend_from_slice(unit.name.as_bytes());
            self.bytes.push(FIGURE);
        }
        self.slots.push(Slot { span, figure });
        self.starts.push(span.end);
        span.end as usize
    }

    /// The place at a byte of the page; none where it would need larger numbers.
    pub(super) fn place(&self, at: u32) -> Option<Place> {
        let start = self.starts.partition_point(|start| *start <= at).checked_sub(1)?;
        let offset = u16::try_from(at - self.starts[start]).ok()?;
        (at <= self.end).then_some(Place { start: u16::try_from(start).ok()?, offset })
    }

    /// The byte of the page at a place.
    pub(super) fn at(&self, place: Place) -> u32 {
        self.starts.get(usize::from(place.start)).map_or(0, |start| start + u32::from(place.offset))
    }

    /// The figure that begins at that byte.
    pub(super) fn slot_at(&self, at: u32) -> Option<usize> {
        self.slots.binary_search_by_key(&at, |slot| slot.span.start).ok()
    }

    /// Whether the unit read from what stands at and behind a head is the same on every page of this shape: up to its end
    /// there is no figure, or, however short figures are, there is no bracket.
    pub(super) fn settles(&self, head: Span, text: &str) -> bool {
        let is_whole =
            |end: u32| end <= self.end && !self.gaps.iter().any(|gap| gap.start < end && gap.end > head.start);
        if self.slots_in(head).is_empty() {
            return is_whole(head.end);
        }
        let mut letters = 0;
        for (offset, c) in text[head.start as usize..].char_indices() {
            let at = head.start + offset as u32;
            if !is_whole(at) || matches!(c, '（' | '(') {
                return false;
            }
            letters += usize::from(self.slots_in(Span::new(at, at + 1)).is_empty());
            if letters == HEAD_LETTERS {
                return true;
            }
        }
        false
    }

    /// The figures that have a byte in the span.
    pub(super) fn slots_in(&self, span: Span) -> Range<usize> {
        let first = self.slots.partition_point(|slot| slot.span.end <= span.start);
        let behind = self.slots.partition_point(|slot| slot.span.start < span.end);
        first..behind.max(first)
    }
}

/// Digits with or without a fraction, and how many bytes they take.
fn plain_number(bytes: &[u8]) -> Option<(usize, Decimal)> {
    /// So many digits fit in 64 bits.
    const MOST: usize = 18;
    let mut number = 0i64;
    let mut length = 0;
    while let Some(digit) = bytes.get(length).filter(|byte| byte.is_ascii_digit()) {
        if length == MOST {
            return None;
        }
        number = number * 10 + i64::from(digit - b'0');
        length += 1;
    }
    (length > 0).then(|| (length, number.into()))
}

/// The number that the word at `at` is: with a fraction, separators, a sign or a unit.
fn word_as_number(text: &str, at: usize, last: usize) -> Option<(usize, Figure)> {
    let rest = text[at..last].as_bytes();
    let length = rest.iter().take(LONGEST + 1).position(|byte| *byte == b' ').unwrap_or(rest.len());
    let word = text.get(at..at + length).filter(|word| word.len() <= LONGEST)?;
    let word = &word[..word.find(is_blank).unwrap_or(word.len())];
    let numeric = word.contains(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    let figure = figure(word).filter(|_| numeric && !word.contains(['（', '(', '）', ')', '-', '+']))?;
    matches!(figure.value, Value::Number(_)).then_some((word.len(), figure))
}

/// How many bytes the blank at the beginning takes, if there is one.
fn blank_at(bytes: &[u8]) -> usize {
    match bytes {
        [b' ', ..] => 1,
        [0xC2, 0xA0, ..] => 2,
        [0xE3, 0x80, 0x80, ..] => 3,
        _ => 0,
    }
}

/// A quick look: whether a cell begins as figures do.
fn may_be_figure(mut cell: &[u8]) -> bool {
    loop {
        match blank_at(cell) {
            0 => break,
            length => cell = &cell[length..],
        }
    }
    match cell {
        [] => false,
        [0xE6, 0x97, 0xA0, ..] => true,
        [0xEF, 0xBC, third, ..] => !matches!(third, 0x88 | 0x89),
        [first, ..] => !first.is_ascii_alphabetic() && *first != b'(' && !matches!(first, 0xE3..=0xEA),
    }
}
