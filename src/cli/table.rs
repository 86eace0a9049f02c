//! Rows of words as a table for terminals: the first column to the left, figures to the right.

use unicode_width::UnicodeWidthStr;

/// The table, with a line end behind each row.
pub(super) fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut table = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let blanks = " ".repeat(width - cell.width());
            match column {
                0 => line += &format!("{cell}{blanks}"),
                _ => line += &format!("  {blanks}{cell}"),
            }
        }
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_one_another() {
        #[track_caller]
        fn check(rows: &[&[&str]], expected: &str) {
            let rows: Vec<Vec<String>> =
                rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
            assert_eq!(aligned(&rows), expected);
        }
        check(&[], "");
        check(&[&["stage", "MB/s"], &["a", "1.0"]], "stage  MB/s\na       1.0\n");
        check(&[&["阶段", "速度"], &["whole", "1"]], "阶段   速度\nwhole     1\n");
        check(&[&["a", "b"], &["c", ""], &["d"]], "a  b\nc\nd\n");
    }
}
