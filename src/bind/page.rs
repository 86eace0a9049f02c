//! What is to be said of a page before any form is looked for: lost bytes, no text, markup.

use crate::layout::Outline;
use crate::report::{Code, Finding, Span};
use crate::text::Decoded;

/// The findings that need no grammar.
pub(super) fn page_findings(decoded: &Decoded<'_>, outline: &Outline<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let replacement = char::REPLACEMENT_CHARACTER.len_utf8() as u32;
    if let Some(first) = decoded.replaced.first() {
        let found = Some(decoded.replaced.len().to_string());
        findings
            .push(Finding { found, ..Finding::new(Code::BytesReplaced).at(Span::new(*first, first + replacement)) });
    }
    let signs = memchr::memmem::find_iter(decoded.text.as_bytes(), "\u{FFFD}").count();
    let lost = signs - decoded.replaced.len();
    if lost > 0 {
        let at = decoded
            .text
            .match_indices(char::REPLACEMENT_CHARACTER)
            .map(|(at, _)| at as u32)
            .find(|at| decoded.replaced.binary_search(at).is_err());
        let finding = Finding { found: Some(lost.to_string()), ..Finding::new(Code::CharactersLost) };
        findings.push(Finding { span: at.map(|at| Span::new(at, at + replacement)), ..finding });
    }
    if outline.lines.is_empty() {
        findings.push(Finding::new(Code::Empty));
    }
    let mut head = decoded.text.len().min(4096);
    while !decoded.text.is_char_boundary(head) {
        head -= 1;
    }
    let tags = ["<html", "<!DOCTYPE", "<!doctype", "<body", "<table", "<td", "<span", "<div"];
    let head = &decoded.text[..head];
    let tagged = memchr::memchr(b'<', head.as_bytes()).is_some();
    if let Some(at) = tags.iter().filter(|_| tagged).filter_map(|tag| head.find(tag)).min() {
        findings.push(Finding::new(Code::Markup).at(Span::new(at as u32, at as u32 + 1)));
    }
    findings
}
