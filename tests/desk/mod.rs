//! A folder to run the binary in, and what it must do there.

#![allow(dead_code)] // each test that uses it needs only some of it

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A small page that is a report.
pub const PAGE: &str = "青石县2023年政府信息公开工作年度报告\n一、总体情况\n全年主动公开信息，共二十条。\n\
    二、主动公开政府信息情况\n第二十条第（八）项\n信息内容\t本年收费金额（单位：万元）\n行政事业性收费\t12.50\n";

/// A folder to run in, empty at first.
pub struct Desk(TempDir);

impl Desk {
    pub fn new() -> Desk {
        Desk(tempfile::tempdir().expect("a folder"))
    }

    /// The same with `page.txt` in it.
    pub fn with_page() -> Desk {
        let desk = Desk::new();
        desk.put("page.txt", PAGE);
        desk
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    pub fn get(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Every file below, hidden ones too, in order.
    pub fn files(&self) -> Vec<String> {
        let entries =
            walkdir::WalkDir::new(self.path()).sort_by_file_name().into_iter().map(|entry| entry.expect("an entry"));
        let files = entries.filter(|entry| !entry.file_type().is_dir());
        files
            .map(|entry| entry.path().strip_prefix(self.path()).expect("below").to_string_lossy().into_owned())
            .collect()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .env("LANG", "C");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str], stdin: &[u8]) -> Output {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().expect("the binary");
        // A command that reads no standard input may have ended by now.
        let _ = child.stdin.take().expect("a pipe").write_all(stdin);
        child.wait_with_output().expect("an end")
    }

    /// Runs it and compares: the exit status, and what standard output and standard error must hold. An empty fragment
    /// means that nothing may stand there.
    #[track_caller]
    pub fn check(&self, arguments: &[&str], stdin: &[u8], status: i32, stdout: &str, stderr: &str) {
        let output = self.run(arguments, stdin);
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let holds = |all: &str, part: &str| if part.is_empty() { all.is_empty() } else { all.contains(part) };
        assert!(
            output.status.code() == Some(status) && holds(&out, stdout) && holds(&err, stderr),
            "{arguments:?}\nstatus {:?}, not {status}\nstdout: {out}\nstderr: {err}\nexpected: {stdout:?} and {stderr:?}",
            output.status.code()
        );
    }
}

/// Waits until a run has come so far; it must not end before.
#[track_caller]
pub fn wait_until(child: &mut Child, state: impl Fn() -> bool) {
    let begun = Instant::now();
    while !state() {
        assert!(begun.elapsed() < Duration::from_secs(60) && child.try_wait().expect("a state").is_none());
        sleep(Duration::from_millis(1));
    }
}

/// Ctrl-C.
pub fn interrupt(child: &Child) {
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(status.expect("kill").success());
}
