//! The likeliest explanation, taken apart into causes that have nothing to do with each other.
//!
//! In: all explanations of a group of equations that are equally short. Out: the causes of the likeliest one, each with the
//! failures that it alone explains. Two wrong cells are one cause where they stand in one equation.

use super::looks::slip;
use super::search::Explanation;
use super::system::{Change, System};
use crate::report::{Blame, Blamed, Looks};

/// Changes that together mend some failures.
pub(super) struct Cause {
    /// The equations that fail by it.
    pub explains: Vec<usize>,
    changes: Vec<Change>,
    looks: Option<Looks>,
    /// How unlikely it is.
    rank: usize,
    /// How many other causes would do.
    others: usize,
}

impl Cause {
    /// The cause in the report's terms; none where no cell is to blame but the text.
    pub fn blame(&self, system: &System) -> Option<Blame> {
        let blamed = |change: &Change| {
            let unknown = &system.unknowns[change.unknown];
            let (found, mended) = (system.decimal(unknown.value)?, system.decimal(unknown.value + change.by)?);
            Some(Blamed { cell: unknown.cell?, span: unknown.span, found, mended })
        };
        let cells: Vec<Blamed> = self.changes.iter().filter_map(blamed).collect();
        let (looks, explains, others) = (self.looks, self.explains.len(), self.others);
        (!cells.is_empty()).then_some(Blame { cells, looks, explains, others })
    }
}

/// The causes of the likeliest explanation.
pub(super) fn likeliest(system: &System, explanations: &[Explanation]) -> Vec<Cause> {
    let mut ways: Vec<Vec<Cause>> = explanations.iter().map(|explanation| causes(system, explanation)).collect();
    // They come in the form's order, and of equals the first is taken.
    let Some(first) = (0..ways.len()).min_by_key(|way| ways[*way].iter().map(|cause| cause.rank).sum::<usize>()) else {
        return Vec::new();
    };
    let mut likeliest = ways.swap_remove(first);
    for cause in &mut likeliest {
        let explains_same = |other: &&Cause| other.explains.iter().any(|equation| cause.explains.contains(equation));
        let instead = |way: &Vec<Cause>| -> Vec<Change> {
            way.iter().filter(explains_same).flat_map(|other| other.changes.iter().copied()).collect()
        };
        let mut others: Vec<Vec<Change>> = ways.iter().map(instead).collect();
        others.sort_unstable();
        others.dedup();
        cause.others = others.iter().filter(|other| **other != cause.changes).count();
        if let ([change], None, 0) = (cause.changes.as_slice(), cause.looks, cause.others)
            && is_total(system, change, &cause.explains)
        {
            cause.looks = Some(Looks::TotalNotUpdated);
        }
    }
    likeliest
}

/// The explanation, taken apart.
fn causes(system: &System, explanation: &Explanation) -> Vec<Cause> {
    let mut rest = explanation.changes.clone();
    let moved = explanation.moved.as_ref().map_or(&[][..], |moved| &moved.changes);
    let mut causes = Vec::new();
    while !rest.is_empty() {
        let mut changes = vec![rest.remove(0)];
        let mut next = 0;
        while let Some(change) = changes.get(next).copied() {
            next += 1;
            let ties = system.ties(change.unknown);
            let meets = |other: &mut Change| {
                (moved.contains(&change) && moved.contains(other))
                    || system.ties(other.unknown).iter().any(|tie| ties.iter().any(|own| own.0 == tie.0))
            };
            changes.extend(rest.extract_if(.., meets));
        }
        changes.sort_unstable();
        let touched = changes.iter().flat_map(|change| system.ties(change.unknown)).map(|tie| tie.0);
        let mut explains: Vec<usize> = touched.filter(|equation| system.fails(*equation)).collect();
        explains.sort_unstable();
        explains.dedup();

        let (looks, rank) = match &explanation.moved {
            Some(moved) if moved.changes == changes => (Some(moved.looks), 0),
            _ => looks(system, &changes, &explains),
        };
        causes.push(Cause { explains, changes, looks, rank, others: 0 });
    }
    causes
}

/// What the changes look like, if they all look like one thing, and how unlikely they are.
fn looks(system: &System, changes: &[Change], explains: &[usize]) -> (Option<Looks>, usize) {
    let of_each = changes.iter().filter(|change| system.unknowns[change.unknown].cell.is_some()).map(|change| {
        let unknown = &system.unknowns[change.unknown];
        let figures = system.decimal(unknown.value).zip(system.decimal(unknown.value + change.by));
        let slip = figures.and_then(|(found, mended)| slip(found, mended));
        let is_total = is_total(system, change, explains);
        // A single sum does not tell whether its total or one of its parts is wrong, unless no total was written.
        let is_stale = slip.is_none() && is_total && (unknown.value == 0 || explains.len() > 1);
        (slip.or(is_stale.then_some(Looks::TotalNotUpdated)), is_total)
    });
    let looks: Vec<(Option<Looks>, bool)> = of_each.collect();
    let rank = |(looks, is_total): &(Option<Looks>, bool)| {
        let by_looks = match looks {
            Some(Looks::DigitsSwapped) => 1,
            Some(Looks::DigitLost) => 2,
            Some(Looks::DigitAdded) => 3,
            Some(Looks::DigitWrong) => 4,
            Some(_) => 5,
            None => 6,
        };
        2 * by_looks + usize::from(!is_total)
    };
    let first = looks.first().and_then(|looks| looks.0);
    let all_alike = looks.iter().all(|looks| looks.0 == first);
    // Tables are written with more care than prose: of the two, the prose is likelier to be wrong, whatever it looks like.
    (first.filter(|_| all_alike), looks.iter().map(rank).sum())
}

/// Whether the changed cell is the total of an equation that it explains.
fn is_total(system: &System, change: &Change, explains: &[usize]) -> bool {
    explains.iter().any(|equation| system.equations[*equation].lone == Some(change.unknown))
}
