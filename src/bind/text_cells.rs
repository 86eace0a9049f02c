//! Cells that hold words where a figure should stand: 见附件, 不详, `**`.
//!
//! In: the words and the cells that a [`Scanner`] gathered on a delimited line. Out: the words that are cells stand among the cells.
//! Such words stand right behind the label, and so they look like a part of it; that they are none is told by how many cells
//! the rows of the table have.

use super::label::{Named, Tier};
use super::scan::Scanner;
use crate::layout::{Delimiter, Piece};
use crate::text::{all_letters, is_ordinal};

impl Scanner<'_> {
    /// `行政许可 | 见附件 | 3 |`: the words of a line behind the label of a row are its first cells. `found` is the row that all
    /// words together name.
    pub(super) fn words_as_cells(&mut self, line: u32, found: Option<Named>) -> bool {
        let first = self.words.iter().position(|piece| piece.line == line).unwrap_or(self.words.len());
        if self.words.len() < first + 2 || found.is_some_and(|named| self.has_all_figures(named)) {
            return false;
        }
        let Some(label) = (first..self.words.len()).rev().find(|index| self.begins_a_row(self.words[*index])) else {
            return false;
        };
        if label + 1 == self.words.len() || self.words[label + 1..].iter().any(|piece| self.is_of_label(*piece)) {
            return false;
        }
        self.scan.steady.counts_blanks = true;
        if found.is_some_and(|named| named.tier <= Tier::Inside && !self.has_room_for_words(named, label)) {
            return false;
        }
        let texts = self.words.split_off(label + 1);
        self.put_first(texts);
        true
    }

    /// The same in a line of figures alone, whose rows stand side by side under their header.
    pub(super) fn words_as_cells_side_by_side(&mut self) {
        let Some((_, form)) = self.progress.tables.iter().find(|(_, form)| form.side_by_side) else { return };
        let all = form.columns.len() * form.rows.len();
        let line = self.cells[0].line;
        let first = self.words.iter().rposition(|piece| piece.line != line).map_or(0, |last| last + 1);
        let texts = &self.words[first..];
        let is_row = self.lines_are_rows && self.outline.lines[line as usize].delimiter != Delimiter::None;
        if !is_row || texts.is_empty() || first == 0 || self.figures() >= all {
            return;
        }
        self.scan.steady.counts_blanks = true;
        if texts.len() + self.cells.len() < all {
            return;
        }
        if texts.iter().any(|piece| self.is_of_label(*piece) || self.may_name_a_row(*piece)) {
            return;
        }
        let texts = self.words.split_off(first);
        self.put_first(texts);
    }

    /// Whether the piece is made of words of the tables; numbers alone are none (`5%`, `五`).
    fn is_of_label(&self, piece: Piece) -> bool {
        self.is_vocabulary(piece) && !all_letters(piece.span.of(self.outline.text), is_ordinal)
    }

    /// Puts the pieces before the cells gathered; the words are those that are left.
    fn put_first(&mut self, pieces: Vec<Piece>) {
        self.key.clear();
        for piece in std::mem::take(&mut self.words) {
            self.add_words(piece);
        }
        let rest = std::mem::take(&mut self.cells);
        for piece in pieces {
            self.cell(piece);
        }
        self.cells.extend(rest);
    }

    fn has_all_figures(&self, named: Named) -> bool {
        self.figures() == self.grammar.tables[usize::from(named.table)].columns.len()
    }

    /// Whether the row has a cell less than other rows of its table, so that the words behind its label are one; words without a
    /// letter are no part of a label anyway.
    fn has_room_for_words(&self, named: Named, label: usize) -> bool {
        let width = self.grammar.tables[usize::from(named.table)].columns.len();
        let depth = self.cells_before(self.words[label]);
        let texts = &self.words[label + 1..];
        let mut rows = self.scan.rows.iter().rev();
        let like_this = rows.find(|row| row.table == named.table && row.ids.len() == 1 && row.depth == depth);
        let expected = like_this.map(|row| row.cells.len()).or(self.trail(named.table).map(|trail| width + trail));
        let has_letters = |piece: &Piece| !all_letters(piece.span.of(self.outline.text), |_| false);
        match expected {
            _ if !texts.iter().any(has_letters) => true,
            Some(cells) => texts.len() + self.cells.len() == cells,
            None => self.cells.len() < width,
        }
    }
}
