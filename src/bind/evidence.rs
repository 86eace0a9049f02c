//! How likely a line is the heading that it may be.
//!
//! In: the lines that may be headings. Out: a score for each. It knows nothing of how their words were compared.

use super::lines::Facts;
use super::sections::Candidate;
use crate::grammar::Grammar;
use crate::layout::{Outline, numbering};
use crate::report::SectionId;

/// Scores the candidates by their words, numbers and what follows them.
pub(super) fn judge(outline: &Outline<'_>, facts: &Facts, grammar: &Grammar, candidates: &mut [Candidate]) {
    let starts: Vec<usize> = candidates.iter().map(|candidate| candidate.heading.lines.start).collect();
    let mut of_section = vec![0; grammar.sections.len()];
    for candidate in candidates.iter() {
        of_section[usize::from(candidate.heading.section)] += 1;
    }
    // Where the form's own headings stand without numbers, other spellings may too.
    let numbered = candidates.iter().filter(|c| c.numbering.is_some_and(|numbering| numbering.level == 1)).count();
    let plain = candidates.iter().filter(|c| c.numbering.is_none()).count();
    let unnumbered = plain >= 3 && plain > numbered;
    for candidate in candidates.iter_mut() {
        let section = &grammar.sections[usize::from(candidate.heading.section)];
        let level = candidate.numbering.map_or(0, |numbering| numbering.level);
        let own_number = candidate.numbering.is_some_and(|numbering| numbering.ordinal == section.ordinal);
        let end = candidate.heading.lines.end;
        let next = starts.get(starts.partition_point(|start| *start < end)).copied().unwrap_or(outline.lines.len());
        let toc = candidate.heading.rest.is_some_and(|rest| is_page_reference(rest.of(outline.text)));
        let content =
            !toc && (candidate.heading.rest.is_some() || (end..next).any(|line| !facts.is_furniture(outline, line)));
        let has_tables = grammar.tables_of(candidate.heading.section).next().is_some();
        let mut score = if candidate.heading.official { 5 } else { 2 };
        score += match level {
            1 => 3,
            0 if unnumbered => 3,
            0 => i32::from(candidate.heading.official),
            _ => 0,
        };
        score += 2 * i32::from(own_number && level != 2) + i32::from(candidate.hashes > 0)
            - 2 * i32::from(candidate.heading.near);
        score += if content { 1 } else { -3 };
        if toc {
            score -= 10;
        }
        let doubtful =
            of_section[usize::from(candidate.heading.section)] > 1 || !candidate.heading.official || level >= 2;
        if has_tables && doubtful {
            let table = table_follows(outline, grammar, candidate.heading.section, end..next.max(end));
            score += 4 * i32::from(table);
            let wrong_number = !(own_number && level == 1);
            if !table && (wrong_number || level >= 2) && !candidate.heading.official {
                score -= 10;
            }
            if !table && level >= 2 {
                score -= 4;
            }
        }
        candidate.score = score;
    }
}

/// `……1` and `1`: a line of a table of contents.
fn is_page_reference(rest: &str) -> bool {
    rest.len() <= 200
        && !rest.is_empty()
        && rest.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "….．。·•‥⋯-—_：:（）()".contains(c))
        && rest.chars().any(|c| c.is_ascii_digit())
}

/// Whether words of the section's tables stand in these lines.
fn table_follows(outline: &Outline<'_>, grammar: &Grammar, section: SectionId, lines: std::ops::Range<usize>) -> bool {
    const MOST_LINES: usize = 60;
    let from = lines.start;
    lines.take_while(|line| *line < from + MOST_LINES).any(|line| {
        let here = &outline.lines[line];
        let words = here.span.of(outline.text);
        let is_word = |words: &str| {
            let words = numbering(words).map_or(words, |numbering| &words[numbering.length..]);
            let key = crate::text::key(words);
            grammar.tables_of(section).any(|(_, table)| table.vocabulary.has(&key)).then(|| key.chars().count())
        };
        let mut cells = words.split(['|', '\t']).map(str::trim).filter(|cell| !cell.is_empty()).take(8);
        cells.any(|cell| {
            let mut words = cell.split_whitespace().take(6).filter(|word| word.len() < 120);
            (cell.len() < 120 && is_word(cell).is_some())
                || words.any(|word| is_word(word).is_some_and(|letters| letters >= 4))
        })
    })
}
