//! A grammar: everything that is particular to one form, loaded from a TOML file.
//!
//! In: the text of a `grammars/*.toml`. Out: a [`Grammar`] whose labels are match keys and whose sections, tables, rows and
//! columns are small ids, or a [`GrammarError`] that names every mistake with its line and column. The language of the files
//! is described in `grammars/README.md`. This room knows no report.

mod formula;
mod grammars;
mod heads;
mod key_words;
mod load;
mod needed;
mod places;
mod prose;
mod read;
mod resolve;
mod rule;
mod rules;
mod sieve;
mod spellings;
mod statements;
mod table;
mod traces;
mod vocabulary;

use std::sync::OnceLock;

use regex::Regex;
use regex_automata::meta;
use regex_automata::nfa::thompson::WhichCaptures;

use crate::layout::{Numbering, Unit};
use crate::report::{ColumnId, RowId, SectionId, TableId};
use crate::text::key;

pub use grammars::{Grammars, Mark};
pub(crate) use heads::Heads;
pub use key_words::KeyWords;
pub use load::load;
use needed::Needed;
pub use prose::{Prose, StatementForm};
pub use rule::{Check, Comparison, Counted, Instance, Kind, Rule, Sign, Sum, Truth};
pub use sieve::{Sieve, Sight};
pub(crate) use spellings::Spellings;
pub(crate) use table::HeadWord;
pub(crate) use traces::Traces;
pub use vocabulary::{Letters, Vocabulary};

/// One form: its sections, tables, rows and columns, and how reports write them.
#[derive(Clone, Debug)]
pub struct Grammar {
    /// Its name in data, such as `gid-2021`.
    pub id: String,
    /// What the form calls itself.
    pub title: String,
    /// The document that lays the form down.
    pub source: String,
    /// The first report year, and the last one if the form has ended.
    pub years: (u16, Option<u16>),
    /// What titles of such reports end with, the longer before the shorter.
    pub endings: Vec<Label>,
    /// How prose states issuer and year; groups `issuer` and `year`.
    pub stated: Vec<Pattern>,
    /// The words that each of these needs.
    pub(crate) stating: Needed,
    /// The sections in the form's order.
    pub sections: Vec<SectionForm>,
    /// The tables of all sections in the form's order.
    pub tables: Vec<TableForm>,
    /// What must add up, in the file's order; then one rule for each subject of a statement.
    pub rules: Vec<Rule>,
    /// What shows at once that rules hold.
    pub sieve: Sieve,
    /// How the prose speaks of quantities.
    pub prose: Prose,
    /// Small texts with the cells that they must give.
    pub samples: Vec<Sample>,
    /// How the headings of sections begin.
    heads: Heads,
}

/// A section of a form.
#[derive(Clone, Debug)]
pub struct SectionForm {
    /// Its name in data.
    pub id: String,
    /// Its number in the form.
    pub ordinal: u32,
    /// Spellings of its heading; the first one is the form's own.
    pub headings: Vec<Label>,
}

/// A table of a form.
#[derive(Clone, Debug)]
pub struct TableForm {
    /// Its name in data.
    pub id: String,
    /// The section that it belongs to.
    pub section: SectionId,
    /// Spellings of its caption.
    pub captions: Vec<Label>,
    /// Words of its header that name no column.
    pub header: Vec<Label>,
    /// Whether its rows may stand side by side in one line of figures.
    pub side_by_side: bool,
    /// Its columns in the form's order.
    pub columns: Vec<ColumnForm>,
    /// Its rows in the form's order.
    pub rows: Vec<RowForm>,
    /// All words of the table.
    pub vocabulary: Vocabulary,
    /// The labels of its groups of rows.
    pub groups: Vocabulary,
    /// The labels of its rows, each with the row and which of its spellings it is.
    pub(crate) row_spellings: Spellings<(RowId, u16)>,
    /// The words of its header.
    pub(crate) head_spellings: Spellings<HeadWord>,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct ColumnForm {
    /// Its name in data.
    pub id: String,
    /// Spellings of its head; the first one is the form's own.
    pub labels: Vec<Label>,
    /// The spellings of the head that it stands under together with others.
    pub under: Option<Vec<Label>>,
    /// The unit of its figures.
    pub unit: Option<Unit>,
    /// Whether its figures may have decimals.
    pub decimal: bool,
    /// Whether its figures may be negative.
    pub signed: bool,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct RowForm {
    /// Its name in data.
    pub id: String,
    /// Spellings of its label; the first one is the form's own.
    pub labels: Vec<Label>,
    /// The numbering before its label.
    pub numbering: Option<Numbering>,
    /// The labels of the groups that it stands in, outermost first.
    pub group: Vec<Label>,
    /// Whether a report may do without it.
    pub optional: bool,
    /// The rows that are not asked for where this one is found.
    pub replaces: Vec<RowId>,
}

/// Words of the form and their match key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// As the form prints them.
    pub shown: String,
    /// As they are compared.
    pub key: Vec<char>,
}

impl Label {
    /// The label of those words.
    pub fn new(shown: &str) -> Label {
        Label { shown: shown.to_owned(), key: key(shown).chars().collect() }
    }
}

/// A regular expression, compiled when it is first needed: most reports never need one.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// The pattern `text`, or what is wrong with it.
    pub fn new(text: &str) -> Result<Pattern, String> {
        match regex_syntax::Parser::new().parse(text) {
            Ok(_) => Ok(Pattern::unchecked(text)),
            Err(error) => Err(error.to_string()),
        }
    }

    /// The pattern `text`, which is known to be one.
    pub(crate) fn unchecked(text: &str) -> Pattern {
        Pattern { text: text.to_owned(), compiled: OnceLock::new() }
    }

    /// The compiled expression; none where it is too large to compile.
    pub fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(&self.text).ok()).as_ref()
    }
}

/// Several patterns that are tried together, compiled when they are first needed.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    texts: Vec<String>,
    compiled: OnceLock<Option<meta::Regex>>,
}

impl Patterns {
    /// These patterns, which are known to be some.
    pub(crate) fn unchecked(texts: Vec<String>) -> Patterns {
        Patterns { texts, compiled: OnceLock::new() }
    }

    /// Where a pattern matches, and its position in the list: the match that begins first, the first in the list of several.
    pub fn find(&self, text: &str) -> Option<(usize, usize)> {
        let config = || meta::Config::new().which_captures(WhichCaptures::Implicit);
        let compile = || meta::Regex::builder().configure(config()).build_many(&self.texts).ok();
        let found = self.compiled.get_or_init(compile).as_ref()?.find(text)?;
        Some((found.start(), found.pattern().as_usize()))
    }
}

/// A grammar's own test: a text, and cells as it must be read.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The text.
    pub text: String,
    /// Line and column of the sample in the file.
    pub place: (u32, u32),
    /// `table.row.column` by ids, and what must stand there: a figure, or the kind of a cell without one.
    pub cells: Vec<((TableId, RowId, ColumnId), String)>,
}

/// A mistake in a grammar file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong, and how to mend it.
    pub message: String,
}

/// A grammar file that can't be used, with every mistake in it, in the file's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrammarError {
    /// The name of the file, as given.
    pub name: String,
    /// What is wrong; never empty.
    pub mistakes: Vec<Mistake>,
}

impl std::fmt::Display for GrammarError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, Mistake { line, column, message }) in self.mistakes.iter().enumerate() {
            let end = if index + 1 < self.mistakes.len() { "\n" } else { "" };
            write!(f, "{}:{line}:{column}: {message}{end}", self.name)?;
        }
        Ok(())
    }
}

impl std::error::Error for GrammarError {}

impl ColumnForm {
    /// The form's own words for it.
    pub fn label(&self) -> &str {
        self.labels.first().map_or("", |label| &label.shown)
    }
}

impl RowForm {
    /// The form's own words for it, behind those for the groups that it stands in.
    pub fn label(&self) -> String {
        let labels = self.group.iter().chain(self.labels.first());
        labels.map(|label| label.shown.as_str()).collect::<Vec<_>>().join(" / ")
    }
}

impl Grammar {
    /// Whether the form is the one for reports on `year`.
    pub fn covers(&self, year: u16) -> bool {
        self.years.0 <= year && self.years.1.is_none_or(|to| year <= to)
    }

    /// How the headings of sections begin.
    pub(crate) fn heads(&self) -> &Heads {
        &self.heads
    }

    /// The tables of a section, with their ids.
    pub fn tables_of(&self, section: SectionId) -> impl Iterator<Item = (TableId, &TableForm)> {
        self.tables
            .iter()
            .enumerate()
            .map(|(id, table)| (id as TableId, table))
            .filter(move |(_, table)| table.section == section)
    }

    /// The ids of a cell's table, row and column, by their names.
    pub fn cell(&self, table: &str, row: &str, column: &str) -> Option<(TableId, RowId, ColumnId)> {
        let table_id = self.tables.iter().position(|form| form.id == table)?;
        let form = &self.tables[table_id];
        let row = form.rows.iter().position(|form| form.id == row)?;
        let column = form.columns.iter().position(|form| form.id == column)?;
        Some((table_id as TableId, row as RowId, column as ColumnId))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_grammars_load() {
        for (name, text) in Grammars::BUILT_IN {
            // A copy is checked like a user's file.
            let copy = (*text).to_owned();
            let grammar = load(name, &copy).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(format!("{}.toml", grammar.id), *name);
        }
        assert_eq!(Grammars::built_in().list().len(), Grammars::BUILT_IN.len());
    }

    #[test]
    fn the_forms_have_their_cells() {
        // 200 figures in 2021, and one row more for those who print （六）其他处理 as one.
        let counts: Vec<usize> = Grammars::built_in()
            .list()
            .iter()
            .map(|grammar| grammar.tables.iter().map(|table| table.rows.len() * table.columns.len()).sum())
            .collect();
        assert_eq!(counts, [207, 198]);
    }
}
