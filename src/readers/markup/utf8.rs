//! UTF-8 for those who take nothing else.

use crate::model::decode_value;
use std::io::{self, BufRead, BufReader, Read};

/// Bytes of a line that are decoded at once, at most.
const LONGEST: u64 = 64 * 1024;

/// Gives the text of `input`: what is not UTF-8 is read as [`decode_value`] does, line by line.
pub(super) struct Utf8<R> {
    input: BufReader<R>,
    text: Vec<u8>,
    given: usize,
}

impl<R: Read> Utf8<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(64 * 1024, input), text: Vec::new(), given: 0 }
    }

    /// Takes the next line, or as much of it as ends with a whole character.
    fn line(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        let outcome = (&mut self.input).take(LONGEST).read_until(b'\n', &mut self.text);
        if outcome.is_err() && self.text.is_empty() {
            return outcome.map(|_| ());
        }
        let mut last = [0];
        while self.text.last().is_some_and(|byte| *byte >= 0x80) && std::str::from_utf8(&self.text).is_err_and(is_cut) {
            if self.input.read(&mut last)? == 0 {
                break;
            }
            self.text.push(last[0]);
        }
        if std::str::from_utf8(&self.text).is_err() {
            self.text = decode_value(&self.text).into_owned().into_bytes();
        }
        Ok(())
    }
}

/// The text ends inside a character.
fn is_cut(error: std::str::Utf8Error) -> bool {
    error.error_len().is_none()
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.line()?;
        }
        let length = buffer.len().min(self.text.len() - self.given);
        buffer[..length].copy_from_slice(&self.text[self.given..self.given + length]);
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::testing::Trickle;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn utf8_stays_as_it_is_however_it_arrives(text in "[a-z\u{e9}\u{1f600}\n]{0,60}", step in 1_usize..7) {
            let mut read = String::new();
            Utf8::new(Trickle(text.as_bytes(), step)).read_to_string(&mut read).expect("it is UTF-8");
            prop_assert_eq!(read, text);
        }

        #[test]
        fn anything_becomes_utf8(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut read = String::new();
            Utf8::new(bytes.as_slice()).read_to_string(&mut read).expect("it is UTF-8");
            prop_assert!(read.chars().count() <= bytes.len());
        }
    }

    #[test]
    fn a_character_over_the_end_of_a_piece_is_kept_whole() {
        let text = format!("{}\u{e9}\n", "x".repeat(LONGEST as usize - 1));
        let mut read = String::new();
        Utf8::new(text.as_bytes()).read_to_string(&mut read).expect("it is UTF-8");
        assert!(read == text);
    }
}
