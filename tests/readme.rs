//! What both READMEs show is true: every `gongkai` command in them runs and prints what stands below it.
//!
//! Commands stand in blocks marked `sh`, one a line. Where a block marked `text` follows, it is what they print, standard
//! output and standard error of each in turn. What `gongkai bench` measures may be any figures. In it `…` on a line of its own is any number of lines, and at a line's end any
//! rest of the line. Queries by `sqlite3` are run as that would run them. What needs a PostgreSQL server is not run.

#![cfg(all(feature = "sqlite", feature = "parquet"))]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod markdown;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use gongkai::grammar::Grammars;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// Each README with the language of those who read it.
const READMES: &[(&str, &str)] = &[("README.md", "C"), ("README.zh-CN.md", "zh_CN.UTF-8")];

/// The commands that make everything on a fresh machine.
const FIRST: &[&str] = &[
    "cargo run --release -- convert corpus/samples -o reports.jsonl",
    "cargo run --release -- convert corpus/samples -o reports.db",
    "cargo test --workspace",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The commands of a block.
fn commands(block: &str) -> impl Iterator<Item = &str> {
    block.lines().map(|line| line.strip_prefix("$ ").unwrap_or(line).trim()).filter(|line| !line.is_empty())
}

/// A folder with what the commands read.
fn desk() -> tempfile::TempDir {
    let desk = tempfile::tempdir().expect("a folder");
    for folder in ["corpus/samples", "corpus/archives", "corpus/damaged", "corpus/faults", "corpus/series", "grammars"]
    {
        for entry in walkdir::WalkDir::new(root().join(folder)) {
            let entry = entry.expect("an entry");
            let copy = desk.path().join(entry.path().strip_prefix(root()).expect("a path below"));
            if entry.file_type().is_dir() {
                fs::create_dir_all(copy).expect("a folder");
            } else {
                fs::copy(entry.path(), copy).expect("a copy");
            }
        }
    }
    desk
}

/// What `sqlite3 DATABASE "QUERY"` prints.
fn query(arguments: &str, folder: &Path) -> String {
    let (database, query) = arguments.split_once(' ').expect("a database and a query");
    let database = Connection::open(folder.join(database)).expect("a database");
    let mut statement = database.prepare(query.trim_matches('"')).unwrap_or_else(|error| panic!("{query}: {error}"));
    let columns = statement.column_count();
    let mut rows = statement.query([]).expect("rows");
    let mut printed = String::new();
    while let Some(row) = rows.next().expect("a row") {
        let shown = (0..columns).map(|column| match row.get_ref(column).expect("a value") {
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            other => format!("{other:?}"),
        });
        printed += &(shown.collect::<Vec<_>>().join("|") + "\n");
    }
    printed
}

/// Runs one command of a README in `folder` and gives what it prints; nothing, if it is not run here.
fn run(command: &str, folder: &Path, lang: &str) -> Option<String> {
    if let Some(arguments) = command.strip_prefix("sqlite3 ") {
        return Some(query(arguments, folder));
    }
    if command.contains(" postgres://") {
        return None;
    }
    // What cargo runs is the same program.
    let command = command.strip_prefix("cargo run --release -- ").or_else(|| command.strip_prefix("gongkai "))?;
    let (arguments, file) = match command.split_once(" > ") {
        Some((arguments, file)) => (arguments, Some(file)),
        None => (command, None),
    };
    let output = Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", lang)
        .stdin(Stdio::null())
        .output()
        .expect("the binary");
    let stderr = String::from_utf8_lossy(&output.stderr);
    // A check that finds an error did what it should, and a run that tells what could not be read.
    let told = stderr.contains("gongkai: cannot read ") || stderr.contains("gongkai: 无法读取 ");
    let found = output.status.code() == Some(1) && (command.starts_with("check ") || told);
    assert!(output.status.success() || found, "gongkai {command}: {}\n{stderr}", output.status);
    match file {
        Some(file) => {
            fs::write(folder.join(file), &output.stdout).expect("a file");
            Some(stderr.into_owned())
        }
        None => Some(String::from_utf8_lossy(&output.stdout).into_owned() + &stderr),
    }
}

/// The first line shown that the lines printed do not have in its place.
fn difference<'s>(shown: &[&'s str], printed: &[&str]) -> Option<&'s str> {
    let fits = |shown: &str, printed: &str| match shown.strip_suffix('…') {
        Some(start) => printed.starts_with(start),
        None => printed == shown,
    };
    // Between two lines of `…` stands a run of lines; the first place where it fits is as good as any later one.
    let mut at = 0;
    let mut runs = shown.split(|line| line.trim() == "…").peekable();
    let mut first = true;
    while let Some(run) = runs.next() {
        let fits_at = |start: &usize| {
            run.iter()
                .enumerate()
                .all(|(index, line)| printed.get(start + index).is_some_and(|found| fits(line, found)))
        };
        let last = runs.peek().is_none();
        let end = printed.len().checked_sub(run.len());
        let start = match (first, last) {
            (true, true) => Some(0).filter(|_| run.len() == printed.len()).filter(fits_at),
            (true, false) => Some(0).filter(fits_at),
            (false, true) => end.filter(|end| *end >= at).filter(fits_at),
            (false, false) => end.and_then(|end| (at..=end).find(fits_at)),
        };
        match start {
            Some(start) => at = start + run.len(),
            None => return Some(run.first().copied().unwrap_or("the end")),
        }
        first = false;
    }
    None
}

/// What was measured, with every figure the same: no two runs are equally fast.
fn timeless(text: &str) -> String {
    let mut plain = String::new();
    for part in text.split_inclusive(|c: char| !c.is_ascii_digit() && c != '.') {
        let figure = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        plain += if figure > 0 { "0" } else { "" };
        plain += &part[figure..];
    }
    let lines = plain.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n");
    lines.collect()
}

#[test]
fn commands_print_what_is_shown() {
    for (name, lang) in READMES {
        let readme = read(name);
        let blocks = markdown::fenced(&readme);
        let desk = desk();
        let mut ran = 0;
        for (index, (_, block)) in blocks.iter().enumerate().filter(|(_, (info, _))| *info == "sh") {
            let printed: Vec<String> = commands(block).filter_map(|command| run(command, desk.path(), lang)).collect();
            ran += printed.len();
            let Some((_, shown)) = blocks.get(index + 1).filter(|(info, _)| *info == "text") else { continue };
            assert!(!printed.is_empty(), "{name}: nothing that runs here prints\n{shown}");
            let printed = printed.concat();
            let is_timed = block.contains("gongkai bench ");
            let [shown, printed] = [shown, &printed].map(|text| if is_timed { timeless(text) } else { text.clone() });
            let (shown, printed): (Vec<_>, Vec<_>) = (shown.lines().collect(), printed.lines().collect());
            if let Some(line) = difference(&shown, &printed) {
                panic!("{name}: {block}does not print, from this line on:\n{line}\nbut\n{}", printed.join("\n"));
            }
        }
        assert!(ran >= 8, "{name}: only {ran} commands ran");
    }
}

#[test]
fn first_commands_stand_there() {
    for (name, _) in READMES {
        let readme = read(name);
        let blocks = markdown::fenced(&readme);
        let all: Vec<&str> =
            blocks.iter().filter(|(info, _)| *info == "sh").flat_map(|(_, block)| commands(block)).collect();
        for first in FIRST {
            assert!(all.contains(first), "{name} lacks `{first}`");
        }
    }
    let checks = read(".ci/run");
    assert!(checks.contains("cargo run --release -- convert corpus/samples -o "));
    assert!(checks.contains(FIRST[2]));
}

#[test]
fn every_id_stands_there() {
    for (name, _) in READMES {
        let readme = read(name);
        for grammar in Grammars::built_in().list() {
            let sections = grammar.sections.iter().map(|section| &section.id);
            let tables = grammar.tables.iter().flat_map(|table| {
                let rows = table.rows.iter().map(|row| &row.id);
                rows.chain(table.columns.iter().map(|column| &column.id)).chain([&table.id])
            });
            for id in sections.chain(tables).chain([&grammar.id]) {
                assert!(readme.contains(&format!("`{id}`")), "{name} does not name `{id}`");
            }
        }
    }
}

#[test]
fn the_library_example_is_the_one_that_is_tested() {
    let library: String = read("src/lib.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//!"))
        .fold(String::new(), |text, line| text + line.strip_prefix(' ').unwrap_or(line) + "\n");
    for (name, _) in READMES {
        let readme = read(name);
        let (_, example) =
            markdown::fenced(&readme).into_iter().find(|(info, _)| *info == "rust").expect("an example in Rust");
        assert!(library.contains(&example), "the example in {name} is not that of src/lib.rs");
    }
}

#[test]
fn links_lead_somewhere() {
    for name in ["README.md", "README.zh-CN.md", "ARCHITECTURE.md"] {
        let page = read(name);
        for link in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or(link);
            assert!(link.starts_with("https://") || root().join(file).exists(), "{name}: {link} is not there");
        }
    }
}

#[test]
fn dots_stand_for_lines_and_rests() {
    #[track_caller]
    fn check(shown: &str, printed: &str, same: bool) {
        let (shown, printed): (Vec<_>, Vec<_>) = (shown.lines().collect(), printed.lines().collect());
        assert_eq!(difference(&shown, &printed).is_none(), same);
    }
    check("a\nb", "a\nb", true);
    check("a", "a\nb", false);
    check("a\n…", "a", true);
    check("a\n …", "a\nb\nc", true);
    check("…\nc", "a\nb\nc", true);
    check("…\nb", "a\nb\nc", false);
    check("a\n…\nc\n…\ne", "a\nb\nc\nd\ne", true);
    check("a\n…\nd\n…\nc", "a\nb\nc\nd", false);
    check("ab…", "abc", true);
    check("ab…", "ac", false);
}
