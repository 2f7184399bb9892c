//! The parts of a spreadsheet that is a ZIP archive inside, held to limits before anybody unpacks them.

use crate::model::Reason;
use crate::readers::failure::ReadFailure;
use crate::readers::limits::Limits;
use crate::readers::shared_source::SharedSource;
use crate::readers::source::Source;
use memchr::memrchr;
use std::io::{BufReader, Read};
use zip::ZipArchive;

/// Bytes of parts that may be in memory as a whole.
const HELD: u64 = 256 * 1024 * 1024;
/// Bytes of XML without any tag: the longest text of one cell.
const LONGEST_TEXT: u64 = 32 * 1024 * 1024;
/// Times its size that deflated data expands to at most.
const DEFLATE_RATIO: u64 = 1032;

/// How a part is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// As a whole.
    Held,
    /// From its start to its end.
    Streamed,
    /// Not at all.
    Unread,
}

/// An archive whose directory has been read.
pub(super) struct Parts {
    source: SharedSource,
    archive: ZipArchive<BufReader<SharedSource>>,
}

impl Parts {
    /// Reads the directory and holds the parts against the limits.
    pub(super) fn open(input: Source, limits: &Limits, used: impl Fn(&str) -> Use) -> Result<Self, ReadFailure> {
        let broken = |_| ReadFailure::new(Reason::MalformedOrFileSizeExceedsLimit, "its directory of parts is damaged");
        let source = SharedSource::new(input)?;
        let archive = ZipArchive::new(BufReader::new(source.clone())).map_err(broken)?;
        let mut parts = Self { source, archive };
        parts.check(limits, used)?;
        Ok(parts)
    }

    /// The archive as a file.
    pub(super) fn source(&self) -> BufReader<SharedSource> {
        BufReader::new(self.source.clone())
    }

    /// Names of all parts.
    pub(super) fn names(&self) -> Vec<String> {
        self.archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect()
    }

    /// The content of the part; `None` if there is none of that name, or it is stored in a way that is not known.
    pub(super) fn part(&mut self, name: &str) -> Option<impl Read + '_> {
        self.archive.by_name(name).ok()
    }

    fn check(&mut self, limits: &Limits, used: impl Fn(&str) -> Use) -> Result<(), ReadFailure> {
        let (mut expanded, mut held) = (0, 0);
        for index in 0..self.archive.len() {
            limits.check()?;
            // What is not readable at all is found missing later.
            let Ok(part) = self.archive.by_index(index) else { continue };
            let used = part.name().map_or(Use::Unread, |name| used(&name));
            if used == Use::Unread {
                continue;
            }
            if part.encrypted() {
                return Err(ReadFailure::encrypted());
            }
            let most = part.compressed_size().saturating_mul(DEFLATE_RATIO);
            let size = if used == Use::Streamed && most <= LONGEST_TEXT { most } else { measure(part)? };
            expanded += size;
            held += if used == Use::Held { size } else { 0 };
            if held > HELD || expanded > limits.quotas().expanded_bytes {
                let detail = "it expands to more than can be read";
                return Err(ReadFailure::new(Reason::OoxmlUncompressedSizeExceedsLimit, detail));
            }
        }
        if expanded > HELD && expanded / limits.quotas().ratio.max(1) > self.source.length() {
            let detail = format!("it expands to more than {} times its size", limits.quotas().ratio);
            return Err(ReadFailure::new(Reason::OoxmlUncompressedRatioExceedsLimit, detail));
        }
        Ok(())
    }
}

/// Bytes of the part when it is unpacked; what the archive says of that is not believed. Fails for a text without end. A part
/// that is broken is as long as it can be read.
fn measure(mut part: impl Read) -> Result<u64, ReadFailure> {
    let mut buffer = vec![0; 64 * 1024];
    let (mut size, mut text) = (0, 0);
    while let Ok(read @ 1..) = part.read(&mut buffer) {
        size += read as u64;
        match memrchr(b'<', &buffer[..read]) {
            Some(tag) => text = (read - tag) as u64,
            None => text += read as u64,
        }
        if text > LONGEST_TEXT {
            let detail = "a text in it is longer than any text of a cell should be";
            return Err(ReadFailure::new(Reason::OoxmlUncompressedSizeExceedsLimit, detail));
        }
    }
    Ok(size)
}
