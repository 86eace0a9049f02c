//! The relational model: what a report is in a database.
//!
//! `model` has the tables as data: names, columns, types, and what each of them means. [`script`] makes SQL of it in either
//! [`Dialect`], with the [`views`] that people want first; [`Rows`] are the rows of one report. What stands here is the same
//! for SQLite, PostgreSQL and Parquet. This room knows no database.
//!
//! What `search` adds is SQLite's alone; [`upgrade`] leads from an older version to this one.
//!
//! A cell's names are kept once, in `cell_names`; a figure is a row of `cell_values` with small numbers. The view `cells` puts
//! them together. That takes a fifth of the space of names in every row.

mod model;
mod rows;
mod search;
mod sql;
mod upgrades;
mod views;

pub use model::{Column, Index, Relation, TABLES, Type};
pub use rows::{CellRow, FindingRow, KINDS, ReportRow, Rows, SectionRow, StatementRow};
pub use sql::{Dialect, comments, create, index, indices, script, tables};
pub use upgrades::upgrade;
pub use views::{VIEWS, View, view_names, views};

/// The version of the model. A database of an older one is upgraded, one of a newer one is left alone.
pub const VERSION: i32 = 3;

/// `GKAI`: the application id by which SQLite databases of gongkai are known, to itself and to `file`.
pub const APPLICATION: i32 = 0x474B_4149;
