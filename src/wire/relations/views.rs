//! The views that people want first.
//!
//! A wide view looks every figure up by report and cell, so that a query pays for the columns that it names and no others. In
//! PostgreSQL it goes through the cells of the reports once: the planner takes so many small look-ups for a large query and compiles
//! it, which takes longer than the query. The columns are those of the built-in forms; a user's own form is in the view `cells`.

use std::fmt::Write;

use super::sql::Dialect;
use super::{KINDS, model::TABLES};
use crate::grammar::{Grammar, Grammars};

use super::super::codebook::Codebook;

/// A view, ready to be run.
#[derive(Clone, Debug)]
pub struct View {
    /// Its name.
    pub name: &'static str,
    /// What a row of it is.
    pub comment: &'static str,
    /// Its columns, with what they mean.
    pub columns: Vec<(String, String)>,
    /// The statement that makes it.
    pub sql: String,
}

/// The names of the views and what a row of each is.
pub const VIEWS: [(&str, &str); 6] = [
    ("cells", "One row a report and cell, with names: the long form."),
    ("cell_totals", "One row a cell: how many reports have a figure there, and their exact sum."),
    ("report_totals", "One row a report: the small tables, and the column 总计 of the applications."),
    ("review_litigation", "One row a report: 行政复议、行政诉讼."),
    ("applicants", "One row a report and kind of applicant: the rows of the applications side by side."),
    ("labelled_findings", "One row a finding, with whose report it is and what the form calls the place."),
];

/// What every wide view begins with.
const REPORT: [&str; 4] = ["report_id", "issuer", "year", "grammar"];

/// The names of the views.
pub fn view_names() -> impl Iterator<Item = &'static str> {
    VIEWS.iter().map(|(name, _)| *name)
}

/// The views, in an order in which none needs one behind it.
pub fn views(dialect: Dialect) -> Vec<View> {
    let grammars = Grammars::built_in();
    let codebook = Codebook::of(&grammars);
    let wide = Wide { dialect, grammars: &grammars, codebook: &codebook };
    let parts = [
        cells(dialect),
        cell_totals(dialect),
        wide.view(
            "n.table_id <> 'review_litigation' AND (n.table_id <> 'applications' OR n.column_id = 'total')",
            |ids| {
                let [table, _, column] = *ids;
                table != "review_litigation" && (table != "applications" || column == "total")
            },
        ),
        wide.view("n.table_id = 'review_litigation'", |[table, ..]| *table == "review_litigation"),
        wide.applicants(),
        labelled_findings(),
    ];
    VIEWS
        .iter()
        .zip(parts)
        .map(|((name, comment), (columns, select))| {
            let sql = match dialect {
                Dialect::Sqlite => format!("CREATE VIEW {name} AS -- {comment}\n{select};\n"),
                Dialect::Postgres => format!("CREATE VIEW {name} AS\n{select};\n"),
            };
            View { name, comment, columns, sql }
        })
        .collect()
}

/// Columns with what they mean, and the query.
type Select = (Vec<(String, String)>, String);

/// The comment of a column of a table.
fn comment(table: &str, column: &str) -> String {
    let table = TABLES.iter().find(|relation| relation.name == table);
    let column = table.and_then(|table| table.columns.iter().find(|other| other.name == column));
    column.map_or(String::new(), |column| column.comment.to_owned())
}

fn cells(dialect: Dialect) -> Select {
    let mut kinds = String::from("CASE v.kind");
    for (code, name) in KINDS.iter().enumerate() {
        let _ = write!(kinds, " WHEN {code} THEN '{name}'");
    }
    kinds.push_str(" END");
    let digits = match dialect {
        // How many digits a cast gives differs from version to version. What is below 0.0001 has its `raw`.
        Dialect::Sqlite => {
            "CASE typeof(v.value) WHEN 'real' THEN printf('%.15g', v.value) ELSE CAST(v.value AS TEXT) END"
        }
        Dialect::Postgres => "v.value::text",
    };
    let raw = format!("coalesce(v.raw, CASE WHEN v.start_offset IS NOT NULL THEN {digits} END)");
    let columns = [
        ("report_id", "v.report_id", "cell_values"),
        ("table_id", "n.table_id", "cell_names"),
        ("row_id", "n.row_id", "cell_names"),
        ("column_id", "n.column_id", "cell_names"),
        ("value", "v.value", "cell_values"),
        (
            "kind",
            &kinds,
            "number, blank, dash, none (无), text (something else stands there), missing (no cell at all).",
        ),
        ("raw", &raw, "The cell as it stands on the page."),
        ("line", "v.line", "cell_values"),
        ("start_offset", "v.start_offset", "cell_values"),
        ("end_offset", "v.end_offset", "cell_values"),
        ("unit", "v.unit", "cell_values"),
    ];
    // Every cell has a name. But left-joined, SQLite looks names up for the cells asked for; else it may go through all cells of all
    // names. Where a name is asked for, it joins as if nothing were said.
    let join = if dialect == Dialect::Sqlite { "LEFT JOIN" } else { "JOIN" };
    select(&columns, &format!("FROM cell_values v {join} cell_names n ON n.cell_id = v.cell_id"))
}

fn cell_totals(dialect: Dialect) -> Select {
    let means = match dialect {
        Dialect::Sqlite => "The exact sum of the figures: a whole number, or digits as a text.",
        Dialect::Postgres => "The exact sum of the figures.",
    };
    let columns = [
        ("table_id", "s.table_id", "cell_names"),
        ("row_id", "s.row_id", "cell_names"),
        ("column_id", "s.column_id", "cell_names"),
        ("reports", "s.reports", "How many reports have a figure there."),
        ("total", "s.total", means),
    ];
    let sums = match dialect {
        Dialect::Sqlite => SUMS_OF_DIGITS,
        Dialect::Postgres => SUMS,
    };
    select(&columns, &format!("FROM (\n{sums}\n) s"))
}

const SUMS: &str = "  \
  SELECT n.table_id, n.row_id, n.column_id, count(v.value) AS reports, sum(v.value) AS total
  FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id AND v.value IS NOT NULL
  GROUP BY n.table_id, n.row_id, n.column_id";

/// SQLite sums amounts such as 12.5 as floating point. So what stands before the point, and twelve places behind it, are summed as
/// two whole numbers, given one sign, and put together as digits.
const SUMS_OF_DIGITS: &str = "  \
  SELECT table_id, row_id, column_id, reports,
    CASE WHEN places = 0 THEN whole ELSE
      CASE WHEN whole < 0 OR places < 0 THEN '-' ELSE '' END || abs(whole) || '.' || rtrim(printf('%012d', abs(places)), '0')
    END AS total
  FROM (
    SELECT table_id, row_id, column_id, reports, whole + places / 1000000000000 + sign AS whole,
      places % 1000000000000 - sign * 1000000000000 AS places
    FROM (
      SELECT *, CASE
        WHEN whole + places / 1000000000000 > 0 AND places % 1000000000000 < 0 THEN -1
        WHEN whole + places / 1000000000000 < 0 AND places % 1000000000000 > 0 THEN 1
        ELSE 0 END AS sign
      FROM (
        SELECT table_id, row_id, column_id, count(value) AS reports, sum(CAST(value AS INTEGER)) AS whole,
          sum(CASE WHEN instr(digits, '.') = 0 THEN 0 ELSE
            CASE WHEN substr(digits, 1, 1) = '-' THEN -1 ELSE 1 END
            * CAST(substr(substr(digits, instr(digits, '.') + 1) || '000000000000', 1, 12) AS INTEGER) END) AS places
        FROM (
          SELECT n.table_id, n.row_id, n.column_id, v.value, CASE typeof(v.value) WHEN 'integer' THEN '' WHEN 'text' THEN v.value ELSE
            printf(CASE WHEN abs(v.value) < 0.0001 THEN '%.12f' ELSE '%.15g' END, v.value) END AS digits
          FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id AND v.value IS NOT NULL
        )
        GROUP BY table_id, row_id, column_id
      )
    )
  )";

fn labelled_findings() -> Select {
    let columns = [
        ("report_id", "f.report_id", "findings"),
        ("issuer", "r.issuer", "reports"),
        ("year", "r.year", "reports"),
        ("path", "r.path", "reports"),
        ("record", "r.record", "reports"),
        ("severity", "f.severity", "findings"),
        ("code", "f.code", "findings"),
        ("rule_id", "f.rule_id", "findings"),
        ("table_label", "c.table_label", "codebook"),
        ("row_label", "c.row_label", "codebook"),
        ("column_label", "c.column_label", "codebook"),
        ("expected", "f.expected", "findings"),
        ("found", "f.found", "findings"),
        ("line", "f.line", "findings"),
        ("message", "f.message", "findings"),
        ("help", "f.help", "findings"),
    ];
    select(
        &columns,
        "FROM findings f\nJOIN reports r ON r.report_id = f.report_id\n\
         LEFT JOIN codebook c ON c.grammar = r.grammar AND c.table_id = f.table_id AND c.row_id = f.row_id \
         AND c.column_id = f.column_id",
    )
}

/// `columns`: the name, what it is made of, and the table whose column of that name has its comment, or the comment itself.
fn select(columns: &[(&str, &str, &str)], from: &str) -> Select {
    let mut sql = String::from("SELECT\n");
    let mut named = Vec::new();
    for (index, (name, made_of, means)) in columns.iter().enumerate() {
        let comma = if index + 1 == columns.len() { "" } else { "," };
        if made_of.rsplit('.').next() == Some(name) {
            let _ = writeln!(sql, "  {made_of}{comma}");
        } else {
            let _ = writeln!(sql, "  {made_of} AS {name}{comma}");
        }
        let means = if means.contains(' ') { (*means).to_owned() } else { comment(means, name) };
        named.push(((*name).to_owned(), means));
    }
    sql.push_str(from);
    (named, sql)
}

struct Wide<'g> {
    dialect: Dialect,
    grammars: &'g Grammars,
    codebook: &'g Codebook,
}

impl Wide<'_> {
    /// A row a report with a column for each of the cells that are `wanted`; `filter` says the same of the names `n`.
    fn view(&self, filter: &str, wanted: impl Fn(&[&str; 3]) -> bool) -> Select {
        let mut columns = Vec::new();
        for name in &self.codebook.names {
            let ids = name.each_ref().map(String::as_str);
            if !wanted(&ids) {
                continue;
            }
            let [table, row, column] = ids;
            let called = match table {
                "applications" => row.to_owned(),
                _ => format!("{row}_{column}"),
            };
            columns.push((called, self.figure(ids), self.means(ids)));
        }
        let columns: Vec<(&str, &str, &str)> = columns.iter().map(|(a, b, c)| (&**a, &**b, &**c)).collect();
        let own: Vec<String> = REPORT.iter().map(|name| format!("r.{name}")).collect();
        let own = REPORT.iter().zip(&own).map(|(name, made_of)| (*name, made_of.as_str(), "reports"));
        let from = match self.dialect {
            Dialect::Sqlite => "FROM reports r".to_owned(),
            Dialect::Postgres => format!(
                "FROM reports r\nLEFT JOIN (cell_values v JOIN cell_names n ON n.cell_id = v.cell_id AND {filter}) \
                 ON v.report_id = r.report_id\nGROUP BY r.report_id, r.issuer, r.year, r.grammar"
            ),
        };
        select(&own.chain(columns).collect::<Vec<_>>(), &from)
    }

    /// A row a report and column of the applications, with a column for each of their rows.
    fn applicants(&self) -> Select {
        let mut columns: Vec<(&str, String, String)> = vec![
            ("report_id", "r.report_id".into(), "reports".into()),
            ("issuer", "r.issuer".into(), "reports".into()),
            ("year", "r.year".into(), "reports".into()),
            ("applicant", "a.column_id".into(), "The kind of applicant, a column of the table applications.".into()),
        ];
        let rows = self.codebook.names.iter().filter(|[table, _, column]| table == "applications" && column == "total");
        for [table, row, column] in rows {
            let figure = self.figure([table, row, "*"]);
            columns.push((row, figure, self.means([table, row, column])));
        }
        let columns: Vec<(&str, &str, &str)> = columns.iter().map(|(a, b, c)| (*a, &**b, &**c)).collect();
        let mut from = "FROM reports r\nJOIN codebook a ON a.grammar = r.grammar AND a.table_id = 'applications' AND a.row_id = 'new_received'".to_owned();
        if self.dialect == Dialect::Postgres {
            from.push_str(
                "\nLEFT JOIN (cell_values v JOIN cell_names n ON n.cell_id = v.cell_id AND n.table_id = 'applications') \
                 ON v.report_id = r.report_id AND n.column_id = a.column_id\nGROUP BY r.report_id, r.issuer, r.year, a.column_id",
            );
        }
        select(&columns, &from)
    }

    /// The figure of the report `r` in one cell; `*` is the column of `a`.
    fn figure(&self, [table, row, column]: [&str; 3]) -> String {
        match (self.dialect, column) {
            (Dialect::Sqlite, "*") => format!(
                "(SELECT v.value FROM cell_names n JOIN cell_values v ON v.cell_id = n.cell_id WHERE n.table_id = '{table}' \
                 AND n.row_id = '{row}' AND n.column_id = a.column_id AND v.report_id = r.report_id)"
            ),
            (Dialect::Sqlite, _) => format!(
                "(SELECT v.value FROM cell_values v WHERE v.report_id = r.report_id AND v.cell_id = (SELECT n.cell_id FROM \
                 cell_names n WHERE n.table_id = '{table}' AND n.row_id = '{row}' AND n.column_id = '{column}'))"
            ),
            // There is one, or none.
            (Dialect::Postgres, "*") => format!("max(v.value) FILTER (WHERE n.row_id = '{row}')"),
            (Dialect::Postgres, _) => format!(
                "max(v.value) FILTER (WHERE n.row_id = '{row}' AND n.table_id = '{table}' AND n.column_id = '{column}')"
            ),
        }
    }

    /// What the newest form that has the cell calls it.
    fn means(&self, [table, row, column]: [&str; 3]) -> String {
        let has = |grammar: &&Grammar| grammar.cell(table, row, column).is_some();
        let Some(grammar) = self.grammars.list().iter().find(has) else { return String::new() };
        let entry = self.codebook.entries.iter().find(|entry| {
            entry.grammar == grammar.id && self.codebook.names[entry.cell as usize] == [table, row, column]
        });
        entry.map_or(String::new(), |entry| {
            let unit = entry.unit.map(|unit| format!(" ({unit})")).unwrap_or_default();
            format!("{} / {}{unit}", entry.row_label, entry.column_label)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_view_says_what_its_columns_mean() {
        for dialect in [Dialect::Sqlite, Dialect::Postgres] {
            for view in views(dialect) {
                let mut names: Vec<&String> = view.columns.iter().map(|(name, _)| name).collect();
                names.sort();
                names.dedup();
                assert_eq!(names.len(), view.columns.len(), "{}: two columns of one name", view.name);
                for (name, comment) in &view.columns {
                    assert!(!comment.is_empty(), "{}.{name}", view.name);
                }
            }
        }
    }
}
