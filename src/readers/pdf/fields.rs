//! What is filled in and noted on a page: fields of forms, comments, links (ISO 32000-1, 12.5 and 12.7).

use super::strings::text_of;
use crate::readers::markup::passages::PassageWriter;
use hayro_syntax::object::{Array, Dict, Name, Object, String as PdfString};
use hayro_syntax::page::Page;

/// Annotations of one page that are read, and levels of fields above one.
const MOST_ANNOTATIONS: usize = 100_000;
const MOST_LEVELS: usize = 32;

/// Values of one field.
const MOST_VALUES: usize = 1000;

/// Adds the fields and notes of a page, one a line, the name of a field before its value.
pub(super) fn read(page: &Page<'_>, writer: &mut PassageWriter<'_>) {
    let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else { return };
    for annotation in annotations.iter::<Dict<'_>>().take(MOST_ANNOTATIONS) {
        let (name, values) = field(&annotation);
        for value in values {
            line(writer, &name, &value);
        }
        for key in ["Contents", "RC"] {
            if let Some(note) = annotation.get::<PdfString<'_>>(key) {
                line(writer, "", &text_of(note.as_bytes()));
            }
        }
        let link = annotation.get::<Dict<'_>>("A").and_then(|action| action.get::<PdfString<'_>>("URI"));
        if let Some(link) = link {
            line(writer, "", &text_of(link.as_bytes()));
        }
    }
}

fn line(writer: &mut PassageWriter<'_>, name: &str, value: &str) {
    if value.trim().is_empty() {
        return;
    }
    writer.line_text("\n");
    writer.enter(name);
    if !name.is_empty() {
        writer.line_text(name);
        writer.line_text(": ");
    }
    let start = writer.offset();
    writer.line_text(value.trim());
    if !name.is_empty() {
        writer.value_from(start);
    }
    writer.leave();
    writer.pause();
}

/// The name of the field that an annotation shows, with those above it, and its values.
fn field(annotation: &Dict<'_>) -> (String, Vec<String>) {
    let mut names = Vec::new();
    let mut values = None;
    let mut label = None;
    let mut at = annotation.clone();
    for _ in 0..MOST_LEVELS {
        let text = |key: &str| at.get::<PdfString<'_>>(key).map(|text| text_of(text.as_bytes()));
        names.extend(text("T"));
        label = label.or_else(|| text("TU"));
        values = values.or_else(|| at.get::<Object<'_>>("V"));
        match at.get::<Dict<'_>>("Parent") {
            Some(parent) => at = parent,
            None => break,
        }
    }
    let is_field = values.is_some();
    let values = match values {
        Some(Object::String(text)) => vec![text_of(text.as_bytes())],
        Some(Object::Array(several)) => {
            several.iter::<PdfString<'_>>().take(MOST_VALUES).map(|text| text_of(text.as_bytes())).collect()
        }
        Some(Object::Stream(text)) if super::bounds::is_small(&text) => {
            text.decoded_data().map(|text| vec![text_of(&text)]).unwrap_or_default()
        }
        _ => Vec::new(),
    };
    // Of a comment, the name is that of its author.
    let is_comment = annotation.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_ref() != b"Widget");
    if !is_field && is_comment {
        return (String::from("author"), names);
    }
    names.reverse();
    (label.unwrap_or_else(|| names.join(" ")), values)
}
