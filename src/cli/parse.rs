//! `gongkai parse`: one report, printed as JSON.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::Args;
use sha2::{Digest, Sha256};

use super::converter::hexadecimal;
use super::failure::Failure;
use super::terminal::{Terminal, print};
use super::{Global, Reading};
use crate::pipeline::guarded;
use crate::render::Lang;
use crate::source::Input;
use crate::wire;

#[derive(Args)]
pub(super) struct Arguments {
    /// The report as plain text; `-` is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// Print it on one line
    #[arg(long)]
    compact: bool,
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
    let (limits, options) = (arguments.reading.limits(), arguments.reading.options(!arguments.compact, global));
    let bytes = input.read(limits.bytes)?;
    let read = guarded(|| {
        let source = wire::Source {
            sha256: hexadecimal(&Sha256::digest(&bytes)),
            bytes: bytes.len() as u64,
            ..wire::Source::new(&*input.path)
        };
        let mut encoded = Vec::new();
        wire::write(&crate::parse(&bytes, &grammars, &limits), &grammars, &source, &options, &mut encoded);
        encoded.push(b'\n');
        encoded
    });
    print(&read.map_err(|panicked| Failure::Panicked(Some(input.path.clone()), panicked))?)?;
    Ok(0)
}
