//! One body's reports over several years: a seed and years in; pages that continue one another out, with what the rules
//! across years must say of each.
//!
//! What one year carries over the next one takes up, and rules in force are those of the year before with what was made and
//! repealed. The form changes between 2020 and 2021.

use std::ops::RangeInclusive;

use crate::expected::{Broken, across};
use crate::faults::{Change, Fault, FaultKind};
use crate::figures::{Figures, Temper, figures, figures_of};
use crate::form::{Edition, applicants};
use crate::layout::Layout;
use crate::number::Number;
use crate::page::page;
use crate::recipe::{Recipe, Sample, Size};
use crate::rng::Rng;
use crate::style::{Damage, Gap, Style, TitleForm};
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

/// A report among those of several bodies.
#[derive(Debug, Clone)]
pub struct Filed {
    /// A folder for each body, a file for each year: `body-03/2022.txt`.
    pub path: String,
    pub report: Yearly,
}

/// The reports of a made-up body for the years from `first` to `last`, with one fault in a year behind the first, if any.
pub fn series(seed: u64, first: u16, last: u16, fault: Option<SeriesFault>) -> Vec<Yearly> {
    let mut rng = Rng::named(seed, "series");
    let body = subject(&mut rng, Edition::Gid2021);
    let random = |rng: &mut Rng, edition: Edition, year: u16| {
        let mut style = Style::random(rng);
        if style.title == TitleForm::Missing {
            style.title = TitleForm::IssuerYear;
        }
        Page {
            issuer: named(&body.issuer, rng),
            layout: rng.pick(Layout::ALL),
            style,
            faults: Vec::new(),
            figures: figures(&mut Rng::named(seed, &year.to_string()), edition),
        }
    };
    continued(seed, first..=last, fault, &mut rng, random)
}

/// The reports of so many made-up bodies up to 2024: most of them from 2021 on, every third from 2019 on. A body keeps its name, its
/// site and about its size. Some reports have mistakes in them.
pub fn bodies(seed: u64, count: usize) -> Vec<Filed> {
    let mut rng = Rng::named(seed, "bodies");
    let mut issuers: Vec<String> = Vec::new();
    let mut filed = Vec::new();
    while issuers.len() < count {
        let issuer = subject(&mut rng, Edition::Gid2021).issuer;
        if issuers.contains(&issuer) {
            continue;
        }
        let number = issuers.len() + 1;
        let first = if number.is_multiple_of(3) { 2019 } else { 2021 };
        let fault = match number {
            4 => Some(SeriesFault::Duplicate),
            7 => Some(SeriesFault::Carried),
            10 => Some(SeriesFault::InForce),
            _ => None,
        };
        let of_a_township = issuer.contains(['镇', '乡']) || issuer.ends_with("街道办事处");
        let temper = if of_a_township { Temper::Quiet } else { Temper::Even(rng.pick(&[6, 12, 25, 60, 150])) };
        let layout = rng.pick(Layout::ALL);
        let gap = rng.mostly(50, &[Gap::Zero, Gap::Blank, Gap::Dash, Gap::None]);
        let seed = seed.wrapping_mul(1000).wrapping_add(number as u64);
        let site = |rng: &mut Rng, edition: Edition, year: u16| Page {
            issuer: issuer.clone(),
            layout,
            style: Style {
                gap,
                gap_share: 30,
                statements: true,
                damage: if rng.chance(90) { Damage::None } else { Damage::SectionLost },
                damaged: rng.between(1, 3) as usize,
                ..Style::plain()
            },
            faults: if rng.chance(30) { FaultKind::random(rng) } else { Vec::new() },
            figures: figures_of(temper, &mut Rng::named(seed, &year.to_string()), edition),
        };
        let mut seen = 0;
        for report in continued(seed, first..=2024, fault, &mut rng, site) {
            let year = report.sample.truth.year.unwrap_or(seen);
            let again = if year == seen { "b" } else { "" };
            filed.push(Filed { path: format!("body-{number:02}/{year}{again}.txt"), report });
            seen = year;
        }
        issuers.push(issuer);
    }
    filed
}

/// What is particular to the page of one year.
struct Page {
    issuer: String,
    layout: Layout,
    style: Style,
    faults: Vec<FaultKind>,
    /// The figures, but for what follows from the year before.
    figures: Figures,
}

/// The reports of one body for those years, each going on from the one before.
fn continued(
    seed: u64,
    years: RangeInclusive<u16>,
    fault: Option<SeriesFault>,
    rng: &mut Rng,
    mut next: impl FnMut(&mut Rng, Edition, u16) -> Page,
) -> Vec<Yearly> {
    let hit = years.start() + 1 + rng.below(years.len().saturating_sub(1).max(1)) as u16;
    let mut all: Vec<Yearly> = Vec::new();
    let mut before: Option<Figures> = None;
    // Of two reports of one year the first one is gone on from.
    let mut last_truth: Option<Truth> = None;
    for year in years {
        let edition = if year < 2021 { Edition::Gid2019 } else { Edition::Gid2021 };
        let copies = if fault == Some(SeriesFault::Duplicate) && year == hit { 2 } else { 1 };
        let mut first_truth = None;
        let mut figures: Option<(Figures, Option<Fault>)> = None;
        let mut layout = None;
        for copy in 0..copies {
            let own = next(rng, edition, year);
            let (figures, made) = figures.get_or_insert_with(|| {
                let mut figures = own.figures;
                if let Some(before) = &before {
                    go_on(&mut figures, before);
                }
                let made = fault.filter(|_| year == hit).and_then(|fault| broken_off(fault, &mut figures, rng));
                (figures, made)
            });
            let layout = match layout.replace(own.layout) {
                // The second copy is from elsewhere.
                Some(Layout::Tab) => Layout::Markdown,
                Some(_) => Layout::Tab,
                None => own.layout,
            };
            let seed = seed.wrapping_mul(64).wrapping_add(u64::from(year));
            let recipe = Recipe { seed, edition, layout, style: own.style, size: Size::Short, faults: own.faults };
            let mut sample = page(&recipe, &Subject { issuer: own.issuer, year }, figures.clone());
            sample.truth.faults.extend(made.clone());
            let mut broken = last_truth.as_ref().map_or_else(Vec::new, |last| across(last, &sample.truth));
            if copy > 0 {
                broken.push(Broken { rule: "series.duplicate", table: None, row: None, column: None });
            }
            broken.sort();
            first_truth.get_or_insert_with(|| sample.truth.clone());
            all.push(Yearly { sample, across: broken });
        }
        (before, last_truth) = (figures.map(|(figures, _)| figures), first_truth);
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
