//! What one form decides about its reports: the ids of its sections, tables, rows, columns and rules.
//!
//! In a report of that form, no other ids stand, and a table has its rows and columns.

use crate::grammar::{Check, Grammar, TableForm};

use super::keywords::{choice, keyed, list, reference, schemas, shut, text, types};
use crate::wire::writer::Writer;

/// The name that the form is defined under.
pub(super) fn name(grammar: &Grammar) -> String {
    format!("form-{}", grammar.id)
}

/// The members of a report that the form says more of.
pub(super) fn form(grammar: &Grammar, to: &mut Writer<'_>) {
    let (from, last) = grammar.years;
    let years = match last {
        Some(last) => format!("{from} to {last}"),
        None => format!("{from} and after"),
    };
    text("title", &format!("{} ({}), report years {years}", grammar.title, grammar.source), to);
    keyed("properties", to, |to| {
        keyed("sections", to, |to| each(to, |to| sections(grammar, to)));
        keyed("tables", to, |to| tables(grammar, to));
        keyed("statements", to, |to| each(to, |to| statements(grammar, to)));
        keyed("findings", to, |to| each(to, |to| findings(grammar, to)));
        if !grammar.tables.is_empty() {
            let in_table = |table: &TableForm, to: &mut Writer<'_>| place(table, false, to);
            keyed("cells", to, |to| each(to, |to| schemas("anyOf", &grammar.tables, to, in_table)));
        }
    });
    keyed("$defs", to, |to| {
        for table in &grammar.tables {
            keyed(&table.id, to, |to| columns(table, to));
        }
    });
}

fn sections(grammar: &Grammar, to: &mut Writer<'_>) {
    keyed("properties", to, |to| {
        keyed("id", to, |to| choice(grammar.sections.iter().map(|section| section.id.as_str()), false, to));
        keyed("blocks", to, |to| {
            each(to, |to| {
                keyed("properties", to, |to| keyed("table", to, |to| choice(ids(grammar), false, to)));
            });
        });
    });
}

fn tables(grammar: &Grammar, to: &mut Writer<'_>) {
    keyed("properties", to, |to| {
        for table in &grammar.tables {
            keyed(&table.id, to, |to| {
                let section = &grammar.sections[usize::from(table.section)];
                if let Some(words) = table.captions.first().or(section.headings.first()) {
                    text("description", &words.shown, to);
                }
                rows(grammar, table, to);
            });
        }
    });
    shut(to);
}

fn rows(grammar: &Grammar, table: &TableForm, to: &mut Writer<'_>) {
    text("type", "object", to);
    keyed("properties", to, |to| {
        for row in &table.rows {
            keyed(&row.id, to, |to| {
                text("description", &row.label(), to);
                reference(&format!("{}/$defs/{}", name(grammar), table.id), to);
            });
        }
    });
    let required = table.rows.iter().filter(|row| !row.optional).map(|row| row.id.as_str());
    list("required", required, false, to);
    shut(to);
}

/// What each row of the table has.
fn columns(table: &TableForm, to: &mut Writer<'_>) {
    text("type", "object", to);
    keyed("properties", to, |to| {
        for column in &table.columns {
            keyed(&column.id, to, |to| {
                let unit = column.unit.map(|unit| format!(", in {}", unit.name)).unwrap_or_default();
                text("description", &format!("{}{unit}", column.label()), to);
                types(&["number", "null"], to);
            });
        }
    });
    list("required", table.columns.iter().map(|column| column.id.as_str()), false, to);
    shut(to);
}

fn statements(grammar: &Grammar, to: &mut Writer<'_>) {
    let rules = || grammar.rules.iter().filter(|rule| is_of_prose(&rule.check)).map(|rule| rule.id.as_str());
    keyed("properties", to, |to| {
        keyed("rule", to, |to| choice(rules(), false, to));
        keyed("subject", to, |to| choice(rules().map(|id| id.strip_prefix("statement.").unwrap_or(id)), false, to));
        keyed("cells", to, |to| each(to, |to| text("pattern", &places(grammar), to)));
    });
}

fn is_of_prose(check: &Check) -> bool {
    matches!(check, Check::Statements | Check::Parts | Check::Shares)
}

fn findings(grammar: &Grammar, to: &mut Writer<'_>) {
    keyed("properties", to, |to| {
        keyed("rule", to, |to| choice(grammar.rules.iter().map(|rule| rule.id.as_str()), true, to));
        keyed("section", to, |to| choice(grammar.sections.iter().map(|section| section.id.as_str()), true, to));
    });
    schemas("anyOf", std::iter::once(None).chain(grammar.tables.iter().map(Some)), to, |table, to| match table {
        Some(table) => place(table, true, to),
        None => keyed("properties", to, |to| {
            for name in ["table", "row", "column"] {
                keyed(name, to, |to| text("type", "null", to));
            }
        }),
    });
}

/// A place in that table: row and column of one cell, or one of them where that is all that is known.
fn place(table: &TableForm, in_part: bool, to: &mut Writer<'_>) {
    keyed("properties", to, |to| {
        keyed("table", to, |to| text("const", &table.id, to));
        keyed("row", to, |to| choice(table.rows.iter().map(|row| row.id.as_str()), in_part, to));
        keyed("column", to, |to| choice(table.columns.iter().map(|column| column.id.as_str()), in_part, to));
    });
}

/// What the names of cells look like, `table.row.column`.
fn places(grammar: &Grammar) -> String {
    let joined = |ids: &mut dyn Iterator<Item = &str>| ids.collect::<Vec<_>>().join("|");
    let tables = grammar.tables.iter().map(|table| {
        let rows = joined(&mut table.rows.iter().map(|row| row.id.as_str()));
        let columns = joined(&mut table.columns.iter().map(|column| column.id.as_str()));
        format!("{}\\.({rows})\\.({columns})", table.id)
    });
    format!("^({})$", tables.collect::<Vec<_>>().join("|"))
}

fn ids(grammar: &Grammar) -> impl Iterator<Item = &str> {
    grammar.tables.iter().map(|table| table.id.as_str())
}

/// What each element of a list is.
fn each(to: &mut Writer<'_>, inside: impl FnOnce(&mut Writer<'_>)) {
    keyed("items", to, inside);
}
