//! Cuts a CSV stream into chunks of whole records, so that chunks can be read independently of each other.

use super::chunk::Chunk;
use crate::blocks::Classifier;
use memchr::{memchr, memrchr, memrchr2};
use std::io::{self, Cursor, Read};

/// Why a [`Splitter`] gives no more chunks although there is more input.
#[derive(Debug, thiserror::Error)]
pub enum SplitError {
    /// The input could not be read further; all that was read before has been given.
    #[error("reading failed: {0}")]
    Io(#[from] io::Error),
    /// The record that starts at `offset` is longer than the cap.
    #[error("the record at byte {offset} is too long")]
    RecordTooLong {
        /// Offset in the input of the record's first byte.
        offset: u64,
    },
    /// The record that starts at `offset` holds a quote that is never closed.
    #[error("a quote in the record at byte {offset} is never closed")]
    UnclosedQuote {
        /// Offset in the input of the record's first byte.
        offset: u64,
    },
}

/// Cuts a CSV stream into chunks that end where a record ends.
///
/// A quote (`"`) is special only at the start of a field, a doubled one inside a quoted field stands for itself, and CR,
/// LF and CR LF end a record outside quotes: exactly as in `csv-core`, which reads the chunks afterwards. Where the cuts
/// fall depends on the content and the sizes only, never on how much each read of the input happened to give.
#[derive(Debug)]
pub struct Splitter<R> {
    input: R,
    /// `None` where quotes mean nothing and only LF ends a record.
    delimiter: Option<u8>,
    chunk_size: usize,
    record_cap: usize,
    /// Bytes read but not given yet; they start at a record.
    carry: Chunk,
    classifier: Classifier,
    /// Offset in the input of the first byte of `carry`.
    offset: u64,
    at_end: bool,
    failure: Option<io::Error>,
}

impl<R: Read> Splitter<R> {
    /// Bytes of a chunk that suit most machines: a few of them fit a second-level cache.
    pub const CHUNK_SIZE: usize = 512 * 1024;
    /// Longest record that is still believed to be one.
    pub const RECORD_CAP: usize = 8 * 1024 * 1024;

    /// A splitter with the usual sizes.
    pub fn new(input: R, delimiter: u8) -> Self {
        Self::with_sizes(input, Some(delimiter), Self::CHUNK_SIZE, Self::RECORD_CAP)
    }

    /// A splitter with the usual sizes that cuts after a LF, whatever stands before it: for JSON Lines.
    pub fn of_lines(input: R) -> Self {
        Self::with_sizes(input, None, Self::CHUNK_SIZE, Self::RECORD_CAP)
    }

    /// A splitter that reads `chunk_size` bytes at a time (a chunk is longer only if a record is) and gives up on a record
    /// of more than `record_cap` bytes. Without a delimiter, records are lines.
    pub fn with_sizes(input: R, delimiter: Option<u8>, chunk_size: usize, record_cap: usize) -> Self {
        let chunk_size = chunk_size.max(1);
        let (carry, classifier) = (Chunk::default(), Classifier::new());
        Self { input, delimiter, chunk_size, record_cap, carry, classifier, offset: 0, at_end: false, failure: None }
    }

    /// Replaces the content of `chunk` by the next chunk; false at the end of the input.
    ///
    /// After an error about a record, [`Splitter::into_rest`] gives that record and all that follows it.
    pub fn next_chunk(&mut self, chunk: &mut Chunk) -> Result<bool, SplitError> {
        chunk.clear();
        // What is carried is little; the buffers keep their places, and so their sizes.
        chunk.extend(&self.carry);
        self.carry.clear();
        let mut scan = Scan::default();
        chunk.survey = self.classifier.survey(chunk);
        loop {
            let known = chunk.len();
            self.fill(chunk);
            chunk.survey.add(self.classifier.survey(&chunk[known..]));
            scan.go_on(chunk, self.delimiter, self.at_end, chunk.survey.quotes);
            if self.at_end && !scan.quoted {
                scan.record_end = chunk.len();
            }
            if scan.record_end > 0 {
                self.carry.extend(&chunk[scan.record_end..]);
                chunk.truncate(scan.record_end);
                self.offset += chunk.len() as u64;
                // Without quotes no line ends in what is carried.
                if self.delimiter.is_some() && chunk.survey.quotes && !self.carry.is_empty() {
                    chunk.survey = self.classifier.survey(chunk);
                }
                return Ok(true);
            }
            if self.at_end || chunk.len() > self.record_cap {
                return self.stop(chunk);
            }
        }
    }

    /// Offset in the input of the next chunk's first byte.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// All that has not been given as a chunk.
    pub fn into_rest(self) -> io::Chain<Cursor<Vec<u8>>, R> {
        Cursor::new(self.carry.into_bytes()).chain(self.input)
    }

    /// No record ends in `chunk` and none will: nothing is left, the input failed, or its first record is broken.
    fn stop(&mut self, chunk: &mut Chunk) -> Result<bool, SplitError> {
        if let Some(failure) = self.failure.take() {
            if chunk.is_empty() {
                return Err(SplitError::Io(failure));
            }
            // The quote may well be closed in the part that cannot be read: the record is given as far as it goes.
            self.failure = Some(failure);
            self.offset += chunk.len() as u64;
            return Ok(true);
        }
        if chunk.is_empty() {
            return Ok(false);
        }
        std::mem::swap(chunk, &mut self.carry);
        let offset = self.offset;
        Err(if self.at_end { SplitError::UnclosedQuote { offset } } else { SplitError::RecordTooLong { offset } })
    }

    /// Reads until `chunk` has grown to the next multiple of the chunk size, or to the end of the input.
    fn fill(&mut self, chunk: &mut Chunk) {
        let target = (chunk.len() / self.chunk_size + 1) * self.chunk_size;
        if self.at_end {
            return;
        }
        match chunk.read_up_to(target, &mut self.input) {
            Ok(()) => self.at_end = chunk.len() < target,
            Err(error) => {
                self.failure = Some(error);
                self.at_end = true;
            }
        }
    }
}

/// Search for the last record end in a growing buffer. Only quotes and the bytes beside them are looked at one by one.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Everything before this offset has been looked at.
    next: usize,
    /// Whether `next` lies inside quotes.
    pub(super) quoted: bool,
    /// Offset after the last record that is known to be whole.
    pub(super) record_end: usize,
}

impl Scan {
    /// Looks at the part of `buffer` that is new since the last call. At the end of the input a quote that comes last is
    /// known to close its field; before, it might be the first half of a doubled one. `quotes` may be false only if the buffer
    /// holds none.
    pub(super) fn go_on(&mut self, buffer: &[u8], delimiter: Option<u8>, at_end: bool, quotes: bool) {
        let Some(delimiter) = delimiter else {
            if let Some(found) = memrchr(b'\n', &buffer[self.next..]) {
                self.record_end = self.next + found + 1;
            }
            self.next = buffer.len();
            return;
        };
        while self.next < buffer.len() {
            let next_quote = if quotes { memchr(b'"', &buffer[self.next..]) } else { None };
            let Some(found) = next_quote else {
                self.unquoted(buffer, buffer.len());
                self.next = buffer.len();
                return;
            };
            let quote = self.next + found;
            if self.quoted {
                match buffer.get(quote + 1) {
                    Some(b'"') => self.next = quote + 2,
                    None if !at_end => {
                        self.next = quote;
                        return;
                    }
                    _ => {
                        self.quoted = false;
                        self.next = quote + 1;
                    }
                }
            } else {
                self.unquoted(buffer, quote);
                let before = quote.checked_sub(1).map(|index| buffer[index]);
                self.quoted = before.is_none_or(|byte| byte == delimiter || byte == b'\n' || byte == b'\r');
                self.next = quote + 1;
            }
        }
    }

    /// Notes the last terminator between `next` and `end`, a stretch without quotes, unless that stretch is quoted.
    fn unquoted(&mut self, buffer: &[u8], end: usize) {
        if !self.quoted
            && let Some(found) = memrchr2(b'\n', b'\r', &buffer[self.next..end])
        {
            self.record_end = self.next + found + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(text: &[u8], size: usize, cap: usize) -> (Vec<Vec<u8>>, Option<SplitError>, Vec<u8>) {
        let mut splitter = Splitter::with_sizes(text, Some(b','), size, cap);
        let (mut chunks, mut chunk) = (Vec::new(), Chunk::default());
        let error = loop {
            match splitter.next_chunk(&mut chunk) {
                Ok(true) => chunks.push(chunk.to_vec()),
                Ok(false) => break None,
                Err(error) => break Some(error),
            }
        };
        let mut rest = Vec::new();
        splitter.into_rest().read_to_end(&mut rest).expect("memory can be read");
        (chunks, error, rest)
    }

    #[test]
    fn a_newline_inside_quotes_does_not_end_a_chunk() {
        let (chunks, error, _) = chunks(b"a,\"x\ny\"\nb,c\n", 5, 100);
        assert_eq!(chunks, [b"a,\"x\ny\"\n".as_slice(), b"b,c\n"]);
        assert!(error.is_none());
    }

    #[test]
    fn a_quote_in_the_middle_of_a_field_is_an_ordinary_byte() {
        let (chunks, error, _) = chunks(b"5\" pipe,x\n6\" pipe,y\n7,z\n", 12, 100);
        assert_eq!(chunks.concat(), b"5\" pipe,x\n6\" pipe,y\n7,z\n");
        assert_eq!(chunks[0], b"5\" pipe,x\n");
        assert!(error.is_none());
    }

    #[test]
    fn lines_are_cut_whatever_quotes_they_hold() {
        let mut splitter = Splitter::with_sizes(b"\"a\n\"b\rc\nd".as_slice(), None, 4, 100);
        let mut chunk = Chunk::default();
        for expected in [b"\"a\n".as_slice(), b"\"b\rc\nd"] {
            assert!(splitter.next_chunk(&mut chunk).expect("memory can be read"));
            assert_eq!(&chunk[..], expected);
        }
        assert!(!splitter.next_chunk(&mut chunk).expect("memory can be read"));
    }

    #[test]
    fn a_record_over_the_cap_is_an_error_that_leaves_it_for_a_text_reader() {
        let text = [b"a,b\n".as_slice(), &vec![b'x'; 300]].concat();
        let (chunks, error, rest) = chunks(&text, 16, 64);
        assert_eq!(chunks, [b"a,b\n"]);
        assert!(matches!(error, Some(SplitError::RecordTooLong { offset: 4 })));
        assert_eq!(rest, &text[4..]);
    }

    #[test]
    fn an_unclosed_quote_is_an_error_that_leaves_its_record_for_a_text_reader() {
        let (chunks, error, rest) = chunks(b"a,b\nc,\"d\ne,f\n", 1000, 1000);
        assert_eq!(chunks, [b"a,b\n"]);
        assert!(matches!(error, Some(SplitError::UnclosedQuote { offset: 4 })));
        assert_eq!(rest, b"c,\"d\ne,f\n");
    }

    #[test]
    fn what_was_read_before_a_failure_is_given_before_the_failure_is() {
        struct Broken(&'static [u8]);
        impl Read for Broken {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if self.0.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { self.0.read(buffer) }
            }
        }
        let mut splitter = Splitter::new(Broken(b"a,b\nc,\"d"), b',');
        let (mut all, mut chunk) = (Vec::new(), Chunk::default());
        let error = loop {
            match splitter.next_chunk(&mut chunk) {
                Ok(true) => all.extend_from_slice(&chunk),
                Ok(false) => break None,
                Err(error) => break Some(error),
            }
        };
        assert_eq!(all, b"a,b\nc,\"d");
        assert!(matches!(error, Some(SplitError::Io(_))));
    }
}
