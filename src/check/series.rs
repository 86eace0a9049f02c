//! One body's reports, year after year.
//!
//! In: of each report what the rules across years need ([`Yearly`]), so that no page has to stay in memory. Out: findings, each
//! with the position of the report that it speaks of. Reports belong together by the match key of their issuer. A cell of
//! last year's report is found by its name, since the form may have changed in between.

use super::evaluate::{Figures, Judge, Standing, Verdict};
use super::grid::Grid;
use super::tables::{folded, is_for};
use super::{breach, in_order, rules};
use crate::grammar::{Check, Counted, Grammar, Grammars, Kind};
use crate::report::{CellId, Finding, Report, Span};
use crate::text::key;

/// What is kept of one report.
#[derive(Clone, Debug)]
pub struct Yearly {
    /// What the report is called in findings of others.
    pub path: String,
    /// Whose report it is.
    pub issuer: String,
    /// The year reported on.
    pub year: u16,
    /// Position of its grammar.
    grammar: usize,
    /// By what the body is known.
    body: String,
    title: Option<Span>,
    /// The cells that rules across years name, in order.
    cells: Vec<(CellId, Standing, Option<Span>)>,
}

impl Yearly {
    /// The places that findings across years may speak of.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        self.title.into_iter().chain(self.cells.iter().filter_map(|(_, _, span)| *span))
    }

    fn cell(&self, cell: CellId) -> Option<&(CellId, Standing, Option<Span>)> {
        self.cells.binary_search_by_key(&cell, |(id, _, _)| *id).ok().and_then(|at| self.cells.get(at))
    }
}

/// Keeps of a report what the rules across years need. None where it is not known whose it is, or for which year.
pub fn remember(report: &Report<'_>, grammar: &Grammar, path: &str) -> Option<Yearly> {
    let issuer = report.issuer.clone()?;
    let body = body(&issuer);
    if body.is_empty() {
        return None;
    }
    let mut needed = Vec::new();
    for (_, rule) in rules(grammar).filter(|(_, rule)| rule.kind == Kind::AcrossYears) {
        let Check::Formula(instances) = &rule.check else { continue };
        instances.iter().for_each(|instance| instance.truth.each_term(&mut |term| needed.push(term.cell)));
    }
    needed.sort_unstable();
    needed.dedup();
    let grid = Grid::new(&report.tables, grammar);
    let cells: Vec<_> = needed.into_iter().map(|id| (id, grid.standing_of(id), grid.span(id))).collect();
    Some(Yearly {
        path: path.to_owned(),
        year: report.year?,
        grammar: report.grammar?,
        title: report.title,
        issuer,
        body,
        cells,
    })
}

/// Judges the rules across years. The findings stand in the order of the reports, with the position of each.
pub fn across_years(reports: &[Yearly], grammars: &Grammars) -> Vec<(usize, Finding)> {
    let mut order: Vec<usize> = (0..reports.len()).collect();
    let of = |index: usize| reports.get(index).map(|report| (&report.body, report.year));
    order.sort_by_key(|index| (of(*index), *index));
    let mut found: Vec<(usize, Vec<Finding>)> = Vec::new();
    let mut before: Option<&Yearly> = None;
    for same in order.chunk_by(|a, b| of(*a) == of(*b)) {
        let reports = || same.iter().filter_map(|index| reports.get(*index).map(|report| (*index, report)));
        let Some((_, first)) = reports().next() else { continue };
        let last = before.filter(|last| last.body == first.body && last.year.checked_add(1) == Some(first.year));
        for (index, report) in reports() {
            let mut findings = Vec::new();
            let Some(grammar) = grammars.list().get(report.grammar) else { continue };
            if !std::ptr::eq(report, first) {
                findings.extend(twice(report, first, grammar));
            }
            if let Some(last) = last {
                let figures = TwoYears { report, last, grammar, last_grammar: grammars.list().get(last.grammar) };
                judge(&figures, &mut findings);
            }
            in_order(&mut findings);
            found.push((index, findings));
        }
        before = Some(first);
    }
    found.sort_by_key(|(index, _)| *index);
    found.into_iter().flat_map(|(index, findings)| findings.into_iter().map(move |finding| (index, finding))).collect()
}

/// The body's name as it is compared: 石湾县人民政府 and 石湾县 are one body.
fn body(issuer: &str) -> String {
    let mut body = key(issuer);
    for ending in ["人民政府", "政府"] {
        if let Some(rest) = body.strip_suffix(ending).filter(|rest| !rest.is_empty()) {
            body.truncate(rest.len());
            break;
        }
    }
    body
}

fn twice<'g>(report: &Yearly, first: &Yearly, grammar: &'g Grammar) -> impl Iterator<Item = Finding> + use<'g> {
    let (title, path, issuer) = (report.title, first.path.clone(), folded(&report.issuer).into_owned());
    let duplicates =
        rules(grammar).filter(move |(_, rule)| matches!(rule.check, Check::Duplicates) && is_for(rule, Some(&issuer)));
    duplicates.map(move |(id, rule)| Finding {
        rule: Some(id),
        severity: rule.severity,
        span: title,
        found: Some(path.clone()),
        ..Finding::new(rule.code)
    })
}

/// The figures of a report and of the one before it.
struct TwoYears<'y> {
    report: &'y Yearly,
    last: &'y Yearly,
    grammar: &'y Grammar,
    last_grammar: Option<&'y Grammar>,
}

impl TwoYears<'_> {
    /// The cell of that name in last year's form.
    fn of_last_year(&self, cell: CellId) -> Option<CellId> {
        if self.report.grammar == self.last.grammar {
            return Some(cell);
        }
        let form = self.grammar.tables.get(usize::from(cell.table))?;
        let row = form.rows.get(usize::from(cell.row))?;
        let column = form.columns.get(usize::from(cell.column))?;
        let (table, row, column) = self.last_grammar?.cell(&form.id, &row.id, &column.id)?;
        Some(CellId { table, row, column })
    }
}

impl Figures for TwoYears<'_> {
    fn standing(&self, term: &Counted) -> Standing {
        let found = if term.last {
            self.of_last_year(term.cell).and_then(|cell| self.last.cell(cell))
        } else {
            self.report.cell(term.cell)
        };
        found.map_or(Standing::Absent, |(_, standing, _)| *standing)
    }

    fn span(&self, cell: CellId) -> Option<Span> {
        self.report.cell(cell)?.2
    }
}

fn judge(figures: &TwoYears<'_>, findings: &mut Vec<Finding>) {
    let mut judge = Judge::new(figures);
    for (id, rule) in rules(figures.grammar).filter(|(_, rule)| rule.kind == Kind::AcrossYears) {
        let Check::Formula(instances) = &rule.check else { continue };
        for instance in instances {
            if judge.verdict(&instance.truth) == Verdict::Fails && is_for(rule, Some(&figures.report.issuer)) {
                findings.push(breach::finding(id, rule, instance, figures));
            }
            judge.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::page::{report, shown};
    use super::*;

    /// Issuer, year, form and figures of a report.
    type Page<'p> = (&'p str, u16, &'p str, &'p str);

    /// What is said of these reports, each with its position before it.
    #[track_caller]
    fn check(pages: &[Page<'_>], expected: &[&str]) {
        let grammars = Grammars::built_in();
        let mut kept = Vec::new();
        for (index, (issuer, year, form, figures)) in pages.iter().enumerate() {
            let position = grammars.list().iter().position(|grammar| grammar.id == *form).expect("a form");
            let grammar = &grammars.list()[position];
            let mut report = report(grammar, figures);
            (report.issuer, report.year, report.grammar) = (Some((*issuer).to_owned()), Some(*year), Some(position));
            kept.extend(remember(&report, grammar, &format!("{index}.txt")));
        }
        let found: Vec<String> = across_years(&kept, &grammars)
            .iter()
            .map(|(index, finding)| format!("{index} {}", shown(finding, &grammars.list()[kept[*index].grammar])))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_was_carried() {
        let last = ("宿迁市", 2023, "gid-2021", "applications.carried_out = 100 20 1 0 0 0 121");
        check(&[last, ("宿迁市", 2024, "gid-2021", "applications.carried_in = 100 20 1 0 0 0 121")], &[]);
        check(
            &[last, ("宿迁市", 2024, "gid-2021", "applications.carried_in = 100 21 1 0 0 0 122")],
            &["1 series.carried carried_in.commercial_enterprise 20 21", "1 series.carried carried_in.total 121 122"],
        );
        // Neither of another year or body, nor where a gap leaves it open; whatever the order and the spelling.
        check(&[last, ("宿迁市", 2025, "gid-2021", "")], &[]);
        check(&[last, ("宿城区", 2024, "gid-2021", "")], &[]);
        check(&[last, ("宿迁市", 2024, "gid-2021", "applications.carried_in = 100 20 1 0 0 0 blank")], &[]);
        check(&[last, ("宿迁市", 2024, "gid-2021", "applications = none")], &[]);
        check(
            &[("宿遷市人民政府", 2024, "gid-2021", "applications.carried_in = 100 20 1 0 0 0 0"), last],
            &["0 series.carried carried_in.total 121 0"],
        );
    }

    #[test]
    fn the_form_may_have_changed() {
        let last = ("青石县", 2020, "gid-2019", "applications.carried_out = 3 0 0 0 0 0 3");
        check(&[last, ("青石县", 2021, "gid-2021", "applications.carried_in = 3 0 0 0 0 0 3")], &[]);
        check(
            &[last, ("青石县", 2021, "gid-2021", "applications.carried_in = 2 0 0 0 0 0 3")],
            &["1 series.carried carried_in.natural_person 3 2"],
        );
        // The form of 2019 does not ask what is in force.
        let now = "applications.carried_in = 3 0 0 0 0 0 3\narticle_20_1.normative_documents = 1 1 40";
        check(&[last, ("青石县", 2021, "gid-2021", now)], &[]);
    }

    #[test]
    fn what_is_in_force() {
        let last = ("宿迁市", 2023, "gid-2021", "article_20_1.normative_documents = 0 0 597");
        let now = |figures| ("宿迁市", 2024, "gid-2021", figures);
        check(&[last, now("article_20_1.normative_documents = 50 227 420")], &[]);
        check(
            &[last, now("article_20_1.normative_documents = 50 227 421")],
            &["1 series.in_force normative_documents.in_force 420 421"],
        );
        check(&[last, now("article_20_1.normative_documents = 50 blank 421")], &[]);
        check(
            &[last, now("article_20_1.normative_documents = 50 blank 648")],
            &["1 series.in_force normative_documents.in_force - 648"],
        );
    }

    #[test]
    fn jumps() {
        let year = |year, figures| ("青石县", year, "gid-2021", figures);
        let few = year(2022, "applications.new_received = 30 0 0 0 0 0 30");
        let many = |year_of| year(year_of, "applications.new_received = 300 0 0 0 0 0 300");
        check(&[few, many(2023)], &["1 series.jump new_received.total 30 300"]);
        check(&[many(2021), few], &["1 series.jump new_received.total 300 30"]);
        check(&[few, year(2023, "applications.new_received = 299 0 0 0 0 0 299")], &[]);
        check(&[year(2022, "applications.new_received = 20 0 0 0 0 0 20"), many(2023)], &[]);
    }

    #[test]
    fn duplicates() {
        let page = |issuer, year| (issuer, year, "gid-2021", "");
        check(
            &[page("青石县", 2023), page("白石县", 2023), page("青石县人民政府", 2023), page("青石縣", 2023)],
            &["2 series.duplicate -.- - 0.txt", "3 series.duplicate -.- - 0.txt"],
        );
        check(&[page("青石县", 2023), page("青石县", 2022)], &[]);
    }
}
