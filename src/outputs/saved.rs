//! Stored discovery results read back, for reports on scans of earlier: lakegate's own, and those that Macie stores in a bucket.
//!
//! They hold less than a scan knows: no share of values that a column was hit in, no severity of single detections of custom
//! identifiers (that of the finding is taken), and of what was not analysed a code instead of a sentence.

mod record;

use super::context::RunContext;
use crate::findings::SeverityRule;
use crate::identifiers::builtin;
use crate::model::{
    Bucket, Category, ColumnCount, Coverage, Detection, Finding, FindingType, IdentifierKind, IdentifierRef, Ignored,
    Location, Member, ObjectInfo, ObjectReport, Reason, Severity, Status,
};
use jiff::Timestamp;
use record::{Occurrences, Record};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::sync::Arc;

/// Why stored results cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SavedError {
    /// Their bytes cannot be read.
    #[error("line {line}: {source}")]
    Unreadable {
        /// 1-based line.
        line: usize,
        /// What stopped it.
        source: io::Error,
    },
    /// A line is no stored result.
    #[error(
        "line {line}, column {column}: no stored discovery result: {problem}; write them with `lakegate scan --format results`"
    )]
    NotAResult {
        /// 1-based line.
        line: usize,
        /// 1-based column.
        column: usize,
        /// What is wrong, without any of the content.
        problem: String,
    },
    /// There is no line.
    #[error("there are no stored discovery results in it")]
    Empty,
}

/// Reads stored results, one a line: when and as what they were made, and the reports of their objects.
pub fn read(input: impl BufRead) -> Result<(RunContext, Vec<ObjectReport>), SavedError> {
    let mut context: Option<RunContext> = None;
    let mut reports: Vec<ObjectReport> = Vec::new();
    for (line, text) in (1..).zip(input.lines()) {
        let text = text.map_err(|source| SavedError::Unreadable { line, source })?;
        if text.trim().is_empty() {
            continue;
        }
        let record: Record = serde_json::from_str(&text).map_err(|error| {
            let problem = if error.is_data() { "a member is missing or of another type" } else { "the JSON is broken" };
            SavedError::NotAResult { line, column: error.column(), problem: problem.to_owned() }
        })?;
        let created_at: Timestamp = record.created_at.parse().map_err(|_| SavedError::NotAResult {
            line,
            column: 1,
            problem: "createdAt is no point in time".to_owned(),
        })?;
        let bucket = &record.resources_affected.s3_bucket.name;
        let context = context.get_or_insert_with(|| RunContext {
            account_id: record.account_id.clone(),
            region: record.region.clone(),
            bucket: bucket.clone(),
            created_at,
            job_id: record.classification_details.job_id.clone(),
        });
        let of_run = *bucket == context.bucket && record.account_id == context.account_id;
        let other = Bucket { name: bucket.clone(), account_id: record.account_id.clone() };
        add(&mut reports, record, (!of_run).then(|| Arc::new(other)));
    }
    Ok((context.ok_or(SavedError::Empty)?, reports))
}

/// Adds a record: of an object, or of a file inside the object before it.
fn add(reports: &mut Vec<ObjectReport>, record: Record, bucket: Option<Arc<Bucket>>) {
    let object = record.resources_affected.s3_object;
    let result = record.classification_details.result;
    let severity = record.severity.map(|severity| severity.description);
    let coverage = coverage(&result.status.code, result.status.reason.as_deref());
    let finding =
        finding(result.sensitive_data, result.custom_data_identifiers.unwrap_or_default().detections, severity);
    let Some(inside) = object.embedded_file_details else {
        let key = object.key;
        reports.push(ObjectReport {
            object: ObjectInfo {
                key,
                path: None,
                size: object.size,
                modified: seconds(object.last_modified.as_deref()),
                bucket,
            },
            mime_type: result.mime_type,
            members: Vec::new(),
            size_classified: result.size_classified,
            coverage,
            finding,
            ignored: Ignored::default(),
        });
        return;
    };
    let member = Member {
        path: inside.file_path,
        mime_type: Cow::Owned(result.mime_type),
        size: inside.file_size,
        modified: seconds(inside.file_last_modified.as_deref()),
        coverage,
        finding: finding.map(Box::new),
    };
    // Macie's results may name files inside without the object that holds them.
    if reports.last().is_none_or(|report| report.object.key != object.key || report.object.bucket != bucket) {
        reports.push(ObjectReport {
            object: ObjectInfo { key: object.key, path: None, size: object.size, modified: None, bucket },
            mime_type: String::new(),
            members: Vec::new(),
            size_classified: 0,
            coverage: Coverage::complete(),
            finding: member.finding.as_deref().cloned(),
            ignored: Ignored::default(),
        });
    }
    if let Some(report) = reports.last_mut() {
        report.members.push(member);
    }
}

fn seconds(stamp: Option<&str>) -> Option<i64> {
    Some(stamp?.parse::<Timestamp>().ok()?.as_second())
}

fn coverage(code: &str, reason: Option<&str>) -> Coverage {
    let known = reason.and_then(Reason::from_code);
    let detail = match (reason, known) {
        (Some(code), None) => format!("not analysed as a whole, for the reason {code}"),
        _ => String::new(),
    };
    match code {
        "COMPLETE" => Coverage::complete(),
        "SKIPPED" => Coverage { status: Status::Skipped, reason: known.or(Some(Reason::UnableToParseFile)), detail },
        _ => Coverage { status: Status::Partial, reason: known.or(Some(Reason::UnableToParseFile)), detail },
    }
}

fn finding(
    groups: Vec<record::Group>,
    custom: Vec<record::CustomDetection>,
    severity: Option<Severity>,
) -> Option<Finding> {
    let managed = groups.into_iter().flat_map(|group| {
        let category = group.category;
        group.detections.into_iter().map(move |detection| {
            let definition = builtin::managed().iter().find(|definition| *definition.id == *detection.identifier);
            let rule = definition.map(|definition| SeverityRule::Managed(definition.severity));
            let name =
                definition.map_or_else(|| detection.identifier.clone(), |known| known.sensitive_data_type.to_string());
            let severity =
                rule.and_then(|rule| rule.severity(detection.count)).or(severity).unwrap_or(Severity::Medium);
            let kind = IdentifierKind::Managed;
            let reference = IdentifierRef { kind, id: detection.identifier, name, category };
            of(reference, detection.count, detection.occurrences, severity)
        })
    });
    let custom = custom.into_iter().map(|detection| {
        let (kind, category) = (IdentifierKind::Custom, Category::CustomIdentifier);
        let reference = IdentifierRef { kind, id: detection.arn, name: detection.name, category };
        of(reference, detection.count, detection.occurrences, severity.unwrap_or(Severity::Medium))
    });
    let detections: Vec<Detection> = managed.chain(custom).collect();
    let finding_type = FindingType::of(detections.iter().map(|detection| detection.identifier.category))?;
    let highest = detections.iter().map(|detection| detection.severity).max();
    Some(Finding { finding_type, severity: severity.or(highest)?, detections, accepted: Vec::new(), archived: false })
}

fn of(identifier: IdentifierRef, count: u64, occurrences: Occurrences, severity: Severity) -> Detection {
    let occurrences = occurrences.into_locations();
    // The counts of columns are only known where every occurrence is located.
    let all = occurrences.len() as u64 == count;
    let mut columns: BTreeMap<u32, ColumnCount> = BTreeMap::new();
    for location in occurrences.iter().filter(|_| all) {
        if let Location::Cell { column, column_name, .. } = location {
            let counted = columns.entry(*column).or_insert_with(|| ColumnCount {
                column: *column,
                name: column_name.clone(),
                count: 0,
                non_empty: 0,
            });
            counted.count += 1;
        }
    }
    Detection {
        identifier: Arc::new(identifier),
        count,
        occurrences,
        severity,
        columns: columns.into_values().collect(),
    }
}
