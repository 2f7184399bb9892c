//! Matches identifiers against fields.
//!
//! A reader pushes rows, record values or running text into a scanner of this layer ([`TableScanner`], [`RecordScanner`],
//! [`TextScanner`]); the scanner adds what it finds to an
//! [`Occurrences`](crate::model::Occurrences).

mod address_lines;
mod address_role;
mod allow;
mod boundary;
mod candidates;
mod cost;
mod custom_keywords;
mod custom_literals;
mod custom_search;
mod evidence;
mod gate;
mod header_words;
mod ignore_marks;
mod inspect;
mod judge;
mod matcher;
mod memo;
mod name_role;
mod name_word;
pub mod names_in_text;
mod near_hits;
#[cfg(test)]
pub(crate) mod oracle;
mod path_plan;
mod pattern_filter;
pub mod person_name;
mod plan;
pub mod postal_address;
mod postal_code;
mod record_parts;
mod records;
#[cfg(test)]
mod records_oracle;
pub mod region;
mod rivals;
mod running_text;
pub mod street;
mod street_token;
mod street_words;
mod table;
mod word_list;
pub mod word_table;

use crate::identifiers::allow_match::CompiledAllowLists;
use crate::identifiers::custom_match::CompiledCustom;
use crate::identifiers::set::ManagedSet;
use crate::model::is_of_quiet;
use custom_keywords::CustomKeywords;
use custom_literals::CustomLiterals;

use allow::Allowance;
use std::sync::Arc;

pub use cost::{Cost, Costs};
pub use ignore_marks::KnownIds;
pub use inspect::Evidence;
pub use plan::TablePlan;
pub use records::RecordScanner;
pub use running_text::TextScanner;
pub use table::{TableScanner, column_label};

/// The identifiers of a scan, ready for matching. An identifier's index is its position: managed ones first.
pub struct Engine {
    /// Managed identifiers.
    pub managed: Arc<ManagedSet>,
    /// Custom identifiers.
    pub custom: Arc<[CompiledCustom]>,
    /// Their keywords, if they are many.
    custom_keywords: Option<Arc<CustomKeywords>>,
    /// What is fixed in their patterns, if they are many.
    custom_literals: Option<Arc<CustomLiterals>>,
    /// A cell of digits and date signs alone, or a UUID, can hold no custom keyword.
    keywords_need_letters: bool,
    /// What the allow lists say, when there are any.
    allowance: Option<Allowance>,
}

impl Engine {
    /// An engine for these identifiers.
    pub fn new(managed: ManagedSet, custom: Vec<CompiledCustom>) -> Self {
        let inert = |character: char| u8::try_from(character).is_ok_and(is_of_quiet);
        let keywords_need_letters =
            custom.iter().flat_map(CompiledCustom::keywords).all(|keyword| !keyword.to_uppercase().chars().all(inert));
        let custom_keywords = CustomKeywords::new(&custom).map(Arc::new);
        let custom_literals = CustomLiterals::new(&custom).map(Arc::new);
        Self {
            managed: Arc::new(managed),
            custom: custom.into(),
            custom_keywords,
            custom_literals,
            keywords_need_letters,
            allowance: None,
        }
    }

    /// The same engine, for which a match that these lists allow is no occurrence. `identifiers` are the indices of those that
    /// each list with a scope is for; `None` for all.
    #[must_use]
    pub fn allowing(mut self, lists: CompiledAllowLists, identifiers: Vec<Option<Vec<u16>>>) -> Self {
        self.allowance = Some(Allowance::new(lists, self.managed.mailing_address(), identifiers));
        self
    }

    /// The engine for the object that `path` gives the path of, where allow lists ask for it; `None` if this one is as good.
    pub fn for_object(&self, path: impl FnOnce() -> String) -> Option<Self> {
        let allowance = self.allowance.as_ref()?.for_object(path)?;
        Some(Self {
            managed: Arc::clone(&self.managed),
            custom: Arc::clone(&self.custom),
            custom_keywords: self.custom_keywords.clone(),
            custom_literals: self.custom_literals.clone(),
            keywords_need_letters: self.keywords_need_letters,
            allowance: Some(allowance),
        })
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
