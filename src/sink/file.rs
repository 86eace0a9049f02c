//! One file of lines or rows, plain or packed.
//!
//! While a run writes `x.jsonl`, what is written stands in `.x.jsonl.part` and is told by `.x.jsonl.journal`. In the end the part becomes
//! `x.jsonl` and the journal `.x.jsonl.manifest`. The next run first finds that its batches are those of the old file, and
//! writes nothing. At the first one that differs it copies what was the same, and goes on from there; later batches that the
//! old file has are copied as they are.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::journal::{self, Done, Journal};
use super::old::{Holder, Old, read_at};
use super::pack::Packer;
use super::part::{Part, Places, Stage, head, permit_as};
use super::settle::Settling;
use super::{Batch, Cause, Entry, Error, Making, Packing, Sink};

pub(super) struct OneFile {
    places: Places,
    packing: Packing,
    head: Vec<u8>,
    prologue: Vec<u8>,
    old: Old,
    files: OldFiles,
    stage: Mutex<Stage>,
}

/// The files that hold what is old.
#[derive(Default)]
struct OldFiles {
    part: Option<File>,
    whole: Option<File>,
    manifest: Option<File>,
}

impl OneFile {
    pub(super) fn open(path: &Path, packing: Packing, making: &Making) -> Result<OneFile, Error> {
        let fail = |cause| Error::new(path, cause);
        let places = Places::of_file(path).map_err(fail)?;
        let mut prologue = Vec::new();
        Packer::default().pack(packing, &making.prologue, &mut prologue).map_err(|error| Error::io(path, error))?;
        let mut sink = OneFile {
            places,
            packing,
            head: head(making),
            prologue,
            old: Old::new(packing),
            files: OldFiles::default(),
            stage: Mutex::new(Stage::Finished),
        };
        sink.look_back(making.anew).map_err(fail)?;
        Ok(sink)
    }

    /// Finds out what earlier runs left, and holds what is not finished.
    fn look_back(&mut self, anew: bool) -> Result<(), Cause> {
        let mut held = None;
        if self.places.journal.exists() {
            let journal = Journal::lock(&self.places.journal)?;
            let settled = !anew && self.settles(&journal).map_err(Cause::Io)?;
            if !settled {
                if !anew {
                    self.look_at_part(&journal).map_err(Cause::Io)?;
                }
                held = Some(journal);
            }
        }
        if !anew {
            self.look_at_whole();
        }
        self.old.settle();
        let stage =
            if self.old.base == 0 { Stage::Writing(self.begin(0, held)?) } else { Stage::Same { batches: 0, held } };
        *self.stage() = stage;
        Ok(())
    }

    /// Whether a run was killed when the destination had been moved to its place and the journal not: that is done now.
    fn settles(&self, journal: &Journal) -> io::Result<bool> {
        if self.places.part.exists() {
            return Ok(false);
        }
        let done = journal::read(&journal.file, &self.head, |_, _| true)?.flatten();
        let is_done = done.is_some() && done == self.places.to.metadata().ok().map(|metadata| Done::of(&metadata));
        if is_done {
            journal.settle(&self.places.manifest)?;
        }
        Ok(is_done)
    }

    /// What an interrupted run has written, as far as it is whole.
    fn look_at_part(&mut self, journal: &Journal) -> io::Result<()> {
        let Ok(part) = OpenOptions::new().read(true).write(true).open(&self.places.part) else { return Ok(()) };
        let mut end = self.prologue.len() as u64;
        let mut bytes = Vec::new();
        if read_at(&part, 0, end, &mut bytes).is_err() || bytes != self.prologue {
            return Ok(());
        }
        let old = &mut self.old;
        journal::read(&journal.file, &self.head, |line, line_end| {
            bytes.clear();
            let is_whole = read_at(&part, end, line.bytes, &mut bytes).is_ok() && crc32fast::hash(&bytes) == line.crc;
            if is_whole {
                old.add(Holder::Part, end, line, line_end);
                end += line.bytes;
            }
            is_whole
        })?;
        if old.holder().is_some() {
            part.set_len(end)?;
            self.files.part = Some(part);
        }
        Ok(())
    }

    /// What the destination has, if it is still what its manifest says.
    fn look_at_whole(&mut self) {
        let Ok(manifest) = File::open(&self.places.manifest) else { return };
        let Ok(whole) = File::open(&self.places.to) else { return };
        let Ok(metadata) = whole.metadata() else { return };
        let mark = self.old.mark();
        let mut end = self.prologue.len() as u64;
        let old = &mut self.old;
        let read = journal::read(&manifest, &self.head, |line, line_end| {
            old.add(Holder::Whole, end, line, line_end);
            end += line.bytes;
            true
        });
        if read.ok().flatten().flatten() == Some(Done::of(&metadata)) && end == metadata.len() {
            self.files.whole = Some(whole);
            self.files.manifest = Some(manifest);
        } else {
            self.old.forget(mark);
        }
    }

    /// Begins to write: the first batches, so many, are those of the base.
    fn begin(&self, batches: usize, held: Option<Journal>) -> Result<Part, Cause> {
        let journal = match held {
            Some(journal) => journal,
            None => Journal::lock(&self.places.journal)?,
        };
        let mut part = Part { file: None, journal, batches: batches as u64 };
        match self.begin_file(batches, &mut part.journal) {
            Ok(file) => {
                part.file = Some(Settling::new(file));
                Ok(part)
            }
            Err(error) => {
                self.remove(&part.journal);
                Err(Cause::Io(error))
            }
        }
    }

    fn begin_file(&self, batches: usize, journal: &mut Journal) -> io::Result<File> {
        let gone = || io::Error::from(io::ErrorKind::NotFound);
        let last = batches.checked_sub(1).and_then(|last| self.old.base(last));
        if let (Some(last), Some(part)) = (last, &self.files.part)
            && last.from == Holder::Part
            && batches == self.old.base
        {
            journal.cut(last.line_end)?;
            let mut file = part.try_clone()?;
            file.seek(SeekFrom::End(0))?;
            return Ok(file);
        }
        // Workers may still read the part of an interrupted run, so this is another file of that name.
        match fs::remove_file(&self.places.part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = File::create_new(&self.places.part)?;
        permit_as(&file, &self.places.to);
        let Some(last) = last else {
            file.write_all(&self.prologue)?;
            journal.begin(&self.head)?;
            return Ok(file);
        };
        let mut old = self.holder(last.from).ok_or_else(gone)?;
        old.seek(SeekFrom::Start(0))?;
        io::copy(&mut io::Read::take(old, last.offset + last.length), &mut file)?;
        match last.from {
            Holder::Part => journal.cut(last.line_end)?,
            Holder::Whole => {
                journal.copy(self.files.manifest.as_ref().ok_or_else(gone)?, last.line_end)?;
            }
        }
        Ok(file)
    }

    fn holder(&self, holder: Holder) -> Option<&File> {
        match holder {
            Holder::Part => self.files.part.as_ref(),
            Holder::Whole => self.files.whole.as_ref(),
        }
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remove(&self, journal: &Journal) {
        let _ = fs::remove_file(&self.places.part);
        journal.remove();
    }

    fn write_batch(&self, batch: &mut Batch) -> Result<(), Cause> {
        let mut stage = self.stage();
        if stage.passes(batch, &self.old) {
            return Ok(());
        }
        let Some(part) = stage.part(|batches, held| self.begin(batches, held))? else { return Ok(()) };
        if let Some(chunk) = batch.whole.and_then(|index| self.old.chunks.get(index as usize)) {
            let mut bytes = std::mem::take(&mut batch.packed);
            bytes.clear();
            let file = self.holder(chunk.from).ok_or(Cause::Damaged)?;
            read_at(file, chunk.offset, chunk.length, &mut bytes).map_err(|_| Cause::Damaged)?;
            batch.crc = chunk.crc;
            let written = part.write(&bytes, batch);
            batch.packed = bytes;
            return written.map_err(Cause::Io);
        }
        part.write(batch.written(self.packing), batch).map_err(Cause::Io)
    }

    fn end(&self) -> Result<bool, Cause> {
        let mut stage = self.stage();
        if stage.is_all(&self.old) {
            return Ok(false);
        }
        let part = stage.part(|batches, held| self.begin(batches, held))?;
        let Some(Part { file: Some(file), journal, .. }) = part else { return Ok(false) };
        let mut settle = || {
            let metadata = file.end()?;
            journal.end(Done::of(&metadata))?;
            fs::rename(&self.places.part, &self.places.to)?;
            journal.settle(&self.places.manifest)
        };
        settle().map_err(Cause::Io)?;
        self.places.sync_folder();
        *stage = Stage::Finished;
        Ok(true)
    }
}

impl Sink for OneFile {
    fn recall(&self, entry: &mut Entry, _: &mut Vec<u8>) -> bool {
        let known = self.old.find(entry).next().copied();
        known.inspect(|known| known.mark(entry)).is_some()
    }

    fn seal(&self, batch: &mut Batch) {
        self.old.recognize(batch);
        if batch.whole.is_some() {
            return;
        }
        if batch.entries.iter().any(|entry| entry.known.is_some()) {
            batch.join(|known, opened, out| {
                let file = self.old.holder_of(known).and_then(|holder| self.holder(holder));
                self.old.read(known, file, opened, out)
            });
        }
        batch.pack(self.packing);
    }

    fn write(&self, batch: &mut Batch) -> Result<(), Error> {
        batch.check(&self.places.shown)?;
        if batch.entries.is_empty() {
            return Ok(());
        }
        self.write_batch(batch).map_err(|cause| Error::new(&self.places.shown, cause))
    }

    fn finish(&self, _: bool) -> Result<bool, Error> {
        self.end().map_err(|cause| Error::new(&self.places.shown, cause))
    }

    fn goes_on(&self) -> bool {
        true
    }

    fn loose(&self) -> u64 {
        u64::MAX
    }
}

impl Drop for OneFile {
    /// What nothing can go on from is not left behind.
    fn drop(&mut self) {
        if let Some(journal) = self.stage().useless(&self.old) {
            self.remove(journal);
        }
    }
}
