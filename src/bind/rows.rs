//! What the words and the cells gathered by a [`Scanner`] make: a row, several rows, or nothing of a form.
//!
//! The words name the row; the number of cells must agree with it only later, when columns are given. Figures that no words
//! explain are told and left alone.

use super::header::{hits, is_head, rows_named};
use super::label::{Named, Tier, named, wholly_named};
use super::scan::{CellRead, HeaderRead, RowRead, Scanner};
use crate::grammar::TableForm;
use crate::layout::{Delimiter, Figure, Kind, Piece};
use crate::report::{Code, Finding, Role, RowId, Span, TableId, Value};
use crate::text::Key;

impl Scanner<'_> {
    /// A delimited line with a label and no figure: its cells are blank, or hold text.
    pub(super) fn row_without_figures(&mut self, line: u32) {
        if self.words.last().is_none_or(|piece| piece.line != line) {
            let blank_line_of_a_table = self.side_by_side(self.cells.len()).is_some();
            if blank_line_of_a_table {
                self.end_of_row()
            } else {
                self.cells.clear()
            }
            return;
        }
        if self.blank_row(true) {
            return;
        }
        if self.words_as_cells(line, None) { self.end_of_row() } else { self.cells.clear() }
    }

    /// Takes the blanks as the cells of the row that the last words name, if there are enough of them. They stand at the end of
    /// the words' line, or before other words of it.
    pub(super) fn blank_row(&mut self, at_end: bool) -> bool {
        let Some(last) = self.words.last().filter(|last| self.may_name_a_row(**last)) else { return false };
        let surely = |key: &Key| wholly_named(key, &self.progress).filter(|named| named.tier <= Tier::Defined);
        let Some(named) = surely(&self.key).filter(|_| surely(&self.key_of(*last)).is_some()) else { return false };
        let form = &self.grammar.tables[usize::from(named.table)];
        if self.progress.is_filled(named.table, named.row) || self.is_header_line(last.line, named.table, form) {
            return false;
        }
        self.scan.steady.counts_blanks |= at_end;
        // Where rows may stand side by side, a label that reaches over several columns is their head.
        let is_cell = |cell: &&CellRead| !form.side_by_side || cell.kind != Kind::Merged;
        if self.cells.iter().filter(is_cell).count() < form.columns.len() {
            return false;
        }
        self.take(named, &[named.row]);
        true
    }

    /// Heads of columns on a line make it a header, and so do labels of several rows where rows stand side by side. A head
    /// that is spelt like a row (总计) is a row only once the table has begun.
    fn is_header_line(&self, line: u32, table: TableId, form: &TableForm) -> bool {
        let heads = self
            .words
            .iter()
            .filter(|piece| piece.line == line)
            .filter(|piece| is_head(self.key_of(**piece).chars(), form))
            .count();
        let begun = self.progress.filled.iter().any(|(other, _)| *other == table);
        let several_rows =
            form.side_by_side && (heads > 2 || rows_named(self.key_of_line(line).chars(), form).len() > 1);
        several_rows || (!form.side_by_side && heads > usize::from(begun))
    }

    fn key_of_line(&self, line: u32) -> Key {
        let mut key = Key::default();
        for piece in self.words.iter().filter(|piece| piece.line == line) {
            key.push(piece.span.of(self.outline.text), piece.span.start);
        }
        key
    }

    /// The words and the cells gathered make a row, or are something else.
    pub(super) fn end_of_row(&mut self) {
        if self.cells.is_empty() {
            return;
        }
        self.drop_label_below();
        self.words_as_cells_side_by_side();
        if let Some((table, rows)) = self.side_by_side(self.cells.len()) {
            if !self.is_named_here(&self.grammar.tables[usize::from(table)]) {
                self.by_order(table);
            }
            let named = Named { table, row: rows[0], tier: Tier::Exact, start: self.key.len() };
            self.take(named, &rows);
            return;
        }
        let line = self.cells[0].line;
        let mut found = named(&self.key, &self.progress);
        let delimited = self.outline.lines[line as usize].delimiter != Delimiter::None;
        if delimited && self.words_as_cells(line, found) {
            found = named(&self.key, &self.progress);
        }
        let Some(named) = found.filter(|named| !self.is_one_of_side_by_side(*named)) else {
            self.no_row();
            return;
        };
        if self.progress.is_filled(named.table, named.row) {
            self.row_twice(named);
            return;
        }
        match self.rows_by_order(named) {
            Some(rows) => self.take(named, &rows),
            None => self.take(named, &[named.row]),
        }
    }

    /// The rows of a table whose rows stand side by side, if the words before are its header and the cells suffice.
    pub(super) fn side_by_side(&mut self, cells: usize) -> Option<(TableId, Vec<RowId>)> {
        let (table, form) = self.progress.tables.iter().find(|(_, form)| form.side_by_side)?;
        let (width, rows) = (form.columns.len(), form.rows.len());
        let figures = self.cells.iter().filter(|cell| matches!(cell.kind, Kind::Figure(_) | Kind::Text)).count();
        self.scan.steady.counts_blanks |= figures < width * rows;
        let still_to_come = |row: &RowId| !self.progress.is_filled(*table, *row);
        // The rest of the header's merged cells is none of them.
        let before = self.cells.iter().take_while(|cell| cell.kind == Kind::Merged).count();
        let all = cells >= width * rows + before && (0..rows as RowId).all(|row| still_to_come(&row));
        let some = figures > 0 && figures.is_multiple_of(width) && figures < width * rows;
        if !all && !some {
            return None;
        }
        let named_here = self.is_named_here(form);
        // The label of a row of another table is right before its own figures.
        let is_other = |named: Named| named.table != *table && named.tier == Tier::Exact;
        if wholly_named(&self.key, &self.progress).is_some_and(is_other) {
            return None;
        }
        if all && (named_here || (self.own && self.progress.tables.len() == 1)) {
            return Some((*table, (0..rows as RowId).collect()));
        }
        if !some || !named_here {
            return None;
        }
        // One row with its label right before the figures is an ordinary row.
        let named = rows_named(self.key.chars(), form);
        let fits = figures == named.len() * width && named.iter().all(still_to_come);
        fits.then_some((*table, named))
    }

    /// Whether the labels of several rows that stand side by side have too few figures, so that nothing says whose they are.
    fn is_one_of_side_by_side(&self, named: Named) -> bool {
        let form = &self.grammar.tables[usize::from(named.table)];
        let width = form.columns.len();
        let figures = self.figures();
        if !form.side_by_side || figures == 0 {
            return false;
        }
        // A label with blanks of its own behind it is that of a row.
        let is_blank = |(piece, blanks): &&(Piece, usize)| {
            *blanks >= width && !rows_named(self.key_of(*piece).chars(), form).is_empty()
        };
        let rows = rows_named(self.key.chars(), form).len();
        let rows = rows - self.line_trails.iter().filter(is_blank).count().min(rows);
        rows > 1 && figures < rows * width
    }

    /// Whether the words before are the table's header.
    fn is_named_here(&self, form: &TableForm) -> bool {
        hits(self.key.chars(), form) >= 2
    }

    /// Says that the figures gathered were given to rows by their order.
    fn by_order(&mut self, table: TableId) {
        let span = self.span_of_cells();
        self.scan.findings.push(Finding { table: Some(table), ..Finding::new(Code::RowsByOrder).at(span) });
    }

    /// From the first cell gathered to the last; there is one.
    fn span_of_cells(&self) -> Span {
        self.cells[0].span.to(self.cells[self.cells.len() - 1].span)
    }

    /// Labels of several rows and then the figures of all of them: they belong together in this order, if their number is right.
    fn rows_by_order(&mut self, last: Named) -> Option<Vec<RowId>> {
        let form = &self.grammar.tables[usize::from(last.table)];
        let width = form.columns.len();
        let figures = self.figures();
        if figures <= width || !figures.is_multiple_of(width) {
            return None;
        }
        self.scan.steady.counts_blanks = true;
        if figures != self.cells.len() {
            return None;
        }
        let count = figures / width;
        // Lines with a figure of every row are the columns.
        let by_columns = self.cells.chunk_by(|a, b| a.line == b.line).all(|line| line.len() == count);
        let of_all = !form.side_by_side || rows_named(self.key.chars(), form).len() == count;
        if count != width && by_columns || !of_all {
            return None;
        }
        let mut rows = vec![last.row];
        let mut end = last.start;
        while rows.len() < count {
            let mut before = Key::default();
            let first = self
                .words
                .iter()
                .position(|piece| self.key.chars()[end..].first().is_none_or(|c| piece.span.end > c.at))?;
            for piece in &self.words[..first] {
                before.push(piece.span.of(self.outline.text), piece.span.start);
            }
            let earlier = wholly_named(&before, &self.progress)
                .filter(|named| named.table == last.table && named.tier == Tier::Exact)?;
            if rows.contains(&earlier.row) {
                return None;
            }
            rows.insert(0, earlier.row);
            end = self.key.chars().iter().position(|c| c.at == before.chars()[earlier.start].at)?;
        }
        if !rows.is_sorted() || self.labels_between(end, last.table) != count {
            return None;
        }
        self.by_order(last.table);
        Some(rows)
    }

    /// How many rows the words from `start` on name.
    fn labels_between(&self, start: usize, table: TableId) -> usize {
        let from = self.key.chars()[start].at;
        let pieces = self.words.iter().filter(|piece| piece.span.end > from);
        pieces
            .filter(|piece| {
                wholly_named(&self.key_of(**piece), &self.progress)
                    .is_some_and(|named| named.table == table && named.tier == Tier::Exact)
            })
            .count()
    }

    /// The empty cells behind the head of the table's last column.
    pub(super) fn trail(&self, table: TableId) -> Option<usize> {
        let last = self.grammar.tables[usize::from(table)].columns.last()?;
        self.line_trails.iter().rev().find_map(|(piece, blanks)| {
            let key = self.key_of(*piece);
            let is_last =
                last.labels.iter().any(|label| key.chars().iter().map(|c| c.ch).eq(label.key.iter().copied()));
            is_last.then_some(*blanks)
        })
    }

    fn take(&mut self, named: Named, rows: &[RowId]) {
        let chars = self.key.chars();
        if !self.scan.headers.iter().any(|header| header.table == named.table) {
            let words = chars[..named.start].to_vec();
            self.scan.headers.push(HeaderRead { table: named.table, trail: self.trail(named.table), words });
        }
        let label_start = chars.get(named.start).map(|c| c.at);
        let label =
            label_start.and_then(|start| self.words.last().map(|last| Span::new(start, last.span.end.max(start))));
        if matches!(named.tier, Tier::Near | Tier::Strewn)
            && let Some(label) = label
        {
            let form = &self.grammar.tables[usize::from(named.table)].rows[usize::from(named.row)];
            self.scan.findings.push(Finding {
                table: Some(named.table),
                row: Some(named.row),
                expected: form.labels.first().map(|label| label.shown.clone()),
                found: Some(crate::text::clean(label.of(self.outline.text)).into_owned()),
                ..Finding::new(Code::RowNear).at(label)
            });
        }
        // Of a label that has only begun, the rest is still to come; it can be told from what there is of it.
        self.below.clear();
        if named.tier == Tier::Begun {
            let form = &self.grammar.tables[usize::from(named.table)].rows[usize::from(named.row)];
            let begun: Vec<char> = chars[named.start..].iter().map(|c| c.ch).collect();
            let label = form.labels.iter().find(|label| label.key.starts_with(&begun));
            self.below.extend(label.iter().flat_map(|label| &label.key[begun.len()..]));
        }
        let line =
            label.and(self.words.iter().find(|piece| Some(piece.span.end) > label_start)).map(|piece| piece.line);
        let line = line.or(self.cells.first().map(|cell| cell.line)).unwrap_or(0);
        self.progress.filled.extend(rows.iter().map(|row| (named.table, *row)));
        let depth = self.words.last().map_or(0, |label| self.cells_before(*label));
        self.words_are_labels(label_start);
        self.key.clear();
        let (ids, cells) = (self.scan.ids.len(), self.scan.cells.len());
        self.scan.ids.extend_from_slice(rows);
        self.scan.cells.append(&mut self.cells);
        let (ids, cells) = (ids..self.scan.ids.len(), cells..self.scan.cells.len());
        self.scan.rows.push(RowRead { table: named.table, ids, cells, line, depth });
    }

    /// How many cells of its line stand before the piece.
    pub(super) fn cells_before(&self, piece: Piece) -> usize {
        let line = &self.outline.lines[piece.line as usize];
        let before = Span::new(line.full.start, piece.span.start).of(self.outline.text);
        match line.delimiter {
            Delimiter::None => 0,
            Delimiter::Tab => before.matches('\t').count(),
            Delimiter::Pipe => before.matches('|').count(),
        }
    }

    /// Letters that stand below the figures of the row before belong to its label.
    pub(super) fn drop_label_below(&mut self) {
        let below = std::mem::take(&mut self.below);
        let chars = self.key.chars();
        if below.is_empty() || chars.len() < below.len() || !chars.iter().zip(&below).all(|(c, letter)| c.ch == *letter)
        {
            return;
        }
        let end = chars[below.len() - 1].at;
        let rest: Vec<Piece> = self.words.iter().copied().filter(|piece| piece.span.start > end).collect();
        for piece in &self.words {
            if piece.span.start <= end {
                self.scan.roles.push((piece.span, Role::Label));
            }
        }
        self.key.clear();
        self.words.clear();
        for piece in rest {
            self.add_words(piece);
        }
    }

    /// Marks the gathered words as labels: those from `label_start` on, and those that are words of the tables.
    pub(super) fn words_are_labels(&mut self, label_start: Option<u32>) {
        let words = std::mem::take(&mut self.words);
        for piece in &words {
            if label_start.is_some_and(|start| piece.span.end > start) || self.is_vocabulary(*piece) {
                self.scan.roles.push((piece.span, Role::Label));
            }
        }
        self.words = words;
        self.words.clear();
    }

    fn no_row(&mut self) {
        let figures: Vec<&str> = self
            .cells
            .iter()
            .filter(|cell| matches!(cell.kind, Kind::Figure(Figure { value: Value::Number(_), .. })))
            .map(|cell| cell.span.of(self.outline.text))
            .collect();
        let has_header = || self.progress.tables.iter().any(|(_, form)| hits(self.key.chars(), form) > 2);
        let underway = !self.scan.rows.is_empty() || figures.len() > 1 && has_header();
        let alone = self.cells.len() == 1 && self.words.is_empty();
        let has_figures = self.cells.iter().any(|cell| matches!(cell.kind, Kind::Figure(_)));
        self.scan.steady.is_lost |= underway && has_figures && !alone;
        self.scan.steady.counts_blanks = true;
        // A number alone is a page number.
        if underway && !figures.is_empty() && !alone {
            let span = self.span_of_cells();
            let found = Some(figures.join(" "));
            self.scan.findings.push(Finding { found, ..Finding::new(Code::FiguresWithoutRow).at(span) });
        }
        self.forget();
    }

    fn row_twice(&mut self, named: Named) {
        let span = self.span_of_cells();
        let finding =
            Finding { table: Some(named.table), row: Some(named.row), ..Finding::new(Code::RowTwice).at(span) };
        self.scan.findings.push(finding);
        self.forget();
    }

    fn forget(&mut self) {
        self.words_are_labels(None);
        self.key.clear();
        self.cells.clear();
    }
}
