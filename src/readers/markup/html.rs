//! HTML: the text that a person sees, cell by cell in tables, and everything else that the source holds.
//!
//! Where tags, comments and raw text begin and end is the tokenizer's business (WHATWG HTML, 13.2.5); what lies between them
//! is text. Comments, scripts and attributes that no person sees come after the text of the block that they stand in.

use super::grid::Grid;
use super::passages::PassageWriter;
use super::tag::{Attribute, Tag};
use super::tape::{Tape, TapeReader};
use crate::model::{ContentSink, decode_value};
use crate::readers::{Block, BlockSizes, Blocks, Place};
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{IoReader, Span, Tokenizer};
use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

/// Elements that do not end a line of text.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr", "input", "button", "select", "option", "output", "meter",
    "progress", "textarea",
];

/// Elements whose attributes a person sees in their place.
const SHOWN: &[&str] = &[
    "input", "option", "button", "img", "data", "time", "meter", "param", "meta", "area", "output", "progress", "li",
    "textarea", "select",
];

/// Attributes of those elements that hold what is seen.
const SHOWN_ATTRIBUTES: &[&str] = &["value", "alt", "content", "placeholder", "datetime", "label", "title"];

/// Attributes that say what the value of an element is.
const NAMES: &[&str] = &["name", "itemprop", "property", "id", "aria-label", "autocomplete", "placeholder"];

/// Elements whose text is not for people.
const UNSEEN: &[&str] = &["script", "style", "template", "noscript", "iframe", "noembed", "noframes", "xmp"];

/// Attributes that say how something looks or works, which is short.
const LAYOUT: &[&str] = &[
    "colspan",
    "rowspan",
    "width",
    "height",
    "align",
    "valign",
    "border",
    "cellpadding",
    "cellspacing",
    "type",
    "rel",
    "lang",
    "dir",
    "charset",
    "http-equiv",
    "size",
    "bgcolor",
    "color",
    "face",
    "target",
    "method",
    "class",
    "role",
    "for",
    "scope",
];

/// Bytes of the longest value of such an attribute.
const LONGEST_LAYOUT: usize = 20;

/// Bytes of a character reference that are looked at.
const LONGEST_REFERENCE: usize = 40;

/// Reads the document that `input` gives.
pub fn read(input: impl Read, sink: &mut dyn ContentSink) -> io::Result<()> {
    let tape = Rc::new(RefCell::new(Tape::new(input)));
    let mut events = Events::default();
    let mut emitter = CallbackEmitter::new(move |event: CallbackEvent<'_>, span| events.token(&event, span));
    emitter.naively_switch_states(true);
    let tokens = Tokenizer::new_with_emitter(IoReader::new(TapeReader(Rc::clone(&tape))), emitter);
    let mut document = Document::new(PassageWriter::new(sink));
    let mut broken = false;
    for token in tokens {
        let Ok(token) = token else {
            broken = true;
            break;
        };
        let (text, place) = tape.borrow_mut().take_to(token.start);
        document.text(&text, place);
        let (raw, place) = tape.borrow_mut().take_to(token.end);
        document.token(&token, &raw, place);
        document.pause();
    }
    // The tokenizer is gone, and with it the other hold on the tape.
    let Ok(tape) = Rc::try_unwrap(tape) else { return Ok(()) };
    let mut tape = tape.into_inner();
    let failure = tape.take_failure();
    let (known, input, place) = tape.into_rest();
    if !broken {
        document.text(&known, place);
        document.finish();
        return failure;
    }
    document.finish();
    let mut blocks = Blocks::new(known.as_slice().chain(input), BlockSizes::default()).starting_at(place);
    let mut block = Block::default();
    while blocks.next_block(&mut block)? {
        sink.text(block.as_text_block());
    }
    Ok(())
}

/// A tag, comment or declaration, with its byte offsets in the document.
struct Token {
    /// Lower-case name of a tag; empty for anything else.
    name: String,
    kind: TokenKind,
    start: usize,
    end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TokenKind {
    Start,
    End,
    Other,
}

/// Makes tokens of the tokenizer's events, of which several make a start tag.
#[derive(Default)]
struct Events {
    name: String,
    start: usize,
}

impl Events {
    fn token(&mut self, event: &CallbackEvent<'_>, span: Span<usize>) -> Option<Token> {
        let token = |name: String, kind, start| Some(Token { name, kind, start, end: span.end });
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.name = String::from_utf8_lossy(name).into_owned();
                self.start = span.start;
                None
            }
            CallbackEvent::CloseStartTag { .. } => token(std::mem::take(&mut self.name), TokenKind::Start, self.start),
            CallbackEvent::EndTag { name } => {
                token(String::from_utf8_lossy(name).into_owned(), TokenKind::End, span.start)
            }
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } => {
                token(String::new(), TokenKind::Other, span.start)
            }
            _ => None,
        }
    }
}

/// What stands between two texts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Space,
    Cell,
    Line,
}

/// Text that comes after its block: the name of an attribute (or none), the source, and its place.
struct Aside {
    name: String,
    raw: Vec<u8>,
    place: Place,
    has_references: bool,
}

/// A table that is open.
#[derive(Default)]
struct Table {
    grid: Grid,
    /// The present cell: its start, its columns, and whether it is a header.
    cell: Option<(usize, usize, bool)>,
}

/// Tables inside each other whose cells are told apart.
const MOST_TABLES: usize = 32;

struct Document<'s> {
    writer: PassageWriter<'s>,
    tables: Vec<Table>,
    /// Tables beyond those.
    deeper: usize,
    gap: Gap,
    /// The place of the space that `gap` stands for, if it is just one.
    space: Option<Place>,
    asides: Vec<Aside>,
    /// The element whose text is not for people that is open.
    unseen: bool,
    /// Elements that keep white space which are open.
    preformatted: usize,
}

impl<'s> Document<'s> {
    fn new(writer: PassageWriter<'s>) -> Self {
        Self {
            writer,
            tables: Vec::new(),
            deeper: 0,
            gap: Gap::None,
            space: None,
            asides: Vec::new(),
            unseen: false,
            preformatted: 0,
        }
    }

    fn pause(&mut self) {
        if self.tables.iter().all(|table| table.cell.is_none() && !table.grid.is_pending()) {
            self.writer.pause();
        }
    }

    fn finish(mut self) {
        self.block_ends();
        while !self.tables.is_empty() {
            self.table_ends();
        }
        self.writer.finish();
    }

    fn token(&mut self, token: &Token, raw: &[u8], place: Place) {
        let name = token.name.as_str();
        match token.kind {
            TokenKind::Other => {
                self.asides.push(Aside { name: String::new(), raw: raw.into(), place, has_references: false });
            }
            TokenKind::Start => self.start(name, raw, place),
            TokenKind::End => self.end(name),
        }
    }

    fn start(&mut self, name: &str, raw: &[u8], place: Place) {
        if !INLINE.contains(&name) && !matches!(name, "td" | "th") {
            self.block_ends();
        }
        let tag = Tag::read(raw);
        match name {
            "table" if self.tables.len() < MOST_TABLES => self.tables.push(Table::default()),
            "table" => self.deeper += 1,
            "tr" => self.row_ends(),
            "td" | "th" => self.cell_starts(&tag, raw, name == "th"),
            "pre" | "textarea" => self.preformatted += 1,
            "form" => {
                let here = self.writer.offset();
                self.writer.open_at(here);
            }
            _ => self.unseen |= UNSEEN.contains(&name),
        }
        self.attributes(name, &tag, raw, place);
    }

    fn end(&mut self, name: &str) {
        match name {
            "td" | "th" => self.cell_ends(),
            "tr" => self.row_ends(),
            "table" => match self.deeper.checked_sub(1) {
                Some(deeper) => self.deeper = deeper,
                None => self.table_ends(),
            },
            "pre" | "textarea" => self.preformatted = self.preformatted.saturating_sub(1),
            "form" => self.writer.close(),
            _ if UNSEEN.contains(&name) => self.unseen = false,
            _ => {}
        }
        if !INLINE.contains(&name) && !matches!(name, "td" | "th") {
            self.block_ends();
        }
    }

    fn cell_starts(&mut self, tag: &Tag, raw: &[u8], is_header: bool) {
        self.cell_ends();
        if self.deeper == 0 {
            self.gap = self.gap.max(Gap::Cell);
            // The gap belongs before the cell.
            self.fill_gap();
            let columns =
                attribute_of(tag, raw, "colspan").and_then(|columns| columns.trim().parse().ok()).unwrap_or(1);
            let here = self.writer.offset();
            if let Some(table) = self.tables.last_mut() {
                table.cell = Some((here, columns, is_header));
            }
        }
    }

    fn cell_ends(&mut self) {
        if self.deeper > 0 {
            return;
        }
        let end = self.writer.offset();
        if let Some(table) = self.tables.last_mut()
            && let Some((start, columns, is_header)) = table.cell.take()
        {
            table.grid.cell(start..end, columns, is_header);
            self.gap = self.gap.max(Gap::Cell);
        }
    }

    fn row_ends(&mut self) {
        self.cell_ends();
        if self.deeper == 0
            && let Some(table) = self.tables.last_mut()
        {
            table.grid.end_row(&mut self.writer);
        }
    }

    fn table_ends(&mut self) {
        self.cell_ends();
        if let Some(mut table) = self.tables.pop() {
            table.grid.end(&mut self.writer);
        }
    }

    /// The line of text ends; what waited for it comes after it.
    fn block_ends(&mut self) {
        self.gap = Gap::Line;
        self.space = None;
        for aside in std::mem::take(&mut self.asides) {
            self.fill_gap();
            let start = self.writer.offset();
            if aside.has_references {
                self.references(&aside.raw, aside.place, &mut |document, text, place| {
                    document.writer.text(text, place);
                });
            } else {
                self.writer.text(&decode_value(&aside.raw), aside.place);
            }
            if !aside.name.is_empty() {
                self.writer.enter(&aside.name);
                self.writer.value_from(start);
                self.writer.leave();
            }
            self.gap = Gap::Line;
        }
    }

    fn attributes(&mut self, element: &str, tag: &Tag, raw: &[u8], place: Place) {
        for Attribute { name, value } in &tag.attributes {
            let name = decode_value(&raw[name.clone()]).to_lowercase();
            let mut at = place;
            at.advance(&raw[..value.start]);
            let value = &raw[value.clone()];
            let is_layout = LAYOUT.contains(&name.as_str()) && value.len() <= LONGEST_LAYOUT;
            if value.trim_ascii().is_empty() || is_layout {
                continue;
            }
            if !SHOWN.contains(&element) || !SHOWN_ATTRIBUTES.contains(&name.as_str()) {
                self.asides.push(Aside { name, raw: value.into(), place: at, has_references: true });
                continue;
            }
            self.gap = self.gap.max(Gap::Cell);
            self.fill_gap();
            let start = self.writer.offset();
            self.references(value, at, &mut |document, text, place| document.writer.text(text, place));
            let called = NAMES.iter().find_map(|name| attribute_of(tag, raw, name)).unwrap_or(name);
            self.writer.enter(&called);
            self.writer.value_from(start);
            self.writer.leave();
            self.gap = Gap::Cell;
        }
    }

    fn text(&mut self, raw: &[u8], place: Place) {
        if self.unseen {
            if !raw.trim_ascii().is_empty() {
                self.asides.push(Aside { name: String::new(), raw: raw.into(), place, has_references: false });
            }
        } else if self.preformatted > 0 {
            self.fill_gap();
            self.references(raw, place, &mut |document, text, place| document.writer.text(text, place));
        } else {
            self.references(raw, place, &mut Self::words);
        }
    }

    /// Adds text in which white space only parts words.
    fn words(&mut self, text: &str, mut place: Place) {
        let mut rest = text;
        while !rest.is_empty() {
            let is_blank = |character: char| character.is_ascii_whitespace();
            let blank = rest.find(|character| !is_blank(character)).unwrap_or(rest.len());
            if blank > 0 {
                let single = &rest[..blank] == " " && self.gap == Gap::None;
                self.space = single.then_some(place);
                self.gap = self.gap.max(Gap::Space);
                place.advance(&rest.as_bytes()[..blank]);
                rest = &rest[blank..];
                continue;
            }
            let end = rest.find(is_blank).unwrap_or(rest.len());
            self.fill_gap();
            self.writer.text(&rest[..end], place);
            place.advance(&rest.as_bytes()[..end]);
            rest = &rest[end..];
        }
    }

    fn fill_gap(&mut self) {
        let space = self.space.take();
        let gap = std::mem::replace(&mut self.gap, Gap::None);
        if gap == Gap::Space && self.writer.last().is_none_or(char::is_whitespace) {
            return;
        }
        let separator = match gap {
            Gap::None => return,
            Gap::Space => match space {
                Some(place) => return self.writer.text(" ", place),
                None => ' ',
            },
            Gap::Cell => '\t',
            Gap::Line => '\n',
        };
        if self.writer.last() != Some('\n') {
            self.writer.separator(separator);
        }
    }

    /// Gives `raw` to `write` in pieces, its character references as what they stand for, with their places.
    fn references(&mut self, raw: &[u8], mut place: Place, write: &mut dyn FnMut(&mut Self, &str, Place)) {
        let mut rest = raw;
        while !rest.is_empty() {
            let (text, length) = if rest[0] == b'&' {
                let reference = &rest[..reference_length(rest)];
                (referred(reference), reference.len())
            } else {
                let end = memchr::memchr(b'&', rest).unwrap_or(rest.len());
                (decode_value(&rest[..end]).into_owned(), end)
            };
            write(self, &text, place);
            place.advance(&rest[..length]);
            rest = &rest[length..];
        }
    }
}

/// The value of an attribute, if the tag has it.
fn attribute_of(tag: &Tag, raw: &[u8], name: &str) -> Option<String> {
    let named = |attribute: &&Attribute| raw[attribute.name.clone()].eq_ignore_ascii_case(name.as_bytes());
    let value = decode_value(&raw[tag.attributes.iter().find(named)?.value.clone()]).into_owned();
    (!value.trim().is_empty()).then_some(value)
}

/// Bytes of the character reference with which `text` starts, or of the `&` alone.
fn reference_length(text: &[u8]) -> usize {
    let known = &text[..text.len().min(LONGEST_REFERENCE)];
    let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'#';
    let end = known.iter().skip(1).position(|byte| !belongs(byte)).map_or(known.len(), |at| at + 1);
    if known.get(end) == Some(&b';') { end + 1 } else { end }
}

/// What a character reference stands for; itself if for nothing.
fn referred(reference: &[u8]) -> String {
    let mut text = String::new();
    for token in Tokenizer::new(reference) {
        if let Ok(html5gum::Token::String(piece)) = token {
            text.push_str(&decode_value(&piece.value));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::gathered::Gathered;
    use proptest::prelude::*;

    fn gather(document: &str) -> Gathered {
        let mut gathered = Gathered::default();
        read(document.as_bytes(), &mut gathered).expect("memory can be read");
        gathered
    }

    #[test]
    fn text_reads_as_a_person_sees_it_and_knows_its_place() {
        let gathered = gather("<p>Call <b>Jane</b>\r\n   <i>Roe</i>,&nbsp;at&#32;home</p>\n<p>Now</p>");
        assert_eq!(gathered.text, "Call Jane Roe,\u{a0}at home\nNow");
        assert_eq!(gathered.place_of("Jane"), "1:12");
        assert_eq!(gathered.place_of("home"), "2:28");
        assert_eq!(gathered.place_of("Now"), "3:4");
    }

    #[test]
    fn a_header_row_names_the_cells_below_it() {
        let gathered = gather(
            "<table><tr><th>Name</th><th>SSN</th></tr>\n<tr><td>Jane Roe<td>219-09-4821</tr><tr><td colspan=2>none</table>",
        );
        assert_eq!(gathered.text, "Name\tSSN\nJane Roe\t219-09-4821\nnone");
        assert_eq!(gathered.values, ["2:9 Name=Jane Roe", "2:21 SSN=219-09-4821", "2:55 Name=none", "2:55 SSN=none"]);
        assert_eq!(gathered.open, 0);
    }

    #[test]
    fn a_first_row_of_plain_cells_is_told_from_data() {
        let rows = "<tr><td>Jane<td>219-09-4821<tr><td>Rick<td>219-09-4822";
        let headed = gather(&format!("<table><tr><td>Name<td>SSN{rows}</table>"));
        assert_eq!(headed.values.len(), 4, "{:?}", headed.values);
        assert_eq!(gather(&format!("<table>{rows}</table>")).values, Vec::<String>::new());
    }

    #[test]
    fn a_field_of_a_form_is_named_and_hidden_text_is_read() {
        let gathered = gather(
            "<form><label>Number</label><input name=ssn type=hidden value='219&#45;09-4821'></form><a \
             href=\"mailto:a@b.c\">me</a><!-- comment --><script>var x = '<b>';</script><div data-phone=1>z</div>",
        );
        assert_eq!(gathered.value_at("ssn"), "219-09-4821");
        assert_eq!(gathered.value_at("href"), "mailto:a@b.c");
        assert_eq!(gathered.value_at("data-phone"), "1");
        for hidden in ["comment", "'<b>';"] {
            assert!(gathered.text.contains(hidden), "{}", gathered.text);
        }
    }

    #[test]
    fn a_document_that_ends_inside_a_tag_loses_nothing() {
        let gathered = gather("<p>one <a href=\"two");
        assert!(gathered.text.contains("one") && gathered.text.contains("two"), "{}", gathered.text);
    }

    proptest! {
        #[test]
        fn every_cell_of_a_random_table_is_found_where_it_stands(
            cells in prop::collection::vec(prop::collection::vec("[a-z\u{e9}&0-9]{1,8}", 3), 1..8),
            gap in "[ \n]{0,3}",
        ) {
            let mut document = format!("<table>{gap}<tr><th>one<th>two<th>three</tr>");
            let mut expected = Vec::new();
            for row in &cells {
                document.push_str("<tr>");
                for (name, cell) in ["one", "two", "three"].into_iter().zip(row) {
                    document.extend([format!("{gap}<td>{gap}")]);
                    let line = document.matches('\n').count() + 1;
                    let column = document.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
                    expected.push(format!("{line}:{column} {name}={cell}"));
                    document.extend([format!("{}</td>", cell.replace('&', "&amp;"))]);
                }
                document.push_str("</tr>");
            }
            prop_assert_eq!(gather(&document).values, expected);
        }

        #[test]
        fn no_input_breaks_the_reader(document in "(<(/?(table|tr|td|th|a|p|script|pre|form|!--|!))?|[>='\" &;#a-c\n\r-]){0,60}") {
            gather(&document);
        }
    }
}
