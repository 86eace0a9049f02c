//! Which column is which: what the words before a table's first row say of the order of its columns.
//!
//! In: the key of those words. Out: a [`Header`]. A header over several levels is read level by level, because sites print
//! the cells of merged rows in any order; one whose words were torn to pieces says nothing, and then the form's order holds
//! where the count of figures agrees with it.

use super::edition::line_at;
use crate::grammar::{HeadWord as Word, TableForm};
use crate::layout::{Unit, is_blank, unit};
use crate::report::{ColumnId, RowId};
use crate::text::KeyChar;

/// What a header says.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    /// The columns that it names, in its order, each once.
    pub named: Vec<ColumnId>,
    /// How often each of them is named in a row, where merged cells were repeated.
    pub repeats: Vec<usize>,
    /// The order of all columns, where the header settles it.
    pub order: Option<Vec<ColumnId>>,
    /// The order of rows that stand side by side, where the header settles it.
    pub rows: Option<Vec<RowId>>,
    /// The heads of columns in it, and the units that stand behind them.
    pub heads: Vec<Head>,
    pub units: Vec<(ColumnId, Unit)>,
    /// How many of the table's different words it has.
    pub words: usize,
    /// It names some columns only, and not in the form's order, or one of them in the place of another one.
    pub is_moved: bool,
    /// It is the header of another form.
    pub foreign: bool,
    /// It names some columns only, and every row has just as many figures.
    pub has_few: bool,
}

/// Reads the header words `chars`, which stand in `text`.
pub(super) fn header(chars: &[KeyChar], text: &str, form: &TableForm) -> Header {
    let found = occurrences(chars, form);
    if form.side_by_side {
        return Header { words: different(&found), ..side_by_side(&found, form) };
    }
    let columns: Vec<(ColumnId, u32)> =
        found.iter().filter_map(|(word, at)| column(*word).map(|column| (column, *at))).collect();
    let (named, repeats) = runs(columns.iter().map(|(column, _)| *column));
    let has_levels = form.columns.iter().any(|column| column.under.is_some());
    // What order heads have that are broken over lines, side by side, can't be told.
    let is_wrapped = || !has_levels && is_wrapped(&found, text);
    let order = match has_levels {
        true => by_levels(&found, text, form),
        false => complete(&named, form).filter(|order| order.is_sorted() || !is_wrapped()),
    };
    let heads = heads(&found);
    let units = units(heads.iter().copied(), text).collect();
    let named = distinct(&named);
    let has_some = !named.is_empty() && named.len() < form.columns.len();
    let is_moved = has_some && (!named.is_sorted() || is_moved(chars, form)) && !is_wrapped();
    Header { named, repeats, order, heads, units, words: different(&found), is_moved, ..Header::default() }
}

/// Whether heads stand on several lines of undelimited text, and other words beside one of them.
fn is_wrapped(found: &[(Word, u32)], text: &str) -> bool {
    let heads = found.iter().filter(|(word, _)| column(*word).is_some());
    let lines: Vec<&str> = heads.map(|(_, at)| line_at(text, *at as usize)).collect();
    let beside = |line: &&str| line.trim().contains(is_blank) && !line.contains(['|', '\t']);
    lines.windows(2).any(|two| !std::ptr::eq(two[0], two[1])) && lines.iter().any(beside)
}

/// Whether a head stands in the place of another column, where the words behind the last one that names no column are as many as
/// the columns.
fn is_moved(chars: &[KeyChar], form: &TableForm) -> bool {
    // For each word the column that it names, if it is known.
    let mut words: Vec<Option<ColumnId>> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let longest = form.head_spellings.beginning(&chars[at..]).max_by_key(|(length, _)| *length);
        match longest {
            Some((length, word)) => {
                match column(word) {
                    Some(column) => words.push(Some(column)),
                    None => words.clear(),
                }
                at += length;
            }
            None => {
                words.push(None);
                at += 1 + chars[at + 1..].iter().take_while(|next| !next.fresh).count();
            }
        }
    }
    let is_elsewhere =
        |(place, word): (usize, &Option<ColumnId>)| word.is_some_and(|column| usize::from(column) != place);
    words.len() == form.columns.len() && words.iter().enumerate().any(is_elsewhere)
}

/// The head of a column: where it begins, and where the next one does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<At = u32> {
    pub column: ColumnId,
    pub start: At,
    pub next: Option<At>,
}

impl Head {
    /// The unit that stands behind it, in brackets or after 单位, within so many letters from its beginning: `本年收费金额（单位：元）`.
    fn unit(self, text: &str) -> Option<Unit> {
        const LETTERS: usize = 20;
        const WIDE: u8 = 0xEF;
        let head = &text[self.start as usize..self.next.map_or(text.len(), |next| next as usize)];
        let head = head.char_indices().nth(LETTERS).map_or(head, |(end, _)| &head[..end]);
        // Nearly all have no sign of it, and then not even the byte that wide ones begin with.
        memchr::memchr3(b'(', b':', WIDE, head.as_bytes())?;
        let behind = match head.split_once("单位：").or_else(|| head.split_once("单位:")) {
            Some((_, behind)) => behind,
            None => {
                head.rsplit_once(['（', '(']).map(|(_, behind)| behind.rsplit(['：', ':']).next().unwrap_or(behind))?
            }
        };
        let name = behind.split(['）', ')', '|', '\t', '\n', '\r']).next()?.trim();
        unit(name.strip_prefix("人民币").unwrap_or(name)).filter(|_| name.len() < 18)
    }
}

/// The units that stand behind heads, by their columns.
pub(super) fn units(heads: impl Iterator<Item = Head>, text: &str) -> impl Iterator<Item = (ColumnId, Unit)> {
    heads.filter_map(|head| Some((head.column, head.unit(text)?)))
}

/// The unit of the column.
pub(super) fn unit_of(units: &[(ColumnId, Unit)], column: ColumnId) -> Option<Unit> {
    units.iter().find(|(of, _)| *of == column).map(|(_, unit)| *unit)
}

/// The heads of columns among the words of a header.
fn heads(found: &[(Word, u32)]) -> Vec<Head> {
    let next = |index: usize| found.get(index + 1).map(|(_, next)| *next);
    let head = |(index, (word, start)): (usize, &(Word, u32))| {
        column(*word).map(|column| Head { column, start: *start, next: next(index) })
    };
    found.iter().enumerate().filter_map(head).collect()
}

/// How many different words of the table's header stand in `chars`.
pub(super) fn hits(chars: &[KeyChar], form: &TableForm) -> usize {
    different(&occurrences(chars, form))
}

/// Whether the letters are just the head of a column.
pub(super) fn is_head(chars: &[KeyChar], form: &TableForm) -> bool {
    let mut found = form.head_spellings.beginning(chars);
    found.any(|(length, word)| length == chars.len() && matches!(word, Word::Column(_) | Word::Under))
}

/// The rows whose labels stand in `chars`, in the form's order.
pub(super) fn rows_named(chars: &[KeyChar], form: &TableForm) -> Vec<RowId> {
    let mut rows: Vec<RowId> = occurrences(chars, form).into_iter().filter_map(|(word, _)| row(word)).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

fn column(word: Word) -> Option<ColumnId> {
    if let Word::Column(column) = word { Some(column) } else { None }
}

fn row(word: Word) -> Option<RowId> {
    if let Word::Row(row) = word { Some(row) } else { None }
}

/// The words of the header in reading order, the longest where several begin at one place, with their byte offsets.
fn occurrences(chars: &[KeyChar], form: &TableForm) -> Vec<(Word, u32)> {
    let mut found: Vec<(Word, u32)> = Vec::new();
    // Where the word before ends.
    let (mut at, mut end) = (0, 0);
    while at < chars.len() {
        let mut best: Option<(usize, Word)> = None;
        for (length, word) in form.head_spellings.beginning(&chars[at..]) {
            // A head that two columns share (本年新) is the first one's once, and then the second one's. Heads over columns are also
            // words that only the table has.
            let taken = |word: &Word| found.iter().any(|(other, _)| other == word);
            let is_rather = |other: &Word| matches!(word, Word::Under | Word::Row(_)) || taken(other) && !taken(&word);
            let better =
                best.is_none_or(|(other, other_word)| length > other || length == other && is_rather(&other_word));
            if better {
                best = Some((length, word));
            }
        }
        match best.filter(|(length, _)| !is_within_a_word(chars, at, at + length, end, form)) {
            Some((length, word)) => {
                found.push((word, chars[at].at));
                at += length;
                end = at;
            }
            None => at += 1,
        }
    }
    found
}

/// Whether the letters are in the middle of a longer word that is no head: 其他 in 法人及其他组织. The head before them ends at `end`.
fn is_within_a_word(chars: &[KeyChar], from: usize, to: usize, end: usize, form: &TableForm) -> bool {
    let begins = from == end || chars[from].fresh;
    let ends = chars.get(to).is_none_or(|next| next.fresh);
    !begins && !ends && form.head_spellings.beginning(&chars[to..]).next().is_none()
}

/// How many different words those are.
fn different(found: &[(Word, u32)]) -> usize {
    found.iter().enumerate().filter(|(at, (word, _))| !found[..*at].iter().any(|(other, _)| other == word)).count()
}

/// Equal neighbours as one, with their number.
fn runs(columns: impl Iterator<Item = ColumnId>) -> (Vec<ColumnId>, Vec<usize>) {
    let (mut named, mut repeats): (Vec<ColumnId>, Vec<usize>) = (Vec::new(), Vec::new());
    for column in columns {
        if named.last() == Some(&column) {
            *repeats.last_mut().expect("as long as the other") += 1;
        } else {
            named.push(column);
            repeats.push(1);
        }
    }
    (named, repeats)
}

fn distinct(named: &[ColumnId]) -> Vec<ColumnId> {
    let mut distinct: Vec<ColumnId> = Vec::new();
    for column in named {
        if !distinct.contains(column) {
            distinct.push(*column);
        }
    }
    distinct
}

/// The order, if every column is named.
fn complete(named: &[ColumnId], form: &TableForm) -> Option<Vec<ColumnId>> {
    let named = distinct(named);
    (named.len() == form.columns.len()).then_some(named)
}

fn by_levels(found: &[(Word, u32)], text: &str, form: &TableForm) -> Option<Vec<ColumnId>> {
    let all = form.columns.len();
    let is_below = |column: &ColumnId| form.columns[usize::from(*column)].under.is_some();
    // Words without the head over the lower columns have no levels, unless that one is spelt otherwise: then the upper columns
    // stand before the lower ones, in the form's order.
    let flat = |words: &[(Word, u32)]| {
        let columns: Vec<ColumnId> = words.iter().filter_map(|(word, _)| column(*word)).collect();
        let columns = distinct(&columns);
        let has_levels = words.iter().any(|(word, _)| *word == Word::Under)
            || columns.is_sorted_by_key(|column| (is_below(column), if is_below(column) { 0 } else { *column }));
        (columns.len() == all && !has_levels).then_some(columns)
    };
    // A line that names every column is the order itself, unless the whole header was run together into that line.
    if let Some(order) = flat(found).or_else(|| lines(found, text).find_map(flat)) {
        return Some(order);
    }
    let below: Vec<ColumnId> = found.iter().filter_map(|(word, _)| column(*word)).filter(is_below).collect();
    let below = distinct(&below);
    let form_below: Vec<ColumnId> = (0..all as ColumnId).filter(is_below).collect();
    let below = if below.len() == form_below.len() { below } else { form_below };
    let top = top_level(found, text, form);
    Some(top.into_iter().flat_map(|item| item.map_or_else(|| below.clone(), |column| vec![column])).collect())
}

/// The upper level: its columns, and none for the place of the group.
fn top_level(found: &[(Word, u32)], text: &str, form: &TableForm) -> Vec<Option<ColumnId>> {
    let mut of_form: Vec<Option<ColumnId>> = Vec::new();
    for (id, column) in form.columns.iter().enumerate() {
        let item = column.under.is_none().then_some(id as ColumnId);
        if of_form.last() != Some(&item) || item.is_some() {
            of_form.push(item);
        }
    }
    for line in lines(found, text) {
        let mut order: Vec<Option<ColumnId>> = Vec::new();
        for (word, _) in line {
            let item = match word {
                Word::Under => None,
                Word::Column(column) if form.columns[usize::from(*column)].under.is_none() => Some(*column),
                // Together with lower columns, the line is no level of the header.
                Word::Column(_) => {
                    order.clear();
                    break;
                }
                _ => continue,
            };
            if !order.contains(&item) {
                order.push(item);
            }
        }
        if order.len() == of_form.len() {
            return order;
        }
    }
    of_form
}

/// The words by lines of the page.
fn lines<'w>(found: &'w [(Word, u32)], text: &'w str) -> impl Iterator<Item = &'w [(Word, u32)]> {
    found.chunk_by(move |(_, a), (_, b)| !text[*a as usize..*b as usize].contains(['\n', '\r']))
}

fn side_by_side(found: &[(Word, u32)], form: &TableForm) -> Header {
    let columns: Vec<ColumnId> = found.iter().filter_map(|(word, _)| column(*word)).collect();
    let width = form.columns.len();
    let is_order = |order: &&[ColumnId]| distinct(order).len() == width;
    let from_first = columns.chunks(width).next().filter(is_order);
    let from_first = from_first.filter(|order| columns.chunks(width).all(|chunk| order.starts_with(chunk)));
    let from_last = columns.rchunks(width).next().filter(is_order);
    let from_last = from_last.filter(|order| columns.rchunks(width).all(|chunk| order.ends_with(chunk)));
    // A header that lost its beginning or its end, as by the end of a page, has another order from either; then it is that one which
    // begins or ends as the form does.
    let is_whole = columns.len().is_multiple_of(width);
    let as_form = |order: &&[ColumnId]| is_whole || order[0] == 0 || order[width - 1] as usize + 1 == width;
    let agreed = from_first.filter(as_form).or(from_last.filter(as_form)).map(<[ColumnId]>::to_vec);
    let mut rows: Vec<RowId> = Vec::new();
    for row in found.iter().filter_map(|(word, _)| row(*word)) {
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    let rows = (rows.len() == form.rows.len()).then_some(rows);
    Header { named: distinct(&columns), order: agreed, rows, ..Header::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::Grammars;
    use crate::text::Key;

    #[track_caller]
    fn check(grammar: &str, table: &str, words: &str, expected: Option<&[&str]>) {
        let grammars = Grammars::built_in();
        let form = grammars
            .get(grammar)
            .and_then(|grammar| grammar.tables.iter().find(|form| form.id == table))
            .expect("a table");
        let mut key = Key::default();
        let mut at = 0;
        for piece in words.split_inclusive([' ', '\n']) {
            key.push(piece, at);
            at += piece.len() as u32;
        }
        let header = header(key.chars(), words, form);
        let order: Option<Vec<&str>> =
            header.order.map(|order| order.iter().map(|id| form.columns[usize::from(*id)].id.as_str()).collect());
        assert_eq!(order.as_deref(), expected);
    }

    #[test]
    fn headers() {
        let form = &[
            "natural_person",
            "commercial_enterprise",
            "research_institution",
            "public_welfare_organization",
            "legal_service_institution",
            "other",
            "total",
        ][..];
        check(
            "gid-2021",
            "applications",
            "申请人情况 总计\n自然人 法人或其他组织\n商业企业 科研机构 社会公益组织 法律服务机构 其他",
            Some(form),
        );
        check("gid-2021", "applications", "自 商业 科研\n然 企业\n人", Some(form));
        let total_first = &[
            "total",
            "natural_person",
            "research_institution",
            "commercial_enterprise",
            "public_welfare_organization",
            "legal_service_institution",
            "other",
        ][..];
        check(
            "gid-2021",
            "applications",
            "总计 自然人 法人或其他组织\n科研机构 商业企业 社会公益组织 法律服务机构 其他",
            Some(total_first),
        );
        check(
            "gid-2021",
            "article_20_1",
            "信息内容 现行有效件数 本年制发件数 本年废止件数",
            Some(&["in_force", "issued", "repealed"]),
        );
        check("gid-2021", "article_20_1", "信息内容 现行有效件数 本年制发件数", None);
        check(
            "gid-2019",
            "article_20_1",
            "信息内容\n本年新\n本年新\n对外公开总数量",
            Some(&["created", "newly_disclosed", "disclosed_total"]),
        );
        check(
            "gid-2021",
            "review_litigation",
            "行政复议 行政诉讼\n结果维持 其他结果 结果纠正 尚未审结 总计 未经复议直接起诉\n结果维持 其他结果",
            Some(&["upheld", "other", "corrected", "pending", "total"]),
        );
    }
}
