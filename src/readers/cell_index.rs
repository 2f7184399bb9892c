//! Finds the cells of a chunk by bit algebra over 64 bytes at a time, and tells the quiet ones from the telling ones.
//!
//! Only chunks are read here in which every quote encloses a cell or is doubled inside one; [`CellIndex::understands`]
//! says so beforehand. All others go through the state machine, byte by byte.

use crate::blocks::{Classifier, TableMasks};
use crate::model::Row;

/// Bytes that are indexed at a time: their masks and cells stay in the first-level cache.
const STRIDE: usize = 4096;

/// Buffers for indexing chunks, kept from chunk to chunk.
#[derive(Debug)]
pub(super) struct CellIndex {
    classifier: Classifier,
    delimiter: u8,
    masks: Box<[TableMasks; STRIDE / 64]>,
    /// Ends of the cells of the rows at hand, and room for more.
    ends: Vec<u32>,
    /// Number of those ends.
    filled: usize,
    /// For each of these rows the number of cells up to its end.
    rows: Vec<u32>,
}

impl CellIndex {
    /// An index of cells that `delimiter` separates.
    pub(super) fn new(classifier: Classifier, delimiter: u8) -> Self {
        let masks = Box::new([TableMasks::default(); STRIDE / 64]);
        Self { classifier, delimiter, masks, ends: Vec::new(), filled: 0, rows: Vec::new() }
    }

    /// True when a chunk can be read here: when it has no `quotes` that mean anything, or counting them tells what is inside them: each opens a cell, closes one or is doubled, and the last one
    /// closes.
    ///
    /// A chunk starts outside of quotes, so up to the first quote that breaks the rule, a byte lies inside quotes exactly
    /// when the number of quotes before it is odd; and no quote breaks the rule.
    pub(super) fn understands(&mut self, chunk: &[u8], quotes: bool) -> bool {
        if chunk.len() > Row::LONGEST || self.delimiter.is_ascii_alphanumeric() || self.delimiter == b'"' {
            return false;
        }
        if !quotes {
            return true;
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

    /// Calls `visit` with each row of a chunk and the offset behind the first byte of its end, until it answers false. Without
    /// `quotes` a quote stands for itself.
    pub(super) fn for_each(&mut self, chunk: &[u8], quotes: bool, visit: impl FnMut(Row<'_>, usize) -> bool) {
        if quotes { self.walk::<true>(chunk, visit) } else { self.walk::<false>(chunk, visit) }
    }

    fn walk<const QUOTES: bool>(&mut self, chunk: &[u8], mut visit: impl FnMut(Row<'_>, usize) -> bool) {
        let mut carried = Carried::default();
        let mut start = 0;
        self.filled = 0;
        self.rows.clear();
        for (number, stride) in chunk.chunks(STRIDE).enumerate() {
            let count = self.classifier.table(self.delimiter, stride, &mut self.masks[..]);
            let base = (number * STRIDE) as u32;
            self.index::<QUOTES>(&mut carried, count, base);
            let Some(next) = self.give::<QUOTES>(chunk, start, &mut visit) else { return };
            start = next;
        }
        // Whether the last cell is telling is known at its end only, which the chunk does not have.
        if self.filled > 0 || start < chunk.len() as u32 {
            self.ends.truncate(self.filled);
            let previous = self.ends.last().map_or(start, |end| (end & !(Row::TELLING | Row::EMPTY)) + 1);
            let mark = if previous == chunk.len() as u32 { Row::EMPTY } else { Row::TELLING };
            self.ends.push(chunk.len() as u32 | mark);
            self.filled = self.ends.len();
            self.rows.push(self.filled as u32);
            self.give::<QUOTES>(chunk, start, &mut visit);
        }
    }

    /// Adds the cells and rows that end in the first `count` blocks of the masks, which start at offset `base`.
    #[inline]
    fn index<const QUOTES: bool>(&mut self, carried: &mut Carried, count: usize, base: u32) {
        let mut filled = self.filled;
        // As many as there can be, so that the loop need not ask.
        if self.ends.len() < filled + count * 64 {
            self.ends.resize(filled + count * 64, 0);
        }
        for (block, masks) in (0..).zip(&self.masks[..count]) {
            let cells = carried.cells::<QUOTES>(masks);
            let base = base + block * 64;
            let mut rows = cells.rows;
            while rows != 0 {
                let through = rows ^ (rows - 1);
                self.rows.push(filled as u32 + (cells.ends & through).count_ones());
                rows &= rows - 1;
            }
            let found = cells.ends.count_ones() as usize;
            let mut left = cells.ends;
            for end in &mut self.ends[filled..filled + found] {
                let bit = left.trailing_zeros();
                let marks = ((cells.telling >> bit) as u32) << 31 | ((cells.empty >> bit) as u32 & 1) << 30;
                *end = (base + bit) | marks;
                left &= left.wrapping_sub(1);
            }
            filled += found;
        }
        self.filled = filled;
    }

    /// Gives the whole rows at hand, of which the first starts at offset `start`, and keeps the rest. Gives the offset at
    /// which the next row starts, or `None` when no more are wanted.
    #[inline]
    fn give<const QUOTES: bool>(
        &mut self,
        chunk: &[u8],
        mut start: u32,
        visit: &mut impl FnMut(Row<'_>, usize) -> bool,
    ) -> Option<u32> {
        let mut given = 0;
        for &row_end in &self.rows {
            let ends = &self.ends[given..row_end as usize];
            given = row_end as usize;
            let Some(last) = ends.last() else { continue };
            let next = (last & !(Row::TELLING | Row::EMPTY)) + 1;
            // A blank line is no row, and LF after CR ends nothing but such a line.
            let blank = ends.len() == 1 && last & Row::EMPTY != 0;
            if !blank && !visit(Row { bytes: chunk, start, ends, gap: 1, quoted: QUOTES }, next as usize) {
                return None;
            }
            start = next;
        }
        self.rows.clear();
        self.ends.copy_within(given..self.filled, 0);
        self.filled -= given;
        Some(start)
    }
}

/// The cells that end in a block, as bits of their last byte plus one.
struct Cells {
    ends: u64,
    /// Ends of cells that end a row.
    rows: u64,
    /// Ends of telling cells.
    telling: u64,
    /// Ends of empty cells.
    empty: u64,
}

/// What the blocks before tell the next one.
struct Carried {
    /// All ones inside quotes.
    inside: u64,
    ends: u64,
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
            ends: 1 << 63,
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
        let empty = ends & before(ends, self.ends, 1);
        self.inside = spread_last(quoted);
        self.ends = ends;
        self.edge = edge;
        self.quote = masks.quote;
        self.zero = masks.zero;
        Cells { ends, rows: masks.line_end & ends, telling: ends & (sum | telling), empty }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::is_quiet;
    use proptest::prelude::*;

    fn cells_like_codes() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            4 => "[0-9]{1,8}",
            2 => "[0-9a-f]{4}-",
            2 => "[a-fA-FTZ]{1,3}",
            1 => "[ .:/-]{1,2}",
            1 => "00",
            1 => "[a-f]{2}[0-9]{2}",
            1 => "[g-z\u{e9}_+]",
            3 => ",",
            2 => "\n",
            1 => "\"[0-9a-f,]{0,9}\"",
        ];
        prop::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat().into_bytes())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn a_cell_that_is_not_marked_as_telling_is_quiet_and_codes_are_not_marked(mut chunk in cells_like_codes()) {
            // What the last cell of a chunk is, is known only when a line ends it.
            chunk.push(b'\n');
            for classifier in Classifier::all() {
                let mut index = CellIndex::new(classifier, b',');
                let quotes = chunk.contains(&b'"');
                if !index.understands(&chunk, quotes) {
                    continue;
                }
                index.for_each(&chunk, quotes, |row, _| {
                    let mut room = Vec::new();
                    for cell in 0..row.len() {
                        let (marks, bytes) = (row.ends[cell], row.cell(cell, &mut room));
                        if marks & Row::TELLING == 0 {
                            assert!(is_quiet(bytes), "{:?}", String::from_utf8_lossy(bytes));
                        } else if !quotes {
                            assert!(!is_quiet(bytes), "{:?}", String::from_utf8_lossy(bytes));
                        }
                        assert!(marks & Row::EMPTY == 0 || bytes.is_empty());
                        assert!(quotes || marks & Row::EMPTY != 0 || !bytes.is_empty());
                    }
                    true
                });
            }
        }
    }

    #[test]
    fn numbers_dates_and_most_uuids_are_quiet_and_words_and_card_numbers_are_not() {
        let chunk = b"136.00,2011-07-28T15:02:18Z,593aaa05-d864-1df7-5b96-155fbdb19f28,4111111111111111,Smith,00491\n";
        let mut telling = Vec::new();
        CellIndex::new(Classifier::new(), b',').for_each(chunk, false, |row, _| {
            telling.extend(row.ends.iter().map(|end| end & Row::TELLING != 0));
            true
        });
        assert_eq!(telling, [false, false, false, true, true, true]);
    }
}
