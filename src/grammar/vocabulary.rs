//! The words of one table, to tell a line of it from prose.
//!
//! A line of a table is made of the table's words, or of pieces of them where a site broke heads over lines, printed group
//! labels upright or ran heads together. Prose is not: no sentence is a mere chain of such pieces.

use std::collections::HashSet;

use memchr::memmem;

use super::Label;

/// The words of one table, as match keys.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    whole: HashSet<String>,
    /// All words, each on its own line, for finding pieces of them.
    joined: String,
    letters: Letters,
    /// Whether one of the words has two digits beside each other.
    has_numbers: bool,
}

/// A set of letters, for a quick look: prose soon shows one that is strange to a table.
#[derive(Clone, Debug)]
pub struct Letters {
    /// A bit for each character of the basic plane, where all letters of forms are.
    bits: Box<[u64; 1024]>,
}

impl Default for Letters {
    fn default() -> Letters {
        Letters { bits: Box::new([0; 1024]) }
    }
}

impl Letters {
    /// Whether the letter is in the set. Ordinals always are, since they are numbering.
    pub fn has(&self, letter: char) -> bool {
        let place = letter as usize;
        self.bits.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1) || is_ordinal(letter)
    }

    fn add(&mut self, letter: char) {
        let place = letter as usize;
        if let Some(bits) = self.bits.get_mut(place / 64) {
            *bits |= 1 << (place % 64);
        }
    }
}

impl Vocabulary {
    /// The words of those labels.
    pub fn of<'l>(labels: impl IntoIterator<Item = &'l Label>) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for label in labels {
            vocabulary.add(label.key.iter().copied());
        }
        vocabulary
    }

    fn add(&mut self, key: impl IntoIterator<Item = char>) {
        let key: String = key.into_iter().collect();
        if !key.is_empty() && !self.whole.contains(&key) {
            self.joined.push('\n');
            self.joined.push_str(&key);
            key.chars().for_each(|letter| self.letters.add(letter));
            self.has_numbers |= key.as_bytes().windows(2).any(|two| two.iter().all(u8::is_ascii_digit));
            self.whole.insert(key);
        }
    }

    /// The letters of all words.
    pub fn letters(&self) -> &Letters {
        &self.letters
    }

    /// Whether one of the words has two digits beside each other. If none has, several digits alone are no chain of words.
    pub fn has_numbers(&self) -> bool {
        self.has_numbers
    }

    /// Whether `key` is one of the words.
    pub fn has(&self, key: &str) -> bool {
        self.whole.contains(key)
    }

    /// Whether `key` is a chain of words and pieces of words. Ordinals between them are numbering and don't count.
    ///
    /// A single character is a piece only at the beginning or the end of the chain, where a line end may have cut it off,
    /// or where the whole key is no longer than a few characters.
    pub fn makes(&self, key: &str) -> bool {
        // Longer than all heads of a table together.
        const LONGEST: usize = 3000;
        if key.is_empty() || key.len() > LONGEST || !key.chars().all(|letter| self.letters.has(letter)) {
            return false;
        }
        if self.whole.contains(key) || self.has_piece(key) {
            return true;
        }
        let chars: Vec<char> = key.chars().filter(|c| !is_ordinal(*c)).collect();
        if chars.is_empty() {
            return false;
        }
        let mut at = 0;
        while at < chars.len() {
            let mut length = 0;
            let mut piece: String = chars[at..].iter().collect();
            // Most often the rest is one piece, and then so is every beginning of it.
            if self.has_piece(&piece) {
                return true;
            }
            piece.clear();
            for c in &chars[at..] {
                piece.push(*c);
                if !self.has_piece(&piece) {
                    break;
                }
                length += 1;
            }
            let edge = at == 0 || at + length == chars.len();
            if length == 0 || (length == 1 && !edge && chars.len() > 8) {
                return false;
            }
            at += length;
        }
        true
    }

    fn has_piece(&self, piece: &str) -> bool {
        memmem::find(self.joined.as_bytes(), piece.as_bytes()).is_some()
    }
}

fn is_ordinal(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains() {
        let words = [
            "信息内容",
            "本年处理决定数量",
            "结果维持",
            "结果纠正",
            "尚未审结",
            "总计",
            "商业企业",
            "法人或其他组织",
            "不予公开",
        ];
        let vocabulary = Vocabulary::of(&words.map(Label::new));
        for key in [
            "信息内容",
            "信息内容本年处理决定数量",
            "结果",
            "总计商业企",
            "维持纠正结果审结维持",
            "三不予公开",
            "1不予公开",
            "计",
        ] {
            assert!(vocabulary.makes(key), "{key}");
        }
        for key in ["本年度行政处罚处理决定数量39件", "全年公开信息", "本单位未发生行政复议"]
        {
            assert!(!vocabulary.makes(key), "{key}");
        }
        assert!(!vocabulary.has_numbers() && !vocabulary.makes("12"));
        let numbered = Vocabulary::of(&["第（1）项", "表12"].map(Label::new));
        assert!(numbered.has_numbers() && numbered.makes("12"));
    }
}
