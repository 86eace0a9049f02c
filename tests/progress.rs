//! How far a run is, drawn on a terminal and nowhere else. The terminal is a real one, as programs see it.

#![cfg(all(unix, feature = "cli"))]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod desk;

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use desk::{Desk, PAGE};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// The two sides of a terminal: what its user sees, and what a program has as its standard error.
fn terminal() -> (File, File) {
    let user = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&user).and_then(|()| unlockpt(&user)).expect("a terminal");
    tcsetwinsize(&user, Winsize { ws_row: 24, ws_col: 160, ws_xpixel: 0, ws_ypixel: 0 }).expect("a size");
    let name = ptsname(&user, Vec::new()).expect("a name").into_string().expect("a name");
    let program = OpenOptions::new().read(true).write(true).open(name).expect("a terminal");
    (File::from(user), program)
}

/// What is seen on a terminal, as it comes.
struct Screen {
    parts: mpsc::Receiver<String>,
    seen: String,
}

impl Screen {
    fn of(mut user: File) -> Screen {
        let (send, parts) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            // When the program has ended, reading fails.
            while let Ok(count @ 1..) = user.read(&mut buffer) {
                let _ = send.send(String::from_utf8_lossy(&buffer[..count]).into_owned());
            }
        });
        Screen { parts, seen: String::new() }
    }

    /// Waits until all of these were seen.
    #[track_caller]
    fn wait(&mut self, words: &[&str]) {
        let until = Instant::now() + Duration::from_secs(60);
        while !words.iter().all(|words| self.seen.contains(words)) {
            match self.parts.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(part) => self.seen += &part,
                Err(_) => panic!("{words:?} was not seen, but\n{}", self.seen),
            }
        }
    }

    fn rest(mut self) -> String {
        self.seen.extend(self.parts);
        self.seen
    }
}

/// Runs a command that reads a report from standard input last, which comes only when all `words` were seen. Gives what
/// was seen in all, and what came on standard output.
#[track_caller]
fn run(desk: &Desk, arguments: &[&str], term: &str, words: &[&str]) -> (String, Vec<u8>) {
    let (user, program) = terminal();
    let mut command = desk.command(arguments);
    let mut child = command.env("TERM", term).stdin(Stdio::piped()).stderr(program).spawn().expect("the binary");
    // What the command holds of the terminal would keep it open.
    drop(command);
    let mut screen = Screen::of(user);
    // What is not read would hold the command up.
    let mut stdout = child.stdout.take().expect("a pipe");
    let out = thread::spawn(move || {
        let mut out = Vec::new();
        stdout.read_to_end(&mut out).expect("an end");
        out
    });
    if words.is_empty() {
        // Long enough for a line that should not be there.
        thread::sleep(Duration::from_millis(800));
    }
    screen.wait(words);
    child.stdin.take().expect("a pipe").write_all(PAGE.as_bytes()).expect("a reader");
    child.wait().expect("an end");
    (screen.rest(), out.join().expect("an end"))
}

fn desk() -> Desk {
    let desk = Desk::with_page();
    desk.put("more/a.txt", PAGE);
    // Large enough to end a batch: what the tests hold back behind it does not hold back these two.
    desk.put("more/b.txt", "hello\n".repeat(50_000));
    desk
}

#[test]
fn a_terminal_shows_how_far_a_run_is() {
    let desk = desk();
    let (seen, out) = run(
        &desk,
        &["convert", "none", "more", "-"],
        "xterm",
        &["3 inputs, 0.3 MB, ", " reports/s, ", " MB/s, 1 partial, 1 rejected"],
    );
    // A message stands on a line of its own, and after the end only the last line is left.
    assert!(seen.contains(" cannot read none: No such file or directory\r\n"), "{seen}");
    let last = seen.rsplit("\x1b[2K").next().expect("an end").trim_start_matches(['\r']);
    assert!(last.starts_with("4 inputs = ") && last.ends_with(" notes\r\n"), "{last:?}");
    let plain = desk.run(&["convert", "none", "more", "-"], PAGE.as_bytes());
    assert!(out == plain.stdout);
    assert!(!String::from_utf8_lossy(&plain.stderr).contains("reports/s"));

    let (seen, _) =
        run(&desk, &["convert", "none", "more", "-", "-o", "x.jsonl", "--lang", "zh"], "xterm", &["3 个输入，"]);
    assert!(seen.contains("1 部分，1 拒绝"), "{seen}");
    assert!(desk.get("x.jsonl").lines().count() == 3);
}

#[test]
fn the_time_left_is_shown_where_all_is_known() {
    let desk = desk();
    assert!(std::process::Command::new("mkfifo").arg(desk.path().join("pipe")).status().expect("mkfifo").success());
    let (user, program) = terminal();
    let mut command = desk.command(&["convert", "page.txt", "more", "pipe", "-o", "x.jsonl"]);
    let mut child = command.env("TERM", "xterm").stderr(program).spawn().expect("the binary");
    drop(command);
    let mut screen = Screen::of(user);
    screen.wait(&["━━━ 100% 0:00 left, 3 inputs, "]);
    let mut pipe = OpenOptions::new().write(true).open(desk.path().join("pipe")).expect("a pipe");
    pipe.write_all(PAGE.as_bytes()).expect("a reader");
    drop(pipe);
    assert!(child.wait().expect("an end").success());
    assert!(screen.rest().contains("4 inputs = "));
}

#[test]
fn nothing_is_shown_where_nobody_looks() {
    let desk = desk();
    for (arguments, term) in [
        (&["convert", "more", "-", "--quiet"][..], "xterm"),
        (&["convert", "more", "-", "--quiet", "--no-progress"], "xterm"),
        (&["parse", "-"], "xterm"),
    ] {
        let (seen, out) = run(&desk, arguments, term, &[]);
        assert_eq!(seen, "", "{arguments:?}");
        assert!(!out.is_empty());
    }
    for (arguments, term) in
        [(&["convert", "more", "-", "--no-progress"][..], "xterm"), (&["convert", "more", "-"], "dumb")]
    {
        let (seen, _) = run(&desk, arguments, term, &[]);
        assert!(seen.starts_with("3 inputs = ") && seen.lines().count() == 1, "{seen}");
    }
}

#[test]
fn data_and_progress_never_share_a_terminal() {
    let desk = desk();
    let (user, program) = terminal();
    let mut command = desk.command(&["convert", "more", "-"]);
    let both = program.try_clone().expect("the same terminal");
    let mut child =
        command.env("TERM", "xterm").stdin(Stdio::piped()).stdout(both).stderr(program).spawn().expect("the binary");
    drop(command);
    let screen = Screen::of(user);
    thread::sleep(Duration::from_millis(800));
    child.stdin.take().expect("a pipe").write_all(PAGE.as_bytes()).expect("a reader");
    assert!(child.wait().expect("an end").success());
    let seen = screen.rest();
    let lines: Vec<&str> = seen.lines().collect();
    assert_eq!(lines.len(), 4, "{seen}");
    assert!(lines[..3].iter().all(|line| line.starts_with("{\"schema\"")) && lines[3].starts_with("3 inputs = "));
}
