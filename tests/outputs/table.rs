//! The table on a terminal, and the summary that goes with every format.

use crate::samples::{EMPLOYEE, SSN, fill, lines, report, reports, tally, written};
use lakegate::model::{Coverage, ObjectReport, Reason, Severity};
use lakegate::outputs::{Format, Look, Summary};
use std::time::Duration;

fn table(width: usize, reports: &[ObjectReport]) -> String {
    written(Format::Table(Look { width, colour: false }), reports)
}

#[test]
fn the_table_shows_the_worst_files_first_and_for_each_what_how_often_and_where() {
    let expected = "\
HIGH  4 files
  config/deploy.sh  Credentials
    High        1  AWS_CREDENTIALS  line 3

  csv/patients.csv  Personal
    High       39  USA_PASSPORT_NUMBER         PASSPORT (39 of 42)
    High       42  USA_SOCIAL_SECURITY_NUMBER  SSN (42 of 42)
    Medium     42  DATE_OF_BIRTH               BIRTHDATE (42 of 42)
    Medium     50  NAME                        FIRST (42 of 42), MAIDEN (8 of 9)
    Low        59  ARGENTINA_ORGANIZATION_TAX_IDENTIFICATION_NUMBER
                                               NOTES (59 in 42 values)

  csv/payments.csv  Financial
    High    1,200  CREDIT_CARD_NUMBER  column 3 (1,200 of 1,200)

  json/people.jsonl  Multiple
    High    1,000  NAME                        $.name[*].given (1,000)
    High        2  USA_SOCIAL_SECURITY_NUMBER  $['Patient's data'].ssn (1),
                                               path withheld (1)
    Medium      1  Employee number             $.staff[*]['Employee No'] (1)

MEDIUM  2 files
  hr/staff.csv  CustomIdentifier, partly analysed
    Medium      4  Employee number  id (3), line 90

  notes/visit  Personal
    Medium      2  DATE_OF_BIRTH  lines 12, 51

Not fully analysed
  PARTIAL  hr/staff.csv
           UNABLE_TO_PARSE_FILE: From row 5 on it was read as text.
  SKIPPED  logs/app.jsonl.gz
           MALFORMED_FILE: The compressed data ends early.

6 findings in 9 objects: 4 High, 2 Medium
Out of scope, of a format that is not analysed: 1 object (1 .png)
";
    assert_eq!(table(80, &reports()), expected);
}

#[test]
fn a_wider_terminal_puts_places_beside_long_names() {
    let expected = "    Low        59  ARGENTINA_ORGANIZATION_TAX_IDENTIFICATION_NUMBER  NOTES (59 in 42 values)\n";
    assert!(table(120, &reports()).contains(expected));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let mut wide = tally();
    for column in 1..=60 {
        fill(&mut wide, EMPLOYEE, column, Some(&"COLUMN_WITH_A_LONG_NAME_".repeat(4)), 2..=3);
    }
    let mut reports = reports();
    reports.push(report(&"a folder with a long name/".repeat(8), "text/csv", wide));
    for width in 10..=130 {
        for line in table(width, &reports).lines() {
            assert!(line.chars().count() <= width, "{width}: {line}");
            assert_eq!(line, line.trim_end());
        }
    }
}

#[test]
fn a_long_key_is_shortened_in_its_middle() {
    let mut found = tally();
    found.add(SSN, lines(1, 1, 1));
    let key = format!("exports/{}/patients.csv", "2025/".repeat(30));
    let table = table(60, &[report(&key, "text/csv", found)]);
    let key = table.lines().nth(1).unwrap();
    assert!(key.starts_with("  exports/2025/") && key.ends_with("/patients.csv  Personal"), "{key}");
}

#[test]
fn names_cannot_act_on_the_terminal() {
    let mut found = tally();
    fill(&mut found, SSN, 1, Some("\u{1b}[2K\u{9b}31mNAME\u{202e}"), 2..=2);
    let mut hostile = report("drop\n\u{1b}]0;owned\u{7}.csv", "text/csv", found);
    hostile.coverage = Coverage::partial(Reason::MalformedFile, "Ended\rearly");
    let reports = [hostile];
    let summary = Summary::of(&reports).text(Duration::from_secs(1));
    for text in [table(80, &reports), summary] {
        let harmful = |character: char| (character.is_control() && character != '\n') || character == '\u{202e}';
        assert!(!text.contains(harmful), "{text:?}");
        assert!(text.contains("drop\\n\\u{1b}]0;owned\\u{7}.csv"), "{text}");
    }
}

#[test]
fn colour_is_used_only_when_asked_for_and_changes_no_text() {
    let coloured = written(Format::Table(Look { width: 80, colour: true }), &reports());
    assert!(coloured.starts_with("\u{1b}[1;31mHIGH"), "{coloured:?}");
    let mut plain = String::new();
    for piece in coloured.split('\u{1b}') {
        plain.push_str(if plain.is_empty() { piece } else { piece.split_once('m').unwrap().1 });
    }
    let plain = plain.trim_start_matches("[1;31m");
    assert_eq!(plain, table(80, &reports()));
}

#[test]
fn a_drop_without_findings_is_said_to_be_without() {
    let clean = [report("a.csv", "text/csv", tally())];
    assert_eq!(table(80, &clean), "No findings in 1 object\n");
}

#[test]
fn the_summary_says_what_was_examined_found_and_left_out() {
    let reports = reports();
    let summary = Summary::of(&reports);
    assert_eq!(summary.highest(), Some(Severity::High));
    let expected = "\
Examined 7 of 9 objects, 14.3 kB in 2.00 s (7.2 kB/s)
6 findings in 9 objects: 4 High, 2 Medium
By type: 1 Credentials, 1 CustomIdentifier, 1 Financial, 1 Multiple, 2 Personal
Not fully analysed: 2 objects
  hr/staff.csv: PARTIAL, UNABLE_TO_PARSE_FILE: From row 5 on it was read as text.
  logs/app.jsonl.gz: SKIPPED, MALFORMED_FILE: The compressed data ends early.
Out of scope, of a format that is not analysed: 1 object (1 .png)
";
    assert_eq!(summary.text(Duration::from_secs(2)), expected);
}

#[test]
fn a_summary_of_very_many_broken_objects_names_the_first_and_counts_the_rest() {
    let broken: Vec<ObjectReport> = (0..50)
        .map(|number| {
            let mut broken = report(&format!("{number:02}.gz"), "application/gzip", tally());
            broken.coverage = Coverage::skipped(Reason::MalformedFile, "");
            broken
        })
        .collect();
    let text = Summary::of(&broken).text(Duration::ZERO);
    assert!(text.starts_with("Examined 0 of 50 objects"), "{text}");
    assert!(text.contains("  19.gz: SKIPPED, MALFORMED_FILE\n  and 30 more, which the format `results` names\n"));
}
