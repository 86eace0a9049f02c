//! The walls of the house: which room may use which, what the pure rooms keep away from, and how files are kept.

#![allow(clippy::disallowed_methods)] // files are what it looks at

use std::path::{Path, PathBuf};
use std::process::Command;

/// The rooms in their order. A room uses itself and rooms before it.
const ROOMS: &[&str] =
    &["text", "report", "layout", "grammar", "bind", "check", "render", "wire", "source", "sink", "pipeline", "cli"];

/// Rooms that do not use an earlier one: the nouns stand on their own, and sinks know no sources.
const APART: &[(&str, &str)] = &[("report", "text"), ("sink", "source")];

/// The last of the pure rooms: no file, clock, environment or print up to here.
const LAST_PURE: &str = "wire";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Fails with every breach of a wall, if there is one.
#[track_caller]
fn check(wall: &str, breaches: Vec<String>) {
    assert!(breaches.is_empty(), "{wall}:\n  {}", breaches.join("\n  "));
}

/// The files of the project, tracked or about to be, by their paths from the root with `/`.
fn files() -> Vec<String> {
    let arguments = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let git = Command::new("git").args(arguments).current_dir(root()).output();
    let mut files: Vec<String> = match git {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
        }
        // An unpacked archive has no index.
        _ => walk(root()),
    };
    files.retain(|file| root().join(file).is_file());
    files.sort();
    files.dedup();
    assert!(files.iter().any(|file| file == "src/lib.rs"), "the list of files is empty or wrong");
    files
}

fn walk(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() && name != "target" && name != ".git" {
            files.extend(walk(&path));
        } else if path.is_file() {
            let relative: PathBuf = path.strip_prefix(root()).unwrap_or(&path).to_owned();
            files.push(relative.to_string_lossy().replace('\\', "/"));
        }
    }
    files
}

fn read(file: &str) -> String {
    String::from_utf8_lossy(&std::fs::read(root().join(file)).unwrap_or_default()).into_owned()
}

/// The source files with their text.
fn sources() -> impl Iterator<Item = (String, String)> {
    let files = files().into_iter().filter(|file| file.starts_with("src/") && file.ends_with(".rs"));
    files.map(|file| {
        let text = read(&file);
        (file, text)
    })
}

/// The room of a source file; none for those at the root.
fn room(file: &str) -> Option<&str> {
    let (room, _) = file.strip_prefix("src/")?.split_once('/')?;
    Some(room)
}

fn place(room: &str) -> Option<usize> {
    ROOMS.iter().position(|other| *other == room)
}

/// The lines of code with their numbers, comments left out.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line.trim())).filter(|(_, line)| !line.starts_with("//"))
}

#[test]
fn rooms_use_only_rooms_before_them() {
    let mut breaches = Vec::new();
    for (file, text) in sources() {
        let Some(room) = room(&file) else { continue };
        let Some(own) = place(room) else {
            breaches.push(format!("{file}: `{room}` is no room of the house; give it a place in ROOMS"));
            continue;
        };
        for (line, words) in code(&text) {
            for (at, _) in words.match_indices("crate::") {
                // `$crate::` and `other_crate::` are other names.
                if words[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    continue;
                }
                let rest = &words[at + "crate::".len()..];
                let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let allowed = match place(&name) {
                    Some(other) => other <= own && !APART.contains(&(room, name.as_str())),
                    // What stands at the root is made of all rooms up to the last pure one.
                    None => Some(own) > place(LAST_PURE),
                };
                if !allowed {
                    let name = if name.is_empty() { rest } else { &name };
                    breaches.push(format!("{file}:{line}: {room} uses crate::{name}"));
                }
            }
        }
    }
    check(&format!("a room uses only rooms before it, in the order {}", ROOMS.join(", ")), breaches);
}

#[test]
fn pure_rooms_touch_nothing() {
    let touches =
        ["std::fs", "std::env", "std::time", "std::process", "std::net", "std::io::std", "print!", "println!"];
    let mut breaches = Vec::new();
    for (file, text) in sources() {
        if room(&file).is_none_or(|room| place(room) > place(LAST_PURE)) {
            continue;
        }
        for (line, words) in code(&text) {
            let found = touches.iter().find(|touch| words.contains(*touch));
            breaches.extend(found.map(|touch| format!("{file}:{line}: {touch}")));
        }
    }
    check("the rooms up to wire touch no file, clock, environment or terminal", breaches);
}

#[test]
fn names_say_something() {
    let empty = ["util", "utils", "helper", "helpers", "misc", "common"];
    let says_nothing = |part: &str| empty.contains(&part.split('.').next().unwrap_or(part));
    let breaches = files().into_iter().filter(|file| file.split('/').any(says_nothing)).collect();
    check("no file or folder is named utils, helpers, misc or common", breaches);
}

#[test]
fn source_files_are_short() {
    const MOST: usize = 450;
    let lines = sources().map(|(file, text)| (file, text.lines().count())).filter(|(_, lines)| *lines > MOST);
    check(
        "no source file has more than 450 lines",
        lines.map(|(file, lines)| format!("{file}: {lines} lines")).collect(),
    );
}

#[test]
fn source_files_say_what_they_are() {
    let silent = sources().filter(|(_, text)| !text.starts_with("//! "));
    check("every source file begins with `//!` and what it is", silent.map(|(file, _)| file).collect());
}

#[test]
fn nothing_is_left_undone() {
    // Written so that this file does not hold them.
    let marks = [
        concat!("to", "do!("),
        concat!("unimplemen", "ted!("),
        concat!("d", "bg!("),
        concat!("#[ign", "ore]"),
        concat!("#[ign", "ore ="),
    ];
    let mut breaches = Vec::new();
    for file in files().into_iter().filter(|file| file.ends_with(".rs")) {
        let text = read(&file);
        for (line, words) in code(&text) {
            let found = marks.iter().find(|mark| words.contains(*mark));
            breaches.extend(found.map(|mark| format!("{file}:{line}: {mark}")));
        }
    }
    check("nothing is left undone, and no test is left out", breaches);
}

#[test]
fn no_paths_of_one_machine() {
    let mut breaches = Vec::new();
    for file in files().into_iter().filter(|file| !file.starts_with(".ci/") && file != "Cargo.lock") {
        let text = read(&file);
        for (index, line) in text.lines().enumerate() {
            for folder in ["work", "tmp", "root", "home"] {
                let path = format!("/{folder}");
                let is_path = |(at, _): (usize, &str)| {
                    let part_of_other = line[..at]
                        .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '}' | ')'));
                    let longer =
                        line[at + path.len()..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-'));
                    !part_of_other && !longer
                };
                if line.match_indices(&path).any(is_path) {
                    breaches.push(format!("{file}:{}: {path}", index + 1));
                }
            }
        }
    }
    check("no file names a path of one machine", breaches);
}

#[test]
fn line_ends_are_plain() {
    let is_text = |bytes: &[u8]| !bytes.contains(&0);
    let has_crlf = |file: &String| {
        let bytes = std::fs::read(root().join(file)).unwrap_or_default();
        is_text(&bytes) && bytes.windows(2).any(|pair| pair == b"\r\n")
    };
    check("no text file has CRLF", files().into_iter().filter(has_crlf).collect());
}
