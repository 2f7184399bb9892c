//! Where a reader of a text stands in it, byte by byte.

use crate::model::TextPlace;
use std::io::{self, Read};

/// Bytes that are read at once.
const PIECE: usize = 256 * 1024;

/// Reads a text and counts its lines and columns.
pub(super) struct Cursor<'r> {
    input: &'r mut dyn Read,
    buffer: Vec<u8>,
    at: usize,
    /// 1-based line and column of the next byte.
    pub(super) line: u64,
    pub(super) column: u64,
}

impl<'r> Cursor<'r> {
    pub(super) fn new(input: &'r mut dyn Read) -> Self {
        Self { input, buffer: Vec::new(), at: 0, line: 1, column: 1 }
    }

    /// The next byte, which stays; `None` at the end.
    #[inline]
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        if self.at == self.buffer.len() {
            self.refill()?;
        }
        Ok(self.buffer.get(self.at).copied())
    }

    /// Takes the next byte.
    #[inline]
    pub(super) fn next(&mut self) -> io::Result<Option<u8>> {
        let Some(byte) = self.peek()? else { return Ok(None) };
        self.at += 1;
        if byte == b'\n' {
            self.line += 1;
            self.column = 1;
        } else if byte & 0xC0 != 0x80 {
            self.column += 1;
        }
        Ok(Some(byte))
    }

    /// Takes the next byte if it is that one.
    pub(super) fn next_if(&mut self, wanted: u8) -> io::Result<bool> {
        let there = self.peek()? == Some(wanted);
        if there {
            self.next()?;
        }
        Ok(there)
    }

    /// The place of what starts here.
    pub(super) fn place(&self) -> TextPlace {
        TextPlace { start: self.line, end: self.line, start_column: self.column }
    }

    #[cold]
    fn refill(&mut self) -> io::Result<()> {
        self.buffer.resize(PIECE, 0);
        self.at = 0;
        let read = loop {
            match self.input.read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.buffer.clear();
                    return Err(error);
                }
                Ok(read) => break read,
            }
        };
        self.buffer.truncate(read);
        Ok(())
    }
}
