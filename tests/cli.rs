//! The binary from outside: arguments, standard input, files; exit status, standard output, standard error.

#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod desk;

use std::fs;
use std::io::Read;

use desk::{Desk, PAGE};
use gongkai::grammar::Grammars;
use gongkai::report::Code;
use gongkai_corpus::{Edition, Layout, Recipe, Size};

fn generated(seed: u64) -> String {
    gongkai_corpus::write(&Recipe { size: Size::Short, ..Recipe::random(seed) }).text
}

#[test]
fn parse() {
    let desk = Desk::with_page();
    desk.check(&["parse", "page.txt"], b"", 0, "\n  \"status\": \"partial\",\n", "");
    desk.check(&["parse", "./page.txt"], b"", 0, "\"path\": \"./page.txt\"", "");
    desk.check(&["parse", "-", "--compact"], PAGE.as_bytes(), 0, "\"administrative_fees\":{\"amount\":12.5}", "");
    desk.check(&["parse", "--compact"], PAGE.as_bytes(), 0, "\"path\":\"-\"", "");
    desk.check(&["parse", "--compact", "--provenance"], PAGE.as_bytes(), 0, "\"raw\":\"12.50\"", "");
    desk.check(&["parse", "--compact", "--punctuation", "ascii"], PAGE.as_bytes(), 0, "全年主动公开信息,共二十条.", "");
    desk.check(&["parse", "--compact"], PAGE.as_bytes(), 0, "全年主动公开信息，共二十条。", "");
    desk.check(&["parse"], b"hello", 0, "\"status\": \"unrecognized\"", "");
    desk.check(&["parse"], b"", 0, "\"code\": \"GK104\"", "");
    let sha256 = "\"sha256\":\"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\",\"bytes\":5,";
    desk.check(&["parse", "--compact"], b"hello", 0, sha256, "");
    assert!(desk.run(&["parse", "page.txt"], b"").stdout.ends_with(b"}\n"));

    desk.check(&["parse", "none.txt"], b"", 2, "", "gongkai: cannot read none.txt: No such file or directory\n");
    desk.check(
        &["parse", "."],
        b"",
        2,
        "",
        "gongkai: cannot read .: it is a folder; use `gongkai convert` for folders\n",
    );
    desk.check(&["parse", "none.txt", "--lang", "zh"], b"", 2, "", "gongkai: 无法读取 none.txt：文件不存在\n");
    desk.check(&["parse", "none.txt", "--color", "always"], b"", 2, "", "\x1b[1;31mgongkai:\x1b[0m cannot");
    desk.check(&["parse", "none.txt", "--quiet"], b"", 2, "", "cannot read none.txt");
}

#[test]
fn usage() {
    let desk = Desk::new();
    desk.check(&["--version"], b"", 0, concat!("gongkai ", env!("CARGO_PKG_VERSION"), "\n"), "");
    desk.check(&["--help"], b"", 0, "Usage: gongkai", "");
    desk.check(&[], b"", 2, "", "Usage: gongkai");
    desk.check(&["convert"], b"", 2, "", "<INPUT>");
    desk.check(&["convert", "-", "-"], b"", 2, "", "standard input `-` can be given only once");
    desk.check(&["parse", "--encoding", "klingon"], b"", 2, "", "unknown encoding `klingon`");
    desk.check(&["parse", "--jobs", "many"], b"", 2, "", "invalid value 'many'");
    desk.check(&["parse", "--no-progress", "--quiet", "--jobs", "0", "--color", "never"], b"x", 0, "unrecognized", "");
}

#[test]
fn encodings() {
    let desk = Desk::new();
    let figure = "\"amount\":12.5";
    let (gb18030, ..) = encoding_rs::GB18030.encode(PAGE);
    desk.check(&["parse", "--compact"], &gb18030, 0, "\"encoding\":\"GB18030\"", "");
    desk.check(&["parse", "--compact"], &gb18030, 0, figure, "");
    desk.check(&["parse", "--compact", "--encoding", "gbk"], &gb18030, 0, figure, "");
    desk.check(&["parse", "--compact", "--encoding", "utf-8"], &gb18030, 0, "\"status\":\"unrecognized\"", "");
    let utf16: Vec<u8> = format!("\u{FEFF}{PAGE}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    desk.check(&["parse", "--compact"], &utf16, 0, figure, "");
    desk.check(&["convert", "-", "--encoding", "GB2312"], &gb18030, 0, figure, "1 input = ");
    // A text of JSON is UTF-8, whatever the files beside it are.
    let line = format!("{}\n", serde_json::json!({ "text": PAGE }));
    desk.check(&["convert", "-", "--encoding", "gb18030"], line.as_bytes(), 0, "\"encoding\":\"UTF-8\"", "1 input = ");
    desk.check(&["parse", "-", "--compact", "--encoding", "big5"], line.as_bytes(), 0, figure, "");
}

#[test]
fn languages() {
    let desk = Desk::new();
    // A message inside data is English unless another language was asked for, whatever the machine speaks.
    desk.check(&["parse", "--compact"], b"hello", 0, "no grammar fits this text", "");
    desk.check(&["parse", "--compact", "--lang", "zh"], b"hello", 0, "没有适用的格式", "");
    let speak = |name: &str, value: &str, arguments: &[&str]| {
        let output = desk.command(arguments).env(name, value).output().expect("the binary");
        (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert!(speak("LC_ALL", "zh_CN.UTF-8", &["parse", "none"]).1.contains("无法读取"));
    assert!(speak("LC_MESSAGES", "zh_CN", &["parse", "none"]).1.contains("无法读取"));
    assert!(speak("LC_ALL", "en_US.UTF-8", &["parse", "none"]).1.contains("cannot read"));
    assert!(speak("LC_ALL", "zh_CN.UTF-8", &["parse", "none", "--lang", "en"]).1.contains("cannot read"));
    let (out, err) = speak("LC_ALL", "zh_CN.UTF-8", &["convert", "-"]);
    assert!(out.contains("there is nothing to read") && err.contains("1 个输入 = "), "{out}{err}");
}

#[test]
fn inputs_come_in_order() {
    let desk = Desk::new();
    for name in ["d/b.txt", "d/a/z.txt", "d/a.txt", "d/a-b.txt", "d/.hidden.txt", "d/.git/x.txt", "d/B.txt", "e.txt"] {
        desk.put(name, "x");
    }
    #[track_caller]
    fn check(desk: &Desk, inputs: &[&str], expected: &[&str]) {
        let output = desk.run(&[&["convert"], inputs].concat(), b"x");
        let out = String::from_utf8_lossy(&output.stdout).into_owned();
        let paths: Vec<&str> = out.lines().map(|line| line.split('"').nth(9).expect("a path")).collect();
        assert_eq!(paths, expected, "{}", String::from_utf8_lossy(&output.stderr));
    }
    let walked = ["d/B.txt", "d/a-b.txt", "d/a.txt", "d/a/z.txt", "d/b.txt"];
    check(&desk, &["d"], &walked);
    check(&desk, &["d/"], &walked);
    check(&desk, &["e.txt", "-", "d/b.txt"], &["e.txt", "-", "d/b.txt"]);
    check(&desk, &["d/a*.txt"], &["d/a-b.txt", "d/a.txt"]);
    check(&desk, &["d/**/*.txt"], &walked);
    check(&desk, &["d/[ab]"], &["d/a/z.txt"]);
    check(&desk, &["d/.hidden.txt"], &["d/.hidden.txt"]);
    check(&desk, &["e.txt", "e.txt"], &["e.txt", "e.txt"]);
    // A file of that very name is not a pattern.
    desk.put("[e].txt", "x");
    check(&desk, &["[e].txt"], &["[e].txt"]);
}

#[test]
fn the_same_bytes_for_any_number_of_jobs() {
    let desk = Desk::new();
    for seed in 0..300 {
        desk.put(&format!("in/{:02}/{seed}.txt", seed % 7), generated(seed));
    }
    let one = desk.run(&["convert", "in", "--jobs", "1", "--provenance"], b"");
    let four = desk.run(&["convert", "in", "--jobs", "4", "--provenance"], b"");
    assert_eq!(one.stdout.iter().filter(|byte| **byte == b'\n').count(), 300);
    assert!(one.stdout == four.stdout);
    assert_eq!(String::from_utf8_lossy(&one.stderr), String::from_utf8_lossy(&four.stderr));
    assert!(String::from_utf8_lossy(&one.stderr).starts_with("300 inputs = "));
}

#[test]
fn what_no_folder_is() {
    let desk = Desk::with_page();
    let check = |destination: &str, path: &str| {
        let line = format!("gongkai: cannot write {destination}: {path}; give another name\n");
        desk.check(&["convert", "page.txt", "-o", destination], b"", 2, "", &line);
    };
    check("page.txt/x.jsonl", "page.txt is a file, not a folder");
    check("page.txt/y/x.jsonl", "page.txt is a file, not a folder");
    check("page.txt/x/", "page.txt is a file, not a folder");
    check("page.txt/", "it is a file, not a folder");
    let zh = ["convert", "page.txt", "-o", "page.txt/x.csv", "--lang", "zh"];
    desk.check(&zh, b"", 2, "", "page.txt 是文件而不是目录；请另取名称\n");
}

#[test]
fn options_stand_under_what_they_are_about() {
    let desk = Desk::new();
    for command in ["parse", "convert", "bench"] {
        let output = desk.run(&[command, "--help"], b"");
        let help = String::from_utf8_lossy(&output.stdout).into_owned();
        let (_, reading) = help.split_once("Options for reading reports:").expect("a heading");
        assert!(reading.contains("--encoding") && !reading.contains("--max-ratio"), "{help}");
    }
}

#[test]
fn counts() {
    let desk = Desk::with_page();
    let full = gongkai_corpus::write(&Recipe::plain(1, Edition::ALL[0], Layout::ALL[0])).text;
    desk.put("full.txt", full);
    desk.put("other.txt", "hello");
    let line = "4 inputs = 1 complete + 1 partial + 1 unrecognized + 1 rejected + 0 unchanged; findings: 1 error, ";
    desk.check(&["convert", "full.txt", "page.txt", "other.txt", "none"], b"", 1, "\"status\":\"unrecognized\"", line);
    desk.check(&["convert", "full.txt", "other.txt", "--quiet"], b"", 0, "\"status\":\"complete\"", "");
    desk.check(
        &["convert", "none", "full.txt", "--quiet"],
        b"",
        1,
        "\"complete\"",
        "gongkai: cannot read none: No such file",
    );
    desk.check(&["convert", "none"], b"", 2, "", "gongkai: none of the inputs could be read; nothing was written\n");
    desk.check(
        &["convert", "*.md"],
        b"",
        2,
        "",
        "cannot read *.md: no such file, and no file matches it as a pattern\n",
    );
    fs::create_dir(desk.path().join("empty")).expect("a folder");
    fs::write(desk.path().join("empty.tar"), [0; 1024]).expect("an archive");
    fs::write(desk.path().join("empty.jsonl"), "").expect("a file");
    for empty in ["empty", "empty.tar", "empty.jsonl"] {
        desk.check(
            &["convert", empty],
            b"",
            2,
            "",
            "gongkai: nothing to read: the arguments hold no text (hidden files",
        );
    }
}

#[cfg(unix)]
#[test]
fn links() {
    let desk = Desk::with_page();
    desk.put("in/a.txt", PAGE);
    desk.put("in/c.txt", PAGE);
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, desk.path().join(name)).expect("a link");
    link("nowhere", "in/b.txt");
    link("nowhere", "in/.b.txt");
    let line = "gongkai: cannot read in/b.txt: No such file or directory\n3 inputs = 0 complete + 2 partial + 0 unrecognized + 1 rejected";
    desk.check(&["convert", "in"], b"", 1, "\"path\":\"in/c.txt\"", line);
    // What links lead to is read; a link back to where the walk is already is no input.
    fs::remove_file(desk.path().join("in/b.txt")).expect("a link");
    link("../page.txt", "in/d.txt");
    link(".", "in/loop");
    desk.check(&["convert", "in"], b"", 0, "\"path\":\"in/d.txt\"", "3 inputs = 0 complete + 3 partial");
}

/// Names in GBK that differ only where they are no UTF-8.
#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::new();
    fs::create_dir(desk.path().join("in")).expect("a folder");
    for name in [&b"\xC4\xEA.txt"[..], b"\xB1\xA8.txt", br"\xB1\xA8.txt"] {
        fs::write(desk.path().join("in").join(std::ffi::OsStr::from_bytes(name)), PAGE).expect("a file");
    }
    for path in
        [r#""path":"in/\\xC4\\xEA.txt""#, r#""path":"in/\\xB1\\xA8.txt""#, r#""path":"in/\\x5CxB1\\x5CxA8.txt""#]
    {
        desk.check(&["convert", "in"], b"", 0, path, "3 inputs = 0 complete + 3 partial");
        desk.check(&["convert", "in/*.t?t"], b"", 0, path, "3 inputs = 0 complete + 3 partial");
    }
    fs::write(desk.path().join(std::ffi::OsStr::from_bytes(b"\xFF.gz")), b"\x1F\x8B\x08").expect("a file");
    desk.check(&["convert", "*.gz"], b"", 2, "", r"cannot read \xFF.gz: the gzip data is damaged");
}

#[test]
fn json_lines() {
    let desk = Desk::with_page();
    let lines = desk.run(&["convert", "page.txt"], b"").stdout;
    for arguments in [["-o", "x.jsonl"], ["--output=y.txt", "--to=jsonl"]] {
        desk.check(&[&["convert", "page.txt"], &arguments[..]].concat(), b"", 0, "", "1 input = ");
    }
    assert_eq!(desk.get("x.jsonl").as_bytes(), lines);
    assert_eq!(desk.get("y.txt").as_bytes(), lines);
    desk.check(&["convert", "page.txt", "-o", "-"], b"", 0, "gongkai.report.v1", "1 input = ");
    let files = [".x.jsonl.manifest", ".y.txt.manifest", "page.txt", "x.jsonl", "y.txt"];
    assert_eq!(desk.files(), files);

    // An old file goes only when the new one is whole.
    desk.put("x.jsonl", "old");
    desk.check(&["convert", "none", "-o", "x.jsonl"], b"", 2, "", "none of the inputs");
    assert_eq!(desk.get("x.jsonl"), "old");
    desk.check(&["convert", "page.txt", "none", "-o", "x.jsonl"], b"", 1, "", "1 rejected");
    assert_eq!(desk.get("x.jsonl").as_bytes(), lines);
    assert_eq!(desk.files(), files);

    desk.check(
        &["convert", "page.txt", "-o", "no/x.jsonl"],
        b"",
        2,
        "",
        "cannot write no/x.jsonl: the folder no does not exist; create it first\n",
    );
    desk.check(&["convert", "page.txt", "-o", "x.txt"], b"", 2, "", "cannot write x.txt: its name tells no kind");
    desk.check(&["convert", "page.txt", "-o", ".", "--to", "jsonl"], b"", 2, "", "cannot write .: it is a folder");
    desk.check(&["convert", "page.txt", "-o", "x.jsonl", "--prune"], b"", 2, "", "`--prune` is for SQLite, PostgreSQL");
    desk.check(
        &["convert", "page.txt", "-o", "x.db", "--schema", "s"],
        b"",
        2,
        "",
        "`--schema` is for PostgreSQL only",
    );
    desk.check(&["convert", "page.txt", "--to", "sqlite"], b"", 2, "", "a folder or a database needs a path");
    desk.check(&["convert", "-", "-o", "page.txt", "--to", "sqlite"], b"", 2, "", "cannot write page.txt: ");
    assert_eq!(desk.get("page.txt"), PAGE);
    let mut undated = desk.command(&["convert", "page.txt"]);
    let output = undated.env("SOURCE_DATE_EPOCH", "today").output().expect("the binary");
    assert!(String::from_utf8_lossy(&output.stderr).contains("SOURCE_DATE_EPOCH should be a number"));
}

#[test]
fn a_walk_leaves_out_what_it_writes() {
    let desk = Desk::new();
    desk.put("a.txt", PAGE);
    for _ in 0..2 {
        desk.check(&["convert", ".", "-o", "all.jsonl"], b"", 0, "", "1 input = ");
    }
    for _ in 0..2 {
        // Lines of JSON are read as records, and reports have no field `text`.
        desk.check(&["convert", ".", "-o", "out/"], b"", 1, "", "2 inputs = ");
    }
    let files = [".all.jsonl.manifest", "a.txt", "all.jsonl", "out/.gongkai.manifest", "out/a.json"];
    assert_eq!(desk.files(), files);
    let redirected = fs::File::create(desk.path().join("all.jsonl")).expect("a file");
    let output = desk.command(&["convert", "."]).stdout(redirected).output().expect("the binary");
    // a.txt and what stands in out/, but not the file that the shell opened.
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("2 inputs = "));
}

#[test]
fn folders() {
    let desk = Desk::new();
    for name in ["in/a.txt", "in/sub/a.txt", "in/sub/a.md", "in/sub/a", "more/a.txt"] {
        desk.put(name, PAGE);
    }
    desk.check(&["convert", "in", "-o", "out/"], b"", 0, "", "4 inputs = ");
    // In the order of the inputs: in/sub/a comes before in/sub/a.txt and has the plain name.
    let expected = ["a.json", "sub/a.2.json", "sub/a.json", "sub/a.md.json"].map(|name| format!("out/{name}"));
    let is_report = |name: &String| name.starts_with("out/") && !name.contains("/.");
    let written = || desk.files().into_iter().filter(is_report).collect::<Vec<_>>();
    assert_eq!(written(), expected);
    assert!(desk.get("out/sub/a.2.json").contains("\"path\": \"in/sub/a.txt\""));
    assert_eq!(desk.get("out/a.json").as_bytes(), desk.run(&["parse", "in/a.txt"], b"").stdout);
    // An existing folder needs no `/`, and a second run finds its own files.
    desk.check(&["convert", "in", "-o", "out"], b"", 0, "", "4 unchanged");
    desk.check(&["convert", "in", "-o", "out", "--force"], b"", 0, "", "0 unchanged");
    assert_eq!(written(), expected);

    fs::remove_dir_all(desk.path().join("out")).expect("a folder");
    desk.check(&["convert", "in", "more", "-", "-o", "out", "--to", "dir"], PAGE.as_bytes(), 0, "", "6 inputs = ");
    assert!(desk.get("out/a.2.json").contains("\"path\": \"more/a.txt\""));
    assert!(desk.get("out/stdin.json").contains("\"path\": \"-\""));

    // Files given one by one keep what tells them apart.
    desk.check(&["convert", "in/a.txt", "more/a.txt", "-o", "apart/"], b"", 0, "", "2 inputs = ");
    assert!(desk.get("apart/in/a.json").contains("in/a.txt") && desk.get("apart/more/a.json").contains("more/a.txt"));

    desk.check(
        &["convert", "in", "-o", "no/out/"],
        b"",
        2,
        "",
        "cannot write no/out/: the folder no does not exist; create it first\n",
    );
    desk.check(&["convert", "in", "--to", "dir"], b"", 2, "", "a folder or a database needs a path; give it with `-o`");
    desk.check(
        &["convert", "in", "-o", "in/a.txt", "--to", "dir"],
        b"",
        2,
        "",
        "cannot write in/a.txt: it is a file, not a folder",
    );
}

/// A grammar of a user's with a rule.
const OWN_RULE: &str = r#"
id = "hotline"
title = "热线年度报告"
source = "invented"
years = { from = 2022 }

[report]
endings = ["热线年度报告"]

[[section]]
id = "calls"
heading = ["热线受理情况"]

[[section.table]]
id = "calls"
columns = [{ id = "received", label = ["受理数量"] }]
rows = [{ id = "complaints", label = ["投诉举报"] }, { id = "total", label = ["合计"] }]

[[rule]]
id = "calls.total"
severity = "note"
table = "calls"
each = "column"
holds = "total >= complaints"
says = "合计不小于投诉举报"
"#;

#[test]
fn explains_codes_and_rules() {
    let desk = Desk::new();
    let grammars = Grammars::built_in();
    let rules = grammars.list().iter().flat_map(|grammar| &grammar.rules);
    for (lang, code_page) in [("en", Code::page as fn(Code) -> &'static str), ("zh", Code::chinese_page)] {
        let title = |code: Code| code_page(code).lines().next().expect("a title").trim_start_matches("# ");
        let codes = Code::ALL.iter().map(|code| (code.to_string(), title(*code), title(*code)));
        let rules = rules.clone().map(|rule| (rule.id.clone(), rule.says.as_str(), title(rule.code)));
        let names: Vec<(String, &str, &str)> = codes.chain(rules).collect();
        let mut arguments = vec!["explain", "--lang", lang];
        arguments.extend(names.iter().map(|(name, ..)| name.as_str()));
        let output = desk.run(&arguments, b"");
        assert_eq!(output.status.code(), Some(0));
        let output = String::from_utf8_lossy(&output.stdout).into_owned();
        let explained: Vec<&str> = output.split("\n\n\n").collect();
        assert_eq!(explained.len(), names.len());
        for ((name, words, title), explained) in names.iter().zip(explained) {
            let has = |line: &&str| explained.contains(line);
            assert!(explained.starts_with(name.as_str()) && [words, title].into_iter().all(has), "{name}: {explained}");
        }
        let list = desk.run(&["explain", "--lang", lang], b"").stdout;
        let list = String::from_utf8_lossy(&list).into_owned();
        assert_eq!(list.lines().count(), Code::ALL.len());
        for (code, line) in Code::ALL.iter().zip(list.lines()) {
            assert!(
                line.starts_with(&format!("{code}  ")) && unicode_width::UnicodeWidthStr::width(line) <= 100,
                "{line}"
            );
        }
    }
    desk.check(&["explain"], b"", 0, "GK101  warning  wrong bytes were replaced while decoding\n", "");
    desk.check(&["explain", "gk104", "GK105"], b"", 0, "\n    20 0A\n\nOne blank and a line end.\n\n\nGK105 ", "");
    desk.check(&["explain", "GK101", "--lang", "zh"], b"", 0, "\n级别：警告\n\n含义\n", "");
    desk.check(&["explain", "GK101", "--color", "always"], b"", 0, "\x1b[1;36mWhat it means\x1b[0m\n", "");
    let output = desk.command(&["explain", "GK101"]).env("LC_ALL", "zh_CN.UTF-8").output().expect("the binary");
    assert!(String::from_utf8_lossy(&output.stdout).contains("何时出现"));
}

#[test]
fn explains_rules_by_the_grammars() {
    let desk = Desk::new();
    let balance = "applications.balance\n\nCode: GK201\nSeverity: error\nKind: 表内, within a table\n\
        In words: 第一项加第二项之和，等于第三项加第四项之和\n\
        Formula: `new_received + carried_in = outcome_total + carried_out`\n\
        Holds for: each column of `applications`\nGrammars: gid-2021, gid-2019\n\nGK201 BalanceBroken: ";
    desk.check(&["explain", "applications.balance"], b"", 0, balance, "");
    desk.check(&["explain", "GK201"], b"", 0, "\nRule: `applications.balance` (表内, within a table)\n", "");
    desk.check(&["explain", "GK201", "--lang", "zh"], b"", 0, "\n适用：`applications`的每一列\n", "");
    desk.check(&["explain", "GK220"], b"", 0, "`statement.new_received`", "");
    desk.check(
        &["explain", "statement.new_received"],
        b"",
        0,
        "\nEquals: `applications.new_received.total`\n    or: `",
        "",
    );

    desk.put("own.toml", OWN_RULE);
    let own = "calls.total\n\nCode: GK200\nSeverity: note\nKind: 表内, within a table\nIn words: 合计不小于投诉举报\n\
        Formula: `total >= complaints`\nHolds for: each column of every table\nGrammars: hotline\n\nGK200 RuleBroken: ";
    desk.check(&["explain", "calls.total", "--grammar", "own.toml"], b"", 0, own, "");
    desk.check(&["explain", "GK200", "--grammar", "own.toml"], b"", 0, "\nRule: `calls.total` (表内", "");
    desk.check(&["explain", "GK200", "--grammar", "none.toml"], b"", 2, "", "cannot read none.toml");
}

#[test]
fn explains_nothing_else() {
    let desk = Desk::new();
    desk.check(
        &["explain", "GK999"],
        b"",
        2,
        "",
        "gongkai: there is no code or rule `GK999`; `gongkai explain` lists the codes\n",
    );
    desk.check(&["explain", "GK2001"], b"", 2, "", "`GK2001`; did you mean GK200 or GK201?\n");
    desk.check(&["explain", "GK104", "345"], b"", 2, "", "`345`; did you mean GK345?\n");
    desk.check(&["explain", "GK1O1", "--lang", "zh"], b"", 2, "", "没有编号或规则 GK1O1；您是否要找 GK101");
    desk.check(&["explain", "applications.balanse"], b"", 2, "", "did you mean applications.balance?\n");
    desk.check(&["explain", ""], b"", 2, "", "there is no code or rule ``");
}

#[cfg(target_os = "linux")]
#[test]
fn outputs_that_fail() {
    let desk = Desk::with_page();
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");
    for arguments in [["convert", "page.txt"], ["parse", "page.txt"], ["grammar", "list"], ["explain", "GK101"]] {
        let output = desk.command(&arguments).stdout(full()).output().expect("the binary");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), words.lines().count()), (Some(2), 1), "{words}");
        assert!(words.contains("standard output: No space left on device"), "{words}");
    }
    desk.check(
        &["convert", "page.txt", "-o", "/dev/full"],
        b"",
        2,
        "",
        "cannot write /dev/full: No space left on device\n",
    );
    desk.check(&["convert", "page.txt", "-o", "/dev/null"], b"", 0, "", "1 input = ");
    assert_eq!(desk.files(), ["page.txt"]);
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let desk = Desk::new();
    for number in 0..200 {
        desk.put(&format!("in/{number}.txt"), "很多内容".repeat(2000));
    }
    let codes: Vec<String> = Code::ALL.iter().map(Code::to_string).collect();
    let mut all = vec!["explain"];
    all.extend(codes.iter().chain(&codes).chain(&codes).map(String::as_str));
    for arguments in [&["convert", "in", "--quiet"], &all[..]] {
        let mut child = desk.command(arguments).spawn().expect("the binary");
        let mut first = [0; 100];
        child.stdout.take().expect("a pipe").read_exact(&mut first).expect("a beginning");
        let output = child.wait_with_output().expect("an end");
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    }
}

#[test]
fn grammars() {
    let desk = Desk::with_page();
    let list = desk.run(&["grammar", "list"], b"").stdout;
    assert_eq!(String::from_utf8_lossy(&list).lines().count(), Grammars::BUILT_IN.len());
    desk.check(
        &["grammar", "list"],
        b"",
        0,
        "gid-2021  2021-      国办公开办函〔2021〕30号  政府信息公开工作年度报告\n",
        "",
    );
    for (name, text) in Grammars::BUILT_IN {
        let id = name.strip_suffix(".toml").expect("a name");
        assert_eq!(String::from_utf8_lossy(&desk.run(&["grammar", "show", id], b"").stdout), *text);
        desk.put(name, text);
        desk.check(&["grammar", "check", name], b"", 0, &format!("{name}: ok ({id}, 6 sections, "), "");
    }
    desk.check(
        &["grammar", "show", "gid-1999"],
        b"",
        2,
        "",
        "there is no grammar `gid-1999`; there are gid-2021, gid-2019",
    );

    // A grammar of one's own needs no rebuild: another name for the fees.
    let own = desk
        .get("gid-2021.toml")
        .replace("\"行政事业性收费\"", "\"行政性收费\"")
        .replace("行政事业性收费 12.50", "行政性收费 12.50");
    desk.put("own.toml", own.replace("\"gid-2021\"", "\"own\""));
    desk.check(&["grammar", "list", "--grammar", "own.toml"], b"", 0, "\nown  ", "");
    desk.check(&["grammar", "show", "own", "--grammar", "own.toml"], b"", 0, "行政性收费", "");
    desk.put("same.toml", own);
    let page = PAGE.replace("行政事业性收费", "行政性收费");
    desk.check(&["parse", "--compact", "--grammar", "same.toml"], page.as_bytes(), 0, "\"amount\":12.5", "");
    desk.check(&["parse", "--compact"], page.as_bytes(), 0, "\"status\":\"partial\"", "");
    desk.check(&["convert", "-", "--grammar", "none.toml"], b"", 2, "", "gongkai: cannot read none.toml: No such file");
}

#[test]
fn grammars_with_mistakes() {
    let desk = Desk::with_page();
    let (_, good) = Grammars::BUILT_IN[0];
    desk.put("key.toml", good.replacen("\ntitle ", "\ntitel ", 1));
    desk.put(
        "sample.toml",
        good.replacen("amount\" = \"12.5\"", "amount\" = \"13\"", 1).replacen("= \"blank\"", "= \"dash\"", 1),
    );
    desk.put("bytes.toml", b"id = \"x\"\ntitle = \"\xFF\"\n");

    let output = desk.run(&["grammar", "check", "key.toml", "sample.toml", "bytes.toml"], b"");
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{words}");
    let line_of = |part: &str| good.lines().position(|line| line.starts_with(part)).expect("a line") + 1;
    assert!(words.contains(&format!("key.toml:{}:1: unknown key `titel`", line_of("title"))), "{words}");
    assert!(words.contains(&format!("sample.toml:{}:1: sample: ", line_of("[[sample]]"))), "{words}");
    assert!(words.contains("article_20_8.administrative_fees.amount should be 13, but 12.5 was read\n"), "{words}");
    assert!(words.contains("applications.new_received.other should be dash, but blank was read\n"), "{words}");
    assert!(words.contains("bytes.toml:2:10: this is not UTF-8"), "{words}");

    desk.check(&["grammar", "check", "sample.toml", "--lang", "zh"], b"", 1, "应为 13，读得 12.5", "");
    desk.check(&["grammar", "check", "none.toml"], b"", 2, "", "cannot read none.toml");
    let built_in = include_bytes!("../grammars/gid-2021.toml");
    desk.check(&["grammar", "check", "-"], built_in, 0, "-: ok (gid-2021, 6 sections, ", "");
    desk.check(&["grammar", "check", "-", "-"], b"", 2, "", "standard input `-` can be given only once\n");
    let folder = "gongkai: cannot read .: it is a folder; name the file in it\n";
    desk.check(&["grammar", "check", "."], b"", 2, "", folder);
    desk.check(&["grammar", "list", "--grammar", "."], b"", 2, "", folder);
    for command in [&["parse", "page.txt"][..], &["convert", "page.txt"], &["grammar", "list"]] {
        desk.check(&[command, &["--grammar", "key.toml"]].concat(), b"", 2, "", "key.toml:1:1: `title` is missing");
        desk.check(&[command, &["--grammar", "bytes.toml"]].concat(), b"", 2, "", "bytes.toml:2:10: ");
    }
}
