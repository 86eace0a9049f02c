//! One leaf of text as it is shown: the same words, without the dirt of the page it stood on.
//!
//! In: a slice of the decoded text. Out: NFC; full-width letters and digits as ASCII; radicals and compatibility ideographs as
//! the ordinary characters; no zero-width or control characters; every run of blanks one space, none at the ends. Chinese
//! punctuation stays Chinese unless [`Punctuation::Ascii`] is asked for. Text that is clean already is borrowed.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::fold::{is_invisible, radical};

/// What becomes of Chinese and full-width punctuation in shown text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Punctuation {
    /// It stays as it is.
    #[default]
    Chinese,
    /// It is folded to ASCII: `（` to `(`, `。` to `.`, `“` to `"`, `—` to `-`.
    Ascii,
}

/// `text` cleaned, with Chinese punctuation kept.
pub fn clean(text: &str) -> Cow<'_, str> {
    clean_with(text, Punctuation::Chinese)
}

/// `text` cleaned, with punctuation as asked.
pub fn clean_with(text: &str, punctuation: Punctuation) -> Cow<'_, str> {
    let text = text.trim();
    if is_clean(text) && (punctuation == Punctuation::Chinese || text.is_ascii()) {
        return Cow::Borrowed(text);
    }
    let mut spaced = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.chars() {
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if is_invisible(c) {
            continue;
        }
        // A line end between two Chinese characters is only where the line ran out.
        if std::mem::take(&mut blank) && !spaced.is_empty() {
            spaced.push(' ');
        }
        match c {
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => spaced.push(to_half_width(c)),
            _ if punctuation == Punctuation::Ascii => spaced.push_str(ascii_punctuation(c, &mut [0; 4])),
            _ => spaced.push(radical(c).unwrap_or(c)),
        }
    }
    Cow::Owned(spaced.nfc().collect())
}

fn to_half_width(c: char) -> char {
    char::from((u32::from(c) - 0xFEE0) as u8)
}

fn ascii_punctuation(c: char, buffer: &mut [u8; 4]) -> &str {
    match c {
        '。' => ".",
        '、' => ",",
        '“' | '”' | '「' | '」' | '『' | '』' | '〝' | '〞' => "\"",
        '‘' | '’' => "'",
        '—' | '–' | '―' | '－' => "-",
        '…' => "...",
        '·' | '•' | '・' => ".",
        '《' | '〈' => "<",
        '》' | '〉' => ">",
        '【' | '〔' | '﹝' => "[",
        '】' | '〕' | '﹞' => "]",
        '～' | '〜' => "~",
        '\u{FF01}'..='\u{FF5E}' => to_half_width(c).encode_utf8(buffer),
        _ => radical(c).unwrap_or(c).encode_utf8(buffer),
    }
}

/// A quick look at the bytes: true means surely clean, false means look closer.
fn is_clean(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let step = match bytes[at] {
            b' ' => {
                if bytes.get(at + 1) == Some(&b' ') {
                    return false;
                }
                1
            }
            0x21..=0x7E => 1,
            0xE4..=0xE9 => 3,
            0xE3 => match (bytes[at + 1], bytes[at + 2]) {
                // Chinese punctuation, without the ideographic space and the tone marks that combine.
                (0x80, 0x81..=0xA9) => 3,
                _ => return false,
            },
            0xE2 => match (bytes[at + 1], bytes[at + 2]) {
                // Dashes, quotation marks, the ellipsis, and signs such as ① and ■.
                (0x80, 0x90..=0xA6) | (0x91, _) | (0x96, _) | (0x97, _) => 3,
                _ => return false,
            },
            0xEF => match (bytes[at + 1], bytes[at + 2]) {
                // Full-width punctuation, without the digits and letters.
                (0xBC, 0x81..=0x8F | 0x9A..=0xA0 | 0xBB..=0xBF) | (0xBD, 0x80 | 0x9B..=0xA0) => 3,
                _ => return false,
            },
            0xC2 if bytes[at + 1] == 0xB7 => 2,
            _ => return false,
        };
        at += step;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, chinese: &str, ascii: &str) {
        assert_eq!(clean(text), chinese);
        assert_eq!(clean_with(text, Punctuation::Ascii), ascii);
        assert_eq!(clean(chinese), chinese, "cleaning twice changes nothing");
    }

    #[test]
    fn leaves() {
        check("　２０２４\u{A0}年，我镇（含村）", "2024 年，我镇（含村）", "2024 年,我镇(含村)");
        check("⾃然⼈、⺠政", "自然人、民政", "自然人,民政");
        check("共\u{200B}13\u{FEFF}条。", "共13条。", "共13条.");
        check("“三安全一稳定”—", "“三安全一稳定”—", "\"三安全一稳定\"-");
        check("a\u{0}b \t c", "ab c", "ab c");
        check("e\u{301}\u{F900}", "é豈", "é豈");
        check("", "", "");
    }

    #[test]
    fn clean_text_is_borrowed() {
        assert!(matches!(clean("2024 年，我镇主动公开内容 213 条。①"), Cow::Borrowed(_)));
    }
}
