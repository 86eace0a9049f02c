//! A folder of Parquet files, one a table: `reports`, `cells`, `sections`, `statements`, `findings`, `codebook`, `loads`.
//!
//! In: rows of reports. Out: the folder, which changes as a whole or not at all: a run writes a new one beside it, `files`, with the
//! rows of reports that are known copied from the `old` one, and both change places in the end (`place`). So a run that is
//! killed leaves the folder as it was, and the next one does its work again; one that is interrupted takes what it has into
//! the folder. A run that changes nothing writes nothing. Reports stand in the order of the inputs, behind them those that the
//! run did not meet. A folder with the columns of an older version is made anew, from the inputs; there is nothing to upgrade in
//! place.

mod columns;
mod files;
mod old;
mod place;
mod schema;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use parquet::errors::ParquetError;

use super::batch::Entry;
use super::ledger::{Ledger, Place as Becomes};
use super::{Batch, Cause, Error, Making, Sink, Waiting, hexadecimal};
use crate::wire::relations::Rows;
use files::{Files, Given};
use old::{BY_REPORT, Load, Old};
use place::Place;

pub(super) struct Parquet {
    shown: PathBuf,
    making: Making,
    ledger: Mutex<Ledger>,
    state: Mutex<State>,
}

struct State {
    /// Dropped before the place, which removes them.
    files: Option<Files>,
    old: Old,
    /// Reports of the old folder that come next in the new one.
    kept: Vec<Range<u32>>,
    load: Load,
    place: Place,
}

impl Parquet {
    pub(super) fn open(path: &Path, making: Making, waiting: Waiting<'_>) -> Result<Parquet, Error> {
        let fail = |cause| Error::new(path, cause);
        let place = Place::hold(path, &waiting).map_err(fail)?;
        let mut ledger = Ledger::default();
        let fingerprint = (!making.anew).then_some(making.fingerprint.as_str());
        let old = match Old::open(&place, fingerprint, &mut ledger) {
            // What can't be read is given up, where everything is to be made anew.
            Err(Cause::Damaged) if making.anew => {
                ledger = Ledger::default();
                Old::default()
            }
            old => old.map_err(fail)?,
        };
        let load = Load {
            id: 1 + old.loads.iter().map(|load| load.id).max().unwrap_or(0),
            started: (making.loading.clock)(),
            ended: 0,
            state: String::new(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            fingerprint: making.fingerprint.clone(),
            options: making.loading.options.clone(),
            counts: [0; 4],
        };
        let state = State { files: None, old, kept: Vec::new(), load, place };
        Ok(Parquet { shown: path.to_owned(), making, ledger: Mutex::new(ledger), state: Mutex::new(state) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_batch(&self, batch: &Batch) -> Result<(), Cause> {
        let state = &mut *self.state();
        let mut rows = batch.rows.iter();
        for entry in &batch.entries {
            let own = if entry.is_unchanged() { None } else { rows.next() };
            // Held no longer than that: workers ask it in the meantime.
            let becomes = self.ledger().place(entry);
            match (becomes, own) {
                (Becomes::There, _) => state.keep(entry),
                (Becomes::New(number), Some(rows)) => state.add(entry, number, rows, &self.making)?,
                (Becomes::Instead(number), Some(rows)) => {
                    state.old.drop_number(number);
                    state.add(entry, number, rows, &self.making)?;
                }
                // Whatever is new has rows.
                (Becomes::New(_) | Becomes::Instead(_), None) => {}
            }
        }
        Ok(())
    }

    /// Puts a new folder in the place of the old one, if there is anything new.
    fn end(&self, name: &str, prune: bool) -> Result<bool, Cause> {
        let (state, mut ledger) = (&mut *self.state(), self.ledger());
        let removed = if prune { ledger.unmet() } else { Vec::new() };
        if state.files.is_none() && removed.is_empty() {
            return Ok(false);
        }
        removed.into_iter().for_each(|number| state.old.drop_number(number));
        let rest: Vec<u32> = state.old.rest().collect();
        rest.into_iter().for_each(|report| state.extend(report));
        let mut files = state.take_files(&self.making)?;
        state.copy(&mut files)?;
        let counts = ledger.counts();
        let counts = [counts.added, counts.replaced, counts.unchanged, counts.removed];
        state.load.counts = counts.map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        name.clone_into(&mut state.load.state);
        state.load.ended = (self.making.loading.clock)();
        let loads: Vec<Load> = state.old.loads.iter().chain([&state.load]).cloned().collect();
        files.end(&state.place, &loads, &self.codebook(&state.old))?;
        state.place.settle().map_err(Cause::Io)?;
        Ok(true)
    }

    /// The cells of this run's forms, and behind them those of forms that only older reports have.
    fn codebook(&self, old: &Old) -> Vec<[Option<String>; 9]> {
        let codebook = &self.making.loading.codebook;
        let own = codebook.entries.iter().map(|entry| {
            let [table, row, column] = codebook.names.get(entry.cell as usize).cloned().unwrap_or_default();
            [
                Some(entry.grammar.clone()),
                Some(table),
                Some(row),
                Some(column),
                Some(entry.table_label.clone()),
                Some(entry.row_label.clone()),
                Some(entry.column_label.clone()),
                entry.unit.map(str::to_owned),
                Some(entry.ordinal.to_string()),
            ]
        });
        let mut rows: Vec<[Option<String>; 9]> = own.collect();
        let known: std::collections::HashSet<Vec<Option<String>>> = rows.iter().map(|row| row[..4].to_vec()).collect();
        rows.extend(old.codebook.iter().filter(|row| !known.contains(&row[..4])).cloned());
        rows
    }
}

impl State {
    /// The report is there as it is.
    fn keep(&mut self, entry: &Entry) {
        if let Some(report) = self.old.take(&identity(&entry.key(), &entry.sha256)) {
            self.extend(report);
        }
    }

    fn extend(&mut self, report: u32) {
        match self.kept.last_mut() {
            Some(last) if last.end == report => last.end += 1,
            _ => self.kept.push(report..report + 1),
        }
    }

    fn add(&mut self, entry: &Entry, report: u32, rows: &Rows, making: &Making) -> Result<(), Cause> {
        let mut files = self.take_files(making)?;
        self.copy(&mut files)?;
        let key = hexadecimal(&entry.key());
        let given = Given { report, load: self.load.id, time: self.load.started, key };
        files.add(rows, &given, &making.loading.codebook)?;
        self.files = Some(files);
        Ok(())
    }

    /// The files of the new folder, begun where they are not yet.
    fn take_files(&mut self, making: &Making) -> Result<Files, Cause> {
        match self.files.take() {
            Some(files) => Ok(files),
            None => Files::begin(&self.place, &making.loading.codebook),
        }
    }

    /// Copies what is kept up to here.
    fn copy(&mut self, files: &mut Files) -> Result<(), Cause> {
        for reports in self.kept.drain(..) {
            for file in 0..BY_REPORT.len() {
                self.old.rows(file, reports.clone(), |batch| files.copy(file, batch))?;
            }
        }
        Ok(())
    }
}

impl Sink for Parquet {
    fn recall(&self, entry: &mut Entry, _: &mut Vec<u8>) -> bool {
        self.ledger().recall(entry)
    }

    fn seal(&self, _: &mut Batch) {}

    fn write(&self, batch: &mut Batch) -> Result<(), Error> {
        self.write_batch(batch).map_err(|cause| Error::new(&self.shown, cause))
    }

    fn finish(&self, prune: bool) -> Result<bool, Error> {
        self.end("complete", prune).map_err(|cause| Error::new(&self.shown, cause))
    }

    fn stop(&self) -> Result<(), Error> {
        self.end("stopped", false).map(|_| ()).map_err(|cause| Error::new(&self.shown, cause))
    }

    fn goes_on(&self) -> bool {
        true
    }

    fn loose(&self) -> u64 {
        u64::MAX
    }
}

/// What a report is known by, in short: a hash of its name and its content.
fn identity(key: &[u8; 16], sha256: &[u8; 32]) -> [u8; 16] {
    std::array::from_fn(|index| key[index] ^ sha256[index])
}

/// What went wrong with a file.
fn cause(error: ParquetError) -> Cause {
    match error {
        ParquetError::External(error) => match error.downcast::<std::io::Error>() {
            Ok(error) => Cause::Io(*error),
            Err(error) => Cause::Database(error.to_string()),
        },
        other => Cause::Database(other.to_string()),
    }
}
