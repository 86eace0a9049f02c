//! HTML that was saved as text: tags and entities become blanks and line ends, byte for byte.
//!
//! In: decoded text. Out: the same text, of the same length, in which tags are invisible characters, blocks and rows begin
//! lines, and cells are delimited by tabs; or nothing where there is no markup. Since the length stays, every place in it is
//! the same place in the original. Only what plain pages need is understood: no nesting, no attributes, no style.

/// The text without its markup, if it has any.
pub fn without_markup(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    // Most pages have none of its signs.
    let first = memchr::memchr2(b'<', b'&', bytes)?;
    let has_tags = memchr::memmem::find_iter(&bytes[first..], b"</").nth(2).is_some();
    let has_entities = memchr::memchr_iter(b'&', bytes).any(|at| entity(&bytes[at..]).is_some());
    if !has_tags && !has_entities {
        return None;
    }
    let mut out = bytes.to_vec();
    if has_tags {
        blank_tags(text, &mut out);
    }
    if has_entities {
        replace_entities(&mut out);
    }
    String::from_utf8(out).ok()
}

/// A character of no width in the place of each byte of markup.
const NOTHING: u8 = 0;

/// What a tag does to the text around it.
enum Tag<'t> {
    /// It begins or ends a block.
    Block,
    /// It begins or ends a row.
    Row,
    /// It begins a cell.
    Cell,
    /// It only changes how the words look.
    Inline,
    /// What follows up to its end tag is no text.
    Hidden(&'t str),
}

fn blank_tags(text: &str, out: &mut [u8]) {
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
        let Some((tag, opening, mut end)) = tag(text, start) else { continue };
        let mark = match tag {
            Tag::Block if in_row => b' ',
            Tag::Block => b'\n',
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
        "p" | "br" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" | "ul" | "ol" | "dl" | "dt" | "dd"
        | "table" | "tbody" | "thead" | "tfoot" | "html" | "head" | "body" | "title" | "section" | "article"
        | "header" | "footer" | "nav" | "form" | "hr" | "center" | "option" | "select" | "caption" | "blockquote"
        | "pre" | "meta" | "link" => Tag::Block,
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
        check("a&nbsp;b&amp;nbsp;", Some("a b&nbsp;"));
        check("<a href=", None);
    }
}
