//! `gongkai check`: what is wrong in reports, shown as compilers show it.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use clap::{Args, ValueEnum};
use encoding_rs::Encoding;

use super::baseline::Baseline;
use super::converter::limits;
use super::failure::Failure;
use super::outputs::apart;
use super::printer::{Printer, Shown};
use super::select::Selection;
use super::terminal::Terminal;
use super::{EXIT_SOME, Global, Inside, stdin_once};
use crate::check::{Yearly, across_years, remember};
use crate::grammar::Grammars;
use crate::pipeline::{self, Flow, Rejection, Tally};
use crate::render::{self, Diagnostic, Excerpt, Ground, Lang, Page, Text};
use crate::report::{Agreement, Finding, Report, Severity, Span, Status};
use crate::sink::Target;
use crate::source;
use crate::wire::{self, Sarif};
use crate::{Limits, Memory, parse_with, text};

#[derive(Args)]
pub(super) struct Arguments {
    /// Files, folders (walked, in the order of their paths), patterns such as `data/*.txt`, or `-`
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// How findings are written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Only these: codes or their beginnings (GK203, GK2), rules (applications.balance, statement.*)
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    select: Vec<String>,
    /// All but these
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    ignore: Vec<String>,
    /// The least severity that is shown
    #[arg(long, value_name = "SEVERITY", default_value = "note")]
    severity: Least,
    /// A table of rules by count instead of the findings, as text
    #[arg(long)]
    statistics: bool,
    /// Also the rules that could not be assessed, and the statements of the text that hold (text and short)
    #[arg(long, short)]
    verbose: bool,
    /// Hide the findings that stand in this file
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings to this file, to hide them in later runs
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
    /// The encoding of the input, such as gb18030 or big5 [default: found out]
    #[arg(long, value_name = "NAME", value_parser = text::encoding)]
    encoding: Option<&'static Encoding>,
    #[command(flatten)]
    inside: Inside,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Drawn, with the lines of the page
    Text,
    /// One line each
    Short,
    /// One JSON object each
    Jsonl,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
}

#[derive(Clone, Copy, ValueEnum)]
enum Least {
    Note,
    Warning,
    Error,
}

impl From<Least> for Severity {
    fn from(least: Least) -> Severity {
        match least {
            Least::Note => Severity::Note,
            Least::Warning => Severity::Warning,
            Least::Error => Severity::Error,
        }
    }
}

pub(super) fn run(arguments: &Arguments, global: &Global, terminal: &Terminal) -> Result<u8, Failure> {
    stdin_once(&arguments.inputs)?;
    if arguments.statistics && !matches!(arguments.format, Format::Text | Format::Short) {
        return Err(Failure::OnlyFor("--statistics", "--format text"));
    }
    let grammars = global.grammars()?;
    let selection = Selection::new(&arguments.select, &arguments.ignore, arguments.severity.into(), &grammars)?;
    let baseline = arguments.baseline.as_deref().map(Baseline::read).transpose()?.unwrap_or_default();
    let outputs: Vec<&Path> = arguments.write_baseline.as_deref().into_iter().collect();
    let mut skip = apart(&outputs, true, &arguments.inputs, global)?;
    arguments.baseline.iter().for_each(|path| skip.add(path));
    let judged = arguments.write_baseline.as_deref().map(Target::create).transpose()?;

    let worker = Worker {
        grammars: &grammars,
        limits: Limits { encoding: arguments.encoding, ..Limits::default() },
        selection,
        format: arguments.format,
        drawn: !arguments.statistics,
        verbose: arguments.verbose && matches!(arguments.format, Format::Text | Format::Short),
        text: terminal.text(),
        lang: match arguments.format {
            // These are data, and the same on any machine.
            Format::Jsonl | Format::Sarif => global.data_lang(),
            _ => terminal.lang,
        },
        judged: arguments.write_baseline.is_some().then(|| global.data_lang()),
    };
    let mut printer = Printer::new(worker.format == Format::Sarif, worker.drawn, baseline, worker.lang)?;
    let mut years = Years::default();
    let mut tally = Tally::default();
    let reading = arguments.inside.options(arguments.encoding);
    let flow = Flow { jobs: global.jobs(), memory: global.memory, stop: &AtomicBool::new(false), reading: &reading };
    let ended = pipeline::run(
        &flow,
        |emit| source::feed(&arguments.inputs, &skip, &reading, emit),
        &worker,
        |looked: &mut Vec<Result<Looked, Rejection>>| {
            looked.drain(..).try_for_each(|looked| match looked {
                Ok(Looked { shown, open, notes, kept, status }) => {
                    tally.add(status, [0; 3]);
                    years.add(kept);
                    printer.take(shown, open, &notes)
                }
                Err(rejection) => {
                    tally.reject();
                    terminal.tell(&Failure::from(rejection));
                    Ok(())
                }
            })
        },
    );
    ended.map_err(|error| Failure::Threads(error.to_string()))??;
    if tally.inputs() == 0 {
        return Err(Failure::NoInput);
    }
    if tally.read() == 0 {
        return Err(Failure::NothingRead);
    }
    for shown in worker.across_years(&years) {
        printer.show(shown)?;
    }
    let counts = printer.finish()?;
    if let Some(file) = judged {
        counts.judged.write(file)?;
    }
    terminal.note(&counts.summary(tally.inputs(), tally.rejected, terminal.lang));
    if let Some(code) = counts.first.filter(|_| arguments.format == Format::Text) {
        terminal.note(&match terminal.lang {
            Lang::En => format!("What a finding means, and how to mend it: gongkai explain {code}"),
            Lang::Zh => format!("查看含义和改正办法：gongkai explain {code}"),
        });
    }
    let [errors, ..] = counts.shown;
    Ok(if errors > 0 || tally.rejected > 0 { EXIT_SOME } else { 0 })
}

/// What every worker needs.
struct Worker<'g> {
    grammars: &'g Grammars,
    limits: Limits,
    selection: Selection,
    format: Format,
    /// Whether findings are written, and not only counted.
    drawn: bool,
    verbose: bool,
    text: Text,
    lang: Lang,
    /// The language of messages in a baseline, where one is written.
    judged: Option<Lang>,
}

/// What a worker makes of one input.
struct Looked {
    shown: Vec<Shown>,
    /// How many rules could not be assessed.
    open: u64,
    /// What is told of them, and of statements that hold.
    notes: String,
    /// What is kept for rules across years.
    kept: Option<Kept>,
    status: Status,
}

/// Of a report what rules across years need, with its record, the position of its grammar, and the lines that may be shown.
struct Kept {
    yearly: Yearly,
    record: Option<String>,
    grammar: usize,
    excerpt: Excerpt,
}

/// What stays of the reports for rules across years.
#[derive(Default)]
struct Years {
    reports: Vec<Yearly>,
    /// Of each report its record, the position of its grammar, and the lines that may be shown.
    kept: Vec<(Option<String>, usize, Excerpt)>,
}

impl Years {
    fn add(&mut self, kept: Option<Kept>) {
        if let Some(Kept { yearly, record, grammar, excerpt }) = kept {
            self.reports.push(yearly);
            self.kept.push((record, grammar, excerpt));
        }
    }
}

impl pipeline::Worker for Worker<'_> {
    type Scratch = Memory;
    type Made = Vec<Result<Looked, Rejection>>;

    fn scratch(&self) -> Memory {
        Memory::default()
    }

    fn text(&self, memory: &mut Memory, text: &source::Text, made: &mut Self::Made) {
        made.push(Ok(self.look(memory, text)));
    }

    fn rejected(&self, rejection: Rejection, _: Option<&source::Text>, made: &mut Self::Made) {
        made.push(Err(rejection));
    }

    fn seal(&self, _: &mut Memory, made: &mut Self::Made) -> u64 {
        let held = |looked: &Looked| looked.shown.iter().map(|shown| shown.encoded.len() as u64 + 1024).sum::<u64>();
        made.iter().flatten().map(held).sum()
    }
}

impl Worker<'_> {
    /// Reads one text, and says what is to be shown of it, and what is to be kept.
    fn look(&self, memory: &mut Memory, text: &source::Text) -> Looked {
        let report = parse_with(memory, &text.bytes, self.grammars, &limits(text, &self.limits));
        let page = Page {
            path: &text.path,
            record: text.record.as_deref(),
            issuer: report.issuer.as_deref(),
            year: report.year,
            grammar: report.grammar.and_then(|index| self.grammars.list().get(index)),
            lang: self.lang,
        };
        let ground = Ground::report(&report);
        let findings = report.findings.iter().filter(|finding| self.selection.shows(finding, page.grammar));
        let shown = findings.map(|finding| self.shown(finding, &page, &ground)).collect();
        let notes = if self.verbose { self.notes(&report, &page, &ground) } else { String::new() };
        let kept = page.grammar.zip(report.grammar).and_then(|(grammar, index)| {
            let yearly = remember(&report, grammar, &text.path)?;
            let excerpt = ground.excerpt(&yearly.spans().collect::<Vec<Span>>());
            Some(Kept { yearly, record: text.record.clone(), grammar: index, excerpt })
        });
        Looked { shown, open: report.open.len() as u64, notes, kept, status: report.status }
    }

    /// What is to be shown of all reports together.
    fn across_years(&self, years: &Years) -> Vec<Shown> {
        let found = across_years(&years.reports, self.grammars);
        let shown = |(index, finding): &(usize, Finding)| {
            let (yearly, (record, grammar, excerpt)) = (years.reports.get(*index)?, years.kept.get(*index)?);
            let page = Page {
                path: &yearly.path,
                record: record.as_deref(),
                issuer: Some(&yearly.issuer),
                year: Some(yearly.year),
                grammar: self.grammars.list().get(*grammar),
                lang: self.lang,
            };
            let is_shown = self.selection.shows(finding, page.grammar);
            is_shown.then(|| self.shown(finding, &page, &Ground::excerpt_of(excerpt)))
        };
        found.iter().filter_map(shown).collect()
    }

    fn shown(&self, finding: &Finding, page: &Page<'_>, ground: &Ground<'_>) -> Shown {
        let diagnostic = render::diagnostic(finding, page, ground);
        let encoded = if self.drawn { self.encoded(&diagnostic) } else { Vec::new() };
        let message = self.judged.map(|lang| render::message(finding, page.grammar, lang));
        Shown { diagnostic, encoded, message }
    }

    fn encoded(&self, diagnostic: &Diagnostic) -> Vec<u8> {
        let mut words = String::new();
        let mut data = Vec::new();
        match self.format {
            Format::Text => render::text(diagnostic, &self.text, &mut words),
            Format::Short => render::short(diagnostic, &mut words),
            Format::Github => render::github(diagnostic, &mut words),
            Format::Jsonl => wire::finding(diagnostic, &mut data),
            Format::Sarif => data = Sarif::result(diagnostic),
        }
        if words.is_empty() { data } else { words.into_bytes() }
    }

    /// What is told beside the findings, a line each.
    fn notes(&self, report: &Report<'_>, page: &Page<'_>, ground: &Ground<'_>) -> String {
        let Some(grammar) = page.grammar else { return String::new() };
        let mut notes = String::new();
        for line in render::not_assessable(&report.open, grammar, self.lang) {
            notes.push_str(&format!("{}: {line}\n", page.path));
        }
        for statement in report.statements.iter().filter(|statement| statement.agreement == Agreement::Holds) {
            let place = ground.place(statement.span).unwrap_or_default();
            let line = render::holds(statement, grammar, self.lang);
            notes.push_str(&format!("{}:{}:{}: {line}\n", page.path, place.line, place.column));
        }
        if !notes.is_empty() && self.format == Format::Text {
            notes.push('\n');
        }
        notes
    }
}
