//! Bytes to fields: what an object is, and what stands in it. No reader knows an identifier.

#[cfg(feature = "archives")]
mod archive;
#[cfg(feature = "arrow")]
mod arrow_ipc;
#[cfg(feature = "avro")]
mod avro;
mod cell_index;
mod chunk;
mod codec;
#[cfg(feature = "columnar")]
mod columns;
mod content;
mod create_table;
mod csv_rows;
mod csv_split;
mod csv_table;
mod decode;
mod dialect;
#[cfg(feature = "markup")]
mod documents;
mod failure;
mod format;
mod formats;
#[cfg(all(test, feature = "markup"))]
pub(crate) mod gathered;
mod gunzip;
mod header;
mod json;
#[cfg(test)]
mod json_agreement;
mod json_input;
mod json_lines;
#[cfg(test)]
pub(crate) mod json_oracle;
mod json_plain;
#[cfg(test)]
pub(crate) mod json_samples;
mod json_value;
mod limits;
#[cfg(feature = "mail")]
mod mail;
#[cfg(feature = "markup")]
mod markup;
#[cfg(feature = "office")]
mod office;
mod open;
#[cfg(feature = "orc")]
mod orc;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "pdf")]
mod pdf;
mod place;
#[cfg(any(feature = "avro", feature = "columnar", feature = "excel", feature = "orc", feature = "sqlite"))]
mod plain_text;
mod quoting;
mod readable;
#[cfg(any(feature = "avro", feature = "columnar", feature = "orc"))]
mod record_path;
mod row_buffer;
#[cfg(feature = "markup")]
mod rtf;
#[cfg(any(feature = "excel", feature = "orc", feature = "parquet"))]
mod shared_source;
#[cfg(any(feature = "excel", feature = "sqlite"))]
mod sheet_rows;
mod sniff;
mod source;
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(test)]
mod testing;
mod text;
#[cfg(feature = "markup")]
mod text_formats;
#[cfg(feature = "excel")]
mod workbook;

pub use chunk::Chunk;
pub use codec::Codec;
pub use content::Content;
pub use csv_rows::RowReader;
pub use csv_split::{SplitError, Splitter};
pub use csv_table::Table;
pub use decode::{Decoded, Encoding};
pub use dialect::Shape;
pub use failure::ReadFailure;
pub use format::{Format, Reader, SeekingReader, StreamingReader};
pub use json::{JsonError, JsonReader};
pub use json_lines::{LineReader, LinesRead};
pub use json_value::MAX_DEPTH;
pub use limits::{LimitReached, Limits};
pub use open::{Compressed, Opened, open};
pub use place::Place;
pub use row_buffer::RowBuffer;
pub use sniff::{Kind, SNIFFED_BYTES, Sniffed, sniff};
pub use source::Source;
pub use text::{Block, BlockSizes, Blocks};
