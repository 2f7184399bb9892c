//! The text of a `PowerPoint` presentation in a compound file ([MS-PPT]).

use super::compound::stream;
use crate::model::{ContentSink, Reason};
use crate::readers::ReadFailure;
use crate::readers::markup::passages::PassageWriter;
use cfb::CompoundFile;
use std::io::{Read, Seek};

/// Records with text: units of UTF-16, or their low bytes alone; and strings of names and links.
const WIDE_TEXT: u16 = 0x0FA0;
const NARROW_TEXT: u16 = 0x0FA8;
const STRING: u16 = 0x0FBA;

/// Reads all text of the presentation, in the order in which it is stored.
pub(super) fn read<R: Read + Seek>(file: &mut CompoundFile<R>, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    // A user record of an encrypted presentation names how.
    if file.is_stream("/EncryptedSummary") {
        return Err(ReadFailure::encrypted());
    }
    let failure = || ReadFailure::new(Reason::MalformedOrFileSizeExceedsLimit, "the presentation cannot be read");
    let records = stream(file, "/PowerPoint Document").ok_or_else(failure)?;
    let mut writer = PassageWriter::new(sink);
    let mut rest = records.as_slice();
    while let [low, high, kind_low, kind_high, a, b, c, d, after @ ..] = rest {
        let kind = u16::from_le_bytes([*kind_low, *kind_high]);
        let length = (u32::from_le_bytes([*a, *b, *c, *d]) as usize).min(after.len());
        let is_container = u16::from_le_bytes([*low, *high]) & 0x0F == 0x0F;
        let text = match kind {
            WIDE_TEXT | STRING => Some(encoding_rs::UTF_16LE.decode_without_bom_handling(&after[..length]).0),
            NARROW_TEXT => Some(encoding_rs::WINDOWS_1252.decode_without_bom_handling(&after[..length]).0),
            _ => None,
        };
        if let Some(text) = text {
            writer.line_text(&text.replace(['\r', '\u{b}'], "\n"));
            writer.line_text("\n");
            writer.pause();
        }
        // What a container holds follows its header.
        rest = if is_container { after } else { &after[length..] };
    }
    writer.finish();
    Ok(())
}
