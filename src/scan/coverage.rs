//! Turns failures into coverage.

use crate::model::{Coverage, Member, Reason};
use crate::readers::ReadFailure;
use std::io;

/// Coverage of an object that could not be opened or read at all.
pub(super) fn unreadable(error: io::Error) -> Coverage {
    ReadFailure::from(error).coverage(false)
}

/// Coverage of an object that could be read only in part.
pub(super) fn cut_short(error: io::Error) -> Coverage {
    ReadFailure::from(error).coverage(true)
}

/// Coverage of an object whose content made its reader panic.
pub(super) fn broken() -> Coverage {
    Coverage::partial(Reason::MalformedFile, "the content broke the reader; please report this as a bug of lakegate")
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

/// Coverage of an object as far as it follows from that of the files inside it.
///
/// A limit that was reached inside is the object's. Else Macie has one code for files that were not analysed.
pub(super) fn of_members(members: &[Member]) -> Coverage {
    let mut limits = members.iter().filter(|member| member.coverage.reason.is_some_and(Reason::is_limit));
    let named = |member: &Member| format!("{}: {}", member.path, member.coverage.detail);
    if let Some(member) = limits.next() {
        let reason = member.coverage.reason.unwrap_or(Reason::ArchiveContainsUnprocessedFiles);
        return Coverage::partial(reason, named(member));
    }
    let of = |count: usize| format!("{count} of {} files inside", members.len());
    let incomplete: Vec<&Member> = members.iter().filter(|member| member.coverage.incomplete()).collect();
    if let Some(first) = incomplete.first() {
        let rest = if incomplete.len() > 1 { "the first is " } else { "" };
        let detail = format!("{} could not be fully analysed: {rest}{}", of(incomplete.len()), named(first));
        return Coverage::partial(Reason::ArchiveContainsUnprocessedFiles, detail);
    }
    let others = members.iter().filter(|member| member.coverage.out_of_scope()).count();
    if others > 0 {
        let detail = format!("{} of a format that is not analysed", of(others));
        return Coverage::partial(Reason::ArchiveContainsOutOfScopeFiles, detail);
    }
    Coverage::complete()
}
