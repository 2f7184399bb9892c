//! Findings as Macie publishes them to AWS Security Hub: the request of `BatchImportFindings` in the AWS Security Finding Format (ASFF).
//!
//! Security Hub takes no null and no empty text, so what is unknown is left out.

use super::context::RunContext;
use super::macie::{self, Form};
use super::stamp::{Precision, Stamp};
use crate::model::{FindingType, ObjectReport, Severity};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Writes one finding after the other as `{"Findings": [...]}`.
pub(super) fn write(out: &mut dyn Write, context: &RunContext, reports: &[&ObjectReport]) -> io::Result<()> {
    let findings: Vec<Value> = reports.iter().filter_map(|report| finding(context, report)).collect();
    serde_json::to_writer_pretty(&mut *out, &json!({"Findings": findings}))?;
    out.write_all(b"\n")
}

fn finding(context: &RunContext, report: &ObjectReport) -> Option<Value> {
    let found = report.active()?;
    let native = serde_json::to_value(macie::wire(context, report, Form::Api)?).ok()?;
    let product = format!("arn:{}:securityhub:{}::product/aws/macie", context.partition(), context.region);
    let severity = json!({"Label": label(found.severity), "Normalized": normalized(found.severity)});
    let types = json!([type_of(found.finding_type)]);
    Some(json!({
        "SchemaVersion": "2018-10-08",
        "Id": native["id"],
        "ProductArn": product,
        "ProductName": "Macie",
        "CompanyName": "Amazon",
        "Region": context.region,
        "GeneratorId": "aws/macie",
        "AwsAccountId": context.account_of(&report.object),
        "Types": types,
        "CreatedAt": native["createdAt"],
        "UpdatedAt": native["updatedAt"],
        "Severity": severity,
        "Title": native["title"],
        "Description": native["description"],
        "ProductFields": fields(context, report),
        "Resources": [bucket(context, report), object(context, report, &native)],
        "WorkflowState": "NEW",
        "Workflow": {"Status": "NEW"},
        "RecordState": "ACTIVE",
        "FindingProviderFields": {"Severity": {"Label": label(found.severity)}, "Types": types},
        "Sample": false,
    }))
}

fn label(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "HIGH",
        Severity::Medium => "MEDIUM",
        Severity::Low => "LOW",
    }
}

/// The number that Security Hub derives from a label.
fn normalized(severity: Severity) -> u8 {
    match severity {
        Severity::High => 70,
        Severity::Medium => 40,
        Severity::Low => 1,
    }
}

/// Namespace, category and classifier of ASFF's taxonomy, as Macie fills them in.
fn type_of(kind: FindingType) -> String {
    let category = match kind {
        FindingType::Credentials => "Passwords",
        FindingType::Financial => "Financial",
        FindingType::Personal | FindingType::Multiple | FindingType::CustomIdentifier => "PII",
    };
    format!("Sensitive Data Identifications/{category}/SensitiveData:S3Object-{}", kind.short())
}

fn fields(context: &RunContext, report: &ObjectReport) -> Value {
    let extension = report.object.extension();
    let mut fields = json!({
        "JobArn": context.job_arn(),
        "JobId": context.job_id,
        "OriginType": "SENSITIVE_DATA_DISCOVERY_JOB",
        "S3Object.Path": format!("{}/{}", context.bucket_of(&report.object), report.object.key),
        "S3Object.PublicAccess": "false",
        "S3Object.Size": report.object.size.to_string(),
        "S3Object.StorageClass": "STANDARD",
    });
    if !extension.is_empty() {
        fields["S3Object.Extension"] = extension.into();
    }
    fields
}

fn bucket(context: &RunContext, report: &ObjectReport) -> Value {
    json!({
        "Type": "AwsS3Bucket",
        "Id": context.bucket_arn(&report.object),
        "Partition": context.partition(),
        "Region": context.region,
    })
}

fn object(context: &RunContext, report: &ObjectReport, native: &Value) -> Value {
    let mut object = json!({
        "Type": "AwsS3Object",
        "Id": format!("{}/{}", context.bucket_arn(&report.object), report.object.key),
        "Partition": context.partition(),
        "Region": context.region,
        "DataClassification": {
            "DetailedResultsLocation": native["classificationDetails"]["detailedResultsLocation"],
            "Result": capitalised(&native["classificationDetails"]["result"]).unwrap_or_default(),
        },
    });
    if let Some(modified) = Stamp::from_second(report.object.modified, Precision::Milliseconds) {
        object["Details"] = json!({"AwsS3Object": {"LastModified": modified}});
    }
    object
}

/// A value of Macie's API as ASFF spells it: member names start with a capital letter; nulls and empty texts are left out.
fn capitalised(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::Array(items) => Some(items.iter().filter_map(capitalised).collect()),
        Value::Object(members) => {
            let members = members.iter().filter_map(|(name, value)| {
                let (first, rest) = name.split_at_checked(1)?;
                Some((first.to_uppercase() + rest, capitalised(value)?))
            });
            Some(Value::Object(members.collect::<Map<_, _>>()))
        }
        _ => Some(value.clone()),
    }
}
