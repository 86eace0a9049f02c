//! What the lines of earlier pages said.
//!
//! Pages of one site repeat most of their short lines byte for byte: navigation, headings, the labels of tables. What such a
//! line says by itself, whatever stands around it, is asked once and kept in [`LineMemory`]. [`Facts`] are what is known of
//! the lines of one page: answers from the memory, and those that are found while the page is read.

use std::cell::Cell;

use super::memory::hash;
use super::sections::KnownHeadings;
use crate::layout::{Outline, ends_the_page, is_fraction, is_furniture};

/// The lines that are known, with answers to what was asked of them.
#[derive(Debug, Default)]
pub(super) struct LineMemory {
    /// Parts of hashes of lines, each with the place of the line.
    buckets: Vec<Bucket>,
    lines: Vec<KnownLine>,
    text: String,
    /// For each grammar the answers by it, of each known line.
    own: Vec<Vec<u64>>,
    /// What headings they may be.
    pub headings: KnownHeadings,
    /// The hashes of the page's lines.
    hashes: Vec<u64>,
}

/// The slots that a hash may be in, of which all are read at once.
#[derive(Clone, Debug, Default)]
#[repr(align(32))]
struct Bucket([u32; BUCKET]);

/// A line that is known.
#[derive(Debug)]
struct KnownLine {
    /// Where it stands in the text of all of them.
    start: u32,
    end: u32,
    /// The answers for any grammar.
    general: u64,
}

/// What is known of the lines of one page.
#[derive(Debug)]
pub(super) struct Facts {
    /// For each line its place in the memory.
    known: Vec<u32>,
    general: Vec<Cell<u64>>,
    own: Vec<Cell<u64>>,
    /// The grammar that `own` is of.
    grammar: Option<usize>,
}

/// Questions whose answer is in a line's bytes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ask {
    Furniture = 0,
    EndOfPage = 2,
    PartOfTitle = 4,
    Sentence = 6,
}

/// Questions whose answer is in a line's bytes and the grammar.
#[derive(Clone, Copy, Debug)]
pub(super) enum AskForm {
    Heading = 0,
    Stated = 2,
}

/// The bit that tells that a list of grammars or tables is known; the list is in the bits from 32 on.
const LISTED: u32 = 31;

/// Something was found out that the memory does not have.
const CHANGED: u64 = 1 << 30;

/// From this bit on up to the last one, the number of the headings that a line may be, from 1; 0 where they are not known.
const HEADINGS: u32 = 8;
const NUMBERS: u64 = CHANGED - (1 << HEADINGS);

/// How many grammars or tables can be listed.
pub(super) const MOST_LISTED: usize = 32;

/// The place of a line that is not in the memory.
const UNKNOWN: u32 = u32::MAX;

/// The bits of a slot for the place of its line; the other ones are those of its hash.
const PLACE: u32 = 0xFFFF;

/// The place of a line that was seen once. Only the second time a line is kept, since many never come again.
const SEEN: u32 = PLACE;

/// How many slots a hash may be in.
const BUCKET: usize = 8;

impl LineMemory {
    /// The facts that are known of the page's lines.
    pub(super) fn facts(&mut self, outline: &Outline<'_>) -> Facts {
        /// There are never more known lines than slots, and all are forgotten when half of the slots are taken.
        const BUCKETS: usize = 1 << 12;
        /// Longer lines are prose, which does not come again.
        const LONGEST: usize = 200;

        if self.buckets.is_empty() || self.lines.len() > BUCKETS * BUCKET / 2 {
            *self = LineMemory { buckets: vec![Bucket::default(); BUCKETS], ..LineMemory::default() };
        }
        let lines = || outline.lines.iter().map(|line| line.full.of(outline.text));
        // Each step is taken for all lines before the next: nearly all of the time goes by with waiting for what is far off
        // in memory, and so it is waited for many at once.
        let mut hashes = std::mem::take(&mut self.hashes);
        hashes.clear();
        hashes.extend(lines().map(|line| if line.len() > LONGEST { 0 } else { hash(line.as_bytes()) }));
        let place = |(line, hash): (&str, &u64)| if line.len() > LONGEST { UNKNOWN } else { self.place(line, *hash) };
        let mut known: Vec<u32> = lines().zip(&hashes).map(place).collect();
        let general = lines().zip(&mut known).map(|(line, place)| Cell::new(self.recognize(line, place)));
        let general = general.collect();
        self.hashes = hashes;
        Facts { general, own: Vec::new(), known, grammar: None }
    }

    /// The place of a line that most likely is this one, if it was seen before.
    fn place(&mut self, line: &str, hash: u64) -> u32 {
        let part = (hash >> 32) as u32 & !PLACE;
        // There are so many as a power of two.
        let bucket = hash as usize & (self.buckets.len() - 1);
        let Bucket(bucket) = &mut self.buckets[bucket];
        // All of them are compared, which is sooner done than stopping at one.
        let alike = |found: u32, (slot, kept): (usize, &u32)| found | u32::from(kept & !PLACE == part) << slot;
        let found = bucket.iter().enumerate().fold(0, alike);
        if found == 0 {
            // It takes the place of one that was seen no second time; where all are known, it stays unknown.
            let turn = (hash >> 32) as usize;
            let mut slots = (turn..turn + BUCKET).map(|slot| slot % BUCKET);
            if let Some(free) = slots.find(|slot| bucket[*slot] & PLACE == SEEN || bucket[*slot] == 0) {
                bucket[free] = part | SEEN;
            }
            return UNKNOWN;
        }
        let slot = &mut bucket[found.trailing_zeros() as usize % BUCKET];
        let place = *slot & PLACE;
        if place != SEEN {
            return place;
        }
        let (place, start) = (self.lines.len() as u32, self.text.len() as u32);
        *slot = part | place;
        self.text.push_str(line);
        self.lines.push(KnownLine { start, end: self.text.len() as u32, general: 0 });
        place
    }

    /// The answers for any grammar of the line at that place, if it is the same line; if not, the line is unknown.
    fn recognize(&self, line: &str, place: &mut u32) -> u64 {
        let same = |known: &&KnownLine| {
            let (start, end) = (known.start as usize, known.end as usize);
            self.text.as_bytes()[start..end] == *line.as_bytes()
        };
        let known = self.lines.get(*place as usize).filter(same);
        if known.is_none() {
            *place = UNKNOWN;
        }
        known.map_or(0, |known| known.general)
    }

    /// Keeps what was found out about the page's lines, and asks by another grammar from here on.
    pub(super) fn turn_to(&mut self, facts: &mut Facts, grammar: usize) {
        self.keep_own(facts);
        if self.own.len() <= grammar {
            self.own.resize_with(grammar + 1, Vec::new);
        }
        let answers = &self.own[grammar];
        let answer = |place: &u32| Cell::new(answers.get(*place as usize).copied().unwrap_or(0));
        facts.own = facts.known.iter().map(answer).collect();
        facts.grammar = Some(grammar);
    }

    /// Keeps what was found out about the page's lines.
    pub(super) fn keep(&mut self, facts: &Facts) {
        self.keep_own(facts);
        for (place, found) in facts.known.iter().zip(&facts.general).filter(is_news) {
            add(&mut self.lines[*place as usize].general, found.get());
        }
    }

    fn keep_own(&mut self, facts: &Facts) {
        let Some(grammar) = facts.grammar else { return };
        let answers = &mut self.own[grammar];
        answers.resize(self.lines.len(), 0);
        for (place, found) in facts.known.iter().zip(&facts.own).filter(is_news) {
            add(&mut answers[*place as usize], found.get());
        }
    }
}

/// Whether something was found out about a line that is known.
fn is_news((place, found): &(&u32, &Cell<u64>)) -> bool {
    found.get() & CHANGED != 0 && **place != UNKNOWN
}

/// Adds what was found out to what was known.
fn add(answers: &mut u64, found: u64) {
    // A line that stands twice on the page may have found two numbers.
    let numbers = if *answers & NUMBERS == 0 { NUMBERS } else { 0 };
    *answers |= found & (numbers | !NUMBERS) & !CHANGED;
}

impl Facts {
    /// Whether the line comes again, so that more may be asked of it than one page needs.
    pub(super) fn is_kept(&self, line: usize) -> bool {
        self.known[line] != UNKNOWN
    }

    /// The answer to a question that no grammar changes.
    pub(super) fn ask(&self, line: usize, question: Ask, find: impl FnOnce() -> bool) -> bool {
        answer(&self.general[line], question as u32, find)
    }

    /// The answer to a question by the grammar that the page is read by.
    pub(super) fn ask_form(&self, line: usize, question: AskForm, find: impl FnOnce() -> bool) -> bool {
        answer(&self.own[line], question as u32, find)
    }

    /// Which grammars have a mark in the line, as bits.
    pub(super) fn marked(&self, line: usize, find: impl FnOnce() -> u32) -> u32 {
        list(&self.general[line], find)
    }

    /// The number by which the headings are known that the line may be.
    pub(super) fn headings(&self, line: usize) -> Option<usize> {
        ((self.own[line].get() & NUMBERS) >> HEADINGS).checked_sub(1).map(|number| number as usize)
    }

    /// Keeps the number by which they are known, if it is not too large.
    pub(super) fn keep_headings(&self, line: usize, number: usize) -> bool {
        let bits = (number as u64 + 1) << HEADINGS;
        let fits = bits <= NUMBERS;
        if fits {
            self.own[line].set(self.own[line].get() | bits | CHANGED);
        }
        fits
    }

    /// Of which tables the words of the line are, as bits.
    pub(super) fn of_tables(&self, line: usize, find: impl FnOnce() -> u32) -> u32 {
        list(&self.own[line], find)
    }

    /// Whether it is known that the line is neither furniture nor a sentence.
    pub(super) fn is_known_to_be_plain(&self, line: usize) -> bool {
        const ASKED: u64 = 1 << Ask::Furniture as u32 | 1 << Ask::Sentence as u32;
        self.general[line].get() & (ASKED | ASKED << 1) == ASKED
    }

    /// Whether the line is furniture.
    pub(super) fn is_furniture(&self, outline: &Outline<'_>, line: usize) -> bool {
        self.ask(line, Ask::Furniture, || is_furniture(outline.words(line)))
            && (!is_fraction(outline.words(line)) || outline.numbers_a_page(line))
    }

    /// Whether the line ends the page behind its last section.
    pub(super) fn ends_the_page(&self, outline: &Outline<'_>, line: usize) -> bool {
        self.ask(line, Ask::EndOfPage, || ends_the_page(outline.words(line)))
    }
}

fn answer(known: &Cell<u64>, bit: u32, find: impl FnOnce() -> bool) -> bool {
    if known.get() >> bit & 1 == 0 {
        let found = u64::from(find());
        known.set(known.get() | CHANGED | 1 << bit | found << (bit + 1));
    }
    known.get() >> (bit + 1) & 1 == 1
}

fn list(known: &Cell<u64>, find: impl FnOnce() -> u32) -> u32 {
    if known.get() >> LISTED & 1 == 0 {
        let found = u64::from(find());
        known.set(known.get() | CHANGED | 1 << LISTED | found << 32);
    }
    (known.get() >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::outline;

    #[test]
    fn a_line_is_kept_the_second_time() {
        let mut memory = LineMemory::default();
        let outline = outline("首页 > 年报\n一、总体情况\n首页 > 年报", None);
        for round in 0..3 {
            let mut facts = memory.facts(&outline);
            memory.turn_to(&mut facts, 1);
            let kept: Vec<bool> = (0..3).map(|line| facts.is_kept(line)).collect();
            assert_eq!(kept, [round > 0, round > 0, true]);
            let asked = (0..3).filter(|line| {
                let mut asked = false;
                let _ = facts.ask_form(*line, AskForm::Heading, || {
                    asked = true;
                    *line == 1
                });
                asked
            });
            assert_eq!(asked.count(), [3, 1, 0][round]);
            assert!(facts.ask_form(1, AskForm::Heading, || true));
            assert!(!facts.ask_form(2, AskForm::Heading, || false));
            assert!(facts.is_furniture(&outline, 0) && !facts.is_furniture(&outline, 1));
            memory.keep(&facts);
        }
    }

    /// However many lines a page has, those that are known are what they are.
    #[test]
    fn more_lines_than_places() {
        let page: String = (0..100_000).map(|line| format!("{line} 项\n")).collect();
        let page = page.repeat(2);
        let outline = outline(&page, None);
        let mut memory = LineMemory::default();
        for _ in 0..2 {
            let facts = memory.facts(&outline);
            let known = facts.known.iter().enumerate().filter(|(_, place)| **place != UNKNOWN);
            for (line, place) in known {
                let KnownLine { start, end, .. } = memory.lines[*place as usize];
                assert_eq!(memory.text[start as usize..end as usize], *outline.lines[line].full.of(outline.text));
            }
        }
    }
}
