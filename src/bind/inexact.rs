//! Labels of rows that are not there with all their letters in order.
//!
//! In: the letters before some figures, which name no row wholly, and the rows that are still to come. Out: the one row whose label
//! they can be the beginning of, or have among letters of other labels, or have but for a letter or two. Where they can be
//! the labels of two rows they are none.

use super::label::{Named, Progress, Tier, is_numeral, number_before, number_fits, starts};
use crate::grammar::{Label, RowForm};
use crate::report::{RowId, TableId};
use crate::text::KeyChar;

/// The words end with the first part of exactly one label that is still to come. In a narrow column that may be a letter with the
/// number of the next row (`一、本`).
pub(super) fn begun(chars: &[KeyChar], progress: &Progress<'_>) -> Option<Named> {
    const LEAST: usize = 4;
    // From its earliest beginning for each label, in the form's order.
    let mut begun: Vec<(TableId, RowId, u16, usize)> = Vec::new();
    for (table, form) in &progress.tables {
        let spellings = &form.row_spellings;
        for start in starts(chars).take_while(|start| start + spellings.longest() > chars.len()) {
            let length = chars.len() - start;
            let least = if number_before(chars, start).is_some() { 1 } else { LEAST };
            for (whole, (row, spelling)) in spellings.begun_by(&chars[start..]) {
                let is_long_enough = length >= LEAST || length >= least && progress.is_next(*table, row);
                if length < whole && is_long_enough && !progress.is_filled(*table, row) {
                    begun.push((*table, row, spelling, start));
                }
            }
        }
    }
    begun.sort_unstable();
    begun.dedup_by_key(|(table, row, spelling, _)| (*table, *row, *spelling));
    let mut found: Option<(Named, usize)> = None;
    for (table, row, _, start) in begun {
        let length = chars.len() - start;
        let form = progress.tables.iter().find(|(id, _)| *id == table);
        if form.is_none_or(|(_, form)| !number_fits(chars, start, &form.rows[usize::from(row)])) {
            continue;
        }
        match &found {
            Some((other, _)) if (other.table, other.row) == (table, row) => {}
            Some((_, other)) if *other > length => {}
            Some((_, other)) if *other == length => return None,
            _ => {
                found = Some((Named { table, row, tier: Tier::Begun, start }, length));
            }
        }
    }
    found.map(|(named, _)| named)
}

/// A label whose letters come in order, with letters of its groups' labels between them, as when a converter reads an upright label
/// and the rows beside it line by line; or the first part of it, whose rest stands below the figures.
pub(super) fn strewn(chars: &[KeyChar], progress: &Progress<'_>) -> Option<Named> {
    const LEAST: usize = 6;
    let last = chars.last()?.ch;
    let mut found: Option<Named> = None;
    for whole in [true, false] {
        for (table, row, row_form, label) in unfilled(progress).filter(|(.., label)| label.key.len() >= LEAST) {
            let is_part = |length: &usize| (*length == label.key.len()) == whole && label.key[length - 1] == last;
            let mut parts = (LEAST..=label.key.len()).rev().filter(is_part);
            let Some(start) = parts.find_map(|length| strewn_from(chars, &label.key[..length], row_form)) else {
                continue;
            };
            if found.is_some_and(|other| (other.table, other.row) != (table, row)) {
                return None;
            }
            found = Some(Named { table, row, tier: Tier::Strewn, start });
        }
        if found.is_some() {
            break;
        }
    }
    found
}

/// Where the letters begin that end with those of the row's label and have letters of its groups between them.
fn strewn_from(chars: &[KeyChar], label: &[char], row_form: &RowForm) -> Option<usize> {
    const MOST_STREWN: usize = 12;
    let from_groups = |c: char| {
        row_form.group.iter().any(|group| group.key.contains(&c)) || c.is_ascii_digit() || "一二三四五六七".contains(c)
    };
    let (mut at, mut letters, mut strange) = (chars.len(), label.len(), 0);
    while letters > 0 {
        at = at.checked_sub(1)?;
        if chars[at].ch == label[letters - 1] {
            letters -= 1;
        } else if strange < MOST_STREWN && from_groups(chars[at].ch) {
            strange += 1;
        } else {
            return None;
        }
    }
    (strange > 0 && number_fits(chars, at, row_form)).then_some(at)
}

/// The one label that is by far the nearest to the end of the words.
pub(super) fn near(chars: &[KeyChar], progress: &Progress<'_>) -> Option<Named> {
    let mut found: Option<(usize, Named)> = None;
    let mut second = usize::MAX;
    for (table, row, row_form, label) in unfilled(progress) {
        let length = label.key.len();
        let tail = &chars[chars.len().saturating_sub(length + length / 3 + 1)..];
        // A short label is only near to words that are nothing else.
        let allowed = if length >= 8 { length / 4 } else { usize::from(length >= 4) };
        // Every letter that is nowhere there is at least one step of the distance.
        let strange = label.key.iter().filter(|letter| !tail.iter().any(|c| c.ch == **letter));
        if allowed == 0 || strange.take(allowed + 1).count() > allowed {
            continue;
        }
        let (distance, start) = nearest_end(tail, &label.key);
        let start = chars.len() - tail.len() + start;
        let begins = chars.get(start).is_some_and(|c| c.fresh && !c.bracketed);
        // A number behind its beginning is that of another row.
        let goes_on = chars[(start + 1).min(chars.len())..].iter().any(|c| c.fresh && is_numeral(c.ch));
        if distance > allowed || !begins || goes_on || !number_fits(chars, start, row_form) {
            continue;
        }
        match &mut found {
            Some((_, other)) if (other.table, other.row) == (table, row) => {}
            Some((best, _)) if *best <= distance => second = second.min(distance),
            _ => {
                second = found.as_ref().map_or(usize::MAX, |(best, _)| *best);
                found = Some((distance, Named { table, row, tier: Tier::Near, start }));
            }
        }
    }
    found.filter(|(distance, _)| second > distance + 1).map(|(_, named)| named)
}

fn unfilled<'p>(progress: &'p Progress<'_>) -> impl Iterator<Item = (TableId, RowId, &'p RowForm, &'p Label)> {
    progress.tables.iter().flat_map(move |(table, form)| {
        form.rows.iter().enumerate().filter(move |(row, _)| !progress.is_filled(*table, *row as RowId)).flat_map(
            move |(row, row_form)| row_form.labels.iter().map(move |label| (*table, row as RowId, row_form, label)),
        )
    })
}

/// The edit distance of `label` to the end of `chars`, beginning where it is smallest, and that beginning.
fn nearest_end(chars: &[KeyChar], label: &[char]) -> (usize, usize) {
    // One row a letter of the label; each entry holds a distance and the index in `chars` where that alignment begins.
    let mut above: Vec<(usize, usize)> = (0..=chars.len()).map(|start| (0, start)).collect();
    let mut row = Vec::with_capacity(above.len());
    for (index, letter) in label.iter().enumerate() {
        row.clear();
        row.push((index + 1, 0));
        for (at, c) in chars.iter().enumerate() {
            let replaced = (above[at].0 + usize::from(c.ch != *letter), above[at].1);
            let lost = (above[at + 1].0 + 1, above[at + 1].1);
            let added = (row[at].0 + 1, row[at].1);
            row.push([replaced, lost, added].into_iter().min_by_key(|(distance, _)| *distance).unwrap_or(replaced));
        }
        std::mem::swap(&mut above, &mut row);
    }
    above[chars.len()]
}
