//! One body's reports over several years: those that continue one another, and those with a break or a report too many.

#![allow(clippy::disallowed_methods, clippy::print_stdout)] // the environment says how many to try; it tells the counts

mod said;

use gongkai::check::{Yearly, across_years, remember};
use gongkai::grammar::Grammars;
use gongkai::{Limits, parse};
use gongkai_corpus::{Broken, Rng, SeriesFault, series};

use said::{Said, expected, of_finding};

/// What the rules across years say of each page, the pages read in that order.
fn judged(texts: &[&str], order: &[usize], grammars: &Grammars) -> Vec<Vec<Said>> {
    let mut kept: Vec<Yearly> = Vec::new();
    let mut pages = Vec::new();
    for page in order {
        let report = parse(texts[*page].as_bytes(), grammars, &Limits::default());
        let grammar = report.grammar.map(|index| &grammars.list()[index]).expect("a form");
        let remembered = remember(&report, grammar, &format!("{page}.txt")).expect("a body and a year");
        kept.push(remembered);
        pages.push((*page, grammar));
    }
    let mut judged: Vec<Vec<Said>> = vec![Vec::new(); texts.len()];
    for (index, finding) in across_years(&kept, grammars) {
        let (page, grammar) = pages[index];
        judged[page].push(of_finding(&finding, grammar));
    }
    judged.iter_mut().for_each(|said| said.sort_unstable());
    judged
}

/// How many series to try: few, or as many as make the cases asked for.
fn seeds(few: u64) -> u64 {
    let asked_for = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse::<u64>().ok());
    asked_for.map_or(few, |cases| few.max(cases / 5))
}

#[test]
fn reports_continue_one_another() {
    let grammars = Grammars::built_in();
    let (mut pages, mut breaks) = (0, 0);
    let mut wrong = Vec::new();
    for seed in 0..seeds(24) {
        let fault = [None].into_iter().chain(SeriesFault::ALL.iter().copied().map(Some)).nth(seed as usize % 4);
        let fault = fault.expect("one of four");
        let first = 2019 + (seed % 3) as u16;
        let reports = series(seed, first, first + 4, fault);
        let texts: Vec<&str> = reports.iter().map(|report| report.sample.text.as_str()).collect();
        let right: Vec<Vec<Said>> = reports.iter().map(|report| expected(&report.across)).collect();
        pages += reports.len();
        breaks += right.iter().flatten().count();
        if fault.is_none() {
            assert!(reports.iter().flat_map(|report| &report.across).all(Broken::is_note), "seed {seed}");
        }
        let mut order: Vec<usize> = (0..texts.len()).collect();
        // Their order says nothing, but which of two reports of one year is the second.
        if fault != Some(SeriesFault::Duplicate) {
            let mut rng = Rng::named(seed, "order");
            (1..order.len()).for_each(|at| order.swap(at, rng.below(at + 1)));
        }
        let judged = judged(&texts, &order, &grammars);
        for (page, (said, right)) in judged.iter().zip(&right).enumerate() {
            if said != right {
                let truth = &reports[page].sample.truth;
                wrong.push(format!(
                    "seed {seed} {fault:?}, {:?} {:?} {}: {said:?}, right is {right:?}",
                    truth.issuer, truth.year, truth.layout
                ));
            }
        }
    }
    println!("{pages} pages, {breaks} findings across years");
    assert!(wrong.is_empty(), "{} pages:\n{}", wrong.len(), wrong.join("\n"));
}
