//! How the headings of a form begin, to pass over the lines that begin otherwise: nearly all of a page.

use super::Label;
use crate::text::{all_letters, is_ordinal};

/// The first two letters of each heading.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heads {
    pairs: Vec<(char, Option<char>)>,
    /// A bit for each first letter, by the last bits of its number.
    first: u64,
    /// Whether one begins with a letter that numbers are made of.
    numeric: bool,
}

impl Heads {
    pub(super) fn of<'l>(headings: impl Iterator<Item = &'l Label>) -> Heads {
        let mut heads = Heads::default();
        for heading in headings {
            let Some(first) = heading.key.first() else { continue };
            heads.pairs.push((*first, heading.key.get(1).copied()));
            heads.first |= bit(*first);
            heads.numeric |= is_ordinal(*first);
        }
        heads.pairs.sort_unstable();
        heads.pairs.dedup();
        heads
    }

    /// Whether one begins as the text does, or is the text's first letter alone.
    pub(crate) fn begin(&self, text: &str) -> bool {
        self.begin_behind(text, 0)
    }

    /// The same of the letters behind a number, should the text begin with one.
    pub(crate) fn begin_behind_number(&self, text: &str) -> bool {
        /// Numerals of the longest number: 二十一.
        const LONGEST: usize = 3;
        if self.numeric { true } else { self.begin_behind(text, LONGEST) }
    }

    fn begin_behind(&self, text: &str, mut numerals: usize) -> bool {
        let (mut first, mut second) = (None, None);
        all_letters(text, |letter| {
            if first.is_some() {
                second = Some(letter);
                return false;
            }
            if numerals > 0 && is_ordinal(letter) {
                numerals -= 1;
                return true;
            }
            first = Some(letter);
            self.first & bit(letter) != 0
        });
        let begins = |pair: &(char, Option<char>)| Some(pair.0) == first && (pair.1.is_none() || pair.1 == second);
        first.is_some_and(|first| self.first & bit(first) != 0) && self.pairs.iter().any(begins)
    }
}

fn bit(letter: char) -> u64 {
    1 << (u32::from(letter) % 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings() {
        let heads = |words: &[&str]| Heads::of(words.iter().map(|words| Label::new(words)).collect::<Vec<_>>().iter());
        let plain = heads(&["总体情况", "主动公开"]);
        for (text, begins, behind) in [
            ("總體情况", true, true),
            ("一、总体", false, true),
            ("（三） 主动", false, true),
            ("总计", false, false),
            ("主", false, false),
            ("12", false, false),
            ("", false, false),
        ] {
            assert_eq!((plain.begin(text), plain.begin_behind_number(text)), (begins, behind), "{text}");
        }
        assert!(heads(&["一年来"]).begin_behind_number("三、一年来"));
        assert!(heads(&["序"]).begin("序　"));
    }
}
