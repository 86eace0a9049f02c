//! How the bytes of a file are packed: a gzip member or a Zstandard frame for each batch, so that workers pack, a run can go on
//! behind the last batch, and a batch of an old file can be copied as it is. All tools read such a file as one.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

/// How the bytes of a file are packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    #[default]
    Plain,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

/// Lines of JSON are packed twelvefold by these; a higher level takes several times as long for little.
const GZIP_LEVEL: u32 = 5;
const ZSTD_LEVEL: i32 = 3;

/// What packs. It keeps its tables from batch to batch.
#[derive(Default)]
pub(super) struct Packer(Option<zstd::bulk::Compressor<'static>>);

impl Packer {
    /// Packs the bytes behind what is in `out`. Nothing is packed as nothing.
    pub(super) fn pack(&mut self, packing: Packing, bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        match packing {
            Packing::Plain => out.extend_from_slice(bytes),
            Packing::Gzip => {
                let mut encoder = GzEncoder::new(out, Compression::new(GZIP_LEVEL));
                encoder.write_all(bytes)?;
                encoder.finish()?;
            }
            Packing::Zstd => {
                let compressor = match &mut self.0 {
                    Some(compressor) => compressor,
                    empty => {
                        let mut compressor = zstd::bulk::Compressor::new(ZSTD_LEVEL)?;
                        compressor.include_checksum(true)?;
                        empty.insert(compressor)
                    }
                };
                out.extend_from_slice(&compressor.compress(bytes)?);
            }
        }
        Ok(())
    }
}

/// Unpacks one member or frame.
pub(super) fn unpack(packing: Packing, packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match packing {
        Packing::Plain => bytes.extend_from_slice(packed),
        Packing::Gzip => _ = GzDecoder::new(packed).read_to_end(&mut bytes)?,
        Packing::Zstd => _ = zstd::Decoder::new(packed)?.read_to_end(&mut bytes)?,
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_parts_are_one_file() {
        let parts: Vec<Vec<u8>> = (0..50u32).map(|part| format!("{part}\n").repeat(1000).into_bytes()).collect();
        for packing in [Packing::Plain, Packing::Gzip, Packing::Zstd] {
            let mut packer = Packer::default();
            let mut file = Vec::new();
            for part in &parts {
                let begin = file.len();
                packer.pack(packing, part, &mut file).expect("packed");
                assert_eq!(&unpack(packing, &file[begin..]).expect("unpacked"), part);
            }
            let mut all = Vec::new();
            match packing {
                Packing::Plain => all = file,
                Packing::Gzip => _ = flate2::read::MultiGzDecoder::new(&file[..]).read_to_end(&mut all).expect("gzip"),
                Packing::Zstd => all = zstd::decode_all(&file[..]).expect("zstd"),
            }
            assert_eq!(all, parts.concat());
        }
    }
}
