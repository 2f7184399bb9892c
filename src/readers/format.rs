//! What is known of a format: by what it is recognised, and what reads it.

use super::failure::ReadFailure;
use super::limits::Limits;
use super::source::Source;
use crate::model::{ContentSink, StoredKind};
use std::fmt;
use std::io::Read;

/// A format that is told by its content, its name, or both. There is one of each in `super::formats::FORMATS`.
pub struct Format {
    /// Name for a person, such as `Parquet file`.
    pub name: &'static str,
    /// Media type as findings name it.
    pub mime_type: &'static str,
    /// Lower-case extensions that promise it.
    pub extensions: &'static [&'static str],
    /// By what content is recognised.
    pub detection: Detection,
    /// The limit on its stored bytes.
    pub stored: StoredKind,
    /// What reads it.
    pub reader: Reader,
}

/// By what the content of a format is recognised.
pub enum Detection {
    /// One of these bytes at their offset, and then what a closer look says, which is given the first bytes of the content
    /// and the lower-case extension of its name.
    Bytes(&'static [(usize, &'static [u8])], fn(&[u8], &str) -> bool),
    /// Text for which this holds: it is given the first of the content as UTF-8 (or in another encoding of one byte a
    /// character) and the lower-case extension of its name.
    Text(fn(&[u8], &str) -> bool),
}

/// Reads an object in which it can jump about.
pub type SeekingReader = fn(Source, &Limits, &mut dyn ContentSink) -> Result<(), ReadFailure>;
/// Reads an object from its start to its end, in bounded memory. Text comes in UTF-8 as far as its encoding is known.
pub type StreamingReader = fn(&mut dyn Read, &Limits, &mut dyn ContentSink) -> Result<(), ReadFailure>;

/// What reads a format.
#[derive(Clone, Copy)]
pub enum Reader {
    /// A reader that jumps about.
    Seeking(SeekingReader),
    /// A reader that goes straight through.
    Streaming(StreamingReader),
    /// A decompressor: what is inside is looked at in turn.
    Decompressor(super::Codec),
    /// None in this build, since the named Cargo feature is off: a gap.
    Without(&'static str),
    /// None, and nobody expects one: out of scope.
    OutOfScope,
}

impl Format {
    /// True if content that starts with `head` and is called so is of this format by its bytes.
    pub(super) fn fits_bytes(&self, head: &[u8], extension: &str) -> bool {
        let Detection::Bytes(signatures, closer) = &self.detection else { return false };
        let signed = |(offset, bytes): &(usize, &[u8])| head.get(*offset..).is_some_and(|rest| rest.starts_with(bytes));
        signatures.iter().any(signed) && closer(head, extension)
    }

    /// True if text that starts with `head` and is called so is of this format.
    pub(super) fn fits_text(&self, head: &[u8], extension: &str) -> bool {
        matches!(&self.detection, Detection::Text(fits) if fits(head, extension))
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Format {}

impl fmt::Debug for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}
