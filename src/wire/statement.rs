//! What the prose of a report says of quantities, as JSON.

use super::json::{Page, each};
use super::writer::Writer;
use crate::render::cell_ids;
use crate::report::Statement;

pub(super) fn statement(page: &Page<'_>, statement: &Statement, to: &mut Writer<'_>) {
    let rule = page.grammar.and_then(|grammar| grammar.rules.get(usize::from(statement.rule)));
    let rule = rule.map_or("", |rule| &rule.id);
    to.object(|to| {
        to.key("rule");
        to.string(rule);
        to.key("subject");
        to.string(rule.strip_prefix("statement.").unwrap_or(rule));
        to.key("figure");
        to.decimal(Some(statement.value));
        to.key("unit");
        to.optional_string(statement.unit);
        to.key("text");
        to.clean_string(&page.text(statement.span));
        to.key("line");
        to.integer(page.lines.line(statement.span.start));
        to.key("start");
        to.integer(statement.span.start);
        to.key("end");
        to.integer(statement.span.end);
        to.key("cells");
        to.array(|to| {
            for cell in &statement.cells {
                if let Some(ids) = page.grammar.and_then(|grammar| cell_ids(grammar, *cell)) {
                    to.element();
                    to.dotted(ids);
                }
            }
        });
        if !statement.parts.is_empty() {
            to.key("parts");
            each(&statement.parts, to, |part, to| to.decimal(Some(part.value)));
        }
        to.key("result");
        to.word(statement.agreement.name());
        to.key("reason");
        to.optional_word(statement.agreement.doubt().map(|doubt| doubt.name()));
    });
}
