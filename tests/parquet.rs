//! Reports in Parquet: every figure once, whatever happens on the way.
//!
//! `REPORTS=20000 KILLS=20 cargo test --release --test parquet` does it at full size.

#![cfg(feature = "parquet")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod databases;
mod desk;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type};
use arrow_array::{Array, RecordBatch};
use databases::{Archive, Random, Seen, kills, reports, said, unchanged, words};
use desk::Desk;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

const LOAD: [&str; 3] = ["in", "-o", "x.parquet"];

/// The files of a folder.
const FILES: [&str; 7] = ["cells", "codebook", "findings", "loads", "reports", "sections", "statements"];

/// Every row of a file, each by `make`.
fn each(folder: &Path, table: &str, mut make: impl FnMut(&Row<'_>)) {
    let path = folder.join(format!("{table}.parquet"));
    let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).and_then(|builder| builder.build());
    for batch in reader.unwrap_or_else(|error| panic!("{}: {error}", path.display())) {
        let batch = batch.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (0..batch.num_rows()).for_each(|row| make(&Row(&batch, row)));
    }
}

struct Row<'b>(&'b RecordBatch, usize);

impl<'b> Row<'b> {
    fn column(&self, name: &str) -> Option<&'b dyn Array> {
        let column = self.0.column_by_name(name).unwrap_or_else(|| panic!("no column {name}"));
        column.is_valid(self.1).then_some(column.as_ref())
    }

    fn text(&self, name: &str) -> Option<&'b str> {
        let column = self.column(name)?;
        Some(match column.as_dictionary_opt::<Int32Type>() {
            Some(words) => words.values().as_string::<i32>().value(words.keys().value(self.1) as usize),
            None => column.as_string::<i32>().value(self.1),
        })
    }

    fn number(&self, name: &str) -> Option<i32> {
        self.column(name).map(|column| column.as_primitive::<Int32Type>().value(self.1))
    }

    /// With all ten places.
    fn decimal(&self, name: &str) -> Option<String> {
        let digits = self.column(name)?.as_primitive::<Decimal128Type>().value(self.1);
        let sign = if digits < 0 { "-" } else { "" };
        let digits = format!("{:0>11}", digits.unsigned_abs());
        Some(format!("{sign}{}.{}", &digits[..digits.len() - 10], &digits[digits.len() - 10..]))
    }
}

/// All that a folder has, and that its parts belong together.
#[track_caller]
fn seen(folder: &Path) -> Seen {
    let mut seen = Seen::default();
    let mut paths = BTreeMap::new();
    let mut counts = BTreeMap::new();
    let mut order = Vec::new();
    each(folder, "reports", |row| {
        let id = row.number("report_id").expect("a number");
        let path = row.text("path").expect("a path");
        let year = row.number("year").map(|year| u16::try_from(year).expect("a year"));
        let status = row.text("status").expect("a status");
        seen.report(path, said(row.text("grammar"), status, row.text("title"), row.text("issuer"), year));
        assert!(paths.insert(id, path.to_owned()).is_none(), "{id} is there twice");
        let count = |name: &str| row.number(name).expect("a count");
        let findings = count("error_count") + count("warning_count") + count("note_count");
        for (table, count) in [
            ("cells", count("cell_count")),
            ("sections", count("section_count")),
            ("statements", count("statement_count")),
            ("findings", findings),
        ] {
            counts.insert((table, id), count);
        }
        order.push(id);
    });
    each(folder, "cells", |row| {
        let name = |column: &str| row.text(column).expect("a name");
        let path = &paths[&row.number("report_id").expect("a number")];
        let value = row.decimal("value");
        let cell = format!("{}.{}.{}", name("table_id"), name("row_id"), name("column_id"));
        assert_eq!(name("kind") == "number", value.is_some(), "{path}: {cell}");
        seen.cell(path, &cell, name("kind"), value.as_deref());
    });
    // The rows of a report stand together, in the order of the reports.
    for table in ["cells", "sections", "statements", "findings"] {
        let mut ids = Vec::new();
        let mut rows: BTreeMap<i32, i32> = BTreeMap::new();
        each(folder, table, |row| {
            let id = row.number("report_id").expect("a number");
            let count = rows.entry(id).or_default();
            *count += 1;
            if ids.last() != Some(&id) {
                ids.push(id);
            }
            if table != "cells" {
                assert_eq!(row.number("ordinal"), Some(*count), "{table} of {id}");
            }
        });
        let expected: Vec<i32> = order.iter().copied().filter(|id| counts[&(table, *id)] > 0).collect();
        assert_eq!(ids, expected, "{table}");
        assert!(rows.iter().all(|(id, rows)| counts[&(table, *id)] == *rows), "{table}");
    }
    seen
}

/// The runs: state, added, replaced, unchanged, removed.
fn loads(folder: &Path) -> Vec<String> {
    let mut loads = Vec::new();
    each(folder, "loads", |row| {
        let counts = ["added", "replaced", "unchanged", "removed"].map(|name| row.number(name).expect("a count"));
        assert_eq!(row.number("load_id"), Some(loads.len() as i32 + 1));
        loads.push(format!("{} {counts:?}", row.text("state").expect("a state")));
    });
    loads
}

/// The bytes of all files of a folder.
fn content(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = files.map(|entry| entry.expect("an entry").path());
    paths
        .map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), fs::read(path).expect("a file")))
        .collect()
}

/// The paths of the reports, in order.
fn paths(folder: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    each(folder, "reports", |row| paths.push(row.text("path").expect("a path").to_owned()));
    paths
}

/// The numbers of the reports by their paths.
fn numbers(folder: &Path) -> BTreeMap<String, i32> {
    let mut numbers = BTreeMap::new();
    each(folder, "reports", |row| {
        numbers.insert(row.text("path").expect("a path").to_owned(), row.number("report_id").expect("a number"));
    });
    numbers
}

/// What stands beside the inputs.
fn beside(desk: &Desk) -> Vec<PathBuf> {
    let entries = fs::read_dir(desk.path()).expect("a folder");
    let mut names: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").file_name().into()).collect();
    names.sort();
    names
}

#[test]
fn sums_are_those_of_the_truth() {
    let count = reports(400);
    let part = (count / 20) as usize;
    let mut archive = Archive::new(count);
    let folder = archive.desk.path().join("x.parquet");
    assert_eq!(archive.convert(&LOAD), 0);
    seen(&folder).check(&archive.seen(), "one run");
    assert_eq!(content(&folder).len(), FILES.len());

    let state = || {
        let files = FILES.map(|file| folder.join(format!("{file}.parquet")));
        files.map(|file| file.metadata().and_then(|metadata| metadata.modified()).expect("a time"))
    };
    let before = state();
    assert_eq!(archive.convert(&LOAD), count);
    assert!(state() == before, "a second run wrote something");
    assert_eq!(beside(&archive.desk), ["in", "x.parquet"].map(PathBuf::from));

    let first = numbers(&folder);
    archive.edit(part);
    archive.remove(part / 2);
    let unchanged = archive.convert(&[&LOAD[..], &["--prune"]].concat());
    let stay = count - part as u64;
    assert!(unchanged >= stay - part as u64 / 2 && unchanged <= stay, "{unchanged}");
    seen(&folder).check(&archive.seen(), "edited and removed");
    let edited = count - part as u64 / 2 - unchanged;
    let expected =
        [format!("complete [{count}, 0, 0, 0]"), format!("complete [0, {edited}, {unchanged}, {}]", part / 2)];
    assert_eq!(loads(&folder), expected);
    assert!(numbers(&folder).iter().all(|(path, number)| first[path] == *number), "other numbers");
    assert!(paths(&folder).is_sorted(), "not in the order of the inputs");

    // Without --prune the reports of texts that are gone stay, behind the others.
    let before = archive.seen().count();
    archive.remove(3);
    archive.add(2);
    archive.convert(&LOAD);
    assert_eq!(seen(&folder).count(), before + 2);
    let all = paths(&folder);
    assert!(all[..all.len() - 3].is_sorted() && !all.is_sorted());
    archive.convert(&[&LOAD[..], &["--prune"]].concat());
    seen(&folder).check(&archive.seen(), "more and fewer");
    assert!(paths(&folder).is_sorted());

    // Other options, and everything anew.
    archive.convert(&[&LOAD[..], &["--no-check"]].concat());
    assert_eq!(archive.convert(&[&LOAD[..], &["--no-check", "--force"]].concat()), 0);
    seen(&folder).check(&archive.seen(), "other options");
    assert_eq!(archive.convert(&LOAD), 0);
    seen(&folder).check(&archive.seen(), "the first options");
    assert_eq!(beside(&archive.desk), ["in", "x.parquet"].map(PathBuf::from));
}

#[test]
fn killed_runs_end_as_if_nothing_had_been() {
    let mut archive = Archive::new(reports(300));
    let folder = archive.desk.path().join("x.parquet");
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let begun = Instant::now();
    archive.convert(&["in", "-o", "whole.parquet"]);
    let time = begun.elapsed().as_micros() as u64;
    let mut killed = 0;
    while killed < kills(8) {
        // In the second half the folder has older reports.
        if killed >= kills(8) / 2 && killed > 0 {
            archive.convert(&LOAD);
            archive.edit(20);
        }
        let before = folder.exists().then(|| content(&folder));
        for _ in 0..=random.below(3) {
            let mut child = archive.desk.command(&[&["convert"], &LOAD[..]].concat()).spawn().expect("the binary");
            sleep(Duration::from_micros(random.below(time)));
            child.kill().expect("a kill");
            child.wait().expect("an end");
            killed += 1;
            // As it was, or whole.
            let now = folder.exists().then(|| content(&folder));
            if now != before {
                seen(&folder).check(&archive.seen(), "killed at its end");
            }
        }
        archive.convert(&LOAD);
        seen(&folder).check(&archive.seen(), &format!("{killed} kills"));
        assert_eq!(beside(&archive.desk), ["in", "whole.parquet", "x.parquet"].map(PathBuf::from));
    }
}

#[test]
fn what_is_left_behind_is_understood() {
    let mut archive = Archive::new(60);
    let (folder, desk) = (archive.desk.path().join("x.parquet"), archive.desk.path().to_owned());
    archive.convert(&LOAD);
    let whole = content(&folder);
    // Killed between two renames, where the system can't exchange two folders.
    fs::rename(&folder, desk.join(".x.parquet.old")).expect("a move");
    fs::create_dir(desk.join(".x.parquet.part")).expect("a folder");
    fs::write(desk.join(".x.parquet.part/cells.parquet"), "half").expect("a file");
    assert_eq!(archive.convert(&LOAD), 60);
    assert!(content(&folder) == whole);
    // Behind them.
    fs::create_dir(desk.join(".x.parquet.old")).expect("a folder");
    fs::write(desk.join(".x.parquet.old/cells.parquet"), "old").expect("a file");
    assert_eq!(archive.convert(&LOAD), 60);
    assert!(content(&folder) == whole);
    assert_eq!(beside(&archive.desk), ["in", "x.parquet"].map(PathBuf::from));

    // What somebody put into the folder stays there, and whoever has a file open reads it to its end.
    fs::write(folder.join("notes.txt"), "mine").expect("a file");
    fs::create_dir(folder.join("more")).expect("a folder");
    let open = ParquetRecordBatchReaderBuilder::try_new(File::open(folder.join("cells.parquet")).expect("a file"));
    archive.edit(10);
    archive.convert(&LOAD);
    assert_eq!(fs::read_to_string(folder.join("notes.txt")).expect("a file"), "mine");
    assert!(folder.join("more").is_dir());
    let rows: usize =
        open.and_then(|builder| builder.build()).expect("cells").map(|batch| batch.expect("cells").num_rows()).sum();
    assert!(rows > 0);
    seen(&folder).check(&archive.seen(), "with notes");
    assert_eq!(beside(&archive.desk), ["in", "x.parquet"].map(PathBuf::from));
}

#[test]
fn bytes_are_the_same_for_any_number_of_jobs_and_run_after_run() {
    let mut archive = Archive::new(300);
    let run = |archive: &Archive, name: &str, more: &[&str]| {
        let arguments = [&["convert", "in", "-o", name], more].concat();
        let output = archive.desk.command(&arguments).env("SOURCE_DATE_EPOCH", "86400").output().expect("an end");
        assert!(output.status.success(), "{}", words(&output));
        content(&archive.desk.path().join(name))
    };
    let names = ["1", "2", "7"].map(|jobs| (jobs, format!("{jobs}.parquet")));
    let first = names.each_ref().map(|(jobs, name)| run(&archive, name, &["--jobs", jobs, "--memory", "1M"]));
    assert!(first[0] == first[1] && first[0] == first[2], "they depend on the number of jobs");
    archive.edit(40);
    archive.remove(5);
    let second = names.each_ref().map(|(jobs, name)| run(&archive, name, &["--jobs", jobs, "--prune"]));
    assert!(second[0] == second[1] && second[0] == second[2], "they depend on the number of jobs");
    assert!(first[0] != second[0]);
}

#[test]
fn another_order_of_inputs() {
    let mut archive = Archive::new(200);
    let folder = archive.desk.path().join("x.parquet");
    archive.convert(&LOAD);
    archive.edit(3);
    let mut folders: Vec<String> = (0..31).rev().map(|number| format!("in/{number:02}")).collect();
    folders.retain(|folder| archive.desk.path().join(folder).is_dir());
    let arguments: Vec<&str> = folders.iter().map(String::as_str).chain(["-o", "x.parquet"]).collect();
    archive.convert(&arguments);
    seen(&folder).check(&archive.seen(), "backwards");
    let got: Vec<String> = paths(&folder).iter().map(|path| path[..5].to_owned()).collect();
    assert!(got.iter().rev().is_sorted(), "{got:?}");
    // An order alone is nothing new.
    let before = content(&folder);
    assert_eq!(archive.convert(&LOAD), 200);
    assert!(content(&folder) == before);
}

#[test]
fn names_that_are_given_twice() {
    let archive = Archive::new(40);
    let folder = archive.desk.path().join("x.parquet");
    archive.convert(&["in", "in", "-o", "x.parquet"]);
    seen(&folder).check(&archive.seen(), "twice");
    // One name with several contents.
    let page = |year: &str| {
        format!(r#"{{"id":"a","text":"青石县{year}年政府信息公开工作年度报告\n一、总体情况\n好。\n"}}"#) + "\n"
    };
    let (name, desk) = ("a.parquet", &archive.desk);
    let years = || {
        let mut years = Vec::new();
        each(&desk.path().join(name), "reports", |row| years.push((row.number("report_id"), row.number("year"))));
        years.sort();
        years
    };
    desk.put("a.jsonl", [page("2021"), page("2022"), page("2021")].concat());
    archive.convert(&["a.jsonl", "-o", name]);
    assert_eq!(years(), [(Some(1), Some(2021)), (Some(2), Some(2022))]);
    assert_eq!(archive.convert(&["a.jsonl", "-o", name]), 3);
    desk.put("a.jsonl", [page("2023"), page("2022")].concat());
    archive.convert(&["a.jsonl", "-o", name]);
    let mut got: Vec<Option<i32>> = years().into_iter().map(|(_, year)| year).collect();
    got.sort();
    assert_eq!(got, [Some(2022), Some(2023)]);
    assert!(years().iter().all(|(number, _)| [Some(1), Some(2)].contains(number)));
}

/// A run that reads standard input, which is not at its end: it holds the folder.
fn held(desk: &Desk) -> Child {
    let mut child = desk
        .command(&["convert", "-", "-o", "x.parquet"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .expect("the binary");
    let lock = desk.path().join(".x.parquet.lock");
    let begun = Instant::now();
    while !lock.exists() {
        assert!(begun.elapsed() < Duration::from_secs(60) && child.try_wait().expect("a state").is_none());
        sleep(Duration::from_millis(1));
    }
    child
}

#[test]
fn two_runs_one_behind_the_other() {
    let archive = Archive::new(30);
    let mut first = held(&archive.desk);
    let mut second = archive.desk.command(&[&["convert"], &LOAD[..]].concat()).spawn().expect("the binary");
    let said = "another run is loading x.parquet; waiting for it to end\n";
    let mut heard = vec![0; said.len()];
    second.stderr.as_mut().expect("a pipe").read_exact(&mut heard).expect("words");
    assert_eq!(String::from_utf8_lossy(&heard), said);
    drop(first.stdin.take());
    assert!(first.wait().expect("an end").success());
    let output = second.wait_with_output().expect("an end");
    assert!(output.status.success(), "{}", words(&output));
    let folder = archive.desk.path().join("x.parquet");
    // The first one had an empty text.
    assert_eq!(numbers(&folder).len(), 31);
    assert_eq!(beside(&archive.desk), ["in", "x.parquet"].map(PathBuf::from));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_what_it_has() {
    let archive = Archive::new(400);
    let folder = archive.desk.path().join("x.parquet");
    let child = archive.desk.command(&[&["convert"], &LOAD[..]].concat()).spawn().expect("the binary");
    let part = archive.desk.path().join(".x.parquet.part");
    let begun = Instant::now();
    while !part.exists() && begun.elapsed() < Duration::from_secs(60) {
        sleep(Duration::from_millis(1));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill").success());
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(130), "{}", words(&output));
    let done = seen(&folder).count() as u64;
    assert!(done > 0 && words(&output).contains("the same command goes on from there"), "{}", words(&output));
    assert_eq!(archive.convert(&LOAD), done);
    seen(&folder).check(&archive.seen(), "interrupted");
    let [first, second] = &loads(&folder)[..] else { panic!("{:?}", loads(&folder)) };
    assert!(first.starts_with("stopped") && second.starts_with("complete"));
}

#[test]
fn a_form_of_ones_own() {
    let archive = Archive::new(20);
    let (desk, folder) = (&archive.desk, archive.desk.path().join("x.parquet"));
    archive.convert(&LOAD);
    let built_in = String::from_utf8(desk.run(&["grammar", "show", "gid-2021"], b"").stdout).expect("UTF-8");
    let own = built_in.replace("gid-2021", "own-2021");
    assert!(own.contains("own-2021"));
    desk.put("own.toml", own);
    let codebook = || {
        let mut entries: BTreeMap<String, usize> = BTreeMap::new();
        each(&folder, "codebook", |row| {
            *entries.entry(row.text("grammar").expect("a grammar").to_owned()).or_default() += 1
        });
        entries
    };
    let before = codebook();
    archive.convert(&[&LOAD[..], &["--grammar", "own.toml"]].concat());
    seen(&folder);
    assert_eq!(codebook().get("own-2021"), before.get("gid-2021"));
    // Without it, what older reports may need stays.
    archive.convert(&LOAD);
    seen(&folder).check(&archive.seen(), "without it");
    assert_eq!(codebook().len(), 3);
}

#[test]
fn figures_that_the_column_has_no_room_for() {
    #[track_caller]
    fn check(figure: &str, kind: &str, value: Option<&str>, warning: Option<&str>) {
        let desk = Desk::new();
        desk.put("page.txt", desk::PAGE.replace("12.50", figure));
        desk.check(&["convert", "page.txt", "-o", "x.parquet"], b"", 0, "", "1 input");
        let folder = desk.path().join("x.parquet");
        let mut cells = 0;
        each(&folder, "cells", |row| {
            if row.text("column_id") == Some("amount") {
                let got = (row.text("kind"), row.decimal("value"), row.text("raw"));
                assert_eq!(got, (Some(kind), value.map(str::to_owned), Some(figure)));
                cells += 1;
            }
        });
        assert_eq!(cells, 1);
        let mut warned = Vec::new();
        each(&folder, "findings", |row| {
            if row.text("code") == Some("GK342") {
                assert_eq!(row.text("message"), warning);
                warned.push([row.text("row_id"), row.text("found")].map(|text| text.unwrap_or("").to_owned()));
            }
        });
        let expected = warning.map(|_| ["administrative_fees", figure].map(str::to_owned));
        assert_eq!(warned, expected.into_iter().collect::<Vec<_>>());
        // The counts tell of it, so that the next run finds its rows.
        assert_eq!(unchanged(&desk.run(&["convert", "page.txt", "-o", "x.parquet"], b"")), 1);
    }
    let large = "12345678901234567890123456789";
    let words =
        |figure: &str| format!("the figure {figure} has no room in a column of decimal(38, 10), which is left empty");
    check(large, "text", None, Some(&words(large)));
    check("0.00000000001", "text", None, Some(&words("0.00000000001")));
    let fits = "1234567890123456789012345678.0123456789";
    check(fits, "number", Some(fits), None);
    check("-12.5", "number", Some("-12.5000000000"), None);
}

/// What stands there was not written by gongkai, or can't be read: one line, and nothing is touched.
#[test]
fn folders_that_are_not_ours() {
    #[track_caller]
    fn check(desk: &Desk, prepare: impl FnOnce(&Path), words: &str) {
        let folder = desk.path().join("x.parquet");
        let _ = fs::remove_dir_all(&folder);
        let _ = fs::remove_file(&folder);
        prepare(&folder);
        let before = folder.is_dir().then(|| content(&folder));
        for more in [&[][..], &["--prune"]] {
            let line = format!("gongkai: cannot write x.parquet: {words}\n");
            desk.check(&[&["convert", "page.txt", "-o", "x.parquet"], more].concat(), b"", 2, "", &line);
        }
        assert!(folder.is_dir().then(|| content(&folder)) == before);
        assert_eq!(beside(desk), ["page.txt", "sound.parquet", "x.parquet"].map(PathBuf::from));
    }
    let desk = Desk::with_page();
    desk.check(&["convert", "page.txt", "-o", "sound.parquet"], b"", 0, "", "1 input");
    let sound = desk.path().join("sound.parquet");
    let copy = |folder: &Path| {
        fs::create_dir(folder).expect("a folder");
        FILES.iter().for_each(|file| {
            let file = format!("{file}.parquet");
            _ = fs::copy(sound.join(&file), folder.join(&file)).expect("a copy");
        });
    };
    let foreign = "it holds something that gongkai did not write; give another name";
    let damaged = "what it has can't be read again; convert everything anew with `--force`";
    check(&desk, |folder| fs::write(folder, "mine").expect("a file"), "it is a file, not a folder; give another name");
    let mine = |name: &str| {
        let name = name.to_owned();
        move |folder: &Path| fs::create_dir(folder).and_then(|()| fs::write(folder.join(name), "mine")).expect("a file")
    };
    check(&desk, mine("notes.txt"), foreign);
    check(&desk, mine("reports.parquet"), foreign);
    let written = |folder: &Path, version: Option<&str>| {
        copy(folder);
        let cells = folder.join("cells.parquet");
        let reader =
            ParquetRecordBatchReaderBuilder::try_new(File::open(&cells).expect("a file")).expect("a file of Parquet");
        let schema = reader.schema().clone();
        let keys = version.map(|version| vec![KeyValue::new("gongkai.tables".to_owned(), version.to_owned())]);
        let properties = WriterProperties::builder().set_key_value_metadata(keys).build();
        let writer = ArrowWriter::try_new(File::create(&cells).expect("a file"), schema, Some(properties));
        writer.and_then(ArrowWriter::close).expect("a file of Parquet");
    };
    check(&desk, |folder| written(folder, None), foreign);
    // No rows, where there should be some.
    check(&desk, |folder| written(folder, Some("1")), damaged);
    check(
        &desk,
        |folder| written(folder, Some("99")),
        "a newer gongkai wrote it (version 99 of the tables); install that one",
    );
    let cut = |folder: &Path| {
        copy(folder);
        fs::write(folder.join("sections.parquet"), "half").expect("a file");
    };
    check(&desk, cut, damaged);
    let gone = |folder: &Path| {
        copy(folder);
        fs::remove_file(folder.join("statements.parquet")).expect("a file");
    };
    check(&desk, gone, damaged);
    desk.check(&["convert", "page.txt", "-o", "x.parquet", "--force"], b"", 0, "", "1 input");
    seen(&desk.path().join("x.parquet"));
    // An empty folder is as good as none, and a link stays one.
    fs::create_dir(desk.path().join("y.parquet")).expect("a folder");
    desk.check(&["convert", "page.txt", "-o", "y.parquet/"], b"", 0, "", "1 input");
    assert_eq!(seen(&desk.path().join("y.parquet")).count(), 1);
    desk.check(
        &["convert", "page.txt", "-o", "none/y.parquet"],
        b"",
        2,
        "",
        "the folder none does not exist; create it first",
    );
}

/// A disk of its own, where the system allows that.
#[cfg(target_os = "linux")]
struct Disk(PathBuf);

#[cfg(target_os = "linux")]
impl Disk {
    fn mount(at: &Path, size: &str) -> Option<Disk> {
        fs::create_dir(at).expect("a folder");
        let disk = Disk(at.to_owned());
        disk.option(&format!("size={size}")).then_some(disk)
    }

    fn option(&self, option: &str) -> bool {
        let output = Command::new("mount").args(["-t", "tmpfs", "-o", option, "none"]).arg(&self.0).output();
        output.is_ok_and(|output| output.status.success())
    }
}

#[cfg(target_os = "linux")]
impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

#[cfg(target_os = "linux")]
#[test]
#[allow(clippy::print_stderr)] // a test that was not run has to say so
fn a_full_disk_leaves_the_folder_as_it_was() {
    let archive = Archive::new(60);
    let desk = &archive.desk;
    let Some(disk) = Disk::mount(&desk.path().join("disk"), "128k") else {
        eprintln!("SKIPPED: no disk can be mounted here, so none was filled");
        return;
    };
    desk.put("page.txt", desk::PAGE);
    let folder = desk.path().join("disk/x.parquet");
    archive.convert(&["page.txt", "-o", "disk/x.parquet"]);
    let before = content(&folder);
    for _ in 0..2 {
        let line = "gongkai: cannot write disk/x.parquet: No space left on device\n";
        desk.check(&["convert", "in", "-o", "disk/x.parquet"], b"", 2, "", line);
        assert!(content(&folder) == before);
        assert_eq!(fs::read_dir(desk.path().join("disk")).expect("a folder").count(), 1, "something is left behind");
    }
    assert!(disk.option("remount,size=64m"));
    archive.convert(&["in", "-o", "disk/x.parquet", "--prune"]);
    seen(&folder).check(&archive.seen(), "a larger disk");

    // A disk that can't be written.
    assert!(disk.option("remount,ro"));
    assert_eq!(archive.convert(&["in", "-o", "disk/x.parquet"]), 60);
    let line = "gongkai: cannot write disk/x.parquet: Read-only file system\n";
    desk.check(&["convert", "page.txt", "-o", "disk/x.parquet"], b"", 2, "", line);
    desk.check(&["convert", "page.txt", "-o", "disk/y.parquet"], b"", 2, "", &line.replace("x.", "y."));
}
