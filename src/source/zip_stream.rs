//! zip archives from the front: by what stands before each member, where the directory at the end is lost or out of reach.

use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;

use crc32fast::Hasher;

use super::Input;
use super::error::{Cause, Error, Fault};
use super::kind::{HEAD, Kind, OFFICE, is_of_office, tell};
use super::names::{Place, decoded, is_passed_over};
use super::packed::{Packing, Unpacked};
use super::stream::{Part, Stream};
use super::unpack::Unpacker;
use super::zip::{HELD, ZIP};
use super::zip_links::Links;

pub(super) const PACKING: &str = "zip member of another packing";
const MEMBER: &[u8] = b"PK\x03\x04";
/// The length of a header before its name.
const HEADER: usize = 30;

/// What stands before a member.
struct Local {
    name: Vec<u8>,
    encrypted: bool,
    method: u16,
    checksum: u32,
    packed: u64,
    /// Its checksum and sizes stand behind it.
    described: bool,
}

/// Reads member behind member; links are passed over. `told`: that something is missing has been said already.
pub(super) fn read(
    unpacker: &mut Unpacker<'_>,
    stream: &mut Stream<'_>,
    place: &Place,
    links: &Links,
    told: bool,
) -> ControlFlow<()> {
    let (mut told, mut adrift) = (told, false);
    loop {
        let (at, gaps) = (stream.position(), stream.gaps());
        if adrift {
            match next_member(stream) {
                Ok(()) => adrift = false,
                Err(error) => unpacker.reject(place, error)?,
            }
            continue;
        }
        match stream.ahead(HEADER) {
            Ok([]) if told => return ControlFlow::Continue(()),
            Ok([]) => return unpacker.reject(place, Fault::at(Cause::Cut(ZIP), at)),
            Ok(seen) if seen.starts_with(MEMBER) => {}
            // The directory, or its end: there are no more members.
            Ok([b'P', b'K', 1 | 5 | 6, ..]) => return ControlFlow::Continue(()),
            Ok([b'P', b'K', 7, 8, b'P', b'K', ..]) => {
                stream.consume(4);
                continue;
            }
            Ok(_) => {
                told = true;
                let went = next_member(stream);
                adrift = unpacker.lost(place, ZIP, at..stream.position(), went)?;
                continue;
            }
            Err(error) => {
                (told, adrift) = (true, true);
                unpacker.reject(place, error)?;
                continue;
            }
        }
        let local = match header(stream) {
            Ok(local) => local,
            Err(error) => {
                (told, adrift) = (true, true);
                unpacker.reject(place, error)?;
                continue;
            }
        };
        if is_of_office(&local.name) {
            return unpacker.refuse(place, Cause::Unsupported(OFFICE));
        }
        if let Err(cause) = unpacker.budget.member() {
            return unpacker.refuse(place, cause);
        }
        let name = decoded(&local.name).replace('\\', "/");
        let of_member = place.member(&name);
        let mut left = local.packed;
        let is_wanted = !name.ends_with('/') && !is_passed_over(&name);
        match member(unpacker, stream, &local, &mut left, (is_wanted, links), &of_member) {
            Ok(went) => went?,
            Err(error) => {
                told = true;
                // Without its size the next member has to be looked for.
                adrift = local.described;
                let error = Error::of(&of_member.path, error);
                let stops = matches!(error.cause, Cause::Expanded(_) | Cause::Ratio(_) | Cause::Io(_));
                unpacker.emit(Err(Error { place: error.place.or(Some(at)), ..error }))?;
                if stops {
                    return ControlFlow::Continue(());
                }
            }
        }
        if stream.gaps() != gaps {
            (told, adrift) = (true, true);
        } else if !local.described && !matches!(stream.skip(left), Ok(true)) {
            told = true;
        }
    }
}

/// Goes to what looks like the next member.
fn next_member(stream: &mut Stream<'_>) -> io::Result<()> {
    loop {
        let seen = stream.ahead(MEMBER.len())?;
        let found = memchr::memmem::find(seen, MEMBER);
        let ended = seen.len() < MEMBER.len();
        let step = found.unwrap_or(if ended { seen.len() } else { seen.len() - MEMBER.len() + 1 });
        stream.consume(step);
        if found.is_some() || ended {
            return Ok(());
        }
    }
}

fn header(stream: &mut Stream<'_>) -> io::Result<Local> {
    let at = stream.position();
    let fixed = stream.exactly(HEADER, ZIP)?;
    let short = |from: usize| fixed.get(from..).and_then(<[u8]>::first_chunk).map_or(0, |two| u16::from_le_bytes(*two));
    let long =
        |from: usize| fixed.get(from..).and_then(<[u8]>::first_chunk).map_or(0, |four| u32::from_le_bytes(*four));
    let (flags, method, checksum) = (short(6), short(8), long(14));
    let (packed, size) = (long(18), long(22));
    let name = stream.exactly(usize::from(short(26)), ZIP)?;
    let extra = stream.exactly(usize::from(short(28)), ZIP)?;
    let packed = if packed == u32::MAX {
        zip64(&extra, size == u32::MAX).ok_or_else(|| Fault::at(Cause::Damaged(ZIP), at))?
    } else {
        u64::from(packed)
    };
    Ok(Local { name, encrypted: flags & 1 != 0, method, checksum, packed, described: flags & 8 != 0 })
}

/// The packed size in the extra field for large members, where it stands behind the other one.
fn zip64(mut extra: &[u8], behind_size: bool) -> Option<u64> {
    while let [id1, id2, length1, length2, rest @ ..] = extra {
        let length = usize::from(u16::from_le_bytes([*length1, *length2]));
        if u16::from_le_bytes([*id1, *id2]) == 1 {
            let from = if behind_size { 8 } else { 0 };
            return rest.get(from..).and_then(<[u8]>::first_chunk).map(|eight| u64::from_le_bytes(*eight));
        }
        extra = rest.get(length..)?;
    }
    None
}

fn member(
    unpacker: &mut Unpacker<'_>,
    stream: &mut Stream<'_>,
    local: &Local,
    left: &mut u64,
    (is_wanted, links): (bool, &Links),
    place: &Place,
) -> io::Result<ControlFlow<()>> {
    let packing = match local.method {
        0 => None,
        8 => Some(Packing::Deflate),
        12 => Some(Packing::Bzip2),
        93 => Some(Packing::Zstd),
        _ => return Err(Fault::of(Cause::Unsupported(PACKING))),
    };
    if local.encrypted && is_wanted {
        return Err(Fault::of(Cause::Encrypted));
    }
    if !is_wanted && (!local.described || *left > 0) {
        return Ok(ControlFlow::Continue(()));
    }
    let budget = unpacker.budget;
    let (read, described) = if local.described {
        let Some(packing) = packing else {
            return Err(Fault::of(Cause::Unsupported("zip member of unknown size")));
        };
        let read = held(unpacker, &mut Unpacked::new(packing, stream, budget)?.single(), place)?;
        (read, Some(description(stream)?))
    } else {
        let mut part = Stream::new(Part { from: stream, left, what: ZIP });
        let read = match packing {
            None => held(unpacker, &mut part, place)?,
            Some(packing) => held(unpacker, &mut Unpacked::new(packing, &mut part, budget)?.single(), place)?,
        };
        (read, None)
    };
    if read.checksum != described.unwrap_or(local.checksum) {
        return Err(Fault::of(Cause::Damaged(ZIP)));
    }
    match read.content {
        _ if !is_wanted || links.has(&local.name, read.checksum) => Ok(ControlFlow::Continue(())),
        Content::Given(went) => Ok(went),
        Content::Held(bytes) => {
            let kind = tell(bytes.get(..HEAD).unwrap_or(&bytes), &place.name);
            if kind == Kind::Text && bytes.len() <= unpacker.most() {
                return Ok(unpacker.emit(Ok(Input::unpacked(place, bytes))));
            }
            Ok(unpacker.open_as(kind, &mut Stream::new(Cursor::new(bytes)), place))
        }
    }
}

/// A member that was read.
struct Member {
    checksum: u32,
    content: Content,
}

enum Content {
    /// Small: nothing has been made of it yet.
    Held(Vec<u8>),
    /// Large: what is in it has been given on.
    Given(ControlFlow<()>),
}

fn held(unpacker: &mut Unpacker<'_>, from: &mut dyn Read, place: &Place) -> io::Result<Member> {
    let mut checked = Checked { from, checksum: Hasher::new() };
    let mut bytes = Vec::new();
    (&mut checked).take(HELD + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 <= HELD {
        return Ok(Member { checksum: checked.checksum.finalize(), content: Content::Held(bytes) });
    }
    let kind = tell(bytes.get(..HEAD).unwrap_or(&bytes), &place.name);
    if kind == Kind::Text {
        // A text is held, however large it may be within its limit.
        let rest = Stream::new(Cursor::new(bytes).chain(&mut checked)).rest(unpacker.most())?;
        return Ok(Member { checksum: checked.checksum.finalize(), content: Content::Held(rest) });
    }
    let went = unpacker.open_as(kind, &mut Stream::new(Cursor::new(bytes).chain(&mut checked)), place);
    if went.is_continue() {
        io::copy(&mut checked, &mut io::sink())?;
    }
    Ok(Member { checksum: checked.checksum.finalize(), content: Content::Given(went) })
}

struct Checked<'c> {
    from: &'c mut dyn Read,
    checksum: Hasher,
}

impl Read for Checked<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(into)?;
        self.checksum.update(&into[..count]);
        Ok(count)
    }
}

/// The checksum in what stands behind a member: with or without a mark, and with short or long sizes.
fn description(stream: &mut Stream<'_>) -> io::Result<u32> {
    const MARK: &[u8] = b"PK\x07\x08";
    let seen = stream.peek(26);
    let mark = if seen.starts_with(MARK) { MARK.len() } else { 0 };
    let checksum = seen.get(mark..).and_then(<[u8]>::first_chunk).map(|four| u32::from_le_bytes(*four));
    let follows = |length: usize| seen.get(mark + length..).is_some_and(|next| next.starts_with(b"PK"));
    let length = if !follows(12) && follows(20) { 20 } else { 12 };
    let checksum = checksum.ok_or_else(|| Fault::of(Cause::Cut(ZIP)))?;
    stream.consume(mark + length);
    Ok(checksum)
}
