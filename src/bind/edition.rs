//! Which form a page follows: what its tables are labelled with decides, since years and cited documents are often wrong.
//!
//! In: the decoded text. Out: for each grammar, how many of the words that only it has stand on the page.

use super::lines::{Facts, MOST_LISTED};
use crate::grammar::{Grammars, Mark, Traces};
use crate::layout::Outline;
use crate::text::push_key;

/// How many of each grammar's own words the page has; where it has words of one grammar only, just that it has some.
pub(super) fn votes(outline: &Outline<'_>, facts: &Facts, grammars: &Grammars) -> Vec<usize> {
    // Most pages print the words of one form as the form does, and then a plain search settles it.
    let plain = plain_votes(outline, facts, grammars);
    if plain.iter().sum::<usize>() == 1 || grammars.list().len() == 1 {
        return plain;
    }
    let folded = folded(outline);
    let count = |(marks, traces): (&Vec<Mark>, &Traces)| {
        let stands = |mark: &&Mark| mark.is_in_key(&folded);
        if traces.in_key(&folded) { marks.iter().filter(stands).count() } else { 0 }
    };
    grammars.marks().iter().zip(grammars.traces()).map(count).collect()
}

/// So many bytes are searched sooner than a search is begun.
const NEAR: u32 = 256;

/// For each grammar 1 if the page has one of its words as the form prints it.
fn plain_votes(outline: &Outline<'_>, facts: &Facts, grammars: &Grammars) -> Vec<usize> {
    let has_some = |text: &str, (marks, traces): (&Vec<Mark>, &Traces)| {
        traces.in_text(text).is_some_and(|at| {
            // Most likely the trace is that of a mark.
            let stands_in = |text: &str| marks.iter().any(|mark| mark.is_in(text));
            stands_in(line_at(text, at)) || stands_in(text)
        })
    };
    let all = || grammars.marks().iter().zip(grammars.traces());
    let is_cut = outline.lines.windows(2).any(|lines| lines[0].number == lines[1].number);
    if is_cut || all().len() > MOST_LISTED || !grammars.traces().iter().all(Traces::are_within_lines) {
        return all().map(|marks| usize::from(has_some(outline.text, marks))).collect();
    }
    // Every mark stands in one line, and most lines are known; in the others only what was not found yet is looked for.
    let grammars_in = |text: &str, but: u32| {
        let open = all().enumerate().filter(|(index, _)| but >> index & 1 == 0);
        open.filter(|(_, marks)| has_some(text, *marks)).fold(0, |list, (index, _)| list | 1 << index)
    };
    let is_kept = |line: &usize| facts.is_kept(*line);
    let full = |line: usize| outline.lines[line].full;
    let known = (0..outline.lines.len()).filter(is_kept);
    let mut found =
        known.fold(0, |list, line| list | facts.marked(line, || grammars_in(full(line).of(outline.text), 0)));
    // One search for all lines that stand near each other.
    let mut others = (0..outline.lines.len()).filter(|line| !is_kept(line)).map(full);
    let mut stretch = others.next();
    while let Some(here) = stretch {
        stretch = others.next();
        match stretch {
            Some(next) if next.start - here.end < NEAR => stretch = Some(here.to(next)),
            _ => found |= grammars_in(here.of(outline.text), found),
        }
    }
    (0..all().len()).map(|index| (found >> index & 1) as usize).collect()
}

/// The line in which that place is.
pub(super) fn line_at(text: &str, at: usize) -> &str {
    let start = memchr::memrchr2(b'\n', b'\r', &text.as_bytes()[..at]).map_or(0, |end| end + 1);
    let end = memchr::memchr2(b'\n', b'\r', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length);
    &text[start..end]
}

/// The page's lines that may belong to tables, as one key: heads that are broken over lines are whole in it.
fn folded(outline: &Outline<'_>) -> String {
    const LONGEST_ROW: u32 = 1200;
    let lines = outline.lines.iter().filter(|line| line.crowded || line.span.end - line.span.start < LONGEST_ROW);
    let mut folded = String::with_capacity(outline.text.len());
    lines.for_each(|line| push_key(line.span.of(outline.text), &mut folded));
    folded
}
