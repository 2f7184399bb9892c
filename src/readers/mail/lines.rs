//! The lines of a mailbox, and where its messages and their parts end.

use std::io::{self, BufRead, BufReader, Read};

/// Bytes of a line that are given at once; the rest of a longer one comes as lines of their own that begin nothing.
const LONGEST: usize = 256 * 1024;

/// Reads lines, one ahead.
pub(super) struct Lines<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    /// 1-based number of the present line, and bytes of it that were given before.
    number: u64,
    given: usize,
    /// The present line is the beginning of a line of the source.
    is_start: bool,
    /// The line before was empty, or there is none.
    after_blank: bool,
    is_mailbox: bool,
    /// Parts that are open end at these.
    boundaries: Vec<Vec<u8>>,
}

impl<R: Read> Lines<R> {
    /// The first line of a message, or of a mailbox, of `input`.
    pub(super) fn new(input: R, is_mailbox: bool) -> io::Result<Self> {
        let mut lines = Self {
            input: BufReader::with_capacity(64 * 1024, input),
            line: Vec::new(),
            number: 0,
            given: 0,
            is_start: true,
            after_blank: true,
            is_mailbox,
            boundaries: Vec::new(),
        };
        lines.advance()?;
        lines.after_blank = true;
        Ok(lines)
    }

    /// The present line with its end; `None` at the end of the input, or where a part or message ends.
    pub(super) fn present(&self) -> Option<&[u8]> {
        (!self.line.is_empty() && !self.is_boundary() && !self.starts_message()).then_some(&self.line)
    }

    /// 1-based number of the present line, and the bytes of it before what [`Lines::present`] gives.
    pub(super) fn place(&self) -> (u64, usize) {
        (self.number, self.given)
    }

    /// True at the start of a line of the source.
    pub(super) fn is_start(&self) -> bool {
        self.is_start
    }

    /// True at the end of the input.
    pub(super) fn is_at_end(&self) -> bool {
        self.line.is_empty()
    }

    /// Goes to the next line.
    pub(super) fn advance(&mut self) -> io::Result<()> {
        let was_whole = self.line.ends_with(b"\n") || self.line.is_empty();
        self.after_blank = self.is_start && self.line.trim_ascii().is_empty();
        if was_whole {
            self.number += 1;
            self.given = 0;
        } else {
            self.given += self.line.len();
        }
        self.is_start = was_whole;
        self.line.clear();
        let outcome = (&mut self.input).take(LONGEST as u64).read_until(b'\n', &mut self.line);
        match outcome {
            Err(error) if self.line.is_empty() => Err(error),
            _ => Ok(()),
        }
    }

    /// True for the line that starts a message of a mailbox.
    pub(super) fn starts_message(&self) -> bool {
        self.is_mailbox && self.is_start && self.after_blank && self.line.starts_with(b"From ")
    }

    /// Takes the present line as one that starts nothing.
    pub(super) fn skip_start(&mut self) {
        self.after_blank = false;
    }

    /// True if lines of messages that look like the start of one have `>` in front.
    pub(super) fn is_mailbox(&self) -> bool {
        self.is_mailbox
    }

    /// Opens a part with this boundary and gives its level.
    pub(super) fn open(&mut self, boundary: &str) -> usize {
        self.boundaries.push([b"--", boundary.as_bytes()].concat());
        self.boundaries.len()
    }

    /// Closes the parts from that level on.
    pub(super) fn close(&mut self, level: usize) {
        self.boundaries.truncate(level - 1);
    }

    /// If the present line is the boundary of a level: the level, and whether it is the last one of it.
    pub(super) fn boundary(&self) -> Option<(usize, bool)> {
        if !self.is_start || !self.line.starts_with(b"--") {
            return None;
        }
        let line = self.line.trim_ascii_end();
        let of = |boundary: &Vec<u8>| match line.strip_prefix(boundary.as_slice()) {
            Some(b"") => Some(false),
            Some(b"--") => Some(true),
            _ => None,
        };
        self.boundaries.iter().enumerate().rev().find_map(|(index, boundary)| Some((index + 1, of(boundary)?)))
    }

    fn is_boundary(&self) -> bool {
        self.boundary().is_some()
    }
}
