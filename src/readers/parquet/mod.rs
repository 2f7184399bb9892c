//! Parquet files: row group after row group, each in batches of rows, as records.
//!
//! Of a column the page that is being read is in memory, and its dictionary. A row group that cannot be read as a whole is
//! read column by column from there on, so that what is sound in it is not lost.

mod pages;
mod thrift;

use crate::model::{ContentSink, Coverage, Reason};
use crate::readers::columns::Columns;
use crate::readers::failure::ReadFailure;
use crate::readers::limits::Limits;
use crate::readers::record_path::RecordPath;
use crate::readers::source::Source;
use arrow_schema::{DataType, Field, FieldRef, Fields, Schema};
use pages::Pages;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::RowGroupMetaData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Bytes of a batch that are aimed at, and most rows in it.
const BATCH_BYTES: u64 = 1024 * 1024;
const BATCH_ROWS: u64 = 4096;

/// Reads all records.
pub(super) fn read(input: Source, limits: &Limits, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    let mut pages = Pages::new(input)?;
    let footer = pages.check_footer().map_err(ReadFailure::malformed)?;
    // Without its keys not even the schema of such a file can be read.
    let Ok(metadata) = metadata(&pages) else {
        return Err(if footer.encrypted {
            ReadFailure::encrypted()
        } else {
            ReadFailure::malformed("its metadata is damaged")
        });
    };
    pages.learn(metadata.metadata());
    let mut file = File { pages, metadata, limits, path: RecordPath::default(), given: 0 };
    let mut first = 0;
    for group in 0..file.metadata.metadata().num_row_groups() {
        limits.check()?;
        file.path.record = first;
        let rows = file.group(group).num_rows();
        if let Err(broken) = file.read_group(group, sink) {
            limits.check()?;
            let failure = if footer.encrypted { ReadFailure::encrypted() } else { broken };
            sink.gap(Coverage::partial(failure.reason, failure.detail));
        }
        first += u64::try_from(rows).unwrap_or(0);
    }
    Ok(())
}

/// The metadata, with types that need no copies of texts.
fn metadata(pages: &Pages) -> Result<ArrowReaderMetadata, parquet::errors::ParquetError> {
    let guard = AssertUnwindSafe(|| {
        let plain = ArrowReaderMetadata::load(pages, ArrowReaderOptions::new().with_skip_arrow_metadata(true))?;
        let views = Schema::new(views(plain.schema().fields()));
        let options = ArrowReaderOptions::new().with_schema(Arc::new(views));
        Ok(ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options).unwrap_or(plain))
    });
    catch_unwind(guard).unwrap_or_else(|_| Err(parquet::errors::ParquetError::General(String::new())))
}

/// The fields with texts as views of the pages they stand in.
fn views(fields: &Fields) -> Fields {
    fields.iter().map(view).collect()
}

fn view(field: &FieldRef) -> FieldRef {
    let kind = match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
        DataType::Struct(fields) => DataType::Struct(views(fields)),
        DataType::List(item) => DataType::List(view(item)),
        DataType::Map(entries, sorted) => DataType::Map(view(entries), *sorted),
        other => other.clone(),
    };
    Arc::new(Field::clone(field).with_data_type(kind))
}

struct File<'l> {
    pages: Pages,
    metadata: ArrowReaderMetadata,
    limits: &'l Limits,
    path: RecordPath,
    /// Bytes and rows given so far.
    given: u64,
}

impl File<'_> {
    fn group(&self, group: usize) -> &RowGroupMetaData {
        self.metadata.metadata().row_group(group)
    }

    /// Rows in a batch of the group.
    fn batch_rows(&self, group: usize) -> usize {
        let group = self.group(group);
        let rows = u64::try_from(group.num_rows()).unwrap_or(0).max(1);
        let bytes = u64::try_from(group.total_byte_size()).unwrap_or(0);
        (BATCH_BYTES * rows / bytes.max(1)).clamp(16, BATCH_ROWS) as usize
    }

    /// Reads the group; what is sound of it if it is broken, and then fails.
    fn read_group(&mut self, group: usize, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
        let first = self.path.record;
        if self.read_rows(group, None, 0, sink)? {
            return Ok(());
        }
        let given = self.path.record - first;
        for column in 0..self.metadata.schema().fields().len() {
            self.path.record = first + given;
            self.read_rows(group, Some(column), given, sink)?;
        }
        Err(ReadFailure::malformed(
            "columns of a row group are damaged or too large; what can be read of them was read",
        ))
    }

    /// Reads the group's rows from the 0-based `from` on, in all columns or in one. False if that cannot be done to the end.
    fn read_rows(
        &mut self,
        group: usize,
        column: Option<usize>,
        from: u64,
        sink: &mut dyn ContentSink,
    ) -> Result<bool, ReadFailure> {
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(self.pages.clone(), self.metadata.clone());
        let mask = match column {
            Some(column) => ProjectionMask::roots(builder.parquet_schema(), [column]),
            None => ProjectionMask::all(),
        };
        let builder = builder
            .with_row_groups(vec![group])
            .with_batch_size(self.batch_rows(group))
            .with_offset(usize::try_from(from).unwrap_or(usize::MAX))
            .with_projection(mask);
        // A library that breaks on a page has broken this group only.
        let Ok(Ok(mut batches)) = catch_unwind(AssertUnwindSafe(|| builder.build())) else { return Ok(false) };
        loop {
            let batch = match catch_unwind(AssertUnwindSafe(|| batches.next())) {
                Ok(Some(Ok(batch))) => batch,
                Ok(None) => return Ok(true),
                Ok(Some(Err(_))) | Err(_) => return Ok(false),
            };
            let mut columns = Columns::new(&batch);
            self.path.allow(columns.bytes());
            let whole = columns.give(&mut self.path, sink);
            if columns.too_deep() || !whole {
                sink.gap(Coverage::partial(Reason::UnableToParseFile, "values nested too deep were left out"));
            }
            self.given += columns.bytes() + batch.num_rows() as u64;
            self.limits.inflated_to(self.given)?;
        }
    }
}
