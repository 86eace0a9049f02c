//! Figures in a wrong place: a row's figures one column too far, or two figures in each other's place.
//!
//! In: a group of equations. Out: the moves that mend several of them and break none. Each is one slip of whoever filled
//! in the form, although several cells change.

use super::search::Trial;
use super::system::{Change, Group, System};
use crate::report::{CellId, Looks};

/// Figures that changed places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Move {
    /// What it looks like.
    pub looks: Looks,
    /// The changes that put them right, in the order of the unknowns.
    pub changes: Vec<Change>,
}

/// A move is believed that changes so many cells and mends so many equations.
const ENOUGH: usize = 2;
/// The same where the figure that was lost is left open.
const ENOUGH_WITH_LOSS: usize = 3;

/// All moves that mend several equations and break none, after which `rest` more changes may do.
pub(super) fn moves(system: &System, group: &Group, rest: usize) -> Vec<Move> {
    let mut moves = Moves { system, trial: Trial::new(system, group), found: Vec::new() };
    let failing = moves.trial.failing;
    let suffices = |cells: usize| failing <= (cells + rest) * group.most_ties;
    let cells: Vec<(usize, CellId)> =
        group.unknowns.iter().filter_map(|unknown| Some((*unknown, system.unknowns[*unknown].cell?))).collect();
    for row in cells.chunk_by(|(_, a), (_, b)| (a.table, a.row) == (b.table, b.row)) {
        let row: Vec<usize> = row.iter().map(|(unknown, _)| *unknown).collect();
        let is_doubtful = |unknown: &&usize| system.ties(**unknown).iter().any(|tie| system.fails(tie.0));
        if !suffices(row.len()) || row.iter().filter(is_doubtful).count() < ENOUGH {
            continue;
        }
        moves.shifts(&row);
        let parts: Vec<usize> = row.iter().copied().filter(|unknown| !is_total(system, *unknown, &row)).collect();
        if parts.len() < row.len() {
            moves.shifts(&parts);
        }
    }
    if suffices(2) {
        moves.swaps(&cells);
    }
    moves.found
}

/// Whether the unknown is the sum of others of its row.
fn is_total(system: &System, unknown: usize, row: &[usize]) -> bool {
    system.ties(unknown).iter().map(|tie| &system.equations[tie.0]).any(|linear| {
        linear.lone == Some(unknown) && linear.unknowns.iter().any(|other| *other != unknown && row.contains(other))
    })
}

struct Moves<'s> {
    system: &'s System,
    trial: Trial<'s>,
    found: Vec<Move>,
}

impl Moves<'_> {
    /// Shifts in a row: a zero that is too many is taken out at one place, the figures between move up to it, and at the
    /// other place, where the last of them stood, comes a zero, or the figure that the equations ask for.
    fn shifts(&mut self, row: &[usize]) {
        let values: Vec<i128> = row.iter().map(|unknown| self.system.unknowns[*unknown].value).collect();
        for out in (0..row.len()).filter(|at| values[*at] == 0) {
            for into in (0..row.len()).filter(|into| *into != out) {
                let moved = |at: usize| {
                    let mended = if at == into { 0 } else { values[if out < into { at + 1 } else { at - 1 }] };
                    Change { unknown: row[at], by: mended - values[at] }
                };
                let mut changes: Vec<Change> = (out.min(into)..=out.max(into)).map(moved).collect();
                let filled = if out < into { changes.len() - 1 } else { 0 };
                let lost = changes[filled];
                self.keep(Looks::ColumnShifted, &changes, ENOUGH);
                changes.iter().for_each(|change| self.trial.apply(*change));
                let asked = self.system.ties(lost.unknown).iter().find_map(|(equation, times)| {
                    let residual = self.trial.residuals[*equation];
                    (residual != 0 && residual % times == 0).then(|| -residual / times)
                });
                changes.iter().for_each(|change| self.trial.undo(*change));
                if let Some(by) = asked {
                    changes[filled].by += by;
                    self.keep(Looks::ColumnShifted, &changes, ENOUGH_WITH_LOSS);
                }
            }
        }
    }

    /// Two figures of one row or one column in each other's place.
    fn swaps(&mut self, cells: &[(usize, CellId)]) {
        let is_doubtful = |unknown: usize| self.system.ties(unknown).iter().any(|tie| self.system.fails(tie.0));
        let doubtful: Vec<(usize, CellId)> =
            cells.iter().copied().filter(|(unknown, _)| is_doubtful(*unknown)).collect();
        for (index, (one, at)) in doubtful.iter().enumerate() {
            for (other, there) in &doubtful[index + 1..] {
                if at.table == there.table && (at.row == there.row || at.column == there.column) {
                    let by = self.system.unknowns[*other].value - self.system.unknowns[*one].value;
                    let changes = [Change { unknown: *one, by }, Change { unknown: *other, by: -by }];
                    self.keep(Looks::CellsSwapped, &changes, ENOUGH);
                }
            }
        }
    }

    /// Keeps a move that changes enough cells, mends as many equations and breaks none.
    fn keep(&mut self, looks: Looks, changes: &[Change], enough: usize) {
        let changed = || changes.iter().copied().filter(|change| change.by != 0);
        // Most moves change the only figure of an equation that holds.
        if changed().any(|change| self.breaks_alone(change, changed())) {
            return;
        }
        let changes: Vec<Change> = changed().collect();
        if changes.len() < enough || !changes.iter().all(|change| self.system.allows(*change)) {
            return;
        }
        let before = self.trial.failing;
        changes.iter().for_each(|change| self.trial.apply(*change));
        let is_sound = |equation: usize| self.system.fails(equation) || self.trial.residuals[equation] == 0;
        let mends = self.trial.failing + enough <= before
            && changes.iter().flat_map(|change| self.system.ties(change.unknown)).all(|tie| is_sound(tie.0));
        changes.iter().for_each(|change| self.trial.undo(*change));
        if mends && !self.found.iter().any(|found| found.changes == changes) {
            self.found.push(Move { looks, changes });
        }
    }

    /// Whether an equation holds that the change is the only one to touch.
    fn breaks_alone(&self, change: Change, changes: impl Iterator<Item = Change> + Clone) -> bool {
        let touches = |other: Change, equation| self.system.ties(other.unknown).iter().any(|tie| tie.0 == equation);
        self.system.ties(change.unknown).iter().any(|(equation, _)| {
            !self.system.fails(*equation)
                && !changes.clone().any(|other| other.unknown != change.unknown && touches(other, *equation))
        })
    }
}
