//! A PostgreSQL server of the test's own: in a temporary folder, on a free port of this machine and a socket, gone when it is dropped.

#![allow(dead_code)] // each test that uses it needs only some of it

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};
use tempfile::TempDir;

/// The user that the server runs as where the test is run by root, whom servers refuse.
const SERVANT: &str = "postgres";

/// A running server. Its superuser is `postgres`, who needs no password; others need one, but on the socket.
pub struct Server {
    folder: TempDir,
    programs: PathBuf,
    options: Vec<String>,
    child: Option<Child>,
    pub port: u16,
}

impl Server {
    /// Starts one; none where its programs are not installed. Then the test has to be passed over.
    pub fn start() -> Option<Server> {
        Server::with(&[], |_| ())
    }

    /// The same with options of the server; `prepare` may put files into its folder.
    #[allow(clippy::print_stderr)] // a test that was not run has to say so
    pub fn with(options: &[&str], prepare: impl FnOnce(&Path)) -> Option<Server> {
        let Some(programs) = programs() else {
            assert!(
                env::var_os("GONGKAI_REQUIRE_SERVERS").is_none_or(|set| set.is_empty() || set == "0"),
                "PostgreSQL is not installed, and GONGKAI_REQUIRE_SERVERS asks for it"
            );
            eprintln!("SKIPPED: PostgreSQL is not installed, so nothing was loaded into a server");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("pg").tempdir().expect("a folder");
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        let mut server = Server { folder, programs, options, child: None, port: 0 };
        server.own(server.folder.path());
        let data = server.data();
        let arguments: [&OsStr; 7] = [
            "-D".as_ref(),
            data.as_ref(),
            "-U".as_ref(),
            "postgres".as_ref(),
            "-A".as_ref(),
            "trust".as_ref(),
            "-N".as_ref(),
        ];
        let output = server.program("initdb").args(arguments).args(["-E", "UTF8", "--locale=C.UTF-8"]).output();
        let output = output.expect("initdb");
        assert!(output.status.success(), "initdb: {}", said(&output));
        let rights =
            "local all all trust\nhost all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
        fs::write(data.join("pg_hba.conf"), rights).expect("a file");
        prepare(&data);
        for entry in fs::read_dir(&data).expect("a folder") {
            server.own(&entry.expect("an entry").path());
        }
        server.go();
        Some(server)
    }

    /// Starts it, anew where it was stopped. It keeps its port if that is free.
    pub fn go(&mut self) {
        for _ in 0..20 {
            let free = TcpListener::bind(("127.0.0.1", self.port)).or_else(|_| TcpListener::bind(("127.0.0.1", 0)));
            let free = free.expect("a free port");
            self.port = free.local_addr().expect("an address").port();
            drop(free);
            let log = fs::File::create(self.folder.path().join("log")).expect("a file");
            let mut command = self.program("postgres");
            command.arg("-D").arg(self.data()).arg("-k").arg(self.folder.path());
            command.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-F", "-c", "log_statement=none"]);
            self.options.iter().for_each(|option| _ = command.args(["-c", option]));
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
            self.child = Some(command.spawn().expect("postgres"));
            if self.is_up() {
                return;
            }
            // Somebody else took the port in between.
            self.stop();
            self.port = 0;
        }
        panic!("the server does not start: {}", self.log());
    }

    fn is_up(&mut self) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(60) {
            if self.child.as_mut().is_some_and(|child| child.try_wait().expect("a state").is_some()) {
                return false;
            }
            if Client::connect(&self.url("postgres"), NoTls).is_ok() {
                return true;
            }
            sleep(Duration::from_millis(20));
        }
        false
    }

    /// Stops it at once, whoever is connected.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        // As the server understands it: drop every connection, end in good order.
        let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).output();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(30) {
            if child.try_wait().is_ok_and(|state| state.is_some()) {
                return;
            }
            sleep(Duration::from_millis(5));
        }
        let _ = child.kill();
        let _ = child.wait();
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// The folder of the socket.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The address of a database, as its superuser has it.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// The address for somebody else, who may be `name:password`.
    pub fn url_of(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/{database}", self.port)
    }

    /// A new database.
    pub fn database(&self, name: &str) -> String {
        self.client("postgres").batch_execute(&format!("CREATE DATABASE \"{name}\"")).expect("a database");
        self.url(name)
    }

    /// A connection of the superuser.
    pub fn client(&self, database: &str) -> Client {
        Client::connect(&self.url(database), NoTls).expect("a connection")
    }

    /// One of its programs, run by who may run it.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command
                .args(["--reuid", SERVANT, "--regid", SERVANT, "--init-groups", "--pdeathsig", "INT", "--"])
                .arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir(self.folder.path()).env("LC_ALL", "C.UTF-8");
        command
    }

    fn own(&self, path: &Path) {
        if is_root() {
            let output = Command::new("chown").arg(format!("{SERVANT}:")).arg(path).output().expect("chown");
            assert!(output.status.success(), "chown: {}", said(&output));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The folder of the server's programs: as `PG_CONFIG` says, on the path, or where Debian has them, the newest first.
fn programs() -> Option<PathBuf> {
    let configured = |program: &OsStr| {
        let output = Command::new(program).arg("--bindir").output().ok()?;
        Some(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
    };
    let named = env::var_os("PG_CONFIG").and_then(|program| configured(&program));
    let path = env::var_os("PATH").unwrap_or_default();
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    let installed = versions.into_iter().rev().map(|(_, path)| path);
    let mut places =
        named.into_iter().chain(env::split_paths(&path)).chain(configured("pg_config".as_ref())).chain(installed);
    places.find(|place| ["initdb", "postgres"].iter().all(|name| place.join(name).is_file()))
}
