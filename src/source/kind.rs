//! What a file, member or record is: by its content, then by its name.

use serde::de::IgnoredAny;
use tar::Header;

use super::packed::Packing;
use super::warc::is_head;
use crate::text;

/// How many bytes are looked at.
pub(super) const HEAD: usize = 4096;

/// What is shorter and named like an archive is the beginning of one.
const SHORT: usize = 512;

/// A kind of content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Packed(Packing),
    Tar,
    Zip,
    Lines,
    Warc,
    Unsupported(&'static str),
}

/// Kinds that are told by their first bytes, and are not read.
const UNSUPPORTED: &[(&[u8], &str)] = &[
    (b"%PDF-", "PDF"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "Office 97 (doc, xls, ppt)"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG\r\n\x1A\n", "image"),
    (b"\xFF\xD8\xFF", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"7z\xBC\xAF\x27\x1C", "7z"),
    (b"Rar!\x1A\x07", "RAR"),
    (b"MSCF\0\0\0\0", "cabinet"),
    (b"SQLite format 3\0", "SQLite"),
    (b"PAR1", "Parquet"),
    (b"\x7FELF", "program"),
];

/// What office documents are called.
pub(super) const OFFICE: &str = "Office document (docx, xlsx, pptx, odt)";

/// Tells what begins with `head` ([`HEAD`] bytes, or all there is) and is called `name`.
pub(super) fn tell(head: &[u8], name: &str) -> Kind {
    if let Some(packing) = Packing::of(head) {
        return Kind::Packed(packing);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") || head.starts_with(b"PK\x07\x08PK\x03\x04") {
        return if first_member(head).is_some_and(is_of_office) { Kind::Unsupported(OFFICE) } else { Kind::Zip };
    }
    if head.starts_with(b"WARC/") {
        return Kind::Warc;
    }
    if is_tar(head) {
        return Kind::Tar;
    }
    if let Some((_, what)) = UNSUPPORTED.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Kind::Unsupported(what);
    }
    if is_damaged_warc(head) {
        return Kind::Warc;
    }
    match by_name(name) {
        // These are text themselves, whatever is wrong with the first of it.
        Some(kind @ (Kind::Lines | Kind::Warc)) => kind,
        // What is named like an archive and is plainly text is one: some browsers unpack and keep the name.
        Some(kind) if !looks_like_text(head) => kind,
        Some(Kind::Packed(_)) => tell(head, &unpacked_name(name)),
        _ if is_record(head) => Kind::Lines,
        _ => Kind::Text,
    }
}

/// Whether a record of a crawl begins here, of which the first line is damaged. No text has such lines.
fn is_damaged_warc(head: &[u8]) -> bool {
    memchr::memmem::find(head, b"\nWARC-Type:").is_some() && is_head(head)
}

fn by_name(name: &str) -> Option<Kind> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "jsonl" | "ndjson" => Kind::Lines,
        "gz" | "tgz" => Kind::Packed(Packing::Gzip),
        "zst" | "tzst" => Kind::Packed(Packing::Zstd),
        "bz2" | "tbz2" | "tbz" => Kind::Packed(Packing::Bzip2),
        "xz" | "txz" => Kind::Packed(Packing::Xz),
        "tar" => Kind::Tar,
        "zip" => Kind::Zip,
        "warc" | "wet" => Kind::Warc,
        _ => return None,
    })
}

/// The name of what is packed: `a.tar` in `a.tar.gz` and `a.tgz`.
pub(super) fn unpacked_name(name: &str) -> String {
    let Some((stem, ending)) = name.rsplit_once('.') else { return name.to_owned() };
    match ending.to_ascii_lowercase().as_str() {
        "gz" | "zst" | "bz2" | "xz" => stem.to_owned(),
        "tgz" | "tzst" | "tbz2" | "tbz" | "txz" => format!("{stem}.tar"),
        _ => name.to_owned(),
    }
}

/// Whether a member of that name says that the zip archive is an office document or a book.
pub(super) fn is_of_office(name: &[u8]) -> bool {
    matches!(name, b"[Content_Types].xml" | b"mimetype")
}

/// The name of the first member of a zip archive.
fn first_member(head: &[u8]) -> Option<&[u8]> {
    let length = usize::from(u16::from_le_bytes(*head.get(26..)?.first_chunk()?));
    head.get(30..30 + length)
}

/// Whether a block is a header of a tar archive: its checksum says so.
pub(super) fn is_tar(block: &[u8]) -> bool {
    let Some(block) = block.first_chunk::<512>() else { return false };
    Header::from_byte_slice(block).cksum().is_ok_and(|sum| sum == checksum(block))
}

fn checksum(block: &[u8; 512]) -> u32 {
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>();
    sum(&block[..148]) + 8 * u32::from(b' ') + sum(&block[156..])
}

/// No control characters but those of text; UTF-16 says what it is. What is short tells too little.
fn looks_like_text(head: &[u8]) -> bool {
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1A | 0x1B);
    head.len() >= SHORT && (is_utf16(head) || !head.iter().any(is_control))
}

/// Whether the first line is a JSON object, as far as it is seen, in whatever encoding.
fn is_record(head: &[u8]) -> bool {
    let marked = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let line = if is_utf16(head) {
        head
    } else if marked.starts_with(b"{") {
        marked.split(|byte| *byte == b'\n').next().unwrap_or_default()
    } else {
        return false;
    };
    let text = text::decode(line, None).text;
    let (line, ended) = match text.trim_start().split_once('\n') {
        Some((line, _)) => (line, true),
        None => (text.trim_start(), line.len() < marked.len()),
    };
    if ended || head.len() < HEAD / 2 {
        return line.starts_with('{') && serde_json::from_str::<IgnoredAny>(line).is_ok();
    }
    line.strip_prefix('{').is_some_and(|inside| inside.trim_start().starts_with('"'))
}

fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        #[track_caller]
        fn check(head: &[u8], name: &str, expected: Kind) {
            assert_eq!(tell(head, name), expected);
        }
        let gzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3];
        check(b"", "a.txt", Kind::Text);
        check("青石县".as_bytes(), "a.txt", Kind::Text);
        check("青石县".as_bytes(), "a.gz", Kind::Packed(Packing::Gzip));
        check("青石县".repeat(100).as_bytes(), "a.gz", Kind::Text);
        check(&gzip, "a.txt", Kind::Packed(Packing::Gzip));
        check(b"\x28\xB5\x2F\xFD\0", "a", Kind::Packed(Packing::Zstd));
        check(b"\0\0\x01", "a.tar.xz", Kind::Packed(Packing::Xz));
        check(b"", "a.gz", Kind::Packed(Packing::Gzip));
        check(b"BZh is no magic", "a", Kind::Text);
        check(b"PK\x03\x04\x14\0", "a.txt", Kind::Zip);
        check(b"WARC/1.0\r\n", "a", Kind::Warc);
        check(b"XARC/1.0\r\n", "a.warc", Kind::Warc);
        check(b"XARC/1.0\r\n", "a.WET", Kind::Warc);
        check(&b"XARC/1.0\r\n".repeat(100), "a.warc.gz", Kind::Warc);
        check(b"XARC/1.0\r\nWARC-Type: response\r\n", "a", Kind::Warc);
        check(b"XARC/1.0\r\n\r\nWARC-Type: response\r\n", "a", Kind::Text);
        check(b"{\"text\": \"x\"}\n{\"text\"", "a", Kind::Lines);
        check(b"{\"text\": \"x\"}", "a", Kind::Lines);
        check(b"{\n  \"text\": \"x\"\n}", "a.json", Kind::Text);
        check(b"nonsense", "a.jsonl", Kind::Lines);
        check(b"%PDF-1.4", "a.txt", Kind::Unsupported("PDF"));
        check(&[0; 1024], "a", Kind::Text);
        check(&[0; 1024], "a.tar", Kind::Tar);
        check(&b"\xFF\xFEa\0".repeat(200), "a.gz", Kind::Text);
    }

    #[test]
    fn names_of_what_is_packed() {
        #[track_caller]
        fn check(name: &str, expected: &str) {
            assert_eq!(unpacked_name(name), expected);
        }
        check("a.tar.gz", "a.tar");
        check("a.TGZ", "a.tar");
        check("a.txt.zst", "a.txt");
        check("a.txt", "a.txt");
        check("gz", "gz");
    }
}
