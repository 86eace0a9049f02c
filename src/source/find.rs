//! INPUT arguments -> files, in order.
//!
//! A folder is walked as its files come, never listed as a whole; the order is that of the whole paths, byte by byte.

use std::cmp::Ordering;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::iter;
use std::path::{Component, Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::pattern::{Named, named};
use super::{Cause, Error, Skip, shown};

/// What an argument, or a walk, comes to.
pub(super) enum Found {
    Stdin,
    File {
        path: PathBuf,
        /// Its place in a folder of results.
        relative: PathBuf,
        /// Its size; none for what is no regular file, or is not there.
        size: Option<u64>,
    },
}

impl Found {
    fn file(path: PathBuf, relative: PathBuf, metadata: Option<Metadata>) -> Found {
        let size = metadata.filter(Metadata::is_file).map(|metadata| metadata.len());
        Found::File { path, relative, size }
    }
}

/// What the arguments name, in their order: a file, a folder (walked), a pattern where no file has that name, or `-`. What
/// can't be read is an error in its place.
pub(super) fn files(arguments: &[PathBuf], skip: &Skip) -> impl Iterator<Item = Result<Found, Error>> {
    let given: Vec<Given> = arguments.iter().flat_map(|argument| given(argument)).collect();
    let parent =
        common_parent(given.iter().filter_map(|given| if let Given::File(path) = given { Some(path) } else { None }));
    given.into_iter().flat_map(move |given| -> Box<dyn Iterator<Item = Result<Found, Error>>> {
        match given {
            Given::Stdin => Box::new(iter::once(Ok(Found::Stdin))),
            Given::Wrong(error) => Box::new(iter::once(Err(error))),
            Given::Folder(root) => Box::new(walk(root, skip.clone())),
            Given::File(path) => {
                let relative = plain(path.strip_prefix(&parent).unwrap_or(&path));
                let metadata = path.metadata().ok();
                Box::new(iter::once(Ok(Found::file(path, relative, metadata))))
            }
        }
    })
}

/// The first of the arguments, or of what they name as patterns, that is left out: it was asked for by its name.
pub fn left_out(arguments: &[PathBuf], skip: &Skip) -> Option<PathBuf> {
    arguments.iter().flat_map(|argument| given(argument)).find_map(|given| match given {
        Given::Stdin => skip.holds(Path::new("/dev/stdin")).then(|| PathBuf::from("-")),
        Given::File(path) | Given::Folder(path) => skip.holds(&path).then_some(path),
        Given::Wrong(_) => None,
    })
}

/// An argument, or one match of a pattern.
enum Given {
    Stdin,
    File(PathBuf),
    Folder(PathBuf),
    Wrong(Error),
}

fn given(argument: &Path) -> Vec<Given> {
    if argument == Path::new("-") {
        return vec![Given::Stdin];
    }
    if argument.symlink_metadata().is_err()
        && let Some(pattern) = argument.to_str().filter(|text| text.contains(['*', '?', '[']))
    {
        return matches(pattern);
    }
    vec![file_or_folder(argument.to_owned())]
}

fn file_or_folder(path: PathBuf) -> Given {
    if path.is_dir() { Given::Folder(path) } else { Given::File(path) }
}

fn matches(pattern: &str) -> Vec<Given> {
    let wrong = |cause| Given::Wrong(Error::new(pattern, cause));
    let Named { mut paths, errors, .. } = match named(pattern) {
        Ok(named) => named,
        Err(why) => return vec![wrong(Cause::Pattern(why))],
    };
    let errors: Vec<Given> =
        errors.into_iter().map(|(path, error)| Given::Wrong(Error::new(&shown(&path), Cause::Io(error)))).collect();
    if paths.is_empty() && errors.is_empty() {
        return vec![wrong(Cause::NoMatch)];
    }
    paths.sort_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
    // `**` also gives every folder on the way, whose files it gives as well.
    if pattern.contains("**") {
        paths.retain(|path| !path.is_dir());
    }
    paths.into_iter().map(file_or_folder).chain(errors).collect()
}

/// The folder that all of these files are in: what several files given one by one are laid out below.
fn common_parent<'p>(files: impl Iterator<Item = &'p PathBuf>) -> PathBuf {
    let mut common: Option<PathBuf> = None;
    for file in files {
        let parent = file.parent().unwrap_or(Path::new(""));
        common = Some(match common {
            None => parent.to_owned(),
            Some(common) => {
                let both = common.components().zip(parent.components());
                both.take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
            }
        });
    }
    common.unwrap_or_default()
}

/// The path without what leads out of a folder.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| matches!(part, Component::Normal(_))).collect()
}

/// The regular files of a folder and its folders. Links are followed; hidden files and folders are left out.
fn walk(root: PathBuf, skip: Skip) -> impl Iterator<Item = Result<Found, Error>> {
    let entries = WalkDir::new(&root).follow_links(true).sort_by(by_path).into_iter();
    let skipped = skip.clone();
    let is_skipped =
        move |entry: &DirEntry| entry.file_type().is_dir() && skipped.has(entry.path(), entry.metadata().ok().as_ref());
    let entries =
        entries.filter_entry(move |entry| entry.depth() == 0 || !(is_hidden(entry.file_name()) || is_skipped(entry)));
    entries.filter_map(move |entry| match entry {
        Ok(entry) if entry.file_type().is_file() => {
            let metadata = entry.metadata().ok();
            let path = entry.into_path();
            if skip.has(&path, metadata.as_ref()) {
                return None;
            }
            let relative = plain(path.strip_prefix(&root).unwrap_or(&path));
            Some(Ok(Found::file(path, relative, metadata)))
        }
        Ok(_) => None,
        // A link back to a folder that is being walked: everything in it is read anyway.
        Err(error) if error.loop_ancestor().is_some() => None,
        // A hidden link that leads nowhere is as hidden as any other file.
        Err(error) if error.depth() > 0 && error.path().and_then(Path::file_name).is_some_and(is_hidden) => None,
        Err(error) => {
            let path = shown(error.path().unwrap_or(&root));
            let cause = error.into_io_error().unwrap_or_else(|| std::io::ErrorKind::Other.into());
            Some(Err(Error::new(&path, Cause::Io(cause))))
        }
    })
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().first() == Some(&b'.')
}

/// The order of the whole paths below: `a.txt` comes before `a/b.txt`, since `.` comes before `/`.
fn by_path(a: &DirEntry, b: &DirEntry) -> Ordering {
    fn name(entry: &DirEntry) -> impl Iterator<Item = &u8> {
        let kind = entry.file_type();
        let folder = kind.is_dir() || (kind.is_symlink() && entry.path().is_dir());
        entry.file_name().as_encoded_bytes().iter().chain(if folder { &b"/"[..] } else { &[] })
    }
    name(a).cmp(name(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_parents() {
        #[track_caller]
        fn check(files: &[&str], expected: &str) {
            let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
            assert_eq!(common_parent(files.iter()), Path::new(expected));
        }
        check(&["data/2023/a.txt", "data/2024/a.txt"], "data");
        check(&["a.txt"], "");
        check(&["/x/y/a.txt"], "/x/y");
        check(&["a/b.txt", "c/b.txt"], "");
        check(&[], "");
    }
}
