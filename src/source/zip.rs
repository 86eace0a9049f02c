//! zip archives that can be sought in: by their directory, which stands at the end.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::error::{Cause, Error, Fault};
use super::kind::{HEAD, Kind, OFFICE, is_of_office, tell};
use super::names::{Place, decoded, is_passed_over};
use super::packed::RATIO_FROM;
use super::stream::Stream;
use super::unpack::{Budget, Unpacker};
use super::zip_links::Links;
use super::{Input, zip_stream};

pub(super) const ZIP: &str = "zip archive";
/// Members up to this size are read as a whole before anything is made of them: their checksum stands at their end.
pub(super) const HELD: u64 = 8 << 20;

/// Reads all members, in the order of the directory. Where that is lost, from the front, by what stands before each member.
pub(super) fn read<R: Read + Seek>(unpacker: &mut Unpacker<'_>, mut from: R, place: &Place) -> ControlFlow<()> {
    let length = from.seek(SeekFrom::End(0)).unwrap_or(0);
    let at_end = &mut from;
    let opened = catch_unwind(AssertUnwindSafe(move || ZipArchive::new(at_end)));
    let sound = match opened {
        Ok(Ok(archive)) if !archive.has_duplicate_names() => return by_directory(unpacker, archive, length, place),
        // Of two members of one name the directory gives one only; from the front both are there.
        Ok(Ok(_)) => true,
        _ => false,
    };
    if !sound {
        unpacker.reject(place, Fault::of(Cause::Damaged("zip directory")))?;
    }
    from_front(unpacker, from, place, sound)
}

fn from_front<R: Read + Seek>(unpacker: &mut Unpacker<'_>, mut from: R, place: &Place, sound: bool) -> ControlFlow<()> {
    let most = unpacker.options.limits.members;
    let links = from.rewind().map(|()| Links::of(&mut Stream::new(&mut from), most));
    let links = match links.and_then(|links| from.rewind().map(|()| links)) {
        Ok(links) => links,
        Err(error) => return unpacker.reject(place, error),
    };
    zip_stream::read(unpacker, &mut Stream::new(from), place, &links, !sound)
}

fn by_directory<R: Read + Seek>(
    unpacker: &mut Unpacker<'_>,
    mut archive: ZipArchive<R>,
    length: u64,
    place: &Place,
) -> ControlFlow<()> {
    if archive.file_names_raw().any(is_of_office) {
        return unpacker.refuse(place, Cause::Unsupported(OFFICE));
    }
    let before = unpacker.budget.expanded();
    for index in 0..archive.len() {
        if let Err(cause) = unpacker.budget.member() {
            return unpacker.refuse(place, cause);
        }
        // Members may share their bytes, so that each is modest and all together are not.
        let (ratio, unpacked) = (unpacker.options.limits.ratio, unpacker.budget.expanded() - before);
        if unpacked > RATIO_FROM && unpacked / length.max(1) >= ratio {
            return unpacker.refuse(place, Cause::Ratio(ratio));
        }
        let entry = match archive.by_index_data(index) {
            Ok(entry) => entry,
            Err(error) => {
                unpacker.reject(place, fault(error))?;
                continue;
            }
        };
        let name = decoded(entry.name_raw()).replace('\\', "/");
        if name.ends_with('/') || entry.is_symlink() || is_passed_over(&name) {
            continue;
        }
        let (at, size, method) = (entry.header_start(), entry.size(), entry.compression());
        let of_member = place.member(&name);
        if entry.encrypted() {
            unpacker.refuse(&of_member, Cause::Encrypted)?;
            continue;
        }
        if !matches!(
            method,
            CompressionMethod::Stored
                | CompressionMethod::Deflated
                | CompressionMethod::Bzip2
                | CompressionMethod::Zstd
        ) {
            unpacker.refuse(&of_member, Cause::Unsupported(zip_stream::PACKING))?;
            continue;
        }
        let in_archive = &mut archive;
        let opened = catch_unwind(AssertUnwindSafe(move || {
            let archive = in_archive;
            archive.by_index(index)
        }));
        let told = match opened.unwrap_or(Err(ZipError::InvalidArchive("".into()))) {
            Ok(mut file) => member(unpacker, &mut file, size, &of_member),
            Err(error) => Err(fault(error)),
        };
        match told {
            Ok(went) => went?,
            Err(error) => {
                let error = Error::of(&of_member.path, error);
                let stops = matches!(error.cause, Cause::Expanded(_) | Cause::Ratio(_));
                unpacker.emit(Err(Error { place: error.place.or(Some(at)), ..error }))?;
                if stops {
                    return ControlFlow::Continue(());
                }
            }
        }
    }
    ControlFlow::Continue(())
}

/// One member, whose size is only what the archive says.
fn member(unpacker: &mut Unpacker<'_>, file: &mut dyn Read, size: u64, place: &Place) -> io::Result<ControlFlow<()>> {
    let mut counted = Counted { from: file, budget: unpacker.budget };
    if size <= HELD {
        let mut bytes = Vec::with_capacity(size as usize + 1);
        (&mut counted).take(HELD + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > HELD {
            return Err(Fault::of(Cause::Damaged(ZIP)));
        }
        let kind = tell(bytes.get(..HEAD).unwrap_or(&bytes), &place.name);
        if kind == Kind::Text && bytes.len() <= unpacker.most() {
            return Ok(unpacker.emit(Ok(Input::unpacked(place, bytes))));
        }
        return Ok(unpacker.open_as(kind, &mut Stream::new(io::Cursor::new(bytes)), place));
    }
    Ok(unpacker.open(&mut Stream::new(counted), place))
}

/// Counts what a member unpacks to, and finds it damaged where its checksum is wrong.
struct Counted<'c> {
    from: &'c mut dyn Read,
    budget: &'c Budget,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read =
            catch_unwind(AssertUnwindSafe(|| self.from.read(into))).unwrap_or_else(|_| Err(Fault::of(Cause::Defect)));
        let count = read.map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
                Fault::of(Cause::Damaged(ZIP))
            }
            io::ErrorKind::UnexpectedEof => Fault::of(Cause::Cut(ZIP)),
            _ => error,
        })?;
        self.budget.expand(count as u64).map_err(Fault::of)?;
        Ok(count)
    }
}

fn fault(error: ZipError) -> io::Error {
    match error {
        ZipError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => Fault::of(Cause::Cut(ZIP)),
        ZipError::Io(error) => error,
        ZipError::InvalidPassword => Fault::of(Cause::Encrypted),
        ZipError::UnsupportedArchive(words) if words.contains("assword") => Fault::of(Cause::Encrypted),
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            Fault::of(Cause::Unsupported(zip_stream::PACKING))
        }
        _ => Fault::of(Cause::Damaged(ZIP)),
    }
}
