//! Words of which a sentence has one if it states anything, found in any script.
//!
//! In: the words. Out: [`KeyWords`], which tells whether a text has one of them. Two letters with which one may begin are looked
//! for first: most sentences have none.

use super::Pattern;
use crate::text::{plain, variants};

/// Words in any mix of simplified and traditional characters and radicals.
#[derive(Clone, Debug)]
pub struct KeyWords {
    /// Finds them. Invisible characters may part them, so a text that has some counts as one that has a word.
    pattern: Pattern,
    words: Vec<Vec<char>>,
    /// For each ideograph whether a word begins with it, and whether one goes on with it behind its first; none where words are of
    /// other letters.
    letters: Option<Box<[u8]>>,
}

const BEGINS: u8 = 1;
const GOES_ON: u8 = 2;
const FIRST: char = '\u{4E00}';
const LAST: char = '\u{9FFF}';

impl KeyWords {
    /// These words.
    pub(super) fn new(words: &[String]) -> KeyWords {
        let any = |c: char| format!("[{}]", String::from_iter(variants(c)));
        let spelt = words.iter().map(|word| word.chars().map(any).collect::<String>());
        let invisible = ["\u{200B}".to_owned(), "\u{FEFF}".to_owned(), "\u{AD}".to_owned()];
        let pattern = Pattern::unchecked(&spelt.chain(invisible).collect::<Vec<_>>().join("|"));
        let spelt = words.iter().map(|word| word.chars().collect()).collect();
        KeyWords { pattern, words: spelt, letters: letters(words) }
    }

    /// Whether one of them is in a text.
    pub fn is_in(&self, text: &str) -> bool {
        let search = || self.pattern.regex().is_none_or(|regex| regex.is_match(text));
        let Some(letters) = &self.letters else { return search() };
        let (mut before, mut rest) = (0, text.as_bytes());
        loop {
            let (letter, behind) = match rest {
                // A character of three bytes, as nearly all are.
                [first @ 0xE0..=0xEF, second, third, behind @ ..] => {
                    let of = |byte: &u8, bits: u8| u32::from(byte & ((1 << bits) - 1));
                    let c = of(first, 4) << 12 | of(second, 6) << 6 | of(third, 6);
                    let letter = match letters.get(c.wrapping_sub(u32::from(FIRST)) as usize) {
                        Some(letter) => *letter,
                        // Punctuation: none of it is invisible.
                        None if matches!(c, 0x2010..=0x2027 | 0x3000..=0x303F | 0xFF01..=0xFF5E) => 0,
                        None => return search(),
                    };
                    (letter, behind)
                }
                [b' '..=b'~', behind @ ..] => (0, behind),
                [] => return false,
                _ => return search(),
            };
            // The letter before has three bytes too.
            if before & BEGINS != 0 && letter & GOES_ON != 0 && self.begins(&text[text.len() - rest.len() - 3..]) {
                return true;
            }
            (before, rest) = (letter, behind);
        }
    }

    /// Whether a text begins with one of them.
    fn begins(&self, text: &str) -> bool {
        let mut letters = text.chars();
        let first = letters.next();
        let plain_first = first.and_then(plain);
        let same = |c: char, own: char| c == own || plain(c) == Some(own);
        let goes_on = |others: &[char]| {
            let mut letters = letters.clone();
            others.iter().all(|own| letters.next().is_some_and(|c| same(c, *own)))
        };
        self.words.iter().filter_map(|word| word.split_first()).any(|(own, others)| {
            let begins = first == Some(*own) || plain_first == Some(*own);
            begins && goes_on(others)
        })
    }
}

fn letters(words: &[String]) -> Option<Box<[u8]>> {
    let place = |c: char| (c as usize).checked_sub(FIRST as usize);
    let mut own = vec![0; LAST as usize - FIRST as usize + 1];
    for word in words {
        if word.chars().any(|c| !(FIRST..=LAST).contains(&c)) {
            return None;
        }
        let mut first = word.chars();
        for mark in [BEGINS, GOES_ON] {
            *own.get_mut(place(first.next()?)?)? |= mark;
        }
    }
    // Every character stands for itself and for what it is in plain form.
    let of = |c: char| place(c).and_then(|at| own.get(at)).copied().unwrap_or_default();
    Some((FIRST..=LAST).map(|c| of(c) | plain(c).map_or(0, of)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &[&str], text: &str, expected: bool) {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(KeyWords::new(&words).is_in(text), expected, "{words:?} {text}");
    }

    #[test]
    fn words_in_any_script() {
        const KEYS: &[&str] = &["申请", "办结", "规范性"];
        for text in ["收到申请5件", "申請", "全部辦結。", "“办结”", "规\u{200B}范", "规範性", "申\u{2F46}\u{FEFF}"]
        {
            check(KEYS, text, true);
        }
        for text in ["", "申", "请申", "申，请", "办请", "规范", "办\u{2060}结", "无 5 件"] {
            check(KEYS, text, false);
        }
        check(&["x5"], "收到 x5", true);
        check(&["x5"], "收到 x", false);
        check(&["无"], "无", true);
        check(&["无"], "有", false);
        check(&["申請"], "申请", false);
        check(&["方面A"], "方面Ａ方面a", false);
        check(&["规范性", "规章"], "规范规章", true);
        check(&["方面"], "\u{2F45}\u{2FAF}", true);
    }
}
