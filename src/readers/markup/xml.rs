//! XML: a value counts by the names of its element, of the elements around it and of its attribute.

use super::passages::{LONGEST_VALUE, PassageWriter};
use super::recorded::Recorded;
use super::reference::write_unescaped;
use super::tag::{Attribute, Tag};
use super::utf8::Utf8;
use crate::model::{ContentSink, decode_value};
use crate::readers::Place;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::{self, Read};

/// Attributes that hold the value of their element (HL7 FHIR, HL7 version 3, .NET configuration).
const VALUES: &[&str] = &["value", "val", "content", "data", "text"];

/// Organisations that issue identifiers, by the object identifiers under which HL7's registry lists them, and what they
/// issue: an `id` of HL7 version 3 has such a number as its `root` and the issued value as its `extension`.
const ISSUERS: &[(&str, &str)] = &[
    ("2.16.840.1.113883.4.1", "social security number"),
    ("2.16.840.1.113883.4.2", "employer identification number"),
    ("2.16.840.1.113883.4.6", "national provider identifier"),
    ("2.16.840.1.113883.4.338", "payer identifier"),
    ("2.16.840.1.113883.4.572", "medicare beneficiary identifier"),
    ("2.16.840.1.113883.4.814", "drug enforcement administration registration number"),
    ("2.16.840.1.113883.2.1.4.1", "nhs number"),
];

/// Issuers of driving licences: one number below it for each of the United States.
const DRIVING_LICENCES: &str = "2.16.840.1.113883.4.3.";

/// Reads the document that `input` gives, in UTF-8 or the bytes that [`decode_value`] takes for characters.
pub fn read(input: impl Read, sink: &mut dyn ContentSink) -> io::Result<()> {
    let mut reader = Reader::from_reader(Recorded::new(Utf8::new(input)));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut document = Document { writer: PassageWriter::new(sink), open: Vec::new(), deeper: 0, gap: Gap::None };
    let mut buffer = Vec::new();
    let broken = loop {
        buffer.clear();
        let outcome = reader.read_event_into(&mut buffer);
        let event = match outcome {
            Ok(Event::Eof) => break false,
            Ok(event) => Piece::of(&event),
            Err(_) => break true,
        };
        let (raw, place) = reader.get_mut().take();
        document.piece(event, &raw, place);
        if document.open.last().is_none_or(|element| element.text.is_none()) {
            document.writer.pause();
        }
    };
    document.deeper = 0;
    while !document.open.is_empty() {
        document.end();
    }
    document.writer.finish();
    if broken { reader.into_inner().rest_as_text(sink) } else { Ok(()) }
}

/// What a piece of the source is.
#[derive(Clone, Copy)]
enum Piece {
    Start,
    Empty,
    End,
    /// Text, or a reference to a character.
    Text,
    CData,
    /// A comment, an instruction, a declaration: text that belongs to no element.
    Aside,
}

impl Piece {
    fn of(event: &Event<'_>) -> Self {
        match event {
            Event::Start(_) => Self::Start,
            Event::Empty(_) => Self::Empty,
            Event::End(_) => Self::End,
            Event::CData(_) => Self::CData,
            Event::Text(_) | Event::GeneralRef(_) => Self::Text,
            _ => Self::Aside,
        }
    }
}

/// What stands between two texts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Nothing.
    None,
    /// A tag.
    Tag,
    /// Tags and white space.
    Space,
    /// Tags and a line end.
    Line,
}

/// An element that is open.
struct Element {
    /// It has been found to hold elements.
    is_object: bool,
    /// Where its own text started that has not been marked as a value.
    text: Option<usize>,
}

/// Elements inside each other that are told apart.
const MOST_OPEN: usize = 100_000;

struct Document<'s> {
    writer: PassageWriter<'s>,
    open: Vec<Element>,
    /// Elements below those.
    deeper: u64,
    gap: Gap,
}

impl Document<'_> {
    fn piece(&mut self, piece: Piece, raw: &[u8], place: Place) {
        match piece {
            Piece::Start => self.start(raw, place),
            Piece::Empty => {
                self.start(raw, place);
                self.end();
            }
            Piece::End => self.end(),
            Piece::Text => self.text(raw, place, true),
            Piece::CData => {
                let inner = raw.strip_prefix(b"<![CDATA[").unwrap_or(raw);
                let mut start = place;
                start.advance(&raw[..raw.len() - inner.len()]);
                self.text(inner.strip_suffix(b"]]>").unwrap_or(inner), start, false);
            }
            Piece::Aside => {
                self.mark_text();
                self.separate('\n');
                self.writer.text(&decode_value(raw), place);
                self.gap = Gap::Line;
            }
        }
    }

    fn start(&mut self, raw: &[u8], place: Place) {
        self.mark_text();
        if let Some(parent) = self.open.last_mut()
            && !std::mem::replace(&mut parent.is_object, true)
        {
            let here = self.writer.offset();
            self.writer.open_at(here);
        }
        self.gap = self.gap.max_of(Gap::Tag);
        if self.open.len() >= MOST_OPEN {
            self.deeper += 1;
            return;
        }
        let tag = Tag::read(raw);
        self.writer.enter(&decode_value(local_name(&raw[tag.name.clone()])));
        self.open.push(Element { is_object: false, text: None });
        self.attributes(raw, &tag, place);
    }

    /// The attributes of an element are an object; one that holds the element's value belongs to that around it.
    fn attributes(&mut self, raw: &[u8], tag: &Tag, place: Place) {
        let issued = issuer(raw, tag);
        let name = |attribute: &Attribute| decode_value(local_name(&raw[attribute.name.clone()])).to_lowercase();
        let is_value = |attribute: &Attribute| {
            let name = name(attribute);
            VALUES.contains(&name.as_str()) || (issued.is_some() && name == "extension")
        };
        let (values, others): (Vec<_>, Vec<_>) = tag.attributes.iter().partition(|attribute| is_value(attribute));
        let others: Vec<_> =
            others.into_iter().filter(|attribute| !is_name_space(&raw[attribute.name.clone()])).collect();
        if !others.is_empty() {
            let here = self.writer.offset();
            self.writer.open_at(here);
        }
        for attribute in &others {
            self.writer.enter(&decode_value(local_name(&raw[attribute.name.clone()])));
            self.attribute(raw, attribute, place);
            self.writer.leave();
        }
        if !others.is_empty() {
            self.writer.close();
        }
        for attribute in values {
            if let Some(issuer) = issued {
                self.writer.enter(issuer);
            }
            self.attribute(raw, attribute, place);
            if issued.is_some() {
                self.writer.leave();
            }
        }
    }

    fn attribute(&mut self, raw: &[u8], attribute: &Attribute, mut place: Place) {
        place.advance(&raw[..attribute.value.start]);
        self.fill_gap();
        let start = self.writer.offset();
        write_unescaped(&mut self.writer, &raw[attribute.value.clone()], place);
        self.writer.value_from(start);
        self.gap = Gap::Space;
    }

    fn end(&mut self) {
        self.mark_text();
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if let Some(element) = self.open.pop() {
            if element.is_object {
                self.writer.close();
            }
            self.writer.leave();
        }
        self.gap = self.gap.max_of(Gap::Tag);
    }

    fn text(&mut self, raw: &[u8], place: Place, escaped: bool) {
        if raw.trim_ascii().is_empty() && self.gap != Gap::None {
            let gap = if raw.contains(&b'\n') { Gap::Line } else { Gap::Space };
            self.gap = self.gap.max_of(if raw.is_empty() { Gap::None } else { gap });
            return;
        }
        let apart =
            self.writer.last().is_none_or(char::is_whitespace) || raw.first().is_some_and(u8::is_ascii_whitespace);
        if self.gap == Gap::Tag && apart {
            self.gap = Gap::None;
        }
        self.fill_gap();
        let start = self.writer.offset();
        if escaped {
            write_unescaped(&mut self.writer, raw, place);
        } else {
            self.writer.text(&decode_value(raw), place);
        }
        let end = self.writer.offset();
        if let Some(element) = self.open.last_mut() {
            let start = *element.text.get_or_insert(start);
            element.text = element.text.filter(|_| end - start <= LONGEST_VALUE);
        }
    }

    /// Marks the text of the present element as its value.
    fn mark_text(&mut self) {
        if let Some(start) = self.open.last_mut().and_then(|element| element.text.take()) {
            self.writer.value_from(start);
        }
    }

    fn fill_gap(&mut self) {
        match std::mem::replace(&mut self.gap, Gap::None) {
            Gap::None => {}
            Gap::Tag | Gap::Space => self.separate('\t'),
            Gap::Line => self.separate('\n'),
        }
    }

    fn separate(&mut self, separator: char) {
        if self.writer.last() != Some('\n') {
            self.writer.separator(separator);
        }
    }
}

impl Gap {
    fn max_of(self, other: Self) -> Self {
        if other as u8 > self as u8 { other } else { self }
    }
}

/// The name without the name space that it is said to be of.
fn local_name(name: &[u8]) -> &[u8] {
    memchr::memrchr(b':', name).map_or(name, |colon| &name[colon + 1..])
}

fn is_name_space(name: &[u8]) -> bool {
    name == b"xmlns" || name.starts_with(b"xmlns:")
}

/// What the `root` of an `id` of HL7 version 3 says that its `extension` is.
fn issuer(raw: &[u8], tag: &Tag) -> Option<&'static str> {
    let root = tag.attributes.iter().find(|attribute| &raw[attribute.name.clone()] == b"root")?;
    let root = std::str::from_utf8(&raw[root.value.clone()]).ok()?;
    let known = ISSUERS.iter().find(|(number, _)| *number == root).map(|(_, issued)| *issued);
    known.or_else(|| root.starts_with(DRIVING_LICENCES).then_some("driver's license number"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::gathered::Gathered;
    use proptest::prelude::*;

    fn gather(document: &str) -> Gathered {
        let mut gathered = Gathered::default();
        read(document.as_bytes(), &mut gathered).expect("memory can be read");
        assert_eq!(gathered.open, 0, "every object ends");
        gathered
    }

    #[test]
    fn values_have_the_names_of_the_elements_around_them_and_the_place_of_the_source() {
        let gathered = gather(
            "<?xml version=\"1.0\"?>\n<a:list>\n  <person id='7'>\n    <ssn>219-09-4821</ssn>\n    <birthTime \
             value=\"19630307\"/>\n  </person></a:list>",
        );
        assert_eq!(
            gathered.values,
            ["3:15 list.person.id=7", "4:10 list.person.ssn=219-09-4821", "5:23 list.person.birthTime=19630307"]
        );
        assert_eq!(gathered.deepest, 2, "the list, and in it the person or its attributes");
    }

    #[test]
    fn text_reads_as_a_person_would_read_it() {
        let gathered = gather("<p>Call <b>Jane</b> Roe<br/>now &amp; <![CDATA[a<b]]></p><q>x</q><!-- id 5 --><r>y</r>");
        assert_eq!(gathered.text, "Call Jane Roe\tnow & a<b\tx\n<!-- id 5 -->\ny");
        assert_eq!(gathered.place_of("a<b"), "1:48");
    }

    #[test]
    fn references_do_not_move_what_follows_them() {
        let gathered = gather("<a>&#50;19-09&#x2d;4821 x\n&lt; z</a>");
        assert_eq!(gathered.text, "219-09-4821 x\n< z");
        assert_eq!(
            (gathered.place_of("219-09-4821"), gathered.place_of("x"), gathered.place_of("z")),
            ("1:4", "1:25", "2:6")
        );
    }

    #[test]
    fn an_identifier_of_hl7_is_named_by_who_issued_it() {
        let gathered = gather("<id root=\"2.16.840.1.113883.4.1\" extension=\"111-00-1234\"/>");
        assert_eq!(gathered.value_at("id.social security number"), "111-00-1234");
    }

    #[test]
    fn what_breaks_the_grammar_is_read_as_text_from_there_on() {
        let gathered = gather("<a><b>one</b>\n<c <!\n two</d> three <");
        assert_eq!(gathered.value_at("a.b"), "one");
        assert!(gathered.text.contains("three"), "{}", gathered.text);
    }

    #[test]
    fn other_encodings_are_read_line_by_line() {
        let mut gathered = Gathered::default();
        read(b"<a>\n<b>Zo\xc3\xab</b>\n<b>Zo\xeb x</b></a>".as_slice(), &mut gathered).expect("memory can be read");
        assert_eq!(gathered.text.matches("Zo\u{eb}").count(), 2);
        assert_eq!(gathered.place_of("x"), "3:8");
    }

    #[test]
    fn nesting_without_end_is_read() {
        let document = format!("{}<ssn>219-09-4821</ssn>", "<a>".repeat(100_000));
        assert!(gather_broken(&document).text.contains("219-09-4821"));
    }

    fn gather_broken(document: &str) -> Gathered {
        let mut gathered = Gathered::default();
        read(document.as_bytes(), &mut gathered).expect("memory can be read");
        gathered
    }

    #[derive(Debug, Clone)]
    enum Node {
        Value(String),
        Elements(Vec<(String, Node)>),
    }

    fn node() -> impl Strategy<Value = Node> {
        let leaf = "[a-z0-9&<\u{e9}\u{1f600}]{1,12}".prop_map(Node::Value);
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop::collection::vec(("[a-e]{1,3}", inner), 1..5).prop_map(Node::Elements)
        })
    }

    /// Writes a document and says where its values are.
    fn write(node: &Node, path: &str, document: &mut String, expected: &mut Vec<String>) {
        match node {
            Node::Value(text) => {
                let line = document.matches('\n').count() + 1;
                let column = document.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
                expected.push(format!("{line}:{column} {path}={text}"));
                document.push_str(&text.replace('&', "&amp;").replace('<', "&#60;"));
            }
            Node::Elements(elements) => {
                for (index, (name, inner)) in elements.iter().enumerate() {
                    document.push_str(if index % 2 == 0 { "\n  " } else { "" });
                    let inner_path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    document.extend([format!("<x:{name} ")]);
                    let at = document.chars().rev().take_while(|character| *character != '\n').count() + 4;
                    let line = document.matches('\n').count() + 1;
                    expected.push(format!("{line}:{at} {inner_path}.k=v{index}"));
                    document.extend([format!("k=\"v{index}\">")]);
                    write(inner, &inner_path, document, expected);
                    document.extend([format!("</x:{name}>")]);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn every_value_of_a_random_document_is_found_where_it_stands(node in node()) {
            let (mut document, mut expected) = (String::new(), Vec::new());
            write(&Node::Elements(vec![("root".to_owned(), node)]), "", &mut document, &mut expected);
            prop_assert_eq!(gather(&document).values, expected);
        }

        #[test]
        fn no_input_breaks_the_reader(document in "[<>/!?='\" &;#a-c\\[\\]\n-]{0,120}") {
            gather_broken(&document);
        }
    }
}
