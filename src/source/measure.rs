//! How many bytes the files of some arguments have together, and how many of them have been read. For those who watch.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::find::Found;
use super::{Skip, find};

/// Counts the bytes of files as they lie on the disk, while they are read. Copies count together.
#[derive(Clone, Default)]
pub struct BytesRead(Arc<AtomicU64>);

impl BytesRead {
    /// How many it is so far.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl fmt::Debug for BytesRead {
    /// Always the same: how far a reading is, is no part of how it is done.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BytesRead")
    }
}

/// A file whose bytes are counted.
pub(super) struct Counted<'f> {
    pub(super) file: &'f File,
    pub(super) read: &'f BytesRead,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(into)?;
        self.read.add(count as u64);
        Ok(count)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// The sum, or nothing where it can't be known, or where `given_up` says that nobody waits for it any more.
pub fn measure(arguments: &[PathBuf], skip: &Skip, given_up: &dyn Fn() -> bool) -> Option<u64> {
    let mut total = 0;
    for found in find::files(arguments, skip).flatten() {
        let Found::File { size, .. } = found else { return None };
        if given_up() {
            return None;
        }
        // A pipe has no size, and is read nonetheless.
        total += size.unwrap_or(0);
    }
    Some(total)
}
