//! A stretch of the page -> the rows of tables that stand in it, before their cells are given to columns.
//!
//! In: the pieces of some lines and the tables that may come. Out: a [`Scan`]: for each row its label and the cells behind
//! it, and for each table the words before its first row. There is one mechanism for all layouts: words are gathered until
//! figures come, the words name the row, and the cells until the next words are the row's.

use super::header::{hits, is_head, rows_named};
use super::label::{Named, Progress, Tier, named};
use crate::grammar::{Grammar, TableForm};
use crate::layout::{Delimiter, Figure, Kind, Outline, Piece, Pieces};
use crate::report::{Code, Finding, Role, RowId, Span, TableId, Value};
use crate::text::{Key, KeyChar};

/// What was found in a stretch.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// In reading order.
    pub rows: Vec<RowRead>,
    /// The headers of the tables that have rows.
    pub headers: Vec<HeaderRead>,
    /// Labels, and words of the tables that are no row's label.
    pub roles: Vec<(Span, Role)>,
    /// What is to be said of it.
    pub findings: Vec<Finding>,
    /// Words after the last figures.
    pub rest: Key,
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
    /// One row, or those that the cells are for, in order.
    pub rows: Vec<RowId>,
    pub cells: Vec<CellRead>,
    /// The line of the page's outline where the row's first word or figure stands.
    pub line: u32,
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
    outline: &Outline<'_>,
    grammar: &Grammar,
    tables: Vec<(TableId, &TableForm)>,
    pieces: &Pieces,
    own: bool,
) -> Scan {
    let mut scanner = Scanner {
        outline,
        grammar,
        own,
        lines_are_rows: pieces.lines_are_rows,
        progress: Progress { tables, filled: Vec::new() },
        key: Key::default(),
        words: Vec::new(),
        cells: Vec::new(),
        below: Vec::new(),
        line_trails: Vec::new(),
        skipped_line: None,
        scan: Scan::default(),
    };
    scanner.run(&pieces.list);
    scanner.scan
}

struct Scanner<'p> {
    outline: &'p Outline<'p>,
    grammar: &'p Grammar,
    /// Whether the stretch is the tables' own section.
    own: bool,
    /// Whether delimited lines are rows.
    lines_are_rows: bool,
    progress: Progress<'p>,
    /// The words since the last figures, as a key and as pieces.
    key: Key,
    words: Vec<Piece>,
    /// The cells since those words.
    cells: Vec<CellRead>,
    /// What must still come of a label whose figures stood beside its first part.
    below: Vec<char>,
    /// The last word of each delimited line without figures, with the number of empty cells behind it.
    line_trails: Vec<(Piece, usize)>,
    /// A line that was taken as a remark.
    skipped_line: Option<u32>,
    scan: Scan,
}

impl Scanner<'_> {
    fn run(&mut self, pieces: &[Piece]) {
        let mut index = 0;
        while index < pieces.len() {
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

    fn cell(&mut self, piece: Piece) {
        self.cells.push(CellRead { span: piece.span, kind: piece.kind, line: piece.line });
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
            let one_row_so_far = pieces[..index].iter().rev().take_while(|other| other.kind != Kind::Text).all(|other| other.kind != Kind::LineEnd);
            if one_row_so_far && !self.progress.tables.iter().any(|(_, form)| form.side_by_side && hits(self.key.chars(), form) > 2) {
                self.blank_row();
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

    fn add_words(&mut self, piece: Piece) {
        /// More words than any header has; beyond that it is something else's text.
        const MOST_LETTERS: usize = 4000;
        self.key.push(piece.span.of(self.outline.text), piece.span.start);
        self.words.push(piece);
        if self.key.len() > MOST_LETTERS {
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
    fn begins_a_row(&self, piece: Piece) -> bool {
        let key = self.key_of(piece);
        named(&key, &self.progress).is_some_and(|named| named.tier == Tier::Exact)
    }

    fn key_of(&self, piece: Piece) -> Key {
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
        let found = named(&self.key, &self.progress).filter(|named| named.tier <= Tier::Defined);
        let fits = found.is_some_and(|found| {
            let form = &self.grammar.tables[usize::from(found.table)];
            let goes_on = |next: Piece| {
                let row_follows = || named(&self.key_of(next), &self.progress).is_some_and(|next| next.tier <= Tier::Defined);
                self.is_vocabulary(next) || row_follows() || (found.tier == Tier::Exact && !self.counts(next))
            };
            run.len() == form.columns.len() && next.is_some_and(|next| goes_on(*next))
        }) || (found.is_none() && self.side_by_side(run.len()).is_some());
        if fits && self.cells.is_empty() {
            for piece in &run {
                if let Kind::Inner(figure) = piece.kind {
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
        let words = piece.span.of(self.outline.text);
        words.starts_with(|c: char| "件项項条條个個次宗起份篇人家户年月日万萬亿元，。、；,;%％余多".contains(c))
    }

    fn is_vocabulary(&self, piece: Piece) -> bool {
        let key: String = self.key_of(piece).chars().iter().map(|c| c.ch).collect();
        !key.is_empty() && self.progress.tables.iter().any(|(_, form)| form.vocabulary.makes(&key))
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
        let only_figures = |line: u32| {
            let here = pieces.iter().filter(|piece| piece.line == line && piece.kind != Kind::LineEnd);
            here.clone().next().is_some() && here.clone().all(|piece| matches!(piece.kind, Kind::Figure(_)))
        };
        let next = pieces[index + 1..].first();
        if next.is_some_and(|next| only_figures(line) && only_figures(next.line)) {
            return;
        }
        self.end_of_row();
    }

    /// A delimited line with a label and no figure: its cells are blank, or hold text.
    fn row_without_figures(&mut self, line: u32) {
        if self.words.last().is_none_or(|piece| piece.line != line) {
            let blank_line_of_a_table = self.side_by_side(self.cells.len()).is_some();
            if blank_line_of_a_table { self.end_of_row() } else { self.cells.clear() }
            return;
        }
        if self.blank_row() {
            return;
        }
        if self.words_as_cells(line) { self.end_of_row() } else { self.cells.clear() }
    }

    /// `行政许可 | 见附件 | 3 |`: the words of a line behind the label of a row are its first cells.
    fn words_as_cells(&mut self, line: u32) -> bool {
        let first = self.words.iter().position(|piece| piece.line == line).unwrap_or(self.words.len());
        let Some(label) = (first..self.words.len()).rev().find(|index| self.begins_a_row(self.words[*index])) else { return false };
        if label + 1 == self.words.len() || self.words[label + 1..].iter().any(|piece| self.is_vocabulary(*piece)) {
            return false;
        }
        let texts = self.words.split_off(label + 1);
        let rest = std::mem::take(&mut self.cells);
        self.key.clear();
        for piece in std::mem::take(&mut self.words) {
            self.add_words(piece);
        }
        for piece in texts {
            self.cell(piece);
        }
        self.cells.extend(rest);
        true
    }

    /// Takes the blanks as the cells of the row that the last words name, if there are enough of them.
    fn blank_row(&mut self) -> bool {
        let Some(last) = self.words.last() else { return false };
        if !self.begins_a_row(*last) {
            return false;
        }
        let Some(named) = named(&self.key, &self.progress).filter(|named| named.tier == Tier::Exact) else { return false };
        let form = &self.grammar.tables[usize::from(named.table)];
        if self.progress.is_filled(named.table, named.row) || self.cells.len() < form.columns.len() || self.is_header_line(last.line, named.table, form) {
            return false;
        }
        self.take(named, vec![named.row]);
        true
    }

    /// Heads of columns on a line make it a header, and so do labels of several rows where rows stand side by side. A head
    /// that is spelt like a row (总计) is a row only once the table has begun.
    fn is_header_line(&self, line: u32, table: TableId, form: &TableForm) -> bool {
        let heads = self.words.iter().filter(|piece| piece.line == line).filter(|piece| is_head(self.key_of(**piece).chars(), form)).count();
        let begun = self.progress.filled.iter().any(|(other, _)| *other == table);
        let several_rows = form.side_by_side && (heads > 2 || rows_named(self.key_of_line(line).chars(), form).len() > 1);
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
    fn end_of_row(&mut self) {
        if self.cells.is_empty() {
            return;
        }
        self.drop_label_below();
        if let Some((table, rows)) = self.side_by_side(self.cells.len()) {
            let named = Named { table, row: rows[0], tier: Tier::Exact, start: self.key.len(), begun: None };
            self.take(named, rows);
            return;
        }
        let line = self.cells[0].line;
        let mut found = named(&self.key, &self.progress);
        let delimited = self.outline.lines[line as usize].delimiter != Delimiter::None;
        if delimited && found.is_none_or(|named| named.tier > Tier::Inside) && self.words_as_cells(line) {
            found = named(&self.key, &self.progress);
        }
        let Some(named) = found else {
            self.no_row();
            return;
        };
        if self.progress.is_filled(named.table, named.row) {
            self.row_twice(named);
            return;
        }
        let rows = self.rows_by_order(named).unwrap_or_else(|| vec![named.row]);
        self.take(named, rows);
    }

    /// The rows of a table whose rows stand side by side, if the words before are its header and the cells suffice.
    fn side_by_side(&self, cells: usize) -> Option<(TableId, Vec<RowId>)> {
        let figures = self.cells.iter().filter(|cell| matches!(cell.kind, Kind::Figure(_) | Kind::Text)).count();
        let (table, form) = self.progress.tables.iter().find(|(_, form)| form.side_by_side)?;
        let (width, rows) = (form.columns.len(), form.rows.len());
        let still_to_come = |row: &RowId| !self.progress.is_filled(*table, *row);
        let all: Vec<RowId> = (0..rows as RowId).collect();
        let named_here = hits(self.key.chars(), form);
        let is_header = named_here >= 2 || (self.own && self.progress.tables.len() == 1);
        if !is_header {
            return None;
        }
        if cells >= width * rows && all.iter().all(still_to_come) {
            return Some((*table, all));
        }
        let named = rows_named(self.key.chars(), form);
        let fits = !named.is_empty() && named.len() < rows && figures == named.len() * width && named.iter().all(still_to_come);
        // One row with its label right before the figures is an ordinary row.
        (fits && named_here >= 2).then_some((*table, named))
    }

    /// Labels of several rows and then the figures of all of them: they belong together in this order, if their number is right.
    fn rows_by_order(&mut self, last: Named) -> Option<Vec<RowId>> {
        let form = &self.grammar.tables[usize::from(last.table)];
        let width = form.columns.len();
        let figures = self.cells.iter().filter(|cell| matches!(cell.kind, Kind::Figure(_))).count();
        if figures != self.cells.len() || figures <= width || !figures.is_multiple_of(width) {
            return None;
        }
        let count = figures / width;
        let mut rows = vec![last.row];
        let mut end = last.start;
        while rows.len() < count {
            let mut before = Key::default();
            let first = self.words.iter().position(|piece| self.key.chars()[end..].first().is_none_or(|c| piece.span.end > c.at))?;
            for piece in &self.words[..first] {
                before.push(piece.span.of(self.outline.text), piece.span.start);
            }
            let earlier = named(&before, &self.progress).filter(|named| named.table == last.table && named.tier == Tier::Exact)?;
            if rows.contains(&earlier.row) {
                return None;
            }
            rows.insert(0, earlier.row);
            end = self.key.chars().iter().position(|c| c.at == before.chars()[earlier.start].at)?;
        }
        if !rows.is_sorted() || self.labels_between(end, last.table) != count {
            return None;
        }
        let span = self.cells[0].span.to(self.cells[self.cells.len() - 1].span);
        self.scan.findings.push(Finding { table: Some(last.table), ..Finding::new(Code::RowsByOrder).at(span) });
        Some(rows)
    }

    /// How many rows the words from `start` on name.
    fn labels_between(&self, start: usize, table: TableId) -> usize {
        let from = self.key.chars()[start].at;
        let pieces = self.words.iter().filter(|piece| piece.span.end > from);
        pieces.filter(|piece| named(&self.key_of(**piece), &self.progress).is_some_and(|named| named.table == table && named.tier == Tier::Exact)).count()
    }

    /// The empty cells behind the head of the table's last column.
    fn trail(&self, table: TableId) -> Option<usize> {
        let last = self.grammar.tables[usize::from(table)].columns.last()?;
        self.line_trails.iter().rev().find_map(|(piece, blanks)| {
            let key = self.key_of(*piece);
            let is_last = last.labels.iter().any(|label| key.chars().iter().map(|c| c.ch).eq(label.key.iter().copied()));
            is_last.then_some(*blanks)
        })
    }

    fn take(&mut self, named: Named, rows: Vec<RowId>) {
        let chars = self.key.chars();
        if !self.scan.headers.iter().any(|header| header.table == named.table) {
            let words = chars[..named.start].to_vec();
            self.scan.headers.push(HeaderRead { table: named.table, trail: self.trail(named.table), words });
        }
        let label_start = chars.get(named.start).map(|c| c.at);
        let label = label_start.and_then(|start| self.words.last().map(|last| Span::new(start, last.span.end.max(start))));
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
        self.below = match named.begun {
            Some((length, _)) => {
                let form = &self.grammar.tables[usize::from(named.table)].rows[usize::from(named.row)];
                let begun: Vec<char> = chars[chars.len() - length..].iter().map(|c| c.ch).collect();
                form.labels.iter().find(|label| label.key.starts_with(&begun)).map(|label| label.key[length..].to_vec()).unwrap_or_default()
            }
            None => Vec::new(),
        };
        let line = label.and(self.words.iter().find(|piece| Some(piece.span.end) > label_start)).map(|piece| piece.line);
        let line = line.or(self.cells.first().map(|cell| cell.line)).unwrap_or(0);
        for row in &rows {
            self.progress.filled.push((named.table, *row));
        }
        self.words_are_labels(label_start);
        self.key.clear();
        let cells = std::mem::take(&mut self.cells);
        self.scan.rows.push(RowRead { table: named.table, rows, cells, line });
    }

    /// Letters that stand below the figures of the row before belong to its label.
    fn drop_label_below(&mut self) {
        let below = std::mem::take(&mut self.below);
        let chars = self.key.chars();
        if below.is_empty() || chars.len() < below.len() || !chars.iter().zip(&below).all(|(c, letter)| c.ch == *letter) {
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
    fn words_are_labels(&mut self, label_start: Option<u32>) {
        for piece in std::mem::take(&mut self.words) {
            if label_start.is_some_and(|start| piece.span.end > start) || self.is_vocabulary(piece) {
                self.scan.roles.push((piece.span, Role::Label));
            }
        }
    }

    fn no_row(&mut self) {
        let figures: Vec<&str> = self
            .cells
            .iter()
            .filter(|cell| matches!(cell.kind, Kind::Figure(Figure { value: Value::Number(_), .. })))
            .map(|cell| cell.span.of(self.outline.text))
            .collect();
        let underway = !self.scan.rows.is_empty();
        let page_number = figures.len() == 1 && self.cells.len() == 1 && self.words.is_empty();
        if underway && !figures.is_empty() && !page_number {
            let span = self.cells[0].span.to(self.cells[self.cells.len() - 1].span);
            let found = Some(figures.join(" "));
            self.scan.findings.push(Finding { found, ..Finding::new(Code::FiguresWithoutRow).at(span) });
        }
        self.forget();
    }

    fn row_twice(&mut self, named: Named) {
        let span = self.cells[0].span.to(self.cells[self.cells.len() - 1].span);
        let finding = Finding { table: Some(named.table), row: Some(named.row), ..Finding::new(Code::RowTwice).at(span) };
        self.scan.findings.push(finding);
        self.forget();
    }

    fn forget(&mut self) {
        self.words_are_labels(None);
        self.key.clear();
        self.cells.clear();
    }
}

/// Words in brackets that speak of the figure above them; a numbering or a label in brackets does not.
fn is_remark(words: &str) -> bool {
    let bracketed = words.starts_with(['（', '(']) && words.ends_with(['）', ')']);
    let inner = words.trim_start_matches(['（', '(']).trim_start();
    bracketed && ["其中", "含", "包括", "注", "不含", "内含", "已"].iter().any(|beginning| inner.starts_with(beginning))
}
