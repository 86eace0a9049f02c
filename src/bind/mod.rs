//! An outline and a grammar become a report.
//!
//! In: decoded text, cut into lines, and the grammars. Out: the [`Report`]: edition, title, issuer, year, sections, tables,
//! blocks, with a role for every stretch of ink, and what is to be said of the reading. This room does no arithmetic with
//! figures; it only finds out which one stands where.

mod blocks;
mod columns;
mod complete;
mod coverage;
mod cuts;
mod dress;
mod edition;
mod evidence;
mod glance;
mod header;
mod inexact;
mod known;
mod label;
mod lines;
mod listed;
mod memory;
mod names;
mod next_row;
mod page;
mod place;
mod region;
mod rows;
mod scan;
mod sections;
mod segment;
mod shape;
mod stated;
mod stretch;
mod tables;
mod template;
mod text_cells;
mod title;
mod words;

use crate::grammar::{Grammar, Grammars, Mark, TableForm};
use crate::layout::Outline;
use crate::report::{Code, Finding, Report, Role, Section, Span, Status, TableId};
use crate::text::{Decoded, clean, mojibake};

use lines::Facts;
pub use memory::Memory;
pub(crate) use memory::Quick;
use sections::Heading;
use stretch::Stretch;
use tables::Found;
use title::Title;

/// Binds the text to the grammar that fits it best.
pub fn bind<'b>(decoded: &Decoded<'b>, outline: &Outline<'_>, grammars: &Grammars) -> Report<'b> {
    bind_with_memory(&mut Memory::default(), decoded, outline, grammars)
}

/// Binds as [`bind`] does, sooner by what `memory` keeps of earlier pages.
pub fn bind_with_memory<'b>(
    memory: &mut Memory,
    decoded: &Decoded<'b>,
    outline: &Outline<'_>,
    grammars: &Grammars,
) -> Report<'b> {
    memory.begin(grammars);
    let mut findings = page::page_findings(decoded, outline);
    let mut facts = memory.lines.facts(outline);
    let votes = edition::votes(outline, &facts, grammars);
    let bound = if outline.lines.is_empty() {
        None
    } else {
        choose(memory, &mut facts, outline, grammars, &votes, &mut findings)
    };
    let (bound, other) = match bound {
        Some(bound) if bound.is_report(&grammars.list()[bound.grammar]) => (Some(bound), None),
        other => (None, other),
    };
    let Some(bound) = bound else {
        findings.retain(|finding| (finding.code as u16) < 110);
        if !outline.lines.is_empty() {
            let code = if mojibake(&decoded.text) { Code::Mojibake } else { Code::NotAReport };
            findings.push(Finding::new(code));
        }
        // A report of another kind or time may still say by its title whose it is.
        let title = other
            .and_then(|bound| bound.title)
            .filter(|title| title.issuer.is_some() && title.year.is_some())
            .unwrap_or_default();
        let roles = title.span.map(|span| (span, Role::Title)).into_iter().collect();
        let (coverage, unbound) = coverage::coverage(outline, &decoded.text, Vec::new(), roles);
        return Report {
            encoding: decoded.encoding,
            replaced: decoded.replaced.len() as u32,
            text: decoded.text.clone(),
            plain: None,
            grammar: None,
            status: Status::Unrecognized,
            title: title.span,
            issuer: title.issuer,
            year: title.year,
            sections: Vec::new(),
            tables: Vec::new(),
            statements: Vec::new(),
            findings,
            open: Vec::new(),
            unbound,
            coverage,
        };
    };
    let grammar = &grammars.list()[bound.grammar];
    let report = bound.report(decoded, outline, &facts, grammar, findings);
    memory.lines.keep(&facts);
    report
}

/// Everything found on a page with one grammar.
struct Bound {
    grammar: usize,
    title: Option<Title>,
    issuer: Option<String>,
    year: Option<u16>,
    headings: Vec<Heading>,
    tables: Vec<Found>,
    /// For each line whether it belongs to a table.
    table_lines: Vec<bool>,
    roles: Vec<(Span, Role)>,
    findings: Vec<Finding>,
}

/// Binds with the grammar that the page's labels name; without labels, with that of the year.
fn choose(
    memory: &mut Memory,
    facts: &mut Facts,
    outline: &Outline<'_>,
    grammars: &Grammars,
    votes: &[usize],
    findings: &mut Vec<Finding>,
) -> Option<Bound> {
    let list = grammars.list();
    let most = votes.iter().copied().max()?;
    let first = votes.iter().position(|vote| *vote == most)?;
    let bound = bind_with(memory, facts, outline, grammars, first);
    let by_year = bound.year.and_then(|year| list.iter().position(|grammar| grammar.covers(year)));
    if most == 0 || votes.iter().filter(|vote| **vote == most).count() > 1 {
        let tied = |index: &usize| votes[*index] == most;
        return match by_year.filter(tied) {
            Some(index) if index == first => Some(bound),
            Some(index) => Some(bind_with(memory, facts, outline, grammars, index)),
            // Without a year, the form that leaves the least unexplained; the newest of several.
            None => {
                let others = (first + 1..list.len()).filter(tied);
                let others = others.map(|index| bind_with(memory, facts, outline, grammars, index));
                std::iter::once(bound).chain(others).min_by_key(|bound| bound.strangeness(&list[bound.grammar]))
            }
        };
    }
    let second = votes.iter().enumerate().filter(|(index, _)| *index != first).max_by_key(|(_, vote)| **vote);
    if let Some((other, vote)) = second
        && *vote * 3 > most
    {
        let (expected, found) = (Some(list[first].id.clone()), Some(list[other].id.clone()));
        findings.push(Finding { expected, found, ..Finding::new(Code::EditionDoubtful) });
    } else if let Some(by_year) = by_year.filter(|_| bound.year.is_some_and(|year| !list[first].covers(year))) {
        let (expected, found) = (Some(list[by_year].id.clone()), Some(list[first].id.clone()));
        findings.push(Finding { expected, found, ..Finding::new(Code::EditionOfOtherYear) });
    }
    Some(bound)
}

fn bind_with(
    memory: &mut Memory,
    facts: &mut Facts,
    outline: &Outline<'_>,
    grammars: &Grammars,
    index: usize,
) -> Bound {
    memory.lines.turn_to(facts, index);
    let facts = &*facts;
    let grammar = &grammars.list()[index];
    let headings = sections::sections(outline, facts, grammar, &mut memory.lines.headings);
    let front = headings.first().map_or(outline.lines.len(), |heading| heading.lines.start);
    let mut findings = Vec::new();
    let title = title::title(outline, facts, grammar, front)
        .or_else(|| title::title(outline, facts, grammar, outline.lines.len().min(12)));
    let (issuer, year) = issuer_and_year(outline, facts, grammar, title.as_ref(), front, &mut findings);
    let mut bound = Bound {
        grammar: index,
        title,
        issuer,
        year,
        headings,
        tables: Vec::new(),
        table_lines: vec![false; outline.lines.len()],
        roles: Vec::new(),
        findings,
    };
    let foreign = |(other, marks): (usize, &Vec<Mark>), words: &str| {
        other != index && marks.iter().any(|mark| words.contains(&mark.key))
    };
    bound.read_tables(memory, outline, facts, grammar, &|words| {
        grammars.marks().iter().enumerate().any(|marks| foreign(marks, words))
    });
    bound
}

fn issuer_and_year(
    outline: &Outline<'_>,
    facts: &Facts,
    grammar: &Grammar,
    title: Option<&Title>,
    front: usize,
    findings: &mut Vec<Finding>,
) -> (Option<String>, Option<u16>) {
    let mut issuer = title.and_then(|title| title.issuer.clone());
    let mut year = title.and_then(|title| title.year);
    let period = stated::period(outline);
    if let (Some(year), Some((other, span))) = (year, period)
        && year != other
    {
        let finding = Finding { span, ..Finding::new(Code::YearDiffers) };
        findings.push(Finding { expected: Some(year.to_string()), found: Some(other.to_string()), ..finding });
    }
    if issuer.is_none() || year.is_none() {
        let (stated_issuer, stated_year) = stated::stated(outline, facts, grammar);
        issuer = issuer.or(stated_issuer);
        if year.is_none() {
            let from_text = period.or(stated_year.map(|year| (year, None)));
            let from_text =
                from_text.or_else(|| stated::plain_year(outline, front).map(|(year, span)| (year, Some(span))));
            let from_text =
                from_text.or_else(|| stated::published(outline, front).map(|(year, span)| (year, Some(span))));
            if let Some((found, span)) = from_text {
                year = Some(found);
                findings.push(Finding { span, found: Some(found.to_string()), ..Finding::new(Code::YearFromText) });
            }
        }
    }
    (issuer, year)
}

impl Bound {
    /// How many rows are there that the form does without, or lacking that it asks for.
    fn strangeness(&self, grammar: &Grammar) -> usize {
        let missing = self.findings.iter().filter(|finding| finding.code == Code::RowMissing).count();
        let optional = self.tables.iter().map(|found| {
            let form = &grammar.tables[usize::from(found.table.id)];
            form.rows
                .iter()
                .enumerate()
                .filter(|(row, form)| {
                    form.optional && found.table.cells.iter().any(|cell| usize::from(cell.row) == *row)
                })
                .count()
        });
        missing + optional.sum::<usize>()
    }

    /// Enough of a form to be a report of it: a table, or headings and a title that are no chance together.
    fn is_report(&self, grammar: &Grammar) -> bool {
        const ENOUGH: usize = 4;
        if !self.tables.is_empty() {
            return true;
        }
        let of_the_time = self.year.is_none_or(|year| year + 2 >= grammar.years.0);
        let headings: usize = self.headings.iter().map(|heading| 1 + usize::from(heading.official)).sum();
        let title = self.title.as_ref().map_or(0, |title| usize::from(title.full) + usize::from(title.year.is_some()));
        of_the_time && !self.headings.is_empty() && headings + title >= ENOUGH
    }

    /// Reads each section's tables in it, then what is still missing elsewhere on the page.
    fn read_tables(
        &mut self,
        memory: &mut Memory,
        outline: &Outline<'_>,
        facts: &Facts,
        grammar: &Grammar,
        is_foreign: &dyn Fn(&str) -> bool,
    ) {
        let index = self.grammar;
        let stretch = |lines, own| Stretch { outline, facts, grammar, index, lines, own };
        let lost = |table: &TableForm| self.headings.iter().all(|heading| heading.section != table.section);
        let lost: Vec<TableId> =
            (0..grammar.tables.len() as TableId).filter(|id| lost(&grammar.tables[usize::from(*id)])).collect();
        let ranges: Vec<(Heading, std::ops::Range<usize>)> = (0..self.headings.len())
            .map(|index| (self.headings[index].clone(), self.lines_of(index, outline)))
            .collect();
        for (heading, range) in &ranges {
            let own: Vec<TableId> = grammar.tables_of(heading.section).map(|(id, _)| id).collect();
            if own.is_empty() {
                continue;
            }
            let mut candidates: Vec<TableId> = own.iter().chain(&lost).copied().collect();
            candidates.retain(|id| !self.has(*id));
            candidates.sort_unstable();
            self.read_stretch(memory, stretch(range.clone(), true), &candidates, is_foreign);
        }
        // A table whose heading is lost may stand under the heading before it, or under none.
        let front = 0..ranges.first().map_or(outline.lines.len(), |(heading, _)| heading.lines.start);
        for range in std::iter::once(front).chain(ranges.into_iter().map(|(_, range)| range)) {
            let missing: Vec<TableId> = (0..grammar.tables.len() as TableId).filter(|id| !self.has(*id)).collect();
            if missing.is_empty() {
                break;
            }
            self.read_stretch(memory, stretch(range, false), &missing, is_foreign);
        }
        self.tables.sort_by_key(|found| found.table.id);
    }

    fn has(&self, table: TableId) -> bool {
        self.tables.iter().any(|found| found.table.id == table)
    }

    fn lines_of(&self, heading: usize, outline: &Outline<'_>) -> std::ops::Range<usize> {
        let start = self.headings[heading].lines.end;
        let end = self.headings.get(heading + 1).map_or(outline.lines.len(), |next| next.lines.start);
        start..end.max(start)
    }

    fn report<'b>(
        mut self,
        decoded: &Decoded<'b>,
        outline: &Outline<'_>,
        facts: &Facts,
        grammar: &Grammar,
        mut findings: Vec<Finding>,
    ) -> Report<'b> {
        let of_tables = std::mem::replace(&mut self.roles, Vec::with_capacity(outline.lines.len()));
        self.roles.extend(self.title.iter().filter_map(|title| title.span).map(|span| (span, Role::Title)));
        let sections = self.sections(outline, facts, grammar);
        self.missing(grammar);
        let complete = self.title.is_some()
            && self.year.is_some()
            && sections.len() == grammar.sections.len()
            && self.tables.len() == grammar.tables.len();
        let (coverage, unbound) =
            coverage::coverage(outline, &decoded.text, of_tables, std::mem::take(&mut self.roles));
        findings.extend(self.findings);
        findings.sort_by_key(|finding| {
            (finding.span.map(|span| span.start), finding.code, finding.table, finding.row, finding.column)
        });
        Report {
            encoding: decoded.encoding,
            replaced: decoded.replaced.len() as u32,
            grammar: Some(self.grammar),
            status: if complete { Status::Complete } else { Status::Partial },
            title: self.title.and_then(|title| title.span),
            issuer: self.issuer,
            year: self.year,
            sections,
            tables: self.tables.into_iter().map(|found| found.table).collect(),
            statements: Vec::new(),
            findings,
            open: Vec::new(),
            unbound,
            coverage,
            text: decoded.text.clone(),
            plain: None,
        }
    }

    fn sections(&mut self, outline: &Outline<'_>, facts: &Facts, grammar: &Grammar) -> Vec<Section> {
        let mut starts: Vec<(usize, TableId)> = self.tables.iter().map(|found| (found.line, found.table.id)).collect();
        starts.sort_by_key(|(line, _)| *line);
        let mut taken = std::mem::take(&mut self.table_lines);
        self.title.iter().for_each(|title| taken[title.lines.clone()].fill(true));
        let mut sections = Vec::new();
        for index in 0..self.headings.len() {
            let heading = self.headings[index].clone();
            let range = self.lines_of(index, outline);
            let lines = blocks::Lines {
                outline,
                facts,
                range,
                last: index + 1 == self.headings.len(),
                tables: &starts,
                taken: &taken,
            };
            self.roles.extend(heading.number.map(|number| (number.to(heading.words), Role::Heading)));
            self.roles.push((heading.words, Role::Heading));
            let (mut blocks, end) = blocks::blocks(&lines, &mut self.roles);
            let end = end.unwrap_or(heading.lines.end - 1);
            if let Some(rest) = heading.rest {
                self.roles.push((rest, Role::Prose));
                blocks.insert(0, crate::report::Block::Paragraph(rest));
            }
            if heading.near {
                let expected =
                    grammar.sections[usize::from(heading.section)].headings.first().map(|label| label.shown.clone());
                let found = Some(clean(heading.words.of(outline.text)).into_owned());
                self.findings.push(Finding {
                    section: Some(heading.section),
                    expected,
                    found,
                    ..Finding::new(Code::HeadingNear).at(heading.words)
                });
            }
            let moved = self.headings[..index].iter().any(|before| before.section > heading.section);
            if moved {
                self.findings.push(Finding {
                    section: Some(heading.section),
                    ..Finding::new(Code::SectionMoved).at(heading.words)
                });
            }
            let first = outline.lines[heading.lines.start].number;
            sections.push(Section {
                id: heading.section,
                number: heading.number,
                heading: heading.words,
                lines: (first, outline.lines[end].number.max(first)),
                blocks,
            });
        }
        sections
    }

    /// Says what of the form is not there.
    fn missing(&mut self, grammar: &Grammar) {
        for (missing, code) in [
            (self.title.is_none(), Code::TitleMissing),
            (self.issuer.is_none(), Code::IssuerMissing),
            (self.year.is_none(), Code::YearMissing),
        ] {
            if missing {
                self.findings.push(Finding::new(code));
            }
        }
        for (id, section) in grammar.sections.iter().enumerate() {
            if self.headings.iter().all(|heading| usize::from(heading.section) != id) {
                let expected = section.headings.first().map(|label| label.shown.clone());
                self.findings.push(Finding {
                    section: Some(id as u16),
                    expected,
                    ..Finding::new(Code::SectionMissing)
                });
            }
        }
        for (id, table) in grammar.tables.iter().enumerate() {
            if !self.has(id as TableId) {
                let expected = table.captions.first().map(|label| label.shown.clone());
                self.findings.push(Finding {
                    table: Some(id as TableId),
                    expected,
                    ..Finding::new(Code::TableMissing)
                });
            }
        }
    }
}
