//! Where reports go.
//!
//! In: encoded reports, in the order of their inputs. Out: one destination, which is whole or as it was before: nothing that a
//! reader could take for the result is seen before [`Sink::finish`]. What a run has written before it was killed or
//! interrupted stays beside the destination, and the next run goes on from there. This room does not know where reports
//! come from.
//!
//! One file a kind: `file` (lines or rows, plain or packed), `folder`, `stream` (standard output, devices, pipes), and the
//! databases `sqlite`, `postgres`, `parquet`. What a file or folder has from earlier runs is in `old`, what is written of a run in its
//! `journal`; what a database has is in the `ledger`. A database takes each batch for good, so it is never half a report, and what
//! is in it is that of all runs so far.

#![allow(clippy::disallowed_methods)]

mod batch;
mod file;
mod folder;
mod hash;
mod journal;
mod kind;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "parquet"))]
mod ledger;
mod lock;
mod names;
mod old;
mod ours;
mod pack;
#[cfg(feature = "parquet")]
mod parquet;
mod part;
#[cfg(feature = "postgres")]
mod postgres;
mod settle;
#[cfg(feature = "sqlite")]
mod sqlite;
mod stream;
mod target;

use std::io;
use std::path::{Path, PathBuf};

use crate::wire::Codebook;

pub use batch::{Batch, Entry};
pub use hash::hexadecimal;
pub use kind::{Destination, Kind, Rows};
pub use lock::{Other, Waiting};
pub use pack::Packing;
pub use target::Target;

/// Something that takes reports. Workers ask it and have it pack; batches are written one at a time, in order.
pub trait Sink: Send + Sync {
    /// Whether the destination has the report on this text. If so, the entry says what it was; `bytes` gets its bytes where
    /// they may be needed.
    fn recall(&self, entry: &mut Entry, bytes: &mut Vec<u8>) -> bool;

    /// All that a worker can do for a batch before its turn comes.
    fn seal(&self, batch: &mut Batch);

    /// Takes the next batch.
    fn write(&self, batch: &mut Batch) -> Result<(), Error>;

    /// Makes what was written the destination's content. False where it had that content already. Without this call the
    /// destination stays as it was. `prune`: a database drops the reports whose texts the run did not meet.
    fn finish(&self, prune: bool) -> Result<bool, Error>;

    /// Keeps what was written so far, where the run ends before its end and the same command goes on from there.
    fn stop(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Whether the same command goes on where this run ended.
    fn goes_on(&self) -> bool;

    /// How many bytes of what was written the destination does not have, if the run ends here without [`Sink::stop`] or
    /// [`Sink::finish`]; [`u64::MAX`] for all of them.
    fn loose(&self) -> u64 {
        0
    }
}

/// What a result is made with.
#[derive(Debug)]
pub struct Making {
    /// A hash of all that its bytes depend on but the inputs: version, grammars, options.
    pub fingerprint: String,
    /// What stands before the first report.
    pub prologue: Vec<u8>,
    /// Whether nothing of earlier runs is used.
    pub anew: bool,
    /// What databases need besides.
    pub loading: Loading,
}

/// How a database is loaded.
#[derive(Debug)]
pub struct Loading {
    /// The cells of all grammars of the run.
    pub codebook: Codebook,
    /// The time, in microseconds since 1970.
    pub clock: fn() -> i64,
    /// The options that reports are read with, as people read them.
    pub options: String,
    /// The schema of a PostgreSQL database.
    pub schema: Option<String>,
    /// A variable of the environment, by its name: what an address leaves open stands there.
    pub variable: fn(&str) -> Option<String>,
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
    /// This file stands where the folder should be that it should stand in.
    ParentIsFile(PathBuf),
    /// A folder stands where a file should be written.
    IsFolder,
    /// A file stands where a folder should be written.
    IsFile,
    /// Another run is writing it.
    Busy,
    /// Another program is writing it.
    Locked,
    /// What it has can't be read again.
    Damaged,
    /// A kind that this build does not have, and the feature that it needs.
    NotBuilt(&'static str, &'static str),
    /// It holds something that gongkai did not make.
    Foreign,
    /// A file that gongkai did not make stands where one of a folder of results should be written.
    InTheWay,
    /// A newer gongkai made it: the version of its tables.
    Newer(i32),
    /// The server can't be reached, or does not let one in: its words.
    Unreachable(String),
    /// The server's certificate is not one to be trusted: why.
    Untrusted(String),
    /// The connection was lost: the last words.
    Lost(String),
    /// The database says so.
    Database(String),
    /// The role may not create tables: its name, and the SQL that somebody else has to run first.
    MayNotCreate(String, String),
    /// The role may not write to the tables: its name, and the SQL that somebody else has to run first.
    MayNotWrite(String, String),
    /// Its form says no kind.
    UnknownKind,
    /// A folder or a database needs a path.
    NoPath,
}

impl Error {
    fn new(path: &Path, cause: Cause) -> Error {
        Error { path: path.to_owned(), cause }
    }

    fn io(path: &Path, error: io::Error) -> Error {
        Error::new(path, Cause::Io(error))
    }

    /// Whether somebody else has it, who would have to be waited for.
    pub fn is_waiting(&self) -> bool {
        matches!(self.cause, Cause::Busy | Cause::Locked)
    }

    /// Whether nobody reads standard output any more, which is no failure (`| head`).
    pub fn is_closed_pipe(&self) -> bool {
        self.path == Path::new("-")
            && matches!(&self.cause, Cause::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// Opens the destination. Only one run at a time loads a database; `waiting` says what to do as long as it is another one.
pub fn open<'w>(destination: &Destination, making: Making, waiting: Waiting<'w>) -> Result<Box<dyn Sink + 'w>, Error> {
    let _ = &waiting;
    match (&destination.path, destination.kind) {
        (None, kind) => Ok(Box::new(stream::Stream::stdout(kind.packing(), &making))),
        (Some(path), Kind::Folder) => Ok(Box::new(folder::Folder::open(path, &making)?)),
        #[cfg(feature = "sqlite")]
        (Some(path), Kind::Sqlite) => Ok(Box::new(sqlite::Sqlite::open(path, &making, waiting)?)),
        #[cfg(not(feature = "sqlite"))]
        (Some(path), Kind::Sqlite) => Err(Error::new(path, Cause::NotBuilt("SQLite", "sqlite"))),
        #[cfg(feature = "postgres")]
        (Some(path), Kind::Postgres) => {
            Ok(Box::new(postgres::Postgres::open(path, destination.shown(), &making, waiting)?))
        }
        #[cfg(not(feature = "postgres"))]
        (Some(_), Kind::Postgres) => Err(Error::new(&destination.shown(), Cause::NotBuilt("PostgreSQL", "postgres"))),
        #[cfg(feature = "parquet")]
        (Some(path), Kind::Parquet) => Ok(Box::new(parquet::Parquet::open(path, making, waiting)?)),
        #[cfg(not(feature = "parquet"))]
        (Some(path), Kind::Parquet) => Err(Error::new(path, Cause::NotBuilt("Parquet", "parquet"))),
        (Some(path), kind) if target::is_special(path) => {
            Ok(Box::new(stream::Stream::special(path, kind.packing(), &making)?))
        }
        (Some(path), kind) => Ok(Box::new(file::OneFile::open(path, kind.packing(), &making)?)),
    }
}
