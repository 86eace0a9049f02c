//! What can't be read: which input, why, where the damage begins and how much it took.

use std::fmt;
use std::io;

use crate::report::Code;

/// An input, or a part of one, that can't be read.
#[derive(Debug)]
pub struct Error {
    /// Its path as given; of a member, the path in its archive.
    pub path: String,
    /// The record within the file, where it holds several.
    pub record: Option<String>,
    /// Why.
    pub cause: Cause,
    /// The byte at which the damage was met: of the archive or packed file that the path and the cause name.
    pub place: Option<u64>,
    /// How many bytes were lost there, as far as that is known.
    pub lost: Option<u64>,
}

/// Why an input can't be read.
#[derive(Debug)]
pub enum Cause {
    /// The system says so.
    Io(io::Error),
    /// A folder stands where one text is expected.
    Folder,
    /// A pattern that no file matches.
    NoMatch,
    /// A pattern that is none.
    Pattern(&'static str),
    /// No text, or several, where one is expected.
    Several(usize),
    /// It was written to while it was read, twice.
    Changed,
    /// The text is larger than the limit of so many bytes.
    TooLarge(usize),
    /// The file unpacks to more than so many bytes.
    Expanded(u64),
    /// It unpacks to more than so many times its size.
    Ratio(u64),
    /// More than so many archives or packings stand inside each other.
    Nesting(u32),
    /// The file has more than so many members.
    Members(u64),
    /// What is named is not as its format has it, or a checksum is wrong.
    Damaged(&'static str),
    /// Something else stands behind what is named, which is sound itself.
    Behind(&'static str),
    /// What is named ends too soon.
    Cut(&'static str),
    /// It can't be read without a password.
    Encrypted,
    /// It is of a kind that is not read here.
    Unsupported(&'static str),
    /// A line of JSON Lines that is no record.
    NoRecord(Flaw),
    /// A defect of this program or of a library that it uses.
    Defect,
}

/// What is wrong with a line of JSON Lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It is no JSON object.
    NotJson,
    /// It has no field of that name.
    NoField(String),
    /// What stands in that field is not text.
    NotText(String),
}

impl Error {
    /// An error of which only the cause is known.
    pub fn new(path: &str, cause: Cause) -> Error {
        Error { path: path.to_owned(), record: None, cause, place: None, lost: None }
    }

    /// What a stream said.
    pub(super) fn of(path: &str, error: io::Error) -> Error {
        if error.kind() == io::ErrorKind::IsADirectory {
            return Error::new(path, Cause::Folder);
        }
        match error.downcast::<Fault>() {
            Ok(Fault { cause, place, lost }) => Error { place, lost, ..Error::new(path, cause) },
            Err(error) => Error::new(path, Cause::Io(error)),
        }
    }

    /// The same, of a record.
    pub(super) fn in_record(self, record: &str) -> Error {
        Error { record: Some(record.to_owned()), ..self }
    }

    /// The kind of finding that this is.
    pub fn code(&self) -> Code {
        match self.cause {
            Cause::Io(_) | Cause::Folder | Cause::NoMatch | Cause::Pattern(_) | Cause::Several(_) => Code::Unreadable,
            Cause::Changed => Code::Changed,
            Cause::TooLarge(_) => Code::TextTooLarge,
            Cause::Expanded(_) => Code::ExpandsTooFar,
            Cause::Ratio(_) => Code::RatioTooHigh,
            Cause::Nesting(_) => Code::NestedTooDeep,
            Cause::Members(_) => Code::TooManyMembers,
            Cause::Damaged(_) | Cause::Behind(_) => Code::Damaged,
            Cause::Cut(_) => Code::CutShort,
            Cause::Encrypted => Code::Encrypted,
            Cause::Unsupported(_) => Code::Unsupported,
            Cause::NoRecord(_) => Code::NoRecord,
            Cause::Defect => Code::Defect,
        }
    }
}

/// What is wrong within a stream. It travels in an [`io::Error`] up to who knows the path.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) cause: Cause,
    pub(super) place: Option<u64>,
    pub(super) lost: Option<u64>,
}

impl Fault {
    pub(super) fn of(cause: Cause) -> io::Error {
        Fault::sent(Fault { cause, place: None, lost: None })
    }

    pub(super) fn at(cause: Cause, place: u64) -> io::Error {
        Fault::sent(Fault { cause, place: Some(place), lost: None })
    }

    pub(super) fn sent(self) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, self)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.cause)
    }
}

impl std::error::Error for Fault {}
