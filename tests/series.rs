//! One body's reports over several years: those that continue one another, and those with a break or a report too many.

#![allow(clippy::disallowed_methods, clippy::print_stdout)] // pages are files; it tells the counts

mod said;
mod truth;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use gongkai::check::{Yearly, across_years, remember};
use gongkai::grammar::Grammars;
use gongkai::{Limits, parse};
use gongkai_corpus::{Broken, Rng, SeriesFault, Yearly as Report, bodies, series};

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

/// What the cookbook asks is in `corpus/series`: the reports of twelve bodies by the generator, as they are read rightly.
#[test]
fn the_sample_series_is_read_rightly() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/series");
    let grammars = Grammars::built_in();
    let filed = bodies(8, 12);
    let mut right = BTreeSet::new();
    for body in filed.chunk_by(|one, other| one.path.split('/').next() == other.path.split('/').next()) {
        let texts: Vec<String> = body
            .iter()
            .map(|filed| {
                right.insert(folder.join(&filed.path));
                fs::read_to_string(folder.join(&filed.path)).unwrap_or_else(|error| panic!("{}: {error}", filed.path))
            })
            .collect();
        for (filed, text) in body.iter().zip(&texts) {
            let Report { sample, .. } = &filed.report;
            assert!(
                *text == sample.text,
                "{}: gongkai-corpus corpus/series --bodies 12 --seed 8 writes it anew",
                filed.path
            );
            let report = parse(text.as_bytes(), &grammars, &Limits::default());
            assert_eq!(truth::differences(&report, &grammars, &sample.truth), [""; 0], "{}", filed.path);
            let grammar = report.grammar.map(|index| &grammars.list()[index]).expect("a form");
            let of_rules = report.findings.iter().filter(|finding| finding.rule.is_some());
            let mut said: Vec<Said> = of_rules.map(|finding| of_finding(finding, grammar)).collect();
            said.sort_unstable();
            assert_eq!(said, expected(&sample.truth.rules), "{}", filed.path);
        }
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let order: Vec<usize> = (0..texts.len()).collect();
        let across: Vec<Vec<Said>> = body.iter().map(|filed| expected(&filed.report.across)).collect();
        assert_eq!(judged(&texts, &order, &grammars), across, "{}", body[0].path);
    }
    let there: BTreeSet<_> = fs::read_dir(&folder)
        .expect("the folder")
        .flat_map(|body| fs::read_dir(body.expect("an entry").path()).expect("a folder"))
        .map(|file| file.expect("an entry").path())
        .collect();
    assert_eq!(there, right);
}
