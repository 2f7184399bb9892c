//! Findings filters: findings that are archived as soon as they are made.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use lakegate::filters;
use program::{Files, Run, run};
use serde_json::{Value, json};
use std::path::PathBuf;

fn files() -> Files {
    Files::new()
        .with("data/high.csv", "ssn\n219-45-3456\n")
        .with("data/low.csv", "id,full name\n1,Jane Miller\n")
        .with("data/medium.csv", "id,PATIENT\n1,2db72976-43d3-45a2-ba54-1aef04f0eea2\n")
        .with("data/clean.csv", "id\n1\n")
}

fn filter(action: &str, criterion: &str) -> String {
    format!(r#"{{"name": "filter", "action": "{action}", "findingCriteria": {{"criterion": {criterion}}}}}"#)
}

fn scan(files: &Files, more: &[&str]) -> Run {
    let (data, filter) = (files.file("data"), files.file("filter.json"));
    let arguments = ["scan", &data, "-i", "identifiers/custom/synthea.yaml", "--findings-filter", &filter];
    run(&[&arguments[..], more].concat())
}

/// Keys of the findings that a filter with this criterion leaves.
fn left(criterion: &str) -> Vec<String> {
    let files = files().with("filter.json", filter("ARCHIVE", criterion));
    let run = scan(&files, &["--format", "jsonl"]);
    assert_eq!(run.status, Some(0), "{}", run.err);
    run.lines()
        .iter()
        .map(|finding| finding["resourcesAffected"]["s3Object"]["key"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn an_archived_finding_is_in_no_output_event_or_exit_status_but_is_told() {
    let files = files().with("filter.json", filter("ARCHIVE", r#"{"severity.description": {"eq": ["High"]}}"#));
    for format in ["table", "json", "jsonl", "events"] {
        let run = scan(&files, &["--format", format, "--fail-on", "high"]);
        assert_eq!(run.status, Some(0), "{format}: {}", run.err);
        assert!(!run.out.contains("high.csv") && run.out.contains("medium.csv"), "{format}: {}", run.out);
        assert!(run.err.contains("2 findings in 4 objects: 1 Medium, 1 Low"), "{}", run.err);
        assert!(run.err.contains("Archived by a findings filter: 1 finding"), "{}", run.err);
    }
    assert!(scan(&files, &["--format", "table"]).out.contains("Archived by a findings filter: 1 finding"));
    // The discovery result of the object is written as ever.
    let results = scan(&files, &["--format", "results"]);
    assert!(results.lines().iter().any(|record| record["resourcesAffected"]["s3Object"]["key"] == "high.csv"
        && record["severity"]["description"] == "High"));
}

#[test]
fn archived_findings_can_be_asked_for_and_are_marked() {
    let files = files().with("filter.json", filter("ARCHIVE", r#"{"severity.description": {"eq": ["High"]}}"#));
    let marked =
        |findings: &[Value]| -> Vec<bool> { findings.iter().map(|finding| finding["archived"] == true).collect() };
    let json = scan(&files, &["--format", "json", "--include-archived"]).json();
    assert_eq!(marked(json["findings"].as_array().unwrap()), [true, false, false]);
    let lines = scan(&files, &["--format", "jsonl", "--include-archived"]).lines();
    assert_eq!(marked(&lines), [true, false, false]);
    assert_eq!(scan(&files, &["--format", "events", "--include-archived"]).lines().len(), 2);
}

#[test]
fn a_filter_without_effect_changes_nothing() {
    let files = files().with("filter.json", filter("NOOP", r#"{"severity.description": {"eq": ["High"]}}"#));
    assert_eq!(scan(&files, &["--format", "jsonl"]).lines().len(), 3);
    assert_eq!(scan(&files, &["--format", "jsonl", "--fail-on", "high"]).status, Some(1));
}

#[test]
fn the_operators_mean_what_macie_says() {
    let (high, low, medium) = ("high.csv", "low.csv", "medium.csv");
    let type_field = "classificationDetails.result.sensitiveData.detections.type";
    for (criterion, expected) in [
        (r#"{"severity.description": {"eq": ["High", "Low"]}}"#.to_owned(), vec![medium]),
        (r#"{"severity.description": {"neq": ["High", "Low"]}}"#.into(), vec![high, low]),
        (r#"{"severity.description": {"eq": ["high"]}}"#.into(), vec![high, low, medium]),
        (r#"{"severity.score": {"gte": 2}}"#.into(), vec![low]),
        (r#"{"severity.score": {"gt": 1, "lt": 3}}"#.into(), vec![high, low]),
        (r#"{"severity.score": {"lte": 1}}"#.into(), vec![high, medium]),
        (r#"{"severity.score": {"eq": ["3"]}}"#.into(), vec![low, medium]),
        (format!(r#"{{"{type_field}": {{"eq": ["NAME", "ADDRESS"]}}}}"#), vec![high, medium]),
        (format!(r#"{{"{type_field}": {{"neq": ["NAME"]}}}}"#), vec![low]),
        (format!(r#"{{"{type_field}": {{"eqExactMatch": ["NAME"]}}}}"#), vec![high, medium]),
        (format!(r#"{{"{type_field}": {{"eqExactMatch": ["NAME", "ADDRESS"]}}}}"#), vec![high, low, medium]),
        (r#"{"sensitiveData.detections.type": {"eq": ["NAME"]}}"#.into(), vec![high, medium]),
        (r#"{"customDataIdentifiers.detections.name": {"eq": ["Patient ID"]}}"#.into(), vec![high, low]),
        (r#"{"archived": {"eq": ["false"]}}"#.into(), vec![]),
        (r#"{"createdAt": {"gte": 1735787045000}}"#.into(), vec![]),
        (r#"{"createdAt": {"gt": 1735787045000}}"#.into(), vec![high, low, medium]),
        (
            r#"{"severity.description": {"eq": ["High"]}, "resourcesAffected.s3Object.key": {"eq": ["low.csv"]}}"#
                .into(),
            vec![high, low, medium],
        ),
        (r#"{"resourcesAffected.s3Object.key": {"eq": ["low"]}}"#.into(), vec![high, low, medium]),
        (r#"{"policyDetails.action.actionType": {"eq": ["AWS_API_CALL"]}}"#.into(), vec![high, low, medium]),
    ] {
        assert_eq!(left(&criterion), expected, "{criterion}");
    }
}

#[test]
fn the_values_of_a_list_must_all_be_wanted_and_be_all_that_are_wanted() {
    let finding = json!({"classificationDetails": {"result": {"sensitiveData": [
        {"category": "PERSONAL_INFORMATION", "detections": [{"type": "NAME", "count": 3}, {"type": "ADDRESS", "count": 30}]},
        {"category": "CREDENTIALS", "detections": [{"type": "AWS_CREDENTIALS", "count": 1}]},
    ]}}});
    let matches = |criterion: &str| {
        let files = Files::new().with("filter.json", filter("ARCHIVE", criterion));
        filters::load(&[PathBuf::from(files.file("filter.json"))]).unwrap()[0].criteria.matches(&finding)
    };
    assert!(matches(r#"{"sensitiveData.category": {"eqExactMatch": ["CREDENTIALS", "PERSONAL_INFORMATION"]}}"#));
    assert!(!matches(r#"{"sensitiveData.category": {"eqExactMatch": ["CREDENTIALS"]}}"#));
    assert!(matches(r#"{"sensitiveData.detections.type": {"eqExactMatch": ["NAME", "AWS_CREDENTIALS", "ADDRESS"]}}"#));
    assert!(matches(r#"{"sensitiveData.detections.count": {"gt": 3, "lt": 100}}"#));
    assert!(!matches(r#"{"sensitiveData.detections.count": {"gt": 3, "lt": 30}}"#), "one value is within both bounds");
    assert!(matches(r#"{"sensitiveData.detections.type": {"neq": ["EMAIL"]}}"#));
    assert!(!matches(r#"{"severity.description": {"eq": ["High"]}}"#));
    assert!(matches(r#"{"severity.description": {"neq": ["High"]}}"#), "a field that is missing is not that value");
}

#[test]
fn every_field_of_a_finding_can_be_named() {
    fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
        let join = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| leaves(value, &join(name), found)),
            Value::Array(elements) => elements.iter().for_each(|element| leaves(element, path, found)),
            Value::Null => {}
            _ => found.push(path.to_owned()),
        }
    }
    let files = files().with("filter.json", filter("NOOP", r#"{"id": {"eq": ["x"]}}"#));
    let mut paths = Vec::new();
    for finding in scan(&files, &["--format", "jsonl"]).lines() {
        leaves(&finding, "", &mut paths);
    }
    paths.retain(|path| !path.contains(".occurrences."));
    assert!(paths.len() > 30);
    for path in paths {
        let files = Files::new().with("filter.json", filter("NOOP", &format!(r#"{{"{path}": {{"eq": ["x"]}}}}"#)));
        assert!(filters::load(&[PathBuf::from(files.file("filter.json"))]).is_ok(), "{path}");
    }
}

#[test]
fn requests_lists_and_templates_are_read() {
    let template = "
Resources:
  Quiet:
    Type: AWS::Macie::FindingsFilter
    Properties:
      Name: quiet
      Action: ARCHIVE
      Position: 1
      FindingCriteria: {Criterion: {severity.description: {eq: [High]}}}
";
    let wrapped = r"
findingsFilters:
  - {name: one, action: NOOP, findingCriteria: {criterion: {type: {eq: [x]}}}}
  - {name: two, action: ARCHIVE, description: d, position: 2, tags: {a: b}, findingCriteria: {criterion: {count: {gt: 1}}}}
";
    let files = Files::new().with("f/t.yaml", template).with("f/w.yaml", wrapped);
    let loaded = filters::load(&[PathBuf::from(files.file("f"))]).unwrap();
    let names: Vec<_> = loaded.iter().map(|filter| filter.name.as_str()).collect();
    assert_eq!(names, ["quiet", "one", "two"]);
}

#[test]
fn a_filter_that_is_wrong_is_refused_with_its_place_and_nothing_is_scanned() {
    for (request, expected) in [
        (filter("HIDE", r#"{"type": {"eq": ["x"]}}"#), "1:30: the action is \"HIDE\"; it is ARCHIVE or NOOP"),
        (filter("ARCHIVE", "{}"), "has no condition and would match every finding"),
        (filter("ARCHIVE", r#"{"severity.descripton": {"eq": ["x"]}}"#), "did you mean \"severity.description\"?"),
        (filter("ARCHIVE", r#"{"severity": {"eq": ["x"]}}"#), "a finding has no field \"severity\""),
        (filter("ARCHIVE", r#"{"type": {"equals": ["x"]}}"#), "unknown member \"equals\""),
        (filter("ARCHIVE", r#"{"type": {}}"#), "a condition has at least one of eq"),
        (filter("ARCHIVE", r#"{"type": {"eq": []}}"#), "eq has 0 values; it has 1 to 50"),
        (filter("ARCHIVE", r#"{"type": {"eq": "x"}}"#), "eq is a list"),
        (filter("ARCHIVE", r#"{"archived": {"eq": [true]}}"#), "put the word true in quotes"),
        (filter("ARCHIVE", r#"{"type": {"gt": 1}}"#), "gt is for numbers and times; type is neither"),
        (filter("ARCHIVE", r#"{"count": {"gt": "1"}}"#), "gt is a whole number"),
        (filter("ARCHIVE", r#"{"type": {"eqExactMatch": ["x"]}}"#), "eqExactMatch cannot be used for type"),
        (
            filter("ARCHIVE", r#"{"sensitiveData.category": {"eqExactMatch": ["x"], "neq": ["y"]}}"#),
            "cannot be combined with another operator",
        ),
        (r#"{"name": "ab", "action": "NOOP"}"#.into(), "has 2 characters; a findings filter has 3 to 64"),
        (r#"{"name": "abc", "action": "NOOP"}"#.into(), "needs the member findingCriteria"),
        ("[]".into(), "this list is empty"),
    ] {
        let files = files().with("filter.json", &request);
        let run = scan(&files, &[]);
        assert_eq!((run.status, run.out.as_str()), (Some(2), ""), "{request}");
        assert!(run.err.contains("filter.json:1:") && run.err.contains(expected), "{request}: {}", run.err);
    }
}
