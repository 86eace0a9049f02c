//! Labels by their letters, so that those which stand at some place are found without trying each.

use crate::text::KeyChar;

/// Spellings, each with what it stands for.
#[derive(Clone, Debug)]
pub(crate) struct Spellings<W> {
    /// By their first letter, and otherwise in the order in which they were given.
    by_first: Vec<(Box<[char]>, W)>,
    /// Which of these end with a letter, by the letter.
    by_last: Vec<(char, u32)>,
    /// A bit for each first and each last letter, by the last bits of its number.
    firsts: u64,
    lasts: u64,
    /// Letters of the longest one.
    longest: usize,
}

impl<W: Copy> Spellings<W> {
    pub(super) fn of<'l>(labels: impl Iterator<Item = (&'l [char], W)>) -> Spellings<W> {
        let mut by_first: Vec<(Box<[char]>, W)> =
            labels.filter(|(key, _)| !key.is_empty()).map(|(key, word)| (key.into(), word)).collect();
        by_first.sort_by_key(|(key, _)| key[0]);
        let last = |(index, (key, _)): (usize, &(Box<[char]>, W))| (key[key.len() - 1], index as u32);
        let mut by_last: Vec<(char, u32)> = by_first.iter().enumerate().map(last).collect();
        by_last.sort_unstable();
        Spellings {
            firsts: by_first.iter().fold(0, |bits, (key, _)| bits | bit(key[0])),
            lasts: by_last.iter().fold(0, |bits, (last, _)| bits | bit(*last)),
            longest: by_first.iter().map(|(key, _)| key.len()).max().unwrap_or(0),
            by_first,
            by_last,
        }
    }

    /// Letters of the longest one.
    pub(crate) fn longest(&self) -> usize {
        self.longest
    }

    /// Those whose letters stand at the beginning of `chars`, with their length.
    pub(crate) fn beginning<'s>(&'s self, chars: &'s [KeyChar]) -> impl Iterator<Item = (usize, W)> + 's {
        self.by_first_of(chars).filter(|(key, _)| stands(chars, key)).map(|(key, word)| (key.len(), *word))
    }

    /// Those that begin with all of `chars`, with their length.
    pub(crate) fn begun_by<'s>(&'s self, chars: &'s [KeyChar]) -> impl Iterator<Item = (usize, W)> + 's {
        let begun = |key: &[char]| key.len() >= chars.len() && chars.iter().zip(key).all(|(c, letter)| c.ch == *letter);
        self.by_first_of(chars).filter(move |(key, _)| begun(key)).map(|(key, word)| (key.len(), *word))
    }

    /// Those whose letters stand at the end of `chars`, with their length.
    pub(crate) fn ending<'s>(&'s self, chars: &'s [KeyChar]) -> impl Iterator<Item = (usize, W)> + 's {
        let last = chars.last().map(|c| c.ch).filter(|last| self.lasts & bit(*last) != 0);
        let from = last.map_or(self.by_last.len(), |last| self.by_last.partition_point(|(other, _)| *other < last));
        self.by_last[from..].iter().take_while(move |(other, _)| Some(*other) == last).filter_map(move |(_, index)| {
            let (key, word) = &self.by_first[*index as usize];
            let start = chars.len().checked_sub(key.len())?;
            stands(&chars[start..], key).then_some((key.len(), *word))
        })
    }

    fn by_first_of(&self, chars: &[KeyChar]) -> impl Iterator<Item = &(Box<[char]>, W)> {
        let first = chars.first().map(|c| c.ch).filter(|first| self.firsts & bit(*first) != 0);
        let from = first.map_or(self.by_first.len(), |first| self.by_first.partition_point(|(key, _)| key[0] < first));
        self.by_first[from..].iter().take_while(move |(key, _)| Some(key[0]) == first)
    }
}

/// Whether the letters stand at the beginning of `chars`.
fn stands(chars: &[KeyChar], key: &[char]) -> bool {
    chars.len() >= key.len() && chars.iter().zip(key).all(|(c, letter)| c.ch == *letter)
}

fn bit(letter: char) -> u64 {
    1 << (u32::from(letter) % 64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Key, key};

    #[test]
    fn spellings() {
        let words = ["其他", "其他处理", "总计", "其他", "他处理"];
        let keys: Vec<Vec<char>> = words.iter().map(|word| key(word).chars().collect()).collect();
        let spellings = Spellings::of(keys.iter().enumerate().map(|(index, key)| (key.as_slice(), index)));
        let check = |words: &str, beginning: &[usize], ending: &[usize], begun: &[usize]| {
            let mut key = Key::default();
            key.push(words, 0);
            let sorted = |found: &mut dyn Iterator<Item = (usize, usize)>| {
                let mut found: Vec<usize> = found.map(|(_, word)| word).collect();
                found.sort_unstable();
                found
            };
            assert_eq!(sorted(&mut spellings.beginning(key.chars())), beginning, "{words}");
            assert_eq!(sorted(&mut spellings.ending(key.chars())), ending, "{words}");
            assert_eq!(sorted(&mut spellings.begun_by(key.chars())), begun, "{words}");
        };
        check("其他", &[0, 3], &[0, 3], &[0, 1, 3]);
        check("其他处理", &[0, 1, 3], &[1, 4], &[1]);
        check("总计其他", &[2], &[0, 3], &[]);
        check("总", &[], &[], &[2]);
        check("", &[], &[], &[]);
        assert_eq!(spellings.longest(), 4);
    }
}
