//! Which bytes of a text are digits, letters, quotes and so on: one bit a byte, 64 bytes at a time.
//!
//! The scanner looks at most bytes only through these masks, so they are made with the vector instructions of the
//! machine it runs on. This is the only module of the crate with `unsafe` code.
//!
//! Make masks of a few KiB at a time into an array that stays in the processor's first cache, and combine them in a
//! second loop over that array: where both happen in one loop, LLVM undoes the masks again.
//!
//! ```
//! use lakegate::blocks::{Classifier, TableMasks};
//!
//! let mut masks = [TableMasks::default(); 64];
//! let blocks = Classifier::new().table(b',', b"17,Ann\n", &mut masks);
//! assert_eq!(blocks, 1);
//! assert_eq!(masks[0].digit, 0b000_0011);
//! assert_eq!(masks[0].delimiter, 0b000_0100);
//! assert_eq!(masks[0].letter, 0b011_1000);
//! assert_eq!(masks[0].line_end, 0b100_0000);
//! ```

#[cfg(all(target_arch = "aarch64", target_endian = "little"))]
mod neon;
mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(test)]
mod tests;

/// Bytes that one mask speaks of.
pub const BLOCK: usize = 64;

type Block = [u8; BLOCK];

/// What the bytes of a block of a table are; bit `i` of each mask speaks of byte `i`.
///
/// Any byte can be the delimiter. Its bit is set in `delimiter`, and in the other masks as for any byte of its value
/// (a space is also a `joint`, a line feed also a `line_end`), except that it is never `other`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TableMasks {
    /// The delimiter.
    pub delimiter: u64,
    /// Line feed or carriage return.
    pub line_end: u64,
    /// `"`.
    pub quote: u64,
    /// `0` to `9`.
    pub digit: u64,
    /// `a` to `z`, `A` to `Z`.
    pub letter: u64,
    /// Space or `-`, which join groups of digits to one number.
    pub joint: u64,
    /// `0`.
    pub zero: u64,
    /// What numbers, dates, times and UUIDs are not made of: neither digit, `a` to `f`, `A` to `F`, `T`, `Z`, `.`, `:`,
    /// `/`, `-`, space, `"`, line end nor delimiter.
    pub other: u64,
}

/// What the bytes of a block of running text are; bit `i` of each mask speaks of byte `i`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TextMasks {
    /// `a` to `z`, `A` to `Z`.
    pub letter: u64,
    /// `A` to `Z`.
    pub upper: u64,
    /// `0` to `9`.
    pub digit: u64,
    /// 0x80 and above: in UTF-8, a byte of a character outside ASCII.
    pub high: u64,
    /// Line feed.
    pub line_feed: u64,
    /// `"`.
    pub quote: u64,
    /// `\`.
    pub backslash: u64,
    /// `+`.
    pub plus: u64,
}

/// Masks of one block.
trait Masks: Copy + Default {
    /// Only the bits that are set in `bits`.
    fn within(self, bits: u64) -> Self;
}

impl Masks for TableMasks {
    fn within(self, bits: u64) -> Self {
        Self {
            delimiter: self.delimiter & bits,
            line_end: self.line_end & bits,
            quote: self.quote & bits,
            digit: self.digit & bits,
            letter: self.letter & bits,
            joint: self.joint & bits,
            zero: self.zero & bits,
            other: self.other & bits,
        }
    }
}

impl Masks for TextMasks {
    fn within(self, bits: u64) -> Self {
        Self {
            letter: self.letter & bits,
            upper: self.upper & bits,
            digit: self.digit & bits,
            high: self.high & bits,
            line_feed: self.line_feed & bits,
            quote: self.quote & bits,
            backslash: self.backslash & bits,
            plus: self.plus & bits,
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Level {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2(x86::Avx2),
    #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
    Neon(neon::Neon),
}

/// What this machine can run, best first.
fn levels() -> impl Iterator<Item = Level> {
    let levels = [
        #[cfg(target_arch = "x86_64")]
        x86::Avx2::detect().map(Level::Avx2),
        #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
        neon::Neon::detect().map(Level::Neon),
        Some(Level::Portable),
    ];
    levels.into_iter().flatten()
}

/// Makes masks with one set of instructions. It is small and free to copy.
#[derive(Debug, Clone, Copy)]
pub struct Classifier {
    level: Level,
}

impl Default for Classifier {
    fn default() -> Self {
        Self::new()
    }
}

impl Classifier {
    /// Uses the best instructions of this machine.
    pub fn new() -> Self {
        Self { level: levels().next().unwrap_or(Level::Portable) }
    }

    /// Uses safe code only, which any machine can run.
    pub fn portable() -> Self {
        Self { level: Level::Portable }
    }

    /// Every level that this machine can run, the best one first and the portable one last.
    pub fn all() -> Vec<Self> {
        levels().map(|level| Self { level }).collect()
    }

    /// What the level is called, for tests and measurements.
    pub fn name(self) -> &'static str {
        match self.level {
            Level::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(_) => "AVX2",
            #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
            Level::Neon(_) => "NEON",
        }
    }

    /// Fills `out` with the masks of `bytes` as part of a table and returns how many there are: one for each 64 bytes
    /// and one for what is left. Bits past the last byte are 0.
    ///
    /// # Panics
    ///
    /// When `out` is too short.
    pub fn table(self, delimiter: u8, bytes: &[u8], out: &mut [TableMasks]) -> usize {
        fill(bytes, out, |blocks, out| match self.level {
            Level::Portable => portable::table(delimiter, blocks, out),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(avx2) => avx2.table(delimiter, blocks, out),
            #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
            Level::Neon(neon) => neon.table(delimiter, blocks, out),
        })
    }

    /// Fills `out` with the masks of `bytes` as running text and returns how many there are, as [`Classifier::table`].
    ///
    /// # Panics
    ///
    /// When `out` is too short.
    pub fn text(self, bytes: &[u8], out: &mut [TextMasks]) -> usize {
        fill(bytes, out, |blocks, out| match self.level {
            Level::Portable => portable::text(blocks, out),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(avx2) => avx2.text(blocks, out),
            #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
            Level::Neon(neon) => neon.text(blocks, out),
        })
    }
}

/// Calls `classify` on the whole blocks and on what is left in a block of its own, filled up with zeros.
fn fill<M: Masks>(bytes: &[u8], out: &mut [M], classify: impl Fn(&[Block], &mut [M])) -> usize {
    let (whole, rest) = bytes.as_chunks::<BLOCK>();
    assert!(out.len() >= bytes.len().div_ceil(BLOCK), "{} masks are too few for {} bytes", out.len(), bytes.len());
    let (masks, masks_of_rest) = out.split_at_mut(whole.len());
    classify(whole, masks);
    if rest.is_empty() {
        return whole.len();
    }
    let mut block = [0; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    let last = &mut masks_of_rest[..1];
    classify(&[block], last);
    last[0] = last[0].within((1 << rest.len()) - 1);
    whole.len() + 1
}
