//! Findings in the form that Macie's `GetFindings` operation returns (`macie2` API of 2020-01-01).

use super::context::RunContext;
use super::identity::finding_id_and_location;
use super::stamp::{Precision, Stamp};
use super::wire::{
    Bucket, CategoryGroup, ClassificationDetails, ClassificationResult, CustomDataIdentifiers, CustomDetection,
    Detection, Encryption, Finding, Object, Occurrences, ResourcesAffected, Severity, Status,
};
use super::wording;
use crate::findings::share;
use crate::model::{self, IdentifierKind, ObjectReport};

/// How the two forms that carry a whole finding differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The API's: milliseconds, id without dashes.
    Api,
    /// An event's detail: seconds, id in the dashed form of a UUID.
    Event,
}

/// The finding of an object in Macie's JSON, or `None` when nothing was found in it.
pub fn finding(context: &RunContext, report: &ObjectReport) -> Option<serde_json::Value> {
    // Names, numbers and strings only: nothing in a finding can fail to serialise.
    serde_json::to_value(wire(context, report, Form::Api)?).ok()
}

/// The finding of an object, ready to be serialised.
pub(super) fn wire<'a>(context: &'a RunContext, report: &'a ObjectReport, form: Form) -> Option<Finding<'a>> {
    let finding = report.finding.as_ref().filter(|finding| !finding.detections.is_empty())?;
    Some(wire_of(context, report, finding, form))
}

/// What a baseline accepts of an object's finding, as an archived finding; `None` if that is nothing.
pub(super) fn accepted(context: &RunContext, report: &ObjectReport) -> Option<serde_json::Value> {
    let accepted = report.finding.as_ref()?.accepted()?;
    serde_json::to_value(wire_of(context, report, &accepted, Form::Api)).ok()
}

fn wire_of<'a>(
    context: &'a RunContext,
    report: &'a ObjectReport,
    finding: &'a model::Finding,
    form: Form,
) -> Finding<'a> {
    let (id, detailed_results_location) = finding_id_and_location(context, report, finding);
    let (id, precision) = match form {
        Form::Api => (id, Precision::Milliseconds),
        Form::Event => (dashed(&id), Precision::Seconds),
    };
    let created_at = Stamp::new(context.created_at, precision);
    Finding {
        account_id: context.account_of(&report.object),
        archived: finding.archived,
        category: "CLASSIFICATION",
        classification_details: ClassificationDetails {
            detailed_results_location,
            job_arn: context.job_arn(),
            job_id: &context.job_id,
            origin_type: "SENSITIVE_DATA_DISCOVERY_JOB",
            result: result(report, finding),
        },
        count: 1,
        created_at,
        description: wording::description(finding.finding_type),
        id,
        partition: context.partition(),
        policy_details: (),
        region: &context.region,
        resources_affected: resources(context, report, precision),
        sample: false,
        schema_version: "1.0",
        severity: Severity { description: finding.severity.as_str(), score: finding.severity.score() },
        title: wording::title(finding.finding_type),
        kind: finding.finding_type.as_str(),
        updated_at: created_at,
    }
}

fn result<'a>(report: &'a ObjectReport, finding: &'a model::Finding) -> ClassificationResult<'a> {
    let shares = share(&finding.detections);
    let counted: u64 = finding.detections.iter().map(|detection| detection.count).sum();
    let located: usize = shares.iter().sum();
    let mut sensitive_data: Vec<CategoryGroup<'a>> = Vec::new();
    let mut custom = CustomDataIdentifiers { detections: Vec::new(), total_count: 0 };
    for (detection, share) in finding.detections.iter().zip(shares) {
        let identifier = &*detection.identifier;
        let occurrences = Occurrences::of(&detection.occurrences[..share]);
        let count = detection.count;
        if identifier.kind == IdentifierKind::Custom {
            custom.total_count += count;
            custom.detections.push(CustomDetection { arn: &identifier.id, count, name: &identifier.name, occurrences });
            continue;
        }
        let category = identifier.category.as_str();
        // Detections are sorted by category.
        if sensitive_data.last().is_none_or(|last| last.name != category) {
            sensitive_data.push(CategoryGroup { name: category, detections: Vec::new(), total_count: 0 });
        }
        if let Some(group) = sensitive_data.last_mut() {
            group.total_count += count;
            group.detections.push(Detection { count, occurrences, identifier: &identifier.id });
        }
    }
    ClassificationResult {
        additional_occurrences: counted > located as u64,
        custom_data_identifiers: custom,
        mime_type: &report.mime_type,
        sensitive_data,
        size_classified: report.size_classified,
        status: Status {
            code: report.coverage.status.as_str(),
            reason: report.coverage.reason.map(model::Reason::as_str),
        },
    }
}

fn resources<'a>(context: &'a RunContext, report: &'a ObjectReport, precision: Precision) -> ResourcesAffected<'a> {
    let encryption = Encryption { encryption_type: "NONE", kms_master_key_id: () };
    ResourcesAffected {
        s3_bucket: Bucket {
            arn: context.bucket_arn(&report.object),
            created_at: (),
            default_server_side_encryption: encryption,
            name: context.bucket_of(&report.object),
            tags: [],
        },
        s3_object: Object {
            bucket_arn: context.bucket_arn(&report.object),
            e_tag: (),
            extension: report.object.extension(),
            key: &report.object.key,
            last_modified: Stamp::from_second(report.object.modified, precision),
            path: format!("{}/{}", context.bucket_of(&report.object), report.object.key),
            public_access: false,
            server_side_encryption: encryption,
            size: report.object.size,
            storage_class: "STANDARD",
            tags: [],
            version_id: "",
        },
    }
}

/// The same 32 digits in groups of 8, 4, 4, 4 and 12.
fn dashed(id: &str) -> String {
    [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-")
}
