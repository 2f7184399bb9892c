//! Pieces of text with a name and a place: what readers give and the engine takes.
//!
//! A reader pushes what it reads into a [`RowSink`] or a [`RecordSink`], or hands out
//! [`TextBlock`]s. It never knows identifiers; the sink never knows file formats.

/// What is known of a table before its rows are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableStart {
    /// Column names in order; `None` when the table has no header row.
    pub names: Option<Vec<String>>,
    /// The first data rows (up to [`TableStart::SAMPLE_ROWS`]), from which a column's kind can be told. They come
    /// again through [`RowSink::cell`].
    pub sample: Vec<Vec<String>>,
}

impl TableStart {
    /// Rows that a reader looks ahead for [`TableStart::sample`].
    pub const SAMPLE_ROWS: usize = 256;
}

/// One step of the path to a value inside a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathElement {
    /// Member name.
    Name(String),
    /// 0-based array index.
    Index(u64),
}

/// Where a value stands inside a record-based object.
#[derive(Debug, Clone, Copy)]
pub struct FieldPath<'a> {
    /// 0-based record; always 0 for a JSON document.
    pub record: u64,
    /// From the root of the record down to the value.
    pub elements: &'a [PathElement],
}

/// A stretch of running text, with context around the part that is to be reported.
#[derive(Debug, Clone, Copy)]
pub struct TextBlock<'a> {
    /// The text, valid UTF-8.
    pub text: &'a str,
    /// Byte offsets in `text`: matches that start before `core.0` or at or after `core.1` belong to a neighbour.
    pub core: (usize, usize),
    /// 1-based line on which `text` starts.
    pub first_line: u64,
    /// 1-based column, in code points, at which `text` starts on that line.
    pub first_column: u64,
    /// True when `text` starts the object.
    pub at_start: bool,
    /// True when `text` ends the object.
    pub at_end: bool,
}

/// Takes the cells of a table in file order, row by row.
///
/// Rows are counted from 1 in each part of a table that is read; a row that has no cells is not given.
pub trait RowSink {
    /// The next cell of the row. A cell that is not `telling` is quiet: it is a number, a date, a UUID or a like code.
    ///
    /// To be exact, a quiet cell consists of digits, the letters A to F, a to f, T and Z, and `.`, `:`, `/`, `-` and space;
    /// none of its words consists of letters alone; none starts with two letters and two digits; it has no run of 13 or more
    /// digits, spaces and hyphens; and it does not start with `00`. A reader that does not know calls a cell telling.
    fn cell(&mut self, bytes: &[u8], telling: bool);

    /// The row of the cells since the last call is over.
    fn end_row(&mut self);
}

/// Takes the values of record-based objects in file order.
pub trait RecordSink {
    /// A string or number.
    fn value(&mut self, path: FieldPath<'_>, text: &str);

    /// A JSON object begins. Its members arrive before [`RecordSink::close_object`].
    fn open_object(&mut self);

    /// The JSON object that began last ends.
    fn close_object(&mut self);

    /// What is left of a record that broke, as running text.
    fn text(&mut self, block: TextBlock<'_>);
}
