//! The codebook: every cell of every form, by its names, with the form's own labels and units.
//!
//! In: grammars. Out: a [`Codebook`]. A cell that several forms have is one cell here, with an entry for each form: so a sum over
//! editions asks for one cell, and what it is called in each of them stands in the entries.

use std::collections::HashMap;

use crate::grammar::{Grammar, Grammars, TableForm};
use crate::report::{CellId, ColumnId, RowId};

/// The cells of several forms.
#[derive(Clone, Debug, Default)]
pub struct Codebook {
    /// All cells: table, row, column. Their positions here are what [`Codebook::cell`] gives.
    pub names: Vec<[String; 3]>,
    /// What each form says of each of its cells, in the forms' order.
    pub entries: Vec<Entry>,
    /// For each grammar and table, the positions of its cells, row by row, and how many columns there are.
    places: Vec<Vec<(Vec<u32>, usize)>>,
}

/// What one form says of one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The id of the grammar.
    pub grammar: String,
    /// The cell, by its position among the names.
    pub cell: u32,
    /// Where it stands in the form, from 1.
    pub ordinal: u32,
    /// The caption of the table.
    pub table_label: String,
    /// The label of the row, behind those of its groups.
    pub row_label: String,
    /// The head of the column.
    pub column_label: String,
    /// The unit of the figures, where the form gives one.
    pub unit: Option<&'static str>,
}

impl Codebook {
    /// The codebook of these grammars.
    pub fn of(grammars: &Grammars) -> Codebook {
        let mut codebook = Codebook::default();
        let mut known = HashMap::new();
        for grammar in grammars.list() {
            let first = codebook.entries.len();
            let places = grammar.tables.iter().map(|table| codebook.add(grammar, table, first, &mut known)).collect();
            codebook.places.push(places);
        }
        codebook
    }

    /// Adds a table; the entries of its grammar begin at `first`.
    fn add(
        &mut self,
        grammar: &Grammar,
        table: &TableForm,
        first: usize,
        known: &mut HashMap<[String; 3], u32>,
    ) -> (Vec<u32>, usize) {
        let mut places = Vec::with_capacity(table.rows.len() * table.columns.len());
        let table_label = table.captions.first().map_or(String::new(), |label| label.shown.clone());
        for row in &table.rows {
            let row_label = row.label();
            for column in &table.columns {
                let name = [table.id.clone(), row.id.clone(), column.id.clone()];
                let next = self.names.len() as u32;
                let cell = *known.entry(name).or_insert_with_key(|name| {
                    self.names.push(name.clone());
                    next
                });
                let ordinal = 1 + (self.entries.len() - first) as u32;
                self.entries.push(Entry {
                    grammar: grammar.id.clone(),
                    cell,
                    ordinal,
                    table_label: table_label.clone(),
                    row_label: row_label.clone(),
                    column_label: column.label().to_owned(),
                    unit: column.unit.map(|unit| unit.name),
                });
                places.push(cell);
            }
        }
        (places, table.columns.len())
    }

    /// The cell's position among the names; `grammar` is the position of its grammar.
    pub fn cell(&self, grammar: usize, id: CellId) -> Option<u32> {
        let CellId { table, row, column }: CellId = id;
        let (places, columns) = self.places.get(grammar)?.get(usize::from(table))?;
        let (row, column): (RowId, ColumnId) = (row, column);
        if usize::from(column) >= *columns {
            return None;
        }
        places.get(usize::from(row) * columns + usize::from(column)).copied()
    }

    /// The codebook as a table: a line of heads, then one line a form and cell, tabs between the columns.
    pub fn to_tsv(&self) -> String {
        let mut out = "grammar\ttable_id\trow_id\tcolumn_id\ttable_label\trow_label\tcolumn_label\tunit\n".to_owned();
        for entry in &self.entries {
            let [table, row, column] = &self.names[entry.cell as usize];
            let Entry { grammar, table_label, row_label, column_label, unit, .. } = entry;
            let fields = [grammar, table, row, column, table_label, row_label, column_label, unit.unwrap_or_default()];
            for (index, field) in fields.into_iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "\t" });
                // A label of a user's own may hold anything.
                out.extend(field.chars().map(|c| if c.is_control() { ' ' } else { c }));
            }
            out.push('\n');
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_found_by_its_names() {
        let grammars = Grammars::built_in();
        let codebook = Codebook::of(&grammars);
        let mut entries = codebook.entries.iter();
        for (index, grammar) in grammars.list().iter().enumerate() {
            for (table_id, table) in grammar.tables.iter().enumerate() {
                for (row_id, row) in table.rows.iter().enumerate() {
                    for (column_id, column) in table.columns.iter().enumerate() {
                        let id = CellId { table: table_id as u16, row: row_id as u16, column: column_id as u16 };
                        let cell = codebook.cell(index, id).expect("a cell of the form");
                        assert_eq!(codebook.names[cell as usize], [&*table.id, &*row.id, &*column.id]);
                        assert_eq!(entries.next().map(|entry| entry.cell), Some(cell));
                    }
                }
            }
        }
        assert!(codebook.names.len() < codebook.entries.len(), "what both forms have is one cell");
        assert_eq!(codebook.cell(0, CellId { table: 99, row: 0, column: 0 }), None);
        assert_eq!(codebook.cell(0, CellId { table: 0, row: 0, column: 99 }), None);
    }

    #[test]
    fn as_a_table() {
        let tsv = Codebook::of(&Grammars::built_in()).to_tsv();
        let granted = tsv.lines().find(|line| line.starts_with("gid-2021\tapplications\tgranted\ttotal\t"));
        assert!(granted.is_some_and(|line| line.contains("予以公开") && line.ends_with("总计\t件")), "{granted:?}");
        assert!(tsv.lines().all(|line| line.split('\t').count() == 8));
    }
}
