//! What a figure of the prose speaks of: a name and figures in; its rule, its true value and the cells of each reading out.
//!
//! Some words can be understood in two ways (受理 may count what was carried over, or not). A figure is right if one of its
//! readings gives it.

use crate::figures::Figures;
use crate::form::{CLOSED, Edition};
use crate::number::Number;

/// A cell by table, row and column.
pub type Cell = (&'static str, &'static str, &'static str);

/// What one figure of a sentence means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// The rule that it is checked by.
    pub rule: &'static str,
    /// The figure that a truthful author writes.
    pub value: Number,
    /// The figure is written so many powers of ten larger: 万元 told in 元.
    pub power: u32,
    /// The cells whose sum it may be, the likeliest first.
    pub readings: Vec<Vec<Cell>>,
}

const DENIED: [&str; 8] = [
    "denied_state_secret",
    "denied_prohibited_by_law",
    "denied_security_stability",
    "denied_third_party_rights",
    "denied_internal_affairs",
    "denied_process_information",
    "denied_enforcement_files",
    "denied_administrative_inquiry",
];
const UNAVAILABLE: [&str; 3] = ["unavailable_not_held", "unavailable_needs_creation", "unavailable_still_unclear"];
const REJECTED: [&str; 5] =
    ["rejected_petition", "rejected_duplicate", "rejected_publication", "rejected_excessive", "rejected_reissue"];
const ORGANISATIONS: [&str; 5] = [
    "commercial_enterprise",
    "research_institution",
    "public_welfare_organization",
    "legal_service_institution",
    "other",
];

/// The meaning of that name; none where the form has no such figure.
pub fn meaning(name: &str, figures: &Figures) -> Option<Meaning> {
    let told = |rule: &'static str, readings: &[&[Cell]], first: usize| {
        let value = sum(figures, readings[first]);
        let readings = readings.iter().map(|cells| cells.to_vec()).collect();
        Some(Meaning { rule, value: Number::whole(value), power: 0, readings })
    };
    let by = |column: &'static str| -> [Cell; 3] {
        ["new_received", "carried_in", "outcome_total"].map(|row| ("applications", row, column))
    };
    let [new, old, done] = by("total");
    match name {
        // 受理 and the like: what is new, or all that there was to do.
        "received" => told("statement.new_received", &[&[new], &[new, old]], 0),
        "arrived" => told("statement.new_received", &[&[new], &[new, old]], 1),
        "natural" | "natural_arrived" => {
            let [new, old, done] = by("natural_person");
            told("statement.new_received", &[&[new], &[new, old], &[done]], usize::from(name == "natural_arrived"))
        }
        "legal" | "legal_arrived" => {
            let all = ORGANISATIONS.map(by);
            let (new, done) = (all.map(|cells| cells[0]), all.map(|cells| cells[2]));
            let both: Vec<Cell> = all.iter().flat_map(|cells| [cells[0], cells[1]]).collect();
            told("statement.new_received", &[&new, &both, &done], usize::from(name == "legal_arrived"))
        }
        "carried_in" => told("statement.carried_in", &[&[old]], 0),
        "carried_out" => told("statement.carried_out", &[&[total("carried_out")]], 0),
        "done" => told("statement.outcome_total", &[&[done]], 0),
        // 办理 may be all that there was to do.
        "handled" => told("statement.outcome_total", &[&[done], &[new, old], &[new]], 0),
        "handled_all" => told("statement.outcome_total", &[&[done], &[new, old], &[new]], 1),
        "granted" => told("statement.granted", &[&[total("granted")]], 0),
        "partially" => told("statement.partially_granted", &[&[total("partially_granted")]], 0),
        "opened" => told("statement.granted", &[&[total("granted"), total("partially_granted")]], 0),
        "denied" => told("statement.denied", &[&DENIED.map(total)], 0),
        "unavailable" => told("statement.unavailable", &[&UNAVAILABLE.map(total)], 0),
        "rejected" => told("statement.rejected", &[&REJECTED.map(total)], 0),
        "closed" => {
            let all = ["closed", CLOSED[0], CLOSED[1], CLOSED[2]].map(total);
            told("statement.closed", &[if figures.edition == Edition::Gid2019 { &all[..1] } else { &all }], 0)
        }
        "reconsideration" => told("statement.reconsideration", &[&[review("reconsideration")]], 0),
        "direct" => told("statement.litigation_direct", &[&[review("litigation_direct")]], 0),
        "after" => {
            told("statement.litigation_after_reconsideration", &[&[review("litigation_after_reconsideration")]], 0)
        }
        "litigation" => told(
            "statement.litigation",
            &[&[review("litigation_direct"), review("litigation_after_reconsideration")]],
            0,
        ),
        "reviews" => told(
            "statement.review_litigation",
            &[&["reconsideration", "litigation_direct", "litigation_after_reconsideration"].map(review)],
            0,
        ),
        "licences" => told("statement.administrative_licensing", &[&[LICENCES]], 0),
        "penalties" => told("statement.administrative_penalty", &[&[PENALTIES]], 0),
        "coercions" => told("statement.administrative_coercion", &[&[COERCIONS]], 0),
        "measures" => told("statement.article_20_6", &[&[PENALTIES, COERCIONS]], 0),
        _ => of_documents(name, figures.edition, told).or_else(|| of_fees(name, figures)),
    }
}

const LICENCES: Cell = ("article_20_5", "administrative_licensing", "decisions");
const PENALTIES: Cell = ("article_20_6", "administrative_penalty", "decisions");
const COERCIONS: Cell = ("article_20_6", "administrative_coercion", "decisions");

/// 规章 and 规范性文件: what the form of 2019 counts as new was made or was published.
fn of_documents(
    name: &str,
    edition: Edition,
    told: impl Fn(&'static str, &[&[Cell]], usize) -> Option<Meaning>,
) -> Option<Meaning> {
    let cell = |row: &'static str, column: &'static str| ("article_20_1", row, column);
    let (row, rule) = if name.starts_with("regulations") {
        ("regulations", "statement.regulations")
    } else {
        ("normative_documents", "statement.normative_documents")
    };
    match (name, edition) {
        ("regulations" | "documents", Edition::Gid2021) => told(rule, &[&[cell(row, "issued")]], 0),
        ("regulations" | "documents", Edition::Gid2019) => {
            told(rule, &[&[cell(row, "created")], &[cell(row, "newly_disclosed")]], 0)
        }
        ("regulations_repealed" | "documents_repealed", Edition::Gid2021) => told(rule, &[&[cell(row, "repealed")]], 0),
        ("regulations_in_force" | "documents_in_force", Edition::Gid2021) => told(rule, &[&[cell(row, "in_force")]], 0),
        ("rules", Edition::Gid2021) => told(
            "statement.article_20_1",
            &[&[cell("regulations", "issued"), cell("normative_documents", "issued")]],
            0,
        ),
        _ => None,
    }
}

fn of_fees(name: &str, figures: &Figures) -> Option<Meaning> {
    let cell = ("article_20_8", "administrative_fees", "amount");
    let value = figures.get(cell.0, cell.1, cell.2)?;
    let power = match name {
        "fee" => 0,
        "fee_yuan" => 4,
        _ => return None,
    };
    Some(Meaning { rule: "statement.administrative_fees", value, power, readings: vec![vec![cell]] })
}

fn total(row: &'static str) -> Cell {
    ("applications", row, "total")
}

fn review(row: &'static str) -> Cell {
    ("review_litigation", row, "total")
}

fn sum(figures: &Figures, cells: &[Cell]) -> i64 {
    cells.iter().map(|(table, row, column)| figures.count(table, row, column)).sum()
}
