//! Reports in SQLite: every figure once, whatever happens on the way.
//!
//! `REPORTS=20000 KILLS=20 cargo test --release --test sqlite` does it at full size.

#![cfg(feature = "sqlite")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod databases;
mod desk;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use databases::{Archive, Random, Seen, kills, reports, said, trillionths, unchanged, words};
use gongkai::wire::relations::{TABLES, view_names};
use rusqlite::{Connection, OpenFlags, Row};

const LOAD: [&str; 3] = ["in", "-o", "x.db"];

fn open(path: &Path) -> Connection {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a database")
}

/// Every row of a query, each by `make`.
fn each(database: &Connection, sql: &str, mut make: impl FnMut(&Row<'_>)) {
    let mut select = database.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let mut rows = select.query([]).expect("rows");
    while let Some(row) = rows.next().expect("a row") {
        make(row);
    }
}

fn text<'r>(row: &'r Row<'_>, column: usize) -> Option<&'r str> {
    row.get_ref(column).expect("a column").as_str_or_null().expect("a text")
}

/// The first value of the first row.
fn number(database: &Connection, sql: &str) -> i64 {
    database.query_row(sql, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// All that a database has, and that its parts belong together.
fn seen(path: &Path) -> Seen {
    let database = open(path);
    let mut seen = Seen::default();
    each(&database, "SELECT path, grammar, status, title, issuer, year FROM reports", |row| {
        let said =
            said(text(row, 1), text(row, 2).unwrap_or(""), text(row, 3), text(row, 4), row.get(5).expect("a year"));
        seen.report(text(row, 0).expect("a path"), said);
    });
    let sql = "SELECT r.path, c.table_id || '.' || c.row_id || '.' || c.column_id, c.kind, CASE typeof(c.value) WHEN 'real' THEN printf('%.15g', c.value) ELSE CAST(c.value AS TEXT) END \
               FROM cells c JOIN reports r ON r.report_id = c.report_id";
    each(&database, sql, |row| {
        seen.cell(
            text(row, 0).expect("a path"),
            text(row, 1).expect("a cell"),
            text(row, 2).expect("a kind"),
            text(row, 3),
        );
    });
    check_whole(&database);
    // The full-text index has all texts and no others.
    let check = "INSERT INTO sections_search (sections_search, rank) VALUES ('integrity-check', 1)";
    Connection::open(path).and_then(|database| database.execute_batch(check)).expect("an index in step");
    seen
}

/// A database is sound at any time: no part without its report, no report without a part.
#[track_caller]
fn check_whole(database: &Connection) {
    // One snapshot for all questions.
    database.execute_batch("BEGIN").expect("a snapshot");
    let sum = |column: &str| number(database, &format!("SELECT coalesce(sum({column}), 0) FROM reports"));
    let count = |table: &str| number(database, &format!("SELECT count(*) FROM {table}"));
    for (column, table) in
        [("cell_count", "cell_values"), ("section_count", "sections"), ("statement_count", "statements")]
    {
        assert_eq!(sum(column), count(table), "{table}");
    }
    assert_eq!(sum("error_count + warning_count + note_count"), count("findings"));
    each(database, "PRAGMA foreign_key_check", |row| panic!("a row of {:?} points to nothing", text(row, 0)));
    each(database, "PRAGMA integrity_check", |row| assert_eq!(text(row, 0), Some("ok")));
    database.execute_batch("COMMIT").expect("an end");
}

/// Every row of every table but what numbers, runs and times they have.
fn rows(path: &Path) -> BTreeMap<&'static str, Vec<String>> {
    let database = open(path);
    let mut all = BTreeMap::new();
    for table in TABLES.iter().filter(|table| table.name != "loads") {
        let own = table.columns.iter().map(|column| column.name);
        let own = own.filter(|name| !["report_id", "load_id", "loaded_at"].contains(name));
        let own: Vec<String> = own.map(|name| format!("quote(t.{name})")).collect();
        let of_report = table.columns[0].name == "report_id";
        let from = if of_report { "JOIN reports r ON r.report_id = t.report_id" } else { "" };
        let key = if of_report { "r.path || coalesce(r.record, '') || r.sha256 || ' ' || " } else { "" };
        let sql = format!("SELECT {key}{} FROM {} t {from}", own.join(" || ' ' || "), table.name);
        let rows: &mut Vec<String> = all.entry(table.name).or_default();
        each(&database, &sql, |row| rows.push(text(row, 0).unwrap_or_default().to_owned()));
        rows.sort();
    }
    all
}

#[track_caller]
fn check_same_rows(left: &Path, right: &Path, when: &str) {
    let (left, right) = (rows(left), rows(right));
    for (table, rows) in &left {
        let differs = rows.iter().zip(&right[table]).find(|(left, right)| left != right);
        assert!(
            rows == &right[table],
            "{when}: {table} differs: {} and {} rows, {differs:?}",
            rows.len(),
            right[table].len()
        );
    }
}

/// The runs: state, added, replaced, unchanged, removed.
fn loads(path: &Path) -> Vec<String> {
    let mut loads = Vec::new();
    let sql = "SELECT state || ' ' || added || ' ' || replaced || ' ' || unchanged || ' ' || removed FROM loads ORDER BY load_id";
    each(&open(path), sql, |row| loads.push(text(row, 0).expect("counts").to_owned()));
    loads
}

#[test]
fn sums_are_those_of_the_truth() {
    let count = reports(200);
    let part = (count / 20) as usize;
    let mut archive = Archive::new(count);
    let path = archive.desk.path().join("x.db");
    assert_eq!(archive.convert(&LOAD), 0);
    seen(&path).check(&archive.seen(), "one run");

    let before = std::fs::read(&path).expect("a file");
    assert_eq!(archive.convert(&LOAD), count);
    assert!(std::fs::read(&path).expect("a file") == before, "a second run changed something");
    assert_eq!(archive.desk.files().iter().filter(|file| file.contains("x.db")).count(), 1, "something is left behind");

    archive.edit(part);
    archive.remove(part / 2);
    let stay = count - part as u64;
    let unchanged = archive.convert(&[&LOAD[..], &["--prune"]].concat());
    assert!(unchanged >= stay - part as u64 / 2 && unchanged <= stay, "{unchanged}");
    seen(&path).check(&archive.seen(), "edited and removed");
    let edited = count - part as u64 / 2 - unchanged;
    let expected = [format!("complete {count} 0 0 0"), format!("complete 0 {edited} {unchanged} {}", part / 2)];
    assert_eq!(loads(&path), expected);

    // Without --prune the reports of texts that are gone stay.
    let before = archive.seen().count();
    archive.remove(3);
    archive.add(2);
    archive.convert(&LOAD);
    assert_eq!(seen(&path).count(), before + 2);
    archive.convert(&[&LOAD[..], &["--prune"]].concat());
    seen(&path).check(&archive.seen(), "more and fewer");
    check_python(&path, &archive.seen());
}

/// Python's sqlite3, which may be older, reads all tables and views, and sums up the same.
#[allow(clippy::print_stderr)] // a test that was not run has to say so
fn check_python(path: &Path, expected: &Seen) {
    const READ: &str = "import sqlite3, sys\nfrom decimal import Decimal\n\
        base = sqlite3.connect(sys.argv[1])\n\
        for name in sys.argv[2:]:\n    base.execute(f'SELECT * FROM {name}').fetchall()\n\
        sums = {}\n\
        for cell, value in base.execute(\"SELECT table_id || '.' || row_id || '.' || column_id, value FROM cells\"):\n    \
            if value is not None:\n        \
                count, total = sums.get(cell, (0, Decimal(0)))\n        \
                sums[cell] = (count + 1, total + Decimal(str(value)))\n\
        for cell, (count, total) in sums.items():\n    print(cell, count, format(total, 'f'))\n\
        totals = base.execute(\"SELECT table_id || '.' || row_id || '.' || column_id, reports, total FROM cell_totals\")\n\
        for cell, count, total in totals:\n    print(cell, count, format(Decimal(str(total)), 'f'))\n";
    let Ok(found) = Command::new("python3").arg("--version").output() else {
        eprintln!("SKIPPED: there is no python3, so it read nothing");
        return;
    };
    assert!(found.status.success());
    let names = TABLES.iter().map(|table| table.name).chain(view_names());
    let output = Command::new("python3").args(["-c", READ]).arg(path).args(names).output().expect("python3");
    assert!(output.status.success(), "{}", words(&output));
    let lines = String::from_utf8_lossy(&output.stdout);
    let cells = expected.sums().len();
    for (index, line) in lines.lines().enumerate() {
        let [cell, count, sum] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let (figures, total) = expected.sums()[cell];
        // The view gives a sum that is not whole as a real, of which fifteen digits are true.
        let off = (trillionths(sum) - total).abs();
        assert!(
            count.parse() == Ok(figures) && (off == 0 || index >= cells && off < total.abs() / 1_000_000_000_000_000),
            "{line}"
        );
    }
    assert_eq!(lines.lines().count(), 2 * cells);
}

#[test]
fn killed_runs_end_as_if_nothing_had_been() {
    let archive = Archive::new(reports(600));
    let path = archive.desk.path().join("x.db");
    let begun = Instant::now();
    archive.convert(&["in", "-o", "whole.db"]);
    let time = begun.elapsed().as_micros() as u64;
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let (mut killed, mut gone_on) = (0, 0);
    // Now and then all of them come too early, before anything is committed: then there are some more.
    while killed < kills(6) || gone_on == 0 && killed < 8 * kills(6) {
        ["", "-wal", "-shm"].iter().for_each(|end| _ = std::fs::remove_file(format!("{}{end}", path.display())));
        for _ in 0..=random.below(4) {
            let mut child = archive.desk.command(&["convert", "in", "-o", "x.db"]).spawn().expect("the binary");
            sleep(Duration::from_micros(random.below(time)));
            child.kill().expect("a kill");
            child.wait().expect("an end");
            killed += 1;
        }
        let is_made = path.exists() && number(&open(&path), "SELECT count(*) FROM sqlite_schema") > 0;
        let done = if is_made { number(&open(&path), "SELECT count(*) FROM reports") as u64 } else { 0 };
        if is_made {
            check_whole(&open(&path));
        }
        assert_eq!(archive.convert(&LOAD), done);
        gone_on += u64::from(done > 0);
        check_same_rows(&archive.desk.path().join("whole.db"), &path, &format!("{killed} kills"));
        assert!(loads(&path).iter().all(|load| !load.starts_with("running")), "{:?}", loads(&path));
    }
    assert!(gone_on > 0, "every run was killed too early");
    seen(&path).check(&archive.seen(), "killed");
}

#[test]
fn rows_are_the_same_for_any_number_of_jobs() {
    let archive = Archive::new(100);
    let path = |name: &str| archive.desk.path().join(name);
    for jobs in ["1", "2", "7"] {
        archive.convert(&["in", "-o", &format!("{jobs}.db"), "--jobs", jobs, "--memory", "1M"]);
    }
    let numbers = |name: &str| {
        let mut numbers = Vec::new();
        each(&open(&path(name)), "SELECT path FROM reports ORDER BY report_id", |row| {
            numbers.push(text(row, 0).map(str::to_owned));
        });
        numbers
    };
    for name in ["2.db", "7.db"] {
        check_same_rows(&path("1.db"), &path(name), name);
        assert_eq!(numbers("1.db"), numbers(name));
    }
}

#[test]
fn other_options_replace_every_report_once() {
    let archive = Archive::new(60);
    let path = archive.desk.path().join("x.db");
    let ids = || {
        let mut ids = BTreeMap::new();
        let sql = "SELECT path, report_id, load_id, loaded_at FROM reports";
        each(&open(&path), sql, |row| {
            let loaded = format!("{} {}", row.get::<_, i64>(2).expect("a load"), text(row, 3).expect("a time"));
            ids.insert(text(row, 0).map(str::to_owned), (row.get::<_, i64>(1).expect("a number"), loaded));
        });
        ids
    };
    let run = |more: &[&str]| {
        let output =
            archive.desk.command(&[&["convert"], &LOAD[..], more].concat()).env("SOURCE_DATE_EPOCH", "86400").output();
        unchanged(&output.expect("an end"))
    };
    assert_eq!(run(&[]), 0);
    let first = ids();
    assert!(first.values().all(|(_, loaded)| loaded == "1 1970-01-02T00:00:00.000Z"), "{:?}", first.values().next());
    // Somebody's notes on a report stay with it.
    let notes = "CREATE TABLE notes (report_id INTEGER REFERENCES reports, note TEXT); \
                 INSERT INTO notes SELECT report_id, path FROM reports; CREATE VIEW mine AS SELECT * FROM notes";
    Connection::open(&path).and_then(|database| database.execute_batch(notes)).expect("notes");
    for more in [&["--no-check"][..], &["--no-check", "--force"], &["--lang", "zh"]] {
        assert_eq!(run(more), 0, "{more:?}");
        assert_eq!(run(more), if more.contains(&"--force") { 0 } else { 60 }, "{more:?}");
        let now = ids();
        assert!(now.iter().all(|(path, (id, _))| first[path].0 == *id), "{more:?}: other numbers");
        check_whole(&open(&path));
    }
    seen(&path).check(&archive.seen(), "other options");
    assert_eq!(
        loads(&path),
        ["complete 60 0 0 0", "complete 0 60 0 0", "complete 0 60 0 0", "complete 0 60 0 0", "complete 0 60 0 0"]
    );
    assert_eq!(
        number(
            &open(&path),
            "SELECT count(*) FROM mine m JOIN reports r ON (r.report_id, r.path) = (m.report_id, m.note)"
        ),
        60
    );
    let options: Vec<String> = {
        let mut options = Vec::new();
        each(&open(&path), "SELECT options FROM loads", |row| options.push(text(row, 0).expect("options").to_owned()));
        options
    };
    assert_eq!(options, ["", "--no-check", "--no-check", "--no-check", "--lang zh"]);
}

#[test]
fn names_that_are_given_twice() {
    let archive = Archive::new(40);
    let path = archive.desk.path().join("x.db");
    archive.convert(&["in", "in", "-o", "x.db"]);
    seen(&path).check(&archive.seen(), "twice");
    // One name with several contents.
    let page = |year: &str| {
        format!(r#"{{"id":"a","text":"青石县{year}年政府信息公开工作年度报告\n一、总体情况\n好。\n"}}"#) + "\n"
    };
    archive.desk.put("a.jsonl", [page("2021"), page("2022"), page("2021")].concat());
    archive.convert(&["a.jsonl", "-o", "a.db"]);
    let years = || {
        let mut years = Vec::new();
        each(&open(&archive.desk.path().join("a.db")), "SELECT report_id, year FROM reports ORDER BY 1", |row| {
            years.push((row.get(0).expect("a number"), row.get(1).expect("a year")));
        });
        years
    };
    assert_eq!(years(), [(1, 2021), (2, 2022)]);
    assert_eq!(archive.convert(&["a.jsonl", "-o", "a.db"]), 3);
    archive.desk.put("a.jsonl", [page("2023"), page("2022")].concat());
    archive.convert(&["a.jsonl", "-o", "a.db"]);
    assert!(years() == [(1, 2022), (2, 2023)] || years() == [(1, 2023), (2, 2022)], "{:?}", years());
}

#[test]
fn amounts_are_numbers_that_compare_and_sum() {
    let archive = Archive::new(0);
    let path = archive.desk.path().join("x.db");
    let amounts = ["0.0005", "12.5", "300", "0.00000025", "-0.000001", "0.001", "1234567.12345678"];
    for (index, amount) in amounts.iter().enumerate() {
        archive.desk.put(&format!("fees/{index}.txt"), desk::PAGE.replace("12.50", amount));
    }
    archive.convert(&["fees", "-o", "x.db"]);
    let database = open(&path);
    #[track_caller]
    fn check(database: &Connection, sql: &str, expected: &str) {
        let mut found = Vec::new();
        each(database, sql, |row| found.push(text(row, 0).expect("a text").to_owned()));
        assert_eq!(found.join(" "), expected, "{sql}");
    }
    let fees = "cells WHERE row_id = 'administrative_fees' AND column_id = 'amount'";
    check(&database, &format!("SELECT DISTINCT typeof(value) FROM {fees} ORDER BY 1"), "integer real");
    check(&database, &format!("SELECT printf('%.15g', max(value)) FROM {fees}"), "1234567.12345678");
    check(&database, &format!("SELECT raw FROM {fees} AND value > 12 ORDER BY value"), "12.5 300 1234567.12345678");
    check(
        &database,
        &format!("SELECT raw FROM {fees} ORDER BY value"),
        "-0.000001 0.00000025 0.0005 0.001 12.5 300 1234567.12345678",
    );
    check(
        &database,
        "SELECT total FROM cell_totals WHERE row_id = 'administrative_fees' AND column_id = 'amount'",
        "1234879.62495603",
    );
}
