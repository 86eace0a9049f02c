//! Findings in words for people, in Chinese and English, and drawn as a good compiler draws them.
//!
//! In: a finding, the report and the grammar it speaks of. Out: one sentence that can stand alone; and a [`Diagnostic`],
//! which is everything that is to be shown of it as plain data, so that it can be drawn when the page is gone. One file a
//! format; those that are data ([`crate::wire`]) are not here.

mod diagnostic;
mod excerpt;
#[cfg(feature = "cli")]
mod fingerprint;
mod github;
mod help;
mod meanings;
mod names;
mod rules;
mod short;
mod sums;
#[cfg(feature = "cli")]
mod text;
mod verbose;
#[cfg(feature = "cli")]
mod window;
mod words;

pub use diagnostic::{Diagnostic, Ground, Mark, Page, Place, RuleWords, diagnostic};
pub use excerpt::{Excerpt, Piece};
pub use github::github;
pub use help::help;
pub use meanings::{explanation, meaning, page, severity};
pub(crate) use names::cell_ids;
pub use short::short;
#[cfg(feature = "cli")]
pub use text::{Text, text};
pub use verbose::{holds, not_assessable};
pub use words::{Lang, message};
