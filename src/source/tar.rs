//! tar: member behind member, each with its header.

use std::io;
use std::ops::ControlFlow;

use tar::{EntryType, Header, PaxExtensions};

use super::error::{Cause, Error, Fault};
use super::kind::is_tar;
use super::names::{Place, decoded, is_passed_over};
use super::stream::Stream;
use super::unpack::Unpacker;

const BLOCK: usize = 512;
/// The largest long name or set of attributes; a larger one is damage.
const MOST_EXTENDED: u64 = 1 << 20;
const TAR: &str = "tar archive";

/// What a header in front of a header says of the member.
#[derive(Default)]
struct Extended {
    path: Option<Vec<u8>>,
    size: Option<u64>,
    sparse: bool,
}

pub(super) fn read(unpacker: &mut Unpacker<'_>, stream: &mut Stream<'_>, place: &Place) -> ControlFlow<()> {
    let mut extended = Extended::default();
    // Whether the mark of the end has been seen, whether something is known to be missing already, and whether it is not known
    // where the next header stands.
    let (mut ended, mut told, mut adrift) = (false, false, false);
    loop {
        if adrift {
            extended = Extended::default();
            match resync(stream) {
                Ok(()) => adrift = false,
                Err(error) => unpacker.reject(place, error)?,
            }
        }
        let (at, gaps) = (stream.position(), stream.gaps());
        let block: [u8; BLOCK] = match stream.ahead(BLOCK).map(|seen| (seen.is_empty(), seen.first_chunk().copied())) {
            Ok((true, _)) => break,
            Ok((_, Some(block))) => block,
            Ok(_) if ended || told => break,
            Ok(_) => return unpacker.reject(place, Fault::at(Cause::Cut(TAR), at)),
            Err(error) => {
                (told, adrift) = (true, true);
                unpacker.reject(place, error)?;
                continue;
            }
        };
        if block.iter().all(|byte| *byte == 0) {
            ended = true;
            stream.consume(BLOCK);
            continue;
        }
        if !is_tar(&block) {
            // Behind the end anything may stand.
            if ended {
                stream.consume(BLOCK);
                continue;
            }
            told = true;
            let went = resync(stream);
            adrift |= unpacker.lost(place, TAR, at..stream.position(), went)?;
            extended = Extended::default();
            continue;
        }
        ended = false;
        stream.consume(BLOCK);
        match member(unpacker, stream, &block, &mut extended, place) {
            Ok(went) => went?,
            Err(error) => {
                told = true;
                let error = Error::of(&place.path, error);
                let stops = matches!(error.cause, Cause::Members(_) | Cause::Io(_));
                unpacker.emit(Err(Error { place: error.place.or(Some(at)), ..error }))?;
                if stops {
                    return ControlFlow::Continue(());
                }
            }
        }
        if stream.gaps() != gaps {
            (told, adrift) = (true, true);
        }
    }
    if ended || told {
        return ControlFlow::Continue(());
    }
    // Without its end mark it may have lost members, and nothing else would say so.
    let at = stream.position();
    unpacker.reject(place, Fault::at(Cause::Cut(TAR), at))
}

/// Goes to the next header, wherever it stands: behind damage blocks may be out of step.
fn resync(stream: &mut Stream<'_>) -> io::Result<()> {
    const MAGIC_AT: usize = 257;
    loop {
        let seen = stream.peek(2 * BLOCK);
        let Some(last) = seen.len().checked_sub(BLOCK) else {
            let rest = stream.ahead(BLOCK)?.len();
            stream.consume(rest);
            return Ok(());
        };
        let magics = memchr::memmem::find_iter(seen, b"ustar").filter_map(|at| at.checked_sub(MAGIC_AT));
        let found = magics.take_while(|at| *at <= last).find(|at| is_tar(&seen[*at..]));
        let step = found.unwrap_or(last + 1);
        stream.consume(step);
        if found.is_some() {
            return Ok(());
        }
    }
}

/// What stands behind one header.
fn member(
    unpacker: &mut Unpacker<'_>,
    stream: &mut Stream<'_>,
    block: &[u8; BLOCK],
    extended: &mut Extended,
    place: &Place,
) -> io::Result<ControlFlow<()>> {
    let header = Header::from_byte_slice(block);
    let kind = header.entry_type();
    let size = header.entry_size().map_err(|_| Fault::of(Cause::Damaged(TAR)))?;
    if kind.is_gnu_longname()
        || kind.is_gnu_longlink()
        || kind.is_pax_local_extensions()
        || kind.is_pax_global_extensions()
    {
        if size > MOST_EXTENDED {
            return Err(Fault::of(Cause::Damaged(TAR)));
        }
        let bytes = stream.exactly(size as usize, TAR)?;
        if kind.is_gnu_longname() {
            extended.path = Some(bytes.split(|byte| *byte == 0).next().unwrap_or_default().to_vec());
        } else if kind.is_pax_local_extensions() {
            pax(&bytes, extended);
        }
        padding(stream, size)?;
        return Ok(ControlFlow::Continue(()));
    }
    let Extended { path, size: long_size, sparse } = std::mem::take(extended);
    let name = decoded(&path.unwrap_or_else(|| header.path_bytes().into_owned()));
    // Only files have content; some archives give sizes of links too.
    let is_file = matches!(kind, EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse);
    let size = if is_file {
        long_size.unwrap_or(size)
    } else if has_no_content(kind) {
        0
    } else {
        size
    };
    unpacker.budget.member().map_err(Fault::of)?;
    let of_member = place.member(&name);
    let is_folder = name.ends_with('/');
    if !is_file || is_folder || is_passed_over(&name) {
        if !stream.skip(size)? {
            return Err(Fault::of(Cause::Cut(TAR)));
        }
    } else if sparse || kind == EntryType::GNUSparse {
        if unpacker.refuse(&of_member, Cause::Unsupported("sparse file in a tar")).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        stream.skip(size)?;
    } else if unpacker.member(stream, size, &of_member, TAR).is_break() {
        return Ok(ControlFlow::Break(()));
    }
    padding(stream, size)?;
    Ok(ControlFlow::Continue(()))
}

fn has_no_content(kind: EntryType) -> bool {
    kind.is_dir()
        || kind.is_symlink()
        || kind.is_hard_link()
        || kind.is_character_special()
        || kind.is_block_special()
        || kind.is_fifo()
}

fn pax(bytes: &[u8], extended: &mut Extended) {
    for extension in PaxExtensions::new(bytes).flatten() {
        match extension.key_bytes() {
            b"path" => extended.path = Some(extension.value_bytes().to_vec()),
            b"size" => extended.size = extension.value().ok().and_then(|size| size.parse().ok()),
            b"GNU.sparse.name" => {
                extended.path = Some(extension.value_bytes().to_vec());
                extended.sparse = true;
            }
            key if key.starts_with(b"GNU.sparse.") => extended.sparse = true,
            _ => {}
        }
    }
}

/// Goes behind the zeros that fill up the last block. Where the stream has ended, the next header says so.
fn padding(stream: &mut Stream<'_>, size: u64) -> io::Result<()> {
    let over = size % BLOCK as u64;
    if over > 0 {
        stream.skip(BLOCK as u64 - over)?;
    }
    Ok(())
}
