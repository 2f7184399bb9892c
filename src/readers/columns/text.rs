//! The values of a column as text: where they stand, or written out once for the whole batch.

use crate::readers::plain_text::{
    push_date, push_decimal, push_decimal_digits, push_float, push_integer, push_moment, push_short_float,
};
use crate::readers::readable::is_text;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, ArrowTimestampType, ByteArrayType, Date32Type, Date64Type, Decimal32Type, Decimal64Type,
    Decimal128Type, Decimal256Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, BinaryViewArray, FixedSizeBinaryArray, GenericByteArray, PrimitiveArray};
use arrow_buffer::ArrowNativeType;
use arrow_schema::{DataType, TimeUnit};

/// Texts of the rows of one column.
pub(super) enum ColumnText<'a> {
    /// One behind the other, with the offsets at which they start and end.
    Offsets {
        offsets: &'a [i32],
        bytes: &'a [u8],
        checked: bool,
    },
    LongOffsets {
        offsets: &'a [i64],
        bytes: &'a [u8],
        checked: bool,
    },
    Views {
        views: BinaryViewArray,
        checked: bool,
    },
    Fixed(&'a FixedSizeBinaryArray),
    /// Written out here.
    Written {
        ends: Vec<usize>,
        bytes: Vec<u8>,
    },
}

impl<'a> ColumnText<'a> {
    /// The texts of a column; `None` for a type that has none.
    pub(super) fn of(array: &'a dyn Array) -> Option<Self> {
        Some(match array.data_type() {
            DataType::Utf8 => offsets(array.as_string::<i32>(), true),
            DataType::Binary => offsets(array.as_binary::<i32>(), false),
            DataType::LargeUtf8 => long_offsets(array.as_string::<i64>(), true),
            DataType::LargeBinary => long_offsets(array.as_binary::<i64>(), false),
            DataType::Utf8View => Self::Views { views: array.as_string_view().clone().to_binary_view(), checked: true },
            DataType::BinaryView => Self::Views { views: array.as_binary_view().clone(), checked: false },
            DataType::FixedSizeBinary(_) => Self::Fixed(array.as_fixed_size_binary()),
            DataType::Int8 => integers::<Int8Type>(array),
            DataType::Int16 => integers::<Int16Type>(array),
            DataType::Int32 => integers::<Int32Type>(array),
            DataType::Int64 => integers::<Int64Type>(array),
            DataType::UInt8 => integers::<UInt8Type>(array),
            DataType::UInt16 => integers::<UInt16Type>(array),
            DataType::UInt32 => integers::<UInt32Type>(array),
            DataType::UInt64 => integers::<UInt64Type>(array),
            DataType::Float16 => written::<Float16Type>(array, |text, number| push_float(text, number.to_f64())),
            DataType::Float32 => written::<Float32Type>(array, push_short_float),
            DataType::Float64 => written::<Float64Type>(array, push_float),
            DataType::Decimal32(_, scale) => {
                written::<Decimal32Type>(array, |text, number| push_decimal(text, number.into(), (*scale).into()))
            }
            DataType::Decimal64(_, scale) => {
                written::<Decimal64Type>(array, |text, number| push_decimal(text, number.into(), (*scale).into()))
            }
            DataType::Decimal128(_, scale) => {
                written::<Decimal128Type>(array, |text, number| push_decimal(text, number, (*scale).into()))
            }
            DataType::Decimal256(_, scale) => written::<Decimal256Type>(array, |text, number| {
                let digits = number.to_string();
                let unsigned = digits.trim_start_matches('-');
                push_decimal_digits(text, unsigned.len() < digits.len(), unsigned, (*scale).into());
            }),
            DataType::Date32 => written::<Date32Type>(array, |text, days| push_date(text, days.into())),
            DataType::Date64 => written::<Date64Type>(array, |text, millis| push_moment(text, millis.div_euclid(1000))),
            DataType::Timestamp(unit, _) => match unit {
                TimeUnit::Second => moments::<TimestampSecondType>(array, 1),
                TimeUnit::Millisecond => moments::<TimestampMillisecondType>(array, 1_000),
                TimeUnit::Microsecond => moments::<TimestampMicrosecondType>(array, 1_000_000),
                TimeUnit::Nanosecond => moments::<TimestampNanosecondType>(array, 1_000_000_000),
            },
            _ => return None,
        })
    }

    /// Bytes of all texts.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Offsets { bytes, .. } | Self::LongOffsets { bytes, .. } => bytes.len() as u64,
            Self::Views { views, .. } => views.lengths().map(u64::from).sum(),
            Self::Fixed(array) => array.value_data().len() as u64,
            Self::Written { bytes, .. } => bytes.len() as u64,
        }
    }

    /// The text of a row; empty if its value is none.
    #[inline]
    pub(super) fn get(&self, row: usize) -> &[u8] {
        let (text, checked) = match self {
            Self::Offsets { offsets, bytes, checked } => {
                let Some(&[start, end]) = offsets.get(row..row + 2) else { return &[] };
                (slice(bytes, start.as_usize(), end.as_usize()), *checked)
            }
            Self::LongOffsets { offsets, bytes, checked } => {
                let Some(&[start, end]) = offsets.get(row..row + 2) else { return &[] };
                (slice(bytes, start.as_usize(), end.as_usize()), *checked)
            }
            Self::Views { views, checked } => (if row < views.len() { views.value(row) } else { &[] }, *checked),
            Self::Fixed(array) => (if row < array.len() { array.value(row) } else { &[] }, false),
            Self::Written { ends, bytes } => {
                let start = row.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
                (slice(bytes, start, ends.get(row).copied().unwrap_or(start)), true)
            }
        };
        if checked || is_text(text) { text } else { &[] }
    }
}

fn slice(bytes: &[u8], start: usize, end: usize) -> &[u8] {
    bytes.get(start..end).unwrap_or_default()
}

fn offsets<T: ByteArrayType<Offset = i32>>(array: &GenericByteArray<T>, checked: bool) -> ColumnText<'_> {
    ColumnText::Offsets { offsets: array.value_offsets(), bytes: array.value_data(), checked }
}

fn long_offsets<T: ByteArrayType<Offset = i64>>(array: &GenericByteArray<T>, checked: bool) -> ColumnText<'_> {
    ColumnText::LongOffsets { offsets: array.value_offsets(), bytes: array.value_data(), checked }
}

/// Writes all values out; those that are null come out empty.
fn written<T: ArrowPrimitiveType>(array: &dyn Array, push: impl Fn(&mut Vec<u8>, T::Native)) -> ColumnText<'static> {
    let array: &PrimitiveArray<T> = array.as_primitive::<T>();
    let mut ends = Vec::with_capacity(array.len());
    let mut bytes = Vec::with_capacity(array.len() * 8);
    for (row, value) in array.values().iter().enumerate() {
        if array.is_valid(row) {
            push(&mut bytes, *value);
        }
        ends.push(bytes.len());
    }
    ColumnText::Written { ends, bytes }
}

fn integers<T: ArrowPrimitiveType>(array: &dyn Array) -> ColumnText<'static>
where
    T::Native: itoa::Integer,
{
    written::<T>(array, push_integer)
}

fn moments<T: ArrowTimestampType>(array: &dyn Array, per_second: i64) -> ColumnText<'static> {
    written::<T>(array, |text, value| push_moment(text, value.div_euclid(per_second)))
}
