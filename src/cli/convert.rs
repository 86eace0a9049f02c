//! `gongkai convert`: many reports, written to one destination.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::progress::{Added, Progress};
use super::rejects::{self, Rejects};
use super::summary;
use super::terminal::Terminal;
use super::{EXIT_SOME, Global, Reading, severities};
use crate::grammar::Grammars;
use crate::pipeline::{self, Tally};
use crate::render::Lang;
use crate::report::Status;
use crate::sink::{self, Destination};
use crate::source::{self, Input, Skip};
use crate::wire::{self, Ended, Findings, Reject};
use crate::{Limits, parse};

#[derive(Args)]
pub(super) struct Arguments {
    /// Files, folders (walked, in the order of their paths), patterns such as `data/*.txt`, or `-`
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// `x.jsonl` for one line a report, `folder/` for one file a report, `x.csv` for one line a cell [default: lines on standard
    /// output]
    #[arg(short, long, value_name = "DEST")]
    output: Option<PathBuf>,
    /// The kind of DEST, whatever its name says
    #[arg(long, value_name = "KIND")]
    to: Option<Kind>,
    /// CSV for Excel: with a byte order mark, and `'` before texts that Excel would run as formulas
    #[arg(long)]
    bom: bool,
    #[command(flatten)]
    rejects: rejects::Options,
    /// Write the counts of the last line to this file, as JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Jsonl,
    Dir,
    Csv,
}

impl From<Kind> for sink::Kind {
    fn from(kind: Kind) -> sink::Kind {
        match kind {
            Kind::Jsonl => sink::Kind::JsonLines,
            Kind::Dir => sink::Kind::Folder,
            Kind::Csv => sink::Kind::Csv,
        }
    }
}

pub(super) fn run(arguments: &Arguments, global: &Global, terminal: &Terminal) -> Result<u8, Failure> {
    if arguments.inputs.iter().filter(|input| input.as_os_str() == "-").count() > 1 {
        return Err(Failure::StdinTwice);
    }
    let grammars = global.grammars()?;
    let destination = Destination::of(arguments.output.as_deref(), arguments.to.map(sink::Kind::from))?;
    let to_stdout = destination.path.is_none();
    if arguments.bom && destination.kind != sink::Kind::Csv {
        return Err(Failure::BomWithoutCsv);
    }
    let written: Vec<&Path> = [&destination.path, &arguments.rejects.file, &arguments.summary]
        .into_iter()
        .filter_map(Option::as_deref)
        .collect();
    twice(&written)?;
    let mut sink = sink::open(&destination)?;
    let mut rejects = Rejects::open(&arguments.rejects)?;
    let summary = arguments.summary.as_deref().map(|path| summary::To::open(path, to_stdout)).transpose()?;
    let mut skip = Skip::default();
    written.iter().for_each(|path| skip.add(path));
    if to_stdout {
        skip.add(Path::new("/dev/stdout"));
    }

    let worker = Worker {
        grammars: &grammars,
        limits: arguments.reading.limits(),
        encoding: match destination.kind {
            sink::Kind::Csv => Encoding::Cells(if arguments.bom { wire::Csv::Excel } else { wire::Csv::Exact }),
            kind => Encoding::Json(arguments.reading.options(kind.pretty(), global)),
        },
        rejects: rejects.listed().then(|| global.data_lang()),
    };
    let head = match worker.encoding {
        Encoding::Cells(csv) => wire::cells_head(csv),
        Encoding::Json(_) => String::new(),
    };
    if !head.is_empty() {
        sink.write(Path::new(""), head.as_bytes())?;
    }
    let progress = Progress::begin(terminal, !(to_stdout && terminal.output_is_terminal));
    let (inputs, skipped) = (arguments.inputs.clone(), skip.clone());
    progress.expect(move |given_up| source::measure(&inputs, &skipped, given_up));

    let (mut bytes_read, mut bytes_written) = (0, head.len() as u64);
    let line_end = u64::from(destination.kind != sink::Kind::Csv);
    let ran = pipeline::run(
        global.jobs(),
        source::inputs(&arguments.inputs, &skip),
        |input| worker.read(input),
        |taken| {
            let mut added = Added { inputs: 1, ..Added::default() };
            let taken = match taken {
                Ok((input, reading)) => {
                    let Made { encoded, bytes, reject } = &reading.made;
                    added.bytes = *bytes;
                    added.partial = u64::from(reading.status == Status::Partial);
                    bytes_read += bytes;
                    bytes_written += encoded.len() as u64 + line_end;
                    sink.write(&input.relative, encoded)?;
                    if progress.is_shown() {
                        progress.read(input.size());
                    }
                    match reading.status {
                        Status::Unrecognized => rejects.take(&input.path, reject),
                        _ => Ok(()),
                    }
                }
                Err(rejection) => {
                    let path = rejection.path().to_owned();
                    let failure = Failure::from(rejection);
                    terminal.tell(&failure);
                    added.rejected = 1;
                    let reason = failure.words(global.data_lang());
                    let mut line = Vec::new();
                    Reject { path: &path, reason: &reason, ..Reject::default() }.write(&mut line);
                    rejects.take(&path, &line)
                }
            };
            progress.add(added);
            taken
        },
    );
    drop(progress);
    let ran = ran.map_err(|error| Failure::Threads(error.to_string()))?;
    if let Err(failure @ Failure::TooManyRejects(_)) = ran {
        rejects.keep()?;
        return Err(failure);
    }
    let tally = ran?;
    let judged = rejects.judge(tally.inputs());
    rejects.keep()?;
    let (ended, failure) = match judged {
        _ if tally.inputs() == 0 => return Err(Failure::NoInput),
        Err(failure) => (Ended::TooManyRejects, Some(failure)),
        Ok(()) if tally.read() == 0 => (Ended::NothingRead, Some(Failure::NothingRead)),
        Ok(()) => {
            sink.finish()?;
            (Ended::Complete, None)
        }
    };
    let shown = destination.path.as_deref().map_or("-".into(), Path::to_string_lossy);
    let counts = counts(&tally, &shown, ended, [bytes_read, bytes_written]);
    if let Some(to) = summary {
        to.write(&counts)?;
    }
    if let Some(failure) = failure {
        return Err(failure);
    }
    terminal.note(&summary::line(&counts, terminal.lang));
    Ok(if tally.rejected > 0 { EXIT_SOME } else { 0 })
}

/// Fails where two outputs are one file.
fn twice(written: &[&Path]) -> Result<(), Failure> {
    for (index, path) in written.iter().enumerate() {
        if written[..index].contains(path) {
            return Err(Failure::WrittenTwice(path.display().to_string()));
        }
    }
    Ok(())
}

fn counts<'s>(tally: &Tally, destination: &'s str, ended: Ended, bytes: [u64; 2]) -> wire::Summary<'s> {
    let [bytes_read, bytes_written] = bytes;
    wire::Summary {
        destination,
        ended,
        inputs: tally.inputs(),
        complete: tally.complete,
        partial: tally.partial,
        unrecognized: tally.unrecognized,
        rejected: tally.rejected,
        unchanged: tally.unchanged,
        findings: Findings { errors: tally.errors, warnings: tally.warnings, notes: tally.notes },
        bytes_read,
        bytes_written,
    }
}

/// How reports are written.
enum Encoding {
    Json(wire::Options),
    Cells(wire::Csv),
}

/// What every worker needs.
struct Worker<'g> {
    grammars: &'g Grammars,
    limits: Limits,
    encoding: Encoding,
    /// The language of reasons, where rejects are listed.
    rejects: Option<Lang>,
}

/// What a worker makes of one input.
struct Made {
    encoded: Vec<u8>,
    /// How many bytes the input has.
    bytes: u64,
    /// Its line among the rejects, where it is no report and they are listed.
    reject: Vec<u8>,
}

impl Worker<'_> {
    fn read(&self, input: &Input) -> Result<pipeline::Reading<Made>, source::Error> {
        let bytes = input.read(self.limits.bytes)?;
        let report = parse(&bytes, self.grammars, &self.limits);
        let source = input.source(&bytes);
        let mut encoded = Vec::with_capacity(bytes.len() * 3);
        match &self.encoding {
            Encoding::Json(options) => wire::write(&report, self.grammars, &source, options, &mut encoded),
            Encoding::Cells(csv) => wire::cells(&report, self.grammars, &source, *csv, &mut encoded),
        }
        let mut reject = Vec::new();
        if let (Status::Unrecognized, Some(lang)) = (report.status, self.rejects) {
            let code = Reject::code_of(&report.findings);
            Reject::unrecognized(&source, code, &bytes, lang).write(&mut reject);
        }
        let made = Made { encoded, bytes: source.bytes, reject };
        Ok(pipeline::Reading { made, status: report.status, findings: severities(&report) })
    }
}
