//! A file that is written beside its place and moved there when it is whole.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::{Cause, Error};

/// A file under way. Dropped before [`Target::finish`] it leaves what stood in its place as it was.
pub struct Target {
    /// As given, for messages.
    path: PathBuf,
    out: BufWriter<File>,
    /// Where it is now, and where it goes. None for a device or a pipe, which is written directly.
    moving: Option<Moving>,
}

struct Moving {
    from: PathBuf,
    to: PathBuf,
}

impl Drop for Moving {
    fn drop(&mut self) {
        // After the move there is nothing here any more, and before it there is nothing to say that was not said.
        let _ = fs::remove_file(&self.from);
    }
}

impl Target {
    /// Begins the file that goes to `path`, or says at once why it can't go there.
    pub fn create(path: &Path) -> Result<Target, Error> {
        let fail = |error| Error::io(path, error);
        if path.is_dir() {
            return Err(Error::new(path, Cause::IsFolder));
        }
        if is_special(path) {
            let file = OpenOptions::new().write(true).open(path).map_err(fail)?;
            return Ok(Target { path: path.to_owned(), out: buffered(file), moving: None });
        }
        let to = real(path).map_err(|cause| Error::new(path, cause))?;
        let from = hidden(&to, &format!(".{}.tmp", std::process::id()));
        let from = from.ok_or_else(|| Error::new(path, Cause::IsFolder))?;
        let file = File::create(&from).map_err(fail)?;
        if let Ok(metadata) = to.metadata() {
            // Who may read the old file may read the new one. Where that can't be kept, the file is still worth writing.
            let _ = file.set_permissions(metadata.permissions());
        }
        Ok(Target { path: path.to_owned(), out: buffered(file), moving: Some(Moving { from, to }) })
    }

    /// Adds to it.
    pub fn write(&mut self, parts: &[&[u8]]) -> Result<(), Error> {
        parts.iter().try_for_each(|part| self.out.write_all(part)).map_err(|error| Error::io(&self.path, error))
    }

    /// Moves the file to its place. `durable`: only after the disk has all of it, so that a power cut can't leave an
    /// empty file there.
    pub fn finish(mut self, durable: bool) -> Result<(), Error> {
        self.settle(durable).map_err(|error| Error::io(&self.path, error))
    }

    fn settle(&mut self, durable: bool) -> io::Result<()> {
        self.out.flush()?;
        let Some(Moving { from, to }) = &self.moving else { return Ok(()) };
        if durable {
            self.out.get_ref().sync_all()?;
        }
        fs::rename(from, to)
    }
}

/// Whether something stands at `path` that is neither file nor folder.
pub(super) fn is_special(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

/// Where what goes to `path` stands in the end: what a link points to is replaced, not the link. Its folder is there.
pub(super) fn real(path: &Path) -> Result<PathBuf, Cause> {
    let to = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = parent(&to);
    if folder.is_dir() { Ok(to) } else { Err(no_folder(folder)) }
}

/// Why nothing can stand in `folder`, which is none: it is missing, or a file stands on the way to it.
pub(super) fn no_folder(folder: &Path) -> Cause {
    match folder.ancestors().find(|path| path.exists()) {
        Some(path) if !path.is_dir() => Cause::ParentIsFile(path.to_owned()),
        _ => Cause::NoParent(folder.to_owned()),
    }
}

/// The hidden place beside `to` with that ending, which walks leave out. None where `to` has no name.
pub(super) fn hidden(to: &Path, ending: &str) -> Option<PathBuf> {
    let mut hidden = OsString::from(".");
    hidden.push(to.file_name()?);
    hidden.push(ending);
    Some(parent(to).join(hidden))
}

/// The folder that `path` stands in.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn buffered(file: File) -> BufWriter<File> {
    BufWriter::with_capacity(1 << 16, file)
}
