//! The search for the fewest changes after which every equation of a group holds.
//!
//! In: a group of equations. Out: all explanations that are as short as can be, none if there is no short one. It deepens
//! step by step: some cell of the failing equation with the fewest cells must be wrong; each of them in turn is taken to be
//! what an equation of its own fails by, and what then still fails is left to one change fewer. Beyond a few changes only
//! those are tried that break nothing, so that a long explanation need not be the shortest.

use std::cell::OnceCell;

use super::moves::{self, Move};
use super::system::{Change, Group, System};

/// Changes after which every equation of the group holds.
pub(super) struct Explanation {
    /// The changes, in the order of the unknowns.
    pub changes: Vec<Change>,
    /// Those of them that are one slip, where figures changed places.
    pub moved: Option<Move>,
}

/// Up to so many changes every combination is tried.
const FREE_CHANGES: usize = 3;
/// Up to so many changes, those are tried that break nothing that holds.
const SAFE_CHANGES: usize = 8;
/// Changes tried before the search gives up: some milliseconds.
const MOST_STEPS: usize = 50_000;
/// One explanation of more than so many is no help.
const MOST_FOUND: usize = 500;

/// The shortest explanations, in the form's order.
pub(super) fn explain(system: &System, group: &Group) -> Vec<Explanation> {
    let mut search = Search {
        system,
        group,
        trial: Trial::new(system, group),
        safe: false,
        changes: Vec::new(),
        moved: None,
        found: Vec::new(),
        steps: 0,
    };
    let moves = OnceCell::new();
    for most in 1..=SAFE_CHANGES {
        search.safe = most > FREE_CHANGES;
        search.deepen(most);
        // Figures that changed places are one slip, however many cells that makes.
        if search.found.is_empty() && !search.safe {
            for moved in moves.get_or_init(|| moves::moves(system, group, FREE_CHANGES - 1)) {
                search.deepen_after(moved, most - 1);
            }
        }
        if search.gave_up() {
            return Vec::new();
        }
        if !search.found.is_empty() {
            break;
        }
    }
    let mut found = search.found;
    found.sort_by(|a, b| a.changes.cmp(&b.changes));
    found.dedup_by(|a, b| a.changes == b.changes);
    found
}

/// What the equations come to after changes.
pub(super) struct Trial<'s> {
    system: &'s System,
    /// By equation.
    pub residuals: Vec<i128>,
    /// How many of the group fail.
    pub failing: usize,
}

impl<'s> Trial<'s> {
    pub fn new(system: &'s System, group: &Group) -> Trial<'s> {
        let residuals = system.equations.iter().map(|linear| linear.residual).collect();
        let failing = group.equations.iter().filter(|equation| system.fails(**equation)).count();
        Trial { system, residuals, failing }
    }

    pub fn apply(&mut self, change: Change) {
        for (equation, times) in self.system.ties(change.unknown) {
            let residual = &mut self.residuals[*equation];
            self.failing -= usize::from(*residual != 0);
            *residual += times * change.by;
            self.failing += usize::from(*residual != 0);
        }
    }

    pub fn undo(&mut self, change: Change) {
        self.apply(Change { by: -change.by, ..change });
    }

    /// The change of the unknown after which this tie's equation holds, unless it holds now or can't be mended so.
    pub fn mend(&self, unknown: usize, (equation, times): (usize, i128)) -> Option<Change> {
        let residual = self.residuals[equation];
        let change = Change { unknown, by: -residual / times };
        (residual != 0 && residual % times == 0 && self.system.allows(change)).then_some(change)
    }
}

struct Search<'s, 'm> {
    system: &'s System,
    group: &'s Group,
    trial: Trial<'s>,
    /// Whether only changes are tried that break nothing that holds.
    safe: bool,
    /// The changes tried now.
    changes: Vec<Change>,
    /// The move that they begin with.
    moved: Option<&'m Move>,
    found: Vec<Explanation>,
    steps: usize,
}

impl<'m> Search<'_, 'm> {
    fn gave_up(&self) -> bool {
        self.steps > MOST_STEPS || self.found.len() > MOST_FOUND
    }

    /// Finds explanations of up to `most` further changes.
    fn deepen(&mut self, most: usize) {
        if self.trial.failing == 0 {
            let mut changes = self.changes.clone();
            changes.sort_unstable();
            self.found.push(Explanation { changes, moved: self.moved.cloned() });
            return;
        }
        // Whatever is changed next, it mends no more than the equations that it stands in.
        if self.trial.failing > most * self.group.most_ties {
            return;
        }
        let (system, group) = (self.system, self.group);
        let Some(equation) = group.equations.iter().find(|equation| self.trial.residuals[**equation] != 0) else {
            return;
        };
        for unknown in system.equations[*equation].unknowns.iter().copied() {
            if self.changes.iter().any(|change| change.unknown == unknown) {
                continue;
            }
            let ties = system.ties(unknown);
            if self.safe && ties.iter().any(|(equation, _)| self.trial.residuals[*equation] == 0) {
                continue;
            }
            for (index, tie) in ties.iter().enumerate() {
                let Some(change) = self.trial.mend(unknown, *tie) else { continue };
                // Two equations that fail by the same amount ask for the same change.
                if ties[..index].iter().any(|tie| self.trial.mend(unknown, *tie) == Some(change)) {
                    continue;
                }
                self.steps += 1;
                if self.gave_up() {
                    return;
                }
                self.trial.apply(change);
                self.changes.push(change);
                self.deepen(most - 1);
                self.changes.pop();
                self.trial.undo(change);
            }
        }
    }

    /// The same after figures were moved.
    fn deepen_after(&mut self, moved: &'m Move, most: usize) {
        self.moved = Some(moved);
        self.changes.extend_from_slice(&moved.changes);
        moved.changes.iter().for_each(|change| self.trial.apply(*change));
        self.deepen(most);
        moved.changes.iter().for_each(|change| self.trial.undo(*change));
        self.changes.clear();
        self.moved = None;
    }
}
