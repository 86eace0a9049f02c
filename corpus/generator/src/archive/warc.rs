//! Reports as records of a crawl.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::collection::Report;
use crate::encode::Encoding;
use crate::rng::Rng;

use super::count::Counted;
use super::entry::{Counts, Entry};
use super::{Plan, Tell, junk};

/// Writes a crawl: a record on the crawl, then one or two for each report. With junk, reports stand in records of all kinds that
/// hold texts, and pages of other kinds stand between them. Records on requests and the like are not told of: they are passed over.
pub fn crawl<W: Write>(
    plan: &Plan,
    texts_alone: bool,
    packed: bool,
    reports: impl Iterator<Item = Report>,
    out: Counted<W>,
    tell: &mut Tell<'_>,
) -> io::Result<W> {
    let mut crawl = Crawl { plan, packed, out, tell };
    let about = "software: gongkai-corpus\r\nformat: WARC File Format 1.0\r\n";
    crawl.record("warcinfo", None, 0, "application/warc-fields", about.as_bytes())?;
    for report in reports {
        let mut rng = Rng::named(report.slot.seed, "record");
        let (kind, junk) = (rng.below(10), rng.below(30));
        let kind = if plan.junk { kind } else { 0 };
        if plan.junk && !texts_alone {
            crawl.junk(junk, &report)?;
        }
        let (url, seed) = (report.url.clone(), report.slot.seed);
        let at = match kind {
            _ if texts_alone => crawl.record("conversion", Some(&url), seed, "text/plain", report.text.as_bytes())?,
            9 => crawl.record("conversion", Some(&url), seed, "text/plain", report.text.as_bytes())?,
            8 => crawl.record("resource", Some(&url), seed, "text/plain", &report.bytes)?,
            _ => {
                crawl.request(&url, seed)?;
                crawl.response(&report, kind == 7)?
            }
        };
        crawl.told(url, Counts::Report, Some(Box::new(report)), at)?;
    }
    Ok(crawl.out.into_inner())
}

struct Crawl<'a, 't, W> {
    plan: &'a Plan,
    packed: bool,
    out: Counted<W>,
    tell: &'a mut Tell<'t>,
}

impl<W: Write> Crawl<'_, '_, W> {
    fn request(&mut self, url: &str, seed: u64) -> io::Result<()> {
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        let block = format!("GET /{path} HTTP/1.1\r\nHost: reports.example\r\nAccept: */*\r\n\r\n");
        self.record("request", Some(url), seed, "application/http; msgtype=request", block.as_bytes())?;
        Ok(())
    }

    /// The answer of a server that sends the report, whole or in chunks.
    fn response(&mut self, report: &Report, chunked: bool) -> io::Result<std::ops::Range<u64>> {
        let charset = match report.encoding {
            Encoding::Gb18030 => "; charset=GBK",
            Encoding::Big5 => "; charset=Big5",
            Encoding::Utf8 | Encoding::Utf8Bom if report.slot.seed.is_multiple_of(2) => "; charset=utf-8",
            _ => "",
        };
        let mut block =
            format!("HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/plain{charset}\r\n").into_bytes();
        if chunked {
            block.extend_from_slice(b"Transfer-Encoding: chunked\r\n\r\n");
            for chunk in report.bytes.chunks(4096) {
                block.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
                block.extend_from_slice(chunk);
                block.extend_from_slice(b"\r\n");
            }
            block.extend_from_slice(b"0\r\n\r\n");
        } else {
            block.extend_from_slice(format!("Content-Length: {}\r\n\r\n", report.bytes.len()).as_bytes());
            block.extend_from_slice(&report.bytes);
        }
        self.record("response", Some(&report.url), report.slot.seed, "application/http; msgtype=response", &block)
    }

    /// What stands before the record of a report: mostly nothing.
    fn junk(&mut self, which: usize, beside: &Report) -> io::Result<()> {
        let seed = beside.slot.seed;
        let stem = beside.url.trim_end_matches(".txt");
        let (rejected, passed_over) = (Counts::Rejected, Counts::PassedOver);
        let html = "<html><body>年报</body></html>".as_bytes();
        let (url, media, body, status, counts): (String, &str, &[u8], &str, Counts) = match which {
            0 => (format!("{stem}.html"), "text/html; charset=utf-8", html, "200 OK", rejected),
            1 => (format!("{stem}-gone.html"), "text/html", html, "404 Not Found", passed_over),
            2 => (format!("{stem}.png"), "image/png", junk::PNG, "200 OK", passed_over),
            3 => (format!("{stem}.pdf"), "application/pdf", junk::PDF, "200 OK", rejected),
            4 => {
                let fields = b"fetchTimeMs: 37\r\n";
                return self.record("metadata", Some(&beside.url), seed, "application/warc-fields", fields).map(drop);
            }
            5 => {
                let url = format!("{stem}-again.txt");
                let block = b"HTTP/1.1 304 Not Modified\r\nServer: nginx\r\n\r\n";
                return self.record("revisit", Some(&url), seed, "application/http; msgtype=response", block).map(drop);
            }
            _ => return Ok(()),
        };
        let mut block = format!("HTTP/1.1 {status}\r\nContent-Type: {media}\r\n\r\n").into_bytes();
        block.extend_from_slice(body);
        let at = self.record("response", Some(&url), seed, "application/http; msgtype=response", &block)?;
        self.told(url, counts, None, at)
    }

    fn told(
        &mut self,
        url: String,
        counts: Counts,
        report: Option<Box<Report>>,
        at: std::ops::Range<u64>,
    ) -> io::Result<()> {
        (self.tell)(Entry { path: self.plan.path.clone(), record: Some(url), counts, report, at, whole: None })
    }

    /// Writes a record, and says where it stands.
    fn record(
        &mut self,
        kind: &str,
        url: Option<&str>,
        seed: u64,
        media: &str,
        block: &[u8],
    ) -> io::Result<std::ops::Range<u64>> {
        let mut rng = Rng::named(seed, kind);
        let (a, b) = (rng.next_u64(), rng.next_u64());
        let id =
            format!("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", a >> 32, a & 0xffff, b >> 52, b & 0xfff, (a ^ b) >> 16);
        let target = url.map_or_else(String::new, |url| format!("WARC-Target-URI: {url}\r\n"));
        let head = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\n{target}WARC-Date: 2025-02-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{id}>\r\n\
             Content-Type: {media}\r\nContent-Length: {}\r\n\r\n",
            block.len()
        );
        let start = self.out.count();
        let record = [head.as_bytes(), block, b"\r\n\r\n"].concat();
        if self.packed {
            let mut encoder = GzEncoder::new(&mut self.out, Compression::new(3));
            encoder.write_all(&record)?;
            encoder.finish()?;
            Ok(start..self.out.count())
        } else {
            self.out.write_all(&record)?;
            // The two line ends behind it are no part of what it says.
            Ok(start..self.out.count() - 4)
        }
    }
}
