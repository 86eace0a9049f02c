//! rusqlite alone: a prepared statement for each table, an execution for each row.

use std::fs;
use std::io;
use std::path::Path;

use gongkai::report::Decimal;
use gongkai::wire::relations::{self, Dialect};
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use super::{Corpus, Kind};

/// How many cells a transaction of the sink has.
const CELLS: usize = 50_000;

pub fn kind(folder: &Path) -> Kind {
    Kind {
        name: "SQLite",
        destination: folder.join("x.db").to_string_lossy().into_owned(),
        clear,
        size: |path| fs::metadata(path).map(|metadata| metadata.len()),
        bare: &[
            ("rusqlite, no full-text search", |path, corpus| {
                load(path, corpus, false).map_err(|error| error.to_string())
            }),
            ("rusqlite", |path, corpus| load(path, corpus, true).map_err(|error| error.to_string())),
        ],
    }
}

fn clear(path: &str) -> io::Result<()> {
    for ending in ["", "-wal", "-shm"] {
        match fs::remove_file(format!("{path}{ending}")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn value(decimal: Decimal) -> Value {
    let digits = decimal.to_string();
    match (decimal.to_i64(), digits.parse()) {
        (Some(whole), _) => Value::Integer(whole),
        (None, Ok(real)) => Value::Real(real),
        (None, Err(_)) => Value::Text(digits),
    }
}

fn load(path: &str, corpus: &Corpus, search: bool) -> rusqlite::Result<()> {
    let mut database = Connection::open(path)?;
    database.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536; \
         PRAGMA wal_autocheckpoint = 4096;",
    )?;
    database.execute_batch(&relations::script(Dialect::Sqlite))?;
    for (index, [table, row, column]) in corpus.codebook.names.iter().enumerate() {
        let put = "INSERT INTO cell_names VALUES (?1, ?2, ?3, ?4)";
        database.execute(put, params![index as i64 + 1, table, row, column])?;
    }
    let put = "INSERT INTO loads VALUES (1, '', '', 'complete', '', '', '', 0, 0, 0, 0)";
    database.execute(put, [])?;
    let (mut report, mut rest) = (0, &corpus.rows[..]);
    while !rest.is_empty() {
        let mut pending = 0;
        let transaction = database.transaction()?;
        {
            let many = |count: usize| (1..=count).map(|place| format!("?{place}")).collect::<Vec<_>>().join(", ");
            let put =
                |table: &str, count| transaction.prepare(&format!("INSERT INTO {table} VALUES ({})", many(count)));
            let (mut own, mut cell) = (put("reports", 21)?, put("cell_values", 9)?);
            let (mut section, mut statement, mut finding) =
                (put("sections", 7)?, put("statements", 14)?, put("findings", 14)?);
            let mut text =
                transaction.prepare("INSERT INTO sections_search (rowid, text, heading) VALUES (?1, ?2, ?3)")?;
            while pending < CELLS && !rest.is_empty() {
                let (entry, rows) = &rest[0];
                rest = &rest[1..];
                report += 1;
                pending += rows.cells.len();
                let it = &rows.report;
                let [errors, warnings, notes] = it.severities;
                own.execute(params![
                    report,
                    it.path,
                    it.record,
                    it.sha256,
                    it.bytes as i64,
                    it.encoding,
                    it.grammar,
                    it.status,
                    it.title,
                    it.issuer,
                    it.year,
                    "",
                    1,
                    entry.path,
                    it.replaced,
                    rows.cells.len() as i64,
                    rows.sections.len() as i64,
                    rows.statements.len() as i64,
                    errors,
                    warnings,
                    notes
                ])?;
                for row in &rows.cells {
                    let [line, start, end] = row.place.map_or([None; 3], |place| place.map(Some));
                    let (raw, value) = (row.raw.as_deref(), row.value.map(value));
                    cell.execute(params![report, row.cell + 1, row.kind, value, raw, line, start, end, row.unit])?;
                }
                for (index, row) in rows.sections.iter().enumerate() {
                    let (number, heading, ordinal) = (&row.number, &row.heading, index as i64 + 1);
                    let id = section.insert(params![
                        None::<i64>,
                        report,
                        row.section,
                        ordinal,
                        number,
                        heading,
                        row.text
                    ])?;
                    if search {
                        text.execute(params![id, row.text, heading])?;
                    }
                }
                for (index, row) in rows.statements.iter().enumerate() {
                    let [line, start, end] = row.place;
                    let (ordinal, figure, subject) = (index as i64 + 1, value(row.figure), row.subject());
                    statement.execute(params![
                        report, ordinal, row.rule, subject, figure, row.unit, row.text, line, start, end, row.cells,
                        row.parts, row.result, row.reason
                    ])?;
                }
                for (index, row) in rows.findings.iter().enumerate() {
                    let [table, line, column] = &row.cell;
                    let (ordinal, severity) = (index as i64 + 1, row.severity.name());
                    finding.execute(params![
                        report,
                        ordinal,
                        row.code,
                        row.rule,
                        severity,
                        table,
                        line,
                        column,
                        row.expected,
                        row.found,
                        row.line,
                        row.message,
                        row.section,
                        row.help
                    ])?;
                }
            }
        }
        transaction.commit()?;
    }
    database.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)")
}
