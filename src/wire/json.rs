//! The members of the JSON object, in the order of the contract.

use std::borrow::Cow;
use std::ops::Range;

use super::finding::Members;
use super::statement::statement;
use super::writer::Writer;
use super::{Options, Source};
use crate::grammar::{Grammar, Grammars, TableForm};
use crate::render::{help, message};
use crate::report::{Block, Cell, Decimal, Finding, Report, Section, Span, Table, Value};
use crate::text::{LineCounter, clean_with};

pub(super) fn write(report: &Report<'_>, grammars: &Grammars, source: &Source, options: &Options, out: &mut Vec<u8>) {
    Page::new(report, grammars, options).write(source, &mut Writer::new(out, options.pretty));
}

pub(super) struct Page<'r> {
    pub(super) report: &'r Report<'r>,
    pub(super) grammar: Option<&'r Grammar>,
    pub(super) lines: LineCounter<'r>,
    pub(super) options: &'r Options,
}

/// What a finding is about, by its names in data.
pub(super) struct Ids<'g> {
    pub(super) rule: Option<&'g str>,
    pub(super) section: Option<&'g str>,
    /// Table, row, column.
    pub(super) cell: [Option<&'g str>; 3],
}

impl<'r> Page<'r> {
    pub(super) fn new(report: &'r Report<'_>, grammars: &'r Grammars, options: &'r Options) -> Page<'r> {
        let grammar = report.grammar.and_then(|index| grammars.list().get(index));
        Page { report, grammar, options, lines: LineCounter::new(&report.text) }
    }

    fn write(&self, source: &Source, to: &mut Writer<'_>) {
        let report = self.report;
        to.object(|to| {
            to.key("schema");
            to.word(super::REPORT);
            to.key("source");
            self.source(source, to);
            to.key("grammar");
            to.optional_word(self.grammar.map(|grammar| grammar.id.as_str()));
            to.key("status");
            to.word(report.status.name());
            to.key("title");
            to.optional_string(report.title.map(|title| self.joined(title)).as_deref());
            to.key("issuer");
            to.optional_string(report.issuer.as_deref());
            to.key("year");
            to.optional_integer(report.year);
            to.key("sections");
            each(&report.sections, to, |section, to| self.section(section, to));
            to.key("tables");
            to.object(|to| self.tables(to));
            to.key("statements");
            each(&report.statements, to, |said, to| statement(self, said, to));
            to.key("findings");
            each(&report.findings, to, |finding, to| self.finding(finding, to));
            to.key("unbound");
            each(&report.unbound, to, |span, to| self.unbound(*span, to));
            if self.options.provenance {
                to.key("cells");
                to.array(|to| self.cells(to));
                to.key("coverage");
                each(&report.coverage, to, |(span, role), to| to.stretch((span.start, span.end), Some(role.name())));
            }
        });
    }

    fn source(&self, source: &Source, to: &mut Writer<'_>) {
        to.object(|to| {
            to.key("path");
            to.string(&source.path);
            to.key("record");
            to.optional_string(source.record.as_deref());
            to.key("sha256");
            to.string(&source.sha256);
            to.key("bytes");
            to.integer(source.bytes);
            to.key("encoding");
            to.string(self.report.encoding);
            to.key("replaced");
            to.integer(self.report.replaced);
        });
    }

    fn section(&self, section: &Section, to: &mut Writer<'_>) {
        let form = self.grammar.and_then(|grammar| grammar.sections.get(usize::from(section.id)));
        to.object(|to| {
            to.key("id");
            to.optional_word(form.map(|form| form.id.as_str()));
            to.key("number");
            to.optional_string(section.number.map(|number| self.number(number)).as_deref());
            to.key("heading");
            to.clean_string(&self.joined(section.heading));
            to.key("lines");
            to.stretch(section.lines, None);
            to.key("blocks");
            each(&section.blocks, to, |block, to| self.block(block, to));
        });
    }

    fn block(&self, block: &Block, to: &mut Writer<'_>) {
        to.object(|to| {
            to.key("kind");
            match block {
                Block::Paragraph(span) => {
                    to.word("paragraph");
                    to.key("text");
                    to.clean_string(&self.text(*span));
                }
                Block::Heading { level, number, text } => {
                    to.word("heading");
                    to.key("level");
                    to.integer(*level);
                    to.key("number");
                    to.optional_string(number.map(|number| self.number(number)).as_deref());
                    to.key("text");
                    to.clean_string(&self.text(*text));
                }
                Block::Table(table) => {
                    let form = self.grammar.and_then(|grammar| grammar.tables.get(usize::from(*table)));
                    to.word("table");
                    to.key("table");
                    to.optional_word(form.map(|form| form.id.as_str()));
                }
            }
        });
    }

    fn tables(&self, to: &mut Writer<'_>) {
        for (form, table) in self.forms() {
            to.key(&form.id);
            to.object(|to| {
                // In most rows of most reports all figures are 0. Such a row is made once.
                let mut zeros: Option<(&[Cell], Range<usize>)> = None;
                for cells in table.cells.chunk_by(|a, b| a.row == b.row) {
                    to.key(form.rows.get(usize::from(cells[0].row)).map_or("", |row| &row.id));
                    match &zeros {
                        Some((same, written)) if are_same(same, cells) => to.again(written.clone()),
                        _ => {
                            let written = to.kept(|to| row(form, cells, to));
                            if cells.iter().all(|cell| cell.value == Value::Number(Decimal::ZERO)) {
                                zeros = Some((cells, written));
                            }
                        }
                    }
                }
            });
        }
    }

    /// The tables of the page, each with its form.
    fn forms(&self) -> impl Iterator<Item = (&'r TableForm, &'r Table)> {
        let (grammar, tables) = (self.grammar, &self.report.tables);
        let form = move |table: &Table| grammar.and_then(|grammar| grammar.tables.get(usize::from(table.id)));
        tables.iter().filter_map(move |table| Some((form(table)?, table)))
    }

    fn finding(&self, finding: &Finding, to: &mut Writer<'_>) {
        let (grammar, lang) = (self.grammar, self.options.lang);
        let Ids { rule, section, cell: [table, row, column] } = self.ids(finding);
        let (message, help) = (message(finding, grammar, lang), help(finding, grammar, lang));
        let members = Members {
            code: finding.code,
            rule,
            severity: finding.severity,
            message: &message,
            line: finding.span.map(|span| self.lines.line(span.start)),
            section,
            table,
            row,
            column,
            expected: finding.expected.as_deref(),
            found: finding.found.as_deref(),
            help: help.as_deref(),
        };
        to.object(|to| members.write(to));
    }

    /// The names of what a finding is about.
    pub(super) fn ids(&self, finding: &Finding) -> Ids<'r> {
        let grammar = self.grammar;
        let form = grammar.zip(finding.table).and_then(|(grammar, id)| grammar.tables.get(usize::from(id)));
        let row = form.zip(finding.row).and_then(|(form, id)| form.rows.get(usize::from(id)));
        let column = form.zip(finding.column).and_then(|(form, id)| form.columns.get(usize::from(id)));
        let section = grammar.zip(finding.section).and_then(|(grammar, id)| grammar.sections.get(usize::from(id)));
        let rule = grammar.zip(finding.rule).and_then(|(grammar, id)| grammar.rules.get(usize::from(id)));
        Ids {
            rule: rule.map(|rule| rule.id.as_str()),
            section: section.map(|section| section.id.as_str()),
            cell: [form.map(|form| form.id.as_str()), row.map(|row| row.id.as_str()), column.map(|it| it.id.as_str())],
        }
    }

    fn unbound(&self, span: Span, to: &mut Writer<'_>) {
        to.object(|to| {
            to.key("line");
            to.integer(self.lines.line(span.start));
            to.key("text");
            // Markup is unbound as it stands.
            to.clean_string(&clean_with(span.of(&self.report.text), self.options.punctuation));
        });
    }

    /// Where each figure stands.
    fn cells(&self, to: &mut Writer<'_>) {
        for table in &self.report.tables {
            let form = self.grammar.and_then(|grammar| grammar.tables.get(usize::from(table.id)));
            for cell in &table.cells {
                let row = form.and_then(|form| form.rows.get(usize::from(cell.row)));
                let column = form.and_then(|form| form.columns.get(usize::from(cell.column)));
                to.element();
                to.object(|to| {
                    to.key("table");
                    to.word(form.map_or("", |form| &form.id));
                    to.key("row");
                    to.word(row.map_or("", |row| &row.id));
                    to.key("column");
                    to.word(column.map_or("", |column| &column.id));
                    to.key("value");
                    to.decimal(cell.value.number());
                    to.key("raw");
                    to.optional_string(cell.span.map(|span| span.of(&self.report.text)));
                    to.key("kind");
                    to.word(cell.value.kind());
                    if let Some(unit) = cell.unit {
                        to.key("unit");
                        to.string(unit);
                    }
                    to.key("line");
                    to.optional_integer(cell.span.map(|span| self.lines.line(span.start)));
                    to.key("column_no");
                    to.optional_integer(cell.span.map(|span| self.lines.column(span.start)));
                    to.key("start");
                    to.optional_integer(cell.span.map(|span| span.start));
                    to.key("end");
                    to.optional_integer(cell.span.map(|span| span.end));
                });
            }
        }
    }

    pub(super) fn text(&self, span: Span) -> Cow<'r, str> {
        clean_with(span.of(self.report.plain()), self.options.punctuation)
    }

    /// A heading or title may be broken over lines; between Chinese characters the break was none.
    pub(super) fn joined(&self, span: Span) -> Cow<'r, str> {
        let words = span.of(self.report.plain());
        if memchr::memchr2(b'\n', b'\r', words.as_bytes()).is_none() {
            return self.text(span);
        }
        let lines = words.split(['\n', '\r']).map(|line| clean_with(line, self.options.punctuation));
        Cow::Owned(lines.filter(|line| !line.is_empty()).collect())
    }

    /// The number without blanks in it.
    pub(super) fn number(&self, span: Span) -> Cow<'r, str> {
        let number = self.text(span);
        if number.contains(char::is_whitespace) {
            return Cow::Owned(number.chars().filter(|c| !c.is_whitespace()).collect());
        }
        number
    }
}

/// An array with what `write` makes of each of the `items`.
pub(super) fn each<'i, T: 'i>(
    items: impl IntoIterator<Item = &'i T>,
    to: &mut Writer<'_>,
    mut write: impl FnMut(&'i T, &mut Writer<'_>),
) {
    to.array(|to| {
        for item in items {
            to.element();
            write(item, to);
        }
    });
}

fn row(form: &TableForm, cells: &[Cell], to: &mut Writer<'_>) {
    to.object(|to| {
        for cell in cells {
            to.key(form.columns.get(usize::from(cell.column)).map_or("", |column| &column.id));
            to.decimal(cell.value.number());
        }
    });
}

/// Whether two rows have the same columns and figures.
fn are_same(these: &[Cell], those: &[Cell]) -> bool {
    these.len() == those.len() && these.iter().zip(those).all(|(a, b)| (a.column, a.value) == (b.column, b.value))
}
