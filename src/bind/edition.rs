//! Which form a page follows: what its tables are labelled with decides, since years and cited documents are often wrong.
//!
//! In: the decoded text. Out: for each grammar, how many of the words that only it has stand on the page.

use memchr::memmem;

use crate::grammar::{Grammars, Mark, Traces};
use crate::layout::Outline;
use crate::text::push_key;

/// How many of each grammar's own words the page has; where it has words of one grammar only, just that it has some.
pub(super) fn votes(outline: &Outline<'_>, grammars: &Grammars) -> Vec<usize> {
    // Most pages print the words of one form as the form does, and then a plain search settles it.
    let has_some = |(marks, traces): (&Vec<Mark>, &Traces)| {
        let stands = |mark: &Mark| memmem::find(outline.text.as_bytes(), mark.shown.as_bytes()).is_some();
        usize::from(traces.in_text(outline.text) && marks.iter().any(stands))
    };
    let plain: Vec<usize> = grammars.marks().iter().zip(grammars.traces()).map(has_some).collect();
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

/// The page's lines that may belong to tables, as one key: heads that are broken over lines are whole in it.
fn folded(outline: &Outline<'_>) -> String {
    const LONGEST_ROW: u32 = 1200;
    let lines = outline.lines.iter().filter(|line| line.crowded || line.span.end - line.span.start < LONGEST_ROW);
    let mut folded = String::with_capacity(outline.text.len());
    lines.for_each(|line| push_key(line.span.of(outline.text), &mut folded));
    folded
}
