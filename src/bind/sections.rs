//! Where the sections of the form begin.
//!
//! In: the outline and the headings of a grammar. Out: for each section that was found the line of its heading, in the page's
//! order. Headings are recovered by evidence: their words, their number, and what follows them, since tables of contents,
//! narrative headings and renumbered sections all look like them.

use std::cell::Cell;

use super::dress::{begins_as_numbered, undressed, year};
use super::evidence;
use super::lines::{AskForm, Facts};
use crate::grammar::{Grammar, SectionForm};
use crate::layout::{Delimiter, Numbering, Outline, heading_numbering};
use crate::report::{SectionId, Span};
use crate::text::{Key, KeyChar, all_letters};

/// A heading of a section, as it stands on the page.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    pub section: SectionId,
    /// Its lines in the outline.
    pub lines: std::ops::Range<usize>,
    /// Where its number stands, if it has one.
    pub number: Option<Span>,
    /// Where its words stand.
    pub words: Span,
    /// What follows it on the same line.
    pub rest: Option<Span>,
    /// It is one of the form's spellings but for a letter or two.
    pub near: bool,
    /// Its words are the form's own.
    pub official: bool,
}

/// The headings that were found, in the page's order, at most one for each section.
pub(super) fn sections(
    outline: &Outline<'_>,
    facts: &Facts,
    grammar: &Grammar,
    known: &mut KnownHeadings,
) -> Vec<Heading> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for line in 0..outline.lines.len() {
        if facts.ask_form(line, AskForm::Heading, || may_be_heading(outline, grammar, line)) {
            known.at_line(outline, facts, grammar, line, &mut candidates);
        }
    }
    // A line that continues the heading before it is no heading itself.
    let mut taken_up_to = 0;
    candidates.retain(|candidate| {
        let lines = &candidate.heading.lines;
        let continues = lines.len() == 1 && lines.start < taken_up_to;
        if lines.len() > 1 {
            taken_up_to = lines.end;
        }
        !continues
    });
    evidence::judge(outline, facts, grammar, &mut candidates);

    let mut best: Vec<Option<Candidate>> = vec![None; grammar.sections.len()];
    for candidate in candidates.into_iter().filter(|candidate| candidate.score >= LEAST_SCORE) {
        let place = &mut best[usize::from(candidate.heading.section)];
        if place.as_ref().is_none_or(|other| candidate.score > other.score) {
            *place = Some(candidate);
        }
    }
    let mut headings: Vec<Heading> = best.into_iter().flatten().map(|candidate| candidate.heading).collect();
    headings.sort_by_key(|heading| heading.lines.start);
    headings
}

/// A heading needs more than its words: a number, or to be the form's own.
const LEAST_SCORE: i32 = 6;

/// A line that may be the heading of a section.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub heading: Heading,
    pub numbering: Option<Numbering>,
    /// The number of `#` before it.
    pub hashes: u8,
    pub score: i32,
}

/// The headings that lines may be which come again.
#[derive(Debug, Default)]
pub(super) struct KnownHeadings {
    /// As if the line were the first one, at the beginning of the text.
    of_lines: Vec<Vec<Candidate>>,
}

impl KnownHeadings {
    /// Adds the headings that the line may be.
    fn at_line(
        &mut self,
        outline: &Outline<'_>,
        facts: &Facts,
        grammar: &Grammar,
        line: usize,
        candidates: &mut Vec<Candidate>,
    ) {
        let start = outline.lines[line].full.start;
        if let Some(number) = facts.headings(line) {
            candidates.extend(self.of_lines[number].iter().map(|candidate| candidate.moved(line, |at| at + start)));
            return;
        }
        let (found, looked_on) = at_line(outline, grammar, line);
        if !looked_on && facts.is_kept(line) && facts.keep_headings(line, self.of_lines.len()) {
            self.of_lines.push(found.iter().map(|candidate| candidate.moved(0, |at| at - start)).collect());
        }
        candidates.extend(found);
    }
}

impl Candidate {
    /// The same heading at another place.
    fn moved(&self, line: usize, place: impl Fn(u32) -> u32) -> Candidate {
        let moved = |span: Span| Span::new(place(span.start), place(span.end));
        let heading = Heading {
            lines: line..line + self.heading.lines.len(),
            number: self.heading.number.map(moved),
            words: moved(self.heading.words),
            rest: self.heading.rest.map(moved),
            ..self.heading.clone()
        };
        Candidate { heading, ..self.clone() }
    }
}

/// Whether a line begins like a heading of the form, or its number and length are those of one.
fn may_be_heading(outline: &Outline<'_>, grammar: &Grammar, line: usize) -> bool {
    let here = &outline.lines[line];
    // Quick looks, since most lines are rows and prose.
    if here.rule {
        return false;
    }
    if !(begins_as_numbered(outline.words(line)) || grammar.heads().begin_behind_number(outline.words(line))) {
        return false;
    }
    let words = undressed(outline, line).of(outline.text);
    let number = heading_numbering(words);
    if number.is_none() && visible(words, 121) != words.len() {
        return false;
    }
    let start = number.map_or(0, |number| number.length);
    // A tab may stand behind the number, as word processors have it; otherwise the line is a row.
    if here.delimiter != Delimiter::None && memchr::memchr2(b'|', b'\t', &words.as_bytes()[start..]).is_some() {
        return false;
    }
    // With its number right, a heading may have any letter wrong.
    let may_be_near = || number.is_some_and(|number| near_sections(grammar, &number, &words[start..]));
    grammar.heads().begin(&words[start + year(&words[start..])..]) || may_be_near()
}

/// The line without bars and bold type at its ends.
pub(super) fn without_bars(outline: &Outline<'_>, line: usize) -> Span {
    outline.lines[line].span.trimmed(outline.text, |c| c == '|' || c == '*' || c.is_whitespace())
}

/// The sections whose heading a line may be, if it [may be one](may_be_heading), and whether the lines behind it had a say.
fn at_line(outline: &Outline<'_>, grammar: &Grammar, line: usize) -> (Vec<Candidate>, bool) {
    /// No heading is longer; a heading with its section behind it is looked at up to here.
    const LONGEST: usize = 240;
    let span = undressed(outline, line);
    let words = span.of(outline.text);
    let number = heading_numbering(words);
    let start = number.map_or(0, |number| number.length);
    let year = year(&words[start..]);
    let end = start + visible(&words[start..], LONGEST);
    let whole = end == words.len();
    // Only behind a number such as 一、 more than the heading may stand, or the heading with letters that are wrong.
    let alone = number.is_none_or(|number| number.level != 1);
    if alone && !whole {
        return (Vec::new(), false);
    }
    let mut key = Key::default();
    key.push(&words[end.min(start + year)..end], span.start + (start + year) as u32);
    if key.is_empty() || alone && key.len() > grammar.heads().longest() {
        return (Vec::new(), false);
    }
    let begins = grammar.heads().begin(&words[start + year..]);
    let read = Line { outline, line, span, start, number, year, key: &key, whole, begins, looked_on: Cell::new(false) };
    let mut found = Vec::new();
    for (id, section) in grammar.sections.iter().enumerate() {
        found.extend(read.as_heading(id as SectionId, section));
    }
    (found, read.looked_on.get())
}

/// The bytes up to which the words have no more than `most` bytes that can be seen: taken out markup does not count.
fn visible(words: &str, most: usize) -> usize {
    if words.len() <= most {
        return words.len();
    }
    let mut seen = 0;
    let end = words.char_indices().find(|(_, c)| {
        seen += if *c == '\0' { 0 } else { c.len_utf8() };
        seen > most
    });
    end.map_or(words.len(), |(at, _)| at)
}

struct Line<'p> {
    outline: &'p Outline<'p>,
    line: usize,
    span: Span,
    /// Bytes of the numbering.
    start: usize,
    number: Option<Numbering>,
    /// Bytes of the year before the words.
    year: usize,
    key: &'p Key,
    /// Whether the key is that of the whole line.
    whole: bool,
    /// Whether some heading begins as the line does.
    begins: bool,
    /// Whether the lines behind it were looked at.
    looked_on: Cell<bool>,
}

impl Line<'_> {
    fn as_heading(&self, id: SectionId, section: &SectionForm) -> Option<Candidate> {
        let chars = self.key.chars();
        let mut near = None;
        let own_number = self.number.is_some_and(|number| number.level == 1 && number.ordinal == section.ordinal);
        if !self.begins && !own_number {
            return None;
        }
        for (spelling, label) in section.headings.iter().enumerate() {
            if label.key.first() != chars.first().map(|c| &c.ch) && !(spelling == 0 && own_number) {
                continue;
            }
            let same = chars.iter().zip(&label.key).take_while(|(c, letter)| c.ch == **letter).count();
            if same == label.key.len() && same == chars.len() && self.whole {
                return Some(self.candidate(id, spelling, self.span.end, None, 1, false));
            }
            if same == label.key.len() && self.number.is_some_and(|number| number.level == 1) && self.ends_after(same) {
                let end = self.end_of(same);
                let rest = Span::new(end, self.span.end).trimmed(self.outline.text, |c| c.is_whitespace());
                return Some(self.candidate(id, spelling, end, Some(rest), 1, false));
            }
            let broken_off =
                same == chars.len() && same >= if self.number.is_some_and(|number| number.level <= 3) { 2 } else { 4 };
            if broken_off
                && self.whole
                && let Some(count) = self.continued(&label.key[same..])
            {
                let last = self.outline.lines[self.line + count - 1].span;
                return Some(self.candidate(id, spelling, last.end, None, count, false));
            }
            if spelling == 0 && self.whole && own_number && is_near(chars, &label.key) {
                near = Some(self.candidate(id, spelling, self.span.end, None, 1, true));
            }
        }
        near
    }

    fn candidate(
        &self,
        section: SectionId,
        spelling: usize,
        end: u32,
        rest: Option<Span>,
        lines: usize,
        near: bool,
    ) -> Candidate {
        let text = self.outline.text;
        let number = self.number.map(|number| Span::new(self.span.start, self.span.start + number.number as u32));
        let words = Span::new(self.span.start + self.start as u32, end)
            .trimmed(text, |c: char| c.is_whitespace() || c == '*' || c == '：' || c == ':');
        let heading = Heading {
            section,
            lines: self.line..self.line + lines,
            number,
            words,
            rest: rest.filter(|rest| !rest.is_empty()),
            near,
            official: spelling == 0 && self.year == 0,
        };
        let hashes = self.outline.lines[self.line].hashes;
        Candidate { heading, numbering: self.number, hashes, score: 0 }
    }

    /// Whether the heading's words end with the `n`th letter of the line: a blank or a full stop follows, not more of a sentence.
    fn ends_after(&self, n: usize) -> bool {
        let end = self.end_of(n) as usize;
        let rest = &self.outline.text[end..self.span.end as usize];
        rest.chars().next().is_none_or(|c| c.is_whitespace() || "。：:；;.．—-，,（(…·|".contains(c))
    }

    /// The byte after the `n`th letter.
    fn end_of(&self, n: usize) -> u32 {
        let at = self.key.chars()[n - 1].at;
        at + self.outline.text[at as usize..].chars().next().map_or(0, |c| c.len_utf8() as u32)
    }

    /// How many lines the heading takes up, if the next lines bring the rest of its letters and nothing else.
    fn continued(&self, mut rest: &[char]) -> Option<usize> {
        self.looked_on.set(true);
        for (count, line) in self.outline.lines.iter().skip(self.line + 1).take(2).enumerate() {
            let words = line.span.of(self.outline.text);
            if words.len() > 120 || line.delimiter == Delimiter::Pipe {
                return None;
            }
            let mut letters = 0;
            let goes_on = all_letters(words, |letter| {
                letters += 1;
                rest.get(letters - 1) == Some(&letter)
            });
            if letters == 0 || !goes_on {
                return None;
            }
            rest = &rest[letters..];
            if rest.is_empty() {
                return Some(count + 2);
            }
        }
        None
    }
}

/// Whether behind such a number the words may be the form's own heading but for a letter or two, by their length.
fn near_sections(grammar: &Grammar, number: &Numbering, words: &str) -> bool {
    let own = |section: &&SectionForm| number.level == 1 && number.ordinal == section.ordinal;
    grammar.sections.iter().filter(own).filter_map(|section| section.headings.first()).any(|label| {
        let most = label.key.len() + allowed(label.key.len());
        let mut letters = 0;
        all_letters(words, |_| {
            letters += 1;
            letters <= most
        });
        letters.abs_diff(label.key.len()) <= allowed(label.key.len())
    })
}

/// How many letters of a heading of that length may be wrong.
fn allowed(length: usize) -> usize {
    length / 6
}

/// One or two letters of a long heading are wrong, lost or added.
fn is_near(chars: &[KeyChar], label: &[char]) -> bool {
    let allowed = allowed(label.len());
    if chars.len().abs_diff(label.len()) > allowed {
        return false;
    }
    let mut above: Vec<usize> = (0..=chars.len()).collect();
    for (index, letter) in label.iter().enumerate() {
        let mut row = vec![index + 1];
        for (at, c) in chars.iter().enumerate() {
            row.push((above[at] + usize::from(c.ch != *letter)).min(above[at + 1] + 1).min(row[at] + 1));
        }
        above = row;
    }
    above[chars.len()] <= allowed
}

#[cfg(test)]
mod tests {
    use super::super::lines::LineMemory;
    use super::*;
    use crate::grammar::Grammars;
    use crate::layout::outline;

    #[track_caller]
    fn check(page: &str, expected: &[(&str, u32)]) {
        let grammars = Grammars::built_in();
        let grammar = &grammars.list()[0];
        let outline = outline(page, None);
        let mut memory = LineMemory::default();
        let mut facts = memory.facts(&outline);
        memory.turn_to(&mut facts, 0);
        let headings = sections(&outline, &facts, grammar, &mut memory.headings);
        let found: Vec<(&str, u32)> = headings
            .iter()
            .map(|heading| {
                (grammar.sections[usize::from(heading.section)].id.as_str(), outline.lines[heading.lines.start].number)
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn headings() {
        check("一、总体情况\n文。\n二、主动公开政府信息情况\n文。", &[("overview", 1), ("proactive_disclosure", 3)]);
        check("总体情况\n文。\n六 、 其他需要报告的事项 无", &[("overview", 1), ("other_matters", 3)]);
        check("三、收到和处理政府信息\n公开申请情况\n文", &[("applications", 1)]);
        check(
            "一、总体情况……1\n二、主动公开政府信息情况……2\n一、总体情况\n文。\n二、主动公开政府信息情况\n文",
            &[("overview", 3), ("proactive_disclosure", 5)],
        );
        check(
            "一、总体情况\n二、主动公开政府信息情况\n一、总体情况\n文。\n二、主动公开政府信息情况\n文",
            &[("overview", 3), ("proactive_disclosure", 5)],
        );
        check("一、总体情况\n三、主动公开情况\n文。\n四、政府信息公开申请情况\n文", &[("overview", 1)]);
        check("五、存在主要问题及改进情况\n文。", &[("problems_improvements", 1)]);
        let decorated = |beginning: &str, end: &str| {
            format!("{beginning}一、总体情况{end}\n文。\n{beginning}六、其他需要报告的事项{end}\n无。")
        };
        for (beginning, end) in [("- ", ""), ("● ", ""), ("__", "__"), ("【", "】"), ("| ", " |"), ("※", "：")] {
            check(&decorated(beginning, end), &[("overview", 1), ("other_matters", 3)]);
        }
        check("一、\t总体情况\n文。\n二、\t主动公开政府信息情况\n文", &[("overview", 1), ("proactive_disclosure", 3)]);
        check("第一部分 总体情况\n文。\n第六章：其他需要报告的事项\n文", &[("overview", 1), ("other_matters", 3)]);
        check("I. 总体情况\n文。\nVI. 其他需要报告的事项\n文", &[("overview", 1), ("other_matters", 3)]);
        check("1 总体情况\n文。\n6 其他需要报告的事项\n文", &[("overview", 1), ("other_matters", 3)]);
        check("一\\、总体情况\n文。", &[("overview", 1)]);
        check(
            "一、总体情况： .... 1\n六、其他需要报告的事项：\t2\n一、总体情况：\n文。\n六、其他需要报告的事项：\n文",
            &[("overview", 3), ("other_matters", 5)],
        );
        check("一、\t总体情况\t5\n第一部分是总体情况\n第二十条 总体情况\n● 主动公开情况", &[]);
        check("一、2023年总体情况\n文。\n二、2023年度行政强制情况", &[("overview", 1)]);
        check("2023年总体情况\n文。\n2023年\n2023", &[]);
        check("本年度总体情况\n政府信息公开情况", &[]);
    }
}
