//! The rules of a form, as its grammar file lays them down.
//!
//! In: the `[[rule]]`s of a file and the form's sections and tables. Out: [`Rule`]s, with every formula resolved for each of
//! its places. A mistake within a formula or a pattern has its place there.

use std::ops::Range;

use super::formula::{self, Wrong};
use super::places::{Each, Places};
use super::read::{Keys, Reader};
use super::resolve::{Place, Scope};
use super::{Check, Kind, Pattern, Rule, SectionForm, Sum, TableForm};
use crate::report::{Code, SectionId, Severity, TableId};

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

/// Says a mistake within a formula that stands at `span`.
pub(super) fn say(reader: &mut Reader<'_>, formula: &str, span: &Range<usize>, wrong: Wrong) {
    let place = reader.inside(span, formula, wrong.at);
    reader.mistake(place, wrong.message);
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
    let issuer = reader.optional_string(&mut keys, "issuer").and_then(|(text, span)| reader.pattern(&text, span));
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
    let patterns: Vec<Pattern> = mentions.into_iter().filter_map(|(text, span)| reader.pattern(&text, span)).collect();
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

#[cfg(test)]
mod tests {
    use super::super::load;

    const FORM: &str = r#"id = "small"
title = "表"
source = "某号"
years = { from = 2020 }
report = { endings = ["报告"] }
[[section]]
id = "only"
heading = ["情况"]
  [[section.table]]
  id = "t"
  columns = [{ id = "a", label = ["甲"] }, { id = "b", label = ["乙"], decimal = true }]
  rows = [{ id = "x", label = ["天"] }, { id = "y-1", label = ["地"] }, { id = "y-2", label = ["人"] }]
  [[section.table]]
  id = "u"
  columns = [{ id = "a", label = ["丙"] }]
  rows = [{ id = "x", label = ["日"] }]
[[rule]]
id = "r"
says = "规则"
"#;

    /// The mistakes of a rule with those lines, by line (from its third) and column.
    #[track_caller]
    fn check(lines: &str, expected: &[&str]) {
        let mistakes: Vec<String> = match load("", &(FORM.to_owned() + lines)) {
            Ok(_) => Vec::new(),
            Err(error) => error
                .mistakes
                .iter()
                .map(|mistake| format!("{}:{}: {}", i64::from(mistake.line) - 19, mistake.column, mistake.message))
                .collect(),
        };
        assert_eq!(mistakes, expected);
    }

    /// The mistakes of a formula, by column within it.
    #[track_caller]
    fn check_formula(place: &str, formula: &str, expected: &[&str]) {
        let lines = format!("{place}\nholds = '{formula}'\n");
        // The formula begins in the tenth column of the line behind those of its place.
        let line = 2 + place.matches('\n').count();
        let expected: Vec<String> = expected
            .iter()
            .map(|mistake| {
                let (column, message) = mistake.split_once(": ").expect("a column");
                format!("{line}:{}: {message}", 9 + column.parse::<usize>().expect("a number"))
            })
            .collect();
        check(&lines, &expected.iter().map(String::as_str).collect::<Vec<_>>());
    }

    const COLUMN: &str = "table = 't'\neach = 'column'";
    const ROW: &str = "table = 't'\neach = 'row'";
    const CELL: &str = "table = 't'\neach = 'cell'";

    #[test]
    fn sound_rules() {
        check_formula(COLUMN, "x = y-1 + y-2", &[]);
        check_formula(COLUMN, "x >= sum(y-*) - u.x.a", &[]);
        check_formula("table = ['t', 'u']\neach = 'column'", "x >= 0", &[]);
        check_formula(ROW, "if a > 0 then b <= last(b) + 2", &[]);
        check_formula(CELL, "decimal or whole(value)", &[]);
        check_formula("table = 't'\neach = 'cell'\nrows = 'y-*'\ncolumns = ['a']", "value < 3", &[]);
        check_formula("", "sum(*.x.a) != 3", &[]);
        check("section = 'only'\nmentions = ['字', '词']\nissuer = '县$'\n", &[]);
        check("finds = 'parts'\ncode = 'GK221'\nseverity = 'note'\n", &[]);
    }

    #[test]
    fn mistakes_in_formulas() {
        check_formula(COLUMN, "x = y", &["5: there is no row `y` in the table `t`"]);
        check_formula(
            COLUMN,
            "y-1 = x-y-2",
            &["7: there is no row `x-y-2` in the table `t`; put blanks around a `-` that takes one off"],
        );
        check_formula(ROW, "a = x", &["5: there is no column `x` in the table `t`"]);
        check_formula(COLUMN, "x = y-*", &["5: `y-*` may be several cells: write `sum(y-*)`"]);
        check_formula(COLUMN, "x = sum(y-1, y-*)", &["14: `y-1` is in this sum already: leave it out once"]);
        check_formula(COLUMN, "x = sum(z*)", &["9: there is no row `z*` in the table `t`"]);
        check_formula(COLUMN, "x + y-1", &["1: this is a figure: compare it with another one, such as `… = …`"]);
        check_formula(COLUMN, "x = 1 or y-1", &["10: this is a figure: compare it with another one, such as `… = …`"]);
        check_formula(COLUMN, "x = (y-1 = 1)", &["5: a figure is expected here, and this is true or false"]);
        check_formula(CELL, "value = decimal", &["9: a figure is expected here, and this is true or false"]);
        check_formula(
            CELL,
            "x = 1",
            &["1: under `each = \"cell\"` there are `value`, `decimal`, `signed` and full names, `table.row.column`"],
        );
        check_formula(
            "",
            "x = 1",
            &["1: a full name is expected here, `table.row.column`; short ones are for rules with `table` and `each`"],
        );
        check_formula("", "t.x = 1", &["1: a name has one part, or three: `table.row.column`"]);
        check_formula("", "t.x.z = 1", &["1: `t.x.z` names no cell: write `table.row.column` with their ids"]);
        check_formula(
            COLUMN,
            "x = last(last(y-1))",
            &["10: `last(…)` stands in another one: only the report of the year before is kept"],
        );
        check_formula(ROW, "whole(a, b)", &["1: one argument is expected here: put `sum(…)` around several"]);
        check_formula(
            ROW,
            "a = 9 * (100000000000000000 * (1000000000000000 * b))",
            &["9: the numbers of this formula are too large"],
        );
        check_formula(
            ROW,
            "a = 二",
            &["5: a name, a whole number, `sum(…)`, `last(…)`, `whole(…)` or `(` is expected here"],
        );
        check_formula(
            COLUMN,
            "x =",
            &["4: a name, a whole number, `sum(…)`, `last(…)`, `whole(…)` or `(` is expected here"],
        );
        let settled = "table = 't'\neach = 'cell'\ncolumns = 'a'";
        check_formula(settled, "decimal", &["0: this never holds, whatever the figures are"]);
        check_formula(
            settled,
            "not decimal",
            &["0: this leaves nothing to check: it holds everywhere, whatever the figures are"],
        );
        // Where escapes hide the place, the string has it.
        check(
            "table = 't'\neach = 'row'\nholds = \"a = \\u0078\"\n",
            &["3:9: there is no column `x` in the table `t`"],
        );
        check(
            "table = 't'\neach = 'row'\nholds = \"\"\"\n  a =\n  x\"\"\"\n",
            &["5:3: there is no column `x` in the table `t`"],
        );
    }

    #[test]
    fn mistakes_in_keys() {
        check("", &["-2:1: a rule has one thing to check: `holds`, or `section` with `mentions`, or `finds`"]);
        check(
            "holds = 't.x.a = 1'\nfinds = 'parts'\n",
            &["-2:1: a rule has one thing to check: `holds`, or `section` with `mentions`, or `finds`"],
        );
        check(
            "section = 'only'\n",
            &["-2:1: a rule has one thing to check: `holds`, or `section` with `mentions`, or `finds`"],
        );
        check("section = 'other'\nmentions = '字'\n", &["1:11: there is no section `other` in this file"]);
        check("section = 'only'\nmentions = '('\n", &["2:12: the pattern is not a regular expression: unclosed group"]);
        check("finds = 'wholes'\n", &["1:9: `wholes` is nothing to find: use parts, shares or duplicates"]);
        check(
            "finds = 'parts'\ncode = 'GK301'\n",
            &["2:8: `GK301` is no code of a rule: use one of GK2xx, or leave it out for GK200"],
        );
        check("finds = 'parts'\nseverity = 'bad'\n", &["2:12: `bad` is no severity: use error, warning or note"]);
        check(
            "finds = 'parts'\nlevel = 'note'\n",
            &[
                "2:1: unknown key `level`: known here are id, code, severity, table, each, rows, columns, issuer, holds, section, \
             mentions, finds, says",
            ],
        );
        check("table = 'v'\neach = 'row'\nholds = 'a = 1'\n", &["1:9: there is no table `v` in this file"]);
        check(
            "table = 't'\neach = 'line'\nholds = 't.x.a = 1'\n",
            &["2:8: `line` is not known here: use column, row or cell"],
        );
        check(
            "each = 'row'\nholds = 'a = 1'\n",
            &["1:8: `each` needs `table`, the table whose columns, rows or cells are meant"],
        );
        check("table = ['t', 'u']\nholds = 't.x.a = 1'\n", &["-2:1: several tables need `each`: column, row or cell"]);
        check("table = 't'\neach = 'row'\nrows = 'z'\nholds = 'a = 1'\n", &["3:8: there is no row `z` in the table"]);
        check(
            "table = 't'\neach = 'row'\ncolumns = 'a'\nholds = 'a = 1'\n",
            &["3:11: `columns` is for `each = \"column\"` or `each = \"cell\"`"],
        );
        check(
            "finds = 'parts'\n[[rule]]\nid = 'r'\nsays = '又'\nfinds = 'shares'\n",
            &["3:6: there is a rule `r` already: give this one another id"],
        );
        check(
            "finds = 'parts'\n[[rule]]\nid = 'R.x'\nfinds = 'shares'\n",
            &[
                "2:1: `says` is missing: add `says = \"…\"`",
                "3:6: `R.x` is no id of a rule: write ids with `.` between them, `applications.balance`",
            ],
        );
    }
}
