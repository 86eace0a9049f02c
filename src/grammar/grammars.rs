//! Several grammars side by side, and the words by which a page of one is told from a page of another.

use std::collections::HashMap;
use std::sync::Arc;

use memchr::memmem::Finder;

use super::traces::Traces;
use super::{Grammar, GrammarError, Mistake, TableForm, load};
use crate::text::key;

/// The grammars that a page may follow.
#[derive(Clone, Debug)]
pub struct Grammars {
    list: Vec<Grammar>,
    marks: Vec<Vec<Mark>>,
    traces: Vec<Traces>,
    /// Shared with what is the same, and with nothing else.
    identity: Arc<()>,
}

/// Words of a table that only one of the grammars has.
#[derive(Clone, Debug)]
pub struct Mark {
    /// As the form prints them.
    pub shown: String,
    /// As they are compared.
    pub key: String,
    /// Finds them as the form prints them.
    finder: Finder<'static>,
    /// Finds them as they are compared.
    key_finder: Finder<'static>,
}

impl Mark {
    /// Whether the words stand in the text as the form prints them.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.finder.find(text.as_bytes()).is_some()
    }

    /// Whether the words stand in a text of which only the letters are left.
    pub(crate) fn is_in_key(&self, folded: &str) -> bool {
        self.key_finder.find(folded.as_bytes()).is_some()
    }
}

impl Grammars {
    /// The built-in grammar files: name and text.
    pub const BUILT_IN: &[(&str, &str)] = &[
        ("gid-2021.toml", include_str!("../../grammars/gid-2021.toml")),
        ("gid-2019.toml", include_str!("../../grammars/gid-2019.toml")),
    ];

    /// The built-in grammars, the newest form first. A test holds that every one of them loads.
    pub fn built_in() -> Grammars {
        Grammars::new(Grammars::BUILT_IN.iter().filter_map(|(name, text)| load(name, text).ok()).collect())
    }

    /// These grammars and no others.
    pub fn new(list: Vec<Grammar>) -> Grammars {
        let marks = marks(&list);
        let traces = traces(&list, &marks);
        Grammars { list, marks, traces, identity: Arc::default() }
    }

    /// Adds the grammar file `text`. A grammar of the same id takes the place of the one before.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), GrammarError> {
        let grammar = load(name, text)?;
        if grammar.tables.len() > usize::from(u16::MAX) {
            let message = "too many tables".to_owned();
            return Err(GrammarError {
                name: name.to_owned(),
                mistakes: vec![Mistake { line: 1, column: 1, message }],
            });
        }
        self.list.retain(|other| other.id != grammar.id);
        self.list.push(grammar);
        self.marks = marks(&self.list);
        self.traces = traces(&self.list, &self.marks);
        self.identity = Arc::default();
        Ok(())
    }

    /// The same pointer as long as the grammars are the same.
    pub(crate) fn identity(&self) -> &Arc<()> {
        &self.identity
    }

    /// The grammars, in the order of preference where a page fits several.
    pub fn list(&self) -> &[Grammar] {
        &self.list
    }

    /// The grammar of that id.
    pub fn get(&self, id: &str) -> Option<&Grammar> {
        self.list.iter().find(|grammar| grammar.id == id)
    }

    /// For each grammar, in the same order, the words that only it has.
    pub fn marks(&self) -> &[Vec<Mark>] {
        &self.marks
    }

    /// For each grammar, in the same order, the traces of its marks.
    pub(crate) fn traces(&self) -> &[Traces] {
        &self.traces
    }
}

fn marks(list: &[Grammar]) -> Vec<Vec<Mark>> {
    // Shorter words stand in prose too.
    const LEAST: usize = 5;

    let mut owners: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, grammar) in list.iter().enumerate() {
        for label in grammar.tables.iter().flat_map(labels) {
            let owners = owners.entry(label.key.iter().collect()).or_default();
            if owners.last() != Some(&index) {
                owners.push(index);
            }
        }
    }
    let own = |index: usize, key: &str| owners.get(key).is_some_and(|owners| *owners == [index]);
    list.iter()
        .enumerate()
        .map(|(index, grammar)| {
            let mut marks: Vec<Mark> = Vec::new();
            for label in grammar.tables.iter().flat_map(labels).filter(|label| label.key.len() >= LEAST) {
                let key: String = label.key.iter().collect();
                if own(index, &key) && marks.iter().all(|mark| mark.key != key) {
                    let finder = Finder::new(label.shown.as_bytes()).into_owned();
                    let key_finder = Finder::new(key.as_bytes()).into_owned();
                    marks.push(Mark { shown: label.shown.clone(), key, finder, key_finder });
                }
            }
            marks
        })
        .collect()
}

fn traces(list: &[Grammar], marks: &[Vec<Mark>]) -> Vec<Traces> {
    let words = |grammar: &Grammar| -> String {
        grammar
            .tables
            .iter()
            .flat_map(labels)
            .map(|label| format!("{}\n{}\n", label.shown, key(&label.shown)))
            .collect()
    };
    let words: Vec<String> = list.iter().map(words).collect();
    let others = |index: usize| -> String {
        words.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, words)| words.as_str()).collect()
    };
    marks.iter().enumerate().map(|(index, marks)| Traces::of(marks, &others(index))).collect()
}

fn labels(table: &TableForm) -> impl Iterator<Item = &super::Label> {
    let columns = table.columns.iter().flat_map(|column| &column.labels);
    let rows = table.rows.iter().flat_map(|row| &row.labels);
    table.captions.iter().chain(columns).chain(rows)
}
