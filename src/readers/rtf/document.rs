//! The text of an RTF document, in the order of its source.

use super::characters::{CodePages, named};
use super::object::Digits;
use super::token::{Token, Tokens};
use crate::model::{ContentSink, MemberInfo};
use crate::readers::Place;
use crate::readers::markup::{grid::Grid, passages::PassageWriter};
use std::io::{self, Read};

/// Destinations without text: tables of fonts and styles, pictures, settings.
const TEXTLESS: &[&str] = &[
    "colortbl",
    "stylesheet",
    "pict",
    "themedata",
    "colorschememapping",
    "datastore",
    "latentstyles",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "xmlnstbl",
    "revtbl",
    "filetbl",
    "generator",
    "mmathPr",
    "wgrffmtfilter",
    "blipuid",
    "bkmkstart",
    "bkmkend",
    "panose",
    "falt",
    "fontemb",
    "fontfile",
    "listpicture",
    "pgptbl",
    "shpgrp",
    "sp",
];

/// Destinations that readers may pass over, but that hold text.
const TEXTS: &[&str] = &[
    "fldinst",
    "shpinst",
    "shptxt",
    "annotation",
    "atnauthor",
    "atnid",
    "atrfstart",
    "footnote",
    "docvar",
    "userprops",
    "propname",
    "staticval",
    "company",
    "manager",
    "hlinkbase",
    "category",
    "doccomm",
    "xmlattrvalue",
    "do",
    "dptxbxtext",
    "nonshppict",
    "ud",
    "formfield",
    "ffname",
    "ffdeftext",
    "ffstattext",
    "ffhelptext",
    "ffl",
    "comment",
    "title",
    "author",
];

/// Destinations that are a paragraph of their own.
const PARAGRAPHS: &[&str] = &[
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "footnote",
    "annotation",
    "shptxt",
    "info",
    "title",
    "subject",
    "author",
    "manager",
    "company",
    "operator",
    "category",
    "keywords",
    "comment",
    "doccomm",
    "fldinst",
    "docvar",
    "propname",
    "staticval",
    "dptxbxtext",
    "atnauthor",
    "atnid",
];

/// Groups inside each other whose settings are kept.
const MOST_GROUPS: usize = 10_000;

/// Reads the document that `input` gives.
pub fn read(input: impl Read, sink: &mut dyn ContentSink) -> io::Result<()> {
    let mut document = Document {
        writer: PassageWriter::new(sink),
        groups: vec![Group::default()],
        deeper: 0,
        pages: CodePages::new(),
        pending: Vec::new(),
        pending_place: Place::default(),
        starred: false,
        skipped: 0,
        surrogate: None,
        grid: Grid::default(),
        cell: None,
        in_table: false,
        objects: 0,
        object: None,
    };
    let mut tokens = Tokens::new(input);
    let outcome = loop {
        match tokens.next() {
            Ok(Some(token)) => {
                if let Err(error) = document.token(token, &mut tokens) {
                    break Err(error);
                }
            }
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    document.end();
    outcome
}

/// What a group may change for those inside it.
#[derive(Clone, Default)]
struct Group {
    kind: Kind,
    font: i32,
    /// Characters that stand for a Unicode one in older readers.
    fallback: usize,
    /// The group is a paragraph of its own.
    is_paragraph: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Text,
    Fonts,
    Object,
    Nothing,
}

struct Document<'s> {
    writer: PassageWriter<'s>,
    groups: Vec<Group>,
    deeper: usize,
    pages: CodePages,
    /// Bytes of text that are not decoded yet, and where they start.
    pending: Vec<u8>,
    pending_place: Place,
    /// The group has just begun with `\*`.
    starred: bool,
    /// Characters still to be passed over after a Unicode one.
    skipped: usize,
    /// The first half of a character beyond the first 65,536.
    surrogate: Option<u16>,
    grid: Grid,
    /// Where the present cell starts.
    cell: Option<usize>,
    in_table: bool,
    objects: usize,
    object: Option<Digits>,
}

impl Document<'_> {
    fn token<R: Read>(&mut self, token: Token, tokens: &mut Tokens<R>) -> io::Result<()> {
        let place = tokens.start();
        match token {
            Token::Open => {
                self.decode();
                self.skipped = 0;
                if self.groups.len() < MOST_GROUPS {
                    let inner = Group { is_paragraph: false, ..self.group().clone() };
                    self.groups.push(inner);
                } else {
                    self.deeper += 1;
                }
            }
            Token::Close => {
                self.decode();
                self.skipped = 0;
                self.close()?;
            }
            Token::Byte(_) | Token::Text(_) if self.skipped > 0 => self.skipped -= 1,
            Token::Byte(byte) | Token::Text(byte) => self.byte(byte, place),
            Token::Symbol(symbol) => self.symbol(symbol, place),
            Token::Word(word, number) => {
                self.decode();
                if word == "bin" {
                    return tokens.skip(number.and_then(|count| u64::try_from(count).ok()).unwrap_or(0));
                }
                self.word(&word, number, place);
            }
        }
        if !self.starred && !self.grid.is_pending() && self.cell.is_none() && self.pending.is_empty() {
            self.writer.pause();
        }
        Ok(())
    }

    fn group(&mut self) -> &mut Group {
        if self.groups.is_empty() {
            self.groups.push(Group::default());
        }
        let last = self.groups.len() - 1;
        &mut self.groups[last]
    }

    fn close(&mut self) -> io::Result<()> {
        self.starred = false;
        if self.deeper > 0 {
            self.deeper -= 1;
            return Ok(());
        }
        let Some(group) = self.groups.pop() else { return Ok(()) };
        if group.is_paragraph {
            self.line_ends();
        }
        let is_object = self.groups.last().is_some_and(|outer| outer.kind == Kind::Object);
        if group.kind == Kind::Object
            && !is_object
            && let Some(object) = self.object.take().filter(|object| !object.is_empty())
        {
            self.objects += 1;
            let path = format!("object {}", self.objects);
            let content = object.into_content();
            let member = MemberInfo { path: &path, modified: None };
            return self.writer.sink().member(member, &mut content.as_slice());
        }
        Ok(())
    }

    fn byte(&mut self, byte: u8, place: Place) {
        self.starred = false;
        match self.group().kind {
            Kind::Text => {
                if self.pending.is_empty() {
                    self.pending_place = place;
                }
                self.pending.push(byte);
                if self.pending.len() >= 4096 && byte.is_ascii() {
                    self.decode();
                }
            }
            Kind::Object => self.object.get_or_insert_default().push(byte),
            Kind::Fonts | Kind::Nothing => {}
        }
    }

    /// Decodes the bytes that wait.
    fn decode(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let font = self.group().font;
        let bytes = std::mem::take(&mut self.pending);
        // Some programs write UTF-8 without saying so.
        let told = self.pages.of_font(font);
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) if bytes.is_ascii() || told == encoding_rs::WINDOWS_1252 => text.into(),
            _ => told.decode_without_bom_handling(&bytes).0,
        };
        self.writer.text(&text, self.pending_place);
        self.pending = bytes;
        self.pending.clear();
    }

    fn symbol(&mut self, symbol: u8, place: Place) {
        if symbol == b'*' {
            self.decode();
            self.starred = true;
            return;
        }
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        match symbol {
            b'{' | b'}' | b'\\' => self.byte(symbol, place),
            b'~' => self.character('\u{a0}', place),
            b'_' => self.character('-', place),
            b'\r' | b'\n' => self.line_ends(),
            _ => {}
        }
    }

    fn character(&mut self, character: char, place: Place) {
        self.decode();
        if self.group().kind == Kind::Text {
            self.writer.text(character.encode_utf8(&mut [0; 4]), place);
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>, place: Place) {
        let starred = std::mem::replace(&mut self.starred, false);
        if word == "fonttbl" {
            self.group().kind = Kind::Fonts;
        } else if word == "objdata" {
            self.group().kind = Kind::Object;
        } else if TEXTLESS.contains(&word) || starred && !TEXTS.contains(&word) {
            self.group().kind = Kind::Nothing;
        }
        if PARAGRAPHS.contains(&word) && self.group().kind == Kind::Text {
            self.line_ends();
            self.group().is_paragraph = true;
        }
        match (word, number) {
            ("u", Some(code)) => {
                self.unicode(code, place);
                self.skipped = self.group().fallback.min(100);
            }
            ("uc", Some(count)) => self.group().fallback = usize::try_from(count).unwrap_or(0),
            ("rtf", _) => self.group().fallback = 1,
            ("ansicpg", Some(page)) => self.pages.set_document(page),
            ("mac", _) => self.pages.set_document(10000),
            ("f", Some(font)) => self.group().font = font,
            ("fcharset", Some(set)) if self.group().kind == Kind::Fonts => {
                let font = self.group().font;
                self.pages.set_font(font, set);
            }
            ("pard", _) => self.in_table = false,
            ("intbl", _) => self.in_table = true,
            ("cell" | "nestcell", _) => self.cell_ends(),
            ("row" | "nestrow", _) => {
                self.line_ends();
                self.grid.end_row(&mut self.writer);
                self.cell = None;
            }
            ("par" | "sect", _) if !self.in_table => {
                self.line_ends();
                std::mem::take(&mut self.grid).end(&mut self.writer);
                self.cell = None;
            }
            ("par", _) => self.separator(' '),
            _ => match named(word) {
                Some('\n') => self.line_ends(),
                Some(character) => self.character(character, place),
                None => {}
            },
        }
        if self.in_table && self.cell.is_none() {
            self.cell = Some(self.writer.offset());
        }
    }

    fn cell_ends(&mut self) {
        if self.group().kind == Kind::Text {
            let end = self.writer.offset();
            let start = self.cell.unwrap_or(end).min(end);
            self.grid.cell(start..end, 1, false);
            self.separator('\t');
            self.cell = Some(self.writer.offset());
        }
    }

    fn line_ends(&mut self) {
        self.decode();
        if self.writer.last() != Some('\n') {
            self.separator('\n');
        }
    }

    fn separator(&mut self, separator: char) {
        if self.group().kind == Kind::Text {
            self.writer.separator(separator);
        }
    }

    /// A unit of UTF-16, negative beyond 32,767.
    fn unicode(&mut self, code: i32, place: Place) {
        let unit = u16::try_from(code & 0xFFFF).unwrap_or(0);
        let first = self.surrogate.take();
        let decoded = match first {
            Some(first) => char::decode_utf16([first, unit]).next().and_then(Result::ok),
            None => char::from_u32(u32::from(unit)),
        };
        match decoded {
            Some(character) => self.character(character, place),
            None if (0xD800..0xDC00).contains(&unit) => self.surrogate = Some(unit),
            None => self.character(char::REPLACEMENT_CHARACTER, place),
        }
    }

    fn end(mut self) {
        self.decode();
        self.grid.end(&mut self.writer);
        self.writer.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::gathered::Gathered;
    use proptest::prelude::*;

    fn gather(document: &[u8]) -> Gathered {
        let mut gathered = Gathered::default();
        read(document, &mut gathered).expect("memory can be read");
        gathered
    }

    #[test]
    fn text_is_read_without_control_words_and_knows_its_place() {
        let gathered = gather(
            b"{\\rtf1\\ansi\\ansicpg1250\\deff0{\\fonttbl{\\f0\\fswiss Arial;}{\\f1\\fcharset204 Cyr;}}\n\\pard SSN\\tab \
              219-09-48\\b 21\\par\nZo\\'eb \\u8364? {\\f1 \\'ef}\\line {\\*\\unknown hidden}{\\v seen} \\{x\\}}",
        );
        assert_eq!(gathered.text, "SSN\t219-09-4821\nZo\u{eb} \u{20ac} \u{43f}\nseen {x}");
        assert_eq!(gathered.place_of("SSN"), "2:7");
        assert!(gathered.place_of("219-09-4821").starts_with("2:"));
        assert_eq!(gathered.place_of("seen"), "3:55");
    }

    #[test]
    fn a_table_has_rows_of_cells_that_its_header_names() {
        let row = |one: &str, two: &str| format!("\\trowd\\pard\\intbl {one}\\cell {two}\\cell\\row\n");
        let document = format!(
            "{{\\rtf1 {}{}{}\\pard after\\par}}",
            row("Name", "SSN"),
            row("Jane", "219-09-4821"),
            row("Rick", "-")
        );
        let gathered = gather(document.as_bytes());
        assert_eq!(gathered.values.len(), 4, "{:?}", gathered.values);
        assert!(gathered.values[1].ends_with("SSN=219-09-4821"), "{:?}", gathered.values);
        assert!(gathered.text.contains("Jane\t219-09-4821"), "{:?}", gathered.text);
    }

    #[test]
    fn characters_of_two_units_and_of_two_bytes_are_whole() {
        assert_eq!(gather(b"{\\rtf1\\uc0 \\u-10179\\u-8704}").text, "\u{1f600}");
        assert_eq!(gather(b"{\\rtf1\\ansicpg932 \\'93\\'fa}").text, "\u{65e5}");
    }

    #[test]
    fn an_embedded_object_is_a_file() {
        let gathered = gather(b"{\\rtf1{\\object\\objemb{\\*\\objdata d0cf11e0}{\\result pic}}x}");
        assert_eq!(gathered.members, [("object 1".to_owned(), vec![0xd0, 0xcf, 0x11, 0xe0])]);
    }

    proptest! {
        #[test]
        fn words_of_a_random_document_are_found_where_they_stand(words in prop::collection::vec("[a-z]{2,8}", 1..30)) {
            let mut document = String::from("{\\rtf1\\ansi\n");
            let mut expected = Vec::new();
            for (index, word) in words.iter().enumerate() {
                document.push_str(["\\b ", "{\\i ", "\\u233?"][index % 3]);
                if index % 3 == 2 {
                    document.push(' ');
                }
                let line = document.matches('\n').count() + 1;
                let column = document.rsplit('\n').next().unwrap_or_default().len() + 1;
                expected.push((format!("{line}:{column}"), format!("{word}{index}")));
                document.extend([format!("{word}{index}")]);
                document.push_str(["\\par\n", "}\\line ", " \n"][index % 3]);
            }
            document.push('}');
            let gathered = gather(document.as_bytes());
            for word in expected {
                prop_assert!(gathered.words.contains(&word), "{word:?} in {:?} of {document}", gathered.words);
            }
        }

        #[test]
        fn no_input_breaks_the_reader(document in "(\\\\[a-z]{1,6}-?[0-9]{0,3} ?|\\\\\\*|\\\\'[0-9a-f]|[{}]|\\\\bin|[a-z;\n]){0,60}") {
            gather(document.as_bytes());
        }
    }
}
