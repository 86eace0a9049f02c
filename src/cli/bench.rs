//! `gongkai bench`: how fast the user's own reports are read, stage by stage, on one thread and on all.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::size::size;
use super::stages::{Bench, Measured, Sampled, Time};
use super::terminal::{Terminal, print};
use super::{EXIT_SOME, Global, Inside, Reading, stdin_once, table};
use crate::render::Lang;
use crate::source::{self, Skip};
use crate::wire;

#[derive(Args)]
pub(super) struct Arguments {
    /// Files, folders (walked, in the order of their paths), patterns such as `data/*.txt`, or `-`
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// How often everything is measured; the medians are shown
    #[arg(long, value_name = "N", default_value = "5", value_parser = clap::value_parser!(u16).range(1..=1000))]
    rounds: u16,
    /// Take the first reports, until they have so many bytes together; they are held in memory
    #[arg(long, value_name = "SIZE", default_value = "32MiB", value_parser = size)]
    sample_bytes: u64,
    /// How the result is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    inside: Inside,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table
    Text,
    /// One JSON object for each stage and number of threads
    Jsonl,
}

/// The reports that are measured.
struct Sample {
    inputs: Vec<Sampled>,
    reports: usize,
    /// Their bytes.
    bytes: u64,
    /// How many inputs could not be read.
    rejected: u64,
    /// Whether there are more.
    cut: bool,
}

pub(super) fn run(arguments: &Arguments, global: &Global, terminal: &Terminal) -> Result<u8, Failure> {
    stdin_once(&arguments.inputs)?;
    let grammars = global.grammars()?;
    let limits = arguments.reading.limits();
    let reading = arguments.inside.options(arguments.reading.encoding);
    let sample = sample(&arguments.inputs, arguments.sample_bytes, &reading, terminal);
    if sample.reports == 0 {
        return Err(if sample.rejected > 0 { Failure::NothingMeasured } else { Failure::NoInput });
    }
    let options = arguments.reading.options(false, global);
    let bench =
        Bench { inputs: &sample.inputs, reading: &reading, grammars: &grammars, limits: &limits, options: &options };
    let rounds = usize::from(arguments.rounds);
    let threads: &[usize] = if global.jobs() > 1 { &[1, global.jobs()] } else { &[1] };
    let measured = bench.measure(threads, rounds)?;
    let mut out = Vec::new();
    match arguments.format {
        Format::Text => out.extend_from_slice(text(&sample, &measured, rounds, terminal.lang).as_bytes()),
        Format::Jsonl => {
            for stage in measured.iter().flat_map(|measured| stages(&sample, measured, rounds)) {
                wire::stage(&stage, &mut out);
            }
        }
    }
    print(&out)?;
    Ok(if sample.rejected > 0 { EXIT_SOME } else { 0 })
}

/// Reads the first reports. What can't be read is told and left out.
fn sample(arguments: &[PathBuf], most: u64, reading: &source::Options, terminal: &Terminal) -> Sample {
    let mut sample = Sample { inputs: Vec::new(), reports: 0, bytes: 0, rejected: 0, cut: false };
    let mut skip = Skip::default();
    skip.add(Path::new("/dev/stdout"));
    source::feed(arguments, &skip, reading, &mut |input| {
        if sample.bytes >= most && sample.reports > 0 {
            sample.cut = true;
            return ControlFlow::Break(());
        }
        let mut reject = |error| {
            sample.rejected += 1;
            terminal.tell(&Failure::from(error));
        };
        let input = match input {
            Ok(input) => input,
            Err(error) => {
                reject(error);
                return ControlFlow::Continue(());
            }
        };
        let mut texts = Vec::new();
        input.clone().texts(reading, &mut |text| match text {
            Ok(text) => texts.push(text),
            Err(error) => reject(error),
        });
        sample.reports += texts.len();
        sample.bytes += texts.iter().map(|text| text.bytes.len() as u64).sum::<u64>();
        if !texts.is_empty() {
            sample.inputs.push(Sampled { input, texts });
        }
        ControlFlow::Continue(())
    });
    sample
}

/// The rows as data.
fn stages(sample: &Sample, measured: &Measured, rounds: usize) -> impl Iterator<Item = wire::Stage> {
    let Measured { threads, bytes_out, .. } = *measured;
    let (bytes_in, reports) = (sample.bytes, sample.reports);
    measured.rows().map(move |(stage, Time { seconds, share })| wire::Stage {
        stage,
        threads,
        seconds,
        mb_per_second: sample.bytes as f64 / 1e6 / seconds,
        reports_per_second: reports as f64 / seconds,
        share,
        reports,
        bytes_in,
        bytes_out: matches!(stage, "encode" | "whole").then_some(bytes_out),
        rounds,
    })
}

/// The table, with what was measured above it and what came out below.
fn text(sample: &Sample, measured: &[Measured], rounds: usize, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let (reports, megabytes) = (sample.reports, sample.bytes as f64 / 1e6);
    let mut text = match (zh, sample.cut) {
        (true, false) => format!("{reports} 份报告，{megabytes:.1} MB；{rounds} 轮，取中位数\n\n"),
        (true, true) => {
            format!("最前面的 {reports} 份报告，{megabytes:.1} MB（--sample-bytes）；{rounds} 轮，取中位数\n\n")
        }
        (false, cut) => format!(
            "{}{reports} report{}, {megabytes:.1} MB{}; {rounds} round{}, medians\n\n",
            if cut { "the first " } else { "" },
            if reports == 1 { "" } else { "s" },
            if cut { " (--sample-bytes)" } else { "" },
            if rounds == 1 { "" } else { "s" },
        ),
    };
    let mut rows = vec![head(measured, zh)];
    let all: Vec<Vec<wire::Stage>> =
        measured.iter().map(|measured| stages(sample, measured, rounds).collect()).collect();
    for (index, one) in all[0].iter().enumerate() {
        let share = one.share.map(|share| format!("{:.1}%", share * 100.0)).unwrap_or_default();
        let mut row = vec![name(one.stage, zh).to_owned(), share];
        for stage in all.iter().filter_map(|stages| stages.get(index)) {
            row.extend([format!("{:.1}", stage.mb_per_second), format!("{:.0}", stage.reports_per_second)]);
            if stage.threads > 1 {
                row.push(format!("×{:.2}", one.seconds / stage.seconds));
            }
        }
        rows.push(row);
    }
    text += &table::aligned(&rows);
    let made = measured[0].bytes_out as f64;
    let times = made / (sample.bytes as f64).max(1.0);
    text += &match lang {
        Lang::En => format!("\n{:.1} MB of JSON, {times:.2} times the input\n", made / 1e6),
        Lang::Zh => format!("\nJSON {:.1} MB，为输入的 {times:.2} 倍\n", made / 1e6),
    };
    text
}

fn head(measured: &[Measured], zh: bool) -> Vec<String> {
    let words = |english: &str, chinese: &str| if zh { chinese.to_owned() } else { english.to_owned() };
    let mut head = vec![words("stage", "阶段"), words("share", "占比")];
    for Measured { threads, .. } in measured {
        let on = match (zh, threads) {
            (true, threads) => format!("（{threads} 线程）"),
            (false, 1) => ", 1 thread".to_owned(),
            (false, threads) => format!(", {threads} threads"),
        };
        head.extend([format!("MB/s{on}"), words("reports/s", "份/秒")]);
        if *threads > 1 {
            head.push(words("gain", "提速"));
        }
    }
    head
}

fn name(stage: &'static str, zh: bool) -> &'static str {
    match (stage, zh) {
        ("read", true) => "读取 read",
        ("hash", true) => "校验 hash",
        ("decode", true) => "解码 decode",
        ("layout", true) => "版面 layout",
        ("bind", true) => "对应 bind",
        ("check", true) => "核对 check",
        ("encode", true) => "编码 encode",
        ("whole", true) => "全程 whole",
        _ => stage,
    }
}
