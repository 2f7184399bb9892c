//! The text of a Word document in a compound file ([MS-DOC]).

use super::compound::{broken, stream};
use crate::model::{ContentSink, Coverage, Reason};
use crate::readers::markup::{grid::Grid, passages::PassageWriter};
use cfb::CompoundFile;
use std::io::{Read, Seek};

/// First version of the format in which a table of pieces tells where the text is.
const WORD_97: u16 = 0x00C1;

/// Reads the document: its text, then its notes, headers, comments and text boxes, which follow in the same pieces.
pub(super) fn read<R: Read + Seek>(file: &mut CompoundFile<R>, sink: &mut dyn ContentSink) {
    let Some(main) = stream(file, "/WordDocument") else { return sink.gap(broken()) };
    let Some(flags) = u16_at(&main, 0x0A) else { return sink.gap(broken()) };
    if flags & 0x0100 != 0 {
        return sink.gap(Coverage::skipped(Reason::InvalidEncryption, "the document is encrypted"));
    }
    let is_old = u16_at(&main, 2).is_some_and(|version| version < WORD_97);
    let pieces = if is_old {
        simple_text(&main).map(|text| vec![text])
    } else {
        let table = if flags & 0x0200 == 0 { "/0Table" } else { "/1Table" };
        stream(file, table).and_then(|table| pieces(&main, &table))
    };
    let Some(pieces) = pieces else { return sink.gap(broken()) };
    let mut text = Text { writer: PassageWriter::new(sink), grid: Grid::default(), cell: 0, fields: 0, after_mark: false };
    for piece in &pieces {
        let is_whole = text.piece(&main, piece);
        if !is_whole {
            text.writer.sink().gap(broken());
        }
    }
    text.end();
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
        let is_wide = place & 1 << 30 == 0;
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
                self.pause();
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

    /// Paragraphs outside of tables start afresh.
    fn pause(&mut self) {
        // Cells may hold several paragraphs, so that only a long one ends the table.
        if self.writer.offset() - self.cell.min(self.writer.offset()) > STEP {
            std::mem::take(&mut self.grid).end(&mut self.writer);
            self.writer.pause();
            self.cell = self.writer.offset();
        }
    }

    fn end(mut self) {
        self.grid.end(&mut self.writer);
        self.writer.finish();
    }
}
