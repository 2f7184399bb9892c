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
    /// A format that Macie does not analyse (images, programs); out of scope, not an error.
    UnsupportedFileType,
}

impl Reason {
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
            Self::UnsupportedFileType => "UNSUPPORTED_FILE_TYPE_EXCEPTION",
        }
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
        self.reason == Some(Reason::UnsupportedFileType)
    }

    /// True when something that was in scope could not be fully analysed.
    pub fn incomplete(&self) -> bool {
        self.status != Status::Complete && !self.out_of_scope()
    }

    /// Keeps the worse of two results for parts of one object; the first one wins a tie.
    pub fn worsen(&mut self, other: Self) {
        if other.status > self.status {
            *self = other;
        }
    }
}
