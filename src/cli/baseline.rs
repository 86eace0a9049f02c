//! Findings that were judged before: a file of their fingerprints, and how often each one was there.
//!
//! The file is JSON with a finding on each line, sorted, so that a change of it can be read. Only fingerprints and counts
//! are compared; the other members are for people.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::failure::Failure;
use crate::Limits;
use crate::render::Diagnostic;
use crate::sink::Target;
use crate::source::Input;

const SCHEMA: &str = "gongkai.baseline.v1";

/// What was judged, and how often it may still be met.
#[derive(Default)]
pub(super) struct Baseline(BTreeMap<String, u64>);

/// The findings of this run, for a file that is written at its end.
#[derive(Default)]
pub(super) struct Judged(BTreeMap<Key, Entry>);

/// By what the entries are sorted: path, code, rule, fingerprint.
type Key = (String, String, Option<String>, String);

#[derive(Serialize, Deserialize)]
struct Entry {
    path: String,
    code: String,
    rule: Option<String>,
    message: String,
    fingerprint: String,
    count: u64,
}

impl Baseline {
    /// Reads the file.
    pub(super) fn read(path: &Path) -> Result<Baseline, Failure> {
        #[derive(Deserialize)]
        struct File {
            schema: String,
            findings: Vec<Entry>,
        }
        let input = Input::file(path.to_owned(), PathBuf::new());
        let bytes = input.read(Limits::MOST_BYTES).map_err(Failure::of_file)?;
        let wrong = |why: String| Failure::Baseline(input.path.clone(), why);
        let file: File = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
        if file.schema != SCHEMA {
            return Err(wrong(format!("its schema is `{}`, not `{SCHEMA}`", file.schema)));
        }
        let mut known = BTreeMap::new();
        for Entry { fingerprint, count, .. } in file.findings {
            let all: &mut u64 = known.entry(fingerprint).or_default();
            *all = all.saturating_add(count);
        }
        Ok(Baseline(known))
    }

    /// Whether the finding was judged before. Each time that it was met then hides it once.
    pub(super) fn hides(&mut self, diagnostic: &Diagnostic) -> bool {
        match self.0.get_mut(&diagnostic.fingerprint) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }
}

impl Judged {
    /// Adds a finding; `message` is in the language of data.
    pub(super) fn add(&mut self, diagnostic: &Diagnostic, message: String) {
        let code = diagnostic.code.to_string();
        let rule = diagnostic.rule.as_ref().map(|rule| rule.id.clone());
        let (path, fingerprint) = (diagnostic.path.clone(), diagnostic.fingerprint.clone());
        let key = (path.clone(), code.clone(), rule.clone(), fingerprint.clone());
        let entry = self.0.entry(key).or_insert(Entry { path, code, rule, message, fingerprint, count: 0 });
        entry.count += 1;
    }

    /// Writes the file.
    pub(super) fn write(&self, mut file: Target) -> Result<(), Failure> {
        let mut text = format!("{{\n\"schema\": \"{SCHEMA}\",\n\"findings\": [");
        for (index, entry) in self.0.values().enumerate() {
            text.push_str(if index == 0 { "\n" } else { ",\n" });
            text.push_str(&serde_json::to_string(entry).unwrap_or_default());
        }
        text.push_str("\n]\n}\n");
        file.write(&[text.as_bytes()]).and_then(|()| file.finish(true)).map_err(Failure::Sink)
    }
}
