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
                sign: opposite(comparison.sign),
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
    for other in cells.iter().filter(|other| Some(**other) != cell) {
        let term = Counted { times: 1, cell: *other, last: false };
        if let Some(span) = figures.span(*other).filter(|_| has_ink(&term, figures))
            && !finding.related.contains(&span)
        {
            finding.related.push(span);
        }
    }
    if finding.span.is_none() && !finding.related.is_empty() {
        finding.span = Some(finding.related.remove(0));
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

fn opposite(sign: Sign) -> Sign {
    match sign {
        Sign::Equal => Sign::Unequal,
        Sign::Unequal => Sign::Equal,
        Sign::AtMost => Sign::Above,
        Sign::AtLeast => Sign::Below,
        Sign::Below => Sign::AtLeast,
        Sign::Above => Sign::AtMost,
    }
}
