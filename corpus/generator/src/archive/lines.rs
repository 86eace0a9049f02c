//! Reports as JSON Lines: a text, an id and a few other members on each line.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::collection::Report;
use crate::rng::Rng;
use crate::truth::string;

use super::count::Counted;
use super::entry::{Counts, Entry};
use super::{Plan, Tell, junk};

/// Writes a line for each report. With junk, some lines have no id, are written in ASCII alone, or are no report.
pub fn lines<W: Write>(
    plan: &Plan,
    reports: impl Iterator<Item = Report>,
    out: Counted<W>,
    tell: &mut Tell<'_>,
) -> io::Result<Counted<W>> {
    let mut lines = Lines { plan, out, tell, number: 0 };
    for report in reports {
        let mut rng = Rng::named(report.slot.seed, "line");
        let (with_id, ascii, junk) = (rng.below(50) > 0, rng.chance(10), rng.below(60));
        if plan.junk {
            lines.junk(junk, report.slot.seed)?;
        }
        let with_id = with_id || !plan.junk;
        let id = report.slot.path.trim_end_matches(".txt").to_owned();
        let mut line = String::with_capacity(report.text.len() + 300);
        line.push('{');
        if with_id {
            // Writing to a string cannot fail.
            let _ = write!(line, "\"id\": {}, ", string(&id));
        }
        let text = if ascii && plan.junk { in_ascii(&report.text) } else { string(&report.text) };
        let _ = write!(
            line,
            "\"url\": {}, \"text\": {text}, \"meta\": {{\"crawled\": \"2025-02-01T00:00:00Z\", \"n\": {}}}}}",
            string(&report.url),
            report.slot.seed
        );
        lines.line(&line, with_id.then_some(id), Counts::Report, Some(Box::new(report)))?;
    }
    Ok(lines.out)
}

struct Lines<'a, 't, W> {
    plan: &'a Plan,
    out: Counted<W>,
    tell: &'a mut Tell<'t>,
    number: u64,
}

impl<W: Write> Lines<'_, '_, W> {
    /// What stands before the line of the report of that seed: mostly nothing.
    fn junk(&mut self, which: usize, seed: u64) -> io::Result<()> {
        let id = format!("junk-{seed}");
        match which {
            0 => {
                self.number += 1;
                self.out.write_all(b"\n")
            }
            1 => self.line("{\"id\": \"cut", None, Counts::Rejected, None),
            2 => self.line(&format!("{{\"id\": \"{id}\", \"html\": \"<p>\"}}"), Some(id), Counts::Rejected, None),
            3 => {
                let line = format!("{{\"id\": \"{id}\", \"text\": {}}}", string(junk::NOTICE));
                self.line(&line, Some(id), Counts::Unrecognized, None)
            }
            _ => Ok(()),
        }
    }

    fn line(&mut self, line: &str, id: Option<String>, counts: Counts, report: Option<Box<Report>>) -> io::Result<()> {
        self.number += 1;
        let start = self.out.count();
        self.out.write_all(line.as_bytes())?;
        let at = start..self.out.count();
        self.out.write_all(b"\n")?;
        let record = Some(id.unwrap_or_else(|| self.number.to_string()));
        (self.tell)(Entry { path: self.plan.path.clone(), record, counts, report, at, whole: None })
    }
}

/// A string of JSON as Python's `json.dumps` writes it unless told otherwise.
fn in_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2 + 2);
    for c in string(text).chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}
