//! `gongkai convert`: many reports, written to one destination.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::terminal::Terminal;
use super::{EXIT_SOME, Global, Inside, Reading, report};
use crate::pipeline::{self, Tally};
use crate::render::Lang;
use crate::sink::{self, Destination};
use crate::source::{self, Skip};

#[derive(Args)]
pub(super) struct Arguments {
    /// Files, folders (walked, in the order of their paths), patterns such as `data/*.txt`, or `-`
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// `x.jsonl` for one line a report, `folder/` for one file a report [default: lines on standard output]
    #[arg(short, long, value_name = "DEST")]
    output: Option<PathBuf>,
    /// The kind of DEST, whatever its name says
    #[arg(long, value_name = "KIND")]
    to: Option<Kind>,
    #[command(flatten)]
    inside: Inside,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Jsonl,
    Dir,
}

impl From<Kind> for sink::Kind {
    fn from(kind: Kind) -> sink::Kind {
        match kind {
            Kind::Jsonl => sink::Kind::JsonLines,
            Kind::Dir => sink::Kind::Folder,
        }
    }
}

pub(super) fn run(arguments: &Arguments, global: &Global, terminal: &Terminal) -> Result<u8, Failure> {
    if arguments.inputs.iter().filter(|input| input.as_os_str() == "-").count() > 1 {
        return Err(Failure::StdinTwice);
    }
    let grammars = global.grammars()?;
    let destination = Destination::of(arguments.output.as_deref(), arguments.to.map(sink::Kind::from))?;
    let mut sink = sink::open(&destination)?;
    let mut skip = Skip::default();
    skip.add(destination.path.as_deref().unwrap_or(Path::new("/dev/stdout")));

    let (limits, options) = (arguments.reading.limits(), arguments.reading.options(destination.kind.pretty(), global));
    let tally = pipeline::run(
        global.jobs(),
        source::texts(&arguments.inputs, &skip, &arguments.inside.options()),
        |text| Ok(report(text, &grammars, &limits, &options)),
        |taken| {
            match taken {
                Ok((input, reading)) => sink.write(&input.relative, &reading.made)?,
                Err(rejection) => terminal.tell(&Failure::from(rejection)),
            }
            Ok::<(), Failure>(())
        },
    );
    let tally = tally.map_err(|error| Failure::Threads(error.to_string()))??;
    match tally {
        Tally { .. } if tally.inputs() == 0 => return Err(Failure::NoInput),
        Tally { .. } if tally.read() == 0 => return Err(Failure::NothingRead),
        _ => sink.finish()?,
    }
    terminal.note(&summary(&tally, terminal.lang));
    Ok(if tally.rejected > 0 { EXIT_SOME } else { 0 })
}

fn summary(tally: &Tally, lang: Lang) -> String {
    let Tally { complete, partial, unrecognized, rejected, errors, warnings, notes } = tally;
    let inputs = tally.inputs();
    match lang {
        Lang::En => {
            let many = |count: u64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
            format!(
                "{} = {complete} complete + {partial} partial + {unrecognized} unrecognized + {rejected} rejected; \
                 findings: {}, {}, {}",
                many(inputs, "input"),
                many(*errors, "error"),
                many(*warnings, "warning"),
                many(*notes, "note"),
            )
        }
        Lang::Zh => format!(
            "{inputs} 个输入 = {complete} 完整 + {partial} 部分 + {unrecognized} 未识别 + {rejected} 拒绝；\
             发现：{errors} 个错误，{warnings} 个警告，{notes} 个提示"
        ),
    }
}
