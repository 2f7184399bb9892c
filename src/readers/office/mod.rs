//! Office documents: Office Open XML (ECMA-376), `OpenDocument` (ISO/IEC 26300), and the compound files ([MS-CFB]) of older
//! programs and of Outlook.
//!
//! Documents have no lines of a source: a paragraph and a row of a table are a line each, in the order in which their parts
//! are read. What stands on a slide is located by the number of the slide.

mod compound;
mod compressed_rtf;
mod message;
mod package;
mod part;
mod presentation;
mod word;

pub use compound::read as read_compound;
pub use package::read as read_package;
