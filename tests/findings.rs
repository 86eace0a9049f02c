//! Each kind of finding has its page in `docs/findings`, and what the page says is true: its name, its severity, its example.

#![allow(clippy::disallowed_methods)] // pages are files

mod markdown;

use std::collections::BTreeSet;
use std::path::PathBuf;

use gongkai::grammar::Grammars;
use gongkai::report::Code;
use gongkai::{Limits, parse};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/findings")
}

fn read(name: &str) -> String {
    let path = folder().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("docs/findings/{name} can't be read: {error}"))
}

/// The page of one code: title, severity, parts, example.
fn check(code: Code, grammars: &Grammars) {
    let name = format!("{code}.md");
    let page = read(&name);
    let mut lines = page.lines();

    let title = lines.next().unwrap_or_default();
    let expected = format!("# {code} {code:?}: ");
    assert!(
        title.starts_with(&expected) && title.len() > expected.len(),
        "{name}: the title is `{title}`, not `{expected}…`"
    );
    let severity = lines.find(|line| !line.is_empty()).unwrap_or_default();
    let expected = format!("Severity: {}", code.severity().name());
    assert_eq!(severity, expected, "{name}: the severity line after the title");
    let parts: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let expected = ["What it means", "When it is raised", "What is done with the data", "How to mend it", "Example"];
    assert_eq!(parts, expected, "{name}: the parts of the page");

    let blocks = markdown::fenced(&page);
    let [(info, content)] = &blocks[..] else {
        panic!("{name}: one fenced block is expected, there are {}", blocks.len())
    };
    let (bytes, limits) = input(&name, info, content);
    let report = parse(&bytes, grammars, &Limits { bytes: limits, ..Limits::default() });
    let raised: Vec<String> = report.findings.iter().map(|finding| finding.code.to_string()).collect();
    let is_raised = raised.contains(&code.to_string());
    assert!(is_raised, "{name}: the example does not raise {code}; it raises {raised:?}");
}

/// The bytes of an example, and how many of them may be read.
fn input(name: &str, info: &str, content: &str) -> (Vec<u8>, usize) {
    let all = Limits::default().bytes;
    match info.split_once(' ') {
        None if info == "text" => (content.as_bytes().to_vec(), all),
        Some(("text", "hex")) => {
            let byte = |hex: &str| u8::from_str_radix(hex, 16).unwrap_or_else(|_| panic!("{name}: `{hex}` is no byte"));
            (content.split_whitespace().map(byte).collect(), all)
        }
        Some(("text", limit)) => {
            let limit = limit.strip_prefix("limit=").and_then(|limit| limit.parse().ok());
            (
                content.as_bytes().to_vec(),
                limit.unwrap_or_else(|| panic!("{name}: `{info}` is no info string known here")),
            )
        }
        _ => panic!("{name}: `{info}` is no info string known here"),
    }
}

#[test]
fn each_code_has_its_page() {
    let grammars = Grammars::built_in();
    for code in Code::ALL {
        check(*code, &grammars);
    }
}

#[test]
fn each_page_has_its_code() {
    let codes: BTreeSet<String> = Code::ALL.iter().map(|code| format!("{code}.md")).collect();
    let entries = std::fs::read_dir(folder()).expect("docs/findings is a folder");
    let mut pages: BTreeSet<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    pages.remove("README.md");
    assert_eq!(pages, codes, "docs/findings has a page for each code and no other page");
}

#[test]
fn the_table_lists_each_code() {
    let readme = read("README.md");
    let rows: Vec<&str> = readme.lines().filter(|line| line.starts_with("| [GK")).collect();
    let expected: Vec<String> = Code::ALL
        .iter()
        .map(|code| {
            let page = read(&format!("{code}.md"));
            let meaning =
                page.lines().next().and_then(|title| title.split_once(": ")).map(|(_, meaning)| meaning.to_owned());
            format!("| [{code}]({code}.md) | {} | {code:?} | {} |", code.severity().name(), meaning.unwrap_or_default())
        })
        .collect();
    assert_eq!(
        rows, expected,
        "the table in docs/findings/README.md: each code once, by number, with severity, name and the title's meaning"
    );
}
