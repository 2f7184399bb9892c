//! Formats that are text: told by how they begin, and by their names.

use super::documents;
use super::format::{Detection, Format, Reader};
use crate::model::StoredKind;

/// True if the text begins with one of these, in any case, after white space.
fn begins(head: &[u8], starts: &[&str]) -> bool {
    let text = head.trim_ascii_start();
    starts.iter().any(|start| text.get(..start.len()).is_some_and(|text| text.eq_ignore_ascii_case(start.as_bytes())))
}

/// Extensions of HTML.
const HTML_EXTENSIONS: &[&str] = &["html", "htm", "xhtml", "shtml"];

pub(super) static HTML: Format = Format {
    name: "HTML document",
    mime_type: "text/html",
    extensions: &[],
    detection: Detection::Text(|head, extension| {
        let is_named = HTML_EXTENSIONS.contains(&extension) && !begins(head, &["{", "["]);
        is_named || begins(head, &["<!doctype html", "<html"])
    }),
    stored: StoredKind::Text,
    reader: Reader::Streaming(documents::read_html),
};

/// Extensions of XML of any kind.
const XML_EXTENSIONS: &[&str] = &[
    "xml", "xsd", "xsl", "xslt", "svg", "wsdl", "rss", "atom", "kml", "gpx", "plist", "config", "cda", "ccda", "ccd",
    "fhir", "resx", "nuspec", "csproj", "musicxml", "xmi",
];

pub(super) static XML: Format = Format {
    name: "XML document",
    mime_type: "application/xml",
    extensions: &[],
    detection: Detection::Text(|head, extension| {
        let is_named = XML_EXTENSIONS.contains(&extension) && begins(head, &["<"]);
        is_named || begins(head, &["<?xml"]) && !HTML_EXTENSIONS.contains(&extension)
    }),
    stored: StoredKind::Text,
    reader: Reader::Streaming(documents::read_xml),
};

pub(super) static YAML: Format = Format {
    name: "YAML document",
    mime_type: "text/x-yaml",
    extensions: &[],
    detection: Detection::Text(|_, extension| matches!(extension, "yaml" | "yml")),
    stored: StoredKind::Text,
    reader: Reader::Streaming(documents::read_yaml),
};

pub(super) static RTF: Format = Format {
    name: "Rich Text Format document",
    mime_type: "application/rtf",
    extensions: &[],
    detection: Detection::Text(|head, _| begins(head, &["{\\rtf"])),
    stored: StoredKind::Text,
    reader: Reader::Streaming(documents::read_rtf),
};

/// Fields of which a message has several, in a file whose name does not say what it is.
const FIELDS: &[&str] = &[
    "from:",
    "to:",
    "date:",
    "subject:",
    "received:",
    "message-id:",
    "mime-version:",
    "return-path:",
    "delivered-to:",
];

/// True for lines that begin as the header of a message does.
fn is_header(head: &[u8]) -> bool {
    let lines = head.split(|byte| *byte == b'\n').take(40).take_while(|line| !line.trim_ascii().is_empty());
    let starts = |line: &[u8]| FIELDS.iter().position(|field| begins(line, &[field]));
    let known: std::collections::BTreeSet<usize> = lines.filter_map(starts).collect();
    known.len() >= 3
}

/// True for the line that begins a message of a mailbox: `From`, the sender, and a date with its time.
fn is_envelope(head: &[u8]) -> bool {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count();
    line.starts_with(b"From ") && line.contains(&b':') && (6..=10).contains(&words)
}

#[cfg(feature = "mail")]
pub(super) static MAIL: Format = Format {
    name: "e-mail message",
    mime_type: "message/rfc822",
    extensions: &[],
    detection: Detection::Text(|head, extension| {
        matches!(extension, "eml" | "mht" | "mhtml" | "emlx")
            || (matches!(extension, "" | "msg" | "mime") && is_header(head))
    }),
    stored: StoredKind::Mail,
    reader: Reader::Streaming(documents::read_mail),
};

#[cfg(feature = "mail")]
pub(super) static MAILBOX: Format = Format {
    name: "mailbox",
    mime_type: "application/mbox",
    extensions: &[],
    detection: Detection::Text(|head, extension| {
        matches!(extension, "mbox" | "mbx") && head.starts_with(b"From ")
            || (is_envelope(head) && !matches!(extension, "eml"))
    }),
    stored: StoredKind::Mail,
    reader: Reader::Streaming(documents::read_mailbox),
};

#[cfg(test)]
mod tests {
    use crate::readers::sniff;

    fn mime_type(name: &str, content: &str) -> &'static str {
        sniff(name, content.as_bytes(), true).mime_type
    }

    #[test]
    fn documents_of_text_are_told_by_how_they_begin_and_by_their_names() {
        for (name, content, expected) in [
            ("a.html", "Just text", "text/html"),
            ("a.xls", "\n<HTML><table>", "text/html"),
            ("a", "<!DOCTYPE html>", "text/html"),
            ("a.xml", "<a/>", "application/xml"),
            ("a.txt", "<?xml version=\"1.0\"?><a/>", "application/xml"),
            ("a.xhtml", "<?xml version=\"1.0\"?><html/>", "text/html"),
            ("a.yml", "a: 1", "text/x-yaml"),
            ("a.doc", "{\\rtf1 x}", "application/rtf"),
            ("a.eml", "Hello", "message/rfc822"),
            ("a", "From: a\nTo: b\nSubject: c\n\nx", "message/rfc822"),
            ("a", "From a@b Mon Jun 01 10:00:00 2009\nTo: b\n\nx", "application/mbox"),
            ("a.txt", "From: a\nTo: b\nSubject: c\n\nx", "text/plain"),
            ("a.txt", "From here on, it is text.", "text/plain"),
        ] {
            assert_eq!(mime_type(name, content), expected, "{name} {content}");
        }
    }
}
