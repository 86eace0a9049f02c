//! How a run went, in numbers.

use crate::report::Status;

/// What became of the inputs of a run. Every input is in exactly one of the first five counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Reports with everything of their form.
    pub complete: u64,
    /// Reports with some of it.
    pub partial: u64,
    /// Texts that fit no grammar.
    pub unrecognized: u64,
    /// Inputs that gave no report.
    pub rejected: u64,
    /// Inputs whose report the destination had already.
    pub unchanged: u64,
    /// Findings that are errors.
    pub errors: u64,
    /// Findings that are warnings.
    pub warnings: u64,
    /// Findings that are notes.
    pub notes: u64,
}

impl Tally {
    /// The number of inputs.
    pub fn inputs(&self) -> u64 {
        self.read() + self.rejected + self.unchanged
    }

    /// The number of inputs that gave a report.
    pub fn read(&self) -> u64 {
        self.complete + self.partial + self.unrecognized
    }

    /// Counts a report with its findings: errors, warnings, notes.
    pub fn add(&mut self, status: Status, findings: [u64; 3]) {
        match status {
            Status::Complete => self.complete += 1,
            Status::Partial => self.partial += 1,
            Status::Unrecognized => self.unrecognized += 1,
        }
        self.found(findings);
    }

    /// Counts a report that the destination had already, with its findings.
    pub fn keep(&mut self, findings: [u64; 3]) {
        self.unchanged += 1;
        self.found(findings);
    }

    /// Counts an input that gave no report.
    pub fn reject(&mut self) {
        self.rejected += 1;
    }

    fn found(&mut self, [errors, warnings, notes]: [u64; 3]) {
        self.errors += errors;
        self.warnings += warnings;
        self.notes += notes;
    }
}
