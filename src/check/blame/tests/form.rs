//! A small form as text, its equations, and what is to blame in it.
//!
//! A form is written row by row, figures in the columns `a`, `b`, … and `t` for the total, `-` where there is no figure.
//! Its rows must each add up to `t`. Where there are rows `new`, `in`, `out` and `on`, the others are the parts of `out`, and
//! `new + in = out + on`. `says x.t 5` is a statement of the prose; `signed` and `decimal` loosen all columns.

use crate::check::blame::{Equation, Known, blame};
use crate::report::{Blame, CellId, Decimal, Span};

/// A form with figures.
#[derive(Clone, Default)]
pub(super) struct Form {
    /// Its rows by name.
    pub rows: Vec<(String, Vec<Option<Decimal>>)>,
    /// A cell and what the prose says of it.
    pub says: Vec<(CellId, Decimal)>,
    pub signed: bool,
    pub decimal: bool,
}

impl Form {
    pub fn read(text: &str) -> Form {
        let mut form = Form::default();
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                [] => {}
                ["signed"] => form.signed = true,
                ["decimal"] => form.decimal = true,
                ["says", name, figure] => {
                    let cell = form.cell(name);
                    form.says.push((cell, decimal(figure)));
                }
                [name, figures @ ..] => {
                    let figures = figures.iter().map(|figure| (*figure != "-").then(|| decimal(figure))).collect();
                    form.rows.push(((*name).to_owned(), figures));
                }
            }
        }
        form
    }

    pub fn columns(&self) -> usize {
        self.rows[0].1.len()
    }

    pub fn row(&self, name: &str) -> Option<usize> {
        self.rows.iter().position(|(row, _)| row == name)
    }

    pub fn cell(&self, name: &str) -> CellId {
        let (row, column) = name.split_once('.').unwrap();
        let total = self.columns() - 1;
        let column = if column == "t" { total } else { usize::from(column.as_bytes()[0] - b'a') };
        cell(self.row(row).unwrap(), column)
    }

    pub fn name(&self, cell: CellId) -> String {
        let total = usize::from(cell.column) + 1 == self.columns();
        let column = if total { 't' } else { char::from(b'a' + u8::try_from(cell.column).unwrap()) };
        format!("{}.{column}", self.rows[usize::from(cell.row)].0)
    }

    pub fn value(&self, cell: CellId) -> Option<Decimal> {
        self.rows[usize::from(cell.row)].1[usize::from(cell.column)]
    }

    pub fn set(&mut self, cell: CellId, value: Decimal) {
        self.rows[usize::from(cell.row)].1[usize::from(cell.column)] = Some(value);
    }

    /// Left minus right, where every cell has a figure and nothing overflows.
    fn residual(&self, left: &[(CellId, i64)], right: &[(CellId, i64)]) -> Option<Decimal> {
        let taken_off = right.iter().map(|(cell, times)| (*cell, -times));
        let mut terms = left.iter().copied().chain(taken_off);
        terms.try_fold(Decimal::ZERO, |sum, (cell, times)| sum.plus(self.value(cell)?.times(times)?))
    }

    pub fn equations(&self) -> Vec<Equation> {
        let total = self.columns() - 1;
        let mut sides: Vec<(Vec<CellId>, Vec<CellId>)> = Vec::new();
        for row in 0..self.rows.len() {
            sides.push((vec![cell(row, total)], (0..total).map(|column| cell(row, column)).collect()));
        }
        if let (Some(new), Some(carried), Some(out), Some(on)) =
            (self.row("new"), self.row("in"), self.row("out"), self.row("on"))
        {
            for column in 0..=total {
                let outcomes = (0..self.rows.len()).filter(|row| ![new, carried, out, on].contains(row));
                sides.push((vec![cell(out, column)], outcomes.map(|row| cell(row, column)).collect()));
                sides.push((vec![cell(new, column), cell(carried, column)], vec![cell(out, column), cell(on, column)]));
            }
        }
        let once = |cells: &[CellId]| cells.iter().map(|cell| (*cell, 1)).collect::<Vec<_>>();
        let assessed = |(left, right): &(Vec<CellId>, Vec<CellId>)| {
            let (left, right) = (once(left), once(right));
            Some(Equation::new(&left, &right, self.residual(&left, &right)?))
        };
        let mut equations: Vec<Equation> = sides.iter().filter_map(assessed).collect();
        for (cell, figure) in &self.says {
            let terms = [(*cell, 1)];
            let residual = self.residual(&terms, &[]).and_then(|sum| sum.plus(figure.negated()));
            equations.extend(residual.map(|residual| Equation::stated(&terms, residual)));
        }
        equations
    }

    pub fn blames(&self) -> (Vec<Equation>, Vec<Option<Blame>>) {
        let equations = self.equations();
        let known = |cell: CellId| {
            let (start, end) = (u32::from(cell.row) * 10 + u32::from(cell.column), 999);
            let span = Some(Span { start, end });
            self.value(cell).map(|value| Known { value, span, signed: self.signed, decimal: self.decimal })
        };
        let blames = blame(&equations, known);
        assert_eq!(blames.len(), equations.len());
        (equations, blames)
    }

    /// The causes, one a line, and how many failures have none.
    pub fn shown(&self) -> Vec<String> {
        let (equations, blames) = self.blames();
        let mut lines: Vec<(String, usize)> = Vec::new();
        let mut unexplained = 0;
        for (equation, blame) in equations.iter().zip(&blames) {
            let Some(blame) = blame else {
                unexplained += usize::from(equation.fails());
                continue;
            };
            assert!(equation.fails(), "what holds has no cause");
            let mut line = String::new();
            for blamed in &blame.cells {
                assert_eq!(
                    blamed.span.map(|span| span.start),
                    Some(u32::from(blamed.cell.row) * 10 + u32::from(blamed.cell.column))
                );
                assert_eq!(Some(blamed.found), self.value(blamed.cell));
                line += &format!("{} {}>{} ", self.name(blamed.cell), blamed.found, blamed.mended);
            }
            line += &format!("explains {}", blame.explains);
            line += &blame.looks.map_or(String::new(), |looks| format!(" {looks:?}"));
            line += &if blame.others > 0 { format!(" others {}", blame.others) } else { String::new() };
            match lines.iter_mut().find(|(other, _)| *other == line) {
                Some((_, times)) => *times += 1,
                None => lines.push((line, 1)),
            }
        }
        for (line, times) in &lines {
            assert!(line.contains(&format!("explains {times}")), "{times} times: {line}");
        }
        let mut shown: Vec<String> = lines.into_iter().map(|(line, _)| line).collect();
        shown.extend((unexplained > 0).then(|| format!("{unexplained} unexplained")));
        shown
    }
}

pub(super) fn cell(row: usize, column: usize) -> CellId {
    CellId { table: 7, row: row.try_into().unwrap(), column: column.try_into().unwrap() }
}

pub(super) fn decimal(text: &str) -> Decimal {
    let digits = text.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0');
    let scale = text.split_once('.').map_or(0, |(_, after)| after.len());
    Decimal::from_digits(text.starts_with('-'), digits, scale).unwrap()
}
