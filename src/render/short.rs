//! A finding on one line, which editors jump by: `path:line:column: error[GK203] message`.

use super::{Diagnostic, severity};

/// Writes the finding to the end of `out`, with a line end.
pub fn short(diagnostic: &Diagnostic, out: &mut String) {
    out.push_str(&diagnostic.path);
    if let Some(record) = &diagnostic.record {
        out.push_str(&format!("#{record}"));
    }
    if let Some(mark) = &diagnostic.primary {
        out.push_str(&format!(":{}:{}", mark.place.line, mark.place.column));
    }
    let severity = severity(diagnostic.severity, diagnostic.lang);
    out.push_str(&format!(": {severity}[{}] {}\n", diagnostic.code, diagnostic.message));
}
