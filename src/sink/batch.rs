//! Reports on their way to a destination: a batch of them, encoded one behind the other.

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::old::{At, Known};
use super::pack::Packer;
use super::{Cause, Error, Packing};
use crate::report::Status;
use crate::wire::relations;

/// What workers made of a batch of texts. When it was written it is cleared and used again, with all of its memory.
#[derive(Default)]
pub struct Batch {
    /// The encoded reports in order, those left out that the destination has.
    pub bytes: Vec<u8>,
    /// The rows of the new reports in order, where the destination is a database.
    pub rows: Vec<relations::Rows>,
    /// What they are.
    pub entries: Vec<Entry>,
    /// How many bytes the entries have; what stands behind them belongs to the next one.
    filled: usize,
    /// The bytes as they are written, where they are packed.
    pub(super) packed: Vec<u8>,
    /// Which chunk of the old destination it is, where it is one: then it has no bytes.
    pub(super) whole: Option<u32>,
    /// What the batch is known by, where all of it was known.
    pub(super) digest: Option<u64>,
    /// The checksum of what is written.
    pub(super) crc: u32,
    pub(super) packer: Packer,
    /// The chunk of the old destination that was unpacked last.
    pub(super) opened: Opened,
    /// Why it can't be written.
    pub(super) wrong: Option<Cause>,
}

/// A chunk of the old destination, by its number, unpacked.
pub(super) type Opened = Option<(u32, Vec<u8>)>;

/// One text, and what became of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its path.
    pub path: String,
    /// Its record.
    pub record: Option<String>,
    /// Its place in a folder of results.
    pub relative: PathBuf,
    /// The SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// How many bytes it has.
    pub size: u64,
    /// How much of its form was found.
    pub status: Status,
    /// How many findings: errors, warnings, notes.
    pub findings: [u64; 3],
    /// How many encoded bytes its report has.
    pub(super) length: u64,
    /// Where the destination has it, if it does.
    pub(super) known: Option<Known>,
    /// Where it was written, where each report has a place of its own.
    pub(super) written: Option<At>,
}

impl Entry {
    /// A text of which nothing is known but itself.
    pub fn new(path: &str, record: Option<&str>, relative: PathBuf, sha256: [u8; 32], size: u64) -> Entry {
        Entry {
            path: path.to_owned(),
            record: record.map(str::to_owned),
            relative,
            sha256,
            size,
            status: Status::Unrecognized,
            findings: [0; 3],
            length: 0,
            known: None,
            written: None,
        }
    }

    /// Whether the destination had its report already.
    pub fn is_unchanged(&self) -> bool {
        self.known.is_some()
    }

    /// What its name is looked up by.
    pub(super) fn key(&self) -> [u8; 16] {
        key(&self.path, self.record.as_deref())
    }
}

impl Batch {
    /// Drops what a panic left half done behind the last entry.
    pub fn mend(&mut self) {
        self.bytes.truncate(self.filled);
    }

    /// Adds a report, whose bytes stand behind those of the last one.
    pub fn add(&mut self, mut entry: Entry) {
        entry.length = (self.bytes.len() - self.filled) as u64;
        self.filled = self.bytes.len();
        self.entries.push(entry);
    }

    /// Adds a report as rows.
    pub fn add_rows(&mut self, entry: Entry, rows: relations::Rows) {
        self.rows.push(rows);
        self.entries.push(entry);
    }

    /// Adds a report that the destination has.
    pub fn keep(&mut self, entry: Entry) {
        self.filled = self.bytes.len();
        self.entries.push(entry);
    }

    /// Puts what the destination has between what is new: `old` gives the bytes of a report.
    pub(super) fn join(&mut self, mut old: impl FnMut(&Known, &mut Opened, &mut Vec<u8>) -> io::Result<()>) {
        let mut joined = std::mem::take(&mut self.packed);
        joined.clear();
        let mut start = 0;
        for entry in &self.entries {
            match &entry.known {
                Some(known) => {
                    if old(known, &mut self.opened, &mut joined).is_err() {
                        self.wrong = Some(Cause::Damaged);
                    }
                }
                None => {
                    let end = start + entry.length as usize;
                    joined.extend_from_slice(&self.bytes[start..end]);
                    start = end;
                }
            }
        }
        self.packed = std::mem::replace(&mut self.bytes, joined);
        self.filled = self.bytes.len();
    }

    /// Packs what is to be written.
    pub(super) fn pack(&mut self, packing: Packing) {
        self.packed.clear();
        if packing != Packing::Plain
            && let Err(error) = self.packer.pack(packing, &self.bytes, &mut self.packed)
        {
            self.wrong = Some(Cause::Io(error));
        }
        self.crc = crc32fast::hash(self.written(packing));
    }

    /// The bytes as they are written.
    pub(super) fn written(&self, packing: Packing) -> &[u8] {
        if packing == Packing::Plain { &self.bytes } else { &self.packed }
    }

    /// Whether a worker met something that keeps it from being written.
    pub(super) fn check(&mut self, path: &Path) -> Result<(), Error> {
        self.wrong.take().map_or(Ok(()), |cause| Err(Error::new(path, cause)))
    }

    /// How many bytes it holds.
    pub fn held(&self) -> u64 {
        let rows: usize = self.rows.iter().map(relations::Rows::held).sum();
        (self.bytes.len() + self.packed.len() + rows) as u64
    }

    /// Empties it for the next batch. What a huge report took is given back.
    pub fn clear(&mut self) {
        const KEPT: usize = 4 << 20;

        for buffer in [&mut self.bytes, &mut self.packed] {
            buffer.clear();
            buffer.shrink_to(KEPT);
        }
        if self.opened.as_ref().is_some_and(|(_, bytes)| bytes.len() > KEPT) {
            self.opened = None;
        }
        self.entries.clear();
        self.rows.clear();
        self.filled = 0;
        (self.whole, self.digest, self.wrong) = (None, None, None);
    }
}

/// What a text's name is looked up by: two names never share it.
pub(super) fn key(path: &str, record: Option<&str>) -> [u8; 16] {
    let mut hasher = Sha256::new();
    hasher.update(path);
    if let Some(record) = record {
        hasher.update([0]);
        hasher.update(record);
    }
    let mut key = [0; 16];
    key.copy_from_slice(&hasher.finalize()[..16]);
    key
}

/// What a batch is known by: the names and contents of its texts, in order.
pub(super) fn digest<'e>(texts: impl Iterator<Item = (&'e [u8; 16], &'e [u8; 32])>) -> u64 {
    let mut hasher = Sha256::new();
    for (key, sha256) in texts {
        hasher.update(key);
        hasher.update(sha256);
    }
    let mut digest = [0; 8];
    digest.copy_from_slice(&hasher.finalize()[..8]);
    u64::from_le_bytes(digest)
}
