//! The model as SQL, in two dialects.

use std::fmt::Write;

use super::model::{Column, Index, Relation, TABLES, Type};
use super::search::{NUMBER, SEARCHED, search};
use super::{APPLICATION, VERSION, View, views};

/// A dialect of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Dialect {
    /// What a column is declared as. SQLite keeps a decimal as it is given: an affinity would make reals of the
    /// few that have more digits than a real.
    fn declared(self, kind: Type) -> &'static str {
        match (self, kind) {
            (Dialect::Sqlite, Type::Integer | Type::Long | Type::Small) => "INTEGER",
            (Dialect::Sqlite, Type::Decimal) => "",
            (Dialect::Postgres, Type::Integer) => "integer",
            (Dialect::Postgres, Type::Long) => "bigint",
            (Dialect::Postgres, Type::Small) => "smallint",
            (Dialect::Postgres, Type::Decimal) => "numeric",
            (Dialect::Postgres, Type::Time) => "timestamptz",
            (Dialect::Sqlite, Type::Text | Type::Word | Type::Time) => "TEXT",
            (Dialect::Postgres, Type::Text | Type::Word) => "text",
        }
    }
}

/// Everything that makes an empty database, ready to be run.
pub fn script(dialect: Dialect) -> String {
    let mut sql = format!("-- The tables of gongkai, version {VERSION}.\n\n");
    sql.push_str(&tables(dialect));
    sql.push('\n');
    sql.push_str(&indices());
    if dialect == Dialect::Sqlite {
        sql.push('\n');
        sql.push_str(&search());
    }
    for View { sql: view, .. } in views(dialect) {
        sql.push('\n');
        sql.push_str(&view);
    }
    let comments = comments(dialect);
    if !comments.is_empty() {
        sql.push('\n');
        sql.push_str(&comments);
    }
    let _ = write!(sql, "\nINSERT INTO schema_version (version) VALUES ({VERSION});\n");
    if dialect == Dialect::Sqlite {
        // Without it nobody knows the database for one of gongkai's, gongkai itself included.
        let _ = write!(sql, "\nPRAGMA application_id = {APPLICATION};\n");
    }
    sql
}

/// The tables, each with its key and what it points to.
pub fn tables(dialect: Dialect) -> String {
    TABLES.iter().map(|table| create(dialect, table)).collect::<Vec<_>>().join("\n")
}

/// One table. In SQLite the comments stand in it, and `.schema` shows them.
pub fn create(dialect: Dialect, table: &Relation) -> String {
    let mut sql = String::new();
    let is_row_id = |column: &Column| table.key == [column.name] && column.kind == Type::Integer;
    if dialect == Dialect::Sqlite {
        let _ = writeln!(sql, "CREATE TABLE {} ( -- {}", table.name, table.comment);
    } else {
        let _ = writeln!(sql, "CREATE TABLE {} (", table.name);
    }
    let own_key = table.columns.iter().any(is_row_id);
    let is_searched = dialect == Dialect::Sqlite && table.name == SEARCHED;
    if is_searched {
        let _ = writeln!(sql, "  {NUMBER}");
    }
    for (index, column) in table.columns.iter().enumerate() {
        let mut parts = vec![column.name, dialect.declared(column.kind)];
        parts.retain(|part| !part.is_empty());
        let mut line = format!("  {}", parts.join(" "));
        if is_row_id(column) {
            line.push_str(" PRIMARY KEY");
        } else if !column.optional {
            line.push_str(" NOT NULL");
        }
        if let Some((to, at)) = column.refers {
            let _ = write!(line, " REFERENCES {to} ({at})");
            if to == "reports" {
                line.push_str(" ON DELETE CASCADE");
            }
        }
        let is_last = index + 1 == table.columns.len() && own_key;
        let comma = if is_last { "" } else { "," };
        match dialect {
            Dialect::Sqlite => _ = writeln!(sql, "{line}{comma} -- {}", column.comment),
            Dialect::Postgres => _ = writeln!(sql, "{line}{comma}"),
        }
    }
    if !own_key {
        let key = if is_searched { "UNIQUE" } else { "PRIMARY KEY" };
        let _ = writeln!(sql, "  {key} ({})", table.key.join(", "));
    }
    // Rows that are few bytes long are kept in the order of their key, without a second tree.
    let by_key = dialect == Dialect::Sqlite && table.key.len() > 1 && !is_searched;
    let end = if by_key { ") WITHOUT ROWID;\n" } else { ");\n" };
    sql.push_str(end);
    sql
}

/// The indices, a line each.
pub fn indices() -> String {
    TABLES.iter().flat_map(|table| table.indices.iter().map(|index| create_index(table, index))).collect()
}

/// The statement that makes an index, by its name.
pub fn index(name: &str) -> Option<String> {
    let mut all = TABLES.iter().flat_map(|table| table.indices.iter().map(move |index| (table, index)));
    all.find(|(_, index)| index.name == name).map(|(table, index)| create_index(table, index))
}

fn create_index(table: &Relation, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    format!("CREATE {unique}INDEX {} ON {} ({});\n", index.name, table.name, index.columns.join(", "))
}

/// The comments on tables, views and columns, where the dialect has such.
pub fn comments(dialect: Dialect) -> String {
    let mut sql = String::new();
    if dialect == Dialect::Sqlite {
        return sql;
    }
    let quoted = |text: &str| text.replace('\'', "''");
    for table in TABLES {
        let _ = writeln!(sql, "COMMENT ON TABLE {} IS '{}';", table.name, quoted(table.comment));
        for column in table.columns {
            let mut comment = quoted(column.comment);
            // The texts that are kept as they stand: there alone may be what a text of PostgreSQL can't hold.
            if matches!(column.name, "raw" | "record") {
                comment.push_str(" U+0000 stands as U+FFFD.");
            }
            let _ = writeln!(sql, "COMMENT ON COLUMN {}.{} IS '{comment}';", table.name, column.name);
        }
    }
    for view in views(dialect) {
        let _ = writeln!(sql, "COMMENT ON VIEW {} IS '{}';", view.name, quoted(view.comment));
        for (name, comment) in &view.columns {
            let _ = writeln!(sql, "COMMENT ON COLUMN {}.{name} IS '{}';", view.name, quoted(comment));
        }
    }
    sql
}
