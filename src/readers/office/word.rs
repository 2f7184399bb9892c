//! The text of a Word document in a compound file ([MS-DOC]).

use super::compound::{broken, stream};
use crate::model::{ContentSink, Reason};
use crate::readers::ReadFailure;
use crate::readers::markup::{grid::Grid, passages::PassageWriter};
use cfb::CompoundFile;
use std::io::{Read, Seek};

/// First version of the format in which a table of pieces tells where the text is.
const WORD_97: u16 = 0x00C1;

/// Reads the document: its text, then its notes, headers, comments and text boxes, which follow in the same pieces.
pub(super) fn read<R: Read + Seek>(file: &mut CompoundFile<R>, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    let failure = || ReadFailure::new(Reason::MalformedOrFileSizeExceedsLimit, "the document's text cannot be found");
    let main = stream(file, "/WordDocument").ok_or_else(failure)?;
    let flags = u16_at(&main, 0x0A).ok_or_else(failure)?;
    if flags & 0x0100 != 0 {
        return Err(ReadFailure::encrypted());
    }
    let is_old = u16_at(&main, 2).is_some_and(|version| version < WORD_97);
    let pieces = if is_old {
        simple_text(&main).map(|text| vec![text])
    } else {
        let table = if flags & 0x0200 == 0 { "/0Table" } else { "/1Table" };
        stream(file, table).and_then(|table| pieces(&main, &table))
    };
    let pieces = pieces.ok_or_else(failure)?;
    let mut text =
        Text { writer: PassageWriter::new(sink), grid: Grid::default(), cell: 0, fields: 0, after_mark: false };
    for piece in &pieces {
        let is_whole = text.piece(&main, piece);
        if !is_whole {
            text.writer.sink().gap(broken());
        }
    }
    text.end();
    Ok(())
}

/// Where a piece of text is in the main stream, in bytes, and whether its characters are bytes or units of UTF-16.
struct Piece {
    start: usize,
    length: usize,
    is_wide: bool,
}

/// Text of the versions before the table of pieces.
fn simple_text(main: &[u8]) -> Option<Piece> {
    let (start, end) = (u32_at(main, 0x18)? as usize, u32_at(main, 0x1C)? as usize);
    Some(Piece { start, length: end.checked_sub(start)?, is_wide: false })
}

/// The table of pieces: positions of characters, then for each piece a descriptor of 8 bytes with its place.
fn pieces(main: &[u8], table: &[u8]) -> Option<Vec<Piece>> {
    let (start, length) = (u32_at(main, 0x01A2)? as usize, u32_at(main, 0x01A6)? as usize);
    let mut table = table.get(start..)?;
    table = &table[..table.len().min(length)];
    // Formatting that pieces share comes first.
    while let [1, low, high, ..] = table {
        table = table.get(3 + usize::from(u16::from_le_bytes([*low, *high]))..)?;
    }
    let [2, rest @ ..] = table else { return None };
    let length = u32_at(rest, 0)? as usize;
    let plc = rest.get(4..)?;
    let plc = &plc[..plc.len().min(length)];
    let count = plc.len().checked_sub(4)? / 12;
    let piece = |index: usize| {
        let characters = u32_at(plc, 4 * index + 4)?.checked_sub(u32_at(plc, 4 * index)?)? as usize;
        let place = u32_at(plc, 4 * (count + 1) + 8 * index + 2)?;
        let is_wide = place & (1 << 30) == 0;
        let start = (place & ((1 << 30) - 1)) as usize;
        let (start, width) = if is_wide { (start, 2) } else { (start / 2, 1) };
        Some(Piece { start, length: characters.checked_mul(width)?, is_wide })
    };
    // Pieces hold no more than the stream does, however often a broken table names it.
    let mut left = main.len().saturating_mul(4);
    let pieces: Option<Vec<Piece>> = (0..count)
        .map(piece)
        .take_while(|piece| {
            left = left.saturating_sub(piece.as_ref().map_or(0, |piece| piece.length));
            left > 0
        })
        .collect();
    pieces
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

struct Text<'s> {
    writer: PassageWriter<'s>,
    grid: Grid,
    /// Where the present cell starts.
    cell: usize,
    /// Fields that are open.
    fields: usize,
    /// The character before was the end of a cell.
    after_mark: bool,
}

/// Characters decoded at a time.
const STEP: usize = 16 * 1024;

impl Text<'_> {
    /// Adds a piece; false if the stream does not have all of it.
    fn piece(&mut self, main: &[u8], piece: &Piece) -> bool {
        let known = main.get(piece.start..).unwrap_or_default();
        let bytes = &known[..known.len().min(piece.length)];
        for step in bytes.chunks(STEP) {
            let encoding = if piece.is_wide { encoding_rs::UTF_16LE } else { encoding_rs::WINDOWS_1252 };
            let text = encoding.decode_without_bom_handling(step).0;
            self.characters(&text);
        }
        bytes.len() == piece.length
    }

    fn characters(&mut self, text: &str) {
        let mut plain = 0;
        for (at, character) in text.char_indices() {
            if character >= ' ' || character == '\t' {
                self.after_mark = false;
                continue;
            }
            self.writer.line_text(&text[plain..at]);
            plain = at + 1;
            self.control(character);
        }
        self.writer.line_text(&text[plain..]);
    }

    fn control(&mut self, character: char) {
        let after_mark = std::mem::replace(&mut self.after_mark, character == '\u{7}');
        match character {
            // The end of a row follows that of its last cell.
            '\u{7}' if after_mark => {
                self.grid.end_row(&mut self.writer);
                self.writer.line_text("\n");
                self.cell = self.writer.offset();
                self.after_mark = false;
            }
            '\u{7}' => {
                let end = self.writer.offset();
                self.grid.cell(self.cell.min(end)..end, 1, false);
                self.writer.line_text("\t");
                self.cell = self.writer.offset();
            }
            '\r' | '\u{b}' | '\u{c}' | '\u{e}' => {
                self.writer.line_text("\n");
                if !self.grid.is_in_row() {
                    std::mem::take(&mut self.grid).end(&mut self.writer);
                    self.writer.pause();
                    self.cell = self.writer.offset();
                }
            }
            // A field: its instruction, then its result.
            '\u{13}' => {
                self.fields += 1;
                self.writer.line_text(" ");
            }
            '\u{14}' | '\u{15}' if self.fields > 0 => {
                self.fields -= usize::from(character == '\u{15}');
                self.writer.line_text(" ");
            }
            '\u{1e}' => self.writer.line_text("-"),
            _ => {}
        }
    }

    fn end(mut self) {
        self.grid.end(&mut self.writer);
        self.writer.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::gathered::Gathered;
    use std::io::{Cursor, Write};

    /// A document of two pieces, one with bytes and one with units of UTF-16.
    fn document(narrow: &[u8], wide: &str, flags: u16) -> Vec<u8> {
        let wide: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut main = vec![0; 0x400];
        main[2..4].copy_from_slice(&WORD_97.to_le_bytes());
        main[0x0A..0x0C].copy_from_slice(&flags.to_le_bytes());
        main.extend_from_slice(narrow);
        main.resize(0x800, 0);
        main.extend_from_slice(&wide);
        let (first, second) = (narrow.len() as u32, (narrow.len() + wide.len() / 2) as u32);
        let mut pieces: Vec<u8> = [0, first, second].iter().flat_map(|position: &u32| position.to_le_bytes()).collect();
        for place in [(0x400 * 2) | (1 << 30), 0x800_u32] {
            pieces.extend_from_slice(&[0, 0]);
            pieces.extend_from_slice(&place.to_le_bytes());
            pieces.extend_from_slice(&[0, 0]);
        }
        // One block of formatting in front.
        let mut table = vec![9, 9, 1, 2, 0, 7, 7, 2];
        table.extend_from_slice(&(pieces.len() as u32).to_le_bytes());
        table.extend_from_slice(&pieces);
        main[0x01A2..0x01A6].copy_from_slice(&2_u32.to_le_bytes());
        main[0x01A6..0x01AA].copy_from_slice(&((table.len() - 2) as u32).to_le_bytes());
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).expect("memory can be written");
        file.create_stream("/WordDocument")
            .and_then(|mut stream| stream.write_all(&main))
            .expect("memory can be written");
        file.create_stream("/1Table").and_then(|mut stream| stream.write_all(&table)).expect("memory can be written");
        file.flush().expect("memory can be written");
        file.into_inner().into_inner()
    }

    fn gather(file: Vec<u8>) -> (Gathered, Result<(), ReadFailure>) {
        let mut gathered = Gathered::default();
        let outcome = super::super::read_compound(Cursor::new(file), &mut gathered);
        (gathered, outcome)
    }

    #[test]
    fn pieces_of_both_kinds_are_read_and_tables_have_rows() {
        let narrow =
            b"Zo\xeb\r\x13 HYPERLINK \"mailto:a@b.c\" \x14link\x15\rName\x07SSN\x07\x07Jane\x07219-09-4821\x07\x07";
        let (gathered, outcome) = gather(document(narrow, "\u{41a}\u{438}\u{435}\u{432}\r", 0x0200));
        assert!(outcome.is_ok(), "{outcome:?}");
        for text in ["Zo\u{eb}\n", "mailto:a@b.c", "Jane\t219-09-4821", "\u{41a}\u{438}\u{435}\u{432}"] {
            assert!(gathered.text.contains(text), "{text} in {:?}", gathered.text);
        }
        assert_eq!(gathered.value_at("SSN"), "219-09-4821");
        assert_eq!(gathered.place_of("link"), "2:29");
    }

    #[test]
    fn encrypted_and_broken_documents_are_reported() {
        assert_eq!(gather(document(b"x", "y", 0x0300)).1, Err(ReadFailure::encrypted()));
        assert!(gather(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec()).1.is_err());
        assert!(gather(document(b"x", "y", 0)).1.is_err(), "the other table is not there");
    }
}
