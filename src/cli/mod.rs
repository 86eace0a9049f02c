//! The commands: arguments in, an exit status out.
//!
//! One file a command. Data goes to standard output, everything else to standard error; both are written through
//! `terminal`. What goes wrong is a `Failure`, whose one line is made in `failure`. This room reads
//! and writes no report itself.

#![allow(clippy::disallowed_methods)]

mod baseline;
mod bench;
mod check;
mod convert;
mod converter;
mod explain;
mod failure;
mod grammar;
mod inputs;
mod interrupt;
mod outputs;
mod page;
mod parse;
mod printer;
mod progress;
mod rejects;
mod rules;
mod schema;
mod select;
mod size;
mod stages;
mod statistics;
mod summary;
mod table;
mod terminal;
mod unreadable;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use encoding_rs::Encoding;

use crate::grammar::Grammars;
use crate::pipeline::{guarded, remember_panics};
use crate::render::Lang;
use crate::{Limits, text, wire};
use failure::Failure;
use inputs::Inside;
use terminal::Terminal;

/// Nothing could be read or written, or the command line is wrong.
const EXIT_FAILED: u8 = 2;
/// Some input was rejected, or a check found mistakes.
const EXIT_SOME: u8 = 1;
/// Ctrl-C.
const EXIT_INTERRUPTED: u8 = 130;

/// Reads Chinese annual reports on open government (政府信息公开工作年度报告) as plain text into exact JSON.
#[derive(Parser)]
#[command(name = "gongkai", version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

#[derive(Subcommand)]
enum Command {
    /// Read one report and print it as JSON.
    Parse(parse::Arguments),
    /// Read many reports and write them to one destination.
    Convert(convert::Arguments),
    /// Check the figures of reports, and show what is wrong and where.
    Check(check::Arguments),
    /// Say what a finding means, what its rule is, and how to mend it.
    Explain(explain::Arguments),
    /// Measure how fast reports of yours are read.
    Bench(bench::Arguments),
    /// List, print or check grammars, the descriptions of the forms.
    #[command(subcommand)]
    Grammar(grammar::Action),
    /// Print what reports look like as data.
    #[command(subcommand)]
    Schema(schema::Action),
}

/// Options of every command.
#[derive(Args)]
struct Global {
    /// A grammar file of your own, beside the built-in ones (repeatable)
    #[arg(long = "grammar", value_name = "FILE", global = true)]
    grammars: Vec<PathBuf>,
    /// How many inputs to read at the same time [default: all cores]
    #[arg(long, value_name = "N", global = true, value_parser = clap::value_parser!(u16).range(0..=1024))]
    jobs: Option<u16>,
    /// How much memory inputs under way may take, such as 256MB or 1G
    #[arg(long, value_name = "SIZE", global = true, default_value = "256MB", value_parser = size::size)]
    memory: u64,
    /// Tell errors only
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Show no progress
    #[arg(long, global = true)]
    no_progress: bool,
    /// When to colour messages
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    color: Color,
    /// The language of messages [default: by LC_ALL, LC_MESSAGES, LANG; in data always English]
    #[arg(long, value_name = "LANG", global = true)]
    lang: Option<Language>,
}

/// Options of the commands that read reports.
#[derive(Args)]
#[command(next_help_heading = "Options for reading reports")]
struct Reading {
    /// Add where each figure stands, and what every stretch of the page is
    #[arg(long)]
    provenance: bool,
    /// The encoding of the input, such as gb18030 or big5 [default: found out]
    #[arg(long, value_name = "NAME", value_parser = text::encoding)]
    encoding: Option<&'static Encoding>,
    /// Keep Chinese punctuation in text, or fold it to ASCII
    #[arg(long, value_name = "KIND", default_value = "chinese")]
    punctuation: Punctuation,
    /// Do not check the figures by the rules of the form
    #[arg(long)]
    no_check: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    Zh,
    En,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Punctuation {
    Chinese,
    Ascii,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    remember_panics();
    let Cli { command, global } = Cli::parse();
    let terminal = Terminal::new(&global);
    let done = guarded(|| match command {
        Command::Parse(arguments) => parse::run(&arguments, &global, &terminal),
        Command::Convert(arguments) => convert::run(&arguments, &global, &terminal),
        Command::Check(arguments) => check::run(&arguments, &global, &terminal),
        Command::Explain(arguments) => explain::run(&arguments, &global, &terminal),
        Command::Bench(arguments) => bench::run(&arguments, &global, &terminal),
        Command::Grammar(action) => grammar::run(&action, &global, &terminal),
        Command::Schema(action) => schema::run(&action, &global),
    });
    match done.unwrap_or_else(|panicked| Err(Failure::Panicked(None, panicked))) {
        Ok(code) => ExitCode::from(code),
        // Whoever read our output has seen enough.
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            terminal.tell(&failure);
            ExitCode::from(EXIT_FAILED)
        }
    }
}

impl Global {
    /// The built-in grammars and the user's own.
    fn grammars(&self) -> Result<Grammars, Failure> {
        self.grammars_and_texts().map(|(grammars, _)| grammars)
    }

    /// The same, with the texts of all of their files.
    fn grammars_and_texts(&self) -> Result<(Grammars, Vec<String>), Failure> {
        let mut grammars = Grammars::built_in();
        let mut texts: Vec<String> = Grammars::BUILT_IN.iter().map(|(_, text)| (*text).to_owned()).collect();
        for path in &self.grammars {
            let (name, text) = grammar::file(path)?;
            grammars.add(&name, &text).map_err(Failure::Grammar)?;
            texts.push(text);
        }
        Ok((grammars, texts))
    }

    fn jobs(&self) -> usize {
        match self.jobs {
            Some(jobs) if jobs > 0 => usize::from(jobs),
            _ => std::thread::available_parallelism().map_or(1, usize::from),
        }
    }

    /// The language of messages inside data: only what was asked for, so that data is the same on any machine.
    fn data_lang(&self) -> Lang {
        self.lang.map_or(Lang::En, Lang::from)
    }

    /// The language of messages on standard error.
    fn lang(&self) -> Lang {
        self.lang.map_or_else(lang_of_environment, Lang::from)
    }
}

impl Reading {
    fn limits(&self) -> Limits {
        Limits { encoding: self.encoding, check: !self.no_check, ..Limits::default() }
    }

    fn options(&self, pretty: bool, global: &Global) -> wire::Options {
        let punctuation = match self.punctuation {
            Punctuation::Chinese => text::Punctuation::Chinese,
            Punctuation::Ascii => text::Punctuation::Ascii,
        };
        wire::Options { pretty, provenance: self.provenance, punctuation, lang: global.data_lang() }
    }
}

impl From<Language> for Lang {
    fn from(language: Language) -> Lang {
        match language {
            Language::Zh => Lang::Zh,
            Language::En => Lang::En,
        }
    }
}

fn lang_of_environment() -> Lang {
    let set =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(std::env::var_os).find(|value| !value.is_empty());
    match set {
        Some(value) if value.as_encoded_bytes().starts_with(b"zh") => Lang::Zh,
        _ => Lang::En,
    }
}

/// Fails where standard input is among the inputs more than once.
fn stdin_once(inputs: &[PathBuf]) -> Result<(), Failure> {
    let times = inputs.iter().filter(|input| input.as_os_str() == "-").count();
    if times > 1 { Err(Failure::StdinTwice) } else { Ok(()) }
}
