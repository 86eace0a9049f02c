//! WARC and WET: records of a crawl, each with a head of its own.
//!
//! A text is what a response (200), a resource or a conversion holds, if it is plain text by its type, or by its content where
//! no type says more. HTML, PDF and office documents are told as unsupported: reports may be in them. Pictures, scripts and the
//! like, other answers than 200, and records about the crawl itself are passed over as a walk passes over hidden files.
//!
//! A record whose head or length is damaged costs itself: behind it the next line that begins a record is looked for.

use std::io;
use std::ops::ControlFlow;

use super::Input;
use super::error::{Cause, Error, Fault};
use super::http::{self, Body};
use super::kind::{HEAD, Kind, tell};
use super::names::Place;
use super::stream::{MOST_KEPT, Stream};
use super::unpack::Unpacker;

const WARC: &str = "WARC file";
const MARK: &[u8] = b"WARC/";
const VERSION: &[u8] = b"WARC/1.";
/// What the names of most fields of a head begin with.
const FIELD: &[u8] = b"WARC-";
/// The largest head of a record.
const MOST_HEAD: usize = 64 << 10;

/// What the head of a record says.
#[derive(Default)]
struct Record {
    kind: String,
    name: String,
    content_type: String,
    length: u64,
    truncated: bool,
}

impl Record {
    /// Whether it is an answer of a server.
    fn is_http(&self) -> bool {
        self.kind == "response" && !self.content_type.starts_with("text/dns")
    }
}

/// What stands here is no head; `short`: the stream ends before it would.
struct NoHead {
    short: bool,
}

/// What became of the block of a record.
enum Block {
    /// It may hold a text.
    Held(Vec<u8>),
    /// It holds none, or one that is too large.
    Passed(Option<Cause>),
    /// It is not as long as its head says; `short`: the stream ends before.
    Wrong { short: bool },
}

pub(super) fn read(unpacker: &mut Unpacker<'_>, stream: &mut Stream<'_>, place: &Place) -> ControlFlow<()> {
    let mut adrift = false;
    loop {
        if adrift {
            match next_record(stream, u64::MAX) {
                Ok(_) => adrift = false,
                Err(error) => unpacker.reject(place, error)?,
            }
            continue;
        }
        let (at, gaps) = (stream.position(), stream.gaps());
        match stream.ahead(MARK.len()) {
            Ok([]) => return ControlFlow::Continue(()),
            Ok(seen) if seen.starts_with(MARK) => {}
            // Blank lines between records, however many.
            Ok([b'\r' | b'\n', ..]) => {
                stream.consume(1);
                continue;
            }
            Ok(_) => {
                adrift = lost(unpacker, stream, at, false, (place, None))?;
                continue;
            }
            Err(error) => {
                adrift = true;
                unpacker.reject(place, error)?;
                continue;
            }
        }
        let record = match head(stream) {
            Ok(Ok(record)) => record,
            Ok(Err(NoHead { short })) => {
                stream.consume(MARK.len());
                adrift = lost(unpacker, stream, at, short, (place, None))?;
                continue;
            }
            Err(error) => {
                adrift = true;
                unpacker.reject(place, error)?;
                continue;
            }
        };
        let mut remark = None;
        let told = match block(stream, &record, unpacker.most()) {
            Ok(Block::Wrong { short }) => {
                adrift = lost(unpacker, stream, at, short, (place, Some(&record.name)))?;
                continue;
            }
            Ok(Block::Held(bytes)) => page(unpacker, &record, bytes, place, &mut remark),
            Ok(Block::Passed(too_large)) => too_large.map_or(Ok(None), |cause| Err(Fault::of(cause))),
            Err(error) => Err(error),
        };
        let error = match told {
            Ok(None) => None,
            Ok(Some(input)) => {
                unpacker.emit(Ok(input))?;
                remark
            }
            Err(error) => Some(error),
        };
        if let Some(error) = error {
            let error = Error::of(&place.path, error).in_record(&record.name);
            unpacker.emit(Err(Error { place: error.place.or(Some(at)), ..error }))?;
        }
        adrift = stream.gaps() != gaps;
    }
}

/// Whether these bytes begin with the head of a record, as far as it is seen. Its first line may be damaged.
pub(super) fn is_head(seen: &[u8]) -> bool {
    let end = http::head_end(seen).unwrap_or(seen.len());
    let mut lines = seen.get(..end).unwrap_or(seen).split(|byte| *byte == b'\n').skip(1);
    lines.any(|line| line.get(..FIELD.len()).is_some_and(|start| start.eq_ignore_ascii_case(FIELD)))
}

/// Goes to the next record behind what begins at `at`, which is none or not as long as it says, and tells what was lost.
/// Gives whether the next one is still to be looked for.
fn lost(
    unpacker: &mut Unpacker<'_>,
    stream: &mut Stream<'_>,
    at: u64,
    short: bool,
    (place, record): (&Place, Option<&str>),
) -> ControlFlow<(), bool> {
    let went = next_record(stream, u64::MAX);
    let end = stream.position();
    let fault = if short && matches!(went, Ok(false)) {
        Fault { cause: Cause::Cut(WARC), place: Some(end), lost: None }
    } else {
        Fault { cause: Cause::Damaged(WARC), place: Some(at), lost: Some(end - at) }
    };
    let error = Error::of(&place.path, fault.sent());
    unpacker.emit(Err(Error { record: record.map(str::to_owned), ..error }))?;
    let Err(error) = went else { return ControlFlow::Continue(false) };
    unpacker.reject(place, error)?;
    ControlFlow::Continue(true)
}

/// Goes to the next line that begins a record, or on by `within` bytes, or to the end. Whether there is such a line.
fn next_record(stream: &mut Stream<'_>, within: u64) -> io::Result<bool> {
    const LINE: &[u8] = b"\nWARC/1.";
    let mut left = within;
    // Behind a gap a line begins too.
    let mut begun = is_at_head(stream);
    while !begun {
        // No further than asked: what stands behind may be a failure, which is not met yet.
        if left < LINE.len() as u64 {
            stream.skip(left)?;
            break;
        }
        let seen = stream.ahead(LINE.len())?;
        let found = memchr::memmem::find(seen, LINE);
        let ended = seen.len() < LINE.len();
        let step = match found {
            Some(at) => at + 1,
            None if ended => seen.len(),
            None => seen.len() - LINE.len() + 1,
        };
        let step = step.min(usize::try_from(left).unwrap_or(usize::MAX));
        stream.consume(step);
        left -= step as u64;
        if found.is_none() && ended {
            break;
        }
        begun = found.is_some() && is_at_head(stream);
    }
    Ok(begun)
}

/// Whether a record begins here, with a head that says so in more than its first line: texts speak of `WARC/1.0` too.
fn is_at_head(stream: &mut Stream<'_>) -> bool {
    let seen = stream.peek(HEAD);
    seen.starts_with(VERSION) && is_head(seen.get(..HEAD).unwrap_or(seen))
}

/// Whether a record has ended as it should: with two line ends, and then the next one, or nothing. The first bytes of the next
/// one may be wrong, which is its own damage.
fn is_at_record(stream: &mut Stream<'_>) -> bool {
    let seen = stream.peek(HEAD);
    let next = seen.trim_ascii_start();
    next.is_empty() || (next.len() < seen.len() && (next.starts_with(MARK) || is_head(next)))
}

fn head(stream: &mut Stream<'_>) -> io::Result<Result<Record, NoHead>> {
    let mut size = HEAD;
    let end = loop {
        let seen = stream.peek(size);
        let limit = seen.len().min(MOST_HEAD);
        if let Some(end) = http::head_end(seen.get(..limit).unwrap_or(seen)) {
            break end;
        }
        if seen.len() < size {
            stream.ahead(size)?;
            return Ok(Err(NoHead { short: true }));
        }
        if size >= MOST_HEAD {
            return Ok(Err(NoHead { short: false }));
        }
        size *= 2;
    };
    let seen = stream.peek(end);
    let mut record = Record::default();
    let mut id = String::new();
    let mut length = None;
    for (name, value) in http::fields(seen.get(..end).unwrap_or(seen)) {
        match name.to_ascii_lowercase().as_str() {
            "warc-type" => record.kind = value.to_ascii_lowercase(),
            "warc-target-uri" => record.name = value.trim_matches(['<', '>']).to_owned(),
            "warc-record-id" => id = value,
            "content-type" => record.content_type = value.to_ascii_lowercase(),
            "content-length" => length = value.parse().ok(),
            "warc-truncated" => record.truncated = true,
            _ => {}
        }
    }
    if record.name.is_empty() {
        record.name = id.trim_matches(['<', '>']).to_owned();
    }
    let Some(length) = length else { return Ok(Err(NoHead { short: false })) };
    record.length = length;
    // Without it the next record is looked for from here.
    stream.consume(end);
    Ok(Ok(record))
}

/// Goes behind what stands in a record, and holds it where it may be a text. Where its length is wrong, the next record stands
/// within what was taken for it, and the stream goes back to where that can be looked for.
fn block(stream: &mut Stream<'_>, record: &Record, most: usize) -> io::Result<Block> {
    let length = record.length;
    let wanted = record.is_http() || matches!(record.kind.as_str(), "resource" | "conversion");
    // What a type or an answer says is in the first bytes; the rest of what is not wanted is skipped, not held.
    let seen = HEAD.min(usize::try_from(length).unwrap_or(HEAD));
    let start = stream.peek(seen);
    let start = start.get(..seen).unwrap_or(start);
    let may_be = wanted && (!record.is_http() || http::may_be_text(start));
    if may_be && length <= most as u64 {
        let bytes = stream.up_to(length as usize)?;
        let short = (bytes.len() as u64) < length;
        if short || !is_at_record(stream) {
            stream.put_back(bytes);
            return Ok(Block::Wrong { short });
        }
        return Ok(Block::Held(bytes));
    }
    // A record that seems to begin in it may be held by it, or be the next one: the end tells. Where that is too far to come
    // back from, it is the next one.
    let from = stream.position();
    let is_inside = next_record(stream, length)?;
    let left = length - (stream.position() - from);
    if is_inside && left > MOST_KEPT as u64 {
        return Ok(Block::Wrong { short: false });
    }
    stream.mark();
    let whole = stream.skip(left)?;
    if !whole || !is_at_record(stream) {
        stream.rewind();
        return Ok(Block::Wrong { short: !whole });
    }
    stream.unmark();
    Ok(Block::Passed(may_be.then_some(Cause::TooLarge(most))))
}

/// What a record holds, if it is a text. `remark`: what is to be told of it then.
fn page(
    unpacker: &mut Unpacker<'_>,
    record: &Record,
    bytes: Vec<u8>,
    place: &Place,
    remark: &mut Option<io::Error>,
) -> io::Result<Option<Input>> {
    let (content_type, bytes) = if record.is_http() {
        match http::body(bytes, unpacker.budget, unpacker.most())? {
            Body::Of { content_type, bytes, remark: of_packing } => {
                *remark = of_packing;
                (content_type, bytes)
            }
            Body::Other => return Ok(None),
        }
    } else {
        (record.content_type.clone(), bytes)
    };
    let kind = match http::by_type(&content_type) {
        http::Sort::PassedOver => return Ok(None),
        http::Sort::Unsupported(what) => Kind::Unsupported(what),
        http::Sort::Text if http::is_html(&bytes) => Kind::Unsupported(http::HTML),
        http::Sort::Text => tell(bytes.get(..HEAD).unwrap_or(&bytes), ""),
    };
    match kind {
        _ if record.truncated => Err(Fault::of(Cause::Cut("page in the crawl"))),
        Kind::Text => Ok(Some(Input::record(place, &record.name, bytes))),
        Kind::Unsupported("image") => Ok(None),
        Kind::Unsupported(what) => Err(Fault::of(Cause::Unsupported(what))),
        _ => Err(Fault::of(Cause::Unsupported("archive in a WARC record"))),
    }
}
