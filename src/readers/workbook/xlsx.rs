//! Excel workbooks of 2007 and later (`.xlsx`, `.xlsm`, `.xlsb`): every sheet as a table, cell after cell; then what stands
//! beside the cells.

use super::notes::{give_notes, is_note};
use super::parts::{Parts, Use};
use super::sheet::{Sheet, Stop};
use crate::model::{ContentSink, Reason};
use crate::readers::failure::ReadFailure;
use crate::readers::limits::Limits;
use crate::readers::source::Source;
use calamine::{Reader, SheetType, Xlsb, Xlsx};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reads all sheets.
pub(in crate::readers) fn read(input: Source, limits: &Limits, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    let mut parts = Parts::open(input, limits, |name| {
        if name.starts_with("xl/worksheets/") || is_note(name) {
            Use::Streamed
        } else if name.starts_with("xl/media/")
            || name.starts_with("xl/embeddings/")
            || name.starts_with("xl/pivotCache/")
        {
            Use::Unread
        } else {
            Use::Held
        }
    })?;
    if parts.names().iter().any(|name| name == "xl/workbook.bin") {
        let mut workbook = opened(|| Xlsb::new(parts.source()))?;
        let sheets = names(workbook.sheets_metadata());
        for name in &sheets {
            let shown = (sheets.len() > 1).then_some(name.as_str());
            Sheet::read(shown, limits, sink, |sheet| {
                let mut cells = workbook.worksheet_cells_reader(name).map_err(|_| Stop::Damaged)?;
                while let Some(cell) = cells.next_cell().map_err(|_| Stop::Damaged)? {
                    let (row, column) = cell.get_position();
                    sheet.cell(row, column, cell.get_value(), None)?;
                }
                Ok(())
            })?;
        }
    } else {
        let mut workbook = opened(|| Xlsx::new(parts.source()))?;
        let sheets = names(workbook.sheets_metadata());
        for name in &sheets {
            let shown = (sheets.len() > 1).then_some(name.as_str());
            Sheet::read(shown, limits, sink, |sheet| {
                let mut cells = workbook.worksheet_cells_reader(name).map_err(|_| Stop::Damaged)?;
                while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|_| Stop::Damaged)? {
                    let format = cells.styles().get(style).and_then(|style| style.number_format.as_ref());
                    let (row, column) = cell.get_position();
                    sheet.cell(row, column, cell.get_value(), format.map(|format| format.format_code.as_str()))?;
                }
                Ok(())
            })?;
        }
    }
    give_notes(&mut parts, limits, sink)
}

/// Opens a workbook. A library that breaks on it finds it damaged.
fn opened<W, E>(open: impl FnOnce() -> Result<W, E>) -> Result<W, ReadFailure> {
    match catch_unwind(AssertUnwindSafe(open)) {
        Ok(Ok(workbook)) => Ok(workbook),
        Ok(Err(_)) | Err(_) => {
            Err(ReadFailure::new(Reason::MalformedOrFileSizeExceedsLimit, "the workbook is damaged"))
        }
    }
}

/// Names of the sheets that hold cells, hidden ones too.
fn names(sheets: &[calamine::Sheet]) -> Vec<String> {
    sheets.iter().filter(|sheet| sheet.typ != SheetType::ChartSheet).map(|sheet| sheet.name.clone()).collect()
}
