//! Traces of marks: a few short pieces of words, so chosen that every mark has one.
//!
//! Most pages have no mark of any grammar but their own, and one search for a handful of pieces shows it, where a search for each
//! mark would read the page many times.

use super::{Mark, Pattern};

/// The traces of one grammar's marks.
#[derive(Clone, Debug)]
pub(crate) struct Traces {
    shown: Pattern,
    folded: Pattern,
    /// Whether no mark, as the form prints it, is longer than a line.
    within_lines: bool,
}

impl Traces {
    /// The traces of these marks. Pieces that stand in `other`, the words of the other grammars, are taken only where a mark
    /// has none but such.
    pub(super) fn of(marks: &[Mark], other: &str) -> Traces {
        let shown: Vec<&str> = marks.iter().map(|mark| mark.shown.as_str()).collect();
        let folded: Vec<&str> = marks.iter().map(|mark| mark.key.as_str()).collect();
        let within_lines = shown.iter().all(|mark| !mark.contains(['\n', '\r']));
        Traces { shown: pattern(&shown, other), folded: pattern(&folded, other), within_lines }
    }

    /// Whether each mark, as the form prints it, stands in one line of a text.
    pub(crate) fn are_within_lines(&self) -> bool {
        self.within_lines
    }

    /// Where the first mark may stand in the text as the form prints it, or a part of it.
    pub(crate) fn in_text(&self, text: &str) -> Option<usize> {
        self.shown.regex().map_or(Some(0), |regex| regex.find(text).map(|trace| trace.start()))
    }

    /// Whether the key of a mark may stand in the folded text.
    pub(crate) fn in_key(&self, folded: &str) -> bool {
        self.folded.regex().is_none_or(|regex| regex.is_match(folded))
    }
}

/// One of the pieces, each time the one that the most words have.
fn pattern(words: &[&str], other: &str) -> Pattern {
    let mut pieces: Vec<&str> = Vec::new();
    let mut open: Vec<&str> = words.to_vec();
    while let Some(first) = open.first() {
        let own = pieces_of(first).filter(|piece| !other.contains(piece));
        let piece = own.max_by_key(|piece| open.iter().filter(|word| word.contains(piece)).count()).unwrap_or(first);
        open.retain(|word| !word.contains(piece));
        pieces.push(piece);
    }
    if pieces.is_empty() {
        // What no text has.
        return Pattern::unchecked("[^\\s\\S]");
    }
    let pieces: Vec<String> = pieces.into_iter().map(regex_syntax::escape).collect();
    Pattern::unchecked(&pieces.join("|"))
}

/// Every three letters of the word that follow one another.
fn pieces_of(word: &str) -> impl Iterator<Item = &str> {
    const LETTERS: usize = 3;
    word.char_indices().filter_map(move |(start, _)| {
        let (end, last) = word[start..].char_indices().nth(LETTERS - 1)?;
        Some(&word[start..start + end + last.len_utf8()])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &[&str], other: &str, expected: &str) {
        assert_eq!(pattern(words, other).regex().expect("a pattern").as_str(), expected);
    }

    #[test]
    fn pieces() {
        check(&["本年新制作数量", "本年度新制作数量", "上年项目数量"], "数量", "作数量|目数量");
        check(&["本年新制作数量", "本年制发数"], "本年新制作数量", "本年新制作数量|制发数");
        check(&["增减"], "", "增减");
        check(&[], "", "[^\\s\\S]");
    }
}
