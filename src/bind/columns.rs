//! Which columns the cells of a row are for, as far as the header and the cells themselves tell.

use super::header::Header;
use super::place::Content;
use super::scan::{CellRead, RowRead};
use super::tables::{Builder, shown};
use crate::report::{Code, ColumnId, Finding, Role, Span};
use crate::text::clean;

pub(super) enum Order<'h> {
    /// The cells as they are, in the form's order of columns.
    Form,
    /// The cells as they are, in this order.
    Header(&'h [ColumnId]),
    /// Merged cells were repeated; these are the cells without repetition.
    Repeated(Vec<CellRead>, &'h [ColumnId]),
    /// The header contradicts the form.
    Unclear,
}

impl Builder<'_> {
    pub(super) fn note_order(&mut self, header: &Header, at: Option<u32>) {
        let moved = |order: &Vec<u16>| !order.is_sorted();
        let columns_moved = header.order.as_ref().is_some_and(moved);
        let rows_moved = header.rows.as_ref().is_some_and(moved);
        if !columns_moved && !rows_moved {
            return;
        }
        let labels: Vec<&str> = match &header.order {
            Some(order) if columns_moved => {
                order.iter().map(|id| shown(&self.form.columns[usize::from(*id)].labels)).collect()
            }
            _ => header.rows.iter().flatten().map(|id| shown(&self.form.rows[usize::from(*id)].labels)).collect(),
        };
        let mut finding = Finding { found: Some(labels.join("、")), ..self.finding(Code::ColumnsMoved, None) };
        finding.span = at.map(|at| Span::new(at, at));
        self.findings.push(finding);
    }

    pub(super) fn order<'h>(
        &mut self,
        header: &'h Header,
        cells: &[CellRead],
        contents: &[Content],
        rows: usize,
    ) -> Order<'h> {
        let all = self.form.columns.len();
        let ink = contents.iter().filter(|content| **content == Content::Ink).count();
        // Merged cells that were repeated: the header repeats the same heads, and the figures under one head are equal.
        let printed: usize = header.repeats.iter().sum();
        if ink > all * rows && rows == 1 && ink == printed && ink == contents.len() && header.repeats.len() == all {
            let mut kept = Vec::new();
            let mut at = 0;
            for repeat in &header.repeats {
                let group = &cells[at..at + repeat];
                self.steady.alike.extend(group[1..].iter().map(|cell| (group[0].span, cell.span)));
                let words = clean(group[0].span.of(self.text));
                if group[1..].iter().any(|cell| clean(cell.span.of(self.text)) != words) {
                    self.steady.is_lost = true;
                    return Order::Form;
                }
                self.roles.extend(group[1..].iter().map(|cell| (cell.span, Role::Cell)));
                kept.push(group[0]);
                at += repeat;
            }
            return Order::Repeated(kept, &header.named);
        }
        if header.foreign {
            return Order::Unclear;
        }
        if let Some(order) = &header.order {
            return Order::Header(order);
        }
        let has_levels = self.form.side_by_side || self.form.columns.iter().any(|column| column.under.is_some());
        if !has_levels && !header.named.is_empty() && header.named.len() < all {
            if header.has_few && ink == contents.len() && ink == header.named.len() {
                self.note_columns(&header.named);
                return Order::Header(&header.named);
            }
            if header.is_moved {
                return Order::Unclear;
            }
        }
        Order::Form
    }

    /// Says once for the table that its header has fewer columns than the form.
    pub(super) fn note_columns(&mut self, named: &[ColumnId]) {
        if self.findings.iter().any(|finding| finding.code == Code::ColumnMissing) {
            return;
        }
        let labels: Vec<&str> = named.iter().map(|id| shown(&self.form.columns[usize::from(*id)].labels)).collect();
        self.findings.push(Finding { found: Some(labels.join("、")), ..self.finding(Code::ColumnMissing, None) });
    }

    /// How many of the cells are the row's own: a bare page number between rows looks like one figure more, or like the last one, on
    /// a line of its own.
    pub(super) fn own_cells(&self, read: &RowRead, cells: &[CellRead], contents: &[Content], width: usize) -> usize {
        if cells.len() < width || contents.iter().any(|content| *content != Content::Ink) {
            return cells.len();
        }
        if cells.len() == width {
            // Nothing tells the page number from the last figure of a row where one was lost.
            let [others @ .., before, last] = cells else { return width };
            let on_one_line = others.iter().all(|cell| cell.line == before.line);
            let is_alone = !others.is_empty() && on_one_line && before.line != last.line;
            return if is_alone { width - 1 } else { width };
        }
        let last_line = cells[width - 1].line;
        let row_on_one_line = cells[..width].iter().all(|cell| cell.line == last_line);
        let with_label = width > 1 || read.line == last_line;
        let beyond = &cells[width..];
        let alone = beyond.iter().all(|cell| cell.line != last_line)
            && beyond.windows(2).all(|cells| cells[0].line != cells[1].line);
        if row_on_one_line && with_label && alone { width } else { cells.len() }
    }
}
