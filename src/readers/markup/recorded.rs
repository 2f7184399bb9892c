//! An input that remembers what was taken from it, so that a place is known for every piece of a document.

use crate::model::ContentSink;
use crate::readers::{Block, BlockSizes, Blocks, Place};
use std::io::{self, BufRead, Read};

/// Bytes of one piece of markup, at most: a longer one is running text.
pub(super) const LONGEST: usize = 16 * 1024 * 1024;

/// Bytes read at a time.
const STEP: usize = 64 * 1024;

/// Gives the bytes of `input`, and keeps those that were taken last.
pub(super) struct Recorded<R> {
    input: R,
    buffer: Vec<u8>,
    at: usize,
    taken: Vec<u8>,
    place: Place,
    /// What ended the input too early.
    failure: Option<io::Error>,
}

impl<R: Read> Recorded<R> {
    /// The start of a document.
    pub(super) fn new(input: R) -> Self {
        Self { input, buffer: Vec::new(), at: 0, taken: Vec::new(), place: Place::default(), failure: None }
    }

    /// What was taken since the last call, and the place where it starts.
    pub(super) fn take(&mut self) -> (Vec<u8>, Place) {
        let place = self.place;
        self.place.advance(&self.taken);
        (std::mem::take(&mut self.taken), place)
    }

    /// Gives what was taken last, and all that follows, to `sink` as running text.
    pub(super) fn rest_as_text(self, sink: &mut dyn ContentSink) -> io::Result<()> {
        let known = [&self.taken, &self.buffer[self.at..]].concat();
        let mut blocks = Blocks::new(known.as_slice().chain(self.input), BlockSizes::default()).starting_at(self.place);
        let mut block = Block::default();
        while blocks.next_block(&mut block)? {
            sink.text(block.as_text_block());
        }
        self.failure.map_or(Ok(()), Err)
    }
}

impl<R: Read> Read for Recorded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let known = self.fill_buf()?;
        let length = known.len().min(buffer.len());
        buffer[..length].copy_from_slice(&known[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<R: Read> BufRead for Recorded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.buffer.len() {
            if self.taken.len() > LONGEST {
                return Err(io::Error::other("a piece of markup is longer than any should be"));
            }
            self.at = 0;
            self.buffer.clear();
            if let Err(failure) = (&mut self.input).take(STEP as u64).read_to_end(&mut self.buffer) {
                self.failure = Some(failure);
            }
            if self.buffer.is_empty() && self.failure.is_some() {
                return Err(io::Error::other("the input failed"));
            }
        }
        Ok(&self.buffer[self.at..])
    }

    fn consume(&mut self, length: usize) {
        self.taken.extend_from_slice(&self.buffer[self.at..self.at + length]);
        self.at += length;
    }
}
