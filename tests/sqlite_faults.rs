//! What goes wrong around an SQLite database: runs side by side, readers, a full disk, files that are no database of ours, and
//! databases of other versions. Nothing of it costs what was there.

#![cfg(feature = "sqlite")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod databases;
mod desk;
#[cfg(target_os = "linux")]
mod disk;

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use databases::{Archive, unchanged, words};
use desk::{Desk, PAGE, interrupt, wait_until};
use rusqlite::{Connection, OpenFlags};

/// The script of version 1 of the tables.
const FIRST: &str = include_str!("databases/sqlite-1.sql");
const SECOND: &str = include_str!("databases/sqlite-2.sql");

fn open(path: &Path) -> Connection {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a database")
}

/// The first value of the first row, as a text.
fn ask(database: &Connection, sql: &str) -> String {
    let value: rusqlite::types::Value =
        database.query_row(sql, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{sql}: {error}"));
    match value {
        rusqlite::types::Value::Integer(number) => number.to_string(),
        rusqlite::types::Value::Text(text) => text,
        other => format!("{other:?}"),
    }
}

#[test]
fn a_second_run_waits_for_the_first() {
    let desk = Desk::with_page();
    let load = ["convert", "-", "-o", "x.db"];
    let mut first = desk.command(&load).stdin(Stdio::piped()).spawn().expect("the binary");
    wait_until(&mut first, || desk.path().join(".x.db.lock").exists() && desk.path().join("x.db").exists());
    // By another name it is the same database.
    let link = cfg!(unix)
        && std::process::Command::new("ln").args(["-s", "x.db", "y.db"]).current_dir(desk.path()).status().is_ok();
    let name = if link { "y.db" } else { "x.db" };
    let waits = format!("another run is loading {name}; waiting for it to end\n");
    let mut second = desk.command(&["convert", "page.txt", "-o", name]).spawn().expect("the binary");
    let mut told = vec![0; waits.len()];
    second.stderr.as_mut().expect("a pipe").read_exact(&mut told).expect("words");
    assert_eq!(String::from_utf8_lossy(&told), waits);

    // One that waits can be told not to.
    let mut third = desk.command(&["convert", "page.txt", "-o", name]).spawn().expect("the binary");
    third.stderr.as_mut().expect("a pipe").read_exact(&mut told).expect("words");
    interrupt(&third);
    let third = third.wait_with_output().expect("an end");
    assert!(!third.status.success() && words(&third).contains("another run is writing it"), "{}", words(&third));

    std::io::Write::write_all(&mut first.stdin.take().expect("a pipe"), PAGE.as_bytes()).expect("a page");
    let (first, second) = (first.wait_with_output().expect("an end"), second.wait_with_output().expect("an end"));
    assert!(first.status.success() && second.status.success(), "{}{}", words(&first), words(&second));
    let database = open(&desk.path().join("x.db"));
    assert_eq!(
        ask(&database, "SELECT group_concat(path, ' ') FROM (SELECT path FROM reports ORDER BY report_id)"),
        "- page.txt"
    );
    assert_eq!(ask(&database, "SELECT group_concat(state, ' ') FROM loads"), "complete complete");
    assert!(!desk.path().join(".x.db.lock").exists());
}

#[test]
fn others_read_while_it_loads_and_an_interrupted_run_goes_on() {
    let archive = Archive::new(700);
    let path = archive.desk.path().join("x.db");
    let load = ["convert", "in", "-o", "x.db", "--jobs", "2"];
    let mut child = archive.desk.command(&load).spawn().expect("the binary");
    let reports = |database: &Connection| {
        database.query_row("SELECT count(*) FROM reports", [], |row| row.get::<_, u32>(0).map(u64::from))
    };
    wait_until(&mut child, || {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        Connection::open_with_flags(&path, flags).and_then(|database| reports(&database)).is_ok_and(|count| count > 0)
    });
    // A reader keeps its snapshot for as long as it likes.
    let reader = open(&path);
    reader.execute_batch("BEGIN").expect("a snapshot");
    let (seen, cells) = (reports(&reader).expect("a count"), ask(&reader, "SELECT count(*) FROM cell_values"));
    assert_eq!(ask(&reader, "SELECT sum(cell_count) FROM reports"), cells);
    interrupt(&child);
    let output = child.wait_with_output().expect("an end");
    let said = words(&output);
    assert_eq!(output.status.code(), Some(130), "{said}");
    let database = open(&path);
    let done = reports(&database).expect("a count");
    assert!(
        said.ends_with(&format!("interrupted; inputs done: {done}; the same command goes on from there\n")),
        "{said}"
    );
    assert!(done >= seen && done < 700, "{done} of 700, {seen} seen");
    assert_eq!(ask(&database, "SELECT group_concat(state, ' ') FROM loads"), "stopped");
    let output = archive.desk.run(&load, b"");
    assert!(output.status.success() && unchanged(&output) == done, "{}", words(&output));
    assert_eq!(ask(&database, "SELECT group_concat(state, ' ') FROM loads"), "stopped complete");
    assert_eq!(ask(&database, "SELECT added FROM loads WHERE load_id = 2"), (700 - done).to_string());
    assert_eq!(ask(&reader, "SELECT count(*) FROM cell_values"), cells);
    drop(reader);
    assert_eq!(
        ask(&database, "SELECT name FROM sqlite_schema WHERE name = 'cell_values_by_cell'"),
        "cell_values_by_cell"
    );
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let desk = Desk::with_page();
    let refused = |name: &str, why: &str, chinese: &str| {
        let before = fs::read(desk.path().join(name)).ok();
        desk.check(
            &["convert", "page.txt", "-o", name, "--to", "sqlite"],
            b"",
            2,
            "",
            &format!("gongkai: cannot write {name}: {why}\n"),
        );
        desk.check(&["convert", "page.txt", "-o", name, "--to", "sqlite", "--lang", "zh"], b"", 2, "", chinese);
        assert!(fs::read(desk.path().join(name)).ok() == before, "{name} was touched");
    };
    let foreign = "it holds something that gongkai did not write; give another name";
    desk.put("text.db", "no database at all, but a text that is longer than the head of one: ".repeat(40));
    refused("text.db", foreign, "其内容不是 gongkai 写入的");
    desk.put("short.db", "short");
    refused("short.db", foreign, "其内容不是 gongkai 写入的");
    let other = Connection::open(desk.path().join("other.db")).expect("a database");
    other.execute_batch("CREATE TABLE reports (mine TEXT); INSERT INTO reports VALUES ('mine');").expect("a table");
    drop(other);
    refused("other.db", foreign, "其内容不是 gongkai 写入的");
    fs::create_dir(desk.path().join("folder.db")).expect("a folder");
    refused("folder.db", "it is a folder; use `--to dir` to write one file a report into it", "这是目录");
    refused("none/x.db", "the folder none does not exist; create it first", "目录 none 不存在");
    refused("page.txt/x.db", "page.txt is a file, not a folder; give another name", "page.txt 是文件而不是目录");
    // An empty file is taken for what it is going to be, and a run that reads nothing leaves no database.
    desk.put("empty.db", "");
    desk.check(&["convert", "page.txt", "-o", "empty.db"], b"", 0, "", "1 input");
    assert_eq!(ask(&open(&desk.path().join("empty.db")), "SELECT count(*) FROM reports"), "1");
    desk.check(&["convert", "none.txt", "-o", "new.db"], b"", 2, "", "nothing was written");
    assert!(desk.files().iter().all(|file| !file.contains("new.db")), "{:?}", desk.files());
}

#[test]
fn a_first_version_is_upgraded_and_a_newer_one_refused() {
    let desk = Desk::with_page();
    let path = desk.path().join("x.db");
    desk.check(&["convert", "page.txt", "-o", "fresh.db"], b"", 0, "", "1 input");
    let old = Connection::open(&path).expect("a database");
    old.execute_batch(FIRST).expect("version 1");
    // The rows of a version that knew no numbers of sections, and a view of somebody's own over them.
    let rows = "ATTACH 'FRESH' AS fresh; PRAGMA foreign_keys = OFF; \
        INSERT INTO loads SELECT * FROM fresh.loads; INSERT INTO reports SELECT * FROM fresh.reports; \
        INSERT INTO cell_names SELECT * FROM fresh.cell_names; INSERT INTO codebook SELECT * FROM fresh.codebook; \
        INSERT INTO cell_values SELECT * FROM fresh.cell_values; INSERT INTO statements SELECT * FROM fresh.statements; \
        INSERT INTO sections SELECT report_id, section_id, ordinal, number, heading, text FROM fresh.sections; \
        INSERT INTO findings SELECT * FROM fresh.findings; PRAGMA application_id = 1196114249; PRAGMA journal_mode = WAL; \
        CREATE VIEW mine AS SELECT heading FROM sections; CREATE TABLE own (report_id REFERENCES reports); \
        INSERT INTO own VALUES (1);";
    old.execute_batch(&rows.replace("FRESH", &desk.path().join("fresh.db").to_string_lossy())).expect("rows");
    drop(old);
    assert_eq!(
        ask(&open(&path), "PRAGMA application_id"),
        ask(&open(&desk.path().join("fresh.db")), "PRAGMA application_id")
    );

    desk.check(&["convert", "page.txt", "-o", "x.db"], b"", 0, "", "1 unchanged");
    let (upgraded, fresh) = (open(&path), open(&desk.path().join("fresh.db")));
    for table in ["reports", "cell_values", "sections", "statements", "findings", "loads", "codebook", "cell_names"] {
        let count = format!("SELECT count(*) FROM {table}");
        assert_eq!(ask(&upgraded, &count), ask(&fresh, &count), "{table}");
    }
    for sql in [
        "SELECT version FROM schema_version",
        "SELECT group_concat(search_id || report_id || ordinal || heading || text) FROM sections",
        "SELECT count(*) FROM sections_search WHERE sections_search MATCH '主动公开'",
        "SELECT group_concat(name || type) FROM (SELECT * FROM sqlite_schema WHERE name NOT IN ('mine', 'own') \
         AND name NOT LIKE 'sqlite_%' ORDER BY name)",
    ] {
        assert_eq!(ask(&upgraded, sql), ask(&fresh, sql), "{sql}");
    }
    // Every table, view and trigger is made with the same words, however they are quoted and set.
    let names: Vec<String> = fresh
        .prepare("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND sql IS NOT NULL")
        .and_then(|mut select| select.query_map([], |row| row.get(0))?.collect())
        .expect("names");
    for name in &names {
        let sql = format!(
            "SELECT replace(replace(replace(sql, char(10), ''), ' ', ''), '\"', '') FROM sqlite_schema WHERE name = '{name}'"
        );
        assert!(ask(&upgraded, &sql) == ask(&fresh, &sql), "{name} differs");
    }
    assert!(names.len() > 20);
    assert_eq!(ask(&upgraded, "SELECT count(*) FROM mine"), ask(&fresh, "SELECT count(*) FROM sections"));
    assert_eq!(ask(&upgraded, "PRAGMA integrity_check"), "ok");
    drop((upgraded, fresh));

    // It goes on as any other.
    desk.put("page.txt", PAGE.replace("信息", "消息"));
    desk.check(&["convert", "page.txt", "-o", "x.db"], b"", 0, "", "0 unchanged");
    let searched = "SELECT count(*) FROM sections_search WHERE sections_search MATCH";
    assert_eq!(ask(&open(&path), &format!("{searched} '公开消息'")), "1");
    assert_eq!(ask(&open(&path), &format!("{searched} '公开信息'")), "0");

    Connection::open(&path)
        .and_then(|it| it.execute_batch("UPDATE schema_version SET version = 99"))
        .expect("a change");
    let before = fs::read(&path).expect("a file");
    let refused = "cannot write x.db: a newer gongkai wrote it (version 99 of the tables); install that one\n";
    desk.check(&["convert", "page.txt", "-o", "x.db"], b"", 2, "", refused);
    assert!(fs::read(&path).expect("a file") == before);
}

#[test]
fn another_program_is_waited_for() {
    let desk = Desk::with_page();
    desk.check(&["convert", "page.txt", "-o", "x.db"], b"", 0, "", "1 input");
    desk.put("page.txt", PAGE.replace("信息", "消息"));
    let other = Connection::open(desk.path().join("x.db")).expect("a database");
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let waits = "another program is writing x.db; waiting for it to end\n";
    let waiting = || {
        let mut child = desk.command(&["convert", "page.txt", "-o", "x.db"]).spawn().expect("the binary");
        let mut told = vec![0; waits.len()];
        child.stderr.as_mut().expect("a pipe").read_exact(&mut told).expect("words");
        assert_eq!(String::from_utf8_lossy(&told), waits);
        child
    };
    let first = waiting();
    interrupt(&first);
    let first = first.wait_with_output().expect("an end");
    assert_eq!(first.status.code(), Some(130), "{}", words(&first));
    assert!(words(&first).contains("cannot write x.db: another program is writing it; wait for that to end\n"));

    let second = waiting();
    other.execute_batch("ROLLBACK").expect("no lock");
    let second = second.wait_with_output().expect("an end");
    assert!(second.status.success(), "{}", words(&second));
    assert_eq!(ask(&open(&desk.path().join("x.db")), "SELECT group_concat(replaced) FROM loads"), "0,1");

    // It may also begin while a run is under way.
    let load = ["convert", "-", "-o", "x.db"];
    let mut third = desk.command(&load).stdin(Stdio::piped()).spawn().expect("the binary");
    wait_until(&mut third, || desk.path().join(".x.db.lock").exists());
    std::thread::sleep(std::time::Duration::from_millis(500));
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    std::io::Write::write_all(&mut third.stdin.take().expect("a pipe"), PAGE.as_bytes()).expect("a page");
    let mut told = vec![0; waits.len()];
    third.stderr.as_mut().expect("a pipe").read_exact(&mut told).expect("words");
    assert_eq!(String::from_utf8_lossy(&told), waits);
    interrupt(&third);
    let third = third.wait_with_output().expect("an end");
    assert_eq!(third.status.code(), Some(130), "{}", words(&third));
}

/// Version 2 kept amounts below 0.001 as texts.
#[test]
fn small_amounts_of_a_second_version_become_numbers() {
    let desk = Desk::new();
    for (index, amount) in ["0.0005", "-0.00002", "12.50"].iter().enumerate() {
        desk.put(&format!("in/{index}.txt"), PAGE.replace("12.50", amount));
    }
    desk.check(&["convert", "in", "-o", "fresh.db"], b"", 0, "", "3 inputs");
    let path = desk.path().join("x.db");
    let old = Connection::open(&path).expect("a database");
    old.execute_batch(SECOND).expect("version 2");
    let rows = "ATTACH 'FRESH' AS fresh; PRAGMA foreign_keys = OFF; \
        INSERT INTO loads SELECT * FROM fresh.loads; INSERT INTO reports SELECT * FROM fresh.reports; \
        INSERT INTO cell_names SELECT * FROM fresh.cell_names; INSERT INTO codebook SELECT * FROM fresh.codebook; \
        INSERT INTO cell_values SELECT * FROM fresh.cell_values; INSERT INTO statements SELECT * FROM fresh.statements; \
        INSERT INTO sections SELECT * FROM fresh.sections; INSERT INTO findings SELECT * FROM fresh.findings; \
        UPDATE cell_values SET raw = NULL, value = '0.0005' WHERE value = 0.0005; \
        UPDATE cell_values SET raw = NULL, value = '-0.00002' WHERE value = -0.00002; \
        UPDATE cell_values SET value = '1234567890123.4567' WHERE value = 12.5; \
        PRAGMA application_id = 1196114249;";
    old.execute_batch(&rows.replace("FRESH", &desk.path().join("fresh.db").to_string_lossy())).expect("rows");
    drop(old);
    desk.check(&["convert", "in", "-o", "x.db"], b"", 0, "", "3 unchanged");
    let amounts = "SELECT group_concat(typeof(value) || ' ' || raw, '; ') FROM (SELECT * FROM cells WHERE value IS NOT NULL ORDER BY value)";
    let exact = "real -0.00002; real 0.0005";
    assert_eq!(ask(&open(&path), amounts), format!("{exact}; text 12.50"));
    assert_eq!(ask(&open(&desk.path().join("fresh.db")), amounts), format!("{exact}; real 12.50"));
}

#[test]
fn the_printed_tables_are_ours() {
    let desk = Desk::with_page();
    let sql = desk.run(&["schema", "sql"], b"").stdout;
    let path = desk.path().join("x.db");
    Connection::open(&path)
        .and_then(|database| database.execute_batch(&String::from_utf8_lossy(&sql)))
        .expect("tables");
    desk.check(&["convert", "page.txt", "-o", "x.db"], b"", 0, "", "1 input");
    assert_eq!(ask(&open(&path), "SELECT count(*) FROM reports"), "1");
}

#[cfg(target_os = "linux")]
#[test]
#[allow(clippy::print_stderr)] // a test that was not run has to say so
fn a_full_disk_costs_nothing_that_was_done() {
    let archive = Archive::new(700);
    let Some(disk) = disk::Disk::mount(&archive.desk.path().join("disk"), "10m") else {
        eprintln!("SKIPPED: no disk can be mounted here, so none was filled");
        return;
    };
    let load = ["convert", "in", "-o", "disk/x.db"];
    let path = archive.desk.path().join("disk/x.db");
    for lang in ["en", "zh", "en"] {
        let output = archive.desk.run(&[&load[..], &["--lang", lang]].concat(), b"");
        let line = match lang {
            "zh" => "gongkai: 无法写入 disk/x.db：磁盘已满\n",
            _ => "gongkai: cannot write disk/x.db: no storage space\n",
        };
        assert_eq!((output.status.code(), words(&output).as_str()), (Some(2), line));
    }
    let done: u64 = ask(&open(&path), "SELECT count(*) FROM reports").parse().expect("a count");
    assert_eq!(
        ask(&open(&path), "SELECT sum(cell_count) FROM reports"),
        ask(&open(&path), "SELECT count(*) FROM cell_values")
    );
    assert!(done > 0 && disk.option("remount,size=99m"), "{done}");
    let output = archive.desk.run(&load, b"");
    assert!(output.status.success() && unchanged(&output) == done, "{}", words(&output));
    assert_eq!(ask(&open(&path), "SELECT count(*) FROM reports"), "700");

    // A disk that can't be written.
    assert!(disk.option("remount,ro"));
    for name in ["disk/x.db", "disk/y.db"] {
        let line = format!("gongkai: cannot write {name}: Read-only file system\n");
        archive.desk.check(&["convert", "in/00", "-o", name], b"", 2, "", &line);
    }
}

#[test]
fn nothing_is_pruned_where_an_input_cannot_be_read() {
    let desk = Desk::with_page();
    desk.put("other.txt", PAGE);
    desk.check(&["convert", "page.txt", "other.txt", "-o", "x.db"], b"", 0, "", "2 inputs");
    desk.check(&["convert", "page.txt", "gone", "-o", "x.db", "--prune"], b"", 1, "", "so --prune removed nothing");
    assert_eq!(ask(&open(&desk.path().join("x.db")), "SELECT count(*) FROM reports"), "2");
    desk.check(&["convert", "page.txt", "-o", "x.db", "--prune"], b"", 0, "", "1 unchanged");
    assert_eq!(ask(&open(&desk.path().join("x.db")), "SELECT count(*) FROM reports"), "1");
}
