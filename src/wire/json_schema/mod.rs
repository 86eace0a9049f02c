//! What a report as JSON looks like, as a JSON Schema (draft 2020-12).
//!
//! In: the grammars. Out: the schema of `gongkai.report.v1` as reports of those grammars have it. Every object is closed and
//! every word is one of a list, so that whatever fits it is what [`super::write`] may write. Members stand in the order in which
//! they are written. What a form decides, its sections, tables, rules and cells, stands in [`form`].

mod form;
mod keywords;

use std::iter::once;

use crate::grammar::Grammars;
use crate::render::{Lang, meaning};
use crate::report::{Agreement, Code, Decimal, Doubt, Role, Severity, Status, Value};

use super::writer::Writer;
use keywords::{Member, Of, choice, closed, if_is, keyed, list, reference, schemas, text};

const TITLE: &str = "A report on open government, as gongkai reads it";
const ABOUT: &str = "One Chinese annual report on open government (政府信息公开工作年度报告). Figures are exact decimals in the unit \
    that stands with their column. `null` says that the report gives no number there; with --provenance `cells` says why.";

/// The schema of reports of these grammars, over many lines, with a line end.
pub fn report_schema(grammars: &Grammars) -> String {
    let mut out = Vec::new();
    Writer::new(&mut out, true).object(|to| {
        text("$schema", "https://json-schema.org/draft/2020-12/schema", to);
        text("$id", "urn:gongkai:report:v1", to);
        text("title", TITLE, to);
        text("description", ABOUT, to);
        report(grammars, to);
        keyed("$defs", to, |to| {
            definitions(to);
            for grammar in grammars.list() {
                keyed(&form::name(grammar), to, |to| form::form(grammar, to));
            }
        });
    });
    out.push(b'\n');
    String::from_utf8(out).unwrap_or_default()
}

/// The report itself, and what its members have to do with one another.
fn report(grammars: &Grammars, to: &mut Writer<'_>) {
    let ids: Vec<&str> = grammars.list().iter().map(|grammar| grammar.id.as_str()).collect();
    let statuses = [Status::Complete, Status::Partial, Status::Unrecognized].map(Status::name);
    closed(
        &[
            Member::new("schema", Of::Word("gongkai.report.v1"), "The name of this schema."),
            Member::new("source", Of::A("source"), "Where the report came from."),
            Member::new("grammar", Of::WordsOrNull(&ids), "The form that the report follows; null where none fits."),
            Member::new(
                "status",
                Of::Words(&statuses),
                "`complete`: title, year, and every section and table of the form were found. `partial`: some of it. \
                 `unrecognized`: no form fits, and no figure was read.",
            ),
            Member::new("title", Of::TextOrNull, "The title as it stands on the page."),
            Member::new("issuer", Of::TextOrNull, "Whose report it is, as the title or the text says it."),
            Member::new("year", Of::CountOrNull(0), "The year reported on."),
            Member::new("sections", Of::List("section"), "The sections that were found, in the page's order."),
            Member::new(
                "tables",
                Of::Object,
                "The tables that were found, in the form's order: table, row, column, value. A table that was found has \
                 all its rows and columns.",
            ),
            Member::new("statements", Of::List("statement"), "The quantities that the text speaks of."),
            Member::new("findings", Of::List("finding"), "What is missing, doubtful or wrong, in the page's order."),
            Member::new("unbound", Of::List("unbound"), "What is no part of the form: navigation, dates, preambles."),
            Member::optional(
                "cells",
                Of::List("cell"),
                "With --provenance: every cell of the tables, and where it stands.",
            ),
            Member::optional(
                "coverage",
                Of::List("stretch"),
                "With --provenance: what every stretch of the page is, in order.",
            ),
        ],
        to,
    );
    keyed("dependentRequired", to, |to| {
        list("cells", once("coverage"), false, to);
        list("coverage", once("cells"), false, to);
    });
    to.key("allOf");
    to.array(|to| {
        for grammar in grammars.list() {
            to.element();
            to.object(|to| {
                if_is("grammar", Some(&grammar.id), to);
                keyed("then", to, |to| reference(&form::name(grammar), to));
            });
        }
        to.element();
        to.object(without_form);
        to.element();
        to.object(|to| {
            if_is("status", Some(Status::Complete.name()), to);
            keyed("then", to, |to| {
                keyed("properties", to, |to| {
                    keyed("title", to, |to| text("type", "string", to));
                    keyed("year", to, |to| text("type", "integer", to));
                });
            });
        });
    });
}

/// A page that follows no form has nothing that only a form gives.
fn without_form(to: &mut Writer<'_>) {
    if_is("grammar", None, to);
    keyed("then", to, |to| {
        keyed("properties", to, |to| {
            keyed("status", to, |to| text("const", Status::Unrecognized.name(), to));
            for name in ["sections", "statements", "cells"] {
                keyed(name, to, |to| number("maxItems", 0, to));
            }
            keyed("tables", to, |to| number("maxProperties", 0, to));
        });
    });
    keyed("else", to, |to| {
        keyed("properties", to, |to| {
            keyed("status", to, |to| {
                choice([Status::Complete, Status::Partial].map(Status::name).into_iter(), false, to)
            });
        });
    });
}

/// What all forms have in common.
fn definitions(to: &mut Writer<'_>) {
    keyed("source", to, source);
    keyed("section", to, section);
    keyed("block", to, block);
    keyed("statement", to, statement);
    keyed("finding", to, finding);
    keyed("code", to, |to| {
        schemas("oneOf", Code::ALL, to, |code, to| {
            text("const", &code.to_string(), to);
            text("description", meaning(*code, Lang::En), to);
        });
    });
    keyed("unbound", to, |to| {
        closed(
            &[
                Member::new("line", Of::Count(1), "Its line on the page, from 1."),
                Member::new("text", Of::Text, "What stands there."),
            ],
            to,
        );
    });
    keyed("cell", to, cell);
    keyed("stretch", to, stretch);
    // A cell's name, and a part of a whole; a form says more of the first.
    keyed("place", to, |to| text("type", "string", to));
    keyed("part", to, |to| text("type", "number", to));
    keyed("lines", to, |to| tuple(to, 2, |_, to| count(1, to)));
}

fn source(to: &mut Writer<'_>) {
    closed(
        &[
            Member::new("path", Of::Text, "The path as given, with `/` between its parts; `-` for standard input."),
            Member::new("record", Of::TextOrNull, "The record within the file, where the file holds several."),
            Member::new(
                "sha256",
                Of::Shaped("^([0-9a-f]{64})?$"),
                "SHA-256 of the bytes; empty where it was not computed.",
            ),
            Member::new("bytes", Of::Count(0), "How many bytes the text has."),
            Member::new("encoding", Of::Text, "The encoding that it was read in, by its name in the WHATWG's list."),
            Member::new("replaced", Of::Count(0), "How many wrong bytes were replaced."),
        ],
        to,
    );
}

fn section(to: &mut Writer<'_>) {
    closed(
        &[
            Member::new("id", Of::Text, "Which section of the form."),
            Member::new("number", Of::TextOrNull, "Its number as printed, without the mark behind it (`一`)."),
            Member::new("heading", Of::Text, "Its heading without the number."),
            Member::new("lines", Of::A("lines"), "Its first and its last line, from 1."),
            Member::new("blocks", Of::List("block"), "What it holds, in order."),
        ],
        to,
    );
}

fn block(to: &mut Writer<'_>) {
    let kind = |word| Member::new("kind", Of::Word(word), "What kind of block.");
    let blocks: [&[Member<'_>]; 3] = [
        &[kind("paragraph"), Member::new("text", Of::Text, "The paragraph.")],
        &[
            kind("heading"),
            Member::new("level", Of::Count(2), "2 for （一） and 一、, 3 for 1. and below."),
            Member::new("number", Of::TextOrNull, "The number as printed (`（一）`)."),
            Member::new("text", Of::Text, "The words behind the number."),
        ],
        &[kind("table"), Member::new("table", Of::Text, "The table of the form that stands here.")],
    ];
    schemas("oneOf", blocks, to, closed);
}

fn statement(to: &mut Writer<'_>) {
    const DOUBTS: [Doubt; 8] = [
        Doubt::OtherYear,
        Doubt::Cumulative,
        Doubt::Approximate,
        Doubt::Remark,
        Doubt::Part,
        Doubt::WholeArea,
        Doubt::Quotation,
        Doubt::Unit,
    ];
    let not_checked = Agreement::NotChecked(Doubt::Part).name();
    let results = [Agreement::Holds.name(), Agreement::Fails.name(), Agreement::NotAssessable.name(), not_checked];
    closed(
        &[
            Member::new("rule", Of::Text, "The rule that it is checked by."),
            Member::new("subject", Of::Text, "What it speaks of: the rule without `statement.`."),
            Member::new("figure", Of::Number, "The quantity, in the unit of the cells that it speaks of."),
            Member::new("unit", Of::TextOrNull, "The unit as printed."),
            Member::new("text", Of::Text, "The words of the statement."),
            Member::new("line", Of::Count(1), "Its line on the page, from 1."),
            Member::new("start", Of::Count(0), "Where it begins, in bytes of the decoded text."),
            Member::new("end", Of::Count(0), "Where it ends, in bytes of the decoded text."),
            Member::new("cells", Of::List("place"), "The cells that it was held against: `table.row.column`."),
            Member::optional("parts", Of::List("part"), "The parts of a whole, in their order."),
            Member::new(
                "result",
                Of::Words(&results),
                "What came of the check. `not_assessable`: the cells are no numbers, or the parts are not all of it. \
                 `not_checked`: it may speak of something else, see `reason`.",
            ),
            Member::new("reason", Of::WordsOrNull(&DOUBTS.map(Doubt::name)), "Why it was not checked."),
        ],
        to,
    );
    if_is("result", Some(not_checked), to);
    for (branch, kind) in [("then", "string"), ("else", "null")] {
        keyed(branch, to, |to| {
            keyed("properties", to, |to| keyed("reason", to, |to| text("type", kind, to)));
        });
    }
}

fn finding(to: &mut Writer<'_>) {
    let severities = [Severity::Error, Severity::Warning, Severity::Note].map(Severity::name);
    closed(
        &[
            Member::new("code", Of::A("code"), "What kind of finding; `gongkai explain CODE` says more."),
            Member::new("rule", Of::TextOrNull, "The rule of the form that does not hold."),
            Member::new("severity", Of::Words(&severities), "How much it matters."),
            Member::new("message", Of::Text, "The finding in one sentence: in English, unless --lang says otherwise."),
            Member::new("line", Of::CountOrNull(1), "Where to look, from 1; null where the page as a whole is meant."),
            Member::new("section", Of::TextOrNull, "The section concerned."),
            Member::new("table", Of::TextOrNull, "The table concerned."),
            Member::new("row", Of::TextOrNull, "The row concerned."),
            Member::new("column", Of::TextOrNull, "The column concerned."),
            Member::new("expected", Of::TextOrNull, "What should stand there."),
            Member::new("found", Of::TextOrNull, "What stands there."),
            Member::new("help", Of::TextOrNull, "What probably is the cause, or how to mend it."),
        ],
        to,
    );
}

/// A cell. What it may say depends on its kind.
fn cell(to: &mut Writer<'_>) {
    let kinds = [Value::Number(Decimal::ZERO), Value::Blank, Value::Dash, Value::None, Value::Text, Value::Missing]
        .map(Value::kind);
    closed(
        &[
            Member::new("table", Of::Text, "Its table."),
            Member::new("row", Of::Text, "Its row."),
            Member::new("column", Of::Text, "Its column."),
            Member::new("value", Of::NumberOrNull, "The figure, in the column's unit."),
            Member::new("raw", Of::TextOrNull, "What stands in the cell, exactly as on the page."),
            Member::new(
                "kind",
                Of::Words(&kinds),
                "`number`: a figure. `blank`: an empty cell. `dash`: -, — or /. `none`: 无. `text`: something else. \
                 `missing`: there is no cell, or it can't be told which figure is its own.",
            ),
            Member::optional("unit", Of::Text, "The unit in the cell, where the form gives the column none."),
            Member::new("line", Of::CountOrNull(1), "Its line on the page, from 1."),
            Member::new("column_no", Of::CountOrNull(1), "Its first character in that line, from 1."),
            Member::new("start", Of::CountOrNull(0), "Where it begins, in bytes of the decoded text."),
            Member::new("end", Of::CountOrNull(0), "Where it ends, in bytes of the decoded text."),
        ],
        to,
    );
    let [number, blank, dash, none, words, missing] = kinds;
    let cases: [(&[&str], &str, Option<&str>); 4] = [
        (&[number], "number", Some("string")),
        (&[dash, none, words], "null", Some("string")),
        (&[missing], "null", Some("null")),
        (&[blank], "null", None),
    ];
    schemas("oneOf", cases, to, |(kinds, value, raw), to| {
        keyed("properties", to, |to| {
            keyed("kind", to, |to| choice(kinds.iter().copied(), false, to));
            keyed("value", to, |to| text("type", value, to));
            if let Some(raw) = raw {
                keyed("raw", to, |to| text("type", raw, to));
            }
        });
    });
    // A cell stands somewhere or nowhere.
    if_is("raw", None, to);
    for (branch, kind) in [("then", "null"), ("else", "integer")] {
        keyed(branch, to, |to| {
            keyed("properties", to, |to| {
                for name in ["line", "column_no", "start", "end"] {
                    keyed(name, to, |to| text("type", kind, to));
                }
            });
        });
    }
}

/// A stretch of the page: where it begins and ends, and what it is.
fn stretch(to: &mut Writer<'_>) {
    const ROLES: [Role; 6] = [Role::Title, Role::Heading, Role::Prose, Role::Label, Role::Cell, Role::Unbound];
    text("description", "Where it begins and ends, in bytes of the decoded text, and what it is.", to);
    tuple(to, 3, |at, to| match at {
        0 | 1 => count(0, to),
        _ => choice(ROLES.map(Role::name).into_iter(), false, to),
    });
}

/// An array of so many elements, each of its own kind.
fn tuple(to: &mut Writer<'_>, length: usize, element: impl FnMut(usize, &mut Writer<'_>)) {
    text("type", "array", to);
    schemas("prefixItems", 0..length, to, element);
    to.key("items");
    to.boolean(false);
    number("minItems", length, to);
}

/// A whole number from there on.
fn count(from: u32, to: &mut Writer<'_>) {
    text("type", "integer", to);
    number("minimum", from, to);
}

/// A key with a number.
fn number(key: &str, number: impl itoa::Integer, to: &mut Writer<'_>) {
    to.key(key);
    to.integer(number);
}
