//! Which pieces of text are words of which tables, as far as it was asked before.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::label::Progress;
use super::memory::Quick;
use crate::grammar::{Grammar, TableForm};
use crate::layout::Delimiter;
use crate::report::{RowId, TableId};
use crate::text::{Key, KeyChar, key};

/// What was asked of each grammar, by its place among the loaded ones.
#[derive(Debug, Default)]
pub(super) struct Words {
    known: RefCell<Vec<Pieces<Said>>>,
    labels: RefCell<Pieces<Vec<Label>>>,
}

type Pieces<T> = HashMap<Box<[u8]>, T, BuildHasherDefault<Quick>>;

/// What beside some words decides which row they name.
pub(super) struct Asked<'a> {
    /// The grammar's place among the loaded ones.
    pub grammar: usize,
    pub progress: &'a Progress<'a>,
    /// What parts the pieces that the words are, and how many they are.
    pub delimiter: Delimiter,
    pub pieces: usize,
}

/// A row, and where in the words its label begins; none where they name no row.
type Named = Option<(TableId, RowId, u32)>;

/// What was asked of some words, and the answer.
#[derive(Debug)]
struct Label {
    grammar: usize,
    tables: Box<[TableId]>,
    filled: Box<[(TableId, RowId)]>,
    delimiter: Delimiter,
    pieces: usize,
    named: Named,
}

impl Label {
    fn is_for(&self, asked: &Asked<'_>) -> bool {
        (self.grammar, self.delimiter, self.pieces) == (asked.grammar, asked.delimiter, asked.pieces)
            && *self.filled == *asked.progress.filled
            && self.tables.iter().eq(asked.progress.tables.iter().map(|(table, _)| table))
    }
}

/// So many pieces are kept; then all are forgotten.
const MOST: usize = 1 << 13;

/// What a piece says, with a bit for each table.
#[derive(Clone, Copy, Debug, Default)]
struct Said {
    /// It is made of the table's words.
    made: u64,
    /// It has the label of a row in it.
    labelled: u64,
}

impl Words {
    /// Whether the piece is made of the words of one of those tables.
    pub(super) fn makes(&self, words: &str, grammar: (usize, &Grammar), tables: &[(TableId, &TableForm)]) -> bool {
        let said = self.said(words, grammar);
        tables.iter().any(|(table, form)| match said {
            Some(said) => said.made >> table & 1 == 1,
            None => is_made(&key(words), form),
        })
    }

    /// Whether the piece may have the label of a row of one of those tables in it.
    pub(super) fn may_name(&self, words: &str, grammar: (usize, &Grammar), tables: &[(TableId, &TableForm)]) -> bool {
        let said = self.said(words, grammar);
        said.is_none_or(|said| tables.iter().any(|(table, _)| said.labelled >> table & 1 == 1))
    }

    /// The row that the words name; `find` tells, if it is not known.
    pub(super) fn label(&self, words: &str, asked: &Asked<'_>, find: impl FnOnce() -> Named) -> Named {
        const LONGEST: usize = 400;
        /// Words are seldom asked for after more different rows.
        const MOST_ROWS: usize = 6;
        if words.len() > LONGEST {
            return None;
        }
        let mut labels = self.labels.borrow_mut();
        let known = labels.get(words.as_bytes()).and_then(|known| known.iter().find(|label| label.is_for(asked)));
        if let Some(label) = known {
            return label.named;
        }
        let named = find();
        if labels.len() >= MOST / 4 {
            labels.clear();
        }
        let known = labels.entry(words.as_bytes().into()).or_default();
        if known.len() == MOST_ROWS {
            known.remove(0);
        }
        known.push(Label {
            grammar: asked.grammar,
            tables: asked.progress.tables.iter().map(|(table, _)| *table).collect(),
            filled: asked.progress.filled.as_slice().into(),
            delimiter: asked.delimiter,
            pieces: asked.pieces,
            named,
        });
        named
    }

    fn said(&self, words: &str, (index, grammar): (usize, &Grammar)) -> Option<Said> {
        /// Longer pieces are seldom words, and do not come again.
        const LONGEST: usize = 200;
        if words.len() > LONGEST || grammar.tables.len() > 64 {
            return None;
        }
        let mut known = self.known.borrow_mut();
        if known.len() <= index {
            known.resize_with(index + 1, HashMap::default);
        }
        let known = &mut known[index];
        if let Some(said) = known.get(words.as_bytes()) {
            return Some(*said);
        }
        let (letters, mut key) = (key(words), Key::default());
        key.push(words, 0);
        let mut said = Said::default();
        for (table, form) in grammar.tables.iter().enumerate() {
            said.made |= u64::from(is_made(&letters, form)) << table;
            said.labelled |= u64::from(has_label(key.chars(), form)) << table;
        }
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(words.as_bytes().into(), said);
        Some(said)
    }
}

fn is_made(key: &str, form: &TableForm) -> bool {
    !key.is_empty() && form.vocabulary.makes(key)
}

fn has_label(chars: &[KeyChar], form: &TableForm) -> bool {
    let labels = &form.row_spellings;
    let begins = |at: usize| chars[at].fresh && labels.beginning(&chars[at..]).next().is_some();
    labels.ending(chars).next().is_some() || (0..chars.len()).any(begins)
}
