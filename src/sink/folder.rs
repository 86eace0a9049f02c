//! A folder with one JSON file a report, laid out as the inputs are.
//!
//! Each file is written beside its place and moved there, and the journal follows. The journal and the manifest are hidden files
//! in the folder. A report is known if its text is, and its file is still as it was written. The files of inputs that are gone
//! stay: nothing is ever removed from the folder. What somebody else put there is never written over (`ours`).

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::journal::{self, Done, Journal};
use super::names::{Names, named};
use super::old::{At, Holder, Known, Old};
use super::ours::Ours;
use super::part::{Part, Places, Stage, head, modified, permit_as};
use super::target::{no_folder, parent};
use super::{Batch, Cause, Entry, Error, Making, Packing, Sink};

pub(super) struct Folder {
    places: Places,
    head: Vec<u8>,
    old: Old,
    manifest: Option<File>,
    ours: Ours,
    /// Whether this run has made the folder.
    is_new: bool,
    state: Mutex<State>,
}

struct State {
    stage: Stage,
    names: Names,
    /// The folder that the last file was written to.
    folder: PathBuf,
}

/// Why a file can't be written.
type Failed = (PathBuf, Cause);

impl Folder {
    pub(super) fn open(root: &Path, making: &Making) -> Result<Folder, Error> {
        let is_new = match fs::create_dir(root) {
            Ok(()) => true,
            Err(_) if root.is_dir() => false,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists || root.exists() => {
                return Err(Error::new(root, Cause::IsFile));
            }
            Err(_) if !parent(root).is_dir() => return Err(Error::new(root, no_folder(parent(root)))),
            Err(error) => return Err(Error::io(root, error)),
        };
        let state = State { stage: Stage::Finished, names: Names::default(), folder: PathBuf::new() };
        let places = Places::of_folder(root);
        let ours = Ours::of(&places.manifest);
        let mut sink = Folder {
            places,
            head: head(making),
            old: Old::default(),
            manifest: None,
            ours,
            is_new,
            state: Mutex::new(state),
        };
        sink.look_back(making.anew).map_err(|cause| Error::new(root, cause))?;
        Ok(sink)
    }

    /// Finds out what earlier runs left, and holds what is not finished.
    fn look_back(&mut self, anew: bool) -> Result<(), Cause> {
        let mut held = None;
        if self.places.journal.exists() {
            let journal = Journal::lock(&self.places.journal)?;
            if !anew {
                let old = &mut self.old;
                let each = |line: &journal::Line<'_>, line_end| {
                    old.add(Holder::Part, 0, line, line_end);
                    true
                };
                journal::read(&journal.file, &self.head, each).map_err(Cause::Io)?;
            }
            held = Some(journal);
        }
        if !anew && let Ok(manifest) = File::open(&self.places.manifest) {
            let mark = self.old.mark();
            let old = &mut self.old;
            let each = |line: &journal::Line<'_>, line_end| {
                old.add(Holder::Whole, 0, line, line_end);
                true
            };
            match journal::read(&manifest, &self.head, each) {
                Ok(Some(Some(_))) => self.manifest = Some(manifest),
                _ => self.old.forget(mark),
            }
        }
        self.old.settle();
        let stage =
            if self.old.base == 0 { Stage::Writing(self.begin(0, held)?) } else { Stage::Same { batches: 0, held } };
        self.state().stage = stage;
        Ok(())
    }

    /// Begins to write: the first batches, so many, are those of the base.
    fn begin(&self, batches: usize, held: Option<Journal>) -> Result<Part, Cause> {
        let mut journal = match held {
            Some(journal) => journal,
            None => Journal::lock(&self.places.journal)?,
        };
        let last = batches.checked_sub(1).and_then(|last| self.old.base(last));
        let begun = match (last, &self.manifest) {
            (None, _) => journal.begin(&self.head),
            (Some(last), Some(manifest)) if last.from == Holder::Whole => journal.copy(manifest, last.line_end),
            (Some(last), _) => journal.cut(last.line_end),
        };
        begun.map_err(Cause::Io)?;
        Ok(Part { file: None, journal, batches: batches as u64 })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is being written, begun where it is not yet.
    fn part<'s>(&self, stage: &'s mut Stage) -> Result<Option<&'s mut Part>, Failed> {
        let part = stage.part(|batches, held| self.begin(batches, held));
        part.map_err(|cause| (self.places.shown.clone(), cause))
    }

    /// The file of a known report, if it is as it was written.
    fn standing(&self, relative: &Path, known: &Known) -> Option<File> {
        let At::File { number, length, modified: written } = known.at else { return None };
        let file = File::open(self.places.to.join(named(relative, number))).ok()?;
        let metadata = file.metadata().ok()?;
        (metadata.len() == length && modified(&metadata) == written).then_some(file)
    }

    fn write_batch(&self, batch: &mut Batch) -> Result<(), Failed> {
        let State { stage, names, folder } = &mut *self.state();
        let mut start = 0;
        let mut differs = false;
        for entry in &mut batch.entries {
            let end = start + entry.length as usize;
            let (name, number) = names.next(&entry.relative);
            let is = |known: &Known| matches!(known.at, At::File { number: other, .. } if other == number);
            if !entry.known.as_ref().is_some_and(is) {
                let other = self.old.find(entry).find(|known| is(known));
                match other.filter(|other| self.standing(&entry.relative, other).is_some()) {
                    Some(other) => other.mark(entry),
                    None => {
                        differs = true;
                        let path = self.places.to.join(name);
                        if !self.ours.may_write(&path, entry, number) {
                            return Err((path, Cause::InTheWay));
                        }
                        self.part(stage)?;
                        let bytes = batch.bytes.get(start..end).unwrap_or_default();
                        let written = self.write_file(&path, bytes, number, folder);
                        entry.written = Some(written.map_err(|error| (path, Cause::Io(error)))?);
                    }
                }
            }
            start = end;
        }
        self.old.recognize(batch);
        if !differs && stage.passes(batch, &self.old) {
            return Ok(());
        }
        let Some(part) = self.part(stage)? else { return Ok(()) };
        part.write(&batch.bytes, batch).map_err(|error| (self.places.shown.clone(), Cause::Io(error)))
    }

    fn write_file(&self, path: &Path, bytes: &[u8], number: u32, last: &mut PathBuf) -> io::Result<At> {
        let folder = parent(path);
        if folder != last {
            fs::create_dir_all(folder)?;
            folder.clone_into(last);
        }
        let beside = folder.join(".gongkai.part");
        let mut file = File::create(&beside)?;
        permit_as(&file, path);
        let written = file.write_all(bytes).and_then(|()| file.metadata());
        match written.and_then(|metadata| fs::rename(&beside, path).map(|()| metadata)) {
            Ok(metadata) => Ok(At::File { number, length: metadata.len(), modified: modified(&metadata) }),
            Err(error) => {
                let _ = fs::remove_file(&beside);
                Err(error)
            }
        }
    }

    fn end(&self) -> Result<bool, Failed> {
        let state = &mut *self.state();
        if state.stage.is_all(&self.old) {
            return Ok(false);
        }
        let Some(part) = self.part(&mut state.stage)? else { return Ok(false) };
        let ended = part.journal.end(Done::default()).and_then(|()| part.journal.settle(&self.places.manifest));
        ended.map_err(|error| (self.places.shown.clone(), Cause::Io(error)))?;
        state.stage = Stage::Finished;
        Ok(true)
    }
}

impl Sink for Folder {
    fn recall(&self, entry: &mut Entry, bytes: &mut Vec<u8>) -> bool {
        let begin = bytes.len();
        let all: Vec<Known> = self.old.find(entry).copied().collect();
        for known in all {
            let read = |mut file: File| file.read_to_end(bytes).ok();
            let read = self.standing(&entry.relative, &known).and_then(read);
            if read.is_some_and(|count| matches!(known.at, At::File { length, .. } if length == count as u64)) {
                known.mark(entry);
                return true;
            }
            bytes.truncate(begin);
        }
        false
    }

    fn seal(&self, batch: &mut Batch) {
        batch.pack(Packing::Plain);
    }

    fn write(&self, batch: &mut Batch) -> Result<(), Error> {
        if batch.entries.is_empty() {
            return Ok(());
        }
        self.write_batch(batch).map_err(|(path, cause)| Error::new(&path, cause))
    }

    fn finish(&self, _: bool) -> Result<bool, Error> {
        self.end().map_err(|(path, cause)| Error::new(&path, cause))
    }

    fn goes_on(&self) -> bool {
        true
    }
}

impl Drop for Folder {
    /// What nothing can go on from is not left behind.
    fn drop(&mut self) {
        if let Some(journal) = self.state().stage.useless(&self.old) {
            journal.remove();
        }
        if self.is_new {
            // It goes only if nothing stands in it.
            let _ = fs::remove_dir(&self.places.to);
        }
    }
}
