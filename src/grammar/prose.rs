//! What prose says of quantities, as the grammar describes it: which words speak of which cells.

use super::{KeyWords, Pattern, Patterns, Sum};
use crate::report::RuleId;

/// How statements of quantity are worded.
#[derive(Clone, Debug, Default)]
pub struct Prose {
    /// The words that may stand before a statement without changing what it speaks of, as a whole.
    pub lead: Option<Pattern>,
    /// Words of which a sentence has one if it states anything, in any script; none where every sentence is read.
    pub keys: Option<KeyWords>,
    /// The words that begin the parts of a whole (其中).
    pub parts: Vec<String>,
    /// The words of a last part that say that nothing is left (其他).
    pub rest: Vec<String>,
    /// The statements, in the file's order.
    pub statements: Vec<StatementForm>,
    /// All wordings of all statements; each ends where the words end.
    pub wordings: Patterns,
    /// For each wording the statement that it belongs to, and whether it means 0.
    pub owners: Vec<(usize, bool)>,
}

/// Wordings that speak of the same cells.
#[derive(Clone, Debug)]
pub struct StatementForm {
    /// The rule by which it is checked.
    pub rule: RuleId,
    /// What the figure may be equal to: the first one that holds settles it.
    pub equals: Vec<Sum>,
    /// Words of which one must stand before it, in its sentence or the one before.
    pub about: Vec<String>,
    /// Words of which one must stand there as well, or the figure may count something else: then it is doubtful.
    pub only: Vec<String>,
    /// Words before it in its sentence that make it doubtful.
    pub unless: Vec<String>,
    /// Whether it is a whole of its own: it never is a part of the figure before it.
    pub whole: bool,
}
