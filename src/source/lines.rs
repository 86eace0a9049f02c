//! JSON Lines: a record a line, with its text in one field and its name in another.
//!
//! A line is UTF-8, as JSON is; what is not is read as a text would be: in the encoding that was asked for, or in the one that it
//! is found to be. UTF-16 is made UTF-8 before there are lines. A character that can't be is no character of the text either:
//! a byte that is no UTF-8 stands for it, so that the reader of the text tells of it.

use std::borrow::Cow;
use std::ops::ControlFlow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use serde::de::IgnoredAny;

use super::error::{Cause, Error, Flaw};
use super::names::Place;
use super::record::{self, Fields};
use super::stream::Stream;
use super::unpack::Unpacker;
use super::utf16::Utf16;
use super::{Input, Options, Text};
use crate::text;

/// A byte that stands for a character that can't be.
pub(super) const NO_CHARACTER: u8 = 0xFF;

/// Gives the lines of a stream, each for a worker to look into.
pub(super) fn read(unpacker: &mut Unpacker<'_>, stream: &mut Stream<'_>, place: &Place) -> ControlFlow<()> {
    match Utf16::begins(stream.peek(2)) {
        Some(encoding) => each(unpacker, &mut Stream::new(Utf16::new(stream, encoding)), place),
        None => each(unpacker, stream, place),
    }
}

fn each(unpacker: &mut Unpacker<'_>, stream: &mut Stream<'_>, place: &Place) -> ControlFlow<()> {
    let limit = unpacker.most();
    let mut line = Vec::new();
    let mut number = 0u64;
    let mut behind_gap = false;
    loop {
        number += 1;
        match stream.line(limit, &mut line) {
            Ok(None) => return ControlFlow::Continue(()),
            Ok(Some(false)) => unpacker.emit(Err(too_large(place, number, limit)))?,
            Ok(Some(true)) => {
                // Behind a gap stands the rest of a line that was told of.
                let is_rest = std::mem::take(&mut behind_gap) && !is_whole(&line, unpacker.options.encoding);
                let mut bytes = line.trim_ascii();
                if number == 1 {
                    bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
                }
                if !bytes.is_empty() && !is_rest {
                    unpacker.emit(Ok(Input::line(place, number, bytes.to_vec())))?;
                }
            }
            Err(error) => {
                behind_gap = true;
                unpacker.emit(Err(Error::of(&place.path, error).in_record(&number.to_string())))?;
            }
        }
    }
}

fn too_large(place: &Place, number: u64, limit: usize) -> Error {
    Error::new(&place.path, Cause::TooLarge(limit)).in_record(&number.to_string())
}

fn is_whole(line: &[u8], asked: Option<&'static Encoding>) -> bool {
    let line = line.trim_ascii_start();
    line.starts_with(b"{") && serde_json::from_str::<IgnoredAny>(&decoded(line, asked).0).is_ok()
}

/// The text of one line.
pub(super) fn text(place: &Place, number: u64, line: &[u8], options: &Options) -> Result<Text, Error> {
    let (json, is_mended) = decoded(line, options.encoding);
    let flaw = match record::fields(&json, &options.text_field, &options.id_field) {
        None => Flaw::NotJson,
        Some(Fields { text: None, .. }) => Flaw::NoField(options.text_field.clone()),
        Some(Fields { text: Some(None), .. }) => Flaw::NotText(options.text_field.clone()),
        Some(Fields { text: Some(Some(text)), id, .. }) => {
            let record = id.unwrap_or_else(|| number.to_string());
            let relative = place.of_record(&record);
            let bytes = if is_mended { with_marks(&text, "\u{FFFD}".as_bytes()) } else { text };
            return Ok(Text { path: place.path.clone(), record: Some(record), relative, bytes, is_utf8: true });
        }
    };
    Err(Error::new(&place.path, Cause::NoRecord(flaw)).in_record(&number.to_string()))
}

/// A line as UTF-8, and whether some of it could not be decoded.
fn decoded<'l>(line: &'l [u8], asked: Option<&'static Encoding>) -> (Cow<'l, str>, bool) {
    match simdutf8::basic::from_utf8(line) {
        Ok(line) => (Cow::Borrowed(line), false),
        Err(_) => {
            // What was UTF-16 is so no more.
            let decoded = text::decode(line, asked.filter(|asked| *asked != UTF_16LE && *asked != UTF_16BE));
            (decoded.text, !decoded.replaced.is_empty())
        }
    }
}

/// The bytes with a mark in place of each `wrong`.
fn with_marks(mut bytes: &[u8], wrong: &[u8]) -> Vec<u8> {
    let mut marked = Vec::with_capacity(bytes.len());
    while let Some(at) = memchr::memmem::find(bytes, wrong) {
        marked.extend_from_slice(&bytes[..at]);
        marked.push(NO_CHARACTER);
        bytes = &bytes[at + wrong.len()..];
    }
    marked.extend_from_slice(bytes);
    marked
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[track_caller]
    fn check(line: &str, fields: [&str; 2], expected: &str) {
        let options = Options { text_field: fields[0].into(), id_field: fields[1].into(), ..Options::default() };
        let place = Place::new("a.jsonl", Path::new("a.jsonl"));
        let found = match text(&place, 7, line.as_bytes(), &options) {
            Ok(text) => format!("{}: {}", text.record.unwrap_or_default(), String::from_utf8_lossy(&text.bytes)),
            Err(error) => format!("{}: {:?}", error.record.unwrap_or_default(), error.cause),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn records() {
        let usual = ["text", "id"];
        check(r#"{"text": "公开\n", "id": "a/b"}"#, usual, "a/b: 公开\n");
        check(r#"{"id": 12, "text": "公\u5f00", "more": [1, {"text": "no"}]}"#, usual, "12: 公开");
        check(r#"{"id":123456789012345678901,"text":"x"}"#, usual, "123456789012345678901: x");
        check(r#"{"id":123456789012345678902,"text":"x"}"#, usual, "123456789012345678902: x");
        check(r#"{"id": -1.50e400 , "text": "x"}"#, usual, "-1.50e400: x");
        check(r#"{"id": "a\"\u5f00\/", "text": "x"}"#, usual, "a\"开/: x");
        check(r#"{"text": "x", "id": ["a"]}"#, usual, "7: x");
        check(r#"{"text": "x", "id": null}"#, usual, "7: x");
        check(r#"{"text": "x", "id": ""}"#, usual, "7: x");
        check(r#"{"text": "x"}"#, usual, "7: x");
        check(r#"{"id": "a"}"#, usual, "7: NoRecord(NoField(\"text\"))");
        check(r#"{"text": 5}"#, usual, "7: NoRecord(NotText(\"text\"))");
        check(r#"{"text": ["x"]}"#, usual, "7: NoRecord(NotText(\"text\"))");
        check(r#"{"text": "x""#, usual, "7: NoRecord(NotJson)");
        check(r#"["text"]"#, usual, "7: NoRecord(NotJson)");
        check(r#"{"text": "x"} {}"#, usual, "7: NoRecord(NotJson)");
    }

    #[test]
    fn halves_of_characters() {
        #[track_caller]
        fn check(line: &str, expected: Option<&[u8]>) {
            let place = Place::new("a.jsonl", Path::new("a.jsonl"));
            let found = text(&place, 7, line.as_bytes(), &Options::default()).ok();
            assert_eq!(found.map(|text| text.bytes).as_deref(), expected);
        }
        check(r#"{"text": "a\ud800b"}"#, Some(b"a\xFFb"));
        check(r#"{"text": "\udc00\udc00\ud800", "id": "x"}"#, Some(b"\xFF\xFF\xFF"));
        check(r#"{"text": "\ud83d\ude00"}"#, Some("😀".as_bytes()));
        check(r#"{"text": "행\ud800"}"#, Some(b"\xED\x96\x89\xFF"));
        check(r#"{"text": "x", "more": "\ud800", "id": "\ud800"}"#, Some(b"x"));
        check(r#"{"text": ["\ud800"]}"#, None);
        check(r#"{"text": "\ud800"#, None);
    }

    #[test]
    fn encodings() {
        #[track_caller]
        fn check(line: &[u8], asked: Option<&'static Encoding>, expected: &[u8]) {
            let options = Options { encoding: asked, ..Options::default() };
            let place = Place::new("a.jsonl", Path::new("a.jsonl"));
            assert_eq!(text(&place, 7, line, &options).expect("a record").bytes, expected);
        }
        let (gb, big) = (Some(encoding_rs::GB18030), Some(encoding_rs::BIG5));
        // 誠 and 功 end in `\` in these encodings.
        let line = "{\"id\": \"年\", \"text\": \"誠，政府信息公开\"}";
        check(&encoding_rs::GB18030.encode(line).0, None, "誠，政府信息公开".as_bytes());
        check(&encoding_rs::GB18030.encode(line).0, gb, "誠，政府信息公开".as_bytes());
        check(line.as_bytes(), gb, "誠，政府信息公开".as_bytes());
        check(&encoding_rs::BIG5.encode("{\"text\": \"功\"}").0, big, "功".as_bytes());
        check("{\"text\": \"年报#\"}".replace('#', "\u{FFFD}").as_bytes(), None, "年报\u{FFFD}".as_bytes());
        check(b"{\"text\": \"\xE5\xB9\xB4\xE6\x8A\xA5\xFF\"}", None, b"\xE5\xB9\xB4\xE6\x8A\xA5\xFF");
    }

    #[test]
    fn paths_of_fields() {
        let line = r#"{"a": {"b": {"c": "x"}, "id": 3}, "b": "no", "d.e": "y"}"#;
        check(line, ["a.b.c", "a.id"], "3: x");
        check(line, ["d.e", "b"], "no: y");
        check(line, ["b.c", "id"], "7: NoRecord(NoField(\"b.c\"))");
    }
}
