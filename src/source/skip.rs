//! What a walk leaves out, told by what it is and not by its path.

use std::fs::Metadata;
use std::path::Path;
#[cfg(not(unix))]
use std::path::PathBuf;

/// Files and folders that a walk leaves out: what the same command writes.
///
/// Without this, `gongkai convert . > all.jsonl` would read the lines it is writing.
#[derive(Clone, Debug, Default)]
pub struct Skip(Vec<Identity>);

impl Skip {
    /// Leaves out what stands at `path` now.
    pub fn add(&mut self, path: &Path) {
        self.0.extend(path.metadata().ok().and_then(|metadata| identity(path, &metadata)));
    }

    /// Whether the file or folder at `path` is one of these.
    pub fn holds(&self, path: &Path) -> bool {
        // Devices, pipes and terminals may be read and written at the same time.
        let metadata = path.metadata().ok().filter(|metadata| metadata.is_file() || metadata.is_dir());
        self.has(path, metadata.as_ref())
    }

    pub(super) fn has(&self, path: &Path, metadata: Option<&Metadata>) -> bool {
        let same = || identity(path, metadata?);
        !self.0.is_empty() && same().is_some_and(|identity| self.0.contains(&identity))
    }
}

/// What tells one file from all others, whatever it is called.
#[cfg(unix)]
pub(super) type Identity = (u64, u64);

#[cfg(unix)]
pub(super) fn identity(_: &Path, metadata: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
pub(super) type Identity = PathBuf;

#[cfg(not(unix))]
pub(super) fn identity(path: &Path, _: &Metadata) -> Option<Identity> {
    path.canonicalize().ok()
}
