//! What to look for: managed and custom data identifiers.

pub mod builtin;
pub mod check;
pub mod cloudformation;
pub mod country;
pub mod custom;
pub mod custom_limits;
pub mod custom_load;
pub mod custom_match;
pub mod custom_regex;
mod custom_request;
mod fixed_shape;
mod fold;
pub mod keyword_index;
mod located;
pub mod managed;
mod pcre;
mod pcre_escape;
pub mod problem;
pub mod schema;
pub mod schema_error;
pub mod schema_place;
pub mod pattern_shape;
pub mod pattern_table;
pub mod set;
mod spelling;
mod surrogate;
pub mod text_masks;
