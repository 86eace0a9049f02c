//! Ctrl-C: the first one ends a run in good order, the second one at once.

use std::io::{self, Write};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use super::EXIT_INTERRUPTED;
use super::terminal::Terminal;
use crate::render::Lang;

static STOP: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C sets what is given here, and a second one ends the process. Where the system does not allow that, it ends
/// the process as ever.
pub(super) fn stopped_by_interrupt(terminal: &Terminal) -> &'static AtomicBool {
    let (bar, quiet) = (terminal.bar.clone(), terminal.quiet);
    let words = match terminal.lang {
        Lang::En => "gongkai: finishing what was begun; Ctrl-C again ends at once\n",
        Lang::Zh => "gongkai：正在完成已开始的部分；再按一次 Ctrl-C 立即结束\n",
    };
    let _ = ctrlc::set_handler(move || {
        if STOP.swap(true, Ordering::SeqCst) {
            process::exit(i32::from(EXIT_INTERRUPTED));
        }
        if !quiet {
            let _ = bar.suspend(|| io::stderr().write_all(words.as_bytes()));
        }
    });
    &STOP
}
