//! `docs/cookbook.md` is true: every query in it runs, answers what stands below it, and takes an index to get there.
//!
//! A block marked `sql` is a query to a database of `corpus/series`, and the table behind it is the answer; PostgreSQL must give
//! the same, but for what is marked `sql sqlite`. Blocks marked `sql duckdb` and `python` are run by the Python that
//! GONGKAI_PYTHON names, which needs duckdb, pandas and pyarrow. `BLESS=1 cargo test --test cookbook` writes the answers anew;
//! look at the difference.

#![cfg(all(feature = "sqlite", feature = "parquet"))]
#![allow(clippy::disallowed_methods)] // pages and databases are files

#[cfg(feature = "postgres")]
mod markdown;
#[cfg(feature = "postgres")]
mod server;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
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
    convert(&path);
    path
}

/// Brings the series to a destination.
fn convert(to: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    let output = command.args(["convert", "corpus/series", "-o"]).arg(to).current_dir(root()).output();
    let output = output.expect("the binary");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The answer to a query: heads, then rows.
fn answer(database: &Connection, query: &str) -> rusqlite::Result<Vec<Vec<String>>> {
    let mut statement = database.prepare(query)?;
    let columns = statement.column_count();
    let mut answer = vec![statement.column_names().map(str::to_owned).collect()];
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let field = |column| {
            Ok(match row.get_ref(column)? {
                ValueRef::Null => String::new(),
                ValueRef::Integer(number) => number.to_string(),
                ValueRef::Real(number) => format!("{number:?}"),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
            })
        };
        answer.push((0..columns).map(field).collect::<rusqlite::Result<_>>()?);
    }
    Ok(answer)
}

/// An answer as a table of the page.
fn table(answer: &[Vec<String>]) -> String {
    let mut table = String::new();
    for (index, row) in answer.iter().enumerate() {
        for field in row {
            // A table of the page has a line a row.
            let field = field.replace('\n', " ").replace('|', "\\|");
            let _ = write!(table, "|{}{field} ", if field.is_empty() { "" } else { " " });
        }
        table.push_str("|\n");
        if index == 0 {
            let _ = writeln!(table, "|{}", " --- |".repeat(row.len()));
        }
    }
    table
}

/// Steps that go through all cells, the last one cell by cell of the form.
const SCANS: [&str; 3] = ["SCAN v", "SCAN cell_values", "SEARCH v USING INDEX cell_values_by_cell (cell_id=?)"];

/// How SQLite goes about a query.
fn plan(database: &Connection, query: &str) -> Vec<String> {
    let mut explain = database.prepare(&format!("EXPLAIN QUERY PLAN {query}")).expect("a query");
    let steps = explain.query_map([], |row| row.get::<_, String>(3)).expect("a plan");
    steps.map(|step| step.expect("a step")).collect()
}

/// What Python prints for a script; none where there is no Python with pandas and DuckDB.
fn python(desk: &TempDir, script: &str) -> Option<String> {
    let program = std::env::var_os("GONGKAI_PYTHON").filter(|program| !program.is_empty())?;
    let output = Command::new(program).args(["-c", script]).current_dir(desk.path()).env("PYTHONUTF8", "1").output();
    let output = output.expect("the Python that GONGKAI_PYTHON names");
    assert!(output.status.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n").trim_end().to_owned() + "\n")
}

/// Prints DuckDB's answer as a table of the page.
const DUCKDB: &str = r#"
import duckdb
answer = duckdb.sql("""QUERY""")
print("| " + " | ".join(answer.columns) + " |")
print("|" + " --- |" * len(answer.columns))
for row in answer.fetchall():
    print("|" + "".join(" |" if value is None else f" {value} |" for value in row))
"#;

/// The page with what each block answers, as far as `answer` says it: a table, or a block marked `text`.
fn answered(page: &str, mut answer: impl FnMut(&str, &str) -> Option<String>) -> String {
    let mut right = String::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        right += &format!("{line}\n");
        let Some(info) = line.strip_prefix("```") else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let block = block.join("\n");
        right += &format!("{block}\n```\n");
        let Some(shown) = answer(info, &block) else { continue };
        while lines.next_if(|line| line.is_empty()).is_some() {}
        while lines.next_if(|line| line.starts_with('|')).is_some() {}
        if lines.next_if(|line| *line == "```text").is_some() {
            lines.by_ref().take_while(|line| *line != "```").for_each(drop);
        }
        while lines.next_if(|line| line.is_empty()).is_some() {}
        right += &format!("\n{shown}{}", if lines.peek().is_some() { "\n" } else { "" });
    }
    right
}

const SKIPPED: &str =
    "SKIPPED: GONGKAI_PYTHON names no Python, so nothing of the cookbook was run in DuckDB and pandas";

#[test]
fn queries_answer_what_is_shown() {
    let page = fs::read_to_string(root().join("docs/cookbook.md")).expect("the page");
    let desk = tempfile::tempdir().expect("a folder");
    let database = database(&desk);
    let has_python = python(&desk, "import duckdb, pandas, pyarrow").is_some();
    if has_python {
        converted(&desk, "reports.jsonl");
        converted(&desk, "reports.parquet/");
    } else {
        let required = std::env::var_os("GONGKAI_REQUIRE_SERVERS").is_some_and(|set| !set.is_empty() && set != "0");
        assert!(!required, "{SKIPPED}, and GONGKAI_REQUIRE_SERVERS asks for it");
        // Written past what the tests' harness keeps to itself.
        let _ = writeln!(std::io::stderr(), "{SKIPPED}");
    }
    let (mut queries, mut scripts) = (0, 0);
    let right = answered(&page, |info, block| match info {
        "sql" | "sql sqlite" => {
            queries += 1;
            let answer = answer(&database, block).unwrap_or_else(|error| panic!("{block}\n{error}"));
            assert!(answer.len() > 1, "{block}\nanswers nothing");
            let plan = plan(&database, block);
            let is_scan = |step: &&String| SCANS.iter().any(|scan| step.starts_with(scan));
            assert_eq!(plan.iter().find(is_scan), None, "{block}\nreads all cells: {plan:#?}");
            Some(table(&answer))
        }
        "sql duckdb" => {
            scripts += 1;
            python(&desk, &DUCKDB.replace("QUERY", block))
        }
        "python" => {
            scripts += 1;
            python(&desk, block).map(|printed| format!("```text\n{printed}```\n"))
        }
        _ => None,
    });
    assert!(queries >= 12 && scripts >= 5, "only {queries} queries and {scripts} scripts");
    if std::env::var_os("BLESS").is_some() {
        fs::write(root().join("docs/cookbook.md"), right).expect("a file");
        return;
    }
    let differs = page.lines().zip(right.lines()).find(|(one, other)| one != other);
    assert!(page == right, "docs/cookbook.md (BLESS=1 writes it anew): {differs:?}");
}

/// What PostgreSQL answers is what SQLite answers; 12.50 is 12.5.
#[cfg(feature = "postgres")]
#[test]
fn postgresql_answers_the_same() {
    use postgres::{Client, NoTls, SimpleQueryMessage};

    let Some(server) = server::Server::start() else { return };
    let url = server.url("postgres");
    convert(Path::new(&url));
    let mut client = Client::connect(&url, NoTls).expect("a connection");
    let desk = tempfile::tempdir().expect("a folder");
    let database = database(&desk);
    let alike = |field: &str| field.parse::<f64>().map_or_else(|_| field.to_owned(), |number| number.to_string());
    let page = fs::read_to_string(root().join("docs/cookbook.md")).expect("the page");
    let mut queries = 0;
    for (_, query) in markdown::fenced(&page).iter().filter(|(info, _)| *info == "sql") {
        let messages = client.simple_query(query).unwrap_or_else(|error| panic!("{query}\n{error}"));
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let fields = |row: &postgres::SimpleQueryRow| {
            (0..row.len()).map(|column| alike(row.get(column).unwrap_or_default())).collect::<Vec<_>>()
        };
        let there: Vec<Vec<String>> = rows.map(fields).collect();
        let here = answer(&database, query).expect("an answer");
        let here: Vec<Vec<String>> =
            here[1..].iter().map(|row| row.iter().map(|field| alike(field)).collect()).collect();
        assert_eq!(there, here, "{query}");
        // So few rows are read faster without an index: it has to be there for many.
        let explain = format!("SET enable_seqscan = off; EXPLAIN {query}");
        let plan = client.simple_query(&explain).expect("a plan");
        let reads_all = plan.iter().any(|step| match step {
            SimpleQueryMessage::Row(row) => row.get(0).is_some_and(|step| step.contains("Seq Scan on cell_values")),
            _ => false,
        });
        assert!(!reads_all, "{query}\nreads all cells");
        client.batch_execute("RESET enable_seqscan").expect("a setting");
        queries += 1;
    }
    assert!(queries >= 12, "only {queries} queries");
}
