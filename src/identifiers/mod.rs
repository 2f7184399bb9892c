//! What to look for: managed and custom data identifiers.

pub mod builtin;
pub mod keyword_index;
pub mod schema;
