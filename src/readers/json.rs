//! Reads a JSON document of any size, giving its strings and numbers to a sink.

use super::Place;
use super::json_input::Stream;
use super::json_value::{Fault, ValueReader};
use crate::model::RecordSink;
use std::io::{self, Read};

/// Why a [`JsonReader`] did not reach the end of its input.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// The input could not be read further; all that was read before has been given.
    #[error("reading failed: {0}")]
    Io(#[from] io::Error),
    /// Nested deeper than is allowed: [`MAX_DEPTH`](super::MAX_DEPTH) unless said otherwise.
    #[error("nested too deep at byte {offset}")]
    TooDeep {
        /// Offset in the input.
        offset: u64,
    },
    /// Not JSON. [`JsonReader::into_rest`] gives what has not been given to the sink.
    #[error("not JSON at line {}, column {}", place.line, place.column)]
    Malformed {
        /// Offset in the input at which the rest starts.
        offset: u64,
        /// Place at which the rest starts.
        place: Place,
    },
}

/// Reads JSON values one after the other (one in a document, but several are taken too), in memory bounded by the longest
/// value that is given in one piece (8 MiB).
///
/// Strings are given unescaped and numbers as they are written; `true`, `false` and `null` are skipped, and so are member
/// names, which are parts of paths. A string longer than 8 MiB comes in pieces, under the same path.
#[derive(Debug)]
pub struct JsonReader<R> {
    input: Stream<R>,
    values: ValueReader,
    records: u64,
}

impl<R: Read> JsonReader<R> {
    /// A reader of the document that `input` gives.
    pub fn new(input: R) -> Self {
        Self::starting_at(input, 0, Place::default())
    }

    /// A reader of the rest of an object, which starts at `place` and whose first value is the 0-based `record`.
    pub fn starting_at(input: R, record: u64, place: Place) -> Self {
        Self { input: Stream::new(input, place), values: ValueReader::default(), records: record }
    }

    /// The same for a document in which so many objects and arrays may stand inside each other.
    #[must_use]
    pub fn with_levels(mut self, levels: usize) -> Self {
        self.values.levels = levels;
        self
    }

    /// Reads to the end and tells the number of records up to there: 1 for a document.
    pub fn read_all<S: RecordSink>(&mut self, sink: &mut S) -> Result<u64, JsonError> {
        loop {
            match self.values.read(&mut self.input, self.records, sink) {
                Ok(true) => self.records += 1,
                Ok(false) => return Ok(self.records),
                Err(Fault::Io(error)) => return Err(JsonError::Io(error)),
                Err(fault) => {
                    let (offset, place) = self.input.resume();
                    return Err(match fault {
                        Fault::TooDeep => JsonError::TooDeep { offset },
                        _ => JsonError::Malformed { offset, place },
                    });
                }
            }
        }
    }

    /// After [`JsonError::Malformed`], what has not been given to the sink, from the place in the error on.
    pub fn into_rest(self) -> impl Read {
        self.input.into_rest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::testing::{Fields, Trickle};
    use proptest::prelude::*;
    use serde_json::Value;

    fn read(text: &[u8]) -> (Vec<String>, Result<u64, JsonError>, String) {
        let mut fields = Fields::default();
        let mut reader = JsonReader::new(Trickle(text, 3));
        let result = reader.read_all(&mut fields);
        assert_eq!(fields.open, 0, "every object that was opened is closed");
        let mut rest = Vec::new();
        reader.into_rest().read_to_end(&mut rest).expect("memory can be read");
        (fields.values, result, String::from_utf8_lossy(&rest).into_owned())
    }

    #[test]
    fn strings_and_numbers_come_with_their_paths_in_order() {
        let text = br#" {"name": [{"family": "Doe", "given": ["J", "K"]}], "n": -1.50e3, "t": true, "z": null, "e": {}, "a": []} "#;
        let (values, result, _) = read(text);
        assert_eq!(
            values,
            ["0 $.name[0].family=Doe", "0 $.name[0].given[0]=J", "0 $.name[0].given[1]=K", "0 $.n=-1.50e3"]
        );
        assert_eq!(result.expect("the document is whole"), 1);
    }

    #[test]
    fn escapes_are_resolved_and_halves_of_characters_are_not_lost() {
        let (values, _, _) = read(br#"["a\"b\\\/\n\u00e9", "\ud83d\ude00", "\ud83dx", "\udE00", "\q\u12"]"#);
        assert_eq!(
            values,
            ["0 $[0]=a\"b\\/\n\u{e9}", "0 $[1]=\u{1f600}", "0 $[2]=\u{fffd}x", "0 $[3]=\u{fffd}", "0 $[4]=q\u{12}"]
        );
    }

    #[test]
    fn several_documents_are_records() {
        let (values, result, _) = read(b"{\"a\":1}\n{\"a\":2} [3]");
        assert_eq!(values, ["0 $.a=1", "1 $.a=2", "2 $[0]=3"]);
        assert_eq!(result.expect("all is JSON"), 3);
    }

    #[test]
    fn what_follows_a_mistake_is_left_for_a_text_reader_with_the_name_it_belongs_to() {
        let (values, result, rest) = read(b"{\"a\": 1,\n \"ssn\": oops 123-45-6789}");
        assert_eq!(values, ["0 $.a=1"]);
        assert!(matches!(result, Err(JsonError::Malformed { offset: 10, place: Place { line: 2, column: 2 } })));
        assert_eq!(rest, "\"ssn\": oops 123-45-6789}");
    }

    #[test]
    fn a_document_that_is_cut_off_gives_all_that_is_there() {
        let (values, result, rest) = read(br#"{"a": "x", "b": "123-45"#);
        assert_eq!(values, ["0 $.a=x", "0 $.b=123-45"]);
        assert!(matches!(result, Err(JsonError::Malformed { offset: 23, .. })));
        assert_eq!(rest, "");
    }

    #[test]
    fn nesting_is_read_to_the_limit_of_macie_and_no_further() {
        let nested = |depth: usize| ["[".repeat(depth), "1".to_owned(), "]".repeat(depth)].concat();
        assert_eq!(read(nested(256).as_bytes()).1.expect("256 levels are allowed"), 1);
        assert!(matches!(read(nested(257).as_bytes()).1, Err(JsonError::TooDeep { .. })));
        assert!(matches!(read("{\"a\":".repeat(100_000).as_bytes()).1, Err(JsonError::TooDeep { .. })));
    }

    #[test]
    fn a_value_that_does_not_fit_in_memory_comes_in_pieces() {
        let input = b"[\"".chain(io::repeat(b'x').take(20_000_000)).chain(b"\"]".as_slice());
        let mut fields = Fields::default();
        JsonReader::new(input).read_all(&mut fields).expect("the document is whole");
        assert_eq!(fields.values.len(), 3);
        assert_eq!(fields.values.iter().map(|value| value.len() - "0 $[0]=".len()).sum::<usize>(), 20_000_000);
    }

    #[test]
    fn an_endless_member_name_is_cut() {
        let input = b"{\"".chain(io::repeat(b'x').take(1_000_000)).chain(b"\":1}".as_slice());
        let mut fields = Fields::default();
        JsonReader::new(input).read_all(&mut fields).expect("the document is whole");
        assert!(fields.values[0].len() < 20_000);
    }

    fn document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 60, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                prop::collection::hash_map(any::<String>(), inner, 0..8)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn leaves(value: &Value, path: &str, all: &mut Vec<String>) {
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) => all.push(format!("0 {path}={number}")),
            Value::String(text) => all.push(format!("0 {path}={text}")),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    leaves(item, &format!("{path}[{index}]"), all);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    leaves(member, &format!("{path}.{name}"), all);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_document_gives_the_leaves_that_a_whole_file_parser_sees(document in document(), pretty: bool) {
            let text = if pretty { serde_json::to_string_pretty(&document) } else { serde_json::to_string(&document) };
            let (values, result, _) = read(text.expect("a value can be written").as_bytes());
            let mut expected = Vec::new();
            leaves(&document, "$", &mut expected);
            prop_assert_eq!(values, expected);
            prop_assert_eq!(result.ok(), Some(1));
        }

        #[test]
        fn no_input_breaks_the_reader_and_the_rest_is_where_the_error_says(
            text in "([\\[\\]{}:,\"\\\\ \n]|\"a\":|null|-?[0-9]{1,3}|tru|\\\\u[0-9a-f]{2,4}|\u{e9}){0,30}",
        ) {
            let (_, result, rest) = read(text.as_bytes());
            if let Err(JsonError::Malformed { offset, place }) = result {
                let before = &text[..offset as usize];
                prop_assert_eq!(rest, &text[offset as usize..]);
                prop_assert_eq!(place.line, before.matches('\n').count() as u64 + 1);
                let column = before.chars().rev().take_while(|character| *character != '\n').count() as u64 + 1;
                prop_assert_eq!(place.column, column);
            }
        }
    }
}
