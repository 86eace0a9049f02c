//! The stages of reading a report, each timed on its own.
//!
//! Reports go through the stages in batches as large as those of a run: all of a batch through one stage, then all through the next.
//! The clock is read twice for a batch and stage, which costs nothing beside the work, and the products of a stage are as near to
//! the processor as they are in a run. The whole is timed apart, report by report as a worker has it done; it is a little more
//! than the stages, since it also gives back what they took.

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::converter::{limits, source};
use crate::grammar::Grammars;
use crate::source::{self, Input, Text};
use crate::text::Decoded;
use crate::{Limits, Memory, bind, check, layout, parse_with, text, wire};

/// The stages in their order.
const STAGES: [&str; 7] = ["read", "hash", "decode", "layout", "bind", "check", "encode"];
/// As much goes through the stages at a time.
const BATCH: usize = 32;
const BATCH_BYTES: usize = 256 << 10;
/// A round takes at least about so long: fewer reports are read several times in it, so that chance averages out.
const ROUND: Duration = Duration::from_millis(50);

/// An input that is measured, with its texts.
pub(super) struct Sampled {
    pub(super) input: Input,
    pub(super) texts: Vec<Text>,
}

impl Sampled {
    /// Its texts, read again; what can be read only once is taken from memory.
    fn read(&self, reading: &source::Options) -> Result<Cow<'_, [Text]>, source::Error> {
        if self.input.path == "-" || self.input.size() == 0 {
            return Ok(Cow::Borrowed(&self.texts));
        }
        let (mut texts, mut failed) = (Vec::new(), None);
        self.input.clone().texts(reading, &mut |text| match text {
            Ok(text) => texts.push(text),
            Err(error) => failed = Some(error),
        });
        // What was damaged when the sample was taken is still damaged: only what was read before has to be there.
        match failed {
            Some(error) if texts.len() != self.texts.len() => Err(error),
            _ => Ok(Cow::Owned(texts)),
        }
    }

    fn bytes(&self) -> usize {
        self.texts.iter().map(|text| text.bytes.len()).sum()
    }
}

/// What is measured.
pub(super) struct Bench<'b> {
    pub(super) inputs: &'b [Sampled],
    pub(super) reading: &'b source::Options,
    pub(super) grammars: &'b Grammars,
    pub(super) limits: &'b Limits,
    pub(super) options: &'b wire::Options,
}

/// What was measured on so many threads.
pub(super) struct Measured {
    pub(super) threads: usize,
    /// The bytes of JSON.
    pub(super) bytes_out: u64,
    /// The median seconds of each stage.
    stages: [f64; STAGES.len()],
    whole: f64,
}

/// How long a stage took.
pub(super) struct Time {
    pub(super) seconds: f64,
    /// Its share of all stages; none for the whole.
    pub(super) share: Option<f64>,
}

impl Measured {
    /// Each stage, and the whole.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&'static str, Time)> {
        let all: f64 = self.stages.iter().sum();
        let stages = STAGES.into_iter().zip(self.stages);
        stages
            .map(move |(name, seconds)| (name, Time { seconds, share: Some(seconds / all) }))
            .chain([("whole", Time { seconds: self.whole, share: None })])
    }
}

/// What one round gave.
#[derive(Clone, Copy, Default)]
struct Round {
    stages: [Duration; STAGES.len()],
    bytes_out: u64,
}

impl Bench<'_> {
    /// Measures everything `rounds` times for each number of threads, in turns, after a first time that does not count.
    pub(super) fn measure(&self, threads: &[usize], rounds: usize) -> Result<Vec<Measured>, source::Error> {
        let mut batches = self.batches();
        let once = batches.len();
        let mut taken: Vec<(Vec<Round>, Vec<Duration>)> = threads.iter().map(|_| Default::default()).collect();
        for round in 0..=rounds {
            let begun = Instant::now();
            for (threads, (stages, wholes)) in threads.iter().zip(&mut taken) {
                let parts = side_by_side(*threads, &batches, |memory, batch| self.stages(memory, batch))?;
                let started = Instant::now();
                side_by_side(*threads, &batches, |memory, batch| self.whole(memory, batch))?;
                let whole = started.elapsed();
                if round > 0 {
                    stages.push(parts);
                    wholes.push(whole);
                }
            }
            if round == 0 {
                let times = ROUND.as_nanos() / begun.elapsed().as_nanos().max(1) + 1;
                batches = batches.repeat(times as usize);
            }
        }
        let times = batches.len() as f64 / once as f64;
        let measured = threads.iter().zip(taken).map(|(threads, (rounds, wholes))| {
            // What all threads spent together was spent by each of them at the same time.
            let stage = |stage: usize| median(rounds.iter().map(|round| round.stages[stage])) / *threads as f64 / times;
            Measured {
                threads: *threads,
                bytes_out: rounds.first().map_or(0, |round| round.bytes_out) * once as u64 / batches.len() as u64,
                stages: std::array::from_fn(stage),
                whole: median(wholes.into_iter()) / times,
            }
        });
        Ok(measured.collect())
    }

    fn batches(&self) -> Vec<&[Sampled]> {
        let mut batches = Vec::new();
        let (mut start, mut bytes) = (0, 0);
        for (index, input) in self.inputs.iter().enumerate() {
            bytes += input.bytes();
            if index + 1 - start == BATCH || bytes >= BATCH_BYTES || index + 1 == self.inputs.len() {
                batches.push(&self.inputs[start..=index]);
                (start, bytes) = (index + 1, 0);
            }
        }
        batches
    }

    /// A batch through all stages.
    fn stages(&self, memory: &mut Memory, batch: &[Sampled]) -> Result<Round, source::Error> {
        let mut clock = Clock::start();
        let read: Result<Vec<_>, _> = batch.iter().map(|input| input.read(self.reading)).collect();
        clock.lap();
        let read = read?;
        let texts: Vec<&Text> = read.iter().flat_map(|texts| texts.iter()).collect();
        clock.go_on();
        let sources: Vec<wire::Source> = texts.iter().map(|text| named(text)).collect();
        clock.lap();
        let decoded: Vec<Decoded> =
            texts.iter().map(|text| text::decode(&text.bytes, limits(text, self.limits).encoding)).collect();
        clock.lap();
        let plain: Vec<Option<String>> = decoded.iter().map(|decoded| layout::without_markup(&decoded.text)).collect();
        let outlines: Vec<layout::Outline> = (decoded.iter().zip(&plain))
            .map(|(decoded, plain)| match plain {
                Some(plain) => layout::outline(plain, Some(&decoded.text)),
                None => layout::outline(&decoded.text, None),
            })
            .collect();
        clock.lap();
        let bound = (decoded.iter().zip(&outlines))
            .map(|(decoded, outline)| bind::bind_with_memory(&mut memory.bind, decoded, outline, self.grammars));
        let mut reports: Vec<_> = bound.collect();
        clock.lap();
        drop(outlines);
        for (report, plain) in reports.iter_mut().zip(plain) {
            report.plain = plain;
        }
        clock.go_on();
        if self.limits.check {
            for report in &mut reports {
                check::check_with_memory(&mut memory.check, report, self.grammars);
            }
        }
        clock.lap();
        let (mut out, mut bytes_out) = (Vec::new(), 0);
        clock.go_on();
        for (report, source) in reports.iter().zip(&sources) {
            out.clear();
            wire::write(report, self.grammars, source, self.options, &mut out);
            bytes_out += out.len() as u64;
        }
        clock.lap();
        Ok(Round { stages: clock.laps, bytes_out })
    }

    /// A batch as a worker has it done.
    fn whole(&self, memory: &mut Memory, batch: &[Sampled]) -> Result<Round, source::Error> {
        let (mut out, mut round) = (Vec::new(), Round::default());
        for input in batch {
            for text in input.read(self.reading)?.iter() {
                let report = parse_with(memory, &text.bytes, self.grammars, &limits(text, self.limits));
                wire::write(&report, self.grammars, &named(text), self.options, &mut out);
            }
        }
        round.bytes_out = out.len() as u64;
        Ok(round)
    }
}

fn named(text: &Text) -> wire::Source {
    source(text, &Sha256::digest(&text.bytes).into())
}

/// Does the work for every batch on so many threads, and adds up what it gives.
fn side_by_side(
    threads: usize,
    batches: &[&[Sampled]],
    work: impl Fn(&mut Memory, &[Sampled]) -> Result<Round, source::Error> + Sync,
) -> Result<Round, source::Error> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let (mut memory, mut sum) = (Memory::default(), Round::default());
        while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
            sum.add(&work(&mut memory, batch)?);
        }
        Ok(sum)
    };
    if threads == 1 {
        return worker();
    }
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        let mut sum = Round::default();
        for worker in workers {
            sum.add(&worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(sum)
    })
}

impl Round {
    fn add(&mut self, other: &Round) {
        for (sum, more) in self.stages.iter_mut().zip(other.stages) {
            *sum += more;
        }
        self.bytes_out += other.bytes_out;
    }
}

/// A stopwatch with a lap for each stage.
struct Clock {
    since: Instant,
    laps: [Duration; STAGES.len()],
    next: usize,
}

impl Clock {
    fn start() -> Clock {
        Clock { since: Instant::now(), laps: Default::default(), next: 0 }
    }

    /// Ends a stage; the next one begins.
    fn lap(&mut self) {
        let now = Instant::now();
        self.laps[self.next] = now - self.since;
        self.next += 1;
        self.since = now;
    }

    /// What was done since the last lap belongs to no stage.
    fn go_on(&mut self) {
        self.since = Instant::now();
    }
}

/// The middle one in seconds, or the middle between the two in the middle. Never quite 0, so that it can be divided by.
fn median(times: impl Iterator<Item = Duration>) -> f64 {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    let middle = times.get(times.len() / 2).zip(times.get(times.len().saturating_sub(1) / 2));
    middle.map_or(0.0, |(a, b)| (a.as_secs_f64() + b.as_secs_f64()) / 2.0).max(1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        #[track_caller]
        fn check(millis: &[u64], expected: f64) {
            let found = median(millis.iter().copied().map(Duration::from_millis));
            assert!((found - expected).abs() < 1e-9, "{found}");
        }
        check(&[], 1e-9);
        check(&[5], 0.005);
        check(&[9, 1, 5], 0.005);
        check(&[9, 1, 5, 7], 0.006);
        check(&[0, 0], 1e-9);
    }
}
