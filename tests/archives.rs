//! What is read from archives and packed files of every kind, sound, hidden, nested, and too large.

#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod packing;

use std::fs::{self, OpenOptions};
use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use std::path::{Component, Path};
use std::slice;

use gongkai::source::{Cause, Limits, Options, Skip, feed};
use packing::{
    bz2, check, crawl, gz, jsonl, lines, page, pages, put, read, read_all, read_with, record, response, tar, warc,
    warc_gz, xz, zip, zst,
};

/// Members of these names with one page each.
fn named(names: &[&str]) -> Vec<(String, Vec<u8>)> {
    names.iter().map(|name| ((*name).to_owned(), page(1))).collect()
}

#[test]
fn packed_texts() {
    for pack in [gz, zst, bz2, xz] {
        check("a.txt.xx", &pack(&page(1)), &["a.txt.xx"]);
        check("a", &[pack(b"one"), pack(b"two")].concat(), &["a"]);
        assert_eq!(read("a", &pack(&page(1)))[0].as_ref().expect("a text").bytes, page(1));
    }
    assert_eq!(read("a.gz", &[gz(b"one"), gz(b"two")].concat())[0].as_ref().expect("a text").bytes, b"onetwo");
    check("a.txt.gz.xz", &xz(&gz(&page(1))), &["a.txt.gz.xz"]);
    // Its browser has unpacked it.
    check("a.txt.gz", &page(1), &["a.txt.gz"]);
    check("a.txt.gz", b"", &["a.txt.gz: GK409 Cut(\"gzip data\")"]);
    // Tapes fill up with zeros.
    check("a.txt.gz", &[gz(b"one"), vec![0; 1000]].concat(), &["a.txt.gz"]);
}

#[test]
fn members_come_in_the_order_of_the_archive() {
    let members = named(&["z.txt", "in/b.txt", "a.txt"]);
    let expected = ["x!/z.txt", "x!/in/b.txt", "x!/a.txt"];
    check("x", &tar(&members), &expected);
    check("x", &zip(&members), &expected);
    for pack in [gz, zst, bz2, xz] {
        check("x", &pack(&tar(&members)), &expected);
    }
    let long = format!("{}/年报.txt", "长".repeat(80));
    check("x.tar", &tar(&named(&[&long])), &[&format!("x.tar!/{long}")]);
}

#[test]
fn what_a_walk_leaves_out_is_left_out_of_archives() {
    let members = named(&["a.txt", ".b.txt", "in/.c/d.txt", "__MACOSX/a.txt", "in/._a.txt", "./e.txt"]);
    check("x.tar", &tar(&members), &["x.tar!/a.txt", "x.tar!/e.txt"]);
    check("x.zip", &zip(&members), &["x.zip!/a.txt", "x.zip!/e.txt"]);
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(0);
    header.set_entry_type(tar::EntryType::Symlink);
    archive.append_link(&mut header, "link.txt", "../../secret").expect("tar");
    header.set_entry_type(tar::EntryType::Directory);
    archive.append_data(&mut header, "folder/", &b""[..]).expect("tar");
    check("x.tar", &archive.into_inner().expect("tar"), &[]);
}

/// In a zip only the directory says what a link is: also where the members are read from the front.
#[test]
fn links_in_zip() {
    let links = |linked: &str, names: [&str; 2]| {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        archive.add_symlink(linked, "../../secret.txt", options).expect("zip");
        for name in names {
            archive.start_file(name, options).expect("zip");
            archive.write_all(&page(1)).expect("zip");
        }
        archive.finish().expect("zip").into_inner()
    };
    let sound = links("link.txt", ["a.txt", "b.txt"]);
    check("x", &sound, &["x!/a.txt", "x!/b.txt"]);
    let mut damaged = sound.clone();
    let end = damaged.len() - 22;
    damaged[end + 10] ^= 0xFF;
    damaged[end + 16] ^= 0xFF;
    check("x", &damaged, &["x: GK408 Damaged(\"zip directory\")", "x!/a.txt", "x!/b.txt"]);
    let mut twice = links("link.txt", ["a.txt", "b.txt"]);
    while let Some(at) = twice.windows(5).position(|window| window == b"b.txt") {
        twice[at] = b'a';
    }
    check("x", &twice, &["x!/a.txt", "x!/a.txt"]);
}

#[test]
fn pax_names() {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    let name = "深/".repeat(120) + "年报.txt";
    archive.append_pax_extensions([("path", name.as_bytes())]).expect("tar");
    header.set_path("short.txt").expect("a name");
    header.set_size(3);
    header.set_cksum();
    archive.append(&header, &b"abc"[..]).expect("tar");
    check("x.tar", &archive.into_inner().expect("tar"), &[&format!("x.tar!/{name}")]);
}

#[test]
fn nothing_leads_out_of_a_folder_of_results() {
    let bytes = zip(&named(&["../../up.txt", "/etc.txt", "C:\\disk.txt", "in/../x.txt"]));
    for text in read("x.zip", &bytes) {
        let text = text.expect("a text");
        assert!(text.relative.components().all(|part| matches!(part, Component::Normal(_))), "{:?}", text.relative);
        assert!(text.relative.starts_with("x.zip!"));
    }
    let record = read("x.jsonl", br#"{"text": "x", "id": "../../up"}"#).remove(0).expect("a text");
    assert_eq!(record.relative, Path::new("x.jsonl!/.._.._up"));
}

/// The same archive with the names of its members in GBK, as Chinese systems write them.
#[test]
fn names_in_gbk() {
    let bytes = zip(&named(&["NNNN.txt"]));
    let mut gbk = bytes;
    while let Some(at) = gbk.windows(4).position(|window| window == b"NNNN") {
        gbk[at..at + 4].copy_from_slice(b"\xC4\xEA\xB1\xA8");
    }
    check("x.zip", &gbk, &["x.zip!/年报.txt"]);
    check("x.zip", &zip(&named(&["年报.txt"])), &["x.zip!/年报.txt"]);
}

#[test]
fn archives_in_archives() {
    let inner = named(&["c.txt"]);
    let middle = [
        ("b.zip".to_owned(), zip(&inner)),
        ("b.tar.gz".to_owned(), gz(&tar(&inner))),
        ("b.jsonl".to_owned(), jsonl(&inner)),
        ("b.txt.bz2".to_owned(), bz2(&page(1))),
        ("last.txt".to_owned(), page(2)),
    ];
    let expected = ["a!/b.zip!/c.txt", "a!/b.tar.gz!/c.txt", "a!/b.jsonl [c.txt]", "a!/b.txt.bz2", "a!/last.txt"];
    check("a", &tar(&middle), &expected);
    check("a", &zip(&middle), &expected);
    check("a", &zst(&tar(&middle)), &expected);
    check("a", &gz(&zip(&middle)), &expected);
}

#[test]
fn json_lines() {
    let bytes = b"\xEF\xBB\xBF{\"text\": \"a\", \"id\": 7}\n\n  \n{\"text\": \"b\"}\r\nnonsense\n{\"text\": 5, \"id\": \"x\"}\n{\"id\": 1}\n{\"text\": \"c\"}";
    let expected = [
        "a.jsonl [7]",
        "a.jsonl [4]",
        "a.jsonl [5]: GK412 NoRecord(NotJson)",
        "a.jsonl [6]: GK412 NoRecord(NotText(\"text\"))",
        "a.jsonl [7]: GK412 NoRecord(NoField(\"text\"))",
        "a.jsonl [8]",
    ];
    check("a.jsonl", bytes, &expected);
    check("a.jsonl", b"", &[]);
    let options = Options { text_field: "page.text".into(), id_field: "page.url".into(), ..Options::default() };
    let line = br#"{"page": {"url": "http://a.cn/", "text": "x"}}"#;
    assert_eq!(lines(&read_with("a", line, &options)), ["a [http://a.cn/]"]);

    // A line that is too large costs only itself.
    let options = Options { limits: Limits { bytes: 100, ..Limits::default() }, ..Options::default() };
    let large = format!("{{\"text\": \"a\"}}\n{{\"text\": \"{}\"}}\n{{\"text\": \"b\"}}\n", "x".repeat(300_000));
    let expected = ["a.jsonl [1]", "a.jsonl [2]: GK403 TooLarge(100)", "a.jsonl [3]"];
    assert_eq!(lines(&read_with("a.jsonl", large.as_bytes(), &options)), expected);
}

#[test]
fn json_lines_of_other_encodings() {
    let text = "{\"text\": \"青石县年报\", \"id\": \"甲\"}\r\n\n{\"text\": \"开\", \"id\": \"乙\"}";
    let little: Vec<u8> = "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let gb = encoding_rs::GB18030.encode(text).0.into_owned();
    for (name, bytes) in [("a.jsonl", &little), ("a", &little), ("a.jsonl", &big), ("a.jsonl", &gb), ("a", &gb)] {
        check(name, bytes, &[&format!("{name} [甲]"), &format!("{name} [乙]")]);
        let texts: Vec<Vec<u8>> = read(name, &gz(bytes)).into_iter().map(|text| text.expect("a text").bytes).collect();
        assert_eq!(texts, ["青石县年报".as_bytes(), "开".as_bytes()]);
    }
    // Half a character costs itself.
    let mut cut = little.clone();
    cut.splice(22..24, [0x00, 0xD8]);
    assert_eq!(read("a", &cut)[0].as_ref().expect("a text").bytes, [b"\xFF", "石县年报".as_bytes()].concat());
    // A file that is larger than what is read at once.
    let lines = text.repeat(30_000).replace("}{", "}\n{");
    let little: Vec<u8> = lines.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read("a.jsonl", &little).iter().filter(|text| text.is_ok()).count(), 60_000);
}

#[test]
fn crawls() {
    let members = named(&["a.txt", "b.txt"]);
    let expected = ["x [http://a.cn/a.txt]", "x [http://a.cn/b.txt]"];
    check("x", &warc(&members), &expected);
    check("x", &warc_gz(&members), &expected);
    check("x", &gz(&warc(&members)), &expected);
    check("x", &zst(&warc(&members)), &expected);
    assert_eq!(read("x", &warc_gz(&members))[1].as_ref().expect("a text").bytes, page(1));

    let packed = gz(&page(1));
    let coded =
        [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/plain\r\n\r\n", &packed[..]].concat();
    let records = [
        record("conversion", "http://a.cn/wet", "text/plain", "青石县\n".as_bytes()),
        record("resource", "http://a.cn/file", "text/plain", "青石县\n".as_bytes()),
        record("response", "http://a.cn/coded", "application/http", &coded),
        response("http://a.cn/page", "200 OK", "text/html; charset=gbk", b"<html>"),
        response("http://a.cn/hidden", "200 OK", "text/plain", b"<!DOCTYPE html><html>"),
        response("http://a.cn/pdf", "200 OK", "application/pdf", b"%PDF-1.4"),
        response("http://a.cn/png", "200 OK", "image/png", b"\x89PNG\r\n\x1A\n"),
        response("http://a.cn/gone", "404 Not Found", "text/plain", b"no"),
        record("metadata", "http://a.cn/meta", "application/warc-fields", b"a: b"),
        record("revisit", "http://a.cn/again", "application/http", b"HTTP/1.1 200 OK\r\n\r\n"),
    ];
    let expected = [
        "x [http://a.cn/wet]",
        "x [http://a.cn/file]",
        "x [http://a.cn/coded]",
        "x [http://a.cn/page]: GK411 Unsupported(\"HTML\")",
        "x [http://a.cn/hidden]: GK411 Unsupported(\"HTML\")",
        "x [http://a.cn/pdf]: GK411 Unsupported(\"PDF\")",
    ];
    check("x", &records.concat(), &expected);
    assert_eq!(read("x", &records.concat())[2].as_ref().expect("a text").bytes, page(1));
}

#[test]
fn kinds_that_are_not_read() {
    check("a.txt", b"%PDF-1.4\n", &["a.txt: GK411 Unsupported(\"PDF\")"]);
    let office = "Office document (docx, xlsx, pptx, odt)";
    let docx = zip(&named(&["_rels/x.xml", "[Content_Types].xml", "word/document.xml"]));
    check("a.docx", &docx, &[&format!("a.docx: GK411 Unsupported({office:?})")]);
    let members =
        [("a.pdf".to_owned(), b"%PDF-1.4".to_vec()), ("b.docx".to_owned(), docx), ("c.txt".to_owned(), page(1))];
    let expected = [
        "x!/a.pdf: GK411 Unsupported(\"PDF\")".to_owned(),
        format!("x!/b.docx: GK411 Unsupported({office:?})"),
        "x!/c.txt".to_owned(),
    ];
    assert_eq!(lines(&read("x", &tar(&members))), expected);
    assert_eq!(lines(&read("x", &zip(&members))), expected);
}

#[test]
fn a_member_with_a_password_costs_only_itself() {
    let mut bytes = zip(&named(&["a.txt", "b.txt"]));
    // The flag of the first member, before it and in the directory.
    bytes[6] |= 1;
    let directory = bytes.windows(4).position(|window| window == b"PK\x01\x02").expect("a directory");
    bytes[directory + 8] |= 1;
    check("x.zip", &bytes, &["x.zip!/a.txt: GK410 Encrypted", "x.zip!/b.txt"]);
}

#[test]
fn large_files_are_streamed_and_give_the_same() {
    let mut members = pages(6);
    members.insert(3, ("large.txt".to_owned(), noise(300_000)));
    for (name, bytes) in [
        ("a.tar", tar(&members)),
        ("a.tar.zst", zst(&tar(&members))),
        ("a.tar.gz", gz(&tar(&members))),
        ("a.zip", zip(&members)),
        ("a.zip.xz", xz(&zip(&members))),
    ] {
        assert!(bytes.len() > 128 << 10, "{name}");
        let found = read(name, &bytes);
        assert_eq!(found.len(), members.len(), "{name}");
        for (text, (member, page)) in found.into_iter().zip(&members) {
            let text = text.expect("a text");
            assert!(text.path == format!("{name}!/{member}") && text.bytes == *page, "{name}: {member}");
        }
    }
}

/// Letters without order, which no packing makes small.
fn noise(size: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut letter = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        b' ' + (state >> 32) as u8 % 90
    };
    (0..size).map(|_| letter()).collect()
}

#[test]
fn limits() {
    #[track_caller]
    fn check(limits: Limits, name: &str, bytes: &[u8], expected: &[&str]) {
        let options = Options { limits, ..Options::default() };
        assert_eq!(lines(&read_with(name, bytes, &options)), expected, "{name}");
    }
    let usual = Limits::default();
    let two = [
        ("a.txt".to_owned(), vec![b'a'; 50]),
        ("b.txt".to_owned(), vec![b'b'; 5000]),
        ("c.txt".to_owned(), vec![b'c'; 50]),
    ];

    let small = Limits { bytes: 100, ..usual };
    check(small, "x.tar", &tar(&two), &["x.tar!/a.txt", "x.tar!/b.txt: GK403 TooLarge(100)", "x.tar!/c.txt"]);
    check(small, "x.zip", &zip(&two), &["x.zip!/a.txt", "x.zip!/b.txt: GK403 TooLarge(100)", "x.zip!/c.txt"]);
    check(small, "x.gz", &gz(&two[1].1), &["x.gz: GK403 TooLarge(100)"]);
    check(small, "x", &two[1].1, &["x: GK403 TooLarge(100)"]);

    let tight = Limits { expanded: 2000, ..usual };
    check(tight, "x.gz", &gz(&[b'a'; 5000]), &["x.gz: GK404 Expanded(2000)"]);
    check(tight, "x.zip", &zip(&two), &["x.zip!/a.txt", "x.zip!/b.txt: GK404 Expanded(2000)"]);

    let zeros = vec![0; 20 << 20];
    for pack in [gz, zst, bz2, xz] {
        check(usual, "x.txt", &pack(&zeros), &["x.txt: GK405 Ratio(1000)"]);
    }
    let mut nested = page(1);
    for _ in 0..8 {
        nested = gz(&nested);
    }
    check(usual, "x", &nested, &["x"]);
    check(usual, "x", &gz(&nested), &["x: GK406 Nesting(8)"]);
    check(Limits { nesting: 1, ..usual }, "x.tar.gz", &gz(&tar(&two)), &["x.tar.gz: GK406 Nesting(1)"]);
    check(Limits { nesting: 0, ..usual }, "x.zip", &zip(&two), &["x.zip: GK406 Nesting(0)"]);

    let few = Limits { members: 2, ..usual };
    check(few, "x.tar", &tar(&two), &["x.tar!/a.txt", "x.tar!/b.txt", "x.tar: GK407 Members(2)"]);
    check(few, "x.zip", &zip(&two), &["x.zip!/a.txt", "x.zip!/b.txt", "x.zip: GK407 Members(2)"]);
}

/// Members that share their bytes: each is modest, all together are not.
#[test]
fn a_directory_that_names_one_member_over_and_over() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("0.txt", options).expect("zip");
    archive.write_all(&vec![0; 4 << 20]).expect("zip");
    for number in 1..2000 {
        archive.shallow_copy_file("0.txt", &format!("{number}.txt")).expect("zip");
    }
    let bytes = archive.finish().expect("zip").into_inner();
    let found = read("x.zip", &bytes);
    assert!(found.len() < 100, "{}", found.len());
    assert_eq!(lines(&found).last().map(String::as_str), Some("x.zip: GK405 Ratio(1000)"));
}

#[test]
fn arguments_come_in_their_order() {
    let desk = tempfile::tempdir().expect("a folder");
    fs::create_dir(desk.path().join("in")).expect("a folder");
    let first = put(desk.path(), "z.tar", &tar(&named(&["b.txt", "a.txt"])));
    put(desk.path(), "in/1.txt", b"x");
    put(desk.path(), "in/2.txt.gz", &gz(b"x"));
    put(desk.path(), "in/3.jsonl", b"{\"text\": \"x\", \"id\": \"b/c\"}");
    let found = read_all(&[first, desk.path().join("in"), desk.path().join("none")], &Options::default());
    let relative = |text: &gongkai::source::Text| text.relative.to_string_lossy().into_owned();
    let relatives: Vec<String> = found.iter().flatten().map(relative).collect();
    assert_eq!(relatives, ["z.tar!/b.txt", "z.tar!/a.txt", "1.txt", "2.txt.gz", "3.jsonl!/b_c"]);
    assert!(lines(&found)[5].contains("none: GK401 Io("));
}

#[test]
fn one_text_of_a_file() {
    let desk = tempfile::tempdir().expect("a folder");
    let text = |name: &str, bytes: &[u8]| {
        let input = gongkai::source::Input::file(put(desk.path(), name, bytes), name.into());
        match input.text(&Options::default()) {
            Ok((text, remark)) => {
                let remark = remark.map(|error| format!(" {:?}", error.cause));
                String::from_utf8_lossy(&text.bytes).into_owned() + &remark.unwrap_or_default()
            }
            Err(error) => format!("{:?}", error.cause),
        }
    };
    assert_eq!(text("a.txt.gz", &gz(b"abc")), "abc");
    assert_eq!(text("b.txt.gz", &[&gz(b"abc"), &b"JUNK"[..]].concat()), "abc Behind(\"gzip data\")");
    assert_eq!(text("a.zip", &zip(&[("b.txt".to_owned(), b"abc".to_vec())])), "abc");
    assert_eq!(text("a.tar", &tar(&pages(3))), "Several(2)");
    assert_eq!(text("b.tar", &tar(&[])), "Several(0)");
    assert_eq!(text("a.warc", &crawl(&[])[0]), "Several(0)");
}

/// A large file is read while its texts are taken, so it may be written to meanwhile.
#[test]
fn a_file_that_is_written_to_while_it_is_read_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let (line, archive) = (jsonl(&pages(1)), tar(&pages(60)));
    for (name, bytes) in [("a.jsonl", line.repeat((512 << 10) / line.len())), ("a.tar", archive)] {
        assert!(bytes.len() > 128 << 10, "{name} is not streamed");
        let path = put(folder.path(), name, &bytes);
        let (mut texts, mut causes) = (0, Vec::new());
        feed(slice::from_ref(&path), &Skip::default(), &Options::default(), &mut |input| {
            match input {
                Ok(_) if texts == 0 => {
                    let mut file = OpenOptions::new().append(true).open(&path).expect("the file");
                    file.write_all(b"\n").expect("a byte more");
                    texts += 1;
                }
                Ok(_) => texts += 1,
                Err(error) => causes.push(error.cause),
            }
            ControlFlow::Continue(())
        });
        assert!(texts > 10, "{name}: {texts} texts");
        assert!(matches!(causes[..], [Cause::Changed]), "{name}: {causes:?}");
    }
}
