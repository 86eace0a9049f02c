//! Small forms as text and what is to blame in them; then random forms.

mod form;
mod random;

use super::Equation;
use super::looks::slip;
use crate::report::{CellId, Decimal, Looks};
use form::{Form, cell, decimal};

#[track_caller]
fn check(form: &str, expected: &[&str]) {
    assert_eq!(Form::read(form).shown(), expected, "{form}");
}

/// The same of a form that holds, after cells were written otherwise.
#[track_caller]
fn check_changed(changes: &str, expected: &[&str]) {
    let mut form = Form::read(SOUND);
    assert_eq!(form.shown(), [""; 0]);
    for line in changes.lines() {
        match line.split_whitespace().collect::<Vec<_>>().as_slice() {
            [] => {}
            ["says", name, figure] => form.says.push((form.cell(name), decimal(figure))),
            [name, "-"] => {
                let cell = form.cell(name);
                form.rows[usize::from(cell.row)].1[usize::from(cell.column)] = None;
            }
            [name, figure] if name.contains('.') => form.set(form.cell(name), decimal(figure)),
            [name, figures @ ..] => {
                let row = form.row(name).unwrap();
                form.rows[row].1 = figures.iter().map(|figure| Some(decimal(figure))).collect();
            }
        }
    }
    assert_eq!(form.shown(), expected, "{changes}");
}

const SOUND: &str = "
    new  58  7  0  0  1  66
    in   12  0  3  0  0  15
    g1   21  5  0  0  0  26
    g2   13  0  1  0  0  14
    g3    0  2  0  0  1   3
    g4   30  0  2  0  0  32
    out  64  7  3  0  1  75
    on    6  0  0  0  0   6
";

#[test]
fn one_wrong_cell() {
    check_changed("", &[]);
    // A leaf breaks its row and its column.
    check_changed("g1.b 9", &["g1.b 9>5 explains 2"]);
    check_changed("g1.a 12", &["g1.a 12>21 explains 2 DigitsSwapped"]);
    check_changed("g2.a 1", &["g2.a 1>13 explains 2 DigitLost"]);
    check_changed("g2.a 133", &["g2.a 133>13 explains 2 DigitAdded"]);
    check_changed("g2.a 18", &["g2.a 18>13 explains 2 DigitWrong"]);
    check_changed("new.a 85", &["new.a 85>58 explains 2 DigitsSwapped"]);
    // A total of a row, in the column of totals.
    check_changed("g4.t 45", &["g4.t 45>32 explains 2 TotalNotUpdated"]);
    check_changed("new.t 0", &["new.t 0>66 explains 2 TotalNotUpdated"]);
    // A total of outcomes breaks its sum, its row and the balance; that of all breaks three as well.
    check_changed("out.a 46", &["out.a 46>64 explains 3 DigitsSwapped"]);
    check_changed("out.a 99", &["out.a 99>64 explains 3 TotalNotUpdated"]);
    check_changed("out.t 90", &["out.t 90>75 explains 3 TotalNotUpdated"]);
}

#[test]
fn several_wrong_cells() {
    // In different rows and columns: two causes.
    check_changed("g1.b 8\ng4.c 4", &["g1.b 8>5 explains 2", "g4.c 4>2 explains 2"]);
    // So many that only changes are tried that break nothing.
    check_changed(
        "g1.a 12\ng3.e 4\nnew.b 9\non.d 5\ng2.c 8",
        &[
            "new.b 9>7 explains 2",
            "g1.a 12>21 explains 2 DigitsSwapped",
            "g2.c 8>1 explains 2",
            "g3.e 4>1 explains 2",
            "on.d 5>0 explains 2",
        ],
    );
    // By the same amount it could be the other corners as well; 32 for 30 is a known slip, 0 for 2 is none.
    check_changed("g1.a 19\ng4.c 0", &["g1.c 0>2 explains 2 others 1", "g4.a 30>32 explains 2 DigitWrong others 1"]);
    check_changed(
        "g1.a 12\ng3.e 4\nnew.b 9",
        &["new.b 9>7 explains 2", "g1.a 12>21 explains 2 DigitsSwapped", "g3.e 4>1 explains 2"],
    );
    // In one row or one column: one cause.
    check_changed("g1.a 12\ng1.b 8", &["g1.a 12>21 g1.b 8>5 explains 3"]);
    check_changed("g1.a 12\ng4.a 3", &["g1.a 12>21 g4.a 3>30 explains 3"]);
    check_changed("g1.a 12\ng2.a 31", &["g1.a 12>21 g2.a 31>13 explains 3 DigitsSwapped"]);
    // They hide each other in their column.
    check_changed("g1.a 23\ng4.a 28", &["g1.t 26>28 g4.t 32>30 explains 2 DigitWrong others 2"]);
}

#[test]
fn figures_in_a_wrong_place() {
    // One column too far to the right, the total in its place.
    check_changed("g1 0 21 5 0 0 26", &["g1.a 0>21 g1.b 21>5 g1.c 5>0 explains 3 ColumnShifted"]);
    // One too far to the left: the first figure is lost.
    check_changed("g1 5 0 0 0 26 0", &["g1.a 5>21 g1.b 0>5 g1.e 26>0 g1.t 0>26 explains 5 ColumnShifted"]);
    check_changed(
        "new 7 0 0 1 66 0",
        &["new.a 7>58 new.b 0>7 new.d 1>0 new.e 66>1 new.t 0>66 explains 6 ColumnShifted"],
    );
    // The same figure in the other direction elsewhere would do as well.
    check_changed("g4 30 2 0 0 0 32", &["g3.b 2>0 g3.c 0>2 explains 2 ColumnShifted others 1"]);
    check_changed("g1 5 21 0 0 0 26", &["g1.a 5>21 g1.b 21>5 explains 2 CellsSwapped"]);
    check_changed("g1.a 13\ng2.a 21", &["g1.a 13>21 g2.a 21>13 explains 2 CellsSwapped"]);
    // Beside another cause.
    check_changed("g1 5 21 0 0 0 26\ng4.e 7", &["g4.e 7>0 explains 2", "g1.a 5>21 g1.b 21>5 explains 2 CellsSwapped"]);
    check_changed(
        "g1 5 0 0 0 26 0\nnew.c 4",
        &["new.c 4>0 explains 2", "g1.a 5>21 g1.b 0>5 g1.e 26>0 g1.t 0>26 explains 5 ColumnShifted"],
    );
}

#[test]
fn single_sums() {
    // No other equation helps: the first guess is a slip, the next the total.
    check("r 10 1 0 0 0", &["r.t 0>11 explains 1 TotalNotUpdated"]);
    check("r 10 1 0 0 9", &["r.t 9>11 explains 1 others 1"]);
    check("r 3 4 0 0 9", &["r.t 9>7 explains 1 others 4"]);
    check("r 13 4 0 0 71", &["r.t 71>17 explains 1 DigitsSwapped others 4"]);
    check("r 21 14 0 0 26", &["r.a 21>12 explains 1 DigitsSwapped others 2"]);
    check("r 0 0 0 0 5", &["r.t 5>0 explains 1 others 4"]);
    check("r 7 3 - 0 5", &[]);
    // Rows have nothing to do with each other.
    check(
        "r 7 3 1 0 5\ns 1 1 0 0 2\nq 1 0 0 0 0",
        &["r.t 5>11 explains 1 others 1", "q.t 0>1 explains 1 TotalNotUpdated others 1"],
    );
    // What a column may hold.
    check("r 3 1 0 0 2", &["r.t 2>4 explains 1 others 1"]);
    check("signed\nr 3 1 0 0 2", &["r.t 2>4 explains 1 others 4"]);
    check("signed\nr -3 4 0 0 9", &["r.t 9>1 explains 1 others 4"]);
    check("r 10.5 1 0 0 12", &["r.a 10.5>11 explains 1"]);
    check("decimal\nr 10.5 1.25 0 0 17.15", &["r.t 17.15>11.75 explains 1 others 4"]);
    check("decimal\nr 10.5 1.25 0 0 11.57", &["r.t 11.57>11.75 explains 1 DigitsSwapped others 2"]);
    check("decimal\nr 10.5 1.25 0 0 11.7", &["r.t 11.7>11.75 explains 1 DigitLost others 2"]);
}

#[test]
fn statements() {
    // A text that only itself contradicts is wrong itself.
    check_changed("says new.t 60", &["1 unexplained"]);
    check_changed("says new.t 60\ng1.a 12", &["g1.a 12>21 explains 2 DigitsSwapped", "1 unexplained"]);
    check_changed(
        "says new.t 1\nsays on.t 2\nsays out.t 3\nsays in.t 4\ng1.a 12",
        &["g1.a 12>21 explains 2 DigitsSwapped", "4 unexplained"],
    );
    // One that agrees with the equations is a witness more.
    check_changed("says new.t 66\nnew.t 60", &["new.t 60>66 explains 3 DigitWrong"]);
    // One that was copied from the wrong cell is none.
    check_changed("says new.t 60\nnew.t 60", &["new.t 60>66 explains 2 DigitWrong"]);
    // It pins the total, or tells it from its parts.
    check("r 3 4 0 0 9\nsays r.t 9", &["r.a 3>5 explains 1 others 3"]);
    check("r 3 4 0 0 9\nsays r.t 7", &["r.t 9>7 explains 2 TotalNotUpdated"]);
    check("r 3 4 0 - 9\nsays r.t 7", &["1 unexplained"]);
    check("r 3 4 0 - 12\nsays r.t 21", &["1 unexplained"]);
    check("r 3 4 0 - 9\nsays r.t 7\nsays r.t 7", &["r.t 9>7 explains 2"]);
}

#[test]
fn gaps() {
    // Equations with a gap are not assessed; what is left is enough, or is not.
    check_changed("g1.c -\ng1.a 12", &["g1.a 12>21 explains 1 DigitsSwapped"]);
    check_changed("g1.t -\ng1.a 12", &["g1.a 12>21 explains 1 DigitsSwapped"]);
    check_changed("g2.a -\ng1.a 12", &["g1.a 12>21 explains 1 DigitsSwapped"]);
    check_changed("g1.t -\ng2.a -\ng1.a 12", &[]);
}

#[test]
fn large_numbers() {
    let most = i64::MAX;
    check(&format!("r {most} 1 0 0 {most}"), &[&format!("r.a {most}>{} explains 1 DigitWrong others 1", most - 1)]);
    let more = "9".repeat(38);
    check(&format!("r {more} 1 0 0 5"), &["1 unexplained"]);
    check(
        &format!("r {more} 1 0 0 {more}\nq 2 0 0 0 0"),
        &["q.t 0>2 explains 1 TotalNotUpdated others 1", "1 unexplained"],
    );
    check("decimal\nr 0.00000000001 1 0 0 5", &["1 unexplained"]);
    check(&format!("decimal\nr 0.0001 0 0 0 {most}"), &["1 unexplained"]);
}

#[test]
fn slips() {
    for (found, mended, expected) in [
        ("12", "21", Some(Looks::DigitsSwapped)),
        ("1203", "1230", Some(Looks::DigitsSwapped)),
        ("321", "123", None),
        ("12", "123", Some(Looks::DigitLost)),
        ("23", "123", Some(Looks::DigitLost)),
        ("1", "10", Some(Looks::DigitLost)),
        ("0", "10", None),
        ("122", "12", Some(Looks::DigitAdded)),
        ("1", "123", None),
        ("13", "18", Some(Looks::DigitWrong)),
        ("3", "8", None),
        ("-12", "12", None),
        ("12.5", "12.55", Some(Looks::DigitLost)),
        ("125", "12.5", None),
        ("12.5", "1.25", None),
    ] {
        assert_eq!(slip(decimal(found), decimal(mended)), expected, "{found} for {mended}");
    }
}

#[test]
fn sides() {
    let (one, two, three) = (cell(0, 0), cell(0, 1), cell(0, 2));
    let check = |left: &[(CellId, i64)], right: &[(CellId, i64)], lone: Option<CellId>| {
        let equation = Equation::new(left, right, Decimal::ZERO);
        assert_eq!((equation.terms.len(), equation.lone), (left.len() + right.len(), lone));
    };
    check(&[(one, 1)], &[(two, 1), (three, 1)], Some(one));
    check(&[(two, 1), (three, 1)], &[(one, 1)], Some(one));
    check(&[(two, 1), (three, 1)], &[(one, 2)], None);
    check(&[(one, 1)], &[(two, 1)], None);
    check(&[(one, 1)], &[], None);
}
