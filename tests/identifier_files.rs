//! What `lakegate identifiers check` says about files of managed identifiers: file, line, column and a plain sentence.

use assert_cmd::Command;
use std::fs;

const GOOD: &str = "\
sensitive_data_type: Membership number
category: PERSONAL_INFORMATION
about: The number of a member of the club.
identifiers:
  - id: CLUB_MEMBER
    name: Club member
    countries: [any]
    keyword_mode: required
    keywords: [member]
    severity: [Low, Medium, High]
    patterns:
      - regex: '[0-9]{6}'
        checks:
          - luhn: {}
    about: Six digits, the last a check digit.
    examples:
      - text: 'member 100008'
        found: ['100008']
    counter_examples:
      - text: 'member 100007'
        because: The check digit is wrong.
";

/// Exit status, standard output and standard error of a check of one file.
fn check(text: &str) -> (i32, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("club.yaml"), text).expect("a file");
    let mut program = Command::cargo_bin("lakegate").expect("the program");
    let run = program.current_dir(folder.path()).args(["identifiers", "check", "club.yaml"]).output();
    let output = run.expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// Replaces one part of the good file and expects the complaint.
fn expect(good: &str, broken: &str, complaint: &str) {
    assert!(GOOD.contains(good), "{good}");
    let (status, stdout, stderr) = check(&GOOD.replacen(good, broken, 1));
    assert_eq!(stderr, format!("lakegate: {complaint}\n"));
    assert_eq!(stdout, "");
    assert_eq!(status, 2);
}

#[test]
fn a_good_file_has_no_problem() {
    let (status, stdout, stderr) = check(GOOD);
    assert_eq!((status, stderr.as_str()), (0, ""));
    assert_eq!(stdout, "1 managed and 0 custom identifiers: no problem found\n");
}

#[test]
fn an_unknown_member_is_named_with_those_there_are() {
    expect(
        "          - luhn: {}",
        "          - lunh: {}",
        "club.yaml:14:13: there is no member \"lunh\" here; the members are luhn, weighted, verhoeff, iso7064, rule",
    );
}

#[test]
fn a_wrong_type_is_said_in_plain_words() {
    expect(
        "    severity:",
        "    priority: high\n    severity:",
        "club.yaml:10:15: priority: a whole number from 0 to 255 is expected, not the text \"high\"",
    );
    expect("[member]", "member", "club.yaml:9:15: keywords: a list is expected, not the text \"member\"");
    expect("[Low, Medium, High]", "[Low, High]", "club.yaml:10:15: severity: the list has 2 values; 3 are expected");
}

#[test]
fn a_missing_member_is_named() {
    expect("    name: Club member\n", "", "club.yaml:5:5: the member \"name\" is missing");
    expect(
        "sensitive_data_type: Membership number\n",
        "",
        "club.yaml:1:1: the member \"sensitive_data_type\" is missing",
    );
}

#[test]
fn a_word_that_is_not_one_of_the_words_is_answered_with_them() {
    expect("required", "always", "club.yaml:8:19: keyword_mode: \"always\" is none of required, none, conditional");
}

#[test]
fn an_unknown_rule_is_reported_at_its_pattern() {
    expect("- luhn: {}", "- rule: lunh", "club.yaml:12:9: CLUB_MEMBER: there is no rule called \"lunh\"");
}

#[test]
fn a_regex_that_does_not_compile_is_reported_at_its_pattern() {
    expect("[0-9]{6}", "([0-9]{6}", "club.yaml:12:9: CLUB_MEMBER: the regex does not compile: unclosed group");
}

#[test]
fn a_pattern_with_two_forms_or_none_is_refused() {
    let complaint = "club.yaml:12:9: CLUB_MEMBER: a pattern has either regex or iban";
    expect("- regex: '[0-9]{6}'", "- regex: '[0-9]{6}'\n        iban: AL2!n8!n16!c", complaint);
    expect("- regex: '[0-9]{6}'", "- named_only: true", complaint);
}

#[test]
fn an_example_that_does_not_hold_is_reported_at_its_line() {
    expect(
        "'member 100008'",
        "'number 100008'",
        "club.yaml:17:9: CLUB_MEMBER: \"number 100008\" in running text: [\"100008\"] should be found, [] is",
    );
    expect(
        "'member 100007'",
        "'member 100008'",
        "club.yaml:20:9: CLUB_MEMBER: \"member 100008\" in running text: nothing should be found \
         (The check digit is wrong.), [\"100008\"] is",
    );
}

#[test]
fn an_id_that_comes_twice_is_refused_where_it_comes_again() {
    let second = GOOD.split_once("identifiers:\n").unwrap().1;
    let (status, _, stderr) = check(&format!("{GOOD}{second}"));
    assert_eq!(stderr, "lakegate: club.yaml:22:9: CLUB_MEMBER: another identifier in club.yaml has this id\n");
    assert_eq!(status, 2);
}

#[test]
fn text_that_is_no_yaml_is_reported_where_it_breaks() {
    expect("'member 100008'", "'member 100008", "club.yaml:18:18: this is not YAML: did not find expected key");
    expect(
        "    name: Club",
        "\tname: Club",
        "club.yaml:6:1: this is not YAML: found a tab character that violates indentation",
    );
}

#[test]
fn all_broken_files_of_a_folder_are_reported_at_once() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.yaml"), GOOD.replacen("required", "always", 1)).unwrap();
    fs::write(folder.path().join("b.yaml"), GOOD.replacen("    name: Club member\n", "", 1)).unwrap();
    fs::write(folder.path().join("c.yaml"), GOOD).unwrap();
    let output =
        Command::cargo_bin("lakegate").unwrap().args(["identifiers", "check"]).arg(folder.path()).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines: Vec<&str> = stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{stderr}");
    assert!(lines[0].contains("a.yaml:8:19: keyword_mode"), "{stderr}");
    assert!(lines[1].contains("b.yaml:5:5: the member"), "{stderr}");
}
