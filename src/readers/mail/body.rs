//! The body of a part: text to be read in place, or a file.

use super::header::Content;
use super::lines::Lines;
use super::relocated::{Piece, Relocated};
use super::transfer::{Decoder, Transfer};
use crate::model::{ContentSink, decode_value};
use crate::readers::Place;
use crate::readers::markup::{passages::PassageWriter, read_html};
use encoding_rs::Encoding;
use std::io::{self, Read};

/// Bytes of an HTML body that are read as HTML; what follows is running text.
const LONGEST_HTML: usize = 32 * 1024 * 1024;

/// Decodes the lines of a body with a character set.
struct Characters {
    transfer: Decoder,
    decoder: Option<encoding_rs::Decoder>,
    bytes: Vec<u8>,
    is_mailbox: bool,
}

impl Characters {
    fn new(content: &Content, is_mailbox: bool) -> Self {
        let charset = content.charset.as_deref().and_then(|label| Encoding::for_label(label.as_bytes()));
        // Bytes of one value tell best whether they are UTF-8, whatever a header says of ASCII and UTF-8.
        let told = charset.filter(|charset| ![encoding_rs::UTF_8, encoding_rs::WINDOWS_1252].contains(charset));
        Self {
            transfer: Decoder::new(Transfer::named(&content.transfer)),
            decoder: told.map(Encoding::new_decoder_without_bom_handling),
            bytes: Vec::new(),
            is_mailbox,
        }
    }

    /// The text of a line, and the bytes of the line that were dropped before it.
    fn line(&mut self, line: &[u8]) -> (String, u64) {
        let unquoted = if self.is_mailbox { unquoted(line) } else { line };
        self.bytes.clear();
        self.transfer.line(unquoted, &mut self.bytes);
        (self.text(false), (line.len() - unquoted.len()) as u64)
    }

    fn end(&mut self) -> String {
        self.bytes.clear();
        self.transfer.end_group(&mut self.bytes);
        self.text(true)
    }

    fn text(&mut self, is_last: bool) -> String {
        let Some(decoder) = &mut self.decoder else { return decode_value(&self.bytes).into_owned() };
        let mut text = String::with_capacity(decoder.max_utf8_buffer_length(self.bytes.len()).unwrap_or(64));
        let _ = decoder.decode_to_string(&self.bytes, &mut text, is_last);
        text
    }
}

/// A line of a message in a mailbox that would start a new one has a `>` in front.
fn unquoted(line: &[u8]) -> &[u8] {
    let quotes = line.iter().take_while(|byte| **byte == b'>').count();
    if quotes > 0 && line[quotes..].starts_with(b"From ") { &line[1..] } else { line }
}

/// Adds a plain text body to the message.
pub(super) fn plain<R: Read>(
    lines: &mut Lines<R>,
    content: &Content,
    writer: &mut PassageWriter<'_>,
) -> io::Result<()> {
    let mut characters = Characters::new(content, lines.is_mailbox());
    let mut place = Place::default();
    while let Some(line) = lines.present() {
        let (number, before) = lines.place();
        let (text, dropped) = characters.line(line);
        place = Place { line: number, column: before as u64 + 1 + dropped };
        writer.text(&text, place);
        writer.pause();
        lines.advance()?;
    }
    writer.text(&characters.end(), place);
    Ok(())
}

/// Reads an HTML body.
pub(super) fn html<R: Read>(lines: &mut Lines<R>, content: &Content, sink: &mut dyn ContentSink) -> io::Result<()> {
    let mut characters = Characters::new(content, lines.is_mailbox());
    let (mut text, mut pieces, mut decoded) = (String::new(), Vec::new(), Place::default());
    while let Some(line) = lines.present() {
        let (number, before) = lines.place();
        let (piece, dropped) = characters.line(line);
        let piece = piece.replace("\r\n", "\n").replace('\r', "\n");
        pieces.push(Piece { decoded, source: Place { line: number, column: before as u64 + 1 + dropped } });
        decoded.advance(piece.as_bytes());
        text.push_str(&piece);
        lines.advance()?;
        if text.len() > LONGEST_HTML {
            break;
        }
    }
    text.push_str(&characters.end());
    read_html(text.as_bytes(), &mut Relocated::new(sink, pieces))?;
    let mut writer = PassageWriter::new(sink);
    plain(lines, content, &mut writer)?;
    writer.finish();
    Ok(())
}

/// The bytes of a body that is a file.
pub(super) struct Attachment<'l, R> {
    lines: &'l mut Lines<R>,
    transfer: Decoder,
    bytes: Vec<u8>,
    given: usize,
    is_at_end: bool,
}

impl<'l, R: Read> Attachment<'l, R> {
    pub(super) fn new(lines: &'l mut Lines<R>, content: &Content) -> Self {
        let transfer = Decoder::new(Transfer::named(&content.transfer));
        Self { lines, transfer, bytes: Vec::new(), given: 0, is_at_end: false }
    }
}

impl<R: Read> Read for Attachment<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.bytes.len() && !self.is_at_end {
            self.bytes.clear();
            self.given = 0;
            if let Some(line) = self.lines.present() {
                let line = if self.lines.is_mailbox() { unquoted(line) } else { line };
                self.transfer.line(line, &mut self.bytes);
                self.lines.advance()?;
            } else {
                self.transfer.end_group(&mut self.bytes);
                self.is_at_end = true;
            }
        }
        let length = buffer.len().min(self.bytes.len() - self.given);
        buffer[..length].copy_from_slice(&self.bytes[self.given..self.given + length]);
        self.given += length;
        Ok(length)
    }
}
