//! Where reports come from.
//!
//! In: the INPUT arguments of a command. Out: [`Input`]s, one for each text, in a fixed order, whose bytes are read only when
//! a worker asks for them. This room does not know what becomes of them.
//!
//! One file a kind: `find` turns arguments into files. What holds several texts (archives, JSON Lines, WARC) or is packed
//! (`.gz`, `.zst`) gets a file of its own here: `find` tells it by its content, it yields one [`Input`] for each text in it,
//! named by [`Input::record`], and `At` gets a variant for where its bytes are.

#![allow(clippy::disallowed_methods)]

mod find;
mod measure;

use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

pub use find::Skip;
pub use measure::measure;

/// One text that may be a report.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its path as given, with `/` between its parts; `-` for standard input.
    pub path: String,
    /// The record within the file, where it holds several.
    pub record: Option<String>,
    /// Its place below the folder, or the folders, that were given: what a folder of results is laid out by.
    pub relative: PathBuf,
    at: At,
}

/// How inputs are read.
#[derive(Clone, Debug)]
pub struct Options {
    /// How far the reading of one input goes.
    pub limits: Limits,
}

/// How far the reading of one input goes.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The largest text in bytes.
    pub bytes: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { limits: Limits { bytes: crate::Limits::MOST_BYTES } }
    }
}

/// A text that was read, with its name.
#[derive(Clone, Debug)]
pub struct Text {
    /// As of the [`Input`].
    pub path: String,
    /// As of the [`Input`].
    pub record: Option<String>,
    /// As of the [`Input`].
    pub relative: PathBuf,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Gives the inputs that the arguments name to `emit`, in order, until it breaks off.
pub fn feed(
    arguments: &[PathBuf],
    skip: &Skip,
    _: &Options,
    emit: &mut dyn FnMut(Result<Input, Error>) -> ControlFlow<()>,
) {
    let _ = find::inputs(arguments, skip).try_for_each(emit);
}

/// Where the bytes of an input are.
#[derive(Clone, Debug)]
enum At {
    File(PathBuf),
    Stdin,
}

/// An input that can't be read.
#[derive(Debug)]
pub struct Error {
    /// Its path as given.
    pub path: String,
    /// Why.
    pub cause: Cause,
}

/// Why an input can't be read.
#[derive(Debug)]
pub enum Cause {
    /// The system says so.
    Io(io::Error),
    /// A folder stands where one text is expected.
    Folder,
    /// It is larger than the limit of so many bytes.
    TooLarge(usize),
    /// A pattern that no file matches.
    NoMatch,
    /// A pattern that is none.
    Pattern(&'static str),
}

impl Input {
    /// The file at `path`; `relative` is its place in a folder of results.
    pub fn file(path: PathBuf, relative: PathBuf) -> Input {
        Input { path: shown(&path), record: None, relative, at: At::File(path) }
    }

    /// Standard input.
    pub fn stdin() -> Input {
        Input { path: "-".to_owned(), record: None, relative: PathBuf::from("stdin"), at: At::Stdin }
    }

    /// How many bytes it has as far as that is known without reading it.
    pub fn size(&self) -> u64 {
        match &self.at {
            At::File(path) => path.metadata().map_or(0, |metadata| metadata.len()),
            At::Stdin => 0,
        }
    }

    /// Reads its bytes, unless there are more than `limit`.
    pub fn read(&self, limit: usize) -> Result<Vec<u8>, Error> {
        let bytes = match &self.at {
            At::File(path) => File::open(path).and_then(|file| {
                let size = file.metadata()?.len();
                // A file that is too large by its own word is not read at all; a device or pipe says 0.
                if size > limit as u64 { Ok(None) } else { read_up_to(file, size as usize, limit) }
            }),
            At::Stdin => read_up_to(io::stdin().lock(), 0, limit),
        };
        let cause = match bytes {
            Ok(Some(bytes)) => return Ok(bytes),
            Ok(None) => Cause::TooLarge(limit),
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => Cause::Folder,
            Err(error) => Cause::Io(error),
        };
        Err(Error { path: self.path.clone(), cause })
    }

    /// Its texts.
    pub fn texts(self, options: &Options, take: &mut dyn FnMut(Result<Text, Error>)) {
        let bytes = self.read(options.limits.bytes);
        take(bytes.map(|bytes| Text { path: self.path, record: self.record, relative: self.relative, bytes }));
    }
}

/// A path as it is written in data: with `/` between its parts on every system.
fn shown(path: &Path) -> String {
    let path = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { path.into_owned() } else { path.replace(std::path::MAIN_SEPARATOR, "/") }
}

/// Everything that `from` gives, or nothing where that is more than `limit`.
fn read_up_to(from: impl Read, expected: usize, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::with_capacity(expected.saturating_add(1));
    from.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= limit).then_some(bytes))
}
