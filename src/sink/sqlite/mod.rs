//! An SQLite database.
//!
//! In: batches of rows. Out: a database in WAL mode, which others may read all the while. A transaction holds some thousands of
//! reports with everything that belongs to them, and the counts of the run so far: a run that is killed loses what it has not
//! committed, and no more. One run at a time: it holds the file `.NAME.lock` beside the database.
//!
//! The index of figures by cell is the one that costs. A run that has written a quarter of what the database has drops it and makes it
//! in the end, in a fifth of the time. Where a run did not come to its end, the next one makes it.
//!
//! `place` opens, makes and upgrades the database; `rows` writes what belongs to one report.

mod place;
mod rows;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OptionalExtension, params};

use super::hash::{hash, hexadecimal};
use super::ledger::{Counts, Ledger, Place, Recorded};
use super::lock::{Held, Other};
use super::{Batch, Cause, Entry, Error, Loading, Making, Sink, Waiting};
use crate::report::Status;
use crate::wire::{Codebook, relations};

/// How many cells, and how many reports, a transaction holds.
const CELLS: usize = 50_000;
const REPORTS: usize = 2_000;

/// The index that a large run makes in the end, and the part of the reports from which on a run is large.
const LATE: &str = "cell_values_by_cell";
const LATE_FROM: u64 = 4;

pub(super) struct Sqlite<'w> {
    path: PathBuf,
    run: Run<'w>,
    ledger: Mutex<Ledger>,
    state: Mutex<State>,
}

/// What is said of this run.
struct Run<'w> {
    waiting: Waiting<'w>,
    fingerprint: String,
    options: String,
    codebook: Codebook,
    clock: fn() -> i64,
    started: String,
}

/// Dropped in this order: the database is closed before the lock is given back.
struct State {
    database: Connection,
    /// The row of this run in `loads`, once there is one.
    load: Option<i64>,
    /// The numbers that the database has for the cells of the codebook.
    cells: Vec<i64>,
    /// How many reports the database had, and how many this run wrote, new ones and others.
    had: u64,
    written: u64,
    /// Whether the late index is still to be made.
    late: bool,
    /// How many cells and reports are not committed.
    pending: [usize; 2],
    /// How many bytes are not committed.
    loose: u64,
    /// The file was made by this run, which has committed nothing to it yet.
    made: Option<PathBuf>,
    _held: Held,
}

impl Drop for State {
    fn drop(&mut self) {
        if let Some(path) = &self.made {
            let _ = if self.database.is_autocommit() { Ok(()) } else { self.database.execute_batch("ROLLBACK") };
            place::remove(path);
        }
    }
}

impl<'w> Sqlite<'w> {
    pub(super) fn open(path: &Path, making: &Making, waiting: Waiting<'w>) -> Result<Sqlite<'w>, Error> {
        let fail = |cause| Error::new(path, cause);
        let place::Opened { database, made, held } = place::open(path, waiting).map_err(fail)?;
        let Loading { codebook, clock, options, .. } = &making.loading;
        let prepare = || -> Result<(Ledger, String, u64, bool), Cause> {
            let stopped = "UPDATE loads SET state = 'stopped' WHERE state = 'running'";
            patiently(waiting, &database, || Ok(database.execute(stopped, [])?))?;
            let known = if making.anew { "" } else { &making.fingerprint };
            let late = "SELECT count(*) = 0 FROM sqlite_schema WHERE type = 'index' AND name = ?1";
            let late = database.query_row(late, [LATE], |row| row.get(0))?;
            let had = database.query_row("SELECT count(*) FROM reports", [], |row| row.get::<_, i64>(0))?;
            Ok((recorded(&database, known)?, moment(&database, clock())?, had as u64, late))
        };
        let (ledger, started, had, late) = prepare().map_err(fail)?;
        let run = Run {
            waiting,
            fingerprint: making.fingerprint.clone(),
            options: options.clone(),
            codebook: codebook.clone(),
            clock: *clock,
            started,
        };
        let state = State {
            database,
            load: None,
            cells: Vec::new(),
            had,
            written: 0,
            late,
            pending: [0; 2],
            loose: 0,
            made,
            _held: held,
        };
        Ok(Sqlite { path: path.to_owned(), run, ledger: Mutex::new(ledger), state: Mutex::new(state) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fail(&self, cause: Cause) -> Error {
        Error::new(&self.path, cause)
    }

    fn take(&self, batch: &Batch) -> Result<(), Cause> {
        let state = &mut *self.state();
        let mut rows = batch.rows.iter();
        let mut new = Vec::with_capacity(batch.rows.len());
        for entry in &batch.entries {
            let rows = if entry.is_unchanged() { None } else { rows.next() };
            let place = self.ledger().place(entry);
            if let (Some(rows), Place::New(report) | Place::Instead(report)) = (rows, place) {
                new.push((entry, rows, i64::from(report), matches!(place, Place::New(_))));
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        let load = state.begin(&self.run)?;
        let writer = rows::Writer { database: &state.database, cells: &state.cells };
        let old: Vec<i64> = new.iter().filter(|(.., is_new)| !is_new).map(|(_, _, report, _)| *report).collect();
        writer.clear(&old)?;
        for (entry, rows, report, is_new) in &new {
            let key = hexadecimal(&entry.key());
            let own = rows::Own { report: *report, is_new: *is_new, load, loaded_at: &self.run.started, key: &key };
            writer.write(&own, rows)?;
            state.pending[0] += rows.cells.len();
            state.loose += rows.held() as u64;
        }
        state.pending[1] += new.len();
        state.written += new.len() as u64;
        if state.pending[0] >= CELLS || state.pending[1] >= REPORTS {
            state.commit("running", None, self.ledger().counts())?;
        }
        Ok(())
    }

    /// The last transaction. False where there was nothing to write.
    fn end(&self, is_whole: bool, prune: bool) -> Result<bool, Cause> {
        let state = &mut *self.state();
        let unmet = if prune { self.ledger().unmet() } else { Vec::new() };
        if !unmet.is_empty() {
            state.begin(&self.run)?;
            rows::remove(&state.database, &unmet)?;
        }
        let changed = state.load.is_some();
        if is_whole && state.late {
            if !state.database.is_autocommit() {
                state.commit("running", None, self.ledger().counts())?;
            }
            let index = relations::index(LATE).unwrap_or_default();
            begin(self.run.waiting, &state.database)?;
            state.database.execute_batch(&index)?;
            state.late = false;
            if !changed {
                state.database.execute_batch("COMMIT")?;
            }
        }
        if !changed {
            return Ok(false);
        }
        state.begin(&self.run)?;
        let ended = moment(&state.database, (self.run.clock)())?;
        state.commit(if is_whole { "complete" } else { "stopped" }, Some(&ended), self.ledger().counts())?;
        if is_whole {
            let optimize = "PRAGMA analysis_limit = 1000; PRAGMA optimize = 0x10002";
            patiently(self.run.waiting, &state.database, || Ok(state.database.execute_batch(optimize)?))?;
            // Others may be reading: then what is in the log stays there until the last of them has gone.
            state.database.busy_timeout(Duration::ZERO)?;
            state.database.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
        }
        Ok(true)
    }
}

impl Sink for Sqlite<'_> {
    fn recall(&self, entry: &mut Entry, _: &mut Vec<u8>) -> bool {
        self.ledger().recall(entry)
    }

    fn seal(&self, _: &mut Batch) {}

    fn write(&self, batch: &mut Batch) -> Result<(), Error> {
        self.take(batch).map_err(|cause| self.fail(cause))
    }

    fn finish(&self, prune: bool) -> Result<bool, Error> {
        self.end(true, prune).map_err(|cause| self.fail(cause))
    }

    fn stop(&self) -> Result<(), Error> {
        self.end(false, false).map(drop).map_err(|cause| self.fail(cause))
    }

    fn goes_on(&self) -> bool {
        true
    }

    fn loose(&self) -> u64 {
        self.state().loose
    }
}

impl State {
    /// Sees to it that a transaction is open and the run has its row in it, and gives the number of that.
    fn begin(&mut self, run: &Run<'_>) -> Result<i64, Cause> {
        if self.database.is_autocommit() {
            begin(run.waiting, &self.database)?;
            if !self.late && self.written >= self.had / LATE_FROM {
                self.database.execute_batch(&format!("DROP INDEX {LATE}"))?;
                self.late = true;
            }
        }
        if let Some(load) = self.load {
            return Ok(load);
        }
        self.cells = rows::codebook(&self.database, &run.codebook)?;
        let sql = "INSERT INTO loads (started_at, state, version, fingerprint, options, added, replaced, unchanged, removed) \
                   VALUES (?1, 'running', ?2, ?3, ?4, 0, 0, 0, 0)";
        let version = env!("CARGO_PKG_VERSION");
        self.database.execute(sql, params![run.started, version, run.fingerprint, run.options])?;
        let load = self.database.last_insert_rowid();
        self.load = Some(load);
        Ok(load)
    }

    /// Commits with the counts of the run so far.
    fn commit(&mut self, state: &str, ended: Option<&str>, counts: Counts) -> rusqlite::Result<()> {
        let Counts { added, replaced, unchanged, removed } = counts;
        let sql = "UPDATE loads SET state = ?2, ended_at = ?3, added = ?4, replaced = ?5, unchanged = ?6, removed = ?7 \
                   WHERE load_id = ?1";
        let values = params![self.load, state, ended, added as i64, replaced as i64, unchanged as i64, removed as i64];
        self.database.prepare_cached(sql)?.execute(values)?;
        self.database.execute_batch("COMMIT")?;
        self.pending = [0; 2];
        self.loose = 0;
        self.made = None;
        Ok(())
    }
}

/// Begins a transaction as soon as nobody else writes.
fn begin(waiting: Waiting<'_>, database: &Connection) -> Result<(), Cause> {
    patiently(waiting, database, || Ok(database.execute_batch("BEGIN IMMEDIATE")?))
}

/// Tries until no other program is in the way. What of an attempt was begun is undone.
fn patiently<T>(
    waiting: Waiting<'_>,
    database: &Connection,
    mut attempt: impl FnMut() -> Result<T, Cause>,
) -> Result<T, Cause> {
    waiting.until(Other::Program, || match attempt() {
        Err(Cause::Locked) => {
            if !database.is_autocommit() {
                database.execute_batch("ROLLBACK")?;
            }
            Ok(None)
        }
        other => other.map(Some),
    })
}

/// What the database has. What another fingerprint made is not as this run would read it.
fn recorded(database: &Connection, fingerprint: &str) -> rusqlite::Result<Ledger> {
    let mut ledger = Ledger::default();
    let sql = "SELECT r.report_id, r.name_key, r.sha256, r.status, r.error_count, r.warning_count, r.note_count, \
               l.fingerprint = ?1 FROM reports r JOIN loads l ON l.load_id = r.load_id";
    let mut select = database.prepare(sql)?;
    let mut found = select.query([fingerprint])?;
    while let Some(row) = found.next()? {
        let (key, sha256) = (hash(row.get_ref(1)?.as_str()?), hash(row.get_ref(2)?.as_str()?));
        let status = Status::named(row.get_ref(3)?.as_str()?);
        let is_sound = key.is_some() && sha256.is_some() && status.is_some();
        ledger.record(Recorded {
            key: key.unwrap_or_default(),
            sha256: sha256.unwrap_or_default(),
            report: row.get(0)?,
            status: status.unwrap_or(Status::Unrecognized),
            findings: [row.get(4)?, row.get(5)?, row.get(6)?],
            is_current: is_sound && row.get(7)?,
        });
    }
    Ok(ledger)
}

/// A moment, as SQLite's own functions read it.
fn moment(database: &Connection, micros: i64) -> rusqlite::Result<String> {
    let sql = "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', ?1 / 1000000.0, 'unixepoch')";
    let moment: Option<Option<String>> = database.query_row(sql, [micros], |row| row.get(0)).optional()?;
    Ok(moment.flatten().unwrap_or_default())
}

/// What SQLite says, in our terms.
impl From<rusqlite::Error> for Cause {
    fn from(error: rusqlite::Error) -> Cause {
        use std::io::ErrorKind;

        let kind = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => ErrorKind::StorageFull,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => ErrorKind::PermissionDenied,
            Some(ErrorCode::NotADatabase) => return Cause::Foreign,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => return Cause::Locked,
            _ => {
                let words = match error {
                    rusqlite::Error::SqliteFailure(code, None) => code.to_string(),
                    other => other.to_string(),
                };
                return Cause::Database(words.replace(['\n', '\r'], " "));
            }
        };
        Cause::Io(kind.into())
    }
}
