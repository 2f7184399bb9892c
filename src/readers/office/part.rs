//! The text of one XML part of a document: its paragraphs, its tables row by row, its properties.

use crate::readers::markup::{grid::Grid, passages::PassageWriter, reference::reference};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{self, BufReader, Read};

/// What the elements of a part mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vocabulary {
    /// Word and `PowerPoint`: text stands in elements of its own, the rest is layout.
    OfficeOpenXml,
    /// `OpenDocument`: all text stands in paragraphs.
    OpenDocument,
    /// Properties and data: the name of an element says what its text is.
    Properties,
}

/// Elements inside each other that are followed; those below are passed over.
const MOST_LEVELS: usize = 4096;

/// What an element does to the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Paragraph,
    /// Holds text.
    Text,
    /// Text that is no part of the sentence: the instruction of a field, an address on the net.
    Apart,
    Tab,
    Break,
    Spaces,
    Table,
    Row,
    Cell,
    /// A page of a presentation.
    Page,
    /// Not read: what it holds stands elsewhere too.
    Skipped,
    Other,
}

impl Vocabulary {
    fn role(self, name: &str) -> Role {
        match (self, name) {
            (Self::OfficeOpenXml, "p") | (Self::OpenDocument, "p" | "h") => Role::Paragraph,
            (Self::OfficeOpenXml, "t" | "delText" | "text") => Role::Text,
            (Self::OfficeOpenXml, "instrText" | "delInstrText") => Role::Apart,
            (Self::OfficeOpenXml, "tab" | "ptab") | (Self::OpenDocument, "tab") => Role::Tab,
            (Self::OfficeOpenXml, "br" | "cr") | (Self::OpenDocument, "line-break") => Role::Break,
            (Self::OpenDocument, "s") => Role::Spaces,
            (Self::OfficeOpenXml, "tbl") | (Self::OpenDocument, "table") => Role::Table,
            (Self::OfficeOpenXml, "tr") | (Self::OpenDocument, "table-row") => Role::Row,
            (Self::OfficeOpenXml, "tc") | (Self::OpenDocument, "table-cell" | "covered-table-cell") => Role::Cell,
            (Self::OpenDocument, "page") => Role::Page,
            // What older programs are shown in place of the element beside it; the fields' old values.
            (Self::OfficeOpenXml, "Fallback" | "tabs" | "pPr") => Role::Skipped,
            _ => Role::Other,
        }
    }
}

/// Attributes that people write text in.
const TEXTS: &[&str] = &["descr", "title", "alt", "href", "author", "alias", "Target", "string-value", "formula"];

/// What stands between two texts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Cell,
    Line,
}

/// A table that is open, with the start of its present cell and the columns of it.
#[derive(Default)]
struct Table {
    grid: Grid,
    cell: Option<usize>,
}

struct Text<'w, 's> {
    writer: &'w mut PassageWriter<'s>,
    vocabulary: Vocabulary,
    /// The roles of the elements that are open.
    open: Vec<Role>,
    /// Elements below those that are followed.
    deeper: u64,
    tables: Vec<Table>,
    gap: Gap,
    pages: u64,
}

/// Adds the text of a part to `writer`. A part that is not well-formed is read as far as it is: then the result is false.
pub(super) fn read(input: impl Read, vocabulary: Vocabulary, writer: &mut PassageWriter<'_>) -> io::Result<bool> {
    let mut reader = Reader::from_reader(BufReader::with_capacity(64 * 1024, input));
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    reader.config_mut().allow_dangling_amp = true;
    let mut text =
        Text { writer, vocabulary, open: Vec::new(), deeper: 0, tables: Vec::new(), gap: Gap::Line, pages: 0 };
    let mut buffer = Vec::new();
    let whole = loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => break true,
            Ok(event) => text.event(&event),
            Err(quick_xml::Error::Io(error)) => {
                text.end_tables();
                return Err(io::Error::new(error.kind(), error));
            }
            Err(_) => break false,
        }
        if text.tables.iter().all(|table| table.cell.is_none() && !table.grid.is_pending()) {
            text.writer.pause();
        }
    };
    let is_closed = text.open.is_empty();
    text.end_tables();
    text.writer.line_text("\n");
    Ok(whole && is_closed)
}

impl Text<'_, '_> {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::Empty(tag) => {
                self.start(tag);
                self.end();
            }
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(text.as_ref()),
            Event::CData(text) => self.text(text.as_ref()),
            Event::GeneralRef(name) => {
                let written = format!("&{};", name.as_ref());
                let text = reference(written.as_bytes()).map_or(written, |(character, _)| character.into());
                self.text(&text);
            }
            _ => {}
        }
    }

    fn is_skipped(&self) -> bool {
        self.open.contains(&Role::Skipped)
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        let name = tag.local_name();
        let role = self.vocabulary.role(name.as_ref());
        if self.open.len() >= MOST_LEVELS {
            self.deeper += 1;
            return;
        }
        if !self.is_skipped() {
            if self.vocabulary == Vocabulary::Properties {
                self.writer.enter(name.as_ref());
            }
            self.begins(role, tag);
            self.attributes(tag);
        }
        self.open.push(role);
    }

    fn begins(&mut self, role: Role, tag: &BytesStart<'_>) {
        match role {
            Role::Tab => self.add("\t"),
            Role::Break => self.add("\n"),
            Role::Spaces => {
                let count = attribute(tag, "c").and_then(|count| count.parse().ok()).unwrap_or(1_usize);
                self.add(&" ".repeat(count.min(100)));
            }
            Role::Table => self.tables.push(Table::default()),
            Role::Cell => {
                self.fill_gap();
                let here = self.writer.offset();
                if let Some(table) = self.tables.last_mut() {
                    table.cell = Some(here);
                }
            }
            Role::Page => {
                self.pages += 1;
                self.end_tables();
                self.writer.start_page(self.pages);
            }
            Role::Apart => self.gap = self.gap.max(Gap::Cell),
            _ => {}
        }
    }

    fn attributes(&mut self, tag: &BytesStart<'_>) {
        for attribute in tag.html_attributes().with_checks(false).flatten() {
            let name = attribute.key.local_name();
            let is_value = self.vocabulary == Vocabulary::Properties && !attribute.key.as_ref().starts_with("xmlns");
            if (is_value || TEXTS.contains(&name.as_ref())) && !attribute.value.trim().is_empty() {
                self.gap = self.gap.max(Gap::Cell);
                self.fill_gap();
                self.writer.enter(name.as_ref());
                let start = self.writer.offset();
                self.writer.line_text(&unescaped(&attribute.value));
                self.writer.value_from(start);
                self.writer.leave();
                self.gap = self.gap.max(Gap::Cell);
            }
        }
    }

    fn end(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        let Some(role) = self.open.pop() else { return };
        if role == Role::Skipped || self.is_skipped() {
            return;
        }
        match role {
            Role::Paragraph => self.gap = Gap::Line,
            Role::Apart => self.gap = self.gap.max(Gap::Cell),
            Role::Text if self.vocabulary == Vocabulary::OfficeOpenXml && !self.open.contains(&Role::Paragraph) => {
                self.gap = Gap::Line;
            }
            Role::Cell => {
                let end = self.writer.offset();
                if let Some(table) = self.tables.last_mut()
                    && let Some(start) = table.cell.take()
                {
                    table.grid.cell(start..end, 1, false);
                }
                // An empty cell is a cell too.
                self.gap = Gap::None;
                self.writer.line_text("\t");
            }
            Role::Row => {
                if let Some(table) = self.tables.last_mut() {
                    table.grid.end_row(self.writer);
                }
                self.gap = Gap::Line;
            }
            Role::Table => {
                if let Some(mut table) = self.tables.pop() {
                    table.grid.end(self.writer);
                }
            }
            _ => {}
        }
        if self.vocabulary == Vocabulary::Properties {
            self.writer.leave();
            self.gap = Gap::Line;
        }
    }

    fn text(&mut self, text: &str) {
        if self.is_skipped() {
            return;
        }
        let wanted = match self.vocabulary {
            Vocabulary::OfficeOpenXml => matches!(self.open.last(), Some(Role::Text | Role::Apart)),
            Vocabulary::OpenDocument => self.open.contains(&Role::Paragraph),
            Vocabulary::Properties => !text.trim().is_empty(),
        };
        if wanted {
            if self.vocabulary == Vocabulary::OpenDocument {
                // White space is layout of the file.
                let text = text.replace(['\n', '\r', '\t'], " ");
                self.add(&text);
            } else if self.vocabulary == Vocabulary::Properties {
                self.fill_gap();
                let start = self.writer.offset();
                self.writer.line_text(text.trim());
                self.writer.value_from(start);
            } else {
                self.add(text);
            }
        }
    }

    fn add(&mut self, text: &str) {
        self.fill_gap();
        self.writer.line_text(text);
    }

    fn fill_gap(&mut self) {
        let separator = match std::mem::replace(&mut self.gap, Gap::None) {
            Gap::None => return,
            Gap::Cell => "\t",
            Gap::Line => "\n",
        };
        if self.writer.last().is_some_and(|last| last != '\n') {
            self.writer.line_text(separator);
        }
    }

    fn end_tables(&mut self) {
        while let Some(mut table) = self.tables.pop() {
            table.grid.end(self.writer);
        }
    }
}

/// The value of an attribute of that local name.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.html_attributes();
    let found =
        attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(unescaped(&found.value))
}

/// Text with its character references as what they stand for.
fn unescaped(raw: &str) -> String {
    let mut text = String::new();
    let mut rest = raw;
    while !rest.is_empty() {
        let from = usize::from(rest.starts_with('&'));
        if let Some((character, length)) = reference(rest.as_bytes()) {
            text.push(character);
            rest = &rest[length..];
        } else {
            let end = rest[from..].find('&').map_or(rest.len(), |at| at + from);
            text.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    text
}
