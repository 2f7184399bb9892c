//! Where in an object an occurrence was found. Never what was found.

use std::sync::Arc;

/// Place of one occurrence, in the unit that suits the object's format.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// A cell of a table.
    Cell {
        /// 1-based record of the file; the header record, where there is one, is 1.
        row: u64,
        /// 1-based column.
        column: u32,
        /// Header text of the column, where there is a header.
        column_name: Option<Arc<str>>,
        /// Name of the worksheet or table: empty in an object that has only one, `None` in a format without any (CSV).
        sheet: Option<Arc<str>>,
    },
    /// A page of a document.
    Page {
        /// 1-based page.
        number: u64,
    },
    /// A value of a record-based object (JSON, JSON Lines).
    Record {
        /// 0-based record; always 0 for a JSON document.
        index: u64,
        /// Path inside the record, such as `$.name[0].family`; empty when a name in it is itself sensitive and the path
        /// is therefore withheld.
        json_path: Arc<str>,
    },
    /// Running text.
    Lines {
        /// 1-based first line.
        start: u64,
        /// 1-based last line, inclusive.
        end: u64,
        /// 1-based column on the first line, in Unicode code points.
        start_column: u64,
    },
}

/// The path of a value with its array indexes left open: `$.name[0].family` as `$.name[*].family`.
pub fn open_indexes(path: &str) -> String {
    let mut open = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(bracket) = rest.find('[') {
        let (before, from) = rest.split_at(bracket);
        open.push_str(before);
        let digits = from[1..].bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && from[1 + digits..].starts_with(']') {
            open.push_str("[*]");
            rest = &from[digits + 2..];
        } else {
            open.push('[');
            rest = &from[1..];
        }
    }
    open + rest
}
