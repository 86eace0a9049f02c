//! The cells of reports as CSV, long form: a line for each cell, with what it needs to be of use alone.
//!
//! The names are those of the table `cells` in databases, behind what says whose cell it is. Values are exact decimals, and empty
//! where the report gives no number; `kind` says why. `unit` is the unit of the value: the cell's own, or the form's. A report
//! without cells has no line here.

use std::io::Write;

use crate::grammar::Grammars;
use crate::report::Report;
use crate::text::Lines;

use super::Source;

/// The first line.
const HEADER: &str = "path,record,grammar,status,issuer,year,table_id,row_id,column_id,value,unit,kind,raw,line,\
    start_offset,end_offset\n";

/// How CSV is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Csv {
    /// Every text exactly as it is.
    #[default]
    Exact,
    /// For Excel, which would run a text that begins with `=`, `+`, `-` or `@` as a formula: such a text gets a `'` before it.
    /// Figures and dashes stay as they are.
    Excel,
}

/// What a file of cells begins with.
pub fn cells_head(csv: Csv) -> String {
    match csv {
        Csv::Exact => HEADER.to_owned(),
        // Without the mark Excel takes UTF-8 for the system's own encoding.
        Csv::Excel => format!("\u{FEFF}{HEADER}"),
    }
}

/// Writes the report's cells to the end of `out`, a line each.
pub fn cells(report: &Report<'_>, grammars: &Grammars, source: &Source, csv: Csv, out: &mut Vec<u8>) {
    let Some(grammar) = report.grammar.and_then(|index| grammars.list().get(index)) else { return };
    let lines = Lines::new(&report.text);
    // What all lines begin with is quoted once.
    let mut head = Vec::new();
    words(&source.path, csv, &mut head);
    words(source.record.as_deref().unwrap_or_default(), csv, &mut head);
    words(&grammar.id, csv, &mut head);
    words(report.status.name(), csv, &mut head);
    words(report.issuer.as_deref().unwrap_or_default(), csv, &mut head);
    number(report.year, &mut head);
    for table in &report.tables {
        let Some(form) = grammar.tables.get(usize::from(table.id)) else { continue };
        for cell in &table.cells {
            let row = form.rows.get(usize::from(cell.row));
            let column = form.columns.get(usize::from(cell.column));
            let (Some(row), Some(column)) = (row, column) else { continue };
            out.extend_from_slice(&head);
            for id in [&form.id, &row.id, &column.id] {
                words(id, csv, out);
            }
            number(cell.value.number(), out);
            words(cell.unit.or(column.unit.map(|unit| unit.name)).unwrap_or_default(), csv, out);
            words(cell.value.kind(), csv, out);
            words(cell.span.map_or("", |span| span.of(&report.text)), csv, out);
            number(cell.span.map(|span| lines.line(span.start)), out);
            number(cell.span.map(|span| span.start), out);
            number(cell.span.map(|span| span.end), out);
            out.pop();
            out.push(b'\n');
        }
    }
}

/// A text with a comma behind it, quoted where it must be.
fn words(text: &str, csv: Csv, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let runs = csv == Csv::Excel && is_formula(bytes);
    let quoted = memchr::memchr3(b'"', b'\n', b'\r', bytes).is_some() || memchr::memchr(b',', bytes).is_some();
    if !quoted {
        out.extend_from_slice(if runs { b"'" } else { b"" });
        out.extend_from_slice(bytes);
        out.push(b',');
        return;
    }
    out.extend_from_slice(if runs { b"\"'" } else { b"\"" });
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'"', rest) {
        out.extend_from_slice(&rest[..=at]);
        out.push(b'"');
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.extend_from_slice(b"\",");
}

/// Whether Excel would take it for a formula. A plain number with a sign is none, and neither is a dash.
fn is_formula(text: &[u8]) -> bool {
    match text {
        [b'=' | b'@' | b'\t' | b'\r', ..] => true,
        [b'+' | b'-', rest @ ..] => {
            !rest.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-'))
        }
        _ => false,
    }
}

/// A number with a comma behind it; nothing but the comma where there is none.
fn number(number: Option<impl std::fmt::Display>, out: &mut Vec<u8>) {
    if let Some(number) = number {
        // Writing to memory can't fail.
        let _ = write!(out, "{number}");
    }
    out.push(b',');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        #[track_caller]
        fn check(text: &str, exact: &str, excel: &str) {
            for (csv, expected) in [(Csv::Exact, exact), (Csv::Excel, excel)] {
                let mut out = Vec::new();
                words(text, csv, &mut out);
                assert_eq!(String::from_utf8_lossy(&out), format!("{expected},"));
            }
        }
        check("", "", "");
        check("12", "12", "12");
        check("-8", "-8", "-8");
        check("+1,558.5", "\"+1,558.5\"", "\"+1,558.5\"");
        check("-", "-", "-");
        check("--", "--", "--");
        check("-减少", "-减少", "'-减少");
        check("=1+1", "=1+1", "'=1+1");
        check("@SUM(A1)", "@SUM(A1)", "'@SUM(A1)");
        check("=A1,\"x\"", "\"=A1,\"\"x\"\"\"", "\"'=A1,\"\"x\"\"\"");
        check("22\n（其中3件）", "\"22\n（其中3件）\"", "\"22\n（其中3件）\"");
        check("a\r", "\"a\r\"", "\"a\r\"");
        check("\"", "\"\"\"\"", "\"\"\"\"");
        check("，", "，", "，");
    }
}
