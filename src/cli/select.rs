//! Which findings are shown: `--select`, `--ignore`, `--severity`.
//!
//! A name is a code or the beginning of one (`GK201`, `GK2`), or the id of a rule, in which `*` stands for any letters
//! (`statement.*`). A name that fits no code and no rule is a mistake, and said to be one.

use super::failure::Failure;
use crate::grammar::{Grammar, Grammars};
use crate::report::{Code, Finding, Severity};

/// What is shown.
#[derive(Debug)]
pub(super) struct Selection {
    select: Vec<Name>,
    ignore: Vec<Name>,
    least: Severity,
}

#[derive(Debug)]
enum Name {
    /// The beginning of a code.
    Code(String),
    /// The pieces of a rule's id between the stars.
    Rule(Vec<String>),
}

impl Selection {
    /// Reads the names and holds them against what there is.
    pub(super) fn new(
        select: &[String],
        ignore: &[String],
        least: Severity,
        grammars: &Grammars,
    ) -> Result<Selection, Failure> {
        let names = |given: &[String]| -> Result<Vec<Name>, Failure> {
            let given = given.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
            given.map(|given| name(given, grammars)).collect()
        };
        Ok(Selection { select: names(select)?, ignore: names(ignore)?, least })
    }

    /// Whether a finding is shown. What is ignored is not, whatever else is selected.
    pub(super) fn shows(&self, finding: &Finding, grammar: Option<&Grammar>) -> bool {
        let rule = grammar.zip(finding.rule).and_then(|(grammar, id)| grammar.rules.get(usize::from(id)));
        let fits = |name: &Name| name.fits(finding.code, rule.map(|rule| rule.id.as_str()));
        finding.severity >= self.least
            && (self.select.is_empty() || self.select.iter().any(fits))
            && !self.ignore.iter().any(fits)
    }
}

fn name(given: &str, grammars: &Grammars) -> Result<Name, Failure> {
    let code = Name::Code(given.to_uppercase());
    if Code::ALL.iter().any(|known| code.fits(*known, None)) {
        return Ok(code);
    }
    let rule = Name::Rule(given.split('*').map(str::to_owned).collect());
    let mut ids = grammars.list().iter().flat_map(|grammar| &grammar.rules).map(|rule| rule.id.as_str());
    if ids.any(|id| rule.fits(Code::RuleBroken, Some(id))) {
        return Ok(rule);
    }
    Err(Failure::NoSuchRule(given.to_owned()))
}

impl Name {
    fn fits(&self, code: Code, rule: Option<&str>) -> bool {
        match self {
            Name::Code(beginning) => code.to_string().starts_with(beginning),
            Name::Rule(pieces) => rule.is_some_and(|rule| fits(pieces, rule)),
        }
    }
}

/// Whether the pieces stand in the id in order, the first at its beginning and the last at its end.
fn fits(pieces: &[String], id: &str) -> bool {
    let Some((first, others)) = pieces.split_first() else { return false };
    let Some(mut rest) = id.strip_prefix(first.as_str()) else { return false };
    let Some((last, middle)) = others.split_last() else { return rest.is_empty() };
    for piece in middle {
        let Some(at) = rest.find(piece.as_str()) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, id: &str, expected: bool) {
        let pieces: Vec<String> = name.split('*').map(str::to_owned).collect();
        assert_eq!(fits(&pieces, id), expected, "{name} {id}");
    }

    #[test]
    fn stars() {
        check("applications.balance", "applications.balance", true);
        check("applications", "applications.balance", false);
        check("applications.*", "applications.balance", true);
        check("*.row_total", "review_litigation.row_total", true);
        check("*", "series.jump", true);
        check("s*.c*d", "series.carried", true);
        check("a*a", "a", false);
        check("statement.*", "series.jump", false);
    }

    #[test]
    fn codes() {
        let grammars = Grammars::built_in();
        let shows = |select: &[&str], ignore: &[&str], least| {
            let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
            let selection = Selection::new(&names(select), &names(ignore), least, &grammars).expect("known names");
            let shows = |code: &&Code| selection.shows(&Finding::new(**code), None);
            Code::ALL.iter().filter(shows).map(Code::to_string).collect::<Vec<_>>()
        };
        assert_eq!(shows(&["gk20"], &["GK200", "GK203"], Severity::Warning), ["GK201", "GK202", "GK204", "GK205"]);
        assert_eq!(shows(&[], &["GK1", "GK2", "GK33", "GK34", "GK4"], Severity::Warning).len(), 5);
        assert_eq!(shows(&[""], &[], Severity::Note).len(), Code::ALL.len());
        assert!(Selection::new(&["GK9".to_owned()], &[], Severity::Note, &grammars).is_err());
    }
}
