//! What one identifier found in one object.

use super::{Category, Location, Severity};
use std::sync::Arc;

/// Whether Macie or the user defines an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentifierKind {
    /// One of Macie's managed data identifiers.
    Managed,
    /// A custom data identifier.
    Custom,
}

/// The part of an identifier that findings name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdentifierRef {
    /// Managed or custom.
    pub kind: IdentifierKind,
    /// Macie's id of a managed identifier; the UUID of a custom one.
    pub id: String,
    /// Name for people. For a managed identifier, its documented sensitive data type.
    pub name: String,
    /// Category of the data.
    pub category: Category,
}

/// Occurrences of one identifier in one column, for coverage tables; a column is named, never its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnCount {
    /// 1-based column.
    pub column: u32,
    /// Header text, where there is a header.
    pub name: Option<Arc<str>>,
    /// Occurrences in the column.
    pub count: u64,
    /// Non-empty values of the column.
    pub non_empty: u64,
}

/// Identifier + count + occurrences in one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detection {
    /// What was looked for.
    pub identifier: Arc<IdentifierRef>,
    /// All occurrences, never capped (names and addresses stop at Macie's 1,000).
    pub count: u64,
    /// The first occurrences in file order, at most 1,000.
    pub occurrences: Vec<Location>,
    /// Severity of this detection alone.
    pub severity: Severity,
    /// Per column, in column order; empty for objects that are not tables.
    pub columns: Vec<ColumnCount>,
}
