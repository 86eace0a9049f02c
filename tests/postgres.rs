//! Reports in a real PostgreSQL, which each test starts for itself: every figure is there once, after runs that came to their end, that were
//! repeated, killed, or cut off, and by roles with few rights.
//!
//! `KILLS=200 cargo test --release --test postgres` kills more often.

#![cfg(feature = "postgres")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod desk;
mod server;

use std::collections::BTreeMap;
use std::process::Output;

use desk::Desk;
use gongkai_corpus::{Collection, Report};
use postgres::Client;
use server::Server;

/// For each cell: how many reports have a figure there, and the sum of them in millionths.
type Sums = BTreeMap<[String; 3], (i64, String)>;

/// Reports in `in/`, with what they say.
struct Archive {
    desk: Desk,
    reports: BTreeMap<String, Report>,
}

impl Archive {
    fn new(reports: u64) -> Archive {
        let mut archive = Archive { desk: Desk::new(), reports: BTreeMap::new() };
        archive.add(1, reports);
        archive
    }

    /// Adds reports, or changes those that have the same names.
    fn add(&mut self, seed: u64, reports: u64) {
        let collection = Collection { sites: 20, ..Collection::new(seed, reports) };
        for report in collection.reports(collection.in_folders().into_iter()) {
            let name = format!("in/{}", report.slot.path);
            self.desk.put(&name, &report.bytes);
            self.reports.insert(name, report);
        }
    }

    fn sums(&self) -> Sums {
        let mut sums: BTreeMap<[String; 3], (i64, i128)> = BTreeMap::new();
        for fact in self.reports.values().flat_map(|report| &report.truth.facts) {
            let Some(value) = &fact.value else { continue };
            let sum = sums.entry([fact.table, fact.row, fact.column].map(str::to_owned)).or_default();
            sum.0 += 1;
            sum.1 += millionths(value);
        }
        sums.into_iter().map(|(cell, (count, sum))| (cell, (count, sum.to_string()))).collect()
    }
}

fn millionths(value: &str) -> i128 {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    format!("{whole}{fraction:0<6}").parse().expect("a decimal")
}

fn sums(client: &mut Client) -> Sums {
    let select = "SELECT table_id, row_id, column_id, reports, trim_scale(total * 1000000)::text FROM cell_totals";
    let rows = client.query(select, &[]).expect("sums");
    rows.iter().map(|row| ([row.get(0), row.get(1), row.get(2)], (row.get(3), row.get(4)))).collect()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs to the end, and gives how many inputs were unchanged.
#[track_caller]
fn whole(desk: &Desk, arguments: &[&str]) -> usize {
    let output = desk.run(arguments, b"");
    let words = words(&output);
    assert!(output.status.success(), "{arguments:?}: {words}");
    let before = words.split(" unchanged").next().and_then(|before| before.rsplit(' ').next());
    before.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("no count: {words}"))
}

/// One number that a query gives.
#[track_caller]
fn number(client: &mut Client, query: &str) -> i64 {
    client.query_one(query, &[]).expect(query).get(0)
}

#[test]
fn every_figure_is_there_once() {
    let Some(server) = Server::start() else { return };
    let mut archive = Archive::new(150);
    let url = server.database("reports");
    let arguments = ["convert", "in", "-o", &url];
    assert_eq!(whole(&archive.desk, &arguments), 0);
    let mut client = server.client("reports");
    assert_eq!(sums(&mut client), archive.sums());
    assert_eq!(whole(&archive.desk, &arguments), 150);
    assert_eq!(sums(&mut client), archive.sums());
    assert_eq!(number(&mut client, "SELECT count(*) FROM loads"), 1, "the second run has changed nothing");

    archive.add(140, 40);
    whole(&archive.desk, &arguments);
    assert_eq!(sums(&mut client), archive.sums());
}
