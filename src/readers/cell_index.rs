//! Reads the rows of chunks whose cells can be told by bit algebra.
//!
//! Only chunks are read here in which every quote encloses a cell or is doubled inside one; [`CellIndex::understands`]
//! says so beforehand. All others go through the state machine, byte by byte.

use crate::blocks::{Cells, Classifier, QuoteCheck, STRIDE, StrideMasks};
use crate::model::Row;

/// Buffers for the cells of chunks, kept from chunk to chunk. Their size does not depend on the chunk.
#[derive(Debug)]
pub(super) struct CellIndex {
    classifier: Classifier,
    delimiter: u8,
    masks: Box<StrideMasks>,
    cells: Cells,
}

impl CellIndex {
    /// An index of cells that `delimiter` separates.
    pub(super) fn new(classifier: Classifier, delimiter: u8) -> Self {
        Self { classifier, delimiter, masks: StrideMasks::new(), cells: Cells::new() }
    }

    /// True when a chunk can be read here: when it has no `quotes` that mean anything, or counting them tells what is inside
    /// them: each opens a cell, closes one or is doubled, and the last one closes.
    ///
    /// A chunk starts outside of quotes, so up to the first quote that breaks the rule, a byte lies inside quotes exactly
    /// when the number of quotes before it is odd; and no quote breaks the rule.
    pub(super) fn understands(&mut self, chunk: &[u8], quotes: bool) -> bool {
        if chunk.len() > Row::LONGEST || self.delimiter.is_ascii_alphanumeric() || self.delimiter == b'"' {
            return false;
        }
        let mut check = QuoteCheck::default();
        !quotes
            || chunk.chunks(STRIDE).all(|stride| {
                self.classifier.table(self.delimiter, stride, &mut self.masks);
                check.go_on(&self.masks, stride.len())
            }) && check.is_closed()
    }

    /// Calls `visit` with each row of a chunk, or piece of one, and the offset behind the first byte of its end, until it
    /// answers false. Without `quotes` a quote stands for itself.
    pub(super) fn for_each(&mut self, chunk: &[u8], quotes: bool, mut visit: impl FnMut(Row<'_>, usize) -> bool) {
        let mut strides = chunk.chunks(STRIDE);
        let mut base = 0;
        // Cells of the present row that have been given.
        let mut column = 0;
        self.cells.restart();
        self.masks.restart();
        loop {
            let more = if let Some(stride) = strides.next() {
                self.classifier.table(self.delimiter, stride, &mut self.masks);
                self.classifier.cells(quotes, &self.masks, base, &mut self.cells);
                base += stride.len() as u32;
                true
            } else if column > 0 || self.cells.last_end().wrapping_add(1) < base {
                self.cells.finish(base);
                false
            } else {
                return;
            };
            let cells = &self.cells;
            let piece = |from: usize, to: usize, column: usize, is_last: bool| Row {
                bytes: chunk,
                ends: cells.ends.get(from..=to).unwrap_or_default(),
                gap: 1,
                quoted: quotes,
                column,
                is_last,
                telling: &cells.telling,
                empty: &cells.empty,
                bit: from,
            };
            let mut from = 0;
            for &to in &cells.rows {
                let to = usize::from(to);
                // A blank line is no row, and LF after CR ends nothing but such a line.
                let blank = column == 0 && to - from == 1 && cells.empty[from / 64] >> (from % 64) & 1 == 1;
                let end = cells.ends[to] as usize + 1;
                if !blank && !visit(piece(from, to, column, true), end) {
                    return;
                }
                (from, column) = (to, 0);
            }
            if from < cells.count {
                if !visit(piece(from, cells.count, column, false), cells.ends[cells.count] as usize + 1) {
                    return;
                }
                column += cells.count - from;
            }
            if !more {
                return;
            }
        }
    }
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
                        let bytes = row.cell(cell, &mut room);
                        let (telling, empty) = (row.telling_from(cell) & 1 == 1, row.empty_from(cell) & 1 == 1);
                        if !telling {
                            assert!(is_quiet(bytes), "{:?}", String::from_utf8_lossy(bytes));
                        } else if !quotes {
                            assert!(!is_quiet(bytes), "{:?}", String::from_utf8_lossy(bytes));
                        }
                        assert!(!empty || bytes.is_empty());
                        assert!(quotes || empty || !bytes.is_empty());
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
            telling.extend((0..row.len()).map(|cell| row.telling_from(cell) & 1 == 1));
            true
        });
        assert_eq!(telling, [false, false, false, true, true, true]);
    }
}
