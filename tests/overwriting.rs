//! No run destroys what it reads, nor what somebody else has put into a folder of results.

#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod desk;

use std::fs;

use desk::{Desk, PAGE};

#[test]
fn an_input_is_no_output() {
    let desk = Desk::with_page();
    desk.put("in/a.txt", PAGE);
    desk.put("grammar.toml", include_str!("../grammars/gid-2021.toml"));
    #[cfg(unix)]
    std::os::unix::fs::symlink("page.txt", desk.path().join("link.txt")).expect("a link");
    fs::hard_link(desk.path().join("page.txt"), desk.path().join("other.txt")).expect("a link");
    #[track_caller]
    fn check(desk: &Desk, arguments: &[&str], named: &str) {
        let line = format!(
            "gongkai: {named} is both an input and an output, which would destroy it; give the output another name\n"
        );
        let before: Vec<(String, String)> = desk.files().into_iter().map(|name| (desk.get(&name), name)).collect();
        desk.check(arguments, b"", 2, "", &line);
        let after: Vec<(String, String)> = desk.files().into_iter().map(|name| (desk.get(&name), name)).collect();
        assert!(before == after, "{arguments:?}");
    }
    check(&desk, &["convert", "page.txt", "-o", "page.txt", "--to", "jsonl"], "page.txt");
    check(&desk, &["convert", "page.txt", "-o", "in/../page.txt", "--to", "csv"], "page.txt");
    check(&desk, &["convert", "page.txt", "-o", "page.txt", "--to", "sqlite"], "page.txt");
    #[cfg(unix)]
    check(&desk, &["convert", "page.txt", "-o", "link.txt", "--to", "jsonl"], "page.txt");
    check(&desk, &["convert", "other.txt", "-o", "page.txt", "--to", "jsonl"], "other.txt");
    check(
        &desk,
        &["convert", "*.txt", "-o", "other.txt", "--to", "jsonl"],
        if cfg!(unix) { "link.txt" } else { "other.txt" },
    );
    check(&desk, &["convert", "page.txt", "-o", "x.jsonl", "--rejects", "page.txt"], "page.txt");
    check(&desk, &["convert", "page.txt", "-o", "x.jsonl", "--summary", "./page.txt"], "page.txt");
    check(&desk, &["check", "page.txt", "--write-baseline", "page.txt"], "page.txt");
    check(&desk, &["convert", "in", "-o", "in/"], "in");
    check(&desk, &["convert", "in/a.txt", "in", "-o", "./in", "--to", "dir"], "in");
    check(&desk, &["convert", "page.txt", "--grammar", "grammar.toml", "--rejects", "grammar.toml"], "grammar.toml");
    // What a walk meets is left out, as ever.
    desk.check(&["convert", "in", "-o", "in/all.jsonl", "-q"], b"", 0, "", "");
    desk.check(&["convert", "in", "-o", "in/all.jsonl"], b"", 0, "", "in/all.jsonl is up to date");
    desk.put("more/a.txt", PAGE);
    desk.check(&["convert", "more", "-o", "more/out/", "-q"], b"", 0, "", "");
    desk.check(&["convert", "more", "-o", "more/out/"], b"", 0, "", "more/out/ is up to date");
    desk.check(&["check", "page.txt", "--baseline", "b.json", "--write-baseline", "b.json"], b"", 2, "", "b.json");
    let chinese = ["convert", "page.txt", "-o", "x.jsonl", "--summary", "page.txt", "--lang", "zh"];
    desk.check(&chinese, b"", 2, "", "gongkai: page.txt 既是输入又是输出，写入会毁掉它；请为输出另取名称\n");
}

#[cfg(target_os = "linux")]
#[test]
fn nor_is_what_standard_streams_are() {
    let desk = Desk::with_page();
    let open = |write: bool| {
        let mut options = fs::OpenOptions::new();
        options.read(true).append(write).open(desk.path().join("page.txt")).expect("a file")
    };
    let output = desk.command(&["convert", "page.txt"]).stdout(open(true)).output().expect("the binary");
    assert_eq!(output.status.code(), Some(2));
    let mut command = desk.command(&["convert", "-", "-o", "page.txt", "--to", "jsonl"]);
    let output = command.stdin(open(false)).output().expect("the binary");
    let line = "gongkai: standard input is both an input and an output, which would destroy it; give the output another name\n";
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(2), line));
    assert_eq!(desk.get("page.txt"), PAGE);
}

#[test]
fn two_outputs_are_not_one_file() {
    let desk = Desk::with_page();
    desk.put("in/a.txt", PAGE);
    let check = |arguments: &[&str], named: &str| {
        let line = format!("gongkai: {named} is named for two outputs; give one of them another name\n");
        desk.check(&[&["convert", "page.txt"], arguments].concat(), b"", 2, "", &line);
    };
    check(&["-o", "x.jsonl", "--rejects", "x.jsonl"], "x.jsonl");
    check(&["-o", "x.jsonl", "--rejects", "./x.jsonl"], "./x.jsonl");
    check(&["-o", "x.jsonl", "--summary", "in/../x.jsonl"], "in/../x.jsonl");
}

#[test]
fn what_others_put_into_a_folder_stays() {
    let desk = Desk::new();
    desk.put("in/a.txt", PAGE);
    desk.put("in/b.txt", PAGE);
    desk.put("out/b.json", "mine");
    let line = |name: &str| {
        format!(
            "gongkai: cannot write {name}: a file that gongkai did not write stands there; move it away, or write to another folder\n"
        )
    };
    desk.check(&["convert", "in", "-o", "out/"], b"", 2, "", &line("out/b.json"));
    assert_eq!(desk.get("out/b.json"), "mine");
    desk.check(&["convert", "in", "-o", "out/", "--force"], b"", 2, "", &line("out/b.json"));
    // Beside its input, too.
    desk.put("in/a.json", PAGE);
    desk.check(&["convert", "in/a.txt", "-o", "in/"], b"", 2, "", &line("in/a.json"));
    assert_eq!(desk.get("in/a.json"), PAGE);
    fs::remove_file(desk.path().join("in/a.json")).expect("removed");
    fs::remove_file(desk.path().join("out/b.json")).expect("removed");
    desk.check(&["convert", "in", "-o", "out/", "-q"], b"", 0, "", "");
    // What gongkai wrote is written anew: with other options, after a run over other inputs, and where somebody changed it.
    desk.put("in/b.txt", "changed");
    desk.check(&["convert", "in", "-o", "out/", "-q", "--no-check"], b"", 0, "", "");
    desk.put("out/a.json", "changed");
    desk.check(&["convert", "in", "-o", "out/", "-q"], b"", 0, "", "");
    assert!(desk.get("out/a.json").contains("\"complete\"") || desk.get("out/a.json").contains("\"partial\""));
    desk.put("more/c.txt", PAGE);
    desk.check(&["convert", "more", "-o", "out/", "-q"], b"", 0, "", "");
    desk.check(&["convert", "in", "-o", "out/", "-q"], b"", 0, "", "");
}
