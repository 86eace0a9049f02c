//! WARC and WET: records of a crawl, each with a head of its own.
//!
//! A text is what a response (200), a resource or a conversion holds, if it is plain text by its type, or by its content where
//! no type says more. HTML, PDF and office documents are told as unsupported: reports may be in them. Pictures, scripts and the
//! like, other answers than 200, and records about the crawl itself are passed over as a walk passes over hidden files.

use std::io;
use std::ops::ControlFlow;

use super::Input;
use super::error::{Cause, Error, Fault};
use super::http::{self, Body};
use super::kind::{HEAD, Kind, tell};
use super::names::Place;
use super::stream::Stream;
use super::unpack::Unpacker;

const WARC: &str = "WARC file";
const MARK: &[u8] = b"WARC/";
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

pub(super) fn read(unpacker: &mut Unpacker<'_>, stream: &mut Stream<'_>, place: &Place) -> ControlFlow<()> {
    let mut adrift = false;
    loop {
        if adrift {
            match next_record(stream) {
                Ok(()) => adrift = false,
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
                let went = next_record(stream);
                adrift = unpacker.lost(place, WARC, at..stream.position(), went)?;
                continue;
            }
            Err(error) => {
                adrift = true;
                unpacker.reject(place, error)?;
                continue;
            }
        }
        let record = match head(stream) {
            Ok(record) => record,
            Err(error) => {
                adrift = true;
                if stream.gaps() == gaps {
                    stream.consume(MARK.len());
                }
                unpacker.reject(place, error)?;
                continue;
            }
        };
        // Where its length is wrong, the next record stands within what was taken for it.
        stream.mark();
        match block(unpacker, stream, &record, place) {
            Ok(went) => went?,
            Err(error) => {
                adrift = stream.gaps() == gaps && !is_at_record(stream);
                if adrift {
                    stream.rewind();
                }
                let error = Error::of(&place.path, error).in_record(&record.name);
                unpacker.emit(Err(Error { place: error.place.or(Some(at)), ..error }))?;
            }
        }
        adrift |= stream.gaps() != gaps;
    }
}

/// Goes to the next record behind what is lost.
fn next_record(stream: &mut Stream<'_>) -> io::Result<()> {
    const VERSION: &[u8] = b"WARC/1.";
    loop {
        let seen = stream.ahead(VERSION.len())?;
        let found = memchr::memmem::find(seen, VERSION);
        let ended = seen.len() < VERSION.len();
        let step = found.unwrap_or(if ended { seen.len() } else { seen.len() - VERSION.len() + 1 });
        stream.consume(step);
        if found.is_some() || ended {
            return Ok(());
        }
    }
}

/// Whether a record has ended as it should: with two line ends, and then the next one, or nothing.
fn is_at_record(stream: &mut Stream<'_>) -> bool {
    let seen = stream.peek(2 * 2 + MARK.len());
    let next = seen.trim_ascii_start();
    next.is_empty() || (next.len() < seen.len() && next.starts_with(MARK))
}

fn head(stream: &mut Stream<'_>) -> io::Result<Record> {
    let at = stream.position();
    let damaged = || Fault::at(Cause::Damaged(WARC), at);
    let mut size = HEAD;
    let end = loop {
        let seen = stream.peek(size);
        let limit = seen.len().min(MOST_HEAD);
        if let Some(end) = http::head_end(seen.get(..limit).unwrap_or(seen)) {
            break end;
        }
        if seen.len() < size {
            stream.ahead(size)?;
            return Err(Fault::at(Cause::Cut(WARC), at));
        }
        if size >= MOST_HEAD {
            return Err(damaged());
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
    record.length = length.ok_or_else(damaged)?;
    // Without it the next record is looked for from here.
    stream.consume(end);
    Ok(record)
}

/// What stands in a record.
fn block(
    unpacker: &mut Unpacker<'_>,
    stream: &mut Stream<'_>,
    record: &Record,
    place: &Place,
) -> io::Result<ControlFlow<()>> {
    let length = record.length;
    let is_http = record.kind == "response" && !record.content_type.starts_with("text/dns");
    let wanted = is_http || matches!(record.kind.as_str(), "resource" | "conversion");
    // What a type or an answer says is in the first bytes; the rest of what is not wanted is skipped, not held.
    let seen = HEAD.min(usize::try_from(length).unwrap_or(HEAD));
    let start = stream.peek(seen);
    let start = start.get(..seen).unwrap_or(start);
    let may_be = wanted && (!is_http || http::may_be_text(start));
    if !may_be || length > unpacker.most() as u64 {
        if !stream.skip(length)? {
            return Err(Fault::of(Cause::Cut(WARC)));
        }
        ends(stream)?;
        let too_large = Fault::of(Cause::TooLarge(unpacker.most()));
        return if may_be { Err(too_large) } else { Ok(ControlFlow::Continue(())) };
    }
    let bytes = stream.exactly(length as usize, WARC)?;
    ends(stream)?;
    let (content_type, bytes) = if is_http {
        match http::body(bytes, unpacker.budget, unpacker.most())? {
            Body::Of { content_type, bytes } => (content_type, bytes),
            Body::Other => return Ok(ControlFlow::Continue(())),
        }
    } else {
        (record.content_type.clone(), bytes)
    };
    let kind = match http::by_type(&content_type) {
        http::Sort::PassedOver => return Ok(ControlFlow::Continue(())),
        http::Sort::Unsupported(what) => Kind::Unsupported(what),
        http::Sort::Text if http::is_html(&bytes) => Kind::Unsupported(http::HTML),
        http::Sort::Text => tell(bytes.get(..HEAD).unwrap_or(&bytes), ""),
    };
    let result = match kind {
        _ if record.truncated => Err(Fault::of(Cause::Cut("page in the crawl"))),
        Kind::Text => Ok(Input::record(place, &record.name, bytes)),
        Kind::Unsupported("image") => return Ok(ControlFlow::Continue(())),
        Kind::Unsupported(what) => Err(Fault::of(Cause::Unsupported(what))),
        _ => Err(Fault::of(Cause::Unsupported("archive in a WARC record"))),
    };
    result.map(|input| unpacker.emit(Ok(input)))
}

fn ends(stream: &mut Stream<'_>) -> io::Result<()> {
    if is_at_record(stream) { Ok(()) } else { Err(Fault::of(Cause::Damaged(WARC))) }
}
