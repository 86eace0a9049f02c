//! Findings in SARIF 2.1.0, the interchange format of code checkers, which code hosts and editors show.
//!
//! In: diagnostics, in order. Out: one JSON document, written piece by piece: each result as it comes, and at the end the
//! tool with the rules that were used, so that memory does not grow with the number of findings.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::render::{Diagnostic, Lang, Mark, explanation};
use crate::report::Severity;

/// A document under way.
#[derive(Default)]
pub struct Sarif {
    /// The rules used so far, by their ids.
    rules: BTreeMap<String, Value>,
    /// How many results were written.
    results: u64,
}

impl Sarif {
    /// Begins the document.
    pub fn begin(&self, lang: Lang, out: &mut Vec<u8>) {
        let language = if lang == Lang::Zh { "zh-CN" } else { "en" };
        out.extend_from_slice(b"{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",");
        out.extend_from_slice(
            format!("\"runs\":[{{\"language\":\"{language}\",\"columnKind\":\"unicodeCodePoints\",\"results\":[")
                .as_bytes(),
        );
    }

    /// Adds a result; `encoded` is what [`Sarif::result`] made of it.
    pub fn add(&mut self, diagnostic: &Diagnostic, encoded: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(if self.results == 0 { b"\n" } else { b",\n" });
        out.extend_from_slice(encoded);
        self.results += 1;
        self.rules.entry(id(diagnostic)).or_insert_with(|| descriptor(diagnostic));
    }

    /// Ends the document, with a line end.
    pub fn end(self, out: &mut Vec<u8>) {
        let rules: Vec<Value> = self.rules.into_values().collect();
        let version = env!("CARGO_PKG_VERSION");
        let tool =
            json!({"driver": {"name": "gongkai", "version": version, "semanticVersion": version, "rules": rules}});
        out.extend_from_slice(b"\n],\"tool\":");
        append(&tool, out);
        out.extend_from_slice(b"}]}\n");
    }

    /// One result. It needs no other, so workers can make it.
    pub fn result(diagnostic: &Diagnostic) -> Vec<u8> {
        let related: Vec<Location<'_>> = diagnostic
            .related
            .iter()
            .zip(1..)
            .map(|(mark, id)| Location { id: Some(id), ..location(diagnostic, Some(mark)) })
            .collect();
        let message = match &diagnostic.help {
            Some(help) => format!("{}\n{help}", diagnostic.message),
            None => diagnostic.message.clone(),
        };
        let result = ResultOut {
            rule_id: id(diagnostic),
            level: level(diagnostic.severity),
            message: Message { text: &message },
            locations: [Location { message: None, ..location(diagnostic, diagnostic.primary.as_ref()) }],
            related_locations: related,
            partial_fingerprints: Fingerprints { v1: &diagnostic.fingerprint },
            properties: Properties {
                record: diagnostic.record.as_deref(),
                section: diagnostic.section.as_deref(),
                table: diagnostic.table.as_deref(),
                row: diagnostic.row.as_deref(),
                column: diagnostic.column.as_deref(),
                expected: diagnostic.expected.as_deref(),
                found: diagnostic.found.as_deref(),
            },
        };
        let mut out = Vec::new();
        append(&result, &mut out);
        out
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultOut<'d> {
    rule_id: String,
    level: &'static str,
    message: Message<'d>,
    locations: [Location<'d>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'d>>,
    partial_fingerprints: Fingerprints<'d>,
    properties: Properties<'d>,
}

#[derive(Serialize)]
struct Message<'d> {
    text: &'d str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'d> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u32>,
    physical_location: Physical<'d>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<'d>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical<'d> {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region<'d>>,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

/// Lines and columns. Offsets are left out: SARIF counts them in the file's own encoding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region<'d> {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Message<'d>>,
}

#[derive(Serialize)]
struct Fingerprints<'d> {
    #[serde(rename = "gongkai/v1")]
    v1: &'d str,
}

#[derive(Serialize)]
struct Properties<'d> {
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<&'d str>,
}

/// A place on the page, or the page as a whole.
fn location<'d>(diagnostic: &'d Diagnostic, mark: Option<&'d Mark>) -> Location<'d> {
    let region = mark.map(|mark| {
        let words = diagnostic.excerpt.piece(mark.span).map(|piece| piece.words(mark.span));
        // Only the whole of it: a place that goes over several lines was kept in part.
        let snippet = words.filter(|words| words.len() == mark.span.len()).map(|text| Message { text });
        let place = mark.place;
        Region {
            start_line: place.line,
            start_column: place.column,
            end_line: place.end_line,
            end_column: place.end_column,
            snippet,
        }
    });
    let label = mark.and_then(|mark| mark.label.as_deref()).map(|text| Message { text });
    let artifact_location = Artifact { uri: uri(&diagnostic.path) };
    Location { id: None, physical_location: Physical { artifact_location, region }, message: label }
}

/// The name of a rule: its code, and the grammar's name for it where it has one.
fn id(diagnostic: &Diagnostic) -> String {
    match &diagnostic.rule {
        Some(rule) => format!("{}/{}", diagnostic.code, rule.id),
        None => diagnostic.code.to_string(),
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// What a rule is, for those who have not the tool at hand.
fn descriptor(diagnostic: &Diagnostic) -> Value {
    let Diagnostic { code, lang, .. } = diagnostic;
    let more = match lang {
        Lang::En => format!("`gongkai explain {code}` says more, and how to mend it."),
        Lang::Zh => format!("`gongkai explain {code}` 有更多说明和改正办法。"),
    };
    let help = match &diagnostic.rule {
        Some(rule) => format!("{}\n{}\n{more}", rule.says, rule.formula),
        None => more,
    };
    let tags: Vec<&str> = diagnostic.rule.iter().map(|rule| rule.kind).collect();
    json!({
        "id": id(diagnostic),
        "name": format!("{code:?}"),
        "shortDescription": {"text": diagnostic.meaning()},
        "fullDescription": {"text": explanation(*code, *lang)},
        "help": {"text": help},
        "defaultConfiguration": {"level": level(diagnostic.severity)},
        "properties": {"tags": tags},
    })
}

/// A path as a reference that is valid for any name: relative as it was given, or a `file:` address.
fn uri(path: &str) -> String {
    let is_absolute = path.starts_with('/') || path.as_bytes().get(1..3) == Some(b":/");
    let mut uri = match (is_absolute, path.starts_with('/')) {
        (true, true) => "file://".to_owned(),
        (true, false) => "file:///".to_owned(),
        _ => String::new(),
    };
    for byte in path.strip_prefix("./").unwrap_or(path).bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

fn append(value: &impl Serialize, out: &mut Vec<u8>) {
    // Writing to memory can't fail, and all keys are strings.
    let written = serde_json::to_writer(out, value);
    debug_assert!(written.is_ok());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris() {
        for (path, expected) in [
            ("-", "-"),
            ("a b/年.txt", "a%20b/%E5%B9%B4.txt"),
            ("./a:b#c.txt", "a%3Ab%23c.txt"),
            ("/a/b.txt", "file:///a/b.txt"),
            ("C:/a.txt", "file:///C%3A/a.txt"),
            ("../a.txt", "../a.txt"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
