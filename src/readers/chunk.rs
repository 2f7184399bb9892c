//! A buffer for a piece of a file, to be filled again and again.

use crate::blocks::Survey;
use std::io::{self, ErrorKind, Read};
use std::ops::Deref;

/// Bytes that were read, in a buffer whose room is kept and cleared once only.
#[derive(Debug, Default, Clone)]
pub struct Chunk {
    room: Vec<u8>,
    length: usize,
    /// What the bytes hold, as far as whoever filled the chunk has looked.
    pub(super) survey: Survey,
}

impl Chunk {
    /// What a chunk that a [`Splitter`](super::Splitter) gave holds.
    pub fn survey(&self) -> Survey {
        self.survey
    }

    pub(super) fn clear(&mut self) {
        self.length = 0;
        self.survey = Survey::default();
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }

    pub(super) fn extend(&mut self, bytes: &[u8]) {
        self.make_room(self.length + bytes.len());
        self.room[self.length..self.length + bytes.len()].copy_from_slice(bytes);
        self.length += bytes.len();
    }

    /// Reads until there are `length` bytes; fewer at the end of the input, and before an error.
    pub(super) fn read_up_to(&mut self, length: usize, input: &mut impl Read) -> io::Result<()> {
        self.make_room(length);
        while self.length < length {
            match input.read(&mut self.room[self.length..length]) {
                Ok(0) => break,
                Ok(read) => self.length += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The bytes and nothing else.
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        self.room.truncate(self.length);
        self.room
    }

    fn make_room(&mut self, length: usize) {
        if self.room.len() < length {
            self.room.resize(length, 0);
        }
    }
}

impl Deref for Chunk {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.room[..self.length]
    }
}
