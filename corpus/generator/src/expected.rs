//! What the rules of the form must say of a page: its facts and its sentences in, the rules that do not hold out.
//!
//! The arithmetic is written out here, rule by rule, and knows nothing of any checker. A cell without a number may hold
//! anything; a blank one anything from 0 up. A rule is broken only if it is broken whatever stands there.

use std::collections::BTreeMap;

use crate::form::{CLOSED, Edition, applicants, results, tables};
use crate::meanings::{Cell, Meaning};
use crate::number::Number;
use crate::statements::{Claim, Sentence};
use crate::title::Subject;
use crate::truth::{Fact, Truth};

/// A rule that does not hold, and the cell where that shows. A finding on several cells names what they have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    pub rule: &'static str,
    pub table: Option<&'static str>,
    pub row: Option<&'static str>,
    pub column: Option<&'static str>,
}

impl Broken {
    /// Does it say only that something is worth knowing?
    pub fn is_note(&self) -> bool {
        const NOTES: [&str; 5] = [
            "regulations.competence",
            "review_litigation.without_applications",
            "hint.decisions_as_stock",
            "statement.share",
            "series.jump",
        ];
        NOTES.contains(&self.rule)
    }
}

/// All rules of one page that do not hold, in order; one that shows in two sentences is there twice.
pub fn broken(edition: Edition, facts: &[Fact], subject: Option<&Subject>, sentences: &[Sentence]) -> Vec<Broken> {
    let page = Page::new(facts);
    let mut found = Vec::new();
    applications(&page, edition, &mut found);
    reviews(&page, &mut found);
    counts(edition, facts, &page, &mut found);
    rules_made(&page, edition, subject, &mut found);
    stocks(&page, &mut found);
    for sentence in sentences {
        claims(&page, sentence, &mut found);
    }
    found.sort();
    found
}

/// One figure with twelve digits behind the point, which is more than any page has.
const SCALE: u32 = 12;

/// What a page tells of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Number(i128),
    /// Empty: whatever it is, it is not below zero.
    Blank,
    Gap,
    /// The form has no such row, or this page has another in its place.
    Gone,
}

/// The cells of a page.
pub(crate) struct Page {
    cells: BTreeMap<Cell, Told>,
}

impl Page {
    pub(crate) fn new(facts: &[Fact]) -> Page {
        let in_one = facts.iter().any(|fact| fact.row == "closed" && fact.value.is_some());
        let two_ways = facts.iter().any(|fact| CLOSED.contains(&fact.row));
        let told = |fact: &Fact| match (&fact.value, fact.kind) {
            _ if in_one && CLOSED.contains(&fact.row) => Told::Gone,
            _ if !in_one && two_ways && fact.row == "closed" => Told::Gone,
            (Some(value), _) => Told::Number(scaled(value)),
            // A change may be below zero.
            (None, "blank") if fact.column != "change" => Told::Blank,
            _ => Told::Gap,
        };
        Page { cells: facts.iter().map(|fact| ((fact.table, fact.row, fact.column), told(fact))).collect() }
    }

    pub(crate) fn at(&self, cell: Cell) -> Told {
        self.cells.get(&cell).copied().unwrap_or(Told::Gone)
    }

    /// The exact sum, where every cell has a number.
    fn sum(&self, cells: &[Cell]) -> Option<i128> {
        cells.iter().try_fold(0, |sum, cell| match self.at(*cell) {
            Told::Number(number) => Some(sum + number),
            Told::Gone => Some(sum),
            Told::Blank | Told::Gap => None,
        })
    }

    fn number(&self, cell: Cell) -> Option<i128> {
        match self.at(cell) {
            Told::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Whether both sums differ whatever stands in the gaps.
    fn differ(&self, left: &[Cell], right: &[Cell]) -> bool {
        let at = |cells: &[Cell]| -> Vec<Told> { cells.iter().map(|cell| self.at(*cell)).collect() };
        differ(&at(left), &at(right))
    }
}

/// Whether two sums differ whatever stands in the gaps.
fn differ(left: &[Told], right: &[Told]) -> bool {
    let (mut off, mut up, mut down) = (0, false, false);
    for (all, sign) in [(left, 1), (right, -1)] {
        for told in all {
            match told {
                Told::Number(number) => off += sign * number,
                Told::Blank if sign > 0 => up = true,
                Told::Blank => down = true,
                Told::Gap => return false,
                Told::Gone => {}
            }
        }
    }
    (off > 0 && !down) || (off < 0 && !up)
}

/// The rules between a report and that of the year before that do not hold.
pub fn across(last: &Truth, own: &Truth) -> Vec<Broken> {
    let same_form = last.grammar == own.grammar;
    let (last, page) = (Page::new(&last.facts), Page::new(&own.facts));
    let mut found = Vec::new();
    for column in applicants() {
        let cell = ("applications", "carried_in", column.id);
        if differ(&[page.at(cell)], &[last.at(("applications", "carried_out", column.id))]) {
            found.push(broken_at("series.carried", cell));
        }
    }
    for row in ["regulations", "normative_documents"] {
        let at = |column: &'static str| ("article_20_1", row, column);
        let (has, repealed) = (page.at(at("in_force")), page.at(at("repealed")));
        let (had, issued) = (last.at(at("in_force")), page.at(at("issued")));
        if same_form && own.grammar == Edition::Gid2021.id() && differ(&[has, repealed], &[had, issued]) {
            found.push(broken_at("series.in_force", at("in_force")));
        }
    }
    for row in ["new_received", "outcome_total"] {
        let cell = ("applications", row, "total");
        if let (Some(was), Some(is)) = (last.number(cell), page.number(cell)) {
            let above = 20 * 10_i128.pow(SCALE);
            if was > above && is > above && (is >= 10 * was || was >= 10 * is) {
                found.push(broken_at("series.jump", cell));
            }
        }
    }
    found
}

/// A decimal as JSON has it.
fn scaled(value: &str) -> i128 {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().unwrap_or(0);
    digits * 10_i128.pow(SCALE - fraction.len() as u32)
}

fn of_number(number: Number) -> i128 {
    i128::from(number.digits) * 10_i128.pow(SCALE - number.places)
}

pub(crate) fn broken_at(rule: &'static str, (table, row, column): Cell) -> Broken {
    Broken { rule, table: Some(table), row: Some(row), column: Some(column) }
}

/// 第一项加第二项之和，等于第三项加第四项之和; （七）总计; 总计.
fn applications(page: &Page, edition: Edition, found: &mut Vec<Broken>) {
    let columns: Vec<&str> = applicants().iter().map(|column| column.id).collect();
    let forms = tables(edition);
    let mut rows: Vec<&str> =
        forms.iter().filter(|form| form.id == "applications").flat_map(|form| &form.rows).map(|row| row.id).collect();
    if edition == Edition::Gid2021 {
        rows.push("closed");
    }
    let ends = ["new_received", "carried_in", "outcome_total", "carried_out"];
    for column in &columns {
        let at = |row: &'static str| ("applications", row, *column);
        if page.differ(&[at(ends[0]), at(ends[1])], &[at(ends[2]), at(ends[3])]) {
            found.push(broken_at("applications.balance", at("outcome_total")));
        }
        let outcomes: Vec<Cell> = rows.iter().filter(|row| !ends.contains(row)).map(|row| at(row)).collect();
        if page.differ(&[at("outcome_total")], &outcomes) {
            found.push(broken_at("applications.outcome_total", at("outcome_total")));
        }
    }
    for row in rows {
        let parts: Vec<Cell> =
            columns[..columns.len() - 1].iter().map(|column| ("applications", row, *column)).collect();
        let total = ("applications", row, "total");
        if page.differ(&[total], &parts) {
            found.push(broken_at("applications.row_total", total));
        }
    }
}

const REVIEWS: [&str; 3] = ["reconsideration", "litigation_direct", "litigation_after_reconsideration"];

/// The totals of table 四, and that there are none where nothing was applied for.
fn reviews(page: &Page, found: &mut Vec<Broken>) {
    let columns: Vec<&str> = results().iter().map(|column| column.id).collect();
    for row in REVIEWS {
        let parts: Vec<Cell> =
            columns[..columns.len() - 1].iter().map(|column| ("review_litigation", row, *column)).collect();
        let total = ("review_litigation", row, "total");
        if page.differ(&[total], &parts) {
            found.push(broken_at("review_litigation.row_total", total));
        }
    }
    let arrived: Vec<Cell> = ["new_received", "carried_in"]
        .iter()
        .flat_map(|row| applicants().into_iter().map(|column| ("applications", *row, column.id)))
        .collect();
    let totals = REVIEWS.map(|row| ("review_litigation", row, "total"));
    let nothing = page.cells.contains_key(&arrived[0]) && page.sum(&arrived) == Some(0);
    if nothing && page.differ(&totals, &[]) {
        found.push(alone("review_litigation.without_applications", page, &totals));
    }
}

/// A sum that should be 0: at the one cell that is not, or at all of them.
fn alone(rule: &'static str, page: &Page, cells: &[Cell]) -> Broken {
    let mut inked = cells.iter().filter(|cell| page.number(**cell).is_some_and(|number| number != 0));
    match (inked.next(), inked.next()) {
        (Some(cell), None) => broken_at(rule, *cell),
        _ => Broken { rule, table: cells.first().map(|cell| cell.0), row: None, column: None },
    }
}

/// A count is whole and not below zero; amounts may have decimals, and changes go both ways.
fn counts(edition: Edition, facts: &[Fact], page: &Page, found: &mut Vec<Broken>) {
    for fact in facts {
        let cell = (fact.table, fact.row, fact.column);
        let Some(number) = page.number(cell) else { continue };
        let decimal = fact.column == "amount";
        let signed = edition == Edition::Gid2019 && fact.column == "change";
        if (!decimal && number % 10_i128.pow(SCALE) != 0) || (!signed && number < 0) {
            found.push(broken_at("figure.whole", cell));
        }
    }
}

/// Townships and bureaus of counties make no rules.
fn rules_made(page: &Page, edition: Edition, subject: Option<&Subject>, found: &mut Vec<Broken>) {
    if subject.is_none_or(Subject::may_make_rules) {
        return;
    }
    let columns = match edition {
        Edition::Gid2021 => ["issued", "repealed", "in_force"],
        Edition::Gid2019 => ["created", "newly_disclosed", "disclosed_total"],
    };
    let cells = columns.map(|column| ("article_20_1", "regulations", column));
    let made = cells.into_iter().find(|cell| page.number(*cell).is_some_and(|number| number != 0));
    found.extend(made.map(|cell| broken_at("regulations.competence", cell)));
}

/// Decisions that are last year's items and their change: the column of the form of 2019 was taken for a stock.
fn stocks(page: &Page, found: &mut Vec<Broken>) {
    let rows = [
        ("article_20_5", "administrative_licensing"),
        ("article_20_5", "other_public_services"),
        ("article_20_6", "administrative_penalty"),
        ("article_20_6", "administrative_coercion"),
    ];
    for (table, row) in rows {
        let at = |column: &'static str| page.number((table, row, column));
        if let (Some(items), Some(change), Some(decisions)) = (at("previous_items"), at("change"), at("decisions"))
            && change != 0
            && decisions == items + change
        {
            found.push(broken_at("hint.decisions_as_stock", (table, row, "decisions")));
        }
    }
}

/// What a sentence claims, each claim by itself.
fn claims(page: &Page, sentence: &Sentence, found: &mut Vec<Broken>) {
    let at = |number: usize| of_number(sentence.numbers[number]);
    for claim in &sentence.claims {
        match claim {
            Claim::Figure { number, meaning } => {
                let stated = number.map_or(0, |number| at(number) / 10_i128.pow(meaning.power));
                found.extend(contradicted(page, meaning, stated));
            }
            Claim::Parts { whole, parts, rest, next } => {
                let (whole, sum) = (at(*whole), parts.iter().map(|part| at(*part)).sum::<i128>());
                let with_next = next.map(|next| sum + at(next));
                let is_wrong = sum > whole || (sum < whole && *rest && parts.len() > 1);
                if is_wrong && with_next != Some(whole) {
                    found.push(Broken { rule: "statement.parts", table: None, row: None, column: None });
                }
            }
            Claim::Share { share, part, whole } => {
                let (share, part, whole) = (at(*share), at(*part), at(*whole));
                if whole <= 0 || part > whole {
                    continue;
                }
                // In hundredths of a percent, rounded or cut off.
                let hundredths = share / 10_i128.pow(SCALE - 2);
                let right = [(part * 20_000 + whole) / (2 * whole), part * 10_000 / whole];
                if !right.contains(&hundredths) {
                    found.push(Broken { rule: "statement.share", table: None, row: None, column: None });
                }
            }
        }
    }
}

/// A figure that no reading gives, where all of them are known.
fn contradicted(page: &Page, meaning: &Meaning, stated: i128) -> Option<Broken> {
    let sums: Vec<Option<i128>> = meaning.readings.iter().map(|cells| page.sum(cells)).collect();
    if sums.iter().any(|sum| sum.is_none_or(|sum| sum == stated)) {
        return None;
    }
    let cells = &meaning.readings[0];
    let (table, row, column) = cells[0];
    Some(Broken {
        rule: meaning.rule,
        table: cells.iter().all(|cell| cell.0 == table).then_some(table),
        row: cells.iter().all(|cell| cell.1 == row).then_some(row),
        column: cells.iter().all(|cell| cell.2 == column).then_some(column),
    })
}
