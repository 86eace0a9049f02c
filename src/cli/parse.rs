//! `gongkai parse`: one report, printed as JSON.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::Args;
use sha2::{Digest, Sha256};

use super::converter::{limits, source};
use super::failure::Failure;
use super::terminal::{Terminal, print};
use super::{EXIT_SOME, Global, Inside, Reading};
use crate::pipeline::guarded;
use crate::render::Lang;
use crate::source::Input;
use crate::wire;

#[derive(Args)]
pub(super) struct Arguments {
    /// The report as plain text, which may be packed (.gz, .zst, .bz2, .xz); `-` is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// Print it on one line
    #[arg(long)]
    compact: bool,
    #[command(flatten)]
    inside: Inside,
    #[command(flatten)]
    reading: Reading,
}

pub(super) fn run(arguments: &Arguments, global: &Global, terminal: &Terminal) -> Result<u8, Failure> {
    let grammars = global.grammars()?;
    let input = if arguments.file.as_os_str() == "-" {
        if io::stdin().is_terminal() {
            terminal.note(match terminal.lang {
                Lang::Zh => "gongkai：从终端读取，以 Ctrl-D 结束",
                Lang::En => "gongkai: reading from the terminal; end with Ctrl-D",
            });
        }
        Input::stdin()
    } else {
        Input::file(arguments.file.clone(), PathBuf::new())
    };
    let (asked, options) = (arguments.reading.limits(), arguments.reading.options(!arguments.compact, global));
    let (text, remark) = input.text(&arguments.inside.options(arguments.reading.encoding))?;
    let read = guarded(|| {
        let source = source(&text, &Sha256::digest(&text.bytes).into());
        let mut encoded = Vec::new();
        wire::write(
            &crate::parse(&text.bytes, &grammars, &limits(&text, &asked)),
            &grammars,
            &source,
            &options,
            &mut encoded,
        );
        encoded.push(b'\n');
        encoded
    });
    print(&read.map_err(|panicked| Failure::Panicked(Some(text.path.clone()), panicked))?)?;
    let Some(error) = remark else { return Ok(0) };
    terminal.tell(&Failure::Source(error));
    Ok(EXIT_SOME)
}
