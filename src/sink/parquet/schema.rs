//! The files of the folder: their columns, how they are stored, and what stands in their metadata.
//!
//! The columns are those of the relational model. Cells have their names in words, as the view `cells` of the SQL databases
//! shows them; so there is no table of the numbers of cells. What a column means stands in the metadata of the file
//! (`gongkai.column.NAME`), with what a row is (`gongkai.table`) and the version of the tables (`gongkai.tables`).

use std::collections::HashMap;
use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use crate::wire::relations::{Relation, TABLES, Type, VERSION};

/// The digits of a decimal, and how many of them stand behind the point.
pub(super) const DIGITS: u8 = 38;
pub(super) const PLACES: u8 = 10;

/// The key of the version of the tables.
pub(super) const VERSION_KEY: &str = "gongkai.tables";

/// The tables that are files, by their names.
pub(super) const FILES: [&str; 7] = ["loads", "codebook", "reports", "cells", "sections", "statements", "findings"];

/// How many rows a row group has at most. Readers take row groups side by side, and pass over those that can't have what is asked for.
const GROUP_ROWS: usize = 1 << 18;

/// How many bytes a row group has at most, about: it is held in memory until it is whole.
const GROUP_BYTES: usize = 16 << 20;

/// The columns of `cells`, and the tables whose columns they are.
const CELLS: [(&str, &str); 11] = [
    ("report_id", "cell_values"),
    ("table_id", "cell_names"),
    ("row_id", "cell_names"),
    ("column_id", "cell_names"),
    ("value", "cell_values"),
    ("kind", "cell_values"),
    ("raw", "cell_values"),
    ("line", "cell_values"),
    ("start_offset", "cell_values"),
    ("end_offset", "cell_values"),
    ("unit", "cell_values"),
];

/// What a file holds.
pub(super) struct Table {
    pub(super) name: &'static str,
    comment: &'static str,
    pub(super) columns: Vec<Column>,
}

/// A column of it.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Type,
    optional: bool,
    comment: &'static str,
}

/// The table of that name, one of [`FILES`].
pub(super) fn table(name: &'static str) -> Table {
    if name == "cells" {
        let columns = CELLS.iter().filter_map(|(name, of)| column(of, name)).map(cell_column).collect();
        return Table {
            name,
            comment: "One row a report and cell of its tables: the figure, or why there is none.",
            columns,
        };
    }
    let Some(relation) = relation(name) else { return Table { name, comment: "", columns: Vec::new() } };
    // The number of a cell points to a table that is no file.
    let columns = relation.columns.iter().filter(|column| column.name != "cell_id").map(own_column).collect();
    Table { name, comment: relation.comment, columns }
}

fn relation(name: &str) -> Option<&'static Relation> {
    TABLES.iter().find(|table| table.name == name)
}

fn column(table: &str, name: &str) -> Option<Column> {
    relation(table)?.columns.iter().find(|column| column.name == name).map(own_column)
}

fn own_column(column: &crate::wire::relations::Column) -> Column {
    let crate::wire::relations::Column { name, kind, optional, comment, .. } = *column;
    // What a statement says may be too large for the column, too.
    Column { name, kind, optional: optional || kind == Type::Decimal, comment }
}

/// The columns that the view `cells` shows otherwise than the table has them.
fn cell_column(column: Column) -> Column {
    match column.name {
        "kind" => Column {
            kind: Type::Word,
            comment: "number, blank, dash, none (无), text (something else stands there), missing (no cell at all).",
            ..column
        },
        "raw" => Column { comment: "The cell as it stands on the page.", ..column },
        _ => column,
    }
}

impl Table {
    /// Its columns, as Arrow has them.
    pub(super) fn schema(&self) -> SchemaRef {
        let field = |column: &Column| {
            let comment = HashMap::from([("comment".to_owned(), column.comment.to_owned())]);
            Field::new(column.name, data_type(column.kind), column.optional).with_metadata(comment)
        };
        Arc::new(Schema::new(self.columns.iter().map(field).collect::<Vec<_>>()))
    }

    /// How it is written.
    pub(super) fn properties(&self) -> WriterProperties {
        let entry = |key: String, value: &str| KeyValue::new(key, value.to_owned());
        let mut metadata = vec![entry(VERSION_KEY.to_owned(), &VERSION.to_string())];
        metadata.push(entry("gongkai.table".to_owned(), self.comment));
        let columns =
            self.columns.iter().map(|column| entry(format!("gongkai.column.{}", column.name), column.comment));
        metadata.extend(columns);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_max_row_group_bytes(Some(GROUP_BYTES))
            .set_key_value_metadata(Some(metadata));
        self.columns.iter().fold(properties, stored).build()
    }
}

/// Few values are kept once each. Texts that are hardly ever the same twice are not looked up first; places grow from row to row.
fn stored(properties: WriterPropertiesBuilder, column: &Column) -> WriterPropertiesBuilder {
    let path = ColumnPath::from(column.name);
    match (column.name, column.kind) {
        ("line" | "start_offset" | "end_offset", _) => properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED),
        ("path" | "sha256" | "name_key" | "text", _) => properties.set_column_dictionary_enabled(path, false),
        _ => properties,
    }
}

fn data_type(kind: Type) -> DataType {
    match kind {
        Type::Integer | Type::Small => DataType::Int32,
        Type::Long => DataType::Int64,
        Type::Decimal => DataType::Decimal128(DIGITS, PLACES as i8),
        Type::Text => DataType::Utf8,
        Type::Word => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        Type::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_its_columns() {
        for name in FILES {
            let table = table(name);
            assert!(!table.comment.is_empty() && !table.columns.is_empty(), "{name}");
            assert!(table.columns.iter().all(|column| !column.comment.is_empty()), "{name}");
            assert!(table.columns.iter().all(|column| column.kind != Type::Small), "{name}");
        }
        assert_eq!(table("cells").columns.len(), CELLS.len());
    }
}
