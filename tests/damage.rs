//! Damaged archives of every kind: what is damaged is told, nothing wrong passes for a text, and all else is there.

#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod packing;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use gongkai::source::{Error, Text};
use packing::{bz2, gz, jsonl, pages, read, tar, warc, warc_gz, xz, zip, zst};

const PAGES: u64 = 6;

static TRUTH: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| pages(PAGES));

/// An archive with its pages, and what its format promises.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    /// Where each page ends in the bytes; none where that can't be said.
    ends: Vec<usize>,
    /// Whether a checksum stands over every byte of a page.
    checked: bool,
}

fn cases() -> Vec<Case> {
    let pages = &*TRUTH;
    let frames = |part: &dyn Fn(usize) -> Vec<u8>| {
        let mut bytes = Vec::new();
        let mut ends = Vec::new();
        for index in 0..pages.len() {
            bytes.extend(part(index));
            ends.push(bytes.len());
        }
        (bytes, ends)
    };
    let none = || vec![usize::MAX; pages.len()];
    let (plain, plain_ends) = frames(&|index| jsonl(&pages[index..=index]));
    let (lines_gz, lines_gz_ends) = frames(&|index| gz(&jsonl(&pages[index..=index])));
    let (lines_zst, lines_zst_ends) = frames(&|index| zst(&jsonl(&pages[index..=index])));
    let archive = tar(pages);
    let tar_ends: Vec<usize> = (0..pages.len()).map(|index| tar(&pages[..=index]).len() - 1024).collect();
    let zip_ends: Vec<usize> = {
        let end = |index: usize| zip(&pages[..=index]).windows(4).position(|window| window == b"PK\x01\x02");
        (0..pages.len()).map(|index| end(index).expect("a directory")).collect()
    };
    let case = |name, bytes, ends, checked| Case { name, bytes, ends, checked };
    vec![
        case("a.tar", archive.clone(), tar_ends, false),
        case("a.tar.gz", gz(&archive), none(), true),
        case("a.tar.zst", zst(&archive), none(), true),
        case("a.tar.bz2", bz2(&archive), none(), true),
        case("a.tar.xz", xz(&archive), none(), true),
        case("a.zip", zip(pages), zip_ends, true),
        case("a.zip.gz", gz(&zip(pages)), none(), true),
        case("a.jsonl", plain, plain_ends, false),
        case("a.jsonl.gz", lines_gz, lines_gz_ends, true),
        case("a.jsonl.zst", lines_zst, lines_zst_ends, true),
        case("a.jsonl.bz2", bz2(&jsonl(pages)), none(), true),
        case("a.jsonl.xz", xz(&jsonl(pages)), none(), true),
        case("a.warc", warc(pages), none(), false),
        case("a.warc.gz", warc_gz(pages), none(), true),
        case("a.warc.zst", zst(&warc(pages)), none(), true),
    ]
}

/// The pages that were given, by number. Where a checksum says so, no other text may be among them.
#[track_caller]
fn given(case: &Case, found: &[Result<Text, Error>], what: &str) -> BTreeSet<usize> {
    let pages = &*TRUTH;
    let mut given = BTreeSet::new();
    for text in found.iter().flatten() {
        match pages.iter().position(|(_, page)| *page == text.bytes) {
            Some(index) => assert!(given.insert(index), "{}, {what}: page {index} twice", case.name),
            None => assert!(!case.checked, "{}, {what}: a wrong text at {}", case.name, text.path),
        }
    }
    given
}

#[test]
fn sound_archives_give_all() {
    for case in cases() {
        let found = read(case.name, &case.bytes);
        assert!(found.iter().all(Result::is_ok), "{}", case.name);
        assert_eq!(given(&case, &found, "sound").len(), PAGES as usize, "{}", case.name);
    }
}

#[test]
fn a_cut_archive_gives_what_stands_before_the_cut() {
    for case in cases() {
        let length = case.bytes.len();
        let step = length / 60 + 1;
        let mut most = 0;
        for cut in (1..length).step_by(step).chain([length - 1]) {
            let what = format!("cut at {cut} of {length}");
            let found = read(case.name, &case.bytes[..cut]);
            let given = given(&case, &found, &what);
            let rejected = found.iter().filter(|found| found.is_err()).count();
            let before = case.ends.iter().filter(|end| **end <= cut).count();
            assert!(given.len() >= before, "{}, {what}: {} of {before}", case.name, given.len());
            // A line is whole without its end, and nothing marks the end of lines and records.
            let whole = case.ends.contains(&cut) || matches!(case.name, "a.jsonl" | "a.warc" | "a.warc.gz");
            assert!(rejected > 0 || whole || given.len() == PAGES as usize, "{}, {what}: nothing is told", case.name);
            most = most.max(given.len());
        }
        // Of one frame at the end of which everything is known, as much is given as there is.
        assert!(most >= PAGES as usize - 1, "{}: {most}", case.name);
    }
}

#[test]
fn a_wrong_byte_costs_what_it_stands_in() {
    for case in cases() {
        let length = case.bytes.len();
        let step = length / 60 + 1;
        for at in (0..length).step_by(step) {
            for wrong in [0x01, 0xFF] {
                let mut bytes = case.bytes.clone();
                bytes[at] ^= wrong;
                let what = format!("{wrong:#x} at {at} of {length}");
                let found = read(case.name, &bytes);
                let given = given(&case, &found, &what);
                let (rejected, texts) =
                    (found.iter().filter(|found| found.is_err()).count(), found.iter().flatten().count());
                assert!(texts <= PAGES as usize, "{}, {what}: {texts} texts", case.name);
                if case.checked && case.name != "a.zip" {
                    assert!(rejected > 0 || given.len() == PAGES as usize, "{}, {what}: nothing is told", case.name);
                }
                let others = case.ends.windows(2).filter(|ends| at < ends[0] || at >= ends[1]).count();
                if case.ends.iter().all(|end| *end != usize::MAX) && at < *case.ends.last().unwrap_or(&0) {
                    assert!(given.len() >= others.min(PAGES as usize - 2), "{}, {what}: {given:?}", case.name);
                }
            }
        }
    }
}

/// What was unpacked before a cut may fill the room that there is to the last byte.
#[test]
fn a_cut_behind_a_full_block_is_a_cut() {
    let mut state = 1u32;
    let digit = |state: &mut u32| {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b'0' + (*state >> 24) as u8 % 64
    };
    let text: Vec<u8> = (0..200 << 10).map(|_| digit(&mut state)).collect();
    let packed = zst(&text);
    packing::check("a.txt.zst", &packed, &["a.txt.zst"]);
    let cut = &packed[..packed.len() * 4 / 5];
    packing::check("a.txt.zst", cut, &["a.txt.zst: GK409 Cut(\"Zstandard data\")"]);
}

/// What stands behind a sound frame and is none takes nothing from it. What may be a damaged frame does.
#[test]
fn something_else_behind_a_sound_frame() {
    let (page, pages) = (packing::page(1), &*TRUTH);
    for (pack, what) in [(gz as fn(&[u8]) -> Vec<u8>, "gzip"), (zst, "Zstandard"), (bz2, "bzip2"), (xz, "xz")] {
        let told = format!("GK408 Behind(\"{what} data\")");
        for junk in [&b"JUNK\n"[..], &[0xFF; 5000], b"<html>"] {
            let with_junk = |bytes: &[u8]| [&pack(bytes), junk].concat();
            packing::check("a.txt.x", &with_junk(&page), &["a.txt.x", &format!("a.txt.x: {told}")]);
            let found = read("a.txt.x", &with_junk(&page));
            assert!(found[0].as_ref().is_ok_and(|text| text.bytes == page), "{what}");
            let error = found[1].as_ref().expect_err("what is told");
            assert_eq!((error.place, error.lost), (Some(pack(&page).len() as u64), Some(junk.len() as u64)), "{what}");
            for bytes in [tar(pages), zip(pages), jsonl(pages), jsonl(pages).trim_ascii_end().to_vec(), warc(pages)] {
                let found = read("a", &with_junk(&bytes));
                assert_eq!(found.iter().flatten().count(), PAGES as usize, "{what}: {:?}", packing::lines(&found));
                assert_eq!(packing::lines(&found).last(), Some(&format!("a: {told}")));
            }
        }
        let mut second = pack(b"two");
        second[1] ^= 1;
        let told = format!("a.txt.x: GK408 Damaged(\"{what} data\")");
        packing::check("a.txt.x", &[pack(b"one"), second].concat(), &[&told]);
        packing::check("a.txt.x", &[&pack(b"one"), &b"JUNK"[..], &pack(b"two")].concat(), &[&told]);
    }
    let coded = [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", &gz(&page)[..], b"JUNK"].concat();
    let record = packing::record("response", "http://a.cn/", "application/http", &coded);
    packing::check("a", &record, &["a [http://a.cn/]", "a [http://a.cn/]: GK408 Behind(\"gzip data\")"]);
}

/// A piece that is missing, or stands twice, or is filled with zeros.
#[test]
fn pieces_lost_and_doubled() {
    for case in cases() {
        let length = case.bytes.len();
        for (from, to) in [(length / 3, length / 3 + 100), (length / 2, length / 2 + 1500), (10, 40)] {
            let to = to.min(length);
            let (before, piece, after) = (&case.bytes[..from], &case.bytes[from..to], &case.bytes[to..]);
            let zeros = vec![0; piece.len()];
            for bytes in
                [[before, after].concat(), [before, piece, piece, after].concat(), [before, &zeros, after].concat()]
            {
                let what = format!("{from} to {to}");
                let found = read(case.name, &bytes);
                let given = given(&case, &found, &what);
                let rejected = found.iter().any(Result::is_err);
                assert!(rejected || given.len() == PAGES as usize || !case.checked, "{}, {what}", case.name);
            }
        }
    }
}

/// A record of a crawl that is damaged costs that record.
#[test]
fn a_record_of_a_packed_crawl_costs_itself() {
    let pages = &*TRUTH;
    let records = packing::crawl(pages);
    let packed: Vec<Vec<u8>> = records.iter().map(|record| gz(record)).collect();
    for (index, record) in packed.iter().enumerate() {
        for part in [0, 3, record.len() / 3, record.len() / 2, record.len() - 6] {
            let mut packed = packed.clone();
            packed[index][part] ^= 0x55;
            let found = read("a.warc.gz", &packed.concat());
            let texts = found.iter().flatten().count();
            let lost = usize::from(index > 0 && index % 2 == 0);
            assert!(texts >= PAGES as usize - lost, "record {index}, byte {part}: {:?}", packing::lines(&found));
            assert_eq!(found.len() - texts, 1, "record {index}, byte {part}: {:?}", packing::lines(&found));
            let error = found.iter().find_map(|found| found.as_ref().err()).expect("what is told");
            assert_eq!(error.record, None, "record {index}, byte {part}: {:?}", packing::lines(&found));
        }
    }
}

/// The first bytes of a record, or the length that its head gives, are wrong: that costs this record, wherever the length leads.
#[test]
fn a_wrong_head_in_a_crawl_costs_its_record() {
    let pages = &*TRUTH;
    let records = packing::crawl(pages);
    let length = |record: &[u8], wrong: &dyn Fn(u64) -> String| {
        let head = record.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let text = String::from_utf8_lossy(&record[..head]).into_owned();
        let (before, right) = text.rsplit_once(' ').expect("a length");
        [before.as_bytes(), b" ", wrong(right.parse().expect("a length")).as_bytes(), &record[head..]].concat()
    };
    type Wrong<'w> = &'w dyn Fn(&[u8]) -> Vec<u8>;
    let wrongs: [Wrong<'_>; 8] = [
        &|record| [b"X", &record[1..]].concat(),
        &|record| record[3..].to_vec(),
        &|record| length(record, &|right| format!("9{right}")),
        &|record| length(record, &|_| "9876543210".to_owned()),
        &|record| length(record, &|right| (right + 700).to_string()),
        &|record| length(record, &|right| (right + 9).to_string()),
        &|record| length(record, &|right| (right - 9).to_string()),
        &|record| length(record, &|_| "many".to_owned()),
    ];
    for (index, sound) in records.iter().enumerate() {
        for (number, wrong) in wrongs.iter().enumerate() {
            let mut records = records.clone();
            records[index] = wrong(sound);
            let bytes = records.concat();
            for (name, bytes) in [("a.warc", bytes.clone()), ("a.warc.gz", gz(&bytes)), ("b", zst(&bytes))] {
                let found = read(name, &bytes);
                let what = format!("{name}: record {index}, {number}: {:?}", packing::lines(&found));
                let lost = usize::from(index > 0 && index % 2 == 0);
                let case = Case { name: "a.warc", bytes: Vec::new(), ends: Vec::new(), checked: true };
                assert_eq!(given(&case, &found, &what).len(), PAGES as usize - lost, "{what}");
                let [error] = &found.iter().filter_map(|found| found.as_ref().err()).collect::<Vec<_>>()[..] else {
                    panic!("{what}");
                };
                // Behind the last one nothing goes on, so that it may have been cut.
                let place = records[..index].concat().len() as u64;
                let told = error.place == Some(place) && error.lost == Some(records[index].len() as u64);
                assert!(told || index == records.len() - 1, "{what}: {:?} {:?}", error.place, error.lost);
            }
        }
    }
}

/// What a record holds may speak of records, and a crawl may hold a crawl.
#[test]
fn records_within_records() {
    let inner = packing::record("conversion", "http://b.cn/", "text/plain", b"\xE9\x9D\x92\n");
    let text = [b"The first line is WARC/1.0.\r\n\r\nWARC/1.0\r\nin a file.\n", &inner[..]].concat();
    let records = [
        packing::record("metadata", "http://a.cn/1", "text/plain", &text),
        packing::response("http://a.cn/2", "200 OK", "image/png", &inner),
        packing::record("conversion", "http://a.cn/3", "text/plain", &text),
    ];
    packing::check("a.warc", &records.concat(), &["a.warc [http://a.cn/3]"]);
}
