//! Figures for a form: random numbers in; one number for every cell out, so that every sum of the form holds.
//!
//! Three tempers of page are mixed: quiet (most figures are 0, like a township), busy (tens), and
//! heavy (thousands, up to eight digits in section 二), since a parser meets all three.

use crate::form::{Edition, tables};
use crate::number::Number;
use crate::rng::Rng;

/// One figure and its place.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    pub table: &'static str,
    pub row: &'static str,
    pub column: &'static str,
    pub value: Number,
}

/// All figures of one report, in the form's order.
#[derive(Debug, Clone)]
pub struct Figures {
    pub edition: Edition,
    pub cells: Vec<Figure>,
}

impl Figures {
    /// The figure in one cell; nothing when the form has no such cell.
    pub fn get(&self, table: &str, row: &str, column: &str) -> Option<Number> {
        self.cells
            .iter()
            .find(|cell| cell.column == column && cell.row == row && cell.table == table)
            .map(|cell| cell.value)
    }

    /// The digits of a whole figure, 0 where there is none.
    pub fn count(&self, table: &str, row: &str, column: &str) -> i64 {
        self.get(table, row, column).map_or(0, |number| number.digits)
    }
}

/// Makes the figures of one report.
pub fn figures(rng: &mut Rng, edition: Edition) -> Figures {
    let temper = rng.pick(&[Temper::Quiet, Temper::Busy, Temper::Busy, Temper::Heavy]);
    figures_of(temper, rng, edition)
}

/// Makes the figures of one report of that temper.
pub fn figures_of(temper: Temper, rng: &mut Rng, edition: Edition) -> Figures {
    let mut cells = Vec::with_capacity(210);
    for form in tables(edition) {
        let columns = form.columns.len();
        let block: Vec<Vec<Number>> = match form.id {
            "applications" => applications(rng, temper, form.rows.len()),
            "review_litigation" => form.rows.iter().map(|_| review(rng, temper)).collect(),
            _ => form
                .rows
                .iter()
                .map(|row| disclosure(rng, temper, row.id, &form.columns.iter().map(|c| c.id).collect::<Vec<_>>()))
                .collect(),
        };
        for (row, values) in form.rows.iter().zip(block) {
            debug_assert_eq!(values.len(), columns);
            for (column, value) in form.columns.iter().zip(values) {
                cells.push(Figure { table: form.id, row: row.id, column: column.id, value });
            }
        }
    }
    Figures { edition, cells }
}

/// How much there is to report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temper {
    /// Most figures are 0, as in a township.
    Quiet,
    /// Tens.
    Busy,
    /// Up to so many in a cell.
    Even(i64),
    /// Thousands.
    Heavy,
}

/// The rows of the table of applications. Outcomes and the carried-out row are free; the total and the
/// two rows of arrivals follow from them, so that the balance holds in each column.
fn applications(rng: &mut Rng, temper: Temper, rows: usize) -> Vec<Vec<Number>> {
    let mut grid = vec![vec![0_i64; 7]; rows];
    let (share, high) = match temper {
        Temper::Quiet => (3, 4),
        Temper::Busy => (25, 40),
        Temper::Even(high) => (20, high),
        Temper::Heavy => (45, 2600),
    };
    for column in 0..6 {
        let mut outcomes = 0;
        for row in &mut grid[2..rows - 2] {
            if rng.chance(share) {
                row[column] = rng.between(1, high);
                outcomes += row[column];
            }
        }
        let carried_out = if rng.chance(share) { rng.between(1, high) } else { 0 };
        let arrived = outcomes + carried_out;
        let carried_in = if rng.chance(60) { rng.between(0, arrived.min(high)) } else { 0 };
        grid[rows - 2][column] = outcomes;
        grid[rows - 1][column] = carried_out;
        grid[0][column] = arrived - carried_in;
        grid[1][column] = carried_in;
    }
    for row in &mut grid {
        row[6] = row[..6].iter().sum();
    }
    grid.into_iter().map(|row| row.into_iter().map(Number::whole).collect()).collect()
}

fn review(rng: &mut Rng, temper: Temper) -> Vec<Number> {
    let (share, high) = match temper {
        Temper::Quiet => (6, 2),
        Temper::Busy => (30, 40),
        Temper::Even(high) => (30, 1 + high / 3),
        Temper::Heavy => (70, 1400),
    };
    let mut row: Vec<i64> = (0..4).map(|_| if rng.chance(share) { rng.between(1, high) } else { 0 }).collect();
    row.push(row.iter().sum());
    row.into_iter().map(Number::whole).collect()
}

/// A row of section 二. In the form of 2019 the decisions must not happen to be the items of last year
/// and their change, for a checker takes that for a column misread.
fn disclosure(rng: &mut Rng, temper: Temper, row: &str, columns: &[&str]) -> Vec<Number> {
    let mut values: Vec<Number> = columns
        .iter()
        .map(|column| match *column {
            "amount" => money(rng, temper),
            "change" => change(rng),
            // Items of power are counted in tens or hundreds, however many decisions they lead to.
            "previous_items" if rng.chance(30) => Number::whole(0),
            "previous_items" => Number::whole(rng.between(1, 900)),
            _ if row == "regulations" && rng.chance(60) => Number::whole(0),
            _ => count(rng, temper),
        })
        .collect();
    if columns.contains(&"change") {
        for index in 0..values.len() {
            match columns[index] {
                // What was there last year can only shrink by as much as there was.
                "change" => {
                    let previous = values[0].digits;
                    if values[index].digits < -previous {
                        values[index] = Number::whole(-previous);
                    }
                }
                "decisions" if values[0].digits + values[1].digits == values[index].digits => {
                    values[index].digits += 1;
                }
                _ => {}
            }
        }
    }
    values
}

fn count(rng: &mut Rng, temper: Temper) -> Number {
    let digits = match temper {
        Temper::Quiet => rng.pick(&[0, 0, 0, 1, 2]),
        Temper::Busy | Temper::Even(_) => rng.pick(&[0, 1, 1, 2, 3, 4]),
        Temper::Heavy => rng.pick(&[0, 1, 3, 4, 5, 6, 7, 8]),
    };
    if digits == 0 {
        return Number::whole(0);
    }
    let low = 10_i64.pow(digits - 1);
    Number::whole(rng.between(low, low * 10 - 1))
}

fn change(rng: &mut Rng) -> Number {
    if rng.chance(40) { Number::whole(0) } else { Number::whole(rng.between(-40, 60)) }
}

/// An amount in 万元 with up to six places, trimmed: `2.50` is kept as `2.5`.
fn money(rng: &mut Rng, temper: Temper) -> Number {
    let whole = count(rng, temper).digits;
    let places = rng.pick(&[0, 1, 2, 2, 3, 4, 6]);
    let scale = 10_i64.pow(places);
    if whole == 0 && rng.chance(60) {
        return Number::whole(0);
    }
    let fraction = rng.between(0, scale - 1);
    Number { digits: whole * scale + fraction, places }.trimmed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sum_of_the_form_holds() {
        for seed in 0..300 {
            for edition in Edition::ALL.iter().copied() {
                let all = figures(&mut Rng::new(seed), edition);
                let forms = tables(edition);
                let form = forms.iter().find(|f| f.id == "applications").expect("the table is there");
                let at = |row: &str, column: &str| all.count("applications", row, column);
                for column in &form.columns {
                    let c = column.id;
                    assert_eq!(
                        at("new_received", c) + at("carried_in", c),
                        at("outcome_total", c) + at("carried_out", c)
                    );
                    let rows = &form.rows[2..form.rows.len() - 2];
                    assert_eq!(rows.iter().map(|r| at(r.id, c)).sum::<i64>(), at("outcome_total", c));
                }
                for row in &form.rows {
                    let parts: i64 = form.columns[..6].iter().map(|c| at(row.id, c.id)).sum();
                    assert_eq!(parts, at(row.id, "total"));
                }
                for row in ["reconsideration", "litigation_direct", "litigation_after_reconsideration"] {
                    let at = |column: &str| all.count("review_litigation", row, column);
                    assert_eq!(at("upheld") + at("corrected") + at("other") + at("pending"), at("total"));
                }
                for cell in &all.cells {
                    assert!(cell.value.digits >= 0 || cell.column == "change");
                    assert!(cell.value.places == 0 || cell.column == "amount");
                }
            }
        }
    }
}
