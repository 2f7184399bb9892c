//! What a tokenizer has read of a document and not yet told of, with line ends of one kind.

use super::recorded::LONGEST;
use crate::readers::Place;
use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

/// Bytes of the input, from the last token's end as far as they were read.
pub(super) struct Tape<R> {
    input: R,
    bytes: Vec<u8>,
    /// Offset in the document of the first of `bytes`, and the place where they stand.
    start: usize,
    place: Place,
    after_return: bool,
    /// What ended the input too early.
    failure: Option<io::Error>,
}

impl<R: Read> Tape<R> {
    /// The start of a document.
    pub(super) fn new(input: R) -> Self {
        Self { input, bytes: Vec::new(), start: 0, place: Place::default(), after_return: false, failure: None }
    }

    /// Takes what stands before the offset `end` in the document, and the place where it starts.
    pub(super) fn take_to(&mut self, end: usize) -> (Vec<u8>, Place) {
        let length = end.saturating_sub(self.start).min(self.bytes.len());
        let taken: Vec<u8> = self.bytes.drain(..length).collect();
        let place = self.place;
        self.place.advance(&taken);
        self.start += length;
        (taken, place)
    }

    /// The bytes that were read and not taken, the rest of the input, and the place where they start.
    pub(super) fn into_rest(self) -> (Vec<u8>, R, Place) {
        (self.bytes, self.input, self.place)
    }

    /// What ended the input too early, if anything did.
    pub(super) fn take_failure(&mut self) -> io::Result<()> {
        self.failure.take().map_or(Ok(()), Err)
    }
}

/// Reads a tape for a tokenizer.
pub(super) struct TapeReader<R>(pub(super) Rc<RefCell<Tape<R>>>);

impl<R: Read> Read for TapeReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let tape = &mut *self.0.borrow_mut();
        if tape.bytes.len() > LONGEST {
            return Err(io::Error::other("a piece of markup is longer than any should be"));
        }
        let from = tape.bytes.len();
        // A carriage return alone may give nothing.
        while tape.bytes.len() == from {
            let read = tape.input.read(buffer).unwrap_or_else(|failure| {
                // What was read before is a document of its own.
                tape.failure = Some(failure);
                0
            });
            if read == 0 {
                return Ok(0);
            }
            for &byte in &buffer[..read] {
                match byte {
                    b'\n' if tape.after_return => {}
                    b'\r' => tape.bytes.push(b'\n'),
                    _ => tape.bytes.push(byte),
                }
                tape.after_return = byte == b'\r';
            }
        }
        let given = tape.bytes.len() - from;
        buffer[..given].copy_from_slice(&tape.bytes[from..]);
        Ok(given)
    }
}
