//! Reports made of a few figures, for the tables of tests in this room.

use std::borrow::Cow;

use super::check;
use crate::grammar::{Grammar, Grammars, load};
use crate::report::{Block, Cell, ColumnId, Finding, Report, RowId, Section, Span, Status, Table, TableId, Value};

pub(super) fn built_in(id: &str) -> Grammar {
    Grammars::built_in().get(id).cloned().expect("a built-in grammar")
}

/// A form with one row of six columns: `s` is signed. There is another table.
const FORM: &str = r#"
id = "small"
title = "表"
source = "某号"
years = { from = 2020 }
[report]
endings = ["报告"]
[[section]]
id = "only"
heading = ["情况"]
  [[section.table]]
  id = "t"
  columns = [
    { id = "a", label = ["甲"] }, { id = "b", label = ["乙"] }, { id = "c", label = ["丙"] }, { id = "d", label = ["丁"] },
    { id = "e", label = ["戊"], decimal = true }, { id = "s", label = ["己"], signed = true },
  ]
  rows = [{ id = "x", label = ["天"] }]
  [[section.table]]
  id = "other"
  columns = [{ id = "a", label = ["庚"] }]
  rows = [{ id = "x", label = ["地"] }]
[[rule]]
id = "r"
table = "t"
each = "row"
holds = "FORMULA"
says = "规则"
"#;

/// That form with one rule, which holds for the row.
pub(super) fn small(formula: &str) -> Grammar {
    load("g.toml", &FORM.replace("FORMULA", formula)).unwrap_or_else(|error| panic!("{error}"))
}

/// A page of the form on which every figure is 0 besides those given, one to a line: `table.row = 1 0 blank`, where a lone
/// value is for the whole row; `table = none` leaves out a table. Optional rows are there if they are named.
pub(super) fn report(grammar: &Grammar, figures: &str) -> Report<'static> {
    let zero = value("0");
    let lines: Vec<(&str, &str)> = figures
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.split_once('=').expect("an equals sign"))
        .map(|(name, values)| (name.trim(), values.trim()))
        .collect();
    let given = |name: &str| lines.iter().find(|(other, _)| *other == name).map(|(_, values)| *values);
    for (name, _) in &lines {
        let (table, row) = name.split_once('.').unwrap_or((name, ""));
        let form = grammar.tables.iter().find(|form| form.id == table);
        assert!(form.is_some_and(|form| row.is_empty() || form.rows.iter().any(|form| form.id == row)), "{name}");
    }
    let mut tables = Vec::new();
    for (id, form) in grammar.tables.iter().enumerate().filter(|(_, form)| given(&form.id) != Some("none")) {
        let mut cells = Vec::new();
        for (row, row_form) in form.rows.iter().enumerate() {
            let values: Vec<&str> = match given(&format!("{}.{}", form.id, row_form.id)) {
                None if row_form.optional => continue,
                None => Vec::new(),
                Some(values) => values.split_whitespace().collect(),
            };
            for column in 0..form.columns.len() {
                let value = match values.as_slice() {
                    [] => zero,
                    [all] => value(all),
                    several => value(several[column]),
                };
                // Any place will do, as long as each cell has its own.
                let at = (id * 1000 + row * 10 + column) as u32;
                let span = (!matches!(value, Value::Blank | Value::Missing)).then_some(Span::new(at, at + 1));
                cells.push(Cell { row: row as RowId, column: column as ColumnId, value, span, unit: None });
            }
        }
        tables.push(Table { id: id as TableId, cells });
    }
    Report {
        text: Cow::Borrowed(""),
        plain: None,
        encoding: "UTF-8",
        replaced: 0,
        grammar: Some(0),
        status: Status::Complete,
        title: None,
        issuer: Some("青石县".to_owned()),
        year: Some(2023),
        sections: Vec::new(),
        tables,
        statements: Vec::new(),
        findings: Vec::new(),
        open: Vec::new(),
        unbound: Vec::new(),
        coverage: Vec::new(),
    }
}

/// The same with one section that holds one paragraph.
pub(super) fn with_section(mut report: Report<'static>, grammar: &Grammar, id: &str, words: &str) -> Report<'static> {
    let section = grammar.sections.iter().position(|section| section.id == id).expect("a section");
    let heading = "一、标题\n";
    let paragraph = Span::new(heading.len() as u32, (heading.len() + words.len()) as u32);
    let blocks = if words.is_empty() { Vec::new() } else { vec![Block::Paragraph(paragraph)] };
    let heading_span = Span::new(0, heading.trim_end().len() as u32);
    report.text = Cow::Owned(format!("{heading}{words}"));
    report.sections.push(Section { id: section as u16, number: None, heading: heading_span, lines: (1, 2), blocks });
    report
}

fn value(word: &str) -> Value {
    match word {
        "blank" => Value::Blank,
        "dash" => Value::Dash,
        "none" => Value::None,
        "text" => Value::Text,
        "missing" => Value::Missing,
        number => {
            let (digits, negative) = number.strip_prefix('-').map_or((number, false), |digits| (digits, true));
            let scale = digits.split_once('.').map_or(0, |(_, behind)| behind.len());
            let digits = digits.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0');
            Value::Number(crate::report::Decimal::from_digits(negative, digits, scale).expect("a number"))
        }
    }
}

/// The finding as `rule row.column expected found`, with `-` for what it does not say.
pub(super) fn shown(finding: &Finding, grammar: &Grammar) -> String {
    let rule = finding.rule.map_or("-", |id| grammar.rules[usize::from(id)].id.as_str());
    let form = finding.table.map(|id| &grammar.tables[usize::from(id)]);
    let row = form.zip(finding.row).map_or("-", |(form, id)| form.rows[usize::from(id)].id.as_str());
    let column = form.zip(finding.column).map_or("-", |(form, id)| form.columns[usize::from(id)].id.as_str());
    let or = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    format!("{rule} {row}.{column} {} {}", or(&finding.expected), or(&finding.found))
}

/// What is said of the page, and which rules stay open with how many gaps, as `rule gaps`.
pub(super) fn judged(mut report: Report<'static>, grammar: &Grammar) -> (Vec<String>, Vec<String>) {
    check(&mut report, grammar);
    let findings = report.findings.iter().map(|finding| shown(finding, grammar)).collect();
    let open =
        report.open.iter().map(|open| format!("{} {}", grammar.rules[usize::from(open.rule)].id, open.gaps.len()));
    (findings, open.collect())
}
