//! What a worker does for `convert`: it asks the destination whether it has the report on a text, and reads and encodes what it
//! has not.

use sha2::{Digest, Sha256};

use super::severities;
use crate::grammar::Grammars;
use crate::pipeline::{Rejection, Worker};
use crate::sink::{self, Rows, Sink};
use crate::source::Text;
use crate::{Limits, parse, wire};

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
}

/// What becomes of a batch of inputs.
#[derive(Default)]
pub(super) struct Converted {
    pub(super) reports: sink::Batch,
    /// What gave no report, and how many reports stand before it.
    pub(super) rejected: Vec<(usize, Rejection)>,
}

impl Encoding {
    pub(super) fn of(kind: sink::Kind, options: wire::Options) -> Encoding {
        match kind {
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
    }
}

impl Worker for Converter<'_> {
    type Scratch = ();
    type Made = Converted;

    fn scratch(&self) {}

    fn text(&self, (): &mut (), text: &Text, made: &mut Converted) {
        let reports = &mut made.reports;
        reports.mend();
        let sha256: [u8; 32] = Sha256::digest(&text.bytes).into();
        let (record, size) = (text.record.as_deref(), text.bytes.len() as u64);
        let mut entry = sink::Entry::new(&text.path, record, text.relative.clone(), sha256, size);
        if self.sink.recall(&mut entry, &mut reports.bytes) {
            reports.keep(entry);
            return;
        }
        let report = parse(&text.bytes, self.grammars, &self.limits);
        let source = wire::Source {
            path: text.path.clone(),
            record: text.record.clone(),
            sha256: hexadecimal(&sha256),
            bytes: size,
        };
        let out = &mut reports.bytes;
        match &self.encoding {
            Encoding::Json(options) => {
                wire::write(&report, self.grammars, &source, options, out);
                out.push(b'\n');
            }
            Encoding::Cells(csv) => wire::cells(&report, self.grammars, &source, *csv, out),
        }
        entry.status = report.status;
        entry.findings = severities(&report);
        reports.add(entry);
    }

    fn rejected(&self, rejection: Rejection, _: Option<&Text>, made: &mut Converted) {
        made.rejected.push((made.reports.entries.len(), rejection));
    }

    fn seal(&self, (): &mut (), made: &mut Converted) -> u64 {
        made.reports.mend();
        self.sink.seal(&mut made.reports);
        made.reports.held()
    }
}

/// A hash as it is written.
pub(super) fn hexadecimal(hash: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    hash.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
