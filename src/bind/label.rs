//! Which row of a form the words before some figures name.
//!
//! In: the [`Key`] of all words since the last figures, and the rows that may come. Out: the row, how surely, and which letters
//! of the key are its label. Rows are taken in the form's order, so the many labels that are spelt alike (其他, 总计) are told
//! apart by what was read before them, and by their numbering.

use std::ops::Range;

use super::header::is_head;
use super::inexact::{begun, near, strewn};
use crate::grammar::{Label, RowForm, TableForm};
use crate::report::{RowId, TableId};
use crate::text::{Key, KeyChar};

/// How surely a label was read. The order is that of preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// The words end with the label, which begins afresh.
    Exact,
    /// The label begins afresh and is followed by a remark or a definition.
    Defined,
    /// The label is followed only by words of groups of rows.
    Followed,
    /// The words end with the label, run together with what stands before it.
    Inside,
    /// The words end with the first part of the label; the rest of it stands below the figures.
    Begun,
    /// The label is there, with letters of a group's label strewn in.
    Strewn,
    /// The label with a letter or two wrong or lost.
    Near,
}

/// A row that was named.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub table: TableId,
    pub row: RowId,
    pub tier: Tier,
    /// Index in the key of the label's first letter.
    pub start: usize,
}

/// What has been read so far.
pub(super) struct Progress<'f> {
    /// The tables that may come.
    pub tables: Vec<(TableId, &'f TableForm)>,
    /// The rows that have their figures.
    pub filled: Vec<(TableId, RowId)>,
}

impl Progress<'_> {
    pub(super) fn is_filled(&self, table: TableId, row: RowId) -> bool {
        self.filled.contains(&(table, row))
    }

    /// Whether the form has that row next, or first in a table of which no row was read.
    pub(super) fn is_next(&self, table: TableId, row: RowId) -> bool {
        match self.filled.iter().rev().find(|(other, _)| *other == table) {
            Some((_, last)) => last + 1 == row,
            None => row == 0,
        }
    }

    /// The place in the form's order after the last row read.
    fn next(&self) -> (TableId, RowId) {
        self.filled.last().map_or((0, 0), |(table, row)| (*table, row + 1))
    }
}

/// The row named by `key`.
pub(super) fn named(key: &Key, progress: &Progress<'_>) -> Option<Named> {
    let chars = key.chars();
    if chars.is_empty() {
        return None;
    }
    wholly_named(key, progress)
        .or_else(|| begun(chars, progress))
        .or_else(|| strewn(chars, progress))
        .or_else(|| near(chars, progress))
}

/// The row whose label is there with all its letters.
pub(super) fn wholly_named(key: &Key, progress: &Progress<'_>) -> Option<Named> {
    let chars = key.chars();
    let next = progress.next();
    if let Some(named) = next_in_order(chars, progress, next) {
        return Some(named);
    }
    let mut best: Option<(Rank, Named)> = None;
    for (table, form) in &progress.tables {
        certain(chars, form, |Standing { row, spelling, tier, start, length }| {
            if is_one_of_heads(chars, start..start + length, progress) {
                return;
            }
            let filled = progress.is_filled(*table, row);
            let named = Named { table: *table, row, tier, start };
            let rank = Rank {
                other_number: !number_fits(chars, start, &form.rows[usize::from(row)]),
                tier,
                filled,
                shorter: usize::MAX - length,
                behind: (*table, row) < next,
                distance: distance(next, (*table, row)),
                spelling,
            };
            if best.as_ref().is_none_or(|(other, _)| rank < *other) {
                best = Some((rank, named));
            }
        });
    }
    best.map(|(_, named)| named)
}

/// The row that the form has next, if the words end with just its own label: nearly every row of nearly every page.
pub(super) fn next_in_order(
    chars: &[KeyChar],
    progress: &Progress<'_>,
    (table, row): (TableId, RowId),
) -> Option<Named> {
    let (_, form) = progress.tables.iter().find(|(id, _)| *id == table)?;
    let row_form = form.rows.get(usize::from(row)).filter(|_| !progress.is_filled(table, row))?;
    let label = row_form.labels.first()?;
    let start = chars.len().checked_sub(label.key.len())?;
    // A number tells apart the labels that are spelt alike, so without one the others are looked at too.
    let certain = row_form.numbering.is_none_or(|_| number_before(chars, start).is_some());
    let whole = chars[start].fresh && !chars[start].bracketed && is_at(chars, start, label);
    (whole && certain && label.key.len() >= 4 && number_fits(chars, start, row_form)).then_some(Named {
        table,
        row,
        tier: Tier::Exact,
        start,
    })
}

/// Whether those letters are the head of a column right behind another one, which may be spelt like the label of a row (其他, 总计).
fn is_one_of_heads(chars: &[KeyChar], label: Range<usize>, progress: &Progress<'_>) -> bool {
    /// Letters of the longest head of a column.
    const LONGEST: usize = 12;
    let before = &chars[label.start.saturating_sub(LONGEST)..label.start];
    let is_head = |chars: &[KeyChar]| progress.tables.iter().any(|(_, form)| is_head(chars, form));
    label.len() <= LONGEST && is_head(&chars[label]) && starts(before).any(|start| is_head(&before[start..]))
}

/// Which of two rows that both fit is meant; the smaller one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    tier: Tier,
    other_number: bool,
    filled: bool,
    shorter: usize,
    behind: bool,
    distance: u32,
    spelling: u16,
}

fn distance(from: (TableId, RowId), to: (TableId, RowId)) -> u32 {
    let place = |(table, row): (TableId, RowId)| u32::from(table) << 16 | u32::from(row);
    place(from).abs_diff(place(to))
}

/// Letters before the end of the words in which a label with something behind it is looked for.
const FARTHEST: usize = 300;

/// Where labels may begin, from the last such place on.
pub(super) fn starts(chars: &[KeyChar]) -> impl DoubleEndedIterator<Item = usize> {
    (0..chars.len()).rev().filter(|at| chars[*at].fresh && !chars[*at].bracketed)
}

/// A spelling of a row's label that stands in some letters.
#[derive(Clone, Copy)]
struct Standing {
    row: RowId,
    spelling: u16,
    tier: Tier,
    start: usize,
    length: usize,
}

/// Tells `take` the labels of which every letter is there.
fn certain(chars: &[KeyChar], form: &TableForm, mut take: impl FnMut(Standing)) {
    let spellings = &form.row_spellings;
    let at_end = || {
        spellings.ending(chars).filter_map(|(length, (row, spelling))| {
            let start = chars.len() - length;
            let tier = if chars[start].fresh { Tier::Exact } else { Tier::Inside };
            let is_whole = !chars[start].bracketed && (tier == Tier::Exact || length >= 4);
            is_whole.then_some(Standing { row, spelling, tier, start, length })
        })
    };
    at_end().for_each(&mut take);
    // Any other label is looked for at the last place where it begins afresh, with something else behind it.
    let mut elsewhere: Vec<Standing> = Vec::new();
    for start in starts(chars).take_while(|start| start + FARTHEST + spellings.longest() >= chars.len()) {
        for (length, (row, spelling)) in spellings.beginning(&chars[start..]) {
            let same = |other: &Standing| (other.row, other.spelling) == (row, spelling);
            let behind = chars.len() - start - length;
            if (1..=FARTHEST).contains(&behind) && !elsewhere.iter().any(same) && !at_end().any(|other| same(&other)) {
                elsewhere.push(Standing { row, spelling, tier: Tier::Defined, start, length });
            }
        }
    }
    for standing in elsewhere {
        let (length, rest) = (standing.length, &chars[standing.start + standing.length..]);
        let breaks = chars[standing.start + length - 1].breaks_after;
        if breaks && (rest.iter().all(|c| c.bracketed) || !rest[0].bracketed && length >= 2) {
            take(standing);
        } else if rest.len() <= 30 && form.groups.makes(&rest.iter().map(|c| c.ch).collect::<String>()) {
            take(Standing { tier: Tier::Followed, ..standing });
        }
    }
}

/// Whether the label's letters stand at `start`.
pub(super) fn is_at(chars: &[KeyChar], start: usize, label: &Label) -> bool {
    chars.len() - start >= label.key.len() && chars[start..].iter().zip(&label.key).all(|(c, letter)| c.ch == *letter)
}

/// Whether the number before the label, if there is one, is the row's own in the form.
pub(super) fn number_fits(chars: &[KeyChar], start: usize, row: &RowForm) -> bool {
    match (row.numbering, number_before(chars, start)) {
        (Some(numbering), Some((chinese, ordinal))) => {
            (numbering.level <= 2) == chinese && numbering.ordinal == ordinal
        }
        _ => true,
    }
}

/// The ordinal right before a label, and whether it is in Chinese numerals.
pub(super) fn number_before(chars: &[KeyChar], start: usize) -> Option<(bool, u32)> {
    let before = chars[start.checked_sub(1)?].ch;
    match before.to_digit(10) {
        Some(digit) if start < 2 || !chars[start - 2].ch.is_ascii_digit() => Some((false, digit)),
        Some(_) => None,
        None => NUMERALS.iter().position(|c| *c == before).map(|at| (true, at as u32 + 1)),
    }
}

const NUMERALS: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];

pub(super) fn is_numeral(letter: char) -> bool {
    NUMERALS.contains(&letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::Grammars;

    #[track_caller]
    fn check(pieces: &[&str], filled: &[&str], expected: Option<(&str, Tier)>) {
        let grammars = Grammars::built_in();
        let grammar = grammars.get("gid-2021").expect("built in");
        let ids = |name: &&str| {
            let mut all = grammar
                .tables
                .iter()
                .enumerate()
                .flat_map(|(t, form)| form.rows.iter().enumerate().map(move |(r, row)| (t, r, row)));
            all.find(|(_, _, row)| row.id == **name).map(|(t, r, _)| (t as TableId, r as RowId)).expect("a row")
        };
        let tables = grammar.tables.iter().enumerate().map(|(id, form)| (id as TableId, form)).collect();
        let progress = Progress { tables, filled: filled.iter().map(ids).collect() };
        let mut key = Key::default();
        for piece in pieces {
            key.push(piece, 0);
        }
        let found = named(&key, &progress).map(|named| {
            (grammar.tables[usize::from(named.table)].rows[usize::from(named.row)].id.as_str(), named.tier)
        });
        assert_eq!(found, expected, "{pieces:?}");
    }

    #[test]
    fn labels() {
        check(&["三、本年度办理结果", "（一）予以公开"], &["carried_in"], Some(("granted", Tier::Exact)));
        check(&["（四）无", "1.本机关不掌握相关政府信息"], &[], Some(("unavailable_not_held", Tier::Exact)));
        check(&["3.其他"], &["closed_fee_unpaid"], Some(("closed_other", Tier::Exact)));
        check(&["（六）其他"], &["rejected_reissue"], Some(("closed", Tier::Exact)));
        check(&["（六）其他处理", "1.逾期不补正"], &["rejected_reissue"], Some(("closed_no_correction", Tier::Exact)));
        check(&["规章（全区机关均无制定规章的权限）"], &[], Some(("regulations", Tier::Defined)));
        check(&["规章：地方行政规章指各省制定的规范性文件"], &[], Some(("regulations", Tier::Defined)));
        check(&["二、部分公开（区分处理的，只计这一情"], &["granted"], Some(("partially_granted", Tier::Defined)));
        check(&["5.要求行政机关确认或"], &["rejected_excessive"], Some(("rejected_reissue", Tier::Begun)));
        check(&["2.其他法律行政止公开"], &["denied_state_secret"], Some(("denied_prohibited_by_law", Tier::Near)));
        check(
            &["2.申请人逾期未按收（六）其费通知要求缴纳费用"],
            &["closed_no_correction"],
            Some(("closed_fee_unpaid", Tier::Strewn)),
        );
        check(&["法律服务机构", "其他"], &[], None);
        check(&["法律服务机构", "其他", "一、本"], &[], Some(("new_received", Tier::Begun)));
        check(&["结果维持", "尚未审结", "总计"], &["rejected_excessive"], None);
        check(&["法律服务机构", "其他", "（七）总计"], &["closed"], Some(("outcome_total", Tier::Exact)));
        check(&["年新收政府信息公开申请数量", "二、上"], &[], None);
        check(&["三、本年度办理结果"], &["carried_in"], None);
        check(&["（三）不予公开"], &["granted"], None);
        check(&["全年公开信息"], &[], None);
        check(&[], &[], None);
    }
}
