//! An outline and a grammar become a report.
//!
//! In: decoded text, cut into lines, and the grammars. Out: the [`Report`]: edition, title, issuer, year, sections, tables,
//! blocks, with a role for every stretch of ink, and what is to be said of the reading. This room does no arithmetic with
//! figures; it only finds out which one stands where.

mod blocks;
mod coverage;
mod edition;
mod header;
mod label;
mod place;
mod scan;
mod sections;
mod tables;
mod title;

use crate::grammar::{Grammar, Grammars, TableForm};
use crate::layout::{Delimiter, Outline, is_furniture, pieces};
use crate::report::{Code, Finding, Report, Role, Section, Span, Status, TableId, Value};
use crate::text::{Decoded, clean, key, mojibake};

use sections::Heading;
use tables::Found;
use title::Title;

/// Binds the text to the grammar that fits it best.
pub fn bind<'b>(decoded: &Decoded<'b>, outline: &Outline<'_>, grammars: &Grammars) -> Report<'b> {
    let mut findings = page_findings(decoded, outline);
    let votes = edition::votes(outline, grammars);
    let bound = (!outline.lines.is_empty()).then(|| choose(outline, grammars, &votes, &mut findings)).flatten();
    let bound = bound.filter(|bound| bound.is_report(&grammars.list()[bound.grammar]));
    let Some(bound) = bound else {
        findings.retain(|finding| (finding.code as u16) < 110);
        if !outline.lines.is_empty() {
            let code = if mojibake(&decoded.text) { Code::Mojibake } else { Code::NotAReport };
            findings.push(Finding::new(code));
        }
        let (coverage, unbound) = coverage::coverage(outline, Vec::new());
        return Report {
            encoding: decoded.encoding,
            replaced: decoded.replaced.len() as u32,
            text: decoded.text.clone(),
            grammar: None,
            status: Status::Unrecognized,
            title: None,
            issuer: None,
            year: None,
            sections: Vec::new(),
            tables: Vec::new(),
            findings,
            unbound,
            coverage,
        };
    };
    let grammar = &grammars.list()[bound.grammar];
    bound.report(decoded, outline, grammar, findings)
}

/// Everything found on a page with one grammar.
struct Bound {
    grammar: usize,
    title: Option<Title>,
    issuer: Option<String>,
    year: Option<u16>,
    headings: Vec<Heading>,
    tables: Vec<Found>,
    /// Lines that belong to tables.
    table_lines: Vec<usize>,
    roles: Vec<(Span, Role)>,
    findings: Vec<Finding>,
}

fn page_findings(decoded: &Decoded<'_>, outline: &Outline<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let replacement = char::REPLACEMENT_CHARACTER.len_utf8() as u32;
    if let Some(first) = decoded.replaced.first() {
        let found = Some(decoded.replaced.len().to_string());
        findings.push(Finding { found, ..Finding::new(Code::BytesReplaced).at(Span::new(*first, first + replacement)) });
    }
    let lost = decoded.text.matches(char::REPLACEMENT_CHARACTER).count() - decoded.replaced.len();
    if lost > 0 {
        let at = decoded.text.match_indices(char::REPLACEMENT_CHARACTER).map(|(at, _)| at as u32).find(|at| decoded.replaced.binary_search(at).is_err());
        let finding = Finding { found: Some(lost.to_string()), ..Finding::new(Code::CharactersLost) };
        findings.push(Finding { span: at.map(|at| Span::new(at, at + replacement)), ..finding });
    }
    if outline.lines.is_empty() {
        findings.push(Finding::new(Code::Empty));
    }
    let mut head = decoded.text.len().min(4096);
    while !decoded.text.is_char_boundary(head) {
        head -= 1;
    }
    let tags = ["<html", "<!DOCTYPE", "<!doctype", "<body", "<table", "<td", "<span", "<div"];
    if let Some(at) = tags.iter().filter_map(|tag| decoded.text[..head].find(tag)).min() {
        findings.push(Finding::new(Code::Markup).at(Span::new(at as u32, at as u32 + 1)));
    }
    findings
}

/// Binds with the grammar that the page's labels name; without labels, with that of the year.
fn choose(outline: &Outline<'_>, grammars: &Grammars, votes: &[usize], findings: &mut Vec<Finding>) -> Option<Bound> {
    let list = grammars.list();
    let most = votes.iter().copied().max()?;
    let first = votes.iter().position(|vote| *vote == most)?;
    let bound = bind_with(outline, grammars, first);
    let by_year = bound.year.and_then(|year| list.iter().position(|grammar| grammar.covers(year)));
    if most == 0 || votes.iter().filter(|vote| **vote == most).count() > 1 {
        let tied = |index: &usize| votes[*index] == most;
        return match by_year.filter(tied) {
            Some(index) if index == first => Some(bound),
            Some(index) => Some(bind_with(outline, grammars, index)),
            // Without a year, the form that leaves the least unexplained; the newest of several.
            None => {
                let others = (first + 1..list.len()).filter(tied).map(|index| bind_with(outline, grammars, index));
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
    } else if let Some(by_year) = by_year.filter(|index| *index != first) {
        let (expected, found) = (Some(list[by_year].id.clone()), Some(list[first].id.clone()));
        findings.push(Finding { expected, found, ..Finding::new(Code::EditionOfOtherYear) });
    }
    Some(bound)
}

fn bind_with(outline: &Outline<'_>, grammars: &Grammars, index: usize) -> Bound {
    let grammar = &grammars.list()[index];
    let headings = sections::sections(outline, grammar);
    let front = headings.first().map_or(outline.lines.len(), |heading| heading.lines.start);
    let mut findings = Vec::new();
    let title = title::title(outline, grammar, front).or_else(|| title::title(outline, grammar, outline.lines.len().min(12)));
    let (issuer, year) = issuer_and_year(outline, grammar, title.as_ref(), front, &mut findings);
    let mut bound = Bound { grammar: index, title, issuer, year, headings, tables: Vec::new(), table_lines: Vec::new(), roles: Vec::new(), findings };
    bound.read_tables(outline, grammar);
    bound
}

fn issuer_and_year(outline: &Outline<'_>, grammar: &Grammar, title: Option<&Title>, front: usize, findings: &mut Vec<Finding>) -> (Option<String>, Option<u16>) {
    let mut issuer = title.and_then(|title| title.issuer.clone());
    let mut year = title.and_then(|title| title.year);
    let period = title::period(outline);
    if let (Some(year), Some((other, span))) = (year, period)
        && year != other
    {
        let finding = Finding { span, ..Finding::new(Code::YearDiffers) };
        findings.push(Finding { expected: Some(year.to_string()), found: Some(other.to_string()), ..finding });
    }
    if issuer.is_none() || year.is_none() {
        let (stated_issuer, stated_year) = title::stated(outline, grammar);
        issuer = issuer.or(stated_issuer);
        if year.is_none() {
            let from_text = stated_year.map(|year| (year, None)).or(period);
            let from_text = from_text.or_else(|| title::plain_year(outline, front).map(|(year, span)| (year, Some(span))));
            let from_text = from_text.or_else(|| title::published(outline, front).map(|(year, span)| (year, Some(span))));
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
            form.rows.iter().enumerate().filter(|(row, form)| form.optional && found.table.cells.iter().any(|cell| usize::from(cell.row) == *row)).count()
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
    fn read_tables(&mut self, outline: &Outline<'_>, grammar: &Grammar) {
        let lost = |table: &TableForm| self.headings.iter().all(|heading| heading.section != table.section);
        let lost: Vec<TableId> = (0..grammar.tables.len() as TableId).filter(|id| lost(&grammar.tables[usize::from(*id)])).collect();
        let ranges: Vec<(Heading, std::ops::Range<usize>)> = (0..self.headings.len()).map(|index| (self.headings[index].clone(), self.lines_of(index, outline))).collect();
        for (heading, range) in &ranges {
            let own: Vec<TableId> = grammar.tables_of(heading.section).map(|(id, _)| id).collect();
            if own.is_empty() {
                continue;
            }
            let mut candidates: Vec<TableId> = own.iter().chain(&lost).copied().collect();
            candidates.retain(|id| !self.has(*id));
            candidates.sort_unstable();
            self.read_stretch(outline, grammar, &candidates, range.clone(), true);
        }
        // A table whose heading is lost may stand under the heading before it, or under none.
        let front = 0..ranges.first().map_or(outline.lines.len(), |(heading, _)| heading.lines.start);
        for range in std::iter::once(front).chain(ranges.into_iter().map(|(_, range)| range)) {
            let missing: Vec<TableId> = (0..grammar.tables.len() as TableId).filter(|id| !self.has(*id)).collect();
            if missing.is_empty() {
                break;
            }
            self.read_stretch(outline, grammar, &missing, range, false);
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

    fn read_stretch(&mut self, outline: &Outline<'_>, grammar: &Grammar, candidates: &[TableId], range: std::ops::Range<usize>, own: bool) {
        let forms: Vec<(TableId, &TableForm)> = candidates.iter().map(|id| (*id, &grammar.tables[usize::from(*id)])).collect();
        let free = |line: usize| !self.table_lines.contains(&line);
        let Some(extent) = extent(outline, &forms, range, free) else { return };
        let skip = |line: usize| !free(line) || is_aside(outline, line, &forms);
        let pieces = pieces(outline, extent.clone(), skip);
        let mut scan = scan::scan(outline, grammar, forms.clone(), &pieces, own);
        let mut found = tables::tables(outline, grammar, &forms, &mut scan);
        if !own {
            // Outside its section a table needs its header and something in its cells, or it is some other statistics.
            found.retain(|found| found.header_words > 0 && found.table.cells.iter().any(|cell| !matches!(cell.value, Value::Blank | Value::Missing)));
            for found in &found {
                let finding = Finding { table: Some(found.table.id), ..Finding::new(Code::TableElsewhere) };
                let home = grammar.tables[usize::from(found.table.id)].section;
                if self.headings.iter().any(|heading| heading.section == home) {
                    self.findings.push(finding.at(outline.lines[found.line].span));
                }
            }
        }
        if found.is_empty() {
            return;
        }
        let of_found = |table: Option<TableId>| table.is_none_or(|table| found.iter().any(|found| found.table.id == table));
        self.findings.extend(scan.findings.into_iter().filter(|finding| of_found(finding.table)));
        let has_role = |line: usize| {
            let full = outline.lines[line].full;
            scan.roles.iter().any(|(span, _)| span.start < full.end && full.start < span.end)
        };
        self.table_lines.extend(extent.filter(|line| !skip_line(outline, *line, &forms) && (has_role(*line) || outline.lines[*line].delimiter != Delimiter::None || only_figures(outline, *line))));
        self.roles.extend(scan.roles);
        self.tables.extend(found);
    }

    fn report<'b>(mut self, decoded: &Decoded<'b>, outline: &Outline<'_>, grammar: &Grammar, mut findings: Vec<Finding>) -> Report<'b> {
        if let Some(title) = &self.title
            && let Some(span) = title.span
        {
            self.roles.push((span, Role::Title));
        }
        let sections = self.sections(outline, grammar);
        self.missing(grammar);
        let complete = self.title.is_some() && self.year.is_some() && sections.len() == grammar.sections.len() && self.tables.len() == grammar.tables.len();
        let (coverage, unbound) = coverage::coverage(outline, std::mem::take(&mut self.roles));
        findings.extend(self.findings);
        findings.sort_by_key(|finding| (finding.span.map(|span| span.start), finding.code, finding.table, finding.row, finding.column));
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
            findings,
            unbound,
            coverage,
            text: decoded.text.clone(),
        }
    }

    fn sections(&mut self, outline: &Outline<'_>, grammar: &Grammar) -> Vec<Section> {
        let starts: Vec<(usize, TableId)> = self.tables.iter().map(|found| (found.line, found.table.id)).collect();
        let mut taken_lines = self.table_lines.clone();
        taken_lines.extend(self.title.iter().flat_map(|title| title.lines.clone()));
        taken_lines.sort_unstable();
        let taken = |line: usize| taken_lines.binary_search(&line).is_ok();
        let mut sections = Vec::new();
        for index in 0..self.headings.len() {
            let heading = self.headings[index].clone();
            let range = self.lines_of(index, outline);
            let lines = blocks::Lines { outline, range, last: index + 1 == self.headings.len(), tables: &starts, taken: &taken };
            let (mut blocks, end) = blocks::blocks(&lines, &mut self.roles);
            let end = end.unwrap_or(heading.lines.end - 1);
            self.roles.extend(heading.number.map(|number| (number.to(heading.words), Role::Heading)));
            self.roles.push((heading.words, Role::Heading));
            if let Some(rest) = heading.rest {
                self.roles.push((rest, Role::Prose));
                blocks.insert(0, crate::report::Block::Paragraph(rest));
            }
            if heading.near {
                let expected = grammar.sections[usize::from(heading.section)].headings.first().map(|label| label.shown.clone());
                let found = Some(clean(heading.words.of(outline.text)).into_owned());
                self.findings.push(Finding { section: Some(heading.section), expected, found, ..Finding::new(Code::HeadingNear).at(heading.words) });
            }
            let moved = self.headings[..index].iter().any(|before| before.section > heading.section);
            if moved {
                self.findings.push(Finding { section: Some(heading.section), ..Finding::new(Code::SectionMoved).at(heading.words) });
            }
            let first = outline.lines[heading.lines.start].number;
            sections.push(Section { id: heading.section, number: heading.number, heading: heading.words, lines: (first, outline.lines[end].number.max(first)), blocks });
        }
        sections
    }

    /// Says what of the form is not there.
    fn missing(&mut self, grammar: &Grammar) {
        for (missing, code) in [(self.title.is_none(), Code::TitleMissing), (self.issuer.is_none(), Code::IssuerMissing), (self.year.is_none(), Code::YearMissing)] {
            if missing {
                self.findings.push(Finding::new(code));
            }
        }
        for (id, section) in grammar.sections.iter().enumerate() {
            if self.headings.iter().all(|heading| usize::from(heading.section) != id) {
                let expected = section.headings.first().map(|label| label.shown.clone());
                self.findings.push(Finding { section: Some(id as u16), expected, ..Finding::new(Code::SectionMissing) });
            }
        }
        for (id, table) in grammar.tables.iter().enumerate() {
            if !self.has(id as TableId) {
                let expected = table.captions.first().map(|label| label.shown.clone());
                self.findings.push(Finding { table: Some(id as TableId), expected, ..Finding::new(Code::TableMissing) });
            }
        }
    }
}

/// The lines from the first to the last one that is made of the tables' words.
fn extent(outline: &Outline<'_>, forms: &[(TableId, &TableForm)], range: std::ops::Range<usize>, free: impl Fn(usize) -> bool) -> Option<std::ops::Range<usize>> {
    let of_tables = |line: &usize| free(*line) && !is_aside(outline, *line, forms) && is_of_tables(outline, *line, forms);
    let first = range.clone().find(of_tables)?;
    let last = range.clone().rev().find(of_tables)?;
    // The figures of the last row may stand below its label.
    // A note may come between them.
    const NOTES: usize = 2;
    let (mut end, mut notes) = (last, 0);
    for line in (last + 1..range.end).take_while(|line| free(*line)) {
        if only_figures(outline, line) {
            end = line;
            notes = 0;
        } else if !skip_line(outline, line, forms) {
            notes += 1;
        }
        if notes > NOTES {
            break;
        }
    }
    Some(first..end + 1)
}

/// A line of words of the tables, with figures or without.
fn is_of_tables(outline: &Outline<'_>, line: usize, forms: &[(TableId, &TableForm)]) -> bool {
    let here = &outline.lines[line];
    if here.rule {
        return false;
    }
    let of_tables = |words: &str| {
        let key = key(words);
        // One letter is a piece of an upright label only among others.
        key.chars().count() >= 2 && forms.iter().any(|(_, form)| form.vocabulary.makes(&key))
    };
    let words = here.span.of(outline.text);
    if here.delimiter != Delimiter::None {
        return words.split(['|', '\t']).any(|cell| of_tables(cell.trim()));
    }
    if words.split_whitespace().take(400).any(|word| is_word_of(word, forms)) {
        return true;
    }
    let label = without_figures(words);
    let begins_with_label = || {
        forms.iter().flat_map(|(_, form)| &form.rows).flat_map(|row| &row.labels).any(|row| {
            let words = crate::layout::numbering(words).map_or(words, |number| &words[number.length..]);
            let end = words.find(['（', '(', '：', ':']);
            end.is_some_and(|end| key(&words[..end]).chars().eq(row.key.iter().copied()))
        })
    };
    of_tables(label) || words.split_whitespace().next().is_some_and(|first| label.len() < words.len() && of_tables(first)) || begins_with_label()
}

/// Whether a blank-separated piece of a line is a whole word of the tables, and long enough to be no chance.
fn is_word_of(word: &str, forms: &[(TableId, &TableForm)]) -> bool {
    const LEAST: usize = 4;
    let word = crate::layout::numbering(word).map_or(word, |number| &word[number.length..]);
    if word.len() < LEAST * 3 || word.len() > 200 {
        return false;
    }
    let key = key(word);
    forms.iter().any(|(_, form)| form.vocabulary.has(&key))
}

/// The words before the values at the end of a line.
fn without_figures(words: &str) -> &str {
    let mut label = words;
    while let Some((before, last)) = label.rsplit_once(char::is_whitespace)
        && crate::layout::figure(last).is_some()
    {
        label = before.trim_end();
    }
    label
}

/// Lines between those of a table that are none of it: sentences and furniture.
fn is_aside(outline: &Outline<'_>, line: usize, forms: &[(TableId, &TableForm)]) -> bool {
    let here = &outline.lines[line];
    let words = here.span.of(outline.text);
    let plain = !here.crowded && here.delimiter == Delimiter::None;
    let mut words_of_tables = words.split_whitespace().take(200).filter(|word| is_word_of(word, forms));
    let sentence = plain && words.contains('。') && words.chars().count() > 12 && !ends_with_figures(words) && words_of_tables.nth(2).is_none();
    sentence || (is_furniture(words) && !is_of_tables(outline, line, forms))
}

fn ends_with_figures(words: &str) -> bool {
    words.rsplit(char::is_whitespace).take(2).filter(|word| crate::layout::figure(word).is_some()).count() == 2
}

fn skip_line(outline: &Outline<'_>, line: usize, forms: &[(TableId, &TableForm)]) -> bool {
    outline.lines[line].rule || is_aside(outline, line, forms)
}

/// A line of nothing but values and blanks.
fn only_figures(outline: &Outline<'_>, line: usize) -> bool {
    let words = outline.words(line);
    words.split(|c: char| c.is_whitespace() || c == '|').filter(|word| !word.is_empty()).all(|word| crate::layout::figure(word).is_some())
}
