//! The content of an object, behind the layers that were taken off it: compression, encoding, a header.

use super::chunk::Chunk;
use super::codec::{Codec, Decompressor};
use super::decode::{Decoded, Encoding};
use super::limits::Limits;
use super::quoting::{Quoting, Requoted};
use std::io::{self, Cursor, Read};
use std::sync::Arc;

/// What an object holds: as UTF-8 if it is text whose encoding is known as a whole, and decompressed.
///
/// It can go to another thread if the input can.
pub struct Content<R: Read>(Layer<R>);

enum Layer<R: Read> {
    Input(R),
    /// The start that has been looked at, and what follows it.
    Begun(Cursor<Vec<u8>>, Box<Layer<R>>),
    /// A start that is all there is, and perhaps what stopped it.
    Ended(Cursor<Vec<u8>>, Option<io::Error>),
    Decompressed {
        inner: Box<Decompressor<Layer<R>>>,
        given: u64,
        limits: Arc<Limits>,
    },
    Decoded(Box<Decoded<Layer<R>>>),
    Requoted(Box<Requoted<Layer<R>>>),
}

impl<R: Read> Read for Layer<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Input(input) => input.read(buffer),
            Self::Begun(head, rest) => match head.read(buffer)? {
                0 => rest.read(buffer),
                read => Ok(read),
            },
            Self::Ended(head, failure) => match head.read(buffer)? {
                0 => failure.take().map_or(Ok(0), Err),
                read => Ok(read),
            },
            Self::Decompressed { inner, given, limits } => {
                let left = (limits.quotas().expanded_bytes - *given).max(1);
                let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
                let read = inner.read(&mut buffer[..most])?;
                *given += read as u64;
                limits.expanded_to(*given)?;
                Ok(read)
            }
            Self::Decoded(decoded) => decoded.read(buffer),
            Self::Requoted(requoted) => requoted.read(buffer),
        }
    }
}

impl<R: Read> Read for Content<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R: Read> Content<R> {
    /// The content of an object that stands in `input` as it is.
    pub fn new(input: R) -> Self {
        Self(Layer::Input(input))
    }

    /// What is left of a content of which a part was taken and given back.
    pub fn of_rest(rest: io::Chain<Cursor<Vec<u8>>, Self>) -> Self {
        let (carried, rest) = rest.into_inner();
        Self(Layer::Begun(carried, Box::new(rest.0)))
    }

    /// Takes compression off.
    pub(super) fn decompressed(self, codec: Codec, limits: &Arc<Limits>) -> io::Result<Self> {
        let inner = Box::new(Decompressor::new(codec, self.0)?);
        Ok(Self(Layer::Decompressed { inner, given: 0, limits: Arc::clone(limits) }))
    }

    /// Brings text to UTF-8.
    pub(super) fn decoded(self, encoding: Encoding) -> Self {
        if encoding == Encoding::Bytes(0) {
            return self;
        }
        Self(Layer::Decoded(Box::new(Decoded::new(self.0, encoding))))
    }

    /// Brings the quotes of a table to the usual way.
    pub(super) fn requoted(self, quoting: Quoting) -> Self {
        Self(Layer::Requoted(Box::new(Requoted::new(self.0, quoting))))
    }

    /// Takes the first `size` bytes off, fewer if there are not so many. Fails if there are none for another reason than
    /// that the content is empty.
    pub(super) fn take_head(&mut self, size: usize) -> io::Result<Head> {
        let mut head = Chunk::default();
        let read = head.read_up_to(size, self);
        let bytes = head.into_bytes();
        match read {
            Ok(()) => Ok(Head { at_end: bytes.len() < size, bytes, failure: None }),
            Err(failure) if bytes.is_empty() => Err(failure),
            Err(failure) => Ok(Head { at_end: true, bytes, failure: Some(failure) }),
        }
    }

    /// Puts back what was taken off, less its first `dropped` bytes.
    pub(super) fn put_back(self, head: Head, dropped: usize) -> Self {
        let mut bytes = Cursor::new(head.bytes);
        bytes.set_position(dropped as u64);
        Self(match (head.failure, head.at_end) {
            (None, false) => Layer::Begun(bytes, Box::new(self.0)),
            (failure, _) => Layer::Ended(bytes, failure),
        })
    }
}

/// The start of a content, and what stopped it from being longer.
pub(super) struct Head {
    pub(super) bytes: Vec<u8>,
    pub(super) at_end: bool,
    failure: Option<io::Error>,
}
