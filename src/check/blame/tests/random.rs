//! Random forms of the real size, spoilt at random.

use super::form::{Form, cell};
use crate::report::{CellId, Decimal, Looks};

/// A simple source of numbers: the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    /// Mostly nothing, as in such forms, and sometimes much.
    fn figure(&mut self) -> i64 {
        let end = [1, 1, 10, 100, 2000][self.below(5)];
        i64::try_from(self.below(end)).unwrap()
    }

    /// A form of the real size in which everything holds.
    fn form(&mut self) -> Form {
        const LEAVES: usize = 6;
        let mut rows: Vec<[i64; LEAVES]> = (0..21).map(|_| std::array::from_fn(|_| self.figure())).collect();
        let out: [i64; LEAVES] = std::array::from_fn(|column| rows.iter().map(|row| row[column]).sum());
        let on: [i64; LEAVES] = std::array::from_fn(|_| self.figure());
        let carried: [i64; LEAVES] = std::array::from_fn(|column| self.figure().min(out[column] + on[column]));
        let new = std::array::from_fn(|column| out[column] + on[column] - carried[column]);
        let names = (0..21).map(|row| format!("g{row}"));
        let names = ["new", "in"].map(str::to_owned).into_iter().chain(names).chain(["out", "on"].map(str::to_owned));
        rows.splice(0..0, [new, carried]);
        rows.extend([out, on]);
        let with_total = |row: [i64; LEAVES]| {
            let total = row.iter().sum();
            row.into_iter().chain([total]).map(|figure| Some(Decimal::from(figure))).collect()
        };
        let rows = names.zip(rows).map(|(name, row)| (name, with_total(row))).collect();
        Form { rows, ..Form::default() }
    }

    fn cell(&mut self, form: &Form) -> CellId {
        cell(self.below(form.rows.len()), self.below(form.columns()))
    }

    /// Writes another figure into some cell, and says which one.
    fn spoil(&mut self, form: &mut Form) -> CellId {
        let cell = self.cell(form);
        let figure = Decimal::from(self.figure());
        let figure = if form.value(cell) == Some(figure) { figure.plus(Decimal::from(1)).unwrap() } else { figure };
        form.set(cell, figure);
        cell
    }
}

#[test]
fn any_one_wrong_cell_is_found() {
    let mut dice = Dice(1);
    for round in 0..600 {
        let sound = dice.form();
        let mut form = sound.clone();
        let spoilt = dice.spoil(&mut form);
        // In two rounds of three with gaps.
        for _ in 0..round % 3 * 8 {
            let gap = dice.cell(&form);
            if gap != spoilt {
                form.rows[usize::from(gap.row)].1[usize::from(gap.column)] = None;
            }
        }
        let (equations, blames) = form.blames();
        let failing = equations.iter().filter(|equation| equation.fails()).count();
        for (equation, blame) in equations.iter().zip(blames) {
            assert_eq!(equation.fails(), blame.is_some());
            // One equation alone may have several explanations.
            if let Some(blame) = blame.filter(|_| failing > 1) {
                let cells: Vec<(CellId, Option<Decimal>)> =
                    blame.cells.iter().map(|blamed| (blamed.cell, Some(blamed.mended))).collect();
                assert_eq!(cells, [(spoilt, sound.value(spoilt))]);
                assert_eq!((blame.explains, blame.others), (failing, 0));
            }
        }
    }
}

#[test]
fn what_is_proposed_mends_all_and_is_short() {
    let mut dice = Dice(2);
    let mut explained = [0; 6];
    for round in 0..600 {
        let mut form = dice.form();
        let spoilt = 1 + round % 5;
        (0..spoilt).for_each(|_| _ = dice.spoil(&mut form));
        let (equations, blames) = form.blames();
        let failing = equations.iter().filter(|equation| equation.fails()).count();
        let given = blames.iter().flatten().count();
        assert!(given == 0 || given == failing, "without statements a group is explained as a whole");
        if given == 0 {
            continue;
        }
        explained[spoilt] += 1;
        let mut mended = form.clone();
        let mut changed: Vec<CellId> = Vec::new();
        for blamed in blames.iter().flatten().flat_map(|blame| &blame.cells) {
            mended.set(blamed.cell, blamed.mended);
            changed.push(blamed.cell);
        }
        assert!(mended.equations().iter().all(|equation| !equation.fails()));
        changed.sort();
        changed.dedup();
        let is_move = |looks: Looks| matches!(looks, Looks::ColumnShifted | Looks::CellsSwapped);
        let moved = blames.iter().flatten().filter_map(|blame| blame.looks).any(is_move);
        // Beyond three not every combination is tried.
        assert!(moved || spoilt > 3 || changed.len() <= spoilt);
    }
    assert_eq!(explained, [0, 120, 120, 120, 119, 119]);
}

#[test]
fn everything_wrong_has_no_cause() {
    let mut dice = Dice(3);
    for _ in 0..20 {
        let mut form = dice.form();
        (0..300).for_each(|_| _ = dice.spoil(&mut form));
        assert!(form.blames().1.iter().all(Option::is_none));
    }
}
