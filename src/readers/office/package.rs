//! Documents that are ZIP archives of parts.

use super::part::{self, Vocabulary};
use crate::model::{ContentSink, Coverage, MemberInfo, Quotas, Reason};
use crate::readers::ReadFailure;
use crate::readers::markup::passages::PassageWriter;
use std::io::{self, Read, Seek};
use zip::ZipArchive;
use zip::result::ZipError;

/// Bytes of all parts that a document may have whatever its ratio: layout compresses well.
const ALWAYS: u64 = 16 * 1024 * 1024;

/// Reads the document in `input`, of that many bytes. An error says that the sink wants no more.
pub fn read(
    input: impl Read + Seek,
    size: u64,
    quotas: &Quotas,
    sink: &mut dyn ContentSink,
) -> Result<(), ReadFailure> {
    let detail = "the document's directory cannot be read";
    let broken = |_| ReadFailure::new(Reason::MalformedOrFileSizeExceedsLimit, detail);
    let archive = ZipArchive::new(input).map_err(broken)?;
    let mut names: Vec<(usize, String)> = (0..archive.len())
        .zip(archive.file_names())
        .filter_map(|(index, name)| Some((index, name.ok()?.into_owned())))
        .collect();
    names.sort_by_cached_key(|(_, name)| place_of(name));
    let by_ratio = size.saturating_mul(quotas.ratio).max(ALWAYS);
    let mut package = Package {
        archive,
        left: quotas.expanded_bytes.min(by_ratio),
        over: over(quotas.expanded_bytes <= by_ratio),
        gap: None,
    };
    let mut writer = PassageWriter::new(sink);
    let mut slides = 0;
    for (index, name) in &names {
        let index = *index;
        let outcome = match Use::of(name) {
            Use::Text(vocabulary) => {
                writer.end_pages();
                package.text(index, vocabulary, &mut writer)
            }
            Use::Slide => {
                slides += 1;
                let number = number_in(name).unwrap_or(slides);
                writer.start_page(number);
                package.text(index, Vocabulary::OfficeOpenXml, &mut writer)
            }
            Use::Member => package.member(index, name, &mut writer)?,
            Use::Manifest => match package.manifest(index) {
                Ok(()) => Ok(()),
                Err(gap) => {
                    package.gap = Some(gap);
                    break;
                }
            },
            Use::Nothing => Ok(()),
        };
        if let Err(gap) = outcome {
            let is_end = gap.reason.is_some_and(|reason| package.is_over(reason));
            package.gap.get_or_insert(gap);
            if is_end {
                break;
            }
        }
    }
    writer.finish();
    if let Some(gap) = package.gap {
        sink.gap(gap);
    }
    Ok(())
}

fn over(by_size: bool) -> Coverage {
    if by_size {
        let detail = "the document expands to more than the limit; what was read so far counts";
        Coverage::partial(Reason::OoxmlUncompressedSizeExceedsLimit, detail)
    } else {
        let detail = "the document expands to too many times its size; what was read so far counts";
        Coverage::partial(Reason::OoxmlUncompressedRatioExceedsLimit, detail)
    }
}

/// What a part is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Text(Vocabulary),
    /// A slide, or its notes and comments.
    Slide,
    /// A file inside the document.
    Member,
    /// Says which parts are encrypted.
    Manifest,
    Nothing,
}

/// Extensions of parts that hold no text.
const TEXTLESS: &[&str] = &[
    "rels", "png", "jpg", "jpeg", "gif", "bmp", "emf", "wmf", "tif", "tiff", "svg", "odttf", "fntdata", "ttf", "mp3",
    "mp4", "wav", "avi", "wmv", "mov", "m4a", "m4v", "vml", "wdp", "ico", "rdf", "xba", "xlb", "psmdcp", "sigs", "xsl",
    "dat",
];

/// Parts that tell how a document looks.
const LAYOUT: &[&str] = &[
    "styles.xml",
    "settings.xml",
    "fontTable.xml",
    "webSettings.xml",
    "numbering.xml",
    "theme",
    "stylesWithEffects.xml",
    "[Content_Types].xml",
    "presProps.xml",
    "viewProps.xml",
    "tableStyles.xml",
    "slideLayouts",
    "slideMasters",
    "notesMasters",
    "handoutMasters",
    "printerSettings",
    "Configurations2",
    "Thumbnails",
    "changesInfos",
    "revisionInfo.xml",
    "tags",
    "fonts",
    "ctrlProps",
    "diagrams",
    "ink",
    "commentsIds.xml",
    "commentsExtensible.xml",
    "presentation.xml",
    "mimetype",
];

impl Use {
    fn of(name: &str) -> Self {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
        let has = |folder: &str| name.split('/').any(|part| part == folder);
        if name.ends_with('/') || TEXTLESS.contains(&extension.as_str()) {
            // Where the links of the text lead.
            return match name.split('/').next() {
                Some("ppt") if extension == "rels" && has("slides") => Self::Slide,
                Some("word") if extension == "rels" => Self::Text(Vocabulary::OfficeOpenXml),
                _ => Self::Nothing,
            };
        }
        match name {
            "META-INF/manifest.xml" => return Self::Manifest,
            "meta.xml" => return Self::Text(Vocabulary::Properties),
            "content.xml" | "styles.xml" => return Self::Text(Vocabulary::OpenDocument),
            _ if name.starts_with("META-INF/") => return Self::Nothing,
            _ if name.ends_with("/content.xml") => return Self::Text(Vocabulary::OpenDocument),
            _ => {}
        }
        if has("diagrams") && name.contains("/data") {
            return Self::Text(Vocabulary::OfficeOpenXml);
        }
        if has("embeddings") {
            return Self::Member;
        }
        if LAYOUT.iter().any(|layout| has(layout)) {
            return Self::Nothing;
        }
        match extension.as_str() {
            "xml" if has("docProps") || has("customXml") => Self::Text(Vocabulary::Properties),
            "xml" if has("slides") || has("notesSlides") || name.starts_with("ppt/comments") => Self::Slide,
            "xml" => Self::Text(Vocabulary::OfficeOpenXml),
            _ => Self::Member,
        }
    }
}

/// The order in which parts are read: the text itself, what belongs to it, then the files inside.
fn place_of(name: &str) -> (u8, u64, String) {
    let rank = match Use::of(name) {
        Use::Manifest => 0,
        Use::Text(_) if name.ends_with("word/document.xml") || name == "content.xml" => 1,
        Use::Slide => 2,
        Use::Text(_) if name.contains("/_rels/") => 4,
        Use::Text(_) => 3,
        Use::Member => 5,
        Use::Nothing => 6,
    };
    (rank, number_in(name).unwrap_or(0), name.to_owned())
}

/// The number at the end of a part's name.
fn number_in(name: &str) -> Option<u64> {
    let name = name.strip_suffix(".rels").unwrap_or(name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let start = stem.trim_end_matches(|character: char| character.is_ascii_digit()).len();
    stem[start..].parse().ok()
}

struct Package<R> {
    archive: ZipArchive<R>,
    /// Bytes that may still be expanded.
    left: u64,
    /// What to say when that is used up.
    over: Coverage,
    /// The first gap that was met.
    gap: Option<Coverage>,
}

impl<R: Read + Seek> Package<R> {
    fn is_over(&self, reason: Reason) -> bool {
        self.over.reason == Some(reason)
    }

    fn text(&mut self, index: usize, vocabulary: Vocabulary, writer: &mut PassageWriter<'_>) -> Result<(), Coverage> {
        let over = self.over.clone();
        let mut left = self.left;
        let part = self.archive.by_index(index).map_err(|error| unreadable(&error))?;
        let mut bounded = Bounded { input: part, left: &mut left, is_over: false };
        let outcome = part::read(&mut bounded, vocabulary, writer);
        let is_over = bounded.is_over;
        self.left = left;
        match outcome {
            _ if is_over => Err(over),
            Ok(true) => Ok(()),
            _ => {
                let detail = "a part of the document is broken; what could be read of it counts";
                Err(Coverage::partial(Reason::MalformedOrFileSizeExceedsLimit, detail))
            }
        }
    }

    /// Gives a file inside the document to the sink, whose error is the outer one.
    fn member(&mut self, index: usize, name: &str, writer: &mut PassageWriter<'_>) -> io::Result<Result<(), Coverage>> {
        let over = self.over.clone();
        let mut left = self.left;
        let part = match self.archive.by_index(index) {
            Ok(part) => part,
            Err(error) => return Ok(Err(unreadable(&error))),
        };
        let mut bounded = Bounded { input: part, left: &mut left, is_over: false };
        writer.sink().member(MemberInfo { path: name, modified: None }, &mut bounded)?;
        let is_over = bounded.is_over;
        self.left = left;
        Ok(if is_over { Err(over) } else { Ok(()) })
    }

    /// Parts of an `OpenDocument` file that are encrypted are listed as such.
    fn manifest(&mut self, index: usize) -> Result<(), Coverage> {
        const LONGEST: u64 = 4 * 1024 * 1024;
        let mut manifest = Vec::new();
        let part = self.archive.by_index(index).map_err(|error| unreadable(&error))?;
        part.take(LONGEST).read_to_end(&mut manifest).map_err(|_| unreadable(&ZipError::FileNotFound))?;
        match memchr::memmem::find(&manifest, b"encryption-data") {
            Some(_) => Err(ReadFailure::encrypted().coverage(false)),
            None => Ok(()),
        }
    }
}

fn unreadable(error: &ZipError) -> Coverage {
    match error {
        ZipError::UnsupportedArchive(detail) if detail.contains("assword") => ReadFailure::encrypted().coverage(false),
        _ => Coverage::partial(Reason::MalformedOrFileSizeExceedsLimit, "a part of the document cannot be read"),
    }
}

/// Gives no more than what is left of the document's limit.
struct Bounded<'l, R> {
    input: R,
    left: &'l mut u64,
    is_over: bool,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if *self.left == 0 && !buffer.is_empty() {
            let mut probe = [0];
            self.is_over = self.input.read(&mut probe)? > 0;
            return Ok(0);
        }
        let most = buffer.len().min(usize::try_from(*self.left).unwrap_or(usize::MAX));
        let read = self.input.read(&mut buffer[..most])?;
        *self.left -= read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::gathered::Gathered;
    use proptest::prelude::*;
    use std::io::{Cursor, Write};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn package(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut package = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            package.start_file(*name, SimpleFileOptions::default()).expect("memory can be written");
            package.write_all(content.as_bytes()).expect("memory can be written");
        }
        package.finish().expect("memory can be written").into_inner()
    }

    fn gather(parts: &[(&str, &str)]) -> Gathered {
        let file = package(parts);
        let mut gathered = Gathered::default();
        let size = file.len() as u64;
        read(Cursor::new(file), size, &Quotas::default(), &mut gathered).expect("the directory is whole");
        gathered
    }

    #[test]
    fn a_word_document_is_read_with_what_stands_beside_its_text() {
        let gathered = gather(&[
            (
                "word/comments.xml",
                "<w:comments><w:comment w:author=\"Jane Roe\"><w:p><w:r><w:t>see SSN</w:t></w:r></w:p></w:comment></w:comments>",
            ),
            ("word/embeddings/list.csv", "a,b"),
            ("word/media/image1.png", "\u{89}PNG"),
            (
                "word/document.xml",
                "<w:document><w:body><w:p><w:r><w:t>Jane </w:t></w:r><w:r><w:t xml:space=\"preserve\">Roe &amp; </w:t></w:r>\
                 <w:r><w:t>son</w:t><w:tab/><w:t>x</w:t></w:r></w:p><w:p><mc:AlternateContent><mc:Choice><w:txbxContent>\
                 <w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>box</w:t></w:r>\
                 </w:p></mc:Fallback></mc:AlternateContent></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>\
                 <w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>",
            ),
            (
                "word/_rels/document.xml.rels",
                "<Relationships><Relationship Target=\"mailto:a@b.c\" TargetMode=\"External\"/></Relationships>",
            ),
            ("docProps/core.xml", "<cp:coreProperties><dc:creator>Jane Roe</dc:creator></cp:coreProperties>"),
        ]);
        assert!(gathered.text.starts_with("Jane Roe & son\tx\nbox\n1\t2"), "{:?}", gathered.text);
        assert_eq!(gathered.text.matches("box").count(), 1);
        for text in ["see SSN", "mailto:a@b.c"] {
            assert!(gathered.text.contains(text), "{text} in {:?}", gathered.text);
        }
        assert_eq!(gathered.value_at("coreProperties.creator"), "Jane Roe");
        assert_eq!(gathered.members, [("word/embeddings/list.csv".to_owned(), b"a,b".to_vec())]);
        assert_eq!((gathered.place_of("box"), gathered.gaps.len()), ("2:1", 0));
    }

    #[test]
    fn slides_come_in_their_order_with_their_notes() {
        let slide = |text: &str| format!("<p:sld><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>");
        let gathered = gather(&[
            ("ppt/slides/slide10.xml", &slide("ten")),
            ("ppt/slides/slide2.xml", &slide("two")),
            ("ppt/notesSlides/notesSlide2.xml", &slide("note")),
        ]);
        for (word, page) in [("two", "2"), ("note", "2"), ("ten", "10")] {
            assert_eq!(gathered.place_of(word), page);
        }
        assert!(gathered.text.find("two") < gathered.text.find("ten"));
    }

    #[test]
    fn an_open_document_is_read_paragraph_by_paragraph() {
        let gathered = gather(&[
            ("mimetype", "application/vnd.oasis.opendocument.presentation"),
            (
                "content.xml",
                "<office:document-content><office:body>\n<draw:page>\n<text:h>Head</text:h><text:p>a<text:s \
                 text:c=\"2\"/>b<text:span>c</text:span>\n d</text:p></draw:page><draw:page><text:p>second</text:p></draw:page></office:body></office:document-content>",
            ),
            ("meta.xml", "<office:meta><dc:creator>Jane Roe</dc:creator></office:meta>"),
        ]);
        assert!(gathered.text.starts_with("Head\na  bc  d"), "{:?}", gathered.text);
        assert_eq!((gathered.place_of("Head"), gathered.place_of("second")), ("1", "2"));
        assert_eq!(gathered.value_at("meta.creator"), "Jane Roe");
    }

    #[test]
    fn an_encrypted_or_broken_document_is_reported() {
        let manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>";
        let gathered = gather(&[("META-INF/manifest.xml", manifest), ("content.xml", "x")]);
        assert_eq!(gathered.gaps[0].reason, Some(Reason::InvalidEncryption));
        let broken = gather(&[("word/document.xml", "<w:p><w:r><w:t>kept</w:t></w:r></w:p><w:p><w:t")]);
        assert!(broken.text.contains("kept"));
        assert_eq!(broken.gaps[0].reason, Some(Reason::MalformedOrFileSizeExceedsLimit));
        let outcome = read(Cursor::new(b"PK\x03\x04".to_vec()), 4, &Quotas::default(), &mut Gathered::default());
        assert!(outcome.is_err());
    }

    #[test]
    fn a_document_that_expands_to_too_much_is_read_up_to_the_limit() {
        let text = format!("<w:p><w:r><w:t>start {}</w:t></w:r></w:p>", "x ".repeat(200_000));
        let file = package(&[("word/document.xml", &text)]);
        let mut gathered = Gathered::default();
        let quotas = Quotas { expanded_bytes: 100_000, ..Quotas::default() };
        read(Cursor::new(file), 1000, &quotas, &mut gathered).expect("the directory is whole");
        assert_eq!(gathered.gaps[0].reason, Some(Reason::OoxmlUncompressedSizeExceedsLimit));
    }

    proptest! {
        #[test]
        fn words_of_a_random_document_stand_in_the_line_of_their_paragraph(
            paragraphs in prop::collection::vec(prop::collection::vec("[a-z]{2,7}", 1..5), 1..20),
        ) {
            let mut body = String::new();
            let mut expected = Vec::new();
            for (line, words) in (1..).zip(&paragraphs) {
                body.push_str("<w:p>");
                let mut column = 1;
                for (index, word) in words.iter().enumerate() {
                    let word = format!("{word}{line}x{index}");
                    body.extend([format!("<w:r><w:t>{word}</w:t><w:t xml:space=\"preserve\"> </w:t></w:r>")]);
                    expected.push((format!("{line}:{column}"), word.clone()));
                    column += word.chars().count() + 1;
                }
                body.push_str("</w:p>\n");
            }
            let gathered = gather(&[("word/document.xml", &format!("<w:document>{body}</w:document>"))]);
            for word in expected {
                prop_assert!(gathered.words.contains(&word), "{word:?} in {:?}", gathered.words);
            }
        }
    }
}
