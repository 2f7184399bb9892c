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

/// Commands with what they are for.
pub(super) fn commands(report: &ObjectReport, detection: &Detection) -> Vec<[String; 2]> {
    let file = quoted(path(report));
    let severity = detection.severity.as_str().to_lowercase();
    let mut commands = vec![
        ("Scan the file again after a change:", format!("lakegate scan {file} --fail-on {severity}")),
        (
            "Move it out of the way, so that it can be put back:",
            format!("lakegate scan {file} --isolate-to isolated --isolate-at {severity}"),
        ),
        (
            "Accept what is in it now, and be told of more:",
            format!("lakegate baseline write {file} --reason 'agreed with the owner of the data'"),
        ),
        (
            "Allow values that are no sensitive data, written in a file one a line:",
            format!("lakegate scan {file} --allow-list allowed.txt"),
        ),
    ];
    if detection.identifier.kind == IdentifierKind::Managed {
        let id = quoted(&detection.identifier.id);
        commands.push(("See what triggers it:", format!("lakegate identifiers show {id}")));
    }
    commands.into_iter().map(|(purpose, command)| [purpose.to_owned(), command]).collect()
}
