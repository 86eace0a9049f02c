//! Planted faults: the figures and sentences of a page in; the same with a mistake such as offices make, and what it was, out.

use crate::figures::{Figure, Figures};
use crate::form::applicants;
use crate::number::Number;
use crate::rng::Rng;
use crate::statements::{Claim, Sentence, Source, denial};

/// Declares the kinds with their names.
macro_rules! kinds {
    ($($(#[$note:meta])* $kind:ident = $name:literal,)*) => {
        /// What is wrong with a page.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FaultKind { $($(#[$note])* $kind,)* }

        impl FaultKind {
            /// Every kind.
            pub const ALL: &[FaultKind] = &[$(FaultKind::$kind,)*];

            /// Its name in the truth and on the command line.
            pub fn name(self) -> &'static str {
                match self { $(FaultKind::$kind => $name,)* }
            }
        }
    };
}

kinds! {
    /// An outcome of one kind of applicant.
    Leaf = "leaf",
    /// The total of a row of the table of applications.
    RowTotal = "row_total",
    /// A figure of （七）总计.
    OutcomeTotal = "outcome_total",
    /// A figure of 本年新收.
    NewReceived = "new_received",
    /// A figure of 上年结转.
    CarriedIn = "carried_in",
    /// A figure of 结转下年度.
    CarriedOut = "carried_out",
    /// Two neighbouring digits changed places.
    DigitsSwapped = "digits_swapped",
    /// A digit was left out.
    DigitLost = "digit_lost",
    /// A figure stands in the next column.
    ColumnOff = "column_off",
    /// A row stands one column to the left or to the right.
    RowShifted = "row_shifted",
    /// A total was never filled in.
    TotalZero = "total_zero",
    /// A count with a fraction.
    Fraction = "fraction",
    /// A count below zero.
    Negative = "negative",
    /// A result of a review or lawsuit.
    ReviewLeaf = "review_leaf",
    /// A total of reviews or lawsuits.
    ReviewTotal = "review_total",
    /// A figure of section 二.
    Disclosure = "disclosure",
    /// A figure of the prose that speaks of a table.
    Statement = "statement",
    /// A whole or a part of it in a sentence.
    Part = "part",
    /// A percentage.
    Share = "share",
    /// The prose says that there was none.
    Denial = "denial",
}

impl FaultKind {
    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        FaultKind::ALL.iter().copied().find(|kind| kind.name() == name.replace('-', "_"))
    }

    /// One kind, or two of them.
    pub fn random(rng: &mut Rng) -> Vec<FaultKind> {
        (0..if rng.chance(70) { 1 } else { 2 }).map(|_| rng.pick(FaultKind::ALL)).collect()
    }

    /// Is it a mistake in a sentence?
    pub fn is_of_prose(self) -> bool {
        matches!(self, FaultKind::Statement | FaultKind::Part | FaultKind::Share | FaultKind::Denial)
    }
}

/// A mistake that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    /// The figures of the tables that it changed.
    pub changes: Vec<Change>,
    /// The words that it changed or added, as they were and as they are.
    pub words: Option<(String, String)>,
}

/// A figure that is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub table: &'static str,
    pub row: &'static str,
    pub column: &'static str,
    pub was: Number,
    pub is: Number,
}

/// Makes a mistake in a figure. `is_there` tells the cells that the page shows. None where the page has no figure for it.
pub fn in_figures(
    kind: FaultKind,
    figures: &mut Figures,
    is_there: impl Fn(&Figure) -> bool,
    rng: &mut Rng,
) -> Option<Fault> {
    let is = |cell: &Figure| is_there(cell) && may_be_hit(kind, cell);
    let indices: Vec<usize> = (0..figures.cells.len()).filter(|index| is(&figures.cells[*index])).collect();
    let mut tries = 0;
    let changed = loop {
        tries += 1;
        if indices.is_empty() || tries > 300 {
            return None;
        }
        let index = rng.pick(&indices);
        let changed = match kind {
            FaultKind::ColumnOff => one_off(figures, index, rng),
            FaultKind::RowShifted => shifted(figures, index, rng),
            _ => wrong(kind, figures.cells[index].value, rng).map(|value| vec![(index, value)]),
        };
        if let Some(changed) =
            changed.filter(|changed| changed.iter().any(|(at, value)| figures.cells[*at].value != *value))
        {
            break changed;
        }
    };
    let mut changes = Vec::new();
    for (index, is) in changed {
        let cell = &mut figures.cells[index];
        if cell.value != is {
            changes.push(Change { table: cell.table, row: cell.row, column: cell.column, was: cell.value, is });
            cell.value = is;
        }
    }
    Some(Fault { kind, changes, words: None })
}

/// Makes a mistake in a sentence. None where there is no sentence for it.
pub fn in_prose(kind: FaultKind, sentences: &mut Vec<Sentence>, source: Source, rng: &mut Rng) -> Option<Fault> {
    let told = |words| Some(Fault { kind, changes: Vec::new(), words: Some(words) });
    if kind == FaultKind::Denial {
        let sentence = denial(source, rng)?;
        let text = sentence.text();
        sentences.push(sentence);
        return told((String::new(), text));
    }
    let mut places = Vec::new();
    for (at, sentence) in sentences.iter().enumerate() {
        for claim in &sentence.claims {
            match (kind, claim) {
                (FaultKind::Statement, Claim::Figure { number: Some(number), .. }) => places.push((at, *number)),
                (FaultKind::Part, Claim::Parts { whole, parts, .. }) => {
                    places.extend(parts.iter().chain([whole]).map(|number| (at, *number)));
                }
                (FaultKind::Share, Claim::Share { share, .. }) => places.push((at, *share)),
                _ => {}
            }
        }
    }
    if places.is_empty() {
        return None;
    }
    let (at, number) = rng.pick(&places);
    let sentence = &mut sentences[at];
    let was = sentence.text();
    sentence.numbers[number] = other(sentence.numbers[number], rng);
    let is = sentence.text();
    told((was, is))
}

/// Whether a mistake of that kind happens in that cell.
fn may_be_hit(kind: FaultKind, cell: &Figure) -> bool {
    let applications = cell.table == "applications";
    let review = cell.table == "review_litigation";
    let total = cell.column == "total";
    let outcome = !matches!(cell.row, "new_received" | "carried_in" | "outcome_total" | "carried_out");
    match kind {
        FaultKind::Leaf => applications && outcome && !total,
        FaultKind::RowTotal => applications && total && cell.row != "outcome_total",
        FaultKind::OutcomeTotal => cell.row == "outcome_total",
        FaultKind::NewReceived => cell.row == "new_received",
        FaultKind::CarriedIn => cell.row == "carried_in",
        FaultKind::CarriedOut => cell.row == "carried_out",
        FaultKind::DigitsSwapped | FaultKind::DigitLost => applications || review,
        FaultKind::ColumnOff | FaultKind::RowShifted => applications && !total,
        FaultKind::TotalZero => total || cell.row == "outcome_total",
        FaultKind::Fraction | FaultKind::Negative => !matches!(cell.column, "amount" | "change"),
        FaultKind::ReviewLeaf => review && !total,
        FaultKind::ReviewTotal => review && total,
        FaultKind::Disclosure => !applications && !review && cell.column != "change",
        FaultKind::Statement | FaultKind::Part | FaultKind::Share | FaultKind::Denial => false,
    }
}

/// What stands there by mistake; none where that figure can't be mistaken so.
fn wrong(kind: FaultKind, value: Number, rng: &mut Rng) -> Option<Number> {
    let text = value.digits.to_string();
    let bytes = text.as_bytes();
    let read = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).ok().filter(|text| !text.starts_with('0'))?;
        Some(Number { digits: text.parse().ok()?, ..value })
    };
    match kind {
        FaultKind::DigitsSwapped => {
            let at = rng.below(bytes.len().checked_sub(1).filter(|end| *end > 0)?);
            let mut bytes = bytes.to_vec();
            bytes.swap(at, at + 1);
            read(bytes)
        }
        FaultKind::DigitLost => {
            let at = rng.below(Some(bytes.len()).filter(|length| *length > 1)?);
            let mut bytes = bytes.to_vec();
            bytes.remove(at);
            read(bytes)
        }
        FaultKind::TotalZero => Some(Number::whole(0)),
        FaultKind::Fraction => Some(Number { digits: value.digits * 10 + rng.between(1, 9), places: value.places + 1 }),
        FaultKind::Negative => (value.digits > 0).then_some(Number { digits: -value.digits, ..value }),
        _ => Some(other(value, rng)),
    }
}

/// Another number, near or far.
fn other(value: Number, rng: &mut Rng) -> Number {
    let step = if rng.chance(60) { rng.between(1, 9) } else { rng.between(10, 400) };
    let digits = if value.digits >= step && rng.chance(50) { value.digits - step } else { value.digits + step };
    Number { digits, ..value }
}

/// A figure and the zero beside it change places.
fn one_off(figures: &Figures, index: usize, rng: &mut Rng) -> Option<Vec<(usize, Number)>> {
    let next = if rng.chance(50) { index + 1 } else { index.checked_sub(1)? };
    let (cell, beside) = (figures.cells.get(index)?, figures.cells.get(next)?);
    let fits = beside.row == cell.row && beside.column != "total" && beside.value.is_zero() && !cell.value.is_zero();
    fits.then(|| vec![(index, beside.value), (next, cell.value)])
}

/// The figures of a whole row one column to the right, or to the left.
fn shifted(figures: &Figures, index: usize, rng: &mut Rng) -> Option<Vec<(usize, Number)>> {
    let cell = figures.cells.get(index)?;
    let is_own = |other: &Figure| other.table == cell.table && other.row == cell.row;
    let row: Vec<usize> = (0..figures.cells.len()).filter(|other| is_own(&figures.cells[*other])).collect();
    debug_assert_eq!(row.len(), applicants().len());
    let right = rng.chance(50);
    let value = |place: usize| {
        let from = if right { place.checked_sub(1) } else { Some(place + 1) };
        from.and_then(|from| row.get(from)).map_or(Number::whole(0), |from| figures.cells[*from].value)
    };
    Some(row.iter().enumerate().map(|(place, at)| (*at, value(place))).collect())
}
