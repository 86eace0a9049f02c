//! Answers of HTTP, as a crawl keeps them: head and body.

use std::io::{self, Cursor};

use super::error::{Cause, Fault};
use super::packed::{Packing, Unpacked};
use super::stream::Stream;
use super::unpack::Budget;
use crate::text;

pub(super) const HTML: &str = "HTML";
const CODING: &str = "content coding of a WARC record";

/// What an answer holds.
pub(super) enum Body {
    /// A page, with its type, and what is to be told of how it was packed.
    Of { content_type: String, bytes: Vec<u8>, remark: Option<io::Error> },
    /// Something else: not found, moved.
    Other,
}

/// What a type says of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Text, as far as its content agrees.
    Text,
    /// It may be a report, but can't be read.
    Unsupported(&'static str),
    /// It can be no report.
    PassedOver,
}

/// Where a head ends: behind its first blank line.
pub(super) fn head_end(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', bytes).find_map(|at| match bytes.get(at + 1..)? {
        [b'\n', ..] => Some(at + 2),
        [b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    })
}

/// The fields of a head, its first line left out. A line that begins with a blank goes on the one before.
pub(super) fn fields(head: &[u8]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in String::from_utf8_lossy(head).lines().skip(1) {
        if let (Some((_, value)), true) = (fields.last_mut(), line.starts_with([' ', '\t'])) {
            value.push(' ');
            value.push_str(line.trim());
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    fields
}

/// Whether an answer that begins so may hold a text, or something that should be told.
pub(super) fn may_be_text(start: &[u8]) -> bool {
    let Some(end) = head_end(start) else { return true };
    let head = start.get(..end).unwrap_or(start);
    let content_type = fields(head).into_iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    is_found(head) && by_type(&content_type.map(|(_, value)| value).unwrap_or_default()) != Sort::PassedOver
}

fn is_found(head: &[u8]) -> bool {
    head.starts_with(b"HTTP/")
        && head.split(|byte| *byte == b' ').nth(1).is_some_and(|status| status.starts_with(b"200"))
}

/// The body of an answer, with what was done to it on the way undone.
pub(super) fn body(mut answer: Vec<u8>, budget: &Budget, limit: usize) -> io::Result<Body> {
    let Some(end) = head_end(&answer).filter(|_| answer.starts_with(b"HTTP/")) else {
        return Err(Fault::of(Cause::Damaged("HTTP head in a WARC record")));
    };
    if !is_found(&answer[..end]) {
        return Ok(Body::Other);
    }
    let (mut content_type, mut coding, mut chunked) = (String::new(), String::new(), false);
    for (name, value) in fields(&answer[..end]) {
        match name.to_ascii_lowercase().as_str() {
            "content-type" => content_type = value,
            "content-encoding" => coding = value.to_ascii_lowercase(),
            "transfer-encoding" => chunked = value.to_ascii_lowercase().contains("chunked"),
            _ => {}
        }
    }
    if by_type(&content_type) == Sort::PassedOver {
        return Ok(Body::Other);
    }
    answer.drain(..end);
    // Many crawlers undo this and keep the field: the bytes tell.
    if let Some(whole) = Some(&answer).filter(|_| chunked).and_then(|body| without_chunks(body)) {
        answer = whole;
    }
    let mut remark = None;
    for coding in coding.rsplit(',').map(str::trim) {
        if let Some(packing) = packing(coding, &answer)? {
            let mut packed = Stream::new(Cursor::new(answer));
            let mut unpacked = Stream::new(Unpacked::new(packing, &mut packed, budget)?);
            let bytes = unpacked.rest(limit)?;
            remark = unpacked.remark().or(remark);
            drop(unpacked);
            // Any bytes begin like it, and no checksum says that they are not.
            if packing == Packing::Deflate && !packed.peek(1).is_empty() {
                return Err(Fault::of(Cause::Damaged(packing.name())));
            }
            answer = bytes;
        }
    }
    Ok(Body::Of { content_type, bytes: answer, remark })
}

/// What these bytes are packed in, if a field says that they were coded so. Many crawlers undo that and keep the field.
fn packing(coding: &str, bytes: &[u8]) -> io::Result<Option<Packing>> {
    let begun = match coding {
        "" | "identity" => return Ok(None),
        "gzip" | "x-gzip" | "zstd" => Packing::of(bytes),
        "deflate" if bytes.first().is_some_and(|byte| byte & 0x0F == 8) && !is_text(bytes) => Some(Packing::Zlib),
        _ => None,
    };
    match (begun, coding) {
        (Some(packing), _) => Ok(Some(packing)),
        _ if is_text(bytes) => Ok(None),
        (None, "gzip" | "x-gzip") => Err(Fault::of(Cause::Damaged(Packing::Gzip.name()))),
        (None, "zstd") => Err(Fault::of(Cause::Damaged(Packing::Zstd.name()))),
        // Some servers leave out the frame.
        (None, "deflate") => Ok(Some(Packing::Deflate)),
        (None, "br") => Err(Fault::of(Cause::Unsupported("Brotli in a WARC record"))),
        (None, _) => Err(Fault::of(Cause::Unsupported(CODING))),
    }
}

/// Whether these bytes are a text as they are, in some encoding: packed ones have many bytes that no text has.
fn is_text(bytes: &[u8]) -> bool {
    let decoded = text::decode(bytes, None);
    let controls = decoded.text.chars().filter(|c| c.is_control() && !c.is_ascii_whitespace()).count();
    (controls + decoded.replaced.len()) * 50 <= bytes.len()
}

/// A body without the sizes between its chunks; nothing where it has none.
fn without_chunks(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(body.len());
    loop {
        let end = memchr::memchr(b'\n', body)?;
        let size = std::str::from_utf8(body.get(..end)?).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        body = body.get(end + 1..)?;
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(body.get(..size)?);
        body = body.get(size..)?;
        body = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n"))?;
    }
}

/// What is made of a page of that type.
pub(super) fn by_type(content_type: &str) -> Sort {
    let content_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match content_type.as_str() {
        "text/html" | "application/xhtml+xml" | "text/xhtml" => Sort::Unsupported(HTML),
        "application/pdf" => Sort::Unsupported("PDF"),
        "application/msword" | "application/vnd.ms-excel" | "application/rtf" => Sort::Unsupported("Office document"),
        "text/css"
        | "text/javascript"
        | "application/javascript"
        | "application/x-javascript"
        | "application/json"
        | "text/xml"
        | "application/xml"
        | "application/x-shockwave-flash" => Sort::PassedOver,
        kind if kind.starts_with("application/vnd.openxml") || kind.starts_with("application/vnd.oasis") => {
            Sort::Unsupported("Office document")
        }
        kind if [
            "image/",
            "audio/",
            "video/",
            "font/",
            "application/font",
            "application/x-font",
            "application/vnd.ms-font",
        ]
        .iter()
        .any(|sort| kind.starts_with(sort)) =>
        {
            Sort::PassedOver
        }
        _ => Sort::Text,
    }
}

/// Whether a text is HTML, whatever its type says.
pub(super) fn is_html(bytes: &[u8]) -> bool {
    const MARKS: &[&[u8]] =
        &[b"<!doctype html", b"<html", b"<head", b"<body", b"<!--", b"<meta", b"<script", b"<div", b"<table", b"<?xml"];
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    MARKS.iter().any(|mark| start.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Limits;

    #[track_caller]
    fn check(answer: &[u8], expected: &str) {
        let found = match body(answer.to_vec(), &Budget::new(Limits::default()), 1 << 20) {
            Ok(Body::Of { content_type, bytes, .. }) => format!("{content_type}: {}", String::from_utf8_lossy(&bytes)),
            Ok(Body::Other) => "other".to_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn bodies() {
        check(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nabc", "text/plain: abc");
        check(b"HTTP/1.1 404 Not Found\r\n\r\nabc", "other");
        check(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nabc", "other");
        let chunked = b"HTTP/1.1 200 OK\nContent-Type: text/plain\nTransfer-Encoding: chunked\n\n3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n";
        check(chunked, "text/plain: abcde");
        check(b"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\nabc", ": abc");
        check(b"HTTP/1.1 200\r\nContent-Encoding: gzip\r\n\r\nabc", ": abc");
        check("HTTP/1.1 200\r\nContent-Encoding: br\r\n\r\n年报\n".as_bytes(), ": 年报\n");
        let packed = |coding: &str| {
            [b"HTTP/1.1 200\r\nContent-Encoding: ", coding.as_bytes(), b"\r\n\r\n\x8B\x01\x80abc\x03"].concat()
        };
        check(&packed("br"), "Unsupported(\"Brotli in a WARC record\")");
        check(&packed("BR"), "Unsupported(\"Brotli in a WARC record\")");
        check(&packed("gzip, br"), "Unsupported(\"Brotli in a WARC record\")");
        check(&packed("compress"), "Unsupported(\"content coding of a WARC record\")");
        check(&packed("gzip"), "Damaged(\"gzip data\")");
        check(&packed("deflate"), "Damaged(\"deflate data\")");
        // A Brotli stream that is UTF-8 by chance.
        check(
            b"HTTP/1.1 200\r\nContent-Encoding: br\r\n\r\n\x0B\x02abc\x03",
            "Unsupported(\"Brotli in a WARC record\")",
        );
        check(b"nonsense", "Damaged(\"HTTP head in a WARC record\")");
    }

    #[test]
    fn types() {
        assert_eq!(by_type("text/html; charset=gbk"), Sort::Unsupported(HTML));
        assert_eq!(by_type("Image/PNG"), Sort::PassedOver);
        assert_eq!(by_type("text/plain"), Sort::Text);
        assert_eq!(by_type(""), Sort::Text);
        assert!(is_html(b"\n<!DOCTYPE HTML PUBLIC>") && !is_html("青石县".as_bytes()));
    }

    #[test]
    fn heads() {
        assert_eq!(head_end(b"a: b\r\n\r\nc"), Some(8));
        assert_eq!(head_end(b"a: b\n\nc"), Some(6));
        assert_eq!(head_end(b"a: b\r\n"), None);
        let fields = fields(b"WARC/1.0\r\nA: b\r\n c\r\nD:e\r\n\r\n");
        assert_eq!(fields, [("A".to_owned(), "b c".to_owned()), ("D".to_owned(), "e".to_owned())]);
    }
}
