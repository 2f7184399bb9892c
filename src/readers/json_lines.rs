//! Reads JSON Lines: each line that is not blank is a record.

use super::Place;
use super::json_input::Slice;
use super::json_value::{Fault, ValueReader};
use super::text::{BlockSizes, Blocks};
use crate::model::{Coverage, Reason, RecordSink};
use memchr::memchr;

/// What a chunk held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LinesRead {
    /// Records, those that are no JSON included.
    pub records: u64,
    /// Lines, blank ones included.
    pub lines: u64,
    /// Records that are no JSON, read as text from the mistake on.
    pub malformed: u64,
    /// Records that are nested too deep, read down to the limit only.
    pub too_deep: u64,
}

impl LinesRead {
    /// Adds what another chunk held.
    pub fn add(&mut self, other: Self) {
        self.records += other.records;
        self.lines += other.lines;
        self.malformed += other.malformed;
        self.too_deep += other.too_deep;
    }

    /// What it means for the object that holds all of it.
    pub fn coverage(&self) -> Coverage {
        if self.too_deep > 0 {
            let detail = format!("{} of {} records are nested too deep", self.too_deep, self.records);
            Coverage::partial(Reason::JsonNestingLevelOverLimit, detail)
        } else if self.malformed > 0 {
            let detail = format!("{} of {} records are no JSON and were read as text", self.malformed, self.records);
            Coverage::partial(Reason::UnableToParseFile, detail)
        } else {
            Coverage::complete()
        }
    }
}

/// Reads chunks of JSON Lines one after the other; its buffers are kept from chunk to chunk.
#[derive(Debug, Default)]
pub struct LineReader {
    values: ValueReader,
}

impl LineReader {
    /// A reader without anything read yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same for records in which so many objects and arrays may stand inside each other.
    #[must_use]
    pub fn with_levels(mut self, levels: usize) -> Self {
        self.values.levels = levels;
        self
    }

    /// Gives the values of all records in `chunk`, which consists of whole lines, to `sink`.
    ///
    /// `first_record` is the 0-based record, and `first_line` the 1-based line, with which the chunk starts; a caller that
    /// reads chunks side by side passes 0 and 1 and adds what [`LinesRead`] of the chunks before says. A line that is no
    /// JSON is given as text from the member or value at which it breaks; the lines after it are read as ever.
    pub fn read_lines<S: RecordSink>(
        &mut self,
        chunk: &[u8],
        first_record: u64,
        first_line: u64,
        sink: &mut S,
    ) -> LinesRead {
        let mut read = LinesRead::default();
        let mut rest = chunk;
        while !rest.is_empty() {
            let end = memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let (line, after) = rest.split_at(end);
            rest = after;
            self.read_line(line, first_record, first_line + read.lines, &mut read, sink);
            read.lines += 1;
        }
        read
    }

    fn read_line<S: RecordSink>(
        &mut self,
        line: &[u8],
        first_record: u64,
        number: u64,
        read: &mut LinesRead,
        sink: &mut S,
    ) {
        let mut input = Slice::new(line);
        let mut any = false;
        let fault = loop {
            match self.values.read(&mut input, first_record + read.records, sink) {
                Ok(true) => any = true,
                Ok(false) => break None,
                Err(fault) => break Some(fault),
            }
        };
        match fault {
            None if !any => return,
            None => {}
            Some(Fault::TooDeep) => read.too_deep += 1,
            Some(Fault::Malformed | Fault::Io(_)) => {
                read.malformed += 1;
                let mut place = Place { line: number, column: 1 };
                place.advance(&line[..input.resume()]);
                let text = line[input.resume()..].trim_ascii_end();
                // Memory does not fail to be read, so there is no error to be passed on.
                let _ = Blocks::new(text, BlockSizes::default()).starting_at(place).read_all(sink);
            }
        }
        read.records += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::testing::Fields;

    fn read(text: &str) -> (Fields, LinesRead) {
        let mut fields = Fields::default();
        let read = LineReader::new().read_lines(text.as_bytes(), 10, 20, &mut fields);
        assert_eq!(fields.open, 0);
        (fields, read)
    }

    #[test]
    fn each_line_is_a_record_and_blank_lines_are_none() {
        let (fields, read) = read("{\"a\":\"x\"}\r\n\n  \n{\"a\":[1,{\"b\":\"y\"}]}\n\"z\"");
        assert_eq!(fields.values, ["10 $.a=x", "11 $.a[0]=1", "11 $.a[1].b=y", "12 $=z"]);
        assert_eq!(read, LinesRead { records: 3, lines: 5, malformed: 0, too_deep: 0 });
        assert_eq!(read.coverage(), Coverage::complete());
    }

    #[test]
    fn a_bad_line_is_read_as_text_and_the_others_go_on() {
        let (fields, read) = read("{\"a\":1}\n{\"a\":2,\"ssn\" 123-45-6789}\n{\"a\":3}\nnot JSON\n");
        assert_eq!(fields.values, ["10 $.a=1", "11 $.a=2", "12 $.a=3"]);
        assert_eq!(fields.texts, ["21:8 \"ssn\" 123-45-6789}", "23:1 not JSON"]);
        assert_eq!((read.records, read.malformed), (4, 2));
        assert_eq!(read.coverage().reason, Some(Reason::UnableToParseFile));
    }

    #[test]
    fn a_record_nested_too_deep_does_not_hide_the_others() {
        let (fields, read) = read(&format!("{}\n[5]\n", "[".repeat(300)));
        assert_eq!(fields.values, ["11 $[0]=5"]);
        assert_eq!(read.coverage().reason, Some(Reason::JsonNestingLevelOverLimit));
    }
}
