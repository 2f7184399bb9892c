//! Archives: each file inside is given to the sink as a member. Nothing is ever written anywhere under a member's name.

mod seven_zip;
mod tar;
mod zip;

pub(super) use seven_zip::read as read_seven_zip;
pub(super) use tar::read as read_tar;
pub(super) use zip::read as read_zip;

use super::ReadFailure;
use crate::model::{Quotas, Reason};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// What an archive's directory says of the files inside. Macie reads nothing of an archive that says itself that it is over
/// a limit.
#[derive(Debug, Default)]
struct Claims {
    members: u64,
    largest: u64,
    total: u64,
}

impl Claims {
    /// Notes a file of so many bytes.
    fn add(&mut self, size: u64) {
        self.members += 1;
        self.largest = self.largest.max(size);
        self.total = self.total.saturating_add(size);
    }

    fn check(&self, quotas: &Quotas) -> Result<(), ReadFailure> {
        let (reason, detail) = if self.members > quotas.members {
            let detail = format!("the archive holds {} files; {} are read at most", self.members, quotas.members);
            (Reason::ArchiveTotalDocumentsProcessedOverLimit, detail)
        } else if self.total > quotas.expanded_bytes {
            let detail = format!("the archive says that it holds more than {} bytes", quotas.expanded_bytes);
            (Reason::ArchiveTotalBytesExtractedOverLimit, detail)
        } else if self.largest > quotas.member_bytes {
            let detail = format!("the archive says that it holds a file of more than {} bytes", quotas.member_bytes);
            (Reason::ArchiveTotalBytesExtractedOverLimit, detail)
        } else {
            return Ok(());
        };
        Err(ReadFailure::new(reason, detail))
    }
}

/// Finds out the encoding of names that do not say theirs, from all of them together.
struct NameEncoding {
    detector: EncodingDetector,
    anything: bool,
}

impl NameEncoding {
    fn new() -> Self {
        Self { detector: EncodingDetector::new(Iso2022JpDetection::Deny), anything: false }
    }

    /// Notes a name.
    fn add(&mut self, name: &[u8]) {
        if std::str::from_utf8(name).is_err() {
            self.detector.feed(name, false);
            self.detector.feed(b"\n", false);
            self.anything = true;
        }
    }

    /// An encoding of East Asia, if that is what the names are in. Others of one byte a character cannot be told from the
    /// encoding of the first PCs, which is what archives mean if they say nothing.
    fn guess(mut self) -> Option<&'static Encoding> {
        if !self.anything {
            return None;
        }
        self.detector.feed(b"", true);
        let guess = self.detector.guess(None, Utf8Detection::Deny);
        (!guess.is_single_byte()).then_some(guess)
    }
}

/// A name in UTF-8, or else in the encoding that was found out, or as `otherwise` says.
fn name_in(bytes: &[u8], encoding: Option<&'static Encoding>, otherwise: impl FnOnce() -> String) -> String {
    if let Ok(name) = std::str::from_utf8(bytes) {
        return name.to_owned();
    }
    // A letter of the first PCs and the one after it may look like a sign of another script.
    let is_name = |name: &str| name.chars().all(|character| character.is_ascii() || character.is_alphanumeric());
    match encoding.and_then(|encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes)) {
        Some(name) if is_name(&name) => name.into_owned(),
        _ => otherwise(),
    }
}
