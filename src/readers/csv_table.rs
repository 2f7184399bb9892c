//! What is known of a CSV table before its rows are read.

use super::RowReader;
use super::dialect::{Shape, whole_records};
use super::header::is_header;
use crate::model::{TableStart, decode_value};

/// A table whose beginning has been looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Separates cells.
    pub delimiter: u8,
    /// Column names and the first rows of data.
    pub start: TableStart,
    /// What stands above the header: a title, when and by whom the table was made.
    pub preamble: String,
    /// Records above the header.
    preamble_records: u64,
    /// 1-based line of the header, or of the first row without one.
    pub header_line: u64,
    /// Offset in the decoded text at which the rows of data start: 0 without a header.
    pub data_start: usize,
    /// 1-based line on which they start.
    pub data_line: u64,
}

impl Table {
    /// Bytes of the decoded text that [`Table::open`] should be shown: enough for a sample of rows and for a wide header.
    pub const HEAD: usize = 256 * 1024;

    /// Longest cell kept in the sample, in bytes; what is longer tells no more of its column.
    const SAMPLE_CELL: usize = 1024;

    /// Records above a header, at most.
    const PREAMBLE: usize = 32;

    /// The table that starts with `head`, which is all of it if `at_end` is set. A text without any delimiter is a table
    /// of one column.
    pub fn open(head: &[u8], at_end: bool, preferred_delimiter: Option<u8>) -> Self {
        Self::with_shape(&Shape::of(head, at_end, preferred_delimiter), head, at_end)
    }

    /// As [`Table::open`], for a shape that is known.
    pub fn with_shape(shape: &Shape, head: &[u8], at_end: bool) -> Self {
        let delimiter = shape.delimiter;
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut ends: Vec<usize> = Vec::new();
        let mut room = Vec::new();
        RowReader::new(delimiter).for_each_row(whole_records(head, delimiter, at_end), |row, end| {
            // The header may be any of the first.
            let whole = rows.len() <= Self::PREAMBLE;
            // The state machine counts the end of input as a line end.
            ends.push(end.min(head.len()));
            let cell = |index| {
                let mut cell = decode_value(row.cell(index, &mut room)).into_owned();
                if !whole {
                    shorten(&mut cell);
                }
                cell
            };
            rows.push((0..row.len()).map(cell).collect());
            rows.len() <= TableStart::SAMPLE_ROWS
        });
        let header = header_above(&rows, shape.columns);
        let Some(header) = header.filter(|header| is_header(&rows[*header], &rows[header + 1..])) else {
            rows.truncate(TableStart::SAMPLE_ROWS);
            rows.iter_mut().flatten().for_each(shorten);
            let start = TableStart { names: None, sample: rows };
            let (preamble, preamble_records) = (String::new(), 0);
            return Self { delimiter, start, preamble, preamble_records, header_line: 1, data_start: 0, data_line: 1 };
        };
        // The state machine stops after CR; the LF that may follow belongs to the record.
        let after = |end: usize| end + usize::from(head[..end].ends_with(b"\r") && head.get(end) == Some(&b'\n'));
        let mut header_start = header.checked_sub(1).map_or(0, |above| after(ends[above]));
        header_start += head[header_start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let data_start = after(ends[header]);
        let line = |offset: usize| memchr::memchr_iter(b'\n', &head[..offset]).count() as u64 + 1;
        let mut sample = rows.split_off(header);
        let names = sample.remove(0);
        sample.iter_mut().flatten().for_each(shorten);
        Self {
            delimiter,
            start: TableStart { names: Some(names), sample },
            preamble: decode_value(&head[..header_start]).into_owned(),
            preamble_records: header as u64,
            header_line: line(header_start),
            data_start,
            data_line: line(data_start),
        }
    }

    /// Records of the file before the first row of data: 1 with a header, and those above it.
    pub fn records_before_data(&self) -> u64 {
        u64::from(self.start.names.is_some()) + self.preamble_records
    }
}

/// Index of the row that may be the header of a table of so many columns: the first one that is nearly as wide. A row that is
/// less than half as wide, counting what is filled, is a title or a comment above it.
fn header_above(rows: &[Vec<String>], columns: usize) -> Option<usize> {
    let filled = |row: &Vec<String>| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    let is_comment = |row: &Vec<String>| row.first().is_some_and(|cell| cell.trim_start().starts_with('#'));
    let is_above = |row: &Vec<String>| filled(row) * 2 < columns || (is_comment(row) && filled(row) < columns);
    let header = rows.iter().take(Table::PREAMBLE).position(|row| !is_above(row))?;
    (rows[header].len() * 2 >= columns).then_some(header)
}

/// Cuts a cell of the sample to the length that is kept, at a character.
fn shorten(cell: &mut String) {
    if cell.len() > Table::SAMPLE_CELL {
        let end = (0..=Table::SAMPLE_CELL).rev().find(|end| cell.is_char_boundary(*end)).unwrap_or(0);
        cell.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_header_gives_the_names_and_the_data_start_after_it() {
        let table = Table::open(b"name;ssn\r\nZo\xeb;123-45-6789\r\n", true, None);
        assert_eq!(table.delimiter, b';');
        assert_eq!(table.start.names.as_deref(), Some(["name".to_owned(), "ssn".to_owned()].as_slice()));
        assert_eq!(table.start.sample, [["Zo\u{eb}", "123-45-6789"]]);
        assert_eq!((table.data_start, table.data_line, table.records_before_data()), (10, 2, 1));
    }

    #[test]
    fn without_a_header_the_first_row_is_data() {
        let table = Table::open(b"Jane,123-45-6789\nRick,234-56-7890\n", true, None);
        assert_eq!(table.start.names, None);
        assert_eq!(table.start.sample.len(), 2);
        assert_eq!((table.data_start, table.records_before_data()), (0, 0));
    }

    #[test]
    fn what_stands_above_a_header_is_not_lost() {
        let text = b"# customers\nlist of 2024,,\n\nid,name,city\n1,Jane,Boston\n2,Rick,Boston\n";
        let table = Table::open(text, true, None);
        assert_eq!(table.start.names.as_ref().map(|names| names[2].as_str()), Some("city"));
        assert_eq!(table.preamble, "# customers\nlist of 2024,,\n\n");
        assert_eq!((table.header_line, table.data_line, table.records_before_data()), (4, 5, 3));
        assert_eq!(text[table.data_start..], *b"1,Jane,Boston\n2,Rick,Boston\n");
    }

    #[test]
    fn a_header_alone_has_no_rows() {
        let table = Table::open(b"DATE,PATIENT,ENCOUNTER,CODE\n", true, None);
        assert_eq!(table.start.names.as_ref().map(Vec::len), Some(4));
        assert!(table.start.sample.is_empty());
        assert_eq!(table.data_start, 28);
    }

    #[test]
    fn the_sample_ends_at_its_limit_and_long_cells_are_cut_in_it() {
        let rows = (0..400).map(|row| format!("{row},{}\n", "\u{e9}".repeat(if row == 3 { 900 } else { 1 })));
        let text = "id,note\n".to_owned() + &rows.collect::<String>();
        let table = Table::open(text.as_bytes(), true, None);
        assert_eq!(table.start.sample.len(), TableStart::SAMPLE_ROWS);
        assert_eq!(table.start.sample[3][1].len(), 1024);
    }

    #[test]
    fn nothing_at_all_is_a_table_without_rows() {
        let table = Table::open(b"", true, None);
        assert_eq!((table.start, table.data_start), (TableStart::default(), 0));
    }

    #[test]
    fn the_shared_tables_have_headers_and_have_none_when_their_first_row_is_taken_away() {
        let shared = std::env::var_os("LAKEGATE_SHARED_DATA").map_or_else(
            || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
            std::path::PathBuf::from,
        );
        let mut paths = Vec::new();
        for folder in ["columns/semantic-types", "synthea"] {
            let Ok(entries) = std::fs::read_dir(shared.join(folder)) else {
                let _ = writeln!(std::io::stderr(), "skipped: no shared data");
                return;
            };
            paths.extend(entries.filter_map(|entry| Some(entry.ok()?.path())));
        }
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
        for path in paths {
            let head = std::fs::read(&path).expect("the file can be read");
            let table = Table::open(&head, true, None);
            assert!(table.start.names.is_some(), "{}", path.display());
            let rest = Table::open(&head[table.data_start..], true, None);
            assert!(rest.start.names.is_none(), "first row of data lost: {}", path.display());
        }
    }
}
