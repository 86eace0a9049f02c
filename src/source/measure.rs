//! How many bytes the texts of some arguments have together, found out without reading them. For those who watch.

use std::path::PathBuf;

use super::{Skip, find};

/// What is packed, or holds other things than texts: how much it holds is not known before it is read.
const NOT_PLAIN: &[&str] =
    &["gz", "zst", "bz2", "xz", "tgz", "tbz2", "txz", "tar", "zip", "jsonl", "ndjson", "json", "warc", "wet"];

/// The sum, or nothing where it can't be known, or where `given_up` says that nobody waits for it any more.
pub fn measure(arguments: &[PathBuf], skip: &Skip, given_up: &dyn Fn() -> bool) -> Option<u64> {
    if arguments.iter().any(|argument| argument.as_os_str() == "-") {
        return None;
    }
    let mut total = 0;
    for input in find::inputs(arguments, skip).flatten() {
        let ending = input.path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        if given_up() || ending.is_some_and(|ending| NOT_PLAIN.contains(&ending.as_str())) {
            return None;
        }
        total += input.size();
    }
    Some(total)
}
