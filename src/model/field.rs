//! Pieces of text with a name and a place: what readers give and the engine takes.
//!
//! A reader pushes what it reads into a [`RowSink`] or a [`RecordSink`], or hands out
//! [`TextBlock`]s. It never knows identifiers; the sink never knows file formats.

use super::{MemberId, MemberNames, PathStep};

/// What is known of a table before its rows are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableStart {
    /// Column names in order; `None` when the table has no header row.
    pub names: Option<Vec<String>>,
    /// The first data rows (up to [`TableStart::SAMPLE_ROWS`]), from which a column's kind can be told. They come
    /// again through [`RowSink::row`].
    pub sample: Vec<Vec<String>>,
}

impl TableStart {
    /// Rows that a reader looks ahead for [`TableStart::sample`].
    pub const SAMPLE_ROWS: usize = 256;
}

/// One row of a table: unescaped cells in one buffer.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// 1-based record of the file or of the part being read (see [`RowSink::row`]); the header, where there is one, counts.
    pub number: u64,
    /// The cells' bytes one after the other, `gap` bytes between them.
    pub bytes: &'a [u8],
    /// End of each cell in `bytes`.
    pub ends: &'a [usize],
    /// Bytes between two cells: 0 for cells that were unescaped, 1 for a row as it stands in the file.
    pub gap: usize,
}

impl<'a> Row<'a> {
    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True for a row without cells.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes of the 0-based cell; empty past the end of a short row.
    pub fn cell(&self, index: usize) -> &'a [u8] {
        let start =
            if index == 0 { 0 } else { self.ends.get(index - 1).map_or(self.bytes.len(), |end| end + self.gap) };
        let end = self.ends.get(index).copied().unwrap_or(start);
        self.bytes.get(start..end).unwrap_or_default()
    }
}

/// Where a value stands inside a record-based object.
#[derive(Debug, Clone, Copy)]
pub struct FieldPath<'a> {
    /// 0-based record; always 0 for a JSON document.
    pub record: u64,
    /// The member that the value belongs to, directly or as an element of an array.
    pub member: MemberId,
    /// From the root of the record down to the value.
    pub steps: &'a [PathStep],
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

/// Takes the rows of a table in file order.
pub trait RowSink {
    /// A row of the table whose [`TableStart`] the sink was made for.
    fn row(&mut self, row: Row<'_>);
}

/// Takes the values of record-based objects in file order.
pub trait RecordSink {
    /// The members that the sink has been told of. The reader looks names up in them, and adds new ones.
    fn names(&mut self) -> &mut MemberNames;

    /// Forgets the members that were met so far, but for those on the reader's present path, which get new ids.
    fn forget_names(&mut self, path: &mut [PathStep]) {
        self.names().restart(&mut [path]);
    }

    /// A string or number: the bytes of a text in UTF-8, or to be read as [`decode_value`](super::decode_value) does.
    fn value(&mut self, path: FieldPath<'_>, bytes: &[u8]);

    /// A JSON object begins. Its members arrive before [`RecordSink::close_object`].
    fn open_object(&mut self);

    /// The JSON object that began last ends.
    fn close_object(&mut self);

    /// What is left of a record that broke, as running text.
    fn text(&mut self, block: TextBlock<'_>);
}
