//! Sinks and inputs for the tests of the readers.

use crate::model::{FieldPath, MemberNames, PathStep, RecordSink, TextBlock, decode_value};
use std::io::{self, Read};

/// Keeps what it is given, written as text.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// `RECORD PATH=VALUE`.
    pub(super) values: Vec<String>,
    /// `LINE:COLUMN TEXT`.
    pub(super) texts: Vec<String>,
    /// Objects that are open.
    pub(super) open: i64,
    names: MemberNames,
}

impl RecordSink for Fields {
    fn names(&mut self) -> &mut MemberNames {
        &mut self.names
    }

    fn value(&mut self, path: FieldPath<'_>, bytes: &[u8]) {
        let mut written = format!("{} $", path.record);
        for step in path.steps {
            match *step {
                PathStep::Member(member) => written.extend([".", &self.names.name(member)]),
                PathStep::Index(index) => written.extend(["[", &index.to_string(), "]"]),
            }
        }
        self.values.push(written + "=" + &decode_value(bytes));
    }

    fn open_object(&mut self) {
        self.open += 1;
    }

    fn close_object(&mut self) {
        self.open -= 1;
    }

    fn text(&mut self, block: TextBlock<'_>) {
        self.texts.push(format!("{}:{} {}", block.first_line, block.first_column, block.text));
    }
}

/// Gives a few bytes at a time, as a pipe may.
#[derive(Debug)]
pub(super) struct Trickle<'a>(pub(super) &'a [u8], pub(super) usize);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(self.1);
        self.0.read(&mut buffer[..length])
    }
}
