//! Which buckets, objects, identifiers and allow lists a job uses.

use super::{Files, analysed, described, job, run_arguments, run_job, spec};
use serde_json::Value;
use std::fs::File;
use std::time::{Duration, UNIX_EPOCH};

fn files() -> Files {
    let files = Files::new()
        .with("data/a.csv", "ssn\n219-45-3456\n")
        .with("data/b.CSV", "ssn\n219-45-3456\n219-45-3457\n")
        .with("data/logs/c.txt", "x".repeat(100))
        .with("data/logs/old/d.csv.txt", "x".repeat(200))
        .with("data/none", "x");
    let old = File::options().append(true).open(files.file("data/logs/old/d.csv.txt")).unwrap();
    old.set_modified(UNIX_EPOCH + Duration::from_secs(1_000_000_000)).unwrap(); // 2001-09-09T01:46:40Z
    files
}

fn taken(scoping: &str) -> Vec<String> {
    let more = r#""jobType": "ONE_TIME","#;
    let bucket = r#""bucketDefinitions""#;
    let files = files().with("spec.json", spec(more).replace(bucket, &format!(r#""scoping": {scoping}, {bucket}"#)));
    analysed(&run_job(&files, &[]))
}

fn simple(key: &str, comparator: &str, values: &str) -> String {
    format!(r#"{{"simpleScopeTerm": {{"key": "{key}", "comparator": "{comparator}", "values": {values}}}}}"#)
}

fn includes(terms: &[String]) -> Vec<String> {
    taken(&format!(r#"{{"includes": {{"and": [{}]}}}}"#, terms.join(", ")))
}

fn excludes(terms: &[String]) -> Vec<String> {
    taken(&format!(r#"{{"excludes": {{"and": [{}]}}}}"#, terms.join(", ")))
}

const ALL: [&str; 5] = ["a.csv", "b.CSV", "logs/c.txt", "logs/old/d.csv.txt", "none"];

#[test]
fn extensions_are_told_apart_by_case_and_several_are_joined_by_or() {
    let term = |comparator, values| [simple("OBJECT_EXTENSION", comparator, values)];
    assert_eq!(includes(&term("EQ", r#"["csv"]"#)), ["a.csv"]);
    assert_eq!(includes(&term("EQ", r#"["csv", "CSV"]"#)), ["a.csv", "b.CSV"]);
    assert_eq!(includes(&term("NE", r#"["csv", "CSV"]"#)), ["logs/c.txt", "logs/old/d.csv.txt", "none"]);
    assert_eq!(excludes(&term("EQ", r#"["txt"]"#)), ["a.csv", "b.CSV", "none"]);
}

#[test]
fn keys_are_compared_from_their_first_character() {
    let term = |values| [simple("OBJECT_KEY", "STARTS_WITH", values)];
    assert_eq!(includes(&term(r#"["logs/"]"#)), ["logs/c.txt", "logs/old/d.csv.txt"]);
    assert_eq!(includes(&term(r#"["logs/o", "a"]"#)), ["a.csv", "logs/old/d.csv.txt"]);
    assert_eq!(includes(&term(r#"["old", "Logs"]"#)), [""; 0]);
}

#[test]
fn sizes_and_times_are_compared_in_every_way() {
    let size = |comparator, bytes: &str| includes(&[simple("OBJECT_SIZE", comparator, &format!("[{bytes:?}]"))]);
    assert_eq!(size("EQ", "100"), ["logs/c.txt"]);
    assert_eq!(size("NE", "100"), ["a.csv", "b.CSV", "logs/old/d.csv.txt", "none"]);
    assert_eq!(size("GT", "100"), ["logs/old/d.csv.txt"]);
    assert_eq!(size("GTE", "100"), ["logs/c.txt", "logs/old/d.csv.txt"]);
    assert_eq!(size("LT", "16"), ["none"]);
    assert_eq!(size("LTE", "16"), ["a.csv", "none"]);
    let time =
        |comparator, at: &str| includes(&[simple("OBJECT_LAST_MODIFIED_DATE", comparator, &format!("[{at:?}]"))]).len();
    for (comparator, before, same, after) in
        [("EQ", 0, 1, 0), ("NE", 5, 4, 5), ("GT", 5, 4, 4), ("GTE", 5, 5, 4), ("LT", 0, 0, 1), ("LTE", 0, 1, 1)]
    {
        assert_eq!(time(comparator, "2001-09-09T01:46:39Z"), before, "{comparator}");
        assert_eq!(time(comparator, "2001-09-09T01:46:40Z"), same, "{comparator}");
        assert_eq!(time(comparator, "2001-09-09T01:46:41Z"), after, "{comparator}");
    }
}

#[test]
fn conditions_are_joined_by_and_and_excludes_win() {
    let csv = simple("OBJECT_EXTENSION", "EQ", r#"["csv", "txt"]"#);
    let logs = simple("OBJECT_KEY", "STARTS_WITH", r#"["logs/"]"#);
    let large = simple("OBJECT_SIZE", "GT", r#"["150"]"#);
    assert_eq!(includes(&[csv.clone(), logs.clone()]), ["logs/c.txt", "logs/old/d.csv.txt"]);
    assert_eq!(excludes(&[logs.clone(), large.clone()]), ["a.csv", "b.CSV", "logs/c.txt", "none"]);
    let both = format!(r#"{{"includes": {{"and": [{csv}, {logs}]}}, "excludes": {{"and": [{large}]}}}}"#);
    assert_eq!(taken(&both), ["logs/c.txt"]);
    assert_eq!(taken("{}"), ALL);
    assert_eq!(taken(r#"{"includes": {"and": []}, "excludes": {}}"#), ALL);
}

#[test]
fn files_have_no_tags_and_the_run_says_so() {
    let tag = |comparator| {
        format!(
            r#"{{"tagScopeTerm": {{"key": "TAG", "comparator": "{comparator}", "target": "S3_OBJECT",
                "tagValues": [{{"key": "stage", "value": "test"}}]}}}}"#
        )
    };
    assert_eq!(includes(&[tag("EQ")]), [""; 0]);
    assert_eq!(includes(&[tag("NE")]), ALL);
    let scoping = format!(r#""scoping": {{"includes": {{"and": [{}]}}}}, "bucketDefinitions""#, tag("EQ"));
    let files =
        files().with("spec.json", spec(r#""jobType": "ONE_TIME","#).replace(r#""bucketDefinitions""#, &scoping));
    let run = run_job(&files, &[]);
    assert!(run.err.contains("names tags, which files do not have"), "{}", run.err);
    assert!(run.err.contains("0 of 0 objects in scope taken, 5 out of the scope of the job"), "{}", run.err);
}

#[test]
fn a_job_over_several_buckets_says_in_which_bucket_a_file_is() {
    let definition = r#"{"name": "two", "jobType": "ONE_TIME", "managedDataIdentifierSelector": "ALL", "s3JobDefinition":
        {"bucketDefinitions": [{"accountId": "111111111111", "buckets": ["second"]},
                               {"accountId": "222222222222", "buckets": ["first"]}]}}"#;
    let files = files().with("spec.json", definition).with("more/a.csv", "ssn\n219-45-3456\n");
    let arguments = |format: &str| -> Vec<String> {
        let [first, second] =
            [("first", "data"), ("second", "more")].map(|(name, folder)| format!("{name}={}", files.file(folder)));
        [
            "run".into(),
            files.file("spec.json"),
            "--bucket".into(),
            first,
            "--bucket".into(),
            second,
            "--format".into(),
            format.into(),
        ]
        .into()
    };
    let run = |format: &str| job(&files, &arguments(format).iter().map(String::as_str).collect::<Vec<_>>());
    let findings = run("json").json()["findings"].clone();
    let place = |finding: &Value| {
        let bucket = finding["resourcesAffected"]["s3Bucket"]["name"].as_str().unwrap().to_owned();
        let path = finding["resourcesAffected"]["s3Object"]["path"].as_str().unwrap().to_owned();
        (bucket, path, finding["accountId"].as_str().unwrap().to_owned())
    };
    let places: Vec<_> = findings.as_array().unwrap().iter().map(place).collect();
    let expected = [
        ("first", "first/a.csv", "222222222222"),
        ("first", "first/b.CSV", "222222222222"),
        ("second", "second/a.csv", "111111111111"),
    ];
    assert_eq!(
        places,
        expected.map(|(bucket, path, account)| (bucket.to_owned(), path.to_owned(), account.to_owned()))
    );
    let table = run("table").out;
    assert!(table.contains("first/a.csv") && table.contains("second/a.csv"), "{table}");
}

#[test]
fn buckets_are_chosen_by_criteria_among_those_that_have_a_folder() {
    let criteria = |criteria: &str| {
        let request = format!(
            r#"{{"name": "c", "jobType": "ONE_TIME", "managedDataIdentifierSelector": "ALL",
                "s3JobDefinition": {{"bucketCriteria": {criteria}}}}}"#
        );
        let files = files().with("spec.json", request).with("more/m.csv", "ssn\n219-45-3456\n");
        let (data, more) = (format!("uploads={}", files.file("data")), format!("other={}", files.file("more")));
        let spec = files.file("spec.json");
        analysed(&job(&files, &["run", &spec, "--bucket", &data, "--bucket", &more, "--format", "results"])).len()
    };
    let simple = |key: &str, comparator: &str, value: &str| {
        format!(r#"{{"simpleCriterion": {{"key": "{key}", "comparator": "{comparator}", "values": ["{value}"]}}}}"#)
    };
    let includes = |term: String| criteria(&format!(r#"{{"includes": {{"and": [{term}]}}}}"#));
    assert_eq!(criteria("{}"), 6);
    assert_eq!(includes(simple("S3_BUCKET_NAME", "EQ", "other")), 1);
    assert_eq!(includes(simple("S3_BUCKET_NAME", "NE", "other")), 5);
    assert_eq!(includes(simple("ACCOUNT_ID", "EQ", "111122223333")), 6);
    assert_eq!(includes(simple("S3_BUCKET_EFFECTIVE_PERMISSION", "EQ", "PUBLIC")), 0);
    assert_eq!(includes(simple("S3_BUCKET_SHARED_ACCESS", "EQ", "UNKNOWN")), 6);
    let excludes = format!(r#"{{"excludes": {{"and": [{}]}}}}"#, simple("S3_BUCKET_NAME", "EQ", "uploads"));
    assert_eq!(criteria(&excludes), 1);
    let tag = r#"{"tagCriterion": {"comparator": "NE", "tagValues": [{"key": "a", "value": ""}]}}"#;
    assert_eq!(includes(tag.into()), 6);
}

#[test]
fn a_percentage_of_the_objects_is_drawn_and_a_seed_draws_the_same_ones() {
    let mut files = Files::new().with("spec.json", spec(r#""jobType": "ONE_TIME", "samplingPercentage": 20,"#));
    for number in 0..500 {
        files = files.with(&format!("data/{number}.csv"), "id\n1\n");
    }
    let drawn = |seed: &str| analysed(&run_job(&files, &["--seed", seed]));
    let first = drawn("1");
    assert!((55..=145).contains(&first.len()), "{}", first.len());
    assert_eq!(drawn("1"), first);
    assert_ne!(drawn("2"), first);
}

#[test]
fn what_was_not_drawn_is_not_drawn_later_unless_it_changes() {
    let daily = super::DAILY;
    let mut files = Files::new().with("spec.json", spec(&format!(r#"{daily} "samplingPercentage": 50,"#)));
    for number in 0..40 {
        files = files.with(&format!("data/{number}.csv"), "id\n1\n");
    }
    let first = analysed(&run_job(&files, &[])).len();
    assert!(first > 0 && first < 40);
    assert_eq!(analysed(&run_job(&files, &[])), [""; 0]);
}

/// Ids of what a one-time job with these members finds.
fn detected(members: &str, more: &[&str]) -> Vec<String> {
    let request = spec(&format!(r#""jobType": "ONE_TIME", {members}"#))
        .replace(r#""managedDataIdentifierSelector": "ALL", "#, "");
    let files = Files::new()
        .with("spec.json", request)
        .with("badge.yaml", "- {id: my-badge, name: Badge, regex: 'B\\d{4}'}\n- {name: Desk, regex: 'D\\d{4}'}\n")
        .with("known.txt", "219-45-3456\n")
        .with("pattern.yaml", "name: Badges\nid: allowed-badges\ncriteria: {regex: 'B1\\d+'}\n")
        .with("data/a.csv", "ssn,full name,badge,desk\n219-45-3456,Jane Miller,B1234,D1234\n");
    let options: Vec<String> =
        more.iter().map(|text| if text.starts_with('-') { (*text).to_owned() } else { files.file(text) }).collect();
    let arguments = run_arguments(&files);
    let all: Vec<&str> = arguments.iter().chain(&options).map(String::as_str).collect();
    let run = job(&files, &all);
    assert_eq!(run.status, Some(0), "{}", run.err);
    let record: Value = serde_json::from_str(&run.out).unwrap();
    let result = &record["classificationDetails"]["result"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let managed = result["sensitiveData"].as_array().into_iter().flatten();
    let mut found: Vec<String> = managed
        .flat_map(|group| group["detections"].as_array().unwrap())
        .map(|detection| text(&detection["type"]))
        .collect();
    let custom = result["customDataIdentifiers"]["detections"].as_array().into_iter().flatten();
    found.extend(custom.map(|detection| text(&detection["name"])));
    found.sort();
    assert_eq!(described(&files)["jobStatus"], "COMPLETE");
    found
}

#[test]
fn the_selector_says_which_managed_identifiers_are_used() {
    let recommended = detected("", &[]);
    assert_eq!(recommended, ["USA_SOCIAL_SECURITY_NUMBER"]);
    assert_eq!(detected(r#""managedDataIdentifierSelector": "RECOMMENDED","#, &[]), recommended);
    assert_eq!(detected(r#""managedDataIdentifierSelector": "ALL","#, &[]), ["NAME", "USA_SOCIAL_SECURITY_NUMBER"]);
    let ids = r#""managedDataIdentifierIds": ["NAME"],"#;
    assert_eq!(detected(&format!(r#""managedDataIdentifierSelector": "INCLUDE", {ids}"#), &[]), ["NAME"]);
    assert_eq!(detected(&format!(r#""managedDataIdentifierSelector": "EXCLUDE", {ids}"#), &[]), recommended);
}

#[test]
fn custom_identifiers_and_allow_lists_are_found_by_id_and_by_name() {
    let custom = |ids: &str| format!(r#""managedDataIdentifierSelector": "NONE", "customDataIdentifierIds": {ids},"#);
    let definitions = ["-i", "badge.yaml"];
    assert_eq!(detected(&custom(r#"["my-badge"]"#), &definitions), ["Badge"]);
    assert_eq!(detected(&custom(r#"["my-badge", "Desk"]"#), &definitions), ["Badge", "Desk"]);
    let lists = ["-i", "badge.yaml", "--allow-list", "pattern.yaml", "--allow-list", "known.txt"];
    let allowing = |ids: &str| format!(r#"{} "allowListIds": {ids},"#, custom(r#"["my-badge", "Desk"]"#));
    assert_eq!(detected(&allowing(r#"["allowed-badges"]"#), &lists), ["Desk"]);
    // A list that the job does not name has no say.
    assert_eq!(detected(&allowing("[]"), &lists), ["Badge", "Desk"]);
    let both = r#""allowListIds": ["known.txt"], "managedDataIdentifierSelector": "ALL","#;
    assert_eq!(detected(both, &lists), ["NAME"]);
}
