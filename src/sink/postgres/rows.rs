//! Rows as `COPY … (FORMAT binary)` takes them.
//!
//! In: the rows of reports. Out: for each table bytes that go to the server as they are. A row is the number of its fields, and each
//! field its length (-1 for NULL) and its bytes, all in network order. A text can't hold U+0000 there; U+FFFD stands for it.

use std::borrow::Cow;

use super::super::{Entry, hexadecimal};
use crate::report::Decimal;
use crate::wire::relations::{CellRow, FindingRow, Relation, Rows, SectionRow, StatementRow, TABLES};

/// What stands before the rows: the format's mark, no flags, no more.
pub(super) const HEAD: &[u8] = b"PGCOPY\n\xFF\r\n\0\0\0\0\0\0\0\0\0";

/// What stands behind them.
pub(super) const END: &[u8] = &(-1i16).to_be_bytes();

/// A table that reports have rows in.
pub(super) struct Staged {
    /// Its name.
    pub(super) name: &'static str,
    /// Where its rows are among the pending ones.
    place: usize,
}

/// The tables; none points to one behind it.
pub(super) const STAGED: &[Staged] = &[
    Staged { name: "reports", place: REPORTS },
    Staged { name: "cell_values", place: CELLS },
    Staged { name: "sections", place: SECTIONS },
    Staged { name: "statements", place: STATEMENTS },
    Staged { name: "findings", place: FINDINGS },
];

const REPORTS: usize = 0;
const CELLS: usize = 1;
const SECTIONS: usize = 2;
const STATEMENTS: usize = 3;
const FINDINGS: usize = 4;

/// What waits for the next transaction.
#[derive(Default)]
pub(super) struct Pending {
    rows: [Vec<u8>; 5],
    cells: usize,
    reports: usize,
    /// The reports among them that take the place of others.
    pub(super) replaced: Vec<i32>,
}

impl Staged {
    pub(super) fn is_reports(&self) -> bool {
        self.place == REPORTS
    }

    /// Makes the staging table.
    pub(super) fn create(&self) -> String {
        let (name, columns) = (self.name, self.columns());
        format!(
            "CREATE TEMPORARY TABLE staged_{name} ON COMMIT DELETE ROWS AS SELECT {columns} FROM {name} WITH NO DATA"
        )
    }

    /// Takes rows.
    pub(super) fn copy(&self) -> String {
        format!("COPY pg_temp.staged_{} ({}) FROM STDIN (FORMAT binary)", self.name, self.columns())
    }

    /// Brings rows from the staging table into the table. A report keeps its row, for what others may have made to point to it; of
    /// its other rows none is left by then.
    pub(super) fn insert(&self) -> Option<String> {
        let (name, columns) = (self.name, self.columns());
        let mut insert = format!("INSERT INTO {name} ({columns}) SELECT {columns} FROM pg_temp.staged_{name}");
        if self.is_reports() {
            let set = columns.split(", ").map(|column| format!("{column} = EXCLUDED.{column}"));
            let set = set.collect::<Vec<_>>().join(", ");
            insert.push_str(&format!(" ON CONFLICT (report_id) DO UPDATE SET {set}"));
        }
        Some(insert)
    }

    /// The columns of the model, whatever else others have added.
    fn columns(&self) -> String {
        let relation: Option<&Relation> = TABLES.iter().find(|relation| relation.name == self.name);
        let columns = relation.map_or(&[][..], |relation| relation.columns);
        columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
    }
}

impl Pending {
    /// The rows of a table.
    pub(super) fn rows(&self, table: &Staged) -> &[u8] {
        &self.rows[table.place]
    }

    pub(super) fn is_empty(&self) -> bool {
        self.reports == 0
    }

    /// Whether it is time for a transaction.
    pub(super) fn is_enough(&self) -> bool {
        const CELLS: usize = 100_000;
        const REPORTS: usize = 4_000;
        const BYTES: usize = 32 << 20;

        self.cells >= CELLS || self.reports >= REPORTS || self.rows.iter().map(Vec::len).sum::<usize>() >= BYTES
    }

    /// Empties it. What a huge report took is given back.
    pub(super) fn clear(&mut self) {
        const KEPT: usize = 32 << 20;

        for rows in &mut self.rows {
            rows.clear();
            rows.shrink_to(KEPT);
        }
        (self.cells, self.reports) = (0, 0);
        self.replaced.clear();
    }

    /// Adds a report. `load` is the number of the run and when it began; `cells` are the numbers of the codebook's cells.
    pub(super) fn add(&mut self, report: i32, entry: &Entry, rows: &Rows, load: (i32, i64), cells: &[i32]) {
        self.reports += 1;
        self.cells += rows.cells.len();
        report_row(&mut self.rows[REPORTS], report, entry, rows, load);
        for row in &rows.cells {
            let cell = cells.get(row.cell as usize).copied().unwrap_or_default();
            cell_row(&mut self.rows[CELLS], report, cell, row);
        }
        for (row, ordinal) in rows.sections.iter().zip(1..) {
            section_row(&mut self.rows[SECTIONS], report, ordinal, row);
        }
        for (row, ordinal) in rows.statements.iter().zip(1..) {
            statement_row(&mut self.rows[STATEMENTS], report, ordinal, row);
        }
        for (row, ordinal) in rows.findings.iter().zip(1..) {
            finding_row(&mut self.rows[FINDINGS], report, ordinal, row);
        }
    }
}

/// A text as PostgreSQL can hold it.
pub(super) fn storable(text: &str) -> Cow<'_, str> {
    if memchr::memchr(0, text.as_bytes()).is_some() { text.replace('\0', "\u{FFFD}").into() } else { text.into() }
}

fn report_row(out: &mut Vec<u8>, report: i32, entry: &Entry, rows: &Rows, (load, started): (i32, i64)) {
    let row = &rows.report;
    fields(out, 21);
    integer(out, report);
    text(out, &row.path);
    optional(out, row.record.as_deref());
    text(out, &row.sha256);
    long(out, i64::try_from(row.bytes).unwrap_or(i64::MAX));
    text(out, row.encoding);
    optional(out, row.grammar.as_deref());
    text(out, row.status);
    optional(out, row.title.as_deref());
    optional(out, row.issuer.as_deref());
    maybe(out, row.year.map(i32::from));
    time(out, started);
    integer(out, load);
    text(out, &hexadecimal(&entry.key()));
    count(out, row.replaced as usize);
    count(out, rows.cells.len());
    count(out, rows.sections.len());
    count(out, rows.statements.len());
    row.severities.iter().for_each(|number| count(out, *number as usize));
}

fn cell_row(out: &mut Vec<u8>, report: i32, cell: i32, row: &CellRow) {
    fields(out, 9);
    integer(out, report);
    integer(out, cell);
    field(out, &i16::from(row.kind).to_be_bytes());
    match row.value {
        Some(value) => decimal(out, value),
        None => null(out),
    }
    optional(out, row.raw.as_deref());
    for part in 0..3 {
        maybe(out, row.place.map(|place| place[part] as i32));
    }
    optional(out, row.unit);
}

fn section_row(out: &mut Vec<u8>, report: i32, ordinal: i32, row: &SectionRow) {
    fields(out, 6);
    integer(out, report);
    optional(out, row.section.as_deref());
    integer(out, ordinal);
    optional(out, row.number.as_deref());
    text(out, &row.heading);
    text(out, &row.text);
}

fn statement_row(out: &mut Vec<u8>, report: i32, ordinal: i32, row: &StatementRow) {
    fields(out, 14);
    integer(out, report);
    integer(out, ordinal);
    text(out, &row.rule);
    text(out, row.subject());
    decimal(out, row.figure);
    optional(out, row.unit);
    text(out, &row.text);
    row.place.iter().for_each(|part| integer(out, *part as i32));
    text(out, &row.cells);
    optional(out, row.parts.as_deref());
    text(out, row.result);
    optional(out, row.reason);
}

fn finding_row(out: &mut Vec<u8>, report: i32, ordinal: i32, row: &FindingRow) {
    fields(out, 14);
    integer(out, report);
    integer(out, ordinal);
    text(out, &row.code);
    optional(out, row.rule.as_deref());
    text(out, row.severity.name());
    row.cell.iter().for_each(|part| optional(out, part.as_deref()));
    optional(out, row.expected.as_deref());
    optional(out, row.found.as_deref());
    maybe(out, row.line.map(|line| line as i32));
    text(out, &row.message);
    optional(out, row.section.as_deref());
    optional(out, row.help.as_deref());
}

fn fields(out: &mut Vec<u8>, count: i16) {
    out.extend_from_slice(&count.to_be_bytes());
}

fn field(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&(bytes.len() as i32).to_be_bytes());
    out.extend_from_slice(bytes);
}

fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(&(-1i32).to_be_bytes());
}

fn integer(out: &mut Vec<u8>, value: i32) {
    field(out, &value.to_be_bytes());
}

fn maybe(out: &mut Vec<u8>, value: Option<i32>) {
    match value {
        Some(value) => integer(out, value),
        None => null(out),
    }
}

fn count(out: &mut Vec<u8>, value: usize) {
    integer(out, i32::try_from(value).unwrap_or(i32::MAX));
}

fn long(out: &mut Vec<u8>, value: i64) {
    field(out, &value.to_be_bytes());
}

/// A moment, from microseconds since 1970; there they are counted from 2000 on.
fn time(out: &mut Vec<u8>, micros: i64) {
    const BETWEEN: i64 = 946_684_800_000_000;

    long(out, micros - BETWEEN);
}

fn text(out: &mut Vec<u8>, value: &str) {
    field(out, storable(value).as_bytes());
}

fn optional(out: &mut Vec<u8>, value: Option<&str>) {
    match value {
        Some(value) => text(out, value),
        None => null(out),
    }
}

/// A numeric: digits to the base 10,000, aligned at the point; the power of the first of them; the sign; how many decimals are shown.
fn decimal(out: &mut Vec<u8>, value: Decimal) {
    const BASE: u128 = 10_000;

    let (mantissa, scale) = value.parts();
    let mut rest = mantissa.unsigned_abs();
    // So that the point stands between two digits; the last group has up to three zeros more, which may not fit in 128 bits.
    let (behind, pad) = (usize::from(scale).div_ceil(4), (4 - scale % 4) % 4);
    let mut digits = [0u16; 12];
    let mut first = digits.len();
    if pad > 0 {
        let kept = 10u128.pow(u32::from(4 - pad));
        first -= 1;
        digits[first] = (rest % kept) as u16 * 10u16.pow(u32::from(pad));
        rest /= kept;
    }
    while rest > 0 {
        first -= 1;
        digits[first] = (rest % BASE) as u16;
        rest /= BASE;
    }
    let weight = (digits.len() - first) as i16 - behind as i16 - 1;
    let digits = &digits[first..];
    let leading = digits.iter().take_while(|digit| **digit == 0).count();
    let trailing = digits[leading..].iter().rev().take_while(|digit| **digit == 0).count();
    let digits = &digits[leading..digits.len() - trailing];
    let weight = if digits.is_empty() { 0 } else { weight - leading as i16 };

    out.extend_from_slice(&(8 + 2 * digits.len() as i32).to_be_bytes());
    out.extend_from_slice(&(digits.len() as i16).to_be_bytes());
    out.extend_from_slice(&weight.to_be_bytes());
    out.extend_from_slice(&if mantissa < 0 { 0x4000u16 } else { 0 }.to_be_bytes());
    out.extend_from_slice(&u16::from(scale).to_be_bytes());
    digits.iter().for_each(|digit| out.extend_from_slice(&digit.to_be_bytes()));
}
