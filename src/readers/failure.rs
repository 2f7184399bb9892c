//! What ended the reading of an object, as coverage tells it.

use super::limits::LimitReached;
use crate::model::{Coverage, Reason};
use std::io::{self, ErrorKind};

/// Why a reader gives up. What it gave before counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ReadFailure {
    /// Macie's reason.
    pub reason: Reason,
    /// One plain sentence for a person, without any content of the object.
    pub detail: String,
}

impl ReadFailure {
    /// A failure of that reason.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }

    /// Content that is not what its format asks for.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(Reason::MalformedFile, detail)
    }

    /// Content that is encrypted. Macie's documentation has no reason for files with a password; the one that it has for
    /// objects to which it has no key says what is the matter.
    pub fn encrypted() -> Self {
        Self::new(Reason::InvalidEncryption, "encrypted: it cannot be read without its password")
    }

    /// Coverage of an object of which something was read before, or nothing.
    pub fn coverage(self, something_was_read: bool) -> Coverage {
        if something_was_read {
            Coverage::partial(self.reason, self.detail)
        } else {
            Coverage::skipped(self.reason, self.detail)
        }
    }
}

impl From<LimitReached> for ReadFailure {
    fn from(reached: LimitReached) -> Self {
        Self::new(reached.reason, reached.detail)
    }
}

impl From<ReadFailure> for io::Error {
    fn from(failure: ReadFailure) -> Self {
        Self::other(failure)
    }
}

impl From<io::Error> for ReadFailure {
    /// Limits and failures that came through a [`std::io::Read`] are told as what they are.
    fn from(error: io::Error) -> Self {
        // Decoders wrap what their input says.
        let mut cause: Option<&(dyn std::error::Error + 'static)> = error.get_ref().map(|inner| inner as _);
        while let Some(inner) = cause {
            if let Some(reached) = inner.downcast_ref::<LimitReached>() {
                return reached.clone().into();
            }
            if let Some(failure) = inner.downcast_ref::<Self>() {
                return failure.clone();
            }
            cause = match inner.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
                Some(wrapped) => Some(wrapped as _),
                None => inner.source(),
            };
        }
        let (reason, detail) = match error.kind() {
            ErrorKind::PermissionDenied => (Reason::PermissionDenied, "the object may not be read"),
            ErrorKind::NotFound => (Reason::SourceObjectNoLongerAvailable, "the object is no longer there"),
            ErrorKind::UnexpectedEof => (Reason::MalformedFile, "the compressed data is cut off"),
            ErrorKind::InvalidData | ErrorKind::InvalidInput => {
                (Reason::MalformedFile, "the compressed data is damaged")
            }
            _ => (Reason::MalformedFile, "the object could not be read to its end"),
        };
        Self::new(reason, detail)
    }
}
