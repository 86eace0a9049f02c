//! What DEST means: the kind of destination, told by its name.

use std::ffi::OsStr;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use super::{Cause, Error, Packing, target};

/// The kinds of destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One file.
    File(Rows, Packing),
    /// A folder with one JSON file a report.
    Folder,
    /// An SQLite database.
    Sqlite,
    /// A schema of a PostgreSQL database.
    Postgres,
    /// A folder of Parquet files.
    Parquet,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// JSON Lines: one line a report.
    JsonLines,
    /// CSV: one line a cell.
    Csv,
}

/// A destination: its kind, and its path where it is not standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The kind.
    pub kind: Kind,
    /// The path; none for standard output.
    pub path: Option<PathBuf>,
}

impl Kind {
    /// How its bytes are packed.
    pub fn packing(self) -> Packing {
        match self {
            Kind::File(_, packing) => packing,
            _ => Packing::Plain,
        }
    }

    /// Whether it takes rows.
    pub fn is_database(self) -> bool {
        matches!(self, Kind::Sqlite | Kind::Postgres | Kind::Parquet)
    }
}

impl Destination {
    /// What it is called in messages: `-` for standard output, an address without its password.
    pub fn shown(&self) -> PathBuf {
        match (&self.path, self.kind) {
            (None, _) => PathBuf::from("-"),
            (Some(path), Kind::Postgres) => PathBuf::from(without_password(&path.to_string_lossy())),
            (Some(path), _) => path.clone(),
        }
    }

    /// The destination that DEST means. `kind` overrides what its form says.
    pub fn of(path: Option<&Path>, kind: Option<Kind>) -> Result<Destination, Error> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return match kind {
                Some(kind) if kind == Kind::Folder || kind.is_database() => {
                    Err(Error::new(Path::new("-"), Cause::NoPath))
                }
                kind => {
                    Ok(Destination { kind: kind.unwrap_or(Kind::File(Rows::JsonLines, Packing::Plain)), path: None })
                }
            };
        };
        let kind = match kind {
            Some(kind) => kind,
            None => kind_of(path).map_err(|cause| Error::new(path, cause))?,
        };
        Ok(Destination { kind, path: Some(path.to_owned()) })
    }
}

/// The address without what must not be seen: between user and host, and among the parameters.
fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        // Of `host=… password=…` only what stands before it: what a value may hold has rules of its own.
        let end = address.to_ascii_lowercase().find("pass").unwrap_or(address.len());
        return address.get(..end).unwrap_or_default().trim_end().to_owned();
    };
    let place = match rest.rsplit_once('@') {
        Some((user, host)) => format!("{}@{host}", user.split(':').next().unwrap_or_default()),
        None => rest.to_owned(),
    };
    let (place, parameters) = place.split_once('?').unwrap_or((&place, ""));
    let secret = |parameter: &&str| !parameter.to_lowercase().starts_with("pass");
    let parameters: Vec<&str> = parameters.split('&').filter(|part| !part.is_empty()).filter(secret).collect();
    let mark = if parameters.is_empty() { "" } else { "?" };
    format!("{scheme}://{place}{mark}{}", parameters.join("&"))
}

fn kind_of(path: &Path) -> Result<Kind, Cause> {
    let text = path.to_string_lossy().to_lowercase();
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return Ok(Kind::Postgres);
    }
    if text.trim_end_matches(['/', MAIN_SEPARATOR]).ends_with(".parquet") {
        return Ok(Kind::Parquet);
    }
    if text.ends_with(['/', MAIN_SEPARATOR]) || path.is_dir() {
        return Ok(Kind::Folder);
    }
    let ending = |path: &Path| path.extension().and_then(OsStr::to_str).map(str::to_lowercase);
    let packing = match ending(path).as_deref() {
        Some("gz") => Packing::Gzip,
        Some("zst") => Packing::Zstd,
        _ => Packing::Plain,
    };
    let inner = if packing == Packing::Plain { path.to_owned() } else { path.with_extension("") };
    match ending(&inner).as_deref() {
        Some("jsonl" | "ndjson") => Ok(Kind::File(Rows::JsonLines, packing)),
        Some("csv") => Ok(Kind::File(Rows::Csv, packing)),
        Some("db" | "sqlite" | "sqlite3") if packing == Packing::Plain => Ok(Kind::Sqlite),
        // A device or a pipe has no ending to tell by, and takes lines.
        _ if target::is_special(path) => Ok(Kind::File(Rows::JsonLines, packing)),
        _ => Err(Cause::UnknownKind),
    }
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
        check("x.jsonl", "File(JsonLines, Plain)");
        check("X.JSONL", "File(JsonLines, Plain)");
        check("new/", "Folder");
        check("/", "Folder");
        check("x.jsonl.gz", "File(JsonLines, Gzip)");
        check("x.ndjson.ZST", "File(JsonLines, Zstd)");
        check("x.csv", "File(Csv, Plain)");
        check("x.csv.zst", "File(Csv, Zstd)");
        check("d.parquet/", "Parquet");
        check("d.parquet", "Parquet");
        check("x.sqlite", "Sqlite");
        check("x.db", "Sqlite");
        check("x.db.gz", "UnknownKind");
        check("postgres://localhost/x", "Postgres");
        check("postgresql://me:secret@localhost/x", "Postgres");
        check("x.gz", "UnknownKind");
        check("x.txt", "UnknownKind");
        check("out", "UnknownKind");
    }

    #[test]
    fn passwords_are_not_shown() {
        #[track_caller]
        fn check(address: &str, expected: &str) {
            assert_eq!(without_password(address), expected);
        }
        check("postgres://me:secret@host:5432/db", "postgres://me@host:5432/db");
        check("postgres://me:se@c/ret@host/db?sslmode=require", "postgres://me@host/db?sslmode=require");
        check("postgres:///db?host=x&password=secret&user=me", "postgres:///db?host=x&user=me");
        check("postgres://host/db?password=secret", "postgres://host/db");
        check("postgres://host", "postgres://host");
        check("postgres://me:se?cr@et@host/db", "postgres://me@host/db");
        check("postgres://host/db?password=secret&options=a@b", "postgres://host/db?options=a@b");
        check("host=x password = 'sec ret' dbname=y", "host=x");
        check("host=x dbname=y", "host=x dbname=y");
    }
}
