//! Inputs -> workers -> results, in the inputs' order.
//!
//! In: a `feed` that gives inputs one by one, a [`Worker`], and what takes the results. The calling thread runs the feed and
//! gathers inputs into batches (`gather`). Workers take whole batches; whoever has finished one hands it over, and takes all
//! that is next in the inputs' order (`order`). So what is written is the same for any number of workers, a slow taker holds
//! up one worker at most, and a huge input lets the others go on. How many bytes are under way is bounded: memory does not
//! grow with the number of inputs. A panic in a worker becomes the rejection of its text. This room knows no formats.

#![allow(clippy::disallowed_methods)]

mod gather;
mod guard;
mod order;
mod tally;
#[cfg(test)]
mod tests;

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

use crate::report::Code;
use crate::source::{self, Input, Text};
use gather::{Found, Gather};
use order::Order;

pub use guard::{Panicked, guarded, remember_panics};
pub use tally::Tally;

/// How a run goes.
#[derive(Clone, Copy, Debug)]
pub struct Flow<'a> {
    /// How many workers. One works on the calling thread.
    pub jobs: usize,
    /// How many bytes may be under way. One larger input passes alone.
    pub memory: u64,
    /// Set from outside: what was begun is finished and taken, and nothing more is begun.
    pub stop: &'a AtomicBool,
    /// How inputs are read.
    pub reading: &'a source::Options,
}

/// What is done with the texts.
pub trait Worker: Sync {
    /// What a worker keeps from batch to batch. It is thrown away after a panic.
    type Scratch: Send;
    /// What becomes of a batch. When it was taken, it comes back to be filled again.
    type Made: Default + Send;

    /// A new scratch.
    fn scratch(&self) -> Self::Scratch;

    /// Adds what becomes of a text. Where that panics, half of it may be left in `made`: the next call has to drop it.
    fn text(&self, scratch: &mut Self::Scratch, text: &Text, made: &mut Self::Made);

    /// Adds an input that gave nothing; `text` is its text, where it was read.
    fn rejected(&self, rejection: Rejection, text: Option<&Text>, made: &mut Self::Made);

    /// Ends a batch, and says how many bytes it holds until it is taken.
    fn seal(&self, scratch: &mut Self::Scratch, made: &mut Self::Made) -> u64;
}

/// Why an input gave no report.
#[derive(Debug)]
pub enum Rejection {
    /// It could not be read.
    Unreadable(source::Error),
    /// A defect of this program; the run goes on without this input.
    Panicked {
        /// The path of the input.
        path: String,
        /// Its record.
        record: Option<String>,
        /// What the panic said.
        panicked: Panicked,
    },
}

impl Rejection {
    /// The path of the input, and its record.
    pub fn name(&self) -> (&str, Option<&str>) {
        match self {
            Rejection::Unreadable(error) => (&error.path, error.record.as_deref()),
            Rejection::Panicked { path, record, .. } => (path, record.as_deref()),
        }
    }

    /// The kind of finding that this is.
    pub fn code(&self) -> Code {
        match self {
            Rejection::Unreadable(error) => error.code(),
            Rejection::Panicked { .. } => Code::Defect,
        }
    }
}

/// How a run ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Everything was taken.
    Whole,
    /// It was stopped: what was taken is a beginning of the whole.
    Stopped,
}

/// Works on everything that `feed` gives, and has the results taken in its order. Ends early where `take` fails.
pub fn run<W: Worker, E: Send>(
    flow: &Flow<'_>,
    feed: impl FnOnce(&mut dyn FnMut(Result<Input, source::Error>) -> ControlFlow<()>),
    worker: &W,
    take: impl FnMut(&mut W::Made) -> Result<(), E> + Send,
) -> Result<Result<Ended, E>, ThreadPoolBuildError> {
    if flow.jobs <= 1 {
        return Ok(alone(flow, feed, worker, take));
    }
    let pool = ThreadPoolBuilder::new().num_threads(flow.jobs).build()?;
    let order = Order::new(flow, worker, take);
    // A scope ends when all of its tasks have ended.
    pool.in_place_scope_fifo(|scope| {
        let order = &order;
        let begin = |batch: Vec<Found>, cost: u64| {
            if !order.admit(batch, cost) {
                return ControlFlow::Break(());
            }
            scope.spawn_fifo(|_| order.work());
            ControlFlow::Continue(())
        };
        gathered(flow, feed, begin);
    });
    Ok(order.end())
}

/// The same on the calling thread.
fn alone<W: Worker, E>(
    flow: &Flow<'_>,
    feed: impl FnOnce(&mut dyn FnMut(Result<Input, source::Error>) -> ControlFlow<()>),
    worker: &W,
    mut take: impl FnMut(&mut W::Made) -> Result<(), E>,
) -> Result<Ended, E> {
    let (mut scratch, mut made) = (worker.scratch(), W::Made::default());
    let mut failed = None;
    gathered(flow, feed, |batch, _| {
        work(flow, worker, batch, &mut scratch, &mut made);
        match take(&mut made) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(ended(flow)),
    }
}

/// Gathers what the feed gives into batches, each with what it costs while it is worked on.
fn gathered(
    flow: &Flow<'_>,
    feed: impl FnOnce(&mut dyn FnMut(Result<Input, source::Error>) -> ControlFlow<()>),
    mut begin: impl FnMut(Vec<Found>, u64) -> ControlFlow<()>,
) {
    let stopped = || flow.stop.load(Ordering::Relaxed);
    let mut gather = Gather::default();
    let mut broken = false;
    feed(&mut |found| {
        if stopped() {
            return ControlFlow::Break(());
        }
        let full = gather.add(found).map_or(ControlFlow::Continue(()), |(batch, cost)| begin(batch, cost));
        broken = full.is_break();
        full
    });
    // Where a batch ends depends on its inputs alone. So half a batch is no batch.
    if !broken
        && !stopped()
        && let Some((batch, cost)) = gather.rest()
    {
        let _ = begin(batch, cost);
    }
}

fn ended(flow: &Flow<'_>) -> Ended {
    if flow.stop.load(Ordering::Relaxed) { Ended::Stopped } else { Ended::Whole }
}

/// Works on one batch. Gives the bytes that its result holds.
fn work<W: Worker>(
    flow: &Flow<'_>,
    worker: &W,
    batch: Vec<Found>,
    scratch: &mut W::Scratch,
    made: &mut W::Made,
) -> u64 {
    for found in batch {
        match found {
            Ok(input) => read(flow, worker, input, scratch, made),
            Err(error) => worker.rejected(Rejection::Unreadable(error), None, made),
        }
    }
    worker.seal(scratch, made)
}

fn read<W: Worker>(flow: &Flow<'_>, worker: &W, input: Input, scratch: &mut W::Scratch, made: &mut W::Made) {
    let (path, record) = (input.path.clone(), input.record.clone());
    let read = guarded(|| {
        input.texts(flow.reading, &mut |text| match text {
            Ok(text) => {
                if let Err(panicked) = guarded(|| worker.text(scratch, &text, made)) {
                    *scratch = worker.scratch();
                    let (path, record) = (text.path.clone(), text.record.clone());
                    worker.rejected(Rejection::Panicked { path, record, panicked }, Some(&text), made);
                }
            }
            Err(error) => worker.rejected(Rejection::Unreadable(error), None, made),
        });
    });
    if let Err(panicked) = read {
        worker.rejected(Rejection::Panicked { path, record, panicked }, None, made);
    }
}
