//! Reads the rows of one chunk of a CSV table.

use crate::model::{Row, RowSink};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use memchr::{memchr, memchr_iter, memchr3_iter};

/// What a chunk held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowsRead {
    /// Rows given to the sink.
    pub rows: u64,
    /// Line feeds, those inside quoted cells included.
    pub line_feeds: u64,
}

/// Reads chunks of a table one after the other; its buffers are kept from chunk to chunk.
#[derive(Debug)]
pub struct RowReader {
    delimiter: u8,
    quotes: bool,
    reader: Box<Reader>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl RowReader {
    /// A reader of cells that are separated by `delimiter` and may be quoted.
    pub fn new(delimiter: u8) -> Self {
        Self::with_quotes(delimiter, true)
    }

    /// A reader of cells that are separated by `delimiter`; without `quotes` a quote stands for itself and every line is a
    /// row.
    pub fn with_quotes(delimiter: u8, quotes: bool) -> Self {
        let reader = Box::new(ReaderBuilder::new().delimiter(delimiter).build());
        Self { delimiter, quotes, reader, bytes: Vec::new(), ends: vec![0; 64] }
    }

    /// Gives all rows of `chunk`, which starts and ends where a record does, to `sink`.
    ///
    /// Rows are numbered from 1 in the chunk. Blank lines are not rows; rows of any number of cells are given as they are.
    /// A quote that the chunk leaves open is taken to end with it.
    pub fn read_rows(&mut self, chunk: &[u8], sink: &mut impl RowSink) -> RowsRead {
        let mut read = RowsRead::default();
        if !self.quotes || memchr(b'"', chunk).is_none() {
            read.rows = self.read_plain(chunk, sink);
            read.line_feeds = memchr_iter(b'\n', chunk).count() as u64;
            return read;
        }
        self.for_each(chunk, |row, _| {
            sink.row(row);
            read.rows = row.number;
            true
        });
        read.line_feeds = self.reader.line();
        read
    }

    /// Gives the rows of a chunk in which no quote means anything, whose cells are slices of it, and tells their number.
    fn read_plain(&mut self, chunk: &[u8], sink: &mut impl RowSink) -> u64 {
        let (mut number, mut start, mut cells) = (0, 0, 0);
        let end_of_cell = |ends: &mut Vec<usize>, cells: &mut usize, end: usize| {
            if *cells == ends.len() {
                ends.resize(ends.len() * 2, 0);
            }
            ends[*cells] = end;
            *cells += 1;
        };
        let mut row = |ends: &[usize], start: usize, end: usize| {
            number += 1;
            sink.row(Row { number, bytes: &chunk[start..end], ends, gap: 1 });
        };
        for at in memchr3_iter(self.delimiter, b'\n', b'\r', chunk) {
            if chunk[at] == self.delimiter {
                end_of_cell(&mut self.ends, &mut cells, at - start);
            } else {
                // A blank line is no row, and LF after CR ends nothing but such a line.
                if cells > 0 || at > start {
                    end_of_cell(&mut self.ends, &mut cells, at - start);
                    row(&self.ends[..cells], start, at);
                    cells = 0;
                }
                start = at + 1;
            }
        }
        if cells > 0 || chunk.len() > start {
            end_of_cell(&mut self.ends, &mut cells, chunk.len() - start);
            row(&self.ends[..cells], start, chunk.len());
        }
        number
    }

    /// Calls `visit` with each row and the offset in `chunk` after the first byte of its terminator, until it answers false.
    pub(super) fn for_each(&mut self, chunk: &[u8], mut visit: impl FnMut(Row<'_>, usize) -> bool) {
        self.start(chunk.len());
        let (mut input, mut used, mut filled, mut cells, mut number) = (chunk, 0, 0, 0, 0);
        loop {
            let (result, read, written, ended) =
                self.reader.read_record(input, &mut self.bytes[filled..], &mut self.ends[cells..]);
            input = &input[read..];
            used += read;
            filled += written;
            cells += ended;
            match result {
                // An empty input tells the state machine that the last record is over, with or without a terminator.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.bytes.resize(self.bytes.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => {
                    number += 1;
                    let row = Row { number, bytes: &self.bytes[..filled], ends: &self.ends[..cells], gap: 0 };
                    if !visit(row, used) {
                        return;
                    }
                    (filled, cells) = (0, 0);
                }
                ReadRecordResult::End => return,
            }
        }
    }

    /// Makes ready for a chunk of `size` bytes, none of whose rows can then need more room than there is.
    fn start(&mut self, size: usize) {
        if self.bytes.len() <= size {
            self.bytes.resize(size + 1, 0);
        }
        self.reader.reset();
        // A fresh state machine drops a byte order mark. A chunk is not the start of a file, so its first bytes are data:
        // an empty line, which is no record, takes the freshness away.
        let _ = self.reader.read_record(b"\n", &mut self.bytes, &mut self.ends);
        self.reader.set_line(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::{SplitError, Splitter};
    use proptest::prelude::*;

    #[derive(Default)]
    struct Rows(Vec<(u64, Vec<Vec<u8>>)>);

    impl RowSink for Rows {
        fn row(&mut self, row: Row<'_>) {
            self.0.push((row.number, (0..row.len()).map(|index| row.cell(index).to_vec()).collect()));
        }
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
        let (mut all, mut chunk) = (Vec::new(), Vec::new());
        loop {
            match splitter.next_chunk(&mut chunk) {
                Ok(true) => {
                    let mut rows = Rows::default();
                    let read = reader.read_rows(&chunk, &mut rows);
                    assert_eq!(read.rows, rows.0.len() as u64);
                    assert_eq!(read.line_feeds, memchr::memchr_iter(b'\n', &chunk).count() as u64);
                    assert!(rows.0.iter().map(|(number, _)| *number).eq(1..=read.rows));
                    all.extend(rows.0.into_iter().map(|(_, cells)| cells));
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
            let (mut left, mut right) = (Vec::new(), Vec::new());
            loop {
                let go_on = whole.next_chunk(&mut left).map_err(|error| error.to_string());
                prop_assert_eq!(&go_on, &trickled.next_chunk(&mut right).map_err(|error| error.to_string()));
                prop_assert_eq!(&left, &right);
                if go_on != Ok(true) {
                    break;
                }
            }
        }
    }

    #[test]
    fn a_row_wider_than_any_before_is_read_whole() {
        let line = vec!["x"; 1000].join(",");
        let mut rows = Rows::default();
        RowReader::new(b',').read_rows(line.as_bytes(), &mut rows);
        assert_eq!(rows.0[0].1.len(), 1000);
    }

    #[test]
    fn the_delimiter_given_is_the_one_used() {
        let mut rows = Rows::default();
        RowReader::new(b'\t').read_rows(b"a,b\tc\n", &mut rows);
        assert_eq!(rows.0[0].1, [b"a,b".to_vec(), b"c".to_vec()]);
    }
}
