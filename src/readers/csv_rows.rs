//! Reads the rows of one chunk of a CSV table.

use super::cell_index::CellIndex;
use crate::blocks::Classifier;
use crate::model::{CellMarks, Row, RowSink};
use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use memchr::memchr;

/// Reads chunks of a table one after the other; its buffers are kept from chunk to chunk.
#[derive(Debug)]
pub struct RowReader {
    delimiter: u8,
    quotes: bool,
    index: CellIndex,
    machine: Option<Machine>,
}

impl RowReader {
    /// A reader of cells that are separated by `delimiter` and may be quoted.
    pub fn new(delimiter: u8) -> Self {
        Self::with_quotes(delimiter, true)
    }

    /// A reader of cells that are separated by `delimiter`; without `quotes` a quote stands for itself and every line is a
    /// row.
    pub fn with_quotes(delimiter: u8, quotes: bool) -> Self {
        Self::with_classifier(Classifier::new(), delimiter, quotes)
    }

    fn with_classifier(classifier: Classifier, delimiter: u8, quotes: bool) -> Self {
        Self { delimiter, quotes, index: CellIndex::new(classifier, delimiter), machine: None }
    }

    /// Gives all rows of `chunk`, which starts and ends where a record does, to `sink`, and tells their number. `quotes` may be
    /// false only if the chunk holds none.
    ///
    /// Blank lines are not rows; rows of any number of cells are given as they are, very long ones in pieces. A quote that the
    /// chunk leaves open is taken to end with it.
    pub fn read_rows(&mut self, chunk: &[u8], quotes: bool, sink: &mut impl RowSink) -> u64 {
        let mut rows = 0;
        self.for_each_piece(chunk, quotes, |row, _| {
            rows += u64::from(row.is_last);
            sink.row(row);
            true
        });
        rows
    }

    /// Calls `visit` with each row and the offset in `chunk` after the first byte of its terminator, until it answers false.
    pub(super) fn for_each_row(&mut self, chunk: &[u8], mut visit: impl FnMut(Row<'_>, usize) -> bool) {
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        self.for_each_piece(chunk, memchr(b'"', chunk).is_some(), |piece, end| {
            if piece.is_last && piece.column == 0 {
                return visit(piece, end);
            }
            if piece.column == 0 {
                bytes.clear();
                ends.clear();
            }
            // Where cells have a gap between them, all pieces are of the same bytes.
            let moved = if piece.gap == 0 { bytes.len() as u32 } else { 0 };
            let skipped = usize::from(!ends.is_empty());
            ends.extend(piece.ends.iter().skip(skipped).map(|end| end.wrapping_add(moved)));
            if piece.gap == 0 {
                bytes.extend_from_slice(piece.bytes);
            }
            if !piece.is_last {
                return true;
            }
            let whole = if piece.gap == 0 { &bytes[..] } else { piece.bytes };
            let (telling, empty) = Row::UNKNOWN;
            visit(Row { bytes: whole, ends: &ends, column: 0, telling, empty, bit: 0, ..piece }, end)
        });
    }

    #[inline]
    fn for_each_piece(&mut self, chunk: &[u8], quotes: bool, visit: impl FnMut(Row<'_>, usize) -> bool) {
        let quotes = self.quotes && quotes;
        if self.index.understands(chunk, quotes) {
            return self.index.for_each(chunk, quotes, visit);
        }
        let machine = self.machine.get_or_insert_with(|| Machine::new(self.delimiter, self.quotes));
        machine.for_each(chunk, visit);
    }
}

/// The state machine for chunks whose quotes are not where they should be.
#[derive(Debug)]
struct Machine {
    reader: Box<Reader>,
    bytes: Vec<u8>,
    ends: Vec<u32>,
    empty: Box<CellMarks>,
}

/// Cells that the state machine gives at a time.
const PIECE: usize = 4096;

impl Machine {
    fn new(delimiter: u8, quotes: bool) -> Self {
        let reader = Box::new(ReaderBuilder::new().delimiter(delimiter).quoting(quotes).build());
        Self { reader, bytes: vec![0; PIECE], ends: Vec::new(), empty: Box::new(*Row::UNKNOWN.1) }
    }

    fn for_each(&mut self, chunk: &[u8], mut visit: impl FnMut(Row<'_>, usize) -> bool) {
        self.start();
        let (mut input, mut used, mut filled, mut column) = (chunk, 0, 0, 0);
        loop {
            let (result, read, written) = self.reader.read_field(input, &mut self.bytes[filled..]);
            input = &input[read..];
            used += read;
            filled += written;
            match result {
                // An empty input tells the state machine that the last record is over, with or without a terminator.
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::OutputFull => self.bytes.resize(self.bytes.len() * 2, 0),
                ReadFieldResult::Field { record_end } => {
                    let cell = self.ends.len() - 1;
                    self.empty[cell / 64] |= u64::from(self.ends[cell] == filled as u32) << (cell % 64);
                    self.ends.push(filled as u32);
                    if !record_end && self.ends.len() <= PIECE {
                        continue;
                    }
                    let row = Row {
                        bytes: &self.bytes[..filled],
                        ends: &self.ends,
                        gap: 0,
                        quoted: false,
                        column,
                        is_last: record_end,
                        telling: Row::UNKNOWN.0,
                        empty: &self.empty,
                        bit: 0,
                    };
                    if !visit(row, used) {
                        return;
                    }
                    column = if record_end { 0 } else { column + self.ends.len() - 1 };
                    filled = 0;
                    self.clear();
                }
                ReadFieldResult::End => return,
            }
        }
    }

    /// Makes ready for a chunk.
    fn start(&mut self) {
        self.reader.reset();
        // A fresh state machine drops a byte order mark. A chunk is not the start of a file, so its first bytes are data:
        // an empty line, which is no record, takes the freshness away.
        let _ = self.reader.read_field(b"\n", &mut self.bytes);
        self.reader.set_line(0);
        self.clear();
    }

    fn clear(&mut self) {
        self.ends.clear();
        self.ends.push(0);
        self.empty.fill(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::{Chunk, SplitError, Splitter};
    use proptest::prelude::*;

    #[derive(Default)]
    struct Rows(Vec<Vec<Vec<u8>>>);

    impl RowSink for Rows {
        fn row(&mut self, row: Row<'_>) {
            let mut room = Vec::new();
            if row.column == 0 {
                self.0.push(Vec::new());
            }
            let cells = self.0.last_mut().expect("a row begins with its first cell");
            assert_eq!(cells.len(), row.column);
            cells.extend((0..row.len()).map(|index| row.cell(index, &mut room).to_vec()));
        }
    }

    fn read(reader: &mut RowReader, chunk: &[u8], rows: &mut Rows) -> u64 {
        reader.read_rows(chunk, chunk.contains(&b'"'), rows)
    }

    fn expected(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        reader
            .byte_records()
            .map(|record| record.expect("bytes are always CSV").iter().map(<[u8]>::to_vec).collect())
            .collect()
    }

    fn in_chunks(bytes: &[u8], chunk_size: usize) -> (Vec<Vec<Vec<u8>>>, Option<SplitError>) {
        let mut splitter = Splitter::with_sizes(bytes, Some(b','), chunk_size, usize::MAX);
        let mut reader = RowReader::new(b',');
        let (mut all, mut chunk) = (Vec::new(), Chunk::default());
        loop {
            match splitter.next_chunk(&mut chunk) {
                Ok(true) => {
                    assert_eq!(chunk.survey(), Classifier::portable().survey(&chunk));
                    let mut rows = Rows::default();
                    assert_eq!(read(&mut reader, &chunk, &mut rows), rows.0.len() as u64);
                    all.extend(rows.0);
                }
                Ok(false) => return (all, None),
                Err(error) => return (all, Some(error)),
            }
        }
    }

    fn anything_like_csv() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            4 => Just(b",".to_vec()),
            3 => Just(b"\n".to_vec()),
            2 => Just(b"\r\n".to_vec()),
            1 => Just(b"\r".to_vec()),
            2 => Just(b"\"".to_vec()),
            2 => Just(b"\"\"".to_vec()),
            2 => Just(b"\"a,\"\"b\r\nc\"".to_vec()),
            1 => Just("\u{e9}\u{4e2d}".as_bytes().to_vec()),
            1 => Just(b"\xff\xfe".to_vec()),
            1 => Just(b"\xef\xbb\xbf".to_vec()),
            4 => "[a-z0-9 ]{0,12}".prop_map(String::into_bytes),
        ];
        prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn any_bytes_in_chunks_of_any_size_give_the_rows_of_the_whole_file(
            bytes in anything_like_csv(),
            chunk_size in prop_oneof![1_usize..16, 16_usize..400],
        ) {
            // The mark at the start of a file is dropped before a table is read.
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(&bytes);
            prop_assume!(!bytes.starts_with(b"\xef\xbb\xbf"));
            let (rows, error) = in_chunks(bytes, chunk_size);
            match error {
                None => prop_assert_eq!(rows, expected(bytes)),
                Some(SplitError::UnclosedQuote { offset }) => {
                    let whole = expected(bytes);
                    prop_assert_eq!(&rows, &expected(&bytes[..offset as usize]));
                    prop_assert_eq!(whole.len(), rows.len() + 1);
                }
                Some(error) => panic!("{error}"),
            }
        }

        #[test]
        fn cuts_do_not_depend_on_how_much_a_read_gives(bytes in anything_like_csv(), chunk_size in 1_usize..64) {
            struct Trickle<'a>(&'a [u8]);
            impl std::io::Read for Trickle<'_> {
                fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                    let length = buffer.len().min(3);
                    self.0.read(&mut buffer[..length])
                }
            }
            let mut whole = Splitter::with_sizes(&bytes[..], Some(b','), chunk_size, 100);
            let mut trickled = Splitter::with_sizes(Trickle(&bytes), Some(b','), chunk_size, 100);
            let (mut left, mut right) = (Chunk::default(), Chunk::default());
            loop {
                let go_on = whole.next_chunk(&mut left).map_err(|error| error.to_string());
                prop_assert_eq!(&go_on, &trickled.next_chunk(&mut right).map_err(|error| error.to_string()));
                prop_assert_eq!(&left[..], &right[..]);
                if go_on != Ok(true) {
                    break;
                }
            }
        }
    }

    #[test]
    fn a_row_wider_than_any_before_is_read_whole() {
        let line = vec!["x"; 10_000].join(",");
        for quote in ["", "\"x\",", "x\","] {
            let line = format!("{quote}{line}");
            let mut rows = Rows::default();
            read(&mut RowReader::new(b','), line.as_bytes(), &mut rows);
            assert_eq!(rows.0[0].len(), 10_000 + quote.matches(',').count());
            let mut whole = 0;
            RowReader::new(b',').for_each_row(line.as_bytes(), |row, _| {
                let mut room = Vec::new();
                whole +=
                    usize::from((0..row.len()).map(|cell| row.cell(cell, &mut room).to_vec()).eq(rows.0[0].clone()));
                true
            });
            assert_eq!(whole, 1);
        }
    }

    #[test]
    fn the_delimiter_given_is_the_one_used() {
        let mut rows = Rows::default();
        read(&mut RowReader::new(b'\t'), b"a,b\tc\n", &mut rows);
        assert_eq!(rows.0[0], [b"a,b".to_vec(), b"c".to_vec()]);
    }
}
