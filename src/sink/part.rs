//! A result under way: what is written of it, with its journal, and where all of that stands.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::journal::Journal;
use super::old::{Holder, Old};
use super::settle::Settling;
use super::target::{hidden, parent, real};
use super::{Batch, Cause, Making};

/// Where a destination and what belongs to it stand. All but the destination are hidden files, which walks leave out.
pub(super) struct Places {
    /// The destination as it was given, for messages.
    pub(super) shown: PathBuf,
    pub(super) to: PathBuf,
    pub(super) part: PathBuf,
    pub(super) journal: PathBuf,
    pub(super) manifest: PathBuf,
}

/// What is being written.
pub(super) struct Part {
    pub(super) file: Option<Settling>,
    pub(super) journal: Journal,
    /// How many batches the journal holds.
    pub(super) batches: u64,
}

/// How far a run is with its destination.
pub(super) enum Stage {
    /// So many batches were those of the base, and nothing was written. `held` is a journal from an earlier run.
    Same {
        batches: usize,
        held: Option<Journal>,
    },
    Writing(Part),
    Finished,
}

impl Stage {
    /// Passes over a batch that is the next one of the base, where nothing was written yet.
    pub(super) fn passes(&mut self, batch: &Batch, old: &Old) -> bool {
        let Stage::Same { batches, .. } = self else { return false };
        let is_next = batch.digest.is_some() && old.base(*batches).map(|chunk| chunk.digest) == batch.digest;
        *batches += usize::from(is_next);
        is_next
    }

    /// Whether the destination has all of it already, and nothing else.
    pub(super) fn is_all(&self, old: &Old) -> bool {
        let all = |batches: &usize| *batches == old.base && old.holder() == Some(Holder::Whole);
        matches!(self, Stage::Same { batches, .. } if all(batches))
    }

    /// What is being written, begun where it is not yet.
    pub(super) fn part(
        &mut self,
        begin: impl FnOnce(usize, Option<Journal>) -> Result<Part, Cause>,
    ) -> Result<Option<&mut Part>, Cause> {
        if let Stage::Same { batches, held } = self {
            *self = Stage::Writing(begin(*batches, held.take())?);
        }
        Ok(if let Stage::Writing(part) = self { Some(part) } else { None })
    }

    /// The journal from which nothing can go on, so that it is not left behind.
    pub(super) fn useless(&self, old: &Old) -> Option<&Journal> {
        match self {
            Stage::Writing(part) if part.batches == 0 => Some(&part.journal),
            Stage::Same { held: Some(journal), .. } if old.holder() == Some(Holder::Whole) => Some(journal),
            _ => None,
        }
    }
}

impl Places {
    /// The places of one file.
    pub(super) fn of_file(path: &Path) -> Result<Places, Cause> {
        if path.is_dir() {
            return Err(Cause::IsFolder);
        }
        let to = real(path)?;
        let hidden = |ending: &str| hidden(&to, ending).ok_or(Cause::IsFolder);
        let (part, journal, manifest) = (hidden(".part")?, hidden(".journal")?, hidden(".manifest")?);
        Ok(Places { shown: path.to_owned(), part, journal, manifest, to })
    }

    /// The places of a folder.
    pub(super) fn of_folder(path: &Path) -> Places {
        let own = |ending: &str| path.join(format!(".gongkai.{ending}"));
        let (part, journal, manifest) = (own("part"), own("journal"), own("manifest"));
        Places { shown: path.to_owned(), to: path.to_owned(), part, journal, manifest }
    }

    /// Makes the new names last through a power cut, where the system can.
    pub(super) fn sync_folder(&self) {
        let _ = File::open(parent(&self.to)).and_then(|folder| folder.sync_all());
    }
}

impl Part {
    /// Writes a batch and journals it.
    pub(super) fn write(&mut self, bytes: &[u8], batch: &Batch) -> io::Result<()> {
        if let Some(file) = &mut self.file {
            file.write(bytes)?;
        }
        self.journal.add(batch, bytes.len() as u64)?;
        self.batches += 1;
        Ok(())
    }
}

/// The head of a journal: what its result is made with.
pub(super) fn head(making: &Making) -> Vec<u8> {
    let version = env!("CARGO_PKG_VERSION");
    let fingerprint = &making.fingerprint;
    format!("{{\"schema\":\"gongkai.journal.v1\",\"version\":\"{version}\",\"fingerprint\":\"{fingerprint}\"}}\n")
        .into_bytes()
}

/// When a file was written, in nanoseconds.
pub(super) fn modified(metadata: &Metadata) -> u64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_nanos() as u64)
}

/// Gives a new file the permissions of the one whose place it takes. Where that can't be kept, it is still worth writing.
pub(super) fn permit_as(file: &File, old: &Path) {
    if let Ok(metadata) = fs::metadata(old) {
        let _ = file.set_permissions(metadata.permissions());
    }
}
