//! A stream of bytes with a view ahead of what is read, and with a memory of where it is.
//!
//! All that is unpacked is read through this: files, members, what a packing holds. A source may fail and go on behind the
//! failure (a damaged frame of a packing costs that frame): what stands before it is given first, then the error once, then
//! what stands behind it.

use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::error::{Cause, Fault};

/// How much is asked of a source at once: at first, so that small members cost little, and in the end.
const FIRST_CHUNK: usize = 16 << 10;
const CHUNK: usize = 128 << 10;
/// How much is kept behind a mark; a frame larger than this is not read a second time.
pub(super) const MOST_KEPT: usize = 4 << 20;

/// Bytes from a source, buffered.
pub(super) struct Stream<'s> {
    source: Box<dyn Read + 's>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    chunk: usize,
    /// Where the byte at `start` stands in the stream.
    position: u64,
    /// From where on bytes are kept though they have been read.
    mark: Option<usize>,
    /// A failure that stands behind what is buffered.
    pending: Option<io::Error>,
    /// What is to be told of a stream that has ended as it should.
    remark: Option<io::Error>,
    over: bool,
    gaps: u64,
}

impl<'s> Stream<'s> {
    pub(super) fn new(source: impl Read + 's) -> Stream<'s> {
        Stream {
            source: Box::new(source),
            buffer: Vec::new(),
            start: 0,
            end: 0,
            chunk: FIRST_CHUNK,
            position: 0,
            mark: None,
            pending: None,
            remark: None,
            over: false,
            gaps: 0,
        }
    }

    /// How many bytes have been read.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// How many failures have been met.
    pub(super) fn gaps(&self) -> u64 {
        self.gaps
    }

    /// What is to be told when the stream has been read to its end, though nothing is missing in it.
    pub(super) fn remark(&mut self) -> Option<io::Error> {
        self.remark.take()
    }

    /// What comes next: `count` bytes or more, fewer only before the end or a failure.
    pub(super) fn peek(&mut self, count: usize) -> &[u8] {
        while self.end - self.start < count && self.fill() {}
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// The same, where fewer than `count` before a failure are that failure; they are given up. At the end they are given.
    pub(super) fn ahead(&mut self, count: usize) -> io::Result<&[u8]> {
        if self.peek(count).len() < count
            && let Some(error) = self.pending.take()
        {
            self.consume(self.end - self.start);
            return Err(error);
        }
        Ok(self.buffer.get(self.start..self.end).unwrap_or_default())
    }

    /// Goes on by `count` bytes of those that have been seen.
    pub(super) fn consume(&mut self, count: usize) {
        let count = count.min(self.end - self.start);
        self.start += count;
        self.position += count as u64;
    }

    /// Goes on by `count` bytes. False where the stream ends before.
    pub(super) fn skip(&mut self, mut count: u64) -> io::Result<bool> {
        while count > 0 {
            let seen = self.ahead(1)?.len();
            if seen == 0 {
                return Ok(false);
            }
            let step = seen.min(usize::try_from(count).unwrap_or(usize::MAX));
            self.consume(step);
            count -= step as u64;
        }
        Ok(true)
    }

    /// The next `count` bytes.
    pub(super) fn exactly(&mut self, count: usize, what: &'static str) -> io::Result<Vec<u8>> {
        let bytes = self.up_to(count)?;
        if bytes.len() < count { Err(Fault::at(Cause::Cut(what), self.position)) } else { Ok(bytes) }
    }

    /// The next `count` bytes, fewer where the stream ends.
    pub(super) fn up_to(&mut self, count: usize) -> io::Result<Vec<u8>> {
        // The size is the archive's word, which may be wrong: room is made as the bytes come.
        let mut bytes = Vec::with_capacity(count.min(1 << 20));
        while bytes.len() < count {
            let seen = self.ahead(1)?;
            if seen.is_empty() {
                break;
            }
            let step = seen.len().min(count - bytes.len());
            bytes.extend_from_slice(&seen[..step]);
            self.consume(step);
        }
        Ok(bytes)
    }

    /// Everything up to the end, which is a fault where it is more than `limit` bytes.
    pub(super) fn rest(&mut self, limit: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        loop {
            let seen = self.ahead(1)?;
            if seen.is_empty() {
                return Ok(bytes);
            }
            if seen.len() > limit - bytes.len() {
                return Err(Fault::of(Cause::TooLarge(limit)));
            }
            bytes.extend_from_slice(seen);
            let step = seen.len();
            self.consume(step);
        }
    }

    /// The next line with its end, into `line`; nothing at the end of the stream. A line over `limit` is not kept: false.
    pub(super) fn line(&mut self, limit: usize, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
        line.clear();
        let (mut any, mut whole) = (false, true);
        loop {
            let seen = self.ahead(1)?;
            if seen.is_empty() {
                return Ok(any.then_some(whole));
            }
            any = true;
            let ended = memchr::memchr(b'\n', seen);
            let step = ended.map_or(seen.len(), |at| at + 1);
            if whole && step <= limit - line.len() {
                line.extend_from_slice(&seen[..step]);
            } else {
                (whole, *line) = (false, Vec::new());
            }
            self.consume(step);
            if ended.is_some() {
                return Ok(Some(whole));
            }
        }
    }

    /// From here on bytes are kept, so that [`Stream::rewind`] can come back.
    pub(super) fn mark(&mut self) {
        self.mark = Some(self.start);
    }

    /// Goes back to the mark, unless too much has been read since.
    pub(super) fn rewind(&mut self) {
        if let Some(mark) = self.mark.take() {
            self.position -= (self.start - mark) as u64;
            self.start = mark;
        }
    }

    /// No more bytes are kept for coming back.
    pub(super) fn unmark(&mut self) {
        self.mark = None;
    }

    /// Takes back the last bytes that were read, as if they had not been.
    pub(super) fn put_back(&mut self, mut bytes: Vec<u8>) {
        self.position -= bytes.len() as u64;
        bytes.extend_from_slice(self.buffer.get(self.start..self.end).unwrap_or_default());
        (self.start, self.end, self.mark) = (0, bytes.len(), None);
        self.buffer = bytes;
    }

    /// Reads more. False at the end and before a failure.
    fn fill(&mut self) -> bool {
        if self.over || self.pending.is_some() {
            return false;
        }
        if self.mark.is_some_and(|mark| self.start - mark > MOST_KEPT) {
            self.mark = None;
        }
        let kept = self.mark.unwrap_or(self.start);
        if kept > 0 && (kept == self.end || self.buffer.len() - self.end < self.chunk) {
            self.buffer.copy_within(kept..self.end, 0);
            self.start -= kept;
            self.end -= kept;
            self.mark = self.mark.map(|_| 0);
        }
        if self.buffer.len() - self.end < self.chunk {
            self.buffer.resize(self.end + self.chunk.max(self.end), 0);
        }
        self.chunk = CHUNK.min(self.chunk * 2);
        let room = self.buffer.get_mut(self.end..).unwrap_or_default();
        let source = &mut self.source;
        // A decoder that panics on what it is given costs that input, not the run.
        let read = catch_unwind(AssertUnwindSafe(|| source.read(room)));
        match read.unwrap_or_else(|_| Err(Fault::of(Cause::Defect))) {
            Ok(0) => self.over = true,
            Ok(count) => {
                self.end += count;
                return true;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return true,
            Err(error) => match error.get_ref().and_then(|inner| inner.downcast_ref::<Fault>()) {
                Some(Fault { cause: Cause::Behind(_), .. }) => {
                    self.over = true;
                    self.remark = Some(error);
                }
                fault => {
                    self.gaps += 1;
                    // Only what says so goes on behind its failure.
                    self.over = !fault.is_some_and(|fault| matches!(fault.cause, Cause::Damaged(_)));
                    self.pending = Some(error);
                }
            },
        }
        false
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let seen = self.ahead(1)?;
        let count = seen.len().min(into.len());
        into[..count].copy_from_slice(&seen[..count]);
        self.consume(count);
        Ok(count)
    }
}

/// The part of a stream that belongs to one member. A stream that ends before is a fault.
pub(super) struct Part<'p> {
    pub(super) from: &'p mut dyn Read,
    /// How many bytes of it are left.
    pub(super) left: &'p mut u64,
    pub(super) what: &'static str,
}

impl Read for Part<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(usize::try_from(*self.left).unwrap_or(usize::MAX));
        if most == 0 {
            return Ok(0);
        }
        match self.from.read(&mut into[..most]) {
            Ok(0) => {
                *self.left = 0;
                Err(Fault::of(Cause::Cut(self.what)))
            }
            Ok(count) => {
                *self.left -= count as u64;
                Ok(count)
            }
            // What comes behind a gap is not known to belong here.
            Err(error) => {
                if error.kind() != io::ErrorKind::Interrupted {
                    *self.left = 0;
                }
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its pieces one by one; an empty one is damage.
    struct Pieces(Vec<&'static [u8]>);

    impl Read for Pieces {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Ok(0);
            }
            let piece = self.0.remove(0);
            if piece.is_empty() {
                return Err(Fault::of(Cause::Damaged("test")));
            }
            into[..piece.len()].copy_from_slice(piece);
            Ok(piece.len())
        }
    }

    #[test]
    fn what_stands_before_a_failure_is_given_and_what_stands_behind_it() {
        let mut stream = Stream::new(Pieces(vec![b"ab\nc", b"d", b"", b"e\nf"]));
        let mut line = Vec::new();
        assert_eq!(stream.peek(100), b"ab\ncd");
        assert_eq!(stream.line(9, &mut line).expect("a line"), Some(true));
        assert_eq!(line, b"ab\n");
        assert!(stream.line(9, &mut line).is_err());
        assert_eq!((stream.gaps(), stream.position()), (1, 5));
        assert_eq!(stream.line(1, &mut line).expect("a line"), Some(false));
        assert_eq!(stream.line(1, &mut line).expect("a line"), Some(true));
        assert_eq!(line, b"f");
        assert_eq!(stream.line(1, &mut line).expect("an end"), None);
    }

    #[test]
    fn a_mark_is_come_back_to() {
        let mut stream = Stream::new(Pieces(vec![b"abc", b"def", b"ghi"]));
        assert!(stream.skip(2).expect("bytes"));
        stream.mark();
        assert_eq!(stream.exactly(5, "test").expect("bytes"), b"cdefg");
        stream.rewind();
        assert_eq!(stream.position(), 2);
        assert_eq!(stream.rest(100).expect("bytes"), b"cdefghi");
    }

    #[test]
    fn bytes_are_put_back() {
        let mut stream = Stream::new(Pieces(vec![b"abc", b"def", b"ghi"]));
        assert!(stream.skip(1).expect("bytes"));
        let bytes = stream.up_to(4).expect("bytes");
        assert_eq!(bytes, b"bcde");
        stream.put_back(bytes);
        assert_eq!(stream.position(), 1);
        assert_eq!(stream.up_to(100).expect("bytes"), b"bcdefghi");
    }
}
