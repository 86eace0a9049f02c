//! A whole archive through the binary, beside the tools that people know. What is measured, and numbers: benches/README.md.
//!
//! `cargo bench --bench bulk` writes its corpus by seed into the target folder, once, and prints Markdown. From the environment:
//! `BULK_REPORTS` (50000), `BULK_ROUNDS` (3), `BULK_MEMORY=1` (peak memory for 1 GB and 4 GB of lines), `BULK_FOLDER` (where).

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr)] // a program that measures others

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use gongkai_corpus::archive::{self, Kind, Plan};
use gongkai_corpus::{Choices, Collection, Encoding, Layout};

/// How many web sites the reports are from.
const SITES: usize = 500;
/// How many reports the script of Python reads.
const PART: usize = 2000;
/// The layouts that it understands, as its head says.
const UNDERSTOOD: &[Layout] =
    &[Layout::Tab, Layout::TabHalfLost, Layout::TabRepeated, Layout::Pipe, Layout::PipeBlankTail, Layout::Markdown];
/// Change it when other bytes are written.
const VERSION: u32 = 1;

fn main() -> io::Result<()> {
    // `cargo test --all-targets` runs it too, with other arguments.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("bulk: nothing is measured without --bench");
        return Ok(());
    }
    let folder = std::env::var_os("BULK_FOLDER").map_or_else(|| env!("CARGO_TARGET_TMPDIR").into(), PathBuf::from);
    let bench = Bench {
        folder: folder.join(format!("bulk-{}", asked("BULK_REPORTS", 50_000))),
        reports: asked("BULK_REPORTS", 50_000),
        rounds: asked("BULK_ROUNDS", 3).max(1) as usize,
        pin: works(&["taskset", "-c", "0", "true"]),
        time: works(&["/usr/bin/time", "-f", "%M", "true"]),
    };
    let corpus = bench.corpus()?;
    bench.say_what_it_is(&corpus);
    let sites = bench.archives(&corpus)?;
    let tools = bench.tools(&corpus)?;
    let script = bench.script(&corpus)?;
    println!("\n| gongkai over the same reports | ratio |\n| --- | ---: |");
    for (name, speed) in tools {
        ratio(&format!("one thread / `{name}`"), sites[0], speed);
    }
    for [(name, fast), (_, slow)] in script {
        ratio(&format!("one thread / `{name}"), fast, slow);
    }
    ratio("two threads / one", sites[1], sites[0]);
    if asked("BULK_MEMORY", 0) > 0 {
        bench.memory(&corpus)?;
    }
    fs::remove_dir_all(bench.out())
}

/// A number from the environment.
fn asked(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

fn works(command: &[&str]) -> bool {
    let run = Command::new(command[0]).args(&command[1..]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    run.is_ok_and(|status| status.success())
}

struct Bench {
    folder: PathBuf,
    reports: u64,
    rounds: usize,
    /// Whether a program can be held on one core.
    pin: bool,
    /// Whether the peak of its memory can be had.
    time: bool,
}

/// How many bytes the reports have, in UTF-8, whatever they stand in.
struct Corpus {
    sites: u64,
    own: u64,
    /// Some reports of all kinds, and some that the script of Python understands.
    part: u64,
    understood: u64,
}

/// What was run, and its MB/s where it ran.
type Speed = (&'static str, Option<f64>);

/// One program over one input: the median of the rounds.
#[derive(Clone, Copy)]
struct Measured {
    seconds: f64,
    /// Kilobytes; none where they can't be had.
    peak: Option<u64>,
}

impl Measured {
    fn speed(self, bytes: u64) -> f64 {
        bytes as f64 / 1e6 / self.seconds
    }

    fn peak(self) -> String {
        self.peak.map_or_else(|| "?".to_owned(), |peak| format!("{} MB", peak / 1000))
    }
}

impl Bench {
    fn out(&self) -> PathBuf {
        self.folder.join("out")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes the corpus, unless it is there.
    fn corpus(&self) -> io::Result<Corpus> {
        let made = self.path("made");
        let numbers = |text: String| {
            let numbers: Vec<u64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
            (numbers.len() == 5 && numbers[0] == u64::from(VERSION)).then(|| numbers[1..].to_vec())
        };
        if let Some(bytes) = fs::read_to_string(&made).ok().and_then(numbers) {
            return Ok(Corpus { sites: bytes[0], own: bytes[1], part: bytes[2], understood: bytes[3] });
        }
        eprintln!("writing {} reports into {}", self.reports, self.folder.display());
        let _ = fs::remove_dir_all(&self.folder);
        fs::create_dir_all(&self.folder)?;
        let sites = self.folder_of("sites", SITES, self.reports)?;
        let own = self.folder_of("own", 0, self.reports)?;
        let part = self.part_of("part", Layout::ALL)?;
        let understood = self.part_of("understood", UNDERSTOOD)?;
        for kind in [Kind::Jsonl, Kind::JsonlGz, Kind::JsonlZst, Kind::TarZst] {
            let name = format!("sites.{}", kind.ending());
            let out = BufWriter::new(File::create(self.path(&name))?);
            archive::write(&plan(&name, kind, SITES, self.reports), out, &mut |_| Ok(()))?;
        }
        // For tools that know no folders: the same texts one behind the other.
        let mut text = BufWriter::new(File::create(self.path("sites.txt"))?);
        let collection = plan("", Kind::Tar, SITES, self.reports).collection;
        for report in collection.reports(collection.in_folders().into_iter()) {
            text.write_all(&report.bytes)?;
        }
        text.flush()?;
        fs::write(made, format!("{VERSION} {sites} {own} {part} {understood}\n"))?;
        Ok(Corpus { sites, own, part, understood })
    }

    /// Writes reports as files, and says how many bytes they have.
    fn folder_of(&self, name: &str, sites: usize, reports: u64) -> io::Result<u64> {
        let mut bytes = 0;
        archive::in_folder(&plan(name, Kind::Tar, sites, reports), &self.path(name), &mut |entry| {
            bytes += entry.report.map_or(0, |report| report.bytes.len() as u64);
            Ok(())
        })?;
        Ok(bytes)
    }

    /// Writes a few reports of some layouts as files, and says how many bytes they have.
    fn part_of(&self, name: &str, layouts: &[Layout]) -> io::Result<u64> {
        let folder = self.path(name);
        fs::create_dir_all(&folder)?;
        let collection = plan("", Kind::Tar, SITES, self.reports).collection;
        let is_wanted = |name: &str| layouts.iter().any(|layout| layout.name() == name);
        let mut bytes = 0;
        let reports = collection.reports(collection.as_crawled()).filter(|report| is_wanted(report.truth.layout));
        for report in reports.take(PART) {
            fs::write(folder.join(format!("{:06}.txt", report.slot.seed)), &report.bytes)?;
            bytes += report.bytes.len() as u64;
        }
        Ok(bytes)
    }

    fn say_what_it_is(&self, corpus: &Corpus) {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let about = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = about.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
        println!("{} reports, {:.0} MB, median of {} rounds.", self.reports, corpus.sites as f64 / 1e6, self.rounds);
        println!("{}, {cores} cores.", model.map_or("A processor without a name", |(_, model)| model.trim()));
        let pinned = if self.pin { "held on core 0 by taskset" } else { "not held on a core: there is no taskset" };
        println!("One thread is {pinned}.");
        if !self.time {
            println!("Peak memory is not known: there is no /usr/bin/time.");
        }
    }

    /// gongkai over every form of the corpus; the speeds over small files by sites, with one thread and with two.
    fn archives(&self, corpus: &Corpus) -> io::Result<[Option<f64>; 2]> {
        println!("\n| reports as | threads | MB/s | reports/s | peak memory |\n| --- | ---: | ---: | ---: | ---: |");
        let inputs = [
            ("sites", "small files", corpus.sites),
            ("own", "small files, each in a style of its own", corpus.own),
            ("sites.jsonl", "JSON Lines", corpus.sites),
            ("sites.jsonl.gz", "JSON Lines in gzip", corpus.sites),
            ("sites.jsonl.zst", "JSON Lines in zstd", corpus.sites),
            ("sites.tar.zst", "tar.zst", corpus.sites),
        ];
        let mut speeds = [None; 2];
        for (name, what, bytes) in inputs {
            for jobs in [1, 2] {
                let Some(run) = self.gongkai(&self.path(name), jobs, self.reports, self.rounds)? else {
                    println!("| {what} | {jobs} | not read | | |");
                    continue;
                };
                let (speed, peak) = (run.speed(bytes), run.peak());
                println!("| {what} | {jobs} | {speed:.0} | {:.0} | {peak} |", self.reports as f64 / run.seconds);
                if name == "sites" {
                    speeds[jobs - 1] = Some(speed);
                }
            }
        }
        Ok(speeds)
    }

    /// Other tools over the same bytes, each with its speed where it is installed.
    fn tools(&self, corpus: &Corpus) -> io::Result<Vec<Speed>> {
        println!("\n| on one core | MB/s | peak memory |\n| --- | ---: | ---: |");
        let text = self.path("sites.txt");
        let text = text.to_string_lossy();
        let tools: [(&str, &[&str]); 5] = [
            ("cat", &["cat", &text]),
            ("rg -c 公开", &["rg", "-c", "公开", &text]),
            ("sha256sum", &["sha256sum", &text]),
            ("iconv -f UTF-8 -t GB18030", &["iconv", "-f", "UTF-8", "-t", "GB18030", &text]),
            ("uconv -x any-nfkc", &["uconv", "-f", "UTF-8", "-t", "UTF-8", "-x", "any-nfkc", &text]),
        ];
        let mut speeds = Vec::new();
        for (name, command) in tools {
            speeds.push((name, self.tool(name, command, corpus.sites)?));
        }
        Ok(speeds)
    }

    /// One row of the table of tools.
    fn tool(&self, name: &str, command: &[&str], bytes: u64) -> io::Result<Option<f64>> {
        let installed = works(&[command[0], "--version"]);
        let run = if installed { self.median(self.rounds, || self.run(command, true))? } else { None };
        match run {
            Some(run) => println!("| `{name}` | {:.1} | {} |", run.speed(bytes), run.peak()),
            None if installed => println!("| `{name}` | fails | |"),
            None => println!("| `{name}` | not installed | |"),
        }
        Ok(run.map(|run| run.speed(bytes)))
    }

    /// The script over some reports, and gongkai over the same: how many times as fast it is.
    fn script(&self, corpus: &Corpus) -> io::Result<Vec<[Speed; 2]>> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/plain.py");
        let parts = [
            ("understood", "python3 benches/plain.py`, reports that it understands", corpus.understood),
            ("part", "python3 benches/plain.py`, reports of all kinds", corpus.part),
        ];
        let mut speeds = Vec::new();
        for (folder, what, bytes) in parts {
            let folder = self.path(folder);
            let command = ["python3", &script.to_string_lossy(), &folder.to_string_lossy()];
            let name = what.replace('`', "");
            let slow = self.tool(&name, &command, bytes)?;
            let count = fs::read_dir(&folder)?.count() as u64;
            let fast = self.gongkai(&folder, 1, count, self.rounds)?.map(|run| run.speed(bytes));
            speeds.push([(what, fast), (what, slow)]);
        }
        Ok(speeds)
    }

    /// Peak memory over large inputs, and nothing else.
    fn memory(&self, corpus: &Corpus) -> io::Result<()> {
        println!("\n| input | threads | MB/s | peak memory |\n| --- | ---: | ---: | ---: |");
        for gigabytes in [1, 4] {
            let reports = gigabytes * 1_000_000_000 * self.reports / corpus.sites;
            for kind in [Kind::Jsonl, Kind::TarZst] {
                let path = self.path(&format!("memory.{}", kind.ending()));
                let mut bytes = 0;
                let out = BufWriter::new(File::create(&path)?);
                archive::write(&plan("memory", kind, SITES, reports), out, &mut |entry| {
                    bytes += entry.report.map_or(0, |report| report.bytes.len() as u64);
                    Ok(())
                })?;
                for jobs in [1, 2] {
                    let what = format!("{gigabytes} GB of reports as {}", kind.name());
                    match self.gongkai(&path, jobs, reports, 1)? {
                        Some(run) => println!("| {what} | {jobs} | {:.0} | {} |", run.speed(bytes), run.peak()),
                        None => println!("| {what} | {jobs} | not read | |"),
                    }
                }
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// `gongkai convert` into a fresh place on the same disk; none where it does not read all reports.
    fn gongkai(&self, input: &Path, jobs: usize, reports: u64, rounds: usize) -> io::Result<Option<Measured>> {
        let (input, out, jobs_given) = (input.to_string_lossy(), self.out().join("x.jsonl"), jobs.to_string());
        let out = out.to_string_lossy();
        let command = [env!("CARGO_BIN_EXE_gongkai"), "convert", &input, "-o", &out, "--jobs", &jobs_given, "--quiet"];
        self.median(rounds, || {
            let _ = fs::remove_dir_all(self.out());
            fs::create_dir_all(self.out())?;
            let run = self.run(&command, jobs == 1)?;
            let all = run.is_some() && lines(&self.out().join("x.jsonl"))? == reports;
            Ok(run.filter(|_| all))
        })
    }

    /// The run in the middle, after one that warms the caches.
    fn median(&self, rounds: usize, run: impl Fn() -> io::Result<Option<Measured>>) -> io::Result<Option<Measured>> {
        let mut runs = Vec::new();
        for round in 0..=rounds {
            let Some(measured) = run()? else { return Ok(None) };
            if round > 0 || rounds == 1 {
                runs.push(measured);
            }
            if rounds == 1 {
                break;
            }
        }
        runs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        let peak = runs.iter().filter_map(|run| run.peak).max();
        Ok(runs.get(runs.len() / 2).map(|run| Measured { peak, ..*run }))
    }

    /// Runs a program; none where it fails.
    fn run(&self, command: &[&str], on_one_core: bool) -> io::Result<Option<Measured>> {
        fs::create_dir_all(self.out())?;
        let peak = self.out().join("peak");
        let peak_given = peak.to_string_lossy();
        let mut words: Vec<&str> = Vec::new();
        if on_one_core && self.pin {
            words.extend(["taskset", "-c", "0"]);
        }
        if self.time {
            words.extend(["/usr/bin/time", "-q", "-f", "%M", "-o", &peak_given]);
        }
        words.extend(command);
        let begun = Instant::now();
        let run = Command::new(words[0]).args(&words[1..]).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        let seconds = begun.elapsed().as_secs_f64();
        let peak = fs::read_to_string(peak).ok().and_then(|text| text.trim().parse().ok());
        Ok(run.success().then_some(Measured { seconds, peak }))
    }
}

/// A row of the table of ratios.
fn ratio(what: &str, of: Option<f64>, to: Option<f64>) {
    match (of, to) {
        (Some(of), Some(to)) => println!("| {what} | {:.2} |", of / to),
        _ => println!("| {what} | ? |"),
    }
}

/// The reports in UTF-8, without junk: all forms of the corpus, and all tools, then have the same bytes.
fn plan(path: &str, kind: Kind, sites: usize, reports: u64) -> Plan {
    let choices = Choices { encoding: Some(Encoding::Utf8), ..Choices::default() };
    let collection = Collection { seed: 1, reports, sites, choices };
    Plan { path: path.to_owned(), kind, collection, junk: false }
}

/// How many lines a file has.
fn lines(path: &Path) -> io::Result<u64> {
    let Ok(mut file) = File::open(path) else { return Ok(0) };
    let mut buffer = vec![0; 1 << 20];
    let mut count = 0;
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(count),
            some => count += buffer[..some].iter().filter(|byte| **byte == b'\n').count() as u64,
        }
    }
}
