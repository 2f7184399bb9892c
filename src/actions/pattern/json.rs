//! JSON as it is written: members in order and as often as they are given, numbers in their own notation, every value
//! with its place.

use super::error::PatternError;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Deeper nesting than this is refused, so that nothing that walks the tree can exhaust the stack.
const DEEPEST: usize = 100;

/// A value and where it stands.
#[derive(Debug)]
pub(super) struct Node<'t> {
    /// Byte offset of its first character.
    pub(super) at: usize,
    /// As it is written.
    pub(super) written: &'t str,
    /// What it is.
    pub(super) value: Value<'t>,
}

/// The kinds of value.
#[derive(Debug)]
pub(super) enum Value<'t> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it is written.
    Number,
    /// A string, escapes resolved.
    Text(String),
    /// An array.
    List(Vec<Node<'t>>),
    /// An object.
    Object(Vec<(String, Node<'t>)>),
}

impl Node<'_> {
    /// What the value is, for a message.
    pub(super) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number => "a number",
            Value::Text(_) => "a string",
            Value::List(_) => "an array",
            Value::Object(_) => "an object",
        }
    }
}

/// Reads one JSON text (RFC 8259).
pub(super) fn parse(text: &str) -> Result<Node<'_>, PatternError> {
    let whole: &RawValue = serde_json::from_str(text).map_err(|error| syntax(text, text, &error))?;
    read(text, whole.get(), 0)
}

fn read<'t>(text: &'t str, written: &'t str, depth: usize) -> Result<Node<'t>, PatternError> {
    let at = written.as_ptr() as usize - text.as_ptr() as usize;
    if depth > DEEPEST {
        let reason = format!("values are nested more than {DEEPEST} deep");
        return Err(PatternError::at(text, at, String::new(), reason));
    }
    let wrong = |error: serde_json::Error| syntax(text, written, &error);
    let value = match written.as_bytes().first() {
        Some(b'{') => {
            let Members(members) = serde_json::from_str(written).map_err(wrong)?;
            let read = |(name, raw): (String, &'t RawValue)| Ok((name, read(text, raw.get(), depth + 1)?));
            Value::Object(members.into_iter().map(read).collect::<Result<_, _>>()?)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(written).map_err(wrong)?;
            Value::List(items.into_iter().map(|raw| read(text, raw.get(), depth + 1)).collect::<Result<_, _>>()?)
        }
        Some(b'"') => Value::Text(serde_json::from_str(written).map_err(wrong)?),
        Some(b't') => Value::Bool(true),
        Some(b'f') => Value::Bool(false),
        Some(b'n') => Value::Null,
        _ => Value::Number,
    };
    Ok(Node { at, written, value })
}

/// The parser's words, at the place in the whole text.
fn syntax(text: &str, part: &str, error: &serde_json::Error) -> PatternError {
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or_default();
    let lines = part.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    let mut offset = (start + lines + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    PatternError::at(text, offset, String::new(), format!("this is not JSON: {reason}"))
}

/// The members of an object, also those whose name is given more than once.
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Deserialize<'t> for Members<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'t> Visitor<'t> for Collect {
            type Value = Members<'t>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Members<'t>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_given_twice_and_notations_of_numbers_survive() {
        let text = r#"{"a": [1.0, 1e0], "a": "\u00e9"}"#;
        let node = parse(text).unwrap();
        let Value::Object(members) = node.value else { panic!() };
        assert_eq!(members.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a", "a"]);
        let Value::List(numbers) = &members[0].1.value else { panic!() };
        assert_eq!(numbers.iter().map(|number| number.written).collect::<Vec<_>>(), ["1.0", "1e0"]);
        assert!(matches!(&members[1].1.value, Value::Text(text) if text == "é"));
        assert_eq!(&text[members[1].1.at..], r#""\u00e9"}"#);
    }

    #[test]
    fn a_break_of_the_grammar_has_a_place() {
        for (text, line, column) in [
            ("{\"a\": [1, 2 3]}", 1, 13),
            ("{\n  \"a\": x}", 2, 8),
            ("{} {}", 1, 4),
            ("[\"\\ud800\"]", 1, 2),
            ("", 1, 1),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.line, line, "{text}: {error}");
            assert!(error.column.abs_diff(column) <= 8 && error.reason.contains("not JSON"), "{text}: {error}");
        }
    }

    #[test]
    fn deep_nesting_is_refused() {
        let error = parse(&("[".repeat(10_000) + &"]".repeat(10_000))).unwrap_err();
        assert!(error.reason.contains("nested"), "{error}");
    }
}
