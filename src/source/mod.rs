//! Where reports come from.
//!
//! In: the INPUT arguments of a command. Out: texts, each with its path, in a fixed order. This room does not know what becomes
//! of them.
//!
//! [`feed`] runs on one thread and pushes [`Input`]s: it walks folders, and streams what is large and holds many texts. A small
//! file is left to a worker as it is; [`Input::texts`] opens it there, tells what it is, and unpacks it. So nothing is unpacked
//! to disk, and no more than one text of an archive is in memory here at a time.
//!
//! `find` with `pattern` turns arguments into files, `file` opens them, `kind` tells what they are, `unpack` goes into them. One
//! file a kind: `packed` (gzip, Zstandard, bzip2, xz), `tar`, `zip` (by its directory) and `zip_stream` with `zip_links` (from the
//! front), `lines` with `record` and `utf16` (JSON Lines), `warc` with `http`. All of them read a `stream`, go on behind damage where
//! their format lets them, and tell what was lost as an [`Error`]. They are kept from taking too much by [`Limits`].

#![allow(clippy::disallowed_methods)]

mod error;
mod file;
mod find;
mod http;
mod kind;
mod lines;
mod measure;
mod names;
mod packed;
mod pattern;
mod record;
mod skip;
mod stream;
mod tar;
mod unpack;
mod utf16;
mod warc;
mod zip;
mod zip_links;
mod zip_stream;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use find::Found;
use names::Place;

pub use error::{Cause, Error, Flaw};
pub use find::left_out;
pub use measure::{BytesRead, measure};
pub use skip::Skip;

/// How what holds texts is read.
#[derive(Clone, Debug)]
pub struct Options {
    /// The field of a JSON record with its text; `a.b` is `b` within `a`.
    pub text_field: String,
    /// The field with its name; where it is not there, a record goes by the number of its line.
    pub id_field: String,
    /// The encoding of lines of JSON that are no UTF-8; without it, it is found out.
    pub encoding: Option<&'static Encoding>,
    /// How far it is gone.
    pub limits: Limits,
    /// How much of the files has been read.
    pub read: BytesRead,
}

/// How much may be read, so that a bomb is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest text, unpacked, in bytes.
    pub bytes: usize,
    /// The most that one file may unpack to, in bytes, with all that is in it.
    pub expanded: u64,
    /// The most that it may unpack to for each of its bytes; counted from 16 MiB on.
    pub ratio: u64,
    /// How many archives and packings may stand inside each other.
    pub nesting: u32,
    /// How many members one file may have, in archives.
    pub members: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bytes: 256 << 20, expanded: 256 << 30, ratio: 1000, nesting: 8, members: 10_000_000 }
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            text_field: "text".to_owned(),
            id_field: "id".to_owned(),
            encoding: None,
            limits: Limits::default(),
            read: BytesRead::default(),
        }
    }
}

/// What a worker is given: one text, or a small file with what is in it.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its path as given, with `/` between its parts; `-` for standard input. Of a member: `a.tar.gz!/x/y.txt`.
    pub path: String,
    /// The record within the file, where it holds several.
    pub record: Option<String>,
    /// Its place below the folder, or the folders, that were given: what a folder of results is laid out by.
    pub relative: PathBuf,
    at: At,
}

/// Where the bytes of an input are.
#[derive(Clone, Debug)]
enum At {
    /// In a file that nobody has looked into, of about that size.
    File(PathBuf, u64),
    /// In a file that is one text.
    Text(PathBuf, u64),
    Stdin,
    /// Here.
    Bytes(Vec<u8>),
    /// Here, as a line of JSON.
    Line(u64, Vec<u8>),
}

/// One text that may be a report.
#[derive(Clone, Debug)]
pub struct Text {
    /// Its path, as that of an [`Input`].
    pub path: String,
    /// The record within the file, where it holds several.
    pub record: Option<String>,
    /// Its place in a folder of results.
    pub relative: PathBuf,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether they are UTF-8 by their format, as the texts of JSON are: then no other encoding that is asked for applies.
    pub is_utf8: bool,
}

/// Gives everything that the arguments name, in order, until `emit` breaks off. What can't be read is an error in its place.
pub fn feed(
    arguments: &[PathBuf],
    skip: &Skip,
    options: &Options,
    emit: &mut dyn FnMut(Result<Input, Error>) -> ControlFlow<()>,
) {
    for found in find::files(arguments, skip) {
        let went = match found {
            Err(error) => emit(Err(error)),
            Ok(Found::File { path, relative, size: Some(size) }) if size < file::SMALL => {
                emit(Ok(Input { at: At::File(path.clone(), size), ..Input::file(path, relative) }))
            }
            Ok(Found::File { path, relative, .. }) => file::read(&path, &relative, &shown(&path), options, emit),
            Ok(Found::Stdin) => {
                let Input { path, relative, .. } = Input::stdin();
                file::stdin(&path, &relative, options, emit)
            }
        };
        if went.is_break() {
            return;
        }
    }
}

impl Input {
    /// The file at `path`; `relative` is its place in a folder of results.
    pub fn file(path: PathBuf, relative: PathBuf) -> Input {
        Input { path: shown(&path), record: None, relative, at: At::File(path, 0) }
    }

    /// Standard input.
    pub fn stdin() -> Input {
        Input { path: "-".to_owned(), record: None, relative: PathBuf::from("stdin"), at: At::Stdin }
    }

    fn told(path: &Path, shown: &str, relative: &Path, size: u64) -> Input {
        let at = At::Text(path.to_owned(), size);
        Input { path: shown.to_owned(), record: None, relative: relative.to_owned(), at }
    }

    fn bytes(shown: &str, relative: &Path, bytes: Vec<u8>) -> Input {
        Input { path: shown.to_owned(), record: None, relative: relative.to_owned(), at: At::Bytes(bytes) }
    }

    fn unpacked(place: &Place, bytes: Vec<u8>) -> Input {
        Input::bytes(&place.path, &place.relative, bytes)
    }

    fn record(place: &Place, name: &str, bytes: Vec<u8>) -> Input {
        let relative = place.of_record(name);
        Input { path: place.path.clone(), record: Some(name.to_owned()), relative, at: At::Bytes(bytes) }
    }

    fn line(place: &Place, number: u64, bytes: Vec<u8>) -> Input {
        let at = At::Line(number, bytes);
        Input { path: place.path.clone(), record: Some(number.to_string()), relative: place.relative.clone(), at }
    }

    /// How many bytes it has as far as that is known without reading it.
    pub fn size(&self) -> u64 {
        match &self.at {
            At::File(_, size) | At::Text(_, size) => *size,
            At::Stdin => 0,
            At::Bytes(bytes) | At::Line(_, bytes) => bytes.len() as u64,
        }
    }

    /// Reads the file as it is, whatever it holds, unless it has more than `limit` bytes.
    pub fn read(&self, limit: usize) -> Result<Vec<u8>, Error> {
        let read = match &self.at {
            At::File(path, _) | At::Text(path, _) => file::whole(path, limit),
            At::Stdin => stream::Stream::new(std::io::stdin().lock()).rest(limit),
            At::Bytes(bytes) | At::Line(_, bytes) => Ok(bytes.clone()),
        };
        read.map_err(|error| Error::of(&self.path, error))
    }

    /// Gives its texts: one for most, several where a small file turns out to hold several.
    pub fn texts(self, options: &Options, take: &mut dyn FnMut(Result<Text, Error>)) {
        let _ = self.each(options, &mut |text| {
            take(text);
            ControlFlow::Continue(())
        });
    }

    /// Its text, where it is one, and what is to be told of the file though nothing of the text is missing.
    pub fn text(self, options: &Options) -> Result<(Text, Option<Error>), Error> {
        let path = self.path.clone();
        let mut texts = Vec::new();
        let _ = self.each(options, &mut |text| {
            texts.push(text);
            if texts.len() < 2 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        match (texts.pop(), texts.pop()) {
            (Some(text), None) => text.map(|text| (text, None)),
            (Some(Err(error)), Some(Ok(text))) if matches!(error.cause, Cause::Behind(_)) => Ok((text, Some(error))),
            (None, _) => Err(Error::new(&path, Cause::Several(0))),
            // A damaged file with one text in it is told for its damage.
            (Some(Err(error)), Some(_)) | (Some(_), Some(Err(error))) => Err(error),
            (Some(Ok(_)), Some(Ok(_))) => Err(Error::new(&path, Cause::Several(2))),
        }
    }

    fn each(self, options: &Options, take: &mut dyn FnMut(Result<Text, Error>) -> ControlFlow<()>) -> ControlFlow<()> {
        let Input { path, record, relative, at } = self;
        let mut inner = |input: Result<Input, Error>| match input {
            Ok(input) => input.each(options, take),
            Err(error) => take(Err(error)),
        };
        match at {
            At::File(file, _) => file::read(&file, &relative, &path, options, &mut inner),
            At::Stdin => file::stdin(&path, &relative, options, &mut inner),
            At::Text(file, _) => match file::whole(&file, options.limits.bytes) {
                Ok(bytes) => {
                    options.read.add(bytes.len() as u64);
                    take(Ok(Text { path, record, relative, bytes, is_utf8: false }))
                }
                Err(error) => take(Err(Error::of(&path, error))),
            },
            At::Bytes(bytes) => take(Ok(Text { path, record, relative, bytes, is_utf8: false })),
            At::Line(number, line) => take(lines::text(&Place::new(&path, &relative), number, &line, options)),
        }
    }
}

/// A path as it is written in data: with `/` between its parts on every system. Different paths are written differently.
fn shown(path: &Path) -> String {
    match path.to_str() {
        Some(path) if std::path::MAIN_SEPARATOR != '/' => path.replace(std::path::MAIN_SEPARATOR, "/"),
        _ => names::escaped(path.as_os_str().as_encoded_bytes()),
    }
}
