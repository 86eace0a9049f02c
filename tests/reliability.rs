//! What must hold when things get large or odd: many files, long lines, bytes that are no text. Killed and full-disk runs: `resume`.

#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods)] // files are what it is about

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn gongkai(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    command.args(arguments).current_dir(folder).env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "C");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[track_caller]
fn succeeds(command: &mut Command) -> Output {
    let output = command.output().expect("the binary");
    assert!(output.status.success(), "{:?}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    output
}

#[test]
fn many_files_come_in_order() {
    const FILES: usize = 20_000;
    let desk = tempfile::tempdir().expect("a folder");
    for number in 0..FILES {
        if number % 1000 == 0 {
            fs::create_dir_all(desk.path().join(format!("in/{:02}", number / 1000))).expect("a folder");
        }
        fs::write(desk.path().join(format!("in/{:02}/{number:05}.txt", number / 1000)), "年报\n").expect("a file");
    }
    let mut command = gongkai(&["convert", "in", "-o", "x.jsonl"], desk.path());
    let output = succeeds(&mut command);
    let summary = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        summary.starts_with("20000 inputs = 0 complete + 0 partial + 20000 unrecognized + 0 rejected + 0 unchanged"),
        "{summary}"
    );
    let lines = BufReader::new(fs::File::open(desk.path().join("x.jsonl")).expect("a file")).lines();
    let mut count = 0;
    for (number, line) in lines.enumerate() {
        let path = format!("\"path\":\"in/{:02}/{number:05}.txt\"", number / 1000);
        assert!(line.expect("a line").contains(&path), "{path}");
        count += 1;
    }
    assert_eq!(count, FILES);
}

/// Any bytes give a report, and soon.
#[track_caller]
fn check(name: &str, bytes: &[u8]) {
    let desk = tempfile::tempdir().expect("a folder");
    let path = desk.path().join(name);
    fs::File::create(&path).and_then(|mut file| file.write_all(bytes)).expect("a file");
    let begun = Instant::now();
    let output = succeeds(&mut gongkai(&["parse", name, "--compact"], desk.path()));
    assert!(
        output.stdout.starts_with(b"{\"schema\":\"gongkai.report.v1\"") && output.stdout.ends_with(b"}\n"),
        "{name}"
    );
    assert!(begun.elapsed() < Duration::from_secs(60), "{name}: {:?}", begun.elapsed());
}

#[test]
fn any_bytes_give_a_report() {
    let size = if cfg!(debug_assertions) { 30_000 } else { 300_000 };
    // A generator of our own: the test's bytes are the same everywhere.
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    let noise: Vec<u8> = (0..size).map(|_| random()).collect();
    check("noise", &noise);
    check("noise_lines", &noise.iter().map(|byte| if byte % 16 == 0 { b'\n' } else { *byte }).collect::<Vec<_>>());
    check("nul", &vec![0; size]);
    check("lines", &vec![b'\n'; size]);
    check("tabs", &vec![b'\t'; size]);
    check("digits", &vec![b'7'; size]);
    check("lines_of_digits", &b"7\n".repeat(size / 2));
    check("half_utf8", &"公".repeat(size / 3).as_bytes()[1..]);
    let page =
        "青石县2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n第二十条第（八）项\n行政事业性收费\t12.50\n";
    check("nul_between", &page.bytes().flat_map(|byte| [byte, 0]).collect::<Vec<_>>());
    for end in 0..page.len() {
        if end % 16 == 1 {
            check("cut", &page.as_bytes()[..end]);
        }
    }
}

#[test]
fn one_long_line_is_read() {
    // Without optimization a hundredth of it takes as long as all of it with.
    let size = if cfg!(debug_assertions) { 1 << 20 } else { 100 << 20 };
    check("long_line", &"全年主动公开政府信息，".repeat(size / 33).into_bytes());
}
