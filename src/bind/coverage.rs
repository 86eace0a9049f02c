//! Every stretch of ink gets one role; what nobody claimed is unbound.
//!
//! In: the roles that binding gave. Out: spans in order, none overlapping, and the unbound stretches, one for each line and
//! gap. Between two spans stand only blanks and what delimits cells.

use crate::layout::{Outline, is_blank};
use crate::report::{Role, Span};

/// The roles in order without overlap, and the stretches that have none.
pub(super) fn coverage(outline: &Outline<'_>, mut roles: Vec<(Span, Role)>) -> (Vec<(Span, Role)>, Vec<Span>) {
    let text = outline.text;
    // Where two claims overlap, the one that begins first stands, and the longer of two that begin together.
    roles.retain(|(span, _)| !span.is_empty());
    roles.sort_by_key(|(span, role)| (span.start, std::cmp::Reverse(span.end), *role));
    let mut claimed: Vec<(Span, Role)> = Vec::with_capacity(roles.len());
    for (span, role) in roles {
        let from = claimed.last().map_or(0, |(last, _)| last.end);
        if span.end > from {
            claimed.push((Span::new(span.start.max(from), span.end), role));
        }
    }
    let mut all = Vec::with_capacity(claimed.len() + 16);
    let mut unbound = Vec::new();
    let mut next = 0;
    for line in &outline.lines {
        let mut at = line.full.start;
        while at < line.full.end {
            while next < claimed.len() && claimed[next].0.end <= at {
                next += 1;
            }
            let (gap_end, after) = match claimed.get(next) {
                Some((span, _)) if span.start < line.full.end => (span.start.max(at), span.end.min(line.full.end)),
                _ => (line.full.end, line.full.end),
            };
            let gap = Span::new(at, gap_end).trimmed(text, |c| is_delimiter(c) || (line.rule && c == '-'));
            if !gap.is_empty() {
                if line.rule {
                    // `|:---:|` aligns the columns under it.
                    all.push((gap, Role::Label));
                } else {
                    all.push((gap, Role::Unbound));
                    unbound.push(gap);
                }
            }
            at = after.max(gap_end).max(at + u32::from(after <= at));
        }
    }
    all.extend(claimed);
    all.sort_by_key(|(span, _)| *span);
    (all, unbound)
}

/// A blank, or a mark that only delimits cells or begins a heading of Markdown.
fn is_delimiter(c: char) -> bool {
    is_blank(c) || matches!(c, '|' | '#')
}
