//! A finding ready to be shown: plain data, worded in one language, which needs neither page nor grammar any more.

use std::cell::Cell;

use super::{Excerpt, Lang, help, meaning, message, names, rules};
use crate::grammar::Grammar;
use crate::report::{Blamed, CellId, Code, Decimal, Finding, Report, Severity, Span};
use crate::text::{Lines, is_invisible};

/// A finding with all that is shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The path of its page as given; `-` for standard input.
    pub path: String,
    /// The record within the file, where it holds several.
    pub record: Option<String>,
    /// What kind of finding; `{:?}` is the name of the kind.
    pub code: Code,
    /// The rule that does not hold.
    pub rule: Option<RuleWords>,
    /// How much it matters.
    pub severity: Severity,
    /// One line that can stand alone.
    pub message: String,
    /// The section concerned, by its id.
    pub section: Option<String>,
    /// The table concerned, by its id.
    pub table: Option<String>,
    /// The row concerned, by its id.
    pub row: Option<String>,
    /// The column concerned, by its id.
    pub column: Option<String>,
    /// What should stand there.
    pub expected: Option<String>,
    /// What stands there.
    pub found: Option<String>,
    /// The place to look at, with what is expected there.
    pub primary: Option<Mark>,
    /// Other places that it speaks of, in the page's order.
    pub related: Vec<Mark>,
    /// The lines in which they stand.
    pub excerpt: Excerpt,
    /// What to do about it.
    pub help: Option<String>,
    /// What tells it from other findings when the page has been saved anew; empty without the feature `cli`.
    pub fingerprint: String,
    /// The language of its words.
    pub lang: Lang,
}

/// The rule of a finding, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleWords {
    /// Its name, such as `applications.balance`.
    pub id: String,
    /// The auditors' word for what it compares, such as 表内.
    pub kind: &'static str,
    /// The rule in words.
    pub says: String,
    /// Its formula as it stands in the grammar.
    pub formula: String,
}

/// A place that a finding speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The bytes.
    pub span: Span,
    /// The same in lines and columns.
    pub place: Place,
    /// What is to be said of it, in a few words.
    pub label: Option<String>,
    /// Whether the label matters where the line itself is seen.
    pub tells: bool,
}

/// Line and column, in characters from 1, of the first character and of the one behind the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line of the first character.
    pub line: u32,
    /// Its column.
    pub column: u32,
    /// The line of the last character.
    pub end_line: u32,
    /// The column behind it.
    pub end_column: u32,
}

/// What a finding's page is called, and how it is read.
#[derive(Clone, Copy, Debug)]
pub struct Page<'p> {
    /// Its path as given.
    pub path: &'p str,
    /// The record within the file.
    pub record: Option<&'p str>,
    /// Whose report it is.
    pub issuer: Option<&'p str>,
    /// For which year.
    pub year: Option<u16>,
    /// The grammar that it was bound to.
    pub grammar: Option<&'p Grammar>,
    /// The language to word it in.
    pub lang: Lang,
}

/// Where the places of a finding are looked up: the page, or what was kept of it.
pub struct Ground<'g>(Kept<'g>);

enum Kept<'g> {
    Report { report: &'g Report<'g>, lines: Lines, last: Cell<(u32, u32)> },
    Excerpt(&'g Excerpt),
}

/// The finding as it is shown.
pub fn diagnostic(finding: &Finding, page: &Page<'_>, ground: &Ground<'_>) -> Diagnostic {
    let Page { grammar, lang, .. } = *page;
    let form = grammar.zip(finding.table).and_then(|(grammar, id)| grammar.tables.get(usize::from(id)));
    let row = form.zip(finding.row).and_then(|(form, id)| form.rows.get(usize::from(id)));
    let column = form.zip(finding.column).and_then(|(form, id)| form.columns.get(usize::from(id)));
    let section = grammar.zip(finding.section).and_then(|(grammar, id)| grammar.sections.get(usize::from(id)));
    let rule = grammar.zip(finding.rule).and_then(|(grammar, id)| grammar.rules.get(usize::from(id)));
    let (primary, related) = marks(finding, page, ground);
    let spans: Vec<Span> = primary.iter().chain(&related).map(|mark| mark.span).collect();
    Diagnostic {
        path: page.path.to_owned(),
        record: page.record.map(str::to_owned),
        code: finding.code,
        rule: rule.map(|rule| RuleWords {
            id: rule.id.clone(),
            kind: rule.kind.name(),
            says: rule.says.clone(),
            formula: rule.formula.clone(),
        }),
        severity: finding.severity,
        message: one_line(message(finding, grammar, lang)),
        section: section.map(|section| section.id.clone()),
        table: form.map(|form| form.id.clone()),
        row: row.map(|row| row.id.clone()),
        column: column.map(|column| column.id.clone()),
        expected: finding.expected.clone(),
        found: finding.found.clone(),
        excerpt: ground.excerpt(&spans),
        primary,
        related,
        help: help(finding, grammar, lang).map(one_line),
        #[cfg(feature = "cli")]
        fingerprint: super::fingerprint::fingerprint(finding, page, ground.statement(finding)),
        #[cfg(not(feature = "cli"))]
        fingerprint: String::new(),
        lang,
    }
}

impl Diagnostic {
    /// What findings of this kind mean, in a few words. A rule's own words are Chinese; in English those of its code stand in
    /// for them, but all rules of users have one code.
    pub fn meaning(&self) -> &str {
        let rule = self.rule.as_ref().filter(|_| self.lang == Lang::Zh || self.code == Code::RuleBroken);
        rule.map_or_else(|| meaning(self.code, self.lang), |rule| &rule.says)
    }
}

/// The place of the finding, and the others; each place once, with the most telling of its labels.
fn marks(finding: &Finding, page: &Page<'_>, ground: &Ground<'_>) -> (Option<Mark>, Vec<Mark>) {
    let Page { grammar, lang, .. } = *page;
    let mark = |span: Span, label: Option<String>, tells: bool| {
        ground.place(span).map(|place| Mark { span, place, label, tells })
    };
    let probably = |mended: Decimal| match lang {
        Lang::En => format!("probably {mended}"),
        Lang::Zh => format!("很可能应为 {mended}"),
    };
    let blamed = blamed(finding);
    let own = blamed.iter().find(|cell| cell.span == finding.span).map(|cell| cell.mended);
    // What would stand here if all else were right is beside the point where something else is to blame.
    let label = match own {
        Some(mended) if finding.expected.as_deref() != Some(&mended.to_string()) => Some(probably(mended)),
        None if !blamed.is_empty() => None,
        _ => rules::label(finding, lang),
    };
    let primary = finding.span.and_then(|span| mark(span, label, true));
    let mut related: Vec<Mark> = Vec::with_capacity(finding.related.len());
    for cell in blamed {
        if let Some(span) = cell.span.filter(|span| Some(*span) != finding.span) {
            related.extend(mark(span, Some(probably(cell.mended)), true));
        }
    }
    for span in &finding.related {
        if Some(*span) != finding.span && related.iter().all(|mark| mark.span != *span) {
            let cell = grammar.zip(ground.cell(*span));
            related.extend(mark(*span, cell.map(|(grammar, cell)| names::cell(grammar, cell, lang)), false));
        }
    }
    related.sort_by_key(|mark| mark.span);
    (primary, related)
}

/// The cells to blame that the finding speaks of; all of them where it speaks of none.
fn blamed(finding: &Finding) -> Vec<Blamed> {
    let all = finding.blame.as_ref().map_or(&[][..], |blame| &blame.cells);
    let terms = || finding.sides.iter().flat_map(|sides| sides.left.terms.iter().chain(&sides.right.terms));
    let own: Vec<Blamed> =
        all.iter().filter(|cell| terms().any(|term| term.cell == Some(cell.cell))).copied().collect();
    if own.is_empty() { all.to_vec() } else { own }
}

/// Without line ends and other characters that would break the line that it is shown in.
fn one_line(words: String) -> String {
    if !words.contains(|c: char| c.is_control() || is_invisible(c)) {
        return words;
    }
    let words: String = words.chars().map(|c| if c.is_control() || is_invisible(c) { ' ' } else { c }).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl<'g> Ground<'g> {
    /// The page itself.
    pub fn report(report: &'g Report<'g>) -> Ground<'g> {
        Ground(Kept::Report { report, lines: Lines::new(&report.text), last: Cell::new((0, 1)) })
    }

    /// What was kept of a page that is gone.
    pub fn excerpt_of(excerpt: &'g Excerpt) -> Ground<'g> {
        Ground(Kept::Excerpt(excerpt))
    }

    /// The lines in which the spans stand.
    pub fn excerpt(&self, spans: &[Span]) -> Excerpt {
        match &self.0 {
            Kept::Report { report, lines, .. } => Excerpt::new(&report.text, lines, spans),
            Kept::Excerpt(excerpt) => excerpt.of(spans),
        }
    }

    /// Line and column of a span.
    pub fn place(&self, span: Span) -> Option<Place> {
        match &self.0 {
            Kept::Report { lines, .. } => {
                let last = if span.is_empty() { span.end } else { span.end - 1 };
                let column = self.column(span.start)?;
                Some(Place {
                    line: lines.line(span.start),
                    column,
                    end_line: lines.line(last),
                    end_column: self.column(span.end)?,
                })
            }
            Kept::Excerpt(excerpt) => {
                let piece = excerpt.piece(span)?;
                let column = piece.column + piece.text.get(..piece.offset_of(span)?)?.chars().count() as u32;
                let end_column = column + piece.words(span).chars().count() as u32;
                Some(Place { line: piece.line, column, end_line: piece.line, end_column })
            }
        }
    }

    /// The column of an offset. Most places follow one another, so in a long line counting goes on from the last one there: a
    /// page that is one long line is then not counted again for each of its findings.
    fn column(&self, offset: u32) -> Option<u32> {
        const LONG: u32 = 4096;
        let Kept::Report { report, lines, last } = &self.0 else { return None };
        let start = *lines.starts().get(lines.line(offset).checked_sub(1)? as usize)?;
        let (from, column) = match last.get() {
            (from, column) if start <= from && from <= offset => (from, column),
            _ => (start, 1),
        };
        let column = column + report.text.get(from as usize..offset as usize)?.chars().count() as u32;
        if offset - start > LONG {
            last.set((offset, column));
        }
        Some(column)
    }

    /// The cell that stands there.
    fn cell(&self, span: Span) -> Option<CellId> {
        let Kept::Report { report, .. } = &self.0 else { return None };
        report.tables.iter().find_map(|table| {
            let cell = table.cells.iter().find(|cell| cell.span == Some(span))?;
            Some(CellId { table: table.id, row: cell.row, column: cell.column })
        })
    }

    /// The words of the statement that a finding speaks of.
    #[cfg(feature = "cli")]
    fn statement(&self, finding: &Finding) -> Option<&'g str> {
        let Kept::Report { report, .. } = &self.0 else { return None };
        let span = finding.span?;
        let holds = |statement: &&crate::report::Statement| {
            statement.span.start <= span.start && span.end <= statement.span.end
        };
        // Statements stand in order but for those of one sentence, of which there are not many.
        const NEAR: usize = 256;
        let behind = report.statements.partition_point(|statement| statement.span.start <= span.start);
        let near = report.statements.get(behind.saturating_sub(NEAR)..behind)?;
        let span = near.iter().find(holds).map_or(span, |statement| statement.span);
        report.text.get(span.start as usize..span.end as usize)
    }
}
