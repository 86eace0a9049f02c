//! The example in `grammars/README.md` is true: its form loads, its page is read with it, and samples give their cells.

#![allow(clippy::disallowed_methods)] // pages are files

mod markdown;

use gongkai::grammar::{Grammar, Grammars, load};
use gongkai::report::{ColumnId, Report, RowId, Status, TableId};
use gongkai::{Limits, parse};

/// The one fenced block of the README with that info string.
fn block(info: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("grammars/README.md");
    let readme = std::fs::read_to_string(path).expect("grammars/README.md is there");
    let mut blocks =
        markdown::fenced(&readme).into_iter().filter(|(found, _)| *found == info).map(|(_, content)| content);
    let block = blocks.next().unwrap_or_else(|| panic!("grammars/README.md has no ```{info} block"));
    assert!(blocks.next().is_none(), "grammars/README.md has more than one ```{info} block");
    block
}

/// What stands in a cell: the figure, or the kind of a cell without one.
fn shown(report: &Report<'_>, (table, row, column): (TableId, RowId, ColumnId)) -> String {
    let table = report.tables.iter().find(|found| found.id == table).expect("the table was found");
    let cell = table.cells.iter().find(|cell| (cell.row, cell.column) == (row, column));
    cell.map_or_else(
        || "missing".to_owned(),
        |cell| cell.value.number().map_or_else(|| cell.value.kind().to_owned(), |number| number.to_string()),
    )
}

/// Reads the page with those grammars and compares the cells.
fn check(grammars: &Grammars, grammar: &Grammar, page: &str, cells: &[(&str, &str)]) {
    let report = parse(page.as_bytes(), grammars, &Limits::default());
    let bound = report.grammar.map(|index| grammars.list()[index].id.as_str());
    assert_eq!(bound, Some(grammar.id.as_str()), "the page is read with its own form");
    for (name, expected) in cells {
        let parts: Vec<&str> = name.split('.').collect();
        let cell = grammar.cell(parts[0], parts[1], parts[2]).unwrap_or_else(|| panic!("`{name}` names no cell"));
        assert_eq!(shown(&report, cell), *expected, "{name}");
    }
}

#[test]
fn the_example_is_read() {
    let toml = block("toml");
    let page = block("text");
    let grammar = load("README.md", &toml).unwrap_or_else(|error| panic!("{error}"));
    let cells = [
        ("calls.complaints_fees.received", "12"),
        ("calls.complaints_fees.closed", "12"),
        ("calls.complaints_fees.cost", "0.35"),
        ("calls.complaints_other.received", "7"),
        ("calls.complaints_other.cost", "0.25"),
        ("calls.enquiries.closed", "40"),
        ("calls.enquiries.cost", "dash"),
        ("calls.other.received", "3"),
        ("calls.other.closed", "blank"),
        ("calls.other.cost", "0"),
        ("calls.total.cost", "0.6"),
    ];
    check(&Grammars::new(vec![grammar.clone()]), &grammar, &page, &cells);
    let mut beside_the_built_in = Grammars::built_in();
    beside_the_built_in.add("README.md", &toml).unwrap_or_else(|error| panic!("{error}"));
    check(&beside_the_built_in, &grammar, &page, &cells);

    let report = parse(page.as_bytes(), &Grammars::new(vec![grammar]), &Limits::default());
    assert_eq!((report.issuer.as_deref(), report.year, report.status), (Some("青石县"), Some(2023), Status::Complete));
    assert_eq!(report.findings, [], "nothing is to be said of the page");
}

#[test]
fn the_rules_are_judged() {
    let grammar = load("README.md", &block("toml")).unwrap_or_else(|error| panic!("{error}"));
    let grammars = Grammars::new(vec![grammar.clone()]);
    let rule = |id: Option<u16>| id.and_then(|id| grammar.rules.get(usize::from(id))).map(|rule| rule.id.as_str());
    let page = block("text");
    let report = parse(page.as_bytes(), &grammars, &Limits::default());
    let open: Vec<(Option<&str>, usize)> =
        report.open.iter().map(|open| (rule(Some(open.rule)), open.gaps.len())).collect();
    let expected = [(Some("calls.total"), 1), (Some("calls.total"), 1), (Some("calls.closed"), 1)];
    assert_eq!(open, expected, "what is not assessable");

    let wrong = page.replace("| 62 |", "| 63 |");
    let report = parse(wrong.as_bytes(), &grammars, &Limits::default());
    let found: Vec<_> = report
        .findings
        .iter()
        .map(|found| (found.code.to_string(), rule(found.rule), found.expected.as_deref(), found.found.as_deref()))
        .collect();
    assert_eq!(found, [("GK200".to_owned(), Some("calls.total"), Some("62"), Some("63"))]);
    let unchecked = parse(wrong.as_bytes(), &grammars, &Limits { check: false, ..Limits::default() });
    assert_eq!((unchecked.findings.len(), unchecked.open.len()), (0, 0), "nothing is judged where nobody asks");
}

/// The year of the page is one of the form's own, so no other form is the edition of that year.
#[test]
fn a_form_of_ones_own_is_no_other_edition() {
    let mut grammars = Grammars::built_in();
    grammars.add("README.md", &block("toml")).unwrap_or_else(|error| panic!("{error}"));
    let page = block("text");
    let report = parse(page.as_bytes(), &grammars, &Limits::default());
    assert_eq!(report.findings, [], "nothing is to be said of the page beside the built-in grammars either");
}

#[test]
fn samples_give_their_cells() {
    let readme = block("toml");
    for (name, text) in Grammars::BUILT_IN.iter().copied().chain([("README.md", readme.as_str())]) {
        let grammar = load(name, text).unwrap_or_else(|error| panic!("{error}"));
        assert!(!grammar.samples.is_empty(), "{name} has a sample");
        let alone = Grammars::new(vec![grammar.clone()]);
        for sample in &grammar.samples {
            let report = parse(sample.text.as_bytes(), &alone, &Limits::default());
            for (cell, expected) in &sample.cells {
                assert_eq!(shown(&report, *cell), *expected, "{name}:{}: cell {cell:?} of the sample", sample.place.0);
            }
        }
    }
}

#[test]
fn the_mistakes_shown_are_real() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("grammars/README.md");
    let readme = std::fs::read_to_string(path).expect("it is there");
    let toml = block("toml");
    let error = load("my-form.toml", &toml.replacen("title ", "titel ", 1)).expect_err("`titel` is no key").to_string();
    let unknown = error.lines().find(|line| line.contains("unknown key")).expect("the unknown key is named");
    let words = unknown.splitn(4, ':').nth(3).expect("words after the place").trim();
    assert!(readme.contains(words), "grammars/README.md does not show `{words}`");
    let error =
        load("my-form.toml", &toml.replacen("total = sum", "totals = sum", 1)).expect_err("no such row").to_string();
    assert!(readme.contains(&error), "grammars/README.md does not show `{error}`");
}
