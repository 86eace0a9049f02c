//! Texts as bytes in the encodings that reports come in.

/// An encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Bom,
    /// UTF-16, little endian, with a byte order mark.
    Utf16Le,
    Gb18030,
    /// For text in traditional script.
    Big5,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: &[Encoding] =
        &[Encoding::Utf8, Encoding::Utf8Bom, Encoding::Utf16Le, Encoding::Gb18030, Encoding::Big5];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf8Bom => "utf-8-bom",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Gb18030 => "gb18030",
            Encoding::Big5 => "big5",
        }
    }

    /// The encoding of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Encoding::ALL.iter().copied().find(|encoding| encoding.name() == name)
    }
}

/// The bytes of a text. Big5 lacks many characters of simplified script; see [`fits`].
pub fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8Bom => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        Encoding::Utf16Le => {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            units.flat_map(u16::to_le_bytes).collect()
        }
        Encoding::Gb18030 => encoding_rs::GB18030.encode(text).0.into_owned(),
        Encoding::Big5 => encoding_rs::BIG5.encode(text).0.into_owned(),
    }
}

/// Can every character of the text be written in this encoding?
pub fn fits(text: &str, encoding: Encoding) -> bool {
    match encoding {
        Encoding::Big5 => !encoding_rs::BIG5.encode(text).2,
        Encoding::Gb18030 => !encoding_rs::GB18030.encode(text).2,
        Encoding::Utf8 | Encoding::Utf8Bom | Encoding::Utf16Le => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_read_back() {
        let text = "總計 3件";
        for encoding in Encoding::ALL.iter().copied() {
            let bytes = encode(text, encoding);
            let codec = match encoding {
                Encoding::Gb18030 => encoding_rs::GB18030,
                Encoding::Big5 => encoding_rs::BIG5,
                _ => encoding_rs::UTF_8,
            };
            assert_eq!(codec.decode(&bytes).0, text);
        }
        assert!(!fits("总计", Encoding::Big5));
    }
}
