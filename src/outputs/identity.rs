//! Ids of findings and of what belongs to them. They follow from what was found where, so scanning the same data again
//! gives the same ids. No value takes part: the hash of a short value is as good as the value.

use super::context::{
    IdParts,
    IdPiece::{self, Number, Text},
    RunContext,
};
use crate::model::{Finding, Location, Member, ObjectReport};
use uuid::Uuid;

/// Id of the finding of an object: 32 lower-case hexadecimal digits from bucket, key, and each detection's identifier,
/// count and locations. Objects of one run have different keys and so never share an id.
pub(super) fn finding_id(context: &RunContext, report: &ObjectReport) -> String {
    parts(context, report, report.finding.as_ref()).hex_id("finding")
}

/// Id of the stored discovery result of an object, which Macie keeps apart from the finding's.
pub(super) fn result_id(context: &RunContext, report: &ObjectReport) -> String {
    parts(context, report, report.finding.as_ref().map(Finding::whole).as_deref()).hex_id("discovery result")
}

/// Id of the stored discovery result of a file inside an object.
pub(super) fn member_id(context: &RunContext, report: &ObjectReport, member: &Member) -> String {
    let mut parts = object_parts(context, report);
    parts.add(&[Text(&member.path)]);
    add_detected(&mut parts, member.finding.as_deref().map(Finding::whole).as_deref());
    parts.hex_id("discovery result of a member")
}

/// UUID (version 5, RFC 9562) of the event that announces a finding.
pub(super) fn event_id(finding_id: &str) -> Uuid {
    named("event", finding_id)
}

/// Where Macie would store the discovery result of an object; the bucket part says that no bucket is configured.
pub(super) fn results_location(context: &RunContext, report: &ObjectReport) -> String {
    location_of(context, &result_id(context, report))
}

fn named(kind: &str, id: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("urn:lakegate:{kind}:{id}").as_bytes())
}

/// Id of a finding of an object, and where Macie would store its discovery result; cheaper than one after the other.
pub(super) fn finding_id_and_location(
    context: &RunContext,
    report: &ObjectReport,
    finding: &Finding,
) -> (String, String) {
    let parts = parts(context, report, Some(finding));
    // The discovery result is of all that was found, whatever a baseline accepts of it.
    let location = match &report.finding {
        Some(all) if !all.accepted.is_empty() => results_location(context, report),
        _ => location_of(context, &parts.hex_id("discovery result")),
    };
    (parts.hex_id("finding"), location)
}

fn location_of(context: &RunContext, result_id: &str) -> String {
    let RunContext { account_id, region, job_id, .. } = context;
    let file = named("result", result_id);
    format!("s3://[export-config-not-set]/AWSLogs/{account_id}/Macie/{region}/{job_id}/{account_id}/{file}.jsonl.gz")
}

fn parts(context: &RunContext, report: &ObjectReport, finding: Option<&Finding>) -> IdParts {
    let mut parts = object_parts(context, report);
    add_detected(&mut parts, finding);
    parts
}

fn object_parts(context: &RunContext, report: &ObjectReport) -> IdParts {
    let mut parts = IdParts::default();
    parts.add(&[Text(context.bucket_of(&report.object))]);
    parts.add(&[Text(&report.object.key)]);
    parts
}

/// Adds what tells the detections of a finding from others.
fn add_detected(parts: &mut IdParts, finding: Option<&Finding>) {
    for detection in finding.map_or(&[][..], |finding| finding.detections.as_slice()) {
        parts.add(&[Text(&detection.identifier.id)]);
        parts.add(&[Number(detection.occurrences.len() as u64), Text(" of "), Number(detection.count)]);
        for location in &detection.occurrences {
            add_location(parts, location);
        }
    }
}

fn add_location(parts: &mut IdParts, location: &Location) {
    const SPACE: IdPiece<'_> = Text(" ");
    match location {
        Location::Cell { row, column, column_name, sheet } => {
            let (column, name) = (Number((*column).into()), Text(column_name.as_deref().unwrap_or_default()));
            let (joint, sheet) = sheet.as_deref().map_or(("", ""), |sheet| (" in ", sheet));
            parts.add(&[Text("cell "), Number(*row), SPACE, column, SPACE, name, Text(joint), Text(sheet)]);
        }
        Location::Record { index, json_path } => {
            parts.add(&[Text("record "), Number(*index), SPACE, Text(json_path)]);
        }
        Location::Lines { start, end, start_column } => {
            parts.add(&[Text("lines "), Number(*start), SPACE, Number(*end), SPACE, Number(*start_column)]);
        }
        Location::Page { number } => parts.add(&[Text("page "), Number(*number)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    /// The id that follows from one part.
    fn of_part(text: &str) -> String {
        let mut parts = IdParts::default();
        parts.add(&[Text(text)]);
        parts.hex_id("x")
    }

    #[test]
    fn a_location_takes_part_in_ids_as_one_text() {
        let name = |name: &str| Some(Arc::from(name));
        let cell = |column_name, sheet| Location::Cell { row: 10, column: 2, column_name, sheet };
        for (location, text) in [
            (cell(name("ssn"), None), "cell 10 2 ssn"),
            (cell(None, None), "cell 10 2 "),
            (cell(name("ssn"), name("")), "cell 10 2 ssn in "),
            (cell(None, name("people")), "cell 10 2  in people"),
            (Location::Record { index: 0, json_path: "$.a".into() }, "record 0 $.a"),
            (Location::Lines { start: 1, end: u64::MAX, start_column: 3 }, "lines 1 18446744073709551615 3"),
            (Location::Page { number: 7 }, "page 7"),
        ] {
            let mut parts = IdParts::default();
            add_location(&mut parts, &location);
            assert_eq!(parts.hex_id("x"), of_part(text), "{text}");
        }
    }
}
