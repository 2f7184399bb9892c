//! What can be done about a detection, with the commands to copy.

use crate::model::{Detection, IdentifierKind, ObjectReport, Severity};
use crate::outputs::argument::quoted;
use crate::outputs::sanitize::sanitize;
use crate::outputs::spot::path;

/// Columns that a sentence names.
const NAMED: usize = 5;

/// What to do, in one or two sentences.
pub(super) fn sentence(detection: &Detection) -> String {
    let columns: Vec<String> = detection
        .columns
        .iter()
        .take(NAMED)
        .map(|column| match column.name.as_deref() {
            Some(name) if !name.is_empty() => sanitize(name).into_owned(),
            _ => format!("column {}", column.column),
        })
        .collect();
    let place = match (columns.as_slice(), detection.columns.len()) {
        ([], _) => "the places above".to_owned(),
        ([one], 1) => format!("the column {one}"),
        (some, all) if all > some.len() => format!("the columns {} and {} more", some.join(", "), all - some.len()),
        (some, _) => format!("the columns {}", some.join(", ")),
    };
    let first = match detection.severity {
        Severity::High => "Keep the file back.",
        Severity::Medium => "Keep the file back, or decide that it may go.",
        Severity::Low => "Decide whether this may go.",
    };
    format!("{first} Drop or mask {place}, then scan again. If it is test data or means something else, allow it.")
}

/// What can be done, and the command for it. The page puts the file in the place of `FILE`, the severity in that of `SEVERITY`, and
/// in that of `IDENTIFIER` the managed identifier; where there is none the command is left out.
pub(super) const WAYS: [[&str; 2]; 5] = [
    ["Scan the file again after a change:", "lakegate scan FILE --fail-on SEVERITY"],
    [
        "Move it out of the way, so that it can be put back:",
        "lakegate scan FILE --isolate-to isolated --isolate-at SEVERITY",
    ],
    [
        "Accept what is in it now, and be told of more:",
        "lakegate baseline write FILE --reason 'agreed with the owner of the data'",
    ],
    [
        "Allow values that are no sensitive data, written in a file one a line:",
        "lakegate scan FILE --allow-list allowed.txt",
    ],
    ["See what triggers it:", "lakegate identifiers show IDENTIFIER"],
];

/// The file of a report as an argument.
pub(super) fn file(report: &ObjectReport) -> String {
    quoted(path(report))
}

/// A managed identifier as an argument.
pub(super) fn identifier(detection: &Detection) -> Option<String> {
    (detection.identifier.kind == IdentifierKind::Managed).then(|| quoted(&detection.identifier.id))
}
