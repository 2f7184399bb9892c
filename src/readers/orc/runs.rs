//! The run length encodings of ORC (orc.apache.org/specification/ORCv1, "Run Length Encoding").

use super::stream::OrcStream;

/// Bytes in runs and literals.
#[derive(Debug)]
pub(super) struct ByteRuns {
    stream: OrcStream,
    left: u32,
    /// The byte of the present run; `None` in literals.
    run: Option<u8>,
}

impl ByteRuns {
    pub(super) fn new(stream: OrcStream) -> Self {
        Self { stream, left: 0, run: None }
    }

    /// The next byte; `None` at the end.
    pub(super) fn next(&mut self) -> Option<u8> {
        if self.left == 0 {
            let header = self.stream.byte()?;
            if header < 0x80 {
                self.left = u32::from(header) + 3;
                self.run = Some(self.stream.byte()?);
            } else {
                self.left = 256 - u32::from(header);
                self.run = None;
            }
        }
        self.left -= 1;
        match self.run {
            Some(byte) => Some(byte),
            None => self.stream.byte(),
        }
    }
}

/// Truth values, eight a byte, the highest bit first.
#[derive(Debug)]
pub(super) struct Bits {
    bytes: ByteRuns,
    byte: u8,
    left: u32,
}

impl Bits {
    pub(super) fn new(stream: OrcStream) -> Self {
        Self { bytes: ByteRuns::new(stream), byte: 0, left: 0 }
    }

    /// The next value; `None` at the end.
    pub(super) fn next(&mut self) -> Option<bool> {
        if self.left == 0 {
            self.byte = self.bytes.next()?;
            self.left = 8;
        }
        self.left -= 1;
        Some(self.byte >> self.left & 1 == 1)
    }
}

/// Whole numbers.
#[derive(Debug)]
pub(super) struct Integers {
    stream: OrcStream,
    second_version: bool,
    signed: bool,
    run: Vec<i64>,
    at: usize,
}

impl Integers {
    /// Numbers of the first or second version of the encoding.
    pub(super) fn new(stream: OrcStream, second_version: bool, signed: bool) -> Self {
        Self { stream, second_version, signed, run: Vec::new(), at: 0 }
    }

    /// The next number; `None` at the end, or where it is damaged.
    #[inline]
    pub(super) fn next(&mut self) -> Option<i64> {
        if self.at == self.run.len() {
            self.run.clear();
            self.at = 0;
            if self.second_version { self.read_second()? } else { self.read_first()? }
        }
        let number = *self.run.get(self.at)?;
        self.at += 1;
        Some(number)
    }

    fn number(&mut self, signed: bool) -> Option<i64> {
        let number = self.stream.varint()? as u64;
        Some(if signed { zigzag(number) } else { number.cast_signed() })
    }

    fn read_first(&mut self) -> Option<()> {
        let header = self.stream.byte()?;
        if header < 0x80 {
            let delta = i64::from(self.stream.byte()?.cast_signed());
            let mut value = self.number(self.signed)?;
            for _ in 0..u32::from(header) + 3 {
                self.run.push(value);
                value = value.wrapping_add(delta);
            }
        } else {
            for _ in 0..256 - u32::from(header) {
                let value = self.number(self.signed)?;
                self.run.push(value);
            }
        }
        Some(())
    }

    fn read_second(&mut self) -> Option<()> {
        let header = self.stream.byte()?;
        match header >> 6 {
            0 => {
                let mut number = 0;
                for _ in 0..=(header >> 3 & 7) {
                    number = number << 8 | u64::from(self.stream.byte()?);
                }
                let number = if self.signed { zigzag(number) } else { number.cast_signed() };
                self.run.resize(usize::from(header & 7) + 3, number);
            }
            1 => {
                let length = self.length(header)?;
                let mut packed = Packed::new(&mut self.stream);
                for _ in 0..length {
                    let number = packed.next(width(header >> 1 & 0x1F))?;
                    self.run.push(if self.signed { zigzag(number) } else { number.cast_signed() });
                }
            }
            2 => self.read_patched(header)?,
            _ => self.read_deltas(header)?,
        }
        Some(())
    }

    /// Numbers above a base, some of which have more bits than the others.
    fn read_patched(&mut self, header: u8) -> Option<()> {
        let length = self.length(header)?;
        let [third, fourth] = [self.stream.byte()?, self.stream.byte()?];
        let (base_bytes, patch_width) = (u32::from(third >> 5) + 1, width(third & 0x1F));
        let (gap_width, patches) = (u32::from(fourth >> 5) + 1, fourth & 0x1F);
        let mut base = 0_u64;
        for _ in 0..base_bytes {
            base = base << 8 | u64::from(self.stream.byte()?);
        }
        // The highest bit is the sign of the rest.
        let sign = 1 << (base_bytes * 8 - 1);
        let base = if base & sign == 0 { base.cast_signed() } else { -((base & !sign).cast_signed()) };
        let bits = width(header >> 1 & 0x1F);
        let mut packed = Packed::new(&mut self.stream);
        for _ in 0..length {
            self.run.push(packed.next(bits)?.cast_signed());
        }
        let entry_width = closest_width(gap_width + patch_width);
        let mut packed = Packed::new(&mut self.stream);
        let mut at = 0;
        for _ in 0..patches {
            let entry = packed.next(entry_width)?;
            at += usize::try_from(entry.checked_shr(patch_width).unwrap_or(0)).ok()?;
            let patch = if patch_width >= 64 { entry } else { entry & ((1 << patch_width) - 1) };
            let value = self.run.get_mut(at)?;
            *value |= patch.checked_shl(bits).unwrap_or(0).cast_signed();
        }
        self.run.iter_mut().for_each(|value| *value = value.wrapping_add(base));
        Some(())
    }

    /// A first number, and by how much each one differs from the one before it.
    fn read_deltas(&mut self, header: u8) -> Option<()> {
        let length = self.length(header)?;
        let bits = match header >> 1 & 0x1F {
            0 => 0,
            code => width(code),
        };
        let mut value = self.number(self.signed)?;
        let delta = self.number(true)?;
        self.run.push(value);
        if bits == 0 {
            for _ in 1..length {
                value = value.wrapping_add(delta);
                self.run.push(value);
            }
            return Some(());
        }
        if length > 1 {
            value = value.wrapping_add(delta);
            self.run.push(value);
        }
        let mut packed = Packed::new(&mut self.stream);
        for _ in 2..length {
            let step = packed.next(bits)?.cast_signed();
            value = if delta < 0 { value.wrapping_sub(step) } else { value.wrapping_add(step) };
            self.run.push(value);
        }
        Some(())
    }

    /// Length of a run whose header starts so.
    fn length(&mut self, header: u8) -> Option<usize> {
        Some((usize::from(header & 1) << 8 | usize::from(self.stream.byte()?)) + 1)
    }
}

fn zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

/// Bits that a code of five bits stands for.
fn width(code: u8) -> u32 {
    match code {
        0..=23 => u32::from(code) + 1,
        24..=27 => 26 + 2 * u32::from(code - 24),
        _ => 40 + 8 * u32::from(code - 28),
    }
}

/// The least width that has a code and is no less than `bits`.
fn closest_width(bits: u32) -> u32 {
    (0..=31).map(width).find(|width| *width >= bits).unwrap_or(64)
}

/// Numbers of a few bits each, the highest bit first. Starts at a byte.
struct Packed<'s> {
    stream: &'s mut OrcStream,
    byte: u8,
    left: u32,
}

impl<'s> Packed<'s> {
    fn new(stream: &'s mut OrcStream) -> Self {
        Self { stream, byte: 0, left: 0 }
    }

    fn next(&mut self, bits: u32) -> Option<u64> {
        let mut number = 0;
        let mut wanted = bits;
        while wanted > 0 {
            if self.left == 0 {
                self.byte = self.stream.byte()?;
                self.left = 8;
            }
            let taken = wanted.min(self.left);
            let piece = self.byte >> (self.left - taken) & (0xFF >> (8 - taken));
            number = number << taken | u64::from(piece);
            self.left -= taken;
            wanted -= taken;
        }
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::super::stream::Codec;
    use super::*;
    use crate::readers::shared_source::SharedSource;
    use crate::readers::source::Source;
    use std::io::Cursor;

    fn stream(bytes: &[u8]) -> OrcStream {
        let source = SharedSource::new(Source::Memory(Cursor::new(bytes.to_vec()))).expect("memory has a length");
        OrcStream::new(source, 0, bytes.len() as u64, Codec::None)
    }

    fn integers(bytes: &[u8], second_version: bool, signed: bool) -> Vec<i64> {
        let mut integers = Integers::new(stream(bytes), second_version, signed);
        std::iter::from_fn(|| integers.next()).collect()
    }

    // The examples of the specification.
    #[test]
    fn numbers_of_the_first_version_come_in_runs_and_literals() {
        assert_eq!(integers(&[0x61, 0x00, 0x07], false, false), [7; 100]);
        assert_eq!(integers(&[0x61, 0xFF, 0x64], false, false), (1..=100).rev().collect::<Vec<_>>());
        assert_eq!(integers(&[0xFB, 0x02, 0x03, 0x06, 0x07, 0x0B], false, false), [2, 3, 6, 7, 11]);
    }

    #[test]
    fn numbers_of_the_second_version_come_in_four_ways() {
        assert_eq!(integers(&[0x0A, 0x27, 0x10], true, false), [10_000; 5]);
        assert_eq!(
            integers(&[0x5E, 0x03, 0x5C, 0xA1, 0xAB, 0x1E, 0xDE, 0xAD, 0xBE, 0xEF], true, false),
            [23_713, 43_806, 57_005, 48_879]
        );
        assert_eq!(
            integers(
                &[
                    0x8E, 0x13, 0x2B, 0x21, 0x07, 0xD0, 0x1E, 0x00, 0x14, 0x70, 0x28, 0x32, 0x3C, 0x46, 0x50, 0x5A,
                    0x64, 0x6E, 0x78, 0x82, 0x8C, 0x96, 0xA0, 0xAA, 0xB4, 0xBE, 0xFC, 0xE8,
                ],
                true,
                false
            ),
            [
                2030, 2000, 2020, 1_000_000, 2040, 2050, 2060, 2070, 2080, 2090, 2100, 2110, 2120, 2130, 2140, 2150,
                2160, 2170, 2180, 2190
            ]
        );
        assert_eq!(
            integers(&[0xC6, 0x09, 0x02, 0x02, 0x22, 0x42, 0x42, 0x46], true, false),
            [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]
        );
    }

    #[test]
    fn bytes_and_bits_come_in_runs_and_literals() {
        let mut bytes = ByteRuns::new(stream(&[0x61, 0x00, 0xFE, 0x44, 0x45]));
        let all: Vec<u8> = std::iter::from_fn(|| bytes.next()).collect();
        assert_eq!(all, [vec![0; 100], vec![0x44, 0x45]].concat());
        let mut bits = Bits::new(stream(&[0xFF, 0x80]));
        let all: Vec<bool> = std::iter::from_fn(|| bits.next()).collect();
        assert_eq!(all, [true, false, false, false, false, false, false, false]);
    }
}
