//! Where lines begin: offset -> line and column, both from 1.
//!
//! A line ends with `\n`, `\r\n` or a lone `\r`, as editors count them.

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
}
