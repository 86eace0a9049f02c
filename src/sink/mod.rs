//! Where reports go.
//!
//! In: encoded reports, in the order of their inputs. Out: one destination, which is whole or not there: nothing that a reader
//! could take for the result is seen before [`Sink::finish`], and a sink that is dropped without it leaves nothing behind.
//! This room does not know where reports come from.
//!
//! One file a kind: `jsonl` and `folder` now; compressed lines, CSV, Parquet and databases get theirs, a variant of [`Kind`],
//! and a line in [`Destination::of`] and [`open`].

#![allow(clippy::disallowed_methods)]

mod folder;
mod jsonl;
mod target;

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

pub use target::Target;

/// Something that takes reports.
pub trait Sink {
    /// Takes the next report; `relative` is its place in a folder of results, as its input was named.
    fn write(&mut self, relative: &Path, report: &[u8]) -> Result<(), Error>;

    /// Makes what was written the destination's content.
    fn finish(self: Box<Self>) -> Result<(), Error>;
}

/// The kinds of destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON Lines: one line a report.
    JsonLines,
    /// A folder with one JSON file a report.
    Folder,
    /// CSV: one line a cell.
    Csv,
}

impl Kind {
    /// Whether it wants JSON over many lines.
    pub fn pretty(self) -> bool {
        self == Kind::Folder
    }
}

/// A destination: its kind, and its path where it is not standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The kind.
    pub kind: Kind,
    /// The path; none for standard output.
    pub path: Option<PathBuf>,
}

/// A destination that can't be written.
#[derive(Debug)]
pub struct Error {
    /// Its path; `-` for standard output.
    pub path: PathBuf,
    /// Why.
    pub cause: Cause,
}

/// Why a destination can't be written.
#[derive(Debug)]
pub enum Cause {
    /// The system says so.
    Io(io::Error),
    /// The folder that it should stand in is not there.
    NoParent(PathBuf),
    /// A folder stands where a file should be written.
    IsFolder,
    /// A file stands where a folder should be written.
    IsFile,
    /// Its form says a kind that this build does not have.
    NotBuilt(&'static str),
    /// Its form says no kind.
    UnknownKind,
    /// A folder of results needs a path.
    NoPath,
}

impl Error {
    fn new(path: &Path, cause: Cause) -> Error {
        Error { path: path.to_owned(), cause }
    }

    fn io(path: &Path, error: io::Error) -> Error {
        Error::new(path, Cause::Io(error))
    }

    /// Whether nobody reads standard output any more, which is no failure (`| head`).
    pub fn is_closed_pipe(&self) -> bool {
        self.path == Path::new("-")
            && matches!(&self.cause, Cause::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl Destination {
    /// The destination that DEST means. `kind` overrides what its form says.
    pub fn of(path: Option<&Path>, kind: Option<Kind>) -> Result<Destination, Error> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return match kind {
                Some(Kind::Folder) => Err(Error::new(Path::new("-"), Cause::NoPath)),
                kind => Ok(Destination { kind: kind.unwrap_or(Kind::JsonLines), path: None }),
            };
        };
        let kind = match kind {
            Some(kind) => kind,
            None => kind_of(path).map_err(|cause| Error::new(path, cause))?,
        };
        Ok(Destination { kind, path: Some(path.to_owned()) })
    }
}

fn kind_of(path: &Path) -> Result<Kind, Cause> {
    let text = path.to_string_lossy().to_lowercase();
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return Err(Cause::NotBuilt("PostgreSQL"));
    }
    let ends = |ending: &str| text.trim_end_matches(['/', std::path::MAIN_SEPARATOR]).ends_with(ending);
    if ends(".parquet") {
        return Err(Cause::NotBuilt("Parquet"));
    }
    if text.ends_with(['/', std::path::MAIN_SEPARATOR]) || path.is_dir() {
        return Ok(Kind::Folder);
    }
    match path.extension().and_then(OsStr::to_str).map(str::to_lowercase).as_deref() {
        Some("jsonl" | "ndjson") => Ok(Kind::JsonLines),
        Some("gz") => Err(Cause::NotBuilt("gzip")),
        Some("zst") => Err(Cause::NotBuilt("Zstandard")),
        Some("csv") => Ok(Kind::Csv),
        Some("db" | "sqlite") => Err(Cause::NotBuilt("SQLite")),
        // A device or a pipe has no ending to tell by, and takes lines.
        _ if target::is_special(path) => Ok(Kind::JsonLines),
        _ => Err(Cause::UnknownKind),
    }
}

/// Opens the destination for writing.
pub fn open(destination: &Destination) -> Result<Box<dyn Sink>, Error> {
    match (&destination.path, destination.kind) {
        (None, kind) => Ok(Box::new(jsonl::JsonLines::stdout(line_end(kind)))),
        (Some(path), kind @ (Kind::JsonLines | Kind::Csv)) => {
            Ok(Box::new(jsonl::JsonLines::file(path, line_end(kind))?))
        }
        (Some(path), Kind::Folder) => Ok(Box::new(folder::Folder::open(path)?)),
    }
}

/// What stands behind a report: lines of CSV end already.
fn line_end(kind: Kind) -> &'static [u8] {
    if kind == Kind::Csv { b"" } else { b"\n" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        #[track_caller]
        fn check(path: &str, expected: &str) {
            let kind = match kind_of(Path::new(path)) {
                Ok(kind) => format!("{kind:?}"),
                Err(cause) => format!("{cause:?}"),
            };
            assert_eq!(kind, expected);
        }
        check("x.jsonl", "JsonLines");
        check("X.JSONL", "JsonLines");
        check("new/", "Folder");
        check("/", "Folder");
        check("x.jsonl.gz", "NotBuilt(\"gzip\")");
        check("x.jsonl.zst", "NotBuilt(\"Zstandard\")");
        check("x.csv", "Csv");
        check("d.parquet/", "NotBuilt(\"Parquet\")");
        check("x.sqlite", "NotBuilt(\"SQLite\")");
        check("postgres://localhost/x", "NotBuilt(\"PostgreSQL\")");
        check("x.txt", "UnknownKind");
        check("out", "UnknownKind");
    }
}
