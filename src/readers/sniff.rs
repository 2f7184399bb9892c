//! What an object is, by its name and its first bytes.

use super::decode::{Decoded, Encoding};
use super::dialect::Shape;
use super::format::{Format, Reader};
use super::formats::{format_named, format_of_bytes, format_of_text};
use super::json_input::Slice;
use super::json_value::{Fault, ValueReader};
use crate::model::{Coverage, FieldPath, MemberNames, Reason, RecordSink, TextBlock};
use std::borrow::Cow;
use std::io::Read;

/// How an object is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Delimited text; its dialect is found when the table is opened.
    Csv,
    /// A JSON document, or several.
    Json,
    /// One JSON value a line.
    JsonLines,
    /// Running text.
    Text,
    /// Of a format that has a reader of its own.
    Structured(&'static Format),
    /// Nothing in it.
    Empty,
    /// Not read at all.
    Unsupported,
}

/// What is known of an object before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sniffed {
    /// How it is read.
    pub kind: Kind,
    /// Media type as findings name it.
    pub mime_type: &'static str,
    /// How its bytes stand for characters.
    pub encoding: Encoding,
    /// What will be missing however well it is read: all of a format that is not read, for instance.
    pub gap: Option<Coverage>,
}

/// Bytes at the start of an object that [`sniff`] should be shown.
pub const SNIFFED_BYTES: usize = 64 * 1024;

/// What a name promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Promise {
    Csv(u8),
    Json,
    JsonLines,
    /// Text that is written for people: a table or JSON only without any doubt.
    Plain,
    /// Text with a grammar of its own.
    Markup,
    Mail,
    Nothing,
}

impl Promise {
    fn of(extension: &str) -> Self {
        match extension {
            "csv" => Self::Csv(b','),
            "tsv" | "tab" => Self::Csv(b'\t'),
            "psv" => Self::Csv(b'|'),
            "json" | "geojson" => Self::Json,
            "jsonl" | "ndjson" | "jsonlines" | "ldjson" => Self::JsonLines,
            "txt" | "text" | "log" => Self::Plain,
            "htm" | "html" | "xhtml" | "xml" | "xsd" | "svg" | "yaml" | "yml" | "md" | "rst" | "tex" | "rtf"
            | "sql" | "ini" | "toml" | "cfg" | "conf" | "css" => Self::Markup,
            "eml" | "mbox" => Self::Mail,
            _ => Self::Nothing,
        }
    }
}

/// Tells what the object called `name` is. `head` is its start (up to [`SNIFFED_BYTES`]), or all of it if `at_end` is set.
///
/// Content counts for more than the name: a picture called `.csv` is a picture. The name decides between readings that the
/// content allows alike.
pub fn sniff(name: &str, head: &[u8], at_end: bool) -> Sniffed {
    let extension = extension(name);
    let promise = Promise::of(&extension);
    let encoding = Encoding::of(head);
    if let Some(format) = format_of_bytes(head, &extension) {
        // What is told by its bytes is read as bytes, also where most of it is text in UTF-16.
        return of_format(format, Encoding::Bytes(0));
    }
    if head.is_empty() {
        return Sniffed { kind: Kind::Empty, mime_type: mime_type(Kind::Empty, promise), encoding, gap: None };
    }
    // Web archives are text that may hold anything.
    let is_text = head.starts_with(b"WARC/");
    if !is_text && matches!(encoding, Encoding::Bytes(_)) && is_binary(head, promise != Promise::Nothing) {
        let named = format_named(&extension);
        let gap = if named.is_some() || promise != Promise::Nothing {
            Coverage::skipped(Reason::MalformedFile, "the content is not what the name says")
        } else {
            Coverage::skipped(Reason::UnsupportedFileType, "a binary format that is not analysed")
        };
        let mime_type = named.map_or("application/octet-stream", |format| format.mime_type);
        return Sniffed { kind: Kind::Unsupported, mime_type, encoding, gap: Some(gap) };
    }
    let encoding = if encoding == Encoding::Bytes(0) { Encoding::of_text(head) } else { encoding };
    let text = decoded(head, encoding);
    if let Some(format) = format_of_text(&text, &extension) {
        return of_format(format, encoding);
    }
    let kind = kind_of_text(&text, at_end, promise);
    let gap = (promise == Promise::Mail).then(|| {
        Coverage::partial(
            Reason::UnableToParseFile,
            "read as plain text: encoded parts of messages are not decoded yet",
        )
    });
    Sniffed { kind, mime_type: mime_type(kind, promise), encoding, gap }
}

fn of_format(format: &'static Format, encoding: Encoding) -> Sniffed {
    let gap = match format.reader {
        Reader::Seeking(_) | Reader::Streaming(_) | Reader::Decompressor(_) => None,
        Reader::Without(feature) => {
            let detail = format!("{}: not supported by this build, which lacks the feature {feature}", format.name);
            Some(Coverage::skipped(Reason::UnableToParseFile, detail))
        }
        Reader::OutOfScope => Some(Coverage::skipped(Reason::UnsupportedFileType, format.name)),
    };
    let kind = if gap.is_some() { Kind::Unsupported } else { Kind::Structured(format) };
    Sniffed { kind, mime_type: format.mime_type, encoding, gap }
}

/// Lower-case extension of a file name, without the dot.
fn extension(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default()
}

/// The delimiter that the name of a table promises.
pub(super) fn promised_delimiter(name: &str) -> Option<u8> {
    match Promise::of(&extension(name)) {
        Promise::Csv(delimiter) => Some(delimiter),
        _ => None,
    }
}

fn mime_type(kind: Kind, promise: Promise) -> &'static str {
    match (kind, promise) {
        (Kind::Csv | Kind::Empty, Promise::Csv(b'\t')) => "text/tab-separated-values",
        (Kind::Csv, _) | (Kind::Empty, Promise::Csv(_)) => "text/csv",
        (Kind::Json | Kind::JsonLines, _) | (Kind::Empty, Promise::Json | Promise::JsonLines) => "application/json",
        (Kind::Text | Kind::Empty, Promise::Mail) => "message/rfc822",
        _ => "text/plain",
    }
}

fn decoded(head: &[u8], encoding: Encoding) -> Cow<'_, [u8]> {
    if encoding == Encoding::Bytes(0) {
        return Cow::Borrowed(head);
    }
    let mut text = Vec::new();
    // Memory does not fail to be read.
    let _ = Decoded::new(head, encoding).read_to_end(&mut text);
    Cow::Owned(text)
}

/// True for bytes that are no text in any encoding of one byte a character, nor UTF-8.
///
/// Text hardly has control characters; in compressed or encrypted data they are one byte in ten. NUL bytes count for less
/// in files that are `called_text`: fields of fixed width are padded with them, and disks that failed leave runs of them.
fn is_binary(head: &[u8], called_text: bool) -> bool {
    let nul = memchr::memchr_iter(0, head).count();
    let control = |byte: u8| matches!(byte, 1..=8 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F);
    // Counting a few bytes in a byte lets the compiler test many of them at once.
    let controls: usize =
        head.chunks(128).map(|few| usize::from(few.iter().map(|byte| u8::from(control(*byte))).sum::<u8>())).sum();
    let (nul_limit, rest) =
        if called_text { (head.len() * 9 / 10, head.len() - nul) } else { (head.len() / 100, head.len()) };
    nul > nul_limit || controls * 20 > rest
}

fn kind_of_text(text: &[u8], at_end: bool, promise: Promise) -> Kind {
    if matches!(promise, Promise::Markup | Promise::Mail) {
        return Kind::Text;
    }
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    if matches!(first, Some(b'{' | b'[')) {
        match (json(text, at_end), promise) {
            // A single line may be the first of many, or a document; the name says which.
            (Some(Json::One) | None, Promise::JsonLines) | (Some(Json::Lines), _) => return Kind::JsonLines,
            (Some(Json::One | Json::Spread), _) | (None, Promise::Json) => return Kind::Json,
            (None, _) => {}
        }
    }
    let delimiter = match promise {
        Promise::Csv(_) => return Kind::Csv,
        _ => Shape::of(text, at_end, None),
    };
    let table = if promise == Promise::Plain { delimiter.is_surely_table() } else { delimiter.is_table() };
    if table { Kind::Csv } else { Kind::Text }
}

/// How JSON is laid out.
enum Json {
    /// One value on one line, as far as is known.
    One,
    /// A value a line.
    Lines,
    /// A value over several lines, or several values that do not keep to lines.
    Spread,
}

fn json(text: &[u8], at_end: bool) -> Option<Json> {
    let (mut values, mut input) = (ValueReader::default(), Slice::new(text));
    match values.read(&mut input, 0, &mut Nowhere::default()) {
        Ok(true) => {}
        Err(Fault::TooDeep) => return Some(Json::Spread),
        Err(Fault::Malformed) if input.is_used_up() && !at_end => {
            return Some(if text.contains(&b'\n') { Json::Spread } else { Json::One });
        }
        _ => return None,
    }
    let (first, rest) = text.split_at(input.resume());
    if first.trim_ascii().contains(&b'\n') {
        return Some(Json::Spread);
    }
    let line = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    let (same_line, other_lines) = rest.split_at(line);
    if !same_line.trim_ascii().is_empty() {
        return Some(Json::Spread);
    }
    // A JSON Lines file is still one if some later line is broken.
    Some(if other_lines.trim_ascii().is_empty() { Json::One } else { Json::Lines })
}

/// Takes fields nowhere: only the grammar is looked at.
#[derive(Default)]
pub(super) struct Nowhere(MemberNames);

impl RecordSink for Nowhere {
    fn names(&mut self) -> &mut MemberNames {
        &mut self.0
    }

    fn value(&mut self, _: FieldPath<'_>, _: &[u8]) {}
    fn open_object(&mut self) {}
    fn close_object(&mut self) {}
    fn text(&mut self, _: TextBlock<'_>) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str, content: &[u8]) -> Kind {
        sniff(name, content, true).kind
    }

    const TABLE: &[u8] = b"id,name\n1,Jane\n2,Rick\n3,Ann\n4,Bob\n5,Eve\n";

    #[test]
    fn a_database_full_of_utf16_is_no_text_in_utf16() {
        let text: Vec<u8> = "a database of notes ".repeat(200).encode_utf16().flat_map(u16::to_be_bytes).collect();
        let content = [b"SQLite format 3\0".as_slice(), &[0; 84], &text].concat();
        assert_eq!(Encoding::of(&content), Encoding::Utf16Be(0), "it would be taken for that");
        assert_eq!(sniff("a.db", &content, true).encoding, Encoding::Bytes(0));
    }

    #[test]
    fn a_table_is_found_under_any_name_that_does_not_promise_prose() {
        for name in ["a.csv", "a.dat", "a", "a.json"] {
            assert_eq!(kind(name, TABLE), Kind::Csv, "{name}");
        }
        assert!(!matches!(kind("a.html", TABLE), Kind::Csv));
        assert_eq!(kind("a.txt", b"id|name\n1|Jane\n2|Rick\n3|Ann\n4|Bob\n"), Kind::Csv);
        assert_eq!(sniff("A.TSV", b"a\tb\n", true).mime_type, "text/tab-separated-values");
    }

    #[test]
    fn prose_stays_prose_even_with_as_many_commas_in_each_line() {
        let line = b"Jane Roe (born 1970), of Boston, MA, called today.\n".repeat(10);
        assert_eq!(kind("a.txt", &line), Kind::Text);
        assert_eq!(kind("a", &line), Kind::Text);
        assert_eq!(kind("a", b"INSERT;\nDELETE;\nCOMMIT;\nBEGIN;\nEND;\n"), Kind::Text);
    }

    #[test]
    fn json_is_told_from_json_lines_by_its_layout() {
        assert_eq!(kind("a.json", b"{\"a\": 1}\n"), Kind::Json);
        assert_eq!(kind("a.json", b"{\"a\": 1}\n{\"a\": 2}\n"), Kind::JsonLines);
        assert_eq!(kind("a.jsonl", b"{\"a\": 1}\n"), Kind::JsonLines);
        assert_eq!(kind("a.jsonl", b"{\n\"a\": 1}\n{\"a\": 2}"), Kind::Json);
        assert_eq!(kind("a.csv", b"[{\"a\": 1},\n{\"a\": 2}]"), Kind::Json);
        assert_eq!(kind("a", b"{\"a\": 1}\n{\"a\": 2}\n"), Kind::JsonLines);
        assert_eq!(sniff("a.json", b"[1,2,\"cut o", false).kind, Kind::Json);
    }

    #[test]
    fn a_broken_file_keeps_the_kind_of_its_name() {
        assert_eq!(kind("a.json", b"{\"a\": oops}"), Kind::Json);
        assert_eq!(kind("a.csv", b"just one\nunclosed \"quote\n"), Kind::Csv);
        assert_eq!(kind("a.csv", b"[note] a,b\n1,2\n"), Kind::Csv);
    }

    #[test]
    fn a_lying_name_is_found_out() {
        let png = sniff("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", true);
        assert_eq!((png.kind, png.mime_type), (Kind::Unsupported, "image/png"));
        assert!(png.gap.is_some_and(|gap| gap.out_of_scope()));
        assert_eq!(sniff("a.csv", b"\x1f\x8b\x08\0\0\0\0\0", true).mime_type, "application/gzip");
        assert!(!matches!(kind("a.xls", b"<html><table><tr><td>1</td></tr></table>"), Kind::Csv | Kind::Unsupported));
    }

    #[test]
    fn a_format_that_has_no_reader_is_a_gap_unless_nobody_expects_one() {
        let sniffed = sniff("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", true);
        if let Kind::Unsupported = sniffed.kind {
            assert!(sniffed.gap.is_some_and(|gap| gap.incomplete()));
        }
        assert!(sniff("a.csv", b"GIF89a\x01\0", true).gap.is_some_and(|gap| gap.out_of_scope()));
    }

    #[test]
    fn nul_bytes_amid_text_do_not_make_a_text_file_binary() {
        assert_eq!(kind("a.csv", b"id,name\0\0\0\n1,Jane\0\0\0\n"), Kind::Csv);
        assert_eq!(kind("a.bin", b"id\0\0\0\x01\x02\0\0\0\0name"), Kind::Unsupported);
    }

    #[test]
    fn noise_is_binary_whatever_its_name() {
        let noise: Vec<u8> = (0..4096_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert!(sniff("a.csv", &noise, true).gap.is_some_and(|gap| gap.incomplete()));
        assert!(sniff("a.bin", &noise, true).gap.is_some_and(|gap| gap.out_of_scope()));
    }

    #[test]
    fn an_empty_file_has_no_gap() {
        let sniffed = sniff("a.csv", b"", true);
        assert_eq!((sniffed.kind, sniffed.mime_type, sniffed.gap), (Kind::Empty, "text/csv", None));
    }
}
