//! What the prose of a report says of quantities: 收到政府信息公开申请66件.

use super::{CellId, Decimal, RuleId, Span};

/// One statement of a quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The rule that it is checked by, which names its subject.
    pub rule: RuleId,
    /// The words of the statement.
    pub span: Span,
    /// The figure, or the words that stand for 0 (未收到); a piece of `span`.
    pub figure: Span,
    /// The figure in the unit of the cells that it speaks of.
    pub value: Decimal,
    /// The unit as printed; none where there is none.
    pub unit: Option<&'static str>,
    /// The figures that it is made of, where it is a whole with its parts.
    pub parts: Vec<Part>,
    /// The cells that it was held against; the first reading of the grammar that holds, or else the first one.
    pub cells: Vec<CellId>,
    /// What came of the check.
    pub agreement: Agreement,
}

/// A part of a whole in one sentence (`其中…148条`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where its figure stands.
    pub span: Span,
    /// The figure.
    pub value: Decimal,
}

/// Whether a statement agrees with what it speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// It does.
    Holds,
    /// It does not.
    Fails,
    /// The cells are no numbers, or the parts are not all of it.
    NotAssessable,
    /// It may speak of something else.
    NotChecked(Doubt),
}

/// Why a statement was not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Of another year, or of a change against one.
    OtherYear,
    /// Of several years together.
    Cumulative,
    /// 余, 近, 多, 以上: about so many.
    Approximate,
    /// In brackets: a remark on another figure.
    Remark,
    /// Of a part only: one department, one channel, or words that were not understood before it.
    Part,
    /// Of a whole area, in the report of one of its bodies.
    WholeArea,
    /// Words of the form or of a document.
    Quotation,
    /// Its unit is not that of the cells.
    Unit,
}

impl Agreement {
    /// The word for it in data.
    pub fn name(self) -> &'static str {
        match self {
            Agreement::Holds => "holds",
            Agreement::Fails => "fails",
            Agreement::NotAssessable => "not_assessable",
            Agreement::NotChecked(_) => "not_checked",
        }
    }

    /// Why it was not checked.
    pub fn doubt(self) -> Option<Doubt> {
        match self {
            Agreement::NotChecked(doubt) => Some(doubt),
            _ => None,
        }
    }
}

impl Doubt {
    /// The word for it in data.
    pub fn name(self) -> &'static str {
        match self {
            Doubt::OtherYear => "other_year",
            Doubt::Cumulative => "cumulative",
            Doubt::Approximate => "approximate",
            Doubt::Remark => "remark",
            Doubt::Part => "part",
            Doubt::WholeArea => "whole_area",
            Doubt::Quotation => "quotation",
            Doubt::Unit => "unit",
        }
    }
}
