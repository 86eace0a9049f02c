//! Names of members and records: what they are shown as, which are passed over, and where their results go.
//!
//! A name in an archive is data. It never leads out of a folder of results.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use encoding_rs::GB18030;

/// The longest part of a path that is made of a name, in bytes; every file system has room for it and for an ending.
const LONGEST: usize = 150;

/// Where something stands: what it is called in data, where its result goes, and what its name tells of its kind.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// `a.tar.zst!/x/y.txt`.
    pub(super) path: String,
    /// The same below the given folder, safe to be written to.
    pub(super) relative: PathBuf,
    /// The last part of the name; packings that were undone are taken off.
    pub(super) name: String,
    /// How many archives and packings it stands in.
    pub(super) depth: u32,
}

impl Place {
    pub(super) fn new(path: &str, relative: &Path) -> Place {
        let name = path.rsplit('/').next().unwrap_or(path).to_owned();
        Place { path: path.to_owned(), relative: relative.to_owned(), name, depth: 0 }
    }

    /// What is packed here, under the same path.
    pub(super) fn unpacked(&self) -> Place {
        Place { name: super::kind::unpacked_name(&self.name), depth: self.depth + 1, ..self.clone() }
    }

    /// A member of the archive that stands here.
    pub(super) fn member(&self, name: &str) -> Place {
        let shown = name.trim_start_matches("./").trim_start_matches('/');
        let mut relative = self.inside();
        relative.extend(name.split('/').filter_map(safe).map(Cow::into_owned));
        Place {
            path: format!("{}!/{shown}", self.path),
            relative,
            name: name.rsplit('/').next().unwrap_or(name).to_owned(),
            depth: self.depth + 1,
        }
    }

    /// Where the result of a record of the file that stands here goes.
    pub(super) fn of_record(&self, record: &str) -> PathBuf {
        let mut relative = self.inside();
        relative.push(safe(&record.replace('/', "_")).unwrap_or(Cow::Borrowed("_")).as_ref());
        relative
    }

    fn inside(&self) -> PathBuf {
        let mut inside = self.relative.clone().into_os_string();
        inside.push("!");
        PathBuf::from(inside)
    }
}

/// The name that these bytes mean: UTF-8, else GB18030, as archives from Chinese systems have it.
pub(super) fn decoded(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) => match GB18030.decode_without_bom_handling_and_without_replacement(name) {
            Some(name) => name.into_owned(),
            None => escaped(name),
        },
    }
}

/// A name as text: UTF-8, with `\xC4` for each byte that is none. A name that has such letters itself has `\x5C` for their `\`, so
/// that different names stay different.
pub(super) fn escaped(name: &[u8]) -> String {
    let mut text = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        let mut rest = chunk.valid();
        while let Some(at) = rest.find("\\x") {
            text.push_str(&rest[..at]);
            let is_hexadecimal = |byte: &u8| matches!(byte, b'0'..=b'9' | b'A'..=b'F');
            let like_escaped = rest.as_bytes().get(at + 2..at + 4).is_some_and(|two| two.iter().all(is_hexadecimal));
            text.push_str(if like_escaped { "\\x5Cx" } else { "\\x" });
            rest = &rest[at + 2..];
        }
        text.push_str(rest);
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02X}"));
        }
    }
    text
}

/// Whether a walk would leave it out: hidden files and folders, and what macOS adds to archives.
pub(super) fn is_passed_over(name: &str) -> bool {
    let hidden = |part: &str| part.starts_with('.') && part != "." && part != "..";
    name.split('/').any(|part| hidden(part) || part == "__MACOSX")
}

/// One part of a path as a name that is safe on every system; nothing for `..` and the like.
fn safe(part: &str) -> Option<Cow<'_, str>> {
    if matches!(part, "" | "." | "..") {
        return None;
    }
    let is_bad = |c: char| c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let mut part = if part.contains(is_bad) { Cow::Owned(part.replace(is_bad, "_")) } else { Cow::Borrowed(part) };
    if part.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| part.is_char_boundary(*at)).unwrap_or(0);
        part = Cow::Owned(part[..end].to_owned());
    }
    Some(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members() {
        #[track_caller]
        fn check(name: &str, path: &str, relative: &str) {
            let member = Place::new("in/a.tar", Path::new("a.tar")).member(name);
            assert_eq!((member.path.as_str(), member.relative.as_path()), (path, Path::new(relative)));
        }
        check("x/y.txt", "in/a.tar!/x/y.txt", "a.tar!/x/y.txt");
        check("./x.txt", "in/a.tar!/x.txt", "a.tar!/x.txt");
        check("/etc/x", "in/a.tar!/etc/x", "a.tar!/etc/x");
        check("../../x", "in/a.tar!/../../x", "a.tar!/x");
        check("C:\\x", "in/a.tar!/C:\\x", "a.tar!/C__x");
        check("x\0y", "in/a.tar!/x\0y", "a.tar!/x_y");
    }

    #[test]
    fn records() {
        #[track_caller]
        fn check(record: &str, relative: &str) {
            assert_eq!(Place::new("b.jsonl", Path::new("b.jsonl")).of_record(record), Path::new(relative));
        }
        check("17", "b.jsonl!/17");
        check("http://a.cn/b?c=1", "b.jsonl!/http___a.cn_b_c=1");
        check("..", "b.jsonl!/_");
        check("../x", "b.jsonl!/.._x");
    }

    #[test]
    fn passed_over() {
        #[track_caller]
        fn check(name: &str, expected: bool) {
            assert_eq!(is_passed_over(name), expected, "{name}");
        }
        check("a/b.txt", false);
        check("./a/../b.txt", false);
        check("a/.b.txt", true);
        check(".git/b", true);
        check("__MACOSX/a/._b.txt", true);
    }

    #[test]
    fn names_of_any_encoding() {
        assert_eq!(decoded("年报.txt".as_bytes()), "年报.txt");
        assert_eq!(decoded(b"\xC4\xEA\xB1\xA8.txt"), "年报.txt");
        assert_eq!(decoded(b"\xC4\xEA\xB1\xFF.txt"), r"\xC4\xEA\xB1\xFF.txt");
    }

    #[test]
    fn names_of_no_encoding() {
        #[track_caller]
        fn check(name: &[u8], expected: &str) {
            assert_eq!(escaped(name), expected);
        }
        check("年报.txt".as_bytes(), "年报.txt");
        check(b"a/\xC4\xEA.txt", r"a/\xC4\xEA.txt");
        check(br"a/\xC4\xEA.txt", r"a/\x5CxC4\x5CxEA.txt");
        check(br"\x5CxC4", r"\x5Cx5CxC4");
        check(br"\x\xy\x1", r"\x\xy\x1");
        check(b"\\\xC4\\x4\xC4", r"\\xC4\x4\xC4");
    }
}
