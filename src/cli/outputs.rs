//! The files that a command writes -> what a walk leaves out, or why the command must not begin.
//!
//! No file may be two outputs, nor an input and an output: the one would destroy the other. Files are told apart by what they are,
//! not by how they are spelt, so that another path to the same file or a link to it is seen too. What a walk of a folder merely meets
//! is left out instead.

use std::path::{Path, PathBuf};

use super::Global;
use super::failure::{Failure, named};
use crate::source::{self, Skip};

/// What the command must not read, if its outputs are apart from one another and from its inputs.
pub(super) fn apart(outputs: &[&Path], to_stdout: bool, inputs: &[PathBuf], global: &Global) -> Result<Skip, Failure> {
    let mut skip = Skip::default();
    for (index, path) in outputs.iter().enumerate() {
        if outputs[..index].iter().any(|other| place(other) == place(path)) || skip.holds(path) {
            return Err(Failure::WrittenTwice(path.display().to_string()));
        }
        skip.add(path);
    }
    if to_stdout {
        skip.add(Path::new("/dev/stdout"));
    }
    match source::left_out(inputs, &skip).or_else(|| source::left_out(&global.grammars, &skip)) {
        Some(path) => Err(Failure::InputWritten(path)),
        None => Ok(skip),
    }
}

/// The line for an input that is an output too.
pub(super) fn input_written(path: &Path, zh: bool) -> String {
    let path = named(&path.to_string_lossy(), zh, true);
    if zh {
        format!("{path} 既是输入又是输出，写入会毁掉它；请为输出另取名称")
    } else {
        format!("{path} is both an input and an output, which would destroy it; give the output another name")
    }
}

/// Where a file is that may not be there yet.
fn place(path: &Path) -> PathBuf {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    match (folder.canonicalize(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}
