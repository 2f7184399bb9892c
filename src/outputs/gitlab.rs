//! Findings as GitLab's merge requests and pipelines show them: its code quality report and its secret detection report.

use super::context::RunContext;
use super::spot::{Found, name, path, shown_path};
use crate::model::{IdentifierKind, ObjectReport, Reason, Severity};
use serde_json::{Value, json};
use std::io::{self, Write};
use uuid::Uuid;

/// Version of GitLab's schemas of security reports that the report follows.
const SCHEMA: &str = "15.2.1";

/// Writes GitLab's code quality report: one entry an identifier and object, in the subset of Code Climate's format that GitLab reads.
pub(super) fn write_code_quality(out: &mut dyn Write, reports: &[&ObjectReport]) -> io::Result<()> {
    let entries: Vec<Value> = Found::all(reports)
        .map(|found| {
            let Found { report, detection, .. } = found;
            json!({
                "description": found.sentence(),
                "check_name": name(detection),
                "fingerprint": found.fingerprint(),
                "severity": match detection.severity {
                    Severity::High => "critical",
                    Severity::Medium => "major",
                    Severity::Low => "minor",
                },
                "location": {"path": path(report), "lines": {"begin": found.first_spot().line}},
            })
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &entries)?;
    out.write_all(b"\n")
}

/// Writes GitLab's secret detection report. Objects that could not be fully analysed are messages of the scan.
pub(super) fn write_secret_detection(
    out: &mut dyn Write,
    context: &RunContext,
    reports: &[&ObjectReport],
) -> io::Result<()> {
    let time = context.created_at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let tool = json!({
        "id": "lakegate",
        "name": "lakegate",
        "url": env!("CARGO_PKG_REPOSITORY"),
        "vendor": {"name": "lakegate"},
        "version": env!("CARGO_PKG_VERSION"),
    });
    let report = json!({
        "version": SCHEMA,
        "scan": {
            "analyzer": &tool,
            "scanner": &tool,
            "type": "secret_detection",
            "start_time": &time,
            "end_time": &time,
            "status": "success",
            "messages": reports.iter().filter_map(|report| message(report)).collect::<Vec<_>>(),
        },
        "vulnerabilities":
            Found::all(reports).map(vulnerability).collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut *out, &report)?;
    out.write_all(b"\n")
}

fn vulnerability(found: Found<'_>) -> Value {
    let Found { report, member, detection, .. } = found;
    let identifier = &detection.identifier;
    let seed = format!("urn:lakegate:vulnerability:{}:{}", shown_path(report, member), identifier.id);
    let kind = if identifier.kind == IdentifierKind::Managed { "managed" } else { "custom" };
    json!({
        "id": Uuid::new_v5(&Uuid::NAMESPACE_URL, seed.as_bytes()).to_string(),
        "name": name(detection),
        "description": found.sentence(),
        "severity": detection.severity.as_str(),
        // GitLab asks for a commit; seven zeros stand for a scan of files that are in none.
        "location": {
            "file": path(report),
            "start_line": found.first_spot().line,
            "commit": {"sha": "0000000"},
        },
        "identifiers": [{
            "type": format!("lakegate_{kind}_identifier"),
            "name": format!("lakegate {kind} identifier {}", name(detection)),
            "value": identifier.id,
        }],
    })
}

fn message(report: &ObjectReport) -> Option<Value> {
    let coverage = &report.coverage;
    if !coverage.incomplete() {
        return None;
    }
    let reason = coverage.reason.map(Reason::as_str).unwrap_or_default();
    let separator = if coverage.detail.is_empty() { "" } else { ": " };
    let (status, detail) = (coverage.status.as_str(), &coverage.detail);
    let value = format!("{} was not fully analysed: {status}, {reason}{separator}{detail}", path(report));
    Some(json!({"level": "warn", "value": value}))
}
