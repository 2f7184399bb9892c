//! The columns of a stripe of an ORC file, read row by row.

use super::runs::{Bits, ByteRuns, Integers};
use super::stream::OrcStream;
use super::tail::{ColumnEncoding, StripeFooter, Tail};
use crate::model::ContentSink;
use crate::readers::plain_text::{push_date, push_decimal, push_float, push_integer, push_moment, push_short_float};
use crate::readers::readable::is_text;
use crate::readers::record_path::{Known, RecordPath};
use crate::readers::shared_source::SharedSource;

/// Types inside each other that are read.
const DEEPEST: usize = 200;
/// Longest text that is given, in bytes; the rest of a longer one is left out.
const LONGEST_TEXT: usize = 8 * 1024 * 1024;
/// Largest dictionary, in entries and bytes.
const MOST_ENTRIES: u64 = 16 * 1024 * 1024;
const LARGEST_DICTIONARY: usize = 128 * 1024 * 1024;
/// Seconds from 1970-01-01 to 2015-01-01, from where timestamps are counted.
const BASE: i64 = 1_420_070_400;

/// A column: its values that are not null, and which rows have one.
pub(super) struct Column {
    present: Option<Bits>,
    values: Values,
}

enum Values {
    /// Of a type that holds no text.
    Nothing,
    Truth(Bits),
    Byte(ByteRuns),
    Integer(Integers),
    Date(Integers),
    Moment(Integers),
    Float(OrcStream),
    Double(OrcStream),
    Decimal {
        unscaled: OrcStream,
        scales: Integers,
    },
    Text {
        bytes: OrcStream,
        lengths: Integers,
        checked: bool,
    },
    Dictionary {
        numbers: Integers,
        ends: Vec<usize>,
        bytes: Vec<u8>,
    },
    List {
        lengths: Integers,
        items: Box<Column>,
    },
    Map {
        lengths: Integers,
        keys: Box<Column>,
        values: Box<Column>,
    },
    Object(Vec<(String, Known, Column)>),
    OneOf {
        tags: ByteRuns,
        columns: Vec<Column>,
    },
}

/// What columns are made from.
pub(super) struct StripeColumns<'t> {
    pub(super) tail: &'t Tail,
    pub(super) footer: &'t StripeFooter,
    pub(super) source: &'t SharedSource,
    /// Types that have a column already: a schema is a tree.
    pub(super) used: Vec<bool>,
}

impl StripeColumns<'_> {
    fn stream(&self, column: usize, kind: u64) -> Option<OrcStream> {
        let place = self.footer.streams.iter().find(|place| (place.column, place.kind) == (column, kind))?;
        Some(OrcStream::new(self.source.clone(), place.start, place.length, self.tail.codec))
    }

    /// A stream that may be left out where it would be empty.
    fn data(&self, column: usize, kind: u64) -> OrcStream {
        self.stream(column, kind).unwrap_or_else(|| OrcStream::empty(self.source.clone()))
    }

    /// The column of that number; `None` if the schema or a dictionary is damaged.
    pub(super) fn column(&mut self, number: usize, depth: usize) -> Option<Column> {
        const PRESENT: u64 = 0;
        const DATA: u64 = 1;
        const LENGTH: u64 = 2;
        const SECONDARY: u64 = 5;
        let kind = self.tail.types.get(number)?;
        if depth > DEEPEST || std::mem::replace(self.used.get_mut(number)?, true) {
            return None;
        }
        let encoding = self.footer.encodings.get(number).copied().unwrap_or_default();
        let second = matches!(encoding.kind, 2 | 3);
        let integers =
            |this: &Self, stream: u64, signed: bool| Integers::new(this.data(number, stream), second, signed);
        let below = |this: &mut Self, index: usize| {
            let child = *kind.subtypes.get(index)?;
            this.column(child, depth + 1).map(Box::new)
        };
        let values = match kind.kind {
            0 => Values::Truth(Bits::new(self.data(number, DATA))),
            1 => Values::Byte(ByteRuns::new(self.data(number, DATA))),
            2..=4 => Values::Integer(integers(self, DATA, true)),
            5 => Values::Float(self.data(number, DATA)),
            6 => Values::Double(self.data(number, DATA)),
            7 | 16 | 17 if matches!(encoding.kind, 1 | 3) => self.dictionary(number, encoding)?,
            7 | 8 | 16 | 17 => Values::Text {
                bytes: self.data(number, DATA),
                lengths: integers(self, LENGTH, false),
                checked: kind.kind != 8,
            },
            9 | 18 => Values::Moment(integers(self, DATA, true)),
            10 => Values::List { lengths: integers(self, LENGTH, false), items: below(self, 0)? },
            11 => {
                Values::Map { lengths: integers(self, LENGTH, false), keys: below(self, 0)?, values: below(self, 1)? }
            }
            12 => {
                let names = kind.names.iter().map(String::as_str).chain(std::iter::repeat(""));
                let mut fields = Vec::with_capacity(kind.subtypes.len());
                for (name, child) in names.zip(&kind.subtypes) {
                    fields.push((name.to_owned(), Known::default(), self.column(*child, depth + 1)?));
                }
                Values::Object(fields)
            }
            13 => {
                let mut columns = Vec::with_capacity(kind.subtypes.len());
                for child in &kind.subtypes {
                    columns.push(self.column(*child, depth + 1)?);
                }
                Values::OneOf { tags: ByteRuns::new(self.data(number, DATA)), columns }
            }
            14 => Values::Decimal { unscaled: self.data(number, DATA), scales: integers(self, SECONDARY, true) },
            15 => Values::Date(integers(self, DATA, true)),
            _ => Values::Nothing,
        };
        Some(Column { present: self.stream(number, PRESENT).map(Bits::new), values })
    }

    fn dictionary(&self, number: usize, encoding: ColumnEncoding) -> Option<Values> {
        const DATA: u64 = 1;
        const LENGTH: u64 = 2;
        const DICTIONARY: u64 = 3;
        let second = encoding.kind == 3;
        if encoding.dictionary > MOST_ENTRIES {
            return None;
        }
        let bytes = self.data(number, DICTIONARY).read_all(LARGEST_DICTIONARY)?;
        let mut lengths = Integers::new(self.data(number, LENGTH), second, false);
        let mut ends = Vec::new();
        let mut end = 0_usize;
        for _ in 0..encoding.dictionary {
            end = end.checked_add(usize::try_from(lengths.next()?).ok()?).filter(|end| *end <= bytes.len())?;
            ends.push(end);
        }
        Some(Values::Dictionary { numbers: Integers::new(self.data(number, DATA), second, false), ends, bytes })
    }
}

impl Column {
    /// Gives the value of the next row. `None` where a stream ends too early or is damaged.
    pub(super) fn give(&mut self, path: &mut RecordPath, text: &mut Vec<u8>, sink: &mut dyn ContentSink) -> Option<()> {
        if let Some(present) = &mut self.present
            && !present.next()?
        {
            return Some(());
        }
        if !path.is_allowed() {
            return None;
        }
        text.clear();
        match &mut self.values {
            Values::Nothing => return Some(()),
            Values::Truth(bits) => {
                bits.next()?;
                return Some(());
            }
            Values::List { lengths, items } => {
                path.open_list();
                for index in 0..u64::try_from(lengths.next()?).ok()? {
                    path.element(index);
                    items.give(path, text, sink)?;
                }
                path.close(sink);
                return Some(());
            }
            Values::Map { lengths, keys, values } => {
                path.open_object(sink);
                let mut key = Vec::new();
                for _ in 0..lengths.next()? {
                    key.clear();
                    keys.text(&mut key)?;
                    path.member(&key, sink);
                    values.give(path, text, sink)?;
                    path.key(&key, sink);
                }
                path.close(sink);
                return Some(());
            }
            Values::Object(fields) => {
                path.open_object(sink);
                for (name, known, column) in fields {
                    path.known_member(name.as_bytes(), known, sink);
                    column.give(path, text, sink)?;
                }
                path.close(sink);
                return Some(());
            }
            Values::OneOf { tags, columns } => {
                let tag = usize::from(tags.next()?);
                return columns.get_mut(tag)?.give(path, text, sink);
            }
            _ => self.scalar(text)?,
        }
        if !text.is_empty() {
            path.value(text, sink);
        }
        Some(())
    }

    /// Appends the value of the next row, if it is a text, a number or a date.
    fn text(&mut self, text: &mut Vec<u8>) -> Option<()> {
        let present = self.present.as_mut().map_or(Some(true), Bits::next)?;
        if present { self.scalar(text) } else { Some(()) }
    }

    fn scalar(&mut self, text: &mut Vec<u8>) -> Option<()> {
        match &mut self.values {
            Values::Byte(bytes) => push_integer(text, bytes.next()?.cast_signed()),
            Values::Integer(numbers) => push_integer(text, numbers.next()?),
            Values::Date(days) => push_date(text, days.next()?),
            Values::Moment(seconds) => push_moment(text, seconds.next()?.saturating_add(BASE)),
            Values::Float(stream) => {
                let mut bytes = Vec::new();
                stream.take(4, 4, &mut bytes)?;
                push_short_float(text, f32::from_le_bytes(*bytes.first_chunk()?));
            }
            Values::Double(stream) => {
                let mut bytes = Vec::new();
                stream.take(8, 8, &mut bytes)?;
                push_float(text, f64::from_le_bytes(*bytes.first_chunk()?));
            }
            Values::Decimal { unscaled, scales } => {
                let zigzag = unscaled.varint()?;
                let number = (zigzag >> 1).cast_signed() ^ -((zigzag & 1).cast_signed());
                push_decimal(text, number, i32::try_from(scales.next()?).ok()?);
            }
            Values::Text { bytes, lengths, checked } => {
                let start = text.len();
                bytes.take(u64::try_from(lengths.next()?).ok()?, LONGEST_TEXT, text)?;
                if !*checked && !is_text(&text[start..]) {
                    text.truncate(start);
                }
            }
            Values::Dictionary { numbers, ends, bytes } => {
                let number = usize::try_from(numbers.next()?).ok()?;
                let start = number.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
                text.extend_from_slice(bytes.get(start..*ends.get(number)?)?);
            }
            _ => {}
        }
        Some(())
    }
}
