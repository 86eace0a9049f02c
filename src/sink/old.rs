//! What a destination has from earlier runs: each report by the name and content of its text, and where its bytes are.
//!
//! A report takes about a hundred bytes here, whatever the length of its name.

use std::collections::HashMap;
use std::fs::File;
use std::io;

use super::batch::{Batch, Entry, Opened, digest, key};
use super::journal::Line;
use super::pack::{Packing, unpack};
use crate::report::Status;

/// What the destination has.
#[derive(Default)]
pub(super) struct Old {
    /// By key and SHA-256.
    reports: Vec<Known>,
    pub(super) chunks: Vec<Chunk>,
    by_digest: HashMap<u64, u32>,
    /// How many chunks are the base: what a new result may begin with. They come first, and are those of an interrupted run, or
    /// else those of the destination.
    pub(super) base: usize,
    packing: Packing,
}

/// A report that the destination has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) key: [u8; 16],
    pub(super) sha256: [u8; 32],
    pub(super) chunk: u32,
    pub(super) status: Status,
    pub(super) findings: [u32; 3],
    pub(super) at: At,
}

/// Where the report's bytes are.
#[derive(Clone, Copy, Debug)]
pub(super) enum At {
    /// In the chunk, once that is unpacked.
    Slice { start: u64, length: u64 },
    /// In a file of its own: the number in its name, its length and when it was written.
    File { number: u32, length: u64, modified: u64 },
    /// In the rows of a database.
    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "parquet"))]
    Row,
}

/// What was written and journaled as one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk {
    pub(super) from: Holder,
    /// Where its bytes stand, as they are written.
    pub(super) offset: u64,
    pub(super) length: u64,
    pub(super) crc: u32,
    pub(super) digest: u64,
    /// Where its line in the journal ends.
    pub(super) line_end: u64,
}

/// What an old chunk is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// A run that was interrupted.
    Part,
    /// The destination itself.
    Whole,
}

impl Old {
    /// Nothing yet.
    pub(super) fn new(packing: Packing) -> Old {
        Old { packing, ..Old::default() }
    }

    /// Adds a line of a journal, which says what stands at `offset`.
    pub(super) fn add(&mut self, from: Holder, offset: u64, line: &Line<'_>, line_end: u64) {
        let chunk = self.chunks.len() as u32;
        let first = self.reports.len();
        let mut start = 0;
        for text in &line.texts {
            let at = match text.modified {
                Some(modified) => At::File { number: text.number.unwrap_or(1), length: text.bytes, modified },
                None => At::Slice { start, length: text.bytes },
            };
            start += text.bytes;
            let key = key(&text.path, text.record.as_deref());
            let (sha256, status, findings) = (text.sha256.0, text.status.0, text.findings);
            self.reports.push(Known { key, sha256, chunk, status, findings, at });
        }
        let digest = digest(self.reports[first..].iter().map(|known| (&known.key, &known.sha256)));
        self.chunks.push(Chunk { from, offset, length: line.bytes, crc: line.crc, digest, line_end });
    }

    /// How much was added so far.
    pub(super) fn mark(&self) -> (usize, usize) {
        (self.reports.len(), self.chunks.len())
    }

    /// Drops what was added behind the mark.
    pub(super) fn forget(&mut self, (reports, chunks): (usize, usize)) {
        self.reports.truncate(reports);
        self.chunks.truncate(chunks);
    }

    /// What holds the base; none where there is none.
    pub(super) fn holder(&self) -> Option<Holder> {
        self.chunks.first().map(|chunk| chunk.from)
    }

    /// The file that a report is in.
    pub(super) fn holder_of(&self, known: &Known) -> Option<Holder> {
        self.chunks.get(known.chunk as usize).map(|chunk| chunk.from)
    }

    /// Makes it ready to be asked. What was added last is asked last.
    pub(super) fn settle(&mut self) {
        let by_name = |known: &Known| (known.key, known.sha256, known.chunk);
        self.reports.sort_unstable_by_key(by_name);
        self.reports.shrink_to_fit();
        for (index, chunk) in self.chunks.iter().enumerate() {
            self.by_digest.entry(chunk.digest).or_insert(index as u32);
        }
        let holder = self.holder();
        self.base = self.chunks.iter().take_while(|chunk| Some(chunk.from) == holder).count();
    }

    /// What stands at `next` of the base.
    pub(super) fn base(&self, next: usize) -> Option<&Chunk> {
        self.chunks.get(next).filter(|_| next < self.base)
    }

    /// All that is known of a text of that name and content.
    pub(super) fn find(&self, entry: &Entry) -> impl Iterator<Item = &Known> + use<'_> {
        let (key, sha256) = (entry.key(), entry.sha256);
        let first = self.reports.partition_point(|known| (known.key, known.sha256) < (key, sha256));
        self.reports[first..].iter().take_while(move |known| known.key == key && known.sha256 == sha256)
    }

    /// Finds out whether a batch is known as a whole.
    pub(super) fn recognize(&self, batch: &mut Batch) {
        let known = batch.entries.iter().map(|entry| entry.known.as_ref());
        let Some(known) = known.collect::<Option<Vec<&Known>>>().filter(|known| !known.is_empty()) else { return };
        let digest = digest(known.into_iter().map(|known| (&known.key, &known.sha256)));
        batch.digest = Some(digest);
        batch.whole = self.by_digest.get(&digest).copied();
    }

    /// Reads the bytes of a report to the end of `out`; `opened` is the chunk that was unpacked last.
    pub(super) fn read(
        &self,
        known: &Known,
        file: Option<&File>,
        opened: &mut Opened,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        let gone = || io::Error::from(io::ErrorKind::NotFound);
        let (At::Slice { start, length }, Some(chunk)) = (known.at, self.chunks.get(known.chunk as usize)) else {
            return Err(gone());
        };
        let file = file.ok_or_else(gone)?;
        if self.packing == Packing::Plain {
            return read_at(file, chunk.offset + start, length, out);
        }
        if opened.as_ref().is_none_or(|(index, _)| *index != known.chunk) {
            let mut packed = Vec::new();
            read_at(file, chunk.offset, chunk.length, &mut packed)?;
            *opened = Some((known.chunk, unpack(self.packing, &packed)?));
        }
        let bytes = opened.as_ref().map_or(&[][..], |(_, bytes)| bytes);
        let slice = bytes.get(start as usize..(start + length) as usize);
        out.extend_from_slice(slice.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?);
        Ok(())
    }
}

impl Known {
    /// Notes in the entry that it is known.
    pub(super) fn mark(&self, entry: &mut Entry) {
        entry.known = Some(*self);
        entry.status = self.status;
        entry.findings = self.findings.map(u64::from);
        entry.length = match self.at {
            At::Slice { length, .. } | At::File { length, .. } => length,
            #[cfg(any(feature = "sqlite", feature = "postgres", feature = "parquet"))]
            At::Row => 0,
        };
    }
}

/// Reads so many bytes at an offset to the end of `out`, whoever else reads the file at the same time.
pub(super) fn read_at(file: &File, offset: u64, length: u64, out: &mut Vec<u8>) -> io::Result<()> {
    let begin = out.len();
    out.resize(begin + length as usize, 0);
    let read = exactly_at(file, offset, &mut out[begin..]);
    if read.is_err() {
        out.truncate(begin);
    }
    read
}

#[cfg(unix)]
fn exactly_at(file: &File, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn exactly_at(file: &File, mut offset: u64, mut bytes: &mut [u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let count = std::os::windows::fs::FileExt::seek_read(file, bytes, offset)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        offset += count as u64;
        bytes = &mut bytes[count..];
    }
    Ok(())
}
