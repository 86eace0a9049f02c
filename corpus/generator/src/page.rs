//! A whole page: a recipe in; text and truth out.
//!
//! The page is first a list of blocks in ordinary script and wide punctuation, made by the parts that know of titles,
//! headings, prose and tables. Only then is it joined and dressed (punctuation, script, radicals, line ends), so
//! that no part has to know of the others' dress.

use crate::expected::broken;
use crate::faults::{Fault, in_figures, in_prose};
use crate::figures::{Figure, Figures, figures};
use crate::form::{CLOSED, Edition, tables};
use crate::furniture;
use crate::labels::narrow;
use crate::layout::Layout;
use crate::prose::{Topic, paragraphs};
use crate::recipe::{Recipe, Sample, Size};
use crate::render;
use crate::rng::Rng;
use crate::script::{invisible, radicals, traditional};
use crate::sections::{SECTIONS, heading};
use crate::sheet::{Sheet, sheet};
use crate::statements::{Sentence, Source, sentences};
use crate::style::{Damage, Punctuation, Script, Style, TitleForm};
use crate::title::{Subject, subject, title};
use crate::truth::{Fact, Truth};
use crate::wrap::wrap_prose;

/// A piece of the page.
#[derive(Debug)]
enum Block {
    Furniture(Vec<String>),
    Title(Vec<String>),
    Heading(Vec<String>),
    Paragraph(String),
    Table(Vec<String>),
}

/// Writes the page of a recipe.
pub fn write(recipe: &Recipe) -> Sample {
    // The figures depend on seed and edition only, so that pages of one seed can be compared across layouts.
    let figures = figures(&mut Rng::named(recipe.seed, "figures"), recipe.edition);
    let subject = subject(&mut Rng::named(recipe.seed, "subject"), recipe.edition);
    page(recipe, &subject, figures)
}

/// Writes the page of a body with those figures, and makes the mistakes of the recipe.
pub fn page(recipe: &Recipe, subject: &Subject, right: Figures) -> Sample {
    let style = recipe.style.settled(recipe.layout, recipe.edition);
    let known = style.title != TitleForm::Missing;
    let source = Source { figures: &right, subject: known.then_some(subject) };
    let Mistaken { figures, sentences, faults } = mistaken(recipe, &style, source);
    let mut facts = Vec::with_capacity(210);
    let mut cells = Rng::named(recipe.seed, "cells");
    let sheets: Vec<Sheet> =
        tables(recipe.edition).iter().map(|form| sheet(form, &figures, &style, &mut cells, &mut facts)).collect();

    let mut rng = Rng::named(recipe.seed, "page");
    let title = title(subject, style.title);
    let mut blocks = Vec::new();
    if style.furniture {
        blocks.push(Block::Furniture(furniture::above(subject, &mut rng)));
    }
    if !title.lines.is_empty() {
        blocks.push(Block::Title(title.lines.clone()));
    }
    if style.furniture {
        blocks.push(Block::Furniture(furniture::below_title(subject, &mut rng)));
    }
    blocks.extend(title.sentence.iter().cloned().map(Block::Paragraph));
    if !title.lines.is_empty() && rng.chance(60) {
        blocks.push(Block::Paragraph(basis(subject, recipe.edition)));
    }
    let mut writer = Writer { recipe, style: &style, sentences: &sentences, sheets: &sheets, rng };
    let sections = writer.sections(&mut blocks);
    if style.furniture {
        blocks.push(Block::Furniture(furniture::below(subject, &mut writer.rng)));
    }
    let text = dressed(blocks, recipe, &style);

    if style.damage == Damage::SectionLost {
        lose_tables(&mut facts, style.damaged);
    }
    let whole = sections.len() == SECTIONS.len() && !title.lines.is_empty();
    let rules = broken(recipe.edition, &facts, source.subject, &sentences);
    let truth = Truth {
        grammar: recipe.edition.id(),
        title: (!title.lines.is_empty()).then(|| in_script(&punctuated(&title.lines.concat(), &style), &style)),
        issuer: known.then(|| in_script(&subject.issuer, &style)),
        year: known.then_some(subject.year),
        status: if whole { "complete" } else { "partial" },
        layout: recipe.layout.name(),
        sections,
        facts,
        faults,
        rules,
    };
    Sample { text, truth }
}

/// What a page says after its author's mistakes.
struct Mistaken {
    figures: Figures,
    sentences: Vec<Sentence>,
    faults: Vec<Fault>,
}

/// Makes the sentences of a page, then the mistakes in them and in the figures. Whoever writes the sentences knows the right
/// figures: a mistake is made in one place only.
fn mistaken(recipe: &Recipe, style: &Style, source: Source) -> Mistaken {
    let lost = (style.damage == Damage::SectionLost).then_some(style.damaged);
    let wanted = style.statements || recipe.faults.iter().any(|kind| kind.is_of_prose());
    let mut made = Mistaken { figures: source.figures.clone(), sentences: Vec::new(), faults: Vec::new() };
    // In one line nothing but its heading tells the head of a table from the prose before it.
    let merges = recipe.layout == Layout::OneLine && style.damage == Damage::HeadingLost;
    if wanted && !merges && lost != Some(0) {
        made.sentences = sentences(source, &mut Rng::named(recipe.seed, "statements"));
    }
    let is_there =
        |cell: &Figure| lost != Some(section_of(cell.table)) && !(style.closed_in_one && CLOSED.contains(&cell.row));
    let mut rng = Rng::named(recipe.seed, "faults");
    for kind in recipe.faults.iter().copied() {
        made.faults.extend(match kind.is_of_prose() {
            true if merges || lost == Some(0) => None,
            true => in_prose(kind, &mut made.sentences, source, &mut rng),
            false => in_figures(kind, &mut made.figures, is_there, &mut rng),
        });
    }
    made
}

/// The paragraph on what the report rests on and which days it covers.
fn basis(subject: &Subject, edition: Edition) -> String {
    let year = subject.year;
    let notice = match edition {
        Edition::Gid2021 => "国办公开办函〔2021〕30号",
        Edition::Gid2019 => "国办公开办函〔2019〕60号",
    };
    format!(
        "依照《中华人民共和国政府信息公开条例》和{notice}所附格式，编写本报告。数据统计自{year}年1月1日起，至{year}年12月31日止。"
    )
}

/// The tables of a lost section are not in the page, whatever their figures would have been.
fn lose_tables(facts: &mut [Fact], section: usize) {
    for fact in facts {
        if section_of(fact.table) == section {
            fact.value = None;
            fact.kind = "missing";
        }
    }
}

/// The section that a table stands in, 0 for the first.
fn section_of(table: &str) -> usize {
    match table {
        "applications" => 2,
        "review_litigation" => 3,
        _ => 1,
    }
}

/// Writes the sections one after another.
struct Writer<'a> {
    recipe: &'a Recipe,
    style: &'a Style,
    sentences: &'a [Sentence],
    sheets: &'a [Sheet],
    rng: Rng,
}

impl Writer<'_> {
    /// Appends all sections and returns the names of those whose headings are printed.
    fn sections(&mut self, blocks: &mut Vec<Block>) -> Vec<&'static str> {
        let mut order: Vec<usize> = (0..SECTIONS.len()).collect();
        match self.style.damage {
            Damage::Swapped => order.swap(self.style.damaged, self.style.damaged + 1),
            Damage::SectionLost => {
                order.remove(self.style.damaged);
            }
            Damage::None | Damage::HeadingLost => {}
        }
        // Some authors number the sections that are left anew, others keep the form's numbers.
        let anew = self.style.damage == Damage::Swapped || self.rng.chance(50);
        let mut printed = Vec::new();
        for (place, index) in order.into_iter().enumerate() {
            let lines = heading(&SECTIONS[index], if anew { place } else { index }, self.style, &mut self.rng);
            if !(self.style.damage == Damage::HeadingLost && self.style.damaged == index) {
                blocks.push(Block::Heading(lines));
                printed.push(SECTIONS[index].id);
            }
            match index {
                0 => self.overview(blocks),
                4 => {
                    self.prose(blocks, Topic::Problems, 8);
                    self.prose(blocks, Topic::Plans, 8);
                }
                5 => self.other(blocks),
                _ => self.tables(blocks, index),
            }
        }
        printed
    }

    fn overview(&mut self, blocks: &mut Vec<Block>) {
        self.prose(blocks, Topic::Opening, 10);
        let parts = [
            ("（一）主动公开", Topic::Disclosure),
            ("（二）依申请公开", Topic::Requests),
            ("（三）政府信息管理", Topic::Management),
            ("（四）政府信息公开平台建设", Topic::Platform),
            ("（五）监督保障", Topic::Supervision),
        ];
        let own_line = self.rng.chance(60) || self.recipe.layout == Layout::OneLine;
        for (head, topic) in parts {
            let bytes = self.budget() / 8;
            let mut texts = paragraphs(&mut self.rng, topic, bytes);
            for sentence in self.sentences.iter().filter(|sentence| sentence.topic == topic) {
                let place = if self.rng.chance(60) { 0 } else { texts[0].len() };
                texts[0].insert_str(place, &sentence.text());
            }
            if own_line {
                blocks.push(Block::Paragraph(format!("{head}：")));
            } else {
                texts[0].insert_str(0, &format!("{head}。"));
            }
            blocks.extend(texts.into_iter().map(Block::Paragraph));
        }
    }

    fn other(&mut self, blocks: &mut Vec<Block>) {
        let mut text = match self.rng.below(3) {
            0 => format!("本年度收取信息处理费{}元。", 10 * self.rng.between(1, 300)),
            _ => "本年度没有收取信息处理费。".to_owned(),
        };
        text.push_str(&paragraphs(&mut self.rng, Topic::Other, 0).concat());
        blocks.push(Block::Paragraph(text));
    }

    fn tables(&mut self, blocks: &mut Vec<Block>, section: usize) {
        if self.style.lead_in {
            let sentences =
                ["本部分以表格形式填报，口径与上年一致。", "以下各表按照规定格式填写。", "单位：件（另有注明的除外）"];
            blocks.push(Block::Paragraph(self.rng.pick(&sentences).to_owned()));
        }
        let mut lines = Vec::new();
        for sheet in self.sheets.iter().filter(|sheet| section_of(sheet.id) == section) {
            lines.extend(render::table(sheet, self.recipe.layout, self.style, &mut self.rng));
        }
        blocks.push(Block::Table(lines));
        if self.style.notes {
            let notes =
                ["注：本表数据截至年末。", "说明：表内数据由各科室汇总。", "备注：数据经过核对，如有变动另行公布。"];
            blocks.push(Block::Paragraph(self.rng.pick(&notes).to_owned()));
        }
    }

    /// Prose that takes a share of the page, one part in `part`.
    fn prose(&mut self, blocks: &mut Vec<Block>, topic: Topic, part: usize) {
        let bytes = self.budget() / part;
        blocks.extend(paragraphs(&mut self.rng, topic, bytes).into_iter().map(Block::Paragraph));
    }

    /// The bytes of prose that the page should have.
    fn budget(&self) -> usize {
        match self.recipe.size {
            Size::Short => 0,
            Size::Typical => 2000,
            // The tables of a page have about four thousand bytes.
            Size::Long(bytes) => bytes.saturating_sub(4500),
        }
    }
}

/// Joins the blocks and dresses the whole.
fn dressed(blocks: Vec<Block>, recipe: &Recipe, style: &Style) -> String {
    let mut rng = Rng::named(recipe.seed, "dress");
    let one_line = recipe.layout == Layout::OneLine;
    let mut text = String::new();
    for block in blocks {
        let lines = match block {
            // Tables have their punctuation already.
            Block::Table(lines) => lines,
            Block::Paragraph(line) => {
                let line = punctuated(&line, style);
                let line = if style.invisible { invisible(&line, &mut rng) } else { line };
                if style.wrapped { wrap_prose(&line, 38) } else { vec![line] }
            }
            Block::Heading(mut lines) => {
                if matches!(recipe.layout, Layout::Markdown | Layout::MarkdownRows) {
                    lines[0].insert_str(0, "## ");
                }
                lines.iter().map(|line| punctuated(line, style)).collect()
            }
            Block::Title(lines) | Block::Furniture(lines) => lines.iter().map(|line| punctuated(line, style)).collect(),
        };
        for line in lines {
            if one_line {
                if !text.is_empty() && !line.is_empty() {
                    text.push(' ');
                }
                text.push_str(&line);
            } else {
                text.push_str(&line);
                text.push('\n');
            }
        }
        if style.airy && !one_line {
            text.push('\n');
        }
    }
    if one_line {
        text.push('\n');
    }
    let mut text = in_script(&text, style);
    if style.radicals {
        text = radicals(&text, &mut rng);
    }
    if style.crlf { text.replace('\n', "\r\n") } else { text }
}

fn punctuated(text: &str, style: &Style) -> String {
    if style.punctuation == Punctuation::Narrow { narrow(text) } else { text.to_owned() }
}

fn in_script(text: &str, style: &Style) -> String {
    match style.script {
        Script::Simplified => text.to_owned(),
        Script::Traditional | Script::TraditionalOther => traditional(text, style.script),
    }
}
