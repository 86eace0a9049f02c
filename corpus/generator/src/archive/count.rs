//! A writer that knows how many bytes went through it.

use std::io::{self, Seek, SeekFrom, Write};

/// Counts up to the furthest byte that was written.
pub struct Counted<W> {
    inner: W,
    at: u64,
    furthest: u64,
}

impl<W> Counted<W> {
    pub fn new(inner: W) -> Self {
        Counted { inner, at: 0, furthest: 0 }
    }

    /// How many bytes there are so far.
    pub fn count(&self) -> u64 {
        self.furthest
    }

    pub fn into_inner(self) -> W {
        self.inner
    }
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.at += written as u64;
        self.furthest = self.furthest.max(self.at);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Seek> Seek for Counted<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.inner.seek(to)?;
        Ok(self.at)
    }
}
