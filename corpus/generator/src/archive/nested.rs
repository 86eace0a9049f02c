//! Archives in an archive.

use std::io::{self, Cursor, Write};

use crate::collection::{Collection, Report};

use super::count::Counted;
use super::entry::{Counts, Entry};
use super::files::Stored;
use super::packing::Packing;
use super::{Kind, Plan, Tell, files, lines, warc};

/// How many reports stand in one archive inside.
const IN_ONE: usize = 50;

/// What archives inside are made of, in turn.
const PARTS: &[Part] = &[
    Part::Zip,
    Part::LinesInZip,
    Part::TarGz,
    Part::Lines,
    Part::ZipAsStream,
    Part::Texts,
    Part::Crawl,
    Part::ZipInZip,
];

#[derive(Clone, Copy)]
enum Part {
    Zip,
    ZipAsStream,
    /// A zip with a file of lines in it.
    LinesInZip,
    ZipInZip,
    TarGz,
    /// Lines, packed by gzip.
    Lines,
    /// A crawl, packed record by record.
    Crawl,
    /// No archive: texts packed each for itself.
    Texts,
}

/// Writes a tar of archives with some dozens of reports each.
pub fn nested<W: Write>(
    plan: &Plan,
    reports: impl Iterator<Item = Report>,
    out: Counted<W>,
    tell: &mut Tell<'_>,
) -> io::Result<Counted<W>> {
    let mut tar = tar::Builder::new(out);
    let mut reports = reports.peekable();
    let mut number = 0;
    while reports.peek().is_some() {
        let part = PARTS[number % PARTS.len()];
        // Packed texts are files of the outer archive.
        let most = if let Part::Texts = part { 10 } else { IN_ONE };
        let batch: Vec<Report> = reports.by_ref().take(most).collect();
        for (name, bytes, entries) in made(plan, part, number, batch)? {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            header.set_mtime(1_700_000_000);
            let start = tar.get_ref().count();
            tar.append_data(&mut header, name, bytes.as_slice())?;
            let padding = (512 - bytes.len() % 512) % 512;
            let at = start..tar.get_ref().count() - padding as u64;
            for entry in entries {
                tell(Entry { at: at.clone(), ..entry })?;
            }
        }
        number += 1;
    }
    tar.into_inner()
}

/// A file of the outer archive: its name, its bytes, and what is in it.
type Made = (String, Vec<u8>, Vec<Entry>);

fn made(plan: &Plan, part: Part, number: usize, batch: Vec<Report>) -> io::Result<Vec<Made>> {
    let file = |ending: &str| format!("part-{number:04}.{ending}");
    // A plan for the inside of a file; its collection gives the seed of small choices.
    let inside = |path: String, kind: Kind| Plan {
        path,
        kind,
        collection: Collection::new(plan.collection.seed.wrapping_add(number as u64), 0),
        junk: plan.junk,
    };
    let path = |name: &str| format!("{}!/{name}", plan.path);
    let mut entries = Vec::new();
    let mut tell = |entry| {
        entries.push(entry);
        Ok(())
    };
    let reports = batch.into_iter();
    let (name, bytes) = match part {
        Part::Texts => return reports.map(|report| packed_text(plan, report)).collect(),
        Part::Zip => {
            let name = file("zip");
            let stored = files::files(reports, plan.junk);
            let out = files::zip(&inside(path(&name), Kind::Zip), stored, Cursor::new(Vec::new()), &mut tell)?;
            (name, out.into_inner())
        }
        Part::ZipAsStream => {
            let name = file("zip");
            let stored = files::files(reports, plan.junk);
            (name.clone(), files::zip_as_stream(&inside(path(&name), Kind::Zip), stored, Vec::new(), &mut tell)?)
        }
        Part::TarGz => {
            let name = file("tar.gz");
            let stored = files::files(reports, plan.junk);
            let out = Counted::new(Packing::Gzip.writer(Vec::new())?);
            let out = files::tar(&inside(path(&name), Kind::TarGz), stored, out, &mut tell)?;
            (name, out.into_inner().finish()?)
        }
        Part::Lines => {
            let name = file("jsonl.gz");
            let out = Counted::new(Packing::Gzip.writer(Vec::new())?);
            let out = lines::lines(&inside(path(&name), Kind::JsonlGz), reports, out, &mut tell)?;
            (name, out.into_inner().finish()?)
        }
        Part::Crawl => {
            let name = file("warc.gz");
            let inside = inside(path(&name), Kind::WarcGz);
            let bytes = warc::crawl(&inside, false, true, reports, Counted::new(Vec::new()), &mut tell)?;
            (name, bytes)
        }
        Part::LinesInZip => {
            let name = file("zip");
            let inner = "export/reports.jsonl";
            let inside = inside(format!("{}!/{inner}", path(&name)), Kind::Jsonl);
            let bytes = lines::lines(&inside, reports, Counted::new(Vec::new()), &mut tell)?.into_inner();
            (name, zip_of_one(&inside, inner, bytes)?)
        }
        Part::ZipInZip => {
            let name = file("zip");
            let inner = "2023/all.zip";
            let inside = inside(format!("{}!/{inner}", path(&name)), Kind::Zip);
            let stored = files::files(reports, plan.junk);
            let bytes = files::zip(&inside, stored, Cursor::new(Vec::new()), &mut tell)?.into_inner();
            (name, zip_of_one(&inside, inner, bytes)?)
        }
    };
    Ok(vec![(name, bytes, entries)])
}

/// A text in a gzip of its own: it goes by the name of that file.
fn packed_text(plan: &Plan, report: Report) -> io::Result<Made> {
    let name = format!("{}.gz", report.slot.path);
    let mut packer = Packing::Gzip.writer(Vec::new())?;
    packer.write_all(&report.bytes)?;
    let bytes = packer.finish()?;
    let entry = Stored::report(report).entry(format!("{}!/{name}", plan.path), 0..0);
    Ok((name, bytes, vec![entry]))
}

fn zip_of_one(plan: &Plan, name: &str, bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    let file = Stored { name: name.to_owned(), bytes, counts: Counts::PassedOver, report: None };
    let out = files::zip(plan, std::iter::once(file), Cursor::new(Vec::new()), &mut |_| Ok(()))?;
    Ok(out.into_inner())
}
