//! Outlook messages in compound files ([MS-OXMSG]).

use super::compound::{broken, copy, stream};
use super::compressed_rtf::decompressed;
use crate::model::{ContentSink, MemberInfo, decode_value};
use crate::readers::markup::{passages::PassageWriter, read_html};
use crate::readers::rtf;
use cfb::CompoundFile;
use std::io::{self, Read, Seek};

/// Properties with text, by their numbers ([MS-OXPROPS]), and what they are called in the text.
const FIELDS: &[(&str, &str)] = &[
    ("0C1A", "From"),
    ("0C1F", "From"),
    ("5D01", "Sender"),
    ("0E04", "To"),
    ("0E03", "Cc"),
    ("0E02", "Bcc"),
    ("0037", "Subject"),
    ("0070", "Topic"),
    ("007D", "Header"),
    ("3001", "Name"),
    ("3003", "Email"),
    ("39FE", "Email"),
    ("3A08", "Business phone"),
    ("3A09", "Home phone"),
    ("3A1C", "Mobile phone"),
    ("3A15", "Postal address"),
    ("3A16", "Company"),
];

/// Reads the message: its fields, its text, then the files attached to it.
pub(super) fn read<R: Read + Seek>(file: &mut CompoundFile<R>, sink: &mut dyn ContentSink) -> io::Result<()> {
    let mut writer = PassageWriter::new(sink);
    fields(file, "/", &mut writer);
    let storages: Vec<String> = file
        .read_root_storage()
        .filter(cfb::Entry::is_storage)
        .map(|entry| entry.path().to_string_lossy().into_owned())
        .collect();
    for recipient in storages.iter().filter(|name| name.starts_with("/__recip_version1.0_")) {
        fields(file, &format!("{recipient}/"), &mut writer);
    }
    let body = text(file, "/", "1000");
    if let Some(body) = &body {
        writer.line_text("\n");
        for line in body.split_inclusive('\n') {
            writer.line_text(line);
            writer.pause();
        }
    }
    writer.finish();
    let html = stream(file, "/__substg1.0_10130102").or_else(|| text(file, "/", "1013").map(String::into_bytes));
    // The same text in another form counts once.
    if body.is_none_or(|body| body.trim().is_empty()) {
        if let Some(html) = html {
            read_html(html.as_slice(), sink)?;
        } else if let Some(rtf) = stream(file, "/__substg1.0_10090102").and_then(|stream| decompressed(&stream)) {
            rtf::read(rtf.as_slice(), sink)?;
        }
    }
    for (number, attachment) in (1..).zip(storages.iter().filter(|name| name.starts_with("/__attach_version1.0_"))) {
        let folder = format!("{attachment}/");
        let name = ["3707", "3704", "3001"].iter().find_map(|property| text(file, &folder, property));
        let name = name.map(|name| name.trim().replace('\\', "/")).filter(|name| !name.is_empty());
        let inner = format!("{folder}__substg1.0_3701000D");
        let (content, extension) = if file.is_storage(&inner) {
            (copy(file, &inner), ".msg")
        } else {
            (stream(file, &format!("{folder}__substg1.0_37010102")), "")
        };
        let path = name.unwrap_or_else(|| format!("part {number}"));
        let path = if path.contains('.') { path } else { path + extension };
        match content {
            Some(content) => sink.member(MemberInfo { path: &path, modified: None }, &mut content.as_slice())?,
            None => sink.gap(broken()),
        }
    }
    Ok(())
}

fn fields<R: Read + Seek>(file: &mut CompoundFile<R>, folder: &str, writer: &mut PassageWriter<'_>) {
    let mut known = Vec::new();
    for (property, name) in FIELDS {
        let Some(text) = text(file, folder, property).filter(|text| !text.trim().is_empty()) else { continue };
        // A short form of what was there before says nothing new.
        if known.contains(&text) {
            continue;
        }
        writer.line_text(name);
        writer.line_text(": ");
        writer.enter(name);
        let start = writer.offset();
        writer.line_text(text.trim());
        writer.value_from(start);
        writer.leave();
        writer.line_text("\n");
        writer.pause();
        known.push(text);
    }
}

/// A property with text, as UTF-16 or in the code page of the message.
fn text<R: Read + Seek>(file: &mut CompoundFile<R>, folder: &str, property: &str) -> Option<String> {
    if let Some(wide) = stream(file, &format!("{folder}__substg1.0_{property}001F")) {
        return Some(encoding_rs::UTF_16LE.decode_without_bom_handling(&wide).0.trim_end_matches('\0').to_owned());
    }
    let narrow = stream(file, &format!("{folder}__substg1.0_{property}001E"))?;
    Some(decode_value(&narrow).trim_end_matches('\0').to_owned())
}
