//! `gongkai convert`: many reports, written to one destination.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use sha2::{Digest, Sha256};

use super::converter::{Converted, Converter, Encoding, hexadecimal};
use super::failure::Failure;
use super::interrupt::stopped_by_interrupt;
use super::terminal::Terminal;
use super::{EXIT_INTERRUPTED, EXIT_SOME, Global, Reading};
use crate::pipeline::{self, Ended, Flow, Tally};
use crate::render::Lang;
use crate::sink::{self, Destination, Making, Packing, Rows, Sink};
use crate::source::{self, Skip};

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
    let stop = stopped_by_interrupt(terminal.lang, terminal.quiet);
    let (grammars, texts) = global.grammars_and_texts()?;
    let destination = Destination::of(arguments.output.as_deref(), arguments.to.map(sink::Kind::from))?;

    let limits = arguments.reading.limits();
    let options = arguments.reading.options(destination.kind == sink::Kind::Folder, global);
    let encoding = Encoding::of(destination.kind, options);
    let prologue = encoding.prologue();
    // Everything that the bytes of the result depend on, and nothing else.
    let made_with = format!("{:?}\n{options:?}\n{limits:?}\n{}", destination.kind, String::from_utf8_lossy(&prologue));
    let fingerprint = fingerprint(texts.iter().map(String::as_str).chain([made_with.as_str()]));
    let sink = sink::open(&destination, &Making { fingerprint, prologue, anew: arguments.force })?;
    let mut skip = Skip::default();
    skip.add(destination.path.as_deref().unwrap_or(Path::new("/dev/stdout")));

    let converter = Converter { grammars: &grammars, limits, encoding, sink: &*sink };
    let reading = arguments.reading.source();
    let flow = Flow { jobs: global.jobs(), memory: global.memory, stop, reading: &reading };
    let mut tally = Tally::default();
    let ended = pipeline::run(
        &flow,
        |emit| source::feed(&arguments.inputs, &skip, &reading, emit),
        &converter,
        |converted: &mut Converted| take(converted, &*sink, &mut tally, terminal),
    );
    match ended.map_err(|error| Failure::Threads(error.to_string()))?? {
        Ended::Stopped => {
            let done = tally.inputs();
            terminal.tell(&Failure::Interrupted { done, goes_on: sink.goes_on() });
            // What can be used of a stream is written; a file stays as it was.
            if !sink.goes_on() {
                sink.finish()?;
            }
            return Ok(EXIT_INTERRUPTED);
        }
        Ended::Whole if tally.inputs() == 0 => return Err(Failure::NoInput),
        Ended::Whole if tally.read() + tally.unchanged == 0 => return Err(Failure::NothingRead),
        Ended::Whole => {
            let changed = sink.finish()?;
            if !changed && let Some(path) = &destination.path {
                terminal.note(&match terminal.lang {
                    Lang::En => format!("{} is up to date; nothing was written", path.display()),
                    Lang::Zh => format!("{} 已是最新，未写入任何内容", path.display()),
                });
            }
        }
    }
    terminal.note(&summary(&tally, terminal.lang));
    Ok(if tally.rejected > 0 { EXIT_SOME } else { 0 })
}

/// Takes what became of a batch: counts it, tells what was rejected, and has the reports written.
fn take(converted: &mut Converted, sink: &dyn Sink, tally: &mut Tally, terminal: &Terminal) -> Result<(), Failure> {
    sink.write(&mut converted.reports)?;
    let mut rejected = converted.rejected.drain(..).peekable();
    for (index, entry) in converted.reports.entries.iter().enumerate() {
        while let Some((_, rejection)) = rejected.next_if(|(before, _)| *before <= index) {
            tally.reject();
            terminal.tell(&Failure::from(rejection));
        }
        if entry.is_unchanged() {
            tally.keep(entry.findings);
        } else {
            tally.add(entry.status, entry.findings);
        }
    }
    for (_, rejection) in rejected {
        tally.reject();
        terminal.tell(&Failure::from(rejection));
    }
    converted.clear();
    Ok(())
}

fn fingerprint<'t>(parts: impl Iterator<Item = &'t str>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hexadecimal(&hasher.finalize())
}

fn summary(tally: &Tally, lang: Lang) -> String {
    let Tally { complete, partial, unrecognized, rejected, unchanged, errors, warnings, notes } = tally;
    let inputs = tally.inputs();
    match lang {
        Lang::En => {
            let many = |count: u64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
            format!(
                "{} = {complete} complete + {partial} partial + {unrecognized} unrecognized + {rejected} rejected + \
                 {unchanged} unchanged; findings: {}, {}, {}",
                many(inputs, "input"),
                many(*errors, "error"),
                many(*warnings, "warning"),
                many(*notes, "note"),
            )
        }
        Lang::Zh => format!(
            "{inputs} 个输入 = {complete} 完整 + {partial} 部分 + {unrecognized} 未识别 + {rejected} 拒绝 + {unchanged} 未变；\
             发现：{errors} 个错误，{warnings} 个警告，{notes} 个提示"
        ),
    }
}
