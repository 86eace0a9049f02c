//! The match key of a label: what is left of it when everything that sites change is taken away.
//!
//! In: text. Out: its letters and digits, folded by NFKC, radicals and traditional script, each with the place it came from.
//! Blanks, punctuation and brackets leave no letter, but they leave marks on the letters beside them, since a label that
//! starts afresh is better evidence than one that is found inside a sentence. A key is never printed.

use super::fold::{folded, is_invisible, simplifier};

/// One letter of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyChar {
    /// The folded letter.
    pub ch: char,
    /// Byte offset in the decoded text of the character it came from.
    pub at: u32,
    /// It begins a piece of text, or follows a numbering such as `（一）` or `1.`.
    pub fresh: bool,
    /// It stands within brackets.
    pub bracketed: bool,
    /// A bracket, colon or comma stands between it and the next letter.
    pub breaks_after: bool,
}

/// The key of one text, or of several pieces of text that follow one another.
#[derive(Clone, Debug, Default)]
pub struct Key {
    chars: Vec<KeyChar>,
    brackets: u32,
    bracket_opened: usize,
}

/// The letters of `text` alone, for labels that are compared whole.
pub fn key(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    push_key(text, &mut letters);
    letters
}

/// Adds the letters of `text` to `letters`.
pub fn push_key(text: &str, letters: &mut String) {
    for c in text.chars() {
        folded(c, |c| letters.push(c));
    }
}

/// Whether every letter of `text` passes; the first one that does not ends the search.
pub fn all_letters(text: &str, mut passes: impl FnMut(char) -> bool) -> bool {
    text.chars().all(|c| {
        let mut all = true;
        folded(c, |letter| all = all && passes(letter));
        all
    })
}

impl Key {
    /// The letters in order.
    pub fn chars(&self) -> &[KeyChar] {
        &self.chars
    }

    /// How many letters there are.
    pub fn len(&self) -> usize {
        self.chars.len()
    }

    /// Whether there is no letter.
    pub fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.chars.clear();
        self.brackets = 0;
    }

    /// Adds a letter that was folded before.
    pub fn push_char(&mut self, letter: KeyChar) {
        self.chars.push(letter);
    }

    /// Keeps only the last `n` letters.
    pub fn keep_last(&mut self, n: usize) {
        let surplus = self.chars.len().saturating_sub(n);
        self.chars.drain(..surplus);
    }

    /// Adds a piece of text that stands at byte `at` of the decoded text.
    pub fn push(&mut self, text: &str, at: u32) {
        /// No remark in a label is longer; a bracket open for longer was never closed.
        const LONGEST_BRACKET: usize = 160;

        self.chars.reserve(text.len() / 3);
        let mut fresh = true;
        let mut digits_only = true;
        if numbered(text) || self.chars.len() - self.bracket_opened.min(self.chars.len()) > LONGEST_BRACKET {
            self.brackets = 0;
        }
        let simplify = simplifier();
        for (offset, c) in text.char_indices() {
            let before = self.chars.len();
            let bracketed = self.brackets > 0;
            if let Some(ch) = simplify(c) {
                self.chars.push(KeyChar { ch, at: at + offset as u32, fresh, bracketed, breaks_after: false });
                digits_only = digits_only && is_ordinal(ch);
                fresh = false;
                continue;
            }
            folded(c, |ch| {
                self.chars.push(KeyChar { ch, at: at + offset as u32, fresh, bracketed, breaks_after: false });
            });
            if self.chars.len() > before {
                digits_only = digits_only && is_ordinal(self.chars[before].ch);
                fresh = matches!(c, '①'..='⑳' | '⑴'..='⒛' | '㈠'..='㈩');
                continue;
            }
            match c {
                '（' | '(' | '〔' | '[' | '【' | '﹝' => {
                    self.mark_break();
                    if self.brackets == 0 {
                        self.bracket_opened = self.chars.len();
                    }
                    self.brackets += 1;
                    digits_only = true;
                }
                '）' | ')' | '〕' | ']' | '】' | '﹞' => {
                    self.mark_break();
                    self.brackets = self.brackets.saturating_sub(1);
                    fresh = fresh || digits_only;
                    digits_only = true;
                }
                '：' | ':' | '，' | ',' | '；' | ';' | '。' | '|' => {
                    self.mark_break();
                    fresh = true;
                    digits_only = true;
                }
                '、' | '.' | '．' => {
                    fresh = fresh || digits_only;
                    digits_only = true;
                }
                c if c.is_whitespace() => {
                    fresh = true;
                    digits_only = true;
                }
                _ => {}
            }
        }
    }

    fn mark_break(&mut self) {
        if let Some(last) = self.chars.last_mut() {
            last.breaks_after = true;
        }
    }
}

/// Whether the letter is one that numbers are made of.
pub fn is_ordinal(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '〇' | '零' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十')
}

/// Whether the text begins like a numbered label: no open bracket reaches over such a beginning.
fn numbered(text: &str) -> bool {
    let mut seen = 0;
    for c in text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).take(4) {
        let mut ordinal = false;
        folded(c, |c| ordinal = is_ordinal(c));
        match c {
            '（' | '(' if seen == 0 => {}
            '、' | '.' | '．' | '）' | ')' => return seen > 0,
            _ if ordinal => seen += 1,
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pieces: &[&str], letters: &str, fresh: &str) {
        let mut key = Key::default();
        for piece in pieces {
            key.push(piece, 0);
        }
        assert_eq!(key.chars().iter().map(|c| c.ch).collect::<String>(), letters);
        assert_eq!(key.chars().iter().filter(|c| c.fresh).map(|c| c.ch).collect::<String>(), fresh);
    }

    #[test]
    fn keys() {
        assert_eq!(key("（三）不予公開 1．属于国家秘密"), "三不予公开1属于国家秘密");
        check(&["1.属于国家秘密"], "1属于国家秘密", "1属");
        check(&["（六）其 ", "他处理"], "六其他处理", "六其他");
        check(
            &["（二）部分公开（区分处理的，只计这一情", "形，不计其他情形）"],
            "二部分公开区分处理的只计这一情形不计其他情形",
            "二部只形不",
        );
    }

    #[test]
    fn brackets_are_marked() {
        let mut key = Key::default();
        key.push("规章（全区均无", 0);
        key.push("制定权限）", 30);
        key.push("（一）予以", 60);
        let bracketed: String = key.chars().iter().filter(|c| c.bracketed).map(|c| c.ch).collect();
        assert_eq!(bracketed, "全区均无制定权限一");
        assert!(key.chars()[1].breaks_after);
    }
}
