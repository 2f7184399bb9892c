//! Text with a grammar of its own, in which names stand beside what they name: XML, HTML, YAML.
//!
//! It is located by the lines of its source, as Macie does. What breaks its grammar is read as running text from there on.

pub(in crate::readers) mod grid;
mod html;
pub(in crate::readers) mod passages;
mod recorded;
pub(in crate::readers) mod reference;
mod tag;
mod tape;
mod utf8;
mod xml;
mod yaml;

pub use html::read as read_html;
pub use xml::read as read_xml;
pub use yaml::read as read_yaml;
