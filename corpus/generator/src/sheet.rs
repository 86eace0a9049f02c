//! Tables before they are laid out: a form, figures and a style in; rows of slots with their texts, and the facts, out.
//!
//! A slot says whether its text is printed there first (`fresh`) or whether a merged cell covers it. What a layout
//! does with covered slots (blank, dropped, repeated) is all that tells most layouts apart.

use crate::cells::{Written, write_cell};
use crate::figures::Figures;
use crate::form::{CLOSED, Column, Form, NOTE, OUTCOMES, Place, Row, closed_row};
use crate::labels::{caption, column_label, definition, item, narrow_table, sub, table_text, total};
use crate::number::Number;
use crate::rng::Rng;
use crate::style::{Gap, Style};
use crate::truth::Fact;

/// A cell of a header or of the labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The text printed here, or that of the merged cell that covers this place.
    pub text: String,
    /// Is the text printed here?
    pub fresh: bool,
}

/// How deep a row's label stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Plain,
    Top,
    Item,
    Sub,
}

/// A row of figures with its labels.
#[derive(Debug, Clone)]
pub struct BodyRow {
    pub labels: Vec<Slot>,
    pub figures: Vec<String>,
    pub level: Level,
}

impl BodyRow {
    /// The labels that are printed in this row, the outermost first.
    pub fn fresh(&self) -> impl Iterator<Item = &str> {
        self.labels.iter().filter(|slot| slot.fresh).map(|slot| slot.text.as_str())
    }
}

/// A table that waits for its layout.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub id: &'static str,
    /// The line over the block, for the blocks of section 二.
    pub caption: Option<String>,
    /// The rows of heads; each is as wide as the table.
    pub header: Vec<Vec<Slot>>,
    pub rows: Vec<BodyRow>,
    /// The columns of the sheet of paper, which may be more than this table has.
    pub width: usize,
}

/// Builds one table and appends its facts.
pub fn sheet(form: &Form, figures: &Figures, style: &Style, rng: &mut Rng, facts: &mut Vec<Fact>) -> Sheet {
    let mut writer = Writer { form, figures, style, rng, facts };
    let sheet = match form.id {
        "applications" => applications(&mut writer),
        "review_litigation" if style.review_rows => review_rows(&mut writer),
        "review_litigation" => review(&mut writer),
        _ => disclosure(&mut writer),
    };
    narrow_table(sheet, style)
}

/// What is needed to write figures and to note their truth at the same time.
struct Writer<'a> {
    form: &'a Form,
    figures: &'a Figures,
    style: &'a Style,
    rng: &'a mut Rng,
    facts: &'a mut Vec<Fact>,
}

impl Writer<'_> {
    /// Writes the figures of a row. `bare` rows have no label, so their first and last cells must not be blank.
    fn row(&mut self, row: &Row, bare: bool) -> Vec<String> {
        let form = self.form;
        let last = form.columns.len() - 1;
        let mut texts = Vec::with_capacity(last + 1);
        for (index, column) in form.columns.iter().enumerate() {
            let edge = bare
                && self.style.gap == Gap::Blank
                && ((index == 0 && row.id == form.rows[0].id)
                    || (index == last && row.id == form.rows[form.rows.len() - 1].id));
            let number = self.figures.get(form.id, row.id, column.id).or_else(|| self.closed(row, column));
            let mut written = match number {
                Some(number) => write_cell(number, form.id, column, self.style, self.rng, !edge),
                None => Written { text: String::new(), value: None, kind: "missing" },
            };
            if self.style.remark && row.id == "normative_documents" && index == 0 && written.kind == "number" {
                self.remark(&mut written, number.map_or(0, |n| n.digits));
            }
            self.fact(row, column, written.value.clone(), written.kind);
            texts.push(written.text);
        }
        texts
    }

    /// The sum of the three rows that the row `closed` stands for.
    fn closed(&self, row: &Row, column: &Column) -> Option<Number> {
        (row.id == "closed").then(|| {
            let sum = CLOSED.iter().map(|id| self.figures.count(self.form.id, id, column.id)).sum();
            Number::whole(sum)
        })
    }

    fn remark(&mut self, written: &mut Written, count: i64) {
        if count > 1 {
            let part = self.rng.between(1, count - 1);
            written.text.push_str(&format!("（其中修订{part}件）"));
        }
    }

    fn fact(&mut self, row: &Row, column: &Column, value: Option<String>, kind: &'static str) {
        self.facts.push(Fact { table: self.form.id, row: row.id, column: column.id, value, kind });
    }
}

fn disclosure(writer: &mut Writer) -> Sheet {
    let form = writer.form;
    let mut header = vec![fresh("信息内容")];
    header.extend(form.columns.iter().map(|column| fresh(&column_label(column, writer.style))));
    let mut rows = Vec::new();
    for row in &form.rows {
        let Place::Plain(label) = row.place else { continue };
        let label = definition(row.id, label, writer.style);
        rows.push(BodyRow { labels: vec![fresh(&label)], figures: writer.row(row, false), level: Level::Plain });
    }
    Sheet { id: form.id, caption: Some(caption(form.caption, writer.style)), header: vec![header], rows, width: 4 }
}

fn applications(writer: &mut Writer) -> Sheet {
    let style = writer.style;
    let form = writer.form;
    let head = |index: usize| column_label(&form.columns[index], style);
    let under = |slots: &[Slot]| -> Vec<Slot> { slots.iter().map(|slot| covered(&slot.text)).collect() };
    let note = merged(3, NOTE);
    let top = style.total_on_top;
    let mut first = note.clone();
    first.extend(merged(if top { 6 } else { 7 }, "申请人情况"));
    let mut second = under(&note);
    second.push(fresh(&head(0)));
    second.extend(merged(5, "法人或其他组织"));
    if top {
        first.push(fresh(&head(6)));
        second.push(covered(&head(6)));
    } else {
        second.push(fresh(&head(6)));
    }
    let mut third = under(&note);
    third.push(covered(&head(0)));
    third.extend((1..6).map(|index| fresh(&head(index))));
    third.push(covered(&head(6)));

    let mut rows = Vec::new();
    let mut outcomes = Covering::default();
    let mut group = Covering::default();
    for row in &form.rows {
        if style.closed_in_one && row.id == CLOSED[0] {
            let closed = closed_row();
            rows.push(application_row(writer, &closed, &mut outcomes, &mut group));
        }
        if style.closed_in_one && CLOSED.contains(&row.id) {
            for column in &form.columns {
                writer.fact(row, column, None, "missing");
            }
            continue;
        }
        rows.push(application_row(writer, row, &mut outcomes, &mut group));
    }
    Sheet { id: form.id, caption: None, header: vec![first, second, third], rows, width: 10 }
}

/// Remembers the label that a merged cell shows, so that it is fresh in its first row only.
#[derive(Default)]
struct Covering(String);

impl Covering {
    fn slot(&mut self, text: &str) -> Slot {
        let fresh = self.0 != text;
        if fresh {
            text.clone_into(&mut self.0);
        }
        Slot { text: text.to_owned(), fresh }
    }
}

fn application_row(writer: &mut Writer, row: &Row, outcomes: &mut Covering, group: &mut Covering) -> BodyRow {
    let style = writer.style;
    let (labels, level) = match row.place {
        Place::Plain(label) => (vec![fresh(label), covered(label), covered(label)], Level::Plain),
        Place::Top(number, label) => {
            let text = format!("{number}、{label}");
            (vec![fresh(&text), covered(&text), covered(&text)], Level::Top)
        }
        Place::Item(number, label) => {
            let label = if label == "总计" { total(style) } else { label };
            let text = item(number, label, style);
            (vec![outcomes.slot(OUTCOMES), fresh(&text), covered(&text)], Level::Item)
        }
        Place::Sub(number, name, index, label) => {
            let text = sub(index, &table_text(label, style), style);
            (vec![outcomes.slot(OUTCOMES), group.slot(&item(number, name, style)), fresh(&text)], Level::Sub)
        }
    };
    BodyRow { labels, figures: writer.row(row, false), level }
}

/// Table 四 as the form has it: fifteen figures in one row without a label.
fn review(writer: &mut Writer) -> Sheet {
    let form = writer.form;
    let heads: Vec<String> = form.columns.iter().map(|column| column_label(column, writer.style)).collect();
    let first = [merged(5, "行政复议"), merged(10, "行政诉讼")].concat();
    let own: Vec<Slot> = heads.iter().map(|head| fresh(head)).collect();
    let second = [own, merged(5, "未经复议直接起诉"), merged(5, "复议后起诉")].concat();
    let third = (0..15).map(|index| Slot { text: heads[index % 5].clone(), fresh: index >= 5 }).collect();
    let mut figures = Vec::new();
    for row in &form.rows {
        figures.extend(writer.row(row, true));
    }
    let rows = vec![BodyRow { labels: Vec::new(), figures, level: Level::Plain }];
    Sheet { id: form.id, caption: None, header: vec![first, second, third], rows, width: 15 }
}

/// Table 四 as three rows with labels under one header of five heads.
fn review_rows(writer: &mut Writer) -> Sheet {
    let form = writer.form;
    let mut header = vec![fresh("类别")];
    header.extend(form.columns.iter().map(|column| fresh(&column_label(column, writer.style))));
    let mut rows = Vec::new();
    for row in &form.rows {
        let Place::Plain(label) = row.place else { continue };
        rows.push(BodyRow { labels: vec![fresh(label)], figures: writer.row(row, false), level: Level::Plain });
    }
    Sheet { id: form.id, caption: None, header: vec![header], rows, width: 6 }
}

/// One cell over several columns.
fn merged(count: usize, text: &str) -> Vec<Slot> {
    (0..count).map(|index| Slot { text: text.to_owned(), fresh: index == 0 }).collect()
}

fn fresh(text: &str) -> Slot {
    Slot { text: text.to_owned(), fresh: true }
}

fn covered(text: &str) -> Slot {
    Slot { text: text.to_owned(), fresh: false }
}
