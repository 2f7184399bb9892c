//! Requests that cannot be carried out: a clear error, and nothing is scanned or stored.

use super::{Files, job, spec};
use std::path::Path;

const ONE: &str = r#"{
  "name": "n",
  "jobType": "ONE_TIME",
  "s3JobDefinition": {"bucketDefinitions": [{"accountId": "123456789012", "buckets": ["uploads"]}]}
}
"#;

/// What is said about a request in which `from` is replaced by `to`.
fn complaint(from: &str, to: &str) -> String {
    assert!(ONE.contains(from), "{from}");
    complaint_about("spec.json", &ONE.replacen(from, to, 1), &[])
}

fn complaint_about(name: &str, request: &str, more: &[&str]) -> String {
    let files = Files::new().with(name, request).with("data/a.csv", "ssn\n219-45-3456\n");
    let bucket = format!("uploads={}", files.file("data"));
    let request = files.file(name);
    let options: Vec<String> = more.iter().map(|text| text.replace("{}", &files.file(""))).collect();
    let mut arguments = vec!["run", &request, "--bucket", &bucket];
    arguments.extend(options.iter().map(String::as_str));
    let run = job(&files, &arguments);
    assert_eq!((run.status, run.out.as_str()), (Some(2), ""), "{}", run.err);
    assert!(!Path::new(&files.file("state")).exists(), "nothing is stored");
    run.err.replace(&files.file(""), "")
}

fn with(member: &str) -> String {
    complaint("\"name\": \"n\",", &format!("\"name\": \"n\",\n  {member},"))
}

fn scoped(term: &str) -> String {
    complaint(
        "\"bucketDefinitions\"",
        &format!("\"scoping\":\n{{\"includes\": {{\"and\": [\n{term}]}}}}, \"bucketDefinitions\""),
    )
}

fn term(key: &str, comparator: &str, values: &str) -> String {
    scoped(&format!(r#"{{"simpleScopeTerm": {{"key": "{key}", "comparator": "{comparator}", "values": {values}}}}}"#))
}

#[test]
fn unknown_members_are_told_with_their_place_and_what_was_meant() {
    assert_eq!(
        with(r#""alowListIds": []"#),
        "lakegate: spec.json:3:3: unknown member \"alowListIds\"; did you mean \"allowListIds\"?\n"
    );
    let misspelt = scoped(r#"{"simpleScopeTerm": {"key": "OBJECT_SIZE", "comparator": "GT", "value": ["1"]}}"#);
    assert!(misspelt.contains("spec.json:6:64: unknown member \"value\"; did you mean \"values\"?"), "{misspelt}");
    let yaml = "name: n\njobType: ONE_TIME\nbuckets: [a]\ns3JobDefinition: {}\n";
    assert!(complaint_about("spec.yaml", yaml, &[]).contains("spec.yaml:3:1: unknown member \"buckets\""));
}

#[test]
fn a_comparator_that_a_key_does_not_take_is_refused() {
    for (key, comparator, takes) in [
        ("OBJECT_EXTENSION", "GT", "EQ, NE"),
        ("OBJECT_EXTENSION", "STARTS_WITH", "EQ, NE"),
        ("OBJECT_KEY", "EQ", "STARTS_WITH"),
        ("OBJECT_KEY", "CONTAINS", "STARTS_WITH"),
        ("OBJECT_SIZE", "STARTS_WITH", "EQ, NE, GT, GTE, LT, LTE"),
        ("OBJECT_LAST_MODIFIED_DATE", "CONTAINS", "EQ, NE, GT, GTE, LT, LTE"),
    ] {
        let complaint = term(key, comparator, r#"["1"]"#);
        let expected = format!("{key} cannot be compared by {comparator}; it takes {takes}");
        assert!(complaint.starts_with("lakegate: spec.json:6:") && complaint.contains(&expected), "{complaint}");
    }
    assert!(term("OBJECT_SIZE", "GTT", r#"["1"]"#).contains("the comparator is \"GTT\"; did you mean GT"));
    let tag = r#"{"tagScopeTerm": {"key": "TAG", "comparator": "GT", "target": "S3_OBJECT", "tagValues": []}}"#;
    assert!(scoped(tag).contains("a tag cannot be compared by GT; it takes EQ, NE"));
}

#[test]
fn values_that_a_key_does_not_take_are_refused() {
    for (key, values, expected) in [
        ("OBJECT_SIZE", r#"["1 MB"]"#, "\"1 MB\" is no size"),
        ("OBJECT_SIZE", r#"["1", "2"]"#, "OBJECT_SIZE takes one value; this has 2"),
        ("OBJECT_SIZE", "[1024]", "put the number 1024 in quotes"),
        ("OBJECT_SIZE", r#"["-1"]"#, "\"-1\" is no size"),
        ("OBJECT_SIZE", "[]", "this list is empty"),
        ("OBJECT_LAST_MODIFIED_DATE", r#"["2023-09-24"]"#, "is no time of UTC"),
        ("OBJECT_LAST_MODIFIED_DATE", r#"["2023-09-24T14:31:13+02:00"]"#, "is no time of UTC"),
        ("OBJECT_EXTENSION", r#"[".csv"]"#, "an extension is given without its dot"),
    ] {
        let complaint = term(key, "EQ", values);
        assert!(complaint.contains(expected), "{key} {values}: {complaint}");
    }
}

#[test]
fn members_that_do_not_fit_together_are_refused() {
    let scheduled = complaint("ONE_TIME", "SCHEDULED");
    assert!(scheduled.contains("a job of type SCHEDULED needs the member scheduleFrequency"), "{scheduled}");
    for (member, expected) in [
        (r#""scheduleFrequency": {"dailySchedule": {}}"#, "a one-time job has no scheduleFrequency"),
        (r#""samplingPercentage": 0"#, "samplingPercentage is 0; it is 1 to 100"),
        (r#""managedDataIdentifierIds": ["NAME"]"#, "are for INCLUDE and EXCLUDE, not for RECOMMENDED"),
        (r#""managedDataIdentifierSelector": "INCLUDE""#, "needs the member managedDataIdentifierIds"),
        (r#""managedDataIdentifierSelector": "NONE""#, "needs customDataIdentifierIds"),
        (
            r#""managedDataIdentifierSelector": "EXCLUDE", "managedDataIdentifierIds": ["NAMES"]"#,
            "no managed data identifier \"NAMES\"; did you mean NAME?",
        ),
        (r#""initialRun": "yes""#, "initialRun is true or false"),
        (r#""description": 5"#, "the description is a text"),
    ] {
        let complaint = with(member);
        assert!(complaint.starts_with("lakegate: spec.json:3:") || complaint.contains("spec.json:1:1:"), "{complaint}");
        assert!(complaint.contains(expected), "{member}: {complaint}");
    }
    for (frequency, expected) in [
        ("{}", "has one of dailySchedule, weeklySchedule and monthlySchedule"),
        (r#"{"dailySchedule": {}, "monthlySchedule": {"dayOfMonth": 1}}"#, "has one of dailySchedule"),
        (r#"{"monthlySchedule": {"dayOfMonth": 32}}"#, "dayOfMonth is 32; it is 1 to 31"),
        (r#"{"weeklySchedule": {"dayOfWeek": "MONDY"}}"#, "did you mean MONDAY?"),
        (r#"{"weeklySchedule": {}}"#, "needs the member dayOfWeek"),
        (r#"{"hourlySchedule": {}}"#, "unknown member \"hourlySchedule\""),
    ] {
        let request = ONE.replace("\"ONE_TIME\"", &format!("\"SCHEDULED\", \"scheduleFrequency\": {frequency}"));
        let complaint = complaint_about("spec.json", &request, &[]);
        assert!(complaint.contains(expected), "{frequency}: {complaint}");
    }
    let both = complaint("\"bucketDefinitions\"", "\"bucketCriteria\": {}, \"bucketDefinitions\"");
    assert!(both.contains("has either bucketDefinitions or bucketCriteria"), "{both}");
    let account = complaint("123456789012", "1234");
    assert!(account.contains("an AWS account id has twelve digits"), "{account}");
}

#[test]
fn buckets_and_folders_must_go_together() {
    let missing = complaint("\"uploads\"]", "\"uploads\", \"archive\"]");
    assert!(
        missing.contains("spec.json:4:98: no folder stands for bucket \"archive\"; give --bucket archive=DIR"),
        "{missing}"
    );
    let unknown = complaint("\"uploads\"", "\"upload\"");
    assert!(unknown.contains("the job has no bucket \"uploads\"; did you mean \"upload\"?"), "{unknown}");
    let twice = complaint_about("spec.json", ONE, &["--bucket", "uploads=src"]);
    assert!(twice.contains("bucket \"uploads\" is given twice"), "{twice}");
    let file = complaint_about("spec.json", ONE, &["--bucket", "other={}spec.json"]);
    assert!(file.contains("spec.json is no folder"), "{file}");
    let gone = complaint_about("spec.json", ONE, &["--bucket", "other={}nowhere"]);
    assert!(gone.contains("bucket \"other\": nowhere"), "{gone}");
}

#[test]
fn ids_that_nothing_defines_are_refused() {
    let custom = with(r#""customDataIdentifierIds": ["badge"]"#);
    assert!(
        custom.contains("spec.json:3:31: no custom data identifier has the id or name \"badge\"; give the file"),
        "{custom}"
    );
    let list = with(r#""allowListIds": ["known"]"#);
    assert!(list.contains("spec.json:3:20: no allow list has the id or name \"known\""), "{list}");
}

#[test]
fn a_file_that_is_no_request_is_refused() {
    assert!(complaint_about("spec.yaml", "", &[]).contains("is empty; it should hold the request of a job"));
    assert!(complaint_about("spec.yaml", "[]", &[]).contains("spec.yaml:1:1: a job is a mapping"));
    assert!(complaint_about("spec.yaml", "a: b\n---\na: b\n", &[]).contains("holds one document"));
    assert!(complaint_about("spec.json", "{\"name\": ", &[]).contains("spec.json:"));
    let nothing = complaint_about("spec.json", "{}", &[]);
    for member in ["name", "jobType", "s3JobDefinition"] {
        assert!(nothing.contains(&format!("a job needs the member {member}")), "{nothing}");
    }
}

#[test]
fn due_needs_a_request_that_can_be_read() {
    let files = Files::new().with("spec.json", spec("\"jobType\": 5,"));
    let run = job(&files, &["due", &files.file("spec.json")]);
    assert_eq!(run.status, Some(2));
    assert!(run.err.contains("the jobType is a text"), "{}", run.err);
}
