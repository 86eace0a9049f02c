//! JSON as it is written: on one line, or over many with two blanks for each level. Both come from the same calls, and from
//! here alone.

use std::io::Write;
use std::ops::Range;

use itoa::Integer;

use crate::report::Decimal;

/// Writes JSON to the end of a buffer. Each value in an object comes behind its `key`, each in an array behind `element`.
pub(super) struct Writer<'o> {
    out: &'o mut Vec<u8>,
    pretty: bool,
    depth: usize,
    /// Whether the object or array under way has nothing in it yet.
    empty: bool,
}

impl<'o> Writer<'o> {
    pub(super) fn new(out: &'o mut Vec<u8>, pretty: bool) -> Writer<'o> {
        Writer { out, pretty, depth: 0, empty: true }
    }

    pub(super) fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.within(b'{', b'}', members);
    }

    pub(super) fn array(&mut self, elements: impl FnOnce(&mut Self)) {
        self.within(b'[', b']', elements);
    }

    /// The key of the next member: a word of ours or an id, in which nothing has to be escaped.
    #[inline(always)]
    pub(super) fn key(&mut self, key: &str) {
        self.element();
        self.word(key);
        self.out.push(b':');
        if self.pretty {
            self.out.push(b' ');
        }
    }

    /// A word of ours or an id, in which nothing has to be escaped. Inlined, so that the length of our words is known.
    #[inline(always)]
    pub(super) fn word(&mut self, word: &str) {
        debug_assert_eq!(plain_length(word.as_bytes()), word.len());
        self.out.push(b'"');
        self.out.extend_from_slice(word.as_bytes());
        self.out.push(b'"');
    }

    pub(super) fn optional_word(&mut self, word: Option<&str>) {
        match word {
            Some(word) => self.word(word),
            None => self.null(),
        }
    }

    /// Ids with points between them.
    pub(super) fn dotted(&mut self, ids: [&str; 3]) {
        self.out.push(b'"');
        for (at, id) in ids.into_iter().enumerate() {
            if at > 0 {
                self.out.push(b'.');
            }
            self.out.extend_from_slice(id.as_bytes());
        }
        self.out.push(b'"');
    }

    /// Begins the next element.
    #[inline(always)]
    pub(super) fn element(&mut self) {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
        if self.pretty {
            self.line();
        }
    }

    pub(super) fn string(&mut self, text: &str) {
        self.out.push(b'"');
        let plain = plain_length(text.as_bytes());
        self.out.extend_from_slice(&text.as_bytes()[..plain]);
        if plain < text.len() {
            self.escaped(&text.as_bytes()[plain..]);
        }
        self.out.push(b'"');
    }

    /// A string that was cleaned: no control characters stand in it.
    pub(super) fn clean_string(&mut self, text: &str) {
        if memchr::memchr2(b'"', b'\\', text.as_bytes()).is_some() {
            return self.string(text);
        }
        debug_assert_eq!(plain_length(text.as_bytes()), text.len());
        self.out.push(b'"');
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'"');
    }

    /// Writes the rest of a string, whose first byte can't stand in it as it is.
    #[cold]
    fn escaped(&mut self, mut rest: &[u8]) {
        while let Some((byte, behind)) = rest.split_first() {
            match byte {
                b'"' => self.out.extend_from_slice(b"\\\""),
                b'\\' => self.out.extend_from_slice(b"\\\\"),
                b'\n' => self.out.extend_from_slice(b"\\n"),
                b'\r' => self.out.extend_from_slice(b"\\r"),
                b'\t' => self.out.extend_from_slice(b"\\t"),
                0x08 => self.out.extend_from_slice(b"\\b"),
                0x0C => self.out.extend_from_slice(b"\\f"),
                _ => self.out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            }
            let (plain, behind) = behind.split_at(plain_length(behind));
            self.out.extend_from_slice(plain);
            rest = behind;
        }
    }

    pub(super) fn optional_string(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.string(text),
            None => self.null(),
        }
    }

    pub(super) fn integer(&mut self, number: impl Integer) {
        self.out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    }

    pub(super) fn optional_integer(&mut self, number: Option<impl Integer>) {
        match number {
            Some(number) => self.integer(number),
            None => self.null(),
        }
    }

    /// An exact decimal.
    pub(super) fn decimal(&mut self, number: Option<Decimal>) {
        match number.map(|number| (number, number.to_i64())) {
            Some((_, Some(digit @ 0..=9))) => self.out.push(b'0' + digit as u8),
            Some((_, Some(number))) => self.integer(number),
            Some((number, None)) => {
                // Writing to memory can't fail.
                let _ = write!(self.out, "{number}");
            }
            None => self.null(),
        }
    }

    /// Two numbers on one line, and with them a word of ours where there is one.
    pub(super) fn stretch(&mut self, (first, last): (u32, u32), word: Option<&'static str>) {
        self.out.push(b'[');
        self.integer(first);
        self.out.extend_from_slice(b", ");
        self.integer(last);
        if let Some(word) = word {
            self.out.extend_from_slice(b", \"");
            self.out.extend_from_slice(word.as_bytes());
            self.out.push(b'"');
        }
        self.out.push(b']');
    }

    pub(super) fn boolean(&mut self, value: bool) {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
    }

    pub(super) fn null(&mut self) {
        self.out.extend_from_slice(b"null");
    }

    /// Writes a value, and says where it stands.
    pub(super) fn kept(&mut self, value: impl FnOnce(&mut Self)) -> Range<usize> {
        let start = self.out.len();
        value(self);
        start..self.out.len()
    }

    /// Writes a kept value once more, at the same depth.
    pub(super) fn again(&mut self, kept: Range<usize>) {
        self.out.extend_from_within(kept);
    }

    #[inline]
    fn within(&mut self, open: u8, close: u8, inside: impl FnOnce(&mut Self)) {
        self.out.push(open);
        self.depth += 1;
        self.empty = true;
        inside(self);
        self.depth -= 1;
        if self.pretty && !self.empty {
            self.line();
        }
        self.empty = false;
        self.out.push(close);
    }

    #[cold]
    fn line(&mut self) {
        self.out.push(b'\n');
        for _ in 0..self.depth {
            self.out.extend_from_slice(b"  ");
        }
    }
}

/// How many bytes from the front stand in a string of JSON as they are.
fn plain_length(bytes: &[u8]) -> usize {
    // So many bytes are looked at together, without a branch.
    const AT_ONCE: usize = 16;
    let is_plain = |byte: u8| (byte >= 0x20) & (byte != b'"') & (byte != b'\\');
    let are_plain = |chunk: &[u8; AT_ONCE]| chunk.iter().fold(true, |all, byte| all & is_plain(*byte));
    let mut at = 0;
    while bytes[at..].first_chunk().is_some_and(are_plain) {
        at += AT_ONCE;
    }
    // The rest is looked at together with what stands before it.
    if bytes.len() - at < AT_ONCE && bytes.last_chunk().is_some_and(are_plain) {
        return bytes.len();
    }
    at + bytes[at..].iter().take_while(|byte| is_plain(**byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn write(value: &Value, to: &mut Writer<'_>) {
        match value {
            Value::Null => to.null(),
            Value::Object(members) => to.object(|to| {
                for (key, value) in members {
                    to.key(key);
                    write(value, to);
                }
            }),
            Value::Array(values) => to.array(|to| {
                for value in values {
                    to.element();
                    write(value, to);
                }
            }),
            Value::String(text) => to.string(text),
            Value::Number(number) => to.integer(number.as_i64().expect("an integer")),
            Value::Bool(value) => to.boolean(*value),
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let text = prop_oneof![any::<String>(), "[\u{0}-\u{1F}\"\\\\/一-龥\u{7F}]{0,50}"];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            text.clone().prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec(("[a-z_]{0,9}", inner), 0..6).prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn as_another_writer_writes_it(value in values()) {
            for (pretty, expected) in [(false, serde_json::to_vec(&value)), (true, serde_json::to_vec_pretty(&value))] {
                let mut out = Vec::new();
                write(&value, &mut Writer::new(&mut out, pretty));
                prop_assert_eq!(out, expected.expect("JSON"));
            }
        }
    }

    #[test]
    fn figures() {
        let mut out = Vec::new();
        let mut to = Writer::new(&mut out, false);
        let decimal = |digits: &[u8], scale| Decimal::from_digits(true, digits.iter().copied(), scale);
        to.array(|to| {
            for number in [None, Some(Decimal::ZERO), decimal(&[9; 30], 0), decimal(&[1, 2, 5], 2)] {
                to.element();
                to.decimal(number);
            }
            to.element();
            to.stretch((7, 12), Some("prose"));
        });
        assert_eq!(out, b"[null,0,-999999999999999999999999999999,-1.25,[7, 12, \"prose\"]]");
    }
}
