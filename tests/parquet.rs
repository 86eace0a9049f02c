//! Reports in Parquet: every figure once, whatever happens on the way.
//!
//! `REPORTS=20000 KILLS=20 cargo test --release --test parquet` does it at full size.

#![cfg(feature = "parquet")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod databases;
mod desk;
mod folder;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use databases::{Archive, Random, kills, reports, words};
use desk::{Desk, interrupt};
use folder::{FILES, beside, content, each, loads, numbers, paths, seen};

const LOAD: [&str; 3] = ["in", "-o", "x.parquet"];

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
    interrupt(&child);
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
