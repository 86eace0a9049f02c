//! A finding as a workflow command of GitHub Actions, which shows it at its line: `::error file=…,line=…::message`.

use super::Diagnostic;
use crate::report::Severity;

/// Writes the finding to the end of `out`, with a line end.
pub fn github(diagnostic: &Diagnostic, out: &mut String) {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    if diagnostic.path != "-" {
        properties.push(format!("file={}", property(&diagnostic.path)));
    }
    if let Some(place) = diagnostic.primary.as_ref().map(|mark| mark.place) {
        properties.push(format!("line={},col={}", place.line, place.column));
        // Columns are heeded only where the place is within one line.
        if place.line == place.end_line {
            properties.push(format!("endColumn={}", place.end_column));
        } else {
            properties.push(format!("endLine={}", place.end_line));
        }
    }
    let title = match &diagnostic.rule {
        Some(rule) => format!("{} {}", diagnostic.code, rule.id),
        None => diagnostic.code.to_string(),
    };
    properties.push(format!("title={}", property(&title)));
    let help = diagnostic.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
    let words = data(&format!("{}{help}", diagnostic.message));
    out.push_str(&format!("::{command} {}::{words}\n", properties.join(",")));
}

/// The words of a command: one line.
fn data(words: &str) -> String {
    words.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which ends at a comma or colon.
fn property(words: &str) -> String {
    data(words).replace(':', "%3A").replace(',', "%2C")
}
