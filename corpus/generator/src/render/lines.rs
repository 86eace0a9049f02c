//! Tables without delimiters of their own: a cell a line, runs of blanks, or all in one line.

use crate::render::blank;
use crate::rng::Rng;
use crate::sheet::Sheet;
use crate::style::Style;

/// A cell in each line, some of them indented, with or without empty lines between.
pub fn lines(sheet: &Sheet, spaced: bool, rng: &mut Rng) -> Vec<String> {
    let indent = rng.pick(&[0, 0, 30, 100]);
    let mut lines = Vec::new();
    // A page keeps heads with a blank in one line or breaks all of them there; and so with remarks.
    let (broken_heads, remark_below) = (rng.chance(40), rng.chance(50));
    let heads = usize::from(sheet.caption.is_some()) + sheet.header.len();
    let mut cells: Vec<String> = Vec::new();
    for (index, row) in rows(sheet).into_iter().enumerate() {
        for cell in row {
            if index < heads && broken_heads && cell.contains(' ') {
                cells.extend(cell.split(' ').map(str::to_owned));
            } else if index >= heads && remark_below && cell.contains("其中修订") {
                let at = cell.find(['（', '(']).unwrap_or(cell.len());
                cells.extend([cell[..at].to_owned(), cell[at..].to_owned()]);
            } else {
                cells.push(cell);
            }
        }
    }
    for cell in cells {
        let lead = if rng.chance(indent) { " " } else { "" };
        lines.push(format!("{lead}{cell}"));
        if spaced {
            lines.push(String::new());
        }
    }
    lines
}

/// A row in each line, its cells kept apart by two or more blanks.
pub fn spaces(sheet: &Sheet, style: &Style, rng: &mut Rng) -> Vec<String> {
    let mut lines = Vec::new();
    for row in rows(sheet) {
        let mut line = " ".repeat(rng.pick(&[0, 0, 2, 4]));
        for (index, cell) in row.iter().enumerate() {
            if index > 0 {
                line.push_str(&blank(style).repeat(2 + rng.below(5)));
            }
            line.push_str(cell);
        }
        lines.push(line);
    }
    lines
}

/// All cells in one line.
pub fn one_line(sheet: &Sheet, blank: &str) -> Vec<String> {
    let cells: Vec<String> = rows(sheet).into_iter().flatten().collect();
    vec![cells.join(blank)]
}

/// The cells of each row, merged ones dropped.
fn rows(sheet: &Sheet) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    rows.extend(sheet.caption.iter().map(|caption| vec![caption.clone()]));
    for row in &sheet.header {
        rows.push(row.iter().filter(|slot| slot.fresh).map(|slot| slot.text.clone()).collect());
    }
    for row in &sheet.rows {
        rows.push(row.fresh().map(str::to_owned).chain(row.figures.iter().cloned()).collect());
    }
    rows
}
