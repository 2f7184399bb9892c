//! The rows of the tables in a dump of a database on their way to a sink.

use crate::model::{ContentSink, TableStart, TextPlace};
use crate::readers::row_buffer::RowBuffer;
use std::mem::take;

/// Bytes of rows that are kept back at most until their table begins.
const KEPT_BACK: usize = 4 * 1024 * 1024;

/// One row and where its cells stand.
#[derive(Default)]
pub(super) struct SqlRow {
    pub(super) cells: RowBuffer,
    pub(super) places: Vec<TextPlace>,
}

impl SqlRow {
    pub(super) fn clear(&mut self) {
        self.cells.clear();
        self.places.clear();
    }
}

/// The rows of the present table.
#[derive(Default)]
pub(super) struct SqlRows {
    table: String,
    names: Option<Vec<String>>,
    /// Rows until the table begins in the sink.
    kept: Vec<SqlRow>,
    kept_bytes: usize,
    begun: bool,
}

impl SqlRows {
    /// Goes on to rows of that table with those columns, as far as their names are known.
    pub(super) fn enter(&mut self, table: &str, names: Option<&[String]>, sink: &mut dyn ContentSink) {
        if self.table == table && self.names.as_deref() == names {
            return;
        }
        self.finish(sink);
        *self = Self { table: table.to_owned(), names: names.map(<[String]>::to_vec), ..Self::default() };
    }

    /// The next row.
    pub(super) fn row(&mut self, row: &mut SqlRow, sink: &mut dyn ContentSink) {
        if self.begun {
            row.cells.pieces().for_each(|piece| sink.row_in_text(piece, &row.places));
            row.clear();
            return;
        }
        self.kept_bytes += row.cells.byte_count() + row.places.len() * size_of::<TextPlace>();
        self.kept.push(take(row));
        if self.kept.len() >= TableStart::SAMPLE_ROWS || self.kept_bytes > KEPT_BACK {
            self.begin(sink);
        }
    }

    /// Gives what was kept back.
    pub(super) fn finish(&mut self, sink: &mut dyn ContentSink) {
        if !self.begun && !self.kept.is_empty() {
            self.begin(sink);
        }
    }

    fn begin(&mut self, sink: &mut dyn ContentSink) {
        self.begun = true;
        let kept = take(&mut self.kept);
        let sample = kept.iter().map(|row| row.cells.texts()).collect();
        sink.start_table(&TableStart { names: self.names.clone(), sample }, Some(&self.table), 1);
        for row in kept {
            row.cells.pieces().for_each(|piece| sink.row_in_text(piece, &row.places));
        }
    }
}
