//! Where the engine hands in what it finds.

use super::Location;
use std::sync::Arc;

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column<'a> {
    /// 1-based column.
    pub number: u32,
    /// Header text, where there is a header that may be shown.
    pub name: Option<&'a Arc<str>>,
}

/// Takes occurrences in file order.
pub trait Occurrences {
    /// Adds one occurrence of the identifier of that index; `column` says where in a table it stands. The location is made
    /// only when it is kept.
    fn add(&mut self, identifier: usize, column: Option<Column<'_>>, location: &mut dyn FnMut() -> Location);

    /// False once further locations of this identifier would be dropped.
    fn needs_location(&self, identifier: usize) -> bool;

    /// Adds so many occurrences whose locations are not needed.
    fn count(&mut self, identifier: usize, column: Option<Column<'_>>, times: u64);
}
