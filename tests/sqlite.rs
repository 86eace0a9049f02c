//! Reports in SQLite: every figure once, whatever happens on the way.
//!
//! `REPORTS=20000 KILLS=20 cargo test --release --test sqlite` does it at full size.

#![cfg(feature = "sqlite")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod databases;
mod desk;

use std::path::Path;

use databases::{Archive, Seen, reports, said};
use rusqlite::{Connection, OpenFlags};

fn open(path: &Path) -> Connection {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a database")
}

/// All that a database has.
fn seen(path: &Path) -> Seen {
    let database = open(path);
    let mut seen = Seen::default();
    let mut select =
        database.prepare("SELECT path, grammar, status, title, issuer, year FROM reports").expect("a query");
    let mut rows = select.query([]).expect("rows");
    while let Some(row) = rows.next().expect("a row") {
        let text = |column| row.get_ref(column).and_then(|value| Ok(value.as_str_or_null()?)).expect("a text");
        let said = said(text(1), text(2).unwrap_or(""), text(3), text(4), row.get(5).expect("a year"));
        seen.report(text(0).expect("a path"), said);
    }
    let sql = "SELECT r.path, c.table_id || '.' || c.row_id || '.' || c.column_id, c.kind, CAST(c.value AS TEXT) \
               FROM cells c JOIN reports r ON r.report_id = c.report_id";
    let mut select = database.prepare(sql).expect("a query");
    let mut rows = select.query([]).expect("rows");
    while let Some(row) = rows.next().expect("a row") {
        let text = |column| row.get_ref(column).and_then(|value| Ok(value.as_str_or_null()?)).expect("a text");
        seen.cell(text(0).expect("a path"), text(1).expect("a cell"), text(2).expect("a kind"), text(3));
    }
    seen
}

#[test]
fn sums_are_those_of_the_truth() {
    let archive = Archive::new(reports(120));
    let path = archive.desk.path().join("x.db");
    assert_eq!(archive.convert(&["in", "-o", "x.db"]), 0);
    seen(&path).check(&archive.seen(), "one run");
}
