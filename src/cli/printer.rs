//! What takes the findings of a run, in order: it hides those of the baseline, counts, and writes.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use super::baseline::{Baseline, Judged};
use super::failure::Failure;
use super::statistics::Statistics;
use crate::render::{Diagnostic, Lang};
use crate::report::{Code, Severity};
use crate::wire::Sarif;

/// A finding that is shown, and how.
pub(super) struct Shown {
    pub(super) diagnostic: Diagnostic,
    /// As it is written.
    pub(super) encoded: Vec<u8>,
    /// Its message in a baseline.
    pub(super) message: Option<String>,
}

/// What takes the findings, in order.
pub(super) struct Printer {
    out: BufWriter<Stdout>,
    at_once: bool,
    sarif: Option<Sarif>,
    statistics: Option<Statistics>,
    baseline: Baseline,
    counts: Counts,
    lang: Lang,
}

/// How many findings there were.
#[derive(Default)]
pub(super) struct Counts {
    /// Shown: errors, warnings, notes.
    pub(super) shown: [u64; 3],
    /// Not shown since the baseline has them.
    hidden: u64,
    /// Rules that could not be assessed.
    open: u64,
    /// The code of the first one shown.
    pub(super) first: Option<Code>,
    /// What a baseline would hold.
    pub(super) judged: Judged,
}

impl Printer {
    /// Begins the output: `sarif` where it is one document, `drawn` where findings are written and not only counted.
    pub(super) fn new(sarif: bool, drawn: bool, baseline: Baseline, lang: Lang) -> Result<Printer, Failure> {
        let mut printer = Printer {
            out: BufWriter::with_capacity(1 << 16, io::stdout()),
            at_once: io::stdout().is_terminal(),
            sarif: (sarif && drawn).then(Sarif::default),
            statistics: (!drawn).then(Statistics::default),
            baseline,
            counts: Counts::default(),
            lang,
        };
        if let Some(sarif) = &printer.sarif {
            let mut begin = Vec::new();
            sarif.begin(lang, &mut begin);
            printer.write(&begin)?;
        }
        Ok(printer)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.out.write_all(bytes).map_err(Failure::Stdout)
    }

    /// Takes what a worker made of the next input.
    pub(super) fn take(&mut self, findings: Vec<Shown>, open: u64, notes: &str) -> Result<(), Failure> {
        self.counts.open += open;
        for shown in findings {
            self.show(shown)?;
        }
        self.write(notes.as_bytes())?;
        if self.at_once { self.out.flush().map_err(Failure::Stdout) } else { Ok(()) }
    }

    /// Takes one finding.
    pub(super) fn show(&mut self, Shown { diagnostic, encoded, message }: Shown) -> Result<(), Failure> {
        if let Some(message) = message {
            self.counts.judged.add(&diagnostic, message);
        }
        if self.baseline.hides(&diagnostic) {
            self.counts.hidden += 1;
            return Ok(());
        }
        self.counts.shown[Severity::Error as usize - diagnostic.severity as usize] += 1;
        self.counts.first.get_or_insert(diagnostic.code);
        if let Some(statistics) = &mut self.statistics {
            statistics.add(&diagnostic);
            return Ok(());
        }
        match &mut self.sarif {
            Some(sarif) => {
                let mut result = Vec::with_capacity(encoded.len() + 2);
                sarif.add(&diagnostic, &encoded, &mut result);
                self.write(&result)
            }
            None => self.write(&encoded),
        }
    }

    /// Ends the output.
    pub(super) fn finish(mut self) -> Result<Counts, Failure> {
        if let Some(statistics) = self.statistics.take() {
            self.write(statistics.table(self.lang).as_bytes())?;
        }
        if let Some(sarif) = self.sarif.take() {
            let mut end = Vec::new();
            sarif.end(&mut end);
            self.write(&end)?;
        }
        self.out.flush().map_err(Failure::Stdout)?;
        Ok(self.counts)
    }
}

impl Counts {
    /// `3 inputs: 2 errors, 1 warning, 4 notes; 5 rules not assessable; 3 hidden by the baseline`
    pub(super) fn summary(&self, inputs: u64, rejected: u64, lang: Lang) -> String {
        let [errors, warnings, notes] = self.shown;
        let many = |count: u64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        let mut parts = vec![match (lang, errors + warnings + notes) {
            (Lang::En, 0) => format!("{}: no findings", many(inputs, "input")),
            (Lang::Zh, 0) => format!("{inputs} 个输入：没有发现问题"),
            (Lang::En, _) => format!(
                "{}: {}, {}, {}",
                many(inputs, "input"),
                many(errors, "error"),
                many(warnings, "warning"),
                many(notes, "note")
            ),
            (Lang::Zh, _) => format!("{inputs} 个输入：{errors} 个错误，{warnings} 个警告，{notes} 个提示"),
        }];
        let mut part = |count: u64, english: String, chinese: String| {
            if count > 0 {
                parts.push(if lang == Lang::Zh { chinese } else { english });
            }
        };
        let (open, hidden) = (self.open, self.hidden);
        part(open, format!("{} not assessable", many(open, "rule")), format!("{open} 处规则无法核对"));
        part(hidden, format!("{hidden} hidden by the baseline"), format!("{hidden} 个已列入基线，未显示"));
        part(rejected, format!("{rejected} rejected"), format!("{rejected} 个输入被拒绝"));
        parts.join(if lang == Lang::Zh { "；" } else { "; " })
    }
}
