//! Bytes to fields: what an object is, and what stands in it. No reader knows an identifier.

mod cell_index;
mod chunk;
mod csv_rows;
mod csv_split;
mod csv_table;
mod decode;
mod dialect;
mod gzip;
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
mod open;
mod place;
mod signature;
mod sniff;
#[cfg(test)]
mod testing;
mod text;

pub use chunk::Chunk;
pub use csv_rows::RowReader;
pub use csv_split::{SplitError, Splitter};
pub use csv_table::Table;
pub use decode::{Decoded, Encoding};
pub use dialect::Shape;
pub use gzip::{Gunzip, OverBudget, reason_of_failure};
pub use json::{JsonError, JsonReader};
pub use json_lines::{LineReader, LinesRead};
pub use json_value::MAX_DEPTH;
pub use open::{Content, Opened, open};
pub use place::Place;
pub use sniff::{Kind, SNIFFED_BYTES, Sniffed, sniff};
pub use text::{Block, BlockSizes, Blocks};
