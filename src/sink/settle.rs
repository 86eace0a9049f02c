//! A file under way is brought to the disk while more of it is made, so that its end has little to wait for.

use std::fs::{File, Metadata};
use std::io::{self, Write};
use std::thread::{Builder, JoinHandle};

/// A file, and who brings it to the disk.
#[derive(Debug)]
pub(super) struct Settling {
    file: File,
    /// Bytes written since that began last.
    since: u64,
    /// At work. What it meets is told only once by the system, so that it has to be asked for.
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Settling {
    /// The file, as far as it is there.
    pub(super) fn new(file: File) -> Settling {
        Settling { file, since: 0, thread: None }
    }

    /// Writes to it. Fails also where earlier bytes did not reach the disk.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        const EVERY: u64 = 16 << 20;
        self.file.write_all(bytes)?;
        self.since += bytes.len() as u64;
        if self.since < EVERY || self.thread.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return Ok(());
        }
        self.wait()?;
        let file = self.file.try_clone()?;
        // Where there can be no thread, all is left to the end.
        self.thread = Builder::new().name("settle".to_owned()).spawn(move || file.sync_data()).ok();
        self.since = 0;
        Ok(())
    }

    /// Brings all of the file to the disk, and says what the system then says of it.
    pub(super) fn end(&mut self) -> io::Result<Metadata> {
        self.wait()?;
        self.file.sync_all()?;
        self.file.metadata()
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
        let (mut reader, writer) = io::pipe().expect("a pipe");
        let read = std::thread::spawn(move || io::copy(&mut reader, &mut io::sink()));
        let mut settling = Settling::new(File::from(OwnedFd::from(writer)));
        for _ in 0..15 {
            settling.write(&[0; 1 << 20]).expect("nothing was begun");
        }
        settling.write(&[0; 1 << 20]).expect("it is only begun");
        assert!(settling.wait().is_err());
        assert!(settling.wait().is_ok() && settling.end().is_err());
        drop(settling);
        assert_eq!(read.join().expect("no panic").expect("a pipe"), 16 << 20);
    }
}
