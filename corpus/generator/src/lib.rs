//! Synthetic annual reports on open government, with their truth.
//!
//! A [`Recipe`] goes in (seed, edition, layout, style, size); a [`Sample`] comes out: the text of a report as it might
//! stand on a web page or in a PDF, and beside it what a careful reader must find in it. Same recipe, same bytes.
//! A page may have planted faults; then its truth says which rules of the form are broken by them, and where.
//! A [`Collection`] is many reports as they stand together, by sites; [`archive`] writes it as archives of all kinds, sound and damaged.
//! All prose and all names are made up; only the labels and headings are those of the official forms.
//!
//! ```
//! use gongkai_corpus::{Recipe, write};
//!
//! let sample = write(&Recipe::random(7));
//! assert!(sample.truth.facts.len() >= 198);
//! assert_eq!(write(&Recipe::random(7)), sample);
//! ```

pub mod archive;
mod cells;
mod collection;
mod encode;
mod expected;
mod faults;
mod figures;
mod form;
mod furniture;
mod labels;
mod layout;
mod meanings;
mod number;
mod page;
mod prose;
mod recipe;
mod render;
mod rng;
mod script;
mod sections;
mod series;
mod sheet;
mod statements;
mod style;
mod title;
mod truth;
mod wordings;
mod wrap;

pub use collection::{Choices, Collection, Faults, Report, Slot};
pub use encode::{Encoding, encode, fits};
pub use expected::Broken;
pub use faults::{Change, Fault, FaultKind};
pub use figures::{Figure, Figures, figures};
pub use form::{Column, Edition, Form, Place, Row, tables};
pub use layout::Layout;
pub use number::Number;
pub use page::write;
pub use recipe::{Recipe, Sample, Size};
pub use rng::Rng;
pub use script::radicals;
pub use series::{Filed, SeriesFault, Yearly, bodies, series};
pub use style::{
    Brackets, Captions, Damage, Digits, Gap, HeadingNumber, HeadingShape, Money, Numbering, PageNumbers, Punctuation,
    Quotes, Script, Signs, Style, TitleForm, TotalWord, Units,
};
pub use truth::{Fact, Truth};
