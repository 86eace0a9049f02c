//! Findings in words for people, in Chinese and English.
//!
//! In: a finding and the grammar it speaks of. Out: one sentence that can stand alone.

mod words;

pub use words::{Lang, message};
