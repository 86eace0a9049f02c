//! How the headings of a form begin, to pass over the lines that begin otherwise: nearly all of a page.

use super::Label;
use crate::text::{all_letters, is_ordinal};

/// The first letters of each heading.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heads {
    beginnings: Vec<[char; LETTERS]>,
    /// A bit for each first letter, by the last bits of its number.
    first: u64,
    /// Whether one begins with a letter that numbers are made of.
    numeric: bool,
    /// Letters of the longest one.
    longest: usize,
}

impl Heads {
    pub(super) fn of<'l>(headings: impl Iterator<Item = &'l Label>) -> Heads {
        let mut heads = Heads::default();
        for heading in headings {
            let Some(first) = heading.key.first() else { continue };
            let mut beginning = [NONE; LETTERS];
            beginning.iter_mut().zip(&heading.key).for_each(|(place, letter)| *place = *letter);
            heads.beginnings.push(beginning);
            heads.longest = heads.longest.max(heading.key.len());
            heads.first |= bit(*first);
            heads.numeric |= is_ordinal(*first);
        }
        heads.beginnings.sort_unstable();
        heads.beginnings.dedup();
        heads
    }

    /// How many letters the longest one has.
    pub(crate) fn longest(&self) -> usize {
        self.longest
    }

    /// Whether one begins as the text does, as far as both have letters.
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
        let mut letters = [NONE; LETTERS];
        let mut length = 0;
        all_letters(text, |letter| {
            if length == 0 && numerals > 0 && is_ordinal(letter) {
                numerals -= 1;
                return true;
            }
            if length == 0 && self.first & bit(letter) == 0 {
                return false;
            }
            letters[length] = letter;
            length += 1;
            length < LETTERS
        });
        let begins = |heading: &[char; LETTERS]| {
            heading.iter().zip(letters).all(|(letter, other)| *letter == other || *letter == NONE || other == NONE)
        };
        length > 0 && self.beginnings.iter().any(begins)
    }
}

/// How many letters are looked at.
const LETTERS: usize = 3;

/// Behind the last letter of a shorter one.
const NONE: char = '\0';

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
            ("主", true, true),
            ("主动性", false, false),
            ("12", false, false),
            ("", false, false),
        ] {
            assert_eq!((plain.begin(text), plain.begin_behind_number(text)), (begins, behind), "{text}");
        }
        assert!(heads(&["一年来"]).begin_behind_number("三、一年来"));
        assert!(heads(&["序"]).begin("序　"));
    }
}
