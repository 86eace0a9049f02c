//! `gongkai convert`: many reports, written to one destination.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use sha2::{Digest, Sha256};

use super::converter::{Converted, Converter, Encoding, Rejected, hexadecimal};
use super::failure::Failure;
use super::interrupt::stopped_by_interrupt;
use super::progress::{Added, Progress};
use super::rejects::{self, Rejects};
use super::summary;
use super::terminal::Terminal;
use super::{EXIT_INTERRUPTED, EXIT_SOME, Global, Reading};
use crate::pipeline::{self, Ended, Flow, Tally};
use crate::render::Lang;
use crate::report::Status;
use crate::sink::{self, Destination, Making, Packing, Rows, Sink};
use crate::source::{self, Skip};
use crate::wire::{self, Findings};

#[derive(Args)]
pub(super) struct Arguments {
    /// Files, folders (walked, in the order of their paths), patterns such as `data/*.txt`, or `-`
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// `x.jsonl` for one line a report, `x.csv` for one line a cell, both also `.gz` or `.zst`, `folder/` for one file a
    /// report [default: lines on standard output]
    #[arg(short, long, value_name = "DEST")]
    output: Option<PathBuf>,
    /// The kind of DEST, whatever its name says
    #[arg(long, value_name = "KIND")]
    to: Option<Kind>,
    /// Convert everything anew, also what DEST has already
    #[arg(long)]
    force: bool,
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
    #[value(name = "jsonl.gz")]
    JsonlGz,
    #[value(name = "jsonl.zst")]
    JsonlZst,
    Csv,
    #[value(name = "csv.gz")]
    CsvGz,
    #[value(name = "csv.zst")]
    CsvZst,
    Dir,
}

impl From<Kind> for sink::Kind {
    fn from(kind: Kind) -> sink::Kind {
        match kind {
            Kind::Jsonl => sink::Kind::File(Rows::JsonLines, Packing::Plain),
            Kind::JsonlGz => sink::Kind::File(Rows::JsonLines, Packing::Gzip),
            Kind::JsonlZst => sink::Kind::File(Rows::JsonLines, Packing::Zstd),
            Kind::Csv => sink::Kind::File(Rows::Csv, Packing::Plain),
            Kind::CsvGz => sink::Kind::File(Rows::Csv, Packing::Gzip),
            Kind::CsvZst => sink::Kind::File(Rows::Csv, Packing::Zstd),
            Kind::Dir => sink::Kind::Folder,
        }
    }
}

pub(super) fn run(arguments: &Arguments, global: &Global, terminal: &Terminal) -> Result<u8, Failure> {
    if arguments.inputs.iter().filter(|input| input.as_os_str() == "-").count() > 1 {
        return Err(Failure::StdinTwice);
    }
    let (grammars, texts) = global.grammars_and_texts()?;
    let destination = Destination::of(arguments.output.as_deref(), arguments.to.map(sink::Kind::from))?;
    let to_stdout = destination.path.is_none();
    if arguments.bom && !matches!(destination.kind, sink::Kind::File(Rows::Csv, _)) {
        return Err(Failure::BomWithoutCsv);
    }
    let skip = written(&[&destination.path, &arguments.rejects.file, &arguments.summary], to_stdout)?;
    let stop = stopped_by_interrupt(terminal.lang, terminal.quiet);

    let limits = arguments.reading.limits();
    let options = arguments.reading.options(destination.kind == sink::Kind::Folder, global);
    let encoding = Encoding::of(destination.kind, options, arguments.bom);
    let prologue = encoding.prologue();
    // Everything that the bytes of the result depend on, and nothing else.
    let made_with = format!("{:?}\n{options:?}\n{limits:?}\n{}", destination.kind, String::from_utf8_lossy(&prologue));
    let fingerprint = fingerprint(texts.iter().map(String::as_str).chain([made_with.as_str()]));
    let sink = sink::open(&destination, &Making { fingerprint, prologue, anew: arguments.force })?;
    let rejects = Rejects::open(&arguments.rejects)?;
    let summary = arguments.summary.as_deref().map(|path| summary::To::open(path, to_stdout)).transpose()?;

    let listed = rejects.listed().then(|| global.data_lang());
    let converter = Converter { grammars: &grammars, limits, encoding, sink: &*sink, listed };
    let reading = arguments.reading.source();
    let flow = Flow { jobs: global.jobs(), memory: global.memory, stop, reading: &reading };
    let progress = Progress::begin(terminal, !(to_stdout && terminal.output_is_terminal));
    let (inputs, skipped) = (arguments.inputs.clone(), skip.clone());
    progress.expect(move |given_up| source::measure(&inputs, &skipped, given_up));
    let (shown, read) = (progress.is_shown(), progress.read());
    let mut run = Run { sink: &*sink, rejects, tally: Tally::default(), bytes: 0, progress, terminal };
    let ended = pipeline::run(
        &flow,
        |emit| {
            source::feed(&arguments.inputs, &skip, &reading, &mut |found| {
                if let Ok(input) = &found
                    && shown
                {
                    read.add(input.size());
                }
                emit(found)
            });
        },
        &converter,
        |converted: &mut Converted| run.take(converted),
    );
    let Run { rejects, tally, bytes, progress, .. } = run;
    drop(progress);
    let ended = ended.map_err(|error| Failure::Threads(error.to_string()))?;
    let (ended, failure) = match ended {
        Err(failure @ Failure::TooManyRejects(_)) => (wire::Ended::TooManyRejects, Some(failure)),
        Err(failure) => return Err(failure),
        Ok(Ended::Stopped) => {
            // What can be used of a stream is written; a file stays as it was.
            if !sink.goes_on() {
                sink.finish()?;
            }
            let failure = Failure::Interrupted { done: tally.inputs(), goes_on: sink.goes_on() };
            (wire::Ended::Interrupted, Some(failure))
        }
        Ok(Ended::Whole) if tally.inputs() == 0 => return Err(Failure::NoInput),
        Ok(Ended::Whole) => match rejects.judge(tally.inputs()) {
            Err(failure) => (wire::Ended::TooManyRejects, Some(failure)),
            Ok(()) if tally.read() + tally.unchanged == 0 => (wire::Ended::NothingRead, Some(Failure::NothingRead)),
            Ok(()) => {
                let changed = sink.finish()?;
                if !changed && let Some(path) = &destination.path {
                    terminal.note(&match terminal.lang {
                        Lang::En => format!("{} is up to date; nothing was written", path.display()),
                        Lang::Zh => format!("{} 已是最新，未写入任何内容", path.display()),
                    });
                }
                (wire::Ended::Complete, None)
            }
        },
    };
    rejects.keep()?;
    let shown = destination.path.as_deref().map_or("-".into(), Path::to_string_lossy);
    let counts = counts(&tally, &shown, ended, bytes);
    if let Some(to) = summary {
        to.write(&counts)?;
    }
    match failure {
        Some(interrupted @ Failure::Interrupted { .. }) => {
            terminal.tell(&interrupted);
            Ok(EXIT_INTERRUPTED)
        }
        Some(failure) => Err(failure),
        None => {
            terminal.note(&summary::line(&counts, terminal.lang));
            Ok(if tally.rejected > 0 { EXIT_SOME } else { 0 })
        }
    }
}

/// What a walk leaves out: all that is written. Fails where two outputs are one file.
fn written(outputs: &[&Option<PathBuf>], to_stdout: bool) -> Result<Skip, Failure> {
    let outputs: Vec<&Path> = outputs.iter().filter_map(|path| path.as_deref()).collect();
    let mut skip = Skip::default();
    for (index, path) in outputs.iter().enumerate() {
        if outputs[..index].contains(path) {
            return Err(Failure::WrittenTwice(path.display().to_string()));
        }
        skip.add(path);
    }
    if to_stdout {
        skip.add(Path::new("/dev/stdout"));
    }
    Ok(skip)
}

/// What a run has come to.
struct Run<'r> {
    sink: &'r dyn Sink,
    rejects: Rejects,
    tally: Tally,
    /// The bytes of the texts so far.
    bytes: u64,
    progress: Progress,
    terminal: &'r Terminal,
}

impl Run<'_> {
    /// Takes what became of a batch: has the reports written, counts them, and tells and lists what gave no report, all in the
    /// order of the inputs.
    fn take(&mut self, converted: &mut Converted) -> Result<(), Failure> {
        self.sink.write(&mut converted.reports)?;
        let before = self.tally;
        let mut rejected = converted.rejected.drain(..).peekable();
        let mut unrecognized = converted.unrecognized.drain(..);
        let mut read = 0;
        let mut taken = Ok(());
        for (index, entry) in converted.reports.entries.iter().enumerate() {
            while let Some(rejected) = rejected.next_if(|rejected| rejected.before <= index) {
                taken = taken.and_then(|()| reject(rejected, &mut self.tally, &mut self.rejects, self.terminal));
            }
            read += entry.size;
            if entry.is_unchanged() {
                self.tally.keep(entry.findings);
            } else {
                self.tally.add(entry.status, entry.findings);
            }
            if entry.status == Status::Unrecognized {
                let line = unrecognized.next().unwrap_or_default();
                taken = taken.and_then(|()| self.rejects.take(&entry.path, &line));
            }
        }
        for rejected in rejected {
            taken = taken.and_then(|()| reject(rejected, &mut self.tally, &mut self.rejects, self.terminal));
        }
        drop(unrecognized);
        self.bytes += read;
        self.progress.add(Added {
            inputs: self.tally.inputs() - before.inputs(),
            bytes: read,
            partial: self.tally.partial - before.partial,
            rejected: self.tally.rejected - before.rejected,
        });
        converted.clear();
        taken
    }
}

fn reject(rejected: Rejected, tally: &mut Tally, rejects: &mut Rejects, terminal: &Terminal) -> Result<(), Failure> {
    tally.reject();
    terminal.tell(&rejected.failure);
    rejects.take(&rejected.path, &rejected.line)
}

fn fingerprint<'t>(parts: impl Iterator<Item = &'t str>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hexadecimal(&hasher.finalize())
}

fn counts<'s>(tally: &Tally, destination: &'s str, ended: wire::Ended, bytes: u64) -> wire::Summary<'s> {
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
        bytes,
    }
}
