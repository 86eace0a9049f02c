//! What a page says, told beside it: title, issuer, year, sections, and every figure with its kind.

use std::fmt::Write as _;

use crate::expected::Broken;
use crate::faults::Fault;

/// One cell of the form, as a reader of the page must understand it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub table: &'static str,
    pub row: &'static str,
    pub column: &'static str,
    /// The exact decimal as JSON number text; nothing where the page gives no number.
    pub value: Option<String>,
    /// `number`, `blank`, `dash`, `none`, `text`, or `missing` (no cell at all).
    pub kind: &'static str,
}

/// The truth about one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// The grammar of the form, `gid-2021` or `gid-2019`.
    pub grammar: &'static str,
    /// The title in ordinary characters; a title over two lines is joined without a blank.
    pub title: Option<String>,
    pub issuer: Option<String>,
    pub year: Option<u16>,
    /// `complete` or `partial`.
    pub status: &'static str,
    /// The name of the layout.
    pub layout: &'static str,
    /// The sections whose headings stand in the page, in the page's order.
    pub sections: Vec<&'static str>,
    /// Every row and column of the form, in the form's order.
    pub facts: Vec<Fact>,
    /// The mistakes that were made; the facts are those of the page, mistakes and all.
    pub faults: Vec<Fault>,
    /// The rules of the form that do not hold, in order.
    pub rules: Vec<Broken>,
}

impl Truth {
    /// The truth as JSON. `facts` is a list of `[table, row, column, value]`; `kinds` says of each cell
    /// without a number why it has none. `faults` is a list of what was changed, `rules` one of
    /// `[rule, table, row, column]` for each rule that does not hold.
    pub fn to_json(&self) -> String {
        let mut json = String::with_capacity(self.facts.len() * 80 + 400);
        json.push_str("{\n");
        field(&mut json, "grammar", &string(self.grammar));
        field(&mut json, "title", &optional(self.title.as_deref()));
        field(&mut json, "issuer", &optional(self.issuer.as_deref()));
        field(&mut json, "year", &self.year.map_or_else(|| "null".to_owned(), |year| year.to_string()));
        field(&mut json, "status", &string(self.status));
        field(&mut json, "layout", &string(self.layout));
        let sections: Vec<String> = self.sections.iter().map(|id| string(id)).collect();
        field(&mut json, "sections", &format!("[{}]", sections.join(", ")));
        json.push_str(" \"facts\": [");
        for (index, fact) in self.facts.iter().enumerate() {
            json.push_str(if index == 0 { "\n" } else { ",\n" });
            let value = fact.value.as_deref().unwrap_or("null");
            // Writing to a string cannot fail.
            let _ = write!(json, "  [\"{}\", \"{}\", \"{}\", {value}]", fact.table, fact.row, fact.column);
        }
        json.push_str("\n ],\n \"kinds\": [");
        let odd = self.facts.iter().filter(|fact| fact.kind != "number");
        for (index, fact) in odd.enumerate() {
            json.push_str(if index == 0 { "\n" } else { ",\n" });
            let _ = write!(json, "  [\"{}\", \"{}\", \"{}\", \"{}\"]", fact.table, fact.row, fact.column, fact.kind);
        }
        json.push_str("\n ],\n");
        let faults: Vec<String> = self.faults.iter().map(fault).collect();
        field(&mut json, "faults", &format!("[{}]", faults.join(", ")));
        let rules: Vec<String> = self
            .rules
            .iter()
            .map(|broken| {
                let (table, row, column) = (optional(broken.table), optional(broken.row), optional(broken.column));
                format!("[{}, {table}, {row}, {column}]", string(broken.rule))
            })
            .collect();
        let _ = write!(json, " \"rules\": [{}]\n}}\n", rules.join(", "));
        json
    }

    /// The figures of the page as a report by gongkai has them: table, row, column, value. `missing` cells are null too.
    pub fn tables(&self) -> String {
        let mut json = String::with_capacity(self.facts.len() * 24);
        let (mut table, mut row) = ("", "");
        json.push('{');
        for fact in &self.facts {
            if fact.table != table {
                json.push_str(if table.is_empty() { "" } else { "}}," });
                let _ = write!(json, "\"{}\":{{\"{}\":{{", fact.table, fact.row);
            } else if fact.row != row {
                let _ = write!(json, "}},\"{}\":{{", fact.row);
            } else {
                json.push(',');
            }
            (table, row) = (fact.table, fact.row);
            // Writing to a string cannot fail.
            let _ = write!(json, "\"{}\":{}", fact.column, fact.value.as_deref().unwrap_or("null"));
        }
        json.push_str(if table.is_empty() { "}" } else { "}}}" });
        json
    }

    /// The fact about one cell.
    pub fn fact(&self, table: &str, row: &str, column: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.column == column && fact.row == row && fact.table == table)
    }
}

/// A mistake as JSON: its kind, the cells that it changed, the words that it changed.
fn fault(fault: &Fault) -> String {
    let cells: Vec<String> = fault
        .changes
        .iter()
        .map(|cell| format!("[\"{}\", \"{}\", \"{}\", {}, {}]", cell.table, cell.row, cell.column, cell.was, cell.is))
        .collect();
    let words = fault
        .words
        .as_ref()
        .map_or_else(|| "null".to_owned(), |(was, is)| format!("[{}, {}]", string(was), string(is)));
    format!("{{\"kind\": \"{}\", \"cells\": [{}], \"words\": {words}}}", fault.kind.name(), cells.join(", "))
}

fn field(json: &mut String, name: &str, value: &str) {
    let _ = writeln!(json, " \"{name}\": {value},");
}

pub(crate) fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), string)
}

pub(crate) fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_escaped() {
        assert_eq!(string("a\"b\\\n"), "\"a\\\"b\\\\\\u000a\"");
    }
}
