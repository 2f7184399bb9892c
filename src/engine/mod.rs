//! Matches identifiers against fields.
//!
//! A reader pushes rows, record values or running text into a scanner of this layer ([`TableScanner`], [`RecordScanner`],
//! [`TextScanner`]); the scanner adds what it finds to an [`Occurrences`].

mod boundary;
mod evidence;
mod gate;
mod judge;
mod matcher;
mod memo;
mod plan;
mod records;
mod running_text;
mod table;

use crate::identifiers::custom_match::CompiledCustom;
use crate::identifiers::set::ManagedSet;
use crate::model::Location;

pub use plan::TablePlan;
pub use records::RecordScanner;
pub use running_text::TextScanner;
pub use table::TableScanner;

/// The identifiers of a scan, ready for matching. An identifier's index is its position: managed ones first.
pub struct Engine {
    /// Managed identifiers.
    pub managed: ManagedSet,
    /// Custom identifiers.
    pub custom: Vec<CompiledCustom>,
}

impl Engine {
    /// Index of the custom identifier at `position`.
    pub fn custom_index(&self, position: usize) -> usize {
        self.managed.identifiers.len() + position
    }
}

/// Takes occurrences in file order.
pub trait Occurrences {
    /// Adds one occurrence of the identifier of that index, in the 1-based column of a table if it is one. The location is made
    /// only when it is kept.
    fn add(&mut self, identifier: usize, column: Option<u32>, location: &mut dyn FnMut() -> Location);
}
