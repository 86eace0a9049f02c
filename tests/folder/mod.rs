//! What stands in a folder of Parquet files, as the tests read it.

#![allow(dead_code)] // each test that uses it needs only some of it

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type};
use arrow_array::{Array, RecordBatch};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::databases::{Seen, said};
use crate::desk::Desk;

/// The files of a folder.
pub const FILES: [&str; 7] = ["cells", "codebook", "findings", "loads", "reports", "sections", "statements"];

/// Every row of a file, each by `make`.
pub fn each(folder: &Path, table: &str, mut make: impl FnMut(&Row<'_>)) {
    let path = folder.join(format!("{table}.parquet"));
    let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).and_then(|builder| builder.build());
    for batch in reader.unwrap_or_else(|error| panic!("{}: {error}", path.display())) {
        let batch = batch.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (0..batch.num_rows()).for_each(|row| make(&Row(&batch, row)));
    }
}

pub struct Row<'b>(&'b RecordBatch, usize);

impl<'b> Row<'b> {
    pub fn column(&self, name: &str) -> Option<&'b dyn Array> {
        let column = self.0.column_by_name(name).unwrap_or_else(|| panic!("no column {name}"));
        column.is_valid(self.1).then_some(column.as_ref())
    }

    pub fn text(&self, name: &str) -> Option<&'b str> {
        let column = self.column(name)?;
        Some(match column.as_dictionary_opt::<Int32Type>() {
            Some(words) => words.values().as_string::<i32>().value(words.keys().value(self.1) as usize),
            None => column.as_string::<i32>().value(self.1),
        })
    }

    pub fn number(&self, name: &str) -> Option<i32> {
        self.column(name).map(|column| column.as_primitive::<Int32Type>().value(self.1))
    }

    /// With all ten places.
    pub fn decimal(&self, name: &str) -> Option<String> {
        let digits = self.column(name)?.as_primitive::<Decimal128Type>().value(self.1);
        let sign = if digits < 0 { "-" } else { "" };
        let digits = format!("{:0>11}", digits.unsigned_abs());
        Some(format!("{sign}{}.{}", &digits[..digits.len() - 10], &digits[digits.len() - 10..]))
    }
}

/// All that a folder has, and that its parts belong together.
#[track_caller]
pub fn seen(folder: &Path) -> Seen {
    let mut seen = Seen::default();
    let mut paths = BTreeMap::new();
    let mut counts = BTreeMap::new();
    let mut order = Vec::new();
    each(folder, "reports", |row| {
        let id = row.number("report_id").expect("a number");
        let path = row.text("path").expect("a path");
        let year = row.number("year").map(|year| u16::try_from(year).expect("a year"));
        let status = row.text("status").expect("a status");
        seen.report(path, said(row.text("grammar"), status, row.text("title"), row.text("issuer"), year));
        assert!(paths.insert(id, path.to_owned()).is_none(), "{id} is there twice");
        let count = |name: &str| row.number(name).expect("a count");
        let findings = count("error_count") + count("warning_count") + count("note_count");
        for (table, count) in [
            ("cells", count("cell_count")),
            ("sections", count("section_count")),
            ("statements", count("statement_count")),
            ("findings", findings),
        ] {
            counts.insert((table, id), count);
        }
        order.push(id);
    });
    each(folder, "cells", |row| {
        let name = |column: &str| row.text(column).expect("a name");
        let path = &paths[&row.number("report_id").expect("a number")];
        let value = row.decimal("value");
        let cell = format!("{}.{}.{}", name("table_id"), name("row_id"), name("column_id"));
        assert_eq!(name("kind") == "number", value.is_some(), "{path}: {cell}");
        seen.cell(path, &cell, name("kind"), value.as_deref());
    });
    // The rows of a report stand together, in the order of the reports.
    for table in ["cells", "sections", "statements", "findings"] {
        let mut ids = Vec::new();
        let mut rows: BTreeMap<i32, i32> = BTreeMap::new();
        each(folder, table, |row| {
            let id = row.number("report_id").expect("a number");
            let count = rows.entry(id).or_default();
            *count += 1;
            if ids.last() != Some(&id) {
                ids.push(id);
            }
            if table != "cells" {
                assert_eq!(row.number("ordinal"), Some(*count), "{table} of {id}");
            }
        });
        let expected: Vec<i32> = order.iter().copied().filter(|id| counts[&(table, *id)] > 0).collect();
        assert_eq!(ids, expected, "{table}");
        assert!(rows.iter().all(|(id, rows)| counts[&(table, *id)] == *rows), "{table}");
    }
    seen
}

/// The runs: state, added, replaced, unchanged, removed.
pub fn loads(folder: &Path) -> Vec<String> {
    let mut loads = Vec::new();
    each(folder, "loads", |row| {
        let counts = ["added", "replaced", "unchanged", "removed"].map(|name| row.number(name).expect("a count"));
        assert_eq!(row.number("load_id"), Some(loads.len() as i32 + 1));
        loads.push(format!("{} {counts:?}", row.text("state").expect("a state")));
    });
    loads
}

/// The bytes of all files of a folder.
pub fn content(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = files.map(|entry| entry.expect("an entry").path());
    paths
        .map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), fs::read(path).expect("a file")))
        .collect()
}

/// The paths of the reports, in order.
pub fn paths(folder: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    each(folder, "reports", |row| paths.push(row.text("path").expect("a path").to_owned()));
    paths
}

/// The numbers of the reports by their paths.
pub fn numbers(folder: &Path) -> BTreeMap<String, i32> {
    let mut numbers = BTreeMap::new();
    each(folder, "reports", |row| {
        numbers.insert(row.text("path").expect("a path").to_owned(), row.number("report_id").expect("a number"));
    });
    numbers
}

/// What stands beside the inputs.
pub fn beside(desk: &Desk) -> Vec<PathBuf> {
    let entries = fs::read_dir(desk.path()).expect("a folder");
    let mut names: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").file_name().into()).collect();
    names.sort();
    names
}
