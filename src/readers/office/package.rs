//! Documents that are ZIP archives of parts.

use super::part::{self, Vocabulary};
use crate::model::{ContentSink, Coverage, MemberInfo, Reason};
use crate::readers::markup::passages::PassageWriter;
use std::io::{self, Read, Seek};
use zip::ZipArchive;
use zip::result::ZipError;

/// How far a document may expand.
#[derive(Debug, Clone, Copy)]
pub struct Expansion {
    /// Bytes of all parts together.
    pub bytes: u64,
    /// Times the stored size.
    pub ratio: u64,
}

/// Bytes of all parts that a document may have whatever its ratio: layout compresses well.
const ALWAYS: u64 = 16 * 1024 * 1024;

/// Reads the document in `input`, of that many bytes. An error says that the sink wants no more.
pub fn read(input: impl Read + Seek, size: u64, expansion: Expansion, sink: &mut dyn ContentSink) -> io::Result<()> {
    let archive = match ZipArchive::new(input) {
        Ok(archive) => archive,
        Err(_) => {
            sink.gap(Coverage::skipped(Reason::MalformedOrFileSizeExceedsLimit, "the document's directory cannot be read"));
            return Ok(());
        }
    };
    let mut names: Vec<(usize, String)> =
        (0..archive.len()).zip(archive.file_names()).filter_map(|(index, name)| Some((index, name.ok()?.into_owned()))).collect();
    names.sort_by_cached_key(|(_, name)| place_of(name));
    let by_ratio = size.saturating_mul(expansion.ratio).max(ALWAYS);
    let mut package =
        Package { archive, left: expansion.bytes.min(by_ratio), over: over(expansion.bytes <= by_ratio), gap: None };
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
            Use::Manifest => package.manifest(index),
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
    "rels", "png", "jpg", "jpeg", "gif", "bmp", "emf", "wmf", "tif", "tiff", "svg", "odttf", "fntdata", "ttf", "mp3", "mp4",
    "wav", "avi", "wmv", "mov", "m4a", "m4v", "vml", "wdp", "ico", "rdf", "xba", "xlb", "psmdcp", "sigs", "xsl", "dat",
];

/// Parts that tell how a document looks.
const LAYOUT: &[&str] = &[
    "styles.xml", "settings.xml", "fontTable.xml", "webSettings.xml", "numbering.xml", "theme", "stylesWithEffects.xml",
    "[Content_Types].xml", "presProps.xml", "viewProps.xml", "tableStyles.xml", "slideLayouts", "slideMasters",
    "notesMasters", "handoutMasters", "printerSettings", "Configurations2", "Thumbnails", "changesInfos", "revisionInfo.xml",
    "tags", "fonts", "ctrlProps", "diagrams", "ink", "commentsIds.xml", "commentsExtensible.xml", "presentation.xml", "mimetype",
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
        Use::Text(_) if !name.ends_with(".rels") => 3,
        Use::Text(_) => 4,
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

    fn text(
        &mut self,
        index: usize,
        vocabulary: Vocabulary,
        writer: &mut PassageWriter<'_>,
    ) -> Result<(), Coverage> {
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
    fn member(
        &mut self,
        index: usize,
        name: &str,
        writer: &mut PassageWriter<'_>,
    ) -> io::Result<Result<(), Coverage>> {
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

    /// Parts of an OpenDocument file that are encrypted are listed as such.
    fn manifest(&mut self, index: usize) -> Result<(), Coverage> {
        const LONGEST: u64 = 4 * 1024 * 1024;
        let mut manifest = Vec::new();
        let part = self.archive.by_index(index).map_err(|error| unreadable(&error))?;
        part.take(LONGEST).read_to_end(&mut manifest).map_err(|_| unreadable(&ZipError::FileNotFound))?;
        match memchr::memmem::find(&manifest, b"encryption-data") {
            Some(_) => Err(Coverage::skipped(Reason::InvalidEncryption, "the document is encrypted")),
            None => Ok(()),
        }
    }
}

fn unreadable(error: &ZipError) -> Coverage {
    match error {
        ZipError::UnsupportedArchive(detail) if detail.contains("assword") => {
            Coverage::skipped(Reason::InvalidEncryption, "the document is encrypted")
        }
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
