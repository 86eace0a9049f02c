//! What the prose of a report says of quantities, as JSON.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::json::{Number, Page};
use crate::render::cell_id;
use crate::report::Statement;

pub(super) struct Statements<'p>(pub(super) &'p Page<'p>);

impl Serialize for Statements<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let statements = self.0.report.statements.iter();
        serializer.collect_seq(statements.map(|statement| StatementOut { page: self.0, statement }))
    }
}

struct StatementOut<'p> {
    page: &'p Page<'p>,
    statement: &'p Statement,
}

impl Serialize for StatementOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let StatementOut { page, statement } = self;
        let rule = page.grammar.and_then(|grammar| grammar.rules.get(usize::from(statement.rule)));
        let rule = rule.map_or("", |rule| &rule.id);
        let cells = statement.cells.iter().filter_map(|cell| page.grammar.and_then(|grammar| cell_id(grammar, *cell)));
        let parts: Vec<Number> = statement.parts.iter().map(|part| Number(Some(part.value))).collect();
        let mut map = serializer.serialize_struct("Statement", 12)?;
        map.serialize_field("rule", rule)?;
        map.serialize_field("subject", rule.strip_prefix("statement.").unwrap_or(rule))?;
        map.serialize_field("figure", &Number(Some(statement.value)))?;
        map.serialize_field("unit", &statement.unit)?;
        map.serialize_field("text", &page.text(statement.span))?;
        map.serialize_field("line", &page.lines.line(statement.span.start))?;
        map.serialize_field("start", &statement.span.start)?;
        map.serialize_field("end", &statement.span.end)?;
        map.serialize_field("cells", &cells.collect::<Vec<String>>())?;
        if parts.is_empty() {
            map.skip_field("parts")?;
        } else {
            map.serialize_field("parts", &parts)?;
        }
        map.serialize_field("result", statement.agreement.name())?;
        map.serialize_field("reason", &statement.agreement.doubt().map(|doubt| doubt.name()))?;
        map.end()
    }
}
