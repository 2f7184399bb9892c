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

/// A mark for each cell of a piece of a table, a bit each.
pub type CellMarks = [u64; MARK_WORDS];

const MARK_WORDS: usize = 128;

/// A row of a table, or a piece of a long one: its cells, as they stand in the file or unescaped, in one buffer.
///
/// A reader knows at once of many cells whether they are quiet. To be exact, a quiet cell consists of digits, the letters A to F,
/// a to f, T and Z, and `.`, `:`, `/`, `-` and space; none of its words consists of letters alone; none starts with two letters
/// and two digits; it has no run of 13 or more digits, spaces and hyphens; and it does not start with `00`. The other cells are
/// telling.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The cells' bytes and what separates them, and perhaps more.
    pub bytes: &'a [u8],
    /// Where the cell before these ends, and then for each cell its end: offsets in `bytes`. A cell starts `gap` bytes behind the
    /// end before it; [`u32::MAX`] is the end before offset 0 where the gap is 1.
    pub ends: &'a [u32],
    /// Bytes between two cells.
    pub gap: u32,
    /// Cells may stand in quotes, in which a doubled quote stands for one.
    pub quoted: bool,
    /// 0-based column of the first cell; not 0 for a piece that others of the row come before.
    pub column: usize,
    /// The row ends with the last cell.
    pub is_last: bool,
    /// Cells that are telling, a bit each from bit `bit` on. A reader that does not know sets it.
    pub telling: &'a CellMarks,
    /// Cells of no bytes, a bit each from bit `bit` on. A cell of two quotes may lack it.
    pub empty: &'a CellMarks,
    /// The bit of the first cell.
    pub bit: usize,
}

impl<'a> Row<'a> {
    /// The marks of cells of which nothing is known, telling first, then empty.
    pub const UNKNOWN: (&'static CellMarks, &'static CellMarks) = (&[u64::MAX; MARK_WORDS], &[0; MARK_WORDS]);
    /// Longest buffer in bytes.
    pub const LONGEST: usize = u32::MAX as usize - 1;

    /// Number of cells.
    #[inline]
    pub fn len(&self) -> usize {
        self.ends.len().saturating_sub(1)
    }

    /// True for a piece without cells.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Which of the 64 cells from the 0-based cell `index` on are telling; bits past the last cell are of no meaning.
    #[inline]
    pub fn telling_from(&self, index: usize) -> u64 {
        marks_from(self.telling, self.bit + index)
    }

    /// Which of the 64 cells from the 0-based cell `index` on have no bytes; bits past the last cell are of no meaning.
    #[inline]
    pub fn empty_from(&self, index: usize) -> u64 {
        marks_from(self.empty, self.bit + index)
    }

    /// Bytes of the 0-based cell of these; empty past the last one. `room` takes a cell that has to be unescaped.
    #[inline]
    pub fn cell<'r>(&self, index: usize, room: &'r mut Vec<u8>) -> &'r [u8]
    where
        'a: 'r,
    {
        let raw = self.raw(index);
        if self.quoted { unquoted(raw, room) } else { raw }
    }

    /// Bytes of the 0-based cell of these as they stand in the buffer and all that stands behind them, and the cell's length.
    #[inline]
    pub fn raw_and_behind(&self, index: usize) -> (&'a [u8], usize) {
        let Some(&[before, end]) = self.ends.get(index..).and_then(<[u32]>::first_chunk) else { return (&[], 0) };
        let start = before.wrapping_add(self.gap);
        let bytes = self.bytes.get(start as usize..).unwrap_or_default();
        (bytes, end.saturating_sub(start) as usize)
    }

    /// Bytes of the 0-based cell of these as they stand in the buffer, with its quotes if it has any.
    #[inline]
    pub fn raw(&self, index: usize) -> &'a [u8] {
        let Some([before, end]) = self.ends.get(index..index + 2) else { return &[] };
        self.bytes.get(before.wrapping_add(self.gap) as usize..*end as usize).unwrap_or_default()
    }
}

/// The 64 marks from number `from` on.
#[inline]
fn marks_from(marks: &CellMarks, from: usize) -> u64 {
    let (word, bit) = (from / 64, from % 64);
    marks[word % MARK_WORDS] >> bit | marks[(word + 1) % MARK_WORDS] << 1 << (63 - bit)
}

/// The 64 bits from bit `from` on; those past the end are 0.
#[inline]
pub fn bits_from(words: &[u64], from: usize) -> u64 {
    let (word, bit) = (from / 64, from % 64);
    let low = words.get(word).map_or(0, |word| word >> bit);
    let high = words.get(word + 1).map_or(0, |word| word << 1 << (63 - bit));
    low | high
}

/// A cell without its quotes; where a doubled quote inside becomes one, it is copied to `room`.
fn unquoted<'r>(raw: &'r [u8], room: &'r mut Vec<u8>) -> &'r [u8] {
    let [b'"', inner @ .., b'"'] = raw else { return raw };
    let Some(first) = memchr::memchr(b'"', inner) else { return inner };
    room.clear();
    room.extend_from_slice(&inner[..first]);
    // Of quotes in a row, each second one is text.
    let mut rest = &inner[first + 1..];
    loop {
        let end = match rest {
            [b'"', more @ ..] => 1 + memchr::memchr(b'"', more).unwrap_or(more.len()),
            _ => memchr::memchr(b'"', rest).unwrap_or(rest.len()),
        };
        room.extend_from_slice(&rest[..end]);
        if end == rest.len() {
            return room;
        }
        rest = &rest[end + 1..];
    }
}

/// Takes the rows of a table in file order.
pub trait RowSink {
    /// The next row, or the next piece of it. Rows are counted from 1 in each part of a table that is read; one without cells is
    /// not given.
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

/// True for the bytes that quiet cells consist of (see [`Row`]): those of numbers, dates, times and UUIDs.
pub fn is_of_quiet(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || b"TZ.:/- ".contains(&byte)
}

/// The definition of a quiet cell (see [`Row`]), word for word: the oracle of those who find or rely on them.
#[cfg(test)]
pub fn is_quiet(cell: &[u8]) -> bool {
    let of_codes = |byte: &u8| byte.is_ascii_hexdigit() || b"TZ.:/- ".contains(byte);
    let in_run = |byte: &u8| byte.is_ascii_digit() || b"- ".contains(byte);
    let quiet_word = |word: &[u8]| {
        let letters = |part: &[u8]| part.iter().all(u8::is_ascii_alphabetic);
        let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
        word.is_empty() || !(letters(word) || word.len() >= 4 && letters(&word[..2]) && digits(&word[2..4]))
    };
    cell.iter().all(of_codes)
        && cell.split(|byte| !byte.is_ascii_alphanumeric()).all(quiet_word)
        && cell.split(|byte| !in_run(byte)).all(|run| run.len() < 13)
        && !cell.starts_with(b"00")
}
