//! `gongkai grammar`: the forms that can be read, and a check of a user's own.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use unicode_width::UnicodeWidthStr;

use super::failure::Failure;
use super::terminal::{Terminal, print};
use super::{EXIT_FAILED, EXIT_SOME, Global, stdin_once};
use crate::grammar::{Grammar, GrammarError, Grammars, Mistake, Sample, load};
use crate::render::Lang;
use crate::report::{Report, Value};
use crate::source::Input;
use crate::{Limits, parse};

#[derive(Subcommand)]
pub(super) enum Action {
    /// List the grammars: id, years, source document, title
    List,
    /// Print the file of a grammar: a start for one of your own
    Show {
        /// Its id, such as gid-2021
        id: String,
    },
    /// Check grammar files: their language, their labels, and their samples
    Check {
        /// Grammar files, or `-` for standard input
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
}

pub(super) fn run(action: &Action, global: &Global, terminal: &Terminal) -> Result<u8, Failure> {
    match action {
        Action::List => print(list(&global.grammars()?).as_bytes()).map(|()| 0),
        Action::Show { id } => print(show(id, global)?.as_bytes()).map(|()| 0),
        Action::Check { files } => check(files, terminal),
    }
}

/// The name and the text of a grammar file. Standard input is for reports, so `-` is a file of that name.
pub(super) fn file(path: &Path) -> Result<(String, String), Failure> {
    let is_dash = path.as_os_str() == "-";
    text(Input::file(if is_dash { Path::new(".").join(path) } else { path.to_owned() }, PathBuf::new()))
}

fn text(input: Input) -> Result<(String, String), Failure> {
    let bytes = input.read(Limits::MOST_BYTES).map_err(Failure::of_file)?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok((input.path, text)),
        Err(error) => {
            let sound = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]).into_owned();
            let line = sound.matches('\n').count() as u32 + 1;
            let column = sound.rsplit('\n').next().map_or(0, |line| line.chars().count()) as u32 + 1;
            let message = "this is not UTF-8: save the file as UTF-8".to_owned();
            Err(Failure::Grammar(GrammarError { name: input.path, mistakes: vec![Mistake { line, column, message }] }))
        }
    }
}

/// A line for each grammar, in aligned columns.
fn list(grammars: &Grammars) -> String {
    let rows: Vec<[String; 4]> = grammars
        .list()
        .iter()
        .map(|grammar| {
            let years = match grammar.years {
                (from, None) => format!("{from}-"),
                (from, Some(to)) if from == to => from.to_string(),
                (from, Some(to)) => format!("{from}-{to}"),
            };
            [grammar.id.clone(), years, grammar.source.clone(), grammar.title.clone()]
        })
        .collect();
    let mut widths = [0; 4];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    let mut lines = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width - cell.width() + 2));
        }
        lines.push_str(line.trim_end());
        lines.push('\n');
    }
    lines
}

/// The text of the grammar of that id; a user's own stands before a built-in one, as it does when reports are read.
fn show(id: &str, global: &Global) -> Result<String, Failure> {
    let mut known = Vec::new();
    let mut found = None;
    for (name, text) in Grammars::BUILT_IN {
        let own = name.strip_suffix(".toml").unwrap_or(name);
        if own == id {
            found = Some((*text).to_owned());
        }
        known.push(own.to_owned());
    }
    for path in &global.grammars {
        let (name, text) = file(path)?;
        let grammar = load(&name, &text).map_err(Failure::Grammar)?;
        if grammar.id == id {
            found = Some(text);
        }
        known.push(grammar.id);
    }
    known.dedup();
    found.ok_or_else(|| Failure::NoGrammar(id.to_owned(), known))
}

fn check(files: &[PathBuf], terminal: &Terminal) -> Result<u8, Failure> {
    stdin_once(files)?;
    let mut code = 0;
    for path in files {
        let read = if path.as_os_str() == "-" { text(Input::stdin()) } else { file(path) };
        let checked = read.and_then(|(name, text)| {
            let grammar = load(&name, &text).map_err(Failure::Grammar)?;
            let mistakes = samples(&grammar, terminal.lang);
            let error = GrammarError { name, mistakes };
            if error.mistakes.is_empty() { Ok(ok(&error.name, &grammar)) } else { Err(Failure::Grammar(error)) }
        });
        match checked {
            Ok(line) => print(line.as_bytes())?,
            // The mistakes are what was asked for: they are data.
            Err(Failure::Grammar(error)) => {
                print(format!("{error}\n").as_bytes())?;
                code = code.max(EXIT_SOME);
            }
            Err(failure) => {
                terminal.tell(&failure);
                code = EXIT_FAILED;
            }
        }
    }
    Ok(code)
}

fn ok(name: &str, grammar: &Grammar) -> String {
    let cells: usize = grammar.tables.iter().map(|table| table.rows.len() * table.columns.len()).sum();
    let many = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    format!(
        "{name}: ok ({}, {}, {}, {}, {})\n",
        grammar.id,
        many(grammar.sections.len(), "section"),
        many(grammar.tables.len(), "table"),
        many(cells, "cell"),
        many(grammar.samples.len(), "sample"),
    )
}

/// What the samples of a grammar do not give as they say.
fn samples(grammar: &Grammar, lang: Lang) -> Vec<Mistake> {
    let alone = Grammars::new(vec![grammar.clone()]);
    let mut mistakes = Vec::new();
    for sample in &grammar.samples {
        let Sample { text, place: (line, column), cells } = sample;
        let report = parse(text.as_bytes(), &alone, &Limits::default());
        for (cell, expected) in cells {
            let found = found(&report, *cell);
            if found != *expected {
                let name = cell_name(grammar, *cell);
                let mut message = match lang {
                    Lang::En => format!("sample: {name} should be {expected}, but {found} was read"),
                    Lang::Zh => format!("样例：{name} 应为 {expected}，读得 {found}"),
                };
                if report.grammar.is_none() {
                    let _ = match lang {
                        Lang::En => write!(message, ": the text was not recognized as a report of this form"),
                        Lang::Zh => write!(message, "：该文本未被识别为此格式的报告"),
                    };
                }
                mistakes.push(Mistake { line: *line, column: *column, message });
            }
        }
    }
    mistakes
}

/// What stands in a cell, as samples write it: the figure, or the kind of a cell without one.
fn found(report: &Report<'_>, (table, row, column): (u16, u16, u16)) -> String {
    let table = report.tables.iter().find(|found| found.id == table);
    let cell = table.and_then(|table| table.cells.iter().find(|cell| cell.row == row && cell.column == column));
    match cell.map_or(Value::Missing, |cell| cell.value) {
        Value::Number(number) => number.to_string(),
        other => other.kind().to_owned(),
    }
}

fn cell_name(grammar: &Grammar, (table, row, column): (u16, u16, u16)) -> String {
    let form = &grammar.tables[usize::from(table)];
    format!("{}.{}.{}", form.id, form.rows[usize::from(row)].id, form.columns[usize::from(column)].id)
}
