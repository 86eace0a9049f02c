//! How far a run is, on one line of the terminal.
//!
//! Whoever does the work only adds to counters. A thread of its own looks at them ten times a second and draws, so that a run pays
//! next to nothing for it, and one that is over at once draws nothing. Nothing is drawn where standard error is no terminal, with
//! `--quiet` or `--no-progress`, or where data goes to the same terminal.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::Terminal;
use crate::render::Lang;
use crate::source::BytesRead;

/// A run that is over by then draws nothing.
const SILENT: Duration = Duration::from_millis(300);
/// How often it is drawn.
const EVERY: Duration = Duration::from_millis(100);
/// How far back the speed is taken from.
const WINDOW: Duration = Duration::from_secs(10);

/// How far a run is. It ends, and its line goes, when this is dropped.
pub(super) struct Progress {
    counters: Arc<Counters>,
    drawing: Option<Drawing>,
}

/// What became of some inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Added {
    /// How many inputs.
    pub(super) inputs: u64,
    /// Their bytes, unpacked.
    pub(super) bytes: u64,
    /// How many are only part of a report.
    pub(super) partial: u64,
    /// How many gave no report.
    pub(super) rejected: u64,
}

/// Counters that only grow. They need no order among one another: what is drawn may be a moment old.
#[derive(Default)]
struct Counters {
    inputs: AtomicU64,
    bytes: AtomicU64,
    partial: AtomicU64,
    rejected: AtomicU64,
    /// Of the bytes of the files, as they lie on the disk, how many have been read.
    read: BytesRead,
    /// How many they are; 0 while that is not known.
    total: AtomicU64,
    over: AtomicBool,
}

struct Drawing {
    bar: ProgressBar,
    stop: mpsc::Sender<()>,
    thread: JoinHandle<()>,
}

impl Progress {
    /// Begins, if the terminal shows progress. `free`: no data goes to the terminal. `read`: how much of the files has been read.
    pub(super) fn begin(terminal: &Terminal, free: bool, read: BytesRead) -> Progress {
        let counters = Arc::new(Counters { read, ..Counters::default() });
        let drawing = (free && terminal.shows_progress).then(|| {
            let (bar, lang) = (terminal.bar.clone(), terminal.lang);
            let (stop, stopped) = mpsc::channel();
            let looked_at = Arc::clone(&counters);
            let thread = thread::spawn({
                let bar = bar.clone();
                move || draw(&bar, lang, &looked_at, &stopped)
            });
            Drawing { bar, stop, thread }
        });
        Progress { counters, drawing }
    }

    /// Whether anybody sees it.
    pub(super) fn is_shown(&self) -> bool {
        self.drawing.is_some()
    }

    /// Counts inputs that are finished.
    pub(super) fn add(&self, added: Added) {
        let Counters { inputs, bytes, partial, rejected, .. } = &*self.counters;
        for (counter, more) in
            [(inputs, added.inputs), (bytes, added.bytes), (partial, added.partial), (rejected, added.rejected)]
        {
            if more > 0 {
                counter.fetch_add(more, Ordering::Relaxed);
            }
        }
    }

    /// Finds out on another thread how many bytes the files have together: `measure` is asked to give up when the run is over.
    pub(super) fn expect(&self, measure: impl FnOnce(&dyn Fn() -> bool) -> Option<u64> + Send + 'static) {
        if self.is_shown() {
            let counters = Arc::clone(&self.counters);
            thread::spawn(move || {
                let total = measure(&|| counters.over.load(Ordering::Relaxed));
                counters.total.store(total.unwrap_or(0), Ordering::Relaxed);
            });
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.counters.over.store(true, Ordering::Relaxed);
        if let Some(Drawing { bar, stop, thread }) = self.drawing.take() {
            drop(stop);
            // It can't panic; if it did, there would be nothing to mend.
            let _ = thread.join();
            bar.finish_and_clear();
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
    }
}

/// Draws until the other side of `stopped` is gone.
fn draw(bar: &ProgressBar, lang: Lang, counters: &Counters, stopped: &mpsc::Receiver<()>) {
    let begun = Instant::now();
    if stopped.recv_timeout(SILENT) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(20));
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
        bar.set_style(style);
    }
    let mut seen = VecDeque::from([(begun, State::default())]);
    loop {
        let (now, state) = (Instant::now(), counters.state());
        while seen.len() > 1 && seen.front().is_some_and(|(then, _)| now - *then > WINDOW) {
            seen.pop_front();
        }
        let (then, before) = seen.front().copied().unwrap_or((begun, State::default()));
        bar.set_message(words(&state, &state.since(&before), now - then, lang));
        bar.tick();
        seen.push_back((now, state));
        if stopped.recv_timeout(EVERY) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}

/// The counters at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct State {
    added: Added,
    read: u64,
    total: u64,
}

impl Counters {
    fn state(&self) -> State {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        State {
            added: Added {
                inputs: read(&self.inputs),
                bytes: read(&self.bytes),
                partial: read(&self.partial),
                rejected: read(&self.rejected),
            },
            read: self.read.get(),
            total: read(&self.total),
        }
    }
}

impl State {
    /// What came since `before`.
    fn since(&self, before: &State) -> State {
        let added = Added {
            inputs: self.added.inputs - before.added.inputs,
            bytes: self.added.bytes - before.added.bytes,
            ..Added::default()
        };
        State { added, read: self.read - before.read, ..State::default() }
    }
}

/// The line: the bar and the time left first, since a narrow terminal cuts off what comes last.
fn words(state: &State, lately: &State, span: Duration, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let Added { inputs, bytes, partial, rejected } = state.added;
    let seconds = span.as_secs_f64().max(1e-3);
    let mut parts = Vec::new();
    if state.total > 0 {
        // A file may have grown since it was measured.
        let done = state.read.min(state.total);
        const WIDTH: u64 = 20;
        let share = |of: u64| (u128::from(done) * u128::from(of) / u128::from(state.total)) as usize;
        let bar = "━".repeat(share(WIDTH)) + &"─".repeat(WIDTH as usize - share(WIDTH));
        let mut part = format!("{bar} {}%", share(100));
        if lately.read > 0 {
            let left = clock((state.total - done) as f64 * seconds / lately.read as f64);
            part += &if zh { format!(" 剩余 {left}") } else { format!(" {left} left") };
        }
        parts.push(part);
    }
    let megabytes = |bytes: f64| bytes / 1e6;
    let (reports, speed) = (lately.added.inputs as f64 / seconds, megabytes(lately.added.bytes as f64 / seconds));
    let size = megabytes(bytes as f64);
    match lang {
        Lang::En => {
            parts.push(format!("{inputs} input{}", if inputs == 1 { "" } else { "s" }));
            parts.push(format!("{size:.1} MB, {reports:.0} reports/s, {speed:.1} MB/s"));
            parts.push(format!("{partial} partial, {rejected} rejected"));
        }
        Lang::Zh => {
            parts.push(format!("{inputs} 个输入"));
            parts.push(format!("{size:.1} MB，每秒 {reports:.0} 份、{speed:.1} MB"));
            parts.push(format!("{partial} 部分，{rejected} 拒绝"));
        }
    }
    parts.join(if zh { "，" } else { ", " })
}

/// Seconds as a clock shows them: `0:07`, `2:05:00`.
fn clock(seconds: f64) -> String {
    // What would take years is not foreseen to the second.
    let seconds = seconds.min(3.6e8) as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        #[track_caller]
        fn check(added: [u64; 4], total: u64, lang: Lang, expected: &str) {
            let [inputs, bytes, partial, rejected] = added;
            let state = State { added: Added { inputs, bytes, partial, rejected }, read: bytes, total };
            assert_eq!(words(&state, &state.since(&State::default()), Duration::from_secs(2), lang), expected);
        }
        check([0; 4], 0, Lang::En, "0 inputs, 0.0 MB, 0 reports/s, 0.0 MB/s, 0 partial, 0 rejected");
        check([1, 3_000_000, 1, 0], 0, Lang::En, "1 input, 3.0 MB, 0 reports/s, 1.5 MB/s, 1 partial, 0 rejected");
        check(
            [5000, 32_000_000, 3, 2],
            128_000_000,
            Lang::En,
            "━━━━━─────────────── 25% 0:06 left, 5000 inputs, 32.0 MB, 2500 reports/s, 16.0 MB/s, 3 partial, 2 rejected",
        );
        check(
            [5000, 32_000_000, 3, 2],
            7,
            Lang::Zh,
            "━━━━━━━━━━━━━━━━━━━━ 100% 剩余 0:00，5000 个输入，32.0 MB，每秒 2500 份、16.0 MB，3 部分，2 拒绝",
        );
        check(
            [0; 4],
            7,
            Lang::En,
            "──────────────────── 0%, 0 inputs, 0.0 MB, 0 reports/s, 0.0 MB/s, 0 partial, 0 rejected",
        );
    }

    #[test]
    fn clocks() {
        assert_eq!([0.0, 7.9, 125.0, 7500.0].map(clock), ["0:00", "0:07", "2:05", "2:05:00"]);
        assert_eq!(clock(f64::INFINITY), "100000:00:00");
    }
}
