//! Turns failures into coverage.

use crate::model::Coverage;
use crate::readers::reason_of_failure;
use std::io;

/// Coverage of an object that could not be opened or read at all.
pub(super) fn unreadable(error: &io::Error) -> Coverage {
    let (reason, detail) = reason_of_failure(error);
    Coverage::skipped(reason, detail)
}

/// Coverage of an object that could be read only in part.
pub(super) fn cut_short(error: &io::Error) -> Coverage {
    let (reason, detail) = reason_of_failure(error);
    Coverage::partial(reason, detail)
}
