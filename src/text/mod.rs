//! Bytes become text here, and one leaf of text (a paragraph, a label) becomes clean text or a match key.
//!
//! In: the bytes of a page. Out: [`Decoded`] text, [`Lines`] and [`LineCounter`] to tell line and column of an offset,
//! [`clean()`] for what is shown, [`Key`] for what is compared. This room knows nothing of reports.

mod clean;
mod decode;
mod fold;
mod key;
mod lines;

pub use clean::{Punctuation, clean, clean_with};
pub use decode::{Decoded, UnknownEncoding, decode, encoding, mojibake};
pub use fold::{is_invisible, is_plain, plain, radical, simplify, variants};
pub use key::{Key, KeyChar, all_letters, is_ordinal, key, push_key};
pub use lines::{LineCounter, Lines};
