//! A stream -> the texts in it, whatever it is packed in, within limits.

use std::cell::Cell;
use std::io::{self, Cursor, Read};
use std::ops::{ControlFlow, Range};

use super::error::{Cause, Error, Fault};
use super::kind::{HEAD, Kind, tell};
use super::names::Place;
use super::packed::{Packing, Unpacked};
use super::stream::{Part, Stream};
use super::zip_links::Links;
use super::{Input, Limits, Options, lines, tar, warc, zip, zip_stream};

/// The largest zip archive within a stream that is held in memory, so that its directory at the end can be read first.
const MOST_HELD: usize = 32 << 20;

/// What one file may still take.
#[derive(Debug)]
pub(super) struct Budget {
    limits: Limits,
    expanded: Cell<u64>,
    members: Cell<u64>,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Budget {
        Budget { limits, expanded: Cell::new(0), members: Cell::new(0) }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Counts what was unpacked.
    pub(super) fn expand(&self, bytes: u64) -> Result<(), Cause> {
        self.expanded.set(self.expanded.get().saturating_add(bytes));
        if self.expanded.get() > self.limits.expanded { Err(Cause::Expanded(self.limits.expanded)) } else { Ok(()) }
    }

    /// How many bytes have been unpacked.
    pub(super) fn expanded(&self) -> u64 {
        self.expanded.get()
    }

    /// Counts a member, whatever it is.
    pub(super) fn member(&self) -> Result<(), Cause> {
        self.members.set(self.members.get() + 1);
        if self.members.get() > self.limits.members { Err(Cause::Members(self.limits.members)) } else { Ok(()) }
    }
}

/// Where what is found goes. `Break` ends the reading.
pub(super) type Emit<'e> = &'e mut dyn FnMut(Result<Input, Error>) -> ControlFlow<()>;

/// Reads one file, and all that is in it.
pub(super) struct Unpacker<'u> {
    pub(super) options: &'u Options,
    pub(super) budget: &'u Budget,
    emit: Emit<'u>,
}

impl<'u> Unpacker<'u> {
    pub(super) fn new(options: &'u Options, budget: &'u Budget, emit: Emit<'u>) -> Unpacker<'u> {
        Unpacker { options, budget, emit }
    }

    /// The largest text.
    pub(super) fn most(&self) -> usize {
        self.options.limits.bytes
    }

    pub(super) fn emit(&mut self, input: Result<Input, Error>) -> ControlFlow<()> {
        (self.emit)(input)
    }

    /// Tells that something at `place` can't be read.
    pub(super) fn reject(&mut self, place: &Place, error: io::Error) -> ControlFlow<()> {
        self.emit(Err(Error::of(&place.path, error)))
    }

    /// Tells what is lost: these bytes of `what`. `went` says how the search for what goes on behind them ended. Gives whether
    /// that is still to be searched for.
    pub(super) fn lost(
        &mut self,
        place: &Place,
        what: &'static str,
        bytes: Range<u64>,
        went: io::Result<()>,
    ) -> ControlFlow<(), bool> {
        let lost = Some(bytes.end - bytes.start);
        let fault = Fault { cause: Cause::Damaged(what), place: Some(bytes.start), lost };
        self.reject(place, fault.sent())?;
        let Err(error) = went else { return ControlFlow::Continue(false) };
        self.reject(place, error)?;
        ControlFlow::Continue(true)
    }

    pub(super) fn refuse(&mut self, place: &Place, cause: Cause) -> ControlFlow<()> {
        self.emit(Err(Error::new(&place.path, cause)))
    }

    /// Reads what a stream holds.
    pub(super) fn open(&mut self, stream: &mut Stream<'_>, place: &Place) -> ControlFlow<()> {
        let kind = tell(stream.peek(HEAD), &place.name);
        self.open_as(kind, stream, place)
    }

    pub(super) fn open_as(&mut self, kind: Kind, stream: &mut Stream<'_>, place: &Place) -> ControlFlow<()> {
        if !matches!(kind, Kind::Text | Kind::Unsupported(_)) && place.depth >= self.options.limits.nesting {
            return self.refuse(place, Cause::Nesting(self.options.limits.nesting));
        }
        match kind {
            Kind::Text => match stream.rest(self.most()) {
                Ok(bytes) => self.emit(Ok(Input::unpacked(place, bytes))),
                Err(error) => self.reject(place, error),
            },
            Kind::Unsupported(what) => self.refuse(place, Cause::Unsupported(what)),
            Kind::Packed(packing) => self.packed(packing, stream, place),
            Kind::Tar => tar::read(self, stream, place),
            Kind::Lines => lines::read(self, stream, place),
            Kind::Warc => warc::read(self, stream, place),
            Kind::Zip => self.zip_in_stream(stream, place),
        }
    }

    fn packed(&mut self, packing: Packing, stream: &mut Stream<'_>, place: &Place) -> ControlFlow<()> {
        let mut unpacked = match Unpacked::new(packing, stream, self.budget) {
            Ok(unpacked) => Stream::new(unpacked),
            Err(error) => return self.reject(place, error),
        };
        self.open(&mut unpacked, &place.unpacked())?;
        unpacked.remark().map_or(ControlFlow::Continue(()), |error| self.reject(place, error))
    }

    /// A zip archive that can't be sought in: held, if it is small, else read from its front to its end.
    fn zip_in_stream(&mut self, stream: &mut Stream<'_>, place: &Place) -> ControlFlow<()> {
        // Of an archive without its end nothing tells which members are links.
        let (mut held, none) = (Vec::new(), Links::default());
        while held.len() <= MOST_HELD {
            match stream.ahead(1) {
                Ok([]) => return zip::read(self, Cursor::new(held), place),
                Ok(seen) => {
                    held.extend_from_slice(seen);
                    let step = seen.len();
                    stream.consume(step);
                }
                Err(error) => {
                    let told = self.reject(place, error);
                    told?;
                    return zip_stream::read(self, &mut Stream::new(Cursor::new(held)), place, &none, true);
                }
            }
        }
        zip_stream::read(self, &mut Stream::new(Cursor::new(held).chain(stream)), place, &none, false)
    }

    /// A member of `size` bytes that comes next in the stream. Whatever is in it, the stream stands behind it in the end,
    /// unless it has a gap.
    pub(super) fn member(
        &mut self,
        stream: &mut Stream<'_>,
        size: u64,
        place: &Place,
        what: &'static str,
    ) -> ControlFlow<()> {
        let gaps = stream.gaps();
        let seen = HEAD.min(usize::try_from(size).unwrap_or(HEAD));
        let head = stream.peek(seen);
        let kind = tell(head.get(..seen).unwrap_or(head), &place.name);
        let mut left = size;
        let told = match usize::try_from(size) {
            Ok(size) if kind == Kind::Text && size <= self.most() => {
                left = 0;
                match stream.exactly(size, what) {
                    Ok(bytes) => self.emit(Ok(Input::unpacked(place, bytes))),
                    Err(error) => self.reject(place, error),
                }
            }
            _ if kind == Kind::Text => self.refuse(place, Cause::TooLarge(self.most())),
            _ => self.open_as(kind, &mut Stream::new(Part { from: stream, left: &mut left, what }), place),
        };
        told?;
        if stream.gaps() == gaps
            && left > 0
            && let Err(error) = stream.skip(left)
        {
            return self.reject(place, error);
        }
        ControlFlow::Continue(())
    }
}
