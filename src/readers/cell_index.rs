//! Finds the cells of a chunk by bit algebra over 64 bytes at a time, and tells the quiet ones from the telling ones.
//!
//! Only chunks are read here in which every quote encloses a cell or is doubled inside one; [`CellIndex::understands`]
//! says so beforehand. All others go through the state machine, byte by byte.

use crate::blocks::{Classifier, TableMasks};
use crate::model::RowSink;

/// Bytes that are indexed at a time: their masks and cells stay in the first-level cache.
const STRIDE: usize = 4096;

/// Set in an end of a cell that is telling (see [`RowSink::cell`]).
const TELLING: u32 = 1 << 31;
/// Set in an end of a cell that ends its row.
const ENDS_ROW: u32 = 1 << 30;

/// Longest chunk whose offsets leave room for the two marks.
const LONGEST_CHUNK: usize = ENDS_ROW as usize - 1;

/// Buffers for indexing chunks, kept from chunk to chunk.
#[derive(Debug)]
pub(super) struct CellIndex {
    classifier: Classifier,
    delimiter: u8,
    masks: Box<[TableMasks; STRIDE / 64]>,
    ends: Box<[u32; STRIDE]>,
    unescaped: Vec<u8>,
}

impl CellIndex {
    /// An index of cells that `delimiter` separates.
    pub(super) fn new(classifier: Classifier, delimiter: u8) -> Self {
        let masks = Box::new([TableMasks::default(); STRIDE / 64]);
        Self { classifier, delimiter, masks, ends: Box::new([0; STRIDE]), unescaped: Vec::new() }
    }

    /// True when counting quotes tells what is inside them: each opens a cell, closes one or is doubled, and the last one
    /// closes.
    ///
    /// A chunk starts outside of quotes, so up to the first quote that breaks the rule, a byte lies inside quotes exactly
    /// when the number of quotes before it is odd; and no quote breaks the rule.
    pub(super) fn understands(&mut self, chunk: &[u8]) -> bool {
        if chunk.len() > LONGEST_CHUNK || self.delimiter.is_ascii_alphanumeric() || self.delimiter == b'"' {
            return false;
        }
        let (mut inside, mut may_open, mut closed) = (0, 1 << 63, 0);
        for stride in chunk.chunks(STRIDE) {
            let count = self.classifier.table(self.delimiter, stride, &mut self.masks[..]);
            for (index, masks) in self.masks[..count].iter().enumerate() {
                let bytes = stride.len() - index * 64;
                let there = if bytes < 64 { (1 << bytes) - 1 } else { u64::MAX };
                let quoted = prefix_xor(masks.quote) ^ inside;
                let opens = masks.quote & quoted;
                let closes = masks.quote & !quoted;
                let edge = masks.delimiter | masks.line_end | masks.quote;
                if opens & !before(edge, may_open, 1) != 0 || before(closes, closed, 1) & !edge & there != 0 {
                    return false;
                }
                (inside, may_open, closed) = (spread_last(quoted), edge, closes);
            }
        }
        inside == 0
    }

    /// Gives the cells of a chunk to `sink` and tells the number of rows. Without `quotes` a quote stands for itself.
    pub(super) fn read(&mut self, chunk: &[u8], quotes: bool, sink: &mut impl RowSink) -> u64 {
        if quotes { self.read_as::<true>(chunk, sink) } else { self.read_as::<false>(chunk, sink) }
    }

    fn read_as<const QUOTES: bool>(&mut self, chunk: &[u8], sink: &mut impl RowSink) -> u64 {
        let mut carried = Carried::default();
        let mut rows = Rows { start: 0, cells: 0, rows: 0 };
        for (number, stride) in chunk.chunks(STRIDE).enumerate() {
            let count = self.classifier.table(self.delimiter, stride, &mut self.masks[..]);
            let mut found = 0;
            for (index, masks) in self.masks[..count].iter().enumerate() {
                let cells = carried.cells::<QUOTES>(masks);
                let base = (number * STRIDE + index * 64) as u32;
                let mut left = cells.ends;
                while left != 0 {
                    let bit = left.trailing_zeros();
                    let telling = ((cells.telling >> bit) as u32) << 31;
                    let ends_row = ((cells.rows >> bit) as u32 & 1) << 30;
                    self.ends[found] = (base + bit) | telling | ends_row;
                    found += 1;
                    left &= left - 1;
                }
            }
            rows.give::<QUOTES>(chunk, &self.ends[..found], &mut self.unescaped, sink);
        }
        // Whether the last cell tells something is known at its end only, which the chunk does not have.
        if rows.cells > 0 || rows.start < chunk.len() {
            let end = chunk.len() as u32 | TELLING | ENDS_ROW;
            rows.give::<QUOTES>(chunk, &[end], &mut self.unescaped, sink);
        }
        rows.rows
    }
}

/// Where the walk over the cells stands.
struct Rows {
    start: usize,
    cells: u64,
    rows: u64,
}

impl Rows {
    #[inline]
    fn give<const QUOTES: bool>(
        &mut self,
        chunk: &[u8],
        ends: &[u32],
        unescaped: &mut Vec<u8>,
        sink: &mut impl RowSink,
    ) {
        for &mark in ends {
            let end = (mark & !(TELLING | ENDS_ROW)) as usize;
            let raw = &chunk[self.start..end];
            self.start = end + 1;
            let ends_row = mark & ENDS_ROW != 0;
            // A blank line is no row, and LF after CR ends nothing but such a line.
            if ends_row && self.cells == 0 && raw.is_empty() {
                continue;
            }
            let cell = if QUOTES { unquote(raw, unescaped) } else { raw };
            sink.cell(cell, mark & TELLING != 0);
            self.cells += 1;
            if ends_row {
                sink.end_row();
                self.rows += 1;
                self.cells = 0;
            }
        }
    }
}

/// A cell without its quotes; a doubled quote inside becomes one, for which the cell is copied.
#[inline]
fn unquote<'a>(raw: &'a [u8], unescaped: &'a mut Vec<u8>) -> &'a [u8] {
    let [b'"', inner @ .., b'"'] = raw else { return raw };
    if memchr::memchr(b'"', inner).is_none() {
        return inner;
    }
    unescaped.clear();
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'"', rest) {
        unescaped.extend_from_slice(&rest[..=at]);
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    unescaped.extend_from_slice(rest);
    unescaped
}

/// The cells that end in a block, as bits of their last byte plus one.
struct Cells {
    ends: u64,
    /// Ends of cells that end a row.
    rows: u64,
    /// Ends of telling cells.
    telling: u64,
}

/// What the blocks before tell the next one.
struct Carried {
    /// All ones inside quotes.
    inside: u64,
    edge: u64,
    quote: u64,
    digit: u64,
    letter: u64,
    word: u64,
    zero: u64,
    /// Runs of at least 1, 2 and 4 digits, spaces and hyphens.
    run: [u64; 3],
    /// A word of letters alone goes on, as a bit to be added.
    letters: u64,
    /// The cell that goes on is telling, as a bit to be added.
    telling: u64,
}

impl Default for Carried {
    /// The start of a chunk is the start of a cell.
    fn default() -> Self {
        Self {
            inside: 0,
            edge: 1 << 63,
            quote: 0,
            digit: 0,
            letter: 0,
            word: 0,
            zero: 0,
            run: [0; 3],
            letters: 0,
            telling: 0,
        }
    }
}

impl Carried {
    #[inline]
    fn cells<const QUOTES: bool>(&mut self, masks: &TableMasks) -> Cells {
        let separators = masks.delimiter | masks.line_end;
        let quoted = if QUOTES { prefix_xor(masks.quote) ^ self.inside } else { 0 };
        let ends = separators & !quoted;
        let mut telling = masks.other;
        if QUOTES {
            // A separator inside quotes and a doubled quote are characters that no quiet cell has.
            telling |= separators & quoted | masks.quote & before(masks.quote, self.quote, 1);
        } else {
            telling |= masks.quote;
        }
        telling |= self.long_run(masks, ends) | self.words(masks);
        let edge = ends | masks.quote;
        telling |= masks.zero & before(masks.zero, self.zero, 1) & before(edge, self.edge, 2);

        // Adding to the ones of a cell's bytes carries over to the cell's end, whichever of them is added to.
        let (sum, over) = (!ends).overflowing_add(telling & !ends);
        let (sum, over_again) = sum.overflowing_add(self.telling);
        self.telling = u64::from(over | over_again);
        self.inside = spread_last(quoted);
        self.edge = edge;
        self.quote = masks.quote;
        self.zero = masks.zero;
        Cells { ends, rows: masks.line_end & ends, telling: ends & (sum | telling) }
    }

    /// The last bytes of runs of 13 or more digits, spaces and hyphens.
    #[inline]
    fn long_run(&mut self, masks: &TableMasks, ends: u64) -> u64 {
        let one = (masks.digit | masks.joint) & !ends;
        let two = one & before(one, self.run[0], 1);
        let four = two & before(two, self.run[1], 2);
        let eight = four & before(four, self.run[2], 4);
        let thirteen = eight & before(four, self.run[2], 8) & before(one, self.run[0], 12);
        self.run = [one, two, four];
        thirteen
    }

    /// A byte of each word that consists of letters alone (the one after it) or starts with two letters and two digits.
    #[inline]
    fn words(&mut self, masks: &TableMasks) -> u64 {
        let word = masks.digit | masks.letter;
        let starts = masks.letter & !before(word, self.word, 1);
        let (sum, over) = masks.letter.overflowing_add(starts);
        let (sum, over_again) = sum.overflowing_add(self.letters);
        self.letters = u64::from(over | over_again);
        let letters_alone = sum & !masks.letter & !masks.digit;
        let head = masks.digit
            & before(masks.digit, self.digit, 1)
            & before(masks.letter, self.letter, 2)
            & before(masks.letter, self.letter, 3)
            & !before(word, self.word, 4);
        self.digit = masks.digit;
        self.letter = masks.letter;
        self.word = word;
        letters_alone | head
    }
}

/// Bit i says what bit i - `distance` of the mask says, or of the mask of the block before.
#[inline]
fn before(mask: u64, earlier: u64, distance: u32) -> u64 {
    mask << distance | earlier >> (64 - distance)
}

/// Bit i is the parity of the bits 0 to i.
#[inline]
fn prefix_xor(mut mask: u64) -> u64 {
    for distance in [1, 2, 4, 8, 16, 32] {
        mask ^= mask << distance;
    }
    mask
}

/// All bits as the last one is.
#[inline]
fn spread_last(mask: u64) -> u64 {
    0_u64.wrapping_sub(mask >> 63)
}
