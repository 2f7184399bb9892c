//! YAML: its source as running text, in which the keys on the way to a scalar name it.

use super::passages::PassageWriter;
use crate::model::{ContentSink, decode_value};
use crate::readers::{Block, BlockSizes, Blocks};
use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use std::io::{self, Read};
use std::ops::Range;

/// Longest document in bytes whose keys are told; a longer one is running text.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Bytes of text added at a time where there are no scalars.
const STEP: usize = 32 * 1024;

/// Reads the documents that `input` gives.
pub fn read(mut input: impl Read, sink: &mut dyn ContentSink) -> io::Result<()> {
    let mut bytes = Vec::new();
    let outcome = (&mut input).take(LONGEST + 1).read_to_end(&mut bytes);
    if bytes.len() as u64 > LONGEST {
        let mut blocks = Blocks::new(bytes.as_slice().chain(input), BlockSizes::default());
        let mut block = Block::default();
        while blocks.next_block(&mut block)? {
            sink.text(block.as_text_block());
        }
        return Ok(());
    }
    let text = decode_value(&bytes);
    let mut documents =
        Documents { text: &text, added: 0, characters: 0, writer: PassageWriter::new(sink), open: Vec::new() };
    for event in Parser::new_from_iter(text.chars()) {
        // What cannot be parsed is still text.
        let Ok((event, span)) = event else { break };
        documents.event(&event, span);
    }
    documents.finish();
    outcome.map(|_| ())
}

/// A mapping or a sequence that is open.
enum Node {
    /// With the key whose value comes next.
    Mapping(Option<String>),
    Sequence,
}

struct Documents<'t, 's> {
    text: &'t str,
    /// Bytes and characters of the text that have been added.
    added: usize,
    characters: usize,
    writer: PassageWriter<'s>,
    open: Vec<Node>,
}

impl Documents<'_, '_> {
    fn event(&mut self, event: &Event<'_>, span: Span) {
        match event {
            Event::MappingStart(..) => {
                self.add_to(span.start.index());
                self.node_starts();
                let here = self.writer.offset();
                self.writer.open_at(here);
                self.open.push(Node::Mapping(None));
            }
            Event::SequenceStart(..) => {
                self.node_starts();
                self.open.push(Node::Sequence);
            }
            Event::MappingEnd => {
                self.writer.close();
                self.open.pop();
                self.node_ends();
            }
            Event::SequenceEnd => {
                self.open.pop();
                self.node_ends();
            }
            Event::Scalar(value, style, ..) => self.scalar(value, *style, span),
            Event::Alias(_) => {
                self.node_starts();
                self.node_ends();
            }
            _ => {}
        }
    }

    /// A value begins: below its key, if it is a member of a mapping. A key that is no scalar has no name.
    fn node_starts(&mut self) {
        if let Some(Node::Mapping(key)) = self.open.last_mut() {
            let name = key.get_or_insert_default();
            self.writer.enter(name);
        }
    }

    fn node_ends(&mut self) {
        if let Some(Node::Mapping(key)) = self.open.last_mut() {
            *key = None;
            self.writer.leave();
        }
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, span: Span) {
        if let Some(Node::Mapping(key @ None)) = self.open.last_mut() {
            *key = Some(value.to_owned());
            return;
        }
        self.add_to(span.start.index());
        let start = self.writer.offset();
        self.node_starts();
        self.add_to(span.end.index());
        let end = self.writer.offset();
        let value = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => inside_quotes(self.writer.slice(&(start..end))),
            _ => 0..end - start,
        };
        self.writer.value(start + value.start..start + value.end);
        self.node_ends();
        self.writer.pause();
    }

    /// Adds the text before that character.
    fn add_to(&mut self, character: usize) {
        let rest = &self.text[self.added..];
        let wanted = character.saturating_sub(self.characters);
        let length = rest.char_indices().nth(wanted).map_or(rest.len(), |(at, _)| at);
        self.writer.line_text(&rest[..length]);
        self.added += length;
        self.characters += wanted;
    }

    fn finish(mut self) {
        let mut rest = &self.text[self.added..];
        while !rest.is_empty() {
            let step = rest.char_indices().map(|(at, _)| at).take_while(|at| *at <= STEP).last().unwrap_or(0);
            let (piece, after) = if rest.len() > STEP && step > 0 { rest.split_at(step) } else { (rest, "") };
            self.writer.line_text(piece);
            self.writer.pause();
            rest = after;
        }
        self.writer.finish();
    }
}

/// What stands between the quotes with which `text` begins: in single ones a doubled quote stands for one, in double ones a
/// backslash is in front of those that do not end it (YAML 1.2.2, 7.3).
fn inside_quotes(text: &str) -> Range<usize> {
    let mut characters = text.char_indices();
    let Some((_, quote)) = characters.next() else { return 0..0 };
    while let Some((at, character)) = characters.next() {
        if character == '\\' && quote == '"' {
            characters.next();
        } else if character == quote {
            if quote == '"' || !text[at + 1..].starts_with('\'') {
                return quote.len_utf8()..at;
            }
            characters.next();
        }
    }
    quote.len_utf8()..text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::gathered::Gathered;
    use proptest::prelude::*;

    fn gather(document: &str) -> Gathered {
        let mut gathered = Gathered::default();
        read(document.as_bytes(), &mut gathered).expect("memory can be read");
        assert_eq!(gathered.text, document, "the source is the text");
        gathered
    }

    #[test]
    fn keys_name_scalars_and_the_source_stays_as_it_is() {
        let gathered = gather(
            "# SSN below\npeople:\n  - name: \"Jane Roe\"\n    ids: {ssn: 219-09-4821, other: [1, '2']}\n---\nnote: |\n  one\n  two\n",
        );
        assert_eq!(
            gathered.values,
            [
                "3:12 people.name=Jane Roe",
                "4:16 people.ids.ssn=219-09-4821",
                "4:37 people.ids.other=1",
                "4:41 people.ids.other=2",
                "7:3 note=one\n  two\n",
            ]
        );
        assert_eq!(gathered.open, 0);
    }

    #[test]
    fn a_quote_in_a_quoted_scalar_does_not_end_it() {
        let gathered = gather("a: 'it''s' # it's\nb: \"say \\\"x\\\"\" # \"\n");
        assert_eq!((gathered.value_at("a"), gathered.value_at("b")), ("it''s", "say \\\"x\\\""));
    }

    #[test]
    fn what_is_no_yaml_is_text() {
        let gathered = gather("a: 1\nb: [1, 2\nc: }\n\tx: \u{e9}\n");
        assert_eq!(gathered.value_at("a"), "1");
    }

    #[test]
    fn deep_nesting_is_read() {
        gather(&"[".repeat(20_000));
        gather(&"- ".repeat(5_000));
    }

    proptest! {
        #[test]
        fn every_scalar_of_a_random_document_is_found_where_it_stands(
            people in prop::collection::vec(("[a-z\u{e9}]{1,9}", 100..999_u32, any::<bool>()), 1..20),
        ) {
            let (mut document, mut expected) = (String::from("people:\n"), Vec::new());
            for (index, (name, number, quoted)) in people.iter().enumerate() {
                let line = 2 + 2 * index;
                let quote = if *quoted { "'" } else { "" };
                document.extend([format!("  - \u{e9} name: {quote}x{name}{quote} # {name}\n    number: {number}\n")]);
                expected.push(format!("{line}:{} people.\u{e9} name=x{name}", 13 + quote.len()));
                expected.push(format!("{}:13 people.number={number}", line + 1));
            }
            prop_assert_eq!(gather(&document).values, expected);
        }

        #[test]
        fn no_input_breaks_the_reader(document in "[-:?\\[\\]{},&*!|>'\"%@# a-c0\n\t]{0,80}") {
            gather(&document);
        }
    }
}
