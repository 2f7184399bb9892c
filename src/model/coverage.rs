//! How much of an object was analysed, and why not all of it.

/// Macie's status codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// All of it.
    Complete,
    /// Only a part; what was found in that part is reported.
    Partial,
    /// Nothing.
    Skipped,
}

impl Status {
    /// The code Macie's JSON uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "COMPLETE",
            Self::Partial => "PARTIAL",
            Self::Skipped => "SKIPPED",
        }
    }
}

/// Macie's reason codes, those that a local scan can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Detection of the type, decompression or decoding failed.
    MalformedFile,
    /// JSON nested deeper than the limit.
    JsonNestingLevelOverLimit,
    /// Structured data that does not parse; the rest was read as text.
    UnableToParseFile,
    /// The file may not be read.
    PermissionDenied,
    /// The file vanished between listing and reading.
    SourceObjectNoLongerAvailable,
    /// The file changed while it was read.
    ObjectVersionMismatch,
    /// Expanded data over the limit.
    ArchiveTotalBytesExtractedOverLimit,
    /// Some or all files inside could not be analysed.
    ArchiveContainsUnprocessedFiles,
    /// Some or all files inside are of formats that are not analysed: out of scope, not an error. Macie's code is the same.
    ArchiveContainsOutOfScopeFiles,
    /// An archive that is too large as it is stored.
    ArchiveExceedsSizeLimit,
    /// Too many archives inside each other.
    ArchiveNestingLevelOverLimit,
    /// Too many files inside.
    ArchiveTotalDocumentsProcessedOverLimit,
    /// Too large for its format.
    FileExceedsSizeLimit,
    /// Encrypted, and no key to it.
    InvalidEncryption,
    /// An Office file that is broken or too large.
    MalformedOrFileSizeExceedsLimit,
    /// An Office Open XML file that expands to too many times its size.
    OoxmlUncompressedRatioExceedsLimit,
    /// An Office Open XML file that expands to too much.
    OoxmlUncompressedSizeExceedsLimit,
    /// Time for one object used up.
    TimeCutOffReached,
    /// A format that Macie does not analyse (images, programs); out of scope, not an error.
    UnsupportedFileType,
}

impl Reason {
    /// All of them.
    const ALL: [Self; 19] = [
        Self::MalformedFile,
        Self::JsonNestingLevelOverLimit,
        Self::UnableToParseFile,
        Self::PermissionDenied,
        Self::SourceObjectNoLongerAvailable,
        Self::ObjectVersionMismatch,
        Self::ArchiveTotalBytesExtractedOverLimit,
        Self::ArchiveContainsUnprocessedFiles,
        Self::ArchiveContainsOutOfScopeFiles,
        Self::ArchiveExceedsSizeLimit,
        Self::ArchiveNestingLevelOverLimit,
        Self::ArchiveTotalDocumentsProcessedOverLimit,
        Self::FileExceedsSizeLimit,
        Self::InvalidEncryption,
        Self::MalformedOrFileSizeExceedsLimit,
        Self::OoxmlUncompressedRatioExceedsLimit,
        Self::OoxmlUncompressedSizeExceedsLimit,
        Self::TimeCutOffReached,
        Self::UnsupportedFileType,
    ];

    /// The code Macie's JSON uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MalformedFile => "MALFORMED_FILE",
            Self::JsonNestingLevelOverLimit => "JSON_NESTING_LEVEL_OVER_LIMIT",
            Self::UnableToParseFile => "UNABLE_TO_PARSE_FILE",
            Self::PermissionDenied => "PERMISSION_DENIED",
            Self::SourceObjectNoLongerAvailable => "SOURCE_OBJECT_NO_LONGER_AVAILABLE",
            Self::ObjectVersionMismatch => "OBJECT_VERSION_MISMATCH",
            Self::ArchiveTotalBytesExtractedOverLimit => "ARCHIVE_TOTAL_BYTES_EXTRACTED_OVER_LIMIT",
            Self::ArchiveContainsUnprocessedFiles | Self::ArchiveContainsOutOfScopeFiles => {
                "ARCHIVE_CONTAINS_UNPROCESSED_FILES"
            }
            Self::ArchiveExceedsSizeLimit => "ARCHIVE_EXCEEDS_SIZE_LIMIT",
            Self::ArchiveNestingLevelOverLimit => "ARCHIVE_NESTING_LEVEL_OVER_LIMIT",
            Self::ArchiveTotalDocumentsProcessedOverLimit => "ARCHIVE_TOTAL_DOCUMENTS_PROCESSED_OVER_LIMIT",
            Self::FileExceedsSizeLimit => "FILE_EXCEEDS_SIZE_LIMIT",
            Self::InvalidEncryption => "INVALID_ENCRYPTION",
            Self::MalformedOrFileSizeExceedsLimit => "MALFORMED_OR_FILE_SIZE_EXCEEDS_LIMIT",
            Self::OoxmlUncompressedRatioExceedsLimit => "OOXML_UNCOMPRESSED_RATIO_EXCEEDS_LIMIT",
            Self::OoxmlUncompressedSizeExceedsLimit => "OOXML_UNCOMPRESSED_SIZE_EXCEEDS_LIMIT",
            Self::TimeCutOffReached => "TIME_CUT_OFF_REACHED",
            Self::UnsupportedFileType => "UNSUPPORTED_FILE_TYPE_EXCEPTION",
        }
    }

    /// The reason with that code in Macie's JSON; `None` for a code that no local scan gives.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == code)
    }

    /// True for limits on the object as a whole: reaching one inside a member ends the whole object and is its reason.
    pub fn is_limit(self) -> bool {
        matches!(
            self,
            Self::ArchiveTotalBytesExtractedOverLimit
                | Self::ArchiveNestingLevelOverLimit
                | Self::ArchiveTotalDocumentsProcessedOverLimit
                | Self::TimeCutOffReached
        )
    }
}

/// Result of analysing one object, apart from what was found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// How much was analysed.
    pub status: Status,
    /// Why not all of it; `None` exactly when the status is complete.
    pub reason: Option<Reason>,
    /// One plain sentence for a person, without any content of the object; empty when complete.
    pub detail: String,
}

impl Coverage {
    /// All of the object was analysed.
    pub fn complete() -> Self {
        Self { status: Status::Complete, reason: None, detail: String::new() }
    }

    /// A part of the object was analysed.
    pub fn partial(reason: Reason, detail: impl Into<String>) -> Self {
        Self { status: Status::Partial, reason: Some(reason), detail: detail.into() }
    }

    /// Nothing of the object was analysed.
    pub fn skipped(reason: Reason, detail: impl Into<String>) -> Self {
        Self { status: Status::Skipped, reason: Some(reason), detail: detail.into() }
    }

    /// True for formats that a scan is not meant to read: no gap in its coverage.
    pub fn out_of_scope(&self) -> bool {
        matches!(self.reason, Some(Reason::UnsupportedFileType | Reason::ArchiveContainsOutOfScopeFiles))
    }

    /// True when something that was in scope could not be fully analysed.
    pub fn incomplete(&self) -> bool {
        self.status != Status::Complete && !self.out_of_scope()
    }

    /// Keeps the worse of two results for parts of one object; the first one wins a tie. What is in scope weighs more than
    /// what is not.
    pub fn worsen(&mut self, other: Self) {
        if (other.status, other.incomplete()) > (self.status, self.incomplete()) {
            *self = other;
        }
    }
}
