//! The new folder under way: its files, written row group by row group.
//!
//! In: rows of new reports, and rows of old ones as columns. Out: files that are on the disk. Of each file, one row group that is
//! not whole yet is held in memory, packed.

use std::fs::File;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;

use super::super::Cause;
use super::cause;
use super::columns::{Cells, Columns, Datum, scaled};
use super::old::{BY_REPORT, Load};
use super::place::Place;
use super::schema::{DIGITS, PLACES, Table, table};
use crate::report::{Code, Decimal, Severity};
use crate::wire::Codebook;
use crate::wire::relations::{FindingRow, Rows};

/// How many rows are made columns of at once, and how many bytes of text.
const ROWS: usize = 1 << 14;
const BYTES: usize = 4 << 20;

/// The files with the rows of reports.
pub(super) struct Files {
    cells: Cells,
    /// As in [`BY_REPORT`]; the columns of cells are apart.
    outs: [Out; 5],
}

struct Out {
    writer: ArrowWriter<File>,
    schema: SchemaRef,
    columns: Columns,
    /// What is not written yet.
    rows: usize,
    bytes: usize,
}

/// What a row of `reports` says besides what the report itself gives.
pub(super) struct Given {
    pub(super) report: u32,
    pub(super) load: u32,
    pub(super) time: i64,
    pub(super) key: String,
}

impl Files {
    /// Begins a new folder.
    pub(super) fn begin(place: &Place, codebook: &Codebook) -> Result<Files, Cause> {
        place.begin().map_err(Cause::Io)?;
        let mut outs = Vec::with_capacity(BY_REPORT.len());
        for name in BY_REPORT {
            outs.push(Out::create(place, &table(name))?);
        }
        let outs = outs.try_into().map_err(|_| Cause::Damaged)?;
        Ok(Files { cells: Cells::of(codebook), outs })
    }

    /// Adds a report. A figure that is too large or too fine for its column leaves it empty, with a finding that holds it.
    pub(super) fn add(&mut self, rows: &Rows, given: &Given, codebook: &Codebook) -> Result<(), Cause> {
        let id = given.report;
        let [reports, cells, sections, statements, findings] = &mut self.outs;
        let mut unfit = Vec::new();
        for row in &rows.cells {
            if !self.cells.add(id, row) {
                let names = codebook.names.get(row.cell as usize).map(|names| names.clone().map(Some));
                let figure = row.value.unwrap_or_default();
                unfit.push(FindingRow { cell: names.unwrap_or_default(), ..no_room(figure, row.place) });
            }
        }
        cells.rows += rows.cells.len();
        for (index, row) in rows.sections.iter().enumerate() {
            let own = [row.section.as_ref().into(), (index + 1).into(), row.number.as_ref().into()];
            sections.add(&[&[id.into()], &own[..], &[(&row.heading).into(), (&row.text).into()]].concat())?;
        }
        for (index, row) in rows.statements.iter().enumerate() {
            let [line, start, end] = row.place;
            let figure = scaled(row.figure);
            if figure.is_none() {
                unfit.push(FindingRow { rule: Some(row.rule.clone()), ..no_room(row.figure, Some(row.place)) });
            }
            statements.add(&[
                id.into(),
                (index + 1).into(),
                (&row.rule).into(),
                row.subject().into(),
                figure.map_or(Datum::Nothing, Datum::Decimal),
                row.unit.into(),
                (&row.text).into(),
                line.into(),
                start.into(),
                end.into(),
                (&row.cells).into(),
                row.parts.as_ref().into(),
                row.result.into(),
                row.reason.into(),
            ])?;
        }
        for (index, row) in rows.findings.iter().chain(&unfit).enumerate() {
            findings.add(&finding(id, index + 1, row))?;
        }
        let own = &rows.report;
        let [errors, warnings, notes] = own.severities;
        reports.add(&[
            id.into(),
            (&own.path).into(),
            own.record.as_ref().into(),
            (&own.sha256).into(),
            i64::try_from(own.bytes).unwrap_or(i64::MAX).into(),
            own.encoding.into(),
            own.grammar.as_ref().into(),
            own.status.into(),
            own.title.as_ref().into(),
            own.issuer.as_ref().into(),
            own.year.map(u32::from).into(),
            given.time.into(),
            given.load.into(),
            (&given.key).into(),
            own.replaced.into(),
            rows.cells.len().into(),
            rows.sections.len().into(),
            rows.statements.len().into(),
            errors.into(),
            (warnings as usize + unfit.len()).into(),
            notes.into(),
        ])?;
        if self.outs[1].rows >= ROWS {
            self.write_cells()?;
        }
        Ok(())
    }

    /// Adds rows as they stand in the old folder, to one of [`BY_REPORT`].
    pub(super) fn copy(&mut self, file: usize, batch: &RecordBatch) -> Result<(), Cause> {
        if file == 1 {
            self.write_cells()?;
        }
        let Some(out) = self.outs.get_mut(file) else { return Ok(()) };
        out.write()?;
        out.take(batch.columns().to_vec())
    }

    fn write_cells(&mut self) -> Result<(), Cause> {
        let out = &mut self.outs[1];
        if std::mem::take(&mut out.rows) == 0 {
            return Ok(());
        }
        let columns = self.cells.take().map_err(said)?;
        out.take(columns)
    }

    /// Brings everything to the disk, with the other two files.
    pub(super) fn end(mut self, place: &Place, loads: &[Load], codebook: &[[Option<String>; 9]]) -> Result<(), Cause> {
        self.write_cells()?;
        for out in self.outs {
            out.end()?;
        }
        let mut out = Out::create(place, &table("loads"))?;
        for load in loads {
            let [added, replaced, unchanged, removed] = load.counts;
            out.add(&[
                load.id.into(),
                load.started.into(),
                load.ended.into(),
                (&load.state).into(),
                (&load.version).into(),
                (&load.fingerprint).into(),
                (&load.options).into(),
                added.into(),
                replaced.into(),
                unchanged.into(),
                removed.into(),
            ])?;
        }
        out.end()?;
        let mut out = Out::create(place, &table("codebook"))?;
        for row in codebook {
            let ordinal = row[8].as_ref().and_then(|ordinal| ordinal.parse::<u32>().ok());
            let words = row[..8].iter().map(|word| Datum::from(word.as_ref()));
            out.add(&words.chain([ordinal.into()]).collect::<Vec<_>>())?;
        }
        out.end()
    }
}

impl Out {
    fn create(place: &Place, table: &Table) -> Result<Out, Cause> {
        let file = place.create(table.name).map_err(Cause::Io)?;
        let schema = table.schema();
        let writer = ArrowWriter::try_new(file, schema.clone(), Some(table.properties())).map_err(cause)?;
        Ok(Out { writer, schema, columns: Columns::of(table), rows: 0, bytes: 0 })
    }

    fn add(&mut self, row: &[Datum<'_>]) -> Result<(), Cause> {
        self.columns.add(row).map_err(said)?;
        self.rows += 1;
        self.bytes += row.iter().map(Datum::held).sum::<usize>();
        if self.rows >= ROWS || self.bytes >= BYTES { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), Cause> {
        self.bytes = 0;
        if std::mem::take(&mut self.rows) == 0 {
            return Ok(());
        }
        let columns = self.columns.take();
        self.take(columns)
    }

    fn take(&mut self, columns: Vec<ArrayRef>) -> Result<(), Cause> {
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(said)?;
        self.writer.write(&batch).map_err(cause)
    }

    fn end(mut self) -> Result<(), Cause> {
        self.write()?;
        let file = self.writer.into_inner().map_err(cause)?;
        file.sync_all().map_err(Cause::Io)
    }
}

/// A figure that its column has no room for.
fn no_room(figure: Decimal, place: Option<[u32; 3]>) -> FindingRow {
    FindingRow {
        code: Code::TextForFigure.to_string(),
        rule: None,
        severity: Severity::Warning,
        cell: [const { None }; 3],
        expected: Some(format!("decimal({DIGITS}, {PLACES})")),
        found: Some(figure.to_string()),
        line: place.map(|[line, ..]| line),
        message: format!(
            "the figure {figure} has no room in a column of decimal({DIGITS}, {PLACES}), which is left empty"
        ),
        section: None,
        help: None,
    }
}

fn finding<'r>(report: u32, ordinal: usize, row: &'r FindingRow) -> [Datum<'r>; 14] {
    let [table, row_id, column] = &row.cell;
    [
        report.into(),
        ordinal.into(),
        (&row.code).into(),
        row.rule.as_ref().into(),
        row.severity.name().into(),
        table.as_ref().into(),
        row_id.as_ref().into(),
        column.as_ref().into(),
        row.expected.as_ref().into(),
        row.found.as_ref().into(),
        row.line.into(),
        (&row.message).into(),
        row.section.as_ref().into(),
        row.help.as_ref().into(),
    ]
}

fn said(error: arrow_schema::ArrowError) -> Cause {
    match error {
        arrow_schema::ArrowError::IoError(_, error) => Cause::Io(error),
        other => Cause::Database(other.to_string()),
    }
}
