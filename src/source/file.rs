//! Files and standard input -> what is in them.
//!
//! A small file is read as a whole by a worker, with one open and one look at what the system says of it before and after. A
//! large one is streamed, or, if it is one text, left to a worker.

use std::fs::{File, Metadata};
use std::io::{self, BufReader, Cursor, Read};
use std::ops::ControlFlow;
use std::path::Path;

use super::error::{Cause, Error, Fault};
use super::kind::{HEAD, Kind, tell};
use super::measure::Counted;
use super::names::Place;
use super::stream::Stream;
use super::unpack::{Budget, Emit, Unpacker};
use super::{Input, Options, zip};

/// A file below this size is read as a whole, whatever it is.
pub(super) const SMALL: u64 = 128 << 10;

/// Gives what is in a file.
pub(super) fn read(path: &Path, relative: &Path, shown: &str, options: &Options, emit: Emit<'_>) -> ControlFlow<()> {
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
    let (before, file) = match opened {
        Ok(opened) => opened,
        Err(error) => return emit(Err(Error::of(shown, error))),
    };
    if before.is_file() && before.len() < SMALL {
        return match settled(path, file, before, options.limits.bytes.max(SMALL as usize)) {
            Ok(bytes) => {
                options.read.add(bytes.len() as u64);
                small(bytes, relative, shown, options, emit)
            }
            Err(error) => emit(Err(Error::of(shown, error))),
        };
    }
    stream(path, &file, &before, relative, shown, options, emit)
}

/// What a small file holds.
fn small(bytes: Vec<u8>, relative: &Path, shown: &str, options: &Options, emit: Emit<'_>) -> ControlFlow<()> {
    let name = shown.rsplit('/').next().unwrap_or(shown);
    let kind = tell(bytes.get(..HEAD).unwrap_or(&bytes), name);
    if kind == Kind::Text {
        if bytes.len() > options.limits.bytes {
            return emit(Err(Error::new(shown, Cause::TooLarge(options.limits.bytes))));
        }
        return emit(Ok(Input::bytes(shown, relative, bytes)));
    }
    let place = Place::new(shown, relative);
    let budget = Budget::new(options.limits);
    let mut unpacker = Unpacker::new(options, &budget, emit);
    match kind {
        Kind::Zip if options.limits.nesting > 0 => zip::read(&mut unpacker, Cursor::new(&bytes[..]), &place),
        _ => unpacker.open_as(kind, &mut Stream::new(&bytes[..]), &place),
    }
}

/// What a large file, a device or a pipe holds.
fn stream(
    path: &Path,
    file: &File,
    before: &Metadata,
    relative: &Path,
    shown: &str,
    options: &Options,
    emit: Emit<'_>,
) -> ControlFlow<()> {
    let place = Place::new(shown, relative);
    let budget = Budget::new(options.limits);
    let mut unpacker = Unpacker::new(options, &budget, emit);
    let counted = || Counted { file, read: &options.read };
    let mut stream = Stream::new(counted());
    let kind = tell(stream.peek(HEAD), &place.name);
    match kind {
        Kind::Text if before.is_file() => return unpacker.emit(Ok(Input::told(path, shown, relative, before.len()))),
        Kind::Zip if before.is_file() && options.limits.nesting > 0 => {
            zip::read(&mut unpacker, BufReader::new(counted()), &place)?;
        }
        _ => unpacker.open_as(kind, &mut stream, &place)?,
    }
    match file.metadata() {
        Ok(after) if before.is_file() && !is_same(before, &after) => unpacker.refuse(&place, Cause::Changed),
        _ => ControlFlow::Continue(()),
    }
}

/// What comes on standard input.
pub(super) fn stdin(shown: &str, relative: &Path, options: &Options, emit: Emit<'_>) -> ControlFlow<()> {
    let budget = Budget::new(options.limits);
    let mut unpacker = Unpacker::new(options, &budget, emit);
    unpacker.open(&mut Stream::new(io::stdin().lock()), &Place::new(shown, relative))
}

/// The bytes of one text.
pub(super) fn whole(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let before = file.metadata()?;
    settled(path, file, before, limit)
}

/// The bytes of a file that nobody writes to meanwhile. If somebody does, it is read once more.
fn settled(path: &Path, mut file: File, mut before: Metadata, limit: usize) -> io::Result<Vec<u8>> {
    for again in [true, false] {
        if before.len() > limit as u64 {
            return Err(Fault::of(Cause::TooLarge(limit)));
        }
        let mut bytes = Vec::with_capacity(before.len() as usize + 1);
        (&file).take(limit as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > limit {
            return Err(Fault::of(Cause::TooLarge(limit)));
        }
        // What the system makes up as it is read has no length.
        let as_long = bytes.len() as u64 == before.len() || before.len() == 0;
        if as_long && is_same(&before, &file.metadata()?) {
            return Ok(bytes);
        }
        if again {
            file = File::open(path)?;
            before = file.metadata()?;
        }
    }
    Err(Fault::of(Cause::Changed))
}

fn is_same(before: &Metadata, after: &Metadata) -> bool {
    before.len() == after.len() && before.modified().ok() == after.modified().ok()
}
