//! `gongkai schema`: what reports look like as data, for those who check, load or query them.

use clap::{Subcommand, ValueEnum};

use super::Global;
use super::failure::Failure;
use super::terminal::print;
use crate::wire::relations::{self, script};
use crate::wire::{Codebook, report_schema};

#[derive(Subcommand)]
pub(super) enum Action {
    /// Print the JSON Schema (draft 2020-12) of a report, as `parse` and `convert` write it
    Report,
    /// Print every cell of every form as tab-separated values: names, the form's own labels, unit
    Codebook,
    /// Print the SQL that makes the tables and views of an empty database
    Sql {
        /// Whose SQL
        #[arg(long, value_name = "DIALECT", default_value = "sqlite")]
        dialect: Dialect,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

pub(super) fn run(action: &Action, global: &Global) -> Result<u8, Failure> {
    // A grammar with mistakes is told whatever is asked for.
    let grammars = global.grammars()?;
    let printed = match action {
        Action::Report => report_schema(&grammars),
        Action::Codebook => Codebook::of(&grammars).to_tsv(),
        Action::Sql { dialect: Dialect::Sqlite } => script(relations::Dialect::Sqlite),
        Action::Sql { dialect: Dialect::Postgres } => script(relations::Dialect::Postgres),
    };
    print(printed.as_bytes()).map(|()| 0)
}
