//! What shows at once of a rule: for figures that are plain, a rule is a few sums.
//!
//! In: the rules of a form. Out: a [`Sieve`], in which each place of a rule is a list of cells, each so many times, all in one
//! row of memory. Nearly all rules hold on nearly all pages, and nearly all figures are plain: whole, small, and below zero only
//! where their column may be. What the sieve does not let through is judged with care, so it may say too little, never too much.

use std::cmp::Ordering;
use std::ops::Range;

use super::{Check, Comparison, Instance, Kind, Rule, Sign, Sum, TableForm, Truth};
use crate::report::{CellId, RuleId};

/// The rules of a form for plain figures.
#[derive(Clone, Debug, Default)]
pub struct Sieve {
    /// For each table where its cells begin among all cells of the form, and how many make a row.
    tables: Vec<(usize, usize)>,
    /// For each cell whether it may be below zero.
    signed: Vec<bool>,
    /// For each cell which one it is.
    ids: Vec<CellId>,
    /// For each rule its places below.
    rules: Vec<Range<usize>>,
    places: Vec<Place>,
    tests: Vec<Test>,
    /// Cells, each so many times.
    terms: Vec<(u32, i32)>,
}

/// A rule in one place: it holds if one of its tests does.
#[derive(Clone, Debug)]
struct Place {
    rule: RuleId,
    tests: Range<u32>,
    /// It holds whatever its figures are, if all of them are plain.
    sure: bool,
    /// The only cell that it speaks of, if that is the one it is for.
    own: Option<u32>,
    /// It is its one test and nothing else.
    bare: bool,
}

/// What shows of a rule in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Nothing is to be said: it holds, or it is open only since the table is not there, or for want of the figure it is for.
    Clear,
    /// Gaps leave it open.
    Open,
    /// It must be judged with care.
    Unclear,
}

/// A sum that must compare so with zero. All cells of its place are among its terms, in order.
#[derive(Clone, Debug)]
struct Test {
    terms: Range<u32>,
    constant: i64,
    sign: Sign,
}

/// Plain figures are less than this far from zero.
const LIMIT: i64 = 1 << 40;
/// Sums of more are left to the careful judge: then no sum of plain figures leaves 64 bits.
const MOST_TIMES: u64 = 1 << 20;

impl Sieve {
    /// In place of a figure that is not plain.
    pub const ODD: i64 = i64::MIN;
    /// In place of the figure of a blank cell, which is not below zero.
    pub const BLANK: i64 = i64::MIN + 1;
    /// In place of any other gap.
    pub const GAP: i64 = i64::MIN + 2;
    /// In place of each figure of a table that is not there.
    pub const ABSENT: i64 = i64::MIN + 3;

    /// The sieve of a form.
    pub(super) fn new(tables: &[TableForm], rules: &[Rule]) -> Sieve {
        let mut sieve = Sieve::default();
        for (table_id, table) in (0..).zip(tables) {
            sieve.tables.push((sieve.signed.len(), table.columns.len()));
            let row = || table.columns.iter().map(|column| column.signed);
            sieve.signed.extend(table.rows.iter().flat_map(|_| row()));
            let columns =
                |row| (0..).zip(&table.columns).map(move |(column, _)| CellId { table: table_id, row, column });
            sieve.ids.extend((0..).zip(&table.rows).flat_map(|(row, _)| columns(row)));
        }
        for (id, rule) in (0..).zip(rules) {
            let first = sieve.places.len();
            if let Check::Formula(instances) = &rule.check
                && rule.kind != Kind::AcrossYears
            {
                instances.iter().for_each(|instance| sieve.place(id, instance));
            }
            sieve.rules.push(first..sieve.places.len());
        }
        sieve
    }

    /// How many cells the form has.
    pub fn cells(&self) -> usize {
        self.signed.len()
    }

    /// Which of all cells of the form one is.
    pub fn cell(&self, id: CellId) -> Option<usize> {
        let (first, columns) = self.tables.get(usize::from(id.table))?;
        Some(first + usize::from(id.row) * columns + usize::from(id.column))
    }

    /// A figure as the sieve takes it, if it is plain for that cell.
    pub fn plain(&self, cell: usize, figure: i64) -> Option<i64> {
        let lowest = if *self.signed.get(cell)? { -LIMIT } else { -1 };
        (lowest < figure && figure < LIMIT).then_some(figure)
    }

    /// The places of rules where more is to be looked at, in order: the rule, the position of the place in it, and what shows of
    /// it. `figures` has each cell of the form, or what stands in its place; a cell that does not count is 0. `all_plain` says that
    /// all are plain figures.
    pub fn not_clear<'s>(
        &'s self,
        figures: &'s [i64],
        all_plain: bool,
    ) -> impl Iterator<Item = (RuleId, usize, Sight)> + use<'s> {
        let seen =
            self.places.iter().enumerate().map(move |(at, place)| (at, place, self.sight(place, figures, all_plain)));
        seen.filter(|(.., sight)| *sight != Sight::Clear).filter_map(|(at, place, sight)| {
            let first = self.rules.get(usize::from(place.rule))?.start;
            Some((place.rule, at - first, sight))
        })
    }

    fn sight(&self, place: &Place, figures: &[i64], all_plain: bool) -> Sight {
        let has = |cell: u32| figures.get(cell as usize).is_some_and(|figure| *figure != Sieve::ODD);
        if place.sure && (all_plain || place.own.is_some_and(has)) {
            return Sight::Clear;
        }
        let tests = self.tests.get(place.tests.start as usize..place.tests.end as usize).unwrap_or_default();
        match tests {
            _ if tests.iter().any(|test| self.holds(test, figures)) => Sight::Clear,
            [test] if place.bare => self.with_gaps(test, figures),
            _ => Sight::Unclear,
        }
    }

    /// The gaps that leave a rule open in the place at that position, in order.
    pub fn gaps(&self, rule: RuleId, place: usize, figures: &[i64]) -> Vec<CellId> {
        let test = self.places(rule).get(place).and_then(|place| self.tests.get(place.tests.start as usize));
        let terms = test.map(|test| self.terms(test)).unwrap_or_default();
        let is_gap = |cell: u32| matches!(figures.get(cell as usize), Some(&(Sieve::BLANK | Sieve::GAP)));
        let mut gaps = Vec::with_capacity(terms.len());
        let found = terms.iter().filter(|(cell, times)| *times != 0 && is_gap(*cell));
        gaps.extend(found.filter_map(|(cell, _)| self.ids.get(*cell as usize)));
        gaps
    }

    fn terms(&self, test: &Test) -> &[(u32, i32)] {
        self.terms.get(test.terms.start as usize..test.terms.end as usize).unwrap_or_default()
    }

    fn places(&self, rule: RuleId) -> &[Place] {
        self.rules.get(usize::from(rule)).and_then(|places| self.places.get(places.clone())).unwrap_or_default()
    }

    /// A comparison with gaps is open where some figures in them would make it hold, and others would not.
    fn with_gaps(&self, test: &Test, figures: &[i64]) -> Sight {
        // What the difference is without the blank cells, and which of these make it larger and smaller.
        let (mut sum, mut up, mut down) = (test.constant, false, false);
        let (mut gap, mut absent) = (false, false);
        for (cell, times) in self.terms(test) {
            match figures.get(*cell as usize).copied().unwrap_or(Sieve::ODD) {
                Sieve::ODD => return Sight::Unclear,
                Sieve::ABSENT => absent |= *times != 0,
                Sieve::GAP => gap |= *times != 0,
                Sieve::BLANK => (up, down) = (up | (*times > 0), down | (*times < 0)),
                figure => sum = sum.wrapping_add(figure.wrapping_mul(i64::from(*times))),
            }
        }
        if absent || gap {
            return if absent { Sight::Clear } else { Sight::Open };
        }
        let known = sum.cmp(&0);
        let may_be = |other: Ordering| other == known || (up && other > known) || (down && other < known);
        let all = [Ordering::Less, Ordering::Equal, Ordering::Greater];
        let mut possible = all.into_iter().filter(|other| may_be(*other)).map(|other| test.sign.holds(other));
        match possible.next() {
            Some(true) if possible.all(|holds| holds) => Sight::Clear,
            Some(first) if first || possible.any(|holds| holds) => Sight::Open,
            _ => Sight::Unclear,
        }
    }

    fn holds(&self, test: &Test, figures: &[i64]) -> bool {
        let (mut sum, mut plain) = (test.constant, true);
        for (cell, times) in self.terms(test) {
            let figure = figures.get(*cell as usize).copied().unwrap_or(Sieve::ODD);
            plain &= figure > Sieve::ABSENT;
            sum = sum.wrapping_add(figure.wrapping_mul(i64::from(*times)));
        }
        plain && test.sign.holds(sum.cmp(&0))
    }

    fn place(&mut self, rule: RuleId, instance: &Instance) {
        let truth = &instance.truth;
        let first = self.tests.len() as u32;
        let mut cells = Vec::new();
        let mut last = false;
        truth.each_term(&mut |term| {
            last |= term.last;
            cells.push(term.cell);
        });
        let cells: Option<Vec<usize>> = cells.into_iter().map(|cell| self.cell(cell)).collect();
        let quick = cells.as_ref().filter(|_| !last).and_then(|_| self.quick(truth));
        let sure = matches!(quick, Some(Quick::Sure));
        let bare = matches!((truth, &quick), (Truth::Compare(_), Some(Quick::Any(_))));
        let own = instance.cell().and_then(|own| self.cell(own));
        let own = own.filter(|own| cells.iter().flatten().all(|cell| cell == own)).map(|own| own as u32);
        let sums = match quick {
            None => Vec::new(),
            // Nothing has to be added up: 0 = 0.
            Some(Quick::Sure) => vec![(Linear::default(), Sign::Equal)],
            Some(Quick::Any(sums)) => sums,
        };
        for (linear, sign) in sums {
            let start = self.terms.len();
            // No cell counts more than `MOST_TIMES`.
            self.terms.extend(linear.terms.iter().map(|(cell, times)| (*cell as u32, *times as i32)));
            // The others must only be plain.
            for cell in cells.iter().flatten() {
                if self.terms[start..].iter().all(|(other, _)| *other as usize != *cell) {
                    self.terms.push((*cell as u32, 0));
                }
            }
            self.terms[start..].sort_unstable_by_key(|(cell, _)| *cell);
            let terms = start as u32..self.terms.len() as u32;
            self.tests.push(Test { terms, constant: linear.constant, sign });
        }
        self.places.push(Place { rule, tests: first..self.tests.len() as u32, sure, own, bare });
    }

    /// What makes a truth hold where all its figures are plain; none where that is no matter of a few sums.
    fn quick(&self, truth: &Truth) -> Option<Quick> {
        match truth {
            Truth::Known(known) => known.then_some(Quick::Sure),
            Truth::Compare(comparison) => self.compare(comparison, comparison.sign),
            Truth::Whole(_) => Some(Quick::Sure),
            Truth::Not(inner) => match inner.as_ref() {
                Truth::Compare(comparison) => self.compare(comparison, comparison.sign.opposite()),
                _ => None,
            },
            Truth::All(parts) => {
                let mut open = Quick::Sure;
                for part in parts {
                    match (self.quick(part)?, &open) {
                        (Quick::Sure, _) => {}
                        (part, Quick::Sure) => open = part,
                        (part, _) => open = self.both_zero(open, part)?,
                    }
                }
                Some(open)
            }
            Truth::Any(parts) => Quick::any(parts.iter().filter_map(|part| self.quick(part))),
            Truth::If(condition, then) => {
                let not = match condition.as_ref() {
                    Truth::Compare(comparison) => self.compare(comparison, comparison.sign.opposite()),
                    _ => None,
                };
                Quick::any(not.into_iter().chain(self.quick(then)))
            }
        }
    }

    /// Sums of what is never below zero are all zero where they are so together.
    fn both_zero(&self, one: Quick, other: Quick) -> Option<Quick> {
        let (Quick::Any(mut one), Quick::Any(mut other)) = (one, other) else { return None };
        let ([(linear, Sign::Equal)], [(more, Sign::Equal)]) = (&mut one[..], &mut other[..]) else { return None };
        let counts = |(cell, times): &(usize, i64)| *times == 1 && !self.signed.get(*cell).copied().unwrap_or(true);
        if linear.constant != 0 || more.constant != 0 || !linear.terms.iter().chain(&more.terms).all(counts) {
            return None;
        }
        more.terms.retain(|(cell, _)| linear.terms.iter().all(|(other, _)| other != cell));
        linear.terms.append(&mut more.terms);
        Some(Quick::Any(one))
    }

    fn compare(&self, comparison: &Comparison, sign: Sign) -> Option<Quick> {
        let mut linear = Linear::default();
        self.add(&mut linear, &comparison.left, 1)?;
        self.add(&mut linear, &comparison.right, -1)?;
        let times = linear.terms.iter().try_fold(0u64, |sum, (_, times)| sum.checked_add(times.unsigned_abs()))?;
        if times > MOST_TIMES || linear.constant.unsigned_abs() > LIMIT as u64 {
            return None;
        }
        // How far the difference may go.
        let (mut least, mut most) = (linear.constant, linear.constant);
        for (cell, times) in &linear.terms {
            let far = LIMIT * times.abs();
            let both = self.signed.get(*cell).copied().unwrap_or(true);
            least -= if both || *times < 0 { far } else { 0 };
            most += if both || *times > 0 { far } else { 0 };
        }
        let ends = [least.cmp(&0), most.cmp(&0)];
        let sure = match sign {
            // Of all between the ends none may be zero.
            Sign::Unequal => ends[0] == ends[1] && ends[0].is_ne(),
            _ => ends.iter().all(|end| sign.holds(*end)),
        };
        Some(if sure { Quick::Sure } else { Quick::Any(vec![(linear, sign)]) })
    }

    fn add(&self, linear: &mut Linear, sum: &Sum, sign: i64) -> Option<()> {
        linear.constant = linear.constant.checked_add(sum.constant.checked_mul(sign)?)?;
        for term in &sum.terms {
            let (cell, times) = (self.cell(term.cell)?, term.times.checked_mul(sign)?);
            match linear.terms.iter_mut().find(|(other, _)| *other == cell) {
                Some((_, sum)) => *sum = sum.checked_add(times)?,
                None => linear.terms.push((cell, times)),
            }
        }
        Some(())
    }
}

/// Cells, each so many times, and a constant.
#[derive(Default)]
struct Linear {
    terms: Vec<(usize, i64)>,
    constant: i64,
}

/// When a truth about plain figures holds.
enum Quick {
    Sure,
    /// If one of these sums compares so with zero.
    Any(Vec<(Linear, Sign)>),
}

impl Quick {
    fn any(parts: impl Iterator<Item = Quick>) -> Option<Quick> {
        let mut sums = Vec::new();
        for part in parts {
            match part {
                Quick::Sure => return Some(Quick::Sure),
                Quick::Any(more) => sums.extend(more),
            }
        }
        (!sums.is_empty()).then_some(Quick::Any(sums))
    }
}
