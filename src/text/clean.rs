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
    // To ASCII, what is clean may still have to be folded.
    let clean = |text: &str| if punctuation == Punctuation::Chinese { clean_length(text) } else { 0 };
    let mut run = clean(text);
    if run == text.len() || (text.is_ascii() && clean_length(text) == text.len()) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = text;
    // A blank is written before the next words, if there were any before it.
    let mut blank = false;
    let mut composed = true;
    loop {
        let (words, behind) = rest.split_at(run);
        if !words.is_empty() {
            blank |= words.starts_with(' ');
            let ends = words.ends_with(' ');
            let words = words.trim_matches(' ');
            if !words.is_empty() {
                part(&mut cleaned, &mut blank);
                cleaned.push_str(words);
            }
            blank |= ends;
        }
        let mut signs = behind.chars();
        let Some(c) = signs.next() else { break };
        rest = signs.as_str();
        run = clean(rest);
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if is_invisible(c) {
            continue;
        }
        part(&mut cleaned, &mut blank);
        match c {
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => cleaned.push(to_half_width(c)),
            _ if punctuation == Punctuation::Ascii => cleaned.push_str(ascii_punctuation(c, &mut [0; 4])),
            _ => cleaned.push(radical(c).unwrap_or(c)),
        }
        composed &= stays(c);
    }
    // What is composed already is its own NFC.
    Cow::Owned(if composed { cleaned } else { cleaned.nfc().collect() })
}

/// Writes the blank that is due between words.
fn part(cleaned: &mut String, blank: &mut bool) {
    if std::mem::take(blank) && !cleaned.is_empty() {
        cleaned.push(' ');
    }
}

/// Whether a character surely is the same in NFC whatever stands beside it. Of radicals, this goes for what they become.
fn stays(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{2FF}'
            | '\u{2010}'..='\u{2027}'
            | '\u{2460}'..='\u{25FF}'
            | '\u{2E80}'..='\u{2FD5}'
            | '\u{3001}'..='\u{3029}'
            | '\u{3400}'..='\u{9FFF}'
            | '\u{FF01}'..='\u{FF5E}'
    )
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

/// How many bytes from the front are surely clean. What comes behind them may be clean too.
fn clean_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        while bytes[at..].first_chunk().is_some_and(is_clean_chunk) {
            at += CHUNK;
        }
        // The rest of a character that was looked at whole.
        at += bytes[at..].iter().take_while(|byte| matches!(byte, 0x80..=0xBF)).count();
        match bytes.get(at).map_or(0, |_| clean_character(bytes, at)) {
            0 => break,
            length => at += length,
        }
    }
    at
}

/// So many bytes are looked at together, without a branch.
const CHUNK: usize = 32;

/// Whether all characters that begin in a chunk are surely clean: those of nearly all prose. Two bytes behind it are looked at too.
fn is_clean_chunk(bytes: &[u8; CHUNK + 2]) -> bool {
    let within = |byte: u8, first: u8, last: u8| byte.wrapping_sub(first) <= last - first;
    (0..CHUNK).fold(true, |all, at| {
        let (a, b, c) = (bytes[at], bytes[at + 1], bytes[at + 2]);
        let ascii = within(a, b' ', b'~') & !((a == b' ') & (b == b' '));
        let ideograph = within(a, 0xE4, 0xE9) | within(a, 0x80, 0xBF);
        let punctuation = (a == 0xE3) & (b == 0x80) & within(c, 0x81, 0xA9);
        let quotation_mark = (a == 0xE2) & (b == 0x80) & within(c, 0x90, 0xA6);
        let full_width = (a == 0xEF) & (b == 0xBC) & (within(c, 0x81, 0x8F) | within(c, 0x9A, 0xA0));
        all & (ascii | ideograph | punctuation | quotation_mark | full_width)
    })
}

/// How many bytes the character at `at` has, if it is surely clean; otherwise 0.
fn clean_character(bytes: &[u8], at: usize) -> usize {
    match bytes[at] {
        b' ' if bytes.get(at + 1) == Some(&b' ') => 0,
        b' '..=b'~' => 1,
        0xE4..=0xE9 => 3,
        0xE3 => match (bytes[at + 1], bytes[at + 2]) {
            // Chinese punctuation, without the ideographic space and the tone marks that combine.
            (0x80, 0x81..=0xA9) => 3,
            _ => 0,
        },
        0xE2 => match (bytes[at + 1], bytes[at + 2]) {
            // Dashes, quotation marks, the ellipsis, and signs such as ① and ■.
            (0x80, 0x90..=0xA6) | (0x91 | 0x96 | 0x97, _) => 3,
            _ => 0,
        },
        0xEF => match (bytes[at + 1], bytes[at + 2]) {
            // Full-width punctuation, without the digits and letters.
            (0xBC, 0x81..=0x8F | 0x9A..=0xA0 | 0xBB..=0xBF) | (0xBD, 0x80 | 0x9B..=0xA0) => 3,
            _ => 0,
        },
        0xC2 if bytes[at + 1] == 0xB7 => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::char::canonical_combining_class;
    use unicode_normalization::{IsNormalized, is_nfc_quick};

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

    /// The same, a character at a time.
    fn slowly(text: &str, punctuation: Punctuation) -> String {
        let mut cleaned = String::new();
        for word in text.split(char::is_whitespace) {
            let word: String = word.chars().filter(|c| !is_invisible(*c)).collect();
            if !word.is_empty() {
                cleaned.push_str(if cleaned.is_empty() { "" } else { " " });
            }
            for c in word.chars() {
                match c {
                    '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => cleaned.push(to_half_width(c)),
                    _ if punctuation == Punctuation::Ascii => cleaned.push_str(ascii_punctuation(c, &mut [0; 4])),
                    _ => cleaned.push(radical(c).unwrap_or(c)),
                }
            }
        }
        cleaned.nfc().collect()
    }

    #[track_caller]
    fn compare(text: &str) {
        for punctuation in [Punctuation::Chinese, Punctuation::Ascii] {
            assert_eq!(clean_with(text, punctuation), slowly(text, punctuation), "{text:?}");
        }
    }

    #[test]
    fn every_character_alone_and_in_prose() {
        for c in '\0'..=char::MAX {
            let stays = stays(c) || clean_length(&c.to_string()) > 0;
            assert!(!stays || is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes, "{c:?} is composed");
            assert!(!stays || canonical_combining_class(c) == 0, "{c:?} combines");
            let blank = |c: char| c != ' ' && c.is_whitespace();
            assert!(!clean(c.encode_utf8(&mut [0; 4])).contains(blank), "{c:?} becomes a blank");
            if u32::from(c) < 0x1_1000 {
                compare(&c.to_string());
                compare(&format!("我镇主动公开内容（含村） {c} 二百一十三条。 e{c}我镇 "));
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn as_the_slow_way(text in "([一-龥，。（）“”a-z0-9 ]{0,20}[ \u{3000}\u{A0}\t\n\u{200B}０-９ａ-ｚ⾃⺠e\u{301}\u{F900}①\u{7F}]{0,3}){0,6}") {
            compare(&text);
        }
    }
}
