//! Turns failures into coverage.

use crate::model::{Coverage, Reason};
use crate::readers::reason_of_failure;
use std::io;

/// Coverage of an object that could not be opened or read at all.
pub(super) fn unreadable(error: &io::Error) -> Coverage {
    let (reason, detail) = reason_of_failure(error);
    Coverage::skipped(reason, detail)
}

/// Coverage of content that is read to its end although it holds bytes that no text has.
///
/// A NUL (U+0000) is a sign of a disk that failed or of fields of fixed width: what stands around it may not be what was meant.
pub(super) fn of_content(bytes: &[u8]) -> Coverage {
    with_nul(memchr::memchr(0, bytes).is_some())
}

/// The same, where it is known whether there is a NUL.
pub(super) fn with_nul(nul: bool) -> Coverage {
    if !nul {
        return Coverage::complete();
    }
    Coverage::partial(
        Reason::MalformedFile,
        "the content holds NUL characters; all of it was read, values may be damaged",
    )
}

/// Coverage of an object that could be read only in part.
pub(super) fn cut_short(error: &io::Error) -> Coverage {
    let (reason, detail) = reason_of_failure(error);
    Coverage::partial(reason, detail)
}
