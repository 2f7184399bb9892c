//! Rich Text Format (version 1.9.1 of Microsoft's specification): the text of a document, located by the lines of its source.

mod characters;
mod document;
mod object;
mod token;

pub use document::read;
