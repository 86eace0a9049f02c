//! Packing of a whole stream, and how much of a damaged one can be unpacked.

use std::io::{self, Read, Write};

/// How a stream is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Packing {
    None,
    Gzip,
    Zstd,
    Xz,
    Bzip2,
}

impl Packing {
    /// Packs what is written into `out`. Fast rather than small: archives are made in each run of a test.
    pub(super) fn writer<W: Write>(self, out: W) -> io::Result<Packer<W>> {
        Ok(match self {
            Packing::None => Packer::None(out),
            Packing::Gzip => Packer::Gzip(flate2::write::GzEncoder::new(out, flate2::Compression::new(3))),
            Packing::Zstd => {
                let mut encoder = zstd::Encoder::new(out, 3)?;
                // As the command of that name does.
                encoder.include_checksum(true)?;
                Packer::Zstd(encoder)
            }
            Packing::Xz => Packer::Xz(liblzma::write::XzEncoder::new(out, 1)),
            Packing::Bzip2 => Packer::Bzip2(bzip2::write::BzEncoder::new(out, bzip2::Compression::fast())),
        })
    }

    fn reader<'r>(self, from: impl Read + 'r) -> io::Result<Box<dyn Read + 'r>> {
        Ok(match self {
            Packing::None => Box::new(from),
            Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(from)),
            Packing::Zstd => Box::new(zstd::Decoder::new(from)?),
            Packing::Xz => Box::new(liblzma::read::XzDecoder::new_multi_decoder(from)),
            Packing::Bzip2 => Box::new(bzip2::read::MultiBzDecoder::new(from)),
        })
    }
}

/// How many bytes can be had of a packed stream that may end early.
pub fn unpacked(packing: Packing, from: impl Read) -> u64 {
    let Ok(mut reader) = packing.reader(from) else { return 0 };
    let mut buffer = [0; 8192];
    let mut count = 0;
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return count,
            Ok(some) => count += some as u64,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return count,
        }
    }
}

/// A stream that is being packed.
pub(super) enum Packer<W: Write> {
    None(W),
    Gzip(flate2::write::GzEncoder<W>),
    Zstd(zstd::Encoder<'static, W>),
    Xz(liblzma::write::XzEncoder<W>),
    Bzip2(bzip2::write::BzEncoder<W>),
}

impl<W: Write> Packer<W> {
    /// Writes what is still held back, and gives the writer below.
    pub(super) fn finish(self) -> io::Result<W> {
        match self {
            Packer::None(out) => Ok(out),
            Packer::Gzip(encoder) => encoder.finish(),
            Packer::Zstd(encoder) => encoder.finish(),
            Packer::Xz(encoder) => encoder.finish(),
            Packer::Bzip2(encoder) => encoder.finish(),
        }
    }
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Packer::None(out) => out.write(bytes),
            Packer::Gzip(encoder) => encoder.write(bytes),
            Packer::Zstd(encoder) => encoder.write(bytes),
            Packer::Xz(encoder) => encoder.write(bytes),
            Packer::Bzip2(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Packer::None(out) => out.flush(),
            Packer::Gzip(encoder) => encoder.flush(),
            Packer::Zstd(encoder) => encoder.flush(),
            Packer::Xz(encoder) => encoder.flush(),
            Packer::Bzip2(encoder) => encoder.flush(),
        }
    }
}
