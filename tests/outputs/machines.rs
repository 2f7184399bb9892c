//! The formats that other tools read, held against their schemas and against what those tools are known to insist on.

use crate::samples::{NAME, SSN, context, fill, member, record, report, reports, tally, written};
use jsonschema::Validator;
use lakegate::model::{Coverage, ObjectReport, Reason};
use lakegate::outputs::Format;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const ALL: [Format; 8] = [
    Format::Sarif,
    Format::Junit,
    Format::GitlabCodeQuality,
    Format::GitlabSecretDetection,
    Format::Github,
    Format::Markdown,
    Format::Csv,
    Format::Asff,
];

fn json(format: Format, reports: &[ObjectReport]) -> Value {
    serde_json::from_str(&written(format, reports)).unwrap()
}

fn assert_valid(schema: &str, value: &Value) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator: Validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let errors: Vec<_> = validator.iter_errors(value).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

/// An object whose names would break out of a format that does not escape them.
fn hostile() -> ObjectReport {
    let mut tally = tally();
    fill(&mut tally, SSN, 1, Some("=cmd|' /C calc'!A0"), 2..=2);
    let mut hostile = report("=a,b\n::error::x|<script>\"&'\u{1b}[2J\u{fffe} 100%.csv", "text/csv", tally);
    hostile.coverage = Coverage::partial(Reason::UnableToParseFile, "From row 5 on | it was <read> as text.");
    hostile
}

#[test]
fn a_sarif_log_follows_the_schema_of_the_standard() {
    let mut all = reports();
    all.push(hostile());
    for reports in [all, Vec::new()] {
        assert_valid(include_str!("../data/sarif-2.1.0.schema.json"), &json(Format::Sarif, &reports));
    }
}

#[test]
fn every_sarif_result_points_to_its_rule_and_place_and_has_a_fingerprint_of_its_own() {
    let log = json(Format::Sarif, &reports());
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    let detections: usize = reports().iter().filter_map(|r| r.finding.as_ref()).map(|f| f.detections.len()).sum();
    assert_eq!(results.len(), detections);
    let mut fingerprints = BTreeSet::new();
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(result["message"]["text"].as_str().unwrap().contains("occurrence"));
        assert!(fingerprints.insert(result["partialFingerprints"].to_string()), "{result}");
    }
    let patients: Vec<&Value> = results.iter().filter(|result| uri(result) == "csv/patients.csv").collect();
    let ssn = patients.iter().find(|result| result["ruleId"] == "USA_SOCIAL_SECURITY_NUMBER").unwrap();
    assert_eq!(ssn["level"], "error");
    assert_eq!(ssn["locations"][0]["physicalLocation"]["region"]["startLine"], 2);
    assert_eq!(ssn["locations"][0]["logicalLocations"][0]["name"], "SSN");
    assert_eq!(ssn["message"]["text"], "Social Security number (SSN), 42 occurrences: SSN (42 of 42)");
}

fn uri(result: &Value) -> &str {
    result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap()
}

#[test]
fn a_fingerprint_stays_when_rows_are_added() {
    let fingerprint = |rows| {
        let mut tally = tally();
        fill(&mut tally, SSN, 4, Some("SSN"), rows);
        let log = json(Format::Sarif, &[report("a.csv", "text/csv", tally)]);
        log["runs"][0]["results"][0]["partialFingerprints"].clone()
    };
    assert_eq!(fingerprint(2..=3), fingerprint(90..=120));
}

/// An archive in which two files hold the same kind of data.
fn archive() -> ObjectReport {
    let table = |rows| {
        let mut table = tally();
        fill(&mut table, SSN, 4, Some("SSN"), rows);
        table
    };
    let (first, second) = (table(2..=3), table(2..=4));
    let mut whole = first.counts();
    whole.merge(second.counts());
    let members = vec![member("in/a.csv", &first), member("in/b.csv", &second)];
    ObjectReport { members, ..report("drop/people.zip", "application/zip", whole) }
}

#[test]
fn files_in_an_archive_are_told_apart_in_every_format() {
    let reports = [archive()];
    let log = json(Format::Sarif, &reports);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let texts: Vec<&str> = results.iter().map(|result| result["message"]["text"].as_str().unwrap()).collect();
    assert_eq!(
        texts,
        [
            "In in/a.csv: Social Security number (SSN), 2 occurrences: SSN (2)",
            "In in/b.csv: Social Security number (SSN), 3 occurrences: SSN (3)"
        ]
    );
    assert_ne!(results[0]["partialFingerprints"], results[1]["partialFingerprints"]);
    assert!(results.iter().all(|result| result["locations"][0]["physicalLocation"].get("region").is_none()));
    let vulnerabilities = json(Format::GitlabSecretDetection, &reports)["vulnerabilities"].clone();
    assert_ne!(vulnerabilities[0]["id"], vulnerabilities[1]["id"]);
    let entries = json(Format::GitlabCodeQuality, &reports);
    assert_ne!(entries[0]["fingerprint"], entries[1]["fingerprint"]);
    for format in [Format::Html, Format::Csv, Format::Markdown] {
        let text = written(format, &reports);
        for name in ["people.zip!/in/a.csv", "people.zip!/in/b.csv"] {
            assert!(text.replace('\\', "").contains(name), "{format:?}: {text}");
        }
    }
    assert!(written(Format::Junit, &reports).contains("In in/b.csv: Social"));
}

#[test]
fn sarif_names_what_was_not_analysed() {
    let log = json(Format::Sarif, &reports());
    let notifications = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    let reasons: Vec<&Value> = notifications.iter().map(|notification| &notification["descriptor"]["id"]).collect();
    assert_eq!(reasons, ["UNABLE_TO_PARSE_FILE", "MALFORMED_FILE"]);
}

#[test]
fn paths_in_sarif_are_uris_below_the_folder_of_the_run_or_absolute() {
    let mut tally = tally();
    fill(&mut tally, SSN, 1, None, 1..=1);
    let mut object = report("x", "text/csv", tally);
    object.object.path = Some("drop/Größe 100%#1.csv".into());
    let place = |object: &ObjectReport| {
        let log = json(Format::Sarif, std::slice::from_ref(object));
        log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"].clone()
    };
    assert_eq!(place(&object)["uri"], "drop/Gr%C3%B6%C3%9Fe%20100%25%231.csv");
    assert_eq!(place(&object)["uriBaseId"], "%SRCROOT%");
    object.object.path = Some("/data/a b.csv".into());
    assert_eq!(place(&object)["uri"], "file:///data/a%20b.csv");
    assert_eq!(place(&object)["uriBaseId"], Value::Null);
}

/// Start tags of an XML text in order: name and attributes.
fn elements(xml: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let read = |start: BytesStart<'_>| {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let value = quick_xml::escape::unescape(&attribute.value).unwrap();
            (attribute.key.as_ref().to_owned(), value.into_owned())
        });
        (start.name().as_ref().to_owned(), attributes.collect())
    };
    let mut reader = Reader::from_str(xml);
    let mut elements = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) => elements.push(read(start)),
            Event::Eof => return elements,
            _ => {}
        }
    }
}

#[test]
fn junit_counts_what_it_lists_one_case_an_object() {
    let mut reports = reports();
    reports.push(hostile());
    let elements = elements(&written(Format::Junit, &reports));
    let count = |name: &str| elements.iter().filter(|(element, _)| element == name).count().to_string();
    let suite = &elements.iter().find(|(name, _)| name == "testsuite").unwrap().1;
    for (total, element) in
        [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
    {
        assert_eq!(suite[total], count(element), "{total}");
    }
    assert_eq!(suite["tests"], reports.len().to_string());
    assert_eq!(suite["timestamp"], "2025-01-02T03:04:05");
}

#[test]
fn gitlab_code_quality_entries_have_the_members_and_severities_that_gitlab_reads() {
    let entries = json(Format::GitlabCodeQuality, &reports());
    let mut fingerprints = BTreeSet::new();
    for entry in entries.as_array().unwrap() {
        for member in ["description", "check_name", "fingerprint"] {
            assert!(entry[member].as_str().is_some_and(|text| !text.is_empty()), "{entry}");
        }
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&entry["severity"].as_str().unwrap()));
        assert!(entry["location"]["path"].is_string());
        assert!(entry["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0));
        assert!(fingerprints.insert(entry["fingerprint"].to_string()), "{entry}");
    }
    assert!(!fingerprints.is_empty());
}

/// What the schema of GitLab's secret detection reports, version 15, demands of the members that are written.
const SECRET_DETECTION: &str = r##"{
  "type": "object", "required": ["scan", "version", "vulnerabilities"], "additionalProperties": false,
  "properties": {
    "version": {"type": "string", "pattern": "^15\\.[0-9]+\\.[0-9]+$"},
    "scan": {
      "type": "object", "additionalProperties": false,
      "required": ["analyzer", "end_time", "scanner", "start_time", "status", "type"],
      "properties": {
        "analyzer": {"$ref": "#/definitions/tool"}, "scanner": {"$ref": "#/definitions/tool"},
        "start_time": {"$ref": "#/definitions/time"}, "end_time": {"$ref": "#/definitions/time"},
        "status": {"enum": ["success", "failure"]}, "type": {"const": "secret_detection"},
        "messages": {"type": "array", "items": {
          "type": "object", "required": ["level", "value"],
          "properties": {"level": {"enum": ["info", "warn", "fatal"]}, "value": {"type": "string", "minLength": 1}}}}
      }
    },
    "vulnerabilities": {"type": "array", "items": {
      "type": "object", "required": ["id", "identifiers", "location"],
      "properties": {
        "id": {"type": "string", "minLength": 1},
        "name": {"type": "string", "maxLength": 255},
        "description": {"type": "string", "maxLength": 1048576},
        "severity": {"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
        "identifiers": {"type": "array", "minItems": 1, "items": {
          "type": "object", "required": ["type", "name", "value"],
          "properties": {"type": {"type": "string", "minLength": 1}, "name": {"type": "string", "minLength": 1},
            "value": {"type": "string", "minLength": 1}}}},
        "location": {"type": "object", "required": ["commit"], "properties": {
          "file": {"type": "string"}, "start_line": {"type": "integer"},
          "commit": {"type": "object", "required": ["sha"], "properties": {"sha": {"type": "string", "minLength": 1}}}}}
      }
    }}
  },
  "definitions": {
    "time": {"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$"},
    "tool": {"type": "object", "required": ["id", "name", "version", "vendor"], "properties": {
      "id": {"type": "string", "minLength": 1}, "name": {"type": "string", "minLength": 1},
      "version": {"type": "string", "minLength": 1},
      "vendor": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "minLength": 1}}}}}
  }
}"##;

#[test]
fn a_gitlab_secret_detection_report_has_what_its_schema_demands() {
    for reports in [reports(), Vec::new()] {
        let report = json(Format::GitlabSecretDetection, &reports);
        assert_valid(SECRET_DETECTION, &report);
        assert_eq!(report["scan"]["messages"].as_array().unwrap().len(), if reports.is_empty() { 0 } else { 2 });
    }
}

#[test]
fn github_annotations_are_one_command_a_line_the_worst_first() {
    let mut reports = reports();
    reports.push(hostile());
    let text = written(Format::Github, &reports);
    let levels: Vec<&str> = text.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert!(levels.iter().all(|level| ["::error", "::warning", "::notice"].contains(level)), "{text}");
    let severity = |level: &&str| ["::notice", "::warning", "::error"].iter().position(|known| known == level);
    let gaps = reports.iter().filter(|report| report.coverage.incomplete()).count();
    assert!(levels[..levels.len() - gaps].is_sorted_by(|a, b| severity(a) >= severity(b)), "{text}");
    assert!(text.contains("::error file=csv/patients.csv,line=2,title=High USA_SOCIAL_SECURITY_NUMBER::"), "{text}");
    assert!(
        text.contains("::warning file=logs/app.jsonl.gz,title=Not fully analysed::SKIPPED, MALFORMED_FILE"),
        "{text}"
    );
}

#[test]
fn markdown_opens_with_the_verdict_and_holds_one_row_an_identifier_and_object() {
    let text = written(Format::Markdown, &[hostile()]);
    assert!(text.starts_with("## lakegate: 1 finding in 1 object: 1 High\n"), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("| High |")).count(), 1, "{text}");
    assert!(!text.contains('\u{1b}') && !text.contains("<script>"), "{text}");
    assert!(written(Format::Markdown, &[]).starts_with("## lakegate: No findings in 0 objects\n"));
}

#[test]
fn csv_lists_every_object_and_no_field_is_a_formula() {
    let mut reports = reports();
    reports.push(hostile());
    let text = written(Format::Csv, &reports);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let keys: BTreeSet<&str> = rows.iter().map(|row| &row[at("key")]).collect();
    assert_eq!(keys.len(), reports.len());
    assert!(rows.iter().flatten().all(|field| !field.starts_with(['=', '+', '-', '@'])), "{text}");
    let maiden = rows.iter().find(|row| &row[at("column_name")] == "MAIDEN").unwrap();
    assert_eq!(
        (&maiden[at("identifier")], &maiden[at("column_count")], &maiden[at("column_values")]),
        ("NAME", "8", "9")
    );
}

#[test]
fn security_hub_accepts_the_findings() {
    let mut reports = reports();
    reports.push(hostile());
    let response = json(Format::Asff, &reports);
    assert_valid(include_str!("../data/asff.schema.json"), &response);
    let findings = response["Findings"].as_array().unwrap();
    assert_eq!(findings.len(), reports.iter().filter(|report| report.finding.is_some()).count());
    let patients =
        findings.iter().find(|finding| finding["ProductFields"]["S3Object.Path"] == "local-synthea/csv/patients.csv");
    let patients = patients.unwrap();
    assert_eq!(patients["Types"][0], "Sensitive Data Identifications/PII/SensitiveData:S3Object-Personal");
    let data = &patients["Resources"][1]["DataClassification"]["Result"]["SensitiveData"][0];
    assert_eq!(data["Category"], "PERSONAL_INFORMATION");
    assert!(data["Detections"][0]["Occurrences"]["Cells"][0]["Row"].is_u64(), "{data}");
}

#[test]
fn no_format_depends_on_the_order_of_the_reports() {
    let mut backwards = reports();
    backwards.reverse();
    for format in ALL {
        assert_eq!(written(format, &reports()), written(format, &backwards), "{format:?}");
    }
}

#[test]
fn lines_of_json_are_lines_and_places_in_a_document_are_not() {
    let line = |key: &str| {
        let mut tally = tally();
        tally.add(NAME, record(6, "$.name"));
        let log = json(Format::Sarif, &[report(key, "application/json", tally)]);
        log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"].clone()
    };
    assert_eq!(line("a.jsonl"), 7);
    assert_eq!(line("a.json"), Value::Null);
    assert_eq!(context().bucket, "local-synthea");
}
