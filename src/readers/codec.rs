//! Takes compression off streams.

use super::gunzip::Gunzip;
use std::io::{self, Read};

/// How a stream is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// GNU Zip (RFC 1952), of one or more members.
    Gzip,
    /// bzip2, of one or more streams.
    #[cfg(feature = "archives")]
    Bzip2,
    /// xz, of one or more streams.
    #[cfg(feature = "archives")]
    Xz,
    /// Zstandard (RFC 8878), of one or more frames.
    #[cfg(feature = "archives")]
    Zstd,
}

impl Codec {
    /// Lower-case extensions that are put behind the name of what is compressed.
    pub(super) fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Gzip => &["gz", "gzip"],
            #[cfg(feature = "archives")]
            Self::Bzip2 => &["bz2", "bz"],
            #[cfg(feature = "archives")]
            Self::Xz => &["xz"],
            #[cfg(feature = "archives")]
            Self::Zstd => &["zst", "zstd"],
        }
    }
}

/// A stream without its compression.
pub(super) enum Decompressor<R: Read> {
    /// See [`Codec::Gzip`].
    Gzip(Box<Gunzip<R>>),
    /// See [`Codec::Bzip2`].
    #[cfg(feature = "archives")]
    Bzip2(Box<bzip2::read::MultiBzDecoder<R>>),
    /// See [`Codec::Xz`].
    #[cfg(feature = "archives")]
    Xz(Box<lzma_rust2::XzReader<io::BufReader<R>>>),
    /// See [`Codec::Zstd`].
    #[cfg(feature = "archives")]
    Zstd(Box<zstd::stream::read::Decoder<'static, io::BufReader<R>>>),
}

/// Memory for a window of xz, in KiB: as much as its strongest preset asks for, and not whatever a file says.
#[cfg(feature = "archives")]
const XZ_WINDOW_KIB: u32 = 80 * 1024;

impl<R: Read> Decompressor<R> {
    /// Takes `codec` off `input`.
    #[cfg_attr(
        not(feature = "archives"),
        expect(clippy::unnecessary_wraps, reason = "only other codecs can fail here")
    )]
    pub(super) fn new(codec: Codec, input: R) -> io::Result<Self> {
        Ok(match codec {
            Codec::Gzip => Self::Gzip(Box::new(Gunzip::new(input))),
            #[cfg(feature = "archives")]
            Codec::Bzip2 => Self::Bzip2(Box::new(bzip2::read::MultiBzDecoder::new(input))),
            #[cfg(feature = "archives")]
            Codec::Xz => {
                let input = io::BufReader::with_capacity(64 * 1024, input);
                Self::Xz(Box::new(lzma_rust2::XzReader::new_mem_limit(input, true, XZ_WINDOW_KIB)))
            }
            #[cfg(feature = "archives")]
            Codec::Zstd => Self::Zstd(Box::new(zstd::stream::read::Decoder::new(input)?)),
        })
    }
}

impl<R: Read> Read for Decompressor<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Gzip(decoder) => decoder.read(buffer),
            #[cfg(feature = "archives")]
            Self::Bzip2(decoder) => decoder.read(buffer),
            #[cfg(feature = "archives")]
            Self::Xz(decoder) => decoder.read(buffer),
            #[cfg(feature = "archives")]
            Self::Zstd(decoder) => decoder.read(buffer),
        }
    }
}
