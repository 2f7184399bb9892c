//! Where JSON comes from: a stream, or a line that is in memory.

use super::place::Place;
use std::io::{self, Cursor, ErrorKind, Read};

/// A view on the bytes that come next.
pub(super) trait Window {
    /// Bytes that are known; empty when more must be asked for.
    fn bytes(&self) -> &[u8];

    /// Moves past the first `count` known bytes.
    fn advance(&mut self, count: usize);

    /// Asks for more bytes when none are known; false at the end of the input.
    fn refill(&mut self) -> io::Result<bool>;

    /// Remembers the present position as the one at which to go on with another reader if the text breaks.
    fn mark(&mut self);

    /// Forgets it: from now on, another reader goes on where this one stands.
    fn unmark(&mut self);
}

/// Bytes in memory.
#[derive(Debug)]
pub(super) struct Slice<'a> {
    bytes: &'a [u8],
    position: usize,
    mark: Option<usize>,
}

impl<'a> Slice<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0, mark: None }
    }

    /// True if every byte has been taken.
    pub(super) fn is_used_up(&self) -> bool {
        self.position == self.bytes.len()
    }

    /// Offset at which another reader goes on.
    pub(super) fn resume(&self) -> usize {
        self.mark.unwrap_or(self.position)
    }
}

impl Window for Slice<'_> {
    fn bytes(&self) -> &[u8] {
        &self.bytes[self.position..]
    }

    fn advance(&mut self, count: usize) {
        self.position += count;
    }

    fn refill(&mut self) -> io::Result<bool> {
        Ok(false)
    }

    fn mark(&mut self) {
        self.mark = Some(self.position);
    }

    fn unmark(&mut self) {
        self.mark = None;
    }
}

/// Bytes of a stream.
#[derive(Debug)]
pub(super) struct Stream<R> {
    input: R,
    buffer: Vec<u8>,
    position: usize,
    end: usize,
    mark: Option<usize>,
    /// Offset in the stream, and place, of the first byte of `buffer`.
    offset: u64,
    place: Place,
}

impl<R: Read> Stream<R> {
    const SIZE: usize = 128 * 1024;

    pub(super) fn new(input: R, place: Place) -> Self {
        Self { input, buffer: vec![0; Self::SIZE], position: 0, end: 0, mark: None, offset: 0, place }
    }

    /// Offset and place at which another reader goes on.
    pub(super) fn resume(&self) -> (u64, Place) {
        let at = self.mark.unwrap_or(self.position);
        let mut place = self.place;
        place.advance(&self.buffer[..at]);
        (self.offset + at as u64, place)
    }

    /// What another reader goes on with.
    pub(super) fn into_rest(mut self) -> impl Read {
        let at = self.mark.unwrap_or(self.position);
        self.buffer.truncate(self.end);
        self.buffer.drain(..at);
        Cursor::new(self.buffer).chain(self.input)
    }
}

impl<R: Read> Window for Stream<R> {
    fn bytes(&self) -> &[u8] {
        &self.buffer[self.position..self.end]
    }

    fn advance(&mut self, count: usize) {
        self.position += count;
    }

    fn refill(&mut self) -> io::Result<bool> {
        // A marked position is kept as long as that leaves half of the buffer to work with.
        self.mark = self.mark.filter(|mark| self.position - mark <= Self::SIZE / 2);
        let keep = self.mark.unwrap_or(self.position);
        self.place.advance(&self.buffer[..keep]);
        self.offset += keep as u64;
        self.buffer.copy_within(keep..self.end, 0);
        self.position -= keep;
        self.end -= keep;
        self.mark = self.mark.map(|_| 0);
        loop {
            match self.input.read(&mut self.buffer[self.end..]) {
                Ok(read) => {
                    self.end += read;
                    return Ok(read > 0);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn mark(&mut self) {
        self.mark = Some(self.position);
    }

    fn unmark(&mut self) {
        self.mark = None;
    }
}
