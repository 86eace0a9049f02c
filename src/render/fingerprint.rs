//! What tells a finding from others when its page has been saved anew, with other blanks, line ends, width or encoding.
//!
//! In: a finding and what its page says of itself. Out: 16 hexadecimal digits. No place on the page goes into them.

use sha2::{Digest, Sha256};

use super::Page;
use crate::grammar::Kind;
use crate::report::Finding;
use crate::text::{Punctuation, clean_with, key};

/// The fingerprint of a finding. `words` are those of the statement in prose that it speaks of.
pub(super) fn fingerprint(finding: &Finding, page: &Page<'_>, words: Option<&str>) -> String {
    let mut hash = Sha256::new();
    let mut add = |part: &str| {
        hash.update(part.as_bytes());
        hash.update([0x1F]);
    };
    // A report is known by body and year, wherever it lies; one that does not say them by its path.
    match (page.issuer, page.year) {
        (Some(issuer), Some(year)) => {
            add(&key(issuer));
            add(&year.to_string());
        }
        _ => {
            add(page.path);
            add(page.record.unwrap_or_default());
        }
    }
    add(&finding.code.to_string());
    let grammar = page.grammar;
    let rule = grammar.zip(finding.rule).and_then(|(grammar, id)| grammar.rules.get(usize::from(id)));
    add(rule.map_or("", |rule| &rule.id));
    let form = grammar.zip(finding.table).and_then(|(grammar, id)| grammar.tables.get(usize::from(id)));
    add(form.map_or("", |form| &form.id));
    let row = form.zip(finding.row).and_then(|(form, id)| form.rows.get(usize::from(id)));
    add(row.map_or("", |row| &row.id));
    let column = form.zip(finding.column).and_then(|(form, id)| form.columns.get(usize::from(id)));
    add(column.map_or("", |column| &column.id));
    let section = grammar.zip(finding.section).and_then(|(grammar, id)| grammar.sections.get(usize::from(id)));
    add(section.map_or("", |section| &section.id));
    add(&folded(finding.expected.as_deref()));
    add(&folded(finding.found.as_deref()));
    let in_prose = rule.is_some_and(|rule| matches!(rule.kind, Kind::TextAndTable | Kind::InText));
    add(&words.filter(|_| in_prose).map(key).unwrap_or_default());
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A figure or words without what a new saving changes: width, and blanks.
fn folded(words: Option<&str>) -> String {
    let Some(words) = words else { return String::new() };
    clean_with(words, Punctuation::Ascii).split_whitespace().collect()
}
