//! A table in a document: whether its first row names the columns, and which values those names cover.

use super::passages::PassageWriter;
use crate::readers::header::is_header;
use std::ops::Range;

/// Rows that are looked at before it is decided whether the first one is a header.
const ROWS: usize = 20;

/// Bytes of rows that wait for that decision at most.
const BYTES: usize = 16 * 1024;

/// Columns that can have a name, and bytes of a name.
const MOST_COLUMNS: usize = 512;
const LONGEST_NAME: usize = 120;

/// One table. Its cells are ranges of the text of a [`PassageWriter`], which must not pause while [`Grid::is_pending`].
#[derive(Default)]
pub(in crate::readers) struct Grid {
    /// Rows that are not marked yet.
    rows: Vec<Vec<Range<usize>>>,
    row: Vec<Range<usize>>,
    /// All cells of the present row are called headers by the document.
    headed: bool,
    decided: bool,
    names: Vec<String>,
}

impl Grid {
    /// The next cell of a row, over that many columns; `is_header` if the document says that it names others.
    pub(in crate::readers) fn cell(&mut self, range: Range<usize>, columns: usize, is_header: bool) {
        self.headed = is_header && (self.headed || self.row.is_empty());
        let room = MOST_COLUMNS.saturating_sub(self.row.len());
        self.row.extend(std::iter::repeat_n(range, columns.clamp(1, room.max(1))));
    }

    /// The row ends.
    pub(in crate::readers) fn end_row(&mut self, writer: &mut PassageWriter<'_>) {
        let row = std::mem::take(&mut self.row);
        if row.is_empty() {
            return;
        }
        if std::mem::replace(&mut self.headed, false) {
            self.decide(writer);
            self.name_columns(writer, &row);
        } else if self.decided {
            self.mark(writer, &row);
        } else {
            self.rows.push(row);
            let held = self.rows.first().and_then(|row| row.first()).map_or(0, |first| writer.offset() - first.start);
            if self.rows.len() > ROWS || held > BYTES {
                self.decide(writer);
            }
        }
    }

    /// The table ends.
    pub(in crate::readers) fn end(&mut self, writer: &mut PassageWriter<'_>) {
        self.end_row(writer);
        self.decide(writer);
    }

    /// True while cells wait to be marked.
    pub(in crate::readers) fn is_pending(&self) -> bool {
        !self.row.is_empty() || !self.rows.is_empty()
    }

    /// True while a row has begun and not ended.
    pub(in crate::readers) fn is_in_row(&self) -> bool {
        !self.row.is_empty()
    }

    fn decide(&mut self, writer: &mut PassageWriter<'_>) {
        self.decided = true;
        let rows = std::mem::take(&mut self.rows);
        let texts = |row: &Vec<Range<usize>>| -> Vec<String> {
            row.iter().map(|cell| writer.slice(cell).trim().to_owned()).collect()
        };
        let mut texts = rows.iter().map(texts);
        let first = texts.next().unwrap_or_default();
        let body: Vec<Vec<String>> = texts.collect();
        let headed = !body.is_empty() && is_header(&first, &body);
        if headed && let Some(first) = rows.first() {
            self.name_columns(writer, first);
        }
        for row in rows.iter().skip(usize::from(headed)) {
            self.mark(writer, row);
        }
    }

    fn name_columns(&mut self, writer: &PassageWriter<'_>, row: &[Range<usize>]) {
        let name = |cell: &Range<usize>| Some(writer.slice(cell).trim()).filter(|name| name.len() <= LONGEST_NAME);
        self.names = row.iter().map(|cell| name(cell).unwrap_or_default().to_owned()).collect();
    }

    /// A row below named columns is an object.
    fn mark(&self, writer: &mut PassageWriter<'_>, row: &[Range<usize>]) {
        let (Some(first), Some(last)) = (row.first(), row.last()) else { return };
        if self.names.is_empty() {
            return;
        }
        writer.open_at(first.start);
        for (cell, name) in row.iter().zip(&self.names).filter(|(_, name)| !name.is_empty()) {
            writer.enter(name);
            writer.value(cell.clone());
            writer.leave();
        }
        writer.close_at(last.end);
    }
}
