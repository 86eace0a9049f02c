//! Inputs -> workers -> results, in the inputs' order.
//!
//! In: inputs as they are found, what a worker does with one of them, and what takes the results. Every result is taken on
//! the calling thread in the order of the inputs, so that what is written is the same for any number of workers. Only a
//! window of inputs is under way at a time, bounded in number and in bytes: memory does not grow with their number. A panic
//! in a worker becomes the rejection of its input. This room knows no formats.

#![allow(clippy::disallowed_methods)]

mod guard;
mod tally;

use std::collections::BTreeMap;
use std::sync::mpsc;

use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

use crate::report::Status;
use crate::source::{self, Text};

pub use guard::{Panicked, guarded, remember_panics};
pub use tally::Tally;

/// What a worker makes of one input.
#[derive(Clone, Debug)]
pub struct Reading<T> {
    /// The product, such as the report as a sink writes it.
    pub made: T,
    /// How much of its form was found.
    pub status: Status,
    /// How many findings: errors, warnings, notes.
    pub findings: [u64; 3],
}

/// Why an input gave no report.
#[derive(Debug)]
pub enum Rejection {
    /// It could not be read.
    Unreadable(source::Error),
    /// A defect of this program; the run goes on without this input.
    Panicked {
        /// The input.
        path: String,
        /// What the panic said.
        panicked: Panicked,
    },
}

/// An input with what was made of it.
pub type Taken<T> = Result<(Text, Reading<T>), Rejection>;

/// How many inputs are under way for each worker, waiting to be taken included.
const WINDOW: usize = 4;
/// How many bytes of input may be under way. One larger input is read alone.
const WINDOW_BYTES: u64 = 256 << 20;

/// Runs `read` over the inputs on `jobs` workers, and gives every result to `take` in the inputs' order. Ends early where
/// `take` fails.
pub fn run<T: Send, E>(
    jobs: usize,
    mut inputs: impl Iterator<Item = Result<Text, source::Error>>,
    read: impl Fn(&Text) -> Result<Reading<T>, source::Error> + Sync,
    mut take: impl FnMut(Taken<T>) -> Result<(), E>,
) -> Result<Result<Tally, E>, ThreadPoolBuildError> {
    let pool = ThreadPoolBuilder::new().num_threads(jobs).build()?;
    let window = jobs.max(1) * WINDOW;
    let read = &read;
    // The workers' side of a scope ends when all of its tasks have ended, which takes no longer than one window.
    Ok(pool.in_place_scope(|scope| {
        let (results, finished) = mpsc::channel::<(usize, u64, Taken<T>)>();
        let mut tally = Tally::default();
        let mut waiting: BTreeMap<usize, (u64, Taken<T>)> = BTreeMap::new();
        let (mut begun, mut taken) = (0, 0);
        let mut bytes = 0;
        let mut more = true;
        loop {
            while more && begun - taken < window && (bytes < WINDOW_BYTES || begun == taken) {
                let Some(input) = inputs.next() else {
                    more = false;
                    break;
                };
                let index = begun;
                begun += 1;
                match input {
                    Err(error) => {
                        waiting.insert(index, (0, Err(Rejection::Unreadable(error))));
                    }
                    Ok(input) => {
                        let size = input.bytes.len() as u64;
                        bytes += size;
                        let results = results.clone();
                        scope.spawn(move |_| {
                            let taken = work(input, read);
                            // The other side is gone only when the run has ended early.
                            let _ = results.send((index, size, taken));
                        });
                    }
                }
            }
            if taken == begun {
                return Ok(tally);
            }
            if !waiting.contains_key(&taken) {
                // Every input that was begun sends one result, and `results` is still held here: this can't fail.
                let Ok((index, size, result)) = finished.recv() else { return Ok(tally) };
                waiting.insert(index, (size, result));
            }
            while let Some((size, result)) = waiting.remove(&taken) {
                bytes -= size;
                taken += 1;
                tally.add(&result);
                take(result)?;
            }
        }
    }))
}

fn work<T>(input: Text, read: impl Fn(&Text) -> Result<Reading<T>, source::Error>) -> Taken<T> {
    match guarded(|| read(&input)) {
        Ok(Ok(reading)) => Ok((input, reading)),
        Ok(Err(error)) => Err(Rejection::Unreadable(error)),
        Err(panicked) => Err(Rejection::Panicked { path: input.path, panicked }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    fn reading(text: &str) -> Reading<Vec<u8>> {
        Reading { made: text.as_bytes().to_vec(), status: Status::Complete, findings: [0, 1, 2] }
    }

    fn numbered(count: usize) -> impl Iterator<Item = Result<Text, source::Error>> {
        let text = |path| Text { path, record: None, relative: PathBuf::new(), bytes: Vec::new() };
        (0..count).map(move |number| Ok(text(number.to_string())))
    }

    #[test]
    fn results_come_in_order_and_in_a_window() {
        for jobs in [1, 2, 7] {
            let under_way = AtomicUsize::new(0);
            let mut expected = 0;
            let tally = run(
                jobs,
                numbered(500).inspect(|_| {
                    let now = under_way.fetch_add(1, Ordering::SeqCst);
                    assert!(now < jobs * WINDOW);
                }),
                |input| {
                    let number: u64 = input.path.parse().expect("a number");
                    std::thread::sleep(Duration::from_micros(number * 7919 % 300));
                    Ok(reading(&input.path))
                },
                |taken| {
                    under_way.fetch_sub(1, Ordering::SeqCst);
                    let (input, reading) = taken.expect("a reading");
                    assert_eq!(input.path, expected.to_string());
                    assert_eq!(reading.made, input.path.as_bytes());
                    expected += 1;
                    Ok::<(), ()>(())
                },
            );
            let tally = tally.expect("a pool").expect("a run");
            assert_eq!((expected, tally.complete, tally.warnings, tally.notes), (500, 500, 500, 1000));
        }
    }

    #[test]
    fn a_panic_is_one_rejection() {
        let mut rejected = Vec::new();
        let read = |input: &Text| if input.path == "7" { panic!("seven") } else { Ok(reading(&input.path)) };
        let tally = run(3, numbered(20), read, |taken| {
            if let Err(Rejection::Panicked { path, panicked }) = taken {
                rejected.push((path, panicked.to_string()));
            }
            Ok::<(), ()>(())
        });
        let tally = tally.expect("a pool").expect("a run");
        assert_eq!((tally.complete, tally.rejected), (19, 1));
        assert_eq!(rejected[0].0, "7");
        assert!(rejected[0].1.starts_with("seven"), "{}", rejected[0].1);
    }

    #[test]
    fn a_sink_that_fails_ends_the_run() {
        let mut count = 0;
        let ended = run(
            2,
            numbered(100_000_000),
            |input| Ok(reading(&input.path)),
            |_| {
                count += 1;
                if count == 10 { Err("full") } else { Ok(()) }
            },
        );
        assert_eq!(ended.expect("a pool").err(), Some("full"));
    }
}
