//! The rows of a worksheet or database table on their way to a sink: what names the columns is found out first.

use super::header::is_header;
use super::row_buffer::RowBuffer;
use crate::model::{ContentSink, TableStart};

/// Bytes of rows that are kept back at most until the table begins.
const KEPT_BACK: usize = 4 * 1024 * 1024;
/// Rows above the header at most: titles, notes, empty rows.
const ABOVE_HEADER: usize = 30;

/// What is known of the names of a table's columns.
#[derive(Debug)]
pub(super) enum ColumnNames {
    /// They are these.
    Given(Vec<String>),
    /// One of the first rows may name them.
    InRows,
}

/// Takes the rows of one table, in order.
pub(super) struct SheetRows<'s> {
    sink: &'s mut dyn ContentSink,
    sheet: Option<String>,
    names: ColumnNames,
    kept: Vec<(u64, RowBuffer)>,
    kept_bytes: usize,
    /// 1-based number of the next row that the sink expects; `None` before the table begins.
    next: Option<u64>,
}

impl<'s> SheetRows<'s> {
    /// A table; `sheet` is its name if the object can hold several.
    pub(super) fn new(sink: &'s mut dyn ContentSink, sheet: Option<&str>, names: ColumnNames) -> Self {
        Self { sink, sheet: sheet.map(str::to_owned), names, kept: Vec::new(), kept_bytes: 0, next: None }
    }

    /// The sink, for what else the table holds.
    pub(super) fn sink(&mut self) -> &mut dyn ContentSink {
        self.sink
    }

    /// The next row that holds anything, with its 1-based number. The buffer comes back empty.
    pub(super) fn row(&mut self, number: u64, row: &mut RowBuffer) {
        if self.next.is_some() {
            self.give(number, row);
            row.clear();
            return;
        }
        self.kept_bytes += row.byte_count() + row.len() * size_of::<String>();
        self.kept.push((number, std::mem::take(row)));
        if self.kept.len() > TableStart::SAMPLE_ROWS + ABOVE_HEADER || self.kept_bytes > KEPT_BACK {
            self.begin();
        }
    }

    /// The table is at its end.
    pub(super) fn finish(mut self) {
        if self.next.is_none() {
            self.begin();
        }
    }

    fn give(&mut self, number: u64, row: &RowBuffer) {
        let next = self.next.unwrap_or(1);
        if number < next {
            // Rows that are out of order are a table of their own.
            let start = TableStart { names: None, sample: Vec::new() };
            self.sink.start_table(&start, self.sheet.as_deref(), number);
        } else {
            let empty = RowBuffer::default();
            (next..number).for_each(|_| empty.pieces().for_each(|piece| self.sink.row(piece)));
        }
        row.pieces().for_each(|piece| self.sink.row(piece));
        self.next = Some(number + 1);
    }

    /// Finds the header among the rows that were kept back, and gives them.
    fn begin(&mut self) {
        let kept = std::mem::take(&mut self.kept);
        let rows: Vec<Vec<String>> = kept.iter().map(|(_, row)| row.texts()).collect();
        let names = std::mem::replace(&mut self.names, ColumnNames::InRows);
        let (names, above, body) = match names {
            ColumnNames::Given(names) => (Some(names), 0, 0),
            ColumnNames::InRows => match header_of(&rows) {
                Some(header) => (Some(rows[header].clone()), header, header + 1),
                None => (None, 0, 0),
            },
        };
        if above > 0 {
            self.start(None, &rows[..above], kept[0].0);
            kept[..above].iter().for_each(|(number, row)| self.give(*number, row));
        }
        // Rows are counted from the one below the header, be there anything in it or not.
        let first = match (body, kept.first()) {
            (0, Some((number, _))) if names.is_none() => *number,
            (0, _) => 1,
            (body, _) => kept[body - 1].0 + 1,
        };
        self.start(names, &rows[body..], first);
        kept[body..].iter().for_each(|(number, row)| self.give(*number, row));
    }

    fn start(&mut self, names: Option<Vec<String>>, rows: &[Vec<String>], first: u64) {
        let sample = rows.iter().take(TableStart::SAMPLE_ROWS).cloned().collect();
        self.sink.start_table(&TableStart { names, sample }, self.sheet.as_deref(), first);
        self.next = Some(first);
    }
}

/// The row that names the columns: the first one that is as wide as those below it, if it looks like a header.
fn header_of(rows: &[Vec<String>]) -> Option<usize> {
    let filled = |row: &Vec<String>| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    let first = (0..rows.len().min(ABOVE_HEADER)).find(|index| {
        let below = &rows[index + 1..rows.len().min(index + 1 + 20)];
        let mut widths: Vec<usize> = below.iter().map(filled).collect();
        widths.sort_unstable();
        let usual = widths.get(widths.len() / 2).copied().unwrap_or(0);
        // A title over a table is one cell over many.
        filled(&rows[*index]) * 2 > usual
    })?;
    let width = rows[first].iter().rposition(|cell| !cell.trim().is_empty())? + 1;
    is_header(&rows[first][..width], &rows[first + 1..]).then_some(first)
}
