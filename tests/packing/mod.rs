//! Archives made in a test, and what `source` gives of them.

#![allow(dead_code)] // each test that uses it needs only some of it

use std::fs;
use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use gongkai::source::{self, Error, Options, Skip, Text};
use gongkai_corpus::{Recipe, Size};

/// A small page.
pub fn page(seed: u64) -> Vec<u8> {
    gongkai_corpus::write(&Recipe { size: Size::Short, ..Recipe::random(seed) }).text.into_bytes()
}

/// `0.txt`, `in/1.txt` and so on, with small pages.
pub fn pages(count: u64) -> Vec<(String, Vec<u8>)> {
    let name = |seed| if seed % 2 == 0 { format!("{seed}.txt") } else { format!("in/{seed}.txt") };
    (0..count).map(|seed| (name(seed), page(seed))).collect()
}

pub fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    packed.write_all(bytes).and_then(|()| packed.finish()).expect("gzip")
}

pub fn zst(bytes: &[u8]) -> Vec<u8> {
    let mut packed = zstd::Encoder::new(Vec::new(), 3).expect("zstd");
    packed.include_checksum(true).expect("zstd");
    packed.write_all(bytes).and_then(|()| packed.finish()).expect("zstd")
}

pub fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut packed = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::new(6));
    packed.write_all(bytes).and_then(|()| packed.finish()).expect("bzip2")
}

pub fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut packed = liblzma::write::XzEncoder::new(Vec::new(), 3);
    packed.write_all(bytes).and_then(|()| packed.finish()).expect("xz")
}

pub fn tar(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, &bytes[..]).expect("tar");
    }
    archive.into_inner().expect("tar")
}

pub fn zip(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("zip");
        archive.write_all(bytes).expect("zip");
    }
    archive.finish().expect("zip").into_inner()
}

pub fn jsonl(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let line = |(name, bytes): &(String, Vec<u8>)| {
        let text = String::from_utf8_lossy(bytes);
        format!("{}\n", serde_json::json!({"id": name, "text": text}))
    };
    members.iter().map(line).collect::<String>().into_bytes()
}

/// One record of a WARC.
pub fn record(kind: &str, uri: &str, content_type: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{}>\r\nWARC-Target-URI: {uri}\r\n\
         Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        block.len(),
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

/// An answer of a server.
pub fn response(uri: &str, status: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nServer: x\r\nContent-Type: {content_type}\r\n\r\n");
    record("response", uri, "application/http; msgtype=response", &[head.as_bytes(), body].concat())
}

/// A crawl in which each page is the answer to a request.
pub fn crawl(members: &[(String, Vec<u8>)]) -> Vec<Vec<u8>> {
    let info = record("warcinfo", "", "application/warc-fields", b"software: x\r\n");
    let of = |(name, bytes): &(String, Vec<u8>)| {
        let uri = format!("http://a.cn/{name}");
        let request = record("request", &uri, "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n");
        [request, response(&uri, "200 OK", "text/plain; charset=utf-8", bytes)]
    };
    std::iter::once(info).chain(members.iter().flat_map(of)).collect()
}

pub fn warc(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    crawl(members).concat()
}

/// Each record is a gzip member of its own.
pub fn warc_gz(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    crawl(members).iter().map(|record| gz(record)).collect::<Vec<_>>().concat()
}

/// What is read from one file of that name and content.
pub fn read(name: &str, bytes: &[u8]) -> Vec<Result<Text, Error>> {
    read_with(name, bytes, &Options::default())
}

pub fn read_with(name: &str, bytes: &[u8], options: &Options) -> Vec<Result<Text, Error>> {
    let desk = tempfile::tempdir().expect("a folder");
    let path = desk.path().join(name);
    fs::write(&path, bytes).expect("a file");
    let mut found = read_all(&[path], options);
    let parent = format!("{}/", desk.path().display());
    for found in &mut found {
        let path = match found {
            Ok(text) => &mut text.path,
            Err(error) => &mut error.path,
        };
        *path = path.replace(&parent, "");
    }
    found
}

/// What is read from the arguments, as a command reads it.
pub fn read_all(arguments: &[PathBuf], options: &Options) -> Vec<Result<Text, Error>> {
    let mut found = Vec::new();
    source::feed(arguments, &Skip::default(), options, &mut |input| {
        match input {
            Ok(input) => input.texts(options, &mut |text| found.push(text)),
            Err(error) => found.push(Err(error)),
        }
        ControlFlow::Continue(())
    });
    found
}

/// What was read, a line each: path and record, or path, code and cause.
pub fn lines(found: &[Result<Text, Error>]) -> Vec<String> {
    let name = |path: &str, record: &Option<String>| match record {
        Some(record) => format!("{path} [{record}]"),
        None => path.to_owned(),
    };
    let line = |found: &Result<Text, Error>| match found {
        Ok(text) => name(&text.path, &text.record),
        Err(error) => format!("{}: {} {:?}", name(&error.path, &error.record), error.code(), error.cause),
    };
    found.iter().map(line).collect()
}

#[track_caller]
pub fn check(name: &str, bytes: &[u8], expected: &[&str]) {
    assert_eq!(lines(&read(name, bytes)), expected, "{name}");
}

/// Where the tests of the workspace may write.
pub fn put(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("a file");
    path
}
