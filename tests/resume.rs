//! Runs that are killed, interrupted, repeated, or run out of disk: in the end the destination is byte for byte that of one
//! undisturbed run, and what was done is not done again.
//!
//! `KILLS=200 cargo test --release --test resume` kills more often.

#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod desk;
#[cfg(target_os = "linux")]
mod disk;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use desk::{Desk, PAGE, interrupt, wait_until};
#[cfg(target_os = "linux")]
use disk::Disk;

/// Every kind of destination with files of its own.
const KINDS: &[&str] = &["x.jsonl", "x.jsonl.gz", "x.jsonl.zst", "x.csv", "x.csv.zst", "out/"];

/// A desk with so many inputs, some of them reports.
fn archive(count: usize) -> Desk {
    let desk = Desk::new();
    for number in 0..count {
        desk.put(&format!("in/{:02}/{number:04}.txt", number % 7), text(number));
    }
    desk
}

fn text(number: usize) -> String {
    match number % 3 {
        0 => PAGE.replace("12.50", &format!("{number}.25")),
        1 => format!("{number} 全年主动公开政府信息，并按期答复。\n").repeat(number % 50 + 1),
        _ => format!("{number}\n"),
    }
}

/// What a destination holds: of a folder every file that is not hidden.
fn content(desk: &Desk, name: &str) -> BTreeMap<String, Vec<u8>> {
    let path = desk.path().join(name);
    let files = if path.is_dir() {
        let below = desk.files().into_iter().filter(|file| file.starts_with(name) && !file.contains("/."));
        below.collect()
    } else {
        vec![name.to_owned()]
    };
    files.into_iter().map(|file| (file.clone(), fs::read(desk.path().join(file)).expect("a file"))).collect()
}

/// The hidden files that belong to a destination.
fn hidden(desk: &Desk, name: &str) -> [PathBuf; 3] {
    ["part", "journal", "manifest"].map(|ending| {
        let own = if name.ends_with('/') { format!("{name}.gongkai.{ending}") } else { format!(".{name}.{ending}") };
        desk.path().join(own)
    })
}

fn remove(desk: &Desk, name: &str) {
    let _ = fs::remove_file(desk.path().join(name));
    let _ = fs::remove_dir_all(desk.path().join(name));
    hidden(desk, name).iter().for_each(|path| _ = fs::remove_file(path));
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs to the end, and gives how many inputs were unchanged.
#[track_caller]
fn whole(desk: &Desk, arguments: &[&str]) -> usize {
    let output = desk.run(arguments, b"");
    assert!(output.status.success(), "{arguments:?}: {}", words(&output));
    unchanged(&output)
}

fn unchanged(output: &Output) -> usize {
    let words = words(output);
    let before = words.split(" unchanged").next().and_then(|before| before.rsplit(' ').next());
    before.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("no count: {words}"))
}

/// How many texts the whole lines of a journal tell.
fn journaled(path: &Path) -> usize {
    let journal = fs::read_to_string(path).unwrap_or_default();
    let lines = journal.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    lines.map(|line| line.matches("\"sha256\"").count()).sum()
}

/// A generator of our own, so that a failure can be met again.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end.max(1)
    }
}

#[test]
fn killed_runs_end_as_if_nothing_had_been() {
    let kills: u64 = std::env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(24);
    let desk = archive(700);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut gone_on = 0;
    for name in ["x.jsonl", "x.jsonl.zst", "x.csv", "out/"] {
        let arguments = ["convert", "in", "-o", name, "--jobs", "2"];
        let begun = Instant::now();
        whole(&desk, &arguments);
        let time = begun.elapsed().as_micros() as u64;
        let expected = content(&desk, name);
        let [_, journal, _] = hidden(&desk, name);
        let mut killed = 0;
        while killed < kills.div_ceil(4) {
            remove(&desk, name);
            // Once in a while there is an older result, whose inputs were others.
            if random.below(2) == 0 {
                desk.put("in/00/0000.txt", "other");
                whole(&desk, &arguments);
                desk.put("in/00/0000.txt", text(0));
            }
            for _ in 0..=random.below(3) {
                let mut child = desk.command(&arguments).spawn().expect("the binary");
                sleep(Duration::from_micros(random.below(time)));
                child.kill().expect("a kill");
                child.wait().expect("an end");
                killed += 1;
            }
            let done = journaled(&journal);
            let unchanged = whole(&desk, &arguments);
            assert!(unchanged >= done, "{name}: {unchanged} of {done} were kept");
            gone_on += usize::from(done > 0);
            assert!(content(&desk, name) == expected, "{name} differs after {killed} kills");
            assert_eq!(hidden(&desk, name).map(|path| path.exists()), [false, false, true]);
        }
    }
    assert!(gone_on > 0, "every run was killed too early or too late");
}

#[test]
fn a_second_run_does_nothing() {
    let desk = archive(150);
    for name in KINDS {
        let arguments = ["convert", "in", "-o", name];
        assert_eq!(whole(&desk, &arguments), 0);
        let state = |desk: &Desk| -> Vec<_> {
            let files = content(desk, name).into_keys().map(|file| desk.path().join(file)).chain(hidden(desk, name));
            files.map(|file| file.metadata().and_then(|metadata| metadata.modified()).ok()).collect()
        };
        let before = state(&desk);
        let output = desk.run(&[&arguments[..], &["--jobs", "1"]].concat(), b"");
        assert_eq!(unchanged(&output), 150);
        assert!(words(&output).starts_with(&format!("{name} is up to date; nothing was written\n150 inputs = ")));
        assert!(state(&desk) == before, "{name} was touched");
        // The same without an old result, and by other options another one.
        assert_eq!(whole(&desk, &[&arguments[..], &["--force"]].concat()), 0);
        assert_eq!(whole(&desk, &[&arguments[..], &["--no-check"]].concat()), 0);
        assert_eq!(whole(&desk, &arguments), 0);
    }
    // What somebody else has changed is not gone on from.
    desk.put("x.jsonl", "mine\n");
    assert_eq!(whole(&desk, &["convert", "in", "-o", "x.jsonl"]), 0);
    assert_eq!(desk.get("x.jsonl").lines().count(), 150);
    fs::write(desk.path().join("out/00/0000.json"), "mine").expect("a file");
    assert_eq!(whole(&desk, &["convert", "in", "-o", "out/"]), 149);
    assert!(desk.get("out/00/0000.json").contains("gongkai.report.v1"));
}

#[test]
fn only_what_differs_is_converted() {
    let desk = archive(140);
    for name in KINDS {
        whole(&desk, &["convert", "in", "-o", name]);
    }
    let again = |inputs: &[&str], expected: usize| {
        for name in KINDS {
            let fresh = if name.ends_with('/') { "fresh/".to_owned() } else { format!("fresh.{}", &name[2..]) };
            remove(&desk, &fresh);
            let (convert, output) = (["convert"], ["-o", &fresh]);
            whole(&desk, &[&convert[..], inputs, &output].concat());
            let unchanged = whole(&desk, &[&convert[..], inputs, &["-o", name]].concat());
            // In a folder, a file is known by its place as well.
            assert!(unchanged == expected || (name.ends_with('/') && inputs.len() > 1), "{name}: {unchanged}");
            let (expected, got) = (content(&desk, &fresh), content(&desk, name));
            for ((name, expected), (_, got)) in expected.iter().zip(&got) {
                assert!(expected == got || name.ends_with(".json"), "{name} differs");
            }
            // The files of inputs that are gone stay in a folder.
            for (file, expected) in expected.iter().filter(|(file, _)| file.ends_with(".json")) {
                let own = file.replacen("fresh/", name, 1);
                assert!(got.get(&own) == Some(expected), "{own} differs");
            }
            assert_eq!(whole(&desk, &[&convert[..], inputs, &["-o", name]].concat()), expected_all(inputs, &desk));
        }
    };
    desk.put("in/03/0073.txt", "changed");
    again(&["in"], 139);
    desk.put("in/00/000.txt", "new, and before all others");
    again(&["in"], 140);
    fs::remove_file(desk.path().join("in/05/0005.txt")).expect("a file");
    again(&["in"], 140);
    fs::remove_dir_all(desk.path().join("in/06")).expect("a folder");
    again(&["in"], 120);
    // The same text twice, and another order.
    again(&["in/02", "in/01", "in/02"], 60);
    desk.put("in/02/0002", "it takes the plain name in a folder");
    again(&["in/02", "in/01", "in/02"], 60);
}

fn expected_all(inputs: &[&str], desk: &Desk) -> usize {
    let files = desk.files();
    inputs.iter().map(|input| files.iter().filter(|file| file.starts_with(&format!("{input}/"))).count()).sum()
}

#[test]
fn what_is_left_behind_is_understood() {
    let desk = archive(200);
    for name in ["x.jsonl", "x.jsonl.zst", "x.csv"] {
        let arguments = ["convert", "in", "-o", name];
        whole(&desk, &arguments);
        let expected = content(&desk, name);
        let [part, journal, manifest] = hidden(&desk, name);
        let to = desk.path().join(name);
        let time = to.metadata().and_then(|metadata| metadata.modified()).expect("a time");

        // Killed between the two last steps: the destination is in its place, its journal is not.
        fs::rename(&manifest, &journal).expect("a move");
        assert_eq!(whole(&desk, &arguments), 200);
        assert_eq!(to.metadata().and_then(|metadata| metadata.modified()).expect("a time"), time);
        assert!(manifest.exists() && !journal.exists());

        // Before the first of them.
        fs::rename(&manifest, &journal).and_then(|()| fs::rename(&to, &part)).expect("a move");
        assert_eq!(whole(&desk, &arguments), 200);
        assert!(content(&desk, name) == expected);

        // Half a line in the journal, half a batch in the part, and bytes that the disk never got.
        let whole_journal = fs::read(&manifest).expect("a file");
        let lines: Vec<usize> = memchr::memchr_iter(b'\n', &whole_journal).collect();
        let cut = (lines[2] + lines[3]) / 2;
        fs::write(&journal, &whole_journal[..cut]).expect("a file");
        fs::remove_file(&manifest).and_then(|()| fs::rename(&to, &part)).expect("a move");
        let done = journaled(&journal);
        assert_eq!(whole(&desk, &arguments), done);
        assert!(content(&desk, name) == expected && done > 0);

        fs::rename(&manifest, &journal).and_then(|()| fs::rename(&to, &part)).expect("a move");
        let mut bytes = fs::read(&part).expect("a file");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&part, &bytes).expect("a file");
        let unchanged = whole(&desk, &arguments);
        assert!(content(&desk, name) == expected && unchanged < 200 && unchanged > 0, "{unchanged}");

        // Of a run with other options, or none at all.
        for left in ["{}\n", "", "no journal"] {
            fs::write(&journal, left).expect("a file");
            fs::write(&part, "no part").expect("a file");
            assert_eq!(whole(&desk, &arguments), 200);
            assert_eq!(hidden(&desk, name).map(|path| path.exists()), [false, false, true]);
        }
    }
}

#[test]
fn packed_bytes_are_the_same_for_any_number_of_jobs() {
    let desk = archive(300);
    for name in KINDS {
        let mut all = ["1", "2", "7"].map(|jobs| {
            remove(&desk, name);
            whole(&desk, &["convert", "in", "-o", name, "--jobs", jobs, "--memory", "64K"]);
            content(&desk, name)
        });
        all.sort();
        assert!(all[0] == all[2], "{name} differs");
    }
    let plain = fs::read(desk.path().join("x.jsonl")).expect("a file");
    let unpacked = zstd::decode_all(&fs::read(desk.path().join("x.jsonl.zst")).expect("a file")[..]);
    assert!(unpacked.expect("Zstandard") == plain);
    let output = desk.run(&["convert", "in", "--to", "jsonl.zst"], b"");
    assert!(zstd::decode_all(&output.stdout[..]).expect("Zstandard") == plain);
}

#[test]
fn two_runs_do_not_mix() {
    let desk = Desk::with_page();
    for name in KINDS {
        let arguments = ["convert", "-", "-o", name];
        let mut first = desk.command(&arguments).stdin(Stdio::piped()).spawn().expect("the binary");
        let [_, journal, _] = hidden(&desk, name);
        wait_until(&mut first, || journal.exists());
        let line = format!("gongkai: cannot write {name}: another run is writing it; wait for that to end\n");
        desk.check(&["convert", "page.txt", "-o", name], b"", 2, "", &line);
        drop(first.stdin.take());
        assert!(first.wait().expect("an end").success());
        assert_eq!(whole(&desk, &["convert", "page.txt", "-o", name]), 0);
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_goes_on() {
    let desk = archive(1500);
    for name in ["x.jsonl.gz", "out/"] {
        let arguments = ["convert", "in", "-o", name, "--jobs", "2"];
        let mut child = desk.command(&arguments).spawn().expect("the binary");
        let [_, journal, manifest] = hidden(&desk, name);
        wait_until(&mut child, || journaled(&journal) > 0);
        interrupt(&child);
        let output = child.wait_with_output().expect("an end");
        let said = words(&output);
        assert_eq!(output.status.code(), Some(130), "{said}");
        let done = journaled(&journal);
        assert!(said.ends_with(&format!("interrupted; inputs done: {done}; the same command goes on from there\n")));
        assert!(!manifest.exists() && (name.ends_with('/') || !desk.path().join(name).exists()));
        assert_eq!(whole(&desk, &arguments), done);
        let got = content(&desk, name);
        remove(&desk, name);
        whole(&desk, &arguments);
        assert!(got == content(&desk, name), "{name} differs");
    }

    // Standard output ends after a whole line.
    let mut child = desk.command(&["convert", "in", "--quiet"]).spawn().expect("the binary");
    let mut first = [0; 100];
    let mut out = child.stdout.take().expect("a pipe");
    out.read_exact(&mut first).expect("a beginning");
    interrupt(&child);
    let mut rest = Vec::new();
    out.read_to_end(&mut rest).expect("an end");
    assert_eq!(child.wait().expect("an end").code(), Some(130));
    assert!(rest.ends_with(b"}\n"));

    // A second one ends it wherever it is.
    let mut child = desk.command(&["convert", "-", "-o", "y.jsonl"]).stdin(Stdio::piped()).spawn().expect("the binary");
    wait_until(&mut child, || desk.path().join(".y.jsonl.journal").exists());
    interrupt(&child);
    let mut said = [0; 20];
    child.stderr.as_mut().expect("a pipe").read_exact(&mut said).expect("words");
    interrupt(&child);
    assert_eq!(child.wait().expect("an end").code(), Some(130));
}

#[cfg(target_os = "linux")]
#[test]
#[allow(clippy::print_stderr)] // a test that was not run has to say so
fn a_full_disk_costs_nothing_that_was_done() {
    let desk = archive(600);
    let Some(disk) = Disk::mount(&desk.path().join("disk"), "256k") else {
        eprintln!("SKIPPED: no disk can be mounted here, so none was filled");
        return;
    };
    whole(&desk, &["convert", "in", "-o", "x.jsonl"]);
    let expected = content(&desk, "x.jsonl").into_values().next();
    desk.put("disk/x.jsonl", "old\n");
    let arguments = ["convert", "in", "-o", "disk/x.jsonl"];
    for _ in 0..2 {
        let line = "gongkai: cannot write disk/x.jsonl: No space left on device\n";
        let output = desk.run(&arguments, b"");
        assert_eq!((output.status.code(), words(&output).as_str()), (Some(2), line));
        assert_eq!(desk.get("disk/x.jsonl"), "old\n");
    }
    let done = journaled(&desk.path().join("disk/.x.jsonl.journal"));
    assert!(done > 0 && disk.option("remount,size=64m"));
    assert_eq!(whole(&desk, &arguments), done);
    assert!(content(&desk, "disk/x.jsonl").into_values().next() == expected);

    // A disk that can't be written.
    assert!(disk.option("remount,ro"));
    desk.check(
        &["convert", "in", "-o", "disk/x.jsonl"],
        b"",
        0,
        "",
        "disk/x.jsonl is up to date; nothing was written\n",
    );
    for name in ["disk/y.jsonl", "disk/out/"] {
        let line = format!("gongkai: cannot write {name}: Read-only file system\n");
        desk.check(&["convert", "in", "-o", name], b"", 2, "", &line);
    }
    desk.check(&["convert", "in/00", "-o", "disk/x.jsonl"], b"", 2, "", "x.jsonl: Read-only file system\n");
}
