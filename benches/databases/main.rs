//! Cells a second into each database: by `gongkai convert` from texts, by the sink alone from rows that are made already, and by the
//! bare driver from the same rows, into the same tables and indices, with transactions of the same size. benches/README.md has numbers.
//!
//! `cargo bench --bench databases` prints Markdown. From the environment: `DATABASE_REPORTS` (5000), `DATABASE_ROUNDS` (3).

#![allow(clippy::disallowed_methods, clippy::print_stdout)] // a program that measures others

#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
#[path = "../../tests/server/mod.rs"]
mod server;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use gongkai::grammar::Grammars;
use gongkai::sink::{self, Batch, Destination, Entry, Loading, Making, Waiting};
use gongkai::wire::relations::Rows;
use gongkai::wire::{Codebook, Options, Source};
use gongkai::{Limits, Memory, parse_with};
use gongkai_corpus::{Choices, Collection, Encoding};
use sha2::{Digest, Sha256};

/// How many web sites the reports are from.
const SITES: usize = 500;
/// How many reports the pipeline hands over at a time.
const BATCH: usize = 64;

/// A kind of database.
pub struct Kind {
    /// What people call it.
    pub name: &'static str,
    /// What `-o` is given.
    pub destination: String,
    /// Makes it empty.
    pub clear: fn(&str) -> io::Result<()>,
    /// How many bytes it has.
    pub size: fn(&str) -> io::Result<u64>,
    /// What the bare driver is asked to do, in words, and how.
    pub bare: &'static [Bare],
}

/// A way to insert rows with the driver alone.
pub type Bare = (&'static str, fn(&str, &Corpus) -> Result<(), String>);

/// The reports as rows.
pub struct Corpus {
    /// What the cells are called.
    pub codebook: Codebook,
    /// Each text with its rows.
    pub rows: Vec<(Entry, Rows)>,
    folder: PathBuf,
}

fn main() -> io::Result<()> {
    // `cargo test --all-targets` runs it too, with other arguments.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("databases: nothing is measured without --bench");
        return Ok(());
    }
    let (reports, rounds) = (asked("DATABASE_REPORTS", 5_000), asked("DATABASE_ROUNDS", 3).max(1) as usize);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("databases-{reports}"));
    let corpus = Corpus::of(&folder, reports)?;
    let cells: usize = corpus.rows.iter().map(|(_, rows)| rows.cells.len()).sum();
    println!("{reports} reports, {cells} cells, median of {rounds} rounds.\n");
    println!("| into | by | cells/s | reports/s | bytes a report | of the bare driver |");
    println!("| --- | --- | ---: | ---: | ---: | ---: |");
    #[cfg(feature = "postgres")]
    let server = postgres::server();
    let kinds: [Option<Kind>; 3] = [
        #[cfg(feature = "sqlite")]
        Some(sqlite::kind(&folder)),
        #[cfg(not(feature = "sqlite"))]
        None,
        #[cfg(feature = "postgres")]
        server.as_ref().map(postgres::kind),
        #[cfg(not(feature = "postgres"))]
        None,
        #[cfg(feature = "parquet")]
        Some(parquet::kind(&folder, &corpus)?),
        #[cfg(not(feature = "parquet"))]
        None,
    ];
    for kind in kinds.into_iter().flatten() {
        let measured = kind.measure(&corpus, rounds)?;
        let bare = measured.last().map_or(f64::NAN, |(_, seconds, _)| *seconds);
        for (by, seconds, size) in measured {
            let (rate, reports_rate) = (cells as f64 / seconds, reports as f64 / seconds);
            let (size, ratio) = (size / reports, bare / seconds);
            println!("| {} | {by} | {rate:.0} | {reports_rate:.0} | {size} | {ratio:.2} |", kind.name);
        }
        (kind.clear)(&kind.destination)?;
    }
    Ok(())
}

/// A number from the environment.
fn asked(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

impl Kind {
    /// Each way with its seconds and how large the database is; the bare driver is measured in the same rounds.
    fn measure(&self, corpus: &Corpus, rounds: usize) -> io::Result<Vec<(String, f64, u64)>> {
        let mut ways: Vec<(String, Vec<f64>, u64)> = Vec::new();
        let mut round = |index: usize, by: &str, work: &dyn Fn() -> io::Result<()>| -> io::Result<()> {
            (self.clear)(&self.destination)?;
            let begun = Instant::now();
            work()?;
            let seconds = begun.elapsed().as_secs_f64();
            if ways.len() <= index {
                ways.push((by.to_owned(), Vec::new(), 0));
            }
            ways[index].1.push(seconds);
            ways[index].2 = (self.size)(&self.destination)?;
            Ok(())
        };
        for _ in 0..rounds {
            round(0, "`gongkai convert`, two threads", &|| corpus.convert(&self.destination, "2"))?;
            round(1, "`gongkai convert`, one thread", &|| corpus.convert(&self.destination, "1"))?;
            let (batches, making) = corpus.ready();
            let ready = std::cell::Cell::new(Some((batches, making)));
            round(2, "the sink alone", &|| {
                let Some((mut batches, making)) = ready.take() else { return Ok(()) };
                sink_alone(&self.destination, &mut batches, making)
            })?;
            for (index, (by, bare)) in self.bare.iter().enumerate() {
                round(3 + index, by, &|| bare(&self.destination, corpus).map_err(io::Error::other))?;
            }
        }
        let median = |mut seconds: Vec<f64>| {
            seconds.sort_by(f64::total_cmp);
            seconds[seconds.len() / 2]
        };
        Ok(ways.into_iter().map(|(by, seconds, size)| (by, median(seconds), size)).collect())
    }
}

impl Corpus {
    /// Writes the texts, once, and reads them.
    fn of(folder: &Path, reports: u64) -> io::Result<Corpus> {
        let texts = folder.join("texts");
        let collection = Collection {
            sites: SITES,
            choices: Choices { encoding: Some(Encoding::Utf8), ..Choices::default() },
            ..Collection::new(1, reports)
        };
        let grammars = Grammars::built_in();
        let codebook = Codebook::of(&grammars);
        let (mut memory, mut rows) = (Memory::default(), Vec::new());
        for report in collection.reports(collection.in_folders().into_iter()) {
            let path = texts.join(&report.slot.path);
            if !path.exists() {
                fs::create_dir_all(path.parent().unwrap_or(folder))?;
                fs::write(&path, &report.bytes)?;
            }
            let name = path.to_string_lossy().into_owned();
            let sha256: [u8; 32] = Sha256::digest(&report.bytes).into();
            let hexadecimal = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
            let bytes = report.bytes.len() as u64;
            let source = Source { path: name.clone(), record: None, sha256: hexadecimal, bytes };
            let read = parse_with(&mut memory, &report.bytes, &grammars, &Limits::default());
            let mut entry = Entry::new(&name, None, PathBuf::new(), sha256, bytes);
            entry.status = read.status;
            rows.push((entry, Rows::of(&read, &grammars, &codebook, &source, &Options::default())));
        }
        Ok(Corpus { codebook, rows, folder: texts })
    }

    /// From texts to the database.
    fn convert(&self, destination: &str, jobs: &str) -> io::Result<()> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        command.arg("convert").arg(&self.folder).args(["-o", destination, "--jobs", jobs, "--quiet"]);
        let status = command.stdin(Stdio::null()).status()?;
        if status.success() { Ok(()) } else { Err(io::Error::other("gongkai convert failed")) }
    }

    /// The rows in batches, as workers hand them over.
    fn ready(&self) -> (Vec<Batch>, Making) {
        let batches = self.rows.chunks(BATCH).map(|chunk| {
            let mut batch = Batch::default();
            chunk.iter().for_each(|(entry, rows)| batch.add_rows(entry.clone(), rows.clone()));
            batch
        });
        let loading = Loading {
            codebook: self.codebook.clone(),
            clock: || 0,
            options: String::new(),
            schema: None,
            variable: |_| None,
        };
        let making = Making { fingerprint: "bench".to_owned(), prologue: Vec::new(), anew: false, loading };
        (batches.collect(), making)
    }
}

fn sink_alone(destination: &str, batches: &mut [Batch], making: Making) -> io::Result<()> {
    let failed = |error: sink::Error| io::Error::other(format!("{error:?}"));
    let destination = Destination::of(Some(Path::new(destination)), None).map_err(failed)?;
    let stop = AtomicBool::new(false);
    let sink = sink::open(&destination, making, Waiting { tell: &|_| {}, stop: &stop }).map_err(failed)?;
    for batch in batches {
        sink.seal(batch);
        sink.write(batch).map_err(failed)?;
    }
    sink.finish(false).map(drop).map_err(failed)
}
