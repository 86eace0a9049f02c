//! The smallest pages that show one phenomenon each, written by hand, with what must be read from them: `corpus/cases`.
//!
//! `NAME.txt` is the page, `NAME.expected` says what is right by the contract. Its lines are, in any order:
//!
//! ```text
//! # a remark
//! grammar gid-2021          status partial        encoding GB18030     replaced 1     (one to a line)
//! title …                   issuer …              year 2023            `none` where there is none
//! sections overview applications                  in the page's order
//! applications.new_received.total = 5             a figure
//! applications.closed.total : blank               a cell without one: blank, dash, none, text, missing
//! applications.granted = 1 0 0 blank 0 dash 1     a whole row, kinds in words
//! no table article_20_1
//! finding GK341 applications.granted              a finding of that code, there if a place is given
//! no finding GK34                                 none whose code begins so; without a code, none at all
//! ```
//!
//! The expectations are the contract's, not the parser's: nothing rewrites them.

#![allow(clippy::disallowed_methods)] // files are what it reads

mod invariants;

use std::path::Path;

use gongkai::grammar::Grammar;
use gongkai::report::{Finding, Report};
use gongkai::text::clean;

use invariants::GRAMMARS;

#[test]
fn cases_are_read_rightly() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/cases");
    let names = std::fs::read_dir(&folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let mut pages: Vec<_> = names
        .filter(|path| path.extension().is_some_and(|kind| kind == "txt" || kind == "expected"))
        .map(|path| path.with_extension(""))
        .collect();
    pages.sort();
    pages.dedup();
    assert!(pages.len() >= 40, "cases are lost");
    let mut wrong = Vec::new();
    for page in pages {
        let name = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read(page.with_extension("txt")).unwrap_or_else(|_| panic!("{name} has no page"));
        let expected = std::fs::read_to_string(page.with_extension("expected"))
            .unwrap_or_else(|_| panic!("{name} has no expectation"));
        let report = invariants::check(&text);
        for line in expected.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Err(found) = (Page { report: &report }).holds(line) {
                wrong.push(format!("{name}: {line}\n    found: {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} expectations:\n{}", wrong.len(), wrong.join("\n"));
}

struct Page<'r> {
    report: &'r Report<'r>,
}

impl Page<'_> {
    fn grammar(&self) -> Option<&'static Grammar> {
        self.report.grammar.map(|index| &GRAMMARS.list()[index])
    }

    /// Whether one line of an expectation holds; what was found in place of it, if not.
    fn holds(&self, line: &str) -> Result<(), String> {
        let report = self.report;
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let found = match word {
            "grammar" => self.grammar().map_or("none", |grammar| &grammar.id).to_owned(),
            "status" => report.status.name().to_owned(),
            "encoding" => report.encoding.to_owned(),
            "replaced" => report.replaced.to_string(),
            "issuer" => report.issuer.clone().unwrap_or_else(|| "none".to_owned()),
            "year" => report.year.map_or_else(|| "none".to_owned(), |year| year.to_string()),
            "title" => {
                report.title.map_or_else(|| "none".to_owned(), |title| clean(title.of(report.plain())).replace(' ', ""))
            }
            "sections" => {
                let ids = report
                    .sections
                    .iter()
                    .filter_map(|section| Some(self.grammar()?.sections[usize::from(section.id)].id.as_str()));
                ids.collect::<Vec<_>>().join(" ")
            }
            "finding" | "no" => return self.findings_hold(word, rest),
            place => return self.cells_hold(place, rest),
        };
        if found == rest { Ok(()) } else { Err(found) }
    }

    fn findings_hold(&self, word: &str, rest: &str) -> Result<(), String> {
        if let Some(table) = rest.strip_prefix("table ") {
            let ids = self
                .report
                .tables
                .iter()
                .filter_map(|found| Some(self.grammar()?.tables[usize::from(found.id)].id.as_str()));
            return if ids.clone().any(|id| id == table) { Err(ids.collect::<Vec<_>>().join(" ")) } else { Ok(()) };
        }
        let (code, place) = rest.split_once(' ').unwrap_or((rest, ""));
        let found: Vec<String> =
            self.report.findings.iter().map(|finding| format!("{} {}", finding.code, self.place(finding))).collect();
        let holds = if word == "no" {
            let code = code.strip_prefix("finding").unwrap_or(code).trim();
            let prefix = if code.is_empty() { place } else { code };
            found.iter().all(|finding| !finding.starts_with(prefix))
        } else {
            found.iter().any(|finding| *finding == rest || (place.is_empty() && finding.starts_with(code)))
                || found.iter().any(|finding| finding.starts_with(&format!("{rest}.")))
        };
        if holds { Ok(()) } else { Err(found.join(", ")) }
    }

    /// `table.row.column` of a finding, as far as it is told.
    fn place(&self, finding: &Finding) -> String {
        let Some(form) = self.grammar().zip(finding.table).map(|(grammar, table)| &grammar.tables[usize::from(table)])
        else {
            return String::new();
        };
        let row = finding.row.map(|row| form.rows[usize::from(row)].id.as_str());
        let column = finding.column.map(|column| form.columns[usize::from(column)].id.as_str());
        [Some(form.id.as_str()), row, column].into_iter().flatten().collect::<Vec<_>>().join(".")
    }

    /// `table.row.column = 5`, `table.row.column : blank` or `table.row = 1 blank 0`.
    fn cells_hold(&self, place: &str, rest: &str) -> Result<(), String> {
        let right = rest.trim_start_matches(['=', ':']).trim();
        let parts: Vec<&str> = place.split('.').collect();
        let Some(grammar) = self.grammar() else { return Err("no grammar".to_owned()) };
        let form = grammar
            .tables
            .iter()
            .find(|form| form.id == parts[0])
            .unwrap_or_else(|| panic!("`{place}` is nowhere in {}", grammar.id));
        let row = form
            .rows
            .iter()
            .position(|row| Some(&row.id.as_str()) == parts.get(1))
            .unwrap_or_else(|| panic!("no row `{place}`"));
        let column = parts.get(2).map(|id| {
            form.columns.iter().position(|column| column.id == *id).unwrap_or_else(|| panic!("no column `{place}`"))
        });
        let table = self
            .report
            .tables
            .iter()
            .find(|table| grammar.tables[usize::from(table.id)].id == parts[0])
            .ok_or("no such table")?;
        let cells = table.cells.iter().filter(|cell| {
            usize::from(cell.row) == row && column.is_none_or(|column| usize::from(cell.column) == column)
        });
        let words = cells
            .map(|cell| cell.value.number().map_or_else(|| cell.value.kind().to_owned(), |number| number.to_string()));
        let found = words.collect::<Vec<_>>().join(" ");
        if found == right { Ok(()) } else { Err(found) }
    }
}
