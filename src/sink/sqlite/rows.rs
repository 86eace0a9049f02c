//! What belongs to one report, as rows of the tables.
//!
//! The order of the columns is that of the model, from which the statements are made.

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql, params};

use crate::report::Decimal;
use crate::wire::Codebook;
use crate::wire::relations::{Column, Rows, TABLES};

/// What the database gives to a report.
pub(super) struct Own<'o> {
    pub(super) report: i64,
    /// Whether no report had that number.
    pub(super) is_new: bool,
    pub(super) load: i64,
    pub(super) loaded_at: &'o str,
    pub(super) key: &'o str,
}

pub(super) struct Writer<'w> {
    pub(super) database: &'w Connection,
    /// The numbers that the database has for the cells of the codebook.
    pub(super) cells: &'w [i64],
}

/// What hangs on a report.
const PARTS: [&str; 4] = ["cell_values", "sections", "statements", "findings"];

impl Writer<'_> {
    /// Removes what hangs on reports. Their own rows stay and are changed, for others may point to them. All at once, since each
    /// statement has the full-text index written to the disk.
    pub(super) fn clear(&self, reports: &[i64]) -> rusqlite::Result<()> {
        if reports.is_empty() {
            return Ok(());
        }
        let list = list(reports);
        for part in PARTS {
            let sql = format!("DELETE FROM {part} WHERE report_id IN (SELECT value FROM json_each(?1))");
            self.database.prepare_cached(&sql)?.execute([&list])?;
        }
        Ok(())
    }

    /// Writes a report, whose number is new or was cleared.
    pub(super) fn write(&self, own: &Own<'_>, rows: &Rows) -> rusqlite::Result<()> {
        self.report(own, rows)?;
        self.cells(own.report, rows)?;
        self.sections(own.report, rows)?;
        self.statements(own.report, rows)?;
        self.findings(own.report, rows)
    }

    fn report(&self, own: &Own<'_>, rows: &Rows) -> rusqlite::Result<()> {
        let row = &rows.report;
        let [errors, warnings, notes] = row.severities;
        let mut put = if own.is_new { self.insert("reports")? } else { self.database.prepare_cached(&update())? };
        put.execute(params![
            own.report,
            row.path,
            row.record,
            row.sha256,
            row.bytes as i64,
            row.encoding,
            row.grammar,
            row.status,
            row.title,
            row.issuer,
            row.year,
            own.loaded_at,
            own.load,
            own.key,
            row.replaced,
            rows.cells.len() as i64,
            rows.sections.len() as i64,
            rows.statements.len() as i64,
            errors,
            warnings,
            notes
        ])?;
        Ok(())
    }

    fn cells(&self, report: i64, rows: &Rows) -> rusqlite::Result<()> {
        let mut insert = self.insert("cell_values")?;
        for row in &rows.cells {
            let Some(cell) = self.cells.get(row.cell as usize) else { continue };
            insert.raw_bind_parameter(1, report)?;
            insert.raw_bind_parameter(2, cell)?;
            insert.raw_bind_parameter(3, row.kind)?;
            insert.raw_bind_parameter(4, row.value.map(Amount))?;
            let [line, start, end] = match row.place {
                Some(place) => place.map(Some),
                None => [None; 3],
            };
            match (row.value, &row.raw) {
                // SQLite would not print these digits, so they are kept beside the number.
                (Some(value), None) if start.is_some() && is_tiny(value) => {
                    insert.raw_bind_parameter(5, value.to_string())?;
                }
                (_, raw) => insert.raw_bind_parameter(5, raw.as_deref())?,
            }
            insert.raw_bind_parameter(6, line)?;
            insert.raw_bind_parameter(7, start)?;
            insert.raw_bind_parameter(8, end)?;
            insert.raw_bind_parameter(9, row.unit)?;
            insert.raw_execute()?;
        }
        Ok(())
    }

    fn sections(&self, report: i64, rows: &Rows) -> rusqlite::Result<()> {
        let mut insert = self.insert("sections")?;
        let search = "INSERT INTO sections_search (rowid, text, heading) VALUES (?1, ?2, ?3)";
        let mut search = self.database.prepare_cached(search)?;
        for (index, row) in rows.sections.iter().enumerate() {
            let ordinal = index as i64 + 1;
            let number = insert.insert(params![report, row.section, ordinal, row.number, row.heading, row.text])?;
            search.execute(params![number, row.text, row.heading])?;
        }
        Ok(())
    }

    fn statements(&self, report: i64, rows: &Rows) -> rusqlite::Result<()> {
        let mut insert = self.insert("statements")?;
        for (index, row) in rows.statements.iter().enumerate() {
            let [line, start, end] = row.place;
            insert.execute(params![
                report,
                index as i64 + 1,
                row.rule,
                row.subject(),
                Amount(row.figure),
                row.unit,
                row.text,
                line,
                start,
                end,
                row.cells,
                row.parts,
                row.result,
                row.reason
            ])?;
        }
        Ok(())
    }

    fn findings(&self, report: i64, rows: &Rows) -> rusqlite::Result<()> {
        let mut insert = self.insert("findings")?;
        for (index, row) in rows.findings.iter().enumerate() {
            let [table, line, column] = &row.cell;
            insert.execute(params![
                report,
                index as i64 + 1,
                row.code,
                row.rule,
                row.severity.name(),
                table,
                line,
                column,
                row.expected,
                row.found,
                row.line,
                row.message,
                row.section,
                row.help
            ])?;
        }
        Ok(())
    }

    fn insert(&self, table: &str) -> rusqlite::Result<CachedStatement<'_>> {
        self.database.prepare_cached(&insert(table))
    }
}

fn columns(table: &str) -> &'static [Column] {
    TABLES.iter().find(|relation| relation.name == table).map_or(&[], |relation| relation.columns)
}

/// The statement that adds a row.
fn insert(table: &str) -> String {
    let names: Vec<&str> = columns(table).iter().map(|column| column.name).collect();
    let places: Vec<String> = (1..=names.len()).map(|place| format!("?{place}")).collect();
    format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "))
}

/// The statement that changes a report. An upsert would do for both, but it has the full-text index written to the disk each time.
fn update() -> String {
    let columns = columns("reports").iter().enumerate().skip(1);
    let set: Vec<String> = columns.map(|(index, column)| format!("{} = ?{}", column.name, index + 1)).collect();
    format!("UPDATE reports SET {} WHERE report_id = ?1", set.join(", "))
}

/// Removes reports with all that hangs on them.
pub(super) fn remove(database: &Connection, reports: &[u32]) -> rusqlite::Result<()> {
    const AT_ONCE: usize = 1000;

    let mut remove = database.prepare("DELETE FROM reports WHERE report_id IN (SELECT value FROM json_each(?1))")?;
    for part in reports.chunks(AT_ONCE) {
        remove.execute([list(part)])?;
    }
    Ok(())
}

/// Numbers as JSON.
fn list<T: ToString>(numbers: &[T]) -> String {
    let numbers: Vec<String> = numbers.iter().map(T::to_string).collect();
    format!("[{}]", numbers.join(","))
}

/// Brings the codebook into the database, and gives the numbers that the cells have there.
pub(super) fn codebook(database: &Connection, codebook: &Codebook) -> rusqlite::Result<Vec<i64>> {
    let mut find =
        database.prepare("SELECT cell_id FROM cell_names WHERE table_id = ?1 AND row_id = ?2 AND column_id = ?3")?;
    let mut add = database.prepare("INSERT INTO cell_names (table_id, row_id, column_id) VALUES (?1, ?2, ?3)")?;
    let mut cells = Vec::with_capacity(codebook.names.len());
    for name in &codebook.names {
        let found: Option<i64> =
            find.query([&name[0], &name[1], &name[2]])?.next()?.map(|row| row.get(0)).transpose()?;
        cells.push(match found {
            Some(cell) => cell,
            None => add.insert([&name[0], &name[1], &name[2]])?,
        });
    }
    // A form may have lost cells since.
    let mut forget = database.prepare_cached("DELETE FROM codebook WHERE grammar = ?1")?;
    for (index, entry) in codebook.entries.iter().enumerate() {
        if index == 0 || codebook.entries[index - 1].grammar != entry.grammar {
            forget.execute([&entry.grammar])?;
        }
    }
    let mut put = database.prepare_cached(&insert("codebook"))?;
    for entry in &codebook.entries {
        let [table, row, column] = &codebook.names[entry.cell as usize];
        let (labels, cell) = ((&entry.table_label, &entry.row_label, &entry.column_label), cells[entry.cell as usize]);
        put.execute(params![
            entry.grammar,
            table,
            row,
            column,
            labels.0,
            labels.1,
            labels.2,
            entry.unit,
            entry.ordinal,
            cell
        ])?;
    }
    Ok(cells)
}

/// A decimal as SQLite can keep it exactly: a whole number, or a real that prints as the decimal. What has more digits than a real tells
/// apart is kept as a text of them; it stands behind all numbers, as every text does in SQLite.
struct Amount(Decimal);

impl ToSql for Amount {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        if let Some(whole) = self.0.to_i64() {
            return Ok(ToSqlOutput::Borrowed(ValueRef::Integer(whole)));
        }
        let digits = self.0.to_string();
        Ok(ToSqlOutput::Owned(match real(&digits) {
            Some(real) => Value::Real(real),
            None => Value::Text(digits),
        }))
    }
}

/// The real that is these digits and no others: fifteen of them every SQLite gives back, however small the number is.
fn real(digits: &str) -> Option<f64> {
    let significant = digits.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
    (significant <= 15 && digits.contains('.')).then(|| digits.parse().ok()).flatten()
}

/// Whether a number is so small that SQLite prints it with an exponent.
fn is_tiny(value: Decimal) -> bool {
    real(&value.to_string()).is_some_and(|real| real.abs() < 0.0001)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_numbers_as_far_as_sqlite_has_such() {
        #[track_caller]
        fn check(digits: &str, expected: Value) {
            let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
            let figures = whole.bytes().chain(fraction.bytes()).filter(u8::is_ascii_digit).map(|digit| digit - b'0');
            let value = Decimal::from_digits(digits.starts_with('-'), figures, fraction.len()).expect("a decimal");
            let database = Connection::open_in_memory().expect("a database");
            let kept: Value = database.query_row("SELECT ?1", [Amount(value)], |row| row.get(0)).expect("a value");
            assert_eq!(kept, expected, "{digits}");
        }
        check("0", Value::Integer(0));
        check("-38", Value::Integer(-38));
        check("9223372036854775807", Value::Integer(i64::MAX));
        check("12.5", Value::Real(12.5));
        check("0.001", Value::Real(0.001));
        check("0.0005", Value::Real(0.0005));
        check("-0.00000025", Value::Real(-0.000_000_25));
        check("0.000000000000123456789012345", Value::Real(1.234_567_890_123_45e-13));
        check("123456789012.345", Value::Real(123_456_789_012.345));
        check("1234567890123.456", Value::Text("1234567890123.456".to_owned()));
        check("9223372036854775808", Value::Text("9223372036854775808".to_owned()));
    }
}
