//! Reports as files: the files themselves, and archives of files.

use std::collections::HashSet;
use std::io::{self, Seek, Write};
use std::ops::Range;

use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime};

use crate::collection::Report;
use crate::rng::Rng;

use super::count::Counted;
use super::entry::{Counts, Entry};
use super::{Plan, Tell, junk};

/// A file, or a folder, whose name ends in `/`.
pub struct Stored {
    pub name: String,
    pub bytes: Vec<u8>,
    pub counts: Counts,
    pub report: Option<Box<Report>>,
}

impl Stored {
    pub fn report(report: Report) -> Self {
        Stored {
            name: report.slot.path.clone(),
            bytes: report.bytes.clone(),
            counts: Counts::Report,
            report: Some(Box::new(report)),
        }
    }

    pub fn entry(self, path: String, at: Range<u64>) -> Entry {
        Entry { path, record: None, counts: self.counts, report: self.report, at, whole: None }
    }
}

/// The files of reports, with what else lies in their folders.
pub fn files(reports: impl Iterator<Item = Report>, with_junk: bool) -> impl Iterator<Item = Stored> {
    let mut listed = HashSet::new();
    reports.flat_map(move |report| {
        let end = report.slot.path.rfind('/').map_or(0, |slash| slash + 1);
        let folder = report.slot.path[..end].to_owned();
        let mut files = if with_junk { junk::beside(report.slot.seed, &folder) } else { Vec::new() };
        // A folder is listed once, and has one of each hidden file.
        files.retain(|file| listed.insert(file.name.clone()));
        files.push(Stored::report(report));
        files
    })
}

/// Files in a tar. Long names are kept in both ways that there are.
pub fn tar<W: Write>(
    plan: &Plan,
    files: impl Iterator<Item = Stored>,
    out: Counted<W>,
    tell: &mut Tell<'_>,
) -> io::Result<Counted<W>> {
    let mut tar = tar::Builder::new(out);
    for (number, file) in files.enumerate() {
        let start = tar.get_ref().count();
        let mut header = tar::Header::new_gnu();
        header.set_size(file.bytes.len() as u64);
        header.set_mode(if file.name.ends_with('/') { 0o755 } else { 0o644 });
        header.set_mtime(1_700_000_000 + number as u64);
        if file.name.ends_with('/') {
            header.set_entry_type(tar::EntryType::Directory);
        }
        if file.name.len() > 100 && number.is_multiple_of(2) {
            tar.append_pax_extensions([("path", file.name.as_bytes())])?;
            header.set_path(format!("pax/{number}"))?;
            header.set_cksum();
            tar.append(&header, file.bytes.as_slice())?;
        } else {
            tar.append_data(&mut header, &file.name, file.bytes.as_slice())?;
        }
        let padding = (512 - file.bytes.len() % 512) % 512;
        let at = start..tar.get_ref().count() - padding as u64;
        let path = format!("{}!/{}", plan.path, file.name);
        tell(file.entry(path, at))?;
    }
    tar.into_inner()
}

/// Files in a zip; the sizes stand before each, as whoever can go back in a file writes it.
pub fn zip<W: Write + Seek>(
    plan: &Plan,
    files: impl Iterator<Item = Stored>,
    out: W,
    tell: &mut Tell<'_>,
) -> io::Result<W> {
    let count = std::rc::Rc::new(std::cell::Cell::new(0));
    let out = Watched { counted: Counted::new(out), count: count.clone() };
    Ok(zipped(plan, files, ZipWriter::new(out), &|| count.get(), tell)?.counted.into_inner())
}

/// Files in a zip; the sizes stand behind each, as whoever writes into a pipe has to.
pub fn zip_as_stream<W: Write>(
    plan: &Plan,
    files: impl Iterator<Item = Stored>,
    out: W,
    tell: &mut Tell<'_>,
) -> io::Result<W> {
    Ok(zipped(plan, files, ZipWriter::new_stream(out), &|| 0, tell)?.into_inner())
}

fn zipped<W: Write + Seek>(
    plan: &Plan,
    files: impl Iterator<Item = Stored>,
    mut zip: ZipWriter<W>,
    count: &dyn Fn() -> u64,
    tell: &mut Tell<'_>,
) -> io::Result<W> {
    let mut rng = Rng::named(plan.collection.seed, "zip");
    let mut before: Option<(Stored, u64)> = None;
    for file in files {
        let method = match rng.below(20) {
            0 if plan.junk => CompressionMethod::Stored,
            1 if plan.junk => CompressionMethod::Bzip2,
            2 if plan.junk => CompressionMethod::Zstd,
            _ => CompressionMethod::Deflated,
        };
        let level = (method == CompressionMethod::Deflated).then_some(3);
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .compression_level(level)
            .last_modified_time(DateTime::default());
        if file.name.ends_with('/') {
            zip.add_directory(&*file.name, options)?;
        } else {
            zip.start_file(&*file.name, options)?;
        }
        // The head of this file is written: what was before it ends earlier, and it begins no later than so.
        let here = count();
        if let Some((file, start)) = before.take() {
            let path = format!("{}!/{}", plan.path, file.name);
            tell(file.entry(path, start..here))?;
        }
        zip.write_all(&file.bytes)?;
        let head = 94 + file.name.len() as u64;
        before = Some((file, here.saturating_sub(head)));
    }
    let out = zip.finish()?;
    if let Some((file, start)) = before {
        let path = format!("{}!/{}", plan.path, file.name);
        tell(file.entry(path, start..count()))?;
    }
    Ok(out)
}

/// A counted writer whose count can be seen while another owns it.
struct Watched<W> {
    counted: Counted<W>,
    count: std::rc::Rc<std::cell::Cell<u64>>,
}

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.counted.write(bytes)?;
        self.count.set(self.counted.count());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.counted.flush()
    }
}

impl<W: Seek> Seek for Watched<W> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.counted.seek(to)
    }
}
