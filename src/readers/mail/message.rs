//! A message: its header, its text, and the files attached to it.

use super::body::{self, Attachment};
use super::header::{Content, Field, read_fields};
use super::lines::Lines;
use crate::model::{ContentSink, Coverage, MemberInfo, Reason, decode_value};
use crate::readers::Place;
use crate::readers::markup::passages::PassageWriter;
use std::io::{self, Read};

/// Parts inside each other; those below are text of the part that holds them.
const MOST_LEVELS: usize = 64;

/// Extensions for files without a name, by media type.
const EXTENSIONS: &[(&str, &str)] = &[
    ("text/html", "html"),
    ("text/plain", "txt"),
    ("text/csv", "csv"),
    ("text/calendar", "ics"),
    ("text/vcard", "vcf"),
    ("text/xml", "xml"),
    ("text/rtf", "rtf"),
    ("application/rtf", "rtf"),
    ("application/xml", "xml"),
    ("application/json", "json"),
    ("application/pdf", "pdf"),
    ("application/zip", "zip"),
    ("message/rfc822", "eml"),
    ("message/global", "eml"),
];

/// Reads the one message that `input` gives.
pub fn read(input: impl Read, sink: &mut dyn ContentSink) -> io::Result<()> {
    let mut lines = Lines::new(input, false)?;
    // Some programs keep the line that a mailbox has in front of a message.
    if lines.present().is_some_and(|line| line.starts_with(b"From ")) {
        envelope(&mut lines, sink)?;
    }
    Message { folder: String::new(), files: 0 }.read(&mut lines, sink)
}

/// Reads the messages that `input` gives one after the other, each behind a line that starts with `From `.
pub fn read_mailbox(input: impl Read, sink: &mut dyn ContentSink) -> io::Result<()> {
    let mut lines = Lines::new(input, true)?;
    let mut number = 1;
    while !lines.is_at_end() {
        if lines.starts_message() {
            envelope(&mut lines, sink)?;
        }
        Message { folder: format!("message {number}/"), files: 0 }.read(&mut lines, sink)?;
        number += 1;
    }
    Ok(())
}

/// The line in front of a message of a mailbox: who sent it, and when.
fn envelope<R: Read>(lines: &mut Lines<R>, sink: &mut dyn ContentSink) -> io::Result<()> {
    let (line, _) = lines.place();
    let number = line;
    lines.skip_start();
    let mut writer = PassageWriter::new(sink);
    if let Some(line) = lines.present() {
        writer.text(&decode_value(line), Place { line: number, column: 1 });
    }
    writer.finish();
    lines.advance()
}

struct Message {
    /// In front of the names of its files.
    folder: String,
    /// Files so far.
    files: usize,
}

impl Message {
    fn read<R: Read>(&mut self, lines: &mut Lines<R>, sink: &mut dyn ContentSink) -> io::Result<()> {
        // The parts that are open: their levels among the boundaries.
        let mut open: Vec<usize> = Vec::new();
        self.entity(lines, sink, &mut open)?;
        while let Some(&level) = open.last() {
            match lines.boundary() {
                Some((reached, is_last)) => {
                    open.retain(|open| *open <= reached);
                    lines.close(reached + 1);
                    lines.advance()?;
                    if is_last {
                        lines.close(reached);
                        open.pop();
                        // What stands behind the last part belongs to none.
                        loose_text(lines, sink)?;
                    } else {
                        self.entity(lines, sink, &mut open)?;
                    }
                }
                // Cut off, or the next message of a mailbox.
                None if lines.present().is_none() => {
                    lines.close(level);
                    open.pop();
                }
                None => loose_text(lines, sink)?,
            }
        }
        loose_text(lines, sink)
    }

    /// A header and the body that it describes; of a body of several parts only what stands before the first one.
    fn entity<R: Read>(
        &mut self,
        lines: &mut Lines<R>,
        sink: &mut dyn ContentSink,
        open: &mut Vec<usize>,
    ) -> io::Result<()> {
        let fields = read_fields(lines)?;
        let content = Content::of(&fields);
        let mut writer = PassageWriter::new(sink);
        for field in &fields {
            header_field(&mut writer, field);
        }
        writer.separator('\n');
        if is_encrypted(&content) {
            writer.sink().gap(Coverage::partial(Reason::InvalidEncryption, "a part of the message is encrypted"));
        }
        let is_text = matches!(content.media_type.as_str(), "" | "text" | "text/plain" | "text/enriched");
        let is_file = content.is_attachment || content.file_name.is_some();
        if let Some(boundary) = &content.boundary
            && content.media_type.starts_with("multipart/")
            && open.len() < MOST_LEVELS
        {
            open.push(lines.open(boundary));
            body::plain(lines, &Content::default(), &mut writer)?;
            writer.finish();
            Ok(())
        } else if is_text && !is_file || content.media_type.starts_with("multipart/") {
            body::plain(lines, &content, &mut writer)?;
            writer.finish();
            Ok(())
        } else if content.media_type == "text/html" && !is_file {
            writer.finish();
            body::html(lines, &content, sink)
        } else if matches!(content.media_type.as_str(), "message/delivery-status" | "text/rfc822-headers") {
            body::plain(lines, &content, &mut writer)?;
            writer.finish();
            Ok(())
        } else {
            writer.finish();
            self.file(lines, &content, sink)
        }
    }

    fn file<R: Read>(&mut self, lines: &mut Lines<R>, content: &Content, sink: &mut dyn ContentSink) -> io::Result<()> {
        self.files += 1;
        let name = content.file_name.as_deref().map(|name| name.trim().replace('\\', "/"));
        let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| {
            let known = EXTENSIONS.iter().find(|(media_type, _)| *media_type == content.media_type);
            let extension = known.map(|(_, extension)| format!(".{extension}")).unwrap_or_default();
            format!("part {}{extension}", self.files)
        });
        let path = format!("{}{name}", self.folder);
        let outcome = sink.member(MemberInfo { path: &path, modified: None }, &mut Attachment::new(lines, content));
        while lines.present().is_some() {
            lines.advance()?;
        }
        outcome
    }
}

/// Lines that belong to no part.
fn loose_text<R: Read>(lines: &mut Lines<R>, sink: &mut dyn ContentSink) -> io::Result<()> {
    let mut writer = PassageWriter::new(sink);
    body::plain(lines, &Content::default(), &mut writer)?;
    writer.finish();
    Ok(())
}

fn header_field(writer: &mut PassageWriter<'_>, field: &Field) {
    writer.text(&format!("{}:", field.name), field.name_place);
    let start = writer.offset();
    writer.enter(&field.name);
    match field.decoded() {
        Some(decoded) => {
            writer.separator(' ');
            writer.text(&decoded, field.place);
            writer.separator('\n');
        }
        None => writer.text(&decode_value(&field.raw), field.place),
    }
    writer.value_from(start);
    writer.leave();
    writer.pause();
}

/// S/MIME envelopes and PGP messages.
fn is_encrypted(content: &Content) -> bool {
    let kind = content.media_type.as_str();
    let envelope = matches!(kind, "application/pkcs7-mime" | "application/x-pkcs7-mime");
    kind == "multipart/encrypted" || envelope && content.protection.contains("enveloped")
}
