//! What the prose says of quantities: `tests/statements.txt`, sentences with what must be read from them.
//!
//! A case is a block of lines. `=` gives cells of the page's tables their figures (all others are 0), `issuer` and `year` say
//! whose page it is (青石县, 2023), `grammar` of which form, `>` is a paragraph of section 一. The other lines are the statements
//! that must be read, in order: rule, figure, what came of it. Findings follow from them: each `fails` has one, nothing else
//! has. `BLESS=1 cargo test --test statements` writes the statements as they are read; look at the difference.

#![allow(clippy::disallowed_methods)] // a file is what it reads

mod invariants;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use gongkai::grammar::Grammar;
use gongkai::report::{Agreement, Code, Report};

use invariants::GRAMMARS;

/// One block of the file.
#[derive(Default)]
struct Case {
    /// The lines that say what the page is.
    given: Vec<String>,
    /// The statements expected.
    expected: Vec<String>,
}

fn cases(file: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for block in file.split("\n\n") {
        let mut case = Case::default();
        for line in block.lines().filter(|line| !line.is_empty()) {
            let given = ["#", "=", "issuer ", "year ", "grammar ", ">"].iter().any(|start| line.starts_with(start));
            if given { case.given.push(line.to_owned()) } else { case.expected.push(line.to_owned()) }
        }
        cases.push(case);
    }
    cases
}

impl Case {
    fn value(&self, key: &str, default: &str) -> String {
        let value = self.given.iter().find_map(|line| line.strip_prefix(key));
        value.unwrap_or(default).trim().to_owned()
    }

    fn grammar(&self) -> &'static Grammar {
        let id = self.value("grammar ", "gid-2021");
        GRAMMARS.get(&id).unwrap_or_else(|| panic!("no grammar {id}"))
    }

    /// A page with the figures and the paragraphs of the case.
    fn page(&self) -> String {
        let grammar = self.grammar();
        let mut cells = BTreeMap::new();
        for line in self.given.iter().filter_map(|line| line.strip_prefix('=')) {
            for pair in line.split_whitespace().collect::<Vec<_>>().chunks(2) {
                let [name, value] = pair else { panic!("a cell and its figure: {line}") };
                let parts: Vec<&str> = name.split('.').collect();
                let [table, row, column] = parts[..] else { panic!("{name} is no cell") };
                assert!(grammar.cell(table, row, column).is_some(), "{name} is no cell");
                cells.insert((*name).to_owned(), (*value).to_owned());
            }
        }
        let mut page =
            format!("{}{}年政府信息公开工作年度报告\n\n", self.value("issuer ", "青石县"), self.value("year ", "2023"));
        for (id, section) in grammar.sections.iter().enumerate() {
            let numbers = ["一", "二", "三", "四", "五", "六"];
            let _ = writeln!(page, "{}、{}", numbers[id], section.headings[0].shown);
            if id == 0 {
                let paragraphs = self.given.iter().filter_map(|line| line.strip_prefix("> "));
                paragraphs.for_each(|words| page.push_str(&format!("{words}\n")));
            }
            for (_, table) in grammar.tables_of(id as u16) {
                if let Some(caption) = table.captions.first() {
                    let _ = writeln!(page, "{}", caption.shown);
                }
                let heads: Vec<&str> = table.columns.iter().map(|column| column.labels[0].shown.as_str()).collect();
                let figures = |row: &str| {
                    let figure = |column: &str| cells.get(&format!("{}.{row}.{column}", table.id)).map_or("0", |v| v);
                    table.columns.iter().map(|column| figure(&column.id)).collect::<Vec<_>>().join("\t")
                };
                if table.side_by_side {
                    let rows: Vec<&str> = table.rows.iter().map(|row| row.labels[0].shown.as_str()).collect();
                    let _ = writeln!(page, "{}", rows.join("\t\t\t\t\t"));
                    let _ = writeln!(page, "{}", vec![heads.join("\t"); rows.len()].join("\t"));
                    let row = table.rows.iter().map(|row| figures(&row.id)).collect::<Vec<_>>();
                    let _ = writeln!(page, "{}", row.join("\t"));
                    continue;
                }
                let _ = writeln!(page, "\t{}", heads.join("\t"));
                for row in table.rows.iter().filter(|row| !row.optional) {
                    let _ = writeln!(page, "{}\t{}", row.labels[0].shown, figures(&row.id));
                }
            }
            if id > 3 {
                page.push_str("本年度没有收取信息处理费，下一步将继续改进各项工作。\n");
            }
        }
        page
    }

    /// The statements of section 一 as lines of the file.
    fn read(&self) -> Vec<String> {
        let page = self.page();
        let report = invariants::check(page.as_bytes());
        assert_eq!(report.grammar.map(|index| &GRAMMARS.list()[index].id), Some(&self.grammar().id), "{page}");
        let first = report.sections.first().map_or((0, 0), |section| section.lines);
        let lines = gongkai::text::Lines::new(&report.text);
        let statements = report.statements.iter().filter(|statement| lines.line(statement.span.start) <= first.1);
        let failing = report.statements.iter().filter(|statement| statement.agreement == Agreement::Fails).count();
        assert_eq!(failing, findings(&report), "{page}");
        statements
            .map(|statement| {
                let rule = &self.grammar().rules[usize::from(statement.rule)].id;
                let parts: Vec<String> = statement.parts.iter().map(|part| part.value.to_string()).collect();
                let parts = if parts.is_empty() { String::new() } else { format!(" = {}", parts.join(" + ")) };
                let result = statement.agreement.doubt().map_or(statement.agreement.name(), |doubt| doubt.name());
                format!("{rule} {}{parts} {result}", statement.value)
            })
            .collect()
    }
}

fn findings(report: &Report<'_>) -> usize {
    let of_prose = [Code::StatementDiffers, Code::PartsDiffer, Code::ShareWrong];
    report.findings.iter().filter(|finding| of_prose.contains(&finding.code)).count()
}

#[test]
fn statements_are_read_rightly() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/statements.txt");
    let file = std::fs::read_to_string(&path).expect("the file");
    let cases = cases(&file);
    assert!(cases.len() >= 60, "cases are lost");
    let mut wrong = Vec::new();
    let mut blessed = Vec::new();
    for case in &cases {
        let read = case.read();
        if read != case.expected {
            let words = case.given.iter().filter(|line| line.starts_with('>')).cloned().collect::<Vec<_>>().join("\n");
            wrong.push(format!("{words}\n    read: {read:?}\n    expected: {:?}", case.expected));
        }
        blessed.push([case.given.join("\n"), read.join("\n")].join("\n").trim_end().to_owned());
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, blessed.join("\n\n") + "\n").expect("the file is written");
        return;
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}
