//! The readers of documents, as the list of formats names them.

use super::{Limits, ReadFailure, Source};
use crate::model::ContentSink;
use std::io::{self, Read, Seek, SeekFrom};

/// Content that can be read while there is time.
struct Timed<'l, R> {
    input: R,
    limits: &'l Limits,
}

impl<R: Read> Read for Timed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.limits.check()?;
        self.input.read(buffer)
    }
}

impl<R: Seek> Seek for Timed<'_, R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.input.seek(position)
    }
}

macro_rules! streaming {
    ($feature:literal, $name:ident, $reader:path, $doc:literal) => {
        #[doc = $doc]
        #[cfg(feature = $feature)]
        pub fn $name(input: &mut dyn Read, limits: &Limits, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
            Ok($reader(Timed { input, limits }, sink)?)
        }
    };
}

streaming!("markup", read_html, super::markup::read_html, "Reads an HTML document.");
streaming!("markup", read_xml, super::markup::read_xml, "Reads an XML document.");
streaming!("markup", read_yaml, super::markup::read_yaml, "Reads YAML documents.");
streaming!("markup", read_rtf, super::rtf::read, "Reads a document in Rich Text Format.");
streaming!("mail", read_mail, super::mail::read, "Reads an e-mail message.");
streaming!("mail", read_mailbox, super::mail::read_mailbox, "Reads a mailbox: messages one after the other.");

/// Reads a PDF document.
#[cfg(feature = "pdf")]
pub fn read_pdf(input: Source, limits: &Limits, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    super::pdf::read(Timed { input, limits }, limits, sink)
}

/// Reads an Office Open XML or `OpenDocument` file.
#[cfg(feature = "office")]
pub fn read_package(input: Source, limits: &Limits, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    let size = input.length()?;
    super::office::read_package(Timed { input, limits }, size, limits.quotas(), sink)
}

/// Reads a compound file: a Word document before 2007, a presentation, an Outlook message, a wrapped or encrypted file.
#[cfg(feature = "office")]
pub fn read_compound(input: Source, limits: &Limits, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    super::office::read_compound(Timed { input, limits }, sink)
}
