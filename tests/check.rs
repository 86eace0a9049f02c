//! `gongkai check` from outside: what is shown, what is hidden, how it ends.

#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod desk;

use std::io::Read;

use desk::{Desk, PAGE};
use gongkai_corpus::{Edition, Layout, Recipe};

/// A page with these faults: a statement (GK220), a row total (GK203), an outcome total (GK202), a total of reviews (GK204).
const FAULTY: &str = include_str!("../corpus/faults/tab.txt");

/// A page without faults.
fn sound(seed: u64) -> String {
    gongkai_corpus::write(&Recipe::plain(seed, Edition::ALL[0], Layout::ALL[0])).text
}

/// What a command writes to standard output.
fn out(desk: &Desk, arguments: &[&str]) -> String {
    String::from_utf8_lossy(&desk.run(arguments, b"").stdout).into_owned()
}

/// The codes of the findings shown, in order.
#[track_caller]
fn codes(desk: &Desk, arguments: &[&str]) -> Vec<String> {
    let lines = out(desk, &[&["check", "--format", "short"], arguments].concat());
    lines.lines().map(|line| line.split(['[', ']']).nth(1).expect("a code").to_owned()).collect()
}

#[test]
fn exit_status() {
    let desk = Desk::with_page();
    desk.put("faulty.txt", FAULTY);
    desk.put("sound.txt", sound(1));
    desk.check(&["check", "faulty.txt"], b"", 1, "error[GK203]: ", "1 input: 3 errors, 1 warning, 0 notes\n");
    desk.check(&["check", "-"], FAULTY.as_bytes(), 1, "  --> -:24:32\n", "1 input: ");
    desk.check(&["check", "sound.txt"], b"", 0, "", "1 input: no findings\n");
    desk.check(&["check", "sound.txt", "--quiet"], b"", 0, "", "");
    // Only what is shown counts.
    desk.check(&["check", "faulty.txt", "--select", "GK22"], b"", 0, "warning[GK220]: ", "0 errors, 1 warning");
    desk.check(&["check", "faulty.txt", "--statistics", "--quiet"], b"", 1, "GK203", "");
    desk.check(&["check", "sound.txt", "none"], b"", 1, "", "1 rejected\n");
    desk.check(&["check", "none"], b"", 2, "", "none of the inputs could be read");
    desk.check(&["check"], b"", 2, "", "<INPUT>");
    desk.check(&["check", "-", "-"], b"", 2, "", "can be given only once");
    desk.check(&["check", "faulty.txt", "--format", "xml"], b"", 2, "", "invalid value 'xml'");
}

#[test]
fn selection() {
    let desk = Desk::new();
    desk.put("faulty.txt", FAULTY);
    #[track_caller]
    fn check(desk: &Desk, arguments: &[&str], expected: &[&str]) {
        assert_eq!(codes(desk, &[&["faulty.txt"], arguments].concat()), expected);
    }
    check(&desk, &[], &["GK220", "GK203", "GK202", "GK204"]);
    check(&desk, &["--select", "GK20"], &["GK203", "GK202", "GK204"]);
    check(&desk, &["--select", "gk203, statement.*"], &["GK220", "GK203"]);
    check(&desk, &["--select", "*.row_total"], &["GK203", "GK204"]);
    check(&desk, &["--select", "GK203", "--select", "GK204"], &["GK203", "GK204"]);
    check(&desk, &["--ignore", "GK22,applications.*"], &["GK204"]);
    check(&desk, &["--select", "GK2", "--ignore", "GK20"], &["GK220"]);
    check(&desk, &["--severity", "error"], &["GK203", "GK202", "GK204"]);
    check(&desk, &["--severity", "warning"], &["GK220", "GK203", "GK202", "GK204"]);
    for name in ["GK9", "applications", "statement.nothing", "*x*"] {
        let words = format!("gongkai: no code or rule is called `{name}`; ");
        desk.check(&["check", "faulty.txt", "--select", name], b"", 2, "", &words);
        desk.check(&["check", "faulty.txt", "--ignore", &format!("GK2,{name}")], b"", 2, "", &words);
    }
}

#[test]
fn statistics() {
    let desk = Desk::new();
    desk.put("a.txt", FAULTY);
    desk.put("b.txt", FAULTY.replace("总计\t60", "总计\t61"));
    let table = out(&desk, &["check", "a.txt", "b.txt", "--select", "GK20", "--statistics"]);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "count  code   severity  rule                         meaning", "{table}");
    assert_eq!(
        lines[1],
        "    3  GK203  error     applications.row_total       a row's total is not the sum of its applicants"
    );
    assert!(lines[2].starts_with("    2  GK202  error     applications.outcome_total   the total"), "{table}");
    assert!(out(&desk, &["check", "a.txt", "--statistics", "--lang", "zh"]).contains("  错误  applications.row_total"));
    assert_eq!(out(&desk, &["check", "a.txt", "--statistics", "--select", "GK1"]), "");
    for format in ["jsonl", "sarif", "github"] {
        let line = "gongkai: `--statistics` is for --format text only\n";
        desk.check(&["check", "a.txt", "--statistics", "--format", format], b"", 2, "", line);
    }
}

#[test]
fn verbose() {
    let desk = Desk::new();
    desk.put(
        "faulty.txt",
        FAULTY.replace("二、上年结转政府信息公开申请数量\t5", "二、上年结转政府信息公开申请数量\t/"),
    );
    let short = out(&desk, &["check", "faulty.txt", "-v", "--format", "short"]);
    let open = "faulty.txt: not assessable: applications.balance (表内): no number in “二、上年结转政府信息公开申请数量, 自然人”\n";
    assert!(short.contains(open), "{short}");
    assert!(
        short.contains("faulty.txt:3:32: holds: statement.carried_in: 8 = “二、上年结转政府信息公开申请数量, 总计”\n"),
        "{short}"
    );
    desk.check(&["check", "faulty.txt"], b"", 1, "GK203", "; 2 rules not assessable\n");
    let zh = out(&desk, &["check", "faulty.txt", "-v", "--lang", "zh"]);
    assert!(zh.contains("faulty.txt: 无法核对：applications.balance（表内）：以下各格不是数字：“二、"), "{zh}");
    // Data stays data.
    let jsonl = out(&desk, &["check", "faulty.txt", "-v", "--format", "jsonl"]);
    assert!(jsonl.lines().all(|line| line.starts_with("{\"path\":\"faulty.txt\",")), "{jsonl}");
}

#[test]
fn languages_and_colours() {
    let desk = Desk::new();
    desk.put("faulty.txt", FAULTY);
    let chinese = |arguments: &[&str]| {
        let output = desk.command(arguments).env("LC_ALL", "zh_CN.UTF-8").output().expect("the binary");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(
        chinese(&["check", "faulty.txt"])
            .contains("错误[GK203]: “（一）予以公开”：总计为 25，但各列之和为 16（12 + 4）")
    );
    assert!(
        chinese(&["check", "faulty.txt", "--format", "github"]).contains("::error file=faulty.txt,line=24,col=32,")
    );
    assert!(
        chinese(&["check", "faulty.txt", "--lang", "en"]).contains("error[GK203]: “（一）予以公开”: the total is 25")
    );
    // The same data on any machine.
    for format in ["jsonl", "sarif"] {
        let english = out(&desk, &["check", "faulty.txt", "--format", format]);
        assert!(english.contains("the total is 25, but its columns come to 16 (12 + 4)"), "{english}");
        assert_eq!(chinese(&["check", "faulty.txt", "--format", format]), english);
        assert!(chinese(&["check", "faulty.txt", "--format", format, "--lang", "zh"]).contains("总计为 25"));
    }
    assert!(!out(&desk, &["check", "faulty.txt"]).contains('\x1b'));
    assert!(
        out(&desk, &["check", "faulty.txt", "--color", "always"])
            .contains("\x1b[1m\x1b[94m-->\x1b[0m faulty.txt:24:32\n")
    );
}

#[test]
fn baselines() {
    let desk = Desk::new();
    desk.put("in/年报.txt", FAULTY);
    desk.check(&["check", "in", "--write-baseline", "base.json"], b"", 1, "GK203", "3 errors");
    let hides = |status: i32, stderr: &str| {
        desk.check(&["check", "in", "--baseline", "base.json", "--format", "short"], b"", status, "", stderr);
    };
    hides(0, "1 input: no findings; 4 hidden by the baseline\n");
    let base = desk.get("base.json");
    assert_eq!(base.lines().count(), 3 + 4 + 2, "{base}");
    assert!(base.contains(
        r#""path":"in/年报.txt","code":"GK202","rule":"applications.outcome_total","message":"自然人: the total"#
    ));
    // The same page again is met more often than it was judged.
    desk.put("in/again.txt", FAULTY);
    let again = codes(&desk, &["in", "--baseline", "base.json", "--ignore", "GK23"]);
    assert_eq!(again, ["GK220", "GK203", "GK202", "GK204"]);
    std::fs::remove_file(desk.path().join("in/again.txt")).expect("a file");

    // Saved anew: other line ends, blanks, width, encoding, name, lines before it.
    let wide = |text: &str| -> String {
        let wide = |c: char| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xFEE0).expect("a digit") } else { c };
        text.chars().map(wide).collect()
    };
    let (gb18030, ..) = encoding_rs::GB18030.encode(FAULTY);
    let utf16: Vec<u8> = format!("\u{FEFF}{FAULTY}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (head, rows) = FAULTY.split_once("\n三、收到").expect("a heading");
    for bytes in [
        FAULTY.replace('\n', "\r\n").into_bytes(),
        FAULTY.replace('\n', "\n\n").into_bytes(),
        FAULTY.replace('\t', " \t ").replace("申请67件", "申请 67 件").into_bytes(),
        FAULTY.replace('，', ",").into_bytes(),
        format!("{head}\n三、收到{}", wide(rows)).into_bytes(),
        FAULTY.replace("申请67件", "申请６７件").into_bytes(),
        format!("首页 > 政务公开\n\n{FAULTY}").into_bytes(),
        gb18030.into_owned(),
        utf16,
    ] {
        desk.put("in/年报.txt", bytes);
        hides(0, "1 input: no findings; 4 hidden by the baseline\n");
    }
    // Another figure is another finding.
    desk.put("in/年报.txt", FAULTY.replace("\t25\n", "\t26\n"));
    assert_eq!(codes(&desk, &["in", "--baseline", "base.json", "--severity", "error"]), ["GK203", "GK202"]);

    // Written with what is shown and what is hidden; the same for the same findings.
    desk.put("in/年报.txt", FAULTY);
    desk.check(&["check", "in", "--baseline", "base.json", "--write-baseline", "new.json"], b"", 0, "", "4 hidden");
    assert_eq!(desk.get("new.json"), base);
    desk.put("bad.json", "{\"schema\": \"x\", \"findings\": []}");
    desk.check(&["check", "in", "--baseline", "bad.json"], b"", 2, "", "bad.json is not a baseline: its schema is `x`");
    desk.put("bad.json", "[");
    desk.check(&["check", "in", "--baseline", "bad.json"], b"", 2, "", "bad.json is not a baseline: EOF");
    desk.check(&["check", "in", "--baseline", "none.json"], b"", 2, "", "cannot read none.json: No such file");
    desk.check(
        &["check", "in", "--baseline", "in"],
        b"",
        2,
        "",
        "cannot read in: it is a folder; name the file in it\n",
    );
    desk.check(&["check", "in", "--write-baseline", "no/x.json"], b"", 2, "", "the folder no does not exist");
}

#[test]
fn across_years() {
    let desk = Desk::new();
    let year = |year: &str| FAULTY.replace("2023年政府", &format!("{year}年政府"));
    desk.put("in/2023.txt", year("2023"));
    desk.put("in/2024.txt", year("2024"));
    desk.put("in/x.txt", year("2024"));
    let short = out(&desk, &["check", "in", "--format", "short", "--select", "GK2", "--ignore", "GK20,GK22"]);
    let lines: Vec<&str> = short.lines().collect();
    assert!(lines[0].starts_with("in/2024.txt:8:14: warning[GK231] “行政规范性文件”: 48 in force, but "), "{short}");
    assert!(lines[1].starts_with("in/2024.txt:23:18: warning[GK230] 自然人: 5 carried in, but last year's"), "{short}");
    assert!(short.contains(
        "in/x.txt:1:1: warning[GK232] a second report of this body for this year; the first one is in/2024.txt\n"
    ));
    // After all others, whichever page they are on.
    let all = codes(&desk, &["in"]);
    let first = all.iter().position(|code| code.starts_with("GK23")).expect("one of them");
    assert!(all[first..].iter().all(|code| code.starts_with("GK23")), "{all:?}");
    let drawn = out(&desk, &["check", "in", "--select", "series.carried"]);
    assert!(drawn.contains("\n23 | 二、上年结转政府信息公开申请数量    5    3"), "{drawn}");
}

#[test]
fn the_same_bytes_for_any_number_of_jobs() {
    let desk = Desk::new();
    for number in 0..24 {
        let page =
            if number % 3 == 0 { FAULTY.replace("青石县", &format!("青石县{number}")) } else { sound(number) };
        desk.put(&format!("in/{number}.txt"), page);
    }
    for format in ["text", "short", "jsonl", "sarif", "github"] {
        let run = |jobs: &str| desk.run(&["check", "in", "-v", "--format", format, "--jobs", jobs], b"");
        let (one, four) = (run("1"), run("4"));
        assert!(one.stdout == four.stdout && !one.stdout.is_empty(), "{format}");
        assert_eq!(String::from_utf8_lossy(&one.stderr), String::from_utf8_lossy(&four.stderr));
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let desk = Desk::new();
    for number in 0..100 {
        desk.put(&format!("in/{number}.txt"), FAULTY);
    }
    let mut child = desk.command(&["check", "in", "--quiet"]).spawn().expect("the binary");
    let mut first = [0; 100];
    child.stdout.take().expect("a pipe").read_exact(&mut first).expect("a beginning");
    let output = child.wait_with_output().expect("an end");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn sarif_is_valid() {
    let schema = serde_json::from_str(include_str!("schema/sarif-schema-2.1.0.json")).expect("the schema");
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a validator");
    let desk = Desk::with_page();
    desk.put("县 里/年报 #1%.txt", FAULTY);
    desk.put("县 里/2024.txt", FAULTY.replace("2023年政府", "2024年政府"));
    desk.put("sound.txt", sound(1));
    for arguments in [&["县 里", "page.txt"][..], &["sound.txt"], &["-"], &["县 里", "--lang", "zh"]] {
        let arguments = [&["check", "--format", "sarif"], arguments].concat();
        let output = desk.run(&arguments, b"hello");
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{arguments:?}: {errors:#?}");

        // The rules are those that were used, each once.
        let run = &document["runs"][0];
        let results = run["results"].as_array().expect("results");
        let mut used: Vec<&str> = results.iter().map(|result| result["ruleId"].as_str().expect("an id")).collect();
        used.sort_unstable();
        used.dedup();
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
        assert_eq!(rules.iter().map(|rule| rule["id"].as_str().expect("an id")).collect::<Vec<_>>(), used);
    }
    let sarif = out(&desk, &["check", "县 里", "--format", "sarif"]);
    assert!(sarif.contains(r#""uri":"%E5%8E%BF%20%E9%87%8C/%E5%B9%B4%E6%8A%A5%20%231%25.txt""#), "{sarif}");
}

#[test]
fn checks_are_in_reports_too() {
    let desk = Desk::with_page();
    let has = |arguments: &[&str], part: &str| {
        let output = desk.run(arguments, FAULTY.as_bytes());
        String::from_utf8_lossy(&output.stdout).contains(part)
    };
    let error = r#""code":"GK203","rule":"applications.row_total","severity":"error","#;
    let statement =
        r#""statements":[{"rule":"statement.new_received","subject":"new_received","figure":67,"unit":"件","text":"#;
    for command in [&["parse", "--compact"][..], &["convert", "-"]] {
        assert!(has(command, error) && has(command, statement) && has(command, r#""help":"#), "{command:?}");
        let unchecked = [command, &["--no-check"]].concat();
        assert!(!has(&unchecked, error) && has(&unchecked, r#""statements":[],"#), "{command:?}");
    }
    let holds = r#""cells":["applications.carried_in.total"],"result":"holds","reason":null}"#;
    assert!(has(&["parse", "--compact"], holds));
    desk.check(&["parse", "--compact"], PAGE.as_bytes(), 0, r#""statements":["#, "");
}
