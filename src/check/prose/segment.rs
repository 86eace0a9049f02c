//! A sentence becomes segments: stretches of words with at most one quantity each.
//!
//! In: the plain characters of a passage. Out: its sentences, each with its segments. The words of a segment are its
//! *template*: marks in capitals stand for what the wordings of a grammar need not spell out, and `#` for the quantity:
//! `Y` the report's year, `N` the year after it, `P` any other year, `D` another number, `T` a title in 《》, `%` a percentage;
//! then by [`super::whose`] `W` the body that reports and `A` the area around it. What stands in brackets is set apart as a
//! remark. This file does not know which words speak of which cells.

use std::ops::Range;
use std::sync::Arc;

use super::ends_with;
use super::number::{figure, is_digit, is_point, is_year};
use super::passage::{Sign, says_quantity};
use super::statements::Plan;
use crate::layout::{Unit, leading_unit};
use crate::report::{Decimal, Span};

/// What stands between two full stops or semicolons.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    /// Its segments, in order; remarks stand before the segment that they interrupt.
    pub segments: Vec<Segment>,
    /// Its characters among those that were cut.
    pub signs: Range<usize>,
    /// Where it begins and ends.
    pub place: Span,
    /// Only a semicolon stands before it.
    pub goes_on: bool,
    /// Something in it is worded as a statement, or might be. Marks for the body that reports could make one of what stands before
    /// a semicolon, and what that is about matters to what stands behind.
    pub may_state: bool,
    /// It has figures outside of remarks, and words there that take a whole apart.
    pub takes_apart: bool,
    /// What it states where nothing else is known of it.
    pub plan: Option<Plan>,
}

/// A stretch of words with at most one quantity.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    /// The words with marks.
    pub template: Arc<str>,
    /// Where the wording begins that the template ends with, and the position of the statement that it is.
    pub wording: Option<(usize, usize)>,
    /// It has a word that takes a whole apart.
    pub takes_apart: bool,
    /// It compares with something else; known only where its sentence takes something apart.
    pub compares: bool,
    /// Where they stand.
    pub span: Span,
    /// The quantity.
    pub quantity: Option<Quantity>,
    /// A percentage behind the quantity.
    pub share: Option<Share>,
    /// It stands in brackets.
    pub remark: bool,
    /// A colon stands behind it.
    pub announces: bool,
}

/// A figure with its unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quantity {
    pub value: Decimal,
    pub unit: Option<Unit>,
    /// Figure and unit.
    pub span: Span,
    /// 余, 近, 多, 以上.
    pub approximate: bool,
    /// In quotation marks.
    pub quoted: bool,
}

/// A percentage: `86.92%`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    pub value: Decimal,
    /// How many digits stand behind the point.
    pub places: u8,
    pub span: Span,
}

/// Characters from which on a stretch without a full stop is no sentence of a report.
pub(super) const LONGEST: usize = 2000;
/// Characters from which on what stands behind a bracket is no remark, or title.
const LONGEST_ASIDE: usize = 300;

/// The sentences of a passage in which a quantity may stand. `year` is the report's.
pub(super) fn sentences(passage: &[Sign], year: Option<u16>) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    // What is cut off is copied out of it.
    let mut room = String::with_capacity(ROOM);
    // Where the sentence begins, and whether it has a quantity so far.
    let (mut start, mut says) = (0, false);
    for index in 0..=passage.len() {
        let ends = match passage.get(index).map(|sign| sign.c) {
            None | Some('。' | '!' | '?' | ';') => true,
            Some('.') => !is_point(passage, index),
            Some(c) => {
                says |= says_quantity(c);
                false
            }
        };
        if ends {
            let sentence = &passage[start..index];
            if says && sentence.len() <= LONGEST {
                let goes_on = start.checked_sub(1).is_some_and(|before| passage[before].c == ';');
                let end = passage.get(index).map(|sign| sign.c);
                let leads_on = end == Some(';');
                // 不予处理 1.信访举报: the number belongs to what stands behind it. Without any sign of an end it is a cell, if a blank
                // stands before it.
                let last = match end {
                    Some('.') if index + 1 < passage.len() => Last::Numbers,
                    None => Last::IsOpen,
                    Some(_) => Last::Ends,
                };
                let segments = segments(sentence, year, last, &mut room);
                if let (Some(first), Some(last)) = (sentence.first(), sentence.last()) {
                    let place = Span::new(first.at, last.end);
                    let (signs, may_state, takes_apart) = (start..index, leads_on, false);
                    sentences.push(Sentence { segments, signs, place, goes_on, may_state, takes_apart, plan: None });
                }
            }
            (start, says) = (index + 1, false);
        }
    }
    sentences
}

/// What a figure without a unit is with which a sentence ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Last {
    /// A figure of the sentence.
    #[default]
    Ends,
    /// The number of what stands behind it.
    Numbers,
    /// Where a blank stands before it, a cell of a table.
    IsOpen,
}

fn segments(sentence: &[Sign], year: Option<u16>, last: Last, room: &mut String) -> Vec<Segment> {
    let mut cutter = Cutter { year, last, template: std::mem::take(room), ..Cutter::default() };
    cutter.read(sentence);
    cutter.cut();
    *room = cutter.template;
    cutter.segments
}

/// Bytes that hold most segments.
const ROOM: usize = 128;

/// Reads a sentence from left to right.
#[derive(Default)]
struct Cutter {
    year: Option<u16>,
    segments: Vec<Segment>,
    template: String,
    span: Option<Span>,
    quantity: Option<Quantity>,
    share: Option<Share>,
    remark: bool,
    quoted: bool,
    last: Last,
}

impl Cutter {
    fn read(&mut self, signs: &[Sign]) {
        let mut at = 0;
        while let Some(sign) = signs.get(at) {
            at = match sign.c {
                c if c.is_ascii_digit() => self.number(signs, at),
                '(' | '[' | '〔' | '【' => self.bracket(signs, at),
                '《' | '〈' => self.title(signs, at),
                '“' | '”' | '"' | '「' | '」' => {
                    self.quoted = matches!(sign.c, '“' | '「') || (sign.c == '"' && !self.quoted);
                    at + 1
                }
                ',' if self.template.ends_with("公民") => self.word('、', *sign, at),
                ':' if is_digit(signs, at + 1) && !is_year(signs, at + 1) => at + 1,
                // A comma in a row of nouns joins; behind a figure it parts.
                '、' if self.quantity.is_none() => self.word('、', *sign, at),
                ',' | ';' | ':' | '、' => {
                    self.cut();
                    if let Some(last) = self.segments.last_mut() {
                        last.announces = sign.c == ':';
                    }
                    at + 1
                }
                c => self.word(c, *sign, at),
            };
        }
    }

    fn word(&mut self, c: char, sign: Sign, at: usize) -> usize {
        self.template.push(c);
        self.cover(sign);
        at + 1
    }

    /// Signs are read from left to right.
    fn cover(&mut self, sign: Sign) {
        self.span.get_or_insert(Span::new(sign.at, sign.end)).end = sign.end;
    }

    fn mark(&mut self, mark: char, signs: &[Sign]) {
        self.template.push(mark);
        for sign in [signs.first(), signs.last()].into_iter().flatten() {
            self.cover(*sign);
        }
    }

    /// Ends the segment.
    fn cut(&mut self) {
        let (quantity, share) = (self.quantity.take(), self.share.take());
        if let Some(span) = self.span.take().filter(|_| !self.template.is_empty()) {
            let (template, remark) = (Arc::from(self.template.as_str()), self.remark);
            self.segments.push(Segment {
                template,
                wording: None,
                takes_apart: false,
                compares: false,
                span,
                quantity,
                share,
                remark,
                announces: false,
            });
        }
        self.template.clear();
    }

    /// The words in brackets become segments of their own; a bare percentage belongs to the figure before it.
    fn bracket(&mut self, signs: &[Sign], at: usize) -> usize {
        // Brackets within brackets are the same remark.
        let Some(close) = closing(signs, at).filter(|_| !self.remark) else { return at + 1 };
        let inner = &signs[at + 1..close];
        let mut remark = Cutter { year: self.year, remark: true, ..Cutter::default() };
        remark.read(inner);
        remark.cut();
        let bare = remark.segments.first().filter(|first| &*first.template == "%" || first.template.starts_with('占'));
        if self.quantity.is_some()
            && let Some(share) = bare.and_then(|first| first.share)
        {
            self.share = Some(share);
        }
        self.segments.extend(remark.segments);
        close + 1
    }

    fn title(&mut self, signs: &[Sign], at: usize) -> usize {
        let mut words = signs[at..].iter().take(LONGEST_ASIDE);
        let close = at + words.position(|sign| matches!(sign.c, '》' | '〉')).unwrap_or(0);
        self.mark('T', &signs[at..=close]);
        close + 1
    }

    /// A number: a year, a percentage, a quantity, or none of these.
    fn number(&mut self, signs: &[Sign], at: usize) -> usize {
        let (value, places, end) = figure(signs, at);
        let next = signs.get(end).map(|sign| sign.c);
        let whole = end - at == 4 && signs[at..end].iter().all(|sign| sign.c.is_ascii_digit());
        let as_year = value.and_then(Decimal::to_i64).filter(|year| whole && (1980..2100).contains(year));
        if let Some(year) = as_year
            && next.is_none_or(|c| matches!(c, '年' | '-' | '—' | '至' | '~'))
        {
            let end = end + usize::from(next == Some('年'));
            let end = end + usize::from(next == Some('年') && signs.get(end).is_some_and(|sign| sign.c == '度'));
            self.mark(year_mark(year, self.year), &signs[at..end]);
            return end;
        }
        let Some(value) = value else {
            self.mark('D', &signs[at..end]);
            return end;
        };
        if next == Some('%') {
            let span = Span::new(signs[at].at, signs[end].end);
            if self.quantity.is_some() || self.template.is_empty() || self.template.starts_with('占') {
                self.share = Some(Share { value, places, span });
            }
            self.mark('%', &signs[at..=end]);
            return end + 1;
        }
        // 结转1件 0件 0件 1件: figures with no word between them are cells of a row.
        if self.template.ends_with(['#', 'D']) {
            if self.quantity.take().is_some() {
                self.template.pop();
                self.template.push('D');
            }
            self.mark('D', &signs[at..end]);
            return end;
        }
        match self.quantity_at(signs, at, end, value, as_year.is_some()) {
            Some((quantity, end)) => {
                // The words behind a figure belong to the next one.
                if self.quantity.is_some() {
                    self.cut();
                }
                self.mark('#', &signs[at..end]);
                self.quantity = Some(quantity);
                end
            }
            None => {
                self.mark('D', &signs[at..end]);
                end
            }
        }
    }

    /// The quantity whose figure stands from `at` to `end`, and where its unit ends.
    fn quantity_at(
        &mut self,
        signs: &[Sign],
        at: usize,
        mut end: usize,
        value: Decimal,
        year: bool,
    ) -> Option<(Quantity, usize)> {
        if self.template.ends_with('第') {
            return None;
        }
        let mut approximate = false;
        let mut value = value;
        let mut skip = |end: &mut usize, words: &[char]| {
            if signs.get(*end).is_some_and(|sign| words.contains(&sign.c)) {
                approximate = true;
                *end += 1;
            }
        };
        // 18万余条: the power of ten stands apart from the unit.
        if signs.get(end).is_some_and(|sign| sign.c == '万')
            && signs.get(end + 1).is_some_and(|sign| matches!(sign.c, '余' | '多'))
        {
            value = value.shift(4)?;
            end += 1;
        }
        skip(&mut end, &['余', '多', '来']);
        let (mut room, mut length) = ([0; 12], 0);
        for sign in signs[end..].iter().take(3) {
            length += sign.c.encode_utf8(&mut room[length..]).len();
        }
        let behind = std::str::from_utf8(&room[..length]).unwrap_or_default();
        let unit = leading_unit(behind);
        match unit {
            Some((_, bytes)) => end += behind[..bytes].chars().count(),
            // Without a unit a number counts something only where the words end with it.
            None => {
                let ends = match (signs.get(end), self.last) {
                    (Some(sign), _) => matches!(sign.c, ',' | ';' | '、' | '(') && !is_digit(signs, end + 1),
                    (None, Last::Ends) => true,
                    (None, Last::IsOpen) => !signs[at].apart,
                    (None, Last::Numbers) => false,
                };
                if year || !ends || self.template.chars().count() < 4 || self.template.ends_with(['月', '号', '-', '/'])
                {
                    return None;
                }
            }
        }
        skip(&mut end, &['余', '多']);
        let next = |step: usize| signs.get(end + step).map(|sign| sign.c);
        if matches!((next(0), next(1)), (Some('以'), Some('上' | '内')) | (Some('左'), Some('右'))) {
            approximate = true;
            end += 2;
        }
        const ABOUT: &[&str] = &["不少于", "超过", "将近", "接近", "大约", "近", "约", "超", "逾"];
        if let Some(word) = ends_with(&self.template, ABOUT) {
            self.template.truncate(self.template.len() - word.len());
            approximate = true;
        }
        let span = Span::new(signs[at].at, signs[end - 1].end);
        let unit = unit.map(|(unit, _)| unit);
        Some((Quantity { value, unit, span, approximate, quoted: self.quoted }, end))
    }
}

/// The mark for a year in the report on another one.
pub(super) fn year_mark(year: i64, report: Option<u16>) -> char {
    match report.map(i64::from) {
        Some(own) if year == own => 'Y',
        Some(own) if year == own + 1 => 'N',
        _ => 'P',
    }
}

/// Where the bracket that opens at `at` closes. One that nothing closes is no bracket.
fn closing(signs: &[Sign], at: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (index, sign) in signs.iter().enumerate().skip(at).take(LONGEST_ASIDE) {
        match sign.c {
            '(' | '[' | '〔' | '【' => depth += 1,
            ')' | ']' | '〕' | '】' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some(index);
        }
    }
    None
}
