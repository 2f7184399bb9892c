//! Cuts the content of an object into parts that can be scanned on their own.
//!
//! Where the cuts fall depends on the content only. A structured object that breaks half-way is read as text from there on.

use super::coverage::cut_short;
use crate::engine::TablePlan;
use crate::findings::Tally;
use crate::model::{Coverage, Reason};
use crate::readers::{Block, BlockSizes, Blocks, Chunk, Place, SplitError, Splitter};
use std::io::Read;
use std::sync::Arc;

pub(super) type Input<'r> = Box<dyn Read + Send + 'r>;

/// A part of an object.
pub(super) enum Part<'r> {
    /// Whole records of a table.
    Rows { chunk: Chunk, plan: Arc<TablePlan>, dialect: Dialect },
    /// Whole lines of JSON, and the 1-based line with which they start.
    Lines { chunk: Chunk, first_line: u64 },
    /// Running text.
    Text(Box<Block>),
    /// A whole JSON document.
    Document(Input<'r>),
}

/// How rows are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Separates cells.
    pub(super) delimiter: u8,
    /// Whether quotes mean anything; false after one that is never closed.
    pub(super) quotes: bool,
}

/// What scanning a part gave.
pub(super) struct PartResult {
    /// Occurrences.
    pub(super) tally: Tally,
    /// Rows or records in the part, by which later parts are moved.
    pub(super) records: u64,
    /// Bytes in the part, where the part knows.
    pub(super) bytes: u64,
    /// Gaps.
    pub(super) coverage: Coverage,
}

enum State<'r> {
    Table { splitter: Splitter<Input<'r>>, plan: Arc<TablePlan>, dialect: Dialect },
    Lines(Splitter<Input<'r>>),
    Text(Blocks<Input<'r>>),
    Document(Input<'r>),
    Done,
}

/// The parts of one object that have not been taken yet.
pub(super) struct Parts<'r> {
    state: State<'r>,
    next: u64,
    /// Bytes that are cut off at a time.
    size: usize,
    line: u64,
    spare: Vec<Chunk>,
    coverage: Coverage,
}

impl<'r> Parts<'r> {
    fn new(state: State<'r>) -> Self {
        let size = Splitter::<Input<'_>>::CHUNK_SIZE;
        Self { state, next: 0, size, line: 1, spare: Vec::new(), coverage: Coverage::complete() }
    }

    /// No parts: an object that is not open, is empty or cannot be read.
    pub(super) fn closed() -> Self {
        Self::new(State::Done)
    }

    /// Records of a table, cut off `size` bytes at a time, the first of which stands on the 1-based `line`.
    pub(super) fn table(input: Input<'r>, size: usize, delimiter: u8, plan: Arc<TablePlan>, line: u64) -> Self {
        let splitter = Splitter::with_sizes(input, Some(delimiter), size, Splitter::<Input<'_>>::RECORD_CAP);
        let dialect = Dialect { delimiter, quotes: true };
        Self { size, line, ..Self::new(State::Table { splitter, plan, dialect }) }
    }

    /// JSON Lines.
    pub(super) fn lines(input: Input<'r>, size: usize) -> Self {
        let splitter = Splitter::with_sizes(input, None, size, Splitter::<Input<'_>>::RECORD_CAP);
        Self { size, ..Self::new(State::Lines(splitter)) }
    }

    /// A JSON document.
    pub(super) fn document(input: Input<'r>) -> Self {
        Self::new(State::Document(input))
    }

    /// Running text.
    pub(super) fn text(input: Input<'r>) -> Self {
        Self::new(State::Text(Blocks::new(input, BlockSizes::default())))
    }

    /// True when there is nothing left to take.
    pub(super) fn is_drained(&self) -> bool {
        matches!(self.state, State::Done)
    }

    /// Takes back a buffer for reuse.
    pub(super) fn give_back(&mut self, buffer: Chunk) {
        if !self.is_drained() {
            self.spare.push(buffer);
        }
    }

    /// Gaps that the cutting itself met.
    pub(super) fn into_coverage(self) -> Coverage {
        self.coverage
    }

    /// The next part, with its place in the order of parts.
    pub(super) fn take(&mut self) -> Option<(u64, Part<'r>)> {
        let part = self.next_part();
        if part.is_none() {
            self.state = State::Done;
            self.spare = Vec::new();
        }
        let part = part?;
        self.next += 1;
        Some((self.next - 1, part))
    }

    fn next_part(&mut self) -> Option<Part<'r>> {
        loop {
            match &mut self.state {
                State::Done => return None,
                State::Document(_) => {
                    let State::Document(input) = std::mem::replace(&mut self.state, State::Done) else { return None };
                    return Some(Part::Document(input));
                }
                State::Text(blocks) => {
                    let mut block = Box::new(Block::default());
                    return match blocks.next_block(&mut block) {
                        Ok(true) => Some(Part::Text(block)),
                        Ok(false) => None,
                        Err(error) => {
                            self.coverage.worsen(cut_short(&error));
                            None
                        }
                    };
                }
                State::Table { splitter, .. } | State::Lines(splitter) => {
                    let mut chunk = self.spare.pop().unwrap_or_default();
                    match splitter.next_chunk(&mut chunk) {
                        Ok(false) => return None,
                        Ok(true) => return Some(self.chunk(chunk)),
                        Err(SplitError::Io(error)) => {
                            self.coverage.worsen(cut_short(&error));
                            return None;
                        }
                        Err(broken) => self.go_on(&broken),
                    }
                }
            }
        }
    }

    fn chunk(&mut self, chunk: Chunk) -> Part<'r> {
        let first_line = self.line;
        self.line += chunk.survey().line_feeds;
        match &self.state {
            State::Table { plan, dialect, .. } => Part::Rows { chunk, plan: Arc::clone(plan), dialect: *dialect },
            _ => Part::Lines { chunk, first_line },
        }
    }

    /// Goes on after a record that is broken: line by line where a quote is never closed, so that the columns keep their
    /// names; else as running text.
    fn go_on(&mut self, broken: &SplitError) {
        let line = self.line;
        self.state = match std::mem::replace(&mut self.state, State::Done) {
            State::Table { splitter, plan, dialect } if matches!(broken, SplitError::UnclosedQuote { .. }) => {
                self.note(format!(
                    "a quote in line {line} is never closed; from there on every line was read as a row"
                ));
                let rest: Input<'r> = Box::new(splitter.into_rest());
                let dialect = Dialect { quotes: false, ..dialect };
                let splitter = Splitter::with_sizes(rest, None, self.size, Splitter::<Input<'_>>::RECORD_CAP);
                State::Table { splitter, plan, dialect }
            }
            State::Table { splitter, .. } | State::Lines(splitter) => {
                self.note(format!(
                    "the record in line {line} is longer than any record should be; the rest was read as text"
                ));
                let rest: Input<'r> = Box::new(splitter.into_rest());
                State::Text(Blocks::new(rest, BlockSizes::default()).starting_at(Place { line, column: 1 }))
            }
            other => other,
        };
    }

    fn note(&mut self, detail: String) {
        self.coverage.worsen(Coverage::partial(Reason::UnableToParseFile, detail));
    }
}
