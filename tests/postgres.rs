//! Reports in a real PostgreSQL, which each test starts for itself: every figure is there once, after runs that came to their end, that
//! were repeated, killed, or cut off.
//!
//! `REPORTS=20000 KILLS=20 cargo test --release --test postgres` does it at full size.

#![cfg(feature = "postgres")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod databases;
mod desk;
mod server;

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use databases::{Archive, Random, Seen, kills, reports, said, unchanged, words};
use desk::{Desk, PAGE, interrupt};
use postgres::Client;
use postgres::fallible_iterator::FallibleIterator;
use server::Server;

/// All that a database has.
fn seen(client: &mut Client) -> Seen {
    let mut seen = Seen::default();
    let select = "SELECT path, grammar, status, title, issuer, year FROM reports";
    for row in client.query(select, &[]).expect("rows") {
        let year: Option<i32> = row.get(5);
        let said = said(row.get(1), row.get(2), row.get(3), row.get(4), year.map(|year| year as u16));
        seen.report(row.get(0), said);
    }
    let select = "SELECT r.path, c.table_id || '.' || c.row_id || '.' || c.column_id, c.kind, c.value::text \
                  FROM cells c JOIN reports r ON r.report_id = c.report_id";
    let mut rows = client.query_raw(select, [""; 0]).expect("rows");
    while let Some(row) = rows.next().expect("a row") {
        seen.cell(row.get(0), row.get(1), row.get(2), row.get(3));
    }
    seen
}

/// A hash of every row of each table and of some views, but for what tells the runs.
fn rows(client: &mut Client) -> Vec<String> {
    let tables =
        ["reports", "cell_values", "sections", "statements", "findings", "cell_names", "codebook", "report_totals"];
    let hash = |table| {
        let select = format!(
            "SELECT '{table} ' || count(*) || ' ' || md5(string_agg(r, ',' ORDER BY r)) \
             FROM (SELECT (to_jsonb(t) - 'load_id' - 'loaded_at')::text AS r FROM {table} t) AS rows"
        );
        client.query_one(&select, &[]).expect("a hash").get(0)
    };
    tables.map(hash).to_vec()
}

/// Holds the figures against the truth.
#[track_caller]
fn check(client: &mut Client, archive: &Archive, when: &str) {
    let (seen, expected) = (seen(client), archive.seen());
    assert_eq!(seen.count(), expected.count(), "{when}");
    for (cell, sum) in expected.sums() {
        assert_eq!(seen.sums().get(cell), Some(sum), "{when}: {cell}");
    }
    assert_eq!(seen.sums().len(), expected.sums().len(), "{when}");
}

/// One number that a query gives.
#[track_caller]
fn number(client: &mut Client, query: &str) -> i64 {
    client.query_one(query, &[]).unwrap_or_else(|error| panic!("{query}: {error:?}")).get(0)
}

/// How often a load ended how.
fn loads(client: &mut Client) -> String {
    let select = "SELECT string_agg(state || ' ' || added || ' ' || replaced || ' ' || unchanged || ' ' || removed, ', ' \
                  ORDER BY load_id) FROM loads";
    client.query_one(select, &[]).expect("loads").get::<_, Option<String>>(0).unwrap_or_default()
}

#[test]
fn every_figure_is_there_once() {
    let Some(server) = Server::start() else { return };
    let count = reports(150);
    let mut archive = Archive::new(count);
    let url = server.database("reports");
    let mut client = server.client("reports");
    assert_eq!(archive.convert(&["in", "-o", &url]), 0);
    check(&mut client, &archive, "one run");
    the_wide_views_have_the_cells(&mut client, count as i64);
    let once = rows(&mut client);
    assert_eq!(archive.convert(&["in", "-o", &url, "--jobs", "1"]), count);
    assert_eq!(rows(&mut client), once, "the second run has changed something");
    assert_eq!(loads(&mut client), format!("complete {count} 0 0 0"));

    let (edited, removed) = (count as usize / 20, count as usize / 40);
    archive.edit(edited);
    archive.remove(removed);
    let left = count - (edited + removed) as u64;
    assert_eq!(archive.convert(&["in", "-o", &url]), left);
    assert_eq!(number(&mut client, "SELECT count(*) FROM reports"), count as i64, "nothing is removed without --prune");
    assert_eq!(archive.convert(&["in", "-o", &url, "--prune"]), left + edited as u64);
    check(&mut client, &archive, "edited and removed");
    let expected = format!(
        "complete {count} 0 0 0, complete 0 {edited} {left} 0, complete 0 0 {} {removed}",
        left + edited as u64
    );
    assert_eq!(loads(&mut client), expected);

    // Read anew, with the numbers that the reports have.
    let before = rows(&mut client);
    assert_eq!(archive.convert(&["in", "-o", &url, "--force"]), 0);
    let without_run =
        |rows: &[String]| rows.iter().filter(|row| !row.starts_with("reports")).cloned().collect::<Vec<_>>();
    assert!(without_run(&rows(&mut client)) == without_run(&before), "another reading");
    assert_eq!(number(&mut client, "SELECT count(*) FROM reports WHERE load_id = 4"), left as i64 + edited as i64);
}

/// A wide view has a row for each report, with the figure of each cell in the column of its name.
#[track_caller]
fn the_wide_views_have_the_cells(client: &mut Client, reports: i64) {
    let totals = "c.table_id <> 'review_litigation' AND (c.table_id <> 'applications' OR c.column_id = 'total')";
    let pair = "c.row_id || '_' || c.column_id";
    for (view, times, cells, column) in [
        ("report_totals", 1, totals, &*format!("CASE c.table_id WHEN 'applications' THEN c.row_id ELSE {pair} END")),
        ("review_litigation", 1, "c.table_id = 'review_litigation'", pair),
        ("applicants", 7, "c.table_id = 'applications' AND c.column_id = w.applicant", "c.row_id"),
    ] {
        assert_eq!(number(client, &format!("SELECT count(*) FROM {view}")), times * reports, "{view}");
        let same = format!(
            "SELECT count(*) FROM {view} w JOIN cells c ON c.report_id = w.report_id AND {cells} \
             WHERE jsonb_exists(to_jsonb(w), {column}) AND (to_jsonb(w) ->> ({column}))::numeric IS NOT DISTINCT FROM c.value"
        );
        let all = format!("SELECT count(*) FROM cells c WHERE {}", cells.replace("AND c.column_id = w.applicant", ""));
        assert_eq!(number(client, &same), number(client, &all), "{view}");
    }
}

#[test]
fn rows_are_the_same_for_any_number_of_jobs() {
    let Some(server) = Server::start() else { return };
    let archive = Archive::new(100);
    let [one, two, seven] = ["1", "2", "7"].map(|jobs| {
        let url = server.database(jobs);
        let mut command = archive.desk.command(&["convert", "in", "in", "-o", &url, "--jobs", jobs]);
        let output = command.env("SOURCE_DATE_EPOCH", "1700000000").output().expect("the binary");
        assert!(output.status.success(), "{}", words(&output));
        let mut client = server.client(jobs);
        let ended = "SELECT count(*) FROM loads WHERE started_at = to_timestamp(1700000000) AND ended_at = started_at";
        assert_eq!(number(&mut client, ended), 1);
        rows(&mut client)
    });
    assert_eq!(one, two);
    assert_eq!(one, seven);
    assert!(one[0].starts_with("reports 100 ") && !one[1].starts_with("cell_values 0 "), "{one:?}");
}

#[test]
fn killed_runs_are_completed() {
    let Some(server) = Server::start() else { return };
    // Enough for more than one transaction.
    let archive = Archive::new(reports(800));
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let url = server.database("first");
    let begun = Instant::now();
    archive.convert(&["in", "-o", &url]);
    let time = begun.elapsed().as_micros() as u64;
    let mut client = server.client("first");
    let expected = rows(&mut client);
    let (mut killed, mut round, mut gone_on) = (0, 0, 0);
    // Now and then all of them come too early, before anything is committed: then there are some more.
    while killed < kills(8) || gone_on == 0 && killed < 8 * kills(8) {
        round += 1;
        let name = format!("round{round}");
        let url = server.database(&name);
        for _ in 0..=random.below(3) {
            let mut child =
                archive.desk.command(&["convert", "in", "-o", &url, "--jobs", "2"]).spawn().expect("the binary");
            sleep(Duration::from_micros(random.below(time)));
            child.kill().expect("a kill");
            child.wait().expect("an end");
            killed += 1;
        }
        gone_on += archive.convert(&["in", "-o", &url]);
        let mut client = server.client(&name);
        assert_eq!(rows(&mut client), expected, "{killed} kills");
        assert_eq!(number(&mut client, "SELECT count(*) FROM loads WHERE state = 'running'"), 0);
        assert_eq!(
            number(&mut client, "SELECT sum(added + replaced) FROM loads"),
            number(&mut client, "SELECT count(*) FROM reports")
        );
    }
    assert!(gone_on > 0, "every run was killed too early or too late");
}

#[test]
fn a_lost_connection_is_told_and_made_good() {
    let Some(mut server) = Server::start() else { return };
    let archive = copied(15);
    let url = server.database("reports");
    let mut client = server.client("reports");
    let mut child = archive.desk.command(&["convert", "in", "-o", &url]).spawn().expect("the binary");
    wait_for(&mut child, &mut client, "SELECT sum(added) FROM loads");
    let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'gongkai'";
    assert_eq!(number(&mut client, kill), 1);
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(2));
    let line = words(&output);
    let line = line.lines().last().unwrap_or_default();
    let begin = format!("gongkai: cannot write {url}: the connection was lost: ");
    assert!(
        line.starts_with(&begin) && line.ends_with("; the same command goes on once the server is there again"),
        "{line}"
    );
    let done = number(&mut client, "SELECT sum(added) FROM loads");

    let mut child = archive.desk.command(&["convert", "in", "-o", &url]).spawn().expect("the binary");
    wait_for(&mut child, &mut client, &format!("SELECT nullif(count(*), {done}) FROM reports"));
    drop(client);
    server.stop();
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(2), "{}", words(&output));
    let output = archive.desk.run(&["convert", "in", "-o", &url], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        words(&output).starts_with(&format!("gongkai: cannot write {url}: cannot connect: ")),
        "{}",
        words(&output)
    );

    server.go();
    let url = server.url("reports");
    assert!(archive.convert(&["in", "-o", &url]) > done as u64);
    let mut client = server.client("reports");
    assert_eq!(number(&mut client, "SELECT count(DISTINCT path) FROM reports"), 1500);
    let wrong = "SELECT count(*) FROM reports r WHERE cell_count <> (SELECT count(*) FROM cells c WHERE c.report_id = r.report_id)";
    assert_eq!(number(&mut client, wrong), 0);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_goes_on() {
    let Some(server) = Server::start() else { return };
    let archive = copied(15);
    let url = server.database("reports");
    let mut client = server.client("reports");
    let mut child = archive.desk.command(&["convert", "in", "-o", &url]).spawn().expect("the binary");
    wait_for(&mut child, &mut client, "SELECT sum(added) FROM loads");
    interrupt(&child);
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(130), "{}", words(&output));
    let done = number(&mut client, "SELECT count(*) FROM reports");
    let line = format!("interrupted; inputs done: {done}; the same command goes on from there\n");
    assert!(words(&output).ends_with(&line), "{}", words(&output));
    assert_eq!(loads(&mut client), format!("stopped {done} 0 0 0"));
    assert_eq!(archive.convert(&["in", "-o", &url]), done as u64);
    assert_eq!(loads(&mut client), format!("stopped {done} 0 0 0, complete {} 0 {done} 0", 1500 - done));
}

/// The same hundred pages under so many names each: many reports that are soon made.
fn copied(times: usize) -> Archive {
    let archive = Archive::new(100);
    for page in archive.desk.files() {
        let bytes = std::fs::read(archive.desk.path().join(&page)).expect("a page");
        (1..times).for_each(|copy| archive.desk.put(&page.replacen("in/", &format!("in/copy{copy}/"), 1), &bytes));
    }
    archive
}

/// Until the query gives something above 0, while the run is still going.
#[track_caller]
fn wait_for(child: &mut Child, client: &mut Client, query: &str) {
    let begun = Instant::now();
    loop {
        let found = client.query_one(query, &[]).ok().and_then(|row| row.get::<_, Option<i64>>(0));
        if found.is_some_and(|found| found > 0) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(120) && child.try_wait().expect("a state").is_none());
        sleep(Duration::from_millis(2));
    }
}

#[test]
fn the_second_of_two_runs_waits() {
    let Some(server) = Server::start() else { return };
    let desk = Desk::with_page();
    let url = server.database("reports");
    let convert = |arguments: &[&str]| {
        desk.command(&[&["convert"], arguments].concat()).stdin(Stdio::piped()).spawn().expect("the binary")
    };
    let mut first = convert(&["-", "-o", &url]);
    wait_for(&mut first, &mut server.client("reports"), "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'");
    let mut second = convert(&["page.txt", "-o", &url]);
    let mut said = BufReader::new(second.stderr.take().expect("a pipe")).lines();
    let line = said.next().expect("a line").expect("words");
    assert!(line.ends_with(&format!("another run is loading {url}; waiting for it to end")), "{line}");
    // Another schema is another place.
    let output = desk.run(&["convert", "page.txt", "-o", &url, "--schema", "other"], b"");
    assert!(output.status.success() && unchanged(&output) == 0, "{}", words(&output));
    assert!(second.try_wait().expect("a state").is_none());
    std::io::Write::write_all(&mut first.stdin.take().expect("a pipe"), PAGE.as_bytes()).expect("a page");
    assert!(first.wait().expect("an end").success() && second.wait().expect("an end").success());
    assert_eq!(loads(&mut server.client("reports")), "complete 1 0 0 0, complete 1 0 0 0");

    // Whoever waits can be told not to.
    let first = convert(&["-", "-o", &url]);
    wait_for(
        &mut { first },
        &mut server.client("reports"),
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'",
    );
}

#[test]
fn readers_are_not_kept_from_reading() {
    let Some(server) = Server::start() else { return };
    let archive = Archive::new(60);
    let url = server.database("reports");
    archive.desk.put("page.txt", PAGE);
    archive.convert(&["page.txt", "-o", &url]);
    let mut client = server.client("reports");
    let mut reading = client.transaction().expect("a transaction");
    reading.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").expect("a level");
    let count = "SELECT count(*) FROM reports JOIN cells USING (report_id)";
    let before: i64 = reading.query_one(count, &[]).expect("a count").get(0);
    archive.convert(&["in", "page.txt", "-o", &url, "--force", "--prune"]);
    let after: i64 = reading.query_one(count, &[]).expect("a count").get(0);
    reading.commit().expect("an end");
    assert!(before == after && number(&mut client, count) > after);
}

#[test]
fn what_a_text_may_hold() {
    let Some(server) = Server::start() else { return };
    let desk = Desk::new();
    let url = server.database("reports");
    let page = PAGE.replace("12.50", "1\0,234\0").replace("共二十条", "共二\0十条");
    let record = serde_json::json!({"text": page, "id": "a\u{0}b 'c' \\ \"d\" 表\t"});
    desk.put("in.jsonl", format!("{record}\n"));
    let output = desk.run(&["convert", "in.jsonl", "-o", &url], b"");
    assert!(output.status.success(), "{}", words(&output));
    let mut client = server.client("reports");
    let row = client.query_one(
        "SELECT record, raw, value::text FROM reports JOIN cells USING (report_id) WHERE raw LIKE '1%'",
        &[],
    );
    let row = row.expect("a row");
    let [record, raw]: [&str; 2] = [row.get(0), row.get(1)];
    assert_eq!((record, raw), ("a\u{FFFD}b 'c' \\ \"d\" 表\t", "1\u{FFFD},234"));
    assert_eq!(row.get::<_, Option<&str>>(2), Some("1234"));
    let output = desk.run(&["convert", "in.jsonl", "-o", &url], b"");
    assert_eq!(unchanged(&output), 1, "{}", words(&output));
}
