//! Bytes to fields: what an object is, and what stands in it. No reader knows an identifier.

mod cell_index;
mod csv_rows;
mod csv_split;
mod csv_table;
mod decode;
mod dialect;
#[cfg(test)]
pub(crate) mod gathered;
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
mod mail;
mod markup;
mod office;
mod open;
mod pdf;
mod place;
mod rtf;
mod signature;
mod sniff;
#[cfg(test)]
mod testing;
mod text;

pub use csv_rows::RowReader;
pub use csv_split::{SplitError, Splitter};
pub use csv_table::Table;
pub use decode::{Decoded, Encoding};
pub use dialect::Shape;
pub use gzip::{Gunzip, OverBudget, reason_of_failure};
pub use json::{JsonError, JsonReader};
pub use json_lines::{LineReader, LinesRead};
pub use json_value::MAX_DEPTH;
pub use mail::{read as read_mail, read_mailbox};
pub use markup::{read_html, read_xml, read_yaml};
pub use office::{Expansion, read_compound, read_package};
pub use open::{Content, Opened, open};
pub use pdf::read as read_pdf;
pub use place::Place;
pub use rtf::read as read_rtf;
pub use sniff::{Kind, SNIFFED_BYTES, Sniffed, sniff};
pub use text::{Block, BlockSizes, Blocks};
