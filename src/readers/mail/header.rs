//! The header fields of a message or of a part of it.

use super::lines::Lines;
use crate::readers::Place;
use mail_parser::{HeaderName, MessageParser, MimeHeaders};
use std::io::{self, Read};

/// Bytes of a header that are kept; what is longer is no header.
const LONGEST: usize = 4 * 1024 * 1024;

/// One field.
pub(super) struct Field {
    pub(super) name: String,
    /// The value as it stands in the source, over several lines perhaps.
    pub(super) raw: Vec<u8>,
    pub(super) name_place: Place,
    pub(super) place: Place,
}

impl Field {
    /// The value with its encoded words decoded (RFC 2047), if it has any.
    pub(super) fn decoded(&self) -> Option<String> {
        memchr::memmem::find(&self.raw, b"=?")?;
        let field = [b"Subject: ", self.raw.trim_ascii(), b"\r\n\r\n"].concat();
        let message = MessageParser::new().header_text(HeaderName::Subject).parse_headers(&field)?;
        message.subject().map(str::to_owned)
    }
}

/// Reads fields up to the empty line after them, or up to a line that is none.
pub(super) fn read_fields<R: Read>(lines: &mut Lines<R>) -> io::Result<Vec<Field>> {
    let mut fields: Vec<Field> = Vec::new();
    let mut bytes = 0;
    while let Some(line) = lines.present() {
        let (number, before) = lines.place();
        bytes += line.len();
        let is_blank = line.trim_ascii().is_empty();
        let folded = !lines.is_start() || line.starts_with(b" ") || line.starts_with(b"\t");
        if bytes > LONGEST {
            break;
        }
        match (fields.last_mut(), field_name(line)) {
            _ if is_blank && lines.is_start() => {
                lines.advance()?;
                break;
            }
            (Some(field), _) if folded => field.raw.extend_from_slice(line),
            (_, Some(name)) => {
                let name_place = Place { line: number, column: before as u64 + 1 };
                let mut place = name_place;
                place.advance(&line[..=name.len()]);
                let raw = line[name.len() + 1..].to_vec();
                fields.push(Field { name: String::from_utf8_lossy(name).trim().to_owned(), raw, name_place, place });
            }
            _ => break,
        }
        lines.advance()?;
    }
    Ok(fields)
}

/// The name of the field that a line starts: printable characters before a colon (RFC 5322, section 2.2).
pub(super) fn field_name(line: &[u8]) -> Option<&[u8]> {
    let colon = memchr::memchr(b':', line)?;
    let name = line[..colon].trim_ascii_end();
    let is_name = !name.is_empty() && name.len() < 200 && name.iter().all(|byte| matches!(byte, 33..=126));
    is_name.then_some(&line[..colon])
}

/// What a header says about the body.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// Lower-case media type, such as `text/plain`; empty where none is given.
    pub(super) media_type: String,
    pub(super) boundary: Option<String>,
    pub(super) charset: Option<String>,
    pub(super) transfer: String,
    /// Called an attachment.
    pub(super) is_attachment: bool,
    /// The name that the file has.
    pub(super) file_name: Option<String>,
    /// `smime-type` or `protocol`: what is encrypted or signed, and how.
    pub(super) protection: String,
}

impl Content {
    /// Takes what is known from the fields; the first one of a name counts.
    pub(super) fn of(fields: &[Field]) -> Self {
        let mut header = Vec::new();
        for wanted in ["Content-Type", "Content-Disposition", "Content-Transfer-Encoding"] {
            if let Some(field) = fields.iter().find(|field| field.name.eq_ignore_ascii_case(wanted)) {
                header.extend_from_slice(wanted.as_bytes());
                header.extend_from_slice(b": ");
                header.extend_from_slice(field.raw.trim_ascii());
                header.extend_from_slice(b"\r\n");
            }
        }
        header.extend_from_slice(b"\r\n");
        let Some(message) = MessageParser::new().with_mime_headers().parse_headers(&header) else {
            return Self::default();
        };
        let mut content = Self::default();
        if let Some(kind) = message.content_type() {
            let subtype = kind.subtype().map(|subtype| format!("/{subtype}")).unwrap_or_default();
            content.media_type = format!("{}{subtype}", kind.ctype()).to_ascii_lowercase();
            content.boundary = kind.attribute("boundary").filter(|boundary| !boundary.is_empty()).map(str::to_owned);
            content.charset = kind.attribute("charset").map(str::to_owned);
            content.file_name = kind.attribute("name").map(str::to_owned);
            let protection = kind.attribute("smime-type").or_else(|| kind.attribute("protocol"));
            content.protection = protection.unwrap_or_default().to_ascii_lowercase();
        }
        if let Some(disposition) = message.content_disposition() {
            content.is_attachment = disposition.ctype().eq_ignore_ascii_case("attachment");
            content.file_name = disposition.attribute("filename").map(str::to_owned).or(content.file_name);
        }
        message.content_transfer_encoding().unwrap_or_default().clone_into(&mut content.transfer);
        content
    }
}
