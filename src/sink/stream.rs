//! Standard output, a device or a pipe: written as it comes, with nothing to go on from.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::{Batch, Entry, Error, Making, Packing, Sink, pack};

pub(super) struct Stream {
    path: PathBuf,
    packing: Packing,
    out: Mutex<Out>,
}

struct Out {
    to: Box<dyn Write + Send>,
    /// What is still to be written before the first report.
    prologue: Vec<u8>,
}

impl Stream {
    pub(super) fn stdout(packing: Packing, making: &Making) -> Stream {
        Stream::new(Path::new("-"), packing, making, Box::new(io::stdout()))
    }

    pub(super) fn special(path: &Path, packing: Packing, making: &Making) -> Result<Stream, Error> {
        let file = OpenOptions::new().write(true).open(path).map_err(|error| Error::io(path, error))?;
        Ok(Stream::new(path, packing, making, Box::new(file)))
    }

    fn new(path: &Path, packing: Packing, making: &Making, to: Box<dyn Write + Send>) -> Stream {
        let out = Mutex::new(Out { to, prologue: making.prologue.clone() });
        Stream { path: path.to_owned(), packing, out }
    }

    fn put(&self, bytes: &[u8], flush: bool) -> Result<(), Error> {
        let out = &mut *self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let mut write = || {
            if !out.prologue.is_empty() {
                let mut prologue = Vec::new();
                pack::Packer::default().pack(self.packing, &std::mem::take(&mut out.prologue), &mut prologue)?;
                out.to.write_all(&prologue)?;
            }
            out.to.write_all(bytes)?;
            if flush { out.to.flush() } else { Ok(()) }
        };
        write().map_err(|error| Error::io(&self.path, error))
    }
}

impl Sink for Stream {
    fn recall(&self, _: &mut Entry, _: &mut Vec<u8>) -> bool {
        false
    }

    fn seal(&self, batch: &mut Batch) {
        batch.pack(self.packing);
    }

    fn write(&self, batch: &mut Batch) -> Result<(), Error> {
        batch.check(&self.path)?;
        self.put(batch.written(self.packing), false)
    }

    fn finish(&self, _: bool) -> Result<bool, Error> {
        self.put(&[], true).map(|()| true)
    }

    fn goes_on(&self) -> bool {
        false
    }
}
