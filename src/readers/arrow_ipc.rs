//! Arrow files, Feather files (version 2) and Arrow streams, also compressed: batch after batch as records.
//!
//! A file holds a stream between its magic bytes and its footer (Arrow columnar format, "IPC File Format"), and is read as
//! one. The lengths that messages claim are held against the file before any memory is taken for them.

use super::columns::Columns;
use super::failure::ReadFailure;
use super::limits::Limits;
use super::record_path::RecordPath;
use super::source::Source;
use crate::model::{ContentSink, Coverage, Reason};
use arrow_array::ArrayRef;
use arrow_buffer::Buffer;
use arrow_ipc::reader::{read_dictionary, read_record_batch};
use arrow_ipc::{Message, MessageHeader, RecordBatch, root_as_message};
use arrow_schema::{ArrowError, Schema};
use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

const MAGIC: &[u8] = b"ARROW1";
/// What stands before the length of a message since format version 0.15.
const CONTINUATION: u32 = u32::MAX;
/// Largest metadata of a message, in bytes.
const LARGEST_METADATA: u64 = 64 * 1024 * 1024;
/// Largest batch, in bytes as it is stored and as it is decompressed. It has to be in memory as a whole.
const LARGEST_BATCH: u64 = 512 * 1024 * 1024;

/// Reads all records.
pub(super) fn read(mut input: Source, limits: &Limits, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    let length = input.length()?;
    let mut start = [0; MAGIC.len()];
    input.read_exact(&mut start)?;
    let first = if start == MAGIC { first_message(&mut input)? } else { 0 };
    input.seek(SeekFrom::Start(first))?;
    let mut stream = Stream {
        left: length - input.stream_position()?.min(length),
        input,
        schema: None,
        dictionaries: HashMap::new(),
    };
    let mut path = RecordPath::default();
    let mut given = 0;
    while let Some(header) = stream.next_header()? {
        limits.check()?;
        let message = root_as_message(&header).map_err(|_| ReadFailure::malformed("a message in it is damaged"))?;
        let body = stream.body(&message)?;
        let Some(body) = body else {
            let detail = format!("a batch of more than {LARGEST_BATCH} bytes was left out");
            sink.gap(Coverage::partial(Reason::FileExceedsSizeLimit, detail));
            path.record = path.record.saturating_add(rows_of(&message));
            continue;
        };
        let stored = body.len() as u64;
        // A library that breaks on a message has broken this one only.
        let batch = catch_unwind(AssertUnwindSafe(|| stream.take(&header, &message, &Buffer::from(body))));
        match batch {
            Ok(Ok(Some(batch))) => {
                let mut columns = Columns::new(&batch);
                path.allow(stored);
                let whole = columns.give(&mut path, sink);
                if columns.too_deep() || !whole {
                    sink.gap(Coverage::partial(Reason::UnableToParseFile, "values nested too deep were left out"));
                }
                given += columns.bytes() + batch.num_rows() as u64;
                limits.inflated_to(given)?;
            }
            Ok(Ok(None)) => {}
            Ok(Err(_)) | Err(_) if stream.schema.is_none() => {
                return Err(ReadFailure::malformed("its schema is damaged, or of a kind that is not known"));
            }
            Ok(Err(_)) | Err(_) => {
                sink.gap(Coverage::partial(Reason::MalformedFile, "a batch is damaged and was left out"));
                path.record = path.record.saturating_add(rows_of(&message));
            }
        }
    }
    if stream.schema.is_none() {
        return Err(ReadFailure::malformed("it holds no schema"));
    }
    Ok(())
}

/// Offset of the first message of a file: writers fill up with zeros to 8 bytes, or to what they align buffers to.
fn first_message(input: &mut Source) -> Result<u64, ReadFailure> {
    const ALIGNMENTS: [u64; 4] = [8, 16, 32, 64];
    for offset in ALIGNMENTS {
        input.seek(SeekFrom::Start(offset))?;
        let mut word = [0; 4];
        input.read_exact(&mut word)?;
        if word != [0; 4] {
            return Ok(offset);
        }
    }
    Err(ReadFailure::malformed("it holds no message"))
}

/// Rows of the batch that a message is.
fn rows_of(message: &Message<'_>) -> u64 {
    message.header_as_record_batch().map_or(0, |batch| batch.length().max(0).cast_unsigned())
}

struct Stream {
    input: Source,
    /// Bytes that follow.
    left: u64,
    schema: Option<Arc<Schema>>,
    dictionaries: HashMap<i64, ArrayRef>,
}

impl Stream {
    /// The metadata of the next message; `None` at the end of the stream.
    fn next_header(&mut self) -> Result<Option<Vec<u8>>, ReadFailure> {
        let Some(mut length) = self.number()? else { return Ok(None) };
        if length == CONTINUATION {
            let Some(number) = self.number()? else { return Ok(None) };
            length = number;
        }
        let length = u64::from(length);
        if length == 0 {
            return Ok(None);
        }
        if length > self.left.min(LARGEST_METADATA) {
            return Err(ReadFailure::malformed("a message is longer than the file: it is cut off or damaged"));
        }
        Ok(Some(self.bytes(length)?))
    }

    /// The body of the message; `None` if it is too large, and has been skipped.
    fn body(&mut self, message: &Message<'_>) -> Result<Option<Vec<u8>>, ReadFailure> {
        let length = u64::try_from(message.bodyLength()).unwrap_or(u64::MAX);
        if length > self.left {
            return Err(ReadFailure::malformed("a batch is longer than the file: it is cut off or damaged"));
        }
        if length > LARGEST_BATCH {
            self.input.seek_relative(length.cast_signed())?;
            self.left -= length;
            return Ok(None);
        }
        let body = self.bytes(length)?;
        let fits = match (message.header_as_record_batch(), message.header_as_dictionary_batch()) {
            (Some(batch), _) => fits(&batch, &body),
            (_, Some(dictionary)) => dictionary.data().is_none_or(|batch| fits(&batch, &body)),
            _ => true,
        };
        Ok(fits.then_some(body))
    }

    fn number(&mut self) -> Result<Option<u32>, ReadFailure> {
        if self.left < 4 {
            return Ok(None);
        }
        let mut bytes = [0; 4];
        self.input.read_exact(&mut bytes)?;
        self.left -= 4;
        Ok(Some(u32::from_le_bytes(bytes)))
    }

    fn bytes(&mut self, length: u64) -> Result<Vec<u8>, ReadFailure> {
        let mut bytes = Vec::with_capacity(length as usize);
        self.input.by_ref().take(length).read_to_end(&mut bytes)?;
        self.left -= length;
        if (bytes.len() as u64) < length {
            return Err(ReadFailure::malformed("the file is shorter than it was"));
        }
        Ok(bytes)
    }

    /// Takes in a message; gives the batch that it is.
    fn take(
        &mut self,
        header: &[u8],
        message: &Message<'_>,
        body: &Buffer,
    ) -> Result<Option<arrow_array::RecordBatch>, ArrowError> {
        let damaged = || ArrowError::IpcError("a message is damaged".to_owned());
        let version = message.version();
        match message.header_type() {
            MessageHeader::Schema => {
                let schema = arrow_ipc::convert::try_schema_from_flatbuffer_bytes(header)?;
                self.schema = Some(Arc::new(schema));
                Ok(None)
            }
            MessageHeader::DictionaryBatch => {
                let schema = self.schema.as_ref().ok_or_else(damaged)?;
                let dictionary = message.header_as_dictionary_batch().ok_or_else(damaged)?;
                read_dictionary(body, dictionary, schema, &mut self.dictionaries, &version)?;
                Ok(None)
            }
            MessageHeader::RecordBatch => {
                let schema = self.schema.as_ref().ok_or_else(damaged)?;
                let batch = message.header_as_record_batch().ok_or_else(damaged)?;
                read_record_batch(body, batch, Arc::clone(schema), &self.dictionaries, None, &version).map(Some)
            }
            _ => Ok(None),
        }
    }
}

/// True if the batch is small enough when it is decompressed. Each of its buffers starts with its length then.
fn fits(batch: &RecordBatch<'_>, body: &[u8]) -> bool {
    if batch.compression().is_none() {
        return true;
    }
    let expanded = batch.buffers().into_iter().flatten().map(|buffer| {
        let start = usize::try_from(buffer.offset()).ok()?;
        let prefix = body.get(start..)?.first_chunk()?;
        // Minus one stands for a buffer that is not compressed.
        u64::try_from(i64::from_le_bytes(*prefix).max(0)).ok()
    });
    expanded.map(Option::unwrap_or_default).fold(0, u64::saturating_add) <= LARGEST_BATCH
}
