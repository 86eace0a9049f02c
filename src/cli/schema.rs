//! `gongkai schema`: what reports look like as data, for those who check, load or query them.

use clap::Subcommand;

use super::Global;
use super::failure::Failure;
use super::terminal::print;
use crate::wire;

#[derive(Subcommand)]
pub(super) enum Action {
    /// Print the JSON Schema (draft 2020-12) of a report, as `parse` and `convert` write it
    Report,
}

pub(super) fn run(action: &Action, global: &Global) -> Result<u8, Failure> {
    match action {
        Action::Report => print(wire::report_schema(&global.grammars()?).as_bytes()).map(|()| 0),
    }
}
