//! One worksheet while its cells are read.

use super::cell::{push_number, push_serial_date};
use crate::model::{ContentSink, Coverage, Reason};
use crate::readers::failure::ReadFailure;
use crate::readers::limits::Limits;
use crate::readers::plain_text::push_integer;
use crate::readers::row_buffer::RowBuffer;
use crate::readers::sheet_rows::{ColumnNames, SheetRows};
use calamine::DataRef;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why the reading of a worksheet stopped.
pub(super) enum Stop {
    /// It is damaged: the next one can be read.
    Damaged,
    /// A limit on the whole object.
    Limit(ReadFailure),
}

/// Rows and columns of a sheet (ECMA-376: A1 to XFD1048576).
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;
/// Rows between two looks at the limits.
const STEP: u64 = 1024;

/// Takes the cells of a worksheet, row after row.
pub(super) struct Sheet<'s, 'l> {
    rows: SheetRows<'s>,
    limits: &'l Limits,
    /// 1-based row of the cells in `cells`.
    row: u64,
    cells: RowBuffer,
    filled: u32,
    text: Vec<u8>,
    seen: u64,
    cut: bool,
}

impl Sheet<'_, '_> {
    /// Reads one worksheet; what stops at it is its gap, and only a limit an error.
    pub(super) fn read(
        name: Option<&str>,
        limits: &Limits,
        sink: &mut dyn ContentSink,
        read: impl FnOnce(&mut Sheet<'_, '_>) -> Result<(), Stop>,
    ) -> Result<(), ReadFailure> {
        let rows = SheetRows::new(sink, name, ColumnNames::InRows);
        let mut sheet = Sheet {
            rows,
            limits,
            row: 1,
            cells: RowBuffer::default(),
            filled: 0,
            text: Vec::new(),
            seen: 0,
            cut: false,
        };
        // A library that breaks on a sheet has broken this one only.
        let outcome = catch_unwind(AssertUnwindSafe(|| read(&mut sheet))).unwrap_or(Err(Stop::Damaged));
        let _ = sheet.end_row();
        if sheet.cut {
            let detail = "cells that are longer than any cell should be were cut";
            sheet.rows.sink().gap(Coverage::partial(Reason::UnableToParseFile, detail));
        }
        let failure = match outcome {
            Ok(()) => None,
            Err(Stop::Limit(failure)) => Some(failure),
            Err(Stop::Damaged) => {
                let detail = "a sheet is damaged; what could be read of it was read";
                sheet.rows.sink().gap(Coverage::partial(Reason::UnableToParseFile, detail));
                None
            }
        };
        sheet.rows.finish();
        failure.map_or(Ok(()), Err)
    }

    /// The next cell that holds anything, by its 0-based row and column.
    pub(super) fn cell(
        &mut self,
        row: u32,
        column: u32,
        value: &DataRef<'_>,
        format: Option<&str>,
    ) -> Result<(), Stop> {
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        let given = match value {
            DataRef::SharedString(text) => self.text(row, column, text.as_bytes()),
            DataRef::String(text) | DataRef::DateTimeIso(text) => self.text(row, column, text.as_bytes()),
            DataRef::Int(number) => {
                match format {
                    Some(_) if number.unsigned_abs() < 1 << 53 => push_number(&mut text, *number as f64, format),
                    _ => push_integer(&mut text, *number),
                }
                self.text(row, column, &text)
            }
            DataRef::Float(number) => {
                push_number(&mut text, *number, format);
                self.text(row, column, &text)
            }
            DataRef::DateTime(moment) => {
                push_serial_date(&mut text, moment);
                self.text(row, column, &text)
            }
            DataRef::Bool(_) | DataRef::DurationIso(_) | DataRef::Error(_) | DataRef::Empty => Ok(()),
        };
        self.text = text;
        given
    }

    /// The same for a text.
    pub(super) fn text(&mut self, row: u32, column: u32, text: &[u8]) -> Result<(), Stop> {
        if text.is_empty() {
            return Ok(());
        }
        if row >= ROWS || column >= COLUMNS {
            return Err(Stop::Damaged);
        }
        let number = u64::from(row) + 1;
        if number != self.row || column < self.filled {
            self.end_row()?;
            self.row = number;
        }
        while self.filled < column {
            self.cells.push(&[]);
            self.filled += 1;
        }
        self.cut |= !self.cells.push(text);
        self.filled += 1;
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Stop> {
        if self.filled > 0 {
            self.rows.row(self.row, &mut self.cells);
            self.filled = 0;
        }
        self.seen += 1;
        if self.seen.is_multiple_of(STEP) {
            self.limits.check().map_err(|reached| Stop::Limit(reached.into()))?;
        }
        Ok(())
    }
}
