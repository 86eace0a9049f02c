//! Findings: what is to be said of a page, as data. Words for them are made in [`crate::render`].
//!
//! GK1xx speak of the page and its text, GK2xx of the rules of the form, GK3xx of the form and its cells as they were read,
//! GK4xx of inputs that could not be read at all.
//! A code is never given a second meaning.

use super::{CellId, ColumnId, Decimal, RowId, RuleId, SectionId, Span, TableId};

/// One thing found. What its fields mean beyond their names stands with each [`Code`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of finding.
    pub code: Code,
    /// The rule of the grammar that does not hold.
    pub rule: Option<RuleId>,
    /// How much it matters: by its code, or as the rule says.
    pub severity: Severity,
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
    /// Other places on the page that it speaks of, such as the terms of a sum.
    pub related: Vec<Span>,
    /// The two sides of a rule that do not agree.
    pub sides: Option<Box<Sides>>,
    /// The smallest set of cells that would explain it, where there is one.
    pub blame: Option<Box<Blame>>,
}

/// The two sides of a comparison, with the figures in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides {
    /// What stands before the sign.
    pub left: Side,
    /// `=`, `!=`, `<=`, `>=`, `<` or `>`, which does not hold.
    pub sign: &'static str,
    /// What stands behind it.
    pub right: Side,
}

/// One side: its terms and what they come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Each term, in the order of the formula.
    pub terms: Vec<Term>,
    /// The sum; none where a blank cell leaves it open.
    pub value: Option<Decimal>,
}

/// One term of a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// How many times it counts; -1 where it is taken off.
    pub times: i64,
    /// Whose figure it is; none for a plain number of the formula.
    pub cell: Option<CellId>,
    /// Whether it is the figure of last year's report.
    pub last: bool,
    /// The figure; none for a blank cell.
    pub value: Option<Decimal>,
}

/// Cells that, were they otherwise, would explain all failures of a page together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blame {
    /// The cells with what stands there and what would mend all.
    pub cells: Vec<Blamed>,
    /// What the mistake looks like.
    pub looks: Option<Looks>,
    /// How many failures it explains, this one included.
    pub explains: usize,
    /// How many other explanations are as short. Where there are some, it is only the likeliest.
    pub others: usize,
}

/// A cell that may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blamed {
    /// Which one.
    pub cell: CellId,
    /// Where it stands.
    pub span: Option<Span>,
    /// What stands there.
    pub found: Decimal,
    /// What would mend all.
    pub mended: Decimal,
}

/// What a wrong figure looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// Two neighbouring digits changed places: 12 for 21.
    DigitsSwapped,
    /// A digit is not there: 12 for 123.
    DigitLost,
    /// A digit too many: 122 for 12.
    DigitAdded,
    /// One digit is another: 13 for 18.
    DigitWrong,
    /// The figure stands in a neighbouring column.
    ColumnShifted,
    /// Two figures stand in each other's place.
    CellsSwapped,
    /// A total that was left as it was when its parts changed.
    TotalNotUpdated,
}

impl Finding {
    /// A finding of which nothing but its kind is known yet.
    pub fn new(code: Code) -> Finding {
        Finding {
            code,
            rule: None,
            severity: code.severity(),
            span: None,
            section: None,
            table: None,
            row: None,
            column: None,
            expected: None,
            found: None,
            related: Vec::new(),
            sides: None,
            blame: None,
        }
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

            /// How much a finding of this kind matters, unless its rule says otherwise.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }

            /// Whether it speaks of a rule of the form.
            pub fn is_of_a_rule(self) -> bool {
                (200..300).contains(&(self as u16))
            }

            /// The code of that name, such as `GK201`.
            pub fn named(name: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.to_string() == name)
            }

            /// Its page in `docs/findings`, in English. A kind without a page does not compile.
            pub fn page(self) -> &'static str {
                match self {
                    $(Code::$name => include_str!(concat!("../../docs/findings/GK", $number, ".md")),)*
                }
            }

            /// The same page in Chinese.
            pub fn chinese_page(self) -> &'static str {
                match self {
                    $(Code::$name => include_str!(concat!("../../docs/findings/GK", $number, ".zh.md")),)*
                }
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
    /// A rule of a user's grammar does not hold; `expected` and `found` as far as one cell is concerned.
    RuleBroken = 200 Error;
    /// `applications.balance`: what came in is not what was settled and carried on; `expected` and `found`: the settled total.
    BalanceBroken = 201 Error;
    /// `applications.outcome_total`: the total of outcomes is not their sum; `expected`: the sum, `found`: the total.
    OutcomesDiffer = 202 Error;
    /// `applications.row_total`: a row's total is not the sum of its columns; `expected`: the sum, `found`: the total.
    ApplicantsDiffer = 203 Error;
    /// `review_litigation.row_total`: a total is not the sum of its results; `expected`: the sum, `found`: the total.
    ResultsDiffer = 204 Error;
    /// `figure.whole`: a count is below zero or no whole number; `found`: the figure.
    NotACount = 205 Error;
    /// `regulations.competence`: rules made by a body that can't make any; `found`: the figure.
    NoCompetence = 206 Note;
    /// `review_litigation.without_applications`: reviews or lawsuits in a year without applications; `found`: how many.
    ReviewsAlone = 207 Note;
    /// `hint.decisions_as_stock`: decisions are last year's items and their change; `found`: the decisions.
    DecisionsAsStock = 208 Note;
    /// `statement.<row>`: a figure in the text is not that of the tables; `expected`: the table's, `found`: the text's.
    StatementDiffers = 220 Warning;
    /// `statement.parts`: the parts of a sentence are not its whole; `expected`: the whole, `found`: their sum.
    PartsDiffer = 221 Warning;
    /// `statement.share`: a percentage is not right; `expected`: the right one, `found`: the text's.
    ShareWrong = 222 Note;
    /// `series.carried`: what was carried in is not what last year carried on; `expected`: last year's, `found`: this one's.
    CarriedDiffers = 230 Warning;
    /// `series.in_force`: what is in force does not follow from last year; `expected`: what follows, `found`: the figure.
    StockDiffers = 231 Warning;
    /// `series.duplicate`: a second report of one body and year; `found`: the path of the first one.
    ReportTwice = 232 Warning;
    /// `series.jump`: a total ten times last year's, or a tenth; `expected`: last year's, `found`: this one's.
    TotalJumps = 233 Note;
    /// `section.empty`: a section that must say something says nothing.
    SectionEmpty = 240 Note;
    /// `other_matters.fee`: the section does not speak of what the form asks for there.
    MatterUnmentioned = 241 Note;
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
    /// The system, or what was asked for, does not let it be read.
    Unreadable = 401 Error;
    /// The file was written to while it was read.
    Changed = 402 Error;
    /// A text is larger than `--max-text-bytes`.
    TextTooLarge = 403 Error;
    /// A file unpacks to more than `--max-expanded`.
    ExpandsTooFar = 404 Error;
    /// A file unpacks to more than `--max-ratio` times its size.
    RatioTooHigh = 405 Error;
    /// More archives stand inside each other than `--max-nesting`.
    NestedTooDeep = 406 Error;
    /// A file has more members than `--max-members`.
    TooManyMembers = 407 Error;
    /// A packed file, an archive, or a part of it is damaged.
    Damaged = 408 Error;
    /// A packed file, an archive, or a part of it ends too soon.
    CutShort = 409 Error;
    /// It can't be read without a password.
    Encrypted = 410 Error;
    /// It is of a kind that is not read.
    Unsupported = 411 Error;
    /// A line of JSON Lines is no record with a text.
    NoRecord = 412 Error;
    /// A defect of the program; the run went on without this input.
    Defect = 413 Error;
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GK{}", *self as u16)
    }
}
