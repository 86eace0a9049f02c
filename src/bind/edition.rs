//! Which form a page follows: what its tables are labelled with decides, since years and cited documents are often wrong.
//!
//! In: the decoded text. Out: for each grammar, how many of the words that only it has stand on the page.

use memchr::memmem;

use crate::grammar::Grammars;
use crate::layout::Outline;
use crate::text::key;

/// How many of each grammar's own words the page has.
pub(super) fn votes(outline: &Outline<'_>, grammars: &Grammars) -> Vec<usize> {
    // Most pages print the words of one form as the form does, and then a plain search settles it.
    let plain: Vec<usize> = count(grammars, outline.text);
    let voters = plain.iter().filter(|votes| **votes > 0).count();
    if voters == 1 || grammars.list().len() == 1 {
        return plain;
    }
    count_folded(grammars, &folded(outline))
}

fn count(grammars: &Grammars, text: &str) -> Vec<usize> {
    grammars
        .marks()
        .iter()
        .map(|marks| marks.iter().filter(|mark| memmem::find(text.as_bytes(), mark.shown.as_bytes()).is_some()).count())
        .collect()
}

fn count_folded(grammars: &Grammars, folded: &str) -> Vec<usize> {
    grammars.marks().iter().map(|marks| marks.iter().filter(|mark| folded.contains(&mark.key)).count()).collect()
}

/// The page's lines that may belong to tables, as one key: heads that are broken over lines are whole in it.
fn folded(outline: &Outline<'_>) -> String {
    const LONGEST_ROW: u32 = 1200;
    let lines = outline.lines.iter().filter(|line| line.crowded || line.span.end - line.span.start < LONGEST_ROW);
    lines.map(|line| key(line.span.of(outline.text))).collect()
}
