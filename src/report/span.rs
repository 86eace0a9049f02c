//! A stretch of the decoded text.

/// Byte offsets into the decoded text, on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// The span from `start` to before `end`.
    pub fn new(start: u32, end: u32) -> Span {
        debug_assert!(start <= end);
        Span { start, end }
    }

    /// The words that it covers.
    pub fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }

    /// How many bytes it covers.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// This span without blanks and invisible characters at its ends.
    pub fn trimmed(self, text: &str, is_blank: impl Fn(char) -> bool) -> Span {
        let words = self.of(text);
        let cut = words.trim_start_matches(&is_blank);
        let start = self.start + (words.len() - cut.len()) as u32;
        Span::new(start, start + cut.trim_end_matches(&is_blank).len() as u32)
    }
}
