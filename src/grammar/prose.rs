//! What prose says of quantities, as the grammar describes it: which words speak of which cells.

use super::{Pattern, Sum};
use crate::report::RuleId;

/// How statements of quantity are worded.
#[derive(Clone, Debug, Default)]
pub struct Prose {
    /// What may stand before a statement without changing what it speaks of.
    pub lead: Option<Pattern>,
    /// The words that begin the parts of a whole (其中).
    pub parts: Vec<String>,
    /// The words of a last part that say that nothing is left (其他).
    pub rest: Vec<String>,
    /// The statements, in the file's order.
    pub statements: Vec<StatementForm>,
}

/// Wordings that speak of the same cells.
#[derive(Clone, Debug)]
pub struct StatementForm {
    /// The rule by which it is checked.
    pub rule: RuleId,
    /// Wordings with a figure, `#`.
    pub says: Vec<Pattern>,
    /// Wordings that mean 0.
    pub none: Vec<Pattern>,
    /// What the figure may be equal to: the first one that holds settles it.
    pub equals: Vec<Sum>,
    /// Whether it is a whole of its own: it never is a part of the figure before it.
    pub whole: bool,
}
