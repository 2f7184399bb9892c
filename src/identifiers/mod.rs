//! What to look for: managed and custom data identifiers.

pub mod cloudformation;
pub mod custom;
pub mod custom_limits;
pub mod custom_load;
pub mod custom_match;
pub mod custom_regex;
mod custom_request;
mod fold;
mod located;
mod pcre;
mod pcre_escape;
pub mod problem;
pub mod schema;
mod spelling;
mod surrogate;
