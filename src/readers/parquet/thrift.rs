//! As much of Thrift's compact protocol as it takes to look at Parquet's metadata before it is believed.
//!
//! See the Thrift compact protocol specification (thrift-compact-protocol.md of Apache Thrift).

/// Reads structures field by field.
pub(super) struct Compact<'a> {
    bytes: &'a [u8],
}

/// Type of a field, as its header tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FieldType(u8);

impl FieldType {
    pub(super) const I32: Self = Self(5);
    pub(super) const LIST: Self = Self(9);
    pub(super) const STRUCT: Self = Self(12);
}

/// Structures and lists inside each other that are skipped.
const DEEPEST: u32 = 64;

impl<'a> Compact<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// A number of any width.
    pub(super) fn integer(&mut self) -> Option<i64> {
        let zigzag = self.varint()?;
        Some((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed())
    }

    /// The header of the next field of a structure whose last field had the id `before`: its id and type. `None` at the end
    /// of the structure, or of the bytes.
    pub(super) fn field(&mut self, before: i64) -> Option<(i64, FieldType)> {
        let header = self.byte()?;
        if header == 0 {
            return None;
        }
        let id = match header >> 4 {
            0 => self.integer()?,
            delta => before + i64::from(delta),
        };
        Some((id, FieldType(header & 0x0F)))
    }

    /// The header of a list: the number of its elements and their type.
    pub(super) fn list(&mut self) -> Option<(u64, FieldType)> {
        let header = self.byte()?;
        let length = match header >> 4 {
            15 => self.varint()?,
            short => u64::from(short),
        };
        Some((length, FieldType(header & 0x0F)))
    }

    /// Skips a value of that type.
    pub(super) fn skip(&mut self, kind: FieldType) -> Option<()> {
        self.skip_value(kind, 0, true)
    }

    fn skip_bytes(&mut self, length: u64) -> Option<()> {
        self.bytes = self.bytes.get(usize::try_from(length).ok()?..)?;
        Some(())
    }

    fn skip_value(&mut self, kind: FieldType, depth: u32, in_struct: bool) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match kind.0 {
            // A truth value stands in the header of its field, but in lists on its own.
            1 | 2 => {
                if in_struct {
                    Some(())
                } else {
                    self.skip_bytes(1)
                }
            }
            3 => self.skip_bytes(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.skip_bytes(8),
            8 => {
                let length = self.varint()?;
                self.skip_bytes(length)
            }
            9 | 10 => {
                let (length, element) = self.list()?;
                (0..length).try_for_each(|_| self.skip_value(element, depth + 1, false))
            }
            11 => {
                let length = self.varint()?;
                if length == 0 {
                    return Some(());
                }
                let types = self.byte()?;
                (0..length).try_for_each(|_| {
                    self.skip_value(FieldType(types >> 4), depth + 1, false)?;
                    self.skip_value(FieldType(types & 0x0F), depth + 1, false)
                })
            }
            12 => {
                let mut id = 0;
                loop {
                    let header = self.bytes.first().copied()?;
                    let Some((next, kind)) = self.field(id) else { return (header == 0).then_some(()) };
                    id = next;
                    self.skip_value(kind, depth + 1, true)?;
                }
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_behind_others_of_every_type() {
        // 1: i32 = -3, 2: list of two structures {1: true}, 3: string "ab", 5: double, 20: map {1: 2}, 21: i64 = 300.
        let bytes = [
            0x15, 0x05, 0x19, 0x2C, 0x11, 0x00, 0x11, 0x00, 0x18, 0x02, b'a', b'b', 0x27, 0, 0, 0, 0, 0, 0, 0, 0, 0x0B,
            0x28, 0x01, 0x55, 0x02, 0x04, 0x16, 0xD8, 0x04, 0x00,
        ];
        let mut thrift = Compact::new(&bytes);
        let mut seen = Vec::new();
        let mut id = 0;
        while let Some((next, kind)) = thrift.field(id) {
            id = next;
            if id == 1 || id == 21 {
                seen.push((id, thrift.integer()));
            } else {
                thrift.skip(kind).expect("the value is whole");
            }
        }
        assert_eq!(seen, [(1, Some(-3)), (21, Some(300))]);
    }

    #[test]
    fn what_is_cut_off_or_nested_without_end_is_no_value() {
        assert_eq!(Compact::new(&[0x19]).skip(FieldType::STRUCT), None);
        assert_eq!(Compact::new(&vec![0x1C; 100_000]).skip(FieldType::STRUCT), None);
        assert_eq!(Compact::new(&[0xFF; 20]).integer(), None);
    }
}
