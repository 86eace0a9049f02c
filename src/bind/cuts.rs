//! Where stretches with several tables are cut, so that each table is known by itself.
//!
//! In: the shapes of stretches, and what was read of them. Out: the lines before which a shape is cut. A line that begins a table
//! on one page does so on the next, most often. Whether what stands behind it was read without regard to what stands before it
//! is asked of each page that teaches something.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::memory::{Quick, hash};
use super::shape::Shape;
use super::tables::Found;
use crate::report::{RowId, TableId};

/// Lines with which tables begin.
#[derive(Debug, Default)]
pub(super) struct Cuts {
    /// By the hash of a line, how often it was a cut, and how often it was not one after all.
    lines: HashMap<u64, (u32, u32), BuildHasherDefault<Quick>>,
}

impl Cuts {
    /// The lines of the shape before which it is cut.
    pub(super) fn of(&self, shape: &Shape) -> Vec<usize> {
        (1..shape.lines.len()).filter(|line| self.is_cut(hash_of(shape, *line))).collect()
    }

    fn is_cut(&self, hash: u64) -> bool {
        self.lines.get(&hash).is_some_and(|(cut, not)| *cut > 2 * not)
    }

    /// The lines of the shape before which it is cut from now on, with the number of rows read before each. None where that can't
    /// be done on this page. `fresh` are lines at whose first words nothing was gathered, with that number; `rows` are all
    /// rows in the order in which they were read.
    pub(super) fn learn(
        &mut self,
        shape: &Shape,
        fresh: &[(u32, usize)],
        rows: &[(TableId, RowId)],
        found: &[Found],
    ) -> Option<Vec<(usize, usize)>> {
        const MOST: usize = 1 << 14;
        let rows_before = |line: usize| {
            let (_, count) = fresh.iter().find(|(at, _)| *at == shape.lines[line])?;
            let (before, behind) = rows.split_at(*count);
            let in_two = before.iter().any(|(table, _)| behind.iter().any(|(other, _)| other == table));
            let has_both = !before.is_empty() && !behind.is_empty();
            (has_both && !in_two && shape.begins_afresh(line)).then_some(*count)
        };
        if self.lines.len() > MOST {
            self.lines.clear();
        }
        for line in 1..shape.lines.len() {
            let hash = hash_of(shape, line);
            let begins = found.iter().any(|found| found.line == shape.lines[line] as usize);
            if begins || self.lines.contains_key(&hash) {
                let (cut, not) = self.lines.entry(hash).or_default();
                match rows_before(line) {
                    Some(_) => *cut += 1,
                    None => *not += 1,
                }
            }
        }
        self.of(shape).into_iter().map(|line| Some((line, rows_before(line)?))).collect()
    }
}

fn hash_of(shape: &Shape, line: usize) -> u64 {
    hash(shape.part(&shape.parts[line]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::outline;
    use crate::report::Table;

    /// The lines of a page before which it is cut, once tables were found to begin at `begin`.
    #[track_caller]
    fn check(
        cuts: &mut Cuts,
        page: &str,
        fresh: &[(u32, usize)],
        rows: &[TableId],
        begin: &[usize],
        expected: &[usize],
    ) {
        let outline = outline(page, None);
        let mut shape = Shape::default();
        assert!(shape.take(&outline, 0..outline.lines.len(), |_| false, std::iter::empty()));
        let rows: Vec<(TableId, RowId)> = rows.iter().zip(0..).map(|(table, row)| (*table, row)).collect();
        let found = |(line, id): (&usize, TableId)| {
            let table = Table { id, cells: Vec::new() };
            Found { table, line: *line, header_words: 0, units: Vec::new(), heads: Vec::new() }
        };
        let found: Vec<Found> = begin.iter().zip(0..).map(found).collect();
        let learnt = cuts.learn(&shape, fresh, &rows, &found);
        assert_eq!(learnt.iter().flatten().map(|(line, _)| *line).collect::<Vec<_>>(), expected, "{page}");
        assert!(learnt.is_none() || cuts.of(&shape) == expected);
    }

    #[test]
    fn lines_that_begin_tables() {
        let mut cuts = Cuts::default();
        let page = "第（一）项\n规章\t1\n第（五）项\n许可\t2";
        check(&mut cuts, page, &[(0, 0)], &[0, 1], &[0, 2], &[]);
        // It was none, so it must be one more often.
        check(&mut cuts, page, &[(0, 0), (2, 1)], &[0, 1], &[0, 2], &[]);
        check(&mut cuts, page, &[(0, 0), (2, 1)], &[0, 1], &[0, 2], &[]);
        check(&mut cuts, page, &[(0, 0), (2, 1)], &[0, 1], &[0, 2], &[2]);
        // A table that goes on behind the line is not cut in two.
        check(&mut cuts, page, &[(0, 0), (2, 1)], &[0, 0], &[0], &[]);
        // Elsewhere it is one too.
        check(&mut cuts, "规章\t1\n-\n第（五）项\n许可\t2", &[(2, 1)], &[0, 1], &[0], &[]);
        check(&mut cuts, "规章\t1\n\n第（五）项\n许可\t2", &[(1, 1)], &[0, 1], &[0], &[1]);
    }
}
