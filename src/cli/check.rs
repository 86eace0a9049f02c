//! `gongkai check`: what is wrong in reports, shown as compilers show it.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use encoding_rs::Encoding;

use super::baseline::{Baseline, Judged};
use super::failure::Failure;
use super::select::Selection;
use super::statistics::Statistics;
use super::terminal::Terminal;
use super::{EXIT_SOME, Global};
use crate::grammar::Grammars;
use crate::pipeline::{self, Reading};
use crate::render::{self, Diagnostic, Ground, Lang, Page, Text};
use crate::report::{Agreement, Finding, Report, Severity};
use crate::source::{self, Input, Skip};
use crate::wire::{self, Sarif};
use crate::{Limits, parse, text};

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
    /// A table of rules by count instead of the findings
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
    if arguments.inputs.iter().filter(|input| input.as_os_str() == "-").count() > 1 {
        return Err(Failure::StdinTwice);
    }
    let grammars = global.grammars()?;
    let selection = Selection::new(&arguments.select, &arguments.ignore, arguments.severity.into(), &grammars)?;
    let baseline = arguments.baseline.as_deref().map(Baseline::read).transpose()?.unwrap_or_default();
    let mut skip = Skip::default();
    for path in arguments.baseline.iter().chain(&arguments.write_baseline) {
        skip.add(path);
    }
    skip.add(std::path::Path::new("/dev/stdout"));

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
    let mut printer = Printer::new(&worker, baseline)?;
    let tally = pipeline::run(
        global.jobs(),
        source::inputs(&arguments.inputs, &skip),
        |input| worker.look(input),
        |taken| match taken {
            Ok((_, reading)) => printer.take(reading.made),
            Err(rejection) => {
                terminal.tell(&Failure::from(rejection));
                Ok(())
            }
        },
    );
    let tally = tally.map_err(|error| Failure::Threads(error.to_string()))??;
    if tally.inputs() == 0 {
        return Err(Failure::NoInput);
    }
    if tally.read() == 0 {
        return Err(Failure::NothingRead);
    }
    let counts = printer.finish()?;
    if let Some(path) = &arguments.write_baseline {
        counts.judged.write(path)?;
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
}

/// A finding that is shown, and how.
struct Shown {
    diagnostic: Diagnostic,
    encoded: Vec<u8>,
    /// Its message in a baseline.
    message: Option<String>,
}

impl Worker<'_> {
    fn look(&self, input: &Input) -> Result<Reading<Looked>, source::Error> {
        let bytes = input.read(self.limits.bytes)?;
        let report = parse(&bytes, self.grammars, &self.limits);
        let page = Page {
            path: &input.path,
            record: input.record.as_deref(),
            issuer: report.issuer.as_deref(),
            year: report.year,
            grammar: report.grammar.and_then(|index| self.grammars.list().get(index)),
            lang: self.lang,
        };
        let ground = Ground::report(&report);
        let findings = report.findings.iter().filter(|finding| self.selection.shows(finding, page.grammar));
        let shown = findings.map(|finding| self.shown(finding, &page, &ground)).collect();
        let notes = if self.verbose { self.notes(&report, &page, &ground) } else { String::new() };
        let looked = Looked { shown, open: report.open.len() as u64, notes };
        Ok(Reading { made: looked, status: report.status, findings: [0; 3] })
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

/// What takes the findings, in order.
struct Printer {
    out: BufWriter<Stdout>,
    at_once: bool,
    sarif: Option<Sarif>,
    statistics: Option<Statistics>,
    baseline: Baseline,
    counts: Counts,
    lang: Lang,
}

/// How many findings there were.
#[derive(Default)]
struct Counts {
    /// Shown: errors, warnings, notes.
    shown: [u64; 3],
    /// Not shown since the baseline has them.
    hidden: u64,
    /// Rules that could not be assessed.
    open: u64,
    /// The code of the first one shown.
    first: Option<crate::report::Code>,
    judged: Judged,
}

impl Printer {
    fn new(worker: &Worker<'_>, baseline: Baseline) -> Result<Printer, Failure> {
        let mut printer = Printer {
            out: BufWriter::with_capacity(1 << 16, io::stdout()),
            at_once: io::stdout().is_terminal(),
            sarif: (worker.format == Format::Sarif && worker.drawn).then(Sarif::default),
            statistics: (!worker.drawn).then(Statistics::default),
            baseline,
            counts: Counts::default(),
            lang: worker.lang,
        };
        if let Some(sarif) = &printer.sarif {
            let mut begin = Vec::new();
            sarif.begin(worker.lang, &mut begin);
            printer.write(&begin)?;
        }
        Ok(printer)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.out.write_all(bytes).map_err(Failure::Stdout)
    }

    /// Takes what a worker made of the next input.
    fn take(&mut self, looked: Looked) -> Result<(), Failure> {
        self.counts.open += looked.open;
        for shown in looked.shown {
            self.show(shown)?;
        }
        self.write(looked.notes.as_bytes())?;
        if self.at_once { self.out.flush().map_err(Failure::Stdout) } else { Ok(()) }
    }

    fn show(&mut self, Shown { diagnostic, encoded, message }: Shown) -> Result<(), Failure> {
        if let Some(message) = message {
            self.counts.judged.add(&diagnostic, message);
        }
        if self.baseline.hides(&diagnostic) {
            self.counts.hidden += 1;
            return Ok(());
        }
        self.counts.shown[Severity::Error as usize - diagnostic.severity as usize] += 1;
        self.counts.first.get_or_insert(diagnostic.code);
        if let Some(statistics) = &mut self.statistics {
            statistics.add(&diagnostic);
            return Ok(());
        }
        match &mut self.sarif {
            Some(sarif) => {
                let mut result = Vec::with_capacity(encoded.len() + 2);
                sarif.add(&diagnostic, &encoded, &mut result);
                self.write(&result)
            }
            None => self.write(&encoded),
        }
    }

    fn finish(mut self) -> Result<Counts, Failure> {
        if let Some(statistics) = self.statistics.take() {
            self.write(statistics.table(self.lang).as_bytes())?;
        }
        if let Some(sarif) = self.sarif.take() {
            let mut end = Vec::new();
            sarif.end(&mut end);
            self.write(&end)?;
        }
        self.out.flush().map_err(Failure::Stdout)?;
        Ok(self.counts)
    }
}

impl Counts {
    /// `3 inputs: 2 errors, 1 warning, 4 notes; 5 rules not assessable; 3 hidden by the baseline`
    fn summary(&self, inputs: u64, rejected: u64, lang: Lang) -> String {
        let [errors, warnings, notes] = self.shown;
        let many = |count: u64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        let mut parts = vec![match (lang, errors + warnings + notes) {
            (Lang::En, 0) => format!("{}: no findings", many(inputs, "input")),
            (Lang::Zh, 0) => format!("{inputs} 个输入：没有发现问题"),
            (Lang::En, _) => format!(
                "{}: {}, {}, {}",
                many(inputs, "input"),
                many(errors, "error"),
                many(warnings, "warning"),
                many(notes, "note")
            ),
            (Lang::Zh, _) => format!("{inputs} 个输入：{errors} 个错误，{warnings} 个警告，{notes} 个提示"),
        }];
        let mut part = |count: u64, english: String, chinese: String| {
            if count > 0 {
                parts.push(if lang == Lang::Zh { chinese } else { english });
            }
        };
        let (open, hidden) = (self.open, self.hidden);
        part(open, format!("{} not assessable", many(open, "rule")), format!("{open} 处规则无法核对"));
        part(hidden, format!("{hidden} hidden by the baseline"), format!("{hidden} 个已列入基线，未显示"));
        part(rejected, format!("{rejected} rejected"), format!("{rejected} 个输入被拒绝"));
        parts.join(if lang == Lang::Zh { "；" } else { "; " })
    }
}
