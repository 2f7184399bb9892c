//! Findings as a SARIF log: Static Analysis Results Interchange Format (SARIF) Version 2.1.0, an OASIS standard.
//!
//! One result is one identifier in one object; its fingerprint names the two and nothing that moves, so a viewer knows it again
//! after lines have come and gone. Objects that could not be analysed are notifications of the run.

use super::context::RunContext;
use super::spot::{Found, Spot, name, path};
use super::stamp::{Precision, Stamp};
use crate::model::{Detection, Location, Member, ObjectReport, Reason, Severity, Status};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

/// Further places of a result beside its first.
const RELATED: usize = 14;

/// What a segment of a path may hold unescaped (RFC 3986, section 3.3), and the slash between segments.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Writes the log of one run.
pub(super) fn write(out: &mut dyn Write, context: &RunContext, reports: &[&ObjectReport]) -> io::Result<()> {
    let rules = Rules::of(reports);
    let results: Vec<Value> = Found::all(reports).map(|found| result(&rules, found)).collect();
    let notifications: Vec<Value> = reports.iter().filter_map(|report| notification(report)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "lakegate",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.described(),
            }},
            "invocations": [{
                "executionSuccessful": true,
                "startTimeUtc": Stamp::new(context.created_at, Precision::Milliseconds),
                "toolExecutionNotifications": notifications,
            }],
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The folder in which lakegate ran."}}},
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

/// The identifiers that found something, by id.
struct Rules<'r>(BTreeMap<&'r str, (&'r Detection, Severity)>);

impl<'r> Rules<'r> {
    fn of(reports: &'r [&'r ObjectReport]) -> Self {
        let mut rules: BTreeMap<&str, (&Detection, Severity)> = BTreeMap::new();
        for Found { detection, .. } in Found::all(reports) {
            let rule = rules.entry(&detection.identifier.id).or_insert((detection, detection.severity));
            rule.1 = rule.1.max(detection.severity);
        }
        Self(rules)
    }

    fn index(&self, id: &str) -> usize {
        self.0.range(..id).count()
    }

    fn described(&self) -> Vec<Value> {
        self.0.iter().map(|(id, (detection, severity))| rule(id, detection, *severity)).collect()
    }
}

fn rule(id: &str, detection: &Detection, severity: Severity) -> Value {
    let identifier = &detection.identifier;
    json!({
        "id": id,
        "name": name(detection),
        "shortDescription": {"text": identifier.name},
        "fullDescription": {"text": format!("Sensitive data in the words of Amazon Macie: {}.", identifier.name)},
        "help": {"text": "Mask or drop the named columns or values, move the file away, or accept what is known with an allow list \
            or a baseline. `lakegate identifiers show ID` tells what triggers a managed identifier."},
        "defaultConfiguration": {"level": level(severity)},
        "properties": {
            "tags": ["security", "sensitive-data", identifier.category.as_str()],
            "security-severity": security_severity(severity),
        },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// A number that code scanning of GitHub turns into its own high (7.0 to 8.9), medium (4.0 to 6.9) and low.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "8.0",
        Severity::Medium => "5.0",
        Severity::Low => "2.0",
    }
}

fn result(rules: &Rules<'_>, found: Found<'_>) -> Value {
    let Found { report, member, detection, .. } = found;
    let id = &*detection.identifier.id;
    let mut places = detection.occurrences.iter().map(|occurrence| location(report, member, Some(occurrence)));
    let first = places.next().unwrap_or_else(|| location(report, member, None));
    let mut result = json!({
        "ruleId": id,
        "ruleIndex": rules.index(id),
        "level": level(detection.severity),
        "message": {"text": found.sentence()},
        "locations": [first],
        "partialFingerprints": {"objectAndIdentifier/v1": found.fingerprint()},
        "properties": {"count": detection.count, "severity": detection.severity.as_str()},
    });
    let related: Vec<Value> = places
        .take(RELATED)
        .zip(1..)
        .map(|(mut place, id)| {
            place["id"] = Value::from(id);
            place
        })
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = Value::from(related);
    }
    result
}

fn location(report: &ObjectReport, member: Option<&Member>, occurrence: Option<&Location>) -> Value {
    let mut physical = json!({"artifactLocation": artifact(report)});
    if let Some(spot) = occurrence.and_then(|occurrence| Spot::of(report, member, occurrence)) {
        let mut region = Map::new();
        region.insert("startLine".into(), spot.line.into());
        if let Some(column) = spot.column {
            region.insert("startColumn".into(), column.into());
        }
        physical["region"] = Value::Object(region);
    }
    let mut place = json!({"physicalLocation": physical});
    if let Some(logical) = occurrence.and_then(logical) {
        place["logicalLocations"] = json!([logical]);
    }
    place
}

/// The column or path of a structured place.
fn logical(occurrence: &Location) -> Option<Value> {
    match occurrence {
        Location::Cell { column, column_name, .. } => {
            let name = column_name.as_deref().filter(|name| !name.is_empty());
            let name = name.map_or_else(|| format!("column {column}"), str::to_owned);
            Some(json!({"name": name, "kind": "member"}))
        }
        Location::Record { json_path, .. } if !json_path.is_empty() => {
            Some(json!({"fullyQualifiedName": &**json_path, "kind": "member"}))
        }
        _ => None,
    }
}

/// A relative path is one below the folder in which the program ran, as viewers of a repository expect.
fn artifact(report: &ObjectReport) -> Value {
    let path = path(report);
    let encoded = utf8_percent_encode(path, PATH);
    if Path::new(path).is_absolute() {
        json!({"uri": format!("file://{encoded}")})
    } else {
        json!({"uri": encoded.to_string(), "uriBaseId": "%SRCROOT%"})
    }
}

fn notification(report: &ObjectReport) -> Option<Value> {
    let coverage = &report.coverage;
    if !coverage.incomplete() {
        return None;
    }
    let extent = if coverage.status == Status::Skipped { "Not analysed" } else { "Only partly analysed" };
    let reason = coverage.reason.map(Reason::as_str).unwrap_or_default();
    let detail = if coverage.detail.is_empty() { "" } else { ": " };
    Some(json!({
        "descriptor": {"id": reason},
        "level": if coverage.status == Status::Skipped { "error" } else { "warning" },
        "message": {"text": format!("{extent}{detail}{}", coverage.detail)},
        "locations": [location(report, None, None)],
    }))
}
