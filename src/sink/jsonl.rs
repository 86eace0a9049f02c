//! JSON Lines: one line a report, to a file or to standard output.

use std::io::{self, BufWriter, Stdout, Write};
use std::path::Path;

use super::target::Target;
use super::{Error, Sink};

pub(super) struct JsonLines(To);

enum To {
    Stdout(BufWriter<Stdout>),
    File(Target),
}

impl JsonLines {
    pub(super) fn stdout() -> JsonLines {
        JsonLines(To::Stdout(BufWriter::with_capacity(1 << 16, io::stdout())))
    }

    pub(super) fn file(path: &Path) -> Result<JsonLines, Error> {
        Ok(JsonLines(To::File(Target::create(path)?)))
    }
}

fn closed(error: io::Error) -> Error {
    Error::io(Path::new("-"), error)
}

impl Sink for JsonLines {
    fn write(&mut self, _: &Path, report: &[u8]) -> Result<(), Error> {
        match &mut self.0 {
            To::Stdout(out) => out.write_all(report).and_then(|()| out.write_all(b"\n")).map_err(closed),
            To::File(target) => target.write(&[report, b"\n"]),
        }
    }

    fn finish(self: Box<Self>) -> Result<(), Error> {
        match self.0 {
            To::Stdout(mut out) => out.flush().map_err(closed),
            To::File(target) => target.finish(true),
        }
    }
}
