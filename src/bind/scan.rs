//! A stretch of the page -> the rows of tables that stand in it, before their cells are given to columns.
//!
//! In: the pieces of some lines and the tables that may come. Out: a [`Scan`]: for each row its label and the cells behind
//! it, and for each table the words before its first row. There is one mechanism for all layouts: words are gathered until
//! figures come, the words name the row, and the cells until the next words are the row's.

use std::ops::Range;

use super::header::hits;
use super::label::{Named, Progress, Tier, wholly_named};
use super::stretch::Stretch;
use super::words::Words;
use crate::grammar::{Grammar, TableForm};
use crate::layout::{Delimiter, Kind, Outline, Piece, Pieces};
use crate::report::{Finding, Role, RowId, Span, TableId};
use crate::text::{Key, KeyChar, plain};

/// What was found in a stretch.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// In reading order.
    pub rows: Vec<RowRead>,
    /// The cells of all rows, row by row, and what rows of the form they are for.
    pub cells: Vec<CellRead>,
    pub ids: Vec<RowId>,
    /// All of them, with their tables.
    pub filled: Vec<(TableId, RowId)>,
    /// The headers of the tables that have rows.
    pub headers: Vec<HeaderRead>,
    /// Labels, and words of the tables that are no row's label.
    pub roles: Vec<(Span, Role)>,
    /// What is to be said of it.
    pub findings: Vec<Finding>,
    /// Words after the last figures.
    pub rest: Key,
    /// The lines at whose first words nothing was gathered, and how many of `filled` were read before.
    pub fresh: Vec<(u32, usize)>,
    /// Whether other figures would be read alike.
    pub steady: Steady,
}

/// Where the reading depends on what the figures are, other than by their number and places, or on blank cells.
#[derive(Debug, Default)]
pub(super) struct Steady {
    /// Figures that had to be the same, and were.
    pub alike: Vec<(Span, Span)>,
    /// Figures with words behind them that were taken as figures.
    pub figures: Vec<Span>,
    /// It depends on them in some other way.
    pub is_lost: bool,
    /// It depends on how many blank cells stand at the ends of lines.
    pub counts_blanks: bool,
}

/// What stands before a table's first row.
#[derive(Debug)]
pub(super) struct HeaderRead {
    pub table: TableId,
    pub words: Vec<KeyChar>,
    /// The empty cells after the head of the last column, where they can be counted.
    pub trail: Option<usize>,
}

/// A row, or several side by side, with the cells behind the label.
#[derive(Debug)]
pub(super) struct RowRead {
    pub table: TableId,
    /// One row, or those that the cells are for, in order: a part of [`Scan::ids`].
    pub ids: Range<usize>,
    /// A part of [`Scan::cells`].
    pub cells: Range<usize>,
    /// The line of the page's outline where the row's first word or figure stands.
    pub line: u32,
    /// How many cells of a delimited line stand before the one with the label.
    pub depth: usize,
}

/// A cell as it stands on the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct CellRead {
    pub span: Span,
    pub kind: Kind,
    pub line: u32,
}

/// Reads the rows of `tables` out of `pieces`.
pub(super) fn scan(
    stretch: &Stretch<'_>,
    tables: Vec<(TableId, &TableForm)>,
    pieces: &Pieces,
    vocabulary: &Words,
) -> Scan {
    let mut scanner = Scanner {
        outline: stretch.outline,
        grammar: stretch.grammar,
        index: stretch.index,
        own: stretch.own,
        vocabulary,
        lines_are_rows: pieces.lines_are_rows,
        has_rows_side_by_side: tables.iter().any(|(_, form)| form.side_by_side),
        progress: Progress { tables, filled: Vec::new() },
        key: Key::default(),
        words: Vec::new(),
        cells: Vec::new(),
        below: Vec::new(),
        line_trails: Vec::new(),
        skipped_line: None,
        scan: Scan::default(),
    };
    scanner.scan.steady.counts_blanks = !pieces.lines_are_rows;
    scanner.run(&pieces.list);
    Scan { filled: scanner.progress.filled, ..scanner.scan }
}

/// The words and cells gathered so far, and what was made of those before; [`super::rows`] makes rows of them.
pub(super) struct Scanner<'p> {
    pub(super) outline: &'p Outline<'p>,
    pub(super) grammar: &'p Grammar,
    /// The grammar's place among the loaded ones.
    pub(super) index: usize,
    pub(super) vocabulary: &'p Words,
    /// Whether the stretch is the tables' own section.
    pub(super) own: bool,
    /// Whether delimited lines are rows.
    pub(super) lines_are_rows: bool,
    /// Whether there is a table whose rows may stand side by side.
    pub(super) has_rows_side_by_side: bool,
    pub(super) progress: Progress<'p>,
    /// The words since the last figures, as a key and as pieces.
    pub(super) key: Key,
    pub(super) words: Vec<Piece>,
    /// The cells since those words.
    pub(super) cells: Vec<CellRead>,
    /// What must still come of a label whose figures stood beside its first part.
    pub(super) below: Vec<char>,
    /// The last word of each delimited line without figures, with the number of empty cells behind it.
    pub(super) line_trails: Vec<(Piece, usize)>,
    /// A line that was taken as a remark.
    pub(super) skipped_line: Option<u32>,
    pub(super) scan: Scan,
}

impl Scanner<'_> {
    fn run(&mut self, pieces: &[Piece]) {
        let mut index = 0;
        while index < pieces.len() {
            if let Some(taken) = self.next_row(&pieces[index..]) {
                index += taken;
                continue;
            }
            let piece = pieces[index];
            match piece.kind {
                Kind::Text => self.text(piece, pieces, index),
                Kind::Figure(_) => self.cell(piece),
                Kind::Inner(_) => index += self.inner(pieces, index),
                Kind::Blank | Kind::Merged => self.cell(piece),
                Kind::LineEnd => self.line_end(pieces, index),
            }
            index += 1;
        }
        self.end_of_row();
        self.drop_label_below();
        self.scan.rest = std::mem::take(&mut self.key);
        self.words_are_labels(None);
    }

    pub(super) fn cell(&mut self, piece: Piece) {
        self.cells.push(CellRead { span: piece.span, kind: piece.kind, line: piece.line });
    }

    /// How many of the cells gathered are figures.
    pub(super) fn figures(&self) -> usize {
        self.cells.iter().filter(|cell| matches!(cell.kind, Kind::Figure(_))).count()
    }

    fn has_figures(&self) -> bool {
        self.cells.iter().any(|cell| matches!(cell.kind, Kind::Figure(_) | Kind::Text))
    }

    fn text(&mut self, piece: Piece, pieces: &[Piece], index: usize) {
        if self.has_figures() {
            if self.remark(piece) {
                return;
            }
            let last = self.cells.last().map_or(piece.line, |cell| cell.line);
            let same_row = last == piece.line && self.outline.lines[piece.line as usize].delimiter != Delimiter::None;
            if same_row && !self.begins_a_row(piece) {
                self.cell(piece);
                return;
            }
            self.end_of_row();
        } else if !self.cells.is_empty() {
            // What is no row of blanks is counted as the blanks behind a head.
            // Blanks before words: either a row of blanks between bars on lines of their own, or merged cells of a header.
            let one_row_so_far = pieces[..index]
                .iter()
                .rev()
                .take_while(|other| other.kind != Kind::Text)
                .all(|other| other.kind != Kind::LineEnd);
            if one_row_so_far
                && !self.progress.tables.iter().any(|(_, form)| form.side_by_side && hits(self.key.chars(), form) > 2)
            {
                self.blank_row(false);
            }
        }
        if self.words.is_empty() && self.key.is_empty() && self.below.is_empty() {
            // What heads of columns lay behind is no longer of interest.
            self.line_trails.clear();
            let mut before = pieces[..index].iter().rev().take_while(|other| other.line == piece.line);
            if before.all(|other| matches!(other.kind, Kind::Blank | Kind::Merged)) {
                self.scan.fresh.push((piece.line, self.progress.filled.len()));
            }
        }
        self.push_words(piece);
    }

    fn push_words(&mut self, piece: Piece) {
        // In cells on lines of their own, the blanks between two words are those behind the first one.
        if !self.lines_are_rows
            && let Some(last) = self.words.last()
        {
            let blanks = self.cells.iter().filter(|cell| cell.kind == Kind::Blank).count();
            self.line_trails.push((*last, blanks));
        }
        self.cells.clear();
        self.add_words(piece);
    }

    pub(super) fn add_words(&mut self, piece: Piece) {
        /// More words than any header has; beyond that it is something else's text.
        const MOST_LETTERS: usize = 2000;
        self.key.push(piece.span.of(self.outline.text), piece.span.start);
        self.words.push(piece);
        if self.key.len() > MOST_LETTERS || self.words.len() > MOST_LETTERS {
            self.key.keep_last(MOST_LETTERS / 2);
            let half = self.words.len() / 2;
            self.words.drain(..half);
        }
    }

    /// A bracketed remark under a figure belongs to it: `22` and below it `（其中修订 16 件）`.
    fn remark(&mut self, piece: Piece) -> bool {
        if self.skipped_line == Some(piece.line) {
            return true;
        }
        let line = &self.outline.lines[piece.line as usize];
        // In undelimited text the remark is the whole line, or the last part of it.
        let end = if line.delimiter == Delimiter::None { line.span.end } else { piece.span.end };
        let whole = Span::new(piece.span.start, end);
        match self.cells.last_mut() {
            Some(cell) if matches!(cell.kind, Kind::Figure(_)) && is_remark(whole.of(self.outline.text)) => {
                cell.span = cell.span.to(whole);
                self.skipped_line = (end > piece.span.end).then_some(piece.line);
                true
            }
            _ => false,
        }
    }

    /// Whether the piece alone names a row.
    pub(super) fn begins_a_row(&self, piece: Piece) -> bool {
        let is_exact = |key: &Key| wholly_named(key, &self.progress).is_some_and(|named| named.tier == Tier::Exact);
        self.may_name_a_row(piece) && is_exact(&self.key_of(piece))
    }

    /// A quick look: whether the piece has the label of a row in it.
    pub(super) fn may_name_a_row(&self, piece: Piece) -> bool {
        let words = piece.span.of(self.outline.text);
        self.vocabulary.may_name(words, (self.index, self.grammar), &self.progress.tables)
    }

    pub(super) fn key_of(&self, piece: Piece) -> Key {
        let mut key = Key::default();
        key.push(piece.span.of(self.outline.text), piece.span.start);
        key
    }

    /// Values with words behind them on one line: a row only if the words before name it and the number of values is right.
    /// Returns how many further pieces were taken.
    fn inner(&mut self, pieces: &[Piece], index: usize) -> usize {
        let run: Vec<Piece> =
            pieces[index..].iter().copied().take_while(|piece| matches!(piece.kind, Kind::Inner(_))).collect();
        let next = pieces.get(index + run.len());
        let found = wholly_named(&self.key, &self.progress).filter(|named| named.tier <= Tier::Defined);
        let width = |found: Named| self.grammar.tables[usize::from(found.table)].columns.len();
        let fits = found.is_some_and(|found| {
            let goes_on = |next: Piece| {
                let row_follows =
                    || wholly_named(&self.key_of(next), &self.progress).is_some_and(|next| next.tier <= Tier::Defined);
                self.is_vocabulary(next) || row_follows() || (found.tier == Tier::Exact && !self.counts(next))
            };
            run.len() == width(found) && next.is_some_and(|next| goes_on(*next))
        }) || (found.is_none_or(|found| run.len() != width(found))
            && self.side_by_side(run.len()).is_some());
        if fits && self.cells.is_empty() {
            for piece in &run {
                if let Kind::Inner(figure) = piece.kind {
                    self.scan.steady.figures.push(piece.span);
                    self.cell(Piece { kind: Kind::Figure(figure), ..*piece });
                }
            }
        } else {
            for piece in &run {
                self.text(Piece { kind: Kind::Text, ..*piece }, pieces, index);
            }
        }
        run.len() - 1
    }

    /// Whether the words go on from a number in a sentence: `39 件，`.
    fn counts(&self, piece: Piece) -> bool {
        let first = piece.span.of(self.outline.text).chars().next();
        first.and_then(plain).is_some_and(|c| "件项条个次宗起份篇人家户年月日万亿元,。、;%余多".contains(c))
    }

    pub(super) fn is_vocabulary(&self, piece: Piece) -> bool {
        let words = piece.span.of(self.outline.text);
        self.vocabulary.makes(words, (self.index, self.grammar), &self.progress.tables)
    }

    fn line_end(&mut self, pieces: &[Piece], index: usize) {
        let line = pieces[index].line;
        let delimited = self.outline.lines[line as usize].delimiter != Delimiter::None;
        if !delimited {
            if !self.has_figures() {
                self.cells.clear();
            }
            return;
        }
        if !self.has_figures() {
            if let Some(last) = self.words.last().filter(|piece| piece.line == line) {
                let blanks = self.cells.iter().filter(|cell| cell.kind == Kind::Blank).count();
                self.line_trails.push((*last, blanks));
            }
            self.row_without_figures(line);
            return;
        }
        // Lines of figures alone may be the rows of labels that all stand before them.
        let only_figures = |mut pieces: std::iter::Take<std::slice::Iter<'_, Piece>>| {
            pieces.all(|piece| matches!(piece.kind, Kind::Figure(_)))
        };
        let start = pieces[..index].iter().rev().take_while(|piece| piece.line == line).count();
        let next = &pieces[index + 1..];
        let length = next.iter().take_while(|piece| piece.kind != Kind::LineEnd).count();
        let has_words = |pieces: &[Piece]| pieces.iter().any(|piece| piece.kind == Kind::Text);
        self.scan.steady.counts_blanks |=
            length > 0 && !has_words(&pieces[index - start..index]) && !has_words(&next[..length]);
        if length > 0
            && only_figures(pieces[index - start..].iter().take(start))
            && only_figures(next.iter().take(length))
        {
            return;
        }
        self.end_of_row();
    }
}

/// Words in brackets that speak of the figure above them; a numbering or a label in brackets does not.
fn is_remark(words: &str) -> bool {
    let bracketed = words.starts_with(['（', '(']) && words.ends_with(['）', ')']);
    let inner = words.trim_start_matches(['（', '(']).trim_start();
    bracketed && ["其中", "含", "包括", "注", "不含", "内含", "已"].iter().any(|beginning| inner.starts_with(beginning))
}
