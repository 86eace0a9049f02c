//! `gongkai bench`: its table, its data, and what it says of inputs that can't be measured. How fast anything is, is not tested.

#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod desk;

use desk::{Desk, PAGE};
use serde_json::Value;

const STAGES: [&str; 8] = ["read", "hash", "decode", "layout", "bind", "check", "encode", "whole"];

fn desk() -> Desk {
    let desk = Desk::with_page();
    for number in 0..40 {
        desk.put(&format!("in/{number:02}.txt"), PAGE);
    }
    desk
}

/// The first word of each row of the table, and how many columns it has.
fn rows(text: &str) -> Vec<(String, usize)> {
    let table = text.split("\n\n").nth(1).expect("a table");
    let rows = table.lines().skip(1).map(|row| row.split_whitespace().collect::<Vec<_>>());
    rows.map(|row| (row[0].to_owned(), row.len())).collect()
}

#[test]
fn a_table() {
    let desk = desk();
    let text = |arguments: &[&str]| {
        let output = desk.run(&[&["bench", "in", "--rounds", "2"], arguments].concat(), b"");
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let two = text(&["--jobs", "2"]);
    assert!(two.starts_with("40 reports, 0.0 MB; 2 rounds, medians\n\nstage "), "{two}");
    assert!(two.contains("  MB/s, 1 thread  reports/s  MB/s, 2 threads  reports/s "), "{two}");
    assert!(two.contains(" MB of JSON, ") && two.ends_with(" times the input\n"), "{two}");
    let columns = |stage: &str, all: usize| if stage == "whole" { all - 1 } else { all };
    assert_eq!(rows(&two), STAGES.map(|stage| (stage.to_owned(), columns(stage, 7))));
    let one = text(&["--jobs", "1"]);
    assert!(!one.contains("threads"), "{one}");
    assert_eq!(rows(&one), STAGES.map(|stage| (stage.to_owned(), columns(stage, 4))));
    let chinese = text(&["--lang", "zh", "--jobs", "2"]);
    assert!(chinese.starts_with("40 份报告，0.0 MB；2 轮，取中位数\n\n阶段 "), "{chinese}");

    let first = text(&["--sample-bytes", "1KB", "--jobs", "1"]);
    let count = 1000usize.div_ceil(PAGE.len());
    assert!(first.starts_with(&format!("the first {count} reports, 0.0 MB (--sample-bytes); ")), "{first}");
}

#[test]
fn data() {
    let desk = desk();
    let output = desk.run(&["bench", "in", "--rounds", "3", "--jobs", "2", "--format", "jsonl", "--lang", "zh"], b"");
    let lines: Vec<Value> = String::from_utf8(output.stdout)
        .expect("UTF-8")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let json = desk.run(&["convert", "in", "--lang", "zh"], b"").stdout.len() - 40;
    assert_eq!(lines.len(), 2 * STAGES.len());
    for (index, line) in lines.iter().enumerate() {
        assert_eq!(line["stage"], STAGES[index % STAGES.len()]);
        assert_eq!(line["threads"], 1 + index / STAGES.len());
        assert_eq!((&line["reports"], &line["rounds"]), (&40.into(), &3.into()));
        assert_eq!(line["bytes_in"], 40 * PAGE.len());
        let makes = matches!(STAGES[index % STAGES.len()], "encode" | "whole");
        assert_eq!(line["bytes_out"], if makes { json.into() } else { Value::Null });
        let (seconds, speed) = (line["seconds"].as_f64(), line["mb_per_second"].as_f64());
        let (seconds, speed) = (seconds.expect("seconds"), speed.expect("a speed"));
        let bytes = 40.0 * PAGE.len() as f64;
        assert!(seconds > 0.0 && (seconds * speed * 1e6 / bytes - 1.0).abs() < 1e-9, "{line}");
    }
    let shares: f64 = lines[..7].iter().filter_map(|line| line["share"].as_f64()).sum();
    assert!((shares - 1.0).abs() < 1e-9 && lines[7]["share"].is_null());
}

#[test]
fn inputs() {
    let desk = desk();
    let bench = ["bench", "--rounds", "1", "--jobs", "1"];
    let check = |arguments: &[&str], stdin: &[u8], status, stdout: &str, stderr: &str| {
        desk.check(&[&bench, arguments].concat(), stdin, status, stdout, stderr);
    };
    check(&["-"], PAGE.as_bytes(), 0, "1 report, 0.0 MB; 1 round, medians\n", "");
    check(&["-"], b"", 0, "1 report, 0.0 MB; ", "");
    check(&["page.txt", "none"], b"", 1, "1 report, ", "gongkai: cannot read none: No such file or directory\n");
    check(&["none"], b"", 2, "", "\ngongkai: none of the inputs could be read; there is nothing to measure\n");
    check(&["-", "-"], b"", 2, "", "standard input `-` can be given only once");
    check(
        &["page.txt", "--sample-bytes", "much"],
        b"",
        2,
        "",
        "use a number of bytes such as 1000000, 64MB, 64MiB or 1G",
    );
    check(&["page.txt", "--no-check", "--provenance"], b"", 0, "check", "");
    std::fs::create_dir(desk.path().join("empty")).expect("a folder");
    check(&["empty"], b"", 2, "", "nothing to read");
}
