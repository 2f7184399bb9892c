//! Columns of a batch of records, ready to be read row by row: what Parquet and Arrow files give.

mod text;

use crate::model::ContentSink;
use crate::readers::record_path::{Known, RecordPath};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch, RunArray, StructArray, UnionArray};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use std::ops::Range;
use text::ColumnText;

/// Types inside each other that are read; what lies deeper is left out.
const DEEPEST: usize = 200;

/// The columns of one batch.
pub(super) struct Columns<'a> {
    fields: Vec<Field<'a>>,
    rows: usize,
    /// Bytes of its values, each counted as often as it comes.
    bytes: u64,
    /// Something was left out because it is nested too deep.
    too_deep: bool,
}

struct Field<'a> {
    name: &'a str,
    known: Known,
    column: Column<'a>,
}

struct Column<'a> {
    nulls: Option<NullBuffer>,
    values: Values<'a>,
}

enum Values<'a> {
    /// Holds no text: truth values, times of day, nothing at all.
    Nothing,
    Text(ColumnText<'a>),
    Object(Vec<Field<'a>>),
    List(Ranges<'a>, Box<Column<'a>>),
    Map(Ranges<'a>, Box<Entries<'a>>),
    /// Values that are picked from others: of a dictionary or of runs.
    Picked(Picks, Box<Column<'a>>),
    /// Values of several types: for each row its type, and its row there.
    OneOf(Box<dyn Fn(usize) -> Option<(usize, usize)> + 'a>, Vec<Column<'a>>),
}

struct Entries<'a> {
    keys: Column<'a>,
    values: Column<'a>,
}

/// For each row the row in other values.
type Picks = Box<dyn Fn(usize) -> Option<usize>>;

/// The elements of the list in each row.
enum Ranges<'a> {
    Offsets(&'a [i32]),
    LongOffsets(&'a [i64]),
    Views(&'a [i32], &'a [i32]),
    LongViews(&'a [i64], &'a [i64]),
    Fixed(usize),
}

impl Ranges<'_> {
    fn of(&self, row: usize) -> Range<usize> {
        let size = |number: i64| usize::try_from(number).unwrap_or(0);
        match self {
            Self::Offsets(offsets) => match offsets.get(row..row + 2) {
                Some(&[start, end]) => size(start.into())..size(end.into()),
                _ => 0..0,
            },
            Self::LongOffsets(offsets) => match offsets.get(row..row + 2) {
                Some(&[start, end]) => size(start)..size(end),
                _ => 0..0,
            },
            Self::Views(starts, sizes) => match (starts.get(row), sizes.get(row)) {
                (Some(&start), Some(&length)) => size(start.into())..size(i64::from(start) + i64::from(length)),
                _ => 0..0,
            },
            Self::LongViews(starts, sizes) => match (starts.get(row), sizes.get(row)) {
                (Some(&start), Some(&length)) => size(start)..size(start.saturating_add(length)),
                _ => 0..0,
            },
            Self::Fixed(length) => row * length..(row + 1) * length,
        }
    }
}

impl<'a> Columns<'a> {
    /// The columns of the batch.
    pub(super) fn new(batch: &'a RecordBatch) -> Self {
        let mut sizes = Sizes::default();
        let schema = batch.schema_ref();
        let fields = schema.fields().iter().zip(batch.columns());
        let fields = fields
            .map(|(field, array)| Field {
                name: field.name(),
                known: Known::default(),
                column: Column::new(array.as_ref(), 0, &mut sizes),
            })
            .collect();
        Self { fields, rows: batch.num_rows(), bytes: sizes.bytes, too_deep: sizes.too_deep }
    }

    /// Bytes of the batch's texts.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// True if something is nested so deep that it is left out.
    pub(super) fn too_deep(&self) -> bool {
        self.too_deep
    }

    /// Gives all rows as records; `path` counts them. False if they hold more than `path` allows, and not all was given.
    pub(super) fn give(&mut self, path: &mut RecordPath, sink: &mut dyn ContentSink) -> bool {
        for row in 0..self.rows {
            if !path.is_allowed() {
                return false;
            }
            path.open_object(sink);
            for field in &mut self.fields {
                path.known_member(field.name.as_bytes(), &mut field.known, sink);
                field.column.give(row, path, sink);
            }
            path.close(sink);
            path.record += 1;
        }
        path.is_allowed()
    }
}

/// What is noted while the columns are taken apart.
#[derive(Default)]
struct Sizes {
    bytes: u64,
    too_deep: bool,
}

impl<'a> Column<'a> {
    fn new(array: &'a dyn Array, depth: usize, sizes: &mut Sizes) -> Self {
        let nulls = array.nulls().cloned();
        if depth == DEEPEST {
            sizes.too_deep = true;
            return Self { nulls, values: Values::Nothing };
        }
        let mut inner = |array: &'a dyn Array| Box::new(Self::new(array, depth + 1, sizes));
        let values = match array.data_type() {
            DataType::Struct(_) => Values::Object(fields_of(array.as_struct(), |array| *inner(array))),
            DataType::List(_) => {
                let list = array.as_list::<i32>();
                Values::List(Ranges::Offsets(list.value_offsets()), inner(list.values().as_ref()))
            }
            DataType::LargeList(_) => {
                let list = array.as_list::<i64>();
                Values::List(Ranges::LongOffsets(list.value_offsets()), inner(list.values().as_ref()))
            }
            DataType::ListView(_) => {
                let list = array.as_list_view::<i32>();
                Values::List(Ranges::Views(list.value_offsets(), list.value_sizes()), inner(list.values().as_ref()))
            }
            DataType::LargeListView(_) => {
                let list = array.as_list_view::<i64>();
                Values::List(Ranges::LongViews(list.value_offsets(), list.value_sizes()), inner(list.values().as_ref()))
            }
            DataType::FixedSizeList(_, _) => {
                let list = array.as_fixed_size_list();
                let length = usize::try_from(list.value_length()).unwrap_or(0);
                Values::List(Ranges::Fixed(length), inner(list.values().as_ref()))
            }
            DataType::Map(_, _) => {
                let map = array.as_map();
                let entries = Entries { keys: *inner(map.keys().as_ref()), values: *inner(map.values().as_ref()) };
                Values::Map(Ranges::Offsets(map.value_offsets()), Box::new(entries))
            }
            DataType::Dictionary(key, _) => match picks_of_dictionary(array, key) {
                Some(picks) => match array.as_any_dictionary_opt() {
                    Some(dictionary) => Values::Picked(picks, inner(dictionary.values().as_ref())),
                    None => Values::Nothing,
                },
                None => Values::Nothing,
            },
            DataType::RunEndEncoded(ends, _) => match ends.data_type() {
                DataType::Int16 => runs(array.as_any().downcast_ref::<RunArray<Int16Type>>(), inner),
                DataType::Int32 => runs(array.as_any().downcast_ref::<RunArray<Int32Type>>(), inner),
                _ => runs(array.as_any().downcast_ref::<RunArray<Int64Type>>(), inner),
            },
            DataType::Union(_, _) => match array.as_any().downcast_ref::<UnionArray>() {
                Some(union) => one_of(union, |array| *inner(array)),
                None => Values::Nothing,
            },
            _ => match ColumnText::of(array) {
                Some(text) => {
                    sizes.bytes += text.bytes();
                    Values::Text(text)
                }
                None => Values::Nothing,
            },
        };
        Self { nulls, values }
    }

    fn is_null(&self, row: usize) -> bool {
        self.nulls.as_ref().is_some_and(|nulls| row < nulls.len() && nulls.is_null(row))
    }

    fn give(&mut self, row: usize, path: &mut RecordPath, sink: &mut dyn ContentSink) {
        if self.is_null(row) {
            return;
        }
        match &mut self.values {
            Values::Nothing => {}
            Values::Text(text) => {
                let bytes = text.get(row);
                if !bytes.is_empty() {
                    path.value(bytes, sink);
                }
            }
            Values::Object(fields) => {
                path.open_object(sink);
                for field in fields {
                    path.known_member(field.name.as_bytes(), &mut field.known, sink);
                    field.column.give(row, path, sink);
                }
                path.close(sink);
            }
            Values::List(ranges, items) => {
                if let Values::Nothing = items.values {
                    return;
                }
                path.open_list();
                for (index, item) in (0..).zip(ranges.of(row)) {
                    if !path.is_allowed() {
                        break;
                    }
                    path.element(index);
                    items.give(item, path, sink);
                }
                path.close(sink);
            }
            Values::Map(ranges, entries) => {
                let Entries { keys, values } = &mut **entries;
                path.open_object(sink);
                for entry in ranges.of(row) {
                    if !path.is_allowed() {
                        break;
                    }
                    let key = keys.name(entry);
                    path.member(key, sink);
                    values.give(entry, path, sink);
                    path.key(key, sink);
                }
                path.close(sink);
            }
            Values::Picked(picks, values) => {
                if let Some(picked) = picks(row) {
                    values.give(picked, path, sink);
                }
            }
            Values::OneOf(picks, columns) => {
                if let Some((column, row)) = picks(row)
                    && let Some(column) = columns.get_mut(column)
                {
                    column.give(row, path, sink);
                }
            }
        }
    }

    /// The value as the name of a member; empty if it is none.
    fn name(&self, row: usize) -> &[u8] {
        match &self.values {
            Values::Text(text) => text.get(row),
            Values::Picked(picks, values) => picks(row).map_or(&[], |picked| values.name(picked)),
            _ => &[],
        }
    }
}

fn fields_of<'a>(object: &'a StructArray, mut column: impl FnMut(&'a dyn Array) -> Column<'a>) -> Vec<Field<'a>> {
    let fields = object.fields().iter().zip(object.columns());
    fields
        .map(|(field, array)| Field { name: field.name(), known: Known::default(), column: column(array.as_ref()) })
        .collect()
}

fn picks_of_dictionary(array: &dyn Array, key: &DataType) -> Option<Picks> {
    Some(match key {
        DataType::Int8 => keys::<Int8Type>(array),
        DataType::Int16 => keys::<Int16Type>(array),
        DataType::Int32 => keys::<Int32Type>(array),
        DataType::Int64 => keys::<Int64Type>(array),
        DataType::UInt8 => keys::<UInt8Type>(array),
        DataType::UInt16 => keys::<UInt16Type>(array),
        DataType::UInt32 => keys::<UInt32Type>(array),
        DataType::UInt64 => keys::<UInt64Type>(array),
        _ => return None,
    })
}

fn keys<K: ArrowDictionaryKeyType>(array: &dyn Array) -> Picks {
    let dictionary = array.as_dictionary::<K>().clone();
    Box::new(move |row| dictionary.key(row))
}

fn runs<'a, E: arrow_array::types::RunEndIndexType>(
    array: Option<&'a RunArray<E>>,
    mut inner: impl FnMut(&'a dyn Array) -> Box<Column<'a>>,
) -> Values<'a> {
    let Some(array) = array else { return Values::Nothing };
    let runs = array.clone();
    let picks = move |row| (row < runs.len()).then(|| runs.get_physical_index(row));
    Values::Picked(Box::new(picks), inner(array.values().as_ref()))
}

fn one_of<'a>(union: &'a UnionArray, mut column: impl FnMut(&'a dyn Array) -> Column<'a>) -> Values<'a> {
    let types: Vec<i8> = union.fields().iter().map(|(id, _)| id).collect();
    let columns = types.iter().map(|id| column(union.child(*id).as_ref())).collect();
    let picks = move |row: usize| {
        let id = union.type_ids().get(row)?;
        let column = types.iter().position(|known| known == id)?;
        Some((column, union.value_offset(row)))
    };
    Values::OneOf(Box::new(picks), columns)
}
