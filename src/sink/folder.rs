//! A folder with one JSON file a report, laid out as the inputs are.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use super::target::{Target, parent};
use super::{Cause, Error, Sink};

pub(super) struct Folder {
    root: PathBuf,
    names: Names,
}

impl Folder {
    pub(super) fn open(root: &Path) -> Result<Folder, Error> {
        match fs::create_dir(root) {
            Ok(()) => {}
            Err(_) if root.is_dir() => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Error::new(root, Cause::NoParent(parent(root).to_owned())));
            }
            Err(_) if root.exists() => return Err(Error::new(root, Cause::IsFile)),
            Err(error) => return Err(Error::io(root, error)),
        }
        Ok(Folder { root: root.to_owned(), names: Names::default() })
    }
}

impl Sink for Folder {
    fn write(&mut self, relative: &Path, report: &[u8]) -> Result<(), Error> {
        let path = self.root.join(self.names.next(relative));
        let folder = parent(&path);
        if !folder.is_dir() {
            fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))?;
        }
        let mut target = Target::create(&path)?;
        target.write(&[report, b"\n"])?;
        target.finish(false)
    }

    /// Every report is in its place already.
    fn finish(self: Box<Self>) -> Result<(), Error> {
        Ok(())
    }
}

/// The names given so far, so that none is given twice, each with the last number tried for it.
///
/// Only their hashes are kept: a million names then take 32 MB. Two names of one hash would only cost the second a number.
#[derive(Default)]
struct Names(HashMap<u64, u64>);

impl Names {
    /// The name for a report on `relative`: `a/b.json` for `a/b.txt`, `a/b.2.json` where that is taken.
    fn next(&mut self, relative: &Path) -> PathBuf {
        let is_text = relative.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("txt"));
        let stem = if is_text { relative.with_extension("") } else { relative.to_owned() };
        let first = named(&stem, ".json");
        let Some(mut number) = self.0.insert(hash(&first), 1) else { return first };
        loop {
            number += 1;
            let name = named(&stem, &format!(".{number}.json"));
            if let Entry::Vacant(entry) = self.0.entry(hash(&name)) {
                entry.insert(1);
                self.0.insert(hash(&first), number);
                return name;
            }
        }
    }
}

fn named(stem: &Path, ending: &str) -> PathBuf {
    let mut name = stem.as_os_str().to_owned();
    name.push(ending);
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
        let given =
            ["a/b.txt", "a/b", "a/b.TXT", "a/b.2", "b.txt", "b.md", "年报.txt"].map(|name| names.next(Path::new(name)));
        let expected = ["a/b.json", "a/b.2.json", "a/b.3.json", "a/b.2.2.json", "b.json", "b.md.json", "年报.json"];
        assert_eq!(given, expected.map(PathBuf::from));
    }
}
