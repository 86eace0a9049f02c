//! Tables with tabs: merged cells blank, half lost, or repeated.

use crate::rng::Rng;
use crate::sheet::{BodyRow, Level, Sheet, Slot};

/// Merged cells are blank, and each line ends in a tab. Most tables of applications are ragged: the labels
/// of `一、` and `（一）` take two columns, those of `1.` three, and the last sub-row starts in the first.
pub fn tab(sheet: &Sheet, rng: &mut Rng) -> Vec<String> {
    let ragged = sheet.id == "applications" && rng.chance(65);
    let mut lines = Vec::new();
    if let Some(caption) = &sheet.caption {
        lines.push(caption.clone() + &"\t".repeat(sheet.width - 1));
    }
    for row in &sheet.header {
        let skip = usize::from(ragged);
        let cells: Vec<&str> = row.iter().take(1).chain(row.iter().skip(1 + skip)).map(shown).collect();
        lines.push(cells.join("\t") + "\t");
    }
    let last_sub = sheet.rows.iter().rposition(|row| row.level == Level::Sub);
    for (index, row) in sheet.rows.iter().enumerate() {
        let labels = if ragged { ragged_labels(row, Some(index) == last_sub) } else { plain_labels(row) };
        lines.push(joined(&labels, row) + "\t");
    }
    lines
}

/// Some of the blank cells before a label are lost, and any number of tabs stands at the end.
pub fn half_lost(sheet: &Sheet, rng: &mut Rng) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(sheet.caption.clone());
    for row in &sheet.header {
        lines.push(lose_blanks(row.iter().map(shown).collect(), rng).join("\t"));
    }
    for row in &sheet.rows {
        let labels = lose_blanks(plain_labels(row), rng);
        lines.push(joined(&labels, row));
    }
    let tail = rng.chance(60);
    for line in &mut lines {
        if tail {
            line.push_str(&"\t".repeat(rng.below(6)));
        }
    }
    lines
}

/// Every cell that a merged cell covers shows its text again.
pub fn repeated(sheet: &Sheet, rng: &mut Rng) -> Vec<String> {
    let end = if rng.chance(30) { "\t" } else { "" };
    let mut lines = Vec::new();
    if let Some(caption) = &sheet.caption {
        // The caption covers as many cells as its own block has columns.
        lines.push(vec![caption.as_str(); sheet.header[0].len()].join("\t") + end);
    }
    for row in &sheet.header {
        lines.push(row.iter().map(|slot| slot.text.as_str()).collect::<Vec<_>>().join("\t") + end);
    }
    for row in &sheet.rows {
        let labels: Vec<&str> = row.labels.iter().map(|slot| slot.text.as_str()).collect();
        lines.push(joined(&labels, row) + end);
    }
    lines
}

fn joined(labels: &[&str], row: &BodyRow) -> String {
    let cells: Vec<&str> = labels.iter().copied().chain(row.figures.iter().map(String::as_str)).collect();
    cells.join("\t")
}

fn plain_labels(row: &BodyRow) -> Vec<&str> {
    row.labels.iter().map(shown).collect()
}

fn ragged_labels(row: &BodyRow, last_sub: bool) -> Vec<&str> {
    let label = |index: usize| row.labels[index].text.as_str();
    match row.level {
        Level::Plain => plain_labels(row),
        Level::Top => vec![label(0), ""],
        Level::Sub if last_sub => vec![label(2), ""],
        Level::Sub => plain_labels(row),
        // `（七）总计` follows the sub-row that starts in the first column, and does as it does.
        Level::Item if label(1).contains('七') => vec![label(1), ""],
        Level::Item => vec![shown(&row.labels[0]), label(1)],
    }
}

/// Drops a random number of the blanks before the first text.
fn lose_blanks<'a>(cells: Vec<&'a str>, rng: &mut Rng) -> Vec<&'a str> {
    let blanks = cells.iter().take_while(|cell| cell.is_empty()).count();
    let lost = rng.below(blanks + 1);
    cells.into_iter().skip(lost).collect()
}

fn shown(slot: &Slot) -> &str {
    if slot.fresh { &slot.text } else { "" }
}
