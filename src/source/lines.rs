//! JSON Lines: a record a line, with its text in one field and its name in another.

use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::error::{Cause, Error, Flaw};
use super::names::Place;
use super::stream::Stream;
use super::unpack::Unpacker;
use super::{Input, Options, Text};

/// Gives the lines of a stream, each for a worker to look into.
pub(super) fn read(unpacker: &mut Unpacker<'_>, stream: &mut Stream<'_>, place: &Place) -> ControlFlow<()> {
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
                let is_rest = std::mem::take(&mut behind_gap) && !is_whole(&line);
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

fn is_whole(line: &[u8]) -> bool {
    line.trim_ascii_start().starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(line).is_ok()
}

/// The text of one line.
pub(super) fn text(place: &Place, number: u64, line: &[u8], options: &Options) -> Result<Text, Error> {
    let mut fields = Fields { text: None, id: None };
    let paths = [(options.text_field.as_str(), Field::Text), (options.id_field.as_str(), Field::Id)];
    let object = Object { wanted: paths.to_vec(), fields: &mut fields };
    // What is UTF-8 as a whole need not be looked at string by string.
    let whole = match simdutf8::basic::from_utf8(line) {
        Ok(line) => object.read(serde_json::Deserializer::from_str(line)),
        Err(_) => object.read(serde_json::Deserializer::from_slice(line)),
    };
    let flaw = match (whole, fields.text) {
        (Err(_), _) => Flaw::NotJson,
        (Ok(()), None) => Flaw::NoField(options.text_field.clone()),
        (Ok(()), Some(None)) => Flaw::NotText(options.text_field.clone()),
        (Ok(()), Some(Some(text))) => {
            let record = fields.id.unwrap_or_else(|| number.to_string());
            let relative = place.of_record(&record);
            return Ok(Text {
                path: place.path.clone(),
                record: Some(record),
                relative,
                bytes: text.into_bytes(),
                is_utf8: true,
            });
        }
    };
    Err(Error::new(&place.path, Cause::NoRecord(flaw)).in_record(&number.to_string()))
}

/// What is wanted of a record.
struct Fields {
    /// The text; none inside where something else stands there.
    text: Option<Option<String>>,
    id: Option<String>,
}

#[derive(Clone, Copy)]
enum Field {
    Text,
    Id,
}

/// An object in which some fields are wanted, by their paths: `a.b` is `b` within `a`, or a field of that very name.
struct Object<'p, 'f> {
    wanted: Vec<(&'p str, Field)>,
    fields: &'f mut Fields,
}

impl Object<'_, '_> {
    /// Reads an object with nothing behind it.
    fn read<'j>(self, mut json: serde_json::Deserializer<impl serde_json::de::Read<'j>>) -> serde_json::Result<()> {
        self.deserialize(&mut json).and_then(|()| json.end())
    }
}

impl<'de> DeserializeSeed<'de> for Object<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key)? {
            let whole = self.wanted.iter().find(|(path, _)| *path == key);
            let inner: Vec<(&str, Field)> = self
                .wanted
                .iter()
                .filter_map(|(path, field)| Some((path.strip_prefix(key.as_ref())?.strip_prefix('.')?, *field)))
                .collect();
            match whole {
                Some((_, field)) => map.next_value_seed(Leaf { field: *field, fields: self.fields })?,
                None if inner.is_empty() => {
                    map.next_value::<IgnoredAny>()?;
                }
                None => map.next_value_seed(Inner(Object { wanted: inner, fields: self.fields }))?,
            }
        }
        Ok(())
    }
}

/// A key, borrowed where it can be.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Cow<'de, str>, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: de::Error>(self, key: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

macro_rules! scalars {
    ($($visit:ident $kind:ty),*) => {
        $(fn $visit<E: de::Error>(self, value: $kind) -> Result<(), E> {
            self.put(Some(value.to_string()), false);
            Ok(())
        })*
    };
}

/// The value of a field that is wanted.
struct Leaf<'f> {
    field: Field,
    fields: &'f mut Fields,
}

impl Leaf<'_> {
    fn put(self, value: Option<String>, is_text: bool) {
        match self.field {
            Field::Text => self.fields.text = Some(value.filter(|_| is_text)),
            Field::Id => self.fields.id = value.filter(|value| !value.is_empty()),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Leaf<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Leaf<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.put(Some(text.to_owned()), true);
        Ok(())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<(), E> {
        self.put(Some(text), true);
        Ok(())
    }

    scalars!(visit_bool bool, visit_i64 i64, visit_u64 u64, visit_f64 f64);

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.put(None, false);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        self.put(None, false);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.put(None, false);
        Ok(())
    }
}

/// A value on the way to a field; where it is no object, the field is not there.
struct Inner<'p, 'f>(Object<'p, 'f>);

impl<'de> DeserializeSeed<'de> for Inner<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

macro_rules! no_object {
    ($($visit:ident $kind:ty),*) => {
        $(fn $visit<E: de::Error>(self, _: $kind) -> Result<(), E> {
            Ok(())
        })*
    };
}

impl<'de> Visitor<'de> for Inner<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.0.visit_map(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    no_object!(visit_bool bool, visit_i64 i64, visit_u64 u64, visit_f64 f64, visit_str &str);

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }
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
    fn paths_of_fields() {
        let line = r#"{"a": {"b": {"c": "x"}, "id": 3}, "b": "no", "d.e": "y"}"#;
        check(line, ["a.b.c", "a.id"], "3: x");
        check(line, ["d.e", "b"], "no: y");
        check(line, ["b.c", "id"], "7: NoRecord(NoField(\"b.c\"))");
    }
}
