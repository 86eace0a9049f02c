//! Whether a file in a folder of results is one that gongkai wrote, so that it may be written anew.
//!
//! In: the file, and whose report goes there. A report is told by how it begins; so those of commands of long ago are told too, of
//! which the manifest says nothing any more. What somebody has changed since is told by the manifest, whatever it was made
//! with. Everything else is somebody else's.

use std::collections::HashSet;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::batch::{Entry, key};
use super::journal;
use crate::wire::REPORT;

/// What the manifest of a folder says of its files. It is read when it is first needed, which is seldom.
pub(super) struct Ours {
    manifest: PathBuf,
    /// By the name of the text, and the number in the name of the file.
    written: OnceLock<HashSet<([u8; 16], u32)>>,
}

impl Ours {
    pub(super) fn of(manifest: &Path) -> Ours {
        Ours { manifest: manifest.to_owned(), written: OnceLock::new() }
    }

    /// Whether nothing is lost if the report of that text takes the place of what stands at `path`.
    pub(super) fn may_write(&self, path: &Path, entry: &Entry, number: u32) -> bool {
        match File::open(path) {
            Ok(file) if is_report(&file) => true,
            Err(error) if error.kind() == ErrorKind::NotFound => true,
            _ => self.written.get_or_init(|| self.read()).contains(&(entry.key(), number)),
        }
    }

    fn read(&self) -> HashSet<([u8; 16], u32)> {
        let mut written = HashSet::new();
        let read = File::open(&self.manifest).and_then(|manifest| {
            journal::read_any(&manifest, |line, _| {
                let texts = line.texts.iter().filter(|text| text.modified.is_some());
                written.extend(texts.map(|text| (key(&text.path, text.record.as_deref()), text.number.unwrap_or(1))));
                true
            })
        });
        // Without a manifest nothing is known to be ours.
        let _ = read;
        written
    }
}

/// Whether a file is empty, or begins as every report does.
fn is_report(file: &File) -> bool {
    const ENOUGH: u64 = 64;

    let mut begin = Vec::new();
    if file.take(ENOUGH).read_to_end(&mut begin).is_err() {
        return false;
    }
    begin.retain(|byte| !byte.is_ascii_whitespace());
    begin.is_empty() || begin.starts_with(format!("{{\"schema\":\"{REPORT}\"").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_told_by_how_they_begin() {
        let folder = tempfile::tempdir().expect("a folder");
        let check = |content: &str, expected: bool| {
            let path = folder.path().join("x.json");
            std::fs::write(&path, content).expect("written");
            assert_eq!(is_report(&File::open(&path).expect("a file")), expected, "{content}");
        };
        check("", true);
        check("{\n  \"schema\": \"gongkai.report.v1\",\n  \"source\": {}", true);
        check("{\"schema\":\"gongkai.report.v1\",\"source\":{}}\n", true);
        check("{\n  \"schema\": \"gongkai.summary.v1\"", false);
        check("{}", false);
        check("青石县2023年政府信息公开工作年度报告", false);
    }
}
