//! The engine: matches identifiers against fields.

pub mod address_role;
mod header_words;
pub mod name_role;
mod name_word;
pub mod names_in_text;
pub mod person_name;
pub mod postal_address;
pub mod postal_code;
pub mod region;
pub mod street;
mod street_words;
mod word_list;
