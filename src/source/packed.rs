//! Packed bytes -> what they hold: gzip, Zstandard, bzip2, xz, one frame behind the other.
//!
//! A frame of up to [`HELD`] bytes is given only when its end was reached and its checksum is right, so that nothing wrong
//! passes for a text. Of a larger one, what comes before the damage is given as it comes. A frame that is cut off is given as
//! far as it goes. Behind a damaged frame the next one is looked for. What stands behind the last frame and is none is told, and
//! takes nothing from what was given.

use std::io::{self, Read};

use flate2::{Decompress, FlushDecompress, Status};
use zstd::stream::raw::{self, Operation};

use super::error::{Cause, Fault};
use super::stream::Stream;
use super::unpack::Budget;

/// The largest frame that is given as a whole or not at all.
const HELD: usize = 8 << 20;
/// How much of a larger frame is unpacked at once.
const CHUNK: usize = 256 << 10;
/// What a small frame is unpacked into at first.
const FIRST_CHUNK: usize = 32 << 10;
/// Below this many bytes the ratio says nothing: a small file of many blanks packs as well as a bomb.
pub(super) const RATIO_FROM: u64 = 16 << 20;
/// What xz may take.
const XZ_MEMORY: u64 = 256 << 20;

/// The kinds of packing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstd,
    Bzip2,
    Xz,
    /// Of members of zip archives and bodies of HTTP: without a frame, or in that of zlib.
    Deflate,
    Zlib,
}

impl Packing {
    pub(super) fn name(self) -> &'static str {
        match self {
            Packing::Gzip => "gzip data",
            Packing::Zstd => "Zstandard data",
            Packing::Bzip2 => "bzip2 data",
            Packing::Xz => "xz data",
            Packing::Deflate | Packing::Zlib => "deflate data",
        }
    }

    /// The packing of which these bytes begin a frame.
    pub(super) fn of(head: &[u8]) -> Option<Packing> {
        [Packing::Gzip, Packing::Zstd, Packing::Bzip2, Packing::Xz].into_iter().find(|packing| packing.begins(head))
    }

    fn begins(self, head: &[u8]) -> bool {
        match (self, head) {
            // The method is always deflate, and three flags are never set.
            (Packing::Gzip, [0x1F, 0x8B, 8, flags, ..]) => flags & 0xE0 == 0,
            (Packing::Zstd, [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..]) => true,
            (Packing::Bzip2, [b'B', b'Z', b'h', b'1'..=b'9', block @ ..]) => {
                block.starts_with(b"1AY&SY") || block.starts_with(b"\x17\x72\x45\x38\x50\x90")
            }
            (Packing::Xz, _) => head.starts_with(b"\xFD7zXZ\0"),
            (Packing::Deflate | Packing::Zlib, _) => true,
            _ => false,
        }
    }

    /// Whether these bytes look like the mark of a frame in which some are wrong: most of them are right.
    fn nearly_begins(self, head: &[u8]) -> bool {
        let mark: &[u8] = match self {
            Packing::Gzip => b"\x1F\x8B\x08",
            Packing::Zstd => b"\x28\xB5\x2F\xFD",
            Packing::Bzip2 => b"BZh91AY&SY",
            Packing::Xz => b"\xFD7zXZ\0",
            Packing::Deflate | Packing::Zlib => return true,
        };
        let right = mark.iter().zip(head).filter(|(one, other)| one == other).count();
        right * 2 > mark.len()
    }

    /// How many bytes tell a frame.
    const MOST_MAGIC: usize = 10;
}

/// What a step of a decoder came to.
struct Step {
    read: usize,
    written: usize,
    ended: bool,
}

enum Decoder {
    Zlib(Box<Decompress>),
    Zstd(raw::Decoder<'static>),
    Bzip2(bzip2::Decompress),
    Xz(liblzma::stream::Stream),
}

impl Decoder {
    fn new(packing: Packing) -> io::Result<Decoder> {
        Ok(match packing {
            Packing::Gzip => Decoder::Zlib(Box::new(Decompress::new_gzip(15))),
            Packing::Zlib => Decoder::Zlib(Box::new(Decompress::new(true))),
            Packing::Deflate => Decoder::Zlib(Box::new(Decompress::new(false))),
            Packing::Zstd => Decoder::Zstd(raw::Decoder::new()?),
            Packing::Bzip2 => Decoder::Bzip2(bzip2::Decompress::new(false)),
            Packing::Xz => Decoder::Xz(liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, 0)?),
        })
    }

    /// Makes it ready for the next frame.
    fn restart(&mut self, packing: Packing) -> io::Result<()> {
        match self {
            Decoder::Zstd(decoder) => decoder.reinit(),
            _ => {
                *self = Decoder::new(packing)?;
                Ok(())
            }
        }
    }

    /// How much of the frame it has read, where it says so after damage.
    fn taken(&self) -> u64 {
        match self {
            Decoder::Zlib(decoder) => decoder.total_in(),
            Decoder::Zstd(_) => 0,
            Decoder::Bzip2(decoder) => decoder.total_in(),
            Decoder::Xz(decoder) => decoder.total_in(),
        }
    }

    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Cause> {
        match self {
            Decoder::Zlib(decoder) => {
                let (read, written) = (decoder.total_in(), decoder.total_out());
                let status = decoder.decompress(input, output, FlushDecompress::None);
                let status = status.map_err(|_| Cause::Damaged(""))?;
                let read = (decoder.total_in() - read) as usize;
                Ok(Step {
                    read,
                    written: (decoder.total_out() - written) as usize,
                    ended: matches!(status, Status::StreamEnd),
                })
            }
            Decoder::Zstd(decoder) => {
                let status = decoder.run_on_buffers(input, output).map_err(|error| {
                    let too_much = error.to_string().contains("too much memory");
                    if too_much {
                        Cause::Unsupported("Zstandard with a window over 128 MB")
                    } else {
                        Cause::Damaged("")
                    }
                })?;
                Ok(Step { read: status.bytes_read, written: status.bytes_written, ended: status.remaining == 0 })
            }
            Decoder::Bzip2(decoder) => {
                let (read, written) = (decoder.total_in(), decoder.total_out());
                let status = decoder.decompress(input, output).map_err(|_| Cause::Damaged(""))?;
                Ok(Step {
                    read: (decoder.total_in() - read) as usize,
                    written: (decoder.total_out() - written) as usize,
                    ended: matches!(status, bzip2::Status::StreamEnd),
                })
            }
            Decoder::Xz(decoder) => {
                let (read, written) = (decoder.total_in(), decoder.total_out());
                let status =
                    decoder.process(input, output, liblzma::stream::Action::Run).map_err(|error| match error {
                        liblzma::stream::Error::MemLimit => Cause::Unsupported("xz with a dictionary over 256 MB"),
                        _ => Cause::Damaged(""),
                    })?;
                Ok(Step {
                    read: (decoder.total_in() - read) as usize,
                    written: (decoder.total_out() - written) as usize,
                    ended: matches!(status, liblzma::stream::Status::StreamEnd),
                })
            }
        }
    }
}

/// Reads what is packed in a stream.
pub(super) struct Unpacked<'u, 's> {
    packing: Packing,
    from: &'u mut Stream<'s>,
    budget: &'u Budget,
    decoder: Decoder,
    /// What the frame has given: what may be passed on of it stands from `given` to `ready`, what is held behind that.
    bytes: Vec<u8>,
    given: usize,
    ready: usize,
    filled: usize,
    /// Whether the frame is larger than what is held.
    flows: bool,
    /// Whether the last step filled all the room that it had: more may come without more to read.
    full: bool,
    /// Whether there is one frame, and what stands behind it is not looked at.
    single: bool,
    in_frame: bool,
    any_frame: bool,
    /// Whether the last frame was whole, and its checksum right.
    sound: bool,
    /// What the frame has taken and given in all.
    taken_of_frame: u64,
    given_of_frame: u64,
    taken: u64,
    unpacked: u64,
    pending: Option<io::Error>,
    over: bool,
}

impl<'u, 's> Unpacked<'u, 's> {
    pub(super) fn new(packing: Packing, from: &'u mut Stream<'s>, budget: &'u Budget) -> io::Result<Unpacked<'u, 's>> {
        Ok(Unpacked {
            packing,
            from,
            budget,
            decoder: Decoder::new(packing)?,
            bytes: Vec::new(),
            given: 0,
            ready: 0,
            filled: 0,
            flows: false,
            full: false,
            single: matches!(packing, Packing::Deflate | Packing::Zlib),
            in_frame: false,
            any_frame: false,
            sound: false,
            taken_of_frame: 0,
            given_of_frame: 0,
            taken: 0,
            unpacked: 0,
            pending: None,
            over: false,
        })
    }

    /// The same, which ends with the first frame.
    pub(super) fn single(self) -> Unpacked<'u, 's> {
        Unpacked { single: true, ..self }
    }

    /// Unpacks on, until there is something to give, to tell, or nothing more.
    fn produce(&mut self) -> io::Result<()> {
        if !self.in_frame && !self.begin()? {
            return Ok(());
        }
        if self.flows {
            self.filled = 0;
            (self.given, self.ready) = (0, 0);
        }
        if self.bytes.len() == self.filled {
            self.bytes.resize((self.bytes.len() * 2).clamp(FIRST_CHUNK, HELD), 0);
        }
        let input = match self.from.ahead(1) {
            Ok(input) => input,
            Err(error) => return self.broken(error),
        };
        let at_end = input.is_empty();
        if at_end && !self.full {
            return self.cut();
        }
        let room = if self.flows { CHUNK.min(self.bytes.len()) } else { self.bytes.len() };
        let output = self.bytes.get_mut(self.filled..room).unwrap_or_default();
        match self.decoder.step(input, output) {
            // All room was filled by chance, and nothing was left over.
            Ok(step) if at_end && step.written == 0 && !step.ended => self.cut(),
            Ok(step) => {
                self.full = step.written == output.len();
                self.stepped(step)
            }
            Err(Cause::Damaged(_)) => {
                let begun = self.from.position() - self.taken_of_frame;
                self.damaged(self.from.position().max(begun + self.decoder.taken()))
            }
            Err(cause) => {
                self.over = true;
                Err(Fault::of(cause))
            }
        }
    }

    /// Begins the next frame. False where there is none.
    fn begin(&mut self) -> io::Result<bool> {
        if self.single && self.any_frame {
            self.over = true;
            return Ok(false);
        }
        // Tapes and xz fill up with zeros.
        while self.any_frame && self.from.ahead(1)?.first() == Some(&0) {
            self.from.consume(1);
        }
        let head = self.from.ahead(Packing::MOST_MAGIC)?;
        if head.is_empty() && self.any_frame {
            self.over = true;
            return Ok(false);
        }
        if head.is_empty() {
            self.over = true;
            return Err(Fault::at(Cause::Cut(self.packing.name()), 0));
        }
        if !self.packing.begins(head) {
            let may_be_frame = !self.sound || self.packing.nearly_begins(head);
            let place = self.from.position();
            let lost = self.seek_frame()? - place;
            let cause = match self.packing.name() {
                // Nothing of this packing comes any more, so that what stands before is all there is of it.
                name if self.over && !may_be_frame => Cause::Behind(name),
                name => Cause::Damaged(name),
            };
            return Err(Fault { cause, place: Some(place), lost: Some(lost) }.sent());
        }
        self.from.mark();
        if self.any_frame {
            self.decoder.restart(self.packing)?;
        }
        (self.any_frame, self.in_frame, self.flows, self.full) = (true, true, false, false);
        self.sound = false;
        (self.given, self.ready, self.filled) = (0, 0, 0);
        (self.taken_of_frame, self.given_of_frame) = (0, 0);
        Ok(true)
    }

    fn stepped(&mut self, step: Step) -> io::Result<()> {
        self.from.consume(step.read);
        self.filled += step.written;
        self.taken += step.read as u64;
        self.unpacked += step.written as u64;
        self.taken_of_frame += step.read as u64;
        self.given_of_frame += step.written as u64;
        let limits = self.budget.limits();
        if self.unpacked > RATIO_FROM && self.unpacked / self.taken.max(1) >= limits.ratio {
            self.over = true;
            return Err(Fault::of(Cause::Ratio(limits.ratio)));
        }
        if let Err(cause) = self.budget.expand(step.written as u64) {
            self.over = true;
            return Err(Fault::of(cause));
        }
        if step.ended {
            self.ready = self.filled;
            (self.in_frame, self.sound) = (false, true);
        } else if step.read == 0 && step.written == 0 && !self.full {
            // It wants nothing and gives nothing, with room for both: no decoder does that on sound bytes.
            let place = self.from.position();
            return self.damaged(place);
        } else if self.flows || self.filled >= HELD {
            self.flows = true;
            self.ready = self.filled;
        }
        Ok(())
    }

    /// The bytes end within the frame. What it gave so far is right, if it was cut and nothing else.
    fn cut(&mut self) -> io::Result<()> {
        self.in_frame = false;
        self.over = true;
        let place = self.from.position();
        if !self.flows && self.packing == Packing::Gzip && self.ends_as_it_should() {
            return Err(Fault::at(Cause::Damaged(self.packing.name()), place));
        }
        self.ready = self.filled;
        self.pending = Some(Fault::at(Cause::Cut(self.packing.name()), place));
        Ok(())
    }

    /// Whether the last four bytes are the size of the frame, about: then its end is there, and the damage stands before it.
    fn ends_as_it_should(&mut self) -> bool {
        let taken = usize::try_from(self.taken_of_frame).unwrap_or(usize::MAX);
        self.from.rewind();
        let frame = self.from.peek(taken);
        let size = frame.last_chunk::<4>().map_or(0, |size| u64::from(u32::from_le_bytes(*size)));
        self.from.consume(taken);
        size >= self.given_of_frame / 4 && size <= self.given_of_frame.saturating_mul(4) && size > 0
    }

    /// The frame is not what it should be: what is held of it is given up, and the next one is looked for.
    fn damaged(&mut self, place: u64) -> io::Result<()> {
        (self.given, self.ready, self.filled, self.in_frame) = (0, 0, 0, false);
        if self.single {
            self.over = true;
            return Err(Fault::at(Cause::Damaged(self.packing.name()), place));
        }
        self.from.rewind();
        let begun = self.from.position();
        self.from.consume(1);
        self.next_frame(place, begun)
    }

    /// What is packed here has a gap itself: the frame is lost.
    fn broken(&mut self, error: io::Error) -> io::Result<()> {
        (self.given, self.ready, self.filled, self.in_frame) = (0, 0, 0, false);
        Err(error)
    }

    /// Goes to the next frame, and tells what was lost `from` where on.
    fn next_frame(&mut self, place: u64, from: u64) -> io::Result<()> {
        let lost = Some(self.seek_frame()? - from);
        Err(Fault { cause: Cause::Damaged(self.packing.name()), place: Some(place), lost }.sent())
    }

    /// Goes to the next frame, or to the end. Gives where that is.
    fn seek_frame(&mut self) -> io::Result<u64> {
        self.any_frame = true;
        loop {
            let seen = self.from.ahead(Packing::MOST_MAGIC)?;
            if seen.is_empty() {
                self.over = true;
                break;
            }
            let found = (0..seen.len()).find(|at| self.packing.begins(seen.get(*at..).unwrap_or_default()));
            // A frame may begin in the last bytes that are seen.
            let step = match found {
                Some(at) => at,
                None if seen.len() >= Packing::MOST_MAGIC => seen.len() - Packing::MOST_MAGIC + 1,
                None => seen.len(),
            };
            self.from.consume(step);
            if found.is_some() {
                break;
            }
        }
        Ok(self.from.position())
    }
}

impl Read for Unpacked<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let ready = self.bytes.get(self.given..self.ready).unwrap_or_default();
            if !ready.is_empty() {
                let count = ready.len().min(into.len());
                into[..count].copy_from_slice(&ready[..count]);
                self.given += count;
                return Ok(count);
            }
            if let Some(error) = self.pending.take() {
                return Err(error);
            }
            if self.over {
                return Ok(0);
            }
            self.produce()?;
        }
    }
}
