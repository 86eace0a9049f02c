//! `gongkai convert`: many reports, written to one destination.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::Ordering;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, ValueEnum};
use sha2::{Digest, Sha256};

use super::converter::{Converted, Converter, Encoding, Rejected};
use super::failure::Failure;
use super::interrupt::stopped_by_interrupt;
use super::outputs::apart;
use super::progress::{Added, Progress};
use super::rejects::{self, Rejects};
use super::summary;
use super::terminal::Terminal;
use super::{EXIT_INTERRUPTED, EXIT_SOME, Global, Inside, Punctuation, Reading, stdin_once};
use crate::pipeline::{self, Flow, Tally};
use crate::render::Lang;
use crate::report::Status;
use crate::sink::{self, Destination, Loading, Making, Other, Packing, Rows, Sink, Waiting, hexadecimal};
use crate::source::{self, Skip};
use crate::wire::{self, Codebook, Ended, Findings};

#[derive(Args)]
pub(super) struct Arguments {
    /// Files, folders (walked, in the order of their paths), patterns such as `data/*.txt`, or `-`
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// `x.jsonl` for one line a report, `x.csv` for one line a cell, both also `.gz` or `.zst`, `folder/` for one file a
    /// report, `x.db` for an SQLite database, `postgres://…`, `x.parquet/` [default: lines on standard output]
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
    /// Convert everything anew, also what DEST has already
    #[arg(long)]
    force: bool,
    /// Remove from a database the reports whose texts are not among the inputs, if all of these can be read
    #[arg(long)]
    prune: bool,
    /// The schema of a PostgreSQL database; it is created where it is missing [default: the role's own]
    #[arg(long, value_name = "NAME")]
    schema: Option<String>,
    #[command(flatten)]
    inside: Inside,
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
    Sqlite,
    Postgres,
    Parquet,
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
            Kind::Sqlite => sink::Kind::Sqlite,
            Kind::Postgres => sink::Kind::Postgres,
            Kind::Parquet => sink::Kind::Parquet,
        }
    }
}

pub(super) fn run(arguments: &Arguments, global: &Global, terminal: &Terminal) -> Result<u8, Failure> {
    stdin_once(&arguments.inputs)?;
    let stop = stopped_by_interrupt(terminal);
    let (grammars, texts) = global.grammars_and_texts()?;
    let destination = Destination::of(arguments.output.as_deref(), arguments.to.map(sink::Kind::from))?;
    let to_stdout = destination.path.is_none();
    if arguments.bom && !matches!(destination.kind, sink::Kind::File(Rows::Csv, _)) {
        return Err(Failure::BomWithoutCsv);
    }
    if arguments.prune && !destination.kind.is_database() {
        return Err(Failure::OnlyFor("--prune", "SQLite, PostgreSQL, Parquet"));
    }
    if arguments.schema.is_some() && destination.kind != sink::Kind::Postgres {
        return Err(Failure::OnlyFor("--schema", "PostgreSQL"));
    }
    let clock = clock()?;
    let outputs = [&destination.path, &arguments.rejects.file, &arguments.summary];
    let outputs: Vec<&Path> = outputs.into_iter().filter_map(Option::as_deref).filter(|path| *path != "-").collect();
    apart(&outputs, to_stdout, &arguments.inputs, global)?;

    let (limits, reading) = (arguments.reading.limits(), arguments.inside.options(arguments.reading.encoding));
    let options = arguments.reading.options(destination.kind == sink::Kind::Folder, global);
    let csv = if arguments.bom { wire::Csv::Excel } else { wire::Csv::Exact };
    let codebook = Codebook::of(&grammars);
    let encoding = Encoding::of(destination.kind, options, csv, &codebook);
    let prologue = encoding.prologue();
    // Everything that the bytes of the result depend on, and nothing else.
    let (kind, prologue_text) = (destination.kind, String::from_utf8_lossy(&prologue));
    let made_with = format!("{kind:?}\n{options:?}\n{limits:?}\n{reading:?}\n{prologue_text}");
    let loading = Loading {
        codebook,
        clock,
        options: arguments.told(global),
        schema: arguments.schema.clone(),
        variable: |name| std::env::var(name).ok().filter(|value| !value.is_empty()),
    };
    let fingerprint = fingerprint(texts.iter().map(String::as_str).chain([made_with.as_str()]));
    let rejects = Rejects::open(&arguments.rejects)?;
    let summary = arguments.summary.as_deref().map(|path| summary::To::open(path, to_stdout)).transpose()?;
    let shown = destination.shown();
    let tell = |other| {
        let path = shown.display();
        terminal.note(&match (other, terminal.lang) {
            (Other::Run, Lang::En) => format!("another run is loading {path}; waiting for it to end"),
            (Other::Run, Lang::Zh) => format!("另一次运行正在写入 {path}，等待其结束"),
            (Other::Program, Lang::En) => format!("another program is writing {path}; waiting for it to end"),
            (Other::Program, Lang::Zh) => format!("另一程序正在写入 {path}，等待其结束"),
        });
    };
    let making = Making { fingerprint, prologue, anew: arguments.force, loading };
    let gave_up = |error: &sink::Error| error.is_waiting() && stop.load(Ordering::SeqCst);
    let sink = match sink::open(&destination, making, Waiting { tell: &tell, stop }) {
        Err(error) if gave_up(&error) => {
            terminal.tell(&Failure::Sink(error));
            return Ok(EXIT_INTERRUPTED);
        }
        opened => opened?,
    };
    let mut skip = Skip::default();
    outputs.iter().for_each(|path| skip.add(path));
    if let (sink::Kind::Sqlite, Some(path)) = (destination.kind, &destination.path) {
        // What SQLite keeps beside a database is no input either.
        ["-wal", "-shm", "-journal"].iter().for_each(|ending| skip.add(&beside(path, ending)));
    }
    if to_stdout {
        skip.add(Path::new("/dev/stdout"));
    }

    let listed = rejects.listed().then(|| global.data_lang());
    let converter = Converter { grammars: &grammars, limits, encoding, sink: &*sink, rejects: listed };
    let flow = Flow { jobs: global.jobs(), memory: global.memory, stop, reading: &reading };
    let free = !(to_stdout && terminal.output_is_terminal);
    let progress = Progress::begin(terminal, free, reading.read.clone());
    let (inputs, skipped) = (arguments.inputs.clone(), skip.clone());
    progress.expect(move |given_up| source::measure(&inputs, &skipped, given_up));
    let mut taker = Taker { sink: &*sink, terminal, progress, rejects, tally: Tally::default(), read: 0, made: 0 };
    let ran = pipeline::run(
        &flow,
        |emit| source::feed(&arguments.inputs, &skip, &reading, emit),
        &converter,
        |converted: &mut Converted| taker.take(converted),
    );
    let Taker { progress, rejects, tally, read, made, .. } = taker;
    drop(progress);
    let ran = ran.map_err(|error| Failure::Threads(error.to_string()))?;
    let judged = match ran {
        Ok(pipeline::Ended::Whole) => rejects.judge(tally.inputs()).map(|()| pipeline::Ended::Whole),
        other => other,
    };
    let (ended, failure) = match judged {
        // Ctrl-C ended the waiting for another program; what was committed before stays.
        Err(Failure::Sink(error)) if gave_up(&error) => {
            terminal.tell(&Failure::Sink(error));
            (Ended::Interrupted, Some(Failure::Interrupted { done: tally.inputs(), goes_on: sink.goes_on() }))
        }
        Err(failure @ Failure::TooManyRejects(_)) => (Ended::TooManyRejects, Some(failure)),
        Err(failure) => return Err(failure),
        Ok(pipeline::Ended::Stopped) => {
            let (done, goes_on) = (tally.inputs(), sink.goes_on());
            // What can be used of a stream is written; a file stays as it was.
            if goes_on {
                sink.stop().or_else(|error| if gave_up(&error) { Ok(()) } else { Err(error) })?;
            } else {
                sink.finish(false)?;
            }
            (Ended::Interrupted, Some(Failure::Interrupted { done, goes_on }))
        }
        Ok(pipeline::Ended::Whole) if tally.inputs() == 0 => return Err(Failure::NoInput),
        Ok(pipeline::Ended::Whole) if tally.read() + tally.unchanged == 0 => {
            (Ended::NothingRead, Some(Failure::NothingRead))
        }
        Ok(pipeline::Ended::Whole) => {
            // What can't be read now may still be there, and so may all that is in it.
            let prune = arguments.prune && tally.rejected == 0;
            if arguments.prune && !prune {
                terminal.note(match terminal.lang {
                    Lang::En => "some inputs could not be read, so --prune removed nothing",
                    Lang::Zh => "有输入无法读取，因此 --prune 未删除任何报告",
                });
            }
            let changed = sink.finish(prune)?;
            if !changed && !to_stdout {
                terminal.note(&match terminal.lang {
                    Lang::En => format!("{} is up to date; nothing was written", shown.display()),
                    Lang::Zh => format!("{} 已是最新，未写入任何内容", shown.display()),
                });
            }
            (Ended::Complete, None)
        }
    };
    // Of a run that was interrupted the list is not whole.
    if ended != Ended::Interrupted {
        rejects.keep()?;
    }
    // Of a run with too many rejects only what the destination has counts as written.
    let made = if ended == Ended::TooManyRejects { made.saturating_sub(sink.loose()) } else { made };
    let shown = shown.to_string_lossy();
    let counts = counts(&tally, &shown, ended, [read, made]);
    if let Some(to) = summary {
        to.write(&counts)?;
    }
    if let Some(failure) = failure {
        if ended != Ended::Interrupted {
            return Err(failure);
        }
        terminal.tell(&failure);
        return Ok(EXIT_INTERRUPTED);
    }
    terminal.note(&summary::line(&counts, terminal.lang));
    Ok(if tally.rejected > 0 { EXIT_SOME } else { 0 })
}

impl Arguments {
    /// The options that reports are read with, as they would be given.
    fn told(&self, global: &Global) -> String {
        let Reading { provenance: _, encoding, punctuation, no_check } = &self.reading;
        let mut told: Vec<String> = Vec::new();
        told.extend(global.grammars.iter().map(|path| format!("--grammar {}", path.display())));
        told.extend(encoding.map(|encoding| format!("--encoding {}", encoding.name())));
        if matches!(punctuation, Punctuation::Ascii) {
            told.push("--punctuation ascii".to_owned());
        }
        if *no_check {
            told.push("--no-check".to_owned());
        }
        if global.data_lang() == Lang::Zh {
            told.push("--lang zh".to_owned());
        }
        told.join(" ")
    }
}

/// What tells the time, in microseconds since 1970: what SOURCE_DATE_EPOCH says, so that a result can be made again byte for byte.
fn clock() -> Result<fn() -> i64, Failure> {
    static SET: OnceLock<i64> = OnceLock::new();

    let Some(set) = std::env::var_os("SOURCE_DATE_EPOCH").filter(|set| !set.is_empty()) else {
        return Ok(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
        });
    };
    let seconds: Option<i64> = set.to_str().and_then(|set| set.parse::<u32>().ok()).map(i64::from);
    let micros = seconds.ok_or_else(|| Failure::NoDate(set.to_string_lossy().into_owned()))? * 1_000_000;
    SET.get_or_init(|| micros);
    Ok(|| SET.get().copied().unwrap_or_default())
}

/// The path with more at its end.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// What takes what became of the inputs, in their order.
struct Taker<'r> {
    sink: &'r dyn Sink,
    terminal: &'r Terminal,
    progress: Progress,
    rejects: Rejects,
    tally: Tally,
    /// Bytes of the texts.
    read: u64,
    /// Bytes of the reports that were made anew.
    made: u64,
}

impl Taker<'_> {
    /// Takes a batch: has its reports written, counts, and tells what was rejected. A batch at which the run ends is not written:
    /// so nothing is that stands behind the input that was one too many.
    fn take(&mut self, converted: &mut Converted) -> Result<(), Failure> {
        if self.rejects.bear(converted.rejected.len() + converted.unrecognized.len()) {
            self.sink.write(&mut converted.reports)?;
            self.made += converted.made;
        }
        let mut added = Added::default();
        let mut rejected = converted.rejected.drain(..).peekable();
        let mut unrecognized = converted.unrecognized.drain(..).peekable();
        for (index, entry) in converted.reports.entries.iter().enumerate() {
            while let Some(rejected) = rejected.next_if(|rejected| rejected.before <= index) {
                self.reject(rejected, &mut added)?;
            }
            added.inputs += 1;
            added.bytes += entry.size;
            added.partial += u64::from(entry.status == Status::Partial);
            if entry.is_unchanged() {
                self.tally.keep(entry.findings);
            } else {
                self.tally.add(entry.status, entry.findings);
            }
            if let Some((_, line)) = unrecognized.next_if(|(at, _)| *at == index) {
                self.rejects.take(&entry.path, &line)?;
            }
        }
        for rejected in rejected {
            self.reject(rejected, &mut added)?;
        }
        self.read += added.bytes;
        self.progress.add(added);
        drop(unrecognized);
        converted.clear();
        Ok(())
    }

    fn reject(&mut self, rejected: Rejected, added: &mut Added) -> Result<(), Failure> {
        self.tally.reject();
        self.terminal.tell(&rejected.failure);
        added.inputs += 1;
        added.rejected += 1;
        self.rejects.take(&rejected.path, &rejected.line)
    }
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

fn fingerprint<'t>(parts: impl Iterator<Item = &'t str>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hexadecimal(&hasher.finalize())
}
