//! PDF documents (ISO 32000): the text of each page, what is filled in and noted on it, and the files attached.

mod bounds;
mod content;
mod document;
mod fields;
mod files;
mod layout;
mod strings;
#[cfg(test)]
mod tests;

pub use document::read;
