//! `docs/cookbook.md` is true: every query in it runs, answers what stands below it, and takes an index to get there.
//!
//! A block marked `sql` is a query to a database of `corpus/series`, and the table behind it is the answer. `BLESS=1 cargo test --test
//! cookbook` writes the answers anew; look at the difference.

#![cfg(feature = "sqlite")]
#![allow(clippy::disallowed_methods)] // pages and databases are files

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A database of the series, made by the binary.
fn database(desk: &TempDir) -> Connection {
    let path = converted(desk, "reports.db");
    Connection::open(path).expect("a database")
}

/// What `gongkai convert corpus/series -o NAME` makes.
fn converted(desk: &TempDir, name: &str) -> PathBuf {
    let path = desk.path().join(name);
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    let output = command.args(["convert", "corpus/series", "-o"]).arg(&path).current_dir(root()).output();
    let output = output.expect("the binary");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    path
}

/// The answer to a query, as a table of the page.
fn answer(database: &Connection, query: &str) -> rusqlite::Result<String> {
    let mut statement = database.prepare(query)?;
    let columns = statement.column_count();
    let mut table =
        format!("| {} |\n|{}\n", statement.column_names().collect::<Vec<_>>().join(" | "), " --- |".repeat(columns));
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        table.push('|');
        for column in 0..columns {
            let _ = match row.get_ref(column)? {
                ValueRef::Null => write!(table, " |"),
                ValueRef::Integer(number) => write!(table, " {number} |"),
                ValueRef::Real(number) => write!(table, " {number:?} |"),
                ValueRef::Text(text) => write!(table, " {} |", String::from_utf8_lossy(text).replace('|', "\\|")),
                ValueRef::Blob(bytes) => write!(table, " {} bytes |", bytes.len()),
            };
        }
        table.push('\n');
    }
    Ok(table)
}

/// How SQLite goes about a query.
fn plan(database: &Connection, query: &str) -> Vec<String> {
    let mut explain = database.prepare(&format!("EXPLAIN QUERY PLAN {query}")).expect("a query");
    let steps = explain.query_map([], |row| row.get::<_, String>(3)).expect("a plan");
    steps.map(|step| step.expect("a step")).collect()
}

#[test]
fn queries_answer_what_is_shown() {
    let page = fs::read_to_string(root().join("docs/cookbook.md")).expect("the page");
    let desk = tempfile::tempdir().expect("a folder");
    let database = database(&desk);
    let mut right = String::new();
    let mut queries = 0;
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        right += line;
        right += "\n";
        if line != "```sql" {
            continue;
        }
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let query = block.join("\n");
        let shown = answer(&database, &query).unwrap_or_else(|error| panic!("{query}\n{error}"));
        assert!(shown.lines().count() > 2, "{query}\nanswers nothing");
        let plan = plan(&database, &query);
        let is_scan = |step: &&String| ["SCAN v", "SCAN cell_values"].iter().any(|scan| step.starts_with(scan));
        assert_eq!(plan.iter().find(is_scan), None, "{query}\nreads all cells: {plan:#?}");
        right += &format!("{query}\n```\n\n{shown}");
        queries += 1;
        while lines.next_if(|line| line.is_empty()).is_some() {}
        while lines.next_if(|line| line.starts_with('|')).is_some() {}
        while lines.next_if(|line| line.is_empty()).is_some() {}
        right += if lines.peek().is_some() { "\n" } else { "" };
    }
    assert!(queries >= 12, "only {queries} queries");
    if std::env::var_os("BLESS").is_some() {
        fs::write(root().join("docs/cookbook.md"), right).expect("a file");
        return;
    }
    let differs = page.lines().zip(right.lines()).find(|(one, other)| one != other);
    assert!(page == right, "docs/cookbook.md (BLESS=1 writes it anew): {differs:?}");
}
