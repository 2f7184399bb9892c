//! What stands beside the cells of a workbook: comments, text boxes, and where links lead. Given as running text.

use super::parts::Parts;
use crate::model::{ContentSink, TextBlock};
use crate::readers::failure::ReadFailure;
use crate::readers::limits::Limits;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesRef, Event};
use std::io::{BufRead, BufReader};

/// Longest text that is searched in one piece, in bytes.
const LONGEST: usize = 1024 * 1024;

/// True for a part that holds notes, or leads to what links lead to.
pub(super) fn is_note(name: &str) -> bool {
    let folder = name.strip_prefix("xl/").unwrap_or_default();
    ["comments", "threadedComments/", "drawings/drawing", "worksheets/_rels/"]
        .iter()
        .any(|start| folder.starts_with(start))
}

/// Gives the notes of all parts.
pub(super) fn give_notes(parts: &mut Parts, limits: &Limits, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    let mut names: Vec<String> = parts.names().into_iter().filter(|name| is_note(name)).collect();
    names.sort_unstable();
    let mut notes = Notes { text: String::new(), line: 1 };
    for name in names {
        limits.check()?;
        if let Some(part) = parts.part(&name) {
            notes.read(BufReader::new(part), sink);
        }
    }
    notes.give(sink);
    Ok(())
}

/// Collects lines of text.
struct Notes {
    text: String,
    /// 1-based line on which `text` starts.
    line: u64,
}

impl Notes {
    /// Reads a part as far as it is sound: one line for each comment, paragraph or link.
    fn read(&mut self, part: impl BufRead, sink: &mut dyn ContentSink) {
        let mut xml = Reader::from_reader(part);
        let mut buffer = Vec::new();
        let mut in_text = false;
        loop {
            buffer.clear();
            let Ok(event) = xml.read_event_into(&mut buffer) else { return };
            match event {
                Event::Eof => return,
                Event::Start(start) if matches!(start.local_name().as_ref(), "t" | "text") => in_text = true,
                Event::Start(start) | Event::Empty(start) if start.local_name().as_ref() == "Relationship" => {
                    let target = start.try_get_attribute("Target").ok().flatten();
                    let external = start.try_get_attribute("TargetMode").ok().flatten();
                    if let (Some(target), Some(_)) = (target, external) {
                        let target = unescape(&target.value).unwrap_or_default().into_owned();
                        self.text.push_str(target.strip_prefix("mailto:").unwrap_or(&target));
                        self.end_line(sink);
                    }
                }
                Event::Text(text) if in_text => self.text.push_str(&text.xml10_content()),
                Event::CData(text) if in_text => self.text.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) if in_text => push_reference(&mut self.text, &reference),
                Event::End(end) => match end.local_name().as_ref() {
                    "t" => in_text = false,
                    "text" => {
                        in_text = false;
                        self.end_line(sink);
                    }
                    "comment" | "p" => self.end_line(sink),
                    _ => {}
                },
                _ => {}
            }
        }
    }

    fn end_line(&mut self, sink: &mut dyn ContentSink) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        if self.text.len() > LONGEST {
            self.give(sink);
        }
    }

    fn give(&mut self, sink: &mut dyn ContentSink) {
        if self.text.is_empty() {
            return;
        }
        sink.text(TextBlock {
            text: &self.text,
            core: (0, self.text.len()),
            first_line: self.line,
            first_column: 1,
            at_start: true,
            at_end: true,
        });
        self.line += self.text.matches('\n').count() as u64;
        self.text.clear();
    }
}

/// Appends what an entity stands for, if that is known.
pub(super) fn push_reference(text: &mut String, reference: &BytesRef<'_>) {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        text.push(character);
    } else {
        let known = quick_xml::escape::resolve_xml_entity(reference.as_ref());
        text.push_str(known.unwrap_or_default());
    }
}
