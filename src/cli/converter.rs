//! What a worker does for `convert`: it asks the destination whether it has the report on a text, and reads and encodes what it
//! has not.

use encoding_rs::UTF_8;
use sha2::{Digest, Sha256};

use super::failure::Failure;
use crate::grammar::Grammars;
use crate::pipeline::{Rejection, Worker};
use crate::render::Lang;
use crate::report::{Code, Status};
use crate::sink::{self, Rows, Sink, hexadecimal};
use crate::source::Text;
use crate::wire::{Codebook, Reject, relations};
use crate::{Limits, Memory, parse_with, wire};

/// How reports are written.
pub(super) enum Encoding {
    Json(wire::Options),
    Cells(wire::Csv),
    Rows(wire::Options, Codebook),
}

/// What every worker needs.
pub(super) struct Converter<'g> {
    pub(super) grammars: &'g Grammars,
    pub(super) limits: Limits,
    pub(super) encoding: Encoding,
    pub(super) sink: &'g dyn Sink,
    /// The language of reasons, where rejects are listed.
    pub(super) rejects: Option<Lang>,
}

/// What becomes of a batch of inputs.
#[derive(Default)]
pub(super) struct Converted {
    pub(super) reports: sink::Batch,
    /// What gave no report.
    pub(super) rejected: Vec<Rejected>,
    /// Texts that are no report: which entry it is, and its line among the rejects, where they are listed.
    pub(super) unrecognized: Vec<(usize, Vec<u8>)>,
    /// How many bytes were made anew.
    pub(super) made: u64,
}

/// An input that gave no report.
pub(super) struct Rejected {
    /// How many entries stand before it.
    pub(super) before: usize,
    /// Its path.
    pub(super) path: String,
    /// Why.
    pub(super) failure: Failure,
    /// Its line among the rejects, where they are listed.
    pub(super) line: Vec<u8>,
}

impl Encoding {
    pub(super) fn of(kind: sink::Kind, options: wire::Options, csv: wire::Csv, codebook: &Codebook) -> Encoding {
        match kind {
            sink::Kind::File(Rows::Csv, _) => Encoding::Cells(csv),
            kind if kind.is_database() => Encoding::Rows(options, codebook.clone()),
            _ => Encoding::Json(options),
        }
    }

    /// What stands before the first report.
    pub(super) fn prologue(&self) -> Vec<u8> {
        match self {
            Encoding::Json(_) | Encoding::Rows(..) => Vec::new(),
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
        self.made = 0;
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
        if known {
            if entry.status == Status::Unrecognized {
                let line = self.rejects.map(|lang| {
                    // Why it is no report is not kept, and soon found.
                    let report = parse_with(memory, &text.bytes, self.grammars, &limits(text, &self.limits));
                    line(text, Reject::code_of(&report.findings), &sha256, lang)
                });
                made.unrecognized.push((reports.entries.len(), line.unwrap_or_default()));
            }
            reports.keep(entry);
            return;
        }
        let report = parse_with(memory, &text.bytes, self.grammars, &limits(text, &self.limits));
        let source = source(text, &sha256);
        let out = &mut reports.bytes;
        let begun = out.len();
        let mut rows = None;
        match &self.encoding {
            Encoding::Json(options) => {
                wire::write(&report, self.grammars, &source, options, out);
                out.push(b'\n');
            }
            Encoding::Cells(csv) => wire::cells(&report, self.grammars, &source, *csv, out),
            Encoding::Rows(options, codebook) => {
                rows = Some(relations::Rows::of(&report, self.grammars, codebook, &source, options));
            }
        }
        made.made += (out.len() - begun + rows.as_ref().map_or(0, relations::Rows::held)) as u64;
        if report.status == Status::Unrecognized {
            let line = self.rejects.map(|lang| line(text, Reject::code_of(&report.findings), &sha256, lang));
            made.unrecognized.push((reports.entries.len(), line.unwrap_or_default()));
        }
        entry.status = report.status;
        entry.findings = report.severities().map(u64::from);
        match rows {
            Some(rows) => reports.add_rows(entry, rows),
            None => reports.add(entry),
        }
    }

    fn rejected(&self, rejection: Rejection, text: Option<&Text>, made: &mut Converted) {
        let (path, record) = rejection.name();
        let (path, record, code) = (path.to_owned(), record.map(str::to_owned), rejection.code());
        let failure = Failure::from(rejection);
        let mut line = Vec::new();
        if let Some(lang) = self.rejects {
            let sha256 = text.map(|text| hexadecimal(&Sha256::digest(&text.bytes)));
            let reject = Reject {
                path: &path,
                record: record.as_deref(),
                sha256: sha256.as_deref(),
                reason: &failure.words(lang),
                code: Some(code),
                size: text.map(|text| text.bytes.len() as u64),
                bytes: text.map(|text| &*text.bytes),
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

/// The line of a text that is no report.
fn line(text: &Text, code: Code, sha256: &[u8; 32], lang: Lang) -> Vec<u8> {
    let mut line = Vec::new();
    Reject::unrecognized(&source(text, sha256), code, &text.bytes, lang).write(&mut line);
    line
}

/// What a report says of where it came from.
pub(super) fn source(text: &Text, sha256: &[u8; 32]) -> wire::Source {
    let (path, record) = (text.path.clone(), text.record.clone());
    wire::Source { path, record, sha256: hexadecimal(sha256), bytes: text.bytes.len() as u64 }
}

/// How a text is read: what is UTF-8 by its format is, whatever encoding was asked for.
pub(super) fn limits(text: &Text, asked: &Limits) -> Limits {
    Limits { encoding: if text.is_utf8 { Some(UTF_8) } else { asked.encoding }, ..*asked }
}
