//! Where the database is: opened, made where it is missing, or left alone.
//!
//! What is ours is told by the file's application id. An empty file, or a database without a table, is made ours; anything else is
//! somebody else's, and so is what a newer version made. The tables come in one transaction, before anybody else can see half of
//! them.

use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::super::lock::Held;
use super::super::target;
use super::super::{Cause, Waiting};
use super::patiently;
use crate::wire::relations::{self, Dialect};

/// How long another program may write, such as an editor of databases, before it is said that it is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) struct Opened {
    pub(super) database: Connection,
    /// Where it was made just now.
    pub(super) made: Option<PathBuf>,
    pub(super) held: Held,
}

/// Opens the database for this run alone.
pub(super) fn open(path: &Path, waiting: Waiting<'_>) -> Result<Opened, Cause> {
    if path.is_dir() {
        return Err(Cause::IsFolder);
    }
    if target::is_special(path) {
        return Err(Cause::Foreign);
    }
    // One database has one lock, however it is called.
    let real = target::real(path)?;
    let held = waiting.hold(&target::hidden(&real, ".lock").ok_or(Cause::IsFolder)?)?;
    // The system says better than SQLite why a file can't be opened.
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    let is_new = match options.open(&real) {
        Ok(_) => false,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            options.create_new(true).open(&real).map_err(Cause::Io)?;
            true
        }
        Err(error) => return Err(Cause::Io(error)),
    };
    let opened = connect(&real).and_then(|database| {
        patiently(waiting, &database, || settle(&database))?;
        Ok(database)
    });
    match opened {
        Ok(database) => Ok(Opened { database, made: is_new.then_some(real), held }),
        Err(cause) => {
            if is_new {
                remove(&real);
            }
            Err(cause)
        }
    }
}

/// Removes a database that this run has made.
pub(super) fn remove(path: &Path) {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        // What is not there need not be removed, and what can't be removed is an empty database.
        let _ = fs::remove_file(PathBuf::from(name));
    }
}

fn connect(path: &Path) -> Result<Connection, Cause> {
    // One thread at a time uses the connection, so SQLite need not see to that.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags)?;
    database.busy_timeout(PATIENCE)?;
    database.set_prepared_statement_cache_capacity(32);
    Ok(database)
}

/// Makes or upgrades what is there, if it is ours, and sets the connection up for loading.
fn settle(database: &Connection) -> Result<(), Cause> {
    let number = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i32>(0));
    let application = number("PRAGMA application_id")?;
    if application == relations::APPLICATION {
        let version = number("SELECT version FROM schema_version")?;
        if version > relations::VERSION {
            return Err(Cause::Newer(version));
        }
        if version < relations::VERSION {
            upgrade(database, version)?;
        }
    } else if application != 0 || number("SELECT count(*) FROM sqlite_schema")? > 0 {
        return Err(Cause::Foreign);
    } else {
        create(database)?;
    }
    let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; \
                   PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4096;";
    Ok(database.execute_batch(pragmas)?)
}

/// Brings an older version to this one. What is killed meanwhile is as it was.
fn upgrade(database: &Connection, from: i32) -> Result<(), Cause> {
    let sql = relations::upgrade(Dialect::Sqlite, from).ok_or(Cause::Foreign)?;
    let before = "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; BEGIN IMMEDIATE;";
    let after = "COMMIT; PRAGMA legacy_alter_table = OFF;";
    Ok(database.execute_batch(&format!("{before}\n{sql}\n{after}"))?)
}

fn create(database: &Connection) -> rusqlite::Result<()> {
    let script = relations::script(Dialect::Sqlite);
    database.execute_batch(&format!("BEGIN IMMEDIATE;\n{script}\nCOMMIT;"))
}
