//! The plain part of JSON: everything that lies in memory as it is meant. Strings without escapes are slices of the text.
//!
//! [`ValueReader::plain`] goes as far as that is so. What it stops at (an escape, a mistake, the end of what is known) is read
//! by the general code, which then calls it again.

use super::json_input::Window;
use super::json_value::{NAME_CAP, Next, ValueReader, is_blank, is_of_number};
use crate::model::{MemberId, PathStep, RecordSink};
use memchr::memchr2;

/// How far plain text went.
struct Plain {
    /// Bytes taken.
    taken: usize,
    next: Next,
    /// Where the name starts of the member whose value, or the first value inside of it, comes next.
    mark: Option<usize>,
    /// A value has ended: what was marked before is past.
    past_value: bool,
}

impl Plain {
    #[inline]
    fn after_value(&mut self, taken: usize) {
        *self = Self { taken, next: Next::AfterValue, mark: None, past_value: true };
    }
}

impl ValueReader {
    /// Reads on as long as all is plain. Returns what comes next; after the end of the outermost value, that is
    /// [`Next::AfterValue`] with an empty path.
    #[inline]
    pub(super) fn plain<W: Window, S: RecordSink>(
        &mut self,
        input: &mut W,
        next: Next,
        record: u64,
        sink: &mut S,
    ) -> Next {
        let plain = self.plain_bytes(input.bytes(), next, record, sink);
        if let Some(mark) = plain.mark {
            input.advance(mark);
            input.mark();
            input.advance(plain.taken - mark);
        } else {
            input.advance(plain.taken);
            if plain.past_value {
                input.unmark();
            }
        }
        plain.next
    }

    /// As [`Self::plain`], on `bytes`.
    fn plain_bytes<S: RecordSink>(&mut self, bytes: &[u8], next: Next, record: u64, sink: &mut S) -> Plain {
        let mut plain = Plain { taken: 0, next, mark: None, past_value: false };
        loop {
            let at = skip_blanks(bytes, plain.taken);
            let Some(&byte) = bytes.get(at) else { break };
            match (plain.next, byte) {
                (Next::Member, b'"') => {
                    let Some(value) = self.plain_member(bytes, at + 1, sink) else { break };
                    (plain.taken, plain.next, plain.mark) = (value, Next::Value, Some(at));
                }
                (Next::Value, b'"') => {
                    let Some(length) = plain_length(&bytes[at + 1..]) else { break };
                    sink.value(self.field(record), &bytes[at + 1..at + 1 + length]);
                    plain.after_value(at + length + 2);
                }
                (Next::AfterValue, _) => {
                    let Some(after) = self.after_value(byte, sink) else { break };
                    (plain.taken, plain.next) = (at + 1, after);
                }
                (Next::Value, b'-' | b'0'..=b'9') => {
                    let Some(length) = bytes[at..].iter().position(|byte| !is_of_number(*byte)) else { break };
                    let number = &bytes[at..at + length];
                    if number == b"-" {
                        break;
                    }
                    sink.value(self.field(record), number);
                    plain.after_value(at + length);
                }
                (Next::Value, b'{' | b'[') => {
                    // An empty container is closed at once: without the byte after the opening one there is no going on.
                    let inside = skip_blanks(bytes, at + 1);
                    let Some(&first) = bytes.get(inside) else { break };
                    let object = byte == b'{';
                    let step = if object { PathStep::Member(MemberId::ROOT) } else { PathStep::Index(0) };
                    if self.deepen(step).is_err() {
                        break;
                    }
                    if object {
                        sink.open_object();
                    }
                    match (object, first) {
                        (true, b'}') | (false, b']') => plain.after_value(inside),
                        (true, _) => (plain.taken, plain.next) = (inside, Next::Member),
                        (false, _) => (plain.taken, plain.next) = (inside, Next::Value),
                    }
                }
                (Next::Value, b't' | b'f' | b'n') => {
                    let words: [&[u8]; 3] = [b"true", b"false", b"null"];
                    let Some(word) = words.into_iter().find(|word| bytes[at..].starts_with(word)) else { break };
                    plain.after_value(at + word.len());
                }
                _ => break,
            }
            if plain.next == Next::AfterValue && self.path.is_empty() {
                break;
            }
        }
        plain
    }

    /// Reads the name of a member, which starts at `start`, and the colon after it. Returns where the value may start.
    #[inline]
    fn plain_member<S: RecordSink>(&mut self, bytes: &[u8], start: usize, sink: &mut S) -> Option<usize> {
        let rest = &bytes[start..];
        let length = if let Some(length) = self.enter_expected(rest, sink) {
            length
        } else {
            let length = plain_length(rest).filter(|length| *length <= NAME_CAP)?;
            self.enter(&rest[..length], sink);
            length + 1
        };
        let colon = skip_blanks(bytes, start + length);
        (bytes.get(colon) == Some(&b':')).then_some(colon + 1)
    }
}

#[inline]
fn skip_blanks(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while bytes.get(at).is_some_and(|byte| is_blank(*byte)) {
        at += 1;
    }
    at
}

/// Length of the string that `bytes` starts with, if it ends in them and holds no escape.
#[inline]
fn plain_length(bytes: &[u8]) -> Option<usize> {
    // Most strings are short: eight bytes at once need no call.
    const SHORT: usize = 8;
    for (index, word) in bytes.chunks_exact(8).take(SHORT).enumerate() {
        let word = u64::from_le_bytes(word.try_into().unwrap_or_default());
        let found =
            zero_bytes(word ^ u64::from_le_bytes([b'"'; 8])) | zero_bytes(word ^ u64::from_le_bytes([b'\\'; 8]));
        if found != 0 {
            let end = index * 8 + found.trailing_zeros() as usize / 8;
            return (bytes[end] == b'"').then_some(end);
        }
    }
    let seen = bytes.len().min(8 * SHORT) & !7;
    let end = seen + memchr2(b'"', b'\\', &bytes[seen..])?;
    (bytes[end] == b'"').then_some(end)
}

/// The highest bit of every byte that is 0; bytes above the first one that is 0 may be marked wrongly.
#[inline]
fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(u64::from_le_bytes([0x01; 8])) & !word & u64::from_le_bytes([0x80; 8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_plain_string_ends_at_the_first_quote_unless_an_escape_comes_before(
            text in r#"[a-c!é]{0,90}(\\"|\\\\)?[a!"\\]{0,20}"#,
        ) {
            let bytes = text.as_bytes();
            let end = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\'));
            prop_assert_eq!(plain_length(bytes), end.filter(|end| bytes[*end] == b'"'));
        }
    }
}
