//! Where the cells of a table end, and which of them are quiet: bit algebra over the masks of 64 bytes at a time.
//!
//! A cell is quiet when it is a number, a date, a UUID or a like code; `lakegate::model::Row` has the definition. The others are
//! telling.

use super::BLOCK;
use super::stride::{END, STRIDE, StrideMasks, Words};

/// The most cells of a stride, and room to write a few more than there are.
const ENDS: usize = STRIDE + BLOCK + 1;

/// Words of 64 bits in which there is one bit for each cell of a stride, and a bit for each of the 64 cells behind it.
const WORDS: usize = STRIDE / 64 * 2;

/// The cells that end in a stride, by number: the first one is 0.
#[derive(Debug, Clone)]
pub struct Cells {
    /// Offsets of the cells' ends. The first entry is the end of the last cell before them, so that cell `n` starts behind
    /// entry `n` and ends at entry `n + 1`; entries past those are of no meaning.
    pub ends: Box<[u32; ENDS]>,
    /// How many there are.
    pub count: usize,
    /// Cells that are telling, a bit each.
    pub telling: Box<[u64; WORDS]>,
    /// Cells of no bytes, a bit each.
    pub empty: Box<[u64; WORDS]>,
    /// For each row that ends here the number of the cell behind its last one.
    pub rows: Vec<u16>,
    state: Box<State>,
}

impl Cells {
    /// Room for the cells of a stride, to be filled from the start of a table on.
    pub fn new() -> Self {
        Self {
            ends: boxed(),
            count: 0,
            telling: boxed(),
            empty: boxed(),
            rows: Vec::with_capacity(STRIDE),
            state: Box::default(),
        }
    }

    /// Forgets all, and takes what comes next for the start of a cell at offset 0.
    pub fn restart(&mut self) {
        self.count = 0;
        self.rows.clear();
        self.ends[0] = u32::MAX;
        self.state.restart();
    }

    /// Offset of the last end of a cell so far; [`u32::MAX`] when there is none.
    pub fn last_end(&self) -> u32 {
        self.ends[self.count]
    }

    /// Replaces the cells by the one behind them, which ends with the table at `end`. Whether it is telling would be known at its
    /// separator only, so it is taken to be if it has any bytes.
    pub fn finish(&mut self, end: u32) {
        let is_empty = self.last_end().wrapping_add(1) == end;
        self.ends[0] = self.last_end();
        self.ends[1] = end;
        self.count = 1;
        self.telling[0] = u64::from(!is_empty);
        self.empty[0] = u64::from(is_empty);
        self.rows.clear();
        self.rows.push(1);
    }

    /// Goes on to the stride whose `masks` these are; it starts at offset `base`. `pick` moves the bits of its first argument
    /// that the second one selects side by side, the lowest first. `list` puts the places of the bits of its last argument into
    /// the room, the lowest first, counted from its second one. Without `QUOTES` a quote stands for itself.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it takes on the instructions that its caller is compiled for")]
    pub(super) fn fill<const QUOTES: bool>(
        &mut self,
        masks: &StrideMasks,
        base: u32,
        pick: impl Fn(u64, u64) -> u64 + Copy,
        list: impl Fn(&mut [u32; BLOCK], u32, u64) + Copy,
    ) {
        self.ends[0] = self.ends[self.count];
        self.rows.clear();
        self.state.prepare::<QUOTES>(masks);
        let state = &mut *self.state;
        let mut count = 0;
        let (mut telling, mut empty) = (0, 0);
        for (block, at) in (1..END).take(masks.len()).zip((base..).step_by(BLOCK)) {
            let ends = state.ends[block];
            let telling_ends = state.telling_ends(masks, block);
            let many = ends.count_ones() as usize;
            let (word, bit) = (count / 64 % WORDS, count % 64);
            let next = (word + 1) % WORDS;
            let put = |words: &mut [u64; WORDS], open: &mut u64, bits: u64| {
                let bits = pick(bits, ends);
                words[word] = *open | bits << bit;
                let over = bits >> 1 >> (63 - bit);
                words[next] = over;
                *open = if bit + many >= 64 { over } else { words[word] };
            };
            put(&mut self.telling, &mut telling, telling_ends);
            put(&mut self.empty, &mut empty, state.empty[block]);
            let mut rows = masks.line_end[block] & ends;
            while rows != 0 {
                let through = rows ^ (rows - 1);
                self.rows.push(count as u16 + (ends & through).count_ones() as u16);
                rows &= rows - 1;
            }
            if let Some(room) = self.ends.get_mut(count + 1..).and_then(<[u32]>::first_chunk_mut) {
                list(room, at, ends);
            }
            count += many;
        }
        self.count = count;
    }
}

impl Default for Cells {
    fn default() -> Self {
        Self::new()
    }
}

/// An array of zeros that was never on the stack.
fn boxed<T: Default + Copy, const N: usize>() -> Box<[T; N]> {
    let zeros = vec![T::default(); N].into_boxed_slice();
    zeros.try_into().unwrap_or_else(|_| unreachable!("the length is that of the array"))
}

/// The bits of `bits` that `selected` selects, side by side, without an instruction for it.
pub(super) fn pick(bits: u64, selected: u64) -> u64 {
    let (mut picked, mut left, mut place) = (0, selected, 0);
    while left != 0 {
        picked |= (bits >> left.trailing_zeros() & 1) << place;
        place += 1;
        left &= left - 1;
    }
    picked
}

/// Puts the places of the bits of `bits` into the room, the lowest first, counted from `at`; what is behind them is of no meaning.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it takes on the instructions that its caller is compiled for")]
pub(super) fn list(room: &mut [u32; BLOCK], at: u32, mut bits: u64) {
    for four in room.as_chunks_mut::<4>().0 {
        if bits == 0 {
            break;
        }
        for place in four {
            *place = at + bits.trailing_zeros();
            bits &= bits.wrapping_sub(1);
        }
    }
}

/// What is found out about a stride, one word a block, after the one for the block before. Loops over whole strides are turned into
/// vector instructions by the compiler.
#[derive(Debug, Clone)]
struct State {
    /// Separators outside quotes.
    ends: Words,
    empty: Words,
    /// Bytes that quiet cells do not have, but for words of letters alone.
    telling: Words,
    /// Starts of words.
    starts: Words,
    edge: Words,
    word: Words,
    /// Runs of at least 1, 2 and 4 digits, spaces and hyphens.
    run: [Words; 3],
    /// Inside quotes.
    quoted: Words,
    /// A word of letters alone goes on, as a bit to be added.
    letters: u64,
    /// The cell that goes on is telling, as a bit to be added.
    tells: u64,
    blocks: usize,
}

impl Default for State {
    fn default() -> Self {
        let none = [0; END];
        let mut state = Self {
            ends: none,
            empty: none,
            telling: none,
            starts: none,
            edge: none,
            word: none,
            run: [none; 3],
            quoted: none,
            letters: 0,
            tells: 0,
            blocks: 0,
        };
        state.restart();
        state
    }
}

impl State {
    /// The start of a table is the start of a cell.
    fn restart(&mut self) {
        self.blocks = 0;
        (self.letters, self.tells) = (0, 0);
        (self.ends[0], self.edge[0]) = (1 << 63, 1 << 63);
        (self.word[0], self.quoted[0]) = (0, 0);
        for run in &mut self.run {
            run[0] = 0;
        }
    }

    /// All that a block's neighbour tells, of all blocks.
    #[expect(clippy::needless_range_loop, reason = "many words of one place take part")]
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it takes on the instructions that its caller is compiled for")]
    fn prepare<const QUOTES: bool>(&mut self, masks: &StrideMasks) {
        let last = self.blocks;
        let [one, two, four] = &mut self.run;
        for words in
            [&mut self.ends, &mut self.edge, &mut self.word, &mut self.quoted, &mut *one, &mut *two, &mut *four]
        {
            words[0] = words[last];
        }
        self.blocks = masks.len();
        if QUOTES {
            for at in 1..END {
                self.quoted[at] = prefix_xor(masks.quote[at]) ^ spread_last(self.quoted[at - 1]);
            }
        }
        for at in 1..END {
            let separators = masks.delimiter[at] | masks.line_end[at];
            let ends = if QUOTES { separators & !self.quoted[at] } else { separators };
            self.ends[at] = ends;
            self.edge[at] = ends | masks.quote[at];
            one[at] = (masks.digit[at] | masks.joint[at]) & !ends;
            self.word[at] = masks.digit[at] | masks.letter[at];
        }
        for at in 1..END {
            two[at] = one[at] & before(one, at, 1);
            self.empty[at] = self.ends[at] & before(&self.ends, at, 1);
            self.starts[at] = masks.letter[at] & !before(&self.word, at, 1);
            // A word that starts with two letters and two digits.
            let head = masks.digit[at]
                & before(&masks.digit, at, 1)
                & before(&masks.letter, at, 2)
                & before(&masks.letter, at, 3)
                & !before(&self.word, at, 4);
            let zeros = masks.zero[at] & before(&masks.zero, at, 1) & before(&self.edge, at, 2);
            let quotes = if QUOTES {
                // A separator inside quotes and a doubled quote are characters that no quiet cell has.
                (masks.delimiter[at] | masks.line_end[at]) & self.quoted[at]
                    | masks.quote[at] & before(&masks.quote, at, 1)
            } else {
                masks.quote[at]
            };
            self.telling[at] = masks.other[at] | head | zeros | quotes;
        }
        for at in 1..END {
            four[at] = two[at] & before(two, at, 2);
        }
        for at in 1..END {
            // The last bytes of runs of 13 or more digits, spaces and hyphens.
            let eight = four[at] & before(four, at, 4);
            self.telling[at] |= eight & before(four, at, 8) & before(one, at, 12);
        }
    }

    /// The ends of telling cells in a block; to be asked for one block after the other.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it takes on the instructions that its caller is compiled for")]
    fn telling_ends(&mut self, masks: &StrideMasks, block: usize) -> u64 {
        let (letter, digit, ends) = (masks.letter[block], masks.digit[block], self.ends[block]);
        // Adding the starts of words to their letters carries over to what stands behind them: no digit where the word consists of
        // letters alone.
        let (sum, over) = letter.overflowing_add(self.starts[block]);
        let (sum, over_again) = sum.overflowing_add(self.letters);
        self.letters = u64::from(over | over_again);
        let telling = self.telling[block] | sum & !letter & !digit;
        // Adding to the ones of a cell's bytes carries over to the cell's end, whichever of them is added to.
        let (sum, over) = (!ends).overflowing_add(telling & !ends);
        let (sum, over_again) = sum.overflowing_add(self.tells);
        self.tells = u64::from(over | over_again);
        ends & (sum | telling)
    }
}

/// What tells whether counting quotes is enough to know what stands inside them.
#[derive(Debug, Clone, Copy)]
pub struct QuoteCheck {
    inside: u64,
    may_open: u64,
    closed: u64,
    sound: bool,
}

impl Default for QuoteCheck {
    /// The start of a table is outside of quotes, and a quote may open there.
    fn default() -> Self {
        Self { inside: 0, may_open: 1 << 63, closed: 0, sound: true }
    }
}

impl QuoteCheck {
    /// Goes on to the `masks` of the next `length` bytes. False once a quote neither opens a cell, closes one nor is doubled.
    pub fn go_on(&mut self, masks: &StrideMasks, length: usize) -> bool {
        for (index, masks) in (0..masks.len()).map(|index| (index, masks.block(index))) {
            let bytes = length - index * BLOCK;
            let there = if bytes < BLOCK { (1 << bytes) - 1 } else { u64::MAX };
            let quoted = prefix_xor(masks.quote) ^ self.inside;
            let opens = masks.quote & quoted;
            let closes = masks.quote & !quoted;
            let edge = masks.delimiter | masks.line_end | masks.quote;
            self.sound &= opens & !(edge << 1 | self.may_open >> 63) == 0;
            self.sound &= (closes << 1 | self.closed >> 63) & !edge & there == 0;
            (self.inside, self.may_open, self.closed) = (spread_last(quoted), edge, closes);
        }
        self.sound
    }

    /// True when all quotes were as they should be and the last one closed.
    pub fn is_closed(&self) -> bool {
        self.sound && self.inside == 0
    }
}

/// Bit i says what bit i - `distance` of the mask of block `at` says, or of the block before.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it takes on the instructions that its caller is compiled for")]
fn before(masks: &Words, at: usize, distance: u32) -> u64 {
    masks[at] << distance | masks[at - 1] >> (64 - distance)
}

/// Bit i is the parity of the bits 0 to i.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it takes on the instructions that its caller is compiled for")]
fn prefix_xor(mut mask: u64) -> u64 {
    for distance in [1, 2, 4, 8, 16, 32] {
        mask ^= mask << distance;
    }
    mask
}

/// All bits as the last one is.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it takes on the instructions that its caller is compiled for")]
fn spread_last(mask: u64) -> u64 {
    0_u64.wrapping_sub(mask >> 63)
}
