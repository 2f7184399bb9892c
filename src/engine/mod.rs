//! The engine: matches identifiers against fields.

mod name_word;
pub mod names_in_text;
pub mod person_name;
mod word_list;
