//! The nouns: what a report is once it has been read.
//!
//! A [`Report`] holds the decoded text once and points into it; nothing in it is a copy. Tables, rows, columns and sections
//! are small ids of the grammar that was bound ([`crate::grammar::Grammar`] has their names). This room does not know how a
//! report is made or written.

mod decimal;
mod finding;
mod span;
mod statement;

use std::borrow::Cow;

pub use decimal::Decimal;
pub use finding::{Blame, Blamed, Code, Finding, Looks, Severity, Side, Sides, Term};
pub use span::Span;
pub use statement::{Agreement, Doubt, Part, Statement};

/// Position of a section in its grammar.
pub type SectionId = u16;
/// Position of a table in its grammar.
pub type TableId = u16;
/// Position of a row in its table.
pub type RowId = u16;
/// Position of a column in its table.
pub type ColumnId = u16;
/// Position of a rule in its grammar.
pub type RuleId = u16;
/// A cell of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellId {
    /// Its table.
    pub table: TableId,
    /// Its row.
    pub row: RowId,
    /// Its column.
    pub column: ColumnId,
}

/// A report that was read, with everything that was on its page.
#[derive(Clone, Debug)]
pub struct Report<'b> {
    /// The decoded text that every [`Span`] points into.
    pub text: Cow<'b, str>,
    /// The text without its markup, byte for byte as long, where it had any. What is shown is taken from here.
    pub plain: Option<String>,
    /// The encoding's name.
    pub encoding: &'static str,
    /// How many wrong bytes were replaced.
    pub replaced: u32,
    /// Position of the bound grammar among those given to [`crate::parse`]; none where no grammar fits.
    pub grammar: Option<usize>,
    /// Whether everything of the form was found.
    pub status: Status,
    /// The title as it stands, over several lines where it was broken.
    pub title: Option<Span>,
    /// Whose report it is; a piece of the title, or of the prose.
    pub issuer: Option<String>,
    /// The year reported on.
    pub year: Option<u16>,
    /// The sections that were found, in the page's order.
    pub sections: Vec<Section>,
    /// The tables that were found, in the form's order.
    pub tables: Vec<Table>,
    /// What the prose says of quantities, in the page's order; read by [`crate::check`].
    pub statements: Vec<Statement>,
    /// What is to be said of the page, in the page's order.
    pub findings: Vec<Finding>,
    /// The rules that could not be assessed, since a cell that they need is no number.
    pub open: Vec<Open>,
    /// What belongs to no part of the report: furniture of the page, and what was not understood.
    pub unbound: Vec<Span>,
    /// The role of every stretch of ink on the page: in order, without overlap.
    pub coverage: Vec<(Span, Role)>,
}

impl Report<'_> {
    /// The text that words are shown from.
    pub fn plain(&self) -> &str {
        self.plain.as_deref().unwrap_or(&self.text)
    }

    /// How many findings: errors, warnings, notes.
    pub fn severities(&self) -> [u32; 3] {
        let mut counts = [0; 3];
        for finding in &self.findings {
            counts[Severity::Error as usize - finding.severity as usize] += 1;
        }
        counts
    }
}

/// A rule that could not be assessed in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The rule.
    pub rule: RuleId,
    /// The cells that it needs and that are no numbers, in the form's order.
    pub gaps: Vec<CellId>,
}

/// How much of its form a report has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Title, year, and every section and table of the edition.
    Complete,
    /// Some of it.
    Partial,
    /// No grammar fits.
    Unrecognized,
}

impl Status {
    /// The word for it in data.
    pub fn name(self) -> &'static str {
        match self {
            Status::Complete => "complete",
            Status::Partial => "partial",
            Status::Unrecognized => "unrecognized",
        }
    }

    /// The status of that name.
    pub fn named(name: &str) -> Option<Status> {
        [Status::Complete, Status::Partial, Status::Unrecognized].into_iter().find(|status| status.name() == name)
    }
}

/// What a stretch of the page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The report's title.
    Title,
    /// A heading of a section or within one.
    Heading,
    /// A paragraph.
    Prose,
    /// A caption, a header, a row's label, or another word of a table.
    Label,
    /// A cell's content.
    Cell,
    /// None of these.
    Unbound,
}

impl Role {
    /// The word for it in data.
    pub fn name(self) -> &'static str {
        match self {
            Role::Title => "title",
            Role::Heading => "heading",
            Role::Prose => "prose",
            Role::Label => "label",
            Role::Cell => "cell",
            Role::Unbound => "unbound",
        }
    }
}

/// One section of the form, as it stands on the page.
#[derive(Clone, Debug)]
pub struct Section {
    /// Which section of the form.
    pub id: SectionId,
    /// Its number as printed, without the mark after it (`一`).
    pub number: Option<Span>,
    /// Its heading without the number.
    pub heading: Span,
    /// First and last line, from 1.
    pub lines: (u32, u32),
    /// What it holds, in order.
    pub blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Clone, Debug)]
pub enum Block {
    /// A paragraph.
    Paragraph(Span),
    /// A heading within the section: level 2 for （一） and 一、, 3 for 1. and below.
    Heading {
        /// 2 or more; the section's own heading is level 1.
        level: u8,
        /// The number as printed (`（一）`).
        number: Option<Span>,
        /// The words after the number.
        text: Span,
    },
    /// The place where a table of the form stands.
    Table(TableId),
}

/// A table that was found, with a cell for each row and column of the form.
#[derive(Clone, Debug)]
pub struct Table {
    /// Which table of the form.
    pub id: TableId,
    /// Its cells, row by row. A row that the form does not ask for and that is not there has no cells here.
    pub cells: Vec<Cell>,
}

/// A place in a table and what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The row.
    pub row: RowId,
    /// The column.
    pub column: ColumnId,
    /// What it says.
    pub value: Value,
    /// Where it stands; none for a cell that is missing or has no ink.
    pub span: Option<Span>,
    /// The unit printed in the cell, where the form gives the column none.
    pub unit: Option<&'static str>,
}

/// What a cell says. Only [`Value::Number`] is a figure, and nothing else ever becomes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A figure, in the column's unit.
    Number(Decimal),
    /// The cell is there and empty.
    Blank,
    /// A dash or stroke.
    Dash,
    /// The word 无.
    None,
    /// Something else.
    Text,
    /// There is no cell, or it can't be told which figure is its own.
    Missing,
}

impl Value {
    /// The word for its kind in data.
    pub fn kind(self) -> &'static str {
        match self {
            Value::Number(_) => "number",
            Value::Blank => "blank",
            Value::Dash => "dash",
            Value::None => "none",
            Value::Text => "text",
            Value::Missing => "missing",
        }
    }

    /// The figure, if it is one.
    pub fn number(self) -> Option<Decimal> {
        match self {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }
}
