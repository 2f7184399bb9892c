//! Bytes to fields: what an object is, and what stands in it. No reader knows an identifier.

#[cfg(feature = "archives")]
mod archive;
mod cell_index;
mod codec;
mod content;
mod csv_rows;
mod csv_split;
mod csv_table;
mod decode;
mod dialect;
mod failure;
mod format;
mod formats;
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
mod open;
mod place;
mod row_buffer;
mod sniff;
mod source;
#[cfg(test)]
mod testing;
mod text;

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
