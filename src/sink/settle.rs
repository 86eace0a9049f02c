//! A file under way is brought to the disk while more of it is made, so that its end has little to wait for.

use std::fs::File;
use std::io;
use std::thread::{Builder, JoinHandle};

/// Who brings a file to the disk.
#[derive(Debug, Default)]
pub(super) struct Settling {
    /// Bytes written since it began last.
    since: u64,
    /// At work. What it meets is told only once by the system, so that it has to be asked for.
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Settling {
    /// Tells of bytes that were written. Fails where earlier ones did not reach the disk.
    pub(super) fn wrote(&mut self, file: &File, bytes: u64) -> io::Result<()> {
        const EVERY: u64 = 16 << 20;
        self.since += bytes;
        if self.since < EVERY || self.thread.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return Ok(());
        }
        self.wait()?;
        let file = file.try_clone()?;
        // Where there can be no thread, all is left to the end.
        self.thread = Builder::new().name("settle".to_owned()).spawn(move || file.sync_data()).ok();
        self.since = 0;
        Ok(())
    }

    /// Brings all of the file to the disk.
    pub(super) fn end(&mut self, file: &File) -> io::Result<()> {
        self.wait()?;
        file.sync_all()
    }

    fn wait(&mut self) -> io::Result<()> {
        self.thread.take().map_or(Ok(()), |thread| thread.join().unwrap_or(Ok(())))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::fd::OwnedFd;

    #[test]
    fn what_did_not_reach_the_disk_is_told() {
        // A pipe can't be brought to any disk.
        let (_reader, writer) = io::pipe().expect("a pipe");
        let pipe = File::from(OwnedFd::from(writer));
        let mut settling = Settling::default();
        for _ in 0..16 {
            settling.wrote(&pipe, 1 << 19).expect("nothing was begun");
        }
        settling.wrote(&pipe, 1 << 23).expect("it is only begun");
        assert!(settling.wait().is_err());
        assert!(settling.wait().is_ok() && settling.end(&pipe).is_err());
    }
}
