//! Archives by the generator through the binary, sound and damaged: every count adds up with the truth, every report comes out
//! once, under the name that was promised, with the figures that it has.

#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod desk;

use std::collections::BTreeMap;

use desk::Desk;
use gongkai_corpus::Collection;
use gongkai_corpus::archive::{Counts, Damage, Entry, Harm, Kind, Packing, Plan, in_folder, in_memory};
use serde::Deserialize;
use serde_json::value::RawValue;

/// A line of output: what is held against the truth. Figures stay as they are written.
#[derive(Deserialize)]
struct Line {
    source: Source,
    grammar: Option<String>,
    status: String,
    issuer: Option<String>,
    year: Option<u16>,
    tables: BTreeMap<String, BTreeMap<String, BTreeMap<String, Box<RawValue>>>>,
}

#[derive(Deserialize)]
struct Source {
    path: String,
    record: Option<String>,
}

/// A path and a record.
type Name = (String, Option<String>);

impl Line {
    fn name(&self) -> Name {
        (self.source.path.clone(), self.source.record.clone())
    }

    /// What differs from the truth, in words.
    fn differences(&self, entry: &Entry) -> Vec<String> {
        let Some(report) = &entry.report else {
            let right = self.status == "unrecognized";
            return if right { Vec::new() } else { vec![format!("status: {}", self.status)] };
        };
        let truth = &report.truth;
        let mut found = Vec::new();
        let mut differ = |what: &str, read: &str, right: &str| {
            if read != right {
                found.push(format!("{what}: {read}, right is {right}"));
            }
        };
        differ("status", &self.status, truth.status);
        differ("grammar", self.grammar.as_deref().unwrap_or("none"), truth.grammar);
        differ("issuer", self.issuer.as_deref().unwrap_or("none"), truth.issuer.as_deref().unwrap_or("none"));
        differ("year", &format!("{:?}", self.year), &format!("{:?}", truth.year));
        for fact in &truth.facts {
            let row = self.tables.get(fact.table).and_then(|table| table.get(fact.row));
            let cell = row.and_then(|row| row.get(fact.column)).map_or("null", |value| value.get());
            let what = format!("{}.{}.{}", fact.table, fact.row, fact.column);
            differ(&what, cell, fact.value.as_deref().unwrap_or("null"));
        }
        found
    }
}

/// What the last line of standard error counts.
#[derive(Debug, PartialEq, Eq)]
struct Summary {
    inputs: usize,
    complete: usize,
    partial: usize,
    unrecognized: usize,
    rejected: usize,
}

impl Summary {
    fn of(stderr: &str) -> Summary {
        let line = stderr.lines().find(|line| line.contains(" complete + ")).unwrap_or_else(|| panic!("{stderr}"));
        let count = |what: &str| {
            let before = line.split(what).next().filter(|before| before.len() < line.len());
            let number = before.and_then(|before| before.rsplit(' ').next()).and_then(|word| word.parse().ok());
            number.unwrap_or_else(|| panic!("no {what} in {line}"))
        };
        Summary {
            inputs: count(" input"),
            complete: count(" complete"),
            partial: count(" partial"),
            unrecognized: count(" unrecognized"),
            rejected: count(" rejected"),
        }
    }

    /// What the truth counts.
    fn told<'e>(entries: impl Iterator<Item = &'e Entry> + Clone) -> Summary {
        let count = |counts| entries.clone().filter(|entry| entry.counts == counts).count();
        let reports = |status| {
            let reports = entries.clone().filter_map(|entry| entry.report.as_ref());
            reports.filter(|report| report.truth.status == status).count()
        };
        Summary {
            inputs: entries.clone().filter(|entry| entry.counts != Counts::PassedOver).count(),
            complete: reports("complete"),
            partial: reports("partial"),
            unrecognized: count(Counts::Unrecognized),
            rejected: count(Counts::Rejected),
        }
    }
}

fn plan(kind: Kind, seed: u64, reports: u64) -> Plan {
    let collection = Collection { sites: 20, ..Collection::new(seed, reports) };
    Plan::new(&format!("a.{}", kind.ending()), kind, collection)
}

/// Converts, and gives exit status, summary and lines; none where nothing could be read.
fn try_to_convert(desk: &Desk, input: &str, jobs: &str) -> Option<(i32, Summary, Vec<Line>)> {
    let out = format!("{input}-{jobs}.out.jsonl");
    let output = desk.run(&["convert", input, "-o", &out, "--jobs", jobs], b"");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.code() == Some(2) {
        assert!(!stderr.is_empty() && !desk.path().join(&out).exists(), "{stderr}");
        return None;
    }
    let lines = desk.get(&out);
    let lines: Vec<Line> = lines.lines().map(|line| serde_json::from_str(line).expect("a report")).collect();
    Some((output.status.code().unwrap_or(-1), Summary::of(&stderr), lines))
}

#[track_caller]
fn convert(desk: &Desk, input: &str, jobs: &str) -> (i32, Summary, Vec<Line>) {
    try_to_convert(desk, input, jobs).expect("some of it can be read")
}

/// Everything in a sound archive comes out as it should, in the archive's order.
#[track_caller]
fn check_sound(kind: Kind, reports: u64) {
    let desk = Desk::new();
    let plan = plan(kind, 1, reports);
    let (bytes, entries) = in_memory(&plan);
    desk.put(&plan.path, bytes);
    let (status, summary, lines) = convert(&desk, &plan.path, "2");
    let name = kind.name();
    assert_eq!(summary, Summary::told(entries.iter()), "{name}");
    assert_eq!(status, i32::from(summary.rejected > 0), "{name}");
    let expected: Vec<&Entry> =
        entries.iter().filter(|entry| matches!(entry.counts, Counts::Report | Counts::Unrecognized)).collect();
    for (line, entry) in lines.iter().zip(&expected) {
        assert_eq!(line.name(), (entry.path.clone(), entry.record.clone()), "{name}");
        assert_eq!(line.differences(entry), Vec::<String>::new(), "{name}: {:?}", line.name());
    }
    assert_eq!(lines.len(), expected.len(), "{name}");
    convert(&desk, &plan.path, "1");
    let out = |jobs: &str| desk.get(&format!("{}-{jobs}.out.jsonl", plan.path));
    assert!(out("1") == out("2"), "{name}: the lines depend on --jobs");
}

#[test]
fn archives_of_files() {
    for kind in [Kind::Tar, Kind::TarGz, Kind::TarZst, Kind::TarXz, Kind::TarBz2, Kind::Zip] {
        check_sound(kind, 30);
    }
}

#[test]
fn lines_and_crawls() {
    for kind in [Kind::Jsonl, Kind::JsonlGz, Kind::JsonlZst, Kind::Warc, Kind::WarcGz, Kind::Wet, Kind::WetGz] {
        check_sound(kind, 30);
    }
}

#[test]
fn archives_in_archives() {
    check_sound(Kind::Nested, 370);
}

#[test]
fn files_in_folders() {
    let desk = Desk::new();
    let mut entries = Vec::new();
    let plan = Plan { path: "in".to_owned(), ..plan(Kind::Tar, 500, 100) };
    in_folder(&plan, &desk.path().join("in"), &mut |entry| {
        entries.push(entry);
        Ok(())
    })
    .expect("files");
    let (_, summary, lines) = convert(&desk, "in", "2");
    // A walk knows of no archives: a folder that macOS adds to them is a folder there, with hidden files in it.
    assert_eq!(summary, Summary::told(entries.iter()));
    let mut by_path: BTreeMap<&str, &Entry> = entries.iter().map(|entry| (entry.path.as_str(), entry)).collect();
    for line in &lines {
        let entry = by_path.remove(line.source.path.as_str()).expect("a file of the folder");
        assert_eq!(line.differences(entry), Vec::<String>::new(), "{}", line.source.path);
    }
    assert!(lines.windows(2).all(|pair| pair[0].source.path < pair[1].source.path));
}

/// Damage costs what is damaged and nothing else.
#[track_caller]
fn check_damaged(kind: Kind, damage: Damage, seed: u64) {
    let desk = Desk::new();
    let plan = plan(kind, seed * 1000, if kind == Kind::Nested { 120 } else { 40 });
    let (mut bytes, mut entries) = in_memory(&plan);
    let harm = Harm::apply(damage, seed, kind, &mut bytes, &mut entries);
    desk.put(&plan.path, bytes);
    let what = format!("{} {} {:?}", kind.name(), damage.name(), harm.at);
    let packed = kind.packing() != Packing::None;
    let Some((status, summary, lines)) = try_to_convert(&desk, &plan.path, "2") else {
        // A checksum behind all of it does not say which of its bytes are wrong, so none need be believed. And a cut may leave less
        // than can be unpacked.
        let sure = entries.iter().any(|entry| entry.whole == Some(true));
        assert!(packed && (damage != Damage::Truncate || !sure), "{what}: nothing is read");
        return;
    };
    let Summary { inputs, complete, partial, unrecognized, rejected } = summary;
    assert_eq!(inputs, complete + partial + unrecognized + rejected, "{what}");
    assert_eq!(lines.len(), complete + partial + unrecognized, "{what}");
    assert_eq!(status, i32::from(rejected > 0), "{what}");
    let lost = entries.iter().any(|entry| entry.whole == Some(false));
    assert!(rejected > 0 || !lost, "{what}: nothing is told of what was lost");

    let mut by_name: BTreeMap<Name, &Line> = BTreeMap::new();
    for line in &lines {
        assert!(by_name.insert(line.name(), line).is_none(), "{what}: {:?} twice", line.name());
    }
    let mut whole = 0;
    for entry in entries.iter().filter(|entry| matches!(entry.counts, Counts::Report | Counts::Unrecognized)) {
        let name = (entry.path.clone(), entry.record.clone());
        match (entry.whole, by_name.remove(&name)) {
            (Some(true), Some(line)) => {
                whole += 1;
                assert_eq!(line.differences(entry), Vec::<String>::new(), "{what}: {name:?}");
            }
            (Some(true), None) => panic!("{what}: {name:?} stands before or behind the damage and is lost"),
            (Some(false), Some(_)) => panic!("{what}: {name:?} was cut off and is there"),
            (Some(false) | None, _) => {}
        }
    }
    // A cut makes no new names.
    assert!(damage != Damage::Truncate || by_name.is_empty(), "{what}: {:?}", by_name.keys().next());
    assert!(whole > 0 || packed, "{what}");
}

/// How many archives of each kind are damaged.
fn seeds() -> u64 {
    std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(1)
}

#[test]
fn cut_archives() {
    for kind in Kind::ALL.iter().copied() {
        for seed in 0..seeds() {
            check_damaged(kind, Damage::Truncate, seed);
        }
    }
}

#[test]
fn archives_with_wrong_bytes() {
    for kind in Kind::ALL.iter().copied() {
        for seed in 0..seeds() {
            check_damaged(kind, Damage::Flip, seed);
            check_damaged(kind, Damage::Zeros, seed);
        }
    }
}
