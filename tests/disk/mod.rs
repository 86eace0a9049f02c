//! A small disk, to be filled or to be read only.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A disk of its own; it goes when it is dropped.
pub struct Disk(PathBuf);

impl Disk {
    /// Mounts it; none where that is not allowed.
    pub fn mount(at: &Path, size: &str) -> Option<Disk> {
        fs::create_dir(at).expect("a folder");
        let disk = Disk(at.to_owned());
        disk.option(&format!("size={size}")).then_some(disk)
    }

    pub fn option(&self, option: &str) -> bool {
        let output = Command::new("mount").args(["-t", "tmpfs", "-o", option, "none"]).arg(&self.0).output();
        output.is_ok_and(|output| output.status.success())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}
