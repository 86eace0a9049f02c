//! Where the folder stands, and how a new one takes its place.
//!
//! A new folder is written beside it, hidden (`.x.parquet.part`), brought to the disk, and then changes places with the old one in
//! one step, where the system has that. So whoever opens a file finds the old one or the new one, and whoever has an old
//! one open reads it to its end. Elsewhere the old folder is moved aside (`.x.parquet.old`) first; a run that was killed in between
//! is made good by the next one.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::super::Cause;
use super::super::lock::{Held, Waiting};
use super::super::part::permit_as;
use super::super::target::{hidden, parent, real};
use super::schema::FILES;

/// The folder, and what stands beside it, for one run alone. Dropped, it removes what is not whole.
pub(super) struct Place {
    pub(super) to: PathBuf,
    /// The new one.
    part: PathBuf,
    /// The old one, moved aside.
    aside: PathBuf,
    /// Given back last. None where nothing can be written, so that there is nothing to hold either.
    held: Option<Held>,
}

impl Place {
    /// Waits until no other run has it, and clears away what killed ones left.
    pub(super) fn hold(path: &Path, waiting: &Waiting<'_>) -> Result<Place, Cause> {
        let to = real(path)?;
        if to.exists() && !to.is_dir() {
            return Err(Cause::IsFile);
        }
        let beside = |ending: &str| hidden(&to, ending).ok_or(Cause::Foreign);
        let held = match waiting.hold(&beside(".lock")?) {
            Err(Cause::Io(error)) if is_forbidden(&error) => None,
            held => Some(held?),
        };
        let place = Place { part: beside(".part")?, aside: beside(".old")?, held, to };
        if place.held.is_none() {
            return Ok(place);
        }
        if !place.to.exists() && place.aside.exists() {
            fs::rename(&place.aside, &place.to).map_err(Cause::Io)?;
        }
        place.clear().map_err(Cause::Io)?;
        Ok(place)
    }

    /// Whether nothing stands there yet. What is there must be of gongkai.
    pub(super) fn is_empty(&self) -> Result<bool, Cause> {
        if !self.to.exists() {
            return Ok(true);
        }
        let mut names = fs::read_dir(&self.to).map_err(Cause::Io)?;
        if self.to.join(file_name("reports")).exists() {
            return Ok(false);
        }
        if names.next().is_none() { Ok(true) } else { Err(Cause::Foreign) }
    }

    /// A file of the folder that is there.
    pub(super) fn open(&self, table: &str) -> io::Result<File> {
        File::open(self.to.join(file_name(table)))
    }

    /// Begins a new folder.
    pub(super) fn begin(&self) -> io::Result<()> {
        fs::create_dir(&self.part)
    }

    /// A new file of it.
    pub(super) fn create(&self, table: &str) -> io::Result<File> {
        let name = file_name(table);
        let file = File::create_new(self.part.join(&name))?;
        permit_as(&file, &self.to.join(&name));
        Ok(file)
    }

    /// Puts the new folder in the place of the old one. Its files are on the disk already.
    pub(super) fn settle(&self) -> io::Result<()> {
        if let Ok(metadata) = fs::metadata(&self.to) {
            let _ = fs::set_permissions(&self.part, metadata.permissions());
        }
        sync(&self.part);
        if !self.to.exists() {
            fs::rename(&self.part, &self.to)?;
        } else if !exchange(&self.part, &self.to)? {
            fs::rename(&self.to, &self.aside)?;
            fs::rename(&self.part, &self.to)?;
        }
        sync(parent(&self.to));
        // From here on the new one is there, whatever becomes of the old one; the next run tries again.
        let _ = self.clear();
        Ok(())
    }

    /// Removes what is not whole, or no longer wanted.
    fn clear(&self) -> io::Result<()> {
        discard(&self.part, &self.to)?;
        discard(&self.aside, &self.to)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.held.is_some() {
            let _ = self.clear();
        }
    }
}

fn is_forbidden(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// The name of a table's file.
fn file_name(table: &str) -> String {
    format!("{table}.parquet")
}

/// Removes a folder with files of ours. What somebody else put there moves along.
fn discard(folder: &Path, to: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        let is_own = FILES.iter().any(|table| name.to_str() == Some(&file_name(table)));
        if is_own {
            fs::remove_file(&path)?;
        } else if let Some(free) = free(to, &name) {
            fs::rename(&path, free)?;
        }
    }
    fs::remove_dir(folder)
}

/// A name in the folder that nothing has yet.
fn free(folder: &Path, name: &OsStr) -> Option<PathBuf> {
    let numbered = |number: u32| {
        let mut other = name.to_owned();
        if number > 0 {
            other.push(format!(".{number}"));
        }
        folder.join(other)
    };
    folder.is_dir().then(|| (0..).map(numbered).find(|path| !path.exists()))?
}

/// Lets the two change places. False where the system or the disk can't do that.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;

    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Makes new names last through a power cut, where the system can.
fn sync(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}
