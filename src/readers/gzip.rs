//! Reads compressed objects under a budget, and says what a failed read means.

use crate::model::Reason;
use flate2::read::MultiGzDecoder;
use std::io::{self, ErrorKind, Read};

/// The content of a gzip file (RFC 1952) of one or more members, up to a number of bytes.
#[derive(Debug)]
pub struct Gunzip<R> {
    input: MultiGzDecoder<R>,
    left: u64,
}

/// A compressed object holds more than may be extracted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more data than may be extracted")]
pub struct OverBudget;

impl<R: Read> Gunzip<R> {
    /// A view on the content of `input` that fails with [`OverBudget`] once it has given `budget` bytes and there are more.
    pub fn new(input: R, budget: u64) -> Self {
        Self { input: MultiGzDecoder::new(input), left: budget }
    }
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return match self.input.read(&mut [0])? {
                0 => Ok(0),
                _ => Err(io::Error::other(OverBudget)),
            };
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.input.read(&mut buffer[..most])?;
        self.left -= read as u64;
        Ok(read)
    }
}

/// The reason code, and a sentence for a person, that suit an error met while reading an object.
pub fn reason_of_failure(error: &io::Error) -> (Reason, &'static str) {
    if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<OverBudget>) {
        return (Reason::ArchiveTotalBytesExtractedOverLimit, "the object holds more data than may be extracted");
    }
    match error.kind() {
        ErrorKind::PermissionDenied => (Reason::PermissionDenied, "the object may not be read"),
        ErrorKind::NotFound => (Reason::SourceObjectNoLongerAvailable, "the object is no longer there"),
        ErrorKind::UnexpectedEof => (Reason::MalformedFile, "the compressed data is cut off"),
        ErrorKind::InvalidData | ErrorKind::InvalidInput => (Reason::MalformedFile, "the compressed data is damaged"),
        _ => (Reason::MalformedFile, "the object could not be read to its end"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn member(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).expect("memory can be written");
        encoder.finish().expect("memory can be written")
    }

    fn read(bytes: &[u8], budget: u64) -> (Vec<u8>, Option<Reason>) {
        let mut content = Vec::new();
        let result = Gunzip::new(bytes, budget).read_to_end(&mut content);
        (content, result.err().map(|error| reason_of_failure(&error).0))
    }

    #[test]
    fn all_members_are_read() {
        assert_eq!(read(&[member(b"one,"), member(b"two")].concat(), 100), (b"one,two".to_vec(), None));
    }

    #[test]
    fn a_file_that_is_cut_off_or_damaged_gives_what_comes_before() {
        let whole = member(&b"some content that repeats, ".repeat(1000));
        let (content, reason) = read(&whole[..whole.len() - 20], u64::MAX);
        assert!(!content.is_empty());
        assert_eq!(reason, Some(Reason::MalformedFile));
        let (content, reason) = read(&[member(b"one"), b"other bytes that are no member".to_vec()].concat(), 100);
        assert_eq!((content.as_slice(), reason), (b"one".as_slice(), Some(Reason::MalformedFile)));
    }

    #[test]
    fn extraction_stops_at_the_budget() {
        let (content, reason) = read(&member(&[b'x'; 1000]), 100);
        assert_eq!((content.len(), reason), (100, Some(Reason::ArchiveTotalBytesExtractedOverLimit)));
        assert_eq!(read(&member(&[b'x'; 100]), 100).1, None);
    }
}
