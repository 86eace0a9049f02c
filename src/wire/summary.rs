//! How a run went, as JSON: the schema `gongkai.summary.v1`. Counts only and no clock, so that equal runs give equal bytes.

use serde::Serialize;

/// What became of the inputs of a run. Every input is in exactly one of the five counts behind `inputs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Summary<'s> {
    /// Where reports went: `-` for standard output.
    pub destination: &'s str,
    /// How the run ended.
    pub ended: Ended,
    /// All inputs.
    pub inputs: u64,
    /// Reports with everything of their form.
    pub complete: u64,
    /// Reports with some of it.
    pub partial: u64,
    /// Texts that fit no grammar.
    pub unrecognized: u64,
    /// Inputs that gave no report.
    pub rejected: u64,
    /// Inputs that stand in the destination already, as they are.
    pub unchanged: u64,
    /// Findings, by how much they matter.
    pub findings: Findings,
    /// Bytes of text that were read.
    pub bytes_read: u64,
    /// Bytes of reports that were made anew, as they are before they are packed.
    pub bytes_written: u64,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// All inputs were read, and the destination has their reports.
    Complete,
    /// It was interrupted.
    Interrupted,
    /// None of the inputs gave a report, and the destination was left as it was.
    NothingRead,
    /// Too many inputs were rejected, and the destination was left as it was.
    TooManyRejects,
}

/// Findings, by how much they matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// Something is wrong.
    pub errors: u64,
    /// Something is absent or doubtful.
    pub warnings: u64,
    /// Worth knowing.
    pub notes: u64,
}

/// Writes it to the end of `out`, over several lines, with a line end.
pub fn summary(summary: &Summary<'_>, out: &mut Vec<u8>) {
    #[derive(Serialize)]
    struct File<'s> {
        schema: &'static str,
        version: &'static str,
        #[serde(flatten)]
        summary: &'s Summary<'s>,
    }
    let file = File { schema: "gongkai.summary.v1", version: env!("CARGO_PKG_VERSION"), summary };
    // Writing to memory can't fail, and all keys are strings.
    let written = serde_json::to_writer_pretty(&mut *out, &file);
    debug_assert!(written.is_ok());
    out.push(b'\n');
}
