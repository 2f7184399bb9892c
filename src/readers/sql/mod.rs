//! SQL dumps: the rows of `INSERT` statements and of PostgreSQL's `COPY` as tables whose cells are located by their lines, and
//! everything else as running text.
//!
//! No dialect is asked for: names of columns come from the statement, or from the `CREATE TABLE` before it.

mod cursor;
mod rows;

use crate::model::{ContentSink, TextBlock, TextPlace, decode_value};
use crate::readers::create_table::{TableSchema, unqualified};
use crate::readers::failure::ReadFailure;
use crate::readers::limits::Limits;
use crate::readers::readable::is_text;
use cursor::Cursor;
use rows::{SqlRow, SqlRows};
use std::collections::HashMap;
use std::io::{self, Read};

/// Bytes of text that are searched in one piece.
const PIECE: usize = 256 * 1024;
/// Longest statement other than rows that is looked into, and longest cell that is kept, in bytes.
const LONGEST: usize = 1024 * 1024;
/// Tables whose columns are remembered.
const TABLES: usize = 10_000;
/// Rows between two looks at the limits.
const STEP: u64 = 4096;

/// True for text that is a dump.
pub(super) fn is_dump(head: &[u8], extension: &str) -> bool {
    const STARTS: [&[u8]; 4] =
        [b"-- MySQL dump", b"-- MariaDB dump", b"--\n-- PostgreSQL database dump", b"PRAGMA foreign_keys=OFF;"];
    extension == "sql" || STARTS.iter().any(|start| head.starts_with(start))
}

/// Reads the whole dump.
pub(super) fn read(input: &mut dyn Read, limits: &Limits, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    let mut dump = Dump {
        input: Cursor::new(input),
        limits,
        text: Vec::new(),
        text_start: TextPlace { start: 1, end: 1, start_column: 1 },
        tables: HashMap::new(),
        rows: SqlRows::default(),
        row: SqlRow::default(),
        cell: Vec::new(),
        count: 0,
        backslashes: false,
    };
    let outcome = dump.statements(sink);
    dump.rows.finish(sink);
    dump.give_text(sink);
    outcome
}

struct Dump<'r, 'l> {
    input: Cursor<'r>,
    limits: &'l Limits,
    /// What belongs to no row, and where it starts.
    text: Vec<u8>,
    text_start: TextPlace,
    /// Columns of tables, by their names.
    tables: HashMap<String, Vec<String>>,
    rows: SqlRows,
    row: SqlRow,
    cell: Vec<u8>,
    count: u64,
    /// A backslash in a text takes away the meaning of what follows, as in MySQL.
    backslashes: bool,
}

impl Dump<'_, '_> {
    fn statements(&mut self, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
        loop {
            self.blank()?;
            if self.text.len() > PIECE {
                self.give_text(sink);
            }
            let start = self.text.len();
            let Some(byte) = self.input.peek()? else { return Ok(()) };
            if !byte.is_ascii_alphabetic() {
                self.rest(start)?;
                continue;
            }
            let word = self.word()?;
            match word.as_str() {
                "INSERT" | "REPLACE" => self.insert(start, sink)?,
                "COPY" => self.copy(start, sink)?,
                "CREATE" => {
                    let sql = self.rest(start)?;
                    self.remember(&sql);
                }
                "GO" => {}
                _ => {
                    self.rest(start)?;
                }
            }
        }
    }

    /// Takes the next byte into the text.
    fn take(&mut self) -> io::Result<Option<u8>> {
        if self.text.is_empty() {
            self.text_start = self.input.place();
        }
        let byte = self.input.next()?;
        self.text.extend(byte);
        Ok(byte)
    }

    /// Takes white space and comments into the text, as far as that does not grow too long.
    fn blank(&mut self) -> io::Result<()> {
        while self.text.len() <= PIECE {
            match self.input.peek()? {
                Some(byte) if byte.is_ascii_whitespace() || byte == b';' => {
                    self.take()?;
                }
                // Comments and the commands of PostgreSQL's shell end with their line.
                Some(b'-' | b'#' | b'\\') => self.line_of_text()?,
                Some(b'/') => {
                    self.take()?;
                    if self.input.peek()? == Some(b'*') {
                        self.take()?;
                        let start = self.text.len();
                        while self.text.len() < start + LONGEST && !self.text[start..].ends_with(b"*/") {
                            if self.take()?.is_none() {
                                break;
                            }
                        }
                    }
                }
                _ => break,
            }
        }
        Ok(())
    }

    /// Takes the rest of the line into the text.
    fn line_of_text(&mut self) -> io::Result<()> {
        let start = self.text.len();
        while self.text.len() < start + LONGEST && !matches!(self.take()?, None | Some(b'\n')) {}
        Ok(())
    }

    /// Takes a word into the text; it comes back in capitals.
    fn word(&mut self) -> io::Result<String> {
        let mut word = String::new();
        while let Some(byte) = self.input.peek()? {
            if !(byte.is_ascii_alphanumeric() || byte == b'_') || word.len() == 64 {
                break;
            }
            self.take()?;
            word.push(char::from(byte.to_ascii_uppercase()));
        }
        Ok(word)
    }

    /// Takes the rest of a statement, up to its semicolon, into the text, and gives all of it if it is short enough. It starts
    /// at `start` in the text.
    fn rest(&mut self, start: usize) -> io::Result<String> {
        let mut quote = None;
        while let Some(byte) = self.take()? {
            match quote {
                Some(b'\'') if byte == b'\\' && self.backslashes => {
                    self.take()?;
                }
                Some(open) if byte == open => quote = None,
                None if matches!(byte, b'\'' | b'"' | b'`') => quote = Some(byte),
                None if byte == b';' => break,
                None if byte == b'-' && self.input.peek()? == Some(b'-') => self.line_of_text()?,
                // SQL Server's shell ends statements with a line of their own.
                None if byte == b'\n' && [&b"\nGO\n"[..], b"\nGO\r\n"].iter().any(|end| self.text.ends_with(end)) => {
                    break;
                }
                Some(_) | None => {}
            }
            if self.text.len() > start + LONGEST {
                return Ok(String::new());
            }
        }
        Ok(decode_value(&self.text[start..]).into_owned())
    }

    /// Remembers the columns of a table that is created.
    fn remember(&mut self, sql: &str) {
        self.backslashes |= sql.contains("ENGINE=") || sql.contains("AUTO_INCREMENT");
        let names: Vec<String> = TableSchema::parse(sql).columns.into_iter().map(|column| column.name).collect();
        if let Some(table) = TableSchema::name_in(sql).filter(|_| !names.is_empty() && self.tables.len() < TABLES) {
            self.tables.insert(table, names);
        }
    }

    /// Reads a statement that may give rows, after its first word.
    fn insert(&mut self, start: usize, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
        let Some((table, named)) = self.head(&["VALUES", "VALUE"])? else {
            self.rest(start)?;
            return Ok(());
        };
        let names = named.or_else(|| self.tables.get(&table).cloned());
        self.give_text(sink);
        self.rows.enter(&table, names.as_deref(), sink);
        loop {
            self.skip_blank()?;
            if !self.input.next_if(b'(')? {
                break;
            }
            self.tuple()?;
            self.rows.row(&mut self.row, sink);
            self.count()?;
            self.skip_blank()?;
            if !self.input.next_if(b',')? {
                break;
            }
        }
        Ok(())
    }

    /// Takes the head of a statement up to one of these words into the text: the table and the columns that it names. `None`
    /// for a statement that is none of that kind.
    #[allow(clippy::type_complexity, reason = "a pair of names")]
    fn head(&mut self, ends: &[&str]) -> io::Result<Option<(String, Option<Vec<String>>)>> {
        let (mut table, mut names) = (None::<String>, None::<Vec<String>>);
        let mut in_columns = false;
        loop {
            if self.text.len() > 4 * LONGEST {
                return Ok(None);
            }
            let Some(byte) = self.input.peek()? else { return Ok(None) };
            match byte {
                b'(' if table.is_some() && names.is_none() => {
                    self.take()?;
                    in_columns = true;
                    names = Some(Vec::new());
                }
                b')' if in_columns => {
                    self.take()?;
                    in_columns = false;
                }
                b'"' | b'`' | b'[' => {
                    let name = self.quoted_name()?;
                    self.backslashes |= byte == b'`';
                    match &mut names {
                        Some(names) if in_columns => names.push(name),
                        Some(_) => return Ok(None),
                        None => table = Some(name),
                    }
                }
                _ if byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80 => {
                    let mut name = Vec::new();
                    while let Some(byte) = self.input.peek()? {
                        if !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.') || byte >= 0x80) {
                            break;
                        }
                        self.take()?;
                        name.push(byte);
                        if name.len() > 1024 {
                            return Ok(None);
                        }
                    }
                    let name = decode_value(&name).into_owned();
                    let capitals = name.to_ascii_uppercase();
                    if in_columns {
                        names.get_or_insert_default().push(name);
                    } else if ends.contains(&capitals.as_str()) {
                        return Ok(table.map(|table| (table, names)));
                    } else if ["SELECT", "SET", "DEFAULT", "TO"].contains(&capitals.as_str()) {
                        return Ok(None);
                    } else if names.is_none()
                        && !["INTO", "OR", "IGNORE", "REPLACE", "LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "ONLY"]
                            .contains(&capitals.as_str())
                    {
                        table = Some(unqualified(&name));
                    }
                }
                b';' | b'\'' => return Ok(None),
                _ => {
                    self.take()?;
                }
            }
        }
    }

    /// Takes a name in quotes into the text.
    fn quoted_name(&mut self) -> io::Result<String> {
        let close = match self.take()? {
            Some(b'[') => b']',
            Some(open) => open,
            None => b'"',
        };
        let mut name = Vec::new();
        while let Some(byte) = self.take()? {
            if byte == close || name.len() > 1024 {
                break;
            }
            name.push(byte);
        }
        Ok(decode_value(&name).into_owned())
    }

    /// Skips white space between the rows of a statement.
    fn skip_blank(&mut self) -> io::Result<()> {
        while self.input.peek()?.is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.input.next()?;
        }
        Ok(())
    }

    /// Reads the values of a row up to its closing parenthesis.
    fn tuple(&mut self) -> io::Result<()> {
        self.row.clear();
        loop {
            self.skip_blank()?;
            let mut place = self.input.place();
            self.cell.clear();
            let more = self.value(&mut place)?;
            self.row.places.push(place);
            self.row.cells.push(&self.cell);
            if !more {
                return Ok(());
            }
        }
    }

    /// Reads one value into the cell. False if it is the last one of its row.
    fn value(&mut self, place: &mut TextPlace) -> io::Result<bool> {
        let mut depth = 0;
        let mut literal = false;
        while let Some(byte) = self.input.peek()? {
            match byte {
                b'\'' | b'"' if !literal && depth == 0 && self.cell.len() <= 8 => {
                    let prefix = std::mem::take(&mut self.cell);
                    self.input.next()?;
                    *place = self.input.place();
                    let escapes = self.backslashes || prefix.eq_ignore_ascii_case(b"e");
                    self.literal(byte, escapes)?;
                    place.end = self.input.line;
                    if prefix.eq_ignore_ascii_case(b"x") {
                        self.unhex();
                    }
                    literal = true;
                    continue;
                }
                b'(' => depth += 1,
                b')' if depth == 0 => break,
                b')' => depth -= 1,
                b',' if depth == 0 => {
                    self.input.next()?;
                    self.end_value(literal);
                    return Ok(true);
                }
                _ => {}
            }
            self.input.next()?;
            // What follows a text, such as a cast, is not part of it.
            if !literal && self.cell.len() < LONGEST {
                self.cell.push(byte);
            }
        }
        self.input.next()?;
        self.end_value(literal);
        Ok(false)
    }

    fn end_value(&mut self, literal: bool) {
        if literal {
            return;
        }
        let length = self.cell.trim_ascii_end().len();
        self.cell.truncate(length);
        if [&b"null"[..], b"true", b"false", b"default"].iter().any(|word| self.cell.eq_ignore_ascii_case(word)) {
            self.cell.clear();
        }
    }

    /// Reads a text up to its closing quote into the cell.
    fn literal(&mut self, quote: u8, escapes: bool) -> io::Result<()> {
        while let Some(byte) = self.input.next()? {
            let byte = match byte {
                b'\\' if escapes => match self.input.next()? {
                    Some(b'n') => b'\n',
                    Some(b't') => b'\t',
                    Some(b'r') => b'\r',
                    Some(b'0') => b' ',
                    Some(other) => other,
                    None => return Ok(()),
                },
                byte if byte == quote && !self.input.next_if(quote)? => return Ok(()),
                byte => byte,
            };
            if self.cell.len() < LONGEST {
                self.cell.push(byte);
            }
        }
        Ok(())
    }

    /// Bytes that are written in hexadecimal, if they are a text.
    fn unhex(&mut self) {
        let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
        let bytes: Option<Vec<u8>> =
            self.cell.chunks(2).map(|pair| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?)).collect();
        self.cell = bytes.filter(|bytes| is_text(bytes)).unwrap_or_default();
    }

    /// Reads rows that stand between tabs, after the first word of the statement.
    fn copy(&mut self, start: usize, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
        let head = self.head(&["FROM"])?;
        let statement = self.rest(start)?;
        let Some((table, named)) = head.filter(|_| statement.to_ascii_lowercase().contains("stdin")) else {
            return Ok(());
        };
        while !matches!(self.take()?, None | Some(b'\n')) {}
        let names = named.or_else(|| self.tables.get(&table).cloned());
        self.give_text(sink);
        self.rows.enter(&table, names.as_deref(), sink);
        while self.line()? {
            self.rows.row(&mut self.row, sink);
            self.count()?;
        }
        Ok(())
    }

    /// Reads a line of values between tabs. False at the line that ends them.
    fn line(&mut self) -> io::Result<bool> {
        self.row.clear();
        let mut place = self.input.place();
        self.cell.clear();
        let mut null = false;
        loop {
            let byte = self.input.next()?;
            match byte {
                Some(b'\t' | b'\n') | None => {
                    if byte.is_none() && self.cell.is_empty() && self.row.places.is_empty() {
                        return Ok(false);
                    }
                    self.row.places.push(place);
                    self.row.cells.push(if null { &[] } else { &self.cell });
                    if byte != Some(b'\t') {
                        return Ok(true);
                    }
                    place = self.input.place();
                    self.cell.clear();
                    null = false;
                }
                Some(b'\\') => {
                    let escaped = match self.input.next()? {
                        Some(b'.') if self.row.places.is_empty() && self.cell.is_empty() => return Ok(false),
                        Some(b'N') => {
                            null = true;
                            continue;
                        }
                        Some(b'n') => b'\n',
                        Some(b't') => b'\t',
                        Some(b'r') => b'\r',
                        Some(other) => other,
                        None => continue,
                    };
                    self.cell.push(escaped);
                }
                Some(b'\r') => {}
                Some(byte) => {
                    if self.cell.len() < LONGEST {
                        self.cell.push(byte);
                    }
                }
            }
        }
    }

    fn count(&mut self) -> Result<(), ReadFailure> {
        self.count += 1;
        if self.count.is_multiple_of(STEP) {
            self.limits.check()?;
        }
        Ok(())
    }

    /// Gives the text that was met so far.
    fn give_text(&mut self, sink: &mut dyn ContentSink) {
        if self.text.iter().any(|byte| !byte.is_ascii_whitespace()) {
            let text = decode_value(&self.text);
            sink.text(TextBlock {
                text: &text,
                core: (0, text.len()),
                first_line: self.text_start.start,
                first_column: self.text_start.start_column,
                at_start: true,
                at_end: true,
            });
        }
        self.text.clear();
    }
}
