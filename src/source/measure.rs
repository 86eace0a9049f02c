//! How many bytes the files of some arguments have together, as they lie on the disk. For those who watch.

use std::path::PathBuf;

use super::Skip;
use super::find::inputs;

/// The sum, or nothing where it can't be known (standard input), or `given_up` says that nobody waits for it any more.
pub fn measure(arguments: &[PathBuf], skip: &Skip, given_up: &dyn Fn() -> bool) -> Option<u64> {
    if arguments.iter().any(|argument| argument.as_os_str() == "-") {
        return None;
    }
    let mut total = 0;
    for input in inputs(arguments, skip).flatten() {
        if given_up() {
            return None;
        }
        total += input.size();
    }
    Some(total)
}
