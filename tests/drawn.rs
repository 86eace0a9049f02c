//! How findings are drawn: `corpus/faults/NAME.txt` is a page with known faults, `NAME.en` and `NAME.zh` what `check` prints of it
//! on a screen of 100 and of 140 columns; of one page in every other format too.
//!
//! `BLESS=1 cargo test --test drawn` writes what is printed now; look at the difference before keeping it.

#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods)] // files are what it is about

use std::path::{Path, PathBuf};
use std::process::Command;

use unicode_width::UnicodeWidthChar;

/// The page that is written in every format.
const ALL_FORMATS: &str = "tab";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/faults")
}

/// The pages, by their names without ending.
fn pages() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).expect("the folder").map(|entry| entry.expect("an entry").path());
    let pages = entries.filter(|path| path.extension().is_some_and(|ending| ending == "txt"));
    let mut names: Vec<String> =
        pages.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn printed(page: &str, columns: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    command.arg("check").arg(format!("{page}.txt")).args(arguments).current_dir(folder());
    let output = command.env("COLUMNS", columns).env("LANG", "C").output().expect("the binary");
    String::from_utf8(output.stdout).expect("text")
}

/// Compares what is printed with the file, or writes it there.
fn check(page: &str, columns: &str, arguments: &[&str], ending: &str) -> Result<String, String> {
    // What the release is called is no part of how findings are drawn.
    let printed = printed(page, columns, arguments).replace(env!("CARGO_PKG_VERSION"), "0.0.0");
    let name = format!("{page}.{ending}");
    let path = folder().join(&name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &printed).expect("a file");
    }
    let expected = std::fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?;
    match printed.lines().zip(expected.lines()).position(|(one, other)| one != other) {
        _ if printed == expected => Ok(printed),
        Some(line) => {
            let words = |text: &str| text.lines().nth(line).unwrap_or_default().to_owned();
            Err(format!("{name}:{}\n  expected {}\n  printed  {}", line + 1, words(&expected), words(&printed)))
        }
        None => Err(format!("{name}: what is printed is shorter or longer")),
    }
}

/// What stands in a line above the columns of each run of `^` or `-`.
fn marked(line: &str, marks: &str) -> Vec<String> {
    let mut column = 0;
    let cells: Vec<(usize, char)> = line
        .chars()
        .map(|c| {
            let at = column;
            column += c.width().unwrap_or(0);
            (at, c)
        })
        .collect();
    // Behind the last mark stands its label.
    let runs = marks.chars().enumerate().take_while(|(_, c)| " |^-".contains(*c));
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for (at, c) in runs {
        let is_mark = c == '^' || c == '-';
        if is_mark && !open {
            words.push(String::new());
        }
        open = is_mark;
        if is_mark
            && let (Some(last), Some((_, c))) = (words.last_mut(), cells.iter().find(|(column, _)| *column == at))
        {
            last.push(*c);
        }
    }
    words
}

#[test]
fn pages_are_drawn_as_before() {
    let mut wrong = Vec::new();
    for page in pages() {
        wrong.extend(check(&page, "100", &["--verbose"], "en").err());
        wrong.extend(check(&page, "140", &["--lang", "zh"], "zh").err());
    }
    for format in ["short", "jsonl", "sarif", "github"] {
        wrong.extend(check(ALL_FORMATS, "100", &["--format", format], format).err());
    }
    assert!(wrong.is_empty(), "BLESS=1 writes them anew:\n{}", wrong.join("\n"));
}

#[test]
fn marks_stand_under_whole_figures() {
    let mut seen = 0;
    for page in pages() {
        for (columns, lang) in [("60", "en"), ("100", "zh"), ("140", "en")] {
            // A page in which figures alone are marked.
            let drawn = printed(&page, columns, &["--lang", lang, "--select", "GK20,GK22"]);
            let lines: Vec<&str> = drawn.lines().collect();
            for pair in lines.windows(2) {
                let is_source =
                    pair[0].split_once(" | ").is_some_and(|(number, _)| number.trim().parse::<u32>().is_ok());
                if !is_source || !pair[1].trim_start().starts_with('|') {
                    continue;
                }
                for words in marked(pair[0], pair[1]) {
                    let figure = words.trim_end_matches(['件', '条']);
                    let is_figure = figure.chars().all(|c| c.is_numeric() || c == '.') && !figure.is_empty();
                    assert!(is_figure, "{page}: `{words}` is marked\n{}\n{}", pair[0], pair[1]);
                    seen += 1;
                }
                assert!(
                    pair[0].chars().map(|c| c.width().unwrap_or(0)).sum::<usize>()
                        <= columns.parse().expect("a number")
                );
            }
        }
    }
    assert!(seen > 100, "{seen}");
}
