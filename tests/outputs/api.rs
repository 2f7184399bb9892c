//! The `json` and `jsonl` formats, held against the schema of a finding that was made from the API's service model.

use crate::samples::{
    AWS_KEY, EMPLOYEE_ID, NAME, PASSPORT, SSN, TAX, compressed, context, fill, lines, record, report, reports, tally,
    written,
};
use lakegate::model::ObjectReport;
use lakegate::outputs::{Format, Look, macie, write};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Checks findings against Macie's member names, types and enumerations, times included.
pub(crate) fn schema() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(include_str!("../data/finding.schema.json")).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

fn findings(reports: &[ObjectReport]) -> Vec<Value> {
    let response: Value = serde_json::from_str(&written(Format::Json, reports)).unwrap();
    response["findings"].as_array().unwrap().clone()
}

fn finding(report: &ObjectReport) -> Value {
    macie::finding(&context(), report).unwrap()
}

#[test]
fn findings_of_every_type_and_kind_of_place_follow_the_schema() {
    let findings = findings(&reports());
    let schema = schema();
    for finding in &findings {
        let errors: Vec<_> = schema.iter_errors(finding).map(|e| format!("{} at {}", e, e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
    let types: BTreeSet<_> = findings.iter().map(|finding| finding["type"].as_str().unwrap()).collect();
    let expected = ["Credentials", "CustomIdentifier", "Financial", "Multiple", "Personal"];
    assert!(types.into_iter().eq(expected.map(|short| format!("SensitiveData:S3Object/{short}"))));
    let text = written(Format::Json, &reports());
    for array in ["cells", "records", "lineRanges"] {
        assert!(text.contains(&format!("\"{array}\"")), "{array}");
    }
}

#[test]
fn the_schema_rejects_a_finding_with_a_misspelt_member() {
    let mut finding = finding(&reports()[0]);
    finding["accountID"] = json!("111122223333");
    assert!(!schema().is_valid(&finding));
}

#[test]
fn a_finding_has_the_members_of_macies_in_macies_form() {
    let mut patients = tally();
    fill(&mut patients, SSN, 4, Some("SSN"), 2..=3);
    fill(&mut patients, PASSPORT, 6, None, 2..=2);
    let expected = json!({
        "accountId": "111122223333",
        "archived": false,
        "category": "CLASSIFICATION",
        "classificationDetails": {
            "detailedResultsLocation": "(checked below)",
            "jobArn": "arn:aws:macie2:us-east-1:111122223333:classification-job/aaaabbbbccccddddeeeeffff00001111",
            "jobId": "aaaabbbbccccddddeeeeffff00001111",
            "originType": "SENSITIVE_DATA_DISCOVERY_JOB",
            "result": {
                "additionalOccurrences": false,
                "customDataIdentifiers": {"detections": [], "totalCount": 0},
                "mimeType": "text/csv",
                "sensitiveData": [{
                    "category": "PERSONAL_INFORMATION",
                    "detections": [
                        {
                            "count": 1,
                            "occurrences": {"cells": [
                                {"cellReference": null, "column": 6, "columnName": null, "row": 2},
                            ]},
                            "type": "USA_PASSPORT_NUMBER",
                        },
                        {
                            "count": 2,
                            "occurrences": {"cells": [
                                {"cellReference": null, "column": 4, "columnName": "SSN", "row": 2},
                                {"cellReference": null, "column": 4, "columnName": "SSN", "row": 3},
                            ]},
                            "type": "USA_SOCIAL_SECURITY_NUMBER",
                        },
                    ],
                    "totalCount": 3,
                }],
                "sizeClassified": 2048,
                "status": {"code": "COMPLETE", "reason": null},
            },
        },
        "count": 1,
        "createdAt": "2025-01-02T03:04:05.678Z",
        "description": "The object holds data about people, such as names, identification numbers or health.",
        "id": "(checked below)",
        "partition": "aws",
        "policyDetails": null,
        "region": "us-east-1",
        "resourcesAffected": {
            "s3Bucket": {
                "arn": "arn:aws:s3:::local-synthea",
                "createdAt": null,
                "defaultServerSideEncryption": {"encryptionType": "NONE", "kmsMasterKeyId": null},
                "name": "local-synthea",
                "tags": [],
            },
            "s3Object": {
                "bucketArn": "arn:aws:s3:::local-synthea",
                "eTag": null,
                "extension": "csv",
                "key": "csv/patients.csv",
                "lastModified": "2025-01-01T12:00:00.000Z",
                "path": "local-synthea/csv/patients.csv",
                "publicAccess": false,
                "serverSideEncryption": {"encryptionType": "NONE", "kmsMasterKeyId": null},
                "size": 2048,
                "storageClass": "STANDARD",
                "tags": [],
                "versionId": "",
            },
        },
        "sample": false,
        "schemaVersion": "1.0",
        "severity": {"description": "High", "score": 3},
        "title": "Personal information found",
        "type": "SensitiveData:S3Object/Personal",
        "updatedAt": "2025-01-02T03:04:05.678Z",
    });
    let mut finding = finding(&report("csv/patients.csv", "text/csv", patients));
    let take = |value: &mut Value| std::mem::replace(value, json!("(checked below)")).as_str().unwrap().to_owned();
    let id = take(&mut finding["id"]);
    let location = take(&mut finding["classificationDetails"]["detailedResultsLocation"]);
    // As text, so that the order of the members is compared too.
    assert_eq!(serde_json::to_string_pretty(&finding).unwrap(), serde_json::to_string_pretty(&expected).unwrap());
    assert!(is_id(&id), "{id}");
    let folder = "s3://[export-config-not-set]/AWSLogs/111122223333/Macie/us-east-1/\
                  aaaabbbbccccddddeeeeffff00001111/111122223333/";
    let file = location.strip_prefix(folder).and_then(|rest| rest.strip_suffix(".jsonl.gz")).unwrap();
    assert_eq!(file.len(), 36, "{file}");
}

#[test]
fn fifteen_places_are_located_and_the_rest_is_only_counted() {
    let mut patients = tally();
    for (identifier, column) in [(SSN, 4), (PASSPORT, 6), (NAME, 8)] {
        fill(&mut patients, identifier, column, Some("X"), 2..=31);
    }
    let result = &finding(&report("a.csv", "text/csv", patients))["classificationDetails"]["result"];
    assert_eq!(result["additionalOccurrences"], true);
    assert_eq!(result["sensitiveData"][0]["totalCount"], 90);
    for detection in result["sensitiveData"][0]["detections"].as_array().unwrap() {
        assert_eq!(detection["count"], 30);
        let rows: Vec<_> =
            detection["occurrences"]["cells"].as_array().unwrap().iter().map(|cell| cell["row"].as_u64()).collect();
        assert_eq!(rows, [2, 3, 4, 5, 6].map(Some));
    }
}

#[test]
fn custom_identifiers_are_reported_apart_from_managed_ones_by_their_bare_id() {
    let reports = reports();
    let people = reports.iter().find(|report| report.object.key == "json/people.jsonl").unwrap();
    let result = &finding(people)["classificationDetails"]["result"];
    assert_eq!(
        result["customDataIdentifiers"],
        json!({"detections": [{"arn": EMPLOYEE_ID, "count": 1, "name": "Employee number", "occurrences":
            {"records": [{"jsonPath": "$.staff[2]['Employee No']", "recordIndex": 9}]}}], "totalCount": 1})
    );
    assert_eq!(result["sensitiveData"].as_array().unwrap().len(), 1);
}

#[test]
fn a_json_path_is_kept_within_macies_length_and_left_out_when_withheld() {
    let mut people = tally();
    people.add(SSN, record(0, &format!("$.{}", "x".repeat(300))));
    people.add(SSN, record(1, ""));
    let finding = finding(&report("a.jsonl", "application/json", people));
    let detections = &finding["classificationDetails"]["result"]["sensitiveData"][0]["detections"];
    let path = format!("$['...{}']", "x".repeat(237));
    assert_eq!(
        detections[0]["occurrences"]["records"],
        json!([{"jsonPath": path, "recordIndex": 0}, {"recordIndex": 1}])
    );
}

#[test]
fn a_partly_analysed_object_says_so_and_may_have_places_of_two_kinds() {
    let reports = reports();
    let staff = reports.iter().find(|report| report.object.key == "hr/staff.csv").unwrap();
    let result = &finding(staff)["classificationDetails"]["result"];
    assert_eq!(result["status"], json!({"code": "PARTIAL", "reason": "UNABLE_TO_PARSE_FILE"}));
    assert_eq!(result["sensitiveData"], json!([]));
    let occurrences = &result["customDataIdentifiers"]["detections"][0]["occurrences"];
    assert_eq!(occurrences["cells"].as_array().unwrap().len(), 3);
    assert_eq!(occurrences["lineRanges"], json!([{"end": 90, "start": 90, "startColumn": 1}]));
}

#[test]
fn findings_are_sorted_by_key_whatever_the_order_of_the_reports() {
    let mut shuffled = reports();
    shuffled.reverse();
    for format in [Format::Json, Format::Jsonl, Format::Events, Format::Results] {
        assert_eq!(written(format, &shuffled), written(format, &reports()), "{format:?}");
    }
    let keys: Vec<_> = findings(&shuffled)
        .iter()
        .map(|finding| finding["resourcesAffected"]["s3Object"]["key"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(keys.len(), 6);
    assert!(keys.is_sorted(), "{keys:?}");
}

#[test]
fn the_line_format_holds_the_same_findings_one_a_line() {
    let lines: Vec<Value> =
        written(Format::Jsonl, &reports()).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, findings(&reports()));
}

#[test]
fn a_run_without_findings_is_an_empty_response() {
    let clean = [report("clean.csv", "text/csv", tally())];
    assert_eq!(findings(&clean), [json!(null); 0]);
    assert_eq!(written(Format::Jsonl, &clean), "");
    assert_eq!(written(Format::Events, &clean), "");
}

#[test]
fn an_id_follows_from_bucket_key_identifiers_counts_and_places_but_not_from_the_run() {
    let with = |key: &str, identifier, places: &[u64]| {
        let mut found = tally();
        for line in places {
            found.add(identifier, lines(*line, *line, 1));
        }
        report(key, "text/plain", found)
    };
    let first = with("a.txt", SSN, &[1, 5]);
    let id = |report: &ObjectReport| finding(report)["id"].clone();
    for other in [
        with("b.txt", SSN, &[1, 5]),
        with("a.txt", TAX, &[1, 5]),
        with("a.txt", SSN, &[1, 5, 5]),
        with("a.txt", SSN, &[1, 6]),
    ] {
        assert_ne!(id(&first), id(&other), "{other:?}");
    }
    let (mut later, mut elsewhere) = (context(), context());
    later.created_at = "2026-01-01T00:00:00Z".parse().unwrap();
    later.job_id = "0".repeat(32);
    elsewhere.bucket = "other".to_owned();
    assert_eq!(macie::finding(&later, &first).unwrap()["id"], id(&first));
    assert_ne!(macie::finding(&elsewhere, &first).unwrap()["id"], id(&first));
}

/// A hash of a file that holds one number is a hash of the number, so the only digests are ids made of places.
#[test]
fn no_output_holds_a_digest_other_than_the_ids_of_job_findings_and_results() {
    let mut secret = tally();
    secret.add(AWS_KEY, lines(1, 1, 1));
    let reports = [report("key.txt", "text/plain", secret)];
    let record: Value = serde_json::from_str(&written(Format::Results, &reports)).unwrap();
    let known = [finding(&reports[0])["id"].clone(), record["id"].clone(), json!(context().job_id)];
    for format in [Format::Json, Format::Jsonl, Format::Events, Format::Results] {
        let text = written(format, &reports);
        let words = text.split(|character: char| !character.is_ascii_alphanumeric());
        for word in words.filter(|word| word.len() >= 20 && word.bytes().all(|byte| byte.is_ascii_hexdigit())) {
            assert!(known.contains(&json!(word)), "{word}");
        }
    }
}

struct ClosedPipe;

impl std::io::Write for ClosedPipe {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_is_told_from_other_errors_in_every_format() {
    let many: Vec<_> = (0..200).flat_map(|_| reports()).collect();
    let look = Look { width: 80, colour: false };
    for format in [Format::Table(look), Format::Json, Format::Jsonl, Format::Events, Format::Results] {
        let error = write(format, &mut ClosedPipe, &context(), &many).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe, "{format:?}");
    }
}

fn is_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[test]
fn the_finding_of_a_compressed_object_counts_and_leaves_the_places_to_the_stored_result() {
    let mut patients = tally();
    fill(&mut patients, SSN, 4, Some("SSN"), 2..=41);
    let report = compressed("patients.csv.gz", "patients.csv", &patients);
    let result = finding(&report)["classificationDetails"]["result"].clone();
    assert_eq!(result["additionalOccurrences"], true);
    let detection = &result["sensitiveData"][0]["detections"][0];
    assert_eq!((&detection["count"], &detection["occurrences"]), (&json!(40), &json!({})));
    assert!(schema().is_valid(&finding(&report)));
}
