//! `gongkai-corpus OUT`: writes synthetic reports and their truth, into a folder or as an archive.

// The one program of the generator: it touches the world.
#![allow(clippy::disallowed_methods)]

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use clap::builder::PossibleValuesParser;
use gongkai_corpus::archive::{self, Counts, Damage, Entry, Harm, Kind, Plan};
use gongkai_corpus::{Choices, Collection, Edition, Encoding, FaultKind, Faults, Filed, Layout, Size, bodies};

/// Writes synthetic annual reports on open government, with their truth, by seed.
///
/// Into a folder: NAME.txt and NAME.facts.json for each of the seeds S to S+N-1. With --archive, --sites or --junk: an archive, or
/// a folder of files, and beside it OUT.truth.jsonl with a line for each thing in it. What is not given is chosen by the seed.
#[derive(Parser)]
#[command(name = "gongkai-corpus")]
struct Options {
    /// The folder or the archive to write
    out: PathBuf,
    /// How many reports
    #[arg(long, value_name = "N", default_value_t = 100)]
    count: u64,
    /// The first seed
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    #[arg(long, value_name = "NAME", value_parser = layout)]
    layout: Option<Layout>,
    #[arg(long, value_name = "ID", value_parser = edition)]
    edition: Option<Edition>,
    /// `short`, `typical`, or about so many bytes
    #[arg(long, value_parser = size)]
    size: Option<Size>,
    /// Pages that it cannot hold are written in UTF-8
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Option<Encoding>,
    /// Ordinary words and dress only
    #[arg(long)]
    plain: bool,
    /// Sentences that speak of the figures on every page
    #[arg(long)]
    statements: bool,
    /// Mistakes to make: `random`, or of one kind
    #[arg(long, value_name = "KIND", value_parser = faults)]
    faults: Option<Faults>,
    /// Reports of so many web sites, a few of which have most: what a site decides is the same for all its reports
    #[arg(long, value_name = "N", default_value_t = 0)]
    sites: usize,
    /// The reports of so many bodies over the years, OUT/body-01/2021.txt, which go on from one another
    #[arg(long, value_name = "N", conflicts_with_all = ["archive", "sites", "junk"])]
    bodies: Option<usize>,
    /// One archive in place of loose files
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(Kind::ALL.iter().map(|kind| kind.name())))]
    archive: Option<String>,
    /// What real archives have beside reports: folders, hidden files, images, empty files, broken lines
    #[arg(long)]
    junk: bool,
    /// Damages the archive at a place chosen by the seed
    #[arg(long, value_name = "KIND", requires = "archive",
          value_parser = PossibleValuesParser::new(Damage::ALL.iter().map(|damage| damage.name())))]
    damage: Option<String>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    match options.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gongkai-corpus: {}: {error}", options.out.display());
            ExitCode::from(2)
        }
    }
}

impl Options {
    fn run(&self) -> io::Result<()> {
        if let Some(count) = self.bodies {
            return by_bodies(self.seed, count, &self.out);
        }
        let collection = self.collection();
        let kind = self.archive.as_deref().and_then(Kind::from_name);
        if kind.is_none() && self.sites == 0 && !self.junk {
            return with_facts(&collection, &self.out);
        }
        let path = self.out.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let plan = Plan { path, kind: kind.unwrap_or(Kind::Tar), collection, junk: self.junk };
        let truth_path = beside(&self.out, ".truth.jsonl");
        let mut truth = BufWriter::new(File::create(&truth_path)?);
        // Of each thing only its place is kept, for the damage.
        let mut places = Vec::new();
        let mut tell = |entry: Entry| {
            places.push((entry.at.clone(), entry.counts == Counts::Report));
            writeln!(truth, "{}", entry.to_json())
        };
        match kind {
            None => archive::in_folder(&plan, &self.out, &mut tell)?,
            Some(_) => archive::write(&plan, BufWriter::new(File::create(&self.out)?), &mut tell)?,
        }
        truth.flush()?;
        match (kind, self.damage.as_deref().and_then(Damage::from_name)) {
            (Some(kind), Some(damage)) => self.damage(kind, damage, &places, &truth_path),
            _ => Ok(()),
        }
    }

    fn collection(&self) -> Collection {
        let choices = Choices {
            layout: self.layout,
            edition: self.edition,
            size: self.size,
            encoding: self.encoding,
            plain: self.plain,
            statements: self.statements,
            faults: self.faults.unwrap_or_default(),
        };
        Collection { seed: self.seed, reports: self.count, sites: self.sites, choices }
    }

    /// Damages the archive, and says in the truth what becomes of each thing.
    fn damage(&self, kind: Kind, damage: Damage, places: &[(Range<u64>, bool)], truth: &Path) -> io::Result<()> {
        let mut file = File::options().read(true).write(true).open(&self.out)?;
        let before = BufReader::new(file.try_clone()?);
        let harm = Harm::choose(damage, self.seed, kind, file.metadata()?.len(), places, |end| before.take(end));
        if damage == Damage::Truncate {
            file.set_len(harm.at.start)?;
        } else {
            let mut bytes = vec![0; (harm.at.end - harm.at.start) as usize];
            file.seek(SeekFrom::Start(harm.at.start))?;
            file.read_exact(&mut bytes)?;
            harm.damaged(&mut bytes);
            file.seek(SeekFrom::Start(harm.at.start))?;
            file.write_all(&bytes)?;
        }
        let told = beside(truth, ".tmp");
        let mut out = BufWriter::new(File::create(&told)?);
        for (line, (at, _)) in BufReader::new(File::open(truth)?).lines().zip(places) {
            let whole = harm.whole(at).map_or("null", |whole| if whole { "true" } else { "false" });
            writeln!(out, "{}", line?.replacen("\"whole\":null", &format!("\"whole\":{whole}"), 1))?;
        }
        out.flush()?;
        fs::rename(told, truth)?;
        println!("{}: bytes {} to {}", damage.name(), harm.at.start, harm.at.end);
        Ok(())
    }
}

/// Loose pages, each with its facts beside it.
fn with_facts(collection: &Collection, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for report in collection.reports(collection.as_crawled()) {
        let path = folder.join(&report.slot.path);
        fs::write(&path, &report.bytes)?;
        fs::write(path.with_extension("facts.json"), report.truth.to_json())?;
    }
    Ok(())
}

/// The pages of several bodies, in a folder for each.
fn by_bodies(seed: u64, count: usize, folder: &Path) -> io::Result<()> {
    for Filed { path, report } in bodies(seed, count) {
        let path = folder.join(path);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(path, report.sample.text)?;
    }
    Ok(())
}

/// The path with more at its end.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The value, or an error that lists what there is.
fn of_list<T>(found: Option<T>, names: impl Iterator<Item = &'static str>) -> Result<T, String> {
    found.ok_or_else(|| format!("there are {}", names.collect::<Vec<_>>().join(" ")))
}

fn layout(name: &str) -> Result<Layout, String> {
    of_list(Layout::from_name(name), Layout::ALL.iter().map(|layout| layout.name()))
}

fn edition(id: &str) -> Result<Edition, String> {
    of_list(Edition::from_id(id), Edition::ALL.iter().map(|edition| edition.id()))
}

fn encoding(name: &str) -> Result<Encoding, String> {
    of_list(Encoding::from_name(name), Encoding::ALL.iter().map(|encoding| encoding.name()))
}

fn faults(name: &str) -> Result<Faults, String> {
    let found = if name == "random" { Some(Faults::Random) } else { FaultKind::from_name(name).map(Faults::Of) };
    of_list(found, std::iter::once("random").chain(FaultKind::ALL.iter().map(|kind| kind.name())))
}

fn size(text: &str) -> Result<Size, String> {
    match text {
        "short" => Ok(Size::Short),
        "typical" => Ok(Size::Typical),
        _ => text.parse().map(Size::Long).map_err(|_| "there are short, typical, and numbers of bytes".to_owned()),
    }
}
