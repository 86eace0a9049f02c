//! What is to be said of a rule that does not hold.
//!
//! In: the rule, the place, the figures. Out: a [`Finding`] at the cell that stands out, with what should stand there and both
//! sides. The cell that stands out is the one that stands alone on its side (a total), or else the first one behind the sign.

use super::evaluate::{Figures, Judge, Standing, Verdict, total};
use crate::grammar::{Counted, Instance, Rule, Sign, Sum, Truth};
use crate::report::{CellId, Decimal, Finding, RuleId, Side, Sides, Term};

/// The comparison that fails; a formula may have several.
struct Breach<'t> {
    left: &'t Sum,
    sign: Sign,
    right: &'t Sum,
}

/// The finding for a place where the rule fails.
pub(super) fn finding(id: RuleId, rule: &Rule, instance: &Instance, figures: &impl Figures) -> Finding {
    let mut finding = Finding {
        rule: Some(id),
        severity: rule.severity,
        table: instance.table,
        row: instance.row,
        column: instance.column,
        ..Finding::new(rule.code)
    };
    match failing(&instance.truth, figures) {
        Some(Part::Compare(breach)) => compared(&mut finding, &breach, figures),
        Some(Part::Whole(sum)) => {
            finding.found = total(sum, figures).map(|value| value.to_string());
            let cells: Vec<CellId> = present(sum, figures).map(|term| term.cell).collect();
            at(&mut finding, cells.first().copied(), &cells, figures);
        }
        None => {
            let mut cells = Vec::new();
            instance.truth.each_term(&mut |term| cells.push(term.cell));
            at(&mut finding, None, &cells, figures);
        }
    }
    // Where several things had to hold, figures that break the others stand beside the first one.
    if let Truth::All(parts) = &instance.truth {
        let mut cells = Vec::new();
        let failing = parts.iter().filter(|part| Judge::new(figures).verdict(part) == Verdict::Fails);
        failing.skip(1).for_each(|part| part.each_term(&mut |term| cells.push(term.cell)));
        relate(&mut finding, &cells, figures);
    }
    finding
}

enum Part<'t> {
    Compare(Breach<'t>),
    Whole(&'t Sum),
}

/// The part of a failing truth that makes it fail, where it is one.
fn failing<'t>(truth: &'t Truth, figures: &impl Figures) -> Option<Part<'t>> {
    let fails = |part: &&Truth| Judge::new(figures).verdict(part) == Verdict::Fails;
    match truth {
        Truth::Compare(comparison) => {
            Some(Part::Compare(Breach { left: &comparison.left, sign: comparison.sign, right: &comparison.right }))
        }
        Truth::Whole(sum) => Some(Part::Whole(sum)),
        Truth::If(_, then) => failing(then, figures),
        Truth::All(parts) | Truth::Any(parts) => failing(parts.iter().find(fails)?, figures),
        Truth::Not(inner) => match inner.as_ref() {
            Truth::Compare(comparison) => Some(Part::Compare(Breach {
                left: &comparison.left,
                sign: comparison.sign.opposite(),
                right: &comparison.right,
            })),
            _ => None,
        },
        Truth::Known(_) => None,
    }
}

fn compared(finding: &mut Finding, breach: &Breach<'_>, figures: &impl Figures) {
    let Breach { left, sign, right } = breach;
    let (left_value, right_value) = (total(left, figures), total(right, figures));
    let cells: Vec<CellId> =
        present(left, figures).chain(present(right, figures)).filter(|t| !t.last).map(|t| t.cell).collect();
    finding.sides = Some(Box::new(Sides {
        left: side(left, left_value, figures),
        sign: sign.name(),
        right: side(right, right_value, figures),
    }));

    let Some((own, first)) = standing_out(left, right, figures) else {
        at(finding, None, &cells, figures);
        return;
    };
    let (other, own_value, other_value) =
        if own { (right, left_value, right_value) } else { (left, right_value, left_value) };
    let own = if own { left } else { right };
    let several = present(own, figures).nth(1).is_some();
    if several && other.terms.is_empty() {
        // Against a plain number it is all of them together.
        let mut inked = present(own, figures).filter(|term| has_ink(term, figures));
        let (one, more) = (inked.next(), inked.next());
        let alone = one.filter(|_| more.is_none());
        finding.found = match alone {
            Some(term) => number(term, figures),
            None => own_value,
        }
        .map(|value| value.to_string());
        if *sign == Sign::Equal {
            finding.expected = other_value.map(|value| value.to_string());
        }
        at(finding, alone.map(|term| term.cell), &cells, figures);
        return;
    }
    finding.found = number(first, figures).map(|value| value.to_string());
    let expected = match sign {
        Sign::Equal => mended(first, own_value, other_value, figures),
        Sign::Unequal => None,
        // What it must not pass, where that is the figure of one cell.
        _ => {
            let mut bound = present(other, figures);
            bound
                .next()
                .filter(|_| bound.next().is_none() && other.constant == 0)
                .and_then(|term| number(term, figures))
        }
    };
    finding.expected = expected.map(|value| value.to_string());
    at(finding, Some(first.cell), &cells, figures);
}

/// The term that stands out, and whether it is of the left side.
fn standing_out<'t>(left: &'t Sum, right: &'t Sum, figures: &impl Figures) -> Option<(bool, &'t Counted)> {
    let single = |sum: &'t Sum| {
        let mut terms = present(sum, figures);
        let first = terms.next()?;
        (terms.next().is_none() && sum.constant == 0 && first.times == 1 && !first.last).then_some(first)
    };
    let first = |sum: &'t Sum| present(sum, figures).find(|term| !term.last);
    None.or_else(|| single(left).map(|term| (true, term)))
        .or_else(|| single(right).map(|term| (false, term)))
        .or_else(|| first(right).map(|term| (false, term)))
        .or_else(|| first(left).map(|term| (true, term)))
}

/// The figure of `term` that would make both sides equal.
fn mended(term: &Counted, own: Option<Decimal>, other: Option<Decimal>, figures: &impl Figures) -> Option<Decimal> {
    if term.times.abs() != 1 {
        return None;
    }
    let rest = own?.plus(number(term, figures)?.times(term.times)?.negated())?;
    other?.plus(rest.negated())?.times(term.times)
}

/// Gives the finding its place: the cell that stands out, or the first of the others that says something.
fn at(finding: &mut Finding, cell: Option<CellId>, cells: &[CellId], figures: &impl Figures) {
    if let Some(cell) = cell {
        (finding.table, finding.row, finding.column) = (Some(cell.table), Some(cell.row), Some(cell.column));
        finding.span = figures.span(cell);
    } else if finding.table.is_none() {
        finding.table = cells.first().map(|cell| cell.table);
    }
    let others: Vec<CellId> = cells.iter().filter(|other| Some(**other) != cell).copied().collect();
    relate(finding, &others, figures);
    if finding.span.is_none() && !finding.related.is_empty() {
        finding.span = Some(finding.related.remove(0));
    }
}

/// Adds the places of cells that say something.
fn relate(finding: &mut Finding, cells: &[CellId], figures: &impl Figures) {
    for cell in cells {
        let term = Counted { times: 1, cell: *cell, last: false };
        if let Some(span) = figures.span(*cell).filter(|_| has_ink(&term, figures))
            && finding.span != Some(span)
            && !finding.related.contains(&span)
        {
            finding.related.push(span);
        }
    }
}

fn side(sum: &Sum, value: Option<Decimal>, figures: &impl Figures) -> Side {
    let mut terms: Vec<Term> = present(sum, figures)
        .map(|term| Term { times: term.times, cell: Some(term.cell), last: term.last, value: number(term, figures) })
        .collect();
    if sum.constant != 0 || terms.is_empty() {
        terms.push(Term { times: 1, cell: None, last: false, value: Some(Decimal::from(sum.constant)) });
    }
    Side { terms, value }
}

/// The terms whose cells count on this page.
pub(super) fn present<'t>(sum: &'t Sum, figures: &impl Figures) -> impl Iterator<Item = &'t Counted> {
    sum.terms.iter().filter(|term| figures.standing(term) != Standing::Gone)
}

fn number(term: &Counted, figures: &impl Figures) -> Option<Decimal> {
    match figures.standing(term) {
        Standing::Number(number) => Some(number),
        _ => None,
    }
}

fn has_ink(term: &Counted, figures: &impl Figures) -> bool {
    number(term, figures).is_some_and(|number| !number.is_zero())
}

#[cfg(test)]
mod tests {
    use super::super::check as check_report;
    use super::super::page::{report, shown, small};
    use crate::grammar::Grammar;
    use crate::report::{Side, Sides};

    fn shown_side(side: &Side, grammar: &Grammar) -> String {
        let term = |term: &crate::report::Term| {
            let name = term.cell.map_or("", |cell| grammar.tables[0].columns[usize::from(cell.column)].id.as_str());
            let value = term.value.map_or("blank".to_owned(), |value| value.to_string());
            format!("{}*{name}({value})", term.times)
        };
        let value = side.value.map_or("open".to_owned(), |value| value.to_string());
        format!("{} [{value}]", side.terms.iter().map(term).collect::<Vec<_>>().join(" "))
    }

    /// What is said of the formula over the cells `a b c d e s`: the finding, its sides, and how many other places it names.
    #[track_caller]
    fn check(formula: &str, cells: &str, finding: &str, sides: &str, related: usize) {
        let grammar = small(formula);
        let mut report = report(&grammar, &format!("other = none\nt.x = {cells}"));
        check_report(&mut report, &grammar);
        let found = report.findings.first().expect("a finding");
        let found_sides = found.sides.as_deref().map_or(String::new(), |Sides { left, sign, right }| {
            format!("{} {sign} {}", shown_side(left, &grammar), shown_side(right, &grammar))
        });
        let said = (shown(found, &grammar), found_sides, found.related.len());
        assert_eq!(said, (format!("r {finding}"), sides.to_owned(), related), "{formula}, {cells}");
        assert!(found.span.is_some(), "it has a place");
    }

    #[test]
    fn where_to_look() {
        // A total, on either side.
        check("a = b + c", "5 3 1 0 0 0", "x.a 4 5", "1*a(5) [5] = 1*b(3) 1*c(1) [4]", 2);
        check("b + c = a", "5 3 0 0 0 0", "x.a 3 5", "1*b(3) 1*c(0) [3] = 1*a(5) [5]", 1);
        // The first one behind the sign.
        check("a + b = c + d", "5 3 6 1 0 0", "x.c 7 6", "1*a(5) 1*b(3) [8] = 1*c(6) 1*d(1) [7]", 3);
        check("a + b = d - c", "5 3 1 8 0 0", "x.d 9 8", "1*a(5) 1*b(3) [8] = 1*d(8) -1*c(1) [7]", 3);
        check("2 * a = 2 * b", "5 3 0 0 0 0", "x.b - 3", "2*a(5) [10] = 2*b(3) [6]", 1);
        // With a blank the right figure is not known.
        check("a = b + c", "5 6 blank 0 0 0", "x.a - 5", "1*a(5) [5] = 1*b(6) 1*c(blank) [open]", 1);
        check("a + b = c + d", "5 3 blank 9 0 0", "x.c - -", "1*a(5) 1*b(3) [8] = 1*c(blank) 1*d(9) [open]", 2);
        // Against a plain number, and as a bound.
        check("a + b = 0", "5 0 0 0 0 0", "x.a 0 5", "1*a(5) 1*b(0) [5] = 1*(0) [0]", 0);
        check("a + b = 0", "5 1 0 0 0 0", "x.- 0 6", "1*a(5) 1*b(1) [6] = 1*(0) [0]", 1);
        check("a <= b", "5 3 0 0 0 0", "x.a 3 5", "1*a(5) [5] <= 1*b(3) [3]", 1);
        check("a <= b + 1", "5 3 0 0 0 0", "x.a - 5", "1*a(5) [5] <= 1*b(3) 1*(1) [4]", 1);
        check("e = 1", "0 0 0 0 1.5 0", "x.e 1 1.5", "1*e(1.5) [1.5] = 1*(1) [1]", 0);
    }

    #[test]
    fn which_part_fails() {
        check("a = 5 and b = 1", "5 3 0 0 0 0", "x.b 1 3", "1*b(3) [3] = 1*(1) [1]", 0);
        // Figures that must all be 0 are never added up; what else stands there is named beside the first one.
        check("a = 0 and b = 0 and c = 0", "0 5 3 0 0 0", "x.b 0 5", "1*b(5) [5] = 1*(0) [0]", 1);
        check("if a = 5 then b = 1 or c = 1", "5 3 2 0 0 0", "x.b 1 3", "1*b(3) [3] = 1*(1) [1]", 0);
        check("not a = b", "5 5 0 0 0 0", "x.a - 5", "1*a(5) [5] != 1*b(5) [5]", 1);
        check("not a > b", "5 4 0 0 0 0", "x.a 4 5", "1*a(5) [5] <= 1*b(4) [4]", 1);
        check("not (a = 5 and b = 5)", "5 5 0 0 0 0", "x.- - -", "", 1);
        check("whole(e)", "0 0 0 0 1.5 0", "x.e - 1.5", "", 0);
        check("whole(e + a)", "1 0 0 0 1.5 0", "x.e - 2.5", "", 1);
    }
}
