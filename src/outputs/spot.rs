//! A detection as tools for code show it: a file, a line, a message.

use super::sanitize::sanitize;
use super::whereabouts::Whereabouts;
use crate::model::{Detection, IdentifierKind, Location, ObjectReport};

/// Where a viewer of source code is to put its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// 1-based line. For a table the record, which is the line unless a quoted cell before it holds line breaks.
    pub(super) line: u64,
    /// 1-based column in code points, where it is known.
    pub(super) column: Option<u64>,
}

impl Spot {
    /// The spot of a location; `None` for places that are no lines of the file, such as a page or a place in a document's tree.
    pub(super) fn of(report: &ObjectReport, location: &Location) -> Option<Self> {
        // What is inside a compressed file or an archive has no lines in it.
        if !report.members.is_empty() {
            return None;
        }
        match location {
            Location::Cell { row, .. } => Some(Self { line: *row, column: None }),
            Location::Lines { start, start_column, .. } => Some(Self { line: *start, column: Some(*start_column) }),
            // A line of JSON Lines is a record; a document is one record on many lines.
            Location::Record { index, .. } if is_lines(report) => Some(Self { line: index + 1, column: None }),
            Location::Record { .. } | Location::Page { .. } => None,
        }
    }

    /// The first spot of a detection, or the file's first line, where viewers put what concerns the file as a whole.
    pub(super) fn first(report: &ObjectReport, detection: &Detection) -> Self {
        let first = detection.occurrences.first().and_then(|location| Self::of(report, location));
        first.unwrap_or(Self { line: 1, column: None })
    }
}

fn is_lines(report: &ObjectReport) -> bool {
    matches!(report.object.extension().as_str(), "jsonl" | "ndjson")
}

/// Path of the file on the machine that scanned it, else the object's key.
pub(super) fn path(report: &ObjectReport) -> &str {
    report.object.path.as_deref().unwrap_or(&report.object.key)
}

/// Every detection of every report with its places, those in files inside an object too, and the report.
pub(super) fn detections<'r>(
    reports: &'r [&'r ObjectReport],
) -> impl Iterator<Item = (&'r ObjectReport, &'r Detection)> {
    reports.iter().flat_map(|report| {
        let detections = report.located().into_iter().flat_map(|(_, finding)| &finding.detections);
        detections.map(move |detection| (*report, detection))
    })
}

/// What was looked for: the id by which a managed identifier can be switched off, the name that its author gave to a custom one.
pub(super) fn name(detection: &Detection) -> String {
    let identifier = &detection.identifier;
    let name = if identifier.kind == IdentifierKind::Managed { &identifier.id } else { &identifier.name };
    sanitize(name).into_owned()
}

/// One sentence: what was found, how often, and where in the file.
pub(super) fn sentence(detection: &Detection) -> String {
    let occurrences = super::quantity::things(usize::try_from(detection.count).unwrap_or(usize::MAX), "occurrence");
    let places = Whereabouts::of(detection).layout(WIDTH, 1).join(" ");
    let separator = if places.is_empty() { "" } else { ": " };
    format!("{}, {occurrences}{separator}{places}", sanitize(&detection.identifier.name))
}

/// Characters that the places in a sentence may take.
const WIDTH: usize = 240;
