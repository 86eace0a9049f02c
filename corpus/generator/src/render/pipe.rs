//! Tables with pipes that are no Markdown: what converters make of HTML cells.

use crate::rng::Rng;
use crate::sheet::{BodyRow, Sheet};

/// A row in one line, each cell closed by ` |`; merged cells are dropped, or stand as bare pipes at the end.
pub fn rows(sheet: &Sheet, tail: bool) -> Vec<String> {
    grid(sheet)
        .into_iter()
        .map(|row| {
            let mut line = row.cells.join(" | ") + " |";
            if tail && row.merged > 0 {
                line.push(' ');
                line.push_str(&"|".repeat(row.merged));
            }
            line
        })
        .collect()
}

/// A cell in each line, closed by ` |`. The merged rest of a row is a line of pipes, or is glued to the last cell.
/// A rest of one is left out when it would stand alone, for a lone pipe is a blank cell.
pub fn cells(sheet: &Sheet, glued: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for row in grid(sheet) {
        let end = row.cells.len() - 1;
        for (index, cell) in row.cells.iter().enumerate() {
            let mut line = if cell.is_empty() { "|".to_owned() } else { format!("{cell} |") };
            if glued && index == end && row.merged > 0 {
                line.push(' ');
                line.push_str(&"|".repeat(row.merged));
            }
            lines.push(line);
        }
        if !glued && row.merged > 1 && !row.inner {
            lines.push("|".repeat(row.merged));
        }
    }
    lines
}

/// A cell and a pipe in turn.
pub fn alternate(sheet: &Sheet) -> Vec<String> {
    let mut lines = Vec::new();
    for cell in grid(sheet).into_iter().flat_map(|row| row.cells) {
        if !cell.is_empty() {
            lines.push(cell);
        }
        lines.push("|".to_owned());
    }
    lines
}

/// A pipe opens the row; the cells follow, padded by blanks and newlines.
pub fn first(sheet: &Sheet, rng: &mut Rng) -> Vec<String> {
    let mut lines = Vec::new();
    for row in grid(sheet) {
        lines.push("| ".to_owned());
        for cell in row.cells {
            if rng.chance(15) {
                lines.push(" ".to_owned());
            }
            lines.push(if cell.is_empty() { "  |".to_owned() } else { format!("  {cell}  |") });
        }
    }
    lines
}

/// What is left of a row when its merged cells are dropped.
struct Kept {
    cells: Vec<String>,
    /// How many places of the table the row does not fill.
    merged: usize,
    /// Do the unfilled places lie before or between the figures, rather than behind them?
    inner: bool,
}

fn grid(sheet: &Sheet) -> Vec<Kept> {
    let kept = |cells: Vec<String>, inner: bool| {
        let merged = sheet.width.saturating_sub(cells.len());
        Kept { cells, merged, inner }
    };
    let mut rows = Vec::new();
    if let Some(caption) = &sheet.caption {
        rows.push(kept(vec![caption.clone()], false));
    }
    for row in &sheet.header {
        rows.push(kept(row.iter().filter(|slot| slot.fresh).map(|slot| slot.text.clone()).collect(), false));
    }
    for row in &sheet.rows {
        rows.push(kept(cells_of(row), row.labels.len() > 1));
    }
    rows
}

fn cells_of(row: &BodyRow) -> Vec<String> {
    row.fresh().map(str::to_owned).chain(row.figures.iter().cloned()).collect()
}
