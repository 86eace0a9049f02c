//! How a run went: its last line on standard error, and `--summary`.

use std::path::Path;

use super::failure::Failure;
use super::terminal::print;
use crate::render::Lang;
use crate::sink::Target;
use crate::wire::{self, Findings};

/// Where `--summary` goes.
pub(super) enum To {
    Stdout,
    File(Target),
}

impl To {
    /// Begins it; `-` is standard output, where no data goes there.
    pub(super) fn open(path: &Path, data_on_stdout: bool) -> Result<To, Failure> {
        match path.as_os_str() == "-" {
            true if data_on_stdout => Err(Failure::StdoutTaken("--summary")),
            true => Ok(To::Stdout),
            false => Ok(To::File(Target::create(path)?)),
        }
    }

    /// Writes it.
    pub(super) fn write(self, summary: &wire::Summary<'_>) -> Result<(), Failure> {
        let mut json = Vec::new();
        wire::summary(summary, &mut json);
        match self {
            To::Stdout => print(&json),
            To::File(mut file) => file.write(&[&json]).and_then(|()| file.finish(true)).map_err(Failure::Sink),
        }
    }
}

/// `4 inputs = 1 complete + 1 partial + 1 unrecognized + 1 rejected + 0 unchanged; findings: 1 error, 2 warnings, 0 notes`
pub(super) fn line(summary: &wire::Summary<'_>, lang: Lang) -> String {
    let wire::Summary { inputs, complete, partial, unrecognized, rejected, unchanged, findings, .. } = summary;
    let Findings { errors, warnings, notes } = findings;
    match lang {
        Lang::En => {
            let many = |count: u64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
            format!(
                "{} = {complete} complete + {partial} partial + {unrecognized} unrecognized + {rejected} rejected + \
                 {unchanged} unchanged; findings: {}, {}, {}",
                many(*inputs, "input"),
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
