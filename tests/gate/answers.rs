//! Answers of docs/gate.md that no other test gives.

use crate::program::{Files, run};
use lakegate::model::ObjectInfo;
use lakegate::scan::Scanner;
use std::fmt::Write;
use std::sync::LazyLock;

static SCANNER: LazyLock<Scanner> = LazyLock::new(|| Scanner::builder().build().unwrap());

/// The ids of what is found, each with its count.
fn found(name: &str, content: &str) -> Vec<(String, u64)> {
    let object = ObjectInfo { key: name.into(), ..ObjectInfo::default() };
    let detections = SCANNER.scan_object(object, content.as_bytes()).finding.map(|finding| finding.detections);
    let of = |found: lakegate::model::Detection| (found.identifier.id.clone(), found.count);
    detections.into_iter().flatten().map(of).collect()
}

fn column(name: &str, value: impl Fn(u64) -> String) -> String {
    (1..=200).fold(format!("key,{name}\n"), |mut text, row| {
        let _ = writeln!(text, "{row},{}", value(row));
        text
    })
}

#[test]
fn numbers_that_only_look_like_something_are_nothing() {
    let log = "2024-05-17T12:01:45.219093456Z INFO order 4111111111111 took 0.219093456 s\n\
               request 219093456-0001 from build 7.219.45.3456, pixel 1024x4532015112830\n\
               id 550e8400-e29b-41d4-a716-446655440000, checksum 219453456f00, epoch 1715947305219\n";
    assert_eq!(found("app.log", &log.repeat(50)), []);
    for (name, decimals) in [("lat", 15), ("amount", 9)] {
        assert_eq!(found("t.csv", &column(name, |row| format!("-71.{:0decimals$}", row * 219_093_456))), [], "{name}");
    }
}

#[test]
fn a_column_of_nine_digits_is_no_column_of_social_security_numbers_unless_its_name_says_so() {
    let number = |row: u64| format!("{}", 219_450_000 + row * 7 + 1);
    for name in ["business_id", "establishment", "account_ref", "invoice"] {
        assert_eq!(found("t.csv", &column(name, number)), [], "{name}");
    }
    assert_eq!(found("t.csv", &column("ssn", number)), [("USA_SOCIAL_SECURITY_NUMBER".to_owned(), 200)]);
}

#[test]
fn a_header_that_names_the_thing_is_keyword_enough() {
    for (name, value, id) in [
        ("drivers_license", "S99912345", "DRIVERS_LICENSE"),
        ("PassportNumber", "912803456", "PASSPORT_NUMBER"),
        ("npi", "1234567893", "USA_NATIONAL_PROVIDER_IDENTIFIER"),
        ("bank_account_number", "123456789012", "BANK_ACCOUNT_NUMBER"),
    ] {
        let found = found("t.csv", &column(name, |_| value.to_owned()));
        assert!(found.iter().any(|(found, count)| found.contains(id) && *count == 200), "{name}: {found:?}");
    }
}

#[test]
fn a_keyword_is_a_whole_word() {
    assert_eq!(
        found("a.txt", &"The public record S12345678 of the licensor, passports aside 912803456x.\n".repeat(9)),
        []
    );
    let licence = found("a.txt", "driver license S12345678\n");
    assert!(licence.iter().any(|(id, _)| id.contains("LICENSE")), "{licence:?}");
}

#[test]
fn a_check_digit_alone_is_no_certainty() {
    // One ten-digit number in eleven has the check digit of an NHS number.
    let found = found("t.csv", &column("order_no", |row| (4_505_577_000 + row).to_string()));
    assert_eq!(found, []);
}

#[test]
fn a_definition_that_finds_nothing_says_why() {
    let why = |arguments: &[&str]| {
        let run = run(&[&["identifiers", "test"][..], arguments].concat());
        assert_eq!((run.status, run.out.as_str()), (Some(0), "{\"matchCount\": 0}\n"));
        run.err
    };
    let sample = "the badge of the person at the door is EMP-123456";
    assert!(why(&["--regex", r"emp-\d{6}", sample]).contains("matches nothing in the sample"));
    let badge = ["--regex", r"EMP-\d{6}", "--keyword"];
    assert!(
        why(&[&badge[..], &["licence", sample]].concat()).contains("matches once, but no keyword stands within 300")
    );
    let far = why(&[&badge[..], &["badge", "--distance", "10", sample]].concat());
    assert!(far.contains("farther than 10 characters") && far.contains("finds 1"), "{far}");
    let ignored = why(&[&badge[..], &["badge", "--ignore-word", "1234", sample]].concat());
    assert!(ignored.contains("ignore word"), "{ignored}");
}

#[test]
fn a_limit_that_leaves_something_out_is_told_with_its_object_and_status_3() {
    let files = Files::new().with("big.csv", column("n", |row| row.to_string())).with("small.csv", "id\n1\n");
    let run = run(&["scan", files.path().to_str().unwrap(), "--max-size", "100"]);
    assert_eq!(run.status, Some(3));
    assert!(
        run.err.contains("Examined 1 of 2 objects") && run.err.contains("big.csv: SKIPPED, FILE_EXCEEDS_SIZE_LIMIT")
    );
}
