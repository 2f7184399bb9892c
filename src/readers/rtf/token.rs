//! The tokens of RTF: groups, control words, bytes of text.

use crate::readers::Place;
use std::io::{self, BufRead, BufReader, Read};

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `\word` with its number, if it has one.
    Word(String, Option<i32>),
    /// `\` and a character that is no letter.
    Symbol(u8),
    /// `\'hh`: a byte of text.
    Byte(u8),
    /// A byte of text.
    Text(u8),
}

/// Letters of the longest control word.
const LONGEST_WORD: usize = 32;

/// Reads tokens and knows where they stand.
pub(super) struct Tokens<R> {
    input: BufReader<R>,
    place: Place,
    /// Place of the token that came last.
    start: Place,
}

impl<R: Read> Tokens<R> {
    pub(super) fn new(input: R) -> Self {
        let (place, start) = (Place::default(), Place::default());
        Self { input: BufReader::with_capacity(64 * 1024, input), place, start }
    }

    /// Where the last token stands.
    pub(super) fn start(&self) -> Place {
        self.start
    }

    /// The next token.
    pub(super) fn next(&mut self) -> io::Result<Option<Token>> {
        loop {
            self.start = self.place;
            let Some(byte) = self.take()? else { return Ok(None) };
            return Ok(Some(match byte {
                b'{' => Token::Open,
                b'}' => Token::Close,
                b'\\' => return self.control(),
                b'\r' | b'\n' | b'\0' => continue,
                _ => Token::Text(byte),
            }));
        }
    }

    /// Passes over bytes that are no RTF.
    pub(super) fn skip(&mut self, count: u64) -> io::Result<()> {
        for _ in 0..count {
            if self.take()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn control(&mut self) -> io::Result<Option<Token>> {
        let Some(first) = self.peek()? else { return Ok(None) };
        if first == b'\'' {
            self.take()?;
            let high = self.hexadecimal()?;
            let low = self.hexadecimal()?;
            return Ok(Some(match (high, low) {
                (Some(high), Some(low)) => Token::Byte(high * 16 + low),
                (Some(only), None) => Token::Byte(only),
                _ => Token::Symbol(b'\''),
            }));
        }
        if !first.is_ascii_alphabetic() {
            self.take()?;
            return Ok(Some(Token::Symbol(first)));
        }
        let mut word = String::new();
        while let Some(byte) = self.peek()?.filter(u8::is_ascii_alphabetic)
            && word.len() < LONGEST_WORD
        {
            word.push(char::from(byte));
            self.take()?;
        }
        let mut number = String::new();
        while let Some(byte) = self.peek()?
            && (byte.is_ascii_digit() || byte == b'-' && number.is_empty())
            && number.len() < 11
        {
            number.push(char::from(byte));
            self.take()?;
        }
        if self.peek()? == Some(b' ') {
            self.take()?;
        }
        Ok(Some(Token::Word(word, number.parse().ok())))
    }

    fn hexadecimal(&mut self) -> io::Result<Option<u8>> {
        let digit = self.peek()?.and_then(|byte| char::from(byte).to_digit(16));
        if digit.is_some() {
            self.take()?;
        }
        Ok(digit.map(|digit| digit as u8))
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    fn take(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek()?;
        if let Some(byte) = byte {
            self.input.consume(1);
            if byte == b'\n' {
                self.place.line += 1;
                self.place.column = 1;
            } else {
                self.place.column += u64::from(byte & 0xC0 != 0x80);
            }
        }
        Ok(byte)
    }
}
