//! What is said of a page, as rules with the cell where each shows, and what the generator expects, in the same terms.

use gongkai::grammar::Grammar;
use gongkai::report::Finding;
use gongkai_corpus::Broken;

/// A rule, and the table, row and column where it is said not to hold.
pub type Said = (String, Option<String>, Option<String>, Option<String>);

pub fn of_finding(finding: &Finding, grammar: &Grammar) -> Said {
    let rule = finding.rule.map_or("no rule", |rule| grammar.rules[usize::from(rule)].id.as_str());
    let table = finding.table.map(|table| &grammar.tables[usize::from(table)]);
    let row = table.zip(finding.row).map(|(table, row)| table.rows[usize::from(row)].id.clone());
    let column = table.zip(finding.column).map(|(table, column)| table.columns[usize::from(column)].id.clone());
    (rule.to_owned(), table.map(|table| table.id.clone()), row, column)
}

pub fn expected(broken: &[Broken]) -> Vec<Said> {
    let owned = |name: Option<&str>| name.map(str::to_owned);
    let mut expected: Vec<Said> =
        broken.iter().map(|one| (one.rule.to_owned(), owned(one.table), owned(one.row), owned(one.column))).collect();
    expected.sort_unstable();
    expected
}
