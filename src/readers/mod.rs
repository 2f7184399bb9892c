//! Bytes to fields: what an object is, and what stands in it. No reader knows an identifier.

mod csv_rows;
mod csv_split;

pub use csv_rows::{RowReader, RowsRead};
pub use csv_split::{SplitError, Splitter};
