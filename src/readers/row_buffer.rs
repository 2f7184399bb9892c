//! A row put together from cells, for readers whose tables do not stand in the file as text.

use crate::model::Row;

/// Cells of one row. Meant to be kept and filled again for every row.
#[derive(Debug, Default)]
pub struct RowBuffer {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl RowBuffer {
    /// Longest cell in bytes; the rest of a longer one is left out.
    pub const LONGEST_CELL: usize = 1024 * 1024;

    /// Empties the row.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// Adds a cell. False if not all of it was taken: it is longer than any cell should be, or the row is full.
    pub fn push(&mut self, cell: &[u8]) -> bool {
        let room = Row::LONGEST.saturating_sub(self.bytes.len());
        let taken = cell.len().min(Self::LONGEST_CELL).min(room);
        self.bytes.extend_from_slice(&cell[..taken]);
        let mark = if taken == 0 { Row::EMPTY } else { Row::TELLING };
        self.ends.push(self.bytes.len() as u32 | mark);
        taken == cell.len()
    }

    /// The row as a sink takes it.
    pub fn row(&self) -> Row<'_> {
        Row { bytes: &self.bytes, start: 0, ends: &self.ends, gap: 0, quoted: false }
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
            let (row, mut room) = (buffer.row(), Vec::new());
            let cells: Vec<Vec<u8>> = (0..4).map(|index| row.cell(index, &mut room).to_vec()).collect();
            assert_eq!((row.len(), cells), (3, vec![b"a".to_vec(), vec![], b"\"c\"".to_vec(), vec![]]));
        }
        assert!(!buffer.push(&vec![b'x'; RowBuffer::LONGEST_CELL + 1]));
    }
}
