//! A document from its first page to its last, then its files.

use super::content::{Fonts, Shown, show};
use super::{bounds, fields, files, layout};
use crate::model::{ContentSink, Coverage, Reason};
use crate::readers::markup::passages::PassageWriter;
use crate::readers::{Limits, ReadFailure};
use hayro_syntax::{LoadPdfError, Pdf};
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Characters of a line that are added at a time.
const STEP: usize = 32 * 1024;

/// Reads the document that `input` gives, all of which is kept in memory.
pub fn read(mut input: impl Read, limits: &Limits, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    let mut file = Vec::new();
    let outcome = input.read_to_end(&mut file);
    if bounds::holds_bomb(&file) {
        let detail = "a stream of the document expands to more than the limit";
        return Err(ReadFailure::new(Reason::ArchiveTotalBytesExtractedOverLimit, detail));
    }
    let pdf = Pdf::new(file).map_err(|error| match error {
        LoadPdfError::Decryption(_) => ReadFailure::encrypted(),
        LoadPdfError::Invalid => ReadFailure::malformed("the document has no pages that can be found"),
    })?;
    pages(&pdf, limits, sink)?;
    files::read(&pdf, sink)?;
    outcome.map(|_| ()).map_err(ReadFailure::from)
}

fn pages(pdf: &Pdf, limits: &Limits, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    let fonts = Fonts::new();
    let pages = pdf.pages();
    let mut writer = PassageWriter::new(sink);
    let (mut images, mut texts) = (0_u64, 0_u64);
    let mut gap = None;
    for (number, page) in (1..).zip(pages.iter()) {
        limits.check()?;
        writer.start_page(number);
        if number == 1 {
            metadata(pdf, &mut writer);
        }
        // Fonts of strangers: one that breaks its reader costs a page, not the document.
        let shown = catch_unwind(AssertUnwindSafe(|| {
            let shown = show(page, &fonts);
            let text = layout::text_of(&shown.glyphs);
            (shown, text)
        }));
        let (shown, text) =
            shown.unwrap_or_else(|_| (Shown { gap: Some("a page cannot be read"), ..Shown::default() }, String::new()));
        if let Some(detail) = shown.gap {
            gap.get_or_insert_with(|| Coverage::partial(Reason::MalformedFile, format!("{detail} (page {number})")));
        }
        let has_text = text.chars().any(char::is_alphanumeric);
        texts += u64::from(has_text);
        images += u64::from(shown.has_image && !has_text);
        add(&text, &mut writer);
        fields::read(page, &mut writer);
    }
    writer.finish();
    let total = pages.len();
    if images > 0 && texts == 0 {
        let detail = "the pages hold pictures and no text";
        sink.gap(Coverage::skipped(Reason::UnsupportedFileType, detail));
    } else if images > 0 {
        let detail = format!("{images} of {total} pages hold pictures and no text");
        sink.gap(Coverage::partial(Reason::UnsupportedFileType, detail));
    }
    if let Some(gap) = gap {
        sink.gap(gap);
    }
    Ok(())
}

fn add(text: &str, writer: &mut PassageWriter<'_>) {
    let mut rest = text;
    while !rest.is_empty() {
        let mut end = rest.len().min(STEP);
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        let (piece, after) = rest.split_at(end);
        writer.line_text(piece);
        writer.pause();
        rest = after;
    }
    writer.line_text("\n");
}

/// Title, author and the like: they belong to the first page.
fn metadata(pdf: &Pdf, writer: &mut PassageWriter<'_>) {
    let metadata = pdf.metadata();
    let entries = [
        ("title", &metadata.title),
        ("author", &metadata.author),
        ("subject", &metadata.subject),
        ("keywords", &metadata.keywords),
    ];
    for (name, value) in entries {
        let Some(value) = value else { continue };
        writer.enter(name);
        let start = writer.offset();
        writer.line_text(super::strings::text_of(value).trim());
        writer.value_from(start);
        writer.leave();
        writer.line_text("\n");
    }
}
