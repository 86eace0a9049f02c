//! The rules of a form, as its grammar file lays them down.
//!
//! In: the `[[rule]]`s of a file and the form's sections and tables. Out: [`Rule`]s, with every formula resolved for each of
//! its places. A mistake within a formula or a pattern has its place there.

use std::ops::Range;

use super::formula::{self, Wrong};
use super::load::pattern;
use super::read::{Keys, Reader};
use super::resolve::{Place, Scope, fits};
use super::{Check, Instance, Kind, Pattern, Rule, SectionForm, Sum, TableForm, Truth};
use crate::report::{CellId, Code, ColumnId, RowId, SectionId, Severity, TableId};

/// More rules are no rules for people, and their ids are small numbers.
const MOST_RULES: usize = 10_000;

/// Reads the `[[rule]]`s.
pub(super) fn rules(
    reader: &mut Reader<'_>,
    list: Vec<Keys<'_, '_>>,
    sections: &[SectionForm],
    tables: &[TableForm],
) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for keys in list {
        if rules.len() == MOST_RULES {
            reader.mistake(keys.span(), format!("these are more than {MOST_RULES} rules"));
            break;
        }
        let rule = rule(reader, keys, sections, tables, &rules);
        rules.extend(rule);
    }
    rules
}

/// A figure in full names, such as `applications.new_received.total + applications.carried_in.total`, as a sum of cells. `span`
/// is the place of the string in the file.
pub(super) fn sum_of(reader: &mut Reader<'_>, tables: &[TableForm], formula: &str, span: Range<usize>) -> Option<Sum> {
    let scope = Scope { formula, tables, place: Place::Report };
    let sum = formula::parse(formula).and_then(|node| scope.sum(&node));
    sum.map_err(|wrong| say(reader, formula, &span, wrong)).ok()
}

fn say(reader: &mut Reader<'_>, formula: &str, span: &Range<usize>, wrong: Wrong) {
    let place = reader.inside(span, formula, wrong.at);
    reader.mistake(place, wrong.message);
}

/// What a rule is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Each {
    Report,
    Column,
    Row,
    Cell,
}

fn rule(
    reader: &mut Reader<'_>,
    mut keys: Keys<'_, '_>,
    sections: &[SectionForm],
    tables: &[TableForm],
    before: &[Rule],
) -> Option<Rule> {
    let id = id(reader, &mut keys, before);
    let code = code(reader, &mut keys);
    let severity = severity(reader, &mut keys).unwrap_or(code.severity());
    let named = named_tables(reader, &mut keys, tables);
    let each = each(reader, &mut keys, named.as_deref());
    let rows = reader.strings(&mut keys, "rows");
    let columns = reader.strings(&mut keys, "columns");
    let issuer = reader.optional_string(&mut keys, "issuer").and_then(|found| pattern(reader, found));
    let holds = reader.optional_string(&mut keys, "holds");
    let section = reader.optional_string(&mut keys, "section");
    let mentions = reader.strings(&mut keys, "mentions");
    let finds = reader.optional_string(&mut keys, "finds");
    let says = reader.string(&mut keys, "says");
    let span = keys.span();
    reader.close(keys);

    let places = Places { tables, named: named.unwrap_or_default(), each, rows, columns };
    let checked = match (holds, section, mentions.is_empty(), finds) {
        (Some((formula, span)), None, true, None) => places.check(reader, &formula, span).map(|found| (found, formula)),
        (None, Some((name, span)), false, None) => mentions_check(reader, &name, span, mentions, sections),
        (None, None, true, Some((what, span))) => finds_check(reader, what, span),
        _ => {
            reader.mistake(span, "a rule has one thing to check: `holds`, or `section` with `mentions`, or `finds`");
            None
        }
    };
    let ((kind, check), formula) = checked?;
    Some(Rule { id: id?, code, severity, kind, says: says?.0, formula, issuer, check })
}

fn id(reader: &mut Reader<'_>, keys: &mut Keys<'_, '_>, before: &[Rule]) -> Option<String> {
    let (id, span) = reader.string(keys, "id")?;
    let sound = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-')
    };
    if !id.split('.').all(sound) {
        reader.mistake(
            span,
            format!("`{id}` is no id of a rule: write ids with `.` between them, `applications.balance`"),
        );
        return None;
    }
    if before.iter().any(|rule| rule.id == id) {
        reader.mistake(span, format!("there is a rule `{id}` already: give this one another id"));
    }
    Some(id)
}

fn code(reader: &mut Reader<'_>, keys: &mut Keys<'_, '_>) -> Code {
    let Some((name, span)) = reader.optional_string(keys, "code") else { return Code::RuleBroken };
    Code::named(&name).filter(|code| code.is_of_a_rule()).unwrap_or_else(|| {
        reader.mistake(span, format!("`{name}` is no code of a rule: use one of GK2xx, or leave it out for GK200"));
        Code::RuleBroken
    })
}

fn severity(reader: &mut Reader<'_>, keys: &mut Keys<'_, '_>) -> Option<Severity> {
    let (name, span) = reader.optional_string(keys, "severity")?;
    let found = [Severity::Note, Severity::Warning, Severity::Error].into_iter().find(|found| found.name() == name);
    if found.is_none() {
        reader.mistake(span, format!("`{name}` is no severity: use error, warning or note"));
    }
    found
}

/// The tables that the rule names; none where it names none.
fn named_tables(reader: &mut Reader<'_>, keys: &mut Keys<'_, '_>, tables: &[TableForm]) -> Option<Vec<TableId>> {
    let names = reader.strings(keys, "table");
    let mut found = Vec::new();
    for (name, span) in &names {
        match tables.iter().position(|table| table.id == *name) {
            Some(id) => found.push(id as TableId),
            None => reader.mistake(span.clone(), format!("there is no table `{name}` in this file")),
        }
    }
    (!names.is_empty()).then_some(found)
}

fn each(reader: &mut Reader<'_>, keys: &mut Keys<'_, '_>, tables: Option<&[TableId]>) -> Each {
    let rule = keys.span();
    let Some((name, span)) = reader.optional_string(keys, "each") else {
        if tables.is_some_and(|tables| tables.len() > 1) {
            reader.mistake(rule, "several tables need `each`: column, row or cell");
        }
        return Each::Report;
    };
    if tables.is_none() {
        reader.mistake(span.clone(), "`each` needs `table`, the table whose columns, rows or cells are meant");
    }
    match name.as_str() {
        "column" => Each::Column,
        "row" => Each::Row,
        "cell" => Each::Cell,
        _ => {
            reader.mistake(span, format!("`{name}` is not known here: use column, row or cell"));
            Each::Report
        }
    }
}

type Checked = ((Kind, Check), String);

fn mentions_check(
    reader: &mut Reader<'_>,
    name: &str,
    span: Range<usize>,
    mentions: Vec<(String, Range<usize>)>,
    sections: &[SectionForm],
) -> Option<Checked> {
    let section = sections.iter().position(|section| section.id == name);
    if section.is_none() {
        reader.mistake(span, format!("there is no section `{name}` in this file"));
    }
    let shown = mentions.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(" | ");
    let patterns: Vec<Pattern> = mentions.into_iter().filter_map(|found| pattern(reader, found)).collect();
    Some(((Kind::InText, Check::Mentions(section? as SectionId, patterns)), shown))
}

fn finds_check(reader: &mut Reader<'_>, what: String, span: Range<usize>) -> Option<Checked> {
    let found = match what.as_str() {
        "parts" => (Kind::InText, Check::Parts),
        "shares" => (Kind::InText, Check::Shares),
        "duplicates" => (Kind::AcrossYears, Check::Duplicates),
        _ => {
            reader.mistake(span, format!("`{what}` is nothing to find: use parts, shares or duplicates"));
            return None;
        }
    };
    Some((found, what))
}

/// Where a formula is to hold.
struct Places<'g> {
    tables: &'g [TableForm],
    named: Vec<TableId>,
    each: Each,
    rows: Vec<(String, Range<usize>)>,
    columns: Vec<(String, Range<usize>)>,
}

impl Places<'_> {
    /// The formula, resolved for each place.
    fn check(&self, reader: &mut Reader<'_>, formula: &str, span: Range<usize>) -> Option<(Kind, Check)> {
        self.judge_selection(reader);
        let node = match formula::parse(formula) {
            Ok(node) => node,
            Err(wrong) => {
                say(reader, formula, &span, wrong);
                return None;
            }
        };
        let places = self.list();
        if places.is_empty() {
            // Why there are none has been said.
            return None;
        }
        let mut instances = Vec::new();
        for place in places {
            let scope = Scope { formula, tables: self.tables, place };
            match scope.truth(&node) {
                Ok(Truth::Known(true)) => {}
                Ok(Truth::Known(false)) => {
                    reader.mistake(span, "this never holds, whatever the figures are");
                    return None;
                }
                Ok(truth) => instances.push(self.instance(place, truth)),
                Err(wrong) => {
                    say(reader, formula, &span, wrong);
                    return None;
                }
            }
        }
        if instances.is_empty() {
            reader.mistake(span, "this leaves nothing to check: it holds everywhere, whatever the figures are");
            return None;
        }
        let kind = kind(&instances);
        Some((kind, Check::Formula(instances)))
    }

    /// Says which of `rows` and `columns` name nothing, or stand where they mean nothing.
    fn judge_selection(&self, reader: &mut Reader<'_>) {
        let forms = || self.named.iter().filter_map(|id| self.tables.get(usize::from(*id)));
        for (name, span) in &self.rows {
            if !matches!(self.each, Each::Row | Each::Cell) {
                reader.mistake(span.clone(), "`rows` is for `each = \"row\"` or `each = \"cell\"`");
            } else if !forms().any(|form| form.rows.iter().any(|row| fits(name, &row.id))) {
                reader.mistake(span.clone(), format!("there is no row `{name}` in the table"));
            }
        }
        for (name, span) in &self.columns {
            if !matches!(self.each, Each::Column | Each::Cell) {
                reader.mistake(span.clone(), "`columns` is for `each = \"column\"` or `each = \"cell\"`");
            } else if !forms().any(|form| form.columns.iter().any(|column| fits(name, &column.id))) {
                reader.mistake(span.clone(), format!("there is no column `{name}` in the table"));
            }
        }
    }

    fn list(&self) -> Vec<Place> {
        if self.each == Each::Report {
            return vec![Place::Report];
        }
        let chosen = |names: &[(String, Range<usize>)], id: &str| {
            names.is_empty() || names.iter().any(|(name, _)| fits(name, id))
        };
        let mut places = Vec::new();
        for table in self.named.iter().copied() {
            let Some(form) = self.tables.get(usize::from(table)) else { continue };
            let rows = || (0..form.rows.len() as RowId).zip(&form.rows).filter(|(_, row)| chosen(&self.rows, &row.id));
            let columns = || {
                let columns = (0..form.columns.len() as ColumnId).zip(&form.columns);
                columns.filter(|(_, column)| chosen(&self.columns, &column.id)).map(|(column, _)| column)
            };
            match self.each {
                Each::Report => {}
                Each::Column => places.extend(columns().map(|column| Place::Column(table, column))),
                Each::Row => places.extend(rows().map(|(row, _)| Place::Row(table, row))),
                Each::Cell => {
                    for (row, _) in rows() {
                        places.extend(columns().map(|column| Place::Cell(CellId { table, row, column })));
                    }
                }
            }
        }
        places
    }

    fn instance(&self, place: Place, truth: Truth) -> Instance {
        let (table, row, column) = match place {
            Place::Report => (self.named.first().copied(), None, None),
            Place::Column(table, column) => (Some(table), None, Some(column)),
            Place::Row(table, row) => (Some(table), Some(row), None),
            Place::Cell(CellId { table, row, column }) => (Some(table), Some(row), Some(column)),
        };
        Instance { table, row, column, truth }
    }
}

/// What the formula compares, by the cells in it.
fn kind(instances: &[Instance]) -> Kind {
    let mut across_tables = false;
    for instance in instances {
        let mut table = None;
        let mut across_years = false;
        instance.truth.each_term(&mut |term| {
            across_years |= term.last;
            across_tables |= *table.get_or_insert(term.cell.table) != term.cell.table;
        });
        if across_years {
            return Kind::AcrossYears;
        }
    }
    if across_tables { Kind::AcrossTables } else { Kind::InTable }
}
