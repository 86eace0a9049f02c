//! The tables of a form, as its grammar file describes them: columns, rows, and how reports spell them.

use std::ops::Range;

use super::load::{Words, labels, optional_labels, unique_id};
use super::read::{Keys, Reader};
use super::{ColumnForm, Label, RowForm, Spellings, TableForm, Vocabulary};
use crate::layout::{numbering, unit};
use crate::report::{ColumnId, RowId, SectionId};

/// Reads one `[[section.table]]`; `tables` are those before it.
pub(super) fn table(
    reader: &mut Reader<'_>,
    mut keys: Keys<'_, '_>,
    words: &Words,
    section: SectionId,
    tables: &[TableForm],
) -> Option<TableForm> {
    let span = keys.span();
    let id = unique_id(reader, &mut keys, tables.iter().map(|table| &table.id), "table");
    let captions = optional_labels(reader, &mut keys, "caption", words);
    let header = optional_labels(reader, &mut keys, "header", words);
    let side_by_side = reader.bool(&mut keys, "side_by_side");
    let mut columns = Vec::new();
    for column_keys in reader.tables(&mut keys, "columns") {
        column(reader, column_keys, words, &mut columns);
    }
    let mut rows = Vec::new();
    let mut replaced = Vec::new();
    for row_keys in reader.tables(&mut keys, "rows") {
        row(reader, row_keys, words, &mut rows, &mut replaced);
    }
    reader.close(keys);
    for (what, empty) in [("columns", columns.is_empty()), ("rows", rows.is_empty())] {
        if empty {
            reader.mistake(
                span.clone(),
                format!("the table has no {what}: add `{what} = [{{ id = \"…\", label = [\"…\"] }}]`"),
            );
        }
    }
    resolve_replaced(reader, &mut rows, replaced);
    let vocabulary = vocabulary(&captions, &header, &columns, &rows);
    let groups = Vocabulary::of(rows.iter().flat_map(|row| &row.group));
    let row_spellings = row_spellings(&rows);
    let head_spellings = head_spellings(&captions, &header, &columns, if side_by_side { &rows } else { &[] });
    Some(TableForm {
        id: id?,
        section,
        captions,
        header,
        side_by_side,
        columns,
        rows,
        vocabulary,
        groups,
        row_spellings,
        head_spellings,
    })
}

/// What a word of a table's header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HeadWord {
    Caption,
    Head,
    /// The head over several columns.
    Under,
    Column(ColumnId),
    /// The label of a row, where rows stand side by side.
    Row(RowId),
}

fn column(reader: &mut Reader<'_>, mut keys: Keys<'_, '_>, words: &Words, columns: &mut Vec<ColumnForm>) {
    let span = keys.span();
    let id = unique_id(reader, &mut keys, columns.iter().map(|column| &column.id), "column");
    let labels = labels(reader, &mut keys, "label", words);
    let under = Some(optional_labels(reader, &mut keys, "under", &Vec::new())).filter(|under| !under.is_empty());
    let unit = reader.optional_string(&mut keys, "unit").and_then(|(name, span)| {
        let unit = unit(&name);
        if unit.is_none() {
            reader.mistake(span, format!("`{name}` is no known unit: use 件, 项, 条, 次, 人, 元, 万元 or the like"));
        }
        unit
    });
    let decimal = reader.bool(&mut keys, "decimal");
    let signed = reader.bool(&mut keys, "signed");
    reader.close(keys);
    if let Some(first) = labels.first()
        && columns.iter().any(|other| other.labels.first() == Some(first))
    {
        reader.mistake(span, format!("two columns have the head `{}`: it can't be told which is which", first.shown));
    }
    columns.push(ColumnForm { id: id.unwrap_or_default(), labels, under, unit, decimal, signed });
}

fn row(
    reader: &mut Reader<'_>,
    mut keys: Keys<'_, '_>,
    words: &Words,
    rows: &mut Vec<RowForm>,
    replaced: &mut Vec<(usize, String, Range<usize>)>,
) {
    let span = keys.span();
    let id = unique_id(reader, &mut keys, rows.iter().map(|row| &row.id), "row");
    let labels = labels(reader, &mut keys, "label", words);
    let numbering = reader.optional_string(&mut keys, "number").and_then(|(number, span)| {
        let found = numbering(&number).filter(|found| found.length == number.len());
        if found.is_none() {
            reader.mistake(
                span,
                format!("`{number}` is no numbering: write it as in the form, such as `（一）` or `1.`"),
            );
        }
        found
    });
    let group = optional_labels(reader, &mut keys, "group", &Vec::new());
    let optional = reader.bool(&mut keys, "optional");
    for (name, span) in reader.strings(&mut keys, "replaces") {
        replaced.push((rows.len(), name, span));
    }
    reader.close(keys);
    let row = RowForm { id: id.unwrap_or_default(), labels, numbering, group, optional, replaces: Vec::new() };
    // Two rows may share a label (其他) as long as their numbers tell them apart.
    let twin = rows.iter().find(|other| {
        let same_number = match (row.numbering, other.numbering) {
            (Some(a), Some(b)) => (a.level, a.ordinal) == (b.level, b.ordinal),
            _ => true,
        };
        same_number && row.labels.iter().any(|label| other.labels.iter().any(|there| there.key == label.key))
    });
    if let Some(twin) = twin {
        reader.mistake(
            span,
            format!("one label fits this row and the row `{}`: give them different labels or numbers", twin.id),
        );
    }
    rows.push(row);
}

fn resolve_replaced(reader: &mut Reader<'_>, rows: &mut [RowForm], replaced: Vec<(usize, String, Range<usize>)>) {
    for (row, name, span) in replaced {
        match rows.iter().position(|other| other.id == name) {
            Some(other) => rows[row].replaces.push(other as RowId),
            None => reader.mistake(span, format!("there is no row `{name}` in this table")),
        }
    }
}

fn vocabulary(captions: &[Label], header: &[Label], columns: &[ColumnForm], rows: &[RowForm]) -> Vocabulary {
    let columns = columns.iter().flat_map(|column| column.labels.iter().chain(column.under.iter().flatten()));
    let rows = rows.iter().flat_map(|row| row.labels.iter().chain(&row.group));
    Vocabulary::of(captions.iter().chain(header).chain(columns).chain(rows))
}

fn row_spellings(rows: &[RowForm]) -> Spellings<(RowId, u16)> {
    let labels = rows.iter().enumerate().flat_map(|(row, form)| {
        form.labels.iter().enumerate().map(move |(nth, label)| (&label.key[..], (row as RowId, nth as u16)))
    });
    Spellings::of(labels)
}

fn head_spellings(
    captions: &[Label],
    header: &[Label],
    columns: &[ColumnForm],
    rows: &[RowForm],
) -> Spellings<HeadWord> {
    let captions = captions.iter().map(|label| (label, HeadWord::Caption));
    let heads = header.iter().map(|label| (label, HeadWord::Head));
    let columns = columns.iter().enumerate().flat_map(|(id, column)| {
        let labels = column.labels.iter().map(move |label| (label, HeadWord::Column(id as ColumnId)));
        labels.chain(column.under.iter().flatten().map(|label| (label, HeadWord::Under)))
    });
    let rows = rows
        .iter()
        .enumerate()
        .flat_map(|(id, row)| row.labels.iter().map(move |label| (label, HeadWord::Row(id as RowId))));
    let words = captions.chain(heads).chain(columns).chain(rows);
    Spellings::of(words.map(|(label, word)| (&label.key[..], word)))
}
