//! Any text is a grammar or a list of mistakes, each with its place; never a panic. A grammar that loads can read a page.

#![no_main]

use gongkai::grammar::{Grammars, load};
use gongkai::text::Lines;
use gongkai::{Limits, parse, wire};

const PAGE: &str = "青石县2023年政府信息公开工作年度报告\n一、总体情况\n二、主动公开政府信息情况\n第二十条第（八）项\n行政事业性收费\t12.50\n";

libfuzzer_sys::fuzz_target!(|text: &str| {
    match load("fuzz.toml", text) {
        Ok(grammar) => {
            let grammars = Grammars::new(vec![grammar]);
            let report = parse(PAGE.as_bytes(), &grammars, &Limits::default());
            wire::to_string(&report, &grammars, &wire::Source::new("page.txt"), &wire::Options::default());
        }
        Err(error) => {
            let lines = Lines::new(text).starts().len() as u32;
            assert!(!error.mistakes.is_empty());
            assert!(error.mistakes.iter().all(|mistake| 0 < mistake.line && mistake.line <= lines && mistake.column > 0));
        }
    }
});
