//! The members of the JSON object, in the order of the contract.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, SerializeStruct, Serializer};
use serde_json::value::RawValue;

use super::finding::Members;
use super::statement::Statements;
use super::{Options, Source};
use crate::grammar::{Grammar, Grammars};
use crate::render::{help, message};
use crate::report::{Block, Cell, Decimal, Finding, Report, Section, Span, Table, Value};
use crate::text::{Lines, clean_with};

pub(super) fn write(report: &Report<'_>, grammars: &Grammars, source: &Source, options: &Options, out: &mut Vec<u8>) {
    let grammar = report.grammar.and_then(|index| grammars.list().get(index));
    let page = Page { report, grammar, source, options, lines: Lines::new(&report.text) };
    // Writing to memory can't fail, and no map of ours has keys that are not strings.
    let written =
        if options.pretty { serde_json::to_writer_pretty(out, &page) } else { serde_json::to_writer(out, &page) };
    debug_assert!(written.is_ok());
}

pub(super) struct Page<'r> {
    pub(super) report: &'r Report<'r>,
    pub(super) grammar: Option<&'r Grammar>,
    source: &'r Source,
    options: &'r Options,
    pub(super) lines: Lines,
}

impl<'r> Page<'r> {
    pub(super) fn text(&self, span: Span) -> Cow<'r, str> {
        clean_with(span.of(self.report.plain()), self.options.punctuation)
    }

    /// A heading or title may be broken over lines; between Chinese characters the break was none.
    fn joined(&self, span: Span) -> Cow<'r, str> {
        let words = span.of(self.report.plain());
        if !words.contains(['\n', '\r']) {
            return self.text(span);
        }
        let lines = words.split(['\n', '\r']).map(|line| clean_with(line, self.options.punctuation));
        Cow::Owned(lines.filter(|line| !line.is_empty()).collect())
    }

    /// The number without blanks in it.
    fn number(&self, span: Span) -> String {
        self.text(span).chars().filter(|c| !c.is_whitespace()).collect()
    }
}

impl Serialize for Page<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.report;
        let mut map = serializer.serialize_struct("Report", 15)?;
        map.serialize_field("schema", "gongkai.report.v1")?;
        map.serialize_field("source", &SourceOut(self))?;
        map.serialize_field("grammar", &self.grammar.map(|grammar| &grammar.id))?;
        map.serialize_field("status", report.status.name())?;
        map.serialize_field("title", &report.title.map(|title| self.joined(title)))?;
        map.serialize_field("issuer", &report.issuer)?;
        map.serialize_field("year", &report.year)?;
        map.serialize_field("sections", &Sections(self))?;
        map.serialize_field("tables", &Tables(self))?;
        map.serialize_field("statements", &Statements(self))?;
        map.serialize_field("findings", &Findings(self))?;
        map.serialize_field("unbound", &Unbound(self))?;
        if self.options.provenance {
            map.serialize_field("cells", &Cells(self))?;
            map.serialize_field("coverage", &Coverage(self))?;
        }
        map.end()
    }
}

struct SourceOut<'p>(&'p Page<'p>);

impl Serialize for SourceOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Page { source, report, .. } = self.0;
        let mut map = serializer.serialize_struct("Source", 6)?;
        map.serialize_field("path", &source.path)?;
        map.serialize_field("record", &source.record)?;
        map.serialize_field("sha256", &source.sha256)?;
        map.serialize_field("bytes", &source.bytes)?;
        map.serialize_field("encoding", report.encoding)?;
        map.serialize_field("replaced", &report.replaced)?;
        map.end()
    }
}

struct Sections<'p>(&'p Page<'p>);

impl Serialize for Sections<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.report.sections.iter().map(|section| SectionOut { page: self.0, section }))
    }
}

struct SectionOut<'p> {
    page: &'p Page<'p>,
    section: &'p Section,
}

impl Serialize for SectionOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let SectionOut { page, section } = self;
        let id = page.grammar.and_then(|grammar| grammar.sections.get(usize::from(section.id))).map(|form| &form.id);
        let mut map = serializer.serialize_struct("Section", 5)?;
        map.serialize_field("id", &id)?;
        map.serialize_field("number", &section.number.map(|number| page.number(number)))?;
        map.serialize_field("heading", &page.joined(section.heading))?;
        map.serialize_field("lines", &raw(format!("[{}, {}]", section.lines.0, section.lines.1)))?;
        map.serialize_field("blocks", &Blocks { page, blocks: &section.blocks })?;
        map.end()
    }
}

struct Blocks<'p> {
    page: &'p Page<'p>,
    blocks: &'p [Block],
}

impl Serialize for Blocks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.blocks.iter().map(|block| BlockOut { page: self.page, block }))
    }
}

struct BlockOut<'p> {
    page: &'p Page<'p>,
    block: &'p Block,
}

impl Serialize for BlockOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let page = self.page;
        match self.block {
            Block::Paragraph(span) => {
                let mut map = serializer.serialize_struct("Block", 2)?;
                map.serialize_field("kind", "paragraph")?;
                map.serialize_field("text", &page.text(*span))?;
                map.end()
            }
            Block::Heading { level, number, text } => {
                let mut map = serializer.serialize_struct("Block", 4)?;
                map.serialize_field("kind", "heading")?;
                map.serialize_field("level", level)?;
                map.serialize_field("number", &number.map(|number| page.number(number)))?;
                map.serialize_field("text", &page.text(*text))?;
                map.end()
            }
            Block::Table(table) => {
                let id = page.grammar.and_then(|grammar| grammar.tables.get(usize::from(*table))).map(|form| &form.id);
                let mut map = serializer.serialize_struct("Block", 2)?;
                map.serialize_field("kind", "table")?;
                map.serialize_field("table", &id)?;
                map.end()
            }
        }
    }
}

struct Tables<'p>(&'p Page<'p>);

impl Serialize for Tables<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Page { report, grammar, .. } = self.0;
        let mut map = serializer.serialize_map(Some(report.tables.len()))?;
        for table in &report.tables {
            if let Some(form) = grammar.and_then(|grammar| grammar.tables.get(usize::from(table.id))) {
                map.serialize_entry(&form.id, &TableOut { grammar: *grammar, table })?;
            }
        }
        map.end()
    }
}

struct TableOut<'p> {
    grammar: Option<&'p Grammar>,
    table: &'p Table,
}

impl Serialize for TableOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for cells in self.table.cells.chunk_by(|a, b| a.row == b.row) {
            let names = Names::of(self.grammar, self.table, &cells[0]);
            map.serialize_entry(names.row, &RowOut { table: self, cells })?;
        }
        map.end()
    }
}

struct RowOut<'p> {
    table: &'p TableOut<'p>,
    cells: &'p [Cell],
}

impl Serialize for RowOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.cells.len()))?;
        for cell in self.cells {
            let names = Names::of(self.table.grammar, self.table.table, cell);
            map.serialize_entry(names.column, &Number(cell.value.number()))?;
        }
        map.end()
    }
}

/// A cell's ids in words.
struct Names<'p> {
    table: &'p str,
    row: &'p str,
    column: &'p str,
}

impl<'p> Names<'p> {
    fn of(grammar: Option<&'p Grammar>, table: &Table, cell: &Cell) -> Names<'p> {
        let form = grammar.and_then(|grammar| grammar.tables.get(usize::from(table.id)));
        let row = form.and_then(|form| form.rows.get(usize::from(cell.row)));
        let column = form.and_then(|form| form.columns.get(usize::from(cell.column)));
        Names {
            table: form.map_or("", |form| &form.id),
            row: row.map_or("", |row| &row.id),
            column: column.map_or("", |column| &column.id),
        }
    }
}

/// An exact decimal as a JSON number, or null.
pub(super) struct Number(pub(super) Option<Decimal>);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            None => serializer.serialize_none(),
            Some(number) => match number.to_i64() {
                Some(number) => serializer.serialize_i64(number),
                None => raw(number.to_string()).serialize(serializer),
            },
        }
    }
}

/// JSON that is written as it is.
fn raw(json: String) -> Option<Box<RawValue>> {
    RawValue::from_string(json).ok()
}

struct Findings<'p>(&'p Page<'p>);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.report.findings.iter().map(|finding| FindingOut { page: self.0, finding }))
    }
}

struct FindingOut<'p> {
    page: &'p Page<'p>,
    finding: &'p Finding,
}

impl Serialize for FindingOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let FindingOut { page, finding } = self;
        let form = page.grammar.zip(finding.table).and_then(|(grammar, id)| grammar.tables.get(usize::from(id)));
        let row = form.zip(finding.row).and_then(|(form, id)| form.rows.get(usize::from(id)));
        let column = form.zip(finding.column).and_then(|(form, id)| form.columns.get(usize::from(id)));
        let section = page.grammar.zip(finding.section).and_then(|(grammar, id)| grammar.sections.get(usize::from(id)));
        let rule = page.grammar.zip(finding.rule).and_then(|(grammar, id)| grammar.rules.get(usize::from(id)));
        let (grammar, lang) = (page.grammar, page.options.lang);
        let (message, help) = (message(finding, grammar, lang), help(finding, grammar, lang));
        let members = Members {
            code: finding.code.to_string(),
            rule: rule.map(|rule| rule.id.as_str()),
            severity: finding.severity.name(),
            message: &message,
            line: finding.span.map(|span| page.lines.line(span.start)),
            section: section.map(|section| section.id.as_str()),
            table: form.map(|form| form.id.as_str()),
            row: row.map(|row| row.id.as_str()),
            column: column.map(|column| column.id.as_str()),
            expected: finding.expected.as_deref(),
            found: finding.found.as_deref(),
            help: help.as_deref(),
        };
        members.serialize(serializer)
    }
}

struct Unbound<'p>(&'p Page<'p>);

impl Serialize for Unbound<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Stretch<'t> {
            line: u32,
            text: Cow<'t, str>,
        }
        let page = self.0;
        // Markup is unbound as it stands.
        let text = |span: &Span| clean_with(span.of(&page.report.text), page.options.punctuation);
        serializer.collect_seq(
            page.report.unbound.iter().map(|span| Stretch { line: page.lines.line(span.start), text: text(span) }),
        )
    }
}

struct Cells<'p>(&'p Page<'p>);

impl Serialize for Cells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct CellOut<'t> {
            table: &'t str,
            row: &'t str,
            column: &'t str,
            value: Number,
            raw: Option<&'t str>,
            kind: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            unit: Option<&'static str>,
            line: Option<u32>,
            column_no: Option<u32>,
            start: Option<u32>,
            end: Option<u32>,
        }
        let Page { report, grammar, lines, .. } = self.0;
        let mut seq = serializer.serialize_seq(None)?;
        for table in &report.tables {
            for cell in &table.cells {
                let Names { table, row, column } = Names::of(*grammar, table, cell);
                let span = cell.span;
                seq.serialize_element(&CellOut {
                    table,
                    row,
                    column,
                    value: Number(cell.value.number()),
                    raw: span.map(|span| span.of(&report.text)),
                    kind: Value::kind(cell.value),
                    unit: cell.unit,
                    line: span.map(|span| lines.line(span.start)),
                    column_no: span.map(|span| lines.column(&report.text, span.start)),
                    start: span.map(|span| span.start),
                    end: span.map(|span| span.end),
                })?;
            }
        }
        seq.end()
    }
}

struct Coverage<'p>(&'p Page<'p>);

impl Serialize for Coverage<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stretches = self.0.report.coverage.iter();
        serializer.collect_seq(
            stretches.map(|(span, role)| raw(format!("[{}, {}, \"{}\"]", span.start, span.end, role.name()))),
        )
    }
}
