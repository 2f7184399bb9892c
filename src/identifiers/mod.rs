//! What to look for: managed and custom data identifiers.

pub mod schema;
