//! Turns failures into coverage.

use crate::model::{Coverage, Reason};
use std::io;

/// Coverage of an object that could not be opened or read at all.
pub(super) fn unreadable(error: &io::Error) -> Coverage {
    Coverage::skipped(reason(error), format!("could not be read: {}", plain(error)))
}

/// Coverage of an object that could be read only in part.
pub(super) fn cut_short(error: &io::Error) -> Coverage {
    Coverage::partial(reason(error), format!("reading stopped part of the way: {}", plain(error)))
}

fn reason(error: &io::Error) -> Reason {
    match error.kind() {
        io::ErrorKind::PermissionDenied => Reason::PermissionDenied,
        io::ErrorKind::NotFound | io::ErrorKind::StaleNetworkFileHandle => Reason::SourceObjectNoLongerAvailable,
        _ => Reason::MalformedFile,
    }
}

/// The error without the operating system's error number, which says nothing more.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}
