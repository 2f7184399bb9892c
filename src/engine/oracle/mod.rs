//! The search as it reads, without any short cut: what the fast one has to agree with.

mod address_agreement;
mod agreement;
pub(super) mod gate;
pub(super) mod judge;
pub(super) mod matcher;
pub(super) mod names_in_text;
pub(super) mod postal_address;
pub(super) mod street;
pub(super) mod street_words;
mod table;

pub use table::PlainTable;
