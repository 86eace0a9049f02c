//! The journal of a run: what was written so far, a line a batch. When the run is done it becomes the destination's manifest.
//!
//! It is JSON Lines. The head says what the result was made with. Then there is a line for each batch: how many bytes it has in
//! the destination, their checksum, and its texts with the bytes of each. The last line of a manifest says how long the
//! destination is and when it was written. A line is added when its bytes are written, in one write; half a line at the end,
//! as a killed run leaves it, is none. The file is locked as long as a run writes the destination.

use std::borrow::Cow;
use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Cause;
use super::batch::{Batch, Entry};
use super::hash::{hash, hexadecimal};
use super::lock::lock;
use super::old::At;
use super::part::modified;
use crate::report::Status;

/// A journal that this run holds.
pub(super) struct Journal {
    pub(super) file: File,
    path: PathBuf,
    line: Vec<u8>,
}

/// A batch.
#[derive(Serialize, Deserialize)]
pub(super) struct Line<'j> {
    pub(super) bytes: u64,
    pub(super) crc: u32,
    #[serde(borrow)]
    pub(super) texts: Vec<Text<'j>>,
}

/// A text of a batch.
#[derive(Serialize, Deserialize)]
pub(super) struct Text<'j> {
    #[serde(borrow)]
    pub(super) path: Cow<'j, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) record: Option<Cow<'j, str>>,
    pub(super) sha256: Sha256,
    pub(super) status: Name,
    pub(super) findings: [u32; 3],
    /// Of its report, before packing.
    pub(super) bytes: u64,
    /// In a folder: the number in the name of its file, where there is one, and when that was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) modified: Option<u64>,
}

/// The end of a manifest: the destination's length, and when it was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Done {
    pub(super) length: u64,
    pub(super) modified: u64,
}

impl Done {
    /// What is said of a file.
    pub(super) fn of(metadata: &Metadata) -> Done {
        Done { length: metadata.len(), modified: modified(metadata) }
    }
}

/// Written in hexadecimal.
pub(super) struct Sha256(pub(super) [u8; 32]);

/// Written as its word.
pub(super) struct Name(pub(super) Status);

impl Journal {
    /// Opens the journal, new or old, for this run alone.
    pub(super) fn lock(path: &Path) -> Result<Journal, Cause> {
        Ok(Journal { file: lock(path)?, path: path.to_owned(), line: Vec::new() })
    }

    /// Begins it anew.
    pub(super) fn begin(&mut self, head: &[u8]) -> io::Result<()> {
        self.cut(0)?;
        self.file.write_all(head)
    }

    /// Drops what stands behind `end`.
    pub(super) fn cut(&mut self, end: u64) -> io::Result<()> {
        self.file.set_len(end)?;
        self.file.seek(SeekFrom::Start(end)).map(drop)
    }

    /// Begins it with what another one holds up to `end`.
    pub(super) fn copy(&mut self, mut from: &File, end: u64) -> io::Result<()> {
        from.seek(SeekFrom::Start(0))?;
        self.cut(0)?;
        io::copy(&mut from.take(end), &mut self.file).map(drop)
    }

    /// Adds a batch of which so many bytes were written.
    pub(super) fn add(&mut self, batch: &Batch, bytes: u64) -> io::Result<()> {
        let texts = batch.entries.iter().map(Text::of).collect();
        self.put(&Line { bytes, crc: batch.crc, texts })
    }

    /// Ends it as a manifest, and waits until the disk has it.
    pub(super) fn end(&mut self, done: Done) -> io::Result<()> {
        self.put(&End { done })?;
        self.file.sync_all()
    }

    /// Moves it to its place as the manifest.
    pub(super) fn settle(&self, manifest: &Path) -> io::Result<()> {
        std::fs::rename(&self.path, manifest)
    }

    /// Removes it.
    pub(super) fn remove(&self) {
        let _ = std::fs::remove_file(&self.path);
    }

    fn put(&mut self, line: &impl Serialize) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, line)?;
        self.line.push(b'\n');
        self.file.write_all(&self.line)
    }
}

#[derive(Serialize, Deserialize)]
struct End {
    done: Done,
}

/// Reads a journal whose head is `head`, and gives each line with where it ends, until `each` has enough. None if the head
/// is another one.
pub(super) fn read(
    file: &File,
    head: &[u8],
    mut each: impl FnMut(&Line<'_>, u64) -> bool,
) -> io::Result<Option<Option<Done>>> {
    let mut reader = BufReader::with_capacity(1 << 16, file);
    reader.seek(SeekFrom::Start(0))?;
    let mut line = Vec::new();
    (&mut reader).take(head.len() as u64).read_to_end(&mut line)?;
    if line != head {
        return Ok(None);
    }
    let mut end = head.len() as u64;
    loop {
        line.clear();
        reader.read_until(b'\n', &mut line)?;
        end += line.len() as u64;
        if line.last() != Some(&b'\n') {
            return Ok(Some(None));
        }
        if let Ok(line) = serde_json::from_slice::<Line<'_>>(&line) {
            if !each(&line, end) {
                return Ok(Some(None));
            }
        } else {
            return Ok(Some(serde_json::from_slice::<End>(&line).ok().map(|end| end.done)));
        }
    }
}

/// The same whatever its head is.
pub(super) fn read_any(file: &File, each: impl FnMut(&Line<'_>, u64) -> bool) -> io::Result<()> {
    const LONGEST: u64 = 1 << 10;

    let mut head = Vec::new();
    let mut reader = BufReader::new(file);
    reader.seek(SeekFrom::Start(0))?;
    reader.take(LONGEST).read_until(b'\n', &mut head)?;
    read(file, &head, each).map(drop)
}

impl<'j> Text<'j> {
    fn of(entry: &'j Entry) -> Text<'j> {
        let (number, modified) = match entry.written.or(entry.known.map(|known| known.at)) {
            Some(At::File { number, modified, .. }) => ((number > 1).then_some(number), Some(modified)),
            _ => (None, None),
        };
        Text {
            path: Cow::Borrowed(&entry.path),
            record: entry.record.as_deref().map(Cow::Borrowed),
            sha256: Sha256(entry.sha256),
            status: Name(entry.status),
            findings: entry.findings.map(|count| count.min(u64::from(u32::MAX)) as u32),
            bytes: entry.length,
            number,
            modified,
        }
    }
}

impl Serialize for Sha256 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hexadecimal(&self.0))
    }
}

impl<'de> Deserialize<'de> for Sha256 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Sha256, D::Error> {
        hash(<&str>::deserialize(deserializer)?).map(Sha256).ok_or_else(|| D::Error::custom("no hash"))
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
        let name = <&str>::deserialize(deserializer)?;
        Status::named(name).map(Name).ok_or_else(|| D::Error::custom("no status"))
    }
}
