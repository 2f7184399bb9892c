//! From an object's name and bytes to what its reader needs.

use super::Codec;
use super::content::Content;
use super::csv_table::Table;
use super::format::Reader;
use super::limits::Limits;
use super::quoting::Quoting;
use super::sniff::{Kind, SNIFFED_BYTES, Sniffed, promised_delimiter, sniff};
use crate::model::{Coverage, Reason, StoredKind};
use std::io::{self, Read};
use std::sync::Arc;

/// An object whose beginning has been looked at.
pub struct Opened<R: Read> {
    /// How the content is read; never a format that is only a compression.
    pub kind: Kind,
    /// Media type of the object as it is stored.
    pub mime_type: &'static str,
    /// The file inside, if the object is compressed.
    pub compressed: Option<Compressed>,
    /// The limit that the stored bytes are under.
    pub stored: StoredKind,
    /// What will be missing however well it is read.
    pub gap: Option<Coverage>,
    /// The table that a [`Kind::Csv`] holds.
    pub table: Option<Table>,
    /// All of the content, or for a table the rows of data: its header has been taken off.
    pub content: Content<R>,
}

/// What a compressed object holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compressed {
    /// Name of the file inside.
    pub name: String,
    /// Its media type.
    pub mime_type: &'static str,
    /// Levels of compression.
    pub levels: u32,
}

/// Looks at the object called `name`, taking off compression and encodings; at most `levels` levels of compression.
///
/// An error means that nothing at all could be read. One that comes later is met while the content is read.
pub fn open<R: Read>(name: &str, input: R, limits: &Arc<Limits>, levels: u32) -> io::Result<Opened<R>> {
    let mut name = name;
    let mut content = Content::new(input);
    let mut outer: Option<(&'static str, StoredKind)> = None;
    let mut depth = 0;
    loop {
        let head = content.take_head(SNIFFED_BYTES)?;
        let sniffed = sniff(name, &head.bytes, head.at_end);
        content = content.put_back(head, 0);
        let compression = match sniffed.kind {
            Kind::Structured(format) => match format.reader {
                Reader::Decompressor(codec) => Some((codec, format)),
                _ => None,
            },
            _ => None,
        };
        let Some((codec, format)) = compression else {
            return finish(name, content, sniffed, outer, depth);
        };
        let (mime_type, stored) = *outer.get_or_insert((format.mime_type, format.stored));
        if depth == levels {
            let detail = format!("archives and compression inside each other on more than {levels} levels");
            return Ok(Opened {
                kind: Kind::Unsupported,
                mime_type,
                compressed: None,
                stored,
                gap: Some(Coverage::skipped(Reason::ArchiveNestingLevelOverLimit, detail)),
                table: None,
                content,
            });
        }
        depth += 1;
        name = name_inside(name, codec);
        content = content.decompressed(codec, limits)?;
    }
}

fn finish<R: Read>(
    name: &str,
    content: Content<R>,
    sniffed: Sniffed,
    outer: Option<(&'static str, StoredKind)>,
    levels: u32,
) -> io::Result<Opened<R>> {
    let mut content = content.decoded(sniffed.encoding);
    let mut table = None;
    if sniffed.kind == Kind::Csv {
        let promised = promised_delimiter(name);
        let mut head = content.take_head(Table::HEAD)?;
        if let Some(quoting) = Quoting::of(&head.bytes, head.at_end, promised) {
            content = content.put_back(head, 0).requoted(quoting);
            head = content.take_head(Table::HEAD)?;
        }
        let opened = Table::open(&head.bytes, head.at_end, promised);
        content = content.put_back(head, opened.data_start);
        table = Some(opened);
    }
    let own = match sniffed.kind {
        Kind::Structured(format) => format.stored,
        _ => StoredKind::Text,
    };
    let (mime_type, stored) = outer.unwrap_or((sniffed.mime_type, own));
    Ok(Opened {
        kind: sniffed.kind,
        mime_type,
        compressed: outer.is_some().then(|| Compressed {
            name: name.rsplit('/').next().unwrap_or_default().to_owned(),
            mime_type: sniffed.mime_type,
            levels,
        }),
        stored,
        gap: sniffed.gap,
        table,
        content,
    })
}

/// The name of what a compressed file holds.
fn name_inside(name: &str, codec: Codec) -> &str {
    match name.rsplit_once('.') {
        Some((stem, extension)) if codec.extensions().iter().any(|known| extension.eq_ignore_ascii_case(known)) => stem,
        // A name that hides the compression tells of the content.
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Quotas, Row, RowSink};
    use crate::readers::sniff::Nowhere;
    use crate::readers::{BlockSizes, Blocks, Chunk, JsonReader, LineReader, ReadFailure, RowReader, Splitter};
    use flate2::{Compression, write::GzEncoder};
    use proptest::prelude::*;
    use std::io::{Cursor, Write};

    fn compress(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).expect("memory can be written");
        encoder.finish().expect("memory can be written")
    }

    fn read(mut opened: Opened<impl Read>) -> (String, Option<Reason>) {
        let mut bytes = Vec::new();
        let result = opened.content.read_to_end(&mut bytes);
        (String::from_utf8_lossy(&bytes).into_owned(), result.err().map(|error| ReadFailure::from(error).reason))
    }

    fn open(name: &str, input: impl Read, budget: u64) -> io::Result<Opened<impl Read>> {
        let quotas = Quotas { expanded_bytes: budget, ..Quotas::default() };
        super::open(name, input, &Arc::new(Limits::new(&quotas, 0)), 10)
    }

    fn open_bytes(name: &str, bytes: Vec<u8>) -> Opened<impl Read> {
        open(name, Cursor::new(bytes), u64::MAX).expect("memory can be read")
    }

    #[test]
    fn a_table_in_other_quotes_has_the_columns_that_it_was_written_with() {
        let text = "id,note,ssn\n1,\"says \\\"hi\\\", twice\",219-09-4821\n2,\"no\",219-09-4822\n";
        let opened = open_bytes("a.csv", text.as_bytes().to_vec());
        let sample = opened.table.as_ref().map(|table| table.start.sample.clone()).unwrap_or_default();
        assert_eq!(sample, [["1", "says \"hi\", twice", "219-09-4821"], ["2", "no", "219-09-4822"]]);
        assert_eq!(read(opened).0, "1,\"says \"\"hi\"\", twice\",219-09-4821\n2,\"no\",219-09-4822\n");
    }

    #[test]
    fn a_table_comes_without_its_header() {
        let opened = open_bytes("a.csv", b"\xef\xbb\xbfname,ssn\nJane,123-45-6789\n".to_vec());
        assert_eq!((opened.kind, opened.mime_type), (Kind::Csv, "text/csv"));
        let names = opened.table.as_ref().and_then(|table| table.start.names.clone());
        assert_eq!(names, Some(vec!["name".to_owned(), "ssn".to_owned()]));
        assert_eq!(read(opened), ("Jane,123-45-6789\n".to_owned(), None));
    }

    #[test]
    fn compressed_content_has_the_kind_of_what_is_inside() {
        for (name, rows) in [("a.csv.gz", 1), ("a.CSV.GZIP", 1), ("a.gz", 9), ("a.csv", 1)] {
            let table = [b"name,ssn\n".to_vec(), b"Jane,123-45-6789\n".repeat(rows)].concat();
            let opened = open_bytes(name, compress(&table));
            assert_eq!(
                (opened.kind, opened.mime_type, opened.compressed.map(|inside| inside.mime_type)),
                (Kind::Csv, "application/gzip", Some("text/csv")),
                "{name}"
            );
        }
        let twice = open_bytes("in/a.json.gz.gz", compress(&compress(b"{\"a\": 1}")));
        assert_eq!(twice.kind, Kind::Json);
        assert_eq!(twice.compressed.map(|inside| inside.name), Some("a.json".to_owned()));
        assert_eq!(open_bytes("a.json", b"{\"a\": 1}".to_vec()).compressed, None);
    }

    #[test]
    fn compressed_content_that_is_cut_off_is_read_as_far_as_it_goes() {
        let rows: Vec<String> = (0..20_000).map(|row| format!("{row},x{}", row * 7919)).collect();
        let text = rows.join("\n");
        let mut bytes = compress(text.as_bytes());
        bytes.truncate(bytes.len() - 100);
        let (content, reason) = read(open_bytes("a.csv.gz", bytes));
        assert!(content.len() > text.len() / 2 && text.starts_with(&content));
        assert_eq!(reason, Some(Reason::MalformedFile));
    }

    #[test]
    fn a_file_that_only_claims_to_be_compressed_is_an_error_at_once() {
        let result = open("a.gz", Cursor::new(b"\x1f\x8b\x08\xff\xff".to_vec()), u64::MAX);
        assert!(result.is_err());
    }

    #[test]
    fn endless_nesting_of_compression_is_given_up() {
        let mut bytes = compress(b"x");
        for _ in 0..15 {
            bytes = compress(&bytes);
        }
        assert!(open_bytes("a.gz", bytes).gap.is_some_and(|gap| gap.incomplete()));
    }

    #[test]
    fn the_shared_table_of_people_is_found_in_every_encoding_and_layout() {
        let shared = std::env::var_os("LAKEGATE_SHARED_DATA").map_or_else(
            || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
            std::path::PathBuf::from,
        );
        let folder = shared.join("formats/people");
        if !folder.is_dir() {
            let _ = writeln!(std::io::stderr(), "skipped: no shared data");
            return;
        }
        for name in [
            "people",
            "people.dat",
            "people.tsv",
            "people.csv.gz",
            "people-noname.gz",
            "people-bom.csv",
            "people-cr.csv",
            "people-cp1252.csv",
            "people-pipe.txt",
            "people-semicolon.csv",
            "people-utf16le-nobom.csv",
            "people-multimember.csv.gz",
            "people-trailing.csv.gz",
        ] {
            let file = std::fs::File::open(folder.join(name)).expect("the file can be read");
            let table = open(name, file, u64::MAX).ok().and_then(|opened| opened.table);
            let start = table.map(|table| table.start).unwrap_or_default();
            assert_eq!((start.names.map(|names| names.len()), start.sample.len()), (Some(16), 30), "{name}");
        }
    }

    impl RowSink for Nowhere {
        fn row(&mut self, _: Row<'_>) {}
    }

    fn anything() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            prop::collection::vec(any::<u8>(), 0..20),
            "[\\[\\]{}:,;\t|\"\\\\ \r\na-c0-9]{0,20}".prop_map(String::into_bytes),
            prop::sample::select(vec![
                b"\xff\xfe".to_vec(),
                b"\0\0\xfe\xff".to_vec(),
                b"\xef\xbb\xbf".to_vec(),
                b"\x1f\x8b\x08\0".to_vec(),
                b"PK\x03\x04".to_vec(),
            ]),
        ];
        let plain = prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
        (plain, any::<bool>(), 0_usize..40).prop_map(|(plain, compressed, cut)| {
            let mut bytes = if compressed { compress(&plain) } else { plain };
            bytes.truncate(bytes.len().saturating_sub(if compressed { cut } else { 0 }));
            bytes
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn no_input_breaks_a_reader(bytes in anything(), name in "a(\\.(csv|tsv|json|jsonl|txt|log|dat|html|eml))?(\\.gz)?") {
            let Ok(opened) = open(&name, Cursor::new(bytes), 1000) else {
                return Ok(());
            };
            let mut chunk = Chunk::default();
            match (opened.kind, opened.table) {
                (Kind::Csv, Some(table)) => {
                    let mut splitter = Splitter::with_sizes(opened.content, Some(table.delimiter), 16, 100);
                    let mut reader = RowReader::new(table.delimiter);
                    while matches!(splitter.next_chunk(&mut chunk), Ok(true)) {
                        reader.read_rows(&chunk, chunk.contains(&b'"'), &mut Nowhere::default());
                    }
                    let _ = Blocks::new(splitter.into_rest(), BlockSizes::default()).read_all(&mut Nowhere::default());
                }
                (Kind::Json, _) => {
                    let mut reader = JsonReader::new(opened.content);
                    if reader.read_all(&mut Nowhere::default()).is_err() {
                        let _ = Blocks::new(reader.into_rest(), BlockSizes::default()).read_all(&mut Nowhere::default());
                    }
                }
                (Kind::JsonLines, _) => {
                    let mut splitter = Splitter::of_lines(opened.content);
                    while matches!(splitter.next_chunk(&mut chunk), Ok(true)) {
                        LineReader::new().read_lines(&chunk, 0, 1, &mut Nowhere::default());
                    }
                }
                (Kind::Text, _) => {
                    let _ = Blocks::new(opened.content, BlockSizes::default()).read_all(&mut Nowhere::default());
                }
                (Kind::Structured(_), _) => {}
                (kind, _) => prop_assert!(kind == Kind::Empty || opened.gap.is_some()),
            }
        }
    }
}
