//! The masks of a stride of a table, those of one kind side by side.

use super::TableMasks;

/// Bytes whose masks are made at a time: they and what is made of them stay in the first-level cache.
pub const STRIDE: usize = 4096;

/// Blocks of a stride.
pub(super) const BLOCKS: usize = STRIDE / super::BLOCK;

/// A word for each block of a stride, after one for the block before.
pub(super) type Words = [u64; END];

/// Number of those words.
pub(super) const END: usize = BLOCKS + 1;

/// Masks of a stride, and of the last block of the stride before.
#[derive(Debug, Clone)]
pub struct StrideMasks {
    pub(super) delimiter: Words,
    pub(super) line_end: Words,
    pub(super) quote: Words,
    pub(super) digit: Words,
    pub(super) letter: Words,
    pub(super) joint: Words,
    pub(super) zero: Words,
    pub(super) other: Words,
    length: usize,
}

impl StrideMasks {
    /// Masks of no bytes, at the start of a table.
    pub fn new() -> Box<Self> {
        let none = [0; END];
        Box::new(Self {
            delimiter: none,
            line_end: none,
            quote: none,
            digit: none,
            letter: none,
            joint: none,
            zero: none,
            other: none,
            length: 0,
        })
    }

    /// Forgets all: what comes next is the start of a table.
    pub fn restart(&mut self) {
        self.length = 0;
        self.set_word(0, TableMasks::default());
    }

    /// Number of blocks.
    pub fn len(&self) -> usize {
        self.length
    }

    /// True when there are no blocks.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The masks of a block, by its 0-based number.
    pub fn block(&self, index: usize) -> TableMasks {
        self.word(index + 1)
    }

    /// Makes way for the masks of so many blocks.
    pub(super) fn go_on(&mut self, blocks: usize) {
        self.set_word(0, self.word(self.length));
        self.length = blocks;
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it takes on the instructions that its caller is compiled for")]
    pub(super) fn set(&mut self, index: usize, masks: TableMasks) {
        self.set_word(index % BLOCKS + 1, masks);
    }

    fn word(&self, at: usize) -> TableMasks {
        TableMasks {
            delimiter: self.delimiter[at],
            line_end: self.line_end[at],
            quote: self.quote[at],
            digit: self.digit[at],
            letter: self.letter[at],
            joint: self.joint[at],
            zero: self.zero[at],
            other: self.other[at],
        }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it takes on the instructions that its caller is compiled for")]
    fn set_word(&mut self, at: usize, masks: TableMasks) {
        self.delimiter[at] = masks.delimiter;
        self.line_end[at] = masks.line_end;
        self.quote[at] = masks.quote;
        self.digit[at] = masks.digit;
        self.letter[at] = masks.letter;
        self.joint[at] = masks.joint;
        self.zero[at] = masks.zero;
        self.other[at] = masks.other;
    }
}
