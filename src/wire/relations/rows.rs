//! The rows of one report.
//!
//! In: a report and where it came from. Out: [`Rows`] with the columns of the model, but for the numbers that the database gives.

use crate::grammar::Grammars;
use crate::render::{cell_ids, help, message};
use crate::report::{Block, CellId, Decimal, Finding, Report, Section, Severity, Statement, Value};

use super::super::codebook::Codebook;
use super::super::json::{Ids, Page};
use super::super::{Options, Source};

/// The words for the codes of `cell_values.kind`; a code is a position here.
pub const KINDS: [&str; 6] = ["number", "blank", "dash", "none", "text", "missing"];

/// All rows of one report.
#[derive(Clone, Debug)]
pub struct Rows {
    /// Its row in `reports`.
    pub report: ReportRow,
    /// In `cell_values`, in the form's order.
    pub cells: Vec<CellRow>,
    /// In `sections`, in order.
    pub sections: Vec<SectionRow>,
    /// In `statements`, in order.
    pub statements: Vec<StatementRow>,
    /// In `findings`, in order.
    pub findings: Vec<FindingRow>,
}

/// A row of `reports`.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // the columns have their comments in the model
pub struct ReportRow {
    pub path: String,
    pub record: Option<String>,
    pub sha256: String,
    pub bytes: u64,
    pub encoding: &'static str,
    pub grammar: Option<String>,
    pub status: &'static str,
    pub title: Option<String>,
    pub issuer: Option<String>,
    pub year: Option<u16>,
    pub replaced: u32,
    /// Errors, warnings, notes.
    pub severities: [u32; 3],
}

/// A row of `cell_values`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellRow {
    /// The cell, by its position among the names of the [`Codebook`].
    pub cell: u32,
    /// A position in [`KINDS`].
    pub kind: u8,
    /// The figure.
    pub value: Option<Decimal>,
    /// What stands there, where that is not the figure as it is written here.
    pub raw: Option<Box<str>>,
    /// Line, first and last byte, where it stands anywhere.
    pub place: Option<[u32; 3]>,
    /// The unit printed in the cell.
    pub unit: Option<&'static str>,
}

/// A row of `sections`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct SectionRow {
    pub section: Option<String>,
    pub number: Option<String>,
    pub heading: String,
    pub text: String,
}

/// A row of `statements`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct StatementRow {
    pub rule: String,
    pub figure: Decimal,
    pub unit: Option<&'static str>,
    pub text: String,
    /// Line, first and last byte.
    pub place: [u32; 3],
    pub cells: String,
    pub parts: Option<String>,
    pub result: &'static str,
    pub reason: Option<&'static str>,
}

/// A row of `findings`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct FindingRow {
    pub code: String,
    pub rule: Option<String>,
    pub severity: Severity,
    /// Table, row, column.
    pub cell: [Option<String>; 3],
    pub expected: Option<String>,
    pub found: Option<String>,
    pub line: Option<u32>,
    pub message: String,
    pub section: Option<String>,
    pub help: Option<String>,
}

impl StatementRow {
    /// What it speaks of.
    pub fn subject(&self) -> &str {
        self.rule.strip_prefix("statement.").unwrap_or(&self.rule)
    }
}

impl CellRow {
    /// What stands there exactly; none where nothing does.
    pub fn raw(&self) -> Option<std::borrow::Cow<'_, str>> {
        match (&self.raw, self.value, self.place) {
            (Some(raw), ..) => Some(raw.as_ref().into()),
            (None, Some(value), Some(_)) => Some(value.to_string().into()),
            _ => None,
        }
    }
}

impl Rows {
    /// The rows of a report.
    pub fn of(
        report: &Report<'_>,
        grammars: &Grammars,
        codebook: &Codebook,
        source: &Source,
        options: &Options,
    ) -> Rows {
        let page = Page::new(report, grammars, options);
        let own = ReportRow {
            path: source.path.clone(),
            record: source.record.clone(),
            sha256: source.sha256.clone(),
            bytes: source.bytes,
            encoding: report.encoding,
            grammar: page.grammar.map(|grammar| grammar.id.clone()),
            status: report.status.name(),
            title: report.title.map(|title| page.joined(title).into_owned()),
            issuer: report.issuer.clone(),
            year: report.year,
            replaced: report.replaced,
            severities: report.severities(),
        };
        Rows {
            report: own,
            cells: cells(&page, codebook),
            sections: report.sections.iter().map(|section| page.section_row(section)).collect(),
            statements: report.statements.iter().map(|said| page.statement_row(said)).collect(),
            findings: report.findings.iter().map(|finding| page.finding_row(finding)).collect(),
        }
    }

    /// About how many bytes they hold.
    pub fn held(&self) -> usize {
        let sections = self.sections.iter().map(|row| row.text.len() + row.heading.len()).sum::<usize>();
        let statements = self.statements.iter().map(|row| row.text.len() + row.cells.len()).sum::<usize>();
        let findings = self.findings.iter().map(|row| row.message.len()).sum::<usize>();
        let raw = self.cells.iter().filter_map(|row| row.raw.as_ref()).map(|raw| raw.len()).sum::<usize>();
        let rows = size_of::<CellRow>() * self.cells.capacity()
            + size_of::<SectionRow>() * self.sections.capacity()
            + size_of::<StatementRow>() * self.statements.capacity()
            + size_of::<FindingRow>() * self.findings.capacity();
        size_of::<Rows>() + self.report.path.len() + sections + statements + findings + raw + rows
    }
}

fn cells(page: &Page<'_>, codebook: &Codebook) -> Vec<CellRow> {
    let report = page.report;
    let Some(grammar) = report.grammar else { return Vec::new() };
    let mut rows = Vec::with_capacity(report.tables.iter().map(|table| table.cells.len()).sum());
    let mut digits = String::new();
    for table in &report.tables {
        for cell in &table.cells {
            let id = CellId { table: table.id, row: cell.row, column: cell.column };
            let Some(number) = codebook.cell(grammar, id) else { continue };
            let value = cell.value.number();
            let raw = cell.span.map(|span| span.of(&report.text));
            let raw = raw.filter(|raw| value.is_none_or(|value| !is_written(raw, value, &mut digits)));
            rows.push(CellRow {
                cell: number,
                kind: kind(cell.value),
                value,
                raw: raw.map(Box::from),
                place: cell.span.map(|span| [page.lines.line(span.start), span.start, span.end]),
                unit: cell.unit,
            });
        }
    }
    rows
}

/// Whether the value is written so.
fn is_written(raw: &str, value: Decimal, digits: &mut String) -> bool {
    use std::fmt::Write;

    if raw == "0" && value.is_zero() {
        return true;
    }
    digits.clear();
    write!(digits, "{value}").is_ok() && digits == raw
}

/// The position of the value's kind in [`KINDS`].
fn kind(value: Value) -> u8 {
    match value {
        Value::Number(_) => 0,
        Value::Blank => 1,
        Value::Dash => 2,
        Value::None => 3,
        Value::Text => 4,
        Value::Missing => 5,
    }
}

impl Page<'_> {
    fn section_row(&self, section: &Section) -> SectionRow {
        let form = self.grammar.and_then(|grammar| grammar.sections.get(usize::from(section.id)));
        let mut text = String::new();
        for block in &section.blocks {
            let (number, words) = match block {
                Block::Paragraph(span) => (None, self.text(*span)),
                Block::Heading { number, text, .. } => (number.map(|number| self.number(number)), self.text(*text)),
                Block::Table(_) => continue,
            };
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(number.as_deref().unwrap_or_default());
            text.push_str(&words);
        }
        SectionRow {
            section: form.map(|form| form.id.clone()),
            number: section.number.map(|number| self.number(number).into_owned()),
            heading: self.joined(section.heading).into_owned(),
            text,
        }
    }

    fn statement_row(&self, said: &Statement) -> StatementRow {
        let rule = self.grammar.and_then(|grammar| grammar.rules.get(usize::from(said.rule)));
        let cells = said.cells.iter().filter_map(|cell| cell_ids(self.grammar?, *cell)).map(|ids| ids.join("."));
        let parts: Vec<String> = said.parts.iter().map(|part| part.value.to_string()).collect();
        StatementRow {
            rule: rule.map_or(String::new(), |rule| rule.id.clone()),
            figure: said.value,
            unit: said.unit,
            text: self.text(said.span).into_owned(),
            place: [self.lines.line(said.span.start), said.span.start, said.span.end],
            cells: cells.collect::<Vec<_>>().join(" "),
            parts: (!parts.is_empty()).then(|| parts.join(" ")),
            result: said.agreement.name(),
            reason: said.agreement.doubt().map(|doubt| doubt.name()),
        }
    }

    fn finding_row(&self, finding: &Finding) -> FindingRow {
        let Ids { rule, section, cell } = self.ids(finding);
        FindingRow {
            code: finding.code.to_string(),
            rule: rule.map(str::to_owned),
            severity: finding.severity,
            cell: cell.map(|id| id.map(str::to_owned)),
            expected: finding.expected.as_deref().map(str::to_owned),
            found: finding.found.as_deref().map(str::to_owned),
            line: finding.span.map(|span| self.lines.line(span.start)),
            message: message(finding, self.grammar, self.options.lang),
            section: section.map(str::to_owned),
            help: help(finding, self.grammar, self.options.lang),
        }
    }
}
