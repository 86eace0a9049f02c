//! A finding as JSON: a member of a report's `findings`, and a line of its own with the place of its page.

use serde::Serialize;

use crate::render::Diagnostic;

/// The members of a finding, in the order of the contract.
#[derive(Serialize)]
pub(super) struct Members<'f> {
    pub(super) code: String,
    pub(super) rule: Option<&'f str>,
    pub(super) severity: &'static str,
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

/// Writes the finding as one line of JSON to the end of `out`, with a line end.
pub fn finding(diagnostic: &Diagnostic, out: &mut Vec<u8>) {
    #[derive(Serialize)]
    struct Line<'f> {
        path: &'f str,
        record: Option<&'f str>,
        #[serde(flatten)]
        members: Members<'f>,
        column_no: Option<u32>,
        start: Option<u32>,
        end: Option<u32>,
        fingerprint: &'f str,
    }
    let primary = diagnostic.primary.as_ref();
    let line = Line {
        path: &diagnostic.path,
        record: diagnostic.record.as_deref(),
        members: Members {
            code: diagnostic.code.to_string(),
            rule: diagnostic.rule.as_ref().map(|rule| rule.id.as_str()),
            severity: diagnostic.severity.name(),
            message: &diagnostic.message,
            line: primary.map(|mark| mark.place.line),
            section: diagnostic.section.as_deref(),
            table: diagnostic.table.as_deref(),
            row: diagnostic.row.as_deref(),
            column: diagnostic.column.as_deref(),
            expected: diagnostic.expected.as_deref(),
            found: diagnostic.found.as_deref(),
            help: diagnostic.help.as_deref(),
        },
        column_no: primary.map(|mark| mark.place.column),
        start: primary.map(|mark| mark.span.start),
        end: primary.map(|mark| mark.span.end),
        fingerprint: &diagnostic.fingerprint,
    };
    // Writing to memory can't fail, and all keys are strings.
    let written = serde_json::to_writer(&mut *out, &line);
    debug_assert!(written.is_ok());
    out.push(b'\n');
}
