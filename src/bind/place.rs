//! Which cells of a row are its columns.
//!
//! In: the cells after a row's label, blanks included, and how many columns there are. Out: where the columns begin, or why
//! that can't be told. Merged labels leave blanks before the columns and converters leave blanks after them, so the place is
//! taken from what all rows of the table have in common: how many cells stand behind the last column.

/// What a cell after a label is, as far as its place is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// A figure, a dash, or text.
    Ink,
    /// Empty.
    Blank,
    /// The continuation of the cell before.
    Merged,
}

/// Where a row's columns are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// They begin at this cell. Cells beyond the row's end are blanks that the site cut off.
    At(usize),
    /// One figure reaches over all of them.
    Merged(usize),
    /// There are more figures than columns.
    TooMany,
    /// There are fewer, and nothing says which ones they are.
    TooFew,
}

/// What the rows of a table have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Habit {
    /// Cells after the last column.
    pub trail: Option<usize>,
    /// Cells between the label and the first column.
    pub lead: Option<usize>,
    /// The same, where all rows with as many cells agree on it.
    pub lead_of_length: Option<usize>,
    /// No row of the table ends with an empty cell, though others are kept: the site cuts them off.
    pub cut: bool,
    /// All of them agree on the cells after the last column.
    pub trails_alike: bool,
    /// All of them agree on the cells before the first column.
    pub leads_alike: bool,
    /// There are rows with a figure in every column.
    pub has_full_rows: bool,
}

/// The habit of rows with `width` columns, from those that have a figure in every one; where there is none, from those whose
/// columns can only begin at one cell.
pub(super) fn habit<'c>(rows: impl Iterator<Item = &'c [Content]>, width: usize) -> Habit {
    let (mut full, mut settled) = (Leads::default(), Leads::default());
    let (mut blanks, mut all_end_with_ink) = (false, true);
    for cells in rows {
        blanks = blanks || cells.contains(&Content::Blank);
        all_end_with_ink = all_end_with_ink && cells.last() == Some(&Content::Ink);
        let Some((first, last)) = ends_of_ink(cells) else { continue };
        if last + 1 - first == width && cells[first..=last].iter().all(|cell| *cell == Content::Ink) {
            full.add(cells, first, width);
        } else if let Some((earliest, latest)) = bounds(without_tail(cells, width), width)
            && earliest == latest
        {
            settled.add(cells, earliest, width);
        }
    }
    let has_full_rows = !full.leads.0.is_empty();
    let Leads { leads, trails } = if has_full_rows { full } else { settled };
    Habit {
        trail: trails.most_common(),
        lead: leads.most_common(),
        lead_of_length: None,
        cut: blanks && all_end_with_ink,
        trails_alike: trails.0.len() <= 1,
        leads_alike: leads.0.len() <= 1,
        has_full_rows,
    }
}

/// How many cells stand before the columns of rows, and behind them.
#[derive(Default)]
struct Leads {
    leads: Counts,
    trails: Counts,
}

impl Leads {
    fn add(&mut self, cells: &[Content], first: usize, width: usize) {
        self.leads.add(first);
        self.trails.add(cells.len() - first - width);
    }
}

fn ends_of_ink(cells: &[Content]) -> Option<(usize, usize)> {
    let is_ink = |cell: &Content| *cell == Content::Ink;
    Some((cells.iter().position(is_ink)?, cells.iter().rposition(is_ink)?))
}

/// The columns of a row with ink, which has a cell for each, may begin anywhere from where they still hold its last figure to where
/// they hold the first one.
fn bounds(cells: &[Content], width: usize) -> Option<(usize, usize)> {
    let (first, last) = ends_of_ink(cells)?;
    let latest = first.min(cells.len().checked_sub(width)?);
    Some(((last + 1).saturating_sub(width), latest))
}

/// The cells without the rest of a merged cell behind the columns, which counts for nothing.
fn without_tail(cells: &[Content], width: usize) -> &[Content] {
    &cells[..(cells.len() - tail(cells)).max(width.min(cells.len()))]
}

fn tail(cells: &[Content]) -> usize {
    cells.iter().rev().take_while(|cell| **cell == Content::Merged).count()
}

/// Places one row; its habit is asked for where the row itself does not tell.
pub(super) fn place(cells: &[Content], width: usize, habit: impl FnOnce() -> Habit) -> Place {
    let all = cells;
    let cells = without_tail(all, width);
    let Some((first, last)) = ends_of_ink(cells) else {
        return if cells.len() >= width { Place::At(0) } else { Place::TooFew };
    };
    let count = cells.iter().filter(|cell| **cell == Content::Ink).count();
    if last + 1 - first > width {
        return Place::TooMany;
    }
    if count == width {
        return Place::At(first);
    }
    // A figure over all of several columns is followed by the rest of its own cell (`0 | ||||||`). In a narrow table the same
    // marks are printed for empty cells.
    let is_wide = width >= 5;
    if is_wide && count == 1 && last < width && tail(all) + 1 >= width {
        return Place::Merged(first);
    }
    // Where the tail begins within the columns a cell was lost before it.
    if is_wide && cells.last() == Some(&Content::Merged) {
        return Place::TooFew;
    }
    let habit = habit();
    let Some((earliest, latest)) = bounds(cells, width) else {
        let lead = habit.lead.unwrap_or(0);
        let cut_off = habit.cut && habit.lead.is_some() && cells.contains(&Content::Blank) && lead <= first;
        return if cut_off { Place::At(lead) } else { Place::TooFew };
    };
    if let Some(at) = habit.lead_of_length.filter(|at| (earliest..=latest).contains(at)) {
        return Place::At(at);
    }
    // All other rows have more cells before their columns, and as many behind them, so that some were lost here.
    if habit.leads_alike && habit.trails_alike && habit.lead.is_some_and(|lead| lead > latest) {
        return Place::TooFew;
    }
    // Cells behind the columns that differ from row to row, as where merged labels were lost, say less than those before them that
    // do not.
    let by_trail = habit
        .trail
        .filter(|_| habit.trails_alike || !habit.leads_alike)
        .and_then(|trail| cells.len().checked_sub(trail + width))
        .filter(|at| (earliest..=latest).contains(at));
    if let Some(at) = by_trail {
        return Place::At(at);
    }
    let by_lead = habit.lead.filter(|at| (earliest..=latest).contains(at));
    match by_lead {
        _ if earliest == latest => Place::At(earliest),
        Some(at) if !habit.cut => Place::At(at),
        _ => Place::TooFew,
    }
}

/// Values, and how often each of them came.
#[derive(Default)]
struct Counts(Vec<(usize, usize)>);

impl Counts {
    fn add(&mut self, value: usize) {
        match self.0.iter_mut().find(|(other, _)| *other == value) {
            Some((_, count)) => *count += 1,
            None => self.0.push((value, 1)),
        }
    }

    fn most_common(&self) -> Option<usize> {
        self.0.iter().max_by_key(|(value, count)| (*count, usize::MAX - value)).map(|(value, _)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(row: &str) -> Vec<Content> {
        row.chars()
            .map(|c| match c {
                '_' => Content::Blank,
                '=' => Content::Merged,
                _ => Content::Ink,
            })
            .collect()
    }

    #[track_caller]
    fn check(row: &str, width: usize, others: &[&str], expected: Place) {
        let rows: Vec<Vec<Content>> = others.iter().chain([&row]).map(|row| cells(row)).collect();
        let habit = habit(rows.iter().map(Vec::as_slice), width);
        assert_eq!(place(&cells(row), width, || habit), expected, "{row}");
    }

    #[test]
    fn places() {
        check("123", 3, &[], Place::At(0));
        check("_123__", 3, &[], Place::At(1));
        check("1_3", 3, &[], Place::At(0));
        check("_23_", 3, &["123_"], Place::At(0));
        check("_23_", 3, &["_123"], Place::At(1));
        check("_23_", 3, &[], Place::TooFew);
        check("0__", 1, &[], Place::At(0));
        check("___", 1, &[], Place::At(0));
        check("12", 3, &[], Place::TooFew);
        check("1234", 3, &[], Place::TooMany);
        check("_0=======", 7, &["_1234567"], Place::Merged(1));
        check("______0==", 7, &[], Place::At(0));
        check("1__", 3, &[], Place::At(0));
        check("_2", 3, &["123", "456"], Place::At(0));
        check("_2", 3, &["123_", "456_"], Place::TooFew);
        check("_23456_", 6, &["123456=", "123456", "123456__"], Place::At(0));
        check("_____6_", 6, &["_____6", "_____6=="], Place::At(0));
        check("_12", 3, &["_123"], Place::TooFew);
        check("12345==", 6, &["123456=="], Place::TooFew);
    }
}
