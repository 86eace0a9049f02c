//! Where lines begin: offset -> line and column, both from 1.
//!
//! A line ends with `\n`, `\r\n` or a lone `\r`, as editors count them. [`Lines`] finds all lines beforehand; [`LineCounter`]
//! counts on to each place that is asked for, which is quicker where these are few or follow one another.

use std::cell::Cell;

/// The line starts of one text.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    /// Finds the line starts of `text`, which must be shorter than 4 GiB.
    pub fn new(text: &str) -> Lines {
        let bytes = text.as_bytes();
        let mut starts = Vec::with_capacity(bytes.len() / 40 + 1);
        starts.push(0);
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let first_of_two = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if !first_of_two {
                starts.push(at as u32 + 1);
            }
        }
        Lines { starts }
    }

    /// Byte offsets at which the lines begin; the first is always 0.
    pub fn starts(&self) -> &[u32] {
        &self.starts
    }

    /// The line (from 1) in which the byte `offset` stands.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset) as u32
    }

    /// The column (from 1, in characters) of the byte `offset` of `text`.
    pub fn column(&self, text: &str, offset: u32) -> u32 {
        let start = self.starts[self.line(offset) as usize - 1] as usize;
        text[start..offset as usize].chars().count() as u32 + 1
    }
}

/// The lines of places in one text.
#[derive(Clone, Debug)]
pub struct LineCounter<'t> {
    text: &'t str,
    /// An offset, and how many lines end before it.
    last: Cell<(u32, u32)>,
}

impl<'t> LineCounter<'t> {
    /// For the places of `text`, which must be shorter than 4 GiB.
    pub fn new(text: &'t str) -> LineCounter<'t> {
        LineCounter { text, last: Cell::new((0, 0)) }
    }

    /// The line (from 1) in which the byte `offset` stands.
    pub fn line(&self, offset: u32) -> u32 {
        let (last, before) = self.last.get();
        let before = match last <= offset {
            true => before + self.ends(last, offset),
            false => before - self.ends(offset, last),
        };
        self.last.set((offset, before));
        before + 1
    }

    /// The column (from 1, in characters) of the byte `offset`.
    pub fn column(&self, offset: u32) -> u32 {
        let offset = offset as usize;
        let bytes = self.text.as_bytes();
        let inside_end = offset > 0 && bytes[offset - 1] == b'\r' && bytes.get(offset) == Some(&b'\n');
        let before = &bytes[..offset - usize::from(inside_end)];
        let start = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |end| end + 1);
        self.text[start..offset].chars().count() as u32 + 1
    }

    /// How many lines end in that range.
    fn ends(&self, start: u32, end: u32) -> u32 {
        // So many bytes are counted in one byte, without a branch.
        const AT_ONCE: usize = 240;
        let (start, end) = (start as usize, end as usize);
        if start == end {
            return 0;
        }
        let bytes = self.text.as_bytes();
        let (these, behind) = (&bytes[start..end], &bytes[start + 1..bytes.len().min(end + 1)]);
        // At the very end of the text nothing stands behind.
        let mut count = u32::from(behind.len() < these.len() && matches!(these.last(), Some(b'\n' | b'\r')));
        for (these, behind) in these.chunks(AT_ONCE).zip(behind.chunks(AT_ONCE)) {
            let ends = these.iter().zip(behind).map(|(a, b)| u8::from((*a == b'\n') | ((*a == b'\r') & (*b != b'\n'))));
            count += u32::from(ends.sum::<u8>());
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends() {
        let text = "一\r\n二三\n\r四";
        let lines = Lines::new(text);
        assert_eq!(lines.starts().len(), 4);
        for (sign, line, column) in [("一", 1, 1), ("三", 2, 2), ("四", 4, 1)] {
            let at = text.find(sign).expect("the sign") as u32;
            assert_eq!((lines.line(at), lines.column(text, at)), (line, column));
        }
    }

    #[track_caller]
    fn compare(text: &str) {
        let (lines, counter) = (Lines::new(text), LineCounter::new(text));
        let places = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).map(|at| at as u32);
        let (forwards, backwards) = (places.clone(), places.rev());
        for at in forwards.chain(backwards) {
            assert_eq!(
                (counter.line(at), counter.column(at)),
                (lines.line(at), lines.column(text, at)),
                "{text:?} {at}"
            );
        }
        // Far jumps.
        let (_, last) = (counter.line(0), counter.line(text.len() as u32));
        assert_eq!(last, lines.line(text.len() as u32));
    }

    #[test]
    fn counted_and_found_lines_agree() {
        for text in ["", "\n", "\r", "\r\n", "\n\r", "一\r\n二三\n\r四", "一\r", "一\r\n\r\n", "\r\r\n\n二"] {
            compare(text);
            compare(&text.repeat(100));
        }
    }
}
