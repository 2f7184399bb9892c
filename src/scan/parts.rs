//! Cuts the content of an object into parts that can be scanned on their own.
//!
//! Where the cuts fall depends on the content only. A structured object that breaks half-way is read as text from there on.

use super::coverage::{cut_short, of_content};
use super::merge::Merge;
use super::scanner::Scanner;
use crate::engine::{Costs, Engine, TablePlan};
use crate::findings::Tally;
use crate::model::{Coverage, Member, Reason};
use crate::readers::{
    Block, BlockSizes, Blocks, Chunk, Content, Format, Kind, Limits, Opened, Place, Reader, SplitError, Splitter,
};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// A part of an object.
pub(super) enum Part<R: Read> {
    /// Whole records of a table.
    Rows { chunk: Chunk, plan: Arc<TablePlan>, dialect: Dialect },
    /// Whole lines of JSON, and the 1-based line with which they start.
    Lines { chunk: Chunk, first_line: u64 },
    /// Running text: of an object that is text, or what is left of one that broke.
    Text { block: Box<Block>, whole: bool },
    /// A whole JSON document.
    Document(Content<R>),
    /// A whole object of a format that has a reader of its own.
    Structured(&'static Format, Input<R>),
}

/// Where the reader of a structured object finds it.
pub(super) enum Input<R: Read> {
    /// In a stream.
    Content(Content<R>),
    /// In a file, as it is.
    File(File),
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
    /// The files inside a structured object.
    pub(super) members: Vec<Member>,
    /// What was found in them; in `tally` it is not.
    pub(super) in_members: Option<Tally>,
    /// What scanning a structured object has cost, as far as that is measured.
    pub(super) costs: Costs,
}

impl PartResult {
    /// Of a part in which nothing has been read yet.
    pub(super) fn new(tally: Tally) -> Self {
        let coverage = Coverage::complete();
        Self { tally, records: 0, bytes: 0, coverage, members: Vec::new(), in_members: None, costs: Costs::default() }
    }
}

enum State<R: Read> {
    Table { splitter: Splitter<Content<R>>, plan: Arc<TablePlan>, dialect: Dialect },
    Lines(Splitter<Content<R>>),
    Text { blocks: Blocks<Content<R>>, whole: bool },
    Document(Content<R>),
    Structured(&'static Format, Input<R>),
    Done,
}

/// The parts of one object that have not been taken yet.
pub(super) struct Parts<R: Read> {
    state: State<R>,
    limits: Option<Arc<Limits>>,
    next: u64,
    /// Bytes that are cut off at a time.
    size: usize,
    line: u64,
    spare: Vec<Chunk>,
    coverage: Coverage,
}

impl<R: Read> Parts<R> {
    fn new(state: State<R>) -> Self {
        let size = Splitter::<Content<R>>::CHUNK_SIZE;
        let coverage = Coverage::complete();
        Self { state, limits: None, next: 0, size, line: 1, spare: Vec::new(), coverage }
    }

    /// No parts: an object that is not open, is empty or cannot be read.
    pub(super) fn closed() -> Self {
        Self::new(State::Done)
    }

    /// Records of a table, cut off `size` bytes at a time, the first of which stands on the 1-based `line`.
    pub(super) fn table(input: Content<R>, size: usize, delimiter: u8, plan: Arc<TablePlan>, line: u64) -> Self {
        let splitter = Splitter::with_sizes(input, Some(delimiter), size, Splitter::<Content<R>>::RECORD_CAP);
        let dialect = Dialect { delimiter, quotes: true };
        Self { size, line, ..Self::new(State::Table { splitter, plan, dialect }) }
    }

    /// JSON Lines.
    pub(super) fn lines(input: Content<R>, size: usize) -> Self {
        let splitter = Splitter::with_sizes(input, None, size, Splitter::<Content<R>>::RECORD_CAP);
        Self { size, ..Self::new(State::Lines(splitter)) }
    }

    /// A JSON document.
    pub(super) fn document(input: Content<R>) -> Self {
        Self::new(State::Document(input))
    }

    /// Running text.
    pub(super) fn text(input: Content<R>) -> Self {
        Self::new(State::Text { blocks: Blocks::new(input, BlockSizes::default()), whole: true })
    }

    /// An object that is read in one piece by the reader of its format.
    pub(super) fn structured(format: &'static Format, input: Input<R>) -> Self {
        Self::new(State::Structured(format, input))
    }

    /// The same parts, as far as limits allow.
    pub(super) fn within(self, limits: &Arc<Limits>) -> Self {
        Self { limits: Some(Arc::clone(limits)), ..self }
    }

    /// The parts of an object of which `opened` says what it is. Its media type, gaps and header go to `merge`. It stands as
    /// it is in the file at `path`, if there is one.
    pub(super) fn of(
        (scanner, engine): (&Scanner, &Engine),
        opened: Opened<R>,
        path: Option<&Path>,
        merge: &mut Merge,
    ) -> Self {
        merge.mime_type = opened.mime_type;
        merge.coverage.worsen(opened.gap.unwrap_or_else(Coverage::complete));
        let is_compressed = opened.compressed.is_some();
        merge.compressed = opened.compressed;
        match (opened.kind, opened.table) {
            (Kind::Csv, Some(table)) => {
                for name in table.start.names.iter().flatten() {
                    merge.coverage.worsen(of_content(name.as_bytes()));
                }
                let plan = Arc::new(TablePlan::new(engine, &table.start));
                merge.start_table((scanner, engine), &plan, &table);
                Self::table(opened.content, scanner.part_size, table.delimiter, plan, table.data_line)
            }
            (Kind::JsonLines, _) => Self::lines(opened.content, scanner.part_size),
            (Kind::Json, _) => Self::document(opened.content),
            (Kind::Text, _) => Self::text(opened.content),
            (Kind::Structured(format), _) => {
                let jumps = matches!(format.reader, Reader::Seeking(_));
                match path.filter(|_| jumps && !is_compressed).map(File::open) {
                    Some(Ok(file)) => Self::structured(format, Input::File(file)),
                    // What was opened before is still there to be read.
                    Some(Err(_)) | None => Self::structured(format, Input::Content(opened.content)),
                }
            }
            _ => Self::closed(),
        }
    }

    /// Length in bytes of the file that is read as it stands, and not through the object's stream.
    pub(super) fn file_length(&self) -> Option<u64> {
        match &self.state {
            State::Structured(_, Input::File(file)) => file.metadata().ok().map(|metadata| metadata.len()),
            _ => None,
        }
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
    pub(super) fn take(&mut self) -> Option<(u64, Part<R>)> {
        let within = self.limits.as_ref().map_or(Ok(()), |limits| limits.check());
        let part = match within {
            Ok(()) => self.next_part(),
            Err(reached) => {
                if !self.is_drained() {
                    self.coverage.worsen(cut_short(reached.into()));
                }
                None
            }
        };
        if part.is_none() {
            self.state = State::Done;
            self.spare = Vec::new();
        }
        let part = part?;
        self.next += 1;
        Some((self.next - 1, part))
    }

    fn next_part(&mut self) -> Option<Part<R>> {
        loop {
            match &mut self.state {
                State::Done => return None,
                State::Document(_) | State::Structured(..) => {
                    return match std::mem::replace(&mut self.state, State::Done) {
                        State::Document(input) => Some(Part::Document(input)),
                        State::Structured(format, input) => Some(Part::Structured(format, input)),
                        _ => None,
                    };
                }
                State::Text { blocks, whole } => {
                    let mut block = Box::new(Block::default());
                    return match blocks.next_block(&mut block) {
                        Ok(true) => Some(Part::Text { block, whole: *whole }),
                        Ok(false) => None,
                        Err(error) => {
                            self.coverage.worsen(cut_short(error));
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
                            self.coverage.worsen(cut_short(error));
                            return None;
                        }
                        Err(broken) => self.go_on(&broken),
                    }
                }
            }
        }
    }

    fn chunk(&mut self, chunk: Chunk) -> Part<R> {
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
                let rest = Content::of_rest(splitter.into_rest());
                let dialect = Dialect { quotes: false, ..dialect };
                let splitter = Splitter::with_sizes(rest, None, self.size, Splitter::<Content<R>>::RECORD_CAP);
                State::Table { splitter, plan, dialect }
            }
            State::Table { splitter, .. } | State::Lines(splitter) => {
                self.note(format!(
                    "the record in line {line} is longer than any record should be; the rest was read as text"
                ));
                let rest = Content::of_rest(splitter.into_rest());
                let blocks = Blocks::new(rest, BlockSizes::default()).starting_at(Place { line, column: 1 });
                State::Text { blocks, whole: false }
            }
            other => other,
        };
    }

    fn note(&mut self, detail: String) {
        self.coverage.worsen(Coverage::partial(Reason::UnableToParseFile, detail));
    }
}
