//! Text becomes lines, lines become pieces: texts, figures and blanks.
//!
//! In: decoded text. Out: an [`Outline`] of lines; on demand the [`Piece`]s of a stretch of lines, the [`numbering`] that a
//! line begins with, the [`figure`] that a piece is, and whether a line is [furniture](is_furniture) of a web page. This room
//! knows what a table looks like in text; it does not know any form.

mod commas;
mod figure;
mod furniture;
mod marks;
mod markup;
mod numbering;
mod outline;
mod pieces;

pub use figure::{Figure, KnownFigures, Unit, begins_as_words, figure, is_digit, leading_unit, unit};
pub use furniture::{ends_the_page, is_fraction, is_furniture, is_page_number};
pub(crate) use marks::QUOTE;
pub use markup::without_markup;
pub use numbering::{Numbering, heading_numbering, numbering};
pub use outline::{Delimiter, Line, Outline, inked, is_blank, outline};
pub use pieces::{Grid, Kind, Piece, Pieces, blank_cells, grid, pieces, pieces_with};
