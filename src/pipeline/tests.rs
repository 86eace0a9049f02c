//! Order, bounds, panics and early ends, with workers that do next to nothing.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::thread::sleep;
use std::time::Duration;

use super::*;

/// Gives back the paths. Most inputs here are files that are not there, which a pipeline carries as any others.
struct Echo<F> {
    each: F,
    held: u64,
}

impl<F: Fn(&str) + Sync> Worker for Echo<F> {
    type Scratch = ();
    type Made = Vec<String>;

    fn scratch(&self) {}

    fn text(&self, (): &mut (), text: &Text, made: &mut Vec<String>) {
        (self.each)(&text.path);
        made.push(text.path.clone());
    }

    fn rejected(&self, rejection: Rejection, _: Option<&Text>, made: &mut Vec<String>) {
        made.push(match rejection {
            Rejection::Unreadable(error) => {
                (self.each)(&error.path);
                error.path
            }
            Rejection::Panicked { path, panicked, .. } => format!("{path}: {panicked}"),
        });
    }

    fn seal(&self, (): &mut (), _: &mut Vec<String>) -> u64 {
        self.held
    }
}

static GOES_ON: AtomicBool = AtomicBool::new(false);

fn numbered(count: usize) -> impl Iterator<Item = Result<Input, source::Error>> {
    (0..count).map(|number| Ok(Input::file(PathBuf::from(format!("none/{number}")), PathBuf::new())))
}

fn fed(
    mut inputs: impl Iterator<Item = Result<Input, source::Error>>,
) -> impl FnOnce(&mut dyn FnMut(Result<Input, source::Error>) -> ControlFlow<()>) {
    move |emit| _ = inputs.try_for_each(emit)
}

#[test]
fn results_come_in_order() {
    let reading = source::Options::default();
    for jobs in [1, 2, 7] {
        let slow = |path: &str| {
            let number: u64 = path.rsplit('/').next().and_then(|name| name.parse().ok()).expect("a number");
            sleep(Duration::from_micros(number * 7919 % 300));
        };
        let flow = Flow { jobs, memory: 1 << 20, stop: &GOES_ON, reading: &reading };
        let mut taken = Vec::new();
        let ended = run(&flow, fed(numbered(2000)), &Echo { each: slow, held: 1000 }, |made| {
            taken.append(made);
            Ok::<(), ()>(())
        });
        assert_eq!(ended.expect("a pool"), Ok(Ended::Whole));
        let expected: Vec<String> = (0..2000).map(|number| format!("none/{number}")).collect();
        assert_eq!(taken, expected);
    }
}

#[test]
fn memory_is_bounded_while_the_first_batch_is_slow() {
    const MEMORY: u64 = 1 << 20;
    const HELD: u64 = 100 << 10;
    let reading = source::Options::default();
    let (begun, most) = (AtomicU64::new(0), AtomicU64::new(0));
    let each = |path: &str| {
        begun.fetch_add(1, SeqCst);
        if path == "none/0" {
            sleep(Duration::from_millis(300));
        }
    };
    let flow = Flow { jobs: 3, memory: MEMORY, stop: &GOES_ON, reading: &reading };
    let mut taken = 0;
    let ended = run(&flow, fed(numbered(20_000)), &Echo { each, held: HELD }, |made| {
        if taken == 0 {
            // The others went on meanwhile, as far as their results have room.
            most.store(begun.load(SeqCst), SeqCst);
        }
        taken += made.len();
        made.clear();
        Ok::<(), ()>(())
    });
    assert_eq!((ended.expect("a pool"), taken), (Ok(Ended::Whole), 20_000));
    // A result takes HELD, and a batch under way at least as much as its inputs: so many batches of 64 had room.
    let most = most.into_inner();
    assert!((100..64 * (MEMORY / HELD + 4)).contains(&most), "{most} inputs were begun");
}

#[test]
fn a_larger_batch_passes_alone() {
    let reading = source::Options::default();
    let flow = Flow { jobs: 2, memory: 1, stop: &GOES_ON, reading: &reading };
    let under_way = AtomicU64::new(0);
    let each = |_: &str| assert!(under_way.fetch_add(1, SeqCst) < 64);
    let mut taken = 0;
    let ended = run(&flow, fed(numbered(1000)), &Echo { each, held: 1 }, |made| {
        under_way.fetch_sub(made.len() as u64, SeqCst);
        taken += made.len();
        made.clear();
        Ok::<(), ()>(())
    });
    assert_eq!((ended.expect("a pool"), taken), (Ok(Ended::Whole), 1000));
}

#[test]
fn a_panic_is_one_rejection() {
    let folder = tempfile::tempdir().expect("a folder");
    let reading = source::Options::default();
    let files: Vec<PathBuf> = (0..200).map(|number| folder.path().join(number.to_string())).collect();
    files.iter().for_each(|file| std::fs::write(file, "text").expect("a file"));
    for jobs in [1, 3] {
        let each = |path: &str| assert!(!path.ends_with("/77"), "seven");
        let inputs = files.iter().map(|file| Ok(Input::file(file.clone(), PathBuf::new())));
        let flow = Flow { jobs, memory: 1 << 20, stop: &GOES_ON, reading: &reading };
        let mut taken = Vec::new();
        let ended = run(&flow, fed(inputs), &Echo { each, held: 0 }, |made| {
            taken.append(made);
            Ok::<(), ()>(())
        });
        assert_eq!((ended.expect("a pool"), taken.len()), (Ok(Ended::Whole), 200));
        assert!(taken[77].contains("/77: seven") && taken[78].ends_with("/78"), "{}", taken[77]);
    }
}

#[test]
fn a_taker_that_fails_ends_the_run() {
    let reading = source::Options::default();
    for jobs in [1, 2, 7] {
        let flow = Flow { jobs, memory: 64 << 10, stop: &GOES_ON, reading: &reading };
        let mut count = 0;
        let ended = run(&flow, fed(numbered(100_000_000)), &Echo { each: |_: &str| {}, held: 0 }, |_| {
            count += 1;
            if count == 10 { Err("full") } else { Ok(()) }
        });
        assert_eq!((ended.expect("a pool"), count), (Err("full"), 10));
    }
}

#[test]
fn a_stopped_run_ends_with_what_was_begun() {
    let reading = source::Options::default();
    for jobs in [1, 2, 7] {
        let stop = AtomicBool::new(false);
        let flow = Flow { jobs, memory: 1 << 20, stop: &stop, reading: &reading };
        let each = |path: &str| _ = stop.fetch_or(path == "none/5000", SeqCst);
        let mut taken = Vec::new();
        let ended = run(&flow, fed(numbered(100_000_000)), &Echo { each, held: 0 }, |made| {
            taken.append(made);
            Ok::<(), ()>(())
        });
        assert_eq!(ended.expect("a pool"), Ok(Ended::Stopped));
        assert!((3000..100_000).contains(&taken.len()), "{}", taken.len());
        assert!(taken.iter().enumerate().all(|(number, path)| *path == format!("none/{number}")));
    }
}

#[test]
#[should_panic(expected = "a defect of the taker")]
fn a_panic_of_the_taker_goes_on_where_the_run_was_called() {
    let reading = source::Options::default();
    let flow = Flow { jobs: 2, memory: 64 << 10, stop: &GOES_ON, reading: &reading };
    let _ = run(&flow, fed(numbered(100_000)), &Echo { each: |_: &str| {}, held: 0 }, |_| -> Result<(), ()> {
        panic!("a defect of the taker")
    });
}
