//! Avro object container files: block after block, value after value, as records.
//!
//! Values go to the sink as they are met; no tree of them is built, and no length that a file claims is believed beyond the
//! bytes that are there.

mod block;
mod schema;

use crate::model::{ContentSink, Coverage, Reason};
use crate::readers::failure::ReadFailure;
use crate::readers::limits::Limits;
use crate::readers::plain_text::{push_date, push_decimal, push_float, push_integer, push_moment, push_short_float};
use crate::readers::readable::is_text;
use crate::readers::record_path::{Known, RecordPath};
use crate::readers::source::Source;
use block::{Blocks, Codec};
use schema::{Schema, Type, TypeId};

/// Values inside each other that are read.
const DEEPEST: usize = 256;

/// Reads all records.
pub(super) fn read(input: Source, limits: &Limits, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    let mut blocks = Blocks::open(input)?;
    let Schema { types, root, fields } = Schema::parse(&blocks.schema).map_err(ReadFailure::malformed)?;
    let mut records = Records { types: &types, fields, path: RecordPath::default(), text: Vec::new() };
    let codec = Codec::named(&blocks.codec)
        .ok_or_else(|| ReadFailure::new(Reason::UnsupportedFileType, "compressed with a codec that is not known"))?;
    let (mut first, mut given) = (0_u64, 0);
    while let Some(block) = blocks.next_block()? {
        records.path.record = first;
        first = first.saturating_add(block.records);
        match codec.decompress(block.stored) {
            Ok(content) => {
                given += content.len() as u64;
                records.path.allow(content.len() as u64);
                if let Err(detail) = records.block(root, block.records, &content, sink) {
                    records.path.close_all(sink);
                    sink.gap(Coverage::partial(Reason::UnableToParseFile, detail));
                }
            }
            Err(detail) => sink.gap(Coverage::partial(Reason::MalformedFile, detail)),
        }
        limits.inflated_to(given.saturating_add(first))?;
    }
    Ok(())
}

const CUT: &str = "a block of records is damaged: it ends within a value";
const TOO_DEEP: &str = "values nested too deep were left out";
const TOO_MANY: &str = "a block holds more values than its bytes can mean";

struct Records<'s> {
    types: &'s [Type],
    fields: Vec<Known>,
    path: RecordPath,
    text: Vec<u8>,
}

impl Records<'_> {
    fn block(
        &mut self,
        root: TypeId,
        records: u64,
        mut content: &[u8],
        sink: &mut dyn ContentSink,
    ) -> Result<(), &'static str> {
        for _ in 0..records {
            self.value(root, 0, &mut content, sink)?;
            self.path.record += 1;
        }
        Ok(())
    }

    fn value(
        &mut self,
        id: TypeId,
        depth: usize,
        input: &mut &[u8],
        sink: &mut dyn ContentSink,
    ) -> Result<(), &'static str> {
        if depth > DEEPEST {
            return Err(TOO_DEEP);
        }
        if !self.path.is_allowed() {
            return Err(TOO_MANY);
        }
        let types = self.types;
        match &types[id] {
            Type::Null => {}
            Type::Boolean => {
                take(input, 1)?;
            }
            Type::TimeOfDay => {
                long(input)?;
            }
            Type::Int | Type::Long => {
                let number = long(input)?;
                self.written(sink, |text| push_integer(text, number));
            }
            Type::Date => {
                let days = long(input)?;
                self.written(sink, |text| push_date(text, days));
            }
            Type::Moment(per_second) => {
                let moment = long(input)?.div_euclid(*per_second);
                self.written(sink, |text| push_moment(text, moment));
            }
            Type::Float => {
                let number = f32::from_le_bytes(*take(input, 4)?.first_chunk().ok_or(CUT)?);
                self.written(sink, |text| push_short_float(text, number));
            }
            Type::Double => {
                let number = f64::from_le_bytes(*take(input, 8)?.first_chunk().ok_or(CUT)?);
                self.written(sink, |text| push_float(text, number));
            }
            Type::String => {
                let text = sized(input)?;
                self.path.value(text, sink);
            }
            Type::Bytes => {
                let bytes = sized(input)?;
                self.bytes(bytes, sink);
            }
            Type::Fixed(size) => {
                let bytes = take(input, *size)?;
                self.bytes(bytes, sink);
            }
            Type::Decimal(scale) => {
                let unscaled = sized(input)?;
                self.decimal(unscaled, *scale, sink);
            }
            Type::FixedDecimal(size, scale) => {
                let unscaled = take(input, *size)?;
                self.decimal(unscaled, *scale, sink);
            }
            Type::Enum(symbols) => {
                let symbol = usize::try_from(long(input)?).ok().and_then(|index| symbols.get(index)).ok_or(CUT)?;
                self.path.value(symbol.as_bytes(), sink);
            }
            Type::Union(_) | Type::Array(_) | Type::Map(_) | Type::Record(_) => {
                return self.nested(&types[id], depth, input, sink);
            }
        }
        Ok(())
    }

    /// A value that is made up of others.
    fn nested(
        &mut self,
        kind: &Type,
        depth: usize,
        input: &mut &[u8],
        sink: &mut dyn ContentSink,
    ) -> Result<(), &'static str> {
        match kind {
            Type::Union(branches) => {
                let branch = usize::try_from(long(input)?).ok().and_then(|index| branches.get(index)).ok_or(CUT)?;
                self.value(*branch, depth + 1, input, sink)?;
            }
            Type::Array(items) => {
                self.path.open_list();
                let mut index = 0;
                while let Some(count) = count(input)? {
                    for _ in 0..count {
                        self.path.element(index);
                        index += 1;
                        self.value(*items, depth + 1, input, sink)?;
                    }
                }
                self.path.close(sink);
            }
            Type::Map(values) => {
                self.path.open_object(sink);
                while let Some(count) = count(input)? {
                    for _ in 0..count {
                        let key = sized(input)?;
                        self.path.member(key, sink);
                        self.value(*values, depth + 1, input, sink)?;
                        self.path.key(key, sink);
                    }
                }
                self.path.close(sink);
            }
            Type::Record(fields) => {
                self.path.open_object(sink);
                for field in fields {
                    let known = &mut self.fields[field.number];
                    self.path.known_member(field.name.as_bytes(), known, sink);
                    self.value(field.kind, depth + 1, input, sink)?;
                }
                self.path.close(sink);
            }
            _ => {}
        }
        Ok(())
    }

    fn written(&mut self, sink: &mut dyn ContentSink, push: impl FnOnce(&mut Vec<u8>)) {
        self.text.clear();
        push(&mut self.text);
        if !self.text.is_empty() {
            self.path.value(&self.text, sink);
        }
    }

    fn bytes(&mut self, bytes: &[u8], sink: &mut dyn ContentSink) {
        if is_text(bytes) {
            self.path.value(bytes, sink);
        }
    }

    /// A number in two's complement, its highest byte first. One of more than 16 bytes is no number of a person.
    fn decimal(&mut self, unscaled: &[u8], scale: i32, sink: &mut dyn ContentSink) {
        let sign = if unscaled.first().is_some_and(|first| *first >= 0x80) { 0xFF } else { 0 };
        let mut number = [sign; 16];
        if let Some(low) = number.len().checked_sub(unscaled.len()) {
            number[low..].copy_from_slice(unscaled);
            self.written(sink, |text| push_decimal(text, i128::from_be_bytes(number), scale));
        }
    }
}

/// Takes so many bytes.
fn take<'a>(input: &mut &'a [u8], length: usize) -> Result<&'a [u8], &'static str> {
    let (taken, rest) = input.split_at_checked(length).ok_or(CUT)?;
    *input = rest;
    Ok(taken)
}

/// Takes a number of variable length.
#[inline]
pub(super) fn long(input: &mut &[u8]) -> Result<i64, &'static str> {
    let mut zigzag = 0_u64;
    for (index, byte) in input.iter().take(10).enumerate() {
        zigzag |= u64::from(byte & 0x7F) << (7 * index);
        if *byte < 0x80 {
            *input = &input[index + 1..];
            return Ok((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed());
        }
    }
    Err(CUT)
}

/// Takes bytes that come after their length.
pub(super) fn sized<'a>(input: &mut &'a [u8]) -> Result<&'a [u8], &'static str> {
    let length = usize::try_from(long(input)?).map_err(|_| CUT)?;
    take(input, length)
}

/// Takes the number of items in the next piece of an array or map; `None` at its end. A negative number stands before the
/// bytes of the piece.
pub(super) fn count(input: &mut &[u8]) -> Result<Option<u64>, &'static str> {
    let count = long(input)?;
    if count < 0 {
        long(input)?;
    }
    Ok((count != 0).then_some(count.unsigned_abs()))
}
