//! The `results` format.

use crate::samples::{self, EMPLOYEE, NAME, SSN, context, fill, lines, record, report, reports, tally, written};
use lakegate::outputs::{Format, macie};
use serde_json::{Value, json};

fn results() -> Vec<Value> {
    written(Format::Results, &reports()).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn result_of(key: &str) -> Value {
    results().into_iter().find(|result| result["resourcesAffected"]["s3Object"]["key"] == key).unwrap()
}

#[test]
fn a_record_has_the_members_of_a_stored_one_in_their_order() {
    let mut notes = tally();
    notes.add(SSN, lines(3, 4, 9));
    let mut notes = report("notes/visit.txt", "text/plain", notes);
    notes.object.modified = None;
    let text = written(Format::Results, &[notes]);
    let id = serde_json::from_str::<Value>(&text).unwrap()["id"].as_str().unwrap().to_owned();
    let file = text.split('/').find_map(|part| part.split_once(".jsonl.gz")).unwrap().0;
    let expected = [
        r#"{"schemaVersion":"1.0","id":""#,
        &id,
        r#"","accountId":"111122223333","partition":"aws","region":"us-east-1","#,
        r#""type":"SensitiveData:S3Object/Personal","title":"Personal information found","#,
        r#""description":"The object holds data about people, such as names, identification numbers or health.","#,
        r#""severity":{"score":"3","description":"High"},"createdAt":"2025-01-02T03:04:05Z","#,
        r#""resourcesAffected":{"s3Bucket":{"arn":"arn:aws:s3:::local-synthea","name":"local-synthea","tags":[],"#,
        r#""defaultServerSideEncryption":{"encryptionType":"NONE"}},"#,
        r#""s3Object":{"bucketArn":"arn:aws:s3:::local-synthea","key":"notes/visit.txt","#,
        r#""path":"local-synthea/notes/visit.txt","extension":"txt","serverSideEncryption":{"encryptionType":"NONE"},"#,
        r#""size":"2048","storageClass":"STANDARD","tags":[],"publicAccess":false}},"category":"CLASSIFICATION","#,
        r#""classificationDetails":{"jobArn":"arn:aws:macie2:us-east-1:111122223333:classification-job/"#,
        r#"aaaabbbbccccddddeeeeffff00001111","result":{"status":{"code":"COMPLETE"},"sizeClassified":"2048","#,
        r#""mimeType":"text/plain","sensitiveData":[{"category":"PERSONAL_INFORMATION","totalCount":"1","#,
        r#""detections":[{"type":"USA_SOCIAL_SECURITY_NUMBER","count":"1","occurrences":{"lineRanges":"#,
        r#"[{"start":"3","end":"4","startColumn":"9"}],"pages":[],"records":[],"cells":[]}}]}]},"#,
        r#""detailedResultsLocation":"s3://[export-config-not-set]/AWSLogs/111122223333/Macie/us-east-1/"#,
        "aaaabbbbccccddddeeeeffff00001111/111122223333/",
        file,
        r#".jsonl.gz","jobId":"aaaabbbbccccddddeeeeffff00001111","#,
        r#""originType":"SENSITIVE_DATA_DISCOVERY_JOB"}}"#,
        "\n",
    ];
    assert_eq!(text, expected.concat());
}

#[test]
fn no_record_holds_a_number_or_a_null() {
    fn check(value: &Value) {
        match value {
            Value::Null | Value::Number(_) => panic!("{value}"),
            Value::Array(items) => items.iter().for_each(check),
            Value::Object(members) => members.values().for_each(check),
            Value::Bool(_) | Value::String(_) => {}
        }
    }
    results().iter().for_each(check);
}

#[test]
fn objects_without_a_finding_have_a_record_that_says_why() {
    assert_eq!(results().len(), reports().len());
    let clean = result_of("csv/clean.csv");
    let details = &clean["classificationDetails"]["result"];
    assert_eq!(details, &json!({"status": {"code": "COMPLETE"}, "sizeClassified": "2048", "mimeType": "text/csv"}));
    for member in ["type", "title", "description", "severity"] {
        assert_eq!(clean.get(member), None, "{member}");
    }
    let status = |key| result_of(key)["classificationDetails"]["result"]["status"].clone();
    assert_eq!(status("logs/app.jsonl.gz"), json!({"code": "SKIPPED", "reason": "MALFORMED_FILE"}));
    assert_eq!(status("images/Scan.PNG"), json!({"code": "SKIPPED", "reason": "UNSUPPORTED_FILE_TYPE_EXCEPTION"}));
}

#[test]
fn a_record_locates_a_thousand_occurrences_of_a_type_and_counts_all() {
    let mut many = tally();
    fill(&mut many, SSN, 4, Some("SSN"), 2..=1501);
    fill(&mut many, NAME, 5, Some("NAME"), 2..=1501);
    let text = written(Format::Results, &[report("a.csv", "text/csv", many)]);
    let result: Value = serde_json::from_str(&text).unwrap();
    let category = &result["classificationDetails"]["result"]["sensitiveData"][0];
    assert_eq!(category["totalCount"], "2500");
    for (detection, count) in category["detections"].as_array().unwrap().iter().zip(["1000", "1500"]) {
        assert_eq!(detection["count"], count);
        let cells = detection["occurrences"]["cells"].as_array().unwrap();
        assert_eq!(cells.len(), 1000);
        assert_eq!(cells[999]["row"], "1001");
    }
}

#[test]
fn apostrophes_in_a_path_are_escaped_and_read_back_the_same() {
    let mut people = tally();
    people.add(SSN, record(3, "$['Patient's data'].ssn"));
    let text = written(Format::Results, &[report("people.jsonl", "application/json", people)]);
    assert!(text.contains(r#""jsonPath":"$[\u0027Patient\u0027s data\u0027].ssn""#), "{text}");
    let result: Value = serde_json::from_str(&text).unwrap();
    let record =
        &result["classificationDetails"]["result"]["sensitiveData"][0]["detections"][0]["occurrences"]["records"][0];
    assert_eq!(record, &json!({"recordIndex": "3", "jsonPath": "$['Patient's data'].ssn"}));
}

#[test]
fn a_record_has_an_id_of_its_own_and_the_location_that_the_finding_names() {
    for report in reports().iter().filter(|report| report.finding.is_some()) {
        let finding = macie::finding(&context(), report).unwrap();
        let result = result_of(&report.object.key);
        assert_ne!(result["id"], finding["id"]);
        let location = |value: &Value| value["classificationDetails"]["detailedResultsLocation"].clone();
        assert_eq!(location(&result), location(&finding));
    }
}

fn compressed() -> Vec<Value> {
    let mut patients = tally();
    fill(&mut patients, SSN, 4, Some("SSN"), 2..=41);
    fill(&mut patients, EMPLOYEE, 2, Some("EMPLOYEE"), 2..=3);
    let mut report = samples::compressed("in/patients.csv.gz", "patients.csv", &patients);
    report.object.size = 512;
    written(Format::Results, &[report]).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_compressed_object_has_one_record_that_counts_and_one_of_the_file_inside_that_also_locates() {
    let records = compressed();
    let [whole, member] = records.as_slice() else { panic!("{records:?}") };
    let object = |record: &Value| record["resourcesAffected"]["s3Object"].clone();
    assert_eq!(object(whole).get("embeddedFileDetails"), None);
    assert_eq!(
        object(member)["embeddedFileDetails"],
        json!({"filePath": "patients.csv", "fileExtension": "csv", "fileSize": "2048"})
    );
    for record in [whole, member] {
        assert_eq!(object(record)["key"], "in/patients.csv.gz");
        assert_eq!(object(record)["size"], "512");
    }
    let result = |record: &Value| record["classificationDetails"]["result"].clone();
    assert_eq!(result(whole)["mimeType"], "application/gzip");
    assert_eq!(result(member)["mimeType"], "text/csv");
    for pointer in ["/sensitiveData/0/detections/0", "/customDataIdentifiers/detections/0"] {
        let (whole, member) = (result(whole), result(member));
        let (whole, member) = (whole.pointer(pointer).unwrap(), member.pointer(pointer).unwrap());
        assert_eq!(whole["count"], member["count"]);
        assert_eq!(whole["occurrences"], json!({"lineRanges": [], "pages": [], "records": [], "cells": []}));
        assert_eq!(member["occurrences"]["cells"].as_array().unwrap().len().to_string(), member["count"]);
    }
}

#[test]
fn both_records_of_a_compressed_object_stand_in_one_file_and_have_ids_of_their_own() {
    let records = compressed();
    let location = |record: &Value| record["classificationDetails"]["detailedResultsLocation"].clone();
    assert_eq!(location(&records[0]), location(&records[1]));
    assert_ne!(records[0]["id"], records[1]["id"]);
}
