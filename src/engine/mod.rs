//! Matches identifiers against fields.
//!
//! A reader pushes rows, record values or running text into a scanner of this layer ([`TableScanner`], [`RecordScanner`],
//! [`TextScanner`]); the scanner adds what it finds to an [`Occurrences`].

mod boundary;
mod evidence;
mod gate;
mod inspect;
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
use std::sync::Arc;

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
    /// A cell of digits and date signs alone, or a UUID, can hold no custom keyword.
    keywords_need_letters: bool,
}

impl Engine {
    /// An engine for these identifiers.
    pub fn new(managed: ManagedSet, custom: Vec<CompiledCustom>) -> Self {
        let inert = |character: char| character.is_ascii_hexdigit() || ".:/TZ -".contains(character);
        let keywords_need_letters =
            custom.iter().flat_map(CompiledCustom::keywords).all(|keyword| !keyword.to_uppercase().chars().all(inert));
        Self { managed, custom, keywords_need_letters }
    }

    /// True when nothing can occur in a value of these bytes unless the name of its column or path says so.
    fn is_inert(&self, bytes: &[u8]) -> bool {
        self.keywords_need_letters && judge::is_inert(bytes)
    }

    /// Index of the custom identifier at `position`.
    pub fn custom_index(&self, position: usize) -> usize {
        self.managed.identifiers.len() + position
    }
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    /// 1-based number.
    pub number: u32,
    /// Header text, where there is a header that may be shown.
    pub name: Option<&'a Arc<str>>,
}

/// Takes occurrences in file order.
pub trait Occurrences {
    /// Adds one occurrence of the identifier of that index; `column` says where in a table it stands. The location is made
    /// only when it is kept.
    fn add(&mut self, identifier: usize, column: Option<Column<'_>>, location: &mut dyn FnMut() -> Location);
}
