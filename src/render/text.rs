//! A finding drawn as compilers draw theirs: what is wrong, where, the lines of the page with the places marked in them, the
//! rule in words, and help.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::window::{Window, width_of, window};
use super::{Diagnostic, Lang, Mark, Piece, severity};
use crate::report::{Code, Severity};

/// So many lines are drawn at most: the place itself, what tells something, and then the others in the page's order.
const MOST_LINES: usize = 9;
/// A place so many lines away is not drawn.
const FARTHEST: u32 = 2_000;
/// No screen is narrower.
const NARROWEST: usize = 40;

/// How findings are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// How many columns the screen has.
    pub width: usize,
    /// Whether it shows colours.
    pub color: bool,
}

/// Draws the finding at the end of `out`, with an empty line behind it.
pub fn text(diagnostic: &Diagnostic, options: &Text, out: &mut String) {
    let zh = diagnostic.lang == Lang::Zh;
    let lines = lines(diagnostic);
    let last = lines.last().map_or(0, |line| line.number);
    let gutter = last.max(1).to_string().len();
    let width = options.width.max(NARROWEST).saturating_sub(gutter + 3);
    let drawn = Drawn::new(&lines, width);

    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.with_name(severity(diagnostic.severity, diagnostic.lang)).primary_title(&diagnostic.message);
    let mut group = Group::with_title(title.id(diagnostic.code.to_string()));
    if let Some(first) = lines.first() {
        let snippet = Snippet::source(drawn.source.as_str()).line_start(first.number as usize);
        group = group.element(snippet.annotations(drawn.annotations));
    }
    if let Some(rule) = &diagnostic.rule {
        // A user's rule says in the message already what it says in words.
        let words = if diagnostic.code == Code::RuleBroken { &rule.formula } else { &rule.says };
        let (name, colon) = if zh { ("规则", "：") } else { ("rule", ": ") };
        let kind = if zh { format!("（{}）", rule.kind) } else { format!(" ({})", rule.kind) };
        let words = wrapped(&format!("{}{kind}{colon}{words}", rule.id), width.saturating_sub(name.len() + 2));
        group = group.element(Level::NOTE.with_name(name).message(words));
    }
    if let Some(help) = &diagnostic.help {
        let name = if zh { "建议" } else { "help" };
        let words = wrapped(help, width.saturating_sub(name.len() + 2));
        group = group.element(Level::HELP.with_name(name).message(words));
    }
    let renderer = if options.color { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
    // Lines are cut to their width before they are drawn.
    let drawing = renderer.term_width(usize::MAX / 4).render(&[group]);
    with_place(&drawing, diagnostic, gutter, options.color, out);
}

/// The drawing with the line that says where: the columns of the page, which are not those of a line that was cut.
fn with_place(drawing: &str, diagnostic: &Diagnostic, gutter: usize, color: bool, out: &mut String) {
    let mut lines = drawing.lines();
    out.push_str(lines.next().unwrap_or_default());
    let (on, off) = if color { ("\x1b[1m\x1b[94m", "\x1b[0m") } else { ("", "") };
    let path: String = diagnostic.path.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    out.push_str(&format!("\n{:gutter$}{on}-->{off} {path}", ""));
    if let Some(record) = &diagnostic.record {
        out.push_str(&format!("#{record}"));
    }
    // Without a line of the page there is no gutter that the other lines would leave room for.
    let mut indent = " ";
    if let Some(mark) = &diagnostic.primary {
        out.push_str(&format!(":{}:{}", mark.place.line, mark.place.column));
        indent = "";
    }
    out.push('\n');
    for line in lines {
        out.push_str(indent);
        out.push_str(line);
        out.push('\n');
    }
    out.push('\n');
}

/// A line of the page that is drawn, with its marks; the place itself comes first.
struct Line<'d> {
    number: u32,
    pieces: Vec<&'d Piece>,
    marks: Vec<&'d Mark>,
    is_primary: bool,
}

/// The lines that are drawn.
fn lines(diagnostic: &Diagnostic) -> Vec<Line<'_>> {
    let Some(primary) = &diagnostic.primary else { return Vec::new() };
    let mut numbers = vec![primary.place.line];
    let (telling, others): (Vec<&Mark>, Vec<&Mark>) = diagnostic.related.iter().partition(|mark| mark.tells);
    for mark in telling.into_iter().chain(others) {
        let line = mark.place.line;
        if !numbers.contains(&line) && numbers.len() < MOST_LINES && line.abs_diff(primary.place.line) < FARTHEST {
            numbers.push(line);
        }
    }
    numbers.sort_unstable();
    let (first, last) = (numbers.first().copied().unwrap_or(0), numbers.last().copied().unwrap_or(0));
    // A line between two that are drawn is drawn too; it was kept for that.
    let is_drawn = |line: u32| {
        numbers.contains(&line)
            || (first < line && line < last && numbers.contains(&(line - 1)) && numbers.contains(&(line + 1)))
    };
    let mut lines: Vec<Line<'_>> = Vec::with_capacity(numbers.len());
    for piece in diagnostic.excerpt.pieces.iter().filter(|piece| is_drawn(piece.line)) {
        match lines.last_mut() {
            Some(line) if line.number == piece.line => line.pieces.push(piece),
            _ => lines.push(Line { number: piece.line, pieces: vec![piece], marks: Vec::new(), is_primary: false }),
        }
    }
    for line in &mut lines {
        line.is_primary = primary.place.line == line.number;
        let marks = Some(primary).into_iter().chain(&diagnostic.related);
        line.marks = marks.filter(|mark| mark.place.line == line.number).collect();
    }
    lines
}

/// The lines as one source text, those in between empty, with the places in it.
#[derive(Default)]
struct Drawn<'d> {
    source: String,
    annotations: Vec<Annotation<'d>>,
}

impl<'d> Drawn<'d> {
    fn new(lines: &[Line<'d>], width: usize) -> Drawn<'d> {
        let mut drawn = Drawn::default();
        let mut number = lines.first().map_or(0, |line| line.number);
        for line in lines {
            while number < line.number {
                drawn.source.push('\n');
                number += 1;
            }
            drawn.line(line, width);
        }
        drawn
    }

    fn line(&mut self, line: &Line<'d>, width: usize) {
        let label = |mark: &'d Mark| mark.label.as_deref().filter(|_| mark.tells || says_nothing(line));
        let spans: Vec<_> = line.marks.iter().map(|mark| mark.span).collect();
        let mut drawn = window(&line.pieces, &spans, width);
        // A label stands behind its place, and needs room there.
        let end = |(mark, place): (&&'d Mark, &Option<Range<usize>>)| {
            let before = width_of_words(drawn.text.get(..place.as_ref()?.end)?);
            Some(before + 1 + label(mark).map_or(0, width_of_words))
        };
        let needed = line.marks.iter().zip(&drawn.places).filter_map(end).max().unwrap_or(0);
        if needed > width {
            let room = line.marks.iter().filter_map(|mark| label(mark)).map(width_of_words).max().unwrap_or(0);
            drawn = window(&line.pieces, &spans, width.saturating_sub(room + 1).max(width / 2));
        }
        let Window { text, places } = drawn;
        let base = self.source.len();
        self.source.push_str(&text);
        for (index, (mark, place)) in line.marks.iter().zip(places).enumerate() {
            let Some(range) = place else { continue };
            let is_primary = line.is_primary && index == 0;
            let kind = if is_primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            self.annotations.push(kind.span(base + range.start..base + range.end).label(label(mark)));
        }
    }
}

/// Whether a line holds figures alone, and only one that is marked: then it needs a word on what it is.
fn says_nothing(line: &Line<'_>) -> bool {
    let is_word = |c: char| c.is_alphabetic();
    line.marks.len() == 1 && !line.pieces.iter().any(|piece| piece.text.contains(is_word))
}

fn width_of_words(words: &str) -> usize {
    words.chars().map(width_of).sum()
}

/// The words over several lines, none wider than `width` where there is a place to break it: a blank, or a Chinese character.
fn wrapped(words: &str, width: usize) -> String {
    let mut lines = String::with_capacity(words.len());
    let mut line = String::new();
    let mut break_at = None;
    for c in words.chars() {
        if c == ' ' || width_of(c) == 2 && !is_closing(c) {
            break_at = Some(line.len());
        }
        line.push(c);
        if width_of_words(&line) > width
            && let Some(at) = break_at.take().filter(|at| *at > 0)
        {
            let rest = line.split_off(at);
            lines.push_str(&line);
            lines.push('\n');
            line = rest.trim_start().to_owned();
        }
    }
    lines + &line
}

/// Signs that no line may begin with.
fn is_closing(c: char) -> bool {
    "，。；：、）》”！？…".contains(c)
}
