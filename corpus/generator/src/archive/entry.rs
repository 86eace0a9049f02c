//! What is told of one thing in an archive.

use std::fmt::Write as _;
use std::ops::Range;

use crate::collection::Report;
use crate::truth::{optional, string};

/// How a run must count a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// As a report: `complete` or `partial`, as its truth says.
    Report,
    /// As a text that is no report.
    Unrecognized,
    /// As an input that can't be read.
    Rejected,
    /// Not at all: a folder, a hidden file.
    PassedOver,
}

impl Counts {
    /// Its name in the truth.
    pub fn name(self) -> &'static str {
        match self {
            Counts::Report => "report",
            Counts::Unrecognized => "unrecognized",
            Counts::Rejected => "rejected",
            Counts::PassedOver => "passed_over",
        }
    }
}

/// One thing in an archive.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its path as gongkai names it.
    pub path: String,
    /// Its record, where one file holds several.
    pub record: Option<String>,
    pub counts: Counts,
    /// What it says, if it is a report.
    pub report: Option<Box<Report>>,
    /// Where it stands: its first byte up to behind its last, in the archive without the packing of the whole. Of what is in an
    /// archive within the archive, the place of that.
    pub at: Range<u64>,
    /// In a damaged archive: whether it must come out as it was (true), cannot (false), or may (none).
    pub whole: Option<bool>,
}

impl Entry {
    /// All of it on one line, without a line end. `tables` is laid out as in a report by gongkai.
    pub fn to_json(&self) -> String {
        let mut json = String::with_capacity(256);
        let whole = self.whole.map_or("null", |whole| if whole { "true" } else { "false" });
        // Writing to a string cannot fail.
        let _ = write!(
            json,
            "{{\"path\":{},\"record\":{},\"counts\":\"{}\",\"at\":[{},{}],\"whole\":{whole}",
            string(&self.path),
            optional(self.record.as_deref()),
            self.counts.name(),
            self.at.start,
            self.at.end,
        );
        if let Some(report) = &self.report {
            let truth = &report.truth;
            let _ = write!(
                json,
                ",\"seed\":{},\"bytes\":{},\"encoding\":\"{}\",\"layout\":\"{}\",\"grammar\":\"{}\",\"status\":\"{}\",\
                 \"title\":{},\"issuer\":{},\"year\":{},\"tables\":{}",
                report.slot.seed,
                report.bytes.len(),
                report.encoding.name(),
                truth.layout,
                truth.grammar,
                truth.status,
                optional(truth.title.as_deref()),
                optional(truth.issuer.as_deref()),
                truth.year.map_or_else(|| "null".to_owned(), |year| year.to_string()),
                truth.tables(),
            );
        }
        json.push('}');
        json
    }
}
