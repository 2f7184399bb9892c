//! `lakegate events test`: exit statuses, and what it says about patterns and events.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;
mod shared_data;

use program::{Files, Run, lakegate, run, run_command};
use std::fs;
use std::io::Write;
use std::process::Stdio;

const EVENT: &str =
    r#"{"source": "aws.macie", "detail": {"severity": {"description": "Medium", "score": 2}, "n": [1, 2]}}"#;

fn test(pattern: &str, event: &str) -> Run {
    let files = Files::new().with("pattern.json", pattern).with("event.json", event);
    run(&["events", "test", "--pattern", &files.file("pattern.json"), "--event", &files.file("event.json")])
}

#[test]
fn the_exit_status_is_the_answer() {
    let matching = test(r#"{"detail": {"severity": {"score": [{"numeric": [">", 1]}]}}}"#, EVENT);
    assert_eq!((matching.status, matching.out.as_str()), (Some(0), "match\n"), "{}", matching.err);
    assert_eq!(test(r#"{"source": ["aws.s3"]}"#, EVENT).status, Some(1));
    assert_eq!(test(r#"{"source": "aws.s3"}"#, EVENT).status, Some(2));
    assert_eq!(test(r#"{"source": ["aws.s3"]}"#, "[]").status, Some(2));
    assert_eq!(run(&["events", "test", "--pattern", "nowhere.json", "--event", "nowhere.json"]).status, Some(2));
    assert_eq!(run(&["events", "test"]).status, Some(2));
}

#[test]
fn the_member_that_fails_is_named_with_what_is_wanted_and_what_there_is() {
    let run =
        test(r#"{"source": ["aws.macie"], "detail": {"severity": {"description": ["High", {"prefix": "L"}]}}}"#, EVENT);
    assert_eq!(
        run.out,
        "no match\n  detail.severity.description: wanted \"High\" or {\"prefix\": \"L\"}; the event has \"Medium\"\n"
    );
    let run = test(r#"{"$or": [{"account": ["1"]}, {"detail": {"n": [{"numeric": [">", 2]}]}}]}"#, EVENT);
    assert_eq!(
        run.out,
        "no match\n  account: wanted \"1\"; the event has no value there\n  detail.n: wanted {\"numeric\": [\">\", 2]}; the event has 1, 2\n"
    );
    let run = test(r#"{"a": {"x": [1], "y": [2]}}"#, r#"{"a": [{"x": 1, "y": 1}, {"x": 2, "y": 2}]}"#);
    assert!(run.out.contains("a.y: wanted 2; the event has that only in other array elements"), "{}", run.out);
}

#[test]
fn a_bad_pattern_is_refused_with_place_and_reason() {
    for (pattern, place, reason) in [
        ("{\"a\":\n 1}", "line 2, column 2 ($.a)", "this is a number"),
        (r#"{"a": [{"prefx": "x"}]}"#, "line 1, column 8 ($.a[0])", "did you mean \"prefix\"?"),
        (r#"{"a": [{"numeric": [">", 5, "<", 1]}]}"#, "($.a[0].numeric)", "less than the second"),
        (r#"{"a": [{"wildcard": "a**b"}]}"#, "line 1, column 21 ($.a[0].wildcard)", "side by side"),
        (r#"{"a": [{"cidr": "10.0.0.0/40"}]}"#, "($.a[0].cidr)", "from 0 to 32"),
        (r#"{"a": ["x"}"#, "line 1", "not JSON"),
        (r#"{"a": []}"#, "($.a)", "empty"),
        (r#"{"$or": [{"a": ["x"]}]}"#, "($.$or)", "at least two"),
    ] {
        let run = test(pattern, "{}");
        assert_eq!(run.status, Some(2), "{pattern}");
        assert!(run.err.contains(place) && run.err.contains(reason), "{pattern}\n{}", run.err);
    }
}

#[test]
fn standard_input_can_be_the_event() {
    let files = Files::new().with("pattern.json", r#"{"source": ["aws.macie"]}"#);
    let mut command = lakegate();
    let pattern = files.file("pattern.json");
    command
        .args(["events", "test", "--pattern", &pattern, "--event", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(EVENT.as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(run(&["events", "test", "--pattern", "-", "--event", "-"]).status, Some(2));
}

#[test]
fn cases_are_answered_one_a_line() {
    let files = Files::new().with(
        "cases.jsonl",
        "{\"pattern\": {\"a\": [1]}, \"event\": {\"a\": 1.0}}\n\n{\"pattern\": \"{\\\"a\\\": [1]}\", \"event\": \"{}\"}\n{\"pattern\": 1, \"event\": {}}\n",
    );
    let answers = run(&["events", "test", "--cases", &files.file("cases.jsonl")]);
    assert_eq!((answers.status, answers.out.as_str()), (Some(0), "true\nfalse\ninvalid\n"));
    assert!(answers.err.contains("line 4: pattern: line 1, column 1 ($)"), "{}", answers.err);
    let files = files.with("cases.jsonl", "{\"pattern\": {}}\n");
    assert_eq!(run(&["events", "test", "--cases", &files.file("cases.jsonl")]).status, Some(2));
}

#[test]
fn cases_of_other_hands_are_answered_as_in_aws() {
    for name in ["ruler-cases.jsonl", "ruler-invalid-patterns.jsonl", "macie-finding-patterns.jsonl"] {
        let Some(path) = shared_data::data(&format!("event-patterns/{name}")) else { continue };
        let mut command = lakegate();
        let answers = run_command(command.args(["events", "test", "--cases"]).arg(&path));
        let expected: String = fs::read_to_string(&path)
            .unwrap()
            .lines()
            .map(|line| match serde_json::from_str::<serde_json::Value>(line).unwrap()["match"].as_bool() {
                Some(answer) => format!("{answer}\n"),
                None => "invalid\n".to_owned(),
            })
            .collect();
        assert_eq!(answers.out, expected, "{name}");
        assert_eq!(answers.status, Some(0));
    }
}
