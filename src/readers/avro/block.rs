//! The container of an Avro file: its header, and blocks of records that are compressed each on its own.

use super::{count, long, sized};
use crate::readers::failure::ReadFailure;
use crate::readers::source::Source;
use std::borrow::Cow;
use std::io::{BufReader, Read};

const MAGIC: &[u8] = b"Obj\x01";
/// Largest header in bytes.
const LARGEST_HEADER: usize = 16 * 1024 * 1024;
/// Largest block in bytes, as it is stored and as it is decompressed. Writers aim at 16 KiB to a few MiB.
const LARGEST_BLOCK: usize = 128 * 1024 * 1024;

/// How the blocks of a file are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    Null,
    Deflate,
    Snappy,
    Bzip2,
    Xz,
    Zstandard,
}

impl Codec {
    /// The codec of that name.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"" | b"null" => Self::Null,
            b"deflate" => Self::Deflate,
            b"snappy" => Self::Snappy,
            b"bzip2" => Self::Bzip2,
            b"xz" => Self::Xz,
            b"zstandard" => Self::Zstandard,
            _ => return None,
        })
    }

    /// The content of a block. An error says what is wrong with it.
    pub(super) fn decompress(self, stored: &[u8]) -> Result<Cow<'_, [u8]>, &'static str> {
        const BROKEN: &str = "a block of compressed records is damaged";
        match self {
            Self::Null => Ok(Cow::Borrowed(stored)),
            Self::Deflate => whole(flate2::read::DeflateDecoder::new(stored)),
            Self::Bzip2 => whole(bzip2::read::MultiBzDecoder::new(stored)),
            Self::Xz => whole(lzma_rust2::XzReader::new(stored, true)),
            Self::Zstandard => whole(zstd::stream::read::Decoder::with_buffer(stored).map_err(|_| BROKEN)?),
            Self::Snappy => {
                // The checksum of the content stands behind it.
                let (stored, checksum) = stored.split_last_chunk::<4>().ok_or(BROKEN)?;
                let length = snap::raw::decompress_len(stored).map_err(|_| BROKEN)?;
                if length > LARGEST_BLOCK {
                    return Err(TOO_LARGE);
                }
                let content = snap::raw::Decoder::new().decompress_vec(stored).map_err(|_| BROKEN)?;
                if crc32fast::hash(&content) != u32::from_be_bytes(*checksum) {
                    return Err(BROKEN);
                }
                Ok(Cow::Owned(content))
            }
        }
    }
}

const TOO_LARGE: &str = "a block of records is larger than any block should be";

fn whole<'a>(content: impl Read) -> Result<Cow<'a, [u8]>, &'static str> {
    let mut bytes = Vec::new();
    content
        .take(LARGEST_BLOCK as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| "a block of compressed records is damaged")?;
    if bytes.len() > LARGEST_BLOCK { Err(TOO_LARGE) } else { Ok(Cow::Owned(bytes)) }
}

/// One block, as it is stored.
pub(super) struct Block<'b> {
    /// Number of records that it says it holds.
    pub(super) records: u64,
    pub(super) stored: &'b [u8],
}

/// A file whose header has been read.
pub(super) struct Blocks {
    input: BufReader<Source>,
    left: u64,
    /// The schema as JSON.
    pub(super) schema: Vec<u8>,
    /// Name of the codec.
    pub(super) codec: Vec<u8>,
    /// Ends every block.
    marker: [u8; 16],
    stored: Vec<u8>,
}

impl Blocks {
    /// Reads the header.
    pub(super) fn open(input: Source) -> Result<Self, ReadFailure> {
        let left = input.length()?;
        let mut input = BufReader::with_capacity(64 * 1024, input);
        let mut head = Vec::new();
        let mut step = 64 * 1024;
        // The header does not say how long it is: as much is read as it turns out to take.
        let (schema, codec, length) = loop {
            let read = input.by_ref().take(step).read_to_end(&mut head)?;
            match header(&head) {
                Some((schema, codec, rest)) => break (schema.to_vec(), codec.to_vec(), head.len() - rest.len()),
                None if read == 0 || head.len() > LARGEST_HEADER || !head.starts_with(MAGIC) => {
                    return Err(ReadFailure::malformed("its header is damaged or cut off"));
                }
                None => step = head.len() as u64,
            }
        };
        let behind = head.len() - length;
        input.seek_relative(-(behind as u64).cast_signed())?;
        let mut marker = [0; 16];
        input.read_exact(&mut marker).map_err(|_| ReadFailure::malformed("its header is cut off"))?;
        Ok(Self { input, left: left.saturating_sub(length as u64 + 16), schema, codec, marker, stored: Vec::new() })
    }

    /// The next block; `None` at the end of the file.
    pub(super) fn next_block(&mut self) -> Result<Option<Block<'_>>, ReadFailure> {
        const CUT: &str = "the file is cut off within a block of records";
        if self.left == 0 {
            return Ok(None);
        }
        let (records, length) = (self.number()?, self.number()?);
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length as u64 > self.left {
            return Err(ReadFailure::malformed(CUT));
        }
        if length > LARGEST_BLOCK {
            return Err(ReadFailure::malformed(TOO_LARGE));
        }
        self.stored.clear();
        self.input.by_ref().take(length as u64).read_to_end(&mut self.stored)?;
        let mut marker = [0; 16];
        self.input.read_exact(&mut marker).map_err(|_| ReadFailure::malformed(CUT))?;
        if marker != self.marker {
            return Err(ReadFailure::malformed("the mark at the end of a block of records is not that of the file"));
        }
        self.left = self.left.saturating_sub(length as u64 + 16);
        Ok(Some(Block { records: u64::try_from(records).unwrap_or(0), stored: &self.stored }))
    }

    fn number(&mut self) -> Result<i64, ReadFailure> {
        let cut = || ReadFailure::malformed("the file is cut off before a block of records");
        let mut bytes = [0; 10];
        for end in 1..=bytes.len() {
            self.input.read_exact(&mut bytes[end - 1..end]).map_err(|_| cut())?;
            self.left = self.left.saturating_sub(1);
            if bytes[end - 1] < 0x80 {
                return long(&mut &bytes[..end]).map_err(|_| cut());
            }
        }
        Err(cut())
    }
}

/// Schema and codec of the header that `head` starts with, and what follows it; `None` if it is not all there.
fn header(head: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let mut rest = head.strip_prefix(MAGIC)?;
    let (mut schema, mut codec) = (&b""[..], &b""[..]);
    while let Some(count) = count(&mut rest).ok()? {
        for _ in 0..count {
            let key = sized(&mut rest).ok()?;
            let value = sized(&mut rest).ok()?;
            match key {
                b"avro.schema" => schema = value,
                b"avro.codec" => codec = value,
                _ => {}
            }
        }
    }
    Some((schema, codec, rest))
}
