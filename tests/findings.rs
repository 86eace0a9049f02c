//! Each kind of finding has its pages in `docs/findings`, English and Chinese, and what they say is true: name, severity, the
//! rules with their words and formulas, the example.

#![allow(clippy::disallowed_methods)] // pages are files

mod markdown;
#[cfg(feature = "cli")]
mod packing;

use std::collections::BTreeSet;
use std::path::PathBuf;
#[cfg(feature = "cli")]
use std::process::Command;

use gongkai::grammar::{Check, Grammars};
use gongkai::report::{Code, Severity};
use gongkai::{Limits, parse};

/// How pages are written in one language.
struct Language {
    /// What their files' names end with.
    ending: &'static str,
    table: &'static str,
    colon: &'static str,
    severity: &'static str,
    /// The words for note, warning, error.
    severities: [&'static str; 3],
    parts: [&'static str; 5],
}

const ENGLISH: Language = Language {
    ending: ".md",
    table: "README.md",
    colon: ": ",
    severity: "Severity: ",
    severities: ["note", "warning", "error"],
    parts: ["What it means", "When it is raised", "What is done with the data", "How to mend it", "Example"],
};

const CHINESE: Language = Language {
    ending: ".zh.md",
    table: "README.zh.md",
    colon: "：",
    severity: "级别：",
    severities: ["提示", "警告", "错误"],
    parts: ["含义", "何时出现", "数据如何处理", "如何修正", "示例"],
};

impl Language {
    fn name(&self, code: Code) -> String {
        format!("{code}{}", self.ending)
    }

    fn severity(&self, code: Code) -> &str {
        match code.severity() {
            Severity::Note => self.severities[0],
            Severity::Warning => self.severities[1],
            Severity::Error => self.severities[2],
        }
    }

    /// What the title of a code's page says after the name.
    fn meaning(&self, code: Code) -> String {
        let page = read(&self.name(code));
        let title = page.lines().next().unwrap_or_default();
        title.split_once(self.colon).map(|(_, meaning)| meaning.to_owned()).unwrap_or_default()
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/findings")
}

fn read(name: &str) -> String {
    let path = folder().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("docs/findings/{name} can't be read: {error}"))
}

/// The lines about the rules of a code: those between the severity and the first part.
fn head(page: &str) -> Vec<&str> {
    let head = page.split("\n## ").next().unwrap_or_default();
    head.lines().filter(|line| !line.is_empty()).skip(2).collect()
}

/// The shape of one page.
fn check_shape(code: Code, language: &Language) {
    let name = language.name(code);
    let page = read(&name);
    let mut lines = page.lines();

    let title = lines.next().unwrap_or_default();
    let expected = format!("# {code} {code:?}{}", language.colon);
    assert!(
        title.starts_with(&expected) && title.len() > expected.len(),
        "{name}: the title is `{title}`, not `{expected}…`"
    );
    let severity = lines.find(|line| !line.is_empty()).unwrap_or_default();
    let expected = format!("{}{}", language.severity, language.severity(code));
    assert_eq!(severity, expected, "{name}: the severity line after the title");
    let parts: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(parts, language.parts, "{name}: the parts of the page");
    let of_rules = (200..300).contains(&(code as u16)) && code != Code::RuleBroken;
    assert_eq!(!head(&page).is_empty(), of_rules, "{name}: lines on rules stand below the severity of GK2xx only");
    assert!(page.ends_with('\n') && !page.ends_with("\n\n"), "{name}: the page's end");
}

/// The codes that the example of a page raises: one report, or a grammar and a report of it, or a series of reports.
fn raised(code: Code) -> BTreeSet<String> {
    let name = ENGLISH.name(code);
    let page = read(&name);
    let blocks = markdown::fenced(&page);
    let mut grammars = Grammars::built_in();
    let reports = match &blocks[..] {
        [("toml", grammar), reports @ ..] => {
            grammars.add(&name, grammar).unwrap_or_else(|error| panic!("{name}: {error}"));
            reports
        }
        reports => reports,
    };
    let [(info, content)] = reports else { return series(&name, reports) };
    let (bytes, limits) = input(&name, info, content);
    let report = parse(&bytes, &grammars, &Limits { bytes: limits, ..Limits::default() });
    report.findings.iter().map(|finding| finding.code.to_string()).collect()
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

/// The codes that several reports raise when they are checked together.
#[cfg(feature = "cli")]
fn series(name: &str, reports: &[(&str, String)]) -> BTreeSet<String> {
    assert!(reports.len() > 1, "{name}: there is no example");
    let folder = tempfile::tempdir().expect("a folder");
    for (index, (info, content)) in reports.iter().enumerate() {
        assert_eq!(*info, "text", "{name}: a report of a series");
        std::fs::write(folder.path().join(format!("{index}.txt")), content).expect("a file");
    }
    let findings = run(&["check", "--format", "jsonl"], Some(folder.path()));
    Code::ALL.iter().map(Code::to_string).filter(|code| findings.contains(&format!("\"{code}\""))).collect()
}

/// A series needs the command `check`, which this build does not have. Another build holds the example.
#[cfg(not(feature = "cli"))]
fn series(_: &str, _: &[(&str, String)]) -> BTreeSet<String> {
    Code::ALL.iter().map(Code::to_string).collect()
}

/// What the binary prints.
#[cfg(feature = "cli")]
fn run(arguments: &[&str], input: Option<&std::path::Path>) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    let output = command.args(arguments).args(input).output().expect("the binary");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_some_and(|code| code < 2), "{arguments:?}: {error}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn each_code_has_its_pages() {
    for code in Code::ALL {
        check_shape(*code, &ENGLISH);
        check_shape(*code, &CHINESE);
    }
}

#[test]
fn each_example_raises_its_code() {
    let silent: Vec<String> = Code::ALL
        .iter()
        .filter(|code| !is_unread(**code))
        .map(|code| (code.to_string(), raised(*code)))
        .filter(|(code, raised)| !raised.contains(code))
        .map(|(code, raised)| format!("the example of {code} raises {raised:?}"))
        .collect();
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

#[test]
fn both_languages_have_one_example() {
    for code in Code::ALL {
        let (english, chinese) = (read(&ENGLISH.name(*code)), read(&CHINESE.name(*code)));
        assert_eq!(markdown::fenced(&english), markdown::fenced(&chinese), "the example of {code}");
    }
}

#[test]
fn each_page_has_its_code() {
    let of = |language: &Language| Code::ALL.iter().map(|code| language.name(*code)).collect::<Vec<_>>();
    let mut expected: BTreeSet<String> = of(&ENGLISH).into_iter().chain(of(&CHINESE)).collect();
    expected.extend([ENGLISH.table.to_owned(), CHINESE.table.to_owned()]);
    let entries = std::fs::read_dir(folder()).expect("docs/findings is a folder");
    let pages: BTreeSet<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(pages, expected, "docs/findings has the pages of each code and no other page");
}

#[test]
fn the_tables_list_each_code() {
    for language in [&ENGLISH, &CHINESE] {
        let readme = read(language.table);
        let rows: Vec<&str> = readme.lines().filter(|line| line.starts_with("| [GK")).collect();
        let row = |code: &Code| {
            let (severity, meaning) = (language.severity(*code), language.meaning(*code));
            format!("| [{code}]({}) | {severity} | {code:?} | {meaning} |", language.name(*code))
        };
        let expected: Vec<String> = Code::ALL.iter().map(row).collect();
        assert_eq!(
            rows, expected,
            "the table in docs/findings/{}: each code once, by number, with severity, name and the title's meaning",
            language.table
        );
    }
}

#[test]
fn the_pages_have_the_rules_of_the_grammars() {
    let mut with_rules = BTreeSet::from([Code::RuleBroken]);
    for grammar in Grammars::built_in().list() {
        for rule in &grammar.rules {
            with_rules.insert(rule.code);
            // One page speaks of all statements; their formulas stand in the grammars alone.
            if rule.code == Code::StatementDiffers {
                continue;
            }
            let formula = rule.formula.split_whitespace().collect::<Vec<_>>().join(" ");
            for language in [&ENGLISH, &CHINESE] {
                let page = read(&language.name(rule.code));
                let has = |words: &str| head(&page).iter().any(|line| line.contains(words));
                assert!(has(&format!("`{}`", rule.id)), "{} of {}: the rule's name", rule.id, grammar.id);
                assert!(has(&rule.says), "{} of {}: {} stands in {}", rule.id, grammar.id, rule.says, rule.code);
                let is_shown = matches!(rule.check, Check::Formula(_) | Check::Mentions(..));
                assert!(!is_shown || has(&format!("`{formula}`")), "{} of {}: `{formula}`", rule.id, grammar.id);
            }
        }
    }
    let expected: BTreeSet<Code> =
        Code::ALL.iter().copied().filter(|code| (200..300).contains(&(*code as u16))).collect();
    assert_eq!(with_rules, expected, "the codes that the built-in grammars have rules for");
}

/// What `explain` makes of the loaded grammars is what the page says. `BLESS=1` writes it there.
#[cfg(feature = "cli")]
#[test]
fn the_pages_say_of_rules_what_explain_says() {
    for (lang, language) in [("en", &ENGLISH), ("zh", &CHINESE)] {
        for code in Code::ALL.iter().filter(|code| **code != Code::StatementDiffers) {
            let (name, explained) = (language.name(*code), run(&["explain", &code.to_string(), "--lang", lang], None));
            let explained: Vec<&str> = explained.lines().skip(3).take_while(|line| !line.is_empty()).collect();
            let page = read(&name);
            if std::env::var_os("BLESS").is_some() {
                let (_, parts) = page.split_once("\n## ").expect("parts");
                let head = page.lines().take(3).chain(explained.iter().flat_map(|line| ["", *line]));
                let head: String = head.map(|line| format!("{line}\n")).collect();
                std::fs::write(folder().join(&name), format!("{head}\n## {parts}")).expect("a page");
            } else {
                assert_eq!(head(&page), explained, "the head of {name}; BLESS=1 writes it anew");
            }
        }
    }
}

/// What can't be read raises no finding in a report: the command on the page of its code prints what the page says.
#[cfg(feature = "cli")]
#[test]
fn examples_of_what_cannot_be_read() {
    use packing::{gz, tar, zip};
    let page = "青石县2023年政府信息公开工作年度报告\n".as_bytes();
    let packed = gz(page);
    let pages = [("1.txt".to_owned(), page.to_vec()), ("2.txt".to_owned(), page.to_vec())];
    let mut damaged = packed.clone();
    damaged[40] ^= 1;
    let mut secret = zip(&[("page.txt".to_owned(), page.to_vec())]);
    secret[6] |= 1;
    let directory = secret.windows(4).position(|window| window == b"PK\x01\x02").expect("a directory");
    secret[directory + 8] |= 1;

    let desk = tempfile::tempdir().expect("a folder");
    for (name, bytes) in [
        ("page.txt", page),
        ("page.txt.gz", &packed),
        ("cut.txt.gz", &packed[..20]),
        ("damaged.txt.gz", &damaged),
        ("zeros.txt.gz", &gz(&vec![0; 32 << 20])),
        ("pages.tar", &tar(&pages)),
        ("pages.tar.gz", &gz(&tar(&pages))),
        ("secret.zip", &secret),
        ("page.pdf", b"%PDF-1.4\n"),
        ("pages.jsonl", "{\"content\": \"青石县\"}\n".as_bytes()),
    ] {
        packing::put(desk.path(), name, bytes);
    }
    for code in Code::ALL.iter().filter(|code| is_unread(**code)) {
        let page = read(&ENGLISH.name(*code));
        let blocks = markdown::fenced(&page);
        let [("console", example)] = &blocks[..] else {
            panic!("{code}: the example is a command with what it prints")
        };
        let (command, printed) = example.split_once('\n').expect("two lines");
        let arguments = command.strip_prefix("$ gongkai ").expect("a command");
        // These two need another program that writes meanwhile, and a defect.
        if matches!(code, Code::Changed | Code::Defect) {
            continue;
        }
        let mut run = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        run.args(arguments.split(' ')).current_dir(desk.path()).env("LC_ALL", "C");
        let output = run.output().expect("the binary");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(error.contains(printed), "{code}: {error}");
        assert_ne!(output.status.code(), Some(0), "{code}");
    }
}

/// Whether a code speaks of what could not be read, so that there is no report with it.
fn is_unread(code: Code) -> bool {
    code as u16 >= 400
}
