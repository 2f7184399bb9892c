//! The metadata of an ORC file (orc.apache.org/specification/ORCv1): the postscript and footer at its end, and the footer of
//! each stripe. All are Protocol Buffers messages.

use super::stream::{Codec, OrcStream};
use crate::readers::shared_source::SharedSource;

/// Largest footer, in bytes when it is decompressed.
const LARGEST_FOOTER: usize = 64 * 1024 * 1024;
/// Types in a schema.
const MOST_TYPES: usize = 100_000;

/// What the end of the file says.
#[derive(Debug)]
pub(super) struct Tail {
    pub(super) codec: Codec,
    pub(super) stripes: Vec<Stripe>,
    /// The tree of types, the root first.
    pub(super) types: Vec<Type>,
    /// Some columns are encrypted.
    pub(super) encrypted: bool,
}

/// Where a stripe stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stripe {
    offset: u64,
    index: u64,
    data: u64,
    footer: u64,
    pub(super) rows: u64,
}

/// A type of the schema.
#[derive(Debug, Clone, Default)]
pub(super) struct Type {
    pub(super) kind: u64,
    pub(super) subtypes: Vec<usize>,
    pub(super) names: Vec<String>,
}

/// A stream of a stripe.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct StreamPlace {
    pub(super) kind: u64,
    pub(super) column: usize,
    pub(super) start: u64,
    pub(super) length: u64,
}

/// How the values of a column are encoded.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ColumnEncoding {
    pub(super) kind: u64,
    pub(super) dictionary: u64,
}

/// The streams and encodings of a stripe.
#[derive(Debug, Default)]
pub(super) struct StripeFooter {
    pub(super) streams: Vec<StreamPlace>,
    pub(super) encodings: Vec<ColumnEncoding>,
}

impl Tail {
    /// Reads the end of the file. An error says what is wrong with it.
    pub(super) fn read(source: &SharedSource) -> Result<Self, &'static str> {
        const CUT: &str = "the file has no metadata at its end: it is cut off or damaged";
        let length = source.length();
        let end = source.read_at(length.saturating_sub(256), 256).map_err(|_| CUT)?;
        let (&size, before) = end.split_last().ok_or(CUT)?;
        let postscript = before.get(before.len().checked_sub(size.into()).ok_or(CUT)?..).ok_or(CUT)?;
        let (mut footer_length, mut compression, mut magic) = (0, 0, false);
        for (number, value) in Message(postscript) {
            match (number, value) {
                (1, Value::Number(number)) => footer_length = number,
                (2, Value::Number(number)) => compression = number,
                (8000, Value::Bytes(bytes)) => magic = bytes == b"ORC",
                _ => {}
            }
        }
        let codec = Codec::numbered(compression).ok_or("compressed in a way that is not known")?;
        let behind = length.checked_sub(1 + u64::from(size)).ok_or(CUT)?;
        let start = behind.checked_sub(footer_length).filter(|_| magic).ok_or(CUT)?;
        let footer = OrcStream::new(source.clone(), start, footer_length, codec).read_all(LARGEST_FOOTER).ok_or(CUT)?;
        let mut tail = Self { codec, stripes: Vec::new(), types: Vec::new(), encrypted: false };
        for (number, value) in Message(&footer) {
            match (number, value) {
                (3, Value::Bytes(stripe)) => tail.stripes.push(stripe_of(stripe)),
                (4, Value::Bytes(kind)) if tail.types.len() < MOST_TYPES => tail.types.push(type_of(kind)),
                (10, Value::Bytes(_)) => tail.encrypted = true,
                _ => {}
            }
        }
        Ok(tail)
    }

    /// Reads the footer of a stripe; `None` if it is damaged.
    pub(super) fn stripe(&self, source: &SharedSource, stripe: Stripe) -> Option<StripeFooter> {
        let start = stripe.offset.checked_add(stripe.index)?.checked_add(stripe.data)?;
        let bytes = OrcStream::new(source.clone(), start, stripe.footer, self.codec).read_all(LARGEST_FOOTER)?;
        let mut footer = StripeFooter::default();
        let mut start = stripe.offset;
        for (number, value) in Message(&bytes) {
            match (number, value) {
                (1, Value::Bytes(stream)) => {
                    let mut place = StreamPlace { start, ..StreamPlace::default() };
                    for (number, value) in Message(stream) {
                        match (number, value) {
                            (1, Value::Number(kind)) => place.kind = kind,
                            (2, Value::Number(column)) => place.column = usize::try_from(column).ok()?,
                            (3, Value::Number(length)) => place.length = length,
                            _ => {}
                        }
                    }
                    start = start.checked_add(place.length)?;
                    footer.streams.push(place);
                }
                (2, Value::Bytes(encoding)) => {
                    let mut column = ColumnEncoding::default();
                    for (number, value) in Message(encoding) {
                        match (number, value) {
                            (1, Value::Number(kind)) => column.kind = kind,
                            (2, Value::Number(size)) => column.dictionary = size,
                            _ => {}
                        }
                    }
                    footer.encodings.push(column);
                }
                _ => {}
            }
        }
        Some(footer)
    }
}

impl Stripe {
    /// Bytes of the stripe.
    pub(super) fn length(&self) -> u64 {
        self.index.saturating_add(self.data).saturating_add(self.footer)
    }
}

fn stripe_of(bytes: &[u8]) -> Stripe {
    let mut stripe = Stripe::default();
    for (number, value) in Message(bytes) {
        let Value::Number(value) = value else { continue };
        match number {
            1 => stripe.offset = value,
            2 => stripe.index = value,
            3 => stripe.data = value,
            4 => stripe.footer = value,
            5 => stripe.rows = value,
            _ => {}
        }
    }
    stripe
}

fn type_of(bytes: &[u8]) -> Type {
    let mut kind = Type::default();
    for (number, value) in Message(bytes) {
        match (number, value) {
            (1, Value::Number(number)) => kind.kind = number,
            (2, Value::Number(number)) => kind.subtypes.extend(usize::try_from(number)),
            (2, Value::Bytes(mut packed)) => {
                while let Some(number) = varint(&mut packed) {
                    kind.subtypes.extend(usize::try_from(number));
                }
            }
            (3, Value::Bytes(name)) => kind.names.push(String::from_utf8_lossy(name).into_owned()),
            _ => {}
        }
    }
    kind
}

/// A value of a Protocol Buffers message.
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The fields of a Protocol Buffers message, as far as it is sound.
struct Message<'a>(&'a [u8]);

impl<'a> Iterator for Message<'a> {
    type Item = (u64, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let key = varint(&mut self.0)?;
        let value = match key & 7 {
            0 => Value::Number(varint(&mut self.0)?),
            1 => Value::Bytes(self.take(8)?),
            2 => {
                let length = varint(&mut self.0)?;
                Value::Bytes(self.take(usize::try_from(length).ok()?)?)
            }
            5 => Value::Bytes(self.take(4)?),
            _ => return None,
        };
        Some((key >> 3, value))
    }
}

impl<'a> Message<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for (index, byte) in bytes.iter().take(10).enumerate() {
        number |= u64::from(byte & 0x7F) << (7 * index);
        if *byte < 0x80 {
            *bytes = &bytes[index + 1..];
            return Some(number);
        }
    }
    None
}
