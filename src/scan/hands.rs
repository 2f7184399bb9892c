//! What a thread does with the parts of an object.

use super::coverage::{cut_short, of_content, with_nul};
use super::parts::{Dialect, Input, Part, PartResult};
use super::scanner::Scanner;
use super::structured::ContentScanner;
use crate::engine::{Costs, Engine, KnownIds, RecordScanner, TableScanner, TextScanner};
use crate::model::{Column, Coverage, Reason};
use crate::readers::{
    BlockSizes, Blocks, Chunk, Format, JsonError, JsonReader, Limits, LineReader, Reader, RowReader, Source,
};
use std::io::{self, Read};
use std::sync::Arc;

/// What a part is scanned with.
#[derive(Clone, Copy)]
pub(super) struct Reading<'e> {
    /// Identifiers and settings.
    pub(super) scanner: &'e Scanner,
    /// The identifiers, with the allow lists that are for the object.
    pub(super) engine: &'e Engine,
    /// What comments in the object may name that say that something is known; `None` where they are not heeded.
    pub(super) heeded: Option<&'e KnownIds>,
    /// What may still be read of the object that the part belongs to.
    pub(super) limits: &'e Arc<Limits>,
    /// Levels of archives and compression around the part.
    pub(super) levels: u32,
    /// Whether what it costs is taken down.
    pub(super) measures: bool,
}

/// What a thread keeps between the parts of one object.
#[derive(Default)]
pub(super) struct Hands<'e> {
    table: Option<TableScanner<'e>>,
    rows: Option<(Dialect, RowReader)>,
    records: Option<RecordScanner<'e>>,
    lines: Option<LineReader>,
    text: Option<TextScanner<'e>>,
    /// What structured objects have cost.
    structured: Costs,
}

impl<'e> Hands<'e> {
    /// What scanning has cost.
    pub(super) fn take_costs(&mut self) -> Costs {
        let mut costs = std::mem::take(&mut self.structured);
        costs.add(self.table.as_mut().map(TableScanner::take_costs).unwrap_or_default());
        costs.add(self.records.as_mut().map(RecordScanner::take_costs).unwrap_or_default());
        costs.add(self.text.as_mut().map(TextScanner::take_costs).unwrap_or_default());
        costs
    }

    /// Scans a part and gives back its buffer, which can be used again.
    pub(super) fn scan<R: Read>(&mut self, reading: Reading<'e>, part: Part<R>, result: &mut PartResult) -> Chunk {
        let engine = reading.engine;
        match part {
            Part::Rows { chunk, plan, dialect } => {
                let table = self.table.get_or_insert_with(|| TableScanner::new(engine, Arc::clone(&plan)));
                if reading.measures {
                    table.measure();
                }
                let rows = match &mut self.rows {
                    Some((known, rows)) if *known == dialect => rows,
                    stale => {
                        let rows = RowReader::with_quotes(dialect.delimiter, dialect.quotes);
                        &mut stale.insert((dialect, rows)).1
                    }
                };
                result.records = rows.read_rows(&chunk, chunk.survey().quotes, &mut table.sink(&mut result.tally));
                result.bytes = chunk.len() as u64;
                result.coverage = with_nul(chunk.survey().nul);
                for ((number, column), values) in (1..).zip(&plan.columns).zip(table.take_non_empty(result.records)) {
                    result.tally.add_non_empty(Column { number, name: column.name.as_ref() }, values);
                }
                return chunk;
            }
            Part::Lines { chunk, first_line } => {
                let records = records(&mut self.records, reading);
                let levels = reading.limits.quotas().json_levels;
                let lines = self.lines.get_or_insert_with(|| LineReader::new().with_levels(levels));
                let read = lines.read_lines(&chunk, 0, first_line, &mut records.sink(&mut result.tally));
                result.records = read.records;
                result.bytes = chunk.len() as u64;
                result.coverage = read.coverage();
                result.coverage.worsen(with_nul(chunk.survey().nul));
                return chunk;
            }
            Part::Text { block, whole } => {
                // What is left of a table is data, however it is read.
                let heeded = reading.heeded.filter(|_| whole);
                let text = self.text.get_or_insert_with(|| TextScanner::new(engine).heeding(heeded));
                if reading.measures {
                    text.measure();
                }
                text.block(block.as_text_block(), &mut result.tally);
                let core = &block.text.as_bytes()[block.core.0..block.core.1];
                result.bytes = core.len() as u64;
                result.coverage = of_content(core);
            }
            Part::Document(input) => self.document(reading, input, result),
            Part::Structured(format, input) => {
                structured(reading, format, input, result);
                self.structured.add(std::mem::take(&mut result.costs));
            }
        }
        Chunk::default()
    }

    fn document(&mut self, reading: Reading<'e>, input: impl Read, result: &mut PartResult) {
        let levels = reading.limits.quotas().json_levels;
        let records = records(&mut self.records, reading);
        let mut input = Metered::new(input);
        let mut reader = JsonReader::new(&mut input).with_levels(levels);
        let outcome = reader.read_all(&mut records.sink(&mut result.tally));
        match outcome {
            Ok(_) => {}
            Err(JsonError::Io(error)) => result.coverage = cut_short(error),
            Err(JsonError::TooDeep { .. }) => {
                let detail = format!("nested deeper than {levels} levels");
                result.coverage = Coverage::partial(Reason::JsonNestingLevelOverLimit, detail);
            }
            Err(JsonError::Malformed { place, .. }) => {
                let detail =
                    format!("not JSON from line {}, column {} on; the rest was read as text", place.line, place.column);
                result.coverage = Coverage::partial(Reason::UnableToParseFile, detail);
                let rest = Blocks::new(reader.into_rest(), BlockSizes::default()).starting_at(place);
                if let Err(error) = rest.read_all(&mut records.sink(&mut result.tally)) {
                    result.coverage.worsen(cut_short(error));
                }
            }
        }
        result.bytes = input.bytes;
        result.coverage.worsen(input.coverage);
    }
}

fn records<'r, 'e>(records: &'r mut Option<RecordScanner<'e>>, reading: Reading<'e>) -> &'r mut RecordScanner<'e> {
    let records = records.get_or_insert_with(|| RecordScanner::new(reading.engine));
    if reading.measures {
        records.measure();
    }
    records
}

/// Lets the reader of the format read the whole object.
fn structured<R: Read>(reading: Reading<'_>, format: &Format, input: Input<R>, result: &mut PartResult) {
    let limits = reading.limits;
    // A comment of YAML stands in the text, on the line that it speaks of.
    let heeded = reading.heeded.filter(|_| format.mime_type == "text/x-yaml");
    let mut sink = ContentScanner::new(Reading { heeded, ..reading }, result);
    let (outcome, bytes) = match (format.reader, input) {
        (Reader::Streaming(read), Input::Content(content)) => {
            let mut input = Metered::new(content);
            let outcome = read(&mut input, limits, &mut sink);
            (outcome, input.bytes)
        }
        (Reader::Streaming(read), Input::File(file)) => {
            let mut input = Metered::new(file);
            let outcome = read(&mut input, limits, &mut sink);
            (outcome, input.bytes)
        }
        (Reader::Seeking(read), input) => {
            let source = match input {
                Input::Content(content) => Source::spool(content),
                Input::File(file) => Ok((Source::File(file), None)),
            };
            match source.and_then(|(source, failure)| Ok((source.length()?, source, failure))) {
                Ok((length, source, failure)) => {
                    let outcome = read(source, limits, &mut sink);
                    // That the content is cut off says more than what its reader makes of the rest.
                    (failure.map_or(outcome, |failure| Err(failure.into())), length)
                }
                Err(error) => (Err(error.into()), 0),
            }
        }
        // Only what has a reader is taken for structured.
        _ => (Ok(()), 0),
    };
    sink.finish(outcome);
    if result.members.is_empty() {
        result.bytes = bytes;
    }
}

/// Counts the bytes that are read and looks for what does not belong there.
struct Metered<R> {
    input: R,
    bytes: u64,
    coverage: Coverage,
}

impl<R> Metered<R> {
    fn new(input: R) -> Self {
        Self { input, bytes: 0, coverage: Coverage::complete() }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.bytes += read as u64;
        self.coverage.worsen(of_content(&buffer[..read]));
        Ok(read)
    }
}
