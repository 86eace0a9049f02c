//! What stands in the way of a folder of Parquet files: leftovers, foreign folders, full disks, figures without room.

#![cfg(feature = "parquet")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod databases;
mod desk;
#[cfg(target_os = "linux")]
mod disk;
mod folder;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use databases::{Archive, unchanged};
use desk::Desk;
use folder::{FILES, beside, content, each, seen};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

const LOAD: [&str; 3] = ["in", "-o", "x.parquet"];

#[test]
fn what_is_left_behind_is_understood() {
    let mut archive = Archive::new(60);
    let (folder, desk) = (archive.desk.path().join("x.parquet"), archive.desk.path().to_owned());
    archive.convert(&LOAD);
    let whole = content(&folder);
    // Killed between two renames, where the system can't exchange two folders.
    fs::rename(&folder, desk.join(".x.parquet.old")).expect("a move");
    fs::create_dir(desk.join(".x.parquet.part")).expect("a folder");
    fs::write(desk.join(".x.parquet.part/cells.parquet"), "half").expect("a file");
    assert_eq!(archive.convert(&LOAD), 60);
    assert!(content(&folder) == whole);
    // Behind them.
    fs::create_dir(desk.join(".x.parquet.old")).expect("a folder");
    fs::write(desk.join(".x.parquet.old/cells.parquet"), "old").expect("a file");
    assert_eq!(archive.convert(&LOAD), 60);
    assert!(content(&folder) == whole);
    assert_eq!(beside(&archive.desk), ["in", "x.parquet"].map(PathBuf::from));

    // What somebody put into the folder stays there, and whoever has a file open reads it to its end.
    fs::write(folder.join("notes.txt"), "mine").expect("a file");
    fs::create_dir(folder.join("more")).expect("a folder");
    fs::create_dir(desk.join(".x.parquet.part")).expect("a folder");
    fs::write(desk.join(".x.parquet.part/notes.txt"), "older").expect("a file");
    let open = ParquetRecordBatchReaderBuilder::try_new(File::open(folder.join("cells.parquet")).expect("a file"));
    archive.edit(10);
    archive.convert(&LOAD);
    assert_eq!(fs::read_to_string(folder.join("notes.txt")).expect("a file"), "mine");
    assert_eq!(fs::read_to_string(folder.join("notes.txt.1")).expect("a file"), "older");
    assert!(folder.join("more").is_dir());
    let rows: usize =
        open.and_then(|builder| builder.build()).expect("cells").map(|batch| batch.expect("cells").num_rows()).sum();
    assert!(rows > 0);
    seen(&folder).check(&archive.seen(), "with notes");
    assert_eq!(beside(&archive.desk), ["in", "x.parquet"].map(PathBuf::from));
}

#[test]
fn figures_that_the_column_has_no_room_for() {
    #[track_caller]
    fn check(figure: &str, kind: &str, value: Option<&str>, warning: Option<&str>) {
        let desk = Desk::new();
        desk.put("page.txt", desk::PAGE.replace("12.50", figure));
        desk.check(&["convert", "page.txt", "-o", "x.parquet"], b"", 0, "", "1 input");
        let folder = desk.path().join("x.parquet");
        let mut cells = 0;
        each(&folder, "cells", |row| {
            if row.text("column_id") == Some("amount") {
                let got = (row.text("kind"), row.decimal("value"), row.text("raw"));
                assert_eq!(got, (Some(kind), value.map(str::to_owned), Some(figure)));
                cells += 1;
            }
        });
        assert_eq!(cells, 1);
        let mut warned = Vec::new();
        each(&folder, "findings", |row| {
            if row.text("code") == Some("GK342") {
                assert_eq!(row.text("message"), warning);
                warned.push([row.text("row_id"), row.text("found")].map(|text| text.unwrap_or("").to_owned()));
            }
        });
        let expected = warning.map(|_| ["administrative_fees", figure].map(str::to_owned));
        assert_eq!(warned, expected.into_iter().collect::<Vec<_>>());
        // The counts tell of it, so that the next run finds its rows.
        assert_eq!(unchanged(&desk.run(&["convert", "page.txt", "-o", "x.parquet"], b"")), 1);
    }
    let large = "12345678901234567890123456789";
    let words =
        |figure: &str| format!("the figure {figure} has no room in a column of decimal(38, 10), which is left empty");
    check(large, "text", None, Some(&words(large)));
    check("0.00000000001", "text", None, Some(&words("0.00000000001")));
    let fits = "1234567890123456789012345678.0123456789";
    check(fits, "number", Some(fits), None);
    check("-12.5", "number", Some("-12.5000000000"), None);
}

/// What stands there was not written by gongkai, or can't be read: one line, and nothing is touched.
#[test]
fn folders_that_are_not_ours() {
    #[track_caller]
    fn check(desk: &Desk, prepare: impl FnOnce(&Path), words: &str) {
        let folder = desk.path().join("x.parquet");
        let _ = fs::remove_dir_all(&folder);
        let _ = fs::remove_file(&folder);
        prepare(&folder);
        let before = folder.is_dir().then(|| content(&folder));
        for more in [&[][..], &["--prune"]] {
            let line = format!("gongkai: cannot write x.parquet: {words}\n");
            desk.check(&[&["convert", "page.txt", "-o", "x.parquet"], more].concat(), b"", 2, "", &line);
        }
        assert!(folder.is_dir().then(|| content(&folder)) == before);
        assert_eq!(beside(desk), ["page.txt", "sound.parquet", "x.parquet"].map(PathBuf::from));
    }
    let desk = Desk::with_page();
    desk.check(&["convert", "page.txt", "-o", "sound.parquet"], b"", 0, "", "1 input");
    let sound = desk.path().join("sound.parquet");
    let copy = |folder: &Path| {
        fs::create_dir(folder).expect("a folder");
        FILES.iter().for_each(|file| {
            let file = format!("{file}.parquet");
            _ = fs::copy(sound.join(&file), folder.join(&file)).expect("a copy");
        });
    };
    let foreign = "it holds something that gongkai did not write; give another name";
    let damaged = "what it has can't be read again; convert everything anew with `--force`";
    check(&desk, |folder| fs::write(folder, "mine").expect("a file"), "it is a file, not a folder; give another name");
    let mine = |name: &str| {
        let name = name.to_owned();
        move |folder: &Path| fs::create_dir(folder).and_then(|()| fs::write(folder.join(name), "mine")).expect("a file")
    };
    check(&desk, mine("notes.txt"), foreign);
    check(&desk, mine("reports.parquet"), foreign);
    let written = |folder: &Path, version: Option<&str>| {
        copy(folder);
        let cells = folder.join("cells.parquet");
        let reader =
            ParquetRecordBatchReaderBuilder::try_new(File::open(&cells).expect("a file")).expect("a file of Parquet");
        let schema = reader.schema().clone();
        let keys = version.map(|version| vec![KeyValue::new("gongkai.tables".to_owned(), version.to_owned())]);
        let properties = WriterProperties::builder().set_key_value_metadata(keys).build();
        let writer = ArrowWriter::try_new(File::create(&cells).expect("a file"), schema, Some(properties));
        writer.and_then(ArrowWriter::close).expect("a file of Parquet");
    };
    check(&desk, |folder| written(folder, None), foreign);
    // No rows, where there should be some.
    check(&desk, |folder| written(folder, Some("1")), damaged);
    check(
        &desk,
        |folder| written(folder, Some("99")),
        "a newer gongkai wrote it (version 99 of the tables); install that one",
    );
    let cut = |folder: &Path| {
        copy(folder);
        fs::write(folder.join("sections.parquet"), "half").expect("a file");
    };
    check(&desk, cut, damaged);
    let gone = |folder: &Path| {
        copy(folder);
        fs::remove_file(folder.join("statements.parquet")).expect("a file");
    };
    check(&desk, gone, damaged);
    desk.check(&["convert", "page.txt", "-o", "x.parquet", "--force"], b"", 0, "", "1 input");
    seen(&desk.path().join("x.parquet"));
    // What has the columns of an older version is made anew.
    copy_older(&sound, &desk.path().join("z.parquet"));
    desk.check(&["convert", "page.txt", "-o", "z.parquet"], b"", 0, "", "0 unchanged");
    seen(&desk.path().join("z.parquet"));
    // An empty folder is as good as none.
    fs::create_dir(desk.path().join("y.parquet")).expect("a folder");
    desk.check(&["convert", "page.txt", "-o", "y.parquet/"], b"", 0, "", "1 input");
    assert_eq!(seen(&desk.path().join("y.parquet")).count(), 1);
    desk.check(
        &["convert", "page.txt", "-o", "none/y.parquet"],
        b"",
        2,
        "",
        "the folder none does not exist; create it first",
    );
}

/// A copy of a folder whose findings have a column less.
fn copy_older(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder");
    FILES.iter().map(|file| format!("{file}.parquet")).for_each(|file| _ = fs::copy(from.join(&file), to.join(&file)));
    let findings = File::open(from.join("findings.parquet")).expect("a file");
    let reader = ParquetRecordBatchReaderBuilder::try_new(findings).expect("a file of Parquet");
    let columns: Vec<usize> = (0..reader.schema().fields().len() - 1).collect();
    let schema = Arc::new(reader.schema().project(&columns).expect("a schema"));
    let keys = vec![KeyValue::new("gongkai.tables".to_owned(), "0".to_owned())];
    let properties = WriterProperties::builder().set_key_value_metadata(Some(keys)).build();
    let file = File::create(to.join("findings.parquet")).expect("a file");
    let mut writer = ArrowWriter::try_new(file, schema, Some(properties)).expect("a writer");
    for batch in reader.build().expect("rows") {
        writer.write(&batch.and_then(|batch| batch.project(&columns)).expect("rows")).expect("rows");
    }
    writer.close().expect("a file of Parquet");
}

#[cfg(target_os = "linux")]
#[test]
#[allow(clippy::print_stderr)] // a test that was not run has to say so
fn a_full_disk_leaves_the_folder_as_it_was() {
    let archive = Archive::new(60);
    let desk = &archive.desk;
    let Some(disk) = disk::Disk::mount(&desk.path().join("disk"), "128k") else {
        eprintln!("SKIPPED: no disk can be mounted here, so none was filled");
        return;
    };
    desk.put("page.txt", desk::PAGE);
    let folder = desk.path().join("disk/x.parquet");
    archive.convert(&["page.txt", "-o", "disk/x.parquet"]);
    let before = content(&folder);
    for _ in 0..2 {
        let line = "gongkai: cannot write disk/x.parquet: No space left on device\n";
        desk.check(&["convert", "in", "-o", "disk/x.parquet"], b"", 2, "", line);
        assert!(content(&folder) == before);
        assert_eq!(fs::read_dir(desk.path().join("disk")).expect("a folder").count(), 1, "something is left behind");
    }
    assert!(disk.option("remount,size=64m"));
    archive.convert(&["in", "-o", "disk/x.parquet", "--prune"]);
    seen(&folder).check(&archive.seen(), "a larger disk");

    // A disk that can't be written.
    assert!(disk.option("remount,ro"));
    assert_eq!(archive.convert(&["in", "-o", "disk/x.parquet"]), 60);
    let line = "gongkai: cannot write disk/x.parquet: Read-only file system\n";
    desk.check(&["convert", "page.txt", "-o", "disk/x.parquet"], b"", 2, "", line);
    desk.check(&["convert", "page.txt", "-o", "disk/y.parquet"], b"", 2, "", &line.replace("x.", "y."));
}
