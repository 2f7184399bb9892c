//! Ids of findings and of what belongs to them. They follow from what was found where, so scanning the same data again
//! gives the same ids. No value takes part: the hash of a short value is as good as the value.

use super::context::{IdParts, RunContext};
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
    parts.add(format_args!("{}", member.path));
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
    parts.add(format_args!("{}", context.bucket_of(&report.object)));
    parts.add(format_args!("{}", report.object.key));
    parts
}

/// Adds what tells the detections of a finding from others.
fn add_detected(parts: &mut IdParts, finding: Option<&Finding>) {
    for detection in finding.map_or(&[][..], |finding| finding.detections.as_slice()) {
        parts.add(format_args!("{}", detection.identifier.id));
        parts.add(format_args!("{} of {}", detection.occurrences.len(), detection.count));
        for location in &detection.occurrences {
            match location {
                Location::Cell { row, column, column_name, sheet } => {
                    let name = column_name.as_deref().unwrap_or_default();
                    match sheet {
                        None => parts.add(format_args!("cell {row} {column} {name}")),
                        Some(sheet) => parts.add(format_args!("cell {row} {column} {name} in {sheet}")),
                    }
                }
                Location::Record { index, json_path } => parts.add(format_args!("record {index} {json_path}")),
                Location::Lines { start, end, start_column } => {
                    parts.add(format_args!("lines {start} {end} {start_column}"));
                }
                Location::Page { number } => parts.add(format_args!("page {number}")),
            }
        }
    }
}
