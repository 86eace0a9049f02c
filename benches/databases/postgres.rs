//! The postgres crate alone: `COPY … BINARY` into each table, a value at a time.

use std::io;
use std::time::{Duration, UNIX_EPOCH};

use gongkai::report::Decimal;
use gongkai::wire::relations::{self, Dialect, TABLES};
use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls, Transaction};

use super::server::Server;
use super::{Corpus, Kind};

/// How many cells a transaction of the sink has.
const CELLS: usize = 100_000;

/// None where its programs are not installed. A commit waits for the disk, as it does everywhere else.
pub fn server() -> Option<Server> {
    Server::with(&["fsync=on"], |_| ())
}

pub fn kind(server: &Server) -> Kind {
    Kind {
        name: "PostgreSQL",
        destination: server.url("postgres"),
        clear: |url| run(url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public; CHECKPOINT").map_err(io::Error::other),
        size: |url| size(url).map_err(io::Error::other),
        bare: &[("postgres, `COPY … BINARY`", |url, corpus| load(url, corpus).map_err(|error| format!("{error:?}")))],
    }
}

fn run(url: &str, sql: &str) -> Result<(), postgres::Error> {
    Client::connect(url, NoTls)?.batch_execute(sql)
}

fn size(url: &str) -> Result<u64, postgres::Error> {
    let select = "SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class \
                  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";
    let size: i64 = Client::connect(url, NoTls)?.query_one(select, &[])?.get(0);
    Ok(size.unsigned_abs())
}

fn load(url: &str, corpus: &Corpus) -> Result<(), postgres::Error> {
    let mut client = Client::connect(url, NoTls)?;
    client.batch_execute(&relations::script(Dialect::Postgres))?;
    client.batch_execute("INSERT INTO loads VALUES (1, now(), NULL, 'running', '', '', '', 0, 0, 0, 0)")?;
    let add = "INSERT INTO cell_names (cell_id, table_id, row_id, column_id) VALUES ($1, $2, $3, $4)";
    for (number, [table, row, column]) in (1i32..).zip(&corpus.codebook.names) {
        client.execute(add, &[&number, table, row, column])?;
    }
    let (mut first, mut cells) = (0, 0);
    for (index, (_, rows)) in corpus.rows.iter().enumerate() {
        cells += rows.cells.len();
        if cells >= CELLS || index + 1 == corpus.rows.len() {
            let mut transaction = client.transaction()?;
            copy(&mut transaction, corpus, first, index + 1)?;
            transaction.commit()?;
            (first, cells) = (index + 1, 0);
        }
    }
    client.batch_execute("ANALYZE")
}

/// A row on its way to the server.
type Put<'p> = dyn FnMut(&[&(dyn ToSql + Sync)]) -> Result<(), postgres::Error> + 'p;

/// What a report has in one table: its number, the report, and where rows go.
type Write = fn(i32, &Corpus, usize, &mut Put<'_>) -> Result<(), postgres::Error>;

fn copy(transaction: &mut Transaction<'_>, corpus: &Corpus, first: usize, end: usize) -> Result<(), postgres::Error> {
    let tables: [(&str, Write); 5] = [
        ("reports", reports),
        ("cell_values", cells),
        ("sections", sections),
        ("statements", statements),
        ("findings", findings),
    ];
    for (name, write) in tables {
        let columns = TABLES.iter().find(|table| table.name == name).map_or(&[][..], |table| table.columns);
        let types: Vec<Type> = columns.iter().map(|column| declared(column.kind)).collect();
        let mut writer =
            BinaryCopyInWriter::new(transaction.copy_in(&format!("COPY {name} FROM STDIN BINARY"))?, &types);
        for index in first..end {
            write(index as i32 + 1, corpus, index, &mut |row| writer.write(row))?;
        }
        writer.finish()?;
    }
    Ok(())
}

fn declared(kind: relations::Type) -> Type {
    match kind {
        relations::Type::Integer => Type::INT4,
        relations::Type::Long => Type::INT8,
        relations::Type::Small => Type::INT2,
        relations::Type::Decimal => Type::NUMERIC,
        relations::Type::Text | relations::Type::Word => Type::TEXT,
        relations::Type::Time => Type::TIMESTAMPTZ,
    }
}

fn reports(number: i32, corpus: &Corpus, index: usize, put: &mut Put<'_>) -> Result<(), postgres::Error> {
    let (_, rows) = &corpus.rows[index];
    let row = &rows.report;
    let (bytes, year, key) = (row.bytes as i64, row.year.map(i32::from), format!("{number:032x}"));
    let counts = [rows.cells.len(), rows.sections.len(), rows.statements.len()].map(|count| count as i32);
    let severities = row.severities.map(|count| count as i32);
    put(&[
        &number,
        &row.path,
        &row.record,
        &row.sha256,
        &bytes,
        &row.encoding,
        &row.grammar,
        &row.status,
        &row.title,
        &row.issuer,
        &year,
        &(UNIX_EPOCH + Duration::from_secs(1)),
        &1i32,
        &key,
        &(row.replaced as i32),
        &counts[0],
        &counts[1],
        &counts[2],
        &severities[0],
        &severities[1],
        &severities[2],
    ])
}

fn cells(number: i32, corpus: &Corpus, index: usize, put: &mut Put<'_>) -> Result<(), postgres::Error> {
    for row in &corpus.rows[index].1.cells {
        let place = row.place.map(|place| place.map(|part| part as i32));
        let part = |part: usize| place.map(|place| place[part]);
        let raw = row.raw.as_deref();
        put(&[
            &number,
            &(row.cell as i32 + 1),
            &i16::from(row.kind),
            &row.value.map(Numeric),
            &raw,
            &part(0),
            &part(1),
            &part(2),
            &row.unit,
        ])?;
    }
    Ok(())
}

fn sections(number: i32, corpus: &Corpus, index: usize, put: &mut Put<'_>) -> Result<(), postgres::Error> {
    for (row, ordinal) in corpus.rows[index].1.sections.iter().zip(1i32..) {
        put(&[&number, &row.section, &ordinal, &row.number, &row.heading, &row.text])?;
    }
    Ok(())
}

fn statements(number: i32, corpus: &Corpus, index: usize, put: &mut Put<'_>) -> Result<(), postgres::Error> {
    for (row, ordinal) in corpus.rows[index].1.statements.iter().zip(1i32..) {
        let place = row.place.map(|part| part as i32);
        put(&[
            &number,
            &ordinal,
            &row.rule,
            &row.subject(),
            &Numeric(row.figure),
            &row.unit,
            &row.text,
            &place[0],
            &place[1],
            &place[2],
            &row.cells,
            &row.parts,
            &row.result,
            &row.reason,
        ])?;
    }
    Ok(())
}

fn findings(number: i32, corpus: &Corpus, index: usize, put: &mut Put<'_>) -> Result<(), postgres::Error> {
    for (row, ordinal) in corpus.rows[index].1.findings.iter().zip(1i32..) {
        let [table, line, column] = &row.cell;
        put(&[
            &number,
            &ordinal,
            &row.code,
            &row.rule,
            &row.severity.name(),
            table,
            line,
            column,
            &row.expected,
            &row.found,
            &row.line.map(|line| line as i32),
            &row.message,
            &row.section,
            &row.help,
        ])?;
    }
    Ok(())
}

/// A decimal as the driver wants a numeric, which it does not know by itself.
#[derive(Debug)]
struct Numeric(Decimal);

impl ToSql for Numeric {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let (mantissa, scale) = self.0.parts();
        let places = usize::from(scale).div_ceil(4);
        let mut rest = mantissa.unsigned_abs() * 10u128.pow((places * 4 - usize::from(scale)) as u32);
        let mut digits: Vec<i16> = Vec::new();
        while rest > 0 {
            digits.insert(0, (rest % 10_000) as i16);
            rest /= 10_000;
        }
        let sign = if mantissa < 0 { 0x4000 } else { 0 };
        let head = [digits.len() as i16, digits.len() as i16 - places as i16 - 1, sign, i16::from(scale)];
        head.iter().chain(&digits).for_each(|part| out.extend_from_slice(&part.to_be_bytes()));
        Ok(IsNull::No)
    }

    fn accepts(wanted: &Type) -> bool {
        *wanted == Type::NUMERIC
    }

    to_sql_checked!();
}
