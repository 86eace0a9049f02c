//! What did not become a finding, for those who want to know: rules that could not be assessed, and statements that hold.
//!
//! One line each, without the path of its page and without a line end.

use super::{Lang, names};
use crate::grammar::Grammar;
use crate::report::{CellId, Open, RuleId, Statement};

/// So many cells of a rule are named.
const MOST_CELLS: usize = 6;

/// For each rule that could not be assessed, a line with the cells that are no numbers.
pub fn not_assessable(open: &[Open], grammar: &Grammar, lang: Lang) -> Vec<String> {
    let mut rules: Vec<(RuleId, usize, Vec<CellId>)> = Vec::new();
    for Open { rule, gaps } in open {
        let at = rules.iter().position(|(other, ..)| other == rule).unwrap_or(rules.len());
        if at == rules.len() {
            rules.push((*rule, 0, Vec::new()));
        }
        let Some((_, count, cells)) = rules.get_mut(at) else { continue };
        *count += 1;
        for gap in gaps {
            if !cells.contains(gap) {
                cells.push(*gap);
            }
        }
    }
    rules.sort_by_key(|(rule, ..)| *rule);
    rules.iter().map(|(rule, count, cells)| line(grammar, *rule, *count, cells, lang)).collect()
}

fn line(grammar: &Grammar, rule: RuleId, count: usize, cells: &[CellId], lang: Lang) -> String {
    let (id, kind) =
        grammar.rules.get(usize::from(rule)).map_or(("?", ""), |rule| (rule.id.as_str(), rule.kind.name()));
    let named: Vec<String> =
        cells.iter().take(MOST_CELLS).map(|cell| format!("“{}”", names::cell(grammar, *cell, lang))).collect();
    let more = cells.len().saturating_sub(MOST_CELLS);
    match lang {
        Lang::En => {
            let times = if count > 1 { format!(" in {count} places") } else { String::new() };
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("not assessable: {id} ({kind}){times}: no number in {}{more}", named.join(", "))
        }
        Lang::Zh => {
            let times = if count > 1 { format!("，{count} 处") } else { String::new() };
            let more = if more > 0 { format!(" 等 {} 格", cells.len()) } else { String::new() };
            format!("无法核对：{id}（{kind}）{times}：以下各格不是数字：{}{more}", named.join("、"))
        }
    }
}

/// The line of a statement that holds: `holds: statement.parts: 213 = 148 + 1 + 1 + 63`.
pub fn holds(statement: &Statement, grammar: &Grammar, lang: Lang) -> String {
    let id = grammar.rules.get(usize::from(statement.rule)).map_or("?", |rule| rule.id.as_str());
    let terms: Vec<String> = if statement.parts.is_empty() {
        statement.cells.iter().map(|cell| format!("“{}”", names::cell(grammar, *cell, lang))).collect()
    } else {
        statement.parts.iter().map(|part| part.value.to_string()).collect()
    };
    let terms = match terms.as_slice() {
        [first, .., last] if statement.parts.is_empty() && terms.len() > 3 => format!("{first} + … + {last}"),
        _ => terms.join(" + "),
    };
    match lang {
        Lang::En => format!("holds: {id}: {} = {terms}", statement.value),
        Lang::Zh => format!("相符：{id}：{} = {terms}", statement.value),
    }
}
