//! Which form a page follows: what its tables are labelled with decides, since years and cited documents are often wrong.
//!
//! In: the decoded text. Out: for each grammar, how many of the words that only it has stand on the page.

use memchr::memmem;

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
        let stands = |mark: &&Mark| memmem::find(folded.as_bytes(), mark.key.as_bytes()).is_some();
        if traces.in_key(&folded) { marks.iter().filter(stands).count() } else { 0 }
    };
    grammars.marks().iter().zip(grammars.traces()).map(count).collect()
}

/// For each grammar 1 if the page has one of its words as the form prints it.
fn plain_votes(outline: &Outline<'_>, facts: &Facts, grammars: &Grammars) -> Vec<usize> {
    let has_some = |text: &str, (marks, traces): (&Vec<Mark>, &Traces)| {
        traces.in_text(text) && marks.iter().any(|mark| mark.is_in(text))
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
    let (known, others): (Vec<usize>, Vec<usize>) = (0..outline.lines.len()).partition(|line| facts.is_kept(*line));
    let text = |line: usize| outline.lines[line].full.of(outline.text);
    let found = known.into_iter().fold(0, |list, line| list | facts.marked(line, || grammars_in(text(line), 0)));
    // One search for all lines that follow one another.
    let found = others.chunk_by(|line, next| line + 1 == *next).fold(found, |list, lines| {
        let (first, last) = (outline.lines[lines[0]].full, outline.lines[lines[lines.len() - 1]].full);
        list | grammars_in(first.to(last).of(outline.text), list)
    });
    (0..all().len()).map(|index| (found >> index & 1) as usize).collect()
}

/// The page's lines that may belong to tables, as one key: heads that are broken over lines are whole in it.
fn folded(outline: &Outline<'_>) -> String {
    const LONGEST_ROW: u32 = 1200;
    let lines = outline.lines.iter().filter(|line| line.crowded || line.span.end - line.span.start < LONGEST_ROW);
    let mut folded = String::with_capacity(outline.text.len());
    lines.for_each(|line| push_key(line.span.of(outline.text), &mut folded));
    folded
}
