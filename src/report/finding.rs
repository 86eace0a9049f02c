//! Findings: what is to be said of a page, as data. Words for them are made in [`crate::render`].
//!
//! GK1xx speak of the page and its text, GK3xx of the form and its cells as they were read. GK2xx are kept for the rules of
//! the form. A code is never given a second meaning.

use super::{ColumnId, RowId, SectionId, Span, TableId};

/// One thing found. What its fields mean beyond their names stands with each [`Code`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of finding.
    pub code: Code,
    /// Where to look; none where the page as a whole is meant or the thing is absent.
    pub span: Option<Span>,
    /// The section concerned.
    pub section: Option<SectionId>,
    /// The table concerned.
    pub table: Option<TableId>,
    /// The row concerned.
    pub row: Option<RowId>,
    /// The column concerned.
    pub column: Option<ColumnId>,
    /// What should stand there.
    pub expected: Option<String>,
    /// What stands there.
    pub found: Option<String>,
}

impl Finding {
    /// A finding of which nothing but its kind is known yet.
    pub fn new(code: Code) -> Finding {
        Finding { code, span: None, section: None, table: None, row: None, column: None, expected: None, found: None }
    }

    /// The same, at this place.
    pub fn at(self, span: Span) -> Finding {
        Finding { span: Some(span), ..self }
    }
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong for it.
    Note,
    /// Something is absent or doubtful.
    Warning,
    /// Something is wrong.
    Error,
}

impl Severity {
    /// The word for it in data.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal $severity:ident;)*) => {
        /// The kinds of finding. `found` and `expected` are used as each one says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum Code { $($(#[$doc])* $name = $number,)* }

        impl Code {
            /// Every code, by number.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// How much a finding of this kind matters.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// Bytes that the encoding can't have were replaced; `found`: how many.
    BytesReplaced = 101 Warning;
    /// The text itself holds U+FFFD, left by an earlier conversion; `found`: how many.
    CharactersLost = 102 Warning;
    /// UTF-8 that was once read as GBK: the text is not readable.
    Mojibake = 103 Error;
    /// There is nothing to read.
    Empty = 104 Error;
    /// The input is larger than the limit; `expected`: the limit in bytes, `found`: the size.
    TooLarge = 105 Error;
    /// No grammar fits.
    NotAReport = 106 Error;
    /// The text is HTML source, which is read as it stands.
    Markup = 107 Warning;
    /// There is no title.
    TitleMissing = 110 Warning;
    /// It is not said whose report it is.
    IssuerMissing = 111 Warning;
    /// It is not said for which year the report is.
    YearMissing = 112 Warning;
    /// The year is not in the title and was taken from elsewhere; `found`: the year.
    YearFromText = 113 Note;
    /// Title and period name different years; `expected`: the title's, `found`: the period's.
    YearDiffers = 114 Warning;
    /// The page holds marks of two editions; `expected`: the one taken, `found`: the other one.
    EditionDoubtful = 115 Warning;
    /// The edition is not the one of the year; `expected`: the edition of the year, `found`: that of the page.
    EditionOfOtherYear = 116 Note;
    /// A section of the form was not found.
    SectionMissing = 301 Warning;
    /// A section stands elsewhere than in the form.
    SectionMoved = 302 Note;
    /// A heading was read by a near match; `expected`: the form's words, `found`: the page's.
    HeadingNear = 303 Note;
    /// A table of the form was not found.
    TableMissing = 310 Warning;
    /// A table has its labels and not one figure.
    TableEmpty = 311 Warning;
    /// A table stands outside its section.
    TableElsewhere = 312 Note;
    /// A row of the form was not found.
    RowMissing = 320 Warning;
    /// A row stands there a second time; the first one was taken.
    RowTwice = 321 Warning;
    /// A row's label was read by a near match; `expected`: the form's label, `found`: the page's.
    RowNear = 322 Note;
    /// Labels and figures stand apart and were joined by their order.
    RowsByOrder = 323 Note;
    /// The columns stand in another order than in the form; `found`: the order read.
    ColumnsMoved = 330 Note;
    /// The header names fewer columns than the form; `found`: those it names.
    ColumnMissing = 331 Warning;
    /// The header can't be brought into agreement with the form's columns.
    HeaderUnclear = 332 Warning;
    /// More figures than columns; none of them was taken. `expected` and `found`: how many.
    FiguresTooMany = 340 Warning;
    /// Fewer figures than columns; none was taken, since it can't be told which is which. `expected` and `found`: how many.
    FiguresTooFew = 341 Warning;
    /// Text stands where a figure should; `found`: the text.
    TextForFigure = 342 Warning;
    /// One figure is merged over several columns; `found`: the figure.
    FigureMerged = 343 Warning;
    /// Figures that belong to no row of the form; `found`: the figures.
    FiguresWithoutRow = 344 Warning;
    /// A figure's unit can't be brought to the column's; `expected`: the column's, `found`: the cell.
    UnitUnclear = 345 Warning;
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GK{}", *self as u16)
    }
}
