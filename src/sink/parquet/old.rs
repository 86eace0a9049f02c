//! What the folder has from earlier runs: which reports, where their rows stand in its files, and the rows themselves, a few at
//! a time.
//!
//! The rows of a report stand together in each file, in the order of `reports`; how many there are is told by the counts there.

use std::collections::HashMap;
use std::fs::File;
use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::PageIndexPolicy;

use super::super::Cause;
use super::super::hash::hash;
use super::super::ledger::{Ledger, Recorded};
use super::place::Place;
use super::schema::{VERSION_KEY, table};
use super::{cause, identity};
use crate::report::Status;
use crate::wire::relations::VERSION;

/// The files with the rows of reports. The first one has a row a report.
pub(super) const BY_REPORT: [&str; 5] = ["reports", "cells", "sections", "statements", "findings"];

/// How many rows of a file are read at once, and how many bytes of them, about.
const ROWS: u64 = 4096;
const BYTES: u64 = 4 << 20;

/// The folder as it is.
#[derive(Default)]
pub(super) struct Old {
    /// For each report, the rows before its own in each file but `reports`; and one more for the end.
    starts: Vec<[u64; 4]>,
    /// The reports by their texts, and by their numbers.
    by_text: HashMap<[u8; 16], u32>,
    by_number: HashMap<u32, u32>,
    /// Those whose rows stand in the new folder, or are replaced there, or removed.
    done: Vec<bool>,
    files: Vec<Rows>,
    pub(super) loads: Vec<Load>,
    pub(super) codebook: Vec<[Option<String>; 9]>,
}

/// A row of `loads`.
#[derive(Clone, Debug)]
pub(super) struct Load {
    pub(super) id: u32,
    pub(super) started: i64,
    pub(super) ended: i64,
    pub(super) state: String,
    pub(super) version: String,
    pub(super) fingerprint: String,
    pub(super) options: String,
    /// Added, replaced, unchanged, removed.
    pub(super) counts: [u32; 4],
}

/// The rows of one file, read on from wherever one begins.
struct Rows {
    file: File,
    metadata: ArrowReaderMetadata,
    reader: Option<ParquetRecordBatchReader>,
    /// The row that comes next, and what was read of those from there on.
    at: u64,
    ahead: Option<RecordBatch>,
}

impl Old {
    /// Reads what the folder has into the ledger; nothing where there is none. `fingerprint` is that of reports which this run would
    /// read the same.
    pub(super) fn open(place: &Place, fingerprint: Option<&str>, ledger: &mut Ledger) -> Result<Old, Cause> {
        if place.is_empty()? {
            return Ok(Old::default());
        }
        let mut old = Old::default();
        for name in BY_REPORT {
            match Rows::open(place, name)? {
                Some(rows) => old.files.push(rows),
                // What has the columns of an older version is made anew.
                None => return Ok(Old::default()),
            }
        }
        let (Some(mut loads), Some(mut codebook)) = (Rows::open(place, "loads")?, Rows::open(place, "codebook")?)
        else {
            return Ok(Old::default());
        };
        loads.each(|batch| {
            old.loads.extend((0..batch.num_rows()).filter_map(|row| load(batch, row)));
            Ok(())
        })?;
        codebook.each(|batch| {
            old.codebook
                .extend((0..batch.num_rows()).map(|row| std::array::from_fn(|column| word(batch, column, row))));
            Ok(())
        })?;
        old.record(fingerprint, ledger)?;
        Ok(old)
    }

    fn record(&mut self, fingerprint: Option<&str>, ledger: &mut Ledger) -> Result<(), Cause> {
        const COLUMNS: [&str; 11] = [
            "report_id",
            "name_key",
            "sha256",
            "status",
            "load_id",
            "cell_count",
            "section_count",
            "statement_count",
            "error_count",
            "warning_count",
            "note_count",
        ];
        let current = |load: &&Load| Some(load.fingerprint.as_str()) == fingerprint;
        let current: Vec<u32> = self.loads.iter().filter(current).map(|load| load.id).collect();
        let Some(reports) = self.files.first() else { return Ok(()) };
        let mut start = [0u64; 4];
        let mut whole = true;
        for batch in reports.columns(&COLUMNS)? {
            let batch = batch.map_err(|error| Cause::Database(error.to_string()))?;
            for row in 0..batch.num_rows() {
                let text = |name: &str| batch.column_by_name(name).and_then(|column| text(column, row));
                let number = |name: &str| batch.column_by_name(name).and_then(|column| number(column, row));
                let counts = COLUMNS[5..].iter().map(|name| number(name)).collect::<Option<Vec<u32>>>();
                let read = (number("report_id"), text("name_key"), text("sha256"), text("status"), counts);
                let (Some(report), Some(key), Some(sha256), Some(status), Some(counts)) = read else {
                    return Err(Cause::Damaged);
                };
                let (Some(key), Some(sha256), Some(status)) = (hash(key), hash(sha256), Status::named(status)) else {
                    return Err(Cause::Damaged);
                };
                let index = self.starts.len() as u32;
                self.starts.push(start);
                let findings = [counts[3], counts[4], counts[5]];
                let found = findings.iter().map(|count| u64::from(*count)).sum();
                let rows = [u64::from(counts[0]), u64::from(counts[1]), u64::from(counts[2]), found];
                start.iter_mut().zip(rows).for_each(|(start, rows)| *start += rows);
                whole &= self.by_text.insert(identity(&key, &sha256), index).is_none();
                whole &= self.by_number.insert(report, index).is_none();
                let is_current = number("load_id").is_some_and(|load| current.contains(&load));
                ledger.record(Recorded { key, sha256, report, status, findings, is_current });
            }
        }
        self.done = vec![false; self.starts.len()];
        self.starts.push(start);
        whole &= self.files.iter().skip(1).zip(start).all(|(file, rows)| file.count() == rows);
        if whole { Ok(()) } else { Err(Cause::Damaged) }
    }

    /// The report on that text, the first time that it is asked for.
    pub(super) fn take(&mut self, text: &[u8; 16]) -> Option<u32> {
        let index = *self.by_text.get(text)?;
        self.finish(index)
    }

    /// Notes that the rows of the report with that number are not wanted.
    pub(super) fn drop_number(&mut self, number: u32) {
        if let Some(index) = self.by_number.get(&number).copied() {
            self.finish(index);
        }
    }

    fn finish(&mut self, index: u32) -> Option<u32> {
        let done = self.done.get_mut(index as usize)?;
        (!std::mem::replace(done, true)).then_some(index)
    }

    /// The reports that nothing was asked of.
    pub(super) fn rest(&self) -> impl Iterator<Item = u32> {
        self.done.iter().enumerate().filter(|(_, done)| !**done).map(|(index, _)| index as u32)
    }

    /// Gives the rows of these reports in one of [`BY_REPORT`].
    pub(super) fn rows(
        &mut self,
        file: usize,
        reports: Range<u32>,
        each: impl FnMut(&RecordBatch) -> Result<(), Cause>,
    ) -> Result<(), Cause> {
        let rows = match file.checked_sub(1) {
            None => u64::from(reports.start)..u64::from(reports.end),
            Some(column) => {
                let start = |report: u32| self.starts.get(report as usize).map_or(0, |starts| starts[column]);
                start(reports.start)..start(reports.end)
            }
        };
        self.files.get_mut(file).map_or(Ok(()), |file| file.range(rows, each))
    }
}

impl Rows {
    /// Opens a file of the folder; none where its columns are those of an older version.
    fn open(place: &Place, name: &'static str) -> Result<Option<Rows>, Cause> {
        let file = place.open(name).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Cause::Damaged,
            _ => Cause::Io(error),
        })?;
        let options = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional);
        let is_first = name == "reports";
        let metadata = ArrowReaderMetadata::load(&file, options).map_err(|error| unreadable(error, is_first))?;
        let keys = metadata.metadata().file_metadata().key_value_metadata();
        let version = keys.into_iter().flatten().find(|entry| entry.key == VERSION_KEY);
        let version = version.and_then(|entry| entry.value.as_deref()?.parse::<i32>().ok());
        match version {
            None => return Err(Cause::Foreign),
            Some(version) if version > VERSION => return Err(Cause::Newer(version)),
            Some(_) => {}
        }
        let (is, should) = (metadata.schema().fields(), table(name).schema());
        let same = is.len() == should.fields().len()
            && is.iter().zip(should.fields()).all(|(a, b)| (a.name(), a.data_type()) == (b.name(), b.data_type()));
        if !same {
            return Ok(None);
        }
        Ok(Some(Rows { file, metadata, reader: None, at: 0, ahead: None }))
    }

    fn count(&self) -> u64 {
        u64::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    fn builder(&self) -> Result<ParquetRecordBatchReaderBuilder<File>, Cause> {
        let file = self.file.try_clone().map_err(Cause::Io)?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        Ok(builder.with_batch_size(usize::try_from(self.at_once()).unwrap_or(1)))
    }

    /// How many rows are read at once. Long texts are read a few at a time.
    fn at_once(&self) -> u64 {
        let positive = |number: i64| u64::try_from(number).unwrap_or(0).max(1);
        let groups = self.metadata.metadata().row_groups().iter();
        let most = groups.map(|group| positive(group.total_byte_size()) / positive(group.num_rows())).max();
        (BYTES / most.unwrap_or(0).max(1)).clamp(1, ROWS)
    }

    /// These columns of all rows.
    fn columns(&self, names: &[&str]) -> Result<ParquetRecordBatchReader, Cause> {
        let builder = self.builder()?;
        let mask = ProjectionMask::columns(builder.parquet_schema(), names.iter().copied());
        builder.with_projection(mask).build().map_err(|error| unreadable(error, false))
    }

    fn each(&mut self, each: impl FnMut(&RecordBatch) -> Result<(), Cause>) -> Result<(), Cause> {
        self.range(0..self.count(), each)
    }

    /// Gives these rows. Where they stand behind what was read last, one reads on; else one begins at their pages.
    fn range(
        &mut self,
        rows: Range<u64>,
        mut each: impl FnMut(&RecordBatch) -> Result<(), Cause>,
    ) -> Result<(), Cause> {
        let near = 4 * self.at_once();
        if rows.is_empty() {
            return Ok(());
        }
        if self.reader.is_none() || rows.start < self.at || rows.start - self.at > near {
            self.seek(rows.start)?;
        }
        while self.at < rows.end {
            let batch = match self.ahead.take() {
                Some(batch) => batch,
                None => match self.reader.as_mut().and_then(Iterator::next) {
                    Some(batch) => batch.map_err(|error| match error {
                        arrow_schema::ArrowError::IoError(_, error) => Cause::Io(error),
                        _ => Cause::Damaged,
                    })?,
                    None => return Err(Cause::Damaged),
                },
            };
            let length = batch.num_rows();
            let within = |row: u64| usize::try_from(row.saturating_sub(self.at)).unwrap_or(length).min(length);
            let (begin, end) = (within(rows.start), within(rows.end));
            if begin < end {
                each(&batch.slice(begin, end - begin))?;
            }
            self.ahead = (end < length).then(|| batch.slice(end, length - end));
            self.at += end as u64;
        }
        Ok(())
    }

    fn seek(&mut self, row: u64) -> Result<(), Cause> {
        let groups = self.metadata.metadata().row_groups();
        let (mut first, mut before) = (0, 0u64);
        for group in groups {
            let rows = u64::try_from(group.num_rows()).unwrap_or(0);
            if before + rows > row {
                break;
            }
            before += rows;
            first += 1;
        }
        let offset = usize::try_from(row - before).unwrap_or(usize::MAX);
        let builder = self.builder()?.with_row_groups((first..groups.len()).collect()).with_offset(offset);
        self.reader = Some(builder.build().map_err(|error| unreadable(error, false))?);
        (self.at, self.ahead) = (row, None);
        Ok(())
    }
}

/// Why a file can't be read. What is no Parquet file at all was never ours.
fn unreadable(error: ParquetError, may_be_foreign: bool) -> Cause {
    match cause(error) {
        Cause::Io(error) => Cause::Io(error),
        _ if may_be_foreign => Cause::Foreign,
        _ => Cause::Damaged,
    }
}

fn load(batch: &RecordBatch, row: usize) -> Option<Load> {
    let number = |name: &str| number(batch.column_by_name(name)?, row);
    let text = |name: &str| text(batch.column_by_name(name)?, row).map(str::to_owned);
    let time = |name: &str| {
        let column = batch.column_by_name(name)?.as_primitive_opt::<TimestampMicrosecondType>()?;
        Some(column.value(row))
    };
    Some(Load {
        id: number("load_id")?,
        started: time("started_at")?,
        ended: time("ended_at")?,
        state: text("state")?,
        version: text("version")?,
        fingerprint: text("fingerprint")?,
        options: text("options")?,
        counts: [number("added")?, number("replaced")?, number("unchanged")?, number("removed")?],
    })
}

fn word(batch: &RecordBatch, column: usize, row: usize) -> Option<String> {
    let column = batch.columns().get(column)?;
    match text(column, row) {
        Some(text) => Some(text.to_owned()),
        None => number(column, row).map(|number| number.to_string()),
    }
}

fn number(column: &dyn Array, row: usize) -> Option<u32> {
    let column = column.as_primitive_opt::<Int32Type>().filter(|column| column.is_valid(row))?;
    u32::try_from(column.value(row)).ok()
}

fn text(column: &dyn Array, row: usize) -> Option<&str> {
    if !column.is_valid(row) {
        return None;
    }
    match column.as_dictionary_opt::<Int32Type>() {
        Some(words) => {
            Some(words.values().as_string_opt::<i32>()?.value(usize::try_from(words.keys().value(row)).ok()?))
        }
        None => column.as_string_opt::<i32>().map(|texts| texts.value(row)),
    }
}
