//! How a database of an older version becomes one of this version.
//!
//! In: the version that it is. Out: the statements, to be run in one transaction in which SQLite does not look at foreign keys and
//! has `legacy_alter_table` on, since a table that was made anew takes the name of the old one, and views of others name it.
//! A step stays as it was written, whatever the tables become later. Views hold nothing, so they are all made anew.

use std::fmt::Write;

use super::sql::Dialect;
use super::{VERSION, VIEWS, comments, search, views};

/// The steps in SQLite: the first leads from version 1 to version 2.
const SQLITE: &[&str] = &[include_str!("upgrades/sqlite-1.sql"), include_str!("upgrades/sqlite-2.sql")];

/// The same in PostgreSQL, where all versions have the tables of version 1.
const POSTGRES: &[&str] = &["", ""];

/// The statements that lead from that version to this one. None where there is no way.
pub fn upgrade(dialect: Dialect, from: i32) -> Option<String> {
    let steps = match dialect {
        Dialect::Sqlite => SQLITE,
        Dialect::Postgres => POSTGRES,
    };
    let steps = steps.get(usize::try_from(from).ok()?.checked_sub(1)?..)?;
    let mut sql = String::new();
    let is_sqlite = dialect == Dialect::Sqlite;
    if is_sqlite {
        VIEWS.iter().rev().for_each(|(name, _)| _ = writeln!(sql, "DROP VIEW IF EXISTS {name};"));
    }
    sql.extend(steps.iter().copied());
    for view in views(dialect) {
        match dialect {
            Dialect::Sqlite => sql.push_str(&view.sql),
            // In their places, since others may have made views of them.
            Dialect::Postgres => sql.push_str(&view.sql.replacen("CREATE", "CREATE OR REPLACE", 1)),
        }
    }
    sql.push_str(&comments(dialect));
    if is_sqlite && from < 2 {
        sql.push_str(&search::search());
        sql.push_str("INSERT INTO sections_search (sections_search) VALUES ('rebuild');\n");
    }
    let _ = writeln!(sql, "UPDATE schema_version SET version = {VERSION};");
    Some(sql)
}
