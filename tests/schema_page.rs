//! `docs/schema.md` is true: its tables of columns, and its picture, are those of the model.
//!
//! What stands between `<!-- NAME -->` and `<!-- end -->` is made of the model's own words. `BLESS=1 cargo test --test
//! schema_page` writes it anew.

#![allow(clippy::disallowed_methods)] // pages are files

use std::fmt::Write;
use std::fs;
use std::path::Path;

use gongkai::wire::relations::{Dialect, Relation, TABLES, Type, views};

/// The word of the page for what stands in a column.
fn kind(kind: Type) -> &'static str {
    match kind {
        Type::Integer => "integer",
        Type::Long => "long",
        Type::Small => "small",
        Type::Decimal => "decimal",
        Type::Text => "text",
        Type::Word => "word",
        Type::Time => "time",
    }
}

/// How the tables hang together.
fn picture() -> String {
    let mut picture = "```mermaid\nerDiagram\n".to_owned();
    let refers = |table: &'static Relation| {
        table.columns.iter().filter_map(move |column| Some((column.refers?.0, table.name, column)))
    };
    for (one, many, column) in TABLES.iter().flat_map(refers) {
        let _ = writeln!(picture, "    {one} ||--o{{ {many} : {}", column.name);
    }
    picture + "```\n"
}

/// The tables, each with its columns.
fn tables() -> String {
    let mut page = String::new();
    for table in TABLES {
        let _ = write!(
            page,
            "### `{}`\n\n{}\n\n| column | type | what it means |\n| --- | --- | --- |\n",
            table.name, table.comment
        );
        for column in table.columns {
            let optional = if column.optional { ", may be empty" } else { "" };
            let refers = column.refers.map(|(table, _)| format!(" → `{table}`")).unwrap_or_default();
            let _ =
                writeln!(page, "| `{}` | {}{optional} | {}{refers} |", column.name, kind(column.kind), column.comment);
        }
        let _ = write!(page, "\nKey: {}.", listed(table.key));
        for index in table.indices {
            let unique = if index.unique { "Unique: " } else { "Index: " };
            let _ = write!(page, " {unique}{}.", listed(index.columns));
        }
        page.push_str("\n\n");
    }
    page.trim_end().to_owned() + "\n"
}

fn listed(columns: &[&str]) -> String {
    columns.iter().map(|column| format!("`{column}`")).collect::<Vec<_>>().join(", ")
}

/// The views, each with its columns.
fn all_views() -> String {
    let mut page = String::new();
    for view in views(Dialect::Sqlite) {
        let _ = write!(page, "### `{}`\n\n{}\n\n| column | what it means |\n| --- | --- |\n", view.name, view.comment);
        for (name, comment) in &view.columns {
            let _ = writeln!(page, "| `{name}` | {comment} |");
        }
        page.push('\n');
    }
    page.trim_end().to_owned() + "\n"
}

/// The page with what stands between those marks.
fn with(page: &str, name: &str, content: &str) -> String {
    let (start, end) = (format!("<!-- {name} -->\n"), "<!-- end -->\n");
    let (before, rest) = page.split_once(&start).unwrap_or_else(|| panic!("{start} is not in the page"));
    let (_, after) = rest.split_once(end).unwrap_or_else(|| panic!("{start} has no end"));
    format!("{before}{start}\n{content}\n{end}{after}")
}

#[test]
fn the_page_has_the_model() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema.md");
    let page = fs::read_to_string(&path).expect("the page");
    let mut right = page.clone();
    for (name, content) in [("picture", picture()), ("tables", tables()), ("views", all_views())] {
        right = with(&right, name, &content);
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &right).expect("a file");
        return;
    }
    let differs = page.lines().zip(right.lines()).find(|(one, other)| one != other);
    assert!(page == right, "docs/schema.md (BLESS=1 writes it anew): {differs:?}");
}

/// Every type has its line in the page.
#[test]
fn types_are_explained() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema.md")).expect("the page");
    for column in TABLES.iter().flat_map(|table| table.columns) {
        let line = format!("\n| {} |", kind(column.kind));
        assert!(page.contains(&line), "{line} is not in the page");
    }
}
