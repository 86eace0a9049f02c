//! Every stretch of ink gets one role; what nobody claimed is unbound.
//!
//! In: the roles that binding gave. Out: spans in order, none overlapping, and the unbound stretches, one for each line and
//! gap. Between two spans stand only blanks and what delimits cells.

use crate::layout::{Outline, QUOTE, is_blank};
use crate::report::{Role, Span};

/// The roles in order without overlap, and the stretches that have none. They are given as two lists, of which each is mostly in
/// order: those of tables, and all others. `text` is the decoded text, markup and all.
pub(super) fn coverage(
    outline: &Outline<'_>,
    text: &str,
    of_tables: Vec<(Span, Role)>,
    others: Vec<(Span, Role)>,
) -> (Vec<(Span, Role)>, Vec<Span>) {
    let mut all: Vec<(Span, Role)> = Vec::with_capacity(of_tables.len() + others.len() + 16);
    let (of_tables, others) = (sorted(of_tables), sorted(others));
    let (mut of_tables, mut others) = (of_tables.as_slice(), others.as_slice());
    let mut unbound = Vec::new();
    let mut at = 0;
    loop {
        let (span, role) = match (of_tables, others) {
            ([of_table, ..], [other, rest @ ..]) if place(other) < place(of_table) => {
                others = rest;
                *other
            }
            ([of_table, rest @ ..], _) => {
                of_tables = rest;
                *of_table
            }
            ([], [other, rest @ ..]) => {
                others = rest;
                *other
            }
            ([], []) => (Span::new(text.len() as u32, text.len() as u32), Role::Unbound),
        };
        if span.start > at && has_ink(&text.as_bytes()[at as usize..span.start as usize]) {
            for gap in gaps(outline, text, Span::new(at, span.start)) {
                all.push(gap);
                if gap.1 == Role::Unbound {
                    unbound.push(gap.0);
                }
            }
        }
        if span.end > at && !span.is_empty() {
            all.push((Span::new(span.start.max(at), span.end), role));
            at = span.end;
        }
        // Roles are never empty: this was the end of the text.
        if span.is_empty() {
            break;
        }
    }
    (all, unbound)
}

fn sorted(mut roles: Vec<(Span, Role)>) -> Vec<(Span, Role)> {
    let mut last = (0, Role::Title);
    let in_order = |role: &(Span, Role)| {
        let before = std::mem::replace(&mut last, place(role));
        !role.0.is_empty() && before <= last
    };
    if !roles.iter().all(in_order) {
        roles.retain(|(span, _)| !span.is_empty());
        roles.sort_by_key(place);
    }
    roles
}

/// Where two claims overlap, the one that begins first stands, and the longer of two that begin together.
fn place((span, role): &(Span, Role)) -> (u64, Role) {
    (u64::from(span.start) << 32 | u64::from(u32::MAX - span.end), *role)
}

/// A quick look at a gap: between two cells stands nothing but what delimits them.
fn has_ink(mut gap: &[u8]) -> bool {
    loop {
        gap = match gap {
            [] => return false,
            [b' ' | b'\t' | b'\n' | b'\r' | b'|' | b'#', rest @ ..] => rest,
            // The ideographic space before a paragraph.
            [0xE3, 0x80, 0x80, rest @ ..] => rest,
            _ => return true,
        }
    }
}

/// The stretches of ink in a gap, line by line.
fn gaps(outline: &Outline<'_>, text: &str, gap: Span) -> Vec<(Span, Role)> {
    let mut found = Vec::new();
    let mut at = gap.start;
    let ends = memchr::memchr2_iter(b'\n', b'\r', gap.of(text).as_bytes()).map(|end| gap.start + end as u32);
    for end in ends.chain([gap.end]) {
        let line = Span::new(at, end);
        at = (end + 1).min(gap.end);
        let stretch = trimmed(outline, text, line);
        if stretch.is_empty() {
            continue;
        }
        if !is_rule(outline, stretch) {
            found.push((stretch, Role::Unbound));
            continue;
        }
        // Of `|:---:|` the colons align the columns under it; the rest only delimits.
        let colons = stretch.trimmed(text, |c| is_delimiter(c) || c == '-');
        if !colons.is_empty() {
            found.push((colons, Role::Label));
        }
    }
    found
}

/// The stretch without what delimits at its ends: as such, or where the outline has such a sign in place of another (`｜`, `│`,
/// the `>` of a quotation, a comma between cells).
fn trimmed(outline: &Outline<'_>, text: &str, mut stretch: Span) -> Span {
    let stands_for_one = |at: usize| {
        let (sign, original) = (outline.text.as_bytes()[at], text.as_bytes()[at]);
        sign != original && (matches!(sign, b'|' | b'-' | b'+' | QUOTE) || sign == b'\t' && original == b',')
    };
    loop {
        stretch = stretch.trimmed(text, is_delimiter);
        let words = stretch.of(text);
        let (first, last) = (words.chars().next(), words.char_indices().next_back());
        if let Some(first) = first.filter(|_| stands_for_one(stretch.start as usize)) {
            stretch.start += first.len_utf8() as u32;
        } else if let Some((at, _)) = last.filter(|(at, _)| stands_for_one(stretch.start as usize + at)) {
            stretch.end = stretch.start + at as u32;
        } else {
            return stretch;
        }
    }
}

fn is_rule(outline: &Outline<'_>, stretch: Span) -> bool {
    let after = outline.lines.partition_point(|line| line.full.start <= stretch.start);
    after.checked_sub(1).is_some_and(|line| outline.lines[line].rule)
}

/// A blank, or a mark that only delimits cells or begins a heading of Markdown.
fn is_delimiter(c: char) -> bool {
    is_blank(c) || matches!(c, '|' | '#')
}
