//! Archives of every kind: same plan, same bytes; other readers find in them what the truth says; damage spares what it should.

#![allow(clippy::disallowed_methods)] // files are what another language reads

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::process::Command;

use gongkai_corpus::archive::{Counts, Damage, Entry, Harm, Kind, Packing, Plan, in_memory};
use gongkai_corpus::{Collection, Encoding, encode};

fn plan(kind: Kind, reports: u64) -> Plan {
    let collection = Collection { sites: 12, ..Collection::new(40, reports) };
    Plan::new(&format!("a.{}", kind.ending()), kind, collection)
}

/// The bytes without the packing of the whole.
fn unpacked(packing: Packing, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match packing {
        Packing::None => Ok(bytes.len()).inspect(|_| out.extend_from_slice(bytes)),
        Packing::Gzip => flate2::read::GzDecoder::new(bytes).read_to_end(&mut out),
        Packing::Zstd => zstd::Decoder::new(bytes).expect("a frame").read_to_end(&mut out),
        Packing::Xz => liblzma::read::XzDecoder::new(bytes).read_to_end(&mut out),
        Packing::Bzip2 => bzip2::read::BzDecoder::new(bytes).read_to_end(&mut out),
    }
    .expect("sound bytes");
    out
}

/// The files of a tar by name, folders left out.
fn tar_files(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = tar::Archive::new(bytes);
    let entries = archive.entries().expect("a tar").map(|entry| entry.expect("a member"));
    let files = entries.filter(|entry| entry.header().entry_type().is_file());
    files
        .map(|mut entry| {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("a member");
            (String::from_utf8(entry.path_bytes().into_owned()).expect("a name"), bytes)
        })
        .collect()
}

fn zip_files(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("a member");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("a member");
        if !file.is_dir() {
            files.insert(file.name().expect("a name").into_owned(), bytes);
        }
    }
    files
}

/// What the truth says of the files right in an archive, by their names.
fn told(entries: &[Entry]) -> BTreeMap<String, Option<Vec<u8>>> {
    let files = entries.iter().filter(|entry| !entry.path.ends_with('/'));
    files
        .map(|entry| {
            let name = entry.path.split_once("!/").expect("a path in an archive").1.to_owned();
            (name, entry.report.as_ref().map(|report| report.bytes.clone()))
        })
        .collect()
}

#[track_caller]
fn same_files(files: &BTreeMap<String, Vec<u8>>, entries: &[Entry]) {
    let told = told(entries);
    assert_eq!(files.keys().collect::<Vec<_>>(), told.keys().collect::<Vec<_>>());
    for (name, bytes) in told {
        assert!(bytes.is_none_or(|bytes| files[&name] == bytes), "{name}");
    }
}

#[test]
fn every_plan_gives_the_same_archive_again() {
    for kind in Kind::ALL.iter().copied() {
        let (one, two) = (in_memory(&plan(kind, 12)), in_memory(&plan(kind, 12)));
        assert_eq!(one.0, two.0, "{}", kind.name());
        let lines = |entries: &[Entry]| entries.iter().map(Entry::to_json).collect::<Vec<_>>();
        assert_eq!(lines(&one.1), lines(&two.1), "{}", kind.name());
        for line in lines(&one.1) {
            serde_json::from_str::<serde_json::Value>(&line).expect("JSON");
        }
        assert_eq!(one.1.iter().filter(|entry| entry.counts == Counts::Report).count(), 12, "{}", kind.name());
        // Each thing has a name of its own.
        let mut names: Vec<_> = one.1.iter().map(|entry| (&entry.path, &entry.record)).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), one.1.len(), "{}", kind.name());
    }
}

#[test]
fn archives_of_files_hold_what_is_told() {
    for kind in [Kind::Tar, Kind::TarGz, Kind::TarZst, Kind::TarXz, Kind::TarBz2] {
        let (bytes, entries) = in_memory(&plan(kind, 120));
        let tar = unpacked(kind.packing(), &bytes);
        same_files(&tar_files(&tar), &entries);
        for entry in &entries {
            let Some(report) = &entry.report else { continue };
            let place = &tar[entry.at.start as usize..entry.at.end as usize];
            assert!(place.ends_with(&report.bytes), "{}", entry.path);
        }
    }
    let (bytes, entries) = in_memory(&plan(Kind::Zip, 120));
    same_files(&zip_files(&bytes), &entries);
    let kinds = |counts| entries.iter().filter(|entry| entry.counts == counts).count();
    assert!(kinds(Counts::Rejected) > 0 && kinds(Counts::Unrecognized) > 0 && kinds(Counts::PassedOver) > 0);
}

/// Python's own modules find the same files, where there is a Python.
#[test]
fn another_language_reads_the_archives() {
    const SCRIPT: &str = "\
import sys, tarfile, zipfile
name = sys.argv[1]
if name.endswith('.zip'):
    files = {i.filename: zipfile.ZipFile(name).read(i) for i in zipfile.ZipFile(name).infolist() if not i.is_dir()}
else:
    tar = tarfile.open(name)
    files = {m.name: tar.extractfile(m).read() for m in tar if m.isfile()}
for file in sorted(files): sys.stdout.buffer.write(f'{len(files[file])} {file}\\n'.encode())
";
    let folder = tempfile::tempdir().expect("a folder");
    for kind in [Kind::Tar, Kind::TarGz, Kind::TarXz, Kind::TarBz2, Kind::Zip] {
        let collection = Collection { sites: 12, ..Collection::new(40, 60) };
        // Not every Python has what unpacks the members that junk brings with it.
        let (bytes, entries) = in_memory(&Plan { junk: kind != Kind::Zip, ..Plan::new("a", kind, collection) });
        let path = folder.path().join(format!("a.{}", kind.ending()));
        std::fs::write(&path, bytes).expect("a file");
        let Ok(output) = Command::new("python3").args(["-c", SCRIPT]).arg(&path).output() else { return };
        assert!(output.status.success(), "{}: {}", kind.name(), String::from_utf8_lossy(&output.stderr));
        let read = String::from_utf8(output.stdout).expect("UTF-8");
        for (name, bytes) in told(&entries) {
            let Some(bytes) = bytes else { continue };
            assert!(read.contains(&format!("{} {name}\n", bytes.len())), "{} {name}", kind.name());
        }
    }
}

#[test]
fn lines_hold_what_is_told() {
    for kind in [Kind::Jsonl, Kind::JsonlGz, Kind::JsonlZst] {
        let (bytes, entries) = in_memory(&plan(kind, 100));
        let text = String::from_utf8(unpacked(kind.packing(), &bytes)).expect("UTF-8");
        let lines: Vec<&str> = text.lines().collect();
        assert!(entries.len() > 100 && lines.len() >= entries.len());
        for entry in &entries {
            let line = &text[entry.at.start as usize..entry.at.end as usize];
            let number = lines.iter().position(|other| other.as_ptr() == line.as_ptr()).expect("a line") + 1;
            let Some(report) = &entry.report else { continue };
            let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
            assert_eq!(value["text"], report.text);
            let id = value["id"].as_str().map_or_else(|| number.to_string(), str::to_owned);
            assert_eq!(entry.record, Some(id));
        }
    }
}

#[test]
fn crawls_hold_what_is_told() {
    for kind in [Kind::Warc, Kind::WarcGz, Kind::Wet, Kind::WetGz] {
        let (bytes, entries) = in_memory(&plan(kind, 100));
        let packed = matches!(kind, Kind::WarcGz | Kind::WetGz);
        for entry in &entries {
            let place = &bytes[entry.at.start as usize..entry.at.end as usize];
            let record = unpacked(if packed { Packing::Gzip } else { Packing::None }, place);
            assert!(record.starts_with(b"WARC/1.0\r\n"));
            let split = record.windows(4).position(|four| four == b"\r\n\r\n").expect("a head") + 4;
            let head = std::str::from_utf8(&record[..split]).expect("a head");
            let field = |name: &str| {
                let line = head.lines().find(|line| line.starts_with(name)).expect("a field");
                line[name.len() + 2..].to_owned()
            };
            let length: usize = field("Content-Length").parse().expect("a number");
            assert_eq!(length, record.len() - split - if packed { 4 } else { 0 });
            assert_eq!(Some(field("WARC-Target-URI")), entry.record);
            if let Some(report) = &entry.report
                && !record.windows(8).any(|eight| eight == b"chunked\r")
            {
                let text = if field("WARC-Type") == "conversion" { report.text.as_bytes() } else { &report.bytes };
                assert!(record[..split + length].ends_with(text), "{:?}", entry.record);
            }
        }
    }
}

#[test]
fn archives_in_an_archive_hold_what_is_told() {
    let (bytes, entries) = in_memory(&plan(Kind::Nested, 400));
    let files = tar_files(&unpacked(Packing::Zstd, &bytes));
    assert!(files.len() > 15);
    for (name, bytes) in files {
        let path = format!("a.tar.zst!/{name}");
        let inside: Vec<Entry> = entries.iter().filter(|entry| entry.path.starts_with(&path)).cloned().collect();
        assert!(!inside.is_empty(), "{name}");
        let direct: Vec<Entry> = inside
            .iter()
            .filter(|entry| entry.path.matches("!/").count() == 2)
            .map(|entry| Entry { path: entry.path["a.tar.zst!/".len()..].to_owned(), ..entry.clone() })
            .collect();
        if name.ends_with(".zip") && !direct.is_empty() && direct[0].record.is_none() {
            same_files(&zip_files(&bytes), &direct);
        } else if name.ends_with(".zip") {
            assert_eq!(zip_files(&bytes).len(), 1);
        } else if name.ends_with(".txt.gz") {
            let report = inside[0].report.as_ref().expect("a report");
            assert_eq!(unpacked(Packing::Gzip, &bytes), report.bytes);
        }
    }
}

#[test]
fn sites_have_a_dress_of_their_own() {
    let collection = Collection { sites: 12, ..Collection::new(1, 150) };
    let mut layouts: BTreeMap<String, Vec<(&str, Encoding)>> = BTreeMap::new();
    for report in collection.reports(collection.in_folders().into_iter()) {
        let site = report.slot.path.split('/').next().expect("a folder").to_owned();
        layouts.entry(site).or_default().push((report.truth.layout, report.encoding));
        assert_eq!(encode(&report.text, report.encoding), report.bytes);
    }
    assert!(layouts.len() > 8);
    for (site, seen) in &layouts {
        assert!(seen.iter().all(|(layout, _)| *layout == seen[0].0), "{site}");
    }
}

#[test]
fn damage_spares_what_stands_before() {
    for kind in Kind::ALL.iter().copied() {
        let (sound, all) = in_memory(&plan(kind, 80));
        for (number, damage) in Damage::ALL.iter().copied().enumerate() {
            let (mut bytes, mut entries) = (sound.clone(), all.clone());
            let harm = Harm::apply(damage, number as u64, kind, &mut bytes, &mut entries);
            let (start, end) = (harm.at.start as usize, harm.at.end as usize);
            assert_eq!(bytes[..start], sound[..start]);
            match damage {
                Damage::Truncate => assert_eq!(bytes.len(), start),
                Damage::Flip | Damage::Zeros => {
                    assert_eq!(bytes[end..], sound[end..]);
                    assert_ne!(bytes[start..end], sound[start..end]);
                }
            }
            let count = |whole| entries.iter().filter(|entry| entry.whole == whole).count();
            let what = format!("{} {}: {:?}", kind.name(), damage.name(), harm.at);
            assert!(count(Some(true)) > 0 || kind.packing() != Packing::None, "{what}");
            assert_eq!(count(Some(false)) > 0, damage == Damage::Truncate, "{what}");
            assert!(damage == Damage::Truncate || count(Some(true)) < entries.len(), "{what}");
            // Before the cut the archive is what it was, so what stands there is read by anyone.
            if kind == Kind::TarGz {
                let mut tar = Vec::new();
                let _ = flate2::read::GzDecoder::new(&bytes[..start]).read_to_end(&mut tar);
                for entry in entries.iter().filter(|entry| entry.whole == Some(true)) {
                    let Some(report) = &entry.report else { continue };
                    assert!(tar[..entry.at.end as usize].ends_with(&report.bytes), "{what}");
                }
            }
        }
    }
}
