//! The tables in some lines of a page.
//!
//! In: a [`Stretch`] and the tables that may be in it. Out: the tables that are, in [`Bound`], with the lines that are theirs.

use std::ops::Range;

use super::Bound;
use super::lines::Facts;
use super::memory::Memory;
use super::region::Region;
use super::template::Reading;
use crate::grammar::{Grammar, TableForm};
use crate::layout::{Delimiter, Outline};
use crate::report::{Cell, Code, Finding, TableId, Value};

/// Lines in which tables are read.
pub(super) struct Stretch<'p> {
    pub outline: &'p Outline<'p>,
    pub facts: &'p Facts,
    pub grammar: &'p Grammar,
    /// The grammar's place among the loaded ones.
    pub index: usize,
    pub lines: Range<usize>,
    /// Whether it is the tables' own section.
    pub own: bool,
}

impl Bound {
    /// Reads the tables of `candidates` that stand in the stretch.
    pub(super) fn read_stretch(
        &mut self,
        memory: &mut Memory,
        stretch: Stretch<'_>,
        candidates: &[TableId],
        is_foreign: &dyn Fn(&str) -> bool,
    ) {
        let Stretch { outline, facts, grammar, own, .. } = stretch;
        let forms: Vec<(TableId, &TableForm)> =
            candidates.iter().map(|id| (*id, &grammar.tables[usize::from(*id)])).collect();
        // The title stands at the head of every page of a document.
        let title = self.title.as_ref().and_then(|title| title.span).map(|span| span.of(outline.text));
        let free = |line: usize| !self.table_lines[line] && title.is_none_or(|title| outline.words(line) != title);
        let region = Region::new(outline, facts, grammar, &forms);
        let bare = || if own { region.bare_figures(stretch.lines.clone(), free) } else { None };
        let Some(extent) = region.extent(stretch.lines.clone(), free).or_else(bare) else { return };
        let skip = |line: usize| !free(line) || region.is_aside(line);
        let stretch = Stretch { lines: extent.clone(), ..stretch };
        let Reading { mut found, findings, roles } = memory.tables.read(&stretch, &forms, skip, is_foreign);
        if !own {
            // Outside its section a table needs its header and something in its cells, many of its rows, or one with many
            // figures; or it is some other statistics.
            const MANY: usize = 5;
            found.retain(|found| {
                let ink = |cell: &&Cell| !matches!(cell.value, Value::Blank | Value::Missing);
                let rows = found
                    .table
                    .cells
                    .chunk_by(|a, b| a.row == b.row)
                    .filter(|row| row.iter().any(|cell| ink(&cell)))
                    .count();
                let full = |row: &[Cell]| row.len() >= MANY && row.iter().all(|cell| cell.value.number().is_some());
                let full_row = found.table.cells.chunk_by(|a, b| a.row == b.row).any(full);
                rows >= MANY || full_row || (rows > 0 && found.header_words > 0)
            });
            for found in &found {
                let finding = Finding { table: Some(found.table.id), ..Finding::new(Code::TableElsewhere) };
                let home = grammar.tables[usize::from(found.table.id)].section;
                if self.headings.iter().any(|heading| heading.section == home) {
                    self.findings.push(finding.at(outline.lines[found.line].span));
                }
            }
        }
        if found.is_empty() {
            return;
        }
        let of_found =
            |table: Option<TableId>| table.is_none_or(|table| found.iter().any(|found| found.table.id == table));
        self.findings.extend(findings.into_iter().filter(|finding| of_found(finding.table)));
        let has_role = |line: usize| {
            let full = outline.lines[line].full;
            let first = roles.partition_point(|(span, _)| span.start < full.start);
            let before = first.checked_sub(1).is_some_and(|index| roles[index].0.end > full.start);
            before || roles.get(first).is_some_and(|(span, _)| span.start < full.end)
        };
        let of_table = |line: usize| {
            outline.lines[line].delimiter != Delimiter::None || has_role(line) || region.only_figures(line)
        };
        for line in extent {
            self.table_lines[line] = self.table_lines[line] || (!region.is_between(line) && of_table(line));
        }
        self.roles.extend(roles);
        self.tables.extend(found);
    }
}
