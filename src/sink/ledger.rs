//! Which reports a database has, by the names and contents of their texts, and what becomes of each in this run.
//!
//! A report is known by the name of its text (path and record) and by its SHA-256. A text that is known is passed over. One whose
//! name is known with another content takes the place of it, and its number. Where texts share a name, as many reports
//! stand there as there are contents; the same text twice is one report. What was read with another version or other options
//! is read anew.

use std::collections::HashMap;

use super::batch::Entry;
use super::old::{At, Known};
use crate::report::Status;

/// The reports of a database.
#[derive(Default)]
pub(super) struct Ledger {
    /// For each name, its last row.
    names: HashMap<[u8; 16], u32>,
    rows: Vec<Row>,
    /// The largest number given to a report.
    last: u32,
    counts: Counts,
}

/// What a run did, in reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) added: u64,
    pub(super) replaced: u64,
    pub(super) unchanged: u64,
    pub(super) removed: u64,
}

struct Row {
    sha256: [u8; 32],
    report: u32,
    status: Status,
    findings: [u32; 3],
    /// Another row of the same name.
    next: Option<u32>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// As this run would read it.
    Current,
    /// Read with another version or other options.
    Stale,
    /// This run has met its text.
    Met,
}

/// What becomes of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Its report is new, with this number.
    New(u32),
    /// Its report takes the place of the one with this number.
    Instead(u32),
    /// Its report is there as it is.
    There,
}

/// A report as the database has it.
pub(super) struct Recorded {
    pub(super) key: [u8; 16],
    pub(super) sha256: [u8; 32],
    pub(super) report: u32,
    pub(super) status: Status,
    pub(super) findings: [u32; 3],
    /// Whether this run would read it the same.
    pub(super) is_current: bool,
}

impl Ledger {
    /// Notes what the database has.
    pub(super) fn record(&mut self, recorded: Recorded) {
        let Recorded { key, sha256, report, status, findings, is_current } = recorded;
        let state = if is_current { State::Current } else { State::Stale };
        self.last = self.last.max(report);
        self.push(key, Row { sha256, report, status, findings, next: None, state });
    }

    fn push(&mut self, key: [u8; 16], mut row: Row) {
        row.next = self.names.insert(key, self.rows.len() as u32);
        self.rows.push(row);
    }

    /// Whether the database has the report on a text. If so, the entry says what it was.
    pub(super) fn recall(&mut self, entry: &mut Entry) -> bool {
        let key = entry.key();
        let found = self.find(&key, |row| row.sha256 == entry.sha256 && row.state != State::Stale);
        let Some(row) = found.map(|index| &mut self.rows[index]) else { return false };
        row.state = State::Met;
        Known { key, sha256: row.sha256, chunk: 0, status: row.status, findings: row.findings, at: At::Row }
            .mark(entry);
        true
    }

    /// What becomes of the next text of the run. A row that another text has met is not given away: the text may come later.
    pub(super) fn place(&mut self, entry: &Entry) -> Place {
        if entry.is_unchanged() {
            self.counts.unchanged += 1;
            return Place::There;
        }
        let key = entry.key();
        let same = self.find(&key, |row| row.sha256 == entry.sha256);
        if same.is_some_and(|index| self.rows[index].state == State::Met) {
            self.counts.unchanged += 1;
            return Place::There;
        }
        let (status, findings) = (entry.status, entry.findings.map(|count| count.min(u64::from(u32::MAX)) as u32));
        if let Some(index) = same.or_else(|| self.find(&key, |row| row.state != State::Met)) {
            let row = &mut self.rows[index];
            (row.sha256, row.status, row.findings, row.state) = (entry.sha256, status, findings, State::Met);
            self.counts.replaced += 1;
            return Place::Instead(row.report);
        }
        self.last += 1;
        self.counts.added += 1;
        let report = self.last;
        self.push(key, Row { sha256: entry.sha256, report, status, findings, next: None, state: State::Met });
        Place::New(report)
    }

    /// The numbers of the reports whose texts this run has not met; they count as removed.
    pub(super) fn unmet(&mut self) -> Vec<u32> {
        let rows = self.rows.iter().filter(|row| row.state != State::Met);
        let unmet: Vec<u32> = rows.map(|row| row.report).collect();
        self.counts.removed = unmet.len() as u64;
        unmet
    }

    /// What the run did so far.
    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    fn find(&self, key: &[u8; 16], is: impl Fn(&Row) -> bool) -> Option<usize> {
        let mut next = self.names.get(key).copied();
        while let Some(index) = next {
            let row = &self.rows[index as usize];
            if is(row) {
                return Some(index as usize);
            }
            next = row.next;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// Runs over texts `name:content`, `!` before those that the run reads before the ledger is asked, and tells what becomes
    /// of each, and what is unmet.
    #[track_caller]
    fn check(has: &[(&str, bool)], texts: &[&str], expected: &str) {
        let entry = |text: &str| {
            let (name, content) = text.split_once(':').expect("a name and a content");
            Entry::new(name, None, PathBuf::new(), [content.as_bytes()[0]; 32], 1)
        };
        let mut ledger = Ledger::default();
        for (index, (text, is_current)) in has.iter().enumerate() {
            let Entry { sha256, status, .. } = entry(text);
            let (key, report) = (entry(text).key(), index as u32 + 1);
            ledger.record(Recorded { key, sha256, report, status, findings: [0; 3], is_current: *is_current });
        }
        let mut came = String::new();
        for text in texts {
            let mut entry = entry(text.trim_start_matches('!'));
            if !text.starts_with('!') {
                ledger.recall(&mut entry);
            }
            came.push_str(&format!("{:?} ", ledger.place(&entry)));
        }
        came.push_str(&format!("{:?}", ledger.unmet()));
        assert_eq!(came, expected);
    }

    #[test]
    fn what_becomes_of_texts() {
        check(&[], &["a:1", "b:1"], "New(1) New(2) []");
        check(&[("a:1", true), ("b:1", true)], &["a:1"], "There [2]");
        check(&[("a:1", true)], &["a:2"], "Instead(1) []");
        check(&[("a:1", false)], &["a:1"], "Instead(1) []");
        // One name, several contents.
        check(&[], &["a:1", "a:2", "a:1"], "New(1) New(2) There []");
        check(&[("a:1", true), ("a:2", true)], &["a:3", "a:2"], "Instead(2) Instead(1) []");
        check(&[("a:1", true), ("a:2", true)], &["a:2", "a:3"], "There Instead(1) []");
        check(&[("a:1", true)], &["a:2", "a:1"], "Instead(1) New(2) []");
        // A worker has read what another one placed in the meantime.
        check(&[], &["!a:1", "!a:1"], "New(1) There []");
        check(&[("a:1", false)], &["!a:1", "!a:1"], "Instead(1) There []");
    }
}
