//! An input that gave no report, as a line of JSON: what it was, why, and its bytes where they are few.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::Source;
use crate::render::{Lang, meaning};
use crate::report::{Code, Finding, Severity};

/// An input that can't be read, or that is no report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reject<'r> {
    /// Its path as given.
    pub path: &'r str,
    /// The record within the file, where it holds several.
    pub record: Option<&'r str>,
    /// SHA-256 of its bytes, where they could be read.
    pub sha256: Option<&'r str>,
    /// Why, in words.
    pub reason: &'r str,
    /// Why, as a code that `gongkai explain` knows.
    pub code: Option<Code>,
    /// How many bytes it has, where that is known.
    pub size: Option<u64>,
    /// The bytes, where they could be read.
    pub bytes: Option<&'r [u8]>,
}

impl<'r> Reject<'r> {
    /// As many bytes are still written; more are left out.
    pub const MOST_BYTES: usize = 64 << 10;

    /// A text that fits no grammar. All that is said of it follows from the code, so it is the same when the text is not read anew.
    pub fn unrecognized(source: &'r Source, code: Code, bytes: &'r [u8], lang: Lang) -> Reject<'r> {
        Reject {
            path: &source.path,
            record: source.record.as_deref(),
            sha256: Some(&source.sha256),
            reason: meaning(code, lang),
            code: Some(code),
            size: Some(source.bytes),
            bytes: Some(bytes),
        }
    }

    /// The code that says why a text is no report: of its findings the first error, which says more than that no grammar fits.
    pub fn code_of(findings: &[Finding]) -> Code {
        findings.iter().find(|finding| finding.severity == Severity::Error).map_or(Code::NotAReport, |first| first.code)
    }

    /// Writes it as a line to the end of `out`, with a line end.
    pub fn write(&self, out: &mut Vec<u8>) {
        #[derive(Serialize)]
        struct Line<'r> {
            path: &'r str,
            record: Option<&'r str>,
            sha256: Option<&'r str>,
            reason: &'r str,
            code: Option<String>,
            size: Option<u64>,
            bytes: Option<String>,
        }
        let few = self.bytes.filter(|bytes| bytes.len() <= Self::MOST_BYTES);
        let line = Line {
            path: self.path,
            record: self.record,
            sha256: self.sha256,
            reason: self.reason,
            code: self.code.map(|code| code.to_string()),
            size: self.size,
            bytes: few.map(|bytes| STANDARD.encode(bytes)),
        };
        // Writing to memory can't fail, and all keys are strings.
        let written = serde_json::to_writer(&mut *out, &line);
        debug_assert!(written.is_ok());
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        #[track_caller]
        fn check(reject: &Reject, expected: &str) {
            let mut out = Vec::new();
            reject.write(&mut out);
            assert_eq!(String::from_utf8_lossy(&out), format!("{expected}\n"));
        }
        let bare = Reject { path: "a", reason: "why", ..Reject::default() };
        check(&bare, r#"{"path":"a","record":null,"sha256":null,"reason":"why","code":null,"size":null,"bytes":null}"#);
        let source = Source { record: Some("7".into()), sha256: "00".into(), bytes: 3, ..Source::new("a.jsonl") };
        check(
            &Reject::unrecognized(&source, Code::NotAReport, b"a\xFF\n", Lang::En),
            r#"{"path":"a.jsonl","record":"7","sha256":"00","reason":"no grammar fits","code":"GK106","size":3,"bytes":"Yf8K"}"#,
        );
        let many = vec![0; Reject::MOST_BYTES + 1];
        let large = Reject { bytes: Some(&many), size: Some(many.len() as u64), ..bare.clone() };
        check(
            &large,
            r#"{"path":"a","record":null,"sha256":null,"reason":"why","code":null,"size":65537,"bytes":null}"#,
        );
        let findings = [Code::BytesReplaced, Code::Mojibake, Code::NotAReport].map(Finding::new);
        assert_eq!(Reject::code_of(&findings), Code::Mojibake);
        assert_eq!(Reject::code_of(&[]), Code::NotAReport);
    }
}
