//! The record format of SQLite (sqlite.org/fileformat2.html, section 2.1): the values of a row.

/// One value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Text(&'a [u8]),
    Blob(&'a [u8]),
}

/// Takes a number of variable length off the start of `bytes`.
pub(super) fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number: u64 = 0;
    for (index, byte) in bytes.iter().copied().enumerate().take(9) {
        // The ninth byte counts in full.
        if index == 8 {
            number = number << 8 | u64::from(byte);
        } else {
            number = number << 7 | u64::from(byte & 0x7F);
        }
        if byte < 0x80 || index == 8 {
            *bytes = &bytes[index + 1..];
            return Some(number);
        }
    }
    None
}

/// The values of a record, as far as it is whole.
pub(super) struct Record<'a> {
    types: &'a [u8],
    body: &'a [u8],
}

impl<'a> Record<'a> {
    pub(super) fn new(payload: &'a [u8]) -> Self {
        let mut rest = payload;
        let length = varint(&mut rest).and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        let taken = payload.len() - rest.len();
        match payload.split_at_checked(length) {
            Some((header, body)) if length >= taken => Self { types: &header[taken..], body },
            _ => Self { types: &[], body: &[] },
        }
    }
}

impl<'a> Iterator for Record<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let kind = varint(&mut self.types)?;
        let size = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind as usize,
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return None,
            _ => usize::try_from((kind - 12) / 2).ok()?,
        };
        // Of a value that is cut off, what there is.
        let (bytes, rest) = self.body.split_at(size.min(self.body.len()));
        self.body = rest;
        Some(match kind {
            0 => Value::Null,
            8 => Value::Integer(0),
            9 => Value::Integer(1),
            1..=6 => Value::Integer(integer(bytes)),
            7 => Value::Real(f64::from_bits(integer(bytes).cast_unsigned())),
            text if text % 2 == 1 => Value::Text(bytes),
            _ => Value::Blob(bytes),
        })
    }
}

/// A number in two's complement, its highest byte first.
fn integer(bytes: &[u8]) -> i64 {
    let sign = bytes.first().map_or(0, |first| if *first >= 0x80 { -1 } else { 0 });
    bytes.iter().fold(sign, |number, byte| number << 8 | i64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_every_type_are_read() {
        let payload = [8, 0, 1, 2, 7, 9, 17, 16, 0xFF, 0x01, 0x00, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0, b'h', b'i', 1, 2];
        let values: Vec<Value<'_>> = Record::new(&payload).collect();
        assert_eq!(
            values,
            [
                Value::Null,
                Value::Integer(-1),
                Value::Integer(256),
                Value::Real(1.5),
                Value::Integer(1),
                Value::Text(b"hi"),
                Value::Blob(&[1, 2]),
            ]
        );
    }

    #[test]
    fn numbers_of_variable_length_have_up_to_nine_bytes() {
        for (bytes, number) in [
            (&[0x7F][..], 127),
            (&[0x81, 0x00], 128),
            (&[0xFF; 9], u64::MAX),
            (&[0x80; 8].iter().copied().chain([1]).collect::<Vec<_>>(), 1),
        ] {
            let mut rest = bytes;
            assert_eq!((varint(&mut rest), rest), (Some(number), &[][..]));
        }
        assert_eq!(varint(&mut &[0x80_u8, 0x80][..]), None);
    }

    #[test]
    fn a_record_that_lies_about_its_length_gives_what_is_there() {
        assert_eq!(Record::new(&[200, 1, 2]).next(), None);
        assert_eq!(Record::new(&[]).next(), None);
        assert_eq!(Record::new(&[2, 33, b'a']).collect::<Vec<_>>(), [Value::Text(b"a")]);
        assert_eq!(Record::new(&[0, 1, 1]).next(), None);
    }
}
