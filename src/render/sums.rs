//! Sums written out: `66 (58 + 8)`, with the figures that matter and not one more.

use super::Lang;
use crate::report::{Decimal, Side, Term};

/// So many terms of a sum are written; of a longer one the first of them.
const MOST_TERMS: usize = 7;

/// What a side comes to, and of what: `66 (58 + 8)`; `66` where it is one figure; `at least 7 (4 + 3 + blank)` where a blank
/// leaves it open.
pub(super) fn side(side: &Side, lang: Lang) -> String {
    let value = value(side, lang);
    match terms(side, lang) {
        Some(terms) if lang == Lang::Zh => format!("{value}（{terms}）"),
        Some(terms) => format!("{value} ({terms})"),
        None => value,
    }
}

/// What a side comes to.
pub(super) fn value(side: &Side, lang: Lang) -> String {
    match (side.value, least(&side.terms), lang) {
        (Some(value), ..) => value.to_string(),
        (None, Some(least), Lang::En) => format!("at least {least}"),
        (None, Some(least), Lang::Zh) => format!("至少 {least}"),
        (None, None, Lang::En) => "not known".to_owned(),
        (None, None, Lang::Zh) => "不详".to_owned(),
    }
}

/// The terms of a side: all of two; of more only those that are not 0. None where they would say no more than their sum.
pub(super) fn terms(side: &Side, lang: Lang) -> Option<String> {
    let all = &side.terms;
    let matter: Vec<&Term> = all.iter().filter(|term| all.len() == 2 || !is_zero(term)).collect();
    if matter.len() < 2 && matter.iter().all(|term| term.times == 1 && term.value.is_some()) {
        return None;
    }
    let mut written = String::new();
    for term in matter.iter().take(MOST_TERMS) {
        let sign = match (written.is_empty(), term.times < 0) {
            (true, false) => "",
            (true, true) => "-",
            (false, false) => " + ",
            (false, true) => " - ",
        };
        written.push_str(sign);
        if term.times.unsigned_abs() != 1 {
            written.push_str(&format!("{} × ", term.times.unsigned_abs()));
        }
        match term.value {
            Some(value) if value.is_negative() && !sign.is_empty() => written.push_str(&format!("({value})")),
            Some(value) => written.push_str(&value.to_string()),
            None => written.push_str(if lang == Lang::Zh { "空白" } else { "blank" }),
        }
    }
    match (matter.len().saturating_sub(MOST_TERMS), lang) {
        (0, _) => {}
        (more, Lang::En) => written.push_str(&format!(" + … {more} more")),
        (more, Lang::Zh) => written.push_str(&format!(" + … 另 {more} 项")),
    }
    Some(written)
}

fn is_zero(term: &Term) -> bool {
    term.value.is_some_and(Decimal::is_zero)
}

/// The sum of the known figures, where no term is taken off: blanks can only add to it.
fn least(terms: &[Term]) -> Option<Decimal> {
    terms.iter().try_fold(Decimal::ZERO, |sum, term| match term.value {
        _ if term.times < 0 => None,
        Some(value) => sum.plus(value.times(term.times)?),
        None => Some(sum),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(terms: &[(i64, Option<i64>)], english: &str, chinese: &str) {
        let terms: Vec<Term> = terms
            .iter()
            .map(|(times, value)| Term { times: *times, cell: None, last: false, value: value.map(Decimal::from) })
            .collect();
        let value = terms.iter().try_fold(Decimal::ZERO, |sum, term| sum.plus(term.value?.times(term.times)?));
        let sum = Side { terms, value };
        assert_eq!(side(&sum, Lang::En), english);
        assert_eq!(side(&sum, Lang::Zh), chinese);
    }

    #[test]
    fn sums() {
        let some = |value| (1, Some(value));
        check(&[some(66)], "66", "66");
        check(&[some(58), some(8)], "66 (58 + 8)", "66（58 + 8）");
        check(&[some(64), some(0)], "64 (64 + 0)", "64（64 + 0）");
        check(&[some(58), some(7), some(0), some(0)], "65 (58 + 7)", "65（58 + 7）");
        check(&[some(58), some(0), some(0)], "58", "58");
        check(&[some(0), some(0), some(0)], "0", "0");
        check(&[], "0", "0");
        check(&[some(4), some(3), (1, None)], "at least 7 (4 + 3 + blank)", "至少 7（4 + 3 + 空白）");
        check(&[some(597), some(50), (-1, Some(227))], "420 (597 + 50 - 227)", "420（597 + 50 - 227）");
        check(&[some(10), some(-3)], "7 (10 + (-3))", "7（10 + (-3)）");
        check(&[(3, Some(4))], "12 (3 × 4)", "12（3 × 4）");
        check(&[(-1, None), some(4)], "not known (-blank + 4)", "不详（-空白 + 4）");
        let many: Vec<_> = (1..=10).map(some).collect();
        check(&many, "55 (1 + 2 + 3 + 4 + 5 + 6 + 7 + … 3 more)", "55（1 + 2 + 3 + 4 + 5 + 6 + 7 + … 另 3 项）");
    }
}
