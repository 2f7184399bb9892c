//! Which bytes of a text are digits, letters, quotes and so on: one bit a byte, 64 bytes at a time.
//!
//! The scanner looks at most bytes only through these masks, so they are made with the vector instructions of the
//! machine it runs on. This is the only module of the crate with `unsafe` code.
//!
//! Make masks of a few KiB at a time into an array that stays in the processor's first cache, and combine them in a
//! second loop over that array: where both happen in one loop, LLVM undoes the masks again.
//!
//! ```
//! use lakegate::blocks::{Classifier, StrideMasks};
//!
//! let mut masks = StrideMasks::new();
//! Classifier::new().table(b',', b"17,Ann\n", &mut masks);
//! assert_eq!(masks.len(), 1);
//! let block = masks.block(0);
//! assert_eq!(block.digit, 0b000_0011);
//! assert_eq!(block.delimiter, 0b000_0100);
//! assert_eq!(block.letter, 0b011_1000);
//! assert_eq!(block.line_end, 0b100_0000);
//! ```

mod cells;
#[cfg(all(target_arch = "aarch64", target_endian = "little"))]
mod neon;
mod portable;
mod stride;
#[cfg(target_arch = "x86_64")]
mod x86;
#[cfg(target_arch = "x86_64")]
mod x86_512;

#[cfg(test)]
mod tests;

pub use cells::{Cells, QuoteCheck};
pub use stride::{STRIDE, StrideMasks};

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

/// What a stretch of bytes holds anywhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Survey {
    /// Number of line feeds.
    pub line_feeds: u64,
    /// There is a `"`.
    pub quotes: bool,
    /// There is a NUL.
    pub nul: bool,
}

impl Survey {
    /// Adds what another stretch holds.
    pub fn add(&mut self, other: Self) {
        self.line_feeds += other.line_feeds;
        self.quotes |= other.quotes;
        self.nul |= other.nul;
    }
}

impl TableMasks {
    /// Only the bits that are set in `bits`.
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

impl TextMasks {
    /// Only the bits that are set in `bits`.
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
    Avx512(x86_512::Avx512),
    #[cfg(target_arch = "x86_64")]
    Avx2(x86::Avx2),
    #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
    Neon(neon::Neon),
}

/// What this machine can run, best first.
fn levels() -> impl Iterator<Item = Level> {
    let levels = [
        #[cfg(target_arch = "x86_64")]
        x86_512::Avx512::detect().filter(|avx512| avx512.has_vbmi2()).map(Level::Avx512),
        #[cfg(target_arch = "x86_64")]
        x86_512::Avx512::detect().map(|avx512| Level::Avx512(avx512.without_vbmi2())),
        #[cfg(target_arch = "x86_64")]
        x86::Avx2::detect().map(Level::Avx2),
        #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
        neon::Neon::detect().map(Level::Neon),
        Some(Level::Portable),
    ];
    levels.into_iter().flatten()
}

/// Work with masks that is worth its own machine code for each set of instructions.
pub trait Work {
    /// What it gives.
    type Output;

    /// Does it. To be marked `#[inline(always)]`, as only what is inlined gets the instructions.
    fn work(self) -> Self::Output;
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
            Level::Avx512(avx512) if avx512.has_vbmi2() => "AVX-512 with VBMI2",
            #[cfg(target_arch = "x86_64")]
            Level::Avx512(_) => "AVX-512",
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(_) => "AVX2",
            #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
            Level::Neon(_) => "NEON",
        }
    }

    /// Replaces `masks` by those of `bytes`, the next stride of a table. Bits past the last byte are 0.
    ///
    /// # Panics
    ///
    /// When there are more than [`STRIDE`] bytes.
    pub fn table(self, delimiter: u8, bytes: &[u8], masks: &mut StrideMasks) {
        assert!(bytes.len() <= STRIDE, "{} bytes are too many for a stride", bytes.len());
        masks.go_on(bytes.len().div_ceil(BLOCK));
        let (whole, rest) = bytes.as_chunks::<BLOCK>();
        self.table_blocks(delimiter, whole, masks, 0);
        if !rest.is_empty() {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            self.table_blocks(delimiter, &[block], masks, whole.len());
            let last = masks.block(whole.len()).within((1 << rest.len()) - 1);
            masks.set(whole.len(), last);
        }
    }

    fn table_blocks(self, delimiter: u8, blocks: &[Block], masks: &mut StrideMasks, from: usize) {
        match self.level {
            Level::Portable => portable::table(delimiter, blocks, masks, from),
            #[cfg(target_arch = "x86_64")]
            Level::Avx512(avx512) => avx512.table(delimiter, blocks, masks, from),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(avx2) => avx2.table(delimiter, blocks, masks, from),
            #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
            Level::Neon(neon) => neon.table(delimiter, blocks, masks, from),
        }
    }

    /// Fills `out` with the masks of `bytes` as running text and returns how many there are: one for each
    /// 64 bytes and one for what is left. Bits past the last byte are 0.
    ///
    /// # Panics
    ///
    /// When `out` is too short.
    pub fn text(self, bytes: &[u8], out: &mut [TextMasks]) -> usize {
        fill(bytes, out, |blocks, out| match self.level {
            Level::Portable => portable::text(blocks, out),
            #[cfg(target_arch = "x86_64")]
            Level::Avx512(avx512) => avx512.text(blocks, out),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(avx2) => avx2.text(blocks, out),
            #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
            Level::Neon(neon) => neon.text(blocks, out),
        })
    }

    /// Does `work` with the instructions for single bits that this machine has.
    pub fn run<W: Work>(self, work: W) -> W::Output {
        match self.level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512(avx512) => avx512.avx2().run(work),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(avx2) => avx2.run(work),
            _ => work.work(),
        }
    }

    /// What `bytes` hold anywhere.
    pub fn survey(self, bytes: &[u8]) -> Survey {
        match self.level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512(avx512) => avx512.avx2().survey(bytes),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(avx2) => avx2.survey(bytes),
            _ => portable::survey(bytes),
        }
    }

    /// Puts into `cells` those that end in the next stride of a table, whose `masks` these are and which starts at offset
    /// `base`. Without `quotes` a quote stands for itself.
    pub fn cells(self, quotes: bool, masks: &StrideMasks, base: u32, cells: &mut Cells) {
        match self.level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512(avx512) => avx512.cells(quotes, masks, base, cells),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(avx2) => avx2.cells(quotes, masks, base, cells),
            _ if quotes => cells.fill::<true>(masks, base, cells::pick, cells::list),
            _ => cells.fill::<false>(masks, base, cells::pick, cells::list),
        }
    }
}

/// Calls `classify` on the whole blocks and on what is left in a block of its own, filled up with zeros.
fn fill(bytes: &[u8], out: &mut [TextMasks], classify: impl Fn(&[Block], &mut [TextMasks])) -> usize {
    let (whole, rest) = bytes.as_chunks::<BLOCK>();
    assert!(out.len() >= bytes.len().div_ceil(BLOCK), "{} masks are too few for {} bytes", out.len(), bytes.len());
    let (masks, masks_of_rest) = out.split_at_mut(whole.len());
    if !whole.is_empty() {
        classify(whole, masks);
    }
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
