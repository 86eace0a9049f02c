//! Planted faults: pages on which the generator made a mistake, and what the checker must say of each: the rules that name
//! it, in the cells where it shows, and nothing else. The generator does its own arithmetic.
//!
//! `PROPTEST_CASES=5000 cargo test --test faults` tries more pages; with `-- --nocapture` it tells how many and how often the
//! cause was told.

#![allow(clippy::disallowed_methods, clippy::print_stdout)] // the environment says how many pages to try; it tells the counts

mod invariants;
mod said;

use gongkai::report::{Blame, CellId, Code, Report, Severity};
use gongkai::{Limits, parse};
use gongkai_corpus::{Broken, Edition, FaultKind, Layout, Recipe, Rng, Sample, Size, Style, write};

use invariants::GRAMMARS;
use said::{Said, expected, of_finding};

/// Seeds for what is tried in every layout and edition: few, or as many as make the cases asked for.
fn seeds(few: u64) -> std::ops::Range<u64> {
    let asked_for = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse::<u64>().ok());
    0..asked_for.map_or(few, |cases| few.max(cases / 100))
}

/// The rules of the form that do not hold, in order.
fn said(report: &Report<'_>) -> Vec<Said> {
    let Some(grammar) = report.grammar.map(|index| &GRAMMARS.list()[index]) else { return Vec::new() };
    let findings = report.findings.iter().filter(|finding| finding.code.is_of_a_rule());
    let mut said: Vec<Said> = findings.map(|finding| of_finding(finding, grammar)).collect();
    said.sort_unstable();
    said
}

/// What is in one list and not in the other, each as often as it is there once more.
fn beside(these: &[Said], those: &[Said]) -> Vec<Said> {
    let mut left = those.to_vec();
    these
        .iter()
        .filter(|one| match left.iter().position(|other| other == *one) {
            Some(at) => {
                left.swap_remove(at);
                false
            }
            None => true,
        })
        .cloned()
        .collect()
}

/// What is wrong in what is said of a page.
fn wrong(recipe: &Recipe, sample: &Sample, report: &Report<'_>) -> Option<String> {
    let (said, expected) = (said(report), expected(&sample.truth.rules));
    if said == expected {
        return None;
    }
    let (missed, false_alarms) = (beside(&expected, &said), beside(&said, &expected));
    let rule = |id: u16| report.grammar.map_or("", |index| &GRAMMARS.list()[index].rules[usize::from(id)].id);
    let concerned = |id: &str| missed.iter().chain(&false_alarms).any(|said| said.0 == id);
    let statements: String = report
        .statements
        .iter()
        .filter(|statement| concerned(rule(statement.rule)))
        .map(|statement| {
            let came_of_it = statement.agreement.doubt().map_or(statement.agreement.name(), |doubt| doubt.name());
            format!("\n    {} {} {came_of_it}", statement.span.of(&report.text), statement.value)
        })
        .collect();
    Some(format!(
        "{} {} seed {} {:?}: missed {missed:?}, false alarms {false_alarms:?}\n    by {:?}{statements}",
        recipe.layout.name(),
        recipe.edition.id(),
        recipe.seed,
        recipe.faults,
        sample.truth.faults,
    ))
}

#[track_caller]
fn none(wrong: &[String], pages: usize) {
    let shown = &wrong[..wrong.len().min(25)];
    assert!(wrong.is_empty(), "{} of {pages} pages:\n{}", wrong.len(), shown.join("\n"));
}

/// A page of any style with sentences on its figures.
fn page(seed: u64, edition: Edition, layout: Layout, faults: Vec<FaultKind>) -> Recipe {
    let mut rng = Rng::named(seed, layout.name());
    let mut style = if rng.chance(30) { Style::plain() } else { Style::random(&mut rng) };
    // Each page has figures and sentences of its own.
    let seed = rng.next_u64();
    style.statements = true;
    Recipe { seed, edition, layout, style, size: Size::Short, faults }
}

fn read(sample: &Sample) -> Report<'_> {
    parse(sample.text.as_bytes(), &GRAMMARS, &Limits::default())
}

#[test]
fn a_fault_is_found_by_the_rules_that_name_it() {
    let (mut pages, mut planted, mut found, mut found_by_none) = (0, 0, 0, 0);
    let mut failures = Vec::new();
    let mut blames = Blames::default();
    for (at, kind) in FaultKind::ALL.iter().copied().enumerate() {
        for layout in Layout::ALL.iter().copied() {
            for edition in Edition::ALL.iter().copied() {
                for seed in seeds(1) {
                    let recipe = page(seed * 100 + at as u64, edition, layout, vec![kind]);
                    let sample = write(&recipe);
                    pages += 1;
                    planted += sample.truth.faults.len();
                    let report = read(&sample);
                    blames.count(&recipe, &sample, &report);
                    let wrong = wrong(&recipe, &sample, &report);
                    if !sample.truth.faults.is_empty() && wrong.is_none() {
                        found += 1;
                        found_by_none += usize::from(sample.truth.rules.iter().all(Broken::is_note));
                    }
                    failures.extend(wrong);
                }
            }
        }
    }
    println!("{pages} pages, {planted} faults, {found} found exactly, of which {found_by_none} break no rule");
    let Blames { pages: several, right, of_several, wrong } = blames;
    println!(
        "{several} faults break several sums, {right} are blamed rightly, {of_several} of the others are ambiguous"
    );
    wrong.iter().for_each(|line| println!("{line}"));
    none(&failures, pages);
    assert!(right * 100 >= several * 98, "{right} of {several} blames are right:\n{}", wrong.join("\n"));
}

/// How often the cause of a fault that breaks several sums was told rightly.
#[derive(Default)]
struct Blames {
    pages: usize,
    right: usize,
    /// Wrong where another explanation was as short.
    of_several: usize,
    wrong: Vec<String>,
}

impl Blames {
    /// One figure was changed and several sums do not come out: each of them blames that cell, and tells what was there.
    fn count(&mut self, recipe: &Recipe, sample: &Sample, report: &Report<'_>) {
        let [fault] = &sample.truth.faults[..] else { return };
        let [change] = &fault.changes[..] else { return };
        let sums = [Code::BalanceBroken, Code::OutcomesDiffer, Code::ApplicantsDiffer, Code::ResultsDiffer];
        let failing: Vec<_> = report.findings.iter().filter(|finding| sums.contains(&finding.code)).collect();
        let grammar = report.grammar.map(|index| &GRAMMARS.list()[index]).expect("a form");
        let Some((table, row, column)) = grammar.cell(change.table, change.row, change.column) else { return };
        if failing.len() < 2 {
            return;
        }
        self.pages += 1;
        let is_right = |blame: &Blame| match &blame.cells[..] {
            [one] => {
                one.cell == CellId { table, row, column } && one.mended.to_string() == change.was.trimmed().to_string()
            }
            _ => false,
        };
        if failing.iter().all(|finding| finding.blame.as_deref().is_some_and(is_right)) {
            self.right += 1;
            return;
        }
        let others = failing.iter().any(|finding| finding.blame.as_deref().is_some_and(|blame| blame.others > 0));
        self.of_several += usize::from(others);
        let told: Vec<_> = failing.iter().map(|finding| finding.blame.as_deref()).collect();
        self.wrong.push(format!(
            "{} {} seed {}: {change:?} is blamed on {told:?}",
            recipe.layout.name(),
            recipe.edition.id(),
            recipe.seed
        ));
    }
}

#[test]
fn two_faults_are_found_by_the_rules_that_name_them() {
    let mut pages = 0;
    let mut failures = Vec::new();
    for layout in Layout::ALL.iter().copied() {
        for edition in Edition::ALL.iter().copied() {
            for seed in seeds(4) {
                let mut rng = Rng::named(seed, layout.name());
                let faults = vec![rng.pick(FaultKind::ALL), rng.pick(FaultKind::ALL)];
                let recipe = page(7000 + seed, edition, layout, faults);
                let sample = write(&recipe);
                pages += 1;
                failures.extend(wrong(&recipe, &sample, &invariants::check(sample.text.as_bytes())));
            }
        }
    }
    none(&failures, pages);
}

#[test]
fn a_page_without_faults_has_none() {
    let mut pages = 0;
    let mut failures = Vec::new();
    for layout in Layout::ALL.iter().copied() {
        for edition in Edition::ALL.iter().copied() {
            for seed in seeds(8) {
                let recipe = page(20_000 + seed, edition, layout, Vec::new());
                let sample = write(&recipe);
                assert!(sample.truth.rules.iter().all(Broken::is_note), "the generator contradicts itself: {recipe:?}");
                pages += 1;
                let report = read(&sample);
                failures.extend(wrong(&recipe, &sample, &report));
                let severe = |code: Code, severity| code.is_of_a_rule() && severity != Severity::Note;
                if report.findings.iter().any(|finding| severe(finding.code, finding.severity)) {
                    failures.push(format!("{} {seed}: an error or a warning", layout.name()));
                }
            }
        }
    }
    none(&failures, pages);
}
