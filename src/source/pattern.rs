//! A pattern such as `data/**/*.txt` -> the files and folders that it names.
//!
//! Its parts are matched one by one against names in a folder, so that names of any bytes are found. `**` is any number of
//! folders. Hidden ones are named only by a part that begins with a dot itself.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use glob::{MatchOptions, Pattern};

use super::skip::{Identity, identity};

const OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// What a pattern names.
#[derive(Default)]
pub(super) struct Named {
    /// In no particular order.
    pub(super) paths: Vec<PathBuf>,
    /// Folders that can't be looked into, and why.
    pub(super) errors: Vec<(PathBuf, io::Error)>,
    /// The folders that the walk is in, so that a link back to one of them is not followed.
    within: Vec<Identity>,
}

/// Looks for what the pattern names; an error where it is none.
pub(super) fn named(pattern: &str) -> Result<Named, &'static str> {
    Pattern::new(pattern).map_err(|error| error.msg)?;
    let mut base = PathBuf::new();
    let mut parts = Vec::new();
    for component in Path::new(pattern).components() {
        match component {
            Component::Prefix(_) | Component::RootDir => base.push(component),
            Component::CurDir => {}
            Component::ParentDir | Component::Normal(_) => {
                let part = component.as_os_str().to_str().unwrap_or_default();
                parts.push(Part::of(part).map_err(|error| error.msg)?);
            }
        }
    }
    parts.dedup_by(|one, other| matches!((one, other), (Part::Folders, Part::Folders)));
    let mut named = Named::default();
    named.look(&base, &parts);
    if pattern.ends_with(std::path::is_separator) {
        named.paths.retain(|path| path.is_dir());
    }
    Ok(named)
}

/// A part of a pattern, between separators.
enum Part<'p> {
    Name(&'p str),
    Names(Pattern),
    /// `**`
    Folders,
}

impl Part<'_> {
    fn of(part: &str) -> Result<Part<'_>, glob::PatternError> {
        Ok(match part {
            "**" => Part::Folders,
            _ if part.contains(['*', '?', '[']) => Part::Names(Pattern::new(part)?),
            _ => Part::Name(part),
        })
    }
}

impl Named {
    /// Adds what the parts name below a folder.
    fn look(&mut self, folder: &Path, parts: &[Part<'_>]) {
        match parts {
            [] => self.paths.push(folder.to_owned()),
            [Part::Name(name), rest @ ..] => {
                let path = folder.join(name);
                if path.symlink_metadata().is_ok() {
                    self.look(&path, rest);
                }
            }
            [Part::Names(pattern), rest @ ..] => {
                for path in self.entries(folder) {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    if pattern.matches_with(&name, OPTIONS) {
                        self.look(&path, rest);
                    }
                }
            }
            [Part::Folders, rest @ ..] => {
                let Ok(metadata) = shown(folder).metadata() else { return };
                let Some(own) = identity(shown(folder), &metadata).filter(|own| !self.within.contains(own)) else {
                    return;
                };
                self.look(folder, rest);
                self.within.push(own);
                for path in self.entries(folder) {
                    let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
                    if !is_hidden && path.is_dir() {
                        self.look(&path, parts);
                    }
                }
                self.within.pop();
            }
        }
    }

    /// What is in a folder; nothing where it is none.
    fn entries(&mut self, folder: &Path) -> Vec<PathBuf> {
        if !shown(folder).is_dir() {
            return Vec::new();
        }
        let names = fs::read_dir(shown(folder)).and_then(|entries| {
            entries.map(|entry| entry.map(|entry| folder.join(entry.file_name()))).collect::<io::Result<Vec<_>>>()
        });
        names.unwrap_or_else(|error| {
            self.errors.push((folder.to_owned(), error));
            Vec::new()
        })
    }
}

/// The folder by a name that the system knows: what stands nowhere stands here.
fn shown(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let desk = tempfile::tempdir().expect("a folder");
        for file in ["a.txt", "b.csv", ".c.txt", "in/a.txt", "in/deep/b.txt", ".d/a.txt", "in/.e/a.txt", "[x].txt"] {
            let path = desk.path().join(file);
            fs::create_dir_all(path.parent().expect("a folder")).and_then(|()| fs::write(path, "")).expect("a file");
        }
        let check = |pattern: &str, expected: &[&str]| {
            let root = desk.path().display().to_string();
            let mut found = named(&format!("{root}/{pattern}")).expect("a pattern").paths;
            found.sort();
            let found: Vec<String> =
                found.iter().map(|path| path.display().to_string().replace(&format!("{root}/"), "")).collect();
            assert_eq!(found, expected, "{pattern}");
        };
        check("*.txt", &["[x].txt", "a.txt"]);
        check("?.*", &["a.txt", "b.csv"]);
        check(".*.txt", &[".c.txt"]);
        check("*/a.txt", &["in/a.txt"]);
        check(".d/*", &[".d/a.txt"]);
        check("in/../[ab].*", &["in/../a.txt", "in/../b.csv"]);
        check("[[]x].txt", &["[x].txt"]);
        check("**/*.txt", &["[x].txt", "a.txt", "in/a.txt", "in/deep/b.txt"]);
        check("**/**/a.txt", &["a.txt", "in/a.txt"]);
        check("*/", &["in"]);
        check("no/*.txt", &[]);
        check("a.txt/*", &[]);
        assert!(named("a/b**").is_err() && named("a[").is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_of_any_bytes_and_links_back() {
        use std::os::unix::ffi::OsStrExt;
        let desk = tempfile::tempdir().expect("a folder");
        fs::write(desk.path().join(std::ffi::OsStr::from_bytes(b"\xC4\xEA.txt")), "").expect("a file");
        fs::create_dir(desk.path().join("in")).expect("a folder");
        std::os::unix::fs::symlink("..", desk.path().join("in/back")).expect("a link");
        for (pattern, expected) in [("*.txt", 1), ("??.txt", 1), ("*.csv", 0), ("**/*.txt", 1)] {
            let found = named(&format!("{}/{pattern}", desk.path().display())).expect("a pattern");
            assert_eq!(found.paths.len(), expected, "{pattern}");
        }
    }
}
