//! `gongkai explain`: what a code or a rule means, and how to mend what it finds.
//!
//! The words are the pages of `docs/findings`, which are built in. The rules are those of the loaded grammars.

use std::cmp::Reverse;

use clap::Args;
use unicode_width::UnicodeWidthStr;

use super::Global;
use super::failure::Failure;
use super::page::{Page, Paint};
use super::rules::Rules;
use super::terminal::{Terminal, print};
use crate::render::{Lang, meaning, page, severity};
use crate::report::Code;

#[derive(Args)]
pub(super) struct Arguments {
    /// Codes such as GK201, and rules such as applications.balance [default: a list of all codes]
    #[arg(value_name = "CODE|RULE")]
    names: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, global: &Global, terminal: &Terminal) -> Result<u8, Failure> {
    let (lang, paint) = (terminal.lang, Paint(terminal.colored_output));
    if arguments.names.is_empty() {
        return print(list(lang, paint).as_bytes()).map(|()| 0);
    }
    let grammars = global.grammars()?;
    let rules = Rules::of(&grammars, lang);
    let explained: Result<Vec<String>, Failure> =
        arguments.names.iter().map(|name| explain(name, &rules, lang, paint)).collect();
    print(explained?.join("\n\n").as_bytes())?;
    Ok(0)
}

/// A line for each code: the code, how much it matters, what it means.
fn list(lang: Lang, paint: Paint) -> String {
    let widest = Code::ALL.iter().map(|code| severity(code.severity(), lang).width()).max().unwrap_or(0);
    let line = |code: &Code| {
        let mut severity = severity(code.severity(), lang).to_owned();
        severity.extend(std::iter::repeat_n(' ', widest.saturating_sub(severity.width())));
        format!("{}  {severity}  {}\n", paint.strong(&code.to_string()), meaning(*code, lang))
    };
    Code::ALL.iter().map(line).collect()
}

/// What is to be said of one code or one rule.
fn explain(name: &str, rules: &Rules<'_>, lang: Lang, paint: Paint) -> Result<String, Failure> {
    if let Some(code) = Code::named(&name.to_ascii_uppercase()) {
        return Ok(about(code, &rules.under(code), lang, paint));
    }
    let Some(code) = rules.code(name) else {
        return Err(Failure::NothingToExplain(name.to_owned(), near(name, rules)));
    };
    let heads: String = rules.rule(name, true).iter().map(|line| paint.names(line) + "\n").collect();
    Ok(format!("{}\n\n{heads}\n{}", paint.strong(name), about(code, &[], lang, paint)))
}

/// The page of a code, with the lines about its rules below its severity.
fn about(code: Code, rules: &[String], lang: Lang, paint: Paint) -> String {
    let page = Page::of(page(code, lang));
    let head = std::iter::once(page.severity).chain(rules.iter().map(String::as_str));
    let head: String = head.map(|line| paint.names(line) + "\n").collect();
    format!("{}\n\n{head}{}", paint.strong(page.title), page.parts(paint))
}

/// Up to three codes and rules that are spelt like `name`, the likeliest first.
fn near(name: &str, rules: &Rules<'_>) -> Vec<String> {
    const MOST: usize = 3;
    let wanted = name.to_ascii_lowercase();
    let far = (wanted.chars().count() / 6).max(1);
    let codes = Code::ALL.iter().map(Code::to_string);
    let mut found: Vec<(usize, Reverse<usize>, String)> = codes
        .chain(rules.ids().map(str::to_owned))
        .filter_map(|known| {
            let lower = known.to_ascii_lowercase();
            let begun = lower.chars().zip(wanted.chars()).take_while(|(one, other)| one == other).count();
            let distance = strsim::osa_distance(&lower, &wanted);
            // A part of an id is as good as the whole with a slip.
            let part = wanted.len() > 2 && lower.contains(&wanted);
            (part || distance <= far).then_some((if part { 1 } else { distance }, Reverse(begun), known))
        })
        .collect();
    found.sort();
    found.into_iter().take(MOST).map(|(.., known)| known).collect()
}
