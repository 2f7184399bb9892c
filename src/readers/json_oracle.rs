//! The reader of JSON as it reads in the simplest way: one byte after the other, every name and string a text of its own, every
//! path written out. What is fast is held to it.

use super::json_input::{Slice, Stream, Window};
use super::text::{BlockSizes, Blocks};
use super::{JsonError, LinesRead, MAX_DEPTH, Place};
use crate::model::{FieldPath, MemberNames, RecordSink, TextBlock, decode_value};
use memchr::{memchr, memchr2};
use std::io::{self, Read};

/// One step of the path to a value inside a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PathElement {
    /// Member name.
    Name(String),
    /// 0-based array index.
    Index(u64),
}

/// Where a value stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlainPath<'a> {
    pub(crate) record: u64,
    pub(crate) elements: &'a [PathElement],
}

/// Takes what the oracle reads.
pub(crate) trait PlainSink {
    fn value(&mut self, path: PlainPath<'_>, text: &str);
    fn open_object(&mut self);
    fn close_object(&mut self);
    fn text(&mut self, block: TextBlock<'_>);
}

/// Hands on text, the only thing that the reader of text gives.
struct TextOnly<'s>(&'s mut dyn PlainSink, MemberNames);

impl RecordSink for TextOnly<'_> {
    fn names(&mut self) -> &mut MemberNames {
        &mut self.1
    }

    fn value(&mut self, _: FieldPath<'_>, _: &[u8]) {}
    fn open_object(&mut self) {}
    fn close_object(&mut self) {}

    fn text(&mut self, block: TextBlock<'_>) {
        self.0.text(block);
    }
}

fn text(input: impl Read, place: Place, sink: &mut dyn PlainSink) {
    let blocks = Blocks::new(input, BlockSizes::default()).starting_at(place);
    blocks.read_all(&mut TextOnly(sink, MemberNames::default())).expect("memory can be read");
}

/// As [`super::LineReader::read_lines`].
pub(crate) fn lines(chunk: &[u8], first_record: u64, first_line: u64, sink: &mut dyn PlainSink) -> LinesRead {
    let (mut read, mut rest, mut values) = (LinesRead::default(), chunk, ValueReader::default());
    while !rest.is_empty() {
        let end = memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let (line, after) = rest.split_at(end);
        rest = after;
        let (mut input, mut any) = (Slice::new(line), false);
        let fault = loop {
            match values.read(&mut input, first_record + read.records, sink) {
                Ok(true) => any = true,
                Ok(false) => break None,
                Err(fault) => break Some(fault),
            }
        };
        read.records += u64::from(any || fault.is_some());
        match fault {
            None => {}
            Some(Fault::TooDeep) => read.too_deep += 1,
            Some(_) => {
                read.malformed += 1;
                let mut place = Place { line: first_line + read.lines, column: 1 };
                place.advance(&line[..input.resume()]);
                text(line[input.resume()..].trim_ascii_end(), place, sink);
            }
        }
        read.lines += 1;
    }
    read
}

/// As [`super::JsonReader::read_all`], and what is left after a mistake is read as text.
pub(crate) fn document(input: impl Read, sink: &mut dyn PlainSink) -> Result<u64, JsonError> {
    let (mut input, mut values, mut records) = (Stream::new(input, Place::default()), ValueReader::default(), 0);
    loop {
        match values.read(&mut input, records, sink) {
            Ok(true) => records += 1,
            Ok(false) => return Ok(records),
            Err(Fault::Io(error)) => return Err(JsonError::Io(error)),
            Err(fault) => {
                let (offset, place) = input.resume();
                if let Fault::TooDeep = fault {
                    return Err(JsonError::TooDeep { offset });
                }
                text(input.into_rest(), place, sink);
                return Err(JsonError::Malformed { offset, place });
            }
        }
    }
}

/// Longest value that is given in one piece, in bytes.
const VALUE_CAP: usize = 8 * 1024 * 1024;

/// Bytes of a member name that are kept.
const NAME_CAP: usize = 16 * 1024;

/// Literals that hold no text to be searched.
const LITERALS: [&[u8]; 5] = [b"true", b"false", b"null", b"NaN", b"Infinity"];

/// Why a value cannot be read further.
#[derive(Debug)]
enum Fault {
    Io(io::Error),
    Malformed,
    TooDeep,
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What comes next in a value.
enum Next {
    Value,
    Member,
    AfterValue,
}

/// How a string or number stopped.
#[derive(PartialEq)]
enum Stop {
    Done,
    /// As much was read as was to be kept.
    Full,
    /// The input ended inside.
    Cut,
}

/// Buffers that are kept from value to value.
#[derive(Debug, Default)]
struct ValueReader {
    /// One element per open object (the name of its present member) or array (the index of its present element).
    path: Vec<PathElement>,
    /// Strings for names to come.
    spare: Vec<String>,
    scratch: Vec<u8>,
}

impl ValueReader {
    /// Reads the next value, if there is one before the end of the input. Whatever happens, every object that was opened
    /// in the sink is closed.
    fn read<W: Window>(&mut self, input: &mut W, record: u64, sink: &mut dyn PlainSink) -> Result<bool, Fault> {
        if peek(input)?.is_none() {
            return Ok(false);
        }
        let result = self.value(input, record, sink);
        while let Some(element) = self.path.pop() {
            if let PathElement::Name(name) = element {
                self.spare.push(name);
                sink.close_object();
            }
        }
        result.map(|()| true)
    }

    fn value<W: Window>(&mut self, input: &mut W, record: u64, sink: &mut dyn PlainSink) -> Result<(), Fault> {
        let mut next = Next::Value;
        loop {
            let byte = peek(input)?.ok_or(Fault::Malformed)?;
            next = match (next, byte) {
                (Next::Value, b'{') => {
                    input.advance(1);
                    let name = self.spare.pop().unwrap_or_default();
                    self.deepen(PathElement::Name(name))?;
                    sink.open_object();
                    match peek(input)? {
                        Some(b'}') => Next::AfterValue,
                        _ => Next::Member,
                    }
                }
                (Next::Value, b'[') => {
                    input.advance(1);
                    self.deepen(PathElement::Index(0))?;
                    match peek(input)? {
                        Some(b']') => Next::AfterValue,
                        _ => Next::Value,
                    }
                }
                (Next::Value, b'"') => {
                    self.string(input, record, sink)?;
                    Next::AfterValue
                }
                (Next::Value, b'-' | b'0'..=b'9') => {
                    self.number(input, record, sink)?;
                    Next::AfterValue
                }
                (Next::Value, _) => {
                    if !matches!(self.path.last(), Some(PathElement::Name(_))) {
                        input.mark();
                    }
                    literal(input)?;
                    Next::AfterValue
                }
                (Next::Member, b'"') => {
                    // Should the value not be readable, its name belongs to what is read as text.
                    input.mark();
                    self.name(input)?;
                    if peek(input)? != Some(b':') {
                        return Err(Fault::Malformed);
                    }
                    input.advance(1);
                    Next::Value
                }
                (Next::Member, _) => return Err(Fault::Malformed),
                (Next::AfterValue, _) => {
                    let next = self.after_value(byte, sink)?;
                    input.advance(1);
                    next
                }
            };
            if let Next::AfterValue = next {
                input.unmark();
                if self.path.is_empty() {
                    return Ok(());
                }
            }
        }
    }

    /// What `byte`, which follows a value or the start of an empty container, leads to.
    fn after_value(&mut self, byte: u8, sink: &mut dyn PlainSink) -> Result<Next, Fault> {
        Ok(match (self.path.last_mut(), byte) {
            (Some(PathElement::Name(_)), b',') => Next::Member,
            (Some(PathElement::Index(index)), b',') => {
                *index += 1;
                Next::Value
            }
            (Some(PathElement::Name(_)), b'}') => {
                sink.close_object();
                if let Some(PathElement::Name(name)) = self.path.pop() {
                    self.spare.push(name);
                }
                Next::AfterValue
            }
            (Some(PathElement::Index(_)), b']') => {
                self.path.pop();
                Next::AfterValue
            }
            _ => return Err(Fault::Malformed),
        })
    }

    fn deepen(&mut self, element: PathElement) -> Result<(), Fault> {
        if self.path.len() == MAX_DEPTH {
            return Err(Fault::TooDeep);
        }
        self.path.push(element);
        Ok(())
    }

    fn string<W: Window>(&mut self, input: &mut W, record: u64, sink: &mut dyn PlainSink) -> Result<(), Fault> {
        input.advance(1);
        let known = input.bytes();
        if let Some(end) = memchr2(b'"', b'\\', known)
            && known[end] == b'"'
        {
            sink.value(PlainPath { record, elements: &self.path }, &decode_value(&known[..end]));
            input.advance(end + 1);
            return Ok(());
        }
        // From here on parts of the value may be given, which must not be read again as text.
        input.unmark();
        self.scratch.clear();
        loop {
            let stop = self.unescape(input, VALUE_CAP)?;
            let whole = if stop == Stop::Full { whole_characters(&self.scratch) } else { self.scratch.len() };
            if whole > 0 || stop == Stop::Done {
                let text = decode_value(&self.scratch[..whole]);
                sink.value(PlainPath { record, elements: &self.path }, &text);
            }
            match stop {
                Stop::Done => return Ok(()),
                Stop::Cut => return Err(Fault::Malformed),
                Stop::Full => {
                    self.scratch.drain(..whole);
                }
            }
        }
    }

    fn name<W: Window>(&mut self, input: &mut W) -> Result<(), Fault> {
        input.advance(1);
        let Some(PathElement::Name(name)) = self.path.last_mut() else {
            return Err(Fault::Malformed);
        };
        name.clear();
        let known = input.bytes();
        if let Some(end) = memchr2(b'"', b'\\', known)
            && known[end] == b'"'
            && end <= NAME_CAP
        {
            name.push_str(&decode_value(&known[..end]));
            input.advance(end + 1);
            return Ok(());
        }
        self.scratch.clear();
        let mut stop = self.unescape(input, NAME_CAP)?;
        let kept = if stop == Stop::Full { whole_characters(&self.scratch) } else { self.scratch.len() };
        if let Some(PathElement::Name(name)) = self.path.last_mut() {
            name.push_str(&decode_value(&self.scratch[..kept]));
        }
        while stop == Stop::Full {
            self.scratch.clear();
            stop = self.unescape(input, NAME_CAP)?;
        }
        if stop == Stop::Cut { Err(Fault::Malformed) } else { Ok(()) }
    }

    fn number<W: Window>(&mut self, input: &mut W, record: u64, sink: &mut dyn PlainSink) -> Result<(), Fault> {
        let of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let known = input.bytes();
        if let Some(end) = known.iter().position(|byte| !of_number(byte))
            && let Ok(text) = std::str::from_utf8(&known[..end])
            && text != "-"
        {
            sink.value(PlainPath { record, elements: &self.path }, text);
            input.advance(end);
            return Ok(());
        }
        self.scratch.clear();
        loop {
            let known = input.bytes();
            let end = known.iter().position(|byte| !of_number(byte)).unwrap_or(known.len());
            let over = end < known.len();
            self.scratch.extend_from_slice(&known[..end]);
            input.advance(end);
            if over || self.scratch.len() >= VALUE_CAP || !input.refill()? {
                if over && self.scratch == b"-" {
                    return literal(input);
                }
                sink.value(PlainPath { record, elements: &self.path }, &decode_value(&self.scratch));
                return Ok(());
            }
        }
    }

    /// Appends the string that the input stands in to `scratch`, escapes resolved, until that holds `cap` bytes.
    fn unescape<W: Window>(&mut self, input: &mut W, cap: usize) -> Result<Stop, Fault> {
        // End in `scratch` of the mark that a high surrogate left, which a low one right after it completes.
        let mut high: Option<(u32, usize)> = None;
        while self.scratch.len() < cap {
            let known = input.bytes();
            let room = known.len().min(cap - self.scratch.len());
            let Some(end) = memchr2(b'"', b'\\', &known[..room]) else {
                self.scratch.extend_from_slice(&known[..room]);
                input.advance(room);
                if input.bytes().is_empty() && !input.refill()? {
                    return Ok(Stop::Cut);
                }
                continue;
            };
            self.scratch.extend_from_slice(&known[..end]);
            let closed = known[end] == b'"';
            input.advance(end + 1);
            if closed {
                return Ok(Stop::Done);
            }
            let Some(escape) = next(input)? else {
                return Ok(Stop::Cut);
            };
            match escape {
                b'n' => self.scratch.push(b'\n'),
                b't' => self.scratch.push(b'\t'),
                b'r' => self.scratch.push(b'\r'),
                b'b' => self.scratch.push(0x08),
                b'f' => self.scratch.push(0x0C),
                b'u' => {
                    let unit = hexadecimal(input)?;
                    let mut character = char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER);
                    if (0xDC00..0xE000).contains(&unit)
                        && let Some((first, end)) = high
                        && end == self.scratch.len()
                    {
                        self.scratch.truncate(end - char::REPLACEMENT_CHARACTER.len_utf8());
                        let code = 0x1_0000 + ((first - 0xD800) << 10) + (unit - 0xDC00);
                        character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                    }
                    self.scratch.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                    high = (0xD800..0xDC00).contains(&unit).then_some((unit, self.scratch.len()));
                }
                other => self.scratch.push(other),
            }
        }
        Ok(Stop::Full)
    }
}

/// The next byte that is not white space, without taking it.
#[inline]
fn peek<W: Window>(input: &mut W) -> io::Result<Option<u8>> {
    loop {
        let known = input.bytes();
        let blank = known.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
        if let Some(blank) = blank {
            let byte = known[blank];
            input.advance(blank);
            return Ok(Some(byte));
        }
        let length = known.len();
        input.advance(length);
        if !input.refill()? {
            return Ok(None);
        }
    }
}

/// Takes the next byte.
fn next<W: Window>(input: &mut W) -> io::Result<Option<u8>> {
    if input.bytes().is_empty() && !input.refill()? {
        return Ok(None);
    }
    let byte = input.bytes().first().copied();
    input.advance(1);
    Ok(byte)
}

/// Takes up to four hexadecimal digits; whatever else stands there is left.
fn hexadecimal<W: Window>(input: &mut W) -> io::Result<u32> {
    let mut unit = 0;
    for _ in 0..4 {
        if input.bytes().is_empty() && !input.refill()? {
            break;
        }
        let Some(digit) = input.bytes().first().and_then(|byte| char::from(*byte).to_digit(16)) else {
            break;
        };
        unit = unit * 16 + digit;
        input.advance(1);
    }
    Ok(unit)
}

/// Takes a word that stands for no text.
fn literal<W: Window>(input: &mut W) -> Result<(), Fault> {
    let first = input.bytes().first().copied();
    let word = LITERALS.into_iter().find(|word| word.first() == first.as_ref()).ok_or(Fault::Malformed)?;
    for expected in word {
        if input.bytes().is_empty() && !input.refill()? {
            return Err(Fault::Malformed);
        }
        if input.bytes().first() != Some(expected) {
            return Err(Fault::Malformed);
        }
        input.advance(1);
    }
    Ok(())
}

/// Length of `bytes` without a UTF-8 character that is cut off at their end.
fn whole_characters(bytes: &[u8]) -> usize {
    let start = (bytes.len().saturating_sub(3)..bytes.len()).rev().find(|index| bytes[*index] & 0xC0 != 0x80);
    match start {
        Some(start) if start > 0 && bytes[start] >= 0xC0 => start,
        _ => bytes.len(),
    }
}
