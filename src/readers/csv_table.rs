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

    /// The table that starts with `head`, which is all of it if `at_end` is set. A text without any delimiter is a table
    /// of one column.
    pub fn open(head: &[u8], at_end: bool, preferred_delimiter: Option<u8>) -> Self {
        Self::with_shape(&Shape::of(head, at_end, preferred_delimiter), head, at_end)
    }

    /// As [`Table::open`], for a shape that is known.
    pub fn with_shape(shape: &Shape, head: &[u8], at_end: bool) -> Self {
        let delimiter = shape.delimiter;
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut first_end = 0;
        let mut room = Vec::new();
        RowReader::new(delimiter).for_each_row(whole_records(head, delimiter, at_end), |row, end| {
            let longest = if rows.is_empty() { usize::MAX } else { Self::SAMPLE_CELL };
            if rows.is_empty() {
                first_end = end;
            }
            rows.push((0..row.len()).map(|index| text(row.cell(index, &mut room), longest)).collect());
            rows.len() <= TableStart::SAMPLE_ROWS
        });
        // A row of far fewer cells than the others is a title, not their header.
        let headed =
            |(first, body): (&Vec<String>, &[Vec<String>])| first.len() * 2 >= shape.columns && is_header(first, body);
        if rows.split_first().is_some_and(headed) {
            // The state machine stops after CR; the LF that may follow belongs to the header.
            if head[..first_end].ends_with(b"\r") && head.get(first_end) == Some(&b'\n') {
                first_end += 1;
            }
            let names = rows.remove(0);
            let start = TableStart { names: Some(names), sample: rows };
            let data_line = memchr::memchr_iter(b'\n', &head[..first_end]).count() as u64 + 1;
            return Self { delimiter, start, data_start: first_end, data_line };
        }
        rows.truncate(TableStart::SAMPLE_ROWS);
        Self { delimiter, start: TableStart { names: None, sample: rows }, data_start: 0, data_line: 1 }
    }

    /// Records of the file before the first row of data: 1 with a header.
    pub fn records_before_data(&self) -> u64 {
        u64::from(self.start.names.is_some())
    }
}

/// At most `longest` bytes of a cell, whole characters of them.
fn text(cell: &[u8], longest: usize) -> String {
    let mut text = decode_value(cell).into_owned();
    if text.len() > longest {
        let end = (0..=longest).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
    }
    text
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
    fn a_title_above_a_table_is_not_its_header() {
        let table = Table::open(b"customer list\nid,name,city\n1,Jane,Boston\n2,Rick,Boston\n", true, None);
        assert_eq!((table.start.names, table.data_start), (None, 0));
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
