//! HTML that was saved as text: tags and entities become blanks and line ends, byte for byte.
//!
//! In: decoded text. Out: the same text, of the same length, in which tags are invisible characters, blocks and rows begin
//! lines, and cells are delimited by tabs; or nothing where there is no markup. Since the length stays, every place in it is
//! the same place in the original. Only what plain pages need is understood: no nesting, no attributes, no style. Bars and
//! quotations of [other kinds](super::marks), and [commas and doubled tabs](super::commas), become ordinary ones by the way.

use super::{commas, marks};

/// The text without its markup, if it has any.
pub fn without_markup(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    // Most pages have none of its signs.
    let first = memchr::memchr2(b'<', b'&', bytes).unwrap_or(bytes.len());
    let has_tags = memchr::memmem::find_iter(&bytes[first..], b"</").nth(2).is_some();
    let has_breaks = memchr::memchr_iter(b'<', &bytes[first..]).any(|at| is_break(&bytes[first + at..]));
    let has_entities = memchr::memchr_iter(b'&', &bytes[first..]).any(|at| entity(&bytes[first + at..]).is_some());
    let (is_quoted, has_doubled_tabs) = (marks::is_quoted(text), commas::has_doubled_tabs(text));
    // Pages with tables of ordinary bars and tabs have none of other signs.
    let is_plain = memchr::memchr2_iter(b'\t', b'|', bytes).nth(SURELY_TABLES).is_some();
    let may_have_bars = !is_plain && marks::may_have_bars(text);
    let may_have_commas = !(is_plain || has_tags) && commas::may_have_commas(text);
    let is_sure = has_tags || has_breaks || has_entities || is_quoted || has_doubled_tabs;
    if !(is_sure || may_have_bars || may_have_commas) {
        return None;
    }
    let mut out = bytes.to_vec();
    if has_doubled_tabs {
        commas::single_tabs(&mut out);
    }
    let has_bars = may_have_bars && marks::replace_bars(text, &mut out);
    let has_commas = may_have_commas && commas::replace_commas(text, &mut out);
    if !(is_sure || has_bars || has_commas) {
        return None;
    }
    if is_quoted {
        marks::replace_quotes(text, &mut out);
    }
    if has_tags || has_breaks {
        blank_tags(text, &mut out, has_tags);
    }
    if has_entities {
        replace_entities(&mut out);
    }
    String::from_utf8(out).ok()
}

/// More bars and tabs than menus and headings have.
const SURELY_TABLES: usize = 40;

/// A character of no width in the place of each byte of markup.
const NOTHING: u8 = 0;

/// What a tag does to the text around it.
enum Tag<'t> {
    /// It begins or ends a block.
    Block,
    /// It ends a line, in a row of a table only within a cell.
    Break,
    /// It begins or ends a row.
    Row,
    /// It begins a cell.
    Cell,
    /// It only changes how the words look.
    Inline,
    /// What follows up to its end tag is no text.
    Hidden(&'t str),
}

/// Blanks all tags, or only those that end lines, which pages without any other have in their cells.
fn blank_tags(text: &str, out: &mut [u8], all: bool) {
    let bytes = text.as_bytes();
    let (mut at, mut in_row, mut first_cell) = (0, false, true);
    while let Some(found) = memchr::memchr2(b'<', b'\n', &bytes[at..]) {
        let start = at + found;
        at = start + 1;
        if bytes[start] == b'\n' {
            if in_row {
                out[start] = b' ';
            }
            continue;
        }
        if !all && !is_break(&bytes[start..]) {
            continue;
        }
        let Some((tag, opening, mut end)) = tag(text, start) else { continue };
        let mark = match tag {
            Tag::Block | Tag::Break if in_row => b' ',
            Tag::Break if is_in_cells(bytes, start, all) => b' ',
            Tag::Block | Tag::Break => b'\n',
            Tag::Row => {
                (in_row, first_cell) = (opening, true);
                b'\n'
            }
            Tag::Cell if opening && !std::mem::take(&mut first_cell) => b'\t',
            Tag::Cell | Tag::Inline => NOTHING,
            Tag::Hidden(name) => {
                let closing = format!("</{name}");
                end = text[end..].find(&closing).map_or(text.len(), |length| end + length);
                NOTHING
            }
        };
        out[start..end].fill(NOTHING);
        out[start] = mark;
        at = end;
    }
}

/// Whether the bytes begin with a tag that ends a line: `<br>`, `<br/>`, `<BR />`.
fn is_break(bytes: &[u8]) -> bool {
    let name = bytes.get(1..3).is_some_and(|name| name.eq_ignore_ascii_case(b"br"));
    name && bytes.get(3).is_some_and(|next| matches!(next, b'>' | b'/' | b' '))
}

/// Whether the line around a place is a row of cells. On pages of many tags only bars at its ends tell: menus have bars too, and
/// tabs come before tags.
fn is_in_cells(bytes: &[u8], at: usize, many_tags: bool) -> bool {
    /// No row is longer; the lines of pages that have no line ends are.
    const LONGEST: usize = 2000;
    let before = &bytes[at.saturating_sub(LONGEST)..at];
    let behind = &bytes[at..bytes.len().min(at + LONGEST)];
    let start = memchr::memrchr2(b'\n', b'\r', before).map(|end| end + 1).or((before.len() == at).then_some(0));
    let end = memchr::memchr2(b'\n', b'\r', behind).or((at + behind.len() == bytes.len()).then_some(behind.len()));
    let (Some(start), Some(end)) = (start, end) else { return false };
    let (before, behind) = (before[start..].trim_ascii_start(), behind[..end].trim_ascii_end());
    let count = |sign| memchr::memchr_iter(sign, before).chain(memchr::memchr_iter(sign, behind)).count();
    before.starts_with(b"|") || behind.ends_with(b"|") || !many_tags && (count(b'|') > 1 || count(b'\t') > 0)
}

/// The tag at `start`: what it does, whether it opens, and the byte after it.
fn tag(text: &str, start: usize) -> Option<(Tag<'_>, bool, usize)> {
    /// A tag without an end within so many bytes is a sign of its own.
    const LONGEST: usize = 4000;
    let rest = &text[start..];
    if rest.starts_with("<!--") {
        return Some((Tag::Inline, true, start + rest.find("-->")? + 3));
    }
    let closing = rest[1..].starts_with('/');
    let name_at = 1 + usize::from(closing);
    let name = &rest[name_at..];
    let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric() && c != '!' && c != ':')?];
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!') {
        return None;
    }
    let length = memchr::memchr(b'>', &rest.as_bytes()[..rest.len().min(LONGEST)])? + 1;
    let tag = match name.to_ascii_lowercase().as_str() {
        "script" | "style" if !closing => Tag::Hidden(name),
        "tr" => Tag::Row,
        "td" | "th" => Tag::Cell,
        "br" => Tag::Break,
        "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" | "ul" | "ol" | "dl" | "dt" | "dd" | "table"
        | "tbody" | "thead" | "tfoot" | "html" | "head" | "body" | "title" | "section" | "article" | "header"
        | "footer" | "nav" | "form" | "hr" | "center" | "option" | "select" | "caption" | "blockquote" | "pre"
        | "meta" | "link" => Tag::Block,
        _ => Tag::Inline,
    };
    Some((tag, !closing, start + length))
}

fn replace_entities(out: &mut [u8]) {
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'&', &out[at..]) {
        let start = at + found;
        at = start + 1;
        let Some((name, sign)) = entity(&out[start..]) else { continue };
        out[start..start + name.len()].fill(NOTHING);
        out[start..start + sign.len()].copy_from_slice(sign.as_bytes());
        at = start + name.len();
    }
}

/// The entity that the bytes begin with, and its sign.
fn entity(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    ENTITIES.iter().find(|(name, _)| bytes.starts_with(name.as_bytes())).copied()
}

/// The entities that pages of public bodies have, and the signs they stand for; each sign is shorter than its entity.
const ENTITIES: &[(&str, &str)] = &[
    ("&nbsp;", " "),
    ("&ensp;", " "),
    ("&emsp;", " "),
    ("&#160;", " "),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&ldquo;", "“"),
    ("&rdquo;", "”"),
    ("&middot;", "·"),
    ("&mdash;", "—"),
    ("&amp;", "&"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let found = without_markup(text);
        assert!(found.as_ref().is_none_or(|found| found.len() == text.len()));
        let shown = found.map(|found| found.replace('\0', ""));
        assert_eq!(shown.as_deref(), expected);
    }

    #[test]
    fn markup() {
        check("规章 0 < 1", None);
        check("<p><span>一</span><span>、总体</span></p>", Some("\n一、总体\n"));
        check("<tr>\n<td>规章</td>\n<td colspan=3>0</td></tr><b></b>", Some("\n 规章 \t0\n"));
        check("<style>td{}</style>a<br/>b<i></i><b></b><a></a>", Some("a\nb"));
        check("| 行政规范性<br>文件 | 3<br/>（其中2件） |\n", Some("| 行政规范性 文件 | 3 （其中2件） |\n"));
        check("规范性<BR />文件\t3\n一、总体<br>文。<b>", Some("规范性 文件\t3\n一、总体\n文。<b>"));
        check("规章<br", None);
        check("> 规章｜0\n> 许可｜1\n> 收费｜&nbsp;", Some("\u{1}\u{1}规章|0\n\u{1}\u{1}许可|1\n\u{1}\u{1}收费| "));
        check("a&nbsp;b&amp;nbsp;", Some("a b&nbsp;"));
        check("<a href=", None);
    }
}
