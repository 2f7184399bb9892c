//! Reads one JSON value and gives the strings and numbers in it to a sink.
//!
//! The grammar is that of RFC 8259, read generously where the meaning is plain: control characters and unknown escapes in
//! strings stand for themselves, a number is any run of characters that numbers are made of, and the `NaN` and `Infinity`
//! that some programs write are skipped as `null` is. What is lost by refusing such a file is more than what is gained.

use super::json_input::Window;
use crate::model::{FieldPath, MemberId, PathStep, RecordSink};
use memchr::memchr2;
use std::io;

/// Levels of nesting beyond which Macie does not analyse a JSON file.
pub const MAX_DEPTH: usize = 256;

/// Longest value that is given in one piece, in bytes.
const VALUE_CAP: usize = 8 * 1024 * 1024;

/// Bytes of a member name that are kept.
pub(super) const NAME_CAP: usize = 16 * 1024;

/// Literals that hold no text to be searched.
const LITERALS: [&[u8]; 5] = [b"true", b"false", b"null", b"NaN", b"Infinity"];

/// Why a value cannot be read further.
#[derive(Debug)]
pub(super) enum Fault {
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
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
#[derive(Debug)]
pub(super) struct ValueReader {
    /// One step per open object (to its present member) or array (to its present element).
    pub(super) path: Vec<PathStep>,
    /// The members at which the objects and arrays of `path` stand.
    bases: Vec<MemberId>,
    /// The member that the present value belongs to.
    pub(super) here: MemberId,
    scratch: Vec<u8>,
    /// Objects and arrays that may stand inside each other.
    pub(super) levels: usize,
}

impl Default for ValueReader {
    fn default() -> Self {
        Self { path: Vec::new(), bases: Vec::new(), here: MemberId::ROOT, scratch: Vec::new(), levels: MAX_DEPTH }
    }
}

impl ValueReader {
    /// Reads the next value, if there is one before the end of the input. Whatever happens, every object that was opened
    /// in the sink is closed.
    pub(super) fn read<W: Window, S: RecordSink>(
        &mut self,
        input: &mut W,
        record: u64,
        sink: &mut S,
    ) -> Result<bool, Fault> {
        if peek(input)?.is_none() {
            return Ok(false);
        }
        let result = self.value(input, record, sink);
        while let Some(step) = self.path.pop() {
            if let PathStep::Member(_) = step {
                sink.close_object();
            }
        }
        self.bases.clear();
        self.here = MemberId::ROOT;
        result.map(|()| true)
    }

    fn value<W: Window, S: RecordSink>(&mut self, input: &mut W, record: u64, sink: &mut S) -> Result<(), Fault> {
        let mut next = Next::Value;
        loop {
            next = self.plain(input, next, record, sink);
            if next == Next::AfterValue && self.path.is_empty() {
                return Ok(());
            }
            let byte = peek(input)?.ok_or(Fault::Malformed)?;
            next = match (next, byte) {
                (Next::Value, b'{') => {
                    input.advance(1);
                    self.deepen(PathStep::Member(MemberId::ROOT))?;
                    sink.open_object();
                    match peek(input)? {
                        Some(b'}') => Next::AfterValue,
                        _ => Next::Member,
                    }
                }
                (Next::Value, b'[') => {
                    input.advance(1);
                    self.deepen(PathStep::Index(0))?;
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
                    if !matches!(self.path.last(), Some(PathStep::Member(_))) {
                        input.mark();
                    }
                    literal(input)?;
                    Next::AfterValue
                }
                (Next::Member, b'"') => {
                    // Should the value not be readable, its name belongs to what is read as text.
                    input.mark();
                    self.name(input, sink)?;
                    if peek(input)? != Some(b':') {
                        return Err(Fault::Malformed);
                    }
                    input.advance(1);
                    Next::Value
                }
                (Next::Member, _) => return Err(Fault::Malformed),
                (Next::AfterValue, _) => {
                    let next = self.after_value(byte, sink).ok_or(Fault::Malformed)?;
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

    /// The path to the present value.
    #[inline]
    pub(super) fn field(&self, record: u64) -> FieldPath<'_> {
        FieldPath { record, member: self.here, steps: &self.path }
    }

    /// Goes on to the member of the innermost object that has this name.
    pub(super) fn enter(&mut self, name: &[u8], sink: &mut impl RecordSink) {
        if sink.names().is_full() {
            sink.forget_names(&mut self.path);
            self.here = MemberId::ROOT;
            for (base, step) in self.bases.iter_mut().zip(&self.path) {
                *base = self.here;
                if let PathStep::Member(member) = step {
                    self.here = *member;
                }
            }
        }
        if let (Some(PathStep::Member(member)), Some(base)) = (self.path.last_mut(), self.bases.last()) {
            *member = sink.names().member(*base, *member, name);
            self.here = *member;
        }
    }

    /// Goes on to a member of the innermost object if `text`, which starts with its name and a quote, holds one that comes
    /// as expected. Returns the length of name and quote.
    #[inline]
    pub(super) fn enter_expected(&mut self, text: &[u8], sink: &mut impl RecordSink) -> Option<usize> {
        let (Some(PathStep::Member(member)), Some(base)) = (self.path.last_mut(), self.bases.last()) else {
            return None;
        };
        let (expected, length) = sink.names().expected(*base, *member, text)?;
        *member = expected;
        self.here = expected;
        Some(length)
    }

    /// What `byte`, which follows a value or the start of an empty container, leads to; `None` if it may not stand there.
    #[inline]
    pub(super) fn after_value(&mut self, byte: u8, sink: &mut impl RecordSink) -> Option<Next> {
        Some(match (self.path.last_mut(), byte) {
            (Some(PathStep::Member(_)), b',') => Next::Member,
            (Some(PathStep::Index(index)), b',') => {
                *index += 1;
                Next::Value
            }
            (Some(PathStep::Member(_)), b'}') => {
                sink.close_object();
                self.ascend();
                Next::AfterValue
            }
            (Some(PathStep::Index(_)), b']') => {
                self.ascend();
                Next::AfterValue
            }
            _ => return None,
        })
    }

    fn ascend(&mut self) {
        self.path.pop();
        self.here = self.bases.pop().unwrap_or(MemberId::ROOT);
    }

    #[inline]
    pub(super) fn deepen(&mut self, step: PathStep) -> Result<(), Fault> {
        if self.path.len() >= self.levels {
            return Err(Fault::TooDeep);
        }
        self.path.push(step);
        self.bases.push(self.here);
        Ok(())
    }

    fn string<W: Window>(&mut self, input: &mut W, record: u64, sink: &mut impl RecordSink) -> Result<(), Fault> {
        input.advance(1);
        // From here on parts of the value may be given, which must not be read again as text.
        input.unmark();
        self.scratch.clear();
        loop {
            let stop = self.unescape(input, VALUE_CAP)?;
            let whole = if stop == Stop::Full { whole_characters(&self.scratch) } else { self.scratch.len() };
            if whole > 0 || stop == Stop::Done {
                sink.value(self.field(record), &self.scratch[..whole]);
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

    fn name<W: Window>(&mut self, input: &mut W, sink: &mut impl RecordSink) -> Result<(), Fault> {
        input.advance(1);
        self.scratch.clear();
        let mut stop = self.unescape(input, NAME_CAP)?;
        let kept = if stop == Stop::Full { whole_characters(&self.scratch) } else { self.scratch.len() };
        let mut name = std::mem::take(&mut self.scratch);
        self.enter(&name[..kept], sink);
        name.clear();
        self.scratch = name;
        while stop == Stop::Full {
            self.scratch.clear();
            stop = self.unescape(input, NAME_CAP)?;
        }
        if stop == Stop::Cut { Err(Fault::Malformed) } else { Ok(()) }
    }

    fn number<W: Window>(&mut self, input: &mut W, record: u64, sink: &mut impl RecordSink) -> Result<(), Fault> {
        self.scratch.clear();
        loop {
            let known = input.bytes();
            let end = known.iter().position(|byte| !is_of_number(*byte)).unwrap_or(known.len());
            let over = end < known.len();
            self.scratch.extend_from_slice(&known[..end]);
            input.advance(end);
            if over || self.scratch.len() >= VALUE_CAP || !input.refill()? {
                if over && self.scratch == b"-" {
                    return literal(input);
                }
                sink.value(self.field(record), &self.scratch);
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

/// Bytes that numbers are made of.
#[inline]
pub(super) fn is_of_number(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')
}

/// White space between the parts of a value.
#[inline]
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// The next byte that is not white space, without taking it.
#[inline]
fn peek<W: Window>(input: &mut W) -> io::Result<Option<u8>> {
    loop {
        let known = input.bytes();
        let blank = known.iter().position(|byte| !is_blank(*byte));
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
