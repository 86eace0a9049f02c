//! Rows become columns of Arrow.

use std::sync::Arc;

use arrow_array::builder::{
    Decimal128Builder, Int32Builder, Int64Builder, StringBuilder, StringDictionaryBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Int32Array, StringArray};
use arrow_schema::ArrowError;

use super::schema::{DIGITS, PLACES, Table};
use crate::report::Decimal;
use crate::wire::Codebook;
use crate::wire::relations::{CellRow, KINDS, Type};

/// The columns of any table, row by row.
pub(super) struct Columns(Vec<Column>);

enum Column {
    Integer(Int32Builder),
    Long(Int64Builder),
    Decimal(Decimal128Builder),
    Text(StringBuilder),
    Word(StringDictionaryBuilder<Int32Type>),
    Time(TimestampMicrosecondBuilder),
}

/// What stands in one column of a row.
#[derive(Clone, Copy)]
pub(super) enum Datum<'d> {
    Nothing,
    Number(i64),
    Decimal(i128),
    Text(&'d str),
}

impl Datum<'_> {
    /// How many bytes of text it holds.
    pub(super) fn held(&self) -> usize {
        if let Datum::Text(text) = self { text.len() } else { 0 }
    }
}

impl<'d> From<&'d str> for Datum<'d> {
    fn from(text: &'d str) -> Datum<'d> {
        Datum::Text(text)
    }
}

impl<'d> From<&'d String> for Datum<'d> {
    fn from(text: &'d String) -> Datum<'d> {
        Datum::Text(text)
    }
}

impl From<u32> for Datum<'_> {
    fn from(number: u32) -> Self {
        Datum::Number(i64::from(number))
    }
}

impl From<i64> for Datum<'_> {
    fn from(number: i64) -> Self {
        Datum::Number(number)
    }
}

impl From<usize> for Datum<'_> {
    fn from(number: usize) -> Self {
        Datum::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl<'d, T: Into<Datum<'d>>> From<Option<T>> for Datum<'d> {
    fn from(datum: Option<T>) -> Datum<'d> {
        datum.map_or(Datum::Nothing, T::into)
    }
}

impl Columns {
    pub(super) fn of(table: &Table) -> Columns {
        let column = |kind| match kind {
            Type::Integer | Type::Small => Column::Integer(Int32Builder::new()),
            Type::Long => Column::Long(Int64Builder::new()),
            Type::Decimal => Column::Decimal(
                Decimal128Builder::new().with_data_type(arrow_schema::DataType::Decimal128(DIGITS, PLACES as i8)),
            ),
            Type::Text => Column::Text(StringBuilder::new()),
            Type::Word => Column::Word(StringDictionaryBuilder::new()),
            Type::Time => Column::Time(TimestampMicrosecondBuilder::new().with_timezone("UTC")),
        };
        Columns(table.columns.iter().map(|of| column(of.kind)).collect())
    }

    /// Adds a row: a datum for each column.
    pub(super) fn add(&mut self, row: &[Datum<'_>]) -> Result<(), ArrowError> {
        debug_assert_eq!(self.0.len(), row.len());
        self.0.iter_mut().zip(row).try_for_each(|(column, datum)| column.add(*datum))
    }

    /// What was added since.
    pub(super) fn take(&mut self) -> Vec<ArrayRef> {
        self.0.iter_mut().map(Column::take).collect()
    }
}

impl Column {
    fn add(&mut self, datum: Datum<'_>) -> Result<(), ArrowError> {
        match (self, datum) {
            (Column::Integer(column), Datum::Number(number)) => column.append_value(small(number)),
            (Column::Integer(column), _) => column.append_null(),
            (Column::Long(column), Datum::Number(number)) => column.append_value(number),
            (Column::Long(column), _) => column.append_null(),
            (Column::Decimal(column), Datum::Decimal(number)) => column.append_value(number),
            (Column::Decimal(column), _) => column.append_null(),
            (Column::Text(column), Datum::Text(text)) => column.append_value(text),
            (Column::Text(column), _) => column.append_null(),
            (Column::Word(column), Datum::Text(text)) => _ = column.append(text)?,
            (Column::Word(column), _) => column.append_null(),
            (Column::Time(column), Datum::Number(number)) => column.append_value(number),
            (Column::Time(column), _) => column.append_null(),
        }
        Ok(())
    }

    fn take(&mut self) -> ArrayRef {
        match self {
            Column::Integer(column) => Arc::new(column.finish()),
            Column::Long(column) => Arc::new(column.finish()),
            Column::Decimal(column) => Arc::new(column.finish()),
            Column::Text(column) => Arc::new(column.finish()),
            Column::Word(column) => Arc::new(column.finish()),
            Column::Time(column) => Arc::new(column.finish()),
        }
    }
}

/// The columns of `cells`. Its words are known beforehand, and so are their numbers.
pub(super) struct Cells {
    /// For each cell of the codebook, the numbers of its table, row and column.
    numbers: Vec<[i32; 3]>,
    /// The tables, rows and columns.
    names: [ArrayRef; 3],
    kinds: ArrayRef,
    units: Vec<&'static str>,
    report: Vec<i32>,
    name: [Vec<i32>; 3],
    value: Decimal128Builder,
    kind: Vec<i32>,
    raw: StringBuilder,
    place: [Int32Builder; 3],
    unit: Int32Builder,
}

/// The position in [`KINDS`] of what is no number.
const TEXT: u8 = 4;

impl Cells {
    pub(super) fn of(codebook: &Codebook) -> Cells {
        let mut words: [Words<'_>; 3] = Default::default();
        let mut numbers = Vec::with_capacity(codebook.names.len());
        for name in &codebook.names {
            let [table, row, column] = &mut words;
            numbers.push([table.number(&name[0]), row.number(&name[1]), column.number(&name[2])]);
        }
        Cells {
            numbers,
            names: words.map(|words| Arc::new(StringArray::from(words.list)) as ArrayRef),
            kinds: Arc::new(StringArray::from(KINDS.to_vec())),
            units: Vec::new(),
            report: Vec::new(),
            name: Default::default(),
            value: Decimal128Builder::new().with_data_type(arrow_schema::DataType::Decimal128(DIGITS, PLACES as i8)),
            kind: Vec::new(),
            raw: StringBuilder::new(),
            place: Default::default(),
            unit: Int32Builder::new(),
        }
    }

    /// Adds a row. False where its figure is too large or too fine for the column: then it stands in `raw`, as text.
    pub(super) fn add(&mut self, report: u32, row: &CellRow) -> bool {
        let figure = row.value.map(scaled);
        let fits = figure != Some(None);
        self.report.push(small(i64::from(report)));
        let numbers = self.numbers.get(row.cell as usize).copied().unwrap_or_default();
        for (column, number) in self.name.iter_mut().zip(numbers) {
            column.push(number);
        }
        self.value.append_option(figure.flatten());
        self.kind.push(i32::from(if fits { row.kind } else { TEXT }));
        match (row.raw(), row.value) {
            (Some(raw), _) => self.raw.append_value(raw),
            (None, Some(value)) if !fits => self.raw.append_value(value.to_string()),
            (None, _) => self.raw.append_null(),
        }
        for (index, column) in self.place.iter_mut().enumerate() {
            column.append_option(row.place.map(|place| small(i64::from(place[index]))));
        }
        self.unit.append_option(row.unit.map(|unit| {
            let at = self.units.iter().position(|other| *other == unit).unwrap_or_else(|| {
                self.units.push(unit);
                self.units.len() - 1
            });
            at as i32
        }));
        fits
    }

    /// What was added since.
    pub(super) fn take(&mut self) -> Result<Vec<ArrayRef>, ArrowError> {
        let words = |numbers: Int32Array, words: &ArrayRef| -> Result<ArrayRef, ArrowError> {
            Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(numbers, words.clone())?))
        };
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(11);
        columns.push(Arc::new(Int32Array::from(std::mem::take(&mut self.report))));
        for (numbers, names) in self.name.iter_mut().zip(&self.names) {
            columns.push(words(std::mem::take(numbers).into(), names)?);
        }
        columns.push(Arc::new(self.value.finish()));
        columns.push(words(std::mem::take(&mut self.kind).into(), &self.kinds)?);
        columns.push(Arc::new(self.raw.finish()));
        columns.extend(self.place.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
        let units: ArrayRef = Arc::new(StringArray::from(self.units.clone()));
        columns.push(words(self.unit.finish(), &units)?);
        Ok(columns)
    }
}

/// Words, each once.
#[derive(Default)]
struct Words<'w> {
    list: Vec<&'w str>,
    numbers: std::collections::HashMap<&'w str, i32>,
}

impl<'w> Words<'w> {
    fn number(&mut self, word: &'w str) -> i32 {
        let list = &mut self.list;
        *self.numbers.entry(word).or_insert_with(|| {
            list.push(word);
            list.len() as i32 - 1
        })
    }
}

/// The figure as the column has it; none where it is too large or too fine for it.
pub(super) fn scaled(figure: Decimal) -> Option<i128> {
    figure.scaled(PLACES).filter(|figure| figure.unsigned_abs() < 10u128.pow(u32::from(DIGITS)))
}

/// Counts and places are never that large.
fn small(number: i64) -> i32 {
    number.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}
