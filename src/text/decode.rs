//! Bytes of unknown encoding -> text, with every wrong byte counted.
//!
//! UTF-8 is tried first, since it can't be met by chance; what is not UTF-8 is GB18030 (which holds GBK and GB2312) or Big5.
//! A page that is UTF-8 but for a few broken bytes stays UTF-8. A byte order mark decides alone and is not part of the text.

use std::borrow::Cow;

use encoding_rs::{BIG5, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Text with what is known of how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'b> {
    /// The text, without a byte order mark; borrowed where the bytes are sound UTF-8.
    pub text: Cow<'b, str>,
    /// The encoding's name as the Encoding Standard writes it, such as `UTF-8` or `GB18030`.
    pub encoding: &'static str,
    /// Byte offsets into `text` of the U+FFFD that stand for bytes which the encoding can't have.
    pub replaced: Vec<u32>,
}

/// The name that was asked for is no encoding of the Encoding Standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownEncoding(pub String);

impl std::fmt::Display for UnknownEncoding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "unknown encoding `{}`: use a name such as utf-8, gb18030, gbk, big5 or utf-16le", self.0)
    }
}

impl std::error::Error for UnknownEncoding {}

/// The encoding of that name (any label of the Encoding Standard, in any case).
pub fn encoding(label: &str) -> Result<&'static Encoding, UnknownEncoding> {
    Encoding::for_label_no_replacement(label.as_bytes()).ok_or_else(|| UnknownEncoding(label.to_owned()))
}

/// Decodes `bytes`, by `forced` where it is given. Never fails: bytes that do not fit become U+FFFD and are listed.
pub fn decode<'b>(bytes: &'b [u8], forced: Option<&'static Encoding>) -> Decoded<'b> {
    let (bytes, marked) = match Encoding::for_bom(bytes) {
        Some((encoding, length))
            if forced.is_none_or(|forced| forced == encoding || is_utf16_twin(forced, encoding)) =>
        {
            (&bytes[length..], Some(encoding))
        }
        _ => (bytes, None),
    };
    let named = marked.or(forced);
    // Nearly all pages are sound UTF-8: then one look at the bytes is all.
    if named.is_none_or(|encoding| encoding == UTF_8)
        && let Ok(text) = simdutf8::basic::from_utf8(bytes)
    {
        return Decoded { text: Cow::Borrowed(text), encoding: UTF_8.name(), replaced: Vec::new() };
    }
    let encoding = named.unwrap_or_else(|| detect(bytes));
    if encoding == UTF_8 { mend_utf8(bytes) } else { decode_with(bytes, encoding) }
}

/// Whether the text looks like UTF-8 that somebody once read as GBK and saved again (`涓€銆佹€讳綋鎯呭喌` was 一、总体情况).
///
/// The three-byte forms of 、。（，； end in these signs when they are cut into pairs, and no Chinese prose has so many of them.
pub fn mojibake(text: &str) -> bool {
    let mut seen = 0;
    let mut signs = 0;
    for c in text.chars().take(20_000).filter(|c| !c.is_ascii()) {
        seen += 1;
        signs += usize::from(matches!(c, '锛' | '銆' | '鈥' | '鐨' | '鏀' | '鍏' | '涓' | '鎯' | '浜' | '绗' | '€'));
    }
    seen >= 20 && signs * 12 > seen
}

/// UTF-16 labels name one byte order; a mark of the other order is still the truth.
fn is_utf16_twin(forced: &'static Encoding, marked: &'static Encoding) -> bool {
    let utf16 = |encoding| encoding == UTF_16LE || encoding == UTF_16BE;
    utf16(forced) && utf16(marked)
}

/// The encoding of bytes that are not sound UTF-8.
fn detect(bytes: &[u8]) -> &'static Encoding {
    if mostly_utf8(bytes) {
        return UTF_8;
    }
    // GB2312 proper has only trail bytes from 0xA1 on, so a page whose pairs all keep to that needs no statistics.
    let sample = &bytes[first_non_ascii(bytes)..];
    let sample = &sample[..sample.len().min(4096)];
    if small_trails(sample) == 0 {
        return GB18030;
    }
    let mut detector = chardetng::EncodingDetector::new();
    detector.feed(sample, true);
    if detector.guess(None, false) == BIG5 { BIG5 } else { GB18030 }
}

/// Bytes that are UTF-8 with damage: nearly all that is not ASCII stands in sound sequences of three. In GBK text such
/// sequences are rare chances.
fn mostly_utf8(bytes: &[u8]) -> bool {
    const SAMPLE: usize = 1 << 20;
    let (mut sound, mut broken) = (0usize, 0usize);
    for chunk in bytes[..bytes.len().min(SAMPLE)].utf8_chunks() {
        sound += chunk.valid().len() - chunk.valid().bytes().filter(u8::is_ascii).count();
        broken += chunk.invalid().len();
    }
    sound > broken * 4
}

fn first_non_ascii(bytes: &[u8]) -> usize {
    Encoding::ascii_valid_up_to(bytes)
}

fn small_trails(bytes: &[u8]) -> usize {
    let mut at = 0;
    let mut small = 0;
    while at + 1 < bytes.len() {
        if bytes[at] < 0x81 {
            at += 1;
        } else {
            small += usize::from(bytes[at + 1] < 0xA1);
            at += 2;
        }
    }
    small
}

/// UTF-8 with wrong bytes.
fn mend_utf8(bytes: &[u8]) -> Decoded<'_> {
    let mut text = String::with_capacity(bytes.len() + 64);
    let mut replaced = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            replaced.push(text.len() as u32);
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    Decoded { text: Cow::Owned(text), encoding: UTF_8.name(), replaced }
}

fn decode_with<'b>(bytes: &[u8], encoding: &'static Encoding) -> Decoded<'b> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
    let mut replaced = Vec::new();
    let mut rest = bytes;
    // By pieces: a wrong byte ends a call, and a call costs as much as its buffer is long.
    let mut buffer = [0; 4096];
    loop {
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, &mut buffer, true);
        text.push_str(&String::from_utf8_lossy(&buffer[..written]));
        rest = &rest[read..];
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                replaced.push(text.len() as u32);
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
    // The Encoding Standard writes this one name small; nobody else does.
    let name = if encoding == GB18030 { "GB18030" } else { encoding.name() };
    Decoded { text: Cow::Owned(text), encoding: name, replaced }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], forced: Option<&str>, text: &str, name: &str, replaced: usize) {
        let decoded = decode(bytes, forced.map(|label| encoding(label).expect("a label")));
        assert_eq!((decoded.text.as_ref(), decoded.encoding, decoded.replaced.len()), (text, name, replaced));
        for at in decoded.replaced {
            assert!(decoded.text[at as usize..].starts_with('\u{FFFD}'));
        }
    }

    #[test]
    fn encodings() {
        check("一、总体情况".as_bytes(), None, "一、总体情况", "UTF-8", 0);
        check(b"\xEF\xBB\xBFa", None, "a", "UTF-8", 0);
        check(b"\xFF\xFE\x00\x4E\x01\x30", None, "一、", "UTF-16LE", 0);
        check(b"\xFE\xFF\x4E\x00\x30\x01", None, "一、", "UTF-16BE", 0);
        check(&GB18030.encode("政府信息公开工作年度报告").0, None, "政府信息公开工作年度报告", "GB18030", 0);
        check(&GB18030.encode("鎮江市丹徒區").0, None, "鎮江市丹徒區", "GB18030", 0);
        let traditional =
            "政府信息公開工作年度報告，行政復議、行政訴訟情況，結轉下年度繼續辦理，申請人無正當理由逾期不補正";
        check(&BIG5.encode(traditional).0, None, traditional, "Big5", 0);
        check(b"", None, "", "UTF-8", 0);
    }

    #[test]
    fn wrong_bytes_are_counted() {
        let mut bytes = "本年新收政府信息公开申请数量".as_bytes().to_vec();
        bytes.insert(9, 0xFF);
        check(&bytes, None, "本年新\u{FFFD}收政府信息公开申请数量", "UTF-8", 1);
        check(b"\xD5\xFE\xB8", Some("gb18030"), "政\u{FFFD}", "GB18030", 1);
        check(b"a\xFFb", Some("utf-8"), "a\u{FFFD}b", "UTF-8", 1);
    }

    #[test]
    fn mojibake_is_seen() {
        assert!(mojibake("涓€銆佹€讳綋鎯呭喌 浜屻€佷富鍔ㄥ叕寮€鏀垮簻淇℃伅鎯呭喌"));
        assert!(!mojibake("一、总体情况 二、主动公开政府信息情况 三、收到和处理政府信息公开申请情况"));
    }
}
