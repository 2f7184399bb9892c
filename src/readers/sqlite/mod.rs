//! SQLite databases: every table as a table, row after row in the order of its B-tree.
//!
//! The file format (sqlite.org/fileformat2.html) is read as it stands: no page is read twice, so a database that leads in
//! circles has an end, and a damaged page costs what is on it and below it, not the table.

mod btree;
mod record;

use crate::model::{ContentSink, Coverage, Reason};
use crate::readers::create_table::TableSchema;
use crate::readers::failure::ReadFailure;
use crate::readers::limits::Limits;
use crate::readers::plain_text::{push_float, push_integer};
use crate::readers::readable::is_text;
use crate::readers::row_buffer::RowBuffer;
use crate::readers::sheet_rows::{ColumnNames, SheetRows};
use crate::readers::source::Source;
use btree::{Btree, Database, Row};
use encoding_rs::{UTF_16BE, UTF_16LE};
use record::{Record, Value};

/// Columns that a table may have (`SQLITE_MAX_COLUMN` at its highest).
const COLUMNS: usize = 32_767;
/// Rows between two looks at the limits.
const STEP: u64 = 1024;

/// Reads all tables.
pub(super) fn read(input: Source, limits: &Limits, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    let mut database = Database::open(input)?;
    let mut tables = Vec::new();
    let mut schema = Btree::new(1);
    while let Some(row) = schema.next_row(&mut database)? {
        tables.extend(Entry::of(&row, database.encoding));
    }
    let mut gap = schema.gap;
    for table in &tables {
        limits.check()?;
        let shown = (tables.len() > 1).then_some(table.name.as_str());
        gap |= read_table(&mut database, table, shown, limits, sink)?;
    }
    if gap {
        let detail = "pages of the database are damaged; what is sound was read";
        sink.gap(Coverage::partial(Reason::UnableToParseFile, detail));
    }
    Ok(())
}

/// A table, as the schema table tells of it.
struct Entry {
    name: String,
    root: u32,
    schema: TableSchema,
}

impl Entry {
    fn of(row: &Row<'_>, encoding: Encoding) -> Option<Self> {
        let mut texts = [const { Vec::new() }; 5];
        for (text, value) in texts.iter_mut().zip(Record::new(row.payload)) {
            encoding.push(text, value);
        }
        let [kind, name, _, root, sql] = texts.map(|text| String::from_utf8_lossy(&text).into_owned());
        // Virtual tables have no pages of their own.
        let root = root.parse().ok().filter(|root| *root > 0)?;
        (kind == "table").then(|| Self { name, root, schema: TableSchema::parse(&sql) })
    }
}

/// Reads one table. True if some of it could not be read.
fn read_table(
    database: &mut Database,
    table: &Entry,
    shown: Option<&str>,
    limits: &Limits,
    sink: &mut dyn ContentSink,
) -> Result<bool, ReadFailure> {
    let names = table.schema.columns.iter().map(|column| column.name.clone()).collect();
    let mut rows = SheetRows::new(sink, shown, ColumnNames::Given(names));
    let order = table.schema.stored_order();
    let mut tree = Btree::new(table.root);
    let mut cells: Vec<Vec<u8>> = vec![Vec::new(); table.schema.columns.len().min(COLUMNS)];
    let mut buffer = RowBuffer::default();
    let (mut number, mut cut) = (0, false);
    let failure = loop {
        let row = match tree.next_row(database) {
            Ok(Some(row)) => row,
            Ok(None) => break None,
            Err(failure) => break Some(failure),
        };
        cells.iter_mut().for_each(Vec::clear);
        cut |= row.cut;
        let (rowid, encoding) = (row.rowid, row.encoding);
        for (position, value) in Record::new(row.payload).enumerate().take(COLUMNS) {
            let column = order.get(position).copied().unwrap_or(position);
            if column >= cells.len() {
                cells.resize_with(column + 1, Vec::new);
            }
            match (value, rowid) {
                (Value::Null, Some(rowid)) if table.schema.rowid == Some(column) => {
                    push_integer(&mut cells[column], rowid);
                }
                (value, _) => encoding.push(&mut cells[column], value),
            }
        }
        for cell in &cells {
            cut |= !buffer.push(cell);
        }
        number += 1;
        rows.row(number, &mut buffer);
        if number.is_multiple_of(STEP)
            && let Err(reached) = limits.check()
        {
            break Some(reached.into());
        }
    };
    if cut {
        let detail = "values that are longer than any cell should be were cut";
        rows.sink().gap(Coverage::partial(Reason::UnableToParseFile, detail));
    }
    rows.finish();
    failure.map_or(Ok(tree.gap), Err)
}

/// How the texts of a database are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

impl Encoding {
    /// Appends a value as text.
    fn push(self, text: &mut Vec<u8>, value: Value<'_>) {
        match (value, self) {
            (Value::Null, _) => {}
            (Value::Integer(number), _) => push_integer(text, number),
            (Value::Real(number), _) => push_float(text, number),
            (Value::Text(bytes), Self::Utf8) => text.extend_from_slice(bytes),
            (Value::Text(bytes), Self::Utf16Le) => {
                text.extend_from_slice(UTF_16LE.decode_without_bom_handling(bytes).0.as_bytes());
            }
            (Value::Text(bytes), Self::Utf16Be) => {
                text.extend_from_slice(UTF_16BE.decode_without_bom_handling(bytes).0.as_bytes());
            }
            (Value::Blob(bytes), _) => {
                if is_text(bytes) {
                    text.extend_from_slice(bytes);
                }
            }
        }
    }
}
