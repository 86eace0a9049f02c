//! What gave no report: the list of it, how much of it a run bears, and the counts of a run as JSON.

#![cfg(all(unix, feature = "cli"))]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod desk;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use desk::{Desk, PAGE};
use serde_json::{Value, json};

/// A folder with five inputs: two reports, two texts that are none, and a link that leads nowhere.
fn mixed() -> Desk {
    let desk = Desk::new();
    desk.put("in/a.txt", PAGE);
    desk.put("in/b.txt", "hello");
    desk.put("in/d.txt", "hello\n".repeat(12_000));
    desk.put("in/e.txt", PAGE);
    std::os::unix::fs::symlink("nowhere", desk.path().join("in/c.txt")).expect("a link");
    desk
}

fn rejects(desk: &Desk) -> Vec<Value> {
    desk.get("r.jsonl").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn paths(desk: &Desk) -> Vec<String> {
    rejects(desk).iter().map(|reject| reject["path"].as_str().expect("a path").to_owned()).collect()
}

#[test]
fn they_are_listed() {
    let desk = mixed();
    // The second run reads only what it must, not the list of the first one, and lists the same.
    let counts = ["2 partial + 2 unrecognized + 1 rejected + 0", "0 partial + 0 unrecognized + 1 rejected + 4"];
    for counts in counts {
        let arguments = ["convert", ".", "-o", "x.jsonl", "--rejects", "r.jsonl"];
        desk.check(&arguments, b"", 1, "", &format!("\n5 inputs = 0 complete + {counts} unchanged"));
        assert_eq!(rejects(&desk).len(), 3);
    }
    let found = rejects(&desk);
    assert_eq!(paths(&desk), ["./in/b.txt", "./in/c.txt", "./in/d.txt"]);
    let sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    let hello = json!({"path": "./in/b.txt", "record": null, "sha256": sha256, "reason": "no grammar fits",
        "code": "GK106", "size": 5, "bytes": STANDARD.encode("hello")});
    assert_eq!(found[0], hello);
    assert_eq!(found[1]["sha256"], Value::Null);
    assert!(found[1]["reason"].as_str().expect("a reason").contains("No such file"));
    assert_eq!((&found[2]["size"], &found[2]["bytes"]), (&json!(72_000), &Value::Null));
    let line = desk.get("r.jsonl");
    let order = r#"{"path":"./in/b.txt","record":null,"sha256":"#;
    assert!(line.starts_with(order), "{line}");
    // Those that are no report stand in the destination too.
    assert_eq!(desk.get("x.jsonl").lines().count(), 4);

    desk.check(&["convert", "in", "--rejects", "r.jsonl", "--lang", "zh"], b"", 1, "schema", "无法读取 in/c.txt");
    assert_eq!(rejects(&desk)[0]["reason"], "没有适用的格式");
    desk.check(&["convert", "in/a.txt", "-o", "x.jsonl", "--rejects", "r.jsonl"], b"", 0, "", "1 input = ");
    assert_eq!(desk.get("r.jsonl"), "");
    // Where nothing could be read, the list says why.
    desk.check(&["convert", "none", "-o", "x.jsonl", "--rejects", "r.jsonl"], b"", 2, "", "none of the inputs");
    assert_eq!(paths(&desk), ["none"]);
    desk.check(&["convert", "in", "--rejects", "no/r.jsonl"], b"", 2, "", "cannot write no/r.jsonl: the folder no");
    desk.check(&["convert", "in", "--rejects", "-"], b"", 2, "", "standard output is for reports");
    desk.check(
        &["convert", "in", "-o", "x.jsonl", "--rejects", "x.jsonl"],
        b"",
        2,
        "",
        "x.jsonl is named for two outputs",
    );
}

#[test]
fn a_run_bears_so_many() {
    let desk = mixed();
    #[track_caller]
    fn check(desk: &Desk, options: &[&str], status: i32, message: &str, listed: &[&str]) {
        for jobs in ["1", "3"] {
            desk.put("x.jsonl", "old");
            let arguments = ["convert", "in", "-o", "x.jsonl", "--rejects", "r.jsonl", "--jobs", jobs];
            desk.check(&[&arguments, options].concat(), b"", status, "", message);
            assert_eq!(desk.get("x.jsonl") == "old", status == 2, "{options:?}");
            assert_eq!(paths(desk), listed, "{options:?}");
        }
    }
    let all = ["in/b.txt", "in/c.txt", "in/d.txt"];
    check(&desk, &["--max-rejects", "3"], 1, "\n5 inputs = ", &all);
    check(&desk, &["--max-rejects", "60%"], 1, "\n5 inputs = ", &all);
    check(&desk, &["--on-reject", "skip"], 1, "\n5 inputs = ", &all);
    check(
        &desk,
        &["--max-rejects", "59.9%"],
        2,
        "gongkai: 3 of 5 inputs gave no report, more than --max-rejects 59.9%; see r.jsonl, mend them or allow more, and \
         run the same command again\n",
        &all,
    );
    check(
        &desk,
        &["--max-rejects", "1"],
        2,
        "gongkai: 2 inputs gave no report, more than --max-rejects 1: the run ends at in/c.txt; see r.jsonl, mend",
        &all[..2],
    );
    check(
        &desk,
        &["--max-rejects", "0", "--lang", "zh"],
        2,
        "gongkai: 已有 1 个输入没有得到报告，超过 --max-rejects 0，运行到 in/b.txt 结束；明细见 r.jsonl。",
        &all[..1],
    );
    check(
        &desk,
        &["--on-reject", "fail"],
        2,
        "gongkai: in/b.txt gave no report, which ends the run (--on-reject fail); see r.jsonl",
        &all[..1],
    );
    desk.check(
        &["convert", "in", "--max-rejects", "some"],
        b"",
        2,
        "",
        "use a number such as 100, or a share such as 5%",
    );
}

#[test]
fn the_counts_as_json() {
    let desk = mixed();
    desk.check(&["convert", "in", "-o", "x.jsonl", "--summary", "s.json", "--quiet"], b"", 1, "", "in/c.txt");
    let summary: Value = serde_json::from_str(&desk.get("s.json")).expect("JSON");
    let expected = json!({
        "schema": "gongkai.summary.v1", "version": env!("CARGO_PKG_VERSION"), "destination": "x.jsonl",
        "ended": "complete", "inputs": 5, "complete": 0, "partial": 2, "unrecognized": 2, "rejected": 1, "unchanged": 0,
        "findings": summary["findings"],
        "bytes_read": 2 * PAGE.len() + 5 + 72_000, "bytes_written": desk.get("x.jsonl").len(),
    });
    assert_eq!(summary, expected);
    assert!(summary["findings"]["errors"].as_u64() >= Some(2), "{summary}");

    desk.check(
        &["convert", "in", "-o", "x.csv", "--summary", "-"],
        b"",
        1,
        "\n  \"destination\": \"x.csv\",\n",
        "5 inputs",
    );
    desk.check(
        &["convert", "in", "--summary", "-"],
        b"",
        2,
        "",
        "standard output is for reports; give `--summary` a file",
    );
    let few = ["convert", "in", "-o", "x.jsonl", "--summary", "-", "--max-rejects", "5%"];
    desk.check(&few, b"", 2, "\"ended\": \"too_many_rejects\"", "3 of 5 inputs");
    desk.check(&["convert", "none", "-o", "x.jsonl", "--summary", "-"], b"", 2, "\"ended\": \"nothing_read\"", "none");
}

/// What a destination has after a run with too many rejects: nothing from behind the stop, and nothing new that is empty.
#[test]
fn a_run_that_ends_early_writes_nothing_behind_its_end() {
    let desk = Desk::new();
    for index in 0..300 {
        desk.put(&format!("in/{index:03}.txt"), PAGE);
    }
    desk.put("in/200.txt", "no report");
    let options = ["--max-rejects", "0", "--summary", "s.json", "--quiet"];
    #[track_caller]
    fn check(desk: &Desk, to: &[&str], options: &[&str]) -> (usize, u64) {
        let output = desk.run(&[&["convert", "in"], to, options].concat(), b"");
        assert_eq!(output.status.code(), Some(2), "{to:?}");
        let summary: Value = serde_json::from_str(&desk.get("s.json")).expect("JSON");
        assert_eq!(summary["inputs"], 201, "{to:?}");
        let lines = output.stdout.iter().filter(|byte| **byte == b'\n').count();
        let bytes = summary["bytes_written"].as_u64().expect("a number");
        assert!(output.stdout.is_empty() || output.stdout.len() as u64 == bytes, "{to:?}");
        (lines, bytes)
    }
    // Whole batches alone are written, and they depend on the inputs alone.
    let (lines, _) = check(&desk, &[], &options);
    assert!(lines > 0 && lines <= 200, "{lines}");
    assert_eq!(check(&desk, &["--jobs", "1"], &options).0, lines);
    let (_, bytes) = check(&desk, &["-o", "out/"], &options);
    let files = || desk.files().into_iter().filter(|name| name.starts_with("out/") && name.ends_with(".json"));
    assert_eq!(files().count(), lines);
    assert_eq!(files().map(|name| desk.get(&name).len() as u64).sum::<u64>(), bytes);
    assert!(files().all(|name| *name < *"out/200.json"));
    // These stay as they were.
    assert_eq!(check(&desk, &["-o", "x.jsonl"], &options), (0, 0));
    assert!(!desk.path().join("x.jsonl").exists());
    #[cfg(feature = "parquet")]
    {
        assert_eq!(check(&desk, &["-o", "x.parquet/"], &options), (0, 0));
        assert!(!desk.path().join("x.parquet").exists());
    }
    #[cfg(feature = "sqlite")]
    {
        assert_eq!(check(&desk, &["-o", "x.db"], &options), (0, 0));
        assert!(!desk.files().iter().any(|name| name.contains("x.db")), "{:?}", desk.files());
    }
    // What is new and would be empty is not left behind.
    let desk = Desk::new();
    desk.put("few/a.txt", "no report");
    desk.put("few/b.txt", PAGE);
    let mut destinations = vec!["few.out/", "few.jsonl"];
    #[cfg(feature = "sqlite")]
    destinations.push("few.db");
    #[cfg(feature = "parquet")]
    destinations.push("few.parquet/");
    for destination in destinations {
        desk.check(&["convert", "few", "-o", destination, "--on-reject", "fail"], b"", 2, "", "few/a.txt");
        assert!(!desk.files().iter().any(|name| name.contains("few.")), "{:?}", desk.files());
        assert!(!desk.path().join(destination).exists());
    }
    desk.check(&["convert", "few", "--on-reject", "fail"], b"", 2, "", "few/a.txt");
}
