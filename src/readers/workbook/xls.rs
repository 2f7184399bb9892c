//! Excel workbooks before 2007 (`.xls`): every sheet as a table.
//!
//! The library lays a sheet out as a rectangle around its cells. How large that would be is looked up first.

use super::sheet::{Sheet, Stop};
use crate::model::{ContentSink, Reason};
use crate::readers::failure::ReadFailure;
use crate::readers::limits::Limits;
use crate::readers::shared_source::SharedSource;
use crate::readers::source::Source;
use calamine::{Data, DataRef, Reader, SheetType, Xls, XlsError};
use std::io::{BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Cells of all rectangles that may always be laid out, and those for each cell that there is.
const ALWAYS: u64 = 1_000_000;
const FOR_EACH_CELL: u64 = 16;
/// And never more than so many.
const MOST: u64 = 16_000_000;

/// Reads all sheets.
pub(in crate::readers) fn read(input: Source, limits: &Limits, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    let damaged = |detail: &str| ReadFailure::new(Reason::MalformedOrFileSizeExceedsLimit, detail);
    let source = SharedSource::new(input)?;
    let Ok(mut container) = cfb::CompoundFile::open(source.clone()) else {
        return Err(damaged("it is no compound file, or its directory is damaged"));
    };
    if container.exists("/EncryptedPackage") {
        return Err(ReadFailure::encrypted());
    }
    let stream = ["/Workbook", "/Book", "/WORKBOOK", "/BOOK"].into_iter().find(|name| container.is_stream(name));
    let Some(Ok(stream)) = stream.map(|name| container.open_stream(name)) else {
        return Err(ReadFailure::new(Reason::UnsupportedFileType, "a compound file that holds no workbook"));
    };
    let extent = Extent::of(BufReader::new(stream));
    if extent.encrypted {
        return Err(ReadFailure::encrypted());
    }
    if extent.area > MOST.min(ALWAYS + extent.cells * FOR_EACH_CELL) {
        return Err(damaged("its cells lie too far apart to be laid out"));
    }
    let opened = catch_unwind(AssertUnwindSafe(|| Xls::new(BufReader::new(source))));
    let mut workbook = match opened {
        Ok(Ok(workbook)) => workbook,
        Ok(Err(XlsError::Password)) => return Err(ReadFailure::encrypted()),
        Ok(Err(_)) | Err(_) => return Err(damaged("the workbook is damaged")),
    };
    let sheets = workbook.sheets_metadata().iter().filter(|sheet| sheet.typ != SheetType::ChartSheet);
    let sheets: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
    for name in &sheets {
        let shown = (sheets.len() > 1).then_some(name.as_str());
        Sheet::read(shown, limits, sink, |sheet| {
            let range = workbook.worksheet_range(name).map_err(|_| Stop::Damaged)?;
            let (top, left) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                // The largest row and column are 65,535 and 255.
                let (row, column) = (top + row as u32, left + column as u32);
                match value {
                    Data::String(text) => sheet.text(row, column, text.as_bytes())?,
                    Data::Float(number) => sheet.cell(row, column, &DataRef::Float(*number), None)?,
                    Data::Int(number) => sheet.cell(row, column, &DataRef::Int(*number), None)?,
                    Data::DateTime(moment) => sheet.cell(row, column, &DataRef::DateTime(*moment), None)?,
                    _ => {}
                }
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// How far the cells of a workbook reach.
#[derive(Debug, Default)]
struct Extent {
    cells: u64,
    /// Cells of the rectangles around the cells of each sheet.
    area: u64,
    encrypted: bool,
}

/// The rectangle around the cells of one sheet: first and last row, first and last column.
type Bounds = Option<[u64; 4]>;

impl Extent {
    /// Walks over the records of a workbook ([MS-XLS] 2.1.4), as far as they are sound.
    fn of(mut records: impl Read) -> Self {
        let mut extent = Self::default();
        let mut bounds: Bounds = None;
        let mut header = [0; 4];
        let mut content = Vec::new();
        while records.read_exact(&mut header).is_ok() {
            let kind = u16::from_le_bytes([header[0], header[1]]);
            let length = u16::from_le_bytes([header[2], header[3]]);
            content.clear();
            if records.by_ref().take(length.into()).read_to_end(&mut content).is_err() {
                break;
            }
            match kind {
                // FILEPASS
                0x002F => extent.encrypted = true,
                // BOF: the next sheet begins.
                0x0009 | 0x0209 | 0x0409 | 0x0809 => extent.close(bounds.take()),
                // Cells of all kinds, and those of several columns.
                0x0003 | 0x0004 | 0x0005 | 0x0006 | 0x00D6 | 0x00FD | 0x0203 | 0x0204 | 0x0205 | 0x0206 | 0x027E
                | 0x0406 => extent.cell(&mut bounds, &content, 1),
                0x00BD => extent.cell(&mut bounds, &content, u64::from(length.saturating_sub(6) / 6)),
                _ => {}
            }
        }
        extent.close(bounds);
        extent
    }

    fn cell(&mut self, bounds: &mut Bounds, content: &[u8], columns: u64) {
        let Some(&[a, b, c, d]) = content.first_chunk() else { return };
        let (row, column) = (u64::from(u16::from_le_bytes([a, b])), u64::from(u16::from_le_bytes([c, d])));
        let last = column + columns.max(1) - 1;
        let [top, bottom, left, right] = bounds.get_or_insert([row, row, column, last]);
        (*top, *bottom) = ((*top).min(row), (*bottom).max(row));
        (*left, *right) = ((*left).min(column), (*right).max(last));
        self.cells += columns.max(1);
    }

    fn close(&mut self, bounds: Bounds) {
        if let Some([top, bottom, left, right]) = bounds {
            self.area += (bottom - top + 1) * (right - left + 1);
        }
    }
}
