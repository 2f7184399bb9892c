//! Bytes to fields: what an object is, and what stands in it. No reader knows an identifier.

mod csv_rows;
mod csv_split;
mod csv_table;
mod dialect;
mod header;
mod text;

pub use csv_rows::{RowReader, RowsRead};
pub use csv_split::{SplitError, Splitter};
pub use csv_table::Table;
pub use dialect::Shape;
pub use text::{Block, BlockSizes, Blocks};
