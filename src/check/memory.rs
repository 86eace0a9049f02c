//! What earlier pages taught of the words of a form.
//!
//! A worker keeps one [`Memory`] from page to page. It makes checking sooner and never other than it is: what is kept follows
//! from its bytes and the grammar alone, and is found again only by the same bytes. Prose repeats its sentences but for the figures.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use super::prose::{Cut, Shape};
use crate::bind::Quick;
use crate::grammar::Grammars;

/// What a worker keeps from page to page.
#[derive(Debug, Default)]
pub struct Memory {
    /// The grammars by which all of it was read.
    grammars: Option<Arc<()>>,
    /// What is known for each of them.
    known: Vec<Known>,
}

impl Memory {
    /// What is known for one of the grammars; what was read by others is forgotten.
    pub(super) fn of(&mut self, grammars: &Grammars, index: usize) -> &mut Known {
        if self.grammars.as_ref().is_none_or(|known| !Arc::ptr_eq(known, grammars.identity())) {
            *self = Memory { grammars: Some(grammars.identity().clone()), known: Vec::new() };
        }
        if self.known.len() <= index {
            self.known.resize_with(index + 1, Known::default);
        }
        &mut self.known[index]
    }
}

/// What is known of words by one grammar.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// By the shape of a sentence, the recipe by which it is cut; none where it states nothing.
    pub sentences: Kept<Option<Arc<Cut>>>,
    /// By a template, where the wording begins that it ends with, and its position in the grammar.
    pub wordings: Kept<Option<(usize, usize)>>,
    /// The shape of the sentence that is looked at.
    pub shape: Shape,
}

/// What follows from bytes.
#[derive(Debug)]
pub(super) struct Kept<V> {
    values: HashMap<Box<[u8]>, V, BuildHasherDefault<Quick>>,
}

impl<V> Default for Kept<V> {
    fn default() -> Kept<V> {
        Kept { values: HashMap::default() }
    }
}

impl<V> Kept<V> {
    /// What is kept of those bytes.
    pub(super) fn get(&self, bytes: &[u8]) -> Option<&V> {
        self.values.get(bytes)
    }

    /// Keeps what follows from those bytes. Of too many, or too long ones, nothing is kept.
    pub(super) fn keep(&mut self, bytes: &[u8], value: V) {
        const MOST: usize = 1 << 13;
        const LONGEST: usize = 1 << 9;
        if bytes.len() > LONGEST {
            return;
        }
        if self.values.len() >= MOST {
            self.values.clear();
        }
        self.values.insert(bytes.into(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_much_is_not_kept() {
        let mut kept = Kept::default();
        for number in 0..100_000_usize {
            kept.keep(&number.to_le_bytes(), number);
            assert_eq!(kept.get(&number.to_le_bytes()), Some(&number));
        }
        assert!(kept.values.len() < 10_000);
        kept.keep(&[0; 1000], 1);
        assert_eq!(kept.get(&[0; 1000]), None);
    }
}
