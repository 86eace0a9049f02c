//! `gongkai schema`: what it prints is true of what is written.

#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods)] // files are what some of it reads

mod desk;
mod markdown;
#[cfg(feature = "postgres")]
mod server;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use gongkai::grammar::Grammars;
use gongkai::{Limits, parse, wire};
use gongkai_corpus::{FaultKind, Layout, Recipe, Rng, Size, write};
use jsonschema::Validator;
use serde_json::{Value, json};

use desk::{Desk, PAGE};

static GRAMMARS: LazyLock<Grammars> = LazyLock::new(Grammars::built_in);
static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| validator(&wire::report_schema(&GRAMMARS)));

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn validator(schema: &str) -> Validator {
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("a schema");
    jsonschema::draft202012::new(&schema).expect("a validator")
}

/// What is wrong with a document, and where.
fn mistakes(document: &Value) -> Vec<String> {
    VALIDATOR.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// The JSON of a page, with and without where everything stands.
fn documents(page: &[u8]) -> [Value; 2] {
    let report = parse(page, &GRAMMARS, &Limits::default());
    [false, true].map(|provenance| {
        let options = wire::Options { provenance, ..wire::Options::default() };
        let json = wire::to_string(&report, &GRAMMARS, &wire::Source::new("page.txt"), &options);
        serde_json::from_str(&json).expect("JSON")
    })
}

#[track_caller]
fn check(name: &str, page: &[u8]) {
    for document in documents(page) {
        let mistakes = mistakes(&document);
        assert!(mistakes.is_empty(), "{name}: {mistakes:#?}");
    }
}

fn corpus(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = root().join("corpus").join(folder);
    let paths = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = paths
        .map(|path| {
            (path.file_name().expect("a name").to_string_lossy().into_owned(), fs::read(&path).expect("a file"))
        })
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

#[test]
fn the_corpus_fits() {
    for (name, json) in corpus("expected") {
        let mistakes = mistakes(&serde_json::from_slice(&json).expect("JSON"));
        assert!(mistakes.is_empty(), "{name}: {mistakes:#?}");
    }
    for folder in ["samples", "cases", "faults"] {
        for (name, page) in corpus(folder).into_iter().filter(|(name, _)| name.ends_with(".txt")) {
            check(&name, &page);
        }
    }
}

#[test]
fn pages_fit() {
    for seed in 0..16 {
        for layout in Layout::ALL.iter().copied() {
            let mut recipe = Recipe::random(seed * 100 + layout as u64);
            recipe.layout = layout;
            recipe.size = Size::Short;
            recipe.style.statements = true;
            recipe.faults = FaultKind::random(&mut Rng::named(seed, "faults"));
            check(&format!("seed {seed}, {}", layout.name()), write(&recipe).text.as_bytes());
        }
    }
}

#[test]
fn other_texts_fit() {
    let long = "一、".repeat(2000);
    for page in ["", "\u{0}", "hello", "<html><body>公开</body></html>", PAGE, &long] {
        check(page, page.as_bytes());
    }
    check("wrong bytes", &[0xFF, 0xFE, 0x00, 0xD8]);
}

/// A report with something of everything.
fn whole() -> Value {
    let page = fs::read_to_string(root().join("corpus/faults/tab.txt")).expect("the page");
    let [_, document] = documents(format!("打印本页\n{page}").as_bytes());
    assert_eq!(mistakes(&document), [""; 0]);
    document
}

/// What is defined at `pointer` of a report may not be that.
#[track_caller]
fn check_changed(pointer: &str, to: Value) {
    let mut document = whole();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let was = match document.pointer_mut(parent) {
        Some(Value::Object(members)) => members.insert(key.to_owned(), to.clone()),
        Some(Value::Array(elements)) => {
            Some(std::mem::replace(&mut elements[key.parse::<usize>().expect("a number")], to.clone()))
        }
        _ => panic!("{parent} is not there"),
    };
    assert_ne!(was.as_ref(), Some(&to), "{pointer} is as before");
    assert!(was.is_some() || key == "surplus", "{pointer} is not there");
    assert!(!mistakes(&document).is_empty(), "{pointer} may be {to}");
}

/// What is defined at `pointer` of a report has to be there, and may not be null.
#[track_caller]
fn check_needed(pointer: &str) {
    let mut document = whole();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let members = document.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    members.remove(key).unwrap_or_else(|| panic!("{pointer} is not there"));
    assert!(!mistakes(&document).is_empty(), "{pointer} may be left out");
}

#[test]
fn what_is_no_report_does_not_fit() {
    // A key too many, or too few, at every level.
    let objects = [
        "",
        "/source",
        "/sections/0",
        "/sections/0/blocks/0",
        "/tables",
        "/tables/applications",
        "/tables/applications/granted",
        "/statements/0",
        "/findings/0",
        "/unbound/0",
        "/cells/0",
    ];
    for object in objects {
        check_changed(&format!("{object}/surplus"), json!(1));
        let document = whole();
        let members = document.pointer(object).and_then(Value::as_object).expect("an object");
        for key in members.keys().filter(|_| object != "/tables") {
            check_needed(&format!("{object}/{key}"));
        }
    }
    // A type that it can't be.
    check_changed("/source/path", Value::Null);
    check_changed("/source/bytes", json!("5902"));
    check_changed("/source/sha256", json!("XYZ"));
    check_changed("/status", Value::Null);
    check_changed("/sections/0/id", Value::Null);
    check_changed("/sections/0/lines", json!([1, 2, 3]));
    check_changed("/sections/0/lines/0", json!(0));
    check_changed("/tables/applications/granted", Value::Null);
    check_changed("/tables/applications/granted/total", json!("25"));
    check_changed("/tables/applications/granted/total", json!(true));
    check_changed("/cells/0/raw", json!(0));
    check_changed("/coverage/0/0", json!("0"));
    check_changed("/coverage/0", json!([0, 1]));
    check_changed("/statements/0/figure", Value::Null);
    // A word that there is not.
    check_changed("/schema", json!("gongkai.report.v2"));
    check_changed("/grammar", json!("gid-1999"));
    check_changed("/status", json!("good"));
    check_changed("/sections/0/id", json!("preface"));
    check_changed("/sections/0/blocks/0/kind", json!("picture"));
    check_changed("/cells/0/kind", json!("nothing"));
    check_changed("/coverage/0/2", json!("decoration"));
    check_changed("/findings/0/code", json!("GK999"));
    check_changed("/findings/0/rule", json!("applications.beauty"));
    check_changed("/findings/0/severity", json!("fatal"));
    check_changed("/statements/0/result", json!("perhaps"));
    // What is of another table or form.
    check_changed("/grammar", json!("gid-2019"));
    check_changed("/cells/0/table", json!("review_litigation"));
    check_changed("/findings/0/row", json!("regulations"));
    check_changed("/statements/0/cells/0", json!("applications.regulations.total"));
    // What does not go together.
    check_changed("/grammar", Value::Null);
    check_changed("/title", Value::Null);
    check_changed("/status", json!("unrecognized"));
    check_changed("/cells/0/kind", json!("blank"));
    check_changed("/cells/0/line", Value::Null);
    check_changed("/cells/0/raw", Value::Null);
    check_changed("/statements/0/reason", json!("part"));
}

/// The schema of the command knows the forms that it is given.
#[test]
fn forms_of_ones_own_stand_in_it() {
    let readme = fs::read_to_string(root().join("grammars/README.md")).expect("the page");
    let blocks = markdown::fenced(&readme);
    let block = |info: &str| &blocks.iter().find(|(found, _)| *found == info).expect("a block").1;
    let bare = "id = \"bare\"\ntitle = \"简报\"\nsource = \"-\"\nyears = { from = 2022 }\n[report]\nendings = [\"简报\"]\n\
                [[section]]\nid = \"all\"\nheading = [\"概况\"]\n";
    let desk = Desk::new();
    desk.put("demo.toml", block("toml"));
    desk.put("bare.toml", bare);
    desk.put("page.txt", block("text"));
    let run = |arguments: &[&str]| -> Value {
        let output = desk.run(&[arguments, &["--grammar", "demo.toml", "--grammar", "bare.toml"]].concat(), b"");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("JSON")
    };
    let validator = validator(&run(&["schema", "report"]).to_string());
    for arguments in [&["parse", "page.txt"][..], &["parse", "page.txt", "--provenance"]] {
        let mut document = run(arguments);
        assert_eq!(document["grammar"], "hotline-demo");
        assert!(validator.is_valid(&document) && !VALIDATOR.is_valid(&document), "{:?}", validator.validate(&document));
        document["tables"]["calls"]["surplus"] = json!({});
        assert!(!validator.is_valid(&document));
    }
}

#[test]
fn the_codebook_has_every_cell() {
    let readme = fs::read_to_string(root().join("grammars/README.md")).expect("the page");
    let blocks = markdown::fenced(&readme);
    let demo = &blocks.iter().find(|(info, _)| *info == "toml").expect("a grammar").1;
    let desk = Desk::new();
    desk.put("demo.toml", demo);
    let output = desk.run(&["schema", "codebook", "--grammar", "demo.toml"], b"");
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    let mut lines = printed.lines();
    let head = "grammar\ttable_id\trow_id\tcolumn_id\ttable_label\trow_label\tcolumn_label\tunit";
    assert_eq!(lines.next(), Some(head));
    let mut grammars = Grammars::built_in();
    grammars.add("demo.toml", demo).expect("a grammar");
    for grammar in grammars.list() {
        for table in &grammar.tables {
            for row in &table.rows {
                for column in &table.columns {
                    let fields: Vec<&str> = lines.next().expect("a line").split('\t').collect();
                    let unit = column.unit.map_or("", |unit| unit.name);
                    assert_eq!(fields[..4], [&*grammar.id, &*table.id, &*row.id, &*column.id]);
                    assert!(fields[5].ends_with(&row.labels[0].shown), "{fields:?}");
                    assert_eq!(fields[6..], [&*column.labels[0].shown, unit]);
                }
            }
        }
    }
    assert_eq!(lines.next(), None);
}

/// The SQL of a dialect, as the command prints it.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
fn sql(arguments: &[&str]) -> String {
    let output = Desk::new().run(&[&["schema", "sql"], arguments].concat(), b"");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The tables and views of the model.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
fn names() -> Vec<String> {
    use wire::relations::{TABLES, view_names};
    let mut names: Vec<String> = TABLES.iter().map(|table| table.name).chain(view_names()).map(str::to_owned).collect();
    names.sort();
    names
}

#[cfg(feature = "sqlite")]
#[test]
fn sqlite_takes_its_sql() {
    let database = rusqlite::Connection::open_in_memory().expect("a database");
    let printed = sql(&["--dialect", "sqlite"]);
    assert_eq!(printed, sql(&[]), "SQLite's is the one that is printed where none is named");
    database.execute_batch(&printed).expect("tables");
    let mut made = database
        .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type <> 'shadow' ORDER BY name")
        .expect("a query");
    let made = made.query_map([], |row| row.get(0)).expect("names").collect::<Result<Vec<String>, _>>().expect("names");
    let made: Vec<String> = made.into_iter().filter(|name| !name.starts_with("sqlite_")).collect();
    let missing: Vec<_> = names().into_iter().filter(|name| !made.contains(name)).collect();
    assert_eq!(missing, [""; 0]);
    for name in &made {
        database.prepare(&format!("SELECT * FROM {name}")).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[cfg(feature = "postgres")]
#[test]
fn postgresql_takes_its_sql() {
    let Some(server) = server::Server::start() else { return };
    let mut client = postgres::Client::connect(&server.url("postgres"), postgres::NoTls).expect("a connection");
    client.batch_execute(&sql(&["--dialect", "postgres"])).expect("tables");
    let made =
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name";
    let made: Vec<String> = client.query(made, &[]).expect("names").iter().map(|row| row.get(0)).collect();
    assert_eq!(made, names());
    // Every column has its comment.
    let bare = "SELECT c.relname::text || '.' || a.attname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND a.attnum > 0 \
                AND col_description(c.oid, a.attnum) IS NULL";
    let bare: Vec<String> = client.query(bare, &[]).expect("names").iter().map(|row| row.get(0)).collect();
    assert_eq!(bare, [""; 0]);
}
