//! Stored sensitive data discovery results: one record an object, also for objects in which nothing was found and for
//! those that could not be analysed. Each file inside an object has one more: the object's counts, that of the file inside
//! also locates.
//!
//! Macie's stored records differ from its API: integers are strings, times have second precision, members without a
//! value are missing instead of null, every detection has all four arrays of places, and apostrophes are escaped.

use super::cell_reference::cell_reference;
use super::context::RunContext;
use super::identity::{member_id, result_id, results_location};
use super::json_path::within_limits;
use super::stamp::{Precision, Stamp};
use super::wording;
use crate::model::{self, Finding, IdentifierKind, Location, Member, ObjectReport, extension_of};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes the record of an object as one line, and that of each file inside it as another.
pub(super) fn write_lines(out: &mut dyn Write, context: &RunContext, report: &ObjectReport) -> io::Result<()> {
    // The full record of what was analysed: a baseline takes nothing away from it.
    let whole = report.finding.as_ref().map(Finding::whole);
    write_line(out, &record(context, report, None, whole.as_deref()))?;
    report.members.iter().try_for_each(|member| {
        let whole = member.finding.as_deref().map(Finding::whole);
        write_line(out, &record(context, report, Some(member), whole.as_deref()))
    })
}

fn write_line(out: &mut dyn Write, record: &Record<'_>) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, EscapedApostrophes);
    record.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// Compact JSON with apostrophes as `\u0027`, as in Macie's stored records.
struct EscapedApostrophes;

impl serde_json::ser::Formatter for EscapedApostrophes {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for (index, piece) in fragment.split('\'').enumerate() {
            if index > 0 {
                writer.write_all(b"\\u0027")?;
            }
            writer.write_all(piece.as_bytes())?;
        }
        Ok(())
    }
}

/// An integer that is written as a string.
struct Digits(u64);

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// What only a record with a finding has is optional.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    schema_version: &'static str,
    id: String,
    account_id: &'a str,
    partition: &'static str,
    region: &'a str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    finding_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<Severity>,
    created_at: Stamp,
    resources_affected: ResourcesAffected<'a>,
    category: &'static str,
    classification_details: ClassificationDetails<'a>,
}

#[derive(Serialize)]
struct Severity {
    score: Digits,
    description: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResourcesAffected<'a> {
    s3_bucket: Bucket<'a>,
    s3_object: Object<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bucket<'a> {
    arn: String,
    name: &'a str,
    tags: [(); 0],
    default_server_side_encryption: Encryption,
}

/// Without an entity tag, for the reason that the API form of a finding gives.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    bucket_arn: String,
    key: &'a str,
    path: String,
    extension: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified: Option<Stamp>,
    server_side_encryption: Encryption,
    size: Digits,
    storage_class: &'static str,
    tags: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    embedded_file_details: Option<EmbeddedFile<'a>>,
    public_access: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names are Macie's")]
struct EmbeddedFile<'a> {
    file_path: &'a str,
    file_extension: String,
    file_size: Digits,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_last_modified: Option<Stamp>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Encryption {
    encryption_type: &'static str,
}

impl Encryption {
    const NONE: Self = Self { encryption_type: "NONE" };
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClassificationDetails<'a> {
    job_arn: String,
    result: ClassificationResult<'a>,
    detailed_results_location: String,
    job_id: &'a str,
    origin_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClassificationResult<'a> {
    status: Status,
    size_classified: Digits,
    #[serde(skip_serializing_if = "str::is_empty")]
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sensitive_data: Vec<CategoryGroup<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_data_identifiers: Option<CustomDataIdentifiers<'a>>,
}

#[derive(Serialize)]
struct Status {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CategoryGroup<'a> {
    #[serde(rename = "category")]
    name: &'static str,
    total_count: Digits,
    detections: Vec<Detection<'a>>,
}

#[derive(Serialize)]
struct Detection<'a> {
    #[serde(rename = "type")]
    identifier: &'a str,
    count: Digits,
    occurrences: Occurrences<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomDataIdentifiers<'a> {
    total_count: Digits,
    detections: Vec<CustomDetection<'a>>,
}

#[derive(Serialize)]
struct CustomDetection<'a> {
    arn: &'a str,
    name: &'a str,
    count: Digits,
    occurrences: Occurrences<'a>,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Occurrences<'a> {
    line_ranges: Vec<Range>,
    pages: Vec<Page>,
    records: Vec<RecordPlace<'a>>,
    cells: Vec<Cell<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Range {
    start: Digits,
    end: Digits,
    start_column: Digits,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    page_number: Digits,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordPlace<'a> {
    record_index: Digits,
    #[serde(skip_serializing_if = "str::is_empty")]
    json_path: Cow<'a, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names are Macie's")]
struct Cell<'a> {
    row: Digits,
    column: Digits,
    #[serde(skip_serializing_if = "Option::is_none")]
    column_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell_reference: Option<String>,
}

/// The record of the object, or of the file inside it.
fn record<'a>(
    context: &'a RunContext,
    report: &'a ObjectReport,
    member: Option<&'a Member>,
    finding: Option<&'a Finding>,
) -> Record<'a> {
    let finding_type = finding.map(|finding| finding.finding_type);
    Record {
        schema_version: "1.0",
        id: member.map_or_else(|| result_id(context, report), |member| member_id(context, report, member)),
        account_id: context.account_of(&report.object),
        partition: context.partition(),
        region: &context.region,
        finding_type: finding_type.map(model::FindingType::as_str),
        title: finding_type.map(wording::title),
        description: finding_type.map(wording::description),
        severity: finding.map(|finding| Severity {
            score: Digits(finding.severity.score().into()),
            description: finding.severity.as_str(),
        }),
        created_at: Stamp::new(context.created_at, Precision::Seconds),
        resources_affected: resources(context, report, member),
        category: "CLASSIFICATION",
        classification_details: ClassificationDetails {
            job_arn: context.job_arn(),
            result: match member {
                Some(member) => result(finding, &member.coverage, member.size, &member.mime_type),
                None => result(finding, &report.coverage, report.size_classified, &report.mime_type),
            },
            detailed_results_location: results_location(context, report),
            job_id: &context.job_id,
            origin_type: "SENSITIVE_DATA_DISCOVERY_JOB",
        },
    }
}

fn resources<'a>(
    context: &'a RunContext,
    report: &'a ObjectReport,
    member: Option<&'a Member>,
) -> ResourcesAffected<'a> {
    ResourcesAffected {
        s3_bucket: Bucket {
            arn: context.bucket_arn(&report.object),
            name: context.bucket_of(&report.object),
            tags: [],
            default_server_side_encryption: Encryption::NONE,
        },
        s3_object: Object {
            bucket_arn: context.bucket_arn(&report.object),
            key: &report.object.key,
            path: format!("{}/{}", context.bucket_of(&report.object), report.object.key),
            extension: report.object.extension(),
            last_modified: Stamp::from_second(report.object.modified, Precision::Seconds),
            server_side_encryption: Encryption::NONE,
            size: Digits(report.object.size),
            storage_class: "STANDARD",
            tags: [],
            embedded_file_details: member.map(|member| EmbeddedFile {
                file_path: &member.path,
                file_extension: extension_of(&member.path),
                file_size: Digits(member.size),
                file_last_modified: Stamp::from_second(member.modified, Precision::Seconds),
            }),
            public_access: false,
        },
    }
}

fn result<'a>(
    finding: Option<&'a model::Finding>,
    coverage: &model::Coverage,
    size: u64,
    mime_type: &'a str,
) -> ClassificationResult<'a> {
    let detections = || finding.into_iter().flat_map(|finding| &finding.detections);
    let (custom, managed): (Vec<_>, Vec<_>) =
        detections().partition(|detection| detection.identifier.kind == IdentifierKind::Custom);
    let total = |detections: &[&model::Detection]| Digits(detections.iter().map(|detection| detection.count).sum());
    ClassificationResult {
        status: Status { code: coverage.status.as_str(), reason: coverage.reason.map(model::Reason::as_str) },
        size_classified: Digits(size),
        mime_type,
        // Detections are sorted by category.
        sensitive_data: managed
            .chunk_by(|left, right| left.identifier.category == right.identifier.category)
            .map(|group| CategoryGroup {
                name: group[0].identifier.category.as_str(),
                total_count: total(group),
                detections: group
                    .iter()
                    .map(|detection| Detection {
                        identifier: &detection.identifier.id,
                        count: Digits(detection.count),
                        occurrences: occurrences(&detection.occurrences),
                    })
                    .collect(),
            })
            .collect(),
        custom_data_identifiers: (!custom.is_empty()).then(|| CustomDataIdentifiers {
            total_count: total(&custom),
            detections: custom
                .iter()
                .map(|detection| CustomDetection {
                    arn: &detection.identifier.id,
                    name: &detection.identifier.name,
                    count: Digits(detection.count),
                    occurrences: occurrences(&detection.occurrences),
                })
                .collect(),
        }),
    }
}

fn occurrences(locations: &[Location]) -> Occurrences<'_> {
    let mut occurrences = Occurrences::default();
    for location in locations {
        match location {
            Location::Lines { start, end, start_column } => occurrences.line_ranges.push(Range {
                start: Digits(*start),
                end: Digits(*end),
                start_column: Digits(*start_column),
            }),
            Location::Record { index, json_path } => occurrences
                .records
                .push(RecordPlace { record_index: Digits(*index), json_path: within_limits(json_path) }),
            Location::Page { number } => occurrences.pages.push(Page { page_number: Digits(*number) }),
            Location::Cell { row, column, column_name, sheet } => occurrences.cells.push(Cell {
                row: Digits(*row),
                column: Digits((*column).into()),
                column_name: column_name.as_deref(),
                cell_reference: sheet.as_deref().map(|sheet| cell_reference(sheet, *column, *row)),
            }),
        }
    }
    occurrences
}
