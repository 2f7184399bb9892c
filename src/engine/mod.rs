//! The engine: matches identifiers against fields.

mod name_word;
pub mod names_in_text;
pub mod person_name;
pub mod postal_address;
pub mod postal_code;
pub mod region;
pub mod street;
mod word_list;
