//! What stands in a section besides its tables: paragraphs, and headings of its own.
//!
//! In: the lines of a section. Out: its blocks. Furniture, dates and signatures among them belong to the page and stay
//! unbound; after the last section everything from the first button or attachment on does.

use super::lines::Facts;
use super::names::is_body;
use crate::layout::{Outline, numbering};
use crate::report::{Block, Role, Span, TableId};

/// What the lines of a section are used for.
pub(super) struct Lines<'p> {
    pub outline: &'p Outline<'p>,
    pub facts: &'p Facts,
    /// The lines after the heading.
    pub range: std::ops::Range<usize>,
    /// Whether no other section follows.
    pub last: bool,
    /// Where tables begin, in the page's order.
    pub tables: &'p [(usize, TableId)],
    /// For each line of the page whether it belongs to a table, or to the title.
    pub taken: &'p [bool],
}

/// The blocks of those lines, their roles, and the last line that is part of the section.
pub(super) fn blocks(lines: &Lines<'_>, roles: &mut Vec<(Span, Role)>) -> (Vec<Block>, Option<usize>) {
    let mut blocks = Vec::new();
    let mut end = None;
    let mut tables = &lines.tables[lines.tables.partition_point(|(line, _)| *line < lines.range.start)..];
    for index in lines.range.clone() {
        while let [(line, table), rest @ ..] = tables
            && *line == index
        {
            blocks.push(Block::Table(*table));
            tables = rest;
        }
        if lines.taken[index] {
            end = Some(index);
            continue;
        }
        let line = &lines.outline.lines[index];
        let words = lines.outline.words(index);
        if lines.last && (lines.facts.ends_the_page(lines.outline, index) || signature(lines, index)) {
            break;
        }
        if words.is_empty() || line.rule || lines.facts.is_furniture(lines.outline, index) {
            continue;
        }
        let (block, role) = block(line.span, words, line.hashes);
        roles.push((line.span, role));
        blocks.push(block);
        end = Some(index);
    }
    (blocks, end)
}

fn block(span: Span, words: &str, hashes: u8) -> (Block, Role) {
    const LONGEST_HEADING: usize = 40;
    let number = numbering(words);
    let start = number.map_or(0, |number| number.length);
    let rest = &words[start..];
    let short = || !rest.is_empty() && rest.len() <= 4 * LONGEST_HEADING && rest.chars().count() <= LONGEST_HEADING;
    let sentence = || rest.contains(['。', '；', '，', ';']) || rest.ends_with([',', '、']);
    if (number.is_some() || hashes > 0) && short() && !sentence() {
        let text = Span::new(span.start + start as u32, span.end);
        let level = number.map_or(hashes.saturating_sub(1), |number| number.level).max(2);
        let number = number.map(|number| Span::new(span.start, span.start + number.number as u32));
        return (Block::Heading { level, number, text }, Role::Heading);
    }
    (Block::Paragraph(span), Role::Prose)
}

/// A body's name with nothing but dates, furniture or nothing after it.
fn signature(lines: &Lines<'_>, index: usize) -> bool {
    let words = lines.outline.words(index);
    let name = words.len() <= 160 && words.chars().count() <= 40 && is_body(words) && numbering(words).is_none();
    name && index > lines.range.start
        && (index + 1..lines.range.end)
            .all(|line| lines.facts.is_furniture(lines.outline, line) || lines.outline.words(line).is_empty())
}
