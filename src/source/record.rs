//! One line of JSON -> the text and the name in it, without making anything of the rest.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::lines::NO_CHARACTER;

/// What is wanted of a record.
pub(super) struct Fields {
    /// The text; none inside where something else stands there.
    pub(super) text: Option<Option<Vec<u8>>>,
    pub(super) id: Option<String>,
    /// Whether the text must be made of characters; without it one half of a pair (`\ud800`) is no hindrance, but slower.
    exactly: bool,
}

/// The fields of a record by their paths; nothing where it is no JSON object.
pub(super) fn fields(json: &str, text: &str, id: &str) -> Option<Fields> {
    let read = |exactly| {
        let mut fields = Fields { text: None, id: None, exactly };
        let object = Object { wanted: vec![(text, Field::Text), (id, Field::Id)], fields: &mut fields };
        object.read(serde_json::Deserializer::from_str(json)).map(|()| fields)
    };
    read(true).or_else(|_| read(false)).ok()
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

/// The value of a field that is wanted.
struct Leaf<'f> {
    field: Field,
    fields: &'f mut Fields,
}

impl<'de> DeserializeSeed<'de> for Leaf<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        match self.field {
            Field::Text if self.fields.exactly => self.fields.text = Some(json.deserialize_any(Plain)?),
            Field::Text => self.fields.text = Some(halves(<&RawValue>::deserialize(json)?.get())),
            Field::Id => self.fields.id = name(<&RawValue>::deserialize(json)?.get()),
        }
        Ok(())
    }
}

/// The name that a value is: a text, or the very letters of a number, which may be longer than any number is exact.
fn name(json: &str) -> Option<String> {
    let name = match json.as_bytes().first()? {
        b'[' | b'{' | b'n' => return None,
        b'"' => serde_json::from_str(json).unwrap_or_else(|_| json.trim_matches('"').to_owned()),
        _ => json.to_owned(),
    };
    Some(name).filter(|name| !name.is_empty())
}

/// A text with a mark for each half of a pair that lacks the other.
fn halves(json: &str) -> Option<Vec<u8>> {
    let bytes = serde_json::Deserializer::from_str(json).deserialize_bytes(Plain).ok()??;
    let mut marked = Vec::with_capacity(bytes.len());
    let mut rest = &bytes[..];
    while let Some(at) =
        memchr::memmem::find_iter(rest, b"\xED").find(|at| rest.get(at + 1).is_some_and(|next| *next >= 0xA0))
    {
        marked.extend_from_slice(&rest[..at]);
        marked.push(NO_CHARACTER);
        rest = rest.get(at + 3..).unwrap_or_default();
    }
    marked.extend_from_slice(rest);
    Some(marked)
}

/// A text, and nothing where it is something else.
struct Plain;

macro_rules! no_text {
    ($($visit:ident $kind:ty),*) => {
        $(fn $visit<E: de::Error>(self, _: $kind) -> Result<Option<Vec<u8>>, E> {
            Ok(None)
        })*
    };
}

impl<'de> Visitor<'de> for Plain {
    type Value = Option<Vec<u8>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Option<Vec<u8>>, E> {
        Ok(Some(text.as_bytes().to_vec()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Option<Vec<u8>>, E> {
        Ok(Some(text.into_bytes()))
    }

    fn visit_bytes<E: de::Error>(self, text: &[u8]) -> Result<Option<Vec<u8>>, E> {
        Ok(Some(text.to_vec()))
    }

    no_text!(visit_bool bool, visit_i64 i64, visit_u64 u64, visit_f64 f64);

    fn visit_unit<E: de::Error>(self) -> Result<Option<Vec<u8>>, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Option<Vec<u8>>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Vec<u8>>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
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
