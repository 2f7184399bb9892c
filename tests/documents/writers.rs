//! The table of people in the formats of documents.

use super::people::{COLUMNS, people};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn row(cells: &[String], before: &str, after: &str) -> String {
    cells.iter().map(|cell| format!("{before}{cell}{after}")).collect::<Vec<_>>().concat()
}

fn header() -> Vec<String> {
    COLUMNS.iter().map(|&name| name.to_owned()).collect()
}

/// Header and people.
fn rows() -> Vec<Vec<String>> {
    std::iter::once(header()).chain(people().into_iter().map(Vec::from)).collect()
}

/// The table itself.
pub fn csv() -> Vec<u8> {
    rows().iter().map(|row| row.join(",") + "\n").collect::<Vec<_>>().concat().into_bytes()
}

/// Elements.
pub fn xml() -> Vec<u8> {
    let person = |cells: &[String; 10]| -> String {
        let fields = COLUMNS.iter().zip(cells).map(|(name, cell)| format!("    <{name}>{cell}</{name}>\n"));
        format!("  <person>\n{}  </person>\n", fields.collect::<Vec<_>>().concat())
    };
    let people: String = people().iter().map(person).collect::<Vec<_>>().concat();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<people>\n{people}</people>\n").into_bytes()
}

/// Attributes.
pub fn xml_attributes() -> Vec<u8> {
    let person = |cells: &[String; 10]| -> String {
        let fields = COLUMNS.iter().zip(cells).map(|(name, cell)| format!(" {name}=\"{cell}\""));
        format!("<person{}/>", fields.collect::<Vec<_>>().concat())
    };
    let people: String = people().iter().map(person).collect::<Vec<_>>().concat();
    format!("<people>{people}</people>").into_bytes()
}

/// A sequence of mappings.
pub fn yaml() -> Vec<u8> {
    let person = |cells: &[String; 10]| -> String {
        let fields = COLUMNS.iter().zip(cells).map(|(name, cell)| format!("    {name}: \"{cell}\"\n"));
        format!("  -\n{}", fields.collect::<Vec<_>>().concat())
    };
    format!("people:\n{}", people().iter().map(person).collect::<Vec<_>>().concat()).into_bytes()
}

/// A table of HTML.
pub fn html() -> Vec<u8> {
    let rows: Vec<Vec<String>> = rows();
    let head = row(&rows[0], "<th>", "</th>");
    let body: String = rows[1..]
        .iter()
        .map(|cells| format!("<tr>{}</tr>\n", row(cells, "<td><span>", "</span></td>")))
        .collect::<Vec<_>>()
        .concat();
    format!("<!doctype html><html><body><h1>List</h1>\n<table><tr>{head}</tr>\n{body}</table></body></html>")
        .into_bytes()
}

/// A message with the table as its HTML body, in quoted-printable lines.
pub fn eml() -> Vec<u8> {
    let html = String::from_utf8(html()).expect("text");
    let encoded: String = html.replace('=', "=3D").lines().map(soft_lines).collect::<Vec<_>>().join("\r\n");
    format!(
        "From: list@example.org\r\nSubject: the list\r\nMIME-Version: 1.0\r\nContent-Type: text/html; \
         charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{encoded}\r\n"
    )
    .into_bytes()
}

/// A line of quoted-printable, cut every 70 characters.
fn soft_lines(line: &str) -> String {
    let characters: Vec<char> = line.chars().collect();
    let mut pieces: Vec<String> = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let mut end = (at + 70).min(characters.len());
        // A code is not cut.
        while end < characters.len() && characters[end.saturating_sub(2)..end].contains(&'=') {
            end -= 1;
        }
        pieces.push(characters[at..end].iter().collect());
        at = end;
    }
    pieces.join("=\r\n")
}

/// A message with the table attached.
pub fn eml_attachment() -> Vec<u8> {
    let table = String::from_utf8(csv()).expect("text");
    format!(
        "Subject: the list\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: \
         text/plain\r\n\r\nattached\r\n--b\r\nContent-Type: text/csv; name=people.csv\r\nContent-Disposition: \
         attachment\r\n\r\n{}--b--\r\n",
        table.replace('\n', "\r\n")
    )
    .into_bytes()
}

/// A table of RTF.
pub fn rtf() -> Vec<u8> {
    let rows: String = rows()
        .iter()
        .map(|cells| format!("\\trowd\\pard\\intbl {}\\row\n", row(cells, "", "\\cell ")))
        .collect::<Vec<_>>()
        .concat();
    format!("{{\\rtf1\\ansi\\deff0{{\\fonttbl{{\\f0 Arial;}}}}\n{rows}\\pard end\\par}}").into_bytes()
}

fn package(parts: &[(&str, String)]) -> Vec<u8> {
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        package.start_file(*name, SimpleFileOptions::default()).expect("memory can be written");
        package.write_all(content.as_bytes()).expect("memory can be written");
    }
    package.finish().expect("memory can be written").into_inner()
}

/// A table of Word.
pub fn docx() -> Vec<u8> {
    let cell = |text: &String| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let rows: String = rows()
        .iter()
        .map(|cells| format!("<w:tr>{}</w:tr>", cells.iter().map(cell).collect::<Vec<_>>().concat()))
        .collect::<Vec<_>>()
        .concat();
    package(&[
        ("[Content_Types].xml", "<Types/>".to_owned()),
        ("word/document.xml", format!("<w:document xmlns:w=\"w\"><w:body><w:tbl>{rows}</w:tbl></w:body></w:document>")),
    ])
}

/// A table on a slide.
pub fn pptx() -> Vec<u8> {
    let cell = |text: &String| format!("<a:tc><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>");
    let rows: String = rows()
        .iter()
        .map(|cells| format!("<a:tr>{}</a:tr>", cells.iter().map(cell).collect::<Vec<_>>().concat()))
        .collect::<Vec<_>>()
        .concat();
    package(&[
        ("[Content_Types].xml", "<Types/>".to_owned()),
        ("ppt/slides/slide1.xml", "<p:sld><a:p><a:r><a:t>List</a:t></a:r></a:p></p:sld>".to_owned()),
        ("ppt/slides/slide2.xml", format!("<p:sld><a:tbl>{rows}</a:tbl></p:sld>")),
    ])
}

/// A table of an OpenDocument text.
pub fn odt() -> Vec<u8> {
    let cell = |text: &String| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let rows: String = rows()
        .iter()
        .map(|cells| {
            format!("<table:table-row>{}</table:table-row>\n", cells.iter().map(cell).collect::<Vec<_>>().concat())
        })
        .collect::<Vec<_>>()
        .concat();
    package(&[
        ("mimetype", "application/vnd.oasis.opendocument.text".to_owned()),
        (
            "content.xml",
            format!(
                "<office:document-content><office:text><table:table>{rows}</table:table></office:text></office:document-content>"
            ),
        ),
    ])
}

/// Pages of sentences, four people a page, with a font that every reader has.
pub fn pdf() -> Vec<u8> {
    let sentences = people();
    let pages: Vec<String> = sentences.chunks(4).map(page).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!(
            "<</Type/Pages/Count {}/Kids[{}]>>",
            pages.len(),
            (0..pages.len()).map(|page| format!("{} 0 R ", 4 + 2 * page)).collect::<Vec<_>>().concat()
        ),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    for (index, content) in pages.iter().enumerate() {
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents {} 0 R>>",
            5 + 2 * index
        ));
        objects.push(format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()));
    }
    let mut file = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend([format!("{} 0 obj\n{object}\nendobj\n", index + 1)]);
    }
    let start = file.len();
    file.extend([format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1)]);
    for offset in &offsets {
        file.extend([format!("{offset:010} 00000 n \n")]);
    }
    file.extend([format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1)]);
    file.into_bytes()
}

/// One person takes three lines.
fn page(people: &[[String; 10]]) -> String {
    let mut content = String::from("BT /F1 11 Tf 50 750 Td 14 TL\n");
    for [given, family, ssn, birth, phone, street, city, state, zip, card] in people {
        let lines = [
            format!("{given} {family}, SSN {ssn}, date of birth {birth}"),
            format!("{street}, {city}, {state} {zip}"),
            format!("Phone: {phone} Credit card {card}"),
        ];
        for line in lines {
            content.extend([format!("({line}) Tj T*\n")]);
        }
        content.push_str("T*\n");
    }
    content.push_str("ET");
    content
}
