//! The keywords of JSON Schema, written one after another into the object under way.
//!
//! An object is described by its [`Member`]s. It is always closed: a key that none of them has is a mistake.

use crate::wire::writer::Writer;

/// A key of an object: its name, what it may hold, and what it means.
pub(super) struct Member<'m> {
    name: &'m str,
    of: Of<'m>,
    says: &'m str,
    optional: bool,
}

/// What a value may be.
pub(super) enum Of<'m> {
    Text,
    TextOrNull,
    /// Text of that pattern.
    Shaped(&'m str),
    /// One word only.
    Word(&'m str),
    /// One of these words, or null.
    Words(&'m [&'m str]),
    WordsOrNull(&'m [&'m str]),
    /// A whole number from there on.
    Count(u32),
    CountOrNull(u32),
    Number,
    NumberOrNull,
    /// Any object: another part of the schema says more of it.
    Object,
    /// What is defined under that name.
    A(&'m str),
    /// A list of what is defined under that name.
    List(&'m str),
}

impl<'m> Member<'m> {
    pub(super) fn new(name: &'m str, of: Of<'m>, says: &'m str) -> Member<'m> {
        Member { name, of, says, optional: false }
    }

    pub(super) fn optional(name: &'m str, of: Of<'m>, says: &'m str) -> Member<'m> {
        Member { optional: true, ..Member::new(name, of, says) }
    }
}

/// The keywords of an object with these members and no others.
pub(super) fn closed(members: &[Member<'_>], to: &mut Writer<'_>) {
    text("type", "object", to);
    keyed("properties", to, |to| {
        for Member { name, of, says, .. } in members {
            keyed(name, to, |to| {
                text("description", says, to);
                of.write(to);
            });
        }
    });
    let required = members.iter().filter(|member| !member.optional).map(|member| member.name);
    list("required", required, false, to);
    shut(to);
}

/// No other keys than those named so far.
pub(super) fn shut(to: &mut Writer<'_>) {
    to.key("additionalProperties");
    to.boolean(false);
}

/// A key with an object.
pub(super) fn keyed(key: &str, to: &mut Writer<'_>, inside: impl FnOnce(&mut Writer<'_>)) {
    to.key(key);
    to.object(inside);
}

/// A key with a text.
pub(super) fn text(key: &str, text: &str, to: &mut Writer<'_>) {
    to.key(key);
    to.string(text);
}

/// A key with a list of words, and null behind them where that is one of the choices.
pub(super) fn list<'w>(key: &str, words: impl Iterator<Item = &'w str>, or_null: bool, to: &mut Writer<'_>) {
    to.key(key);
    to.array(|to| {
        for word in words {
            to.element();
            to.string(word);
        }
        if or_null {
            to.element();
            to.null();
        }
    });
}

/// One of these words.
pub(super) fn choice<'w>(words: impl Iterator<Item = &'w str>, or_null: bool, to: &mut Writer<'_>) {
    list("enum", words, or_null, to);
}

/// A key with a list of schemas.
pub(super) fn schemas<T>(
    key: &str,
    of: impl IntoIterator<Item = T>,
    to: &mut Writer<'_>,
    mut write: impl FnMut(T, &mut Writer<'_>),
) {
    to.key(key);
    to.array(|to| {
        for one in of {
            to.element();
            to.object(|to| write(one, to));
        }
    });
}

/// `if` a member has that value.
pub(super) fn if_is(member: &str, value: Option<&str>, to: &mut Writer<'_>) {
    keyed("if", to, |to| {
        keyed("properties", to, |to| {
            keyed(member, to, |to| {
                to.key("const");
                to.optional_string(value);
            });
        });
        list("required", std::iter::once(member), false, to);
    });
}

/// A reference to what is defined under that name.
pub(super) fn reference(name: &str, to: &mut Writer<'_>) {
    text("$ref", &format!("#/$defs/{name}"), to);
}

impl Of<'_> {
    /// Its keywords.
    fn write(&self, to: &mut Writer<'_>) {
        match self {
            Of::Text => text("type", "string", to),
            Of::TextOrNull => types(&["string", "null"], to),
            Of::Shaped(pattern) => {
                text("type", "string", to);
                text("pattern", pattern, to);
            }
            Of::Word(word) => text("const", word, to),
            Of::Words(words) => choice(words.iter().copied(), false, to),
            Of::WordsOrNull(words) => choice(words.iter().copied(), true, to),
            Of::Count(from) => {
                text("type", "integer", to);
                least(*from, to);
            }
            Of::CountOrNull(from) => {
                types(&["integer", "null"], to);
                least(*from, to);
            }
            Of::Number => text("type", "number", to),
            Of::NumberOrNull => types(&["number", "null"], to),
            Of::Object => text("type", "object", to),
            Of::A(name) => reference(name, to),
            Of::List(name) => {
                text("type", "array", to);
                keyed("items", to, |to| reference(name, to));
            }
        }
    }
}

/// One of these types.
pub(super) fn types(names: &[&str], to: &mut Writer<'_>) {
    list("type", names.iter().copied(), false, to);
}

fn least(from: u32, to: &mut Writer<'_>) {
    to.key("minimum");
    to.integer(from);
}
