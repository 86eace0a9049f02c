//! Who may load a PostgreSQL, and how it is reached: roles with few rights are told what to run, names may be of any letters,
//! certificates are looked at, and no password is ever shown.

#![cfg(feature = "postgres")]
#![allow(clippy::disallowed_methods)] // files are what it is about

mod desk;
mod server;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use desk::{Desk, PAGE};
use postgres::Client;
use server::Server;

const PASSWORD: &str = "s3cret?&@ 密";
/// The same as an address has it.
const ESCAPED: &str = "s3cret%3F%26%40%20%E5%AF%86";

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Loads a page with this environment, and holds what is said against the end of the run: `Ok` with what the last line
/// begins with, or `Err` with what it must hold.
#[track_caller]
fn load(desk: &Desk, arguments: &[&str], environment: &[(&str, &str)], expected: Result<&str, &str>) -> String {
    let mut command = desk.command(&[&["convert", "page.txt"], arguments].concat());
    command.env("HOME", desk.path()).envs(environment.iter().copied());
    let output = command.output().expect("the binary");
    let said = words(&output);
    let code = if expected.is_ok() { 0 } else { 2 };
    let (Ok(part) | Err(part)) = expected;
    assert!(output.status.code() == Some(code) && said.contains(part), "{arguments:?}: {said}");
    assert!(!said.contains(PASSWORD) && !said.contains(ESCAPED) && !said.contains("s3cret"), "{said}");
    said
}

/// The SQL that a message asks for.
fn asked(said: &str) -> String {
    said.lines().filter(|line| line.ends_with(';')).collect::<Vec<_>>().join("\n")
}

fn count(client: &mut Client, from: &str) -> i64 {
    client.query_one(&format!("SELECT count(*) FROM {from}"), &[]).expect(from).get(0)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[test]
fn roles_with_few_rights() {
    let Some(server) = Server::start() else { return };
    let desk = Desk::with_page();
    let roles = ["reader", "O'Brien \"x\"", "数据"];
    for (index, role) in roles.iter().enumerate() {
        let name = format!("db {index} \"表\"");
        let mut root = server.client("postgres");
        root.batch_execute(&format!("CREATE ROLE {} LOGIN PASSWORD '{PASSWORD}'", quoted(role))).expect("a role");
        root.batch_execute(&format!("CREATE DATABASE {}", quoted(&name))).expect("a database");
        let mut owner = connect(&server, "postgres", &name);
        owner.batch_execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC").expect("fewer rights");
        let url = format!("postgres:///?host={}&port={}", server.folder().display(), server.port);
        let environment = [("PGUSER", *role), ("PGDATABASE", &*name)];
        let refused = |arguments: &[&str], may_not: &str| {
            load(&desk, &[&["-o", &*url], arguments].concat(), &environment, Err(may_not))
        };
        let loaded =
            |arguments: &[&str], end: &str| load(&desk, &[&["-o", &*url], arguments].concat(), &environment, Ok(end));

        // The role's own schema is `public`, where it may not make tables.
        let may_not = format!("the role {role} may not create tables; ask the owner of the database to run:\nGRANT ");
        owner.batch_execute(&asked(&refused(&[], &may_not))).expect("what was asked for");
        loaded(&[], "1 partial");

        // A schema that is not there, of the role's own from then on.
        for schema in ["Reports", "a \"b\" c", "报告'"] {
            let may_not = "ask the owner of the database to run:\nCREATE SCHEMA ";
            owner.batch_execute(&asked(&refused(&["--schema", schema], may_not))).expect("what was asked for");
            loaded(&["--schema", schema], "1 partial");
            loaded(&["--schema", schema], "1 unchanged");
            assert_eq!(count(&mut owner, &format!("{}.cells WHERE value = 12.5", quoted(schema))), 1);
        }

        // Tables that somebody else has made: the role may write them, and nothing else.
        load(
            &desk,
            &["-o", &url, "--schema", "made"],
            &[("PGUSER", "postgres"), ("PGDATABASE", &name)],
            Ok("1 partial"),
        );
        desk.put("page.txt", PAGE.replace("12.50", "13"));
        let said =
            refused(&["--schema", "made"], &format!("the role {role} may not write to the tables; ask the owner"));
        assert!(
            said.contains("GRANT USAGE ON SCHEMA \"made\" TO ")
                && said.contains("GRANT SELECT, INSERT, UPDATE, DELETE ON "),
            "{said}"
        );
        owner.batch_execute(&asked(&said)).expect("what was asked for");
        loaded(&["--schema", "made"], "1 partial");
        assert_eq!(count(&mut owner, "made.cells WHERE value = 13"), 1);
        assert_eq!(count(&mut owner, "made.reports"), 1);
        desk.put("page.txt", PAGE);

        // Not even temporary tables.
        owner
            .batch_execute(&format!("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC", quoted(&name)))
            .expect("fewer rights");
        let said = refused(&["--schema", "made"], "GRANT TEMPORARY ON DATABASE ");
        owner.batch_execute(&asked(&said)).expect("what was asked for");
        loaded(&["--schema", "made", "--prune"], "1 partial");

        let mut command = desk.command(&["--lang", "zh", "convert", "page.txt", "-o", &url, "--schema", "另一个"]);
        let output = command.envs(environment).output().expect("the binary");
        assert!(
            words(&output)
                .contains(&format!("角色 {role} 无权建表；请数据库所有者先执行：\nCREATE SCHEMA \"另一个\" ")),
            "{}",
            words(&output)
        );
    }
}

fn connect(server: &Server, user: &str, database: &str) -> Client {
    let mut config = Client::configure();
    config.host("127.0.0.1").port(server.port).user(user).dbname(database);
    config.connect(postgres::NoTls).expect("a connection")
}

#[test]
fn what_else_stands_there() {
    let Some(server) = Server::start() else { return };
    let desk = Desk::with_page();
    let url = server.database("reports");
    let mut client = server.client("reports");

    // Tables of others stay; one that has the name of ours is not taken for it.
    client.batch_execute("CREATE TABLE mine (x text); INSERT INTO mine VALUES ('x')").expect("a table");
    load(&desk, &["-o", &url], &[], Ok("1 partial"));
    client
        .batch_execute(
            "CREATE TABLE notes (report_id int REFERENCES reports, note text); INSERT INTO notes VALUES (1, 'x')",
        )
        .expect("a table");
    desk.put("page.txt", PAGE.replace("12.50", "13"));
    load(&desk, &["-o", &url], &[], Ok("1 partial"));
    assert_eq!(count(&mut client, "mine") + count(&mut client, "notes JOIN reports USING (report_id)"), 2);
    for (schema, table) in [
        ("a", "CREATE TABLE a.cells (x int)"),
        ("b", "CREATE TABLE b.schema_version (version text)"),
        ("c", "CREATE VIEW c.applicants AS SELECT 1 AS x"),
    ] {
        client.batch_execute(&format!("CREATE SCHEMA {schema}; {table}")).expect("a table");
        load(&desk, &["-o", &url, "--schema", schema], &[], Err("it holds something that gongkai did not write"));
    }

    // Every table, view and column says what it is.
    let silent = "SELECT coalesce(string_agg(c.relname || '.' || coalesce(a.attname, ''), ' '), '') FROM pg_class c \
                  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 \
                  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND c.relname NOT IN ('mine', 'notes') \
                  AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid, 'pg_class') IS NULL)";
    assert_eq!(client.query_one(silent, &[]).expect("names").get::<_, String>(0), "");
    assert!(count(&mut client, "pg_description WHERE objoid = 'reports'::regclass") > 20);

    // An older one is upgraded by its owner; somebody else is told how. What others have made of it stays.
    let version = "schema_version WHERE version > 1";
    client
        .batch_execute(
            "CREATE ROLE guest LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO guest",
        )
        .expect("a role");
    client
        .batch_execute(
            "CREATE VIEW of_others AS SELECT issuer, granted FROM report_totals; UPDATE schema_version SET version = 1",
        )
        .expect("a version");
    let socket = format!("postgres:///reports?user=guest&host={}&port={}", server.folder().display(), server.port);
    let said = load(&desk, &["-o", &socket], &[], Err("the role guest may not write to the tables; ask the owner"));
    assert_eq!(count(&mut client, version), 0);
    client.batch_execute(said.split_once("run:\n").expect("SQL").1).expect("what was asked for");
    load(&desk, &["-o", &socket], &[], Ok("1 unchanged"));
    client.batch_execute("UPDATE schema_version SET version = 1").expect("a version");
    load(&desk, &["-o", &url], &[], Ok("1 unchanged"));
    assert_eq!(count(&mut client, version) + count(&mut client, "of_others"), 2);

    // A newer one is left alone.
    client.batch_execute("UPDATE schema_version SET version = 1000").expect("a version");
    load(&desk, &["-o", &url], &[], Err("a newer gongkai wrote it (version 1000 of the tables); install that one"));
    client.batch_execute("DELETE FROM schema_version").expect("no version");
    load(&desk, &["-o", &url], &[], Err("it holds something that gongkai did not write"));
}

#[test]
fn addresses_and_passwords() {
    let Some(server) = Server::start() else { return };
    let desk = Desk::with_page();
    server.database("reports");
    let mut root = server.client("reports");
    root.batch_execute(&format!("CREATE ROLE me LOGIN PASSWORD '{PASSWORD}'; CREATE SCHEMA me AUTHORIZATION me"))
        .expect("a role");
    let (port, folder) = (server.port.to_string(), server.folder().display().to_string());
    let open = server.url_of("me", "reports");
    let with = |password: &str| server.url_of(&format!("me:{password}"), "reports");

    let said = load(&desk, &["-o", &with(ESCAPED), "--summary", "s.json"], &[], Ok("1 partial"));
    assert!(!desk.get("s.json").contains("s3cret") && desk.get("s.json").contains(&open), "{said}");
    let everything = "SELECT string_agg(l::text, ' ') FROM me.loads l";
    assert!(!root.query_one(everything, &[]).expect("a row").get::<_, String>(0).contains("s3cret"));
    for (address, environment) in
        [(&*with("wrong"), &[][..]), (&*open, &[("PGPASSWORD", "s3cret")]), (&*format!("{open}?password=s3cret"), &[])]
    {
        let line = format!(
            "gongkai: cannot write {open}: cannot connect: password authentication failed for user \"me\"; check the address"
        );
        load(&desk, &["-o", address], environment, Err(&line));
    }
    load(&desk, &["-o", &open], &[], Err("cannot connect: invalid configuration: password missing; check"));
    load(&desk, &["-o", &open], &[("PGPASSWORD", PASSWORD)], Ok("1 unchanged"));
    load(&desk, &["-o", &format!("{open}?password={ESCAPED}")], &[], Ok("1 unchanged"));
    load(&desk, &["-o", &format!("postgresql:///reports?user=me&host={folder}&port={port}")], &[], Ok("1 unchanged"));
    let all = [
        ("PGHOST", "127.0.0.1"),
        ("PGPORT", &*port),
        ("PGUSER", "me"),
        ("PGDATABASE", "reports"),
        ("PGPASSWORD", PASSWORD),
    ];
    load(&desk, &["-o", "postgres://"], &all, Ok("1 unchanged"));
    let spaced = format!("host=127.0.0.1 port={port} user=me dbname=reports password='{PASSWORD}'");
    load(&desk, &["-o", &spaced, "--to", "postgres"], &[], Ok("1 unchanged"));

    // A file of passwords, at its place or elsewhere; not if others may read it.
    let line = format!("other:*:*:*:x\n# a remark\n127.0.0.1:{port}:*:me:{PASSWORD}\n");
    for (file, environment) in [(".pgpass", None), ("else", Some("else"))] {
        desk.put(file, &line);
        let path = desk.path().join(file);
        let environment: Vec<(&str, &str)> = environment.map(|file| ("PGPASSFILE", file)).into_iter().collect();
        private(&path, 0o644);
        load(&desk, &["-o", &open], &environment, Err("password missing"));
        private(&path, 0o600);
        load(&desk, &["-o", &open], &environment, Ok("1 unchanged"));
        fs::remove_file(path).expect("a file");
    }

    load(&desk, &["-o", &server.url("none")], &[], Err("cannot connect: database \"none\" does not exist; check"));
    load(
        &desk,
        &["-o", "postgres://127.0.0.1:1/x"],
        &[],
        Err("cannot connect: error connecting to server: Connection refused"),
    );
    load(&desk, &["-o", "postgres://no.such.host.invalid/x"], &[], Err("cannot connect: "));
    load(&desk, &["-o", "postgres://h/x?colour=red"], &[], Err("unknown option `colour`"));
    load(&desk, &["-o", "postgres://h:port/x"], &[], Err("cannot connect: "));
    load(&desk, &["-o", "postgres://h/x?sslmode=maybe"], &[], Err("sslmode=maybe is none of disable, allow"));
    load(
        &desk,
        &["-o", &format!("{}?sslmode=require", server.url("reports"))],
        &[],
        Err("server does not support TLS"),
    );
    load(
        &desk,
        &["-o", &format!("{}?sslmode=prefer&application_name=me", server.url("reports"))],
        &[],
        Ok("1 partial"),
    );
}

#[cfg(unix)]
fn private(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

/// A key and a certificate, as servers make them for themselves or signed by `root`.
fn certificate(folder: &Path, name: &str, root: Option<&str>, extension: &str) {
    let request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj"];
    let mut command = Command::new("openssl");
    command.args(request).arg(format!("/CN={name}")).args([
        "-keyout",
        &format!("{name}.key"),
        "-out",
        &format!("{name}.crt"),
    ]);
    command.args(["-addext", extension]);
    if let Some(root) = root {
        command.args([
            "-CA",
            &format!("{root}.crt"),
            "-CAkey",
            &format!("{root}.key"),
            "-addext",
            "basicConstraints=CA:FALSE",
        ]);
    }
    let output = command.current_dir(folder).output().expect("openssl");
    assert!(output.status.success(), "{}", words(&output));
}

#[test]
fn certificates() {
    let desk = Desk::with_page();
    certificate(desk.path(), "root", None, "keyUsage=keyCertSign");
    certificate(desk.path(), "stranger", None, "keyUsage=keyCertSign");
    certificate(desk.path(), "signed", Some("root"), "subjectAltName=IP:127.0.0.1");
    certificate(desk.path(), "elsewhere", Some("root"), "subjectAltName=DNS:elsewhere.example");
    // As the manual of PostgreSQL tells servers to make one.
    certificate(desk.path(), "alone", None, "nsComment=alone");
    for name in ["signed", "elsewhere", "alone"] {
        let prepare = |data: &Path| {
            for ending in ["key", "crt"] {
                let to = data.join(format!("server.{ending}"));
                fs::copy(desk.path().join(format!("{name}.{ending}")), &to).expect("a file");
                private(&to, 0o600);
            }
        };
        let Some(server) = Server::with(&["ssl=on"], prepare) else { return };
        let url = server.database("reports");
        let reached = |parameters: &str, expected: Result<&str, &str>| {
            load(&desk, &["-o", &format!("{url}?{parameters}")], &[], expected);
        };
        reached("sslmode=disable", Ok("1 partial"));
        reached("sslmode=prefer", Ok("1 unchanged"));
        let untrusted = "the server's certificate is not trusted: ";
        reached("sslmode=require", Err(untrusted));
        reached("sslmode=verify-full", Err(untrusted));
        reached("sslmode=require&sslrootcert=stranger.crt", Err(untrusted));
        reached("sslmode=require&sslrootcert=none.crt", Err("sslrootcert=none.crt: "));
        reached("sslmode=require&sslrootcert=page.txt", Err("sslrootcert=page.txt: "));
        let root = if name == "alone" { "alone.crt" } else { "root.crt" };
        reached(&format!("sslmode=require&sslrootcert={root}"), Ok("1 unchanged"));
        let full = if name == "elsewhere" { Err(untrusted) } else { Ok("1 unchanged") };
        reached(&format!("sslmode=verify-full&sslrootcert={root}"), full);
        let environment = [("PGSSLMODE", "verify-ca"), ("PGSSLROOTCERT", root)];
        load(&desk, &["-o", &url], &environment, Ok("1 unchanged"));
        let used = "pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND application_name = 'gongkai'";
        assert_eq!(count(&mut server.client("reports"), used), 0, "the connection is closed in the end");
    }
}
