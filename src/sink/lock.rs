//! A file that one run holds, so that two runs do not mix. The system drops the lock when a run is killed.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
#[cfg(any(feature = "sqlite", feature = "parquet"))]
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use super::Cause;

/// How to wait for another run.
#[derive(Clone, Copy)]
pub struct Waiting<'w> {
    /// Says that it waits, and for whom; called once for each time.
    pub tell: &'w (dyn Fn(Other) + Sync),
    /// Set from outside: no longer.
    pub stop: &'w AtomicBool,
}

/// Who is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// Another run of gongkai.
    Run,
    /// Another program, such as an editor of databases.
    Program,
}

/// A lock that this run holds. Its file goes with it.
#[cfg(any(feature = "sqlite", feature = "parquet"))]
pub(super) struct Held {
    path: PathBuf,
    _file: File,
}

#[cfg(any(feature = "sqlite", feature = "parquet"))]
impl Drop for Held {
    fn drop(&mut self) {
        // Whoever waits looks whether what it has locked is still there.
        let _ = std::fs::remove_file(&self.path);
    }
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "parquet"))]
impl Waiting<'_> {
    /// Tries until it has what it wants: `attempt` gives none as long as the other one has it.
    pub(super) fn until<T>(
        &self,
        other: Other,
        mut attempt: impl FnMut() -> Result<Option<T>, Cause>,
    ) -> Result<T, Cause> {
        const PAUSE: std::time::Duration = std::time::Duration::from_millis(100);

        let mut told = false;
        loop {
            if let Some(got) = attempt()? {
                return Ok(got);
            }
            if self.stop.load(std::sync::atomic::Ordering::SeqCst) {
                return Err(match other {
                    Other::Run => Cause::Busy,
                    Other::Program => Cause::Locked,
                });
            }
            if !told {
                (self.tell)(other);
                told = true;
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Takes the lock that `path` is, as soon as it is free.
    #[cfg(any(feature = "sqlite", feature = "parquet"))]
    pub(super) fn hold(&self, path: &Path) -> Result<Held, Cause> {
        self.until(Other::Run, || match lock(path) {
            Ok(file) => Ok(Some(Held { path: path.to_owned(), _file: file })),
            Err(Cause::Busy) => Ok(None),
            Err(other) => Err(other),
        })
    }
}

/// Opens the file, new or old, for this run alone; [`Cause::Busy`] where another one has it.
pub(super) fn lock(path: &Path) -> Result<File, Cause> {
    loop {
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(path).map_err(Cause::Io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Cause::Busy),
            // Where files can't be locked, one has to take care oneself.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(Cause::Io(error)),
        }
        // Another run may have ended in between, and moved or removed what was opened.
        if is_at(&file, path) {
            return Ok(file);
        }
    }
}

/// Whether that open file is what stands at `path` now.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |a: std::fs::Metadata, b: std::fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
    file.metadata().ok().zip(path.metadata().ok()).is_some_and(|(a, b)| same(a, b))
}

/// An open file is not moved there.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}
