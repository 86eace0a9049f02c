//! Lines to a file or to standard output: JSON, one line a report; or CSV, whose lines end already.

use std::io::{self, BufWriter, Stdout, Write};
use std::path::Path;

use super::target::Target;
use super::{Error, Sink};

pub(super) struct JsonLines {
    to: To,
    /// What stands behind a report.
    end: &'static [u8],
}

enum To {
    Stdout(BufWriter<Stdout>),
    File(Target),
}

impl JsonLines {
    pub(super) fn stdout(end: &'static [u8]) -> JsonLines {
        JsonLines { to: To::Stdout(BufWriter::with_capacity(1 << 16, io::stdout())), end }
    }

    pub(super) fn file(path: &Path, end: &'static [u8]) -> Result<JsonLines, Error> {
        Ok(JsonLines { to: To::File(Target::create(path)?), end })
    }
}

fn closed(error: io::Error) -> Error {
    Error::io(Path::new("-"), error)
}

impl Sink for JsonLines {
    fn write(&mut self, _: &Path, report: &[u8]) -> Result<(), Error> {
        let end = self.end;
        match &mut self.to {
            To::Stdout(out) => out.write_all(report).and_then(|()| out.write_all(end)).map_err(closed),
            To::File(target) => target.write(&[report, end]),
        }
    }

    fn finish(self: Box<Self>) -> Result<(), Error> {
        match self.to {
            To::Stdout(mut out) => out.flush().map_err(closed),
            To::File(target) => target.finish(true),
        }
    }
}
