//! A row put together from cells, for readers whose tables do not stand in the file as text.

use crate::model::{CellMarks, Row, decode_value};

/// Cells of one row. Meant to be kept and filled again for every row.
#[derive(Debug, Default)]
pub struct RowBuffer {
    bytes: Vec<u8>,
    /// 0, then the end of each cell; nothing as long as there is none.
    ends: Vec<u32>,
    /// The empty cells of each piece.
    empty: Vec<CellMarks>,
}

/// Cells of a row that are given at a time.
const PIECE: usize = 4096;

impl RowBuffer {
    /// Longest cell in bytes; the rest of a longer one is left out.
    pub const LONGEST_CELL: usize = 1024 * 1024;

    /// Empties the row.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.empty.clear();
    }

    /// Adds a cell. False if not all of it was taken: it is longer than any cell should be, or the row is full.
    pub fn push(&mut self, cell: &[u8]) -> bool {
        let room = Row::LONGEST.saturating_sub(self.bytes.len());
        let taken = cell.len().min(Self::LONGEST_CELL).min(room);
        self.bytes.extend_from_slice(&cell[..taken]);
        if self.ends.is_empty() {
            self.ends.push(0);
        }
        let (piece, index) = (self.len() / PIECE, self.len() % PIECE);
        if piece == self.empty.len() {
            self.empty.push(*Row::UNKNOWN.1);
        }
        self.empty[piece][index / 64] |= u64::from(taken == 0) << (index % 64);
        self.ends.push(self.bytes.len() as u32);
        taken == cell.len()
    }

    /// The cells as far as a sample of rows needs them.
    pub(super) fn texts(&self) -> Vec<String> {
        /// What a longer cell holds beyond these bytes tells no more of its column.
        const SAMPLED: usize = 1024;
        let (row, mut room) = (self.row(Row::UNKNOWN.0), Vec::new());
        let text = |index| {
            let cell = row.cell(index, &mut room);
            decode_value(&cell[..cell.len().min(SAMPLED)]).into_owned()
        };
        (0..row.len()).map(text).collect()
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len().saturating_sub(1)
    }

    /// True for a row without cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of all cells.
    pub(super) fn byte_count(&self) -> usize {
        self.bytes.len()
    }

    /// The row as a sink takes it: in pieces if it is long, and one piece if it has no cells.
    pub fn pieces(&self) -> impl Iterator<Item = Row<'_>> {
        let count = self.empty.len().max(1);
        (0..count).map(move |piece| {
            let first = piece * PIECE;
            let end = self.ends.len().min(first + PIECE + 1);
            let (telling, none) = Row::UNKNOWN;
            let empty = self.empty.get(piece).unwrap_or(none);
            let (ends, is_last) = (&self.ends[first..end], piece + 1 == count);
            Row { ends, column: first, is_last, empty, ..self.row(telling) }
        })
    }

    /// All cells, of which no marks but these are known.
    fn row<'r>(&'r self, telling: &'r CellMarks) -> Row<'r> {
        let empty = Row::UNKNOWN.1;
        let (bytes, ends) = (&self.bytes[..], &self.ends[..]);
        Row { bytes, ends, gap: 0, quoted: false, column: 0, is_last: true, telling, empty, bit: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_out_as_they_went_in() {
        let mut buffer = RowBuffer::default();
        for _ in 0..2 {
            buffer.clear();
            assert!(buffer.push(b"a") && buffer.push(b"") && buffer.push(b"\"c\""));
            let (row, mut room) = (buffer.row(Row::UNKNOWN.0), Vec::new());
            let cells: Vec<Vec<u8>> = (0..4).map(|index| row.cell(index, &mut room).to_vec()).collect();
            assert_eq!((row.len(), cells), (3, vec![b"a".to_vec(), vec![], b"\"c\"".to_vec(), vec![]]));
        }
        assert!(!buffer.push(&vec![b'x'; RowBuffer::LONGEST_CELL + 1]));
    }

    #[test]
    fn a_long_row_comes_in_pieces_that_know_their_empty_cells() {
        let mut buffer = RowBuffer::default();
        let lengths =
            |buffer: &RowBuffer| buffer.pieces().map(|piece| (piece.len(), piece.is_last)).collect::<Vec<_>>();
        assert_eq!(lengths(&buffer), [(0, true)]);
        (0..2 * PIECE).for_each(|cell| assert!(buffer.push(&b"abc"[..cell % 4 % 3])));
        assert_eq!(lengths(&buffer), [(PIECE, false), (PIECE, true)]);
        buffer.push(b"");
        assert_eq!(lengths(&buffer), [(PIECE, false), (PIECE, false), (1, true)]);
        for piece in buffer.pieces() {
            for cell in 0..piece.len() {
                let expected = (piece.column + cell) % 4 % 3;
                assert_eq!((piece.raw(cell).len(), piece.empty_from(cell) & 1), (expected, u64::from(expected == 0)));
            }
        }
    }
}
