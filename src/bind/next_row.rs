//! A row that stands by itself: its label, and the cells behind it.
//!
//! That is nearly every row of nearly every page. In: the pieces, where a [`Scanner`] has nothing gathered. Out: the row, just as
//! the scan would make it of the pieces one by one; nothing where other words, or what stands behind it, might make something else
//! of it. Which words name which row, after such and such rows, is asked once and kept in [`Words`](super::words::Words).

use super::label::{Tier, wholly_named};
use super::scan::{CellRead, RowRead, Scanner};
use super::words::Asked;
use crate::layout::{Delimiter, Kind, Piece};
use crate::report::{Role, RowId, TableId};
use crate::text::{Key, all_letters};

impl Scanner<'_> {
    /// Takes the row that begins at `pieces`, if it surely is one. Returns how many pieces it has.
    pub(super) fn next_row(&mut self, pieces: &[Piece]) -> Option<usize> {
        let nothing_gathered =
            self.words.is_empty() && self.cells.is_empty() && self.key.is_empty() && self.below.is_empty();
        if !nothing_gathered || self.has_rows_side_by_side {
            return None;
        }
        // Before its first row a table has its header.
        if self.scan.headers.is_empty() {
            return None;
        }
        let first = pieces.iter().position(|piece| !matches!(piece.kind, Kind::Blank | Kind::Merged))?;
        let line = pieces[first].line;
        let count = pieces[first..].iter().take_while(|piece| piece.kind == Kind::Text && piece.line == line).count();
        let (words, behind) = pieces[first..].split_at(count);
        let (cells, end) = self.cells_of_row(words.last()?, behind)?;
        let figures = cells.clone().filter(|cell| matches!(cell.kind, Kind::Figure(_))).count();
        if figures == 0 {
            return None;
        }
        // A piece without a letter is no part of a label.
        if words.len() > 1 && all_letters(words[count - 1].span.of(self.outline.text), |_| false) {
            return None;
        }
        let (table, row, label) = self.label_in(words)?;
        let begun = self.scan.headers.iter().any(|header| header.table == table);
        // More figures than columns may be those of several rows.
        let width = self.grammar.tables[usize::from(table)].columns.len();
        let several = figures > width && figures == cells.clone().count();
        if !begun || several {
            return None;
        }
        let label = words[0].span.start + label;
        for piece in words {
            if piece.span.end > label || self.is_vocabulary(*piece) {
                self.scan.roles.push((piece.span, Role::Label));
            }
        }
        let (first_id, first_cell) = (self.scan.ids.len(), self.scan.cells.len());
        self.scan.ids.push(row);
        self.scan.cells.extend(cells.map(|cell| CellRead { span: cell.span, kind: cell.kind, line: cell.line }));
        let depth = words.last().map_or(0, |last| self.cells_before(*last));
        let (ids, cells) = (first_id..self.scan.ids.len(), first_cell..self.scan.cells.len());
        self.scan.rows.push(RowRead { table, ids, cells, line, depth });
        self.progress.filled.push((table, row));
        Some(first + count + end)
    }

    /// The cells behind the words of a row, if the row ends for certain, and how many pieces it has behind these words.
    fn cells_of_row<'p>(
        &self,
        last: &Piece,
        behind: &'p [Piece],
    ) -> Option<(impl Iterator<Item = &'p Piece> + Clone + use<'p>, usize)> {
        let is_delimited = |line: u32| self.outline.lines[line as usize].delimiter != Delimiter::None;
        let line_is_row = self.lines_are_rows && is_delimited(last.line);
        let mut end = 0;
        let mut line = last.line;
        loop {
            match behind.get(end).map(|piece| (piece, piece.kind)) {
                Some((_, Kind::LineEnd)) if line_is_row => {
                    end += 1;
                    break;
                }
                // In undelimited text the row goes on until other words come.
                Some((_, Kind::LineEnd)) => {}
                Some((piece, Kind::Figure(_))) if line_is_row || !self.lines_are_rows || !is_delimited(piece.line) => {
                    line = piece.line;
                }
                Some((piece, Kind::Blank | Kind::Merged)) if line_is_row || !self.lines_are_rows => line = piece.line,
                // Words on the line of the last cell may be a cell, and brackets below a figure speak of it.
                Some((piece, Kind::Text)) => {
                    let bracket = piece.span.of(self.outline.text).starts_with(['（', '(']);
                    let same_line = piece.line == line && is_delimited(line);
                    if line_is_row || bracket || same_line {
                        return None;
                    }
                    break;
                }
                None => break,
                Some(_) => return None,
            }
            end += 1;
        }
        let is_cell = |piece: &&Piece| piece.kind != Kind::LineEnd;
        Some((behind[..end].iter().filter(is_cell), end))
    }

    /// The row that the words name, all letters of its label being there and nothing behind it, and where in them the label
    /// begins. None where that row has its figures.
    fn label_in(&self, words: &[Piece]) -> Option<(TableId, RowId, u32)> {
        let (first, last) = (words.first()?, words.last()?);
        let text = self.outline.text;
        let asked = Asked {
            grammar: self.index,
            progress: &self.progress,
            delimiter: self.outline.lines[first.line as usize].delimiter,
            pieces: words.len(),
        };
        self.vocabulary.label(first.span.to(last.span).of(text), &asked, || {
            let mut key = Key::default();
            for piece in words {
                key.push(piece.span.of(text), piece.span.start);
            }
            let named = wholly_named(&key, &self.progress).filter(|named| named.tier == Tier::Exact)?;
            let label = key.chars()[named.start].at - first.span.start;
            (!self.progress.is_filled(named.table, named.row)).then_some((named.table, named.row, label))
        })
    }
}
