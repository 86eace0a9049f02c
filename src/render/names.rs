//! The form's own words for its sections, rows, columns and cells, as short as they can be told apart.

use super::Lang;
use crate::grammar::{Grammar, Label, RowForm};
use crate::report::{CellId, ColumnId, RowId, SectionId, TableId};

/// A label is cut behind so many characters; no two labels of a form begin alike for so long.
const LONGEST: usize = 20;

/// The heading of a section.
pub(super) fn section(grammar: &Grammar, id: SectionId) -> Option<&str> {
    let section = grammar.sections.get(usize::from(id))?;
    section.headings.first().map(|label| label.shown.as_str())
}

/// A row with its number and, where the number starts anew in each group, its group: `（一）予以公开`, `不予公开 1.属于国家秘密`.
pub(super) fn row(grammar: &Grammar, table: TableId, row: RowId) -> Option<String> {
    let form = grammar.tables.get(usize::from(table))?.rows.get(usize::from(row))?;
    let label = short(form.labels.first()?);
    let group = form.group.last().filter(|_| is_counted_anew(form)).map(|group| format!("{} ", group.shown));
    Some(format!("{}{}{label}", group.unwrap_or_default(), number(form)))
}

/// The head of a column.
pub(super) fn column(grammar: &Grammar, table: TableId, column: ColumnId) -> Option<String> {
    grammar.tables.get(usize::from(table))?.columns.get(usize::from(column))?.labels.first().map(short)
}

/// Row and column of a cell, or the one of them that is known.
pub(super) fn place(
    grammar: &Grammar,
    table: TableId,
    row_id: Option<RowId>,
    column_id: Option<ColumnId>,
    lang: Lang,
) -> String {
    let row = row_id.and_then(|id| row(grammar, table, id));
    let column = column_id.and_then(|id| column(grammar, table, id));
    let parts: Vec<String> = row.into_iter().chain(column).collect();
    parts.join(if lang == Lang::Zh { "，" } else { ", " })
}

/// Row and column of a cell.
pub(super) fn cell(grammar: &Grammar, cell: CellId, lang: Lang) -> String {
    place(grammar, cell.table, Some(cell.row), Some(cell.column), lang)
}

/// The ids of a cell's table, row and column: `applications`, `new_received`, `total`.
pub(crate) fn cell_ids(grammar: &Grammar, cell: CellId) -> Option<[&str; 3]> {
    let table = grammar.tables.get(usize::from(cell.table))?;
    let row = table.rows.get(usize::from(cell.row))?;
    let column = table.columns.get(usize::from(cell.column))?;
    Some([&table.id, &row.id, &column.id])
}

/// A label without the remark in brackets behind it, and not longer than it must be.
fn short(label: &Label) -> String {
    let shown = label.shown.as_str();
    let plain = shown.find('（').filter(|at| *at > 0 && shown.ends_with('）')).map_or(shown, |at| &shown[..at]);
    match plain.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &plain[..at]),
        // Labels are quoted when they are shown.
        None => plain.replace('“', "‘").replace('”', "’"),
    }
}

/// Numbers such as `1.` start anew in each group.
fn is_counted_anew(form: &RowForm) -> bool {
    form.numbering.is_some_and(|numbering| numbering.level >= 3) || (form.numbering.is_none() && form.group.len() == 1)
}

/// The number before a row's label, as forms print it.
fn number(form: &RowForm) -> String {
    let Some(numbering) = form.numbering else { return String::new() };
    let ordinal = numbering.ordinal;
    match numbering.level {
        1 => format!("{}、", numeral(ordinal)),
        2 => format!("（{}）", numeral(ordinal)),
        3 => format!("{ordinal}."),
        _ => format!("（{ordinal}）"),
    }
}

/// A Chinese numeral up to 99; digits beyond.
fn numeral(ordinal: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |at: u32| DIGITS.get(at as usize).copied().unwrap_or_default();
    match ordinal {
        1..=9 => digit(ordinal).to_owned(),
        10..=19 => format!("十{}", digit(ordinal - 10)),
        20..=99 => format!("{}十{}", digit(ordinal / 10), digit(ordinal % 10)),
        _ => ordinal.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::Grammars;

    #[track_caller]
    fn check(id: &str, expected: &str) {
        let grammars = Grammars::built_in();
        let grammar = grammars.get("gid-2021").expect("the grammar");
        let parts: Vec<&str> = id.split('.').collect();
        let (table, row, column) = grammar.cell(parts[0], parts[1], parts[2]).expect("a cell");
        let id = CellId { table, row, column };
        assert_eq!(cell(grammar, id, Lang::Zh), expected);
        assert_eq!(cell_ids(grammar, id).map(|ids| ids.to_vec()), Some(parts));
    }

    #[test]
    fn cells() {
        check("applications.new_received.natural_person", "一、本年新收政府信息公开申请数量，自然人");
        check("applications.granted.total", "（一）予以公开，总计");
        check("applications.partially_granted.total", "（二）部分公开，总计");
        check("applications.denied_state_secret.other", "不予公开 1.属于国家秘密，其他");
        check("applications.denied_security_stability.other", "不予公开 3.危及‘三安全一稳定’，其他");
        check("applications.closed_other.total", "其他处理 3.其他，总计");
        check("applications.closed_no_correction.total", "其他处理 1.申请人无正当理由逾期不补正、行政机关不再…，总计");
        check("applications.outcome_total.total", "（七）总计，总计");
        check("review_litigation.litigation_direct.upheld", "行政诉讼 未经复议直接起诉，结果维持");
        check("article_20_8.administrative_fees.amount", "行政事业性收费，本年收费金额");
    }

    #[test]
    fn numerals() {
        for (ordinal, expected) in [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九"), (100, "100")]
        {
            assert_eq!(numeral(ordinal), expected);
        }
    }
}
