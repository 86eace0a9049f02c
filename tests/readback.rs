//! What others read of the databases: Parquet by DuckDB and by pandas, SQLite by Python's own module. The exact sum of every
//! column is that of the truth.
//!
//! The programs stand in `tests/readback`; they are run by the Python that GONGKAI_PYTHON names, which needs what
//! `tests/readback/requirements.txt` lists. `REPORTS=20000 cargo test --release --test readback` does it at full size.

#![cfg(all(feature = "parquet", feature = "sqlite"))]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod databases;
mod desk;

use std::env;
use std::ffi::OsString;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use databases::{Archive, Seen, reports, words};

/// The Python that has all that is needed; none where there is none. Then the test has to be passed over.
#[allow(clippy::print_stderr)] // a test that was not run has to say so
fn python() -> Option<OsString> {
    let program = env::var_os("GONGKAI_PYTHON").filter(|program| !program.is_empty());
    let why = match &program {
        None => "GONGKAI_PYTHON names no Python".to_owned(),
        Some(program) => match Command::new(program).args(["-c", "import duckdb, pandas, pyarrow"]).output() {
            Ok(output) if output.status.success() => return Some(program.clone()),
            Ok(output) => words(&output).lines().last().unwrap_or_default().to_owned(),
            Err(error) => format!("{}: {error}", program.display()),
        },
    };
    assert!(
        env::var_os("GONGKAI_REQUIRE_SERVERS").is_none_or(|set| set.is_empty() || set == "0"),
        "{why}, and GONGKAI_REQUIRE_SERVERS asks for it"
    );
    eprintln!("SKIPPED: {why}, so nothing was read back by DuckDB, pandas and Python");
    None
}

/// The truth as the programs read it: a line for each cell.
fn truth(seen: &Seen) -> String {
    let mut lines = format!("reports\t{}\t0\n", seen.count());
    for (cell, (count, sum)) in seen.sums() {
        let sign = if *sum < 0 { "-" } else { "" };
        let digits = format!("{:0>13}", sum.unsigned_abs());
        let (whole, fraction) = digits.split_at(digits.len() - 12);
        let _ = writeln!(lines, "{cell}\t{count}\t{sign}{whole}.{fraction}");
    }
    lines
}

#[test]
fn sums_as_others_read_them() {
    let Some(python) = python() else { return };
    let count = reports(300);
    let part = (count / 20) as usize;
    let mut archive = Archive::new(count);
    let check = |archive: &Archive, when: &str| {
        archive.desk.put("truth.tsv", truth(&archive.seen()));
        for (program, name) in [("parquet_duckdb", "x.parquet"), ("parquet_pandas", "x.parquet"), ("sqlite", "x.db")] {
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/readback/{program}.py"));
            let mut command = Command::new(&python);
            command.arg(script).args([name, "truth.tsv"]).current_dir(archive.desk.path());
            let output = command.env("PYTHONDONTWRITEBYTECODE", "1").output().expect("Python");
            assert!(output.status.success(), "{when}: {program}: {}", words(&output));
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(said.ends_with(&format!("sums of {} reports are right\n", archive.seen().count())), "{said}");
        }
    };
    let load = |archive: &Archive, more: &[&str]| {
        for name in ["x.parquet", "x.db"] {
            archive.convert(&[&["in", "-o", name], more].concat());
        }
    };
    load(&archive, &[]);
    check(&archive, "one run");
    archive.edit(part);
    archive.remove(part / 2);
    load(&archive, &["--prune"]);
    check(&archive, "edited and removed");
}
