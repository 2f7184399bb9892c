//! A stream of an ORC file: bytes in chunks that are compressed each on its own.

use crate::readers::shared_source::SharedSource;
use std::io::Read;

/// Largest chunk in bytes, as it is stored and as it is decompressed. Writers use 256 KiB; the format's lengths end at 8 MiB.
const LARGEST_CHUNK: usize = 16 * 1024 * 1024;
/// Bytes of a stream without compression that are read at once.
const PIECE: usize = 64 * 1024;

/// How chunks are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    None,
    Zlib,
    Snappy,
    Lz4,
    Zstd,
}

impl Codec {
    /// The codec that the format gives that number.
    pub(super) fn numbered(number: u64) -> Option<Self> {
        Some(match number {
            0 => Self::None,
            1 => Self::Zlib,
            2 => Self::Snappy,
            4 => Self::Lz4,
            5 => Self::Zstd,
            _ => return None,
        })
    }

    fn decompress(self, stored: &[u8], chunk: &mut Vec<u8>) -> Option<()> {
        chunk.clear();
        let most = LARGEST_CHUNK as u64 + 1;
        match self {
            Self::None => chunk.extend_from_slice(stored),
            Self::Zlib => {
                flate2::read::DeflateDecoder::new(stored).take(most).read_to_end(chunk).ok()?;
            }
            Self::Zstd => {
                let decoder = zstd::stream::read::Decoder::with_buffer(stored).ok()?;
                decoder.take(most).read_to_end(chunk).ok()?;
            }
            Self::Snappy => {
                let length = snap::raw::decompress_len(stored).ok().filter(|length| *length <= LARGEST_CHUNK)?;
                chunk.resize(length, 0);
                snap::raw::Decoder::new().decompress(stored, chunk).ok()?;
            }
            Self::Lz4 => {
                // A byte of LZ4 stands for at most 255.
                chunk.resize(stored.len().saturating_mul(255).min(LARGEST_CHUNK), 0);
                let length = lz4_flex::block::decompress_into(stored, chunk).ok()?;
                chunk.truncate(length);
            }
        }
        (chunk.len() <= LARGEST_CHUNK).then_some(())
    }
}

/// One stream, read from its start to its end.
#[derive(Debug)]
pub(super) struct OrcStream {
    source: SharedSource,
    position: u64,
    end: u64,
    codec: Codec,
    chunk: Vec<u8>,
    at: usize,
}

impl OrcStream {
    /// The stream of that place in the file.
    pub(super) fn new(source: SharedSource, start: u64, length: u64, codec: Codec) -> Self {
        let end = start.saturating_add(length).min(source.length());
        Self { source, position: start, end, codec, chunk: Vec::new(), at: 0 }
    }

    /// A stream of nothing.
    pub(super) fn empty(source: SharedSource) -> Self {
        Self::new(source, 0, 0, Codec::None)
    }

    /// The next byte; `None` at the end, or where the stream is damaged.
    #[inline]
    pub(super) fn byte(&mut self) -> Option<u8> {
        if self.at == self.chunk.len() {
            self.refill()?;
        }
        let byte = *self.chunk.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// Appends the next `length` bytes to `into`, and of those no more than the first `most`.
    pub(super) fn take(&mut self, mut length: u64, most: usize, into: &mut Vec<u8>) -> Option<()> {
        let mut room = most;
        while length > 0 {
            if self.at == self.chunk.len() {
                self.refill()?;
            }
            let there = &self.chunk[self.at..];
            let taken = there.len().min(usize::try_from(length).unwrap_or(usize::MAX));
            into.extend_from_slice(&there[..taken.min(room)]);
            room -= taken.min(room);
            self.at += taken;
            length -= taken as u64;
        }
        Some(())
    }

    /// A number of variable length, up to 128 bits, without regard to its sign.
    pub(super) fn varint(&mut self) -> Option<u128> {
        let mut number = 0;
        for shift in (0..128).step_by(7) {
            let byte = self.byte()?;
            number |= u128::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// All bytes up to the end, if they are no more than `most`.
    pub(super) fn read_all(mut self, most: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        while self.refill().is_some() {
            bytes.extend_from_slice(&self.chunk);
            if bytes.len() > most {
                return None;
            }
        }
        (self.position == self.end).then_some(bytes)
    }

    #[cold]
    fn refill(&mut self) -> Option<()> {
        self.at = 0;
        self.chunk.clear();
        while self.chunk.is_empty() {
            let left = self.end.checked_sub(self.position).filter(|left| *left > 0)?;
            if self.codec == Codec::None {
                self.chunk = self.read(left.min(PIECE as u64))?;
                return Some(());
            }
            let left = left.checked_sub(3)?;
            let header = self.read(3)?;
            let header = u32::from_le_bytes([header[0], header[1], header[2], 0]);
            let length = u64::from(header >> 1);
            if length > left {
                return None;
            }
            let stored = self.read(length)?;
            if header & 1 == 1 {
                self.chunk = stored;
            } else {
                self.codec.decompress(&stored, &mut self.chunk)?;
            }
        }
        Some(())
    }

    fn read(&mut self, length: u64) -> Option<Vec<u8>> {
        let bytes = self.source.read_at(self.position, length).ok()?;
        self.position += bytes.len() as u64;
        (bytes.len() as u64 == length).then_some(bytes)
    }
}
