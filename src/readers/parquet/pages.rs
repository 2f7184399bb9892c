//! The bytes of a Parquet file, looked at before its library believes what they say of their own size.

use super::thrift::{Compact, FieldType};
use crate::readers::shared_source::SharedSource;
use crate::readers::source::Source;
use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use parquet::basic::Compression;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, Length};
use std::io::{self, Chain, Cursor, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Largest page in bytes, before and after it is decompressed. Writers aim at 1 MiB, some at a hundred.
const LARGEST_PAGE: u64 = 128 * 1024 * 1024;

/// Largest metadata in bytes.
const LARGEST_FOOTER: u64 = 64 * 1024 * 1024;

/// Schema elements inside each other. The library walks over them in recursion.
const DEEPEST_SCHEMA: usize = 200;

/// Bytes that hold the start of a page's header, or all of it.
const HEADER: u64 = 64 * 1024;

/// Most bytes that gzip packs into one.
const DENSEST: u64 = 1032;

/// A file in which the library jumps about.
#[derive(Clone)]
pub(super) struct Pages {
    source: SharedSource,
    /// Where the columns stand whose codecs the library lets expand as far as they like, sorted.
    boundless: Arc<Vec<(Range<u64>, Compression)>>,
    /// Bytes that stand uncompressed in front of the values of the page whose header was read last.
    levels: Arc<AtomicUsize>,
}

/// What metadata says that the library would not.
pub(super) struct Footer {
    /// Some columns are encrypted.
    pub(super) encrypted: bool,
}

impl Pages {
    pub(super) fn new(source: Source) -> io::Result<Self> {
        SharedSource::new(source).map(|source| Self { source, boundless: Arc::default(), levels: Arc::default() })
    }

    /// Notes which columns need a look at their pages before the library decompresses them.
    pub(super) fn learn(&mut self, metadata: &ParquetMetaData) {
        let columns = metadata.row_groups().iter().flat_map(RowGroupMetaData::columns);
        let mut boundless: Vec<(Range<u64>, Compression)> = columns
            .filter(|column| matches!(column.compression(), Compression::GZIP(_) | Compression::BROTLI(_)))
            .filter_map(|column| {
                let start = u64::try_from(column.dictionary_page_offset().unwrap_or(column.data_page_offset())).ok()?;
                let length = u64::try_from(column.compressed_size()).ok()?;
                Some((start..start.saturating_add(length), column.compression()))
            })
            .collect();
        boundless.sort_by_key(|(range, _)| range.start);
        self.boundless = Arc::new(boundless);
    }

    /// Whether a page that starts there expands to no more than a page may have.
    fn expands_within_bounds(&self, start: u64, page: &[u8]) -> bool {
        let behind = self.boundless.partition_point(|(range, _)| range.start <= start);
        let Some((_, codec)) = self.boundless[..behind].last().filter(|(range, _)| range.contains(&start)) else {
            return true;
        };
        let values = &page[self.levels.load(Ordering::Relaxed).min(page.len())..];
        match codec {
            Compression::GZIP(_) if values.len() as u64 * DENSEST <= LARGEST_PAGE => true,
            Compression::GZIP(_) => ends_in_time(MultiGzDecoder::new(values)),
            _ => ends_in_time(brotli::Decompressor::new(values, 64 * 1024)),
        }
    }

    /// Looks at the metadata. An error says why it is not to be believed.
    pub(super) fn check_footer(&self) -> std::result::Result<Footer, &'static str> {
        const CUT: &str = "the file has no metadata at its end: it is cut off or damaged";
        let tail = self.source.read_at(self.source.length().saturating_sub(8), 8).map_err(|_| CUT)?;
        let Ok([a, b, c, d, magic @ ..]) = <[u8; 8]>::try_from(tail) else { return Err(CUT) };
        if &magic == b"PARE" {
            return Ok(Footer { encrypted: true });
        }
        let length = u64::from(u32::from_le_bytes([a, b, c, d]));
        if &magic != b"PAR1" || length + 8 > self.source.length() {
            return Err(CUT);
        }
        if length > LARGEST_FOOTER {
            return Err("its metadata is larger than any metadata should be");
        }
        let bytes = self.source.read_at(self.source.length() - 8 - length, length).map_err(|_| CUT)?;
        let mut metadata = Compact::new(&bytes);
        let mut encrypted = false;
        let mut id = 0;
        while let Some((next, kind)) = metadata.field(id) {
            id = next;
            match (id, kind) {
                (2, FieldType::LIST) => check_schema(&mut metadata)?,
                (8, FieldType::STRUCT) => encrypted = true,
                _ => {}
            }
            if (id, kind) != (2, FieldType::LIST) && metadata.skip(kind).is_none() {
                break;
            }
        }
        Ok(Footer { encrypted })
    }
}

/// Fails for a schema whose elements are nested too deep.
fn check_schema(metadata: &mut Compact<'_>) -> std::result::Result<(), &'static str> {
    const BROKEN: &str = "its schema is damaged";
    let (length, _) = metadata.list().ok_or(BROKEN)?;
    // For each element around the present one, the elements that are still to come in it.
    let mut open: Vec<u64> = Vec::new();
    for _ in 0..length {
        let mut children = 0;
        let mut id = 0;
        while let Some((next, kind)) = metadata.field(id) {
            id = next;
            if (id, kind) == (5, FieldType::I32) {
                children = u64::try_from(metadata.integer().ok_or(BROKEN)?).unwrap_or(0);
            } else {
                metadata.skip(kind).ok_or(BROKEN)?;
            }
        }
        if let Some(left) = open.last_mut() {
            *left = left.saturating_sub(1);
        }
        while open.last() == Some(&0) {
            open.pop();
        }
        if children > 0 {
            open.push(children);
        }
        if open.len() > DEEPEST_SCHEMA {
            return Err("its schema is nested too deep");
        }
    }
    Ok(())
}

impl Length for Pages {
    fn len(&self) -> u64 {
        self.source.length()
    }
}

impl ChunkReader for Pages {
    type T = Chain<Cursor<Vec<u8>>, SharedSource>;

    /// The library reads the header of a page, and nothing else, from here.
    fn get_read(&self, start: u64) -> Result<Self::T> {
        let head = self.source.read_at(start, HEADER)?;
        let mut header = Compact::new(&head);
        let mut id = 0;
        let mut levels = 0;
        while let Some((next, kind)) = header.field(id) {
            id = next;
            match (id, kind) {
                (2..=3, FieldType::I32) => {
                    let Some(size) = header.integer() else { break };
                    if u64::try_from(size).is_ok_and(|size| size > LARGEST_PAGE) {
                        return Err(ParquetError::General("a page is larger than any page should be".to_owned()));
                    }
                }
                // Of pages in the second version of their header.
                (8, FieldType::STRUCT) => levels = level_bytes(&mut header).unwrap_or(0),
                _ if header.skip(kind).is_none() => break,
                _ => {}
            }
        }
        self.levels.store(levels, Ordering::Relaxed);
        let mut rest = self.source.clone();
        rest.seek(SeekFrom::Start(start + head.len() as u64))?;
        Ok(Cursor::new(head).chain(rest))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let end = start.checked_add(length as u64);
        if length as u64 > LARGEST_PAGE || end.is_none_or(|end| end > self.source.length()) {
            return Err(ParquetError::EOF("a page or the metadata lies beyond the end of the file".to_owned()));
        }
        let bytes = self.source.read_at(start, length as u64)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF("the file is shorter than it was".to_owned()));
        }
        if !self.expands_within_bounds(start, &bytes) {
            return Err(ParquetError::General("a page expands to more than any page should".to_owned()));
        }
        Ok(bytes.into())
    }
}

/// Bytes of the definition and repetition levels, which stand in front of a page's values and are not compressed.
fn level_bytes(header: &mut Compact<'_>) -> Option<usize> {
    let mut id = 0;
    let mut total = 0_usize;
    while let Some((next, kind)) = header.field(id) {
        id = next;
        match (id, kind) {
            (5..=6, FieldType::I32) => total = total.saturating_add(usize::try_from(header.integer()?).ok()?),
            _ => header.skip(kind)?,
        }
    }
    Some(total)
}

/// True if the stream ends, or breaks off, before it has given more than a page may have.
fn ends_in_time(stream: impl Read) -> bool {
    let mut bounded = stream.take(LARGEST_PAGE + 1);
    match io::copy(&mut bounded, &mut io::sink()) {
        Ok(given) => given <= LARGEST_PAGE,
        Err(_) => bounded.limit() > 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::write::GzEncoder;
    use parquet::basic::GzipLevel;
    use std::io::Write as _;

    /// Zeros, packed.
    fn packed(length: u64) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
        io::copy(&mut io::repeat(0).take(length), &mut encoder).expect("memory can be written");
        encoder.flush().expect("memory can be written");
        encoder.finish().expect("memory can be written")
    }

    #[test]
    fn a_page_that_expands_to_more_than_it_claims_is_refused_before_it_does() {
        let source = Source::Memory(Cursor::new(Vec::new()));
        let mut pages = Pages::new(source).expect("memory has a length");
        pages.boundless = Arc::new(vec![(100..u64::MAX, Compression::GZIP(GzipLevel::default()))]);
        let (bomb, honest) = (packed(LARGEST_PAGE + 1), packed(LARGEST_PAGE));
        assert!(!pages.expands_within_bounds(100, &bomb));
        assert!(pages.expands_within_bounds(100, &honest));
        assert!(pages.expands_within_bounds(99, &bomb), "another column's codec keeps to what it is told");
        pages.levels.store(7, Ordering::Relaxed);
        assert!(!pages.expands_within_bounds(100, &[&[0; 7], bomb.as_slice()].concat()));
        let broken = &bomb[..bomb.len() / 2];
        assert!(pages.expands_within_bounds(100, broken), "the library says what is wrong with it");
    }
}
