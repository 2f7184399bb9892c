//! Allow lists: texts that are no sensitive data although an identifier matches them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use lakegate::identifiers::allow_list::{AllowList, AllowScope, AllowedTexts};
use lakegate::identifiers::custom::{CustomIdentifier, DEFAULT_DISTANCE, Origin};
use lakegate::model::ObjectInfo;
use lakegate::scan::Scanner;
use program::{Files, run};
use proptest::prelude::*;
use std::ops::Range;
use std::sync::LazyLock;

fn custom() -> CustomIdentifier {
    CustomIdentifier {
        id: "badge".into(),
        name: "Badge".into(),
        description: String::new(),
        regex: r"B[0-9]{4}".into(),
        keywords: Vec::new(),
        ignore_words: Vec::new(),
        maximum_match_distance: DEFAULT_DISTANCE,
        severity_levels: Vec::new(),
        origin: Origin { file: "test".into(), line: 1 },
    }
}

fn list(id: &str, texts: AllowedTexts) -> AllowList {
    let origin = Origin { file: "test".into(), line: 1 };
    AllowList { id: id.into(), name: id.into(), logical_id: None, texts, scope: AllowScope::default(), origin }
}

fn scanner(lists: Vec<AllowList>) -> Scanner {
    Scanner::builder().custom([custom()]).allow_lists(lists).build().unwrap()
}

/// What the lists of the tests allow, said as plainly as can be.
fn oracle_allows(text: &str) -> bool {
    let lower = text.to_lowercase();
    let one_line = lower.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = if lower.contains('\n') { one_line } else { lower };
    WORDS.iter().any(|word| word.to_lowercase() == lower)
        || (text.len() == 5 && text.starts_with("B00") && text[3..].bytes().all(|byte| byte.is_ascii_digit()))
}

const WORDS: [&str; 6] =
    ["219-45-3456", "4111111111111111", "Jane Miller", "b1234", "+49 30 901820", "12 Main Street, Boston, MA 02101"];

static PLAIN: LazyLock<Scanner> = LazyLock::new(|| scanner(Vec::new()));
static ALLOWING: LazyLock<Scanner> = LazyLock::new(|| {
    let words = WORDS.iter().map(|word| (*word).to_owned()).collect();
    scanner(vec![list("words", AllowedTexts::Words(words)), list("pattern", AllowedTexts::Regex("B00[0-9]{2}".into()))])
});

/// A text in which identifiers occur, allowed ones and others, one of which may contain the other.
fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(WORDS.to_vec()).prop_map(str::to_owned),
        proptest::sample::select(vec![
            "219-45-3457",
            "5500005555555559",
            "JANE MILLER",
            "Jane\nMiller",
            "Robert Jones",
            "B0012",
            "B00123",
            "b1234",
            "B1234",
            "ssn",
            "credit card",
            "phone",
            "name:",
            "12 Main Street, Boston, MA 02101",
            "34 Oak Avenue, Denver, CO 80202",
            "4111111111111111.",
        ])
        .prop_map(str::to_owned),
        "B0[0-9]{3}",
        "[a-z]{1,6}",
    ]
}

fn expected(column: Option<&str>, text: &str) -> Vec<(usize, Range<usize>)> {
    let address = PLAIN.engine().managed.mailing_address().map(usize::from);
    let mut found = PLAIN.engine().inspect(column, text);
    found.retain(|(identifier, range)| Some(*identifier) == address || !oracle_allows(&text[range.clone()]));
    found
}

/// Occurrences by identifier.
fn counts(scanner: &Scanner, key: &str, content: &str) -> Vec<(String, u64)> {
    let object = ObjectInfo { key: key.into(), size: content.len() as u64, ..ObjectInfo::default() };
    let report = scanner.scan_object(object, content.as_bytes());
    let detections = report.finding.map(|finding| finding.detections).unwrap_or_default();
    detections.into_iter().map(|detection| (detection.identifier.id.clone(), detection.count)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_list_takes_away_exactly_the_matches_whose_text_it_allows(
        fragments in proptest::collection::vec(fragment(), 1..8),
        separator in proptest::sample::select(vec![" ", "\n", ", "]),
    ) {
        let text = fragments.join(separator);
        prop_assert_eq!(ALLOWING.engine().inspect(None, &text), expected(None, &text));
        for column in ["ssn", "full name", "notes", "phone", "credit card number"] {
            prop_assert_eq!(ALLOWING.engine().inspect(Some(column), &text), expected(Some(column), &text), "{}", column);
        }
    }

    #[test]
    fn in_a_table_every_cell_with_an_allowed_value_counts_for_nothing_however_often_it_comes(
        cells in proptest::collection::vec((0..4usize, 0..3usize), 1..400),
    ) {
        let numbers = ["219-45-3456", "219-45-3457", "219-45-3458", ""];
        let badges = ["B0012", "B1234", "B7777"];
        let mut content = String::from("ssn,badge\n");
        for (number, badge) in &cells {
            content.extend([numbers[*number], ",", badges[*badge], "\n"]);
        }
        let number = |wanted: &[usize]| cells.iter().filter(|cell| wanted.contains(&cell.0)).count() as u64;
        let badge = cells.iter().filter(|cell| cell.1 == 2).count() as u64;
        let wanted: Vec<(String, u64)> = [("badge", badge), ("USA_SOCIAL_SECURITY_NUMBER", number(&[1, 2]))]
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(identifier, count)| (identifier.to_owned(), count))
            .collect();
        let mut found = counts(&ALLOWING, "a.csv", &content);
        found.sort_by_key(|(identifier, _)| identifier != "badge");
        prop_assert_eq!(found, wanted);
    }
}

#[test]
fn the_lists_of_the_tests_allow_something_and_not_everything() {
    let text = "ssn 219-45-3456, ssn 219-45-3457, B0012, B1234, B7777";
    assert_eq!(PLAIN.engine().inspect(None, text).len(), 5);
    assert_eq!(ALLOWING.engine().inspect(None, text).len(), 2);
}

#[test]
fn an_allowed_value_is_left_out_of_tables_records_text_and_documents() {
    for (key, content) in [
        ("a.csv", "id,ssn\n1,219-45-3456\n2,219-45-3457\n"),
        ("a.json", r#"{"people": [{"ssn": "219-45-3456"}, {"ssn": "219-45-3457"}]}"#),
        ("a.jsonl", "{\"ssn\": \"219-45-3456\"}\n{\"ssn\": \"219-45-3457\"}\n"),
        ("a.txt", "the ssn 219-45-3456 and the ssn 219-45-3457\n"),
        ("a.xml", "<people><ssn>219-45-3456</ssn><ssn>219-45-3457</ssn></people>"),
        ("a.yaml", "people:\n  - ssn: 219-45-3456\n  - ssn: 219-45-3457\n"),
        ("a.html", "<p>the ssn 219-45-3456</p><p>the ssn 219-45-3457</p>"),
    ] {
        let one = |count| vec![("USA_SOCIAL_SECURITY_NUMBER".to_owned(), count)];
        assert_eq!(counts(&PLAIN, key, content), one(2), "{key}");
        assert_eq!(counts(&ALLOWING, key, content), one(1), "{key}");
    }
}

#[test]
fn mailing_addresses_cannot_be_allowed() {
    let text = "12 Main Street, Boston, MA 02101";
    let found = counts(&ALLOWING, "a.txt", text);
    assert_eq!(found, [("ADDRESS".to_owned(), 1)]);
    assert_eq!(found, counts(&PLAIN, "a.txt", text));
}

fn people() -> Files {
    Files::new().with("data/a.csv", "ssn\n219-45-3456\n219-45-3457\n219-45-3458\n")
}

/// Occurrences that a scan with these lists reports.
fn reported(files: &Files, lists: &[&str]) -> u64 {
    let mut arguments = vec!["scan".to_owned(), files.file("data"), "--format".into(), "json".into()];
    for list in lists {
        arguments.extend(["--allow-list".into(), files.file(list)]);
    }
    let run = run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(run.status, Some(0), "{}", run.err);
    let findings = run.json()["findings"].clone();
    let detections = &findings[0]["classificationDetails"]["result"]["sensitiveData"][0]["detections"];
    detections[0]["count"].as_u64().unwrap_or_default()
}

#[test]
fn a_scan_takes_lists_of_words_requests_and_templates() {
    let files = people()
        .with("words.txt", "\u{feff}\n219-45-3456\r\n\n  219-45-3457  \n# 219-45-3458\n")
        .with("regex.yaml", "name: Test numbers\ncriteria: {regex: '219-45-345[67]'}\n")
        .with(
            "regex.json",
            r#"{"allowLists": [{"name": "A", "criteria": {"regex": "219-45-345[5-8]"}, "id": "mine"}]}"#,
        )
        .with(
            "s3.json",
            r#"{"name": "W", "criteria": {"s3WordsList": {"bucketName": "lists", "objectKey": "in/w.txt"}}}"#,
        )
        .with("lists/in/w.txt", "219-45-3458\n")
        .with(
            "template.yaml",
            "Resources:
  Known:
    Type: AWS::Macie::AllowList
    Properties:
      Name: Known
      Criteria: {S3WordsList: {BucketName: !Ref Bucket, ObjectKey: lists/in/w.txt}}
  Queue: {Type: AWS::SQS::Queue}
",
        );
    assert_eq!(reported(&files, &[]), 3);
    assert_eq!(reported(&files, &["words.txt"]), 1);
    assert_eq!(reported(&files, &["regex.yaml"]), 1);
    assert_eq!(reported(&files, &["regex.json"]), 0);
    assert_eq!(reported(&files, &["s3.json"]), 2);
    assert_eq!(reported(&files, &["template.yaml"]), 2);
    assert_eq!(reported(&files, &["words.txt", "s3.json"]), 0);
    assert_eq!(reported(&files, &["lists/in"]), 2);
}

#[test]
fn a_list_that_breaks_a_limit_is_refused_with_its_place_and_nothing_is_scanned() {
    let long = "x".repeat(91);
    let secret = format!("fine\n{long}\n");
    let many = "x\n".repeat(100_001);
    let files = people()
        .with("long.txt", &secret)
        .with("many.txt", &many)
        .with("empty.txt", "\n \n")
        .with("latin.txt", b"ok\nM\xFCller\n")
        .with("unknown.yaml", "name: A\ncriterion: {regex: a}\n")
        .with("both.json", "{\"name\": \"A\",\n \"criteria\": {\"regex\": \"a\", \"s3WordsList\": {}}}")
        .with("regex.yaml", "name: A\ncriteria:\n  regex: '(?=a)b'\n")
        .with("away.yaml", "name: A\ncriteria: {s3WordsList: {bucketName: abc, objectKey: words.txt}}\n")
        .with("out.yaml", "name: A\ncriteria: {s3WordsList: {bucketName: abc, objectKey: ../data/a.csv}}\n")
        .with("twice.yaml", "- {name: A, criteria: {regex: a}}\n- {name: A, criteria: {regex: b}}\n")
        .with("other.yaml", "regex: a\n")
        .with("none.yaml", "Resources: {Queue: {Type: AWS::SQS::Queue}}\n");
    for (list, complaint) in [
        ("long.txt", "long.txt:2:1: the entry has 91 characters; an entry of an allow list has 1 to 90"),
        ("many.txt", "many.txt:100001:1: this is entry 100001; an allow list has at most 100000"),
        ("empty.txt", "empty.txt: holds no entry"),
        ("latin.txt", "latin.txt:2:2: this byte is not UTF-8 text"),
        ("unknown.yaml", "unknown.yaml:2:1: unknown member \"criterion\"; did you mean \"criteria\"?"),
        ("both.json", "both.json:2:14: the criteria of an allow list are either regex or s3WordsList"),
        ("regex.yaml", "regex.yaml:3:10: regex: at character 1"),
        ("away.yaml", "away.yaml:2:11: the words of allow list \"A\" are in S3; put a copy"),
        ("out.yaml", "does not stay below the folder of its bucket"),
        ("twice.yaml", "twice.yaml:2:1: allow list \"A\" has the id of the one at"),
        ("other.yaml", "other.yaml:1:1: this is not an allow list"),
        ("none.yaml", "declares no resource"),
        ("missing.txt", "missing.txt: cannot be read"),
    ] {
        let run = run(&["scan", &files.file("data"), "--allow-list", &files.file(list)]);
        assert_eq!((run.status, run.out.as_str()), (Some(2), ""), "{list}");
        assert!(run.err.contains(complaint), "{list}: {}", run.err);
        assert!(!run.err.contains(&long), "an entry is not shown: {}", run.err);
    }
}
