//! A page of `docs/findings` for a terminal: its little Markdown in, plain or coloured lines out.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How wide prose is set, in columns.
const WIDTH: usize = 80;

/// Marks that begin no line.
const CLOSING: &str = "，。、；：！？）》】”’…";
/// Marks that end no line.
const OPENING: &str = "（《【“‘";

/// A page in Markdown, taken apart.
pub(super) struct Page<'p> {
    /// The first line, without its `#`.
    pub(super) title: &'p str,
    /// The paragraph after it. What else stands before the first part is the rules, which the grammars know as well.
    pub(super) severity: &'p str,
    parts: &'p str,
}

enum Block<'p> {
    Heading(&'p str),
    Prose(String),
    Example(Vec<&'p str>),
}

impl<'p> Page<'p> {
    pub(super) fn of(text: &'p str) -> Page<'p> {
        let (head, parts) = text.split_at(text.find("\n## ").map_or(text.len(), |at| at + 1));
        let mut lines = head.lines().filter(|line| !line.is_empty());
        let title = lines.next().map_or("", |line| line.trim_start_matches("# "));
        Page { title, severity: lines.next().unwrap_or_default(), parts }
    }

    /// Its parts, each under its heading.
    pub(super) fn parts(&self, paint: Paint) -> String {
        let mut lines = String::new();
        let mut after_heading = false;
        for block in blocks(self.parts) {
            if !after_heading {
                lines.push('\n');
            }
            after_heading = matches!(block, Block::Heading(_));
            match block {
                Block::Heading(words) => lines += &format!("{}\n", paint.heading(words)),
                Block::Prose(words) => lines += &paint.names(&set(&words)),
                Block::Example(rows) => {
                    rows.iter().for_each(|row| lines += &format!("{}\n", format!("    {row}").trim_end()))
                }
            }
        }
        lines
    }
}

/// How words are set off: in colours, or not at all.
#[derive(Clone, Copy)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    fn heading(self, words: &str) -> String {
        if self.0 { format!("\x1b[1;36m{words}\x1b[0m") } else { words.to_owned() }
    }

    pub(super) fn strong(self, words: &str) -> String {
        if self.0 { format!("\x1b[1m{words}\x1b[0m") } else { words.to_owned() }
    }

    /// Words with `names` in them, which are coloured in place of their marks.
    pub(super) fn names(self, words: &str) -> String {
        if !self.0 {
            return words.to_owned();
        }
        let turns = words.split('`').enumerate();
        turns
            .map(|(turn, part)| if turn % 2 == 1 { format!("\x1b[36m{part}\x1b[0m") } else { part.to_owned() })
            .collect()
    }
}

/// A paragraph, set in lines.
pub(super) fn set(words: &str) -> String {
    let mut lines = String::new();
    let mut line = String::new();
    for piece in pieces(words) {
        if !line.is_empty() && line.width() + piece.trim_end().width() > WIDTH {
            lines += line.trim_end();
            lines.push('\n');
            line.clear();
        }
        line += piece;
    }
    lines += line.trim_end();
    lines.push('\n');
    lines
}

/// Cut where a line may end: behind blanks, and beside Chinese characters unless a mark forbids it.
fn pieces(words: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, character) in words.char_indices() {
        let ends = before.is_some_and(|before: char| {
            let wide = is_wide(before) || is_wide(character);
            (before == ' ' && character != ' ') || (wide && !CLOSING.contains(character) && !OPENING.contains(before))
        });
        if ends && character != ' ' {
            pieces.extend(words.get(start..at));
            start = at;
        }
        before = Some(character);
    }
    pieces.extend(words.get(start..));
    pieces
}

fn blocks(parts: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = parts.lines();
    let mut open = false;
    while let Some(line) = lines.next() {
        let starts_anew = !std::mem::replace(&mut open, false);
        if line.starts_with("```") {
            blocks.push(Block::Example(lines.by_ref().take_while(|line| !line.starts_with("```")).collect()));
        } else if let Some(words) = line.strip_prefix("## ") {
            blocks.push(Block::Heading(words));
        } else if !line.is_empty() {
            open = true;
            match blocks.last_mut() {
                Some(Block::Prose(words)) if !starts_anew => join(words, line),
                _ => blocks.push(Block::Prose(line.to_owned())),
            }
        }
    }
    blocks
}

/// Puts a line behind the one before: Chinese needs no blank between.
fn join(words: &mut String, line: &str) {
    if !(words.chars().next_back().is_some_and(is_wide) && line.chars().next().is_some_and(is_wide)) {
        words.push(' ');
    }
    words.push_str(line);
}

fn is_wide(character: char) -> bool {
    character.width() == Some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_where_they_may() {
        #[track_caller]
        fn check(words: &str, expected: &[&str]) {
            assert_eq!(pieces(words), expected);
        }
        check("no digit", &["no ", "digit"]);
        check("表内", &["表", "内"]);
        check("共“三项”。", &["共", "“三", "项”。"]);
        check("规则 `a.b` 是", &["规", "则 ", "`a.b` ", "是"]);
        check("（GK201）", &["（GK201）"]);
        check("", &[""]);
    }

    #[test]
    fn a_page_is_set_in_lines() {
        #[track_caller]
        fn check(page: &str, color: bool, expected: &str) {
            assert_eq!(Page::of(page).parts(Paint(color)), expected);
        }
        let page = "# GK1 Name: what\n\nSeverity: note\n\nRule: `a`\n\n## One\n\nA `b`\nc.\n\nd\n\n## Two\n\n```text\n# e\n\n表\n```\n\n甲\n乙\n";
        check(page, false, "\nOne\nA `b` c.\n\nd\n\nTwo\n    # e\n\n    表\n\n甲乙\n");
        check("x\n\n## `a`\n\n`b`\n", true, "\n\x1b[1;36m`a`\x1b[0m\n\x1b[36mb\x1b[0m\n");
        check("", false, "");
        let long = format!("x\n## y\n{} b\n", "a".repeat(79));
        check(&long, false, &format!("\ny\n{}\nb\n", "a".repeat(79)));
        let page = Page::of(page);
        assert_eq!((page.title, page.severity), ("GK1 Name: what", "Severity: note"));
    }
}
