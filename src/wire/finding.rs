//! A finding as JSON: a member of a report's `findings`, and a line of its own with the place of its page.

use super::writer::Writer;
use crate::render::Diagnostic;
use crate::report::{Code, Severity};

/// The members of a finding.
pub(super) struct Members<'f> {
    pub(super) code: Code,
    pub(super) rule: Option<&'f str>,
    pub(super) severity: Severity,
    pub(super) message: &'f str,
    pub(super) line: Option<u32>,
    pub(super) section: Option<&'f str>,
    pub(super) table: Option<&'f str>,
    pub(super) row: Option<&'f str>,
    pub(super) column: Option<&'f str>,
    pub(super) expected: Option<&'f str>,
    pub(super) found: Option<&'f str>,
    pub(super) help: Option<&'f str>,
}

impl Members<'_> {
    /// Writes them in the order of the contract.
    pub(super) fn write(&self, to: &mut Writer<'_>) {
        to.key("code");
        to.string(&self.code.to_string());
        to.key("rule");
        to.optional_string(self.rule);
        to.key("severity");
        to.word(self.severity.name());
        to.key("message");
        to.string(self.message);
        to.key("line");
        to.optional_integer(self.line);
        let rest = [
            ("section", self.section),
            ("table", self.table),
            ("row", self.row),
            ("column", self.column),
            ("expected", self.expected),
            ("found", self.found),
            ("help", self.help),
        ];
        for (key, text) in rest {
            to.key(key);
            to.optional_string(text);
        }
    }
}

/// Writes the finding as one line of JSON to the end of `out`, with a line end.
pub fn finding(diagnostic: &Diagnostic, out: &mut Vec<u8>) {
    let primary = diagnostic.primary.as_ref();
    let members = Members {
        code: diagnostic.code,
        rule: diagnostic.rule.as_ref().map(|rule| rule.id.as_str()),
        severity: diagnostic.severity,
        message: &diagnostic.message,
        line: primary.map(|mark| mark.place.line),
        section: diagnostic.section.as_deref(),
        table: diagnostic.table.as_deref(),
        row: diagnostic.row.as_deref(),
        column: diagnostic.column.as_deref(),
        expected: diagnostic.expected.as_deref(),
        found: diagnostic.found.as_deref(),
        help: diagnostic.help.as_deref(),
    };
    Writer::new(out, false).object(|to| {
        to.key("path");
        to.string(&diagnostic.path);
        to.key("record");
        to.optional_string(diagnostic.record.as_deref());
        members.write(to);
        to.key("column_no");
        to.optional_integer(primary.map(|mark| mark.place.column));
        to.key("start");
        to.optional_integer(primary.map(|mark| mark.span.start));
        to.key("end");
        to.optional_integer(primary.map(|mark| mark.span.end));
        to.key("fingerprint");
        to.string(&diagnostic.fingerprint);
    });
    out.push(b'\n');
}
