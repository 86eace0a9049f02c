//! UTF-16 -> UTF-8, piece by piece, for what is read line by line.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_16BE, UTF_16LE};

use super::lines::NO_CHARACTER;
use super::stream::Stream;

/// A stream of UTF-16 as UTF-8; a byte that is none stands for what is no character.
pub(super) struct Utf16<'t, 's> {
    from: &'t mut Stream<'s>,
    encoding: &'static Encoding,
    decoder: Decoder,
    over: bool,
}

impl<'t, 's> Utf16<'t, 's> {
    /// The byte order of UTF-16, by its mark, or since the first character of JSON is in ASCII.
    pub(super) fn begins(start: &[u8]) -> Option<&'static Encoding> {
        match start {
            [0xFF, 0xFE, ..] | [1..=0x7F, 0, ..] => Some(UTF_16LE),
            [0xFE, 0xFF, ..] | [0, 1..=0x7F, ..] => Some(UTF_16BE),
            _ => None,
        }
    }

    pub(super) fn new(from: &'t mut Stream<'s>, encoding: &'static Encoding) -> Utf16<'t, 's> {
        Utf16 { from, encoding, decoder: encoding.new_decoder_with_bom_removal(), over: false }
    }
}

impl Read for Utf16<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut written = 0;
        while written == 0 && !self.over {
            let seen = match self.from.ahead(1) {
                Ok(seen) => seen,
                Err(error) => {
                    self.decoder = self.encoding.new_decoder_without_bom_handling();
                    return Err(error);
                }
            };
            let at_end = seen.is_empty();
            let (result, read, made) = self.decoder.decode_to_utf8_without_replacement(seen, into, at_end);
            self.from.consume(read);
            written = made;
            match result {
                // There is room for it: what is written as a character takes more.
                DecoderResult::Malformed(..) => {
                    if let Some(byte) = into.get_mut(written) {
                        *byte = NO_CHARACTER;
                        written += 1;
                    }
                }
                DecoderResult::InputEmpty => self.over = at_end,
                DecoderResult::OutputFull => {}
            }
        }
        Ok(written)
    }
}
