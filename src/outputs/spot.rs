//! A detection as tools for code show it: a file, a line, a message.

use super::context::hex_id;
use super::sanitize::sanitize;
use super::whereabouts::Whereabouts;
use crate::model::{Detection, Finding, IdentifierKind, Location, Member, ObjectReport};
use std::borrow::Cow;
use std::cmp::Reverse;

/// Where a viewer of source code is to put its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// 1-based line. For a table the record, which is the line unless a quoted cell before it holds line breaks.
    pub(super) line: u64,
    /// 1-based column in code points, where it is known.
    pub(super) column: Option<u64>,
}

impl Spot {
    /// The spot of a location in the object itself, or in a `member` inside it; `None` for places that are no lines of the file, such as
    /// a page, a place in a document's tree, or anything in a file inside.
    pub(super) fn of(report: &ObjectReport, member: Option<&Member>, location: &Location) -> Option<Self> {
        match location {
            _ if member.is_some() => None,
            Location::Cell { row, .. } => Some(Self { line: *row, column: None }),
            Location::Lines { start, start_column, .. } => Some(Self { line: *start, column: Some(*start_column) }),
            // A line of JSON Lines is a record; a document is one record on many lines.
            Location::Record { index, .. } if is_lines(report) => Some(Self { line: index + 1, column: None }),
            Location::Record { .. } | Location::Page { .. } => None,
        }
    }
}

/// A detection with the object, or the file inside an object, that it has places in.
#[derive(Clone, Copy)]
pub(super) struct Found<'r> {
    pub(super) report: &'r ObjectReport,
    /// The file inside.
    pub(super) member: Option<&'r Member>,
    pub(super) finding: &'r Finding,
    pub(super) detection: &'r Detection,
}

/// What was found in an object, or in a file inside it.
pub(super) type Block<'r> = (&'r ObjectReport, Option<&'r Member>, &'r Finding);

/// What was found in each object and each file inside one.
pub(super) fn blocks<'r>(reports: &'r [&'r ObjectReport]) -> impl Iterator<Item = Block<'r>> {
    let located =
        |report: &'r ObjectReport| report.located().into_iter().map(move |(member, finding)| (report, member, finding));
    reports.iter().flat_map(move |report| located(report))
}

/// The same, the most serious findings first.
pub(super) fn worst_first<'r>(reports: &'r [&'r ObjectReport]) -> Vec<Block<'r>> {
    let mut blocks: Vec<Block<'r>> = blocks(reports).collect();
    blocks.sort_by_key(|(.., finding)| Reverse(finding.severity));
    blocks
}

/// The detections of a finding, the most serious first.
pub(super) fn by_severity(finding: &Finding) -> Vec<&Detection> {
    let mut detections: Vec<&Detection> = finding.detections.iter().collect();
    detections.sort_by_key(|detection| Reverse(detection.severity));
    detections
}

impl<'r> Found<'r> {
    /// Every detection of every report, those in files inside an object too.
    pub(super) fn all(reports: &'r [&'r ObjectReport]) -> impl Iterator<Item = Self> {
        blocks(reports).flat_map(|(report, member, finding)| {
            let detections = finding.detections.iter();
            detections.map(move |detection| Self { report, member, finding, detection })
        })
    }

    /// The first spot, or the file's first line, where viewers put what concerns the file as a whole.
    pub(super) fn first_spot(&self) -> Spot {
        self.spot().unwrap_or(Spot { line: 1, column: None })
    }

    /// The first spot, if the first place has one.
    pub(super) fn spot(&self) -> Option<Spot> {
        self.detection.occurrences.first().and_then(|location| Spot::of(self.report, self.member, location))
    }

    /// 32 hexadecimal digits that follow from the path, that of a file inside too, and the identifier, and from nothing that moves.
    pub(super) fn fingerprint(&self) -> String {
        hex_id("fingerprint", [&*shown_path(self.report, self.member), &self.detection.identifier.id])
    }

    /// One sentence: what was found, how often, and where.
    pub(super) fn sentence(&self) -> String {
        match self.member {
            None => sentence(self.detection),
            Some(member) => format!("In {}: {}", sanitize(&member.path), sentence(self.detection)),
        }
    }
}

fn is_lines(report: &ObjectReport) -> bool {
    matches!(report.object.extension().as_str(), "jsonl" | "ndjson")
}

/// Path of the file on the machine that scanned it, else the object's key.
pub(super) fn path(report: &ObjectReport) -> &str {
    report.object.path.as_deref().unwrap_or(&report.object.key)
}

/// The same, and behind it where a file inside is: `drop/archive.zip!/folder/file.csv`.
pub(super) fn shown_path<'r>(report: &'r ObjectReport, member: Option<&Member>) -> Cow<'r, str> {
    let path = path(report);
    match report.name_of(member).strip_prefix(&*report.object.key) {
        Some(inside) if !inside.is_empty() => Cow::Owned(format!("{path}{inside}")),
        _ => Cow::Borrowed(path),
    }
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
