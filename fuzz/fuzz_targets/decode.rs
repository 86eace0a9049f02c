//! Any bytes decode, by detection and by each encoding that may be named, and every wrong byte is told.

#![no_main]

use gongkai::text::{decode, encoding, mojibake};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for label in [None, Some("utf-8"), Some("gb18030"), Some("gbk"), Some("big5"), Some("utf-16le"), Some("utf-16be")] {
        let forced = label.map(|label| encoding(label).expect("a label of the Encoding Standard"));
        let decoded = decode(bytes, forced);
        assert!(decoded.replaced.is_sorted());
        for at in &decoded.replaced {
            assert!(decoded.text[*at as usize..].starts_with('\u{FFFD}'));
        }
        mojibake(&decoded.text);
    }
    // Sound UTF-8 comes out as it went in, but for a mark at its beginning.
    if let Ok(text) = std::str::from_utf8(bytes) {
        let decoded = decode(bytes, None);
        assert_eq!(decoded.text, text.strip_prefix('\u{FEFF}').unwrap_or(text));
        assert!(decoded.replaced.is_empty());
    }
});
