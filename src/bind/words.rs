//! Which pieces of text are words of which tables, as far as it was asked before.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::grammar::{Grammar, TableForm};
use crate::report::TableId;
use crate::text::key;

/// What was asked of each grammar, by its place among the loaded ones: a piece, and a bit for each table that makes it.
#[derive(Debug, Default)]
pub(super) struct Words {
    known: RefCell<Vec<HashMap<Box<str>, u64>>>,
}

impl Words {
    /// Whether the piece is made of the words of one of those tables.
    pub(super) fn makes(&self, words: &str, grammar: (usize, &Grammar), tables: &[(TableId, &TableForm)]) -> bool {
        /// Longer pieces are seldom words, and do not come again.
        const LONGEST: usize = 200;
        /// So many are kept; then all are forgotten.
        const MOST: usize = 1 << 13;
        let (index, grammar) = grammar;
        let makes = |key: &str, form: &TableForm| !key.is_empty() && form.vocabulary.makes(key);
        if words.len() > LONGEST || grammar.tables.len() > 64 {
            let key = key(words);
            return tables.iter().any(|(_, form)| makes(&key, form));
        }
        let mut known = self.known.borrow_mut();
        if known.len() <= index {
            known.resize_with(index + 1, HashMap::new);
        }
        let known = &mut known[index];
        let bits = known.get(words).copied().unwrap_or_else(|| {
            let key = key(words);
            let bits = grammar.tables.iter().enumerate().filter(|(_, form)| makes(&key, form));
            let bits = bits.fold(0, |bits, (table, _)| bits | 1 << table);
            if known.len() >= MOST {
                known.clear();
            }
            known.insert(words.into(), bits);
            bits
        });
        tables.iter().any(|(table, _)| bits >> table & 1 == 1)
    }
}
