//! Archives of many reports, with the truth about each: how gongkai names it, how it counts, what it says, where it stands.
//!
//! In: a [`Plan`]. Out: the bytes of an archive, and an [`Entry`] for each thing in it, in the archive's order. Only a few
//! hundred reports are held in memory at a time. The same plan gives the same bytes.
//!
//! ```
//! use gongkai_corpus::archive::{Kind, Plan, in_memory};
//! use gongkai_corpus::Collection;
//!
//! let plan = Plan::new("a.tar.gz", Kind::TarGz, Collection::new(7, 3));
//! let (bytes, entries) = in_memory(&plan);
//! assert!(bytes.starts_with(b"\x1f\x8b"));
//! assert_eq!(entries.iter().filter(|entry| entry.report.is_some()).count(), 3);
//! assert!(entries[0].path.starts_with("a.tar.gz!/"));
//! ```

mod count;
mod damage;
mod entry;
mod files;
mod junk;
mod lines;
mod nested;
mod packing;
mod warc;

use std::io::{self, Cursor, Seek, Write};
use std::path::Path;

use crate::collection::{Collection, Slot};

pub use damage::{Damage, Harm};
pub use entry::{Counts, Entry};
pub use packing::{Packing, unpacked};

use count::Counted;

/// The archives that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Tar,
    TarGz,
    TarZst,
    TarXz,
    TarBz2,
    Zip,
    Jsonl,
    JsonlGz,
    JsonlZst,
    /// Responses of servers as a crawler keeps them.
    Warc,
    /// As `Warc`, each record packed for itself.
    WarcGz,
    /// The texts alone that were taken from a crawl.
    Wet,
    WetGz,
    /// Archives in a tar.zst: zips, lines in zips, crawls, packed texts.
    Nested,
}

/// What a kind is, without its packing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Tar,
    Zip,
    Lines,
    Warc,
    Wet,
    Nested,
}

impl Kind {
    /// Every kind.
    pub const ALL: &[Kind] = &[
        Kind::Tar,
        Kind::TarGz,
        Kind::TarZst,
        Kind::TarXz,
        Kind::TarBz2,
        Kind::Zip,
        Kind::Jsonl,
        Kind::JsonlGz,
        Kind::JsonlZst,
        Kind::Warc,
        Kind::WarcGz,
        Kind::Wet,
        Kind::WetGz,
        Kind::Nested,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Tar => "tar",
            Kind::TarGz => "tar.gz",
            Kind::TarZst => "tar.zst",
            Kind::TarXz => "tar.xz",
            Kind::TarBz2 => "tar.bz2",
            Kind::Zip => "zip",
            Kind::Jsonl => "jsonl",
            Kind::JsonlGz => "jsonl.gz",
            Kind::JsonlZst => "jsonl.zst",
            Kind::Warc => "warc",
            Kind::WarcGz => "warc.gz",
            Kind::Wet => "wet",
            Kind::WetGz => "wet.gz",
            Kind::Nested => "nested",
        }
    }

    /// How a file of this kind ends.
    pub fn ending(self) -> &'static str {
        if self == Kind::Nested { "tar.zst" } else { self.name() }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    fn form(self) -> Form {
        match self {
            Kind::Tar | Kind::TarGz | Kind::TarZst | Kind::TarXz | Kind::TarBz2 => Form::Tar,
            Kind::Zip => Form::Zip,
            Kind::Jsonl | Kind::JsonlGz | Kind::JsonlZst => Form::Lines,
            Kind::Warc | Kind::WarcGz => Form::Warc,
            Kind::Wet | Kind::WetGz => Form::Wet,
            Kind::Nested => Form::Nested,
        }
    }

    /// How the whole is packed. Crawls are packed record by record: to them this does not apply.
    pub fn packing(self) -> Packing {
        match self {
            Kind::TarGz | Kind::JsonlGz => Packing::Gzip,
            Kind::TarZst | Kind::JsonlZst | Kind::Nested => Packing::Zstd,
            Kind::TarXz => Packing::Xz,
            Kind::TarBz2 => Packing::Bzip2,
            Kind::Tar | Kind::Zip | Kind::Jsonl | Kind::Warc | Kind::WarcGz | Kind::Wet | Kind::WetGz => Packing::None,
        }
    }
}

/// What to write.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The path of the archive as it will be given to gongkai: the paths in the truth begin with it.
    pub path: String,
    pub kind: Kind,
    pub collection: Collection,
    /// Whether there is in it what real archives have beside reports, and odd ways to keep them.
    pub junk: bool,
}

impl Plan {
    /// A plan with junk.
    pub fn new(path: &str, kind: Kind, collection: Collection) -> Self {
        Plan { path: path.to_owned(), kind, collection, junk: true }
    }

    /// Its slots in the order in which such an archive has them.
    fn slots(&self) -> Box<dyn Iterator<Item = Slot> + '_> {
        match self.kind.form() {
            // Who packs folders packs them one after another; lines and records come as they were met.
            Form::Tar | Form::Zip | Form::Nested => Box::new(self.collection.in_folders().into_iter()),
            Form::Lines | Form::Warc | Form::Wet => Box::new(self.collection.as_crawled()),
        }
    }
}

/// Takes what is told of an archive, entry by entry.
pub type Tell<'a> = dyn FnMut(Entry) -> io::Result<()> + 'a;

/// Writes an archive, and tells of each thing in it.
pub fn write(plan: &Plan, out: impl Write + Seek, tell: &mut Tell<'_>) -> io::Result<()> {
    let reports = plan.collection.reports(plan.slots());
    match plan.kind.form() {
        Form::Zip => files::zip(plan, files::files(reports, plan.junk), out, tell)?.flush(),
        Form::Warc | Form::Wet => {
            let packed = matches!(plan.kind, Kind::WarcGz | Kind::WetGz);
            warc::crawl(plan, plan.kind.form() == Form::Wet, packed, reports, Counted::new(out), tell)?.flush()
        }
        form => {
            let out = Counted::new(plan.kind.packing().writer(out)?);
            let out = match form {
                Form::Lines => lines::lines(plan, reports, out, tell)?,
                Form::Nested => nested::nested(plan, reports, out, tell)?,
                _ => files::tar(plan, files::files(reports, plan.junk), out, tell)?,
            };
            out.into_inner().finish()?.flush()
        }
    }
}

/// The archive and its truth as a whole, for small ones.
pub fn in_memory(plan: &Plan) -> (Vec<u8>, Vec<Entry>) {
    let mut out = Cursor::new(Vec::new());
    let mut entries = Vec::new();
    let told = write(plan, &mut out, &mut |entry| {
        entries.push(entry);
        Ok(())
    });
    // Memory takes all that is written.
    told.expect("an archive in memory");
    (out.into_inner(), entries)
}

/// Writes the same as loose files below `folder`, which `plan.path` names; the kind does not matter.
// The one place of the library that touches the world.
#[allow(clippy::disallowed_methods)]
pub fn in_folder(plan: &Plan, folder: &Path, tell: &mut Tell<'_>) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let reports = plan.collection.reports(plan.collection.in_folders().into_iter());
    for file in files::files(reports, plan.junk) {
        let path = folder.join(&file.name);
        if file.name.ends_with('/') {
            std::fs::create_dir_all(path)?;
        } else {
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, &file.bytes)?;
        }
        let path = format!("{}/{}", plan.path, file.name);
        tell(file.entry(path, 0..0))?;
    }
    Ok(())
}
