//! The names of the files in a folder of results.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The names given so far, so that none is given twice, each with the last number tried for it.
///
/// Only their hashes are kept: a million names then take 32 MB. Two names of one hash would only cost the second a number.
#[derive(Default)]
pub(super) struct Names(HashMap<u64, u32>);

impl Names {
    /// The name for a report on `relative`: `a/b.json` for `a/b.txt`, `a/b.2.json` where that is taken.
    pub(super) fn next(&mut self, relative: &Path) -> (PathBuf, u32) {
        let first = named(relative, 1);
        let Some(mut number) = self.0.insert(hash(&first), 1) else { return (first, 1) };
        loop {
            number += 1;
            let name = named(relative, number);
            if let Entry::Vacant(entry) = self.0.entry(hash(&name)) {
                entry.insert(1);
                self.0.insert(hash(&first), number);
                return (name, number);
            }
        }
    }
}

/// The name with that number: the first has none.
pub(super) fn named(relative: &Path, number: u32) -> PathBuf {
    let is_text = relative.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("txt"));
    let mut name = if is_text { relative.with_extension("") } else { relative.to_owned() }.into_os_string();
    name.push(if number == 1 { ".json".to_owned() } else { format!(".{number}.json") });
    PathBuf::from(name)
}

fn hash(name: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_given_twice() {
        let mut names = Names::default();
        let given = ["a/b.txt", "a/b", "a/b.TXT", "a/b.2", "b.txt", "b.md", "年报.txt"]
            .map(|name| names.next(Path::new(name)).0);
        let expected = ["a/b.json", "a/b.2.json", "a/b.3.json", "a/b.2.2.json", "b.json", "b.md.json", "年报.json"];
        assert_eq!(given, expected.map(PathBuf::from));
    }
}
