//! Rules over figures: what must add up, resolved to the cells of a form.
//!
//! Every number in a formula is a sum of cells, each so many times, and a constant. So a comparison is two such sums and a
//! sign, and whoever looks for the cause of a failure can treat it as a linear equation.

use std::cmp::Ordering;

use super::Pattern;
use crate::report::{CellId, Code, ColumnId, RowId, SectionId, Severity, TableId};

/// A rule of a form.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name, such as `applications.balance`.
    pub id: String,
    /// The code of its findings.
    pub code: Code,
    /// How much a breach matters.
    pub severity: Severity,
    /// What it compares with what.
    pub kind: Kind,
    /// The rule in words: the form's own where it has them.
    pub says: String,
    /// The formula or patterns as they stand in the file, for people.
    pub formula: String,
    /// The bodies that it is for; all of them where there is none.
    pub issuer: Option<Pattern>,
    /// How it is checked.
    pub check: Check,
}

/// What a rule compares, by the names that auditors use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 表内: cells of one table.
    InTable,
    /// 跨表: cells of several tables.
    AcrossTables,
    /// 文表: the text and the tables.
    TextAndTable,
    /// 文内: the text alone.
    InText,
    /// 跨年: this year's report and last year's.
    AcrossYears,
}

impl Kind {
    /// The auditors' word for it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::InTable => "表内",
            Kind::AcrossTables => "跨表",
            Kind::TextAndTable => "文表",
            Kind::InText => "文内",
            Kind::AcrossYears => "跨年",
        }
    }
}

/// How a rule is checked.
#[derive(Clone, Debug)]
pub enum Check {
    /// A formula, resolved for each of its places.
    Formula(Vec<Instance>),
    /// The prose of a section matches one of the patterns.
    Mentions(SectionId, Vec<Pattern>),
    /// Statements of the prose, by the entries of [`super::Prose::statements`] that name this rule.
    Statements,
    /// The parts of a whole in one sentence.
    Parts,
    /// Percentages beside a part and its whole.
    Shares,
    /// Two reports of one body and year.
    Duplicates,
}

/// A formula in one place: for one column, one row, one cell, or for the report.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The table that it is for, if it is for one.
    pub table: Option<TableId>,
    /// The row that it is for, if it is for one.
    pub row: Option<RowId>,
    /// The column that it is for, if it is for one.
    pub column: Option<ColumnId>,
    /// What must be true there.
    pub truth: Truth,
}

impl Instance {
    /// The cell that it is for, if it is for one.
    pub fn cell(&self) -> Option<CellId> {
        Some(CellId { table: self.table?, row: self.row?, column: self.column? })
    }
}

/// Something that is true or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// Known from the form alone, such as whether a column is for amounts.
    Known(bool),
    /// Two sums compare so.
    Compare(Comparison),
    /// The sum is a whole number.
    Whole(Sum),
    /// It is not true.
    Not(Box<Truth>),
    /// All are true.
    All(Vec<Truth>),
    /// One of them is true.
    Any(Vec<Truth>),
    /// Where the first is true, the second is.
    If(Box<Truth>, Box<Truth>),
}

/// Two sums and how they must compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Before the sign.
    pub left: Sum,
    /// How they must compare.
    pub sign: Sign,
    /// Behind the sign.
    pub right: Sum,
}

/// How two sums compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `=`
    Equal,
    /// `!=`
    Unequal,
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `>`
    Above,
}

impl Sign {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Sign::Equal => "=",
            Sign::Unequal => "!=",
            Sign::AtMost => "<=",
            Sign::AtLeast => ">=",
            Sign::Below => "<",
            Sign::Above => ">",
        }
    }

    /// The sign that holds where this one does not.
    pub fn opposite(self) -> Sign {
        match self {
            Sign::Equal => Sign::Unequal,
            Sign::Unequal => Sign::Equal,
            Sign::AtMost => Sign::Above,
            Sign::AtLeast => Sign::Below,
            Sign::Below => Sign::AtLeast,
            Sign::Above => Sign::AtMost,
        }
    }

    /// Whether two sums that stand so to each other compare like this.
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Sign::Equal => order.is_eq(),
            Sign::Unequal => order.is_ne(),
            Sign::AtMost => order.is_le(),
            Sign::AtLeast => order.is_ge(),
            Sign::Below => order.is_lt(),
            Sign::Above => order.is_gt(),
        }
    }
}

/// Cells, each so many times, and a constant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// The cells.
    pub terms: Vec<Counted>,
    /// What is added to them.
    pub constant: i64,
}

/// A cell and how many times it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// How many times; below zero where it is taken off.
    pub times: i64,
    /// The cell.
    pub cell: CellId,
    /// Whether last year's figure is meant.
    pub last: bool,
}

impl Truth {
    /// Every term of every sum in it, in the order of the formula.
    pub fn each_term(&self, visit: &mut impl FnMut(&Counted)) {
        match self {
            Truth::Known(_) => {}
            Truth::Compare(comparison) => {
                comparison.left.terms.iter().chain(&comparison.right.terms).for_each(visit);
            }
            Truth::Whole(sum) => sum.terms.iter().for_each(visit),
            Truth::Not(inner) => inner.each_term(visit),
            Truth::All(parts) | Truth::Any(parts) => parts.iter().for_each(|part| part.each_term(visit)),
            Truth::If(condition, then) => {
                condition.each_term(visit);
                then.each_term(visit);
            }
        }
    }
}
