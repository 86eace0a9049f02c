//! What tests of databases share: generated reports in a folder, with their truth, and what was seen of them in a database, which
//! must be the same: every report, every cell, and the exact sum of every column.
//!
//! `REPORTS=20000 cargo test --release --test …` takes more of them.

#![allow(dead_code)] // each test that uses it needs only some of it

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::process::Output;

use gongkai_corpus::Collection;

use crate::desk::Desk;

/// How many reports, where the environment does not say.
pub fn reports(otherwise: u64) -> u64 {
    std::env::var("REPORTS").ok().and_then(|reports| reports.parse().ok()).unwrap_or(otherwise)
}

/// How many kills, where the environment does not say.
pub fn kills(otherwise: u64) -> u64 {
    std::env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(otherwise)
}

/// A generator of our own, so that a failure can be met again.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end.max(1)
    }
}

/// What is known of some reports: by the truth, or by a database.
#[derive(Default)]
pub struct Seen {
    reports: BTreeMap<String, Report>,
    /// For each `table.row.column`, how many figures, and their sum in trillionths.
    sums: BTreeMap<String, (u64, i128)>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Report {
    /// How often it is there.
    times: u64,
    said: String,
    figures: u64,
    /// A hash of its figures in any order.
    hash: u64,
}

impl Seen {
    /// A report by its path, and what is said of it: see [`said`].
    pub fn report(&mut self, path: &str, said: String) {
        let report = self.reports.entry(path.to_owned()).or_default();
        report.times += 1;
        report.said = said;
    }

    /// A cell of it: `table.row.column`, kind, and the figure with any number of zeros behind its point. Only those with a figure
    /// count: what else a cell is cannot be seen on every page, and of a table that is not on it no cell is told.
    pub fn cell(&mut self, path: &str, name: &str, kind: &str, value: Option<&str>) {
        assert_eq!(value.is_some(), kind == "number", "{path}: {name}");
        let Some(value) = value else { return };
        let value = if value.contains('.') { value.trim_end_matches('0').trim_end_matches('.') } else { value };
        let mut hasher = DefaultHasher::new();
        (name, value).hash(&mut hasher);
        let report = self.reports.entry(path.to_owned()).or_default();
        report.figures += 1;
        report.hash ^= hasher.finish();
        let (count, sum) = self.sums.entry(name.to_owned()).or_default();
        *count += 1;
        *sum += trillionths(value);
    }

    /// Holds what a database has against the truth.
    #[track_caller]
    pub fn check(&self, expected: &Seen, when: &str) {
        let paths = |seen: &Seen| seen.reports.keys().cloned().collect::<Vec<String>>();
        assert!(paths(self) == paths(expected), "{when}: other reports: {:?}", first(&paths(self), &paths(expected)));
        for (path, report) in &self.reports {
            assert_eq!(report, &expected.reports[path], "{when}: {path}");
        }
        assert_eq!(self.sums, expected.sums, "{when}");
        assert!(self.sums.len() > 190, "{when}: {} columns with figures", self.sums.len());
    }

    /// How many figures a cell has, and their sum in trillionths.
    pub fn sums(&self) -> &BTreeMap<String, (u64, i128)> {
        &self.sums
    }

    pub fn count(&self) -> usize {
        self.reports.len()
    }
}

/// The first of two sorted lists that is not in both.
fn first<'l>(left: &'l [String], right: &'l [String]) -> Option<&'l String> {
    let differs = left.iter().zip(right).find(|(left, right)| left != right).map(|(left, right)| left.min(right));
    differs.or_else(|| left.get(right.len())).or_else(|| right.get(left.len()))
}

/// What is said of a report besides its cells.
pub fn said(
    grammar: Option<&str>,
    status: &str,
    title: Option<&str>,
    issuer: Option<&str>,
    year: Option<u16>,
) -> String {
    format!("{grammar:?} {status} {title:?} {issuer:?} {year:?}")
}

/// A decimal of up to twelve places as a whole number.
pub fn trillionths(value: &str) -> i128 {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    assert!(fraction.len() <= 12, "{value}");
    format!("{whole}{fraction:0<12}").parse().unwrap_or_else(|_| panic!("{value} is no decimal"))
}

/// A folder `in` with generated reports, and a desk around it.
pub struct Archive {
    pub desk: Desk,
    /// For each path, the seed of what stands there, and the slot.
    pages: BTreeMap<String, gongkai_corpus::Report>,
    seed: u64,
}

impl Archive {
    pub fn new(reports: u64) -> Archive {
        let mut archive = Archive { desk: Desk::new(), pages: BTreeMap::new(), seed: 1 };
        archive.add(reports);
        archive
    }

    /// More reports.
    pub fn add(&mut self, reports: u64) {
        let collection = Collection::new(self.seed, reports);
        self.seed += reports;
        for report in collection.reports(collection.as_crawled()) {
            let path = format!("in/{:02}/{}", report.slot.seed % 31, report.slot.path);
            self.put(path, report);
        }
    }

    /// Every one of so many gets another report in its place.
    pub fn edit(&mut self, count: usize) {
        let collection = Collection::new(self.seed, count as u64);
        self.seed += count as u64;
        let paths = self.chosen(count, 1);
        for (path, report) in paths.into_iter().zip(collection.reports(collection.as_crawled())) {
            self.put(path, report);
        }
    }

    /// Every one of so many is removed.
    pub fn remove(&mut self, count: usize) {
        for path in self.chosen(count, 2) {
            std::fs::remove_file(self.desk.path().join(&path)).expect("a file");
            self.pages.remove(&path);
        }
    }

    /// Paths here and there.
    fn chosen(&self, count: usize, first: usize) -> Vec<String> {
        let step = (self.pages.len() / count.max(1)).max(1);
        self.pages.keys().skip(first % step).step_by(step).take(count).cloned().collect()
    }

    fn put(&mut self, path: String, mut report: gongkai_corpus::Report) {
        self.desk.put(&path, &report.bytes);
        (report.bytes, report.text) = (Vec::new(), String::new());
        self.pages.insert(path, report);
    }

    /// The truth.
    pub fn seen(&self) -> Seen {
        let mut seen = Seen::default();
        for (path, report) in &self.pages {
            let truth = &report.truth;
            let (title, issuer) = (truth.title.as_deref(), truth.issuer.as_deref());
            seen.report(path, said(Some(truth.grammar), truth.status, title, issuer, truth.year));
            for fact in &truth.facts {
                let name = format!("{}.{}.{}", fact.table, fact.row, fact.column);
                seen.cell(path, &name, fact.kind, fact.value.as_deref());
            }
        }
        seen
    }

    /// Runs to the end, and gives how many inputs were unchanged.
    #[track_caller]
    pub fn convert(&self, arguments: &[&str]) -> u64 {
        let output = self.desk.run(&[&["convert"], arguments].concat(), b"");
        assert!(output.status.success(), "{arguments:?}: {}", words(&output));
        unchanged(&output)
    }
}

/// What was said on standard error.
pub fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// How many inputs were unchanged.
#[track_caller]
pub fn unchanged(output: &Output) -> u64 {
    let words = words(output);
    let mut before = [" unchanged", " 未变"].iter().filter_map(|word| words.split_once(word)).map(|(before, _)| before);
    let before = before.next().and_then(|before| before.rsplit(' ').next());
    before.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("no count: {words}"))
}
