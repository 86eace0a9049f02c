//! What a worker does for `convert`: it asks the destination whether it has the report on a text, and reads and encodes what it
//! has not.

use sha2::{Digest, Sha256};

use super::failure::Failure;
use super::severities;
use crate::grammar::Grammars;
use crate::pipeline::{Rejection, Worker};
use crate::render::Lang;
use crate::report::{Report, Status};
use crate::sink::{self, Rows, Sink};
use crate::source::Text;
use crate::wire::Reject;
use crate::{Limits, Memory, parse_with, wire};

/// How reports are written.
pub(super) enum Encoding {
    Json(wire::Options),
    Cells(wire::Csv),
}

/// What every worker needs.
pub(super) struct Converter<'g> {
    pub(super) grammars: &'g Grammars,
    pub(super) limits: Limits,
    pub(super) encoding: Encoding,
    pub(super) sink: &'g dyn Sink,
    /// The language of reasons, where what gives no report is listed.
    pub(super) listed: Option<Lang>,
}

/// What becomes of a batch of inputs.
#[derive(Default)]
pub(super) struct Converted {
    pub(super) reports: sink::Batch,
    /// What gave no report.
    pub(super) rejected: Vec<Rejected>,
    /// The lines of texts that are no report, for the list of rejects, where there is one.
    pub(super) unrecognized: Vec<Vec<u8>>,
}

/// An input that gave no report.
pub(super) struct Rejected {
    /// How many reports of the batch stand before it.
    pub(super) before: usize,
    pub(super) path: String,
    pub(super) failure: Failure,
    /// Its line for the list of rejects, where there is one.
    pub(super) line: Vec<u8>,
}

impl Encoding {
    pub(super) fn of(kind: sink::Kind, options: wire::Options, bom: bool) -> Encoding {
        match kind {
            sink::Kind::File(Rows::Csv, _) if bom => Encoding::Cells(wire::Csv::Excel),
            sink::Kind::File(Rows::Csv, _) => Encoding::Cells(wire::Csv::Exact),
            _ => Encoding::Json(options),
        }
    }

    /// What stands before the first report.
    pub(super) fn prologue(&self) -> Vec<u8> {
        match self {
            Encoding::Json(_) => Vec::new(),
            Encoding::Cells(csv) => wire::cells_head(*csv).into_bytes(),
        }
    }
}

impl Converted {
    /// What was taken is dropped; its memory is used again.
    pub(super) fn clear(&mut self) {
        self.reports.clear();
        self.rejected.clear();
        self.unrecognized.clear();
    }
}

impl Worker for Converter<'_> {
    type Scratch = Memory;
    type Made = Converted;

    fn scratch(&self) -> Memory {
        Memory::default()
    }

    fn text(&self, memory: &mut Memory, text: &Text, made: &mut Converted) {
        let reports = &mut made.reports;
        reports.mend();
        let sha256: [u8; 32] = Sha256::digest(&text.bytes).into();
        let (record, size) = (text.record.as_deref(), text.bytes.len() as u64);
        let mut entry = sink::Entry::new(&text.path, record, text.relative.clone(), sha256, size);
        let known = self.sink.recall(&mut entry, &mut reports.bytes);
        // A text that is no report is read again where its reason is listed; that takes next to nothing.
        if !known || (self.listed.is_some() && entry.status == Status::Unrecognized) {
            let report = parse_with(memory, &text.bytes, self.grammars, &self.limits);
            let source = source(text, &sha256);
            if let (Some(lang), Status::Unrecognized) = (self.listed, report.status) {
                let mut line = Vec::new();
                let code = Reject::code_of(&report.findings);
                Reject::unrecognized(&source, code, &text.bytes, lang).write(&mut line);
                made.unrecognized.push(line);
            }
            if !known {
                entry.status = report.status;
                entry.findings = severities(&report);
                self.encode(&report, &source, &mut reports.bytes);
            }
        }
        if known { reports.keep(entry) } else { reports.add(entry) }
    }

    fn rejected(&self, rejection: Rejection, text: Option<&Text>, made: &mut Converted) {
        let (path, record, code) =
            (rejection.path().to_owned(), rejection.record().map(str::to_owned), rejection.code());
        let failure = Failure::from(rejection);
        let mut line = Vec::new();
        if let Some(lang) = self.listed {
            let sha256 = text.map(|text| hexadecimal(&Sha256::digest(&text.bytes)));
            let reject = Reject {
                path: &path,
                record: record.as_deref(),
                sha256: sha256.as_deref(),
                reason: &failure.words(lang),
                code,
                size: text.map(|text| text.bytes.len() as u64),
                bytes: text.map(|text| text.bytes.as_slice()),
            };
            reject.write(&mut line);
        }
        made.rejected.push(Rejected { before: made.reports.entries.len(), path, failure, line });
    }

    fn seal(&self, _: &mut Memory, made: &mut Converted) -> u64 {
        made.reports.mend();
        self.sink.seal(&mut made.reports);
        made.reports.held()
    }
}

impl Converter<'_> {
    fn encode(&self, report: &Report<'_>, source: &wire::Source, out: &mut Vec<u8>) {
        match &self.encoding {
            Encoding::Json(options) => {
                wire::write(report, self.grammars, source, options, out);
                out.push(b'\n');
            }
            Encoding::Cells(csv) => wire::cells(report, self.grammars, source, *csv, out),
        }
    }
}

/// What a report says of where it came from.
pub(super) fn source(text: &Text, sha256: &[u8; 32]) -> wire::Source {
    let Text { path, record, bytes, .. } = text;
    let (path, record) = (path.clone(), record.clone());
    wire::Source { path, record, sha256: hexadecimal(sha256), bytes: bytes.len() as u64 }
}

/// A hash as it is written.
pub(super) fn hexadecimal(hash: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    hash.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
