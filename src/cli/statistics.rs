//! How often each rule was broken: a table, the most frequent first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use crate::render::{Diagnostic, Lang, severity};
use crate::report::{Code, Severity};

/// The counts so far.
#[derive(Default)]
pub(super) struct Statistics(BTreeMap<(Code, Option<String>), Row>);

struct Row {
    count: u64,
    severity: Severity,
    meaning: String,
}

impl Statistics {
    /// Counts a finding.
    pub(super) fn add(&mut self, diagnostic: &Diagnostic) {
        let rule = diagnostic.rule.as_ref();
        let row = self.0.entry((diagnostic.code, rule.map(|rule| rule.id.clone()))).or_insert_with(|| Row {
            count: 0,
            severity: diagnostic.severity,
            meaning: diagnostic.meaning().to_owned(),
        });
        row.count += 1;
    }

    /// The table, with a line end behind each row; empty where nothing was counted.
    pub(super) fn table(&self, lang: Lang) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let head = match lang {
            Lang::En => ["count", "code", "severity", "rule", "meaning"],
            Lang::Zh => ["数量", "代码", "程度", "规则", "含义"],
        };
        let mut counted: Vec<_> = self.0.iter().collect();
        // Stable: those of one count stay in the order of their codes.
        counted.sort_by_key(|(_, row)| Reverse(row.count));
        let mut rows: Vec<[String; 5]> = vec![head.map(str::to_owned)];
        for ((code, rule), row) in counted {
            let rule = rule.clone().unwrap_or_else(|| "-".to_owned());
            let severity = severity(row.severity, lang).to_owned();
            rows.push([row.count.to_string(), code.to_string(), severity, rule, row.meaning.clone()]);
        }
        let width = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
        let widths = [width(0), width(1), width(2), width(3)];
        let mut table = String::new();
        for row in &rows {
            let [count, code, severity, rule, meaning] = row;
            let blanks = |column: usize, words: &str| " ".repeat(widths[column].saturating_sub(words.width()));
            table.push_str(&blanks(0, count));
            table.push_str(count);
            for (column, words) in [(1, code), (2, severity), (3, rule)] {
                table.push_str(&format!("  {words}{}", blanks(column, words)));
            }
            table.push_str(&format!("  {meaning}\n"));
        }
        table
    }
}
