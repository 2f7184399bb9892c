//! A buffer for a piece of a file, to be filled again and again.

use crate::blocks::Survey;
use std::io::{self, ErrorKind, Read};
use std::ops::Deref;

/// Bytes that were read, in a buffer whose room is kept.
#[derive(Debug, Default, Clone)]
pub struct Chunk {
    room: Vec<u8>,
    length: usize,
    /// What the bytes hold, as far as whoever filled the chunk has looked.
    pub(super) survey: Survey,
}

impl Chunk {
    /// Bytes of the room that is made first when a chunk is read: small files need no more.
    const FIRST_ROOM: usize = 16 * 1024;

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
        while self.length < length {
            if self.length == self.room.len() {
                self.make_room(if self.length < Self::FIRST_ROOM { Self::FIRST_ROOM.min(length) } else { length });
            }
            let end = length.min(self.room.len());
            match input.read(&mut self.room[self.length..end]) {
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
            // Most of a large room that is made of zeros costs nothing until it is used; growing one would clear it.
            let mut room = vec![0; length.max(2 * self.room.len())];
            room[..self.length].copy_from_slice(self);
            self.room = room;
        }
    }
}

impl Deref for Chunk {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.room[..self.length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_chunk_is_what_was_added_and_read_however_its_room_grows(
            steps in prop::collection::vec((0_usize..300, 0_usize..40_000), 1..5),
            input in prop::collection::vec(any::<u8>(), 0..90_000),
        ) {
            let (mut chunk, mut expected, mut left) = (Chunk::default(), Vec::<u8>::new(), &input[..]);
            for (added, read) in steps {
                chunk.extend(&input[..added.min(input.len())]);
                expected.extend(&input[..added.min(input.len())]);
                let rest = left;
                let length = chunk.len() + read;
                chunk.read_up_to(length, &mut left).expect("memory can be read");
                expected.extend(&rest[..read.min(rest.len())]);
                prop_assert_eq!(&chunk[..], &expected[..]);
            }
            prop_assert_eq!(chunk.into_bytes(), expected);
        }
    }
}
