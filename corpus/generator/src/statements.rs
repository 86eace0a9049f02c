//! Sentences that repeat figures of the tables: figures in, prose out that a checker must find right.

use crate::figures::Figures;
use crate::form::{CLOSED, Edition};
use crate::rng::Rng;

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

/// On the decisions of section 二, which both forms have under one name.
pub fn disclosure(figures: &Figures, rng: &mut Rng) -> String {
    let decisions = |table: &str, row: &str| figures.count(table, row, "decisions");
    let licences = decisions("article_20_5", "administrative_licensing");
    if rng.chance(50) {
        return format!("作出行政许可决定{licences}件。");
    }
    format!(
        "作出行政许可决定{licences}件，行政处罚决定{}件，行政强制决定{}件。",
        decisions("article_20_6", "administrative_penalty"),
        decisions("article_20_6", "administrative_coercion"),
    )
}

/// On the applications received and what became of them.
pub fn requests(figures: &Figures, rng: &mut Rng) -> String {
    let total = |row: &str| figures.count("applications", row, "total");
    let (received, carried_in) = (total("new_received"), total("carried_in"));
    let (done, carried_out) = (total("outcome_total"), total("carried_out"));
    if received + carried_in == 0 {
        return "本年度未收到政府信息公开申请。".to_owned();
    }
    let sum = |rows: &[&str]| rows.iter().map(|row| total(row)).sum::<i64>();
    match rng.below(3) {
        0 => format!(
            "本年度收到政府信息公开申请{received}件，上年结转{carried_in}件，办结{done}件，结转下年度继续办理{carried_out}件。"
        ),
        1 => {
            let natural = figures.count("applications", "new_received", "natural_person");
            let legal = received - natural;
            format!(
                "全年新收政府信息公开申请{received}件，其中自然人{natural}件，法人或其他组织{legal}件；共办结{done}件。"
            )
        }
        _ => {
            let closed = match figures.edition {
                Edition::Gid2021 => sum(&CLOSED),
                Edition::Gid2019 => total("closed"),
            };
            format!(
                "全年办结政府信息公开申请{done}件，其中予以公开{}件，部分公开{}件，不予公开{}件，无法提供{}件，不予处理{}件，其他处理{closed}件。",
                total("granted"),
                total("partially_granted"),
                sum(&DENIED),
                sum(&UNAVAILABLE),
                sum(&REJECTED),
            )
        }
    }
}

/// On reviews and lawsuits; both kinds of lawsuit are told as one figure.
pub fn reviews(figures: &Figures) -> String {
    let total = |row: &str| figures.count("review_litigation", row, "total");
    let lawsuits = total("litigation_direct") + total("litigation_after_reconsideration");
    format!("因政府信息公开发生行政复议{}件，行政诉讼{lawsuits}件。", total("reconsideration"))
}
