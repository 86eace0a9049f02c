//! One body's reports over several years: a seed and years in; pages that continue one another out, with what the rules
//! across years must say of each.
//!
//! What one year carries over the next one takes up, and rules in force are those of the year before with what was made and
//! repealed. The form changes between 2020 and 2021.

use crate::expected::{Broken, across};
use crate::faults::{Change, Fault, FaultKind};
use crate::figures::{Figures, figures};
use crate::form::{Edition, applicants};
use crate::layout::Layout;
use crate::number::Number;
use crate::page::page;
use crate::recipe::{Recipe, Sample, Size};
use crate::rng::Rng;
use crate::style::{Style, TitleForm};
use crate::title::{Subject, subject};
use crate::truth::Truth;

/// What is wrong between two reports of one body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesFault {
    /// Some of what was carried over is told as new.
    Carried,
    /// What is in force does not follow from the year before.
    InForce,
    /// A year's report is there a second time, in another layout.
    Duplicate,
}

impl SeriesFault {
    /// Every kind.
    pub const ALL: &[SeriesFault] = &[SeriesFault::Carried, SeriesFault::InForce, SeriesFault::Duplicate];
}

/// One report of a series.
#[derive(Debug, Clone)]
pub struct Yearly {
    pub sample: Sample,
    /// The rules across years that do not hold in it.
    pub across: Vec<Broken>,
}

/// The reports of a made-up body for the years from `first` to `last`, with one fault in a year behind the first, if any.
pub fn series(seed: u64, first: u16, last: u16, fault: Option<SeriesFault>) -> Vec<Yearly> {
    let mut rng = Rng::named(seed, "series");
    let body = subject(&mut rng, Edition::Gid2021);
    let hit = first + 1 + rng.below(usize::from(last.saturating_sub(first)).max(1)) as u16;
    let mut all: Vec<Yearly> = Vec::new();
    let mut before: Option<Figures> = None;
    // Of two reports of one year the first one is gone on from.
    let mut last_truth: Option<Truth> = None;
    for year in first..=last {
        let edition = if year < 2021 { Edition::Gid2019 } else { Edition::Gid2021 };
        let mut own = figures(&mut Rng::named(seed, &year.to_string()), edition);
        if let Some(before) = &before {
            go_on(&mut own, before);
        }
        let mut made = None;
        if let Some(fault) = fault.filter(|_| year == hit) {
            made = broken_off(fault, &mut own, &mut rng);
        }
        let subject = Subject { issuer: named(&body.issuer, &mut rng), year };
        let mut layout = rng.pick(Layout::ALL);
        let pages = if fault == Some(SeriesFault::Duplicate) && year == hit { 2 } else { 1 };
        let mut first_truth = None;
        for copy in 0..pages {
            let mut style = Style::random(&mut rng);
            if style.title == TitleForm::Missing {
                style.title = TitleForm::IssuerYear;
            }
            let seed = seed.wrapping_mul(64).wrapping_add(u64::from(year));
            let recipe = Recipe { seed, edition, layout, style, size: Size::Short, faults: Vec::new() };
            let mut sample = page(&recipe, &subject, own.clone());
            sample.truth.faults.extend(made.clone());
            let mut broken = last_truth.as_ref().map_or_else(Vec::new, |last| across(last, &sample.truth));
            if copy > 0 {
                broken.push(Broken { rule: "series.duplicate", table: None, row: None, column: None });
            }
            broken.sort();
            first_truth.get_or_insert_with(|| sample.truth.clone());
            all.push(Yearly { sample, across: broken });
            layout = if layout == Layout::Tab { Layout::Markdown } else { Layout::Tab };
        }
        (before, last_truth) = (Some(own), first_truth);
    }
    all
}

/// The body's name, which some years have with 人民政府 behind it.
fn named(issuer: &str, rng: &mut Rng) -> String {
    let may = issuer.ends_with(['市', '县', '区', '镇', '乡']) && rng.chance(40);
    if may { format!("{issuer}人民政府") } else { issuer.to_owned() }
}

fn set(figures: &mut Figures, table: &str, row: &str, column: &str, digits: i64) {
    let cell = figures.cells.iter_mut().find(|cell| cell.column == column && cell.row == row && cell.table == table);
    if let Some(cell) = cell {
        cell.value = Number::whole(digits);
    }
}

/// Makes the figures of a year those that follow from the year before.
fn go_on(own: &mut Figures, before: &Figures) {
    let columns = applicants();
    let (leaves, total) = columns.split_at(columns.len() - 1);
    for column in leaves {
        let at = |figures: &Figures, row: &str| figures.count("applications", row, column.id);
        let carried = at(before, "carried_out");
        let arrived = at(own, "new_received") + at(own, "carried_in");
        // Where more was carried over than there was to do, more of it was granted.
        let more = (carried - arrived).max(0);
        for row in ["granted", "outcome_total"] {
            let value = at(own, row) + more;
            set(own, "applications", row, column.id, value);
        }
        set(own, "applications", "carried_in", column.id, carried);
        set(own, "applications", "new_received", column.id, arrived + more - carried);
    }
    for row in ["new_received", "carried_in", "granted", "outcome_total"] {
        let sum = leaves.iter().map(|column| own.count("applications", row, column.id)).sum();
        set(own, "applications", row, total[0].id, sum);
    }
    if (own.edition, before.edition) == (Edition::Gid2021, Edition::Gid2021) {
        for row in ["regulations", "normative_documents"] {
            let at = |figures: &Figures, column: &str| figures.count("article_20_1", row, column);
            let there = at(before, "in_force") + at(own, "issued");
            let repealed = at(own, "repealed").min(there);
            set(own, "article_20_1", row, "repealed", repealed);
            set(own, "article_20_1", row, "in_force", there - repealed);
        }
    }
}

/// Breaks the tie to the year before, and no rule within the report.
fn broken_off(fault: SeriesFault, own: &mut Figures, rng: &mut Rng) -> Option<Fault> {
    let mut changes = Vec::new();
    let mut add = |own: &mut Figures, (table, row, column): (&'static str, &'static str, &'static str), more: i64| {
        let was = own.count(table, row, column);
        set(own, table, row, column, was + more);
        changes.push(Change { table, row, column, was: Number::whole(was), is: Number::whole(was + more) });
    };
    match fault {
        SeriesFault::Carried => {
            let columns = applicants();
            let leaves: Vec<&str> = columns[..columns.len() - 1].iter().map(|column| column.id).collect();
            let new = |own: &Figures, column: &str| own.count("applications", "new_received", column);
            let column = leaves.into_iter().find(|column| new(own, column) > 0)?;
            let moved = rng.between(1, new(own, column));
            for column in [column, "total"] {
                add(own, ("applications", "carried_in", column), moved);
                add(own, ("applications", "new_received", column), -moved);
            }
        }
        SeriesFault::InForce if own.edition == Edition::Gid2021 => {
            add(own, ("article_20_1", "normative_documents", "in_force"), rng.between(1, 40));
        }
        SeriesFault::InForce | SeriesFault::Duplicate => return None,
    }
    let kind = if fault == SeriesFault::Carried { FaultKind::CarriedIn } else { FaultKind::Disclosure };
    Some(Fault { kind, changes, words: None })
}
