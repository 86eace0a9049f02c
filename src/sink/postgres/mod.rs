//! A schema of a PostgreSQL database.
//!
//! In: batches with the rows of their reports. Out: the tables of the model, which hold each report once. `address` reads where the
//! server is, `tls` who may answer there, `place` finds or makes the tables, `rows` writes rows as `COPY` takes them.
//!
//! Rows are gathered until a transaction is worth its while. Then all of them are copied into staging tables (temporary, emptied
//! by every commit) and go from there into the tables, together with the counts of the run, in one transaction. So a run may be
//! killed anywhere: what was committed is whole, and the next run reads what it has not. Copying twice costs next to nothing: keys and
//! indices take nearly all of the time, and a staging table has none. One run at a time holds an advisory lock on the schema, which
//! the server drops with the connection.

mod address;
mod place;
mod rows;
mod tls;

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use postgres::fallible_iterator::FallibleIterator;
use postgres::{Client, Transaction};
use sha2::{Digest, Sha256};

use self::rows::{Pending, STAGED, Staged};
use super::hash::hash;
use super::ledger::{Counts, Ledger, Place, Recorded};
use super::{Batch, Cause, Entry, Error, Making, Other, Sink, Waiting};
use crate::report::Status;
use crate::wire::Codebook;

/// A database that takes reports.
pub(super) struct Postgres {
    shown: PathBuf,
    ledger: Mutex<Ledger>,
    session: Mutex<Session>,
}

/// The connection, and what waits for its next transaction.
struct Session {
    client: Client,
    load: Load,
    names: Names,
    pending: Pending,
    /// The bytes of the pending rows.
    loose: u64,
}

/// The run, as a row of `loads`.
struct Load {
    id: i32,
    /// Whether the row is there.
    is_begun: bool,
    started: i64,
    clock: fn() -> i64,
    fingerprint: String,
    options: String,
}

/// The cells of the run's forms, by the numbers that the database gives them.
struct Names {
    codebook: Codebook,
    /// For each name of the codebook, its number.
    numbers: Vec<i32>,
    /// The names that the database does not have yet, by their places in the codebook.
    missing: Vec<usize>,
}

/// What a transaction leaves behind.
enum State {
    Running,
    Stopped,
    Complete,
}

impl Postgres {
    /// Connects, waits for its turn, and finds or makes the tables.
    pub(super) fn open(path: &Path, shown: PathBuf, making: &Making, waiting: Waiting<'_>) -> Result<Postgres, Error> {
        match connected(path, making, waiting) {
            Ok((ledger, session)) => Ok(Postgres { shown, ledger: Mutex::new(ledger), session: Mutex::new(session) }),
            Err(cause) => Err(Error::new(&shown, cause)),
        }
    }

    /// What a session does, with its error named.
    fn session<T>(&self, run: impl FnOnce(&mut Session) -> Result<T, Cause>) -> Result<T, Error> {
        let mut session = self.session.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        run(&mut session).map_err(|cause| Error::new(&self.shown, cause))
    }

    fn ledger<T>(&self, ask: impl FnOnce(&mut Ledger) -> T) -> T {
        ask(&mut self.ledger.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl Sink for Postgres {
    fn recall(&self, entry: &mut Entry, _: &mut Vec<u8>) -> bool {
        self.ledger(|ledger| ledger.recall(entry))
    }

    fn seal(&self, _: &mut Batch) {}

    fn write(&self, batch: &mut Batch) -> Result<(), Error> {
        self.session(|session| {
            let mut rows = batch.rows.iter();
            for entry in &batch.entries {
                let place = self.ledger(|ledger| ledger.place(entry));
                if entry.is_unchanged() {
                    continue;
                }
                let Some(rows) = rows.next() else { break };
                let report = match place {
                    Place::There => continue,
                    Place::New(report) => report as i32,
                    Place::Instead(report) => {
                        session.pending.replaced.push(report as i32);
                        report as i32
                    }
                };
                let Session { pending, load, names, .. } = session;
                pending.add(report, entry, rows, (load.id, load.started), &names.numbers);
                session.loose += rows.held() as u64;
                if session.pending.is_enough() {
                    let counts = self.ledger(|ledger| ledger.counts());
                    session.commit(counts, &[], State::Running)?;
                }
            }
            Ok(())
        })
    }

    fn finish(&self, prune: bool) -> Result<bool, Error> {
        self.session(|session| {
            let removed = self.ledger(|ledger| if prune { ledger.unmet() } else { Vec::new() });
            if session.is_idle() && removed.is_empty() {
                return Ok(false);
            }
            let removed: Vec<i32> = removed.into_iter().map(|report| report as i32).collect();
            let counts = self.ledger(|ledger| ledger.counts());
            session.commit(counts, &removed, State::Complete)?;
            session.analyze(counts)?;
            Ok(true)
        })
    }

    fn stop(&self) -> Result<(), Error> {
        self.session(|session| {
            if session.is_idle() {
                return Ok(());
            }
            let counts = self.ledger(|ledger| ledger.counts());
            session.commit(counts, &[], State::Stopped)
        })
    }

    fn goes_on(&self) -> bool {
        true
    }

    fn loose(&self) -> u64 {
        self.session(|session| Ok(session.loose)).unwrap_or_default()
    }
}

impl Session {
    /// Whether the run has changed nothing.
    fn is_idle(&self) -> bool {
        !self.load.is_begun && self.pending.is_empty()
    }

    /// Commits what is pending, with the run's row as it is then.
    fn commit(&mut self, counts: Counts, removed: &[i32], state: State) -> Result<(), Cause> {
        let Session { client, load, names, pending, loose } = self;
        let mut transaction = client.transaction()?;
        if !load.is_begun {
            load.begin(&mut transaction)?;
            names.write(&mut transaction)?;
            STAGED.iter().try_for_each(|table| transaction.batch_execute(&table.create()))?;
        }
        if !pending.replaced.is_empty() {
            for table in STAGED.iter().filter(|table| !table.is_reports()) {
                let delete = format!("DELETE FROM {} WHERE report_id = ANY($1)", table.name);
                transaction.execute(&delete, &[&pending.replaced])?;
            }
        }
        for table in STAGED {
            copy(&mut transaction, table, pending)?;
        }
        if !removed.is_empty() {
            transaction.execute("DELETE FROM reports WHERE report_id = ANY($1)", &[&removed])?;
        }
        load.update(&mut transaction, counts, &state)?;
        transaction.commit()?;
        load.is_begun = true;
        pending.clear();
        *loose = 0;
        Ok(())
    }

    /// After a large change the planner has to know what the tables hold. Only their owner may do that; for others it does nothing.
    fn analyze(&mut self, counts: Counts) -> Result<(), Cause> {
        let Counts { added, replaced, unchanged, removed } = counts;
        if (added + replaced + removed) * 10 > unchanged {
            let tables = STAGED.iter().map(|table| table.name).collect::<Vec<_>>().join(", ");
            self.client.batch_execute(&format!("ANALYZE loads, cell_names, codebook, {tables}"))?;
        }
        Ok(())
    }
}

/// Brings the pending rows of a table there.
fn copy(transaction: &mut Transaction<'_>, table: &Staged, pending: &Pending) -> Result<(), Cause> {
    const PIECE: usize = 64 << 10;

    let rows = pending.rows(table);
    if rows.is_empty() {
        return Ok(());
    }
    let mut writer = transaction.copy_in(&table.copy())?;
    let written = [rows::HEAD]
        .into_iter()
        .chain(rows.chunks(PIECE))
        .chain([rows::END])
        .try_for_each(|piece| writer.write_all(piece));
    // Where the server refuses a row, the end of the copy says why.
    writer.finish()?;
    written.map_err(Cause::Io)?;
    if let Some(insert) = table.insert() {
        transaction.execute(&insert, &[])?;
    }
    Ok(())
}

impl Load {
    fn begin(&self, transaction: &mut Transaction<'_>) -> Result<(), Cause> {
        let insert = "INSERT INTO loads (load_id, started_at, state, version, fingerprint, options, added, replaced, unchanged, removed) \
                      VALUES ($1, $2, 'running', $3, $4, $5, 0, 0, 0, 0)";
        let version = env!("CARGO_PKG_VERSION");
        let options = rows::storable(&self.options);
        transaction.execute(insert, &[&self.id, &time(self.started), &version, &self.fingerprint, &options])?;
        Ok(())
    }

    fn update(&self, transaction: &mut Transaction<'_>, counts: Counts, state: &State) -> Result<(), Cause> {
        let (word, ended) = match state {
            State::Running => ("running", None),
            State::Stopped => ("stopped", Some(time((self.clock)()))),
            State::Complete => ("complete", Some(time((self.clock)()))),
        };
        let Counts { added, replaced, unchanged, removed } = counts;
        let [added, replaced, unchanged, removed] =
            [added, replaced, unchanged, removed].map(|count| i32::try_from(count).unwrap_or(i32::MAX));
        let update = "UPDATE loads SET state = $2, ended_at = $3, added = $4, replaced = $5, unchanged = $6, removed = $7 \
                      WHERE load_id = $1";
        transaction.execute(update, &[&self.id, &word, &ended, &added, &replaced, &unchanged, &removed])?;
        Ok(())
    }
}

impl Names {
    /// Numbers the cells: as the database has them, and the others behind those.
    fn of(client: &mut Client, codebook: &Codebook) -> Result<Names, Cause> {
        let mut known = HashMap::new();
        let mut last = 0;
        for row in client.query("SELECT cell_id, table_id, row_id, column_id FROM cell_names", &[])? {
            let (number, name): (i32, [String; 3]) =
                (row.try_get(0)?, [row.try_get(1)?, row.try_get(2)?, row.try_get(3)?]);
            last = last.max(number);
            known.insert(name, number);
        }
        let (mut numbers, mut missing) = (Vec::new(), Vec::new());
        for (index, name) in codebook.names.iter().enumerate() {
            let number = known.get(name).copied().unwrap_or_else(|| {
                missing.push(index);
                last += 1;
                last
            });
            numbers.push(number);
        }
        Ok(Names { codebook: codebook.clone(), numbers, missing })
    }

    /// Adds the cells that are missing, and brings what the forms call them up to date.
    fn write(&self, transaction: &mut Transaction<'_>) -> Result<(), Cause> {
        let names = &self.codebook.names;
        let part =
            |part: usize| -> Vec<&str> { self.missing.iter().map(|index| names[*index][part].as_str()).collect() };
        let numbers: Vec<i32> = self.missing.iter().map(|index| self.numbers[*index]).collect();
        if !numbers.is_empty() {
            let insert = "INSERT INTO cell_names (cell_id, table_id, row_id, column_id) \
                          SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[])";
            transaction.execute(insert, &[&numbers, &part(0), &part(1), &part(2)])?;
        }

        let entries = &self.codebook.entries;
        let name = |part: usize| -> Vec<&str> {
            entries.iter().map(|entry| names[entry.cell as usize][part].as_str()).collect()
        };
        let grammars: Vec<&str> = entries.iter().map(|entry| entry.grammar.as_str()).collect();
        let tables: Vec<_> = entries.iter().map(|entry| rows::storable(&entry.table_label)).collect();
        let rows: Vec<_> = entries.iter().map(|entry| rows::storable(&entry.row_label)).collect();
        let columns: Vec<_> = entries.iter().map(|entry| rows::storable(&entry.column_label)).collect();
        let units: Vec<Option<&str>> = entries.iter().map(|entry| entry.unit).collect();
        let ordinals: Vec<i32> = entries.iter().map(|entry| entry.ordinal as i32).collect();
        let cells: Vec<i32> = entries.iter().map(|entry| self.numbers[entry.cell as usize]).collect();
        let upsert = "INSERT INTO codebook AS old (grammar, table_id, row_id, column_id, table_label, row_label, column_label, unit, ordinal, cell_id) \
             SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], \
             $9::int[], $10::int[]) \
             ON CONFLICT (grammar, table_id, row_id, column_id) DO UPDATE SET table_label = EXCLUDED.table_label, \
             row_label = EXCLUDED.row_label, column_label = EXCLUDED.column_label, unit = EXCLUDED.unit, \
             ordinal = EXCLUDED.ordinal, cell_id = EXCLUDED.cell_id \
             WHERE (old.table_label, old.row_label, old.column_label, old.unit, old.ordinal, old.cell_id) IS DISTINCT FROM \
             (EXCLUDED.table_label, EXCLUDED.row_label, EXCLUDED.column_label, EXCLUDED.unit, EXCLUDED.ordinal, EXCLUDED.cell_id)";
        transaction.execute(
            upsert,
            &[&grammars, &name(0), &name(1), &name(2), &tables, &rows, &columns, &units, &ordinals, &cells],
        )?;
        Ok(())
    }
}

fn connected(path: &Path, making: &Making, waiting: Waiting<'_>) -> Result<(Ledger, Session), Cause> {
    let loading = &making.loading;
    let started = (loading.clock)();
    let address = address::Address::of(&path.to_string_lossy(), loading.variable)?;
    let mut client = address.connect()?;
    place::settle(&mut client)?;
    let schema = place::schema(&mut client, loading.schema.as_deref())?;
    let key = lock_key(&schema);
    waiting.until(Other::Run, || -> Result<Option<()>, Cause> {
        let got: bool = client.query_one("SELECT pg_try_advisory_lock($1)", &[&key])?.try_get(0)?;
        Ok(got.then_some(()))
    })?;
    place::prepare(&mut client, &schema)?;

    client.execute("UPDATE loads SET state = 'stopped' WHERE state = 'running'", &[])?;
    let ledger = recorded(&mut client, making)?;
    let last: i32 = client.query_one("SELECT coalesce(max(load_id), 0) FROM loads", &[])?.try_get(0)?;
    let load = Load {
        id: last + 1,
        is_begun: false,
        started,
        clock: loading.clock,
        fingerprint: making.fingerprint.clone(),
        options: loading.options.clone(),
    };
    let names = Names::of(&mut client, &loading.codebook)?;
    Ok((ledger, Session { client, load, names, pending: Pending::default(), loose: 0 }))
}

/// The number of the lock on a schema. Locks are told apart by database.
fn lock_key(schema: &str) -> i64 {
    let mut key = [0; 8];
    key.copy_from_slice(&Sha256::digest(format!("gongkai\0{schema}"))[..8]);
    i64::from_le_bytes(key)
}

/// What the database has.
fn recorded(client: &mut Client, making: &Making) -> Result<Ledger, Cause> {
    let select = "SELECT r.report_id, r.name_key, r.sha256, r.status, r.error_count, r.warning_count, r.note_count, l.fingerprint = $1 \
                  FROM reports r JOIN loads l ON l.load_id = r.load_id ORDER BY r.report_id";
    let mut ledger = Ledger::default();
    let mut rows = client.query_raw(select, [&making.fingerprint])?;
    while let Some(row) = rows.next()? {
        let report: i32 = row.try_get(0)?;
        let damaged = |column: &str| Cause::Database(format!("reports.{column} of report {report} was changed"));
        let status = Status::named(row.try_get(3)?).ok_or_else(|| damaged("status"))?;
        let count = |index| -> Result<u32, Cause> { Ok(row.try_get::<_, i32>(index)?.unsigned_abs()) };
        ledger.record(Recorded {
            key: hash(row.try_get(1)?).ok_or_else(|| damaged("name_key"))?,
            sha256: hash(row.try_get(2)?).ok_or_else(|| damaged("sha256"))?,
            report: u32::try_from(report).map_err(|_| damaged("report_id"))?,
            status,
            findings: [count(4)?, count(5)?, count(6)?],
            is_current: row.try_get(7)? && !making.anew,
        });
    }
    Ok(ledger)
}

/// A moment, from microseconds since 1970.
fn time(micros: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_micros(micros.unsigned_abs())
}

impl From<postgres::Error> for Cause {
    fn from(error: postgres::Error) -> Cause {
        let gone = |code: &str| code.starts_with("08") || code.starts_with("57P");
        if error.is_closed() || error.code().is_some_and(|code| gone(code.code())) {
            return Cause::Lost(words(&error));
        }
        if error.as_db_error().is_none()
            && std::error::Error::source(&error).is_some_and(|source| source.is::<std::io::Error>())
        {
            return Cause::Lost(words(&error));
        }
        Cause::Database(words(&error))
    }
}

/// What the server or the driver says, in one line.
fn words(error: &postgres::Error) -> String {
    let mut said: Vec<String> = Vec::new();
    if let Some(error) = error.as_db_error() {
        said.push(error.message().to_owned());
        said.extend(error.detail().map(str::to_owned));
        said.extend(error.hint().map(str::to_owned));
    } else {
        let mut next: Option<&dyn std::error::Error> = Some(error);
        while let Some(error) = next {
            let words = error.to_string();
            // Some repeat what stands behind them.
            if said.last().is_none_or(|last| !last.ends_with(&words)) {
                said.push(words);
            }
            next = error.source();
        }
    }
    said.join(": ").split_whitespace().collect::<Vec<_>>().join(" ")
}
