//! OpenDocument spreadsheets (`.ods`): every table, row after row, as they stand in the XML.

use super::notes::push_reference;
use super::parts::{Parts, Use};
use super::sheet::{Sheet, Stop};
use crate::model::{ContentSink, Reason, TextBlock};
use crate::readers::failure::ReadFailure;
use crate::readers::limits::Limits;
use crate::readers::source::Source;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufRead, BufReader, Read};

/// Rows and columns of a sheet; what claims to lie beyond is not meant.
const ROWS: u64 = 1_048_576;
const COLUMNS: u32 = 16_384;
/// Times that a row or cell with content is repeated at most. More of the same tell no more.
const REPEATED: u64 = 1_000;

/// Reads all tables.
pub(in crate::readers) fn read(input: Source, limits: &Limits, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    let mut parts = Parts::open(input, limits, |name| match name {
        "content.xml" => Use::Streamed,
        "META-INF/manifest.xml" => Use::Held,
        _ => Use::Unread,
    })?;
    let mut manifest = Vec::new();
    if let Some(part) = parts.part("META-INF/manifest.xml") {
        let _ = BufReader::new(part).read_to_end(&mut manifest);
    }
    if memchr::memmem::find(&manifest, b"encryption-data").is_some() {
        return Err(ReadFailure::encrypted());
    }
    let broken = || ReadFailure::new(Reason::MalformedOrFileSizeExceedsLimit, "the spreadsheet has no content");
    let names = table_names(BufReader::new(parts.part("content.xml").ok_or_else(broken)?));
    let mut tables = Tables::new(BufReader::new(parts.part("content.xml").ok_or_else(broken)?));
    for name in &names {
        if !tables.find_table() {
            break;
        }
        let shown = (names.len() > 1).then_some(name.as_str());
        Sheet::read(shown, limits, sink, |sheet| tables.table(sheet))?;
    }
    tables.give_notes(sink);
    Ok(())
}

/// Names of all tables, as far as the XML is sound.
fn table_names(content: impl BufRead) -> Vec<String> {
    let mut xml = Reader::from_reader(content);
    let (mut names, mut buffer, mut depth) = (Vec::new(), Vec::new(), 0);
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(start)) if start.name().as_ref() == "table:table" => {
                // Tables in cells belong to the table around them.
                if depth == 0 {
                    names.push(attribute(&start, "table:name").unwrap_or_default());
                }
                depth += 1;
            }
            Ok(Event::End(end)) if end.name().as_ref() == "table:table" => depth = (depth - 1).max(0),
            Ok(Event::Eof) | Err(_) => return names,
            Ok(_) => {}
        }
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let value = start.try_get_attribute(name).ok()??.value;
    Some(unescape(&value).ok()?.into_owned())
}

fn repeats(start: &BytesStart<'_>, name: &str) -> u64 {
    attribute(start, name).and_then(|number| number.parse().ok()).unwrap_or(1)
}

/// The XML, between two tables or in one.
struct Tables<R> {
    xml: Reader<R>,
    buffer: Vec<u8>,
    /// Comments, a line each.
    notes: String,
}

/// A cell of the present row, as often as it is repeated.
struct Cell {
    text: String,
    columns: u64,
}

impl<R: BufRead> Tables<R> {
    fn new(content: R) -> Self {
        Self { xml: Reader::from_reader(content), buffer: Vec::new(), notes: String::new() }
    }

    /// Goes on to the start of the next table. False if there is none.
    fn find_table(&mut self) -> bool {
        loop {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer) {
                Ok(Event::Start(start)) if start.name().as_ref() == "table:table" => return true,
                Ok(Event::Eof) | Err(_) => return false,
                Ok(_) => {}
            }
        }
    }

    /// Reads the table to its end.
    fn table(&mut self, sheet: &mut Sheet<'_, '_>) -> Result<(), Stop> {
        let mut row: u64 = 0;
        loop {
            self.buffer.clear();
            let times = match self.xml.read_event_into(&mut self.buffer).map_err(|_| Stop::Damaged)? {
                Event::Start(start) if start.name().as_ref() == "table:table-row" => {
                    repeats(&start, "table:number-rows-repeated")
                }
                Event::Empty(start) if start.name().as_ref() == "table:table-row" => {
                    row = row.saturating_add(repeats(&start, "table:number-rows-repeated"));
                    continue;
                }
                Event::End(end) if end.name().as_ref() == "table:table" => return Ok(()),
                Event::Eof => return Err(Stop::Damaged),
                _ => continue,
            };
            let cells = self.row()?;
            let filled = cells.iter().any(|cell| !cell.text.is_empty());
            for repeated in 0..if filled { times.min(REPEATED) } else { 0 } {
                let Some(number) = row.checked_add(repeated).filter(|number| *number < ROWS) else { break };
                give_row(number as u32, &cells, sheet)?;
            }
            row = row.saturating_add(times);
        }
    }

    /// The cells of the row that has begun.
    fn row(&mut self) -> Result<Vec<Cell>, Stop> {
        let mut cells = Vec::new();
        loop {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer).map_err(|_| Stop::Damaged)? {
                Event::Empty(start) if is_cell(&start) => {
                    let columns = repeats(&start, "table:number-columns-repeated");
                    let text = value(&start).unwrap_or_default();
                    cells.push(Cell { text, columns });
                }
                Event::Start(start) if is_cell(&start) => {
                    let columns = repeats(&start, "table:number-columns-repeated");
                    let value = value(&start);
                    let shown = self.content()?;
                    let text = match value {
                        // A number that is shown with signs between its digits, or with zeros before them.
                        Some(value) if !same_digits(&value, &shown) => value,
                        _ => shown,
                    };
                    cells.push(Cell { text, columns });
                }
                Event::End(end) if end.name().as_ref() == "table:table-row" => return Ok(cells),
                Event::Eof => return Err(Stop::Damaged),
                _ => {}
            }
        }
    }

    /// The text of the cell that has begun, up to its end.
    fn content(&mut self) -> Result<String, Stop> {
        let mut text = String::new();
        let (mut depth, mut in_note) = (0, false);
        loop {
            self.buffer.clear();
            let event = self.xml.read_event_into(&mut self.buffer).map_err(|_| Stop::Damaged)?;
            let into = if in_note { &mut self.notes } else { &mut text };
            match event {
                Event::Start(start) => {
                    match start.name().as_ref() {
                        "office:annotation" => in_note = true,
                        "text:p" if !into.is_empty() => into.push('\n'),
                        _ => {}
                    }
                    depth += 1;
                }
                Event::Empty(start) => match start.name().as_ref() {
                    "text:s" => {
                        let spaces = repeats(&start, "text:c").min(REPEATED);
                        into.extend((0..spaces).map(|_| ' '));
                    }
                    "text:tab" => into.push('\t'),
                    "text:line-break" => into.push('\n'),
                    _ => {}
                },
                Event::Text(piece) if depth > 0 => into.push_str(&piece.xml10_content()),
                Event::CData(piece) if depth > 0 => into.push_str(&piece.xml10_content()),
                Event::GeneralRef(reference) if depth > 0 => push_reference(into, &reference),
                Event::End(_) if depth == 0 => return Ok(text),
                Event::End(end) => {
                    in_note &= end.name().as_ref() != "office:annotation";
                    depth -= 1;
                }
                Event::Eof => return Err(Stop::Damaged),
                _ => {}
            }
        }
    }

    fn give_notes(&self, sink: &mut dyn ContentSink) {
        let text = self.notes.trim_start();
        if !text.is_empty() {
            let core = (0, text.len());
            sink.text(TextBlock { text, core, first_line: 1, first_column: 1, at_start: true, at_end: true });
        }
    }
}

fn is_cell(start: &BytesStart<'_>) -> bool {
    matches!(start.name().as_ref(), "table:table-cell" | "table:covered-table-cell")
}

/// The value of a cell that is a number or a date; a text is its content.
fn value(start: &BytesStart<'_>) -> Option<String> {
    match attribute(start, "office:value-type")?.as_str() {
        "float" | "currency" | "percentage" => {
            let number: f64 = attribute(start, "office:value")?.parse().ok()?;
            let mut text = Vec::new();
            crate::readers::plain_text::push_float(&mut text, number);
            String::from_utf8(text).ok()
        }
        "date" => attribute(start, "office:date-value"),
        "string" => attribute(start, "office:string-value"),
        _ => None,
    }
}

/// True if both have the same digits, but for zeros at their beginning.
fn same_digits(value: &str, shown: &str) -> bool {
    let digits =
        |text: &str| text.chars().filter(char::is_ascii_digit).skip_while(|digit| *digit == '0').collect::<String>();
    digits(value) == digits(shown) && !shown.contains(['E', 'e'])
}

fn give_row(row: u32, cells: &[Cell], sheet: &mut Sheet<'_, '_>) -> Result<(), Stop> {
    let mut column: u64 = 0;
    for cell in cells {
        if !cell.text.is_empty() {
            let end = column.saturating_add(cell.columns.min(REPEATED)).min(COLUMNS.into());
            for column in column..end {
                sheet.text(row, column as u32, cell.text.as_bytes())?;
            }
        }
        column = column.saturating_add(cell.columns);
    }
    Ok(())
}
