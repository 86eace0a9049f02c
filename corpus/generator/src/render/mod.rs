//! Tables as lines of text: a sheet, a layout and a style in, lines out. One file for each family of layouts.

mod lines;
mod markdown;
mod pdf;
mod pipe;
mod tab;

use crate::layout::Layout;
use crate::rng::Rng;
use crate::sheet::Sheet;
use crate::style::{PageNumbers, Style};

/// The lines of one table.
pub fn table(sheet: &Sheet, layout: Layout, style: &Style, rng: &mut Rng) -> Vec<String> {
    let mut lines = shaped(sheet, layout, style, rng);
    if style.empty_row && sheet.id == "applications" {
        lines.extend(empty_row(layout, sheet.width));
    }
    lines
}

fn shaped(sheet: &Sheet, layout: Layout, style: &Style, rng: &mut Rng) -> Vec<String> {
    match layout {
        Layout::Tab => tab::tab(&padded(sheet, style), rng),
        Layout::TabHalfLost => tab::half_lost(&padded(sheet, style), rng),
        Layout::TabRepeated => tab::repeated(&padded(sheet, style), rng),
        Layout::Pipe => pipe::rows(&padded(sheet, style), false),
        Layout::PipeBlankTail => pipe::rows(&padded(sheet, style), true),
        Layout::PipeCells => pipe::cells(&padded(sheet, style), false),
        Layout::PipeCellsGlued => pipe::cells(&padded(sheet, style), true),
        Layout::PipeAlternate => pipe::alternate(&padded(sheet, style)),
        Layout::PipeFirst => pipe::first(&padded(sheet, style), rng),
        Layout::Markdown => markdown::whole(&padded(sheet, style)),
        Layout::MarkdownRows => markdown::single(&padded(sheet, style), rng),
        Layout::Lines | Layout::LinesSpaced => lines::lines(&padded(sheet, style), layout == Layout::LinesSpaced, rng),
        Layout::Spaces => lines::spaces(sheet, style, rng),
        Layout::OneLine => lines::one_line(sheet, blank(style)),
        Layout::Pdf => pdf::pdf(sheet, style, rng),
        Layout::PdfShredded => pdf::shredded(sheet, style, rng),
    }
}

/// A row without label or figures, as editors leave at the end of a table. Only layouts in which a line shows
/// where a row begins can have one without doubt.
fn empty_row(layout: Layout, width: usize) -> Option<String> {
    match layout {
        Layout::Tab | Layout::TabRepeated => Some("\t".repeat(width)),
        Layout::Pipe | Layout::PipeBlankTail => Some("| | |".to_owned()),
        Layout::Markdown => Some("|  ".repeat(width) + "|"),
        _ => None,
    }
}

/// The sheet with no-break spaces around its figures, where the page has them.
fn padded(sheet: &Sheet, style: &Style) -> Sheet {
    let mut sheet = sheet.clone();
    if style.no_break {
        for figure in sheet.rows.iter_mut().flat_map(|row| row.figures.iter_mut()) {
            if !figure.is_empty() {
                *figure = format!("\u{a0}{figure}\u{a0}");
            }
        }
    }
    sheet
}

/// The blank between two figures of a line.
fn blank(style: &Style) -> &'static str {
    if style.no_break { "\u{a0}" } else { " " }
}

/// The line that a page break leaves in the text; nothing when the page has none.
fn page_line(style: &Style, rng: &mut Rng) -> Option<String> {
    let page = rng.between(2, 14);
    match style.page_numbers {
        PageNumbers::None => None,
        PageNumbers::Hyphens => Some(format!("- {page} -")),
        PageNumbers::Dashes => Some(format!("— {page} —")),
        PageNumbers::Words => Some(format!("第 {page} 页")),
    }
}
