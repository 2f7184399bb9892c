//! The bytes of a Parquet file, looked at before its library believes what they say of their own size.

use super::thrift::{Compact, FieldType};
use crate::readers::shared_source::SharedSource;
use crate::readers::source::Source;
use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};
use std::io::{self, Chain, Cursor, Read, Seek, SeekFrom};

/// Largest page in bytes, before and after it is decompressed. Writers aim at 1 MiB, some at a hundred.
const LARGEST_PAGE: u64 = 128 * 1024 * 1024;

/// Largest metadata in bytes.
const LARGEST_FOOTER: u64 = 64 * 1024 * 1024;

/// Schema elements inside each other. The library walks over them in recursion.
const DEEPEST_SCHEMA: usize = 200;

/// Bytes that hold the start of a page's header, or all of it.
const HEADER: u64 = 64 * 1024;

/// A file in which the library jumps about.
#[derive(Clone)]
pub(super) struct Pages(SharedSource);

/// What metadata says that the library would not.
pub(super) struct Footer {
    /// Some columns are encrypted.
    pub(super) encrypted: bool,
}

impl Pages {
    pub(super) fn new(source: Source) -> io::Result<Self> {
        SharedSource::new(source).map(Self)
    }

    /// Looks at the metadata. An error says why it is not to be believed.
    pub(super) fn check_footer(&self) -> std::result::Result<Footer, &'static str> {
        const CUT: &str = "the file has no metadata at its end: it is cut off or damaged";
        let tail = self.0.read_at(self.0.length().saturating_sub(8), 8).map_err(|_| CUT)?;
        let Ok([a, b, c, d, magic @ ..]) = <[u8; 8]>::try_from(tail) else { return Err(CUT) };
        if &magic == b"PARE" {
            return Ok(Footer { encrypted: true });
        }
        let length = u64::from(u32::from_le_bytes([a, b, c, d]));
        if &magic != b"PAR1" || length + 8 > self.0.length() {
            return Err(CUT);
        }
        if length > LARGEST_FOOTER {
            return Err("its metadata is larger than any metadata should be");
        }
        let bytes = self.0.read_at(self.0.length() - 8 - length, length).map_err(|_| CUT)?;
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
        self.0.length()
    }
}

impl ChunkReader for Pages {
    type T = Chain<Cursor<Vec<u8>>, SharedSource>;

    /// The library reads the header of a page, and nothing else, from here.
    fn get_read(&self, start: u64) -> Result<Self::T> {
        let head = self.0.read_at(start, HEADER)?;
        let mut header = Compact::new(&head);
        let mut id = 0;
        while let Some((next, FieldType::I32)) = header.field(id) {
            id = next;
            let Some(number) = header.integer() else { break };
            if (2..=3).contains(&id) && u64::try_from(number).is_ok_and(|size| size > LARGEST_PAGE) {
                return Err(ParquetError::General("a page is larger than any page should be".to_owned()));
            }
        }
        let mut rest = self.0.clone();
        rest.seek(SeekFrom::Start(start + head.len() as u64))?;
        Ok(Cursor::new(head).chain(rest))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let end = start.checked_add(length as u64);
        if length as u64 > LARGEST_PAGE || end.is_none_or(|end| end > self.0.length()) {
            return Err(ParquetError::EOF("a page or the metadata lies beyond the end of the file".to_owned()));
        }
        let bytes = self.0.read_at(start, length as u64)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF("the file is shorter than it was".to_owned()));
        }
        Ok(bytes.into())
    }
}
