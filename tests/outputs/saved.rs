//! Stored discovery results that are read back.

use super::samples::{NAME, SSN, compressed, record};
use super::samples::{context, member, reports, tally, written};
use lakegate::model::{Coverage, ObjectReport, Reason};
use lakegate::outputs::saved::{SavedError, read};
use lakegate::outputs::{Format, write};
use serde_json::Value;

fn results(reports: &[ObjectReport]) -> String {
    written(Format::Results, reports)
}

/// Objects of all kinds, some with files inside, some that were not analysed as a whole.
fn all() -> Vec<ObjectReport> {
    let mut inside = tally();
    inside.add(SSN, record(0, "$.ssn"));
    inside.add(SSN, record(4, "$.ssn"));
    inside.add(NAME, record(4, "$.name"));
    let mut archive = compressed("drop/archive.zip", "people.json", &inside);
    archive.members.push(member("inner.zip!/more.json", &inside));
    let mut broken = compressed("drop/broken.zip", "people.json", &inside);
    broken.coverage = Coverage::partial(Reason::ArchiveContainsUnprocessedFiles, "one member is encrypted");
    let mut all = reports();
    all.extend([archive, broken]);
    all
}

/// Records without what depends on the order of places of different kinds, which results do not keep.
fn without_ids(results: &str) -> Vec<Value> {
    let mut records: Vec<Value> = results.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for record in &mut records {
        record["id"].take();
        record["classificationDetails"]["detailedResultsLocation"].take();
    }
    records
}

#[test]
fn what_was_read_back_is_written_as_it_was() {
    let before = results(&all());
    let (context, reports) = read(before.as_bytes()).unwrap();
    let mut after = Vec::new();
    write(Format::Results, &mut after, &context, &reports).unwrap();
    assert_eq!(without_ids(&String::from_utf8(after).unwrap()), without_ids(&before));
}

#[test]
fn every_form_can_be_written_of_them_and_says_how_much_was_found() {
    let (_, reports) = read(results(&all()).as_bytes()).unwrap();
    let found = |reports: &[ObjectReport]| -> Vec<(String, u64)> {
        let mut found: Vec<(String, u64)> = reports
            .iter()
            .map(|report| {
                let detections = report.finding.iter().flat_map(|finding| &finding.detections);
                (report.object.key.clone(), detections.map(|detection| detection.count).sum())
            })
            .collect();
        found.sort();
        found
    };
    assert_eq!(found(&reports), found(&all()));
    for format in [Format::Html, Format::Sarif, Format::Junit, Format::Markdown, Format::Csv, Format::Json] {
        let text = written(format, &reports);
        assert!(text.contains("archive.zip"), "{format:?}");
    }
}

#[test]
fn results_of_macie_with_more_members_and_codes_are_read() {
    let line = r#"{"schemaVersion":"1.0","id":"x","accountId":"123456789012","partition":"aws","region":"eu-west-1",
        "type":"SensitiveData:S3Object/Personal","severity":{"score":"3","description":"High"},"createdAt":"2025-01-02T03:04:05Z",
        "resourcesAffected":{"s3Bucket":{"arn":"a","name":"b","owner":{}},"s3Object":{"bucketArn":"a","key":"k.csv","size":"7"}},
        "classificationDetails":{"jobId":"j","result":{"status":{"code":"PARTIAL","reason":"A_REASON_OF_TOMORROW"},
        "sizeClassified":"7","sensitiveData":[{"category":"PERSONAL_INFORMATION","totalCount":"1","detections":[
        {"type":"AN_IDENTIFIER_OF_TOMORROW","count":"1","occurrences":{"cells":[{"row":"2","column":"1","columnName":"c"}]}}]}]}}}"#;
    let (context, reports) = read(line.replace('\n', " ").as_bytes()).unwrap();
    assert_eq!((context.region.as_str(), context.bucket.as_str()), ("eu-west-1", "b"));
    let report = &reports[0];
    assert!(report.coverage.incomplete());
    assert!(report.coverage.detail.contains("A_REASON_OF_TOMORROW"), "{}", report.coverage.detail);
    let finding = report.finding.as_ref().unwrap();
    assert_eq!(finding.detections[0].identifier.id, "AN_IDENTIFIER_OF_TOMORROW");
    assert_eq!(finding.detections[0].columns[0].count, 1);
}

#[test]
fn what_is_no_result_is_refused_with_its_line() {
    let good = results(&reports());
    let error = |text: &str| read(text.as_bytes()).unwrap_err();
    assert!(matches!(error(""), SavedError::Empty));
    assert!(matches!(error("\n\n"), SavedError::Empty));
    let lines = good.lines().count();
    assert!(
        matches!(error(&format!("{good}{{\"findings\": []}}\n")), SavedError::NotAResult { line, .. } if line == lines + 1)
    );
    assert!(matches!(error("{\n"), SavedError::NotAResult { line: 1, .. }));
    let message = error("219-09-4821\n").to_string();
    assert!(!message.contains("219-09-4821"), "{message}");
    assert_eq!(context().region, read(good.as_bytes()).unwrap().0.region);
}
