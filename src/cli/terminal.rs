//! Standard output and standard error, written with their errors handled.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use indicatif::ProgressBar;

use super::failure::Failure;
use super::{Color, Global};
use crate::render::{Lang, Text};

/// How this run talks to its user.
pub(super) struct Terminal {
    pub(super) lang: Lang,
    pub(super) quiet: bool,
    color: bool,
    /// Whether what is meant for people may have colours on standard output.
    pub(super) colored_output: bool,
    /// Whether standard output is a terminal.
    pub(super) output_is_terminal: bool,
    /// Whether somebody sees how far a run is.
    pub(super) shows_progress: bool,
    /// The line that says so; hidden unless [`super::progress`] shows it.
    pub(super) bar: ProgressBar,
}

/// What is drawn for nobody in particular, such as a log, is so wide.
const WIDTH: usize = 120;

impl Terminal {
    pub(super) fn new(global: &Global) -> Terminal {
        let colored = |is_terminal: bool| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        Terminal {
            lang: global.lang(),
            quiet: global.quiet,
            color: colored(io::stderr().is_terminal()),
            colored_output: colored(io::stdout().is_terminal()),
            output_is_terminal: io::stdout().is_terminal(),
            shows_progress: !global.quiet
                && !global.no_progress
                && io::stderr().is_terminal()
                && std::env::var_os("TERM").is_some_and(|term| term != "dumb"),
            bar: ProgressBar::hidden(),
        }
    }

    /// How findings are drawn on standard output: as wide as the screen, or as COLUMNS says.
    pub(super) fn text(&self) -> Text {
        let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let screen = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
        Text { width: said.or_else(screen).unwrap_or(WIDTH), color: self.colored_output }
    }

    /// What went wrong, also for those who want quiet.
    pub(super) fn tell(&self, failure: &Failure) {
        let words = failure.words(self.lang);
        if matches!(failure, Failure::Grammar(_)) {
            // Editors jump to lines that begin with a file's name.
            return self.line(&words);
        }
        let (on, off) = if self.color { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
        self.line(&format!("{on}gongkai:{off} {words}"));
    }

    /// What is good to know.
    pub(super) fn note(&self, words: &str) {
        if !self.quiet {
            self.line(&words);
        }
    }

    fn line(&self, words: &dyn Display) {
        // One write a line, so that lines of several processes don't mix. Where nobody can be told, nobody is.
        let write = || io::stderr().lock().write_all(format!("{words}\n").as_bytes());
        let _ = self.bar.suspend(write);
    }
}

/// Writes data to standard output.
pub(super) fn print(data: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(data).and_then(|()| out.flush()).map_err(Failure::Stdout)
}
