//! The rules over figures of one report.

use std::borrow::Cow;

use super::evaluate::{Judge, Verdict};
use super::grid::Grid;
use super::{Failed, Outcome, breach, causes};
use crate::grammar::{Check, Grammar, Instance, Rule, Sight};
use crate::report::{CellId, Open, Report};
use crate::text::{clean, is_plain, simplify};

/// Judges every formula in every of its places.
pub(super) fn tables(report: &Report<'_>, grammar: &Grammar, grid: &Grid<'_>, outcome: &mut Outcome) {
    let mut judge = Judge::new(grid);
    for (id, index, sight) in grid.not_clear() {
        let Some(rule) = grammar.rules.get(usize::from(id)) else { continue };
        let Check::Formula(instances) = &rule.check else { continue };
        let Some(instance) = instances.get(index) else { continue };
        if sight == Sight::Open {
            let gaps = grid.gaps(id, index);
            if !is_of_itself(instance, &gaps) && is_for(rule, report.issuer.as_deref()) {
                outcome.open.push(Open { rule: id, gaps });
            }
            continue;
        }
        judge.forget();
        match judge.verdict(&instance.truth) {
            Verdict::Holds => {}
            // A body is looked at only where there is something to say: its pattern is rarely needed.
            Verdict::Fails if is_for(rule, report.issuer.as_deref()) => {
                if causes::is_equation(rule, instance) {
                    outcome.failed.push((Failed { rule: id, instance: index }, outcome.findings.len()));
                }
                outcome.findings.push(breach::finding(id, rule, instance, grid));
            }
            Verdict::Open if !judge.absent && !is_of_itself(instance, &judge.gaps) => {
                if is_for(rule, report.issuer.as_deref()) {
                    outcome.open.push(Open { rule: id, gaps: in_order(std::mem::take(&mut judge.gaps)) });
                }
            }
            Verdict::Fails | Verdict::Open => {}
        }
    }
}

/// Whether the rule is for that body. What nobody is known to have written is not judged by who wrote it.
pub(super) fn is_for(rule: &Rule, issuer: Option<&str>) -> bool {
    let Some(pattern) = &rule.issuer else { return true };
    let Some(issuer) = issuer else { return false };
    pattern.regex().is_some_and(|regex| regex.is_match(&folded(issuer)))
}

/// Words as the patterns of rules see them: clean, simplified, without blanks.
pub(super) fn folded(words: &str) -> Cow<'_, str> {
    if is_plain(words) {
        return Cow::Borrowed(words);
    }
    let mut words = simplify(&clean(words));
    words.retain(|c| !c.is_whitespace());
    Cow::Owned(words)
}

/// Whether the only gap is the cell that the rule is for: where no figure stands, nothing is to be judged.
pub(super) fn is_of_itself(instance: &Instance, gaps: &[CellId]) -> bool {
    instance.cell().is_some_and(|own| gaps.iter().all(|gap| *gap == own))
}

/// Each gap once, in order.
pub(super) fn in_order(mut gaps: Vec<CellId>) -> Vec<CellId> {
    gaps.sort_unstable();
    gaps.dedup();
    gaps
}

#[cfg(test)]
mod tests {
    use super::super::page::{built_in, judged, report};

    /// What is said of a page with those figures, and what stays open.
    #[track_caller]
    fn check_form(form: &str, issuer: &str, figures: &str, findings: &[&str], open: &[&str]) {
        let grammar = built_in(form);
        let mut report = report(&grammar, figures);
        report.issuer = Some(issuer.to_owned());
        assert_eq!(judged(report, &grammar), (owned(findings), owned(open)), "{figures}");
    }

    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[track_caller]
    fn check(figures: &str, findings: &[&str], open: &[&str]) {
        check_form("gid-2021", "青石县", figures, findings, open);
    }

    const SOUND: &str = "applications.new_received = 58 7 0 0 0 1 66\napplications.granted = 50 7 0 0 0 0 57\n\
        applications.closed_other = 3 0 0 0 0 0 3\napplications.outcome_total = 53 7 0 0 0 0 60\n\
        applications.carried_out = 5 0 0 0 0 1 6\n";

    /// The sound page with rows put in place of its own.
    fn sound_but(rows: &str) -> String {
        let own =
            |line: &&str| rows.lines().all(|row| row.split_once('=').map(|x| x.0) != line.split_once('=').map(|x| x.0));
        SOUND.lines().filter(own).chain(rows.lines()).map(|line| format!("{line}\n")).collect()
    }

    #[test]
    fn sums_hold_or_fail() {
        check("", &[], &[]);
        check(SOUND, &[], &[]);
        check(
            &sound_but("applications.carried_out = 5 0 0 0 0 0 5"),
            &["applications.balance outcome_total.other 1 0", "applications.balance outcome_total.total 61 60"],
            &[],
        );
        check(
            &sound_but("applications.granted = 50 8 0 0 0 0 57"),
            &[
                "applications.row_total granted.total 58 57",
                "applications.outcome_total outcome_total.commercial_enterprise 8 7",
            ],
            &[],
        );
        check(
            &sound_but("applications.new_received = 58 7 0 0 0 1 67"),
            &["applications.row_total new_received.total 66 67", "applications.balance outcome_total.total 61 60"],
            &[],
        );
        check(
            &sound_but("review_litigation.reconsideration = 10 1 0 0 0"),
            &["review_litigation.row_total reconsideration.total 11 0"],
            &[],
        );
    }

    #[test]
    fn a_row_in_place_of_three() {
        let in_one = "applications.closed = 3 0 0 0 0 0 3\napplications.closed_other = missing\n\
            applications.closed_no_correction = missing\napplications.closed_fee_unpaid = missing";
        check(&sound_but(in_one), &[], &[]);
        // The three beside it count no second time.
        check(&sound_but("applications.closed = 3 0 0 0 0 0 3"), &[], &[]);
        check(
            &sound_but(&in_one.replace("3 0 0 0 0 0 3", "2 0 0 0 0 0 2")),
            &[
                "applications.outcome_total outcome_total.natural_person 52 53",
                "applications.outcome_total outcome_total.total 59 60",
            ],
            &[],
        );
        // A row without a figure stands for nothing.
        check(&sound_but("applications.closed = blank"), &[], &[]);
        check(
            &sound_but(&in_one.replace("3 0 0 0 0 0 3", "dash")),
            &[],
            &["applications.outcome_total 3"; 7]
                .iter()
                .chain(&["applications.row_total 7"; 3])
                .copied()
                .collect::<Vec<_>>(),
        );
    }

    #[test]
    fn gaps_are_no_figures() {
        // A blank cell can't be told to hold 0, nor can the sum be right whatever it holds.
        check(
            &sound_but("applications.carried_out = 5 0 0 0 0 1 blank"),
            &[],
            &["applications.balance 1", "applications.row_total 1"],
        );
        check(
            &sound_but("applications.new_received = 58 7 0 0 blank 1 66"),
            &[],
            &["applications.balance 1", "applications.row_total 1"],
        );
        // It can't make up for a sum that is too large already.
        check(
            &sound_but("applications.new_received = 58 7 0 0 blank 1 60"),
            &["applications.row_total new_received.total - 60", "applications.balance outcome_total.total 54 60"],
            &["applications.balance 1"],
        );
        for gap in ["dash", "none", "text", "missing"] {
            let rows = format!("applications.new_received = 58 7 0 0 {gap} 1 60");
            check(
                &sound_but(&rows),
                &["applications.balance outcome_total.total 54 60"],
                &["applications.balance 1", "applications.row_total 1"],
            );
        }
        // A table that is not there has been missed already.
        check("applications = none\nreview_litigation.reconsideration = 1 0 0 0 1", &[], &[]);
    }

    #[test]
    fn counts() {
        check(
            "article_20_5.administrative_licensing = 1.5",
            &["figure.whole administrative_licensing.decisions - 1.5"],
            &[],
        );
        check(
            "article_20_5.administrative_licensing = -1",
            &["figure.whole administrative_licensing.decisions - -1"],
            &[],
        );
        check("article_20_5.administrative_licensing = blank", &[], &[]);
        check("article_20_8.administrative_fees = 59237.2449", &[], &[]);
        check("article_20_8.administrative_fees = -0.5", &["figure.whole administrative_fees.amount - -0.5"], &[]);
        let check_2019 = |figures: &str, findings: &[&str]| check_form("gid-2019", "青石县", figures, findings, &[]);
        check_2019("article_20_5.administrative_licensing = 40 -3 120", &[]);
        check_2019("article_20_8.administrative_fees = 4 -1.5", &["figure.whole administrative_fees.change - -1.5"]);
        check_2019("article_20_9.government_procurement = 3 8040.25", &[]);
    }

    #[test]
    fn decisions_that_are_a_stock() {
        let check_2019 = |figures: &str, findings: &[&str]| check_form("gid-2019", "青石县", figures, findings, &[]);
        check_2019(
            "article_20_5.administrative_licensing = 5378 1558 6936",
            &["hint.decisions_as_stock administrative_licensing.decisions - 6936"],
        );
        check_2019(
            "article_20_6.administrative_penalty = 1215 -35 1180",
            &["hint.decisions_as_stock administrative_penalty.decisions - 1180"],
        );
        check_2019("article_20_5.administrative_licensing = 5378 0 5378", &[]);
        check_2019("article_20_5.administrative_licensing = 5378 1558 12", &[]);
        // What a change is that is not given, nobody knows.
        check_form(
            "gid-2019",
            "青石县",
            "article_20_5.administrative_licensing = 5378 blank 5378",
            &[],
            &["hint.decisions_as_stock 1"],
        );
    }

    #[test]
    fn who_can_make_rules() {
        let found = "regulations.competence regulations.in_force 0 6";
        for (issuer, said) in [
            ("鲁山县下汤镇", true),
            ("下汤镇人民政府", true),
            ("七里乡", true),
            ("南屏鄉人民政府", true),
            ("白石街道办事处", true),
            ("石家庄市中山街道", true),
            ("鲁山县教育局", true),
            ("沈阳市和平区住房和城乡建设局", true),
            ("鄂托克旗财政局", true),
            ("广西壮族自治区南宁市青秀区教育局", true),
            ("鲁山县", false),
            ("鲁山县人民政府", false),
            ("浦东新区人民政府办公室", false),
            ("镇江市", false),
            ("新乡市人民政府", false),
            ("宿迁市住房和城乡建设局", false),
            ("广西壮族自治区林业局", false),
            ("内蒙古自治区", false),
            ("上海市人民政府", false),
            ("国家统计局", false),
        ] {
            let findings: &[&str] = if said { &[found] } else { &[] };
            check_form("gid-2021", issuer, "article_20_1.regulations = 0 0 6", findings, &[]);
        }
        let several = "regulations.competence regulations.issued 0 2";
        check_form("gid-2021", "七里乡", "article_20_1.regulations = 2 0 6", &[several], &[]);
        check_form("gid-2021", "七里乡", "article_20_1.regulations = blank 0 6", &[found], &[]);
        check_form("gid-2021", "七里乡", "article_20_1.regulations = 0 0 blank", &[], &["regulations.competence 1"]);
        check_form("gid-2021", "青石县", "article_20_1.regulations = 0 0 blank", &[], &[]);
    }

    #[test]
    fn reviews_without_applications() {
        let reviews =
            "review_litigation.reconsideration = 2 0 0 0 2\nreview_litigation.litigation_direct = 0 0 1 0 1\n";
        check(reviews, &["review_litigation.without_applications -.- 0 3"], &[]);
        check(
            "review_litigation.litigation_direct = 0 0 1 0 1",
            &["review_litigation.without_applications litigation_direct.total 0 1"],
            &[],
        );
        check(&(SOUND.to_owned() + reviews), &[], &[]);
    }
}
