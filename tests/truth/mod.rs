//! A report against the truth that the generator told beside its page.

use gongkai::grammar::Grammars;
use gongkai::report::Report;
use gongkai_corpus::Truth;

/// What differs, in words; nothing where the report is right. A table that was not found counts as one of missing cells.
pub fn differences(report: &Report<'_>, grammars: &Grammars, truth: &Truth) -> Vec<String> {
    let mut found = Vec::new();
    let mut differ = |what: &str, read: String, right: String| {
        if read != right {
            found.push(format!("{what}: {read}, right is {right}"));
        }
    };
    let grammar = report.grammar.map(|index| &grammars.list()[index]);
    differ(
        "grammar",
        format!("{:?}", grammar.map(|grammar| grammar.id.as_str())),
        format!("{:?}", Some(truth.grammar)),
    );
    differ("issuer", format!("{:?}", report.issuer), format!("{:?}", truth.issuer));
    differ("year", format!("{:?}", report.year), format!("{:?}", truth.year));
    differ("status", report.status.name().to_owned(), truth.status.to_owned());
    let Some(grammar) = grammar else { return found };
    let sections: Vec<&str> =
        report.sections.iter().map(|section| grammar.sections[usize::from(section.id)].id.as_str()).collect();
    // The generator calls one section by a shorter name.
    let right: Vec<&str> =
        truth.sections.iter().map(|id| if *id == "problems" { "problems_improvements" } else { id }).collect();
    differ("sections", format!("{sections:?}"), format!("{right:?}"));

    let mut read = std::collections::BTreeMap::new();
    for table in &report.tables {
        let form = &grammar.tables[usize::from(table.id)];
        for cell in &table.cells {
            let (row, column) = (&form.rows[usize::from(cell.row)].id, &form.columns[usize::from(cell.column)].id);
            let number = cell.value.number().map(|number| number.to_string());
            read.insert(
                (form.id.as_str(), row.as_str(), column.as_str()),
                number.unwrap_or_else(|| cell.value.kind().to_owned()),
            );
        }
    }
    for fact in &truth.facts {
        let right = fact.value.clone().unwrap_or_else(|| fact.kind.to_owned());
        let cell = read.remove(&(fact.table, fact.row, fact.column)).unwrap_or_else(|| "missing".to_owned());
        differ(&format!("{}.{}.{}", fact.table, fact.row, fact.column), cell, right);
    }
    for ((table, row, column), cell) in read {
        differ(&format!("{table}.{row}.{column}"), cell, "missing".to_owned());
    }
    found
}
