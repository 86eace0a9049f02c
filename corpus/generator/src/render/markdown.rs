//! Markdown tables: one for each block, or one for each row.

use crate::rng::Rng;
use crate::sheet::{BodyRow, Sheet, Slot};

/// The three groups of table 四, for the layouts that split its one row.
const GROUPS: [&str; 3] = ["行政复议", "未经复议直接起诉", "复议后起诉"];

/// A table with all rows of its header over the rule.
pub fn whole(sheet: &Sheet) -> Vec<String> {
    // The empty line that parts one table from the next stands first, so that rows can follow the last.
    let mut lines = vec![String::new()];
    if let Some(caption) = &sheet.caption {
        lines.extend([caption.clone(), String::new()]);
    }
    lines.extend(sheet.header.iter().map(|row| line(row.iter().map(shown))));
    lines.push(rule(sheet.header[0].len()));
    for row in &sheet.rows {
        lines.push(line(row.labels.iter().map(shown).chain(row.figures.iter().map(String::as_str))));
    }
    lines
}

/// A small table for each row. The heads of the table of applications are invented, as a converter does that has
/// lost the real ones, so a line over the first table names the columns.
pub fn single(sheet: &Sheet, rng: &mut Rng) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(caption) = &sheet.caption {
        lines.extend([caption.clone(), String::new()]);
    }
    match (sheet.id, sheet.rows.len()) {
        ("applications", _) => applications(sheet, rng, &mut lines),
        ("review_litigation", 1) => {
            let heads: Vec<&str> = sheet.header[2][10..].iter().map(|slot| slot.text.as_str()).collect();
            for (name, figures) in GROUPS.iter().zip(sheet.rows[0].figures.chunks(5)) {
                small(&mut lines, "类别", &heads, name, figures);
            }
        }
        _ => {
            let heads: Vec<&str> = sheet.header[0].iter().map(|slot| slot.text.as_str()).collect();
            for row in &sheet.rows {
                small(&mut lines, heads[0], &heads[1..], own_label(row), &row.figures);
            }
        }
    }
    lines
}

fn applications(sheet: &Sheet, rng: &mut Rng, lines: &mut Vec<String>) {
    let names = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"];
    lines.extend([format!("各列依次为：{}。", names.join("、")), String::new()]);
    let heads: Vec<String> = (1..=7).map(|index| format!("数据{index}")).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let bare = rng.chance(50);
    for row in &sheet.rows {
        // Labels over several rows stand in lines of their own.
        let over = row.labels.len() - 1;
        for slot in row.labels[..over].iter().filter(|slot| slot.fresh) {
            if slot.text != own_label(row) {
                lines.extend([slot.text.clone(), String::new()]);
            }
        }
        let label = own_label(row);
        // Only the labels 一、二、四、 are clear enough without their numbers.
        let label = match label.split_once('、') {
            Some((number, rest)) if bare && matches!(number, "一" | "二" | "四") => rest,
            _ => label,
        };
        small(lines, "项目", &heads, label, &row.figures);
    }
}

fn small(lines: &mut Vec<String>, corner: &str, heads: &[&str], label: &str, figures: &[String]) {
    lines.push(line(std::iter::once(corner).chain(heads.iter().copied())));
    lines.push(rule(heads.len() + 1));
    lines.push(line(std::iter::once(label).chain(figures.iter().map(String::as_str))));
    lines.push(String::new());
}

/// The innermost label that is printed in a row.
fn own_label(row: &BodyRow) -> &str {
    row.fresh().last().unwrap_or("")
}

fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cells: Vec<&str> = cells.collect();
    format!("| {} |", cells.join(" | "))
}

fn rule(width: usize) -> String {
    format!("|{}", "---|".repeat(width))
}

fn shown(slot: &Slot) -> &str {
    if slot.fresh { &slot.text } else { "" }
}
