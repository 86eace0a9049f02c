//! A report as JSON: the schema `gongkai.report.v1`.
//!
//! In: a [`Report`], the grammars it was read with, and its [`Source`]. Out: JSON, on one line or pretty. Figures are written
//! as exact decimals; text is cleaned here, where it leaves. Findings alone are written as lines of JSON ([`finding`]) or in
//! the interchange format of code checkers ([`Sarif`]). [`cells`] writes the figures as CSV; [`relations`] has the rows and tables of
//! databases, and [`Codebook`] the names of all cells; [`report_schema`] is the JSON Schema of a report; [`Reject`] and [`Summary`]
//! are what a run over many inputs says of itself. This is the only room that serializes; it knows no files.

mod codebook;
mod csv;
mod finding;
mod json;
mod json_schema;
#[cfg(feature = "cli")]
mod reject;
pub mod relations;
mod sarif;
#[cfg(feature = "cli")]
mod stage;
mod statement;
#[cfg(feature = "cli")]
mod summary;
mod writer;

use crate::grammar::Grammars;
use crate::render::Lang;
use crate::report::Report;
use crate::text::Punctuation;

pub use codebook::{Codebook, Entry};
pub use csv::{Csv, cells, cells_head};
pub use finding::finding;
pub use json_schema::report_schema;
#[cfg(feature = "cli")]
pub use reject::Reject;
pub use sarif::Sarif;
#[cfg(feature = "cli")]
pub use stage::{Stage, stage};
#[cfg(feature = "cli")]
pub use summary::{Ended, Findings, Summary, summary};

/// The name of the schema of a report, with which its JSON begins.
pub const REPORT: &str = "gongkai.report.v1";

/// Where a report came from, for the record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The path as given, with `/` between its parts; `-` for standard input.
    pub path: String,
    /// The record within the file, where it holds several.
    pub record: Option<String>,
    /// SHA-256 of the bytes, in hexadecimal; empty where it was not computed.
    pub sha256: String,
    /// The number of bytes.
    pub bytes: u64,
}

impl Source {
    /// A source of which only the name is known.
    pub fn new(path: impl Into<String>) -> Source {
        Source { path: path.into(), ..Source::default() }
    }
}

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Over many lines, indented by two blanks.
    pub pretty: bool,
    /// With `cells` and `coverage`: where each figure stands, and what every stretch of the page is.
    pub provenance: bool,
    /// What becomes of Chinese punctuation in text.
    pub punctuation: Punctuation,
    /// The language of messages.
    pub lang: Lang,
}

/// Writes the report to the end of `out`, without a line end.
pub fn write(report: &Report<'_>, grammars: &Grammars, source: &Source, options: &Options, out: &mut Vec<u8>) {
    json::write(report, grammars, source, options, out);
}

/// The report as a string.
pub fn to_string(report: &Report<'_>, grammars: &Grammars, source: &Source, options: &Options) -> String {
    let mut out = Vec::new();
    write(report, grammars, source, options, &mut out);
    String::from_utf8(out).unwrap_or_default()
}
