//! lakegate.yaml: where it is found, what it sets, what wins, what is refused, and what its schema says.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod init;
#[path = "../program/mod.rs"]
mod program;
mod schema;
mod show;

use program::{Files, Run, lakegate, run_command};
use std::fs;

const PERSON: &str = "id,SSN\n1,219-45-3456\n";

fn files() -> Files {
    Files::new()
        .with("drop/people.csv", PERSON)
        .with("drop/deep/more.csv", PERSON)
        .with("drop/clean.csv", "id,count\n1,5\n")
}

/// Runs the program in a folder of the files.
fn run_in(files: &Files, folder: &str, arguments: &[&str]) -> Run {
    run_command(lakegate().current_dir(files.path().join(folder)).args(arguments))
}

fn keys(run: &Run) -> Vec<String> {
    let key =
        |finding: &serde_json::Value| finding["resourcesAffected"]["s3Object"]["key"].as_str().unwrap().to_owned();
    run.lines().iter().map(key).collect()
}

#[test]
fn the_file_sets_options_and_the_command_line_wins() {
    let files =
        files().with("lakegate.yaml", "scan:\n  fail-on: high\n").with("other.yaml", "scan:\n  fail-on: never\n");
    for (arguments, status) in [
        (&["scan", "."][..], 1),
        (&["scan", ".", "--fail-on", "never"], 0),
        (&["scan", ".", "--fail-on=never"], 0),
        (&["scan", ".", "--no-config"], 0),
        (&["scan", ".", "--config", "../other.yaml"], 0),
        (&["scan", "clean.csv"], 0),
    ] {
        let run = run_in(&files, "drop", arguments);
        assert_eq!(run.status, Some(status), "{arguments:?}\n{}", run.err);
        let named = run.err.lines().find_map(|line| line.strip_prefix("Settings: "));
        let expected = match arguments {
            [.., "--no-config"] => None,
            [.., "--config", file] => Some(*file),
            _ => Some("../lakegate.yaml"),
        };
        assert_eq!(named, expected, "{arguments:?}\n{}", run.err);
    }
}

#[test]
fn the_nearest_file_counts_under_either_name() {
    let files =
        files().with("lakegate.yaml", "scan: {fail-on: high}\n").with("drop/lakegate.yml", "scan: {fail-on: never}\n");
    assert_eq!(run_in(&files, "drop/deep", &["scan", "."]).status, Some(0));
    fs::remove_file(files.path().join("drop/lakegate.yml")).unwrap();
    assert_eq!(run_in(&files, "drop/deep", &["scan", "."]).status, Some(1));
    fs::write(files.path().join("lakegate.yml"), "").unwrap();
    let run = run_in(&files, "drop", &["scan", "."]);
    assert_eq!((run.status, run.out.as_str()), (Some(2), ""));
    assert!(run.err.contains("../lakegate.yaml: lakegate.yml is beside it"), "{}", run.err);
}

#[test]
fn paths_start_at_the_folder_of_the_file() {
    let files = files().with("own.yaml", "name: Own\nregex: 'nowhere'\n").with("report/.keep", "").with(
        "lakegate.yaml",
        "scan:\n  paths: [drop]\n  identifiers: [own.yaml]\n  format: jsonl\n  report: {csv: report/all.csv}\n",
    );
    for folder in [".", "drop/deep", "report"] {
        let run = run_in(&files, folder, &["scan"]);
        assert_eq!(run.status, Some(0), "{}", run.err);
        assert_eq!(keys(&run), ["deep/more.csv", "people.csv"], "{folder}");
        assert!(fs::read_to_string(files.path().join("report/all.csv")).unwrap().lines().count() > 2, "{folder}");
    }
    let run = run_in(&files, "drop/deep", &["scan", "more.csv"]);
    assert_eq!(keys(&run), ["more.csv"], "a path on the command line wins, and starts where it is typed");
}

#[test]
fn without_any_path_it_is_said_what_is_missing() {
    for arguments in [&["scan"][..], &["scan", "--no-config"]] {
        let run = run_in(&files().with("lakegate.yaml", "scan: {fail-on: high}\n"), ".", arguments);
        assert_eq!((run.status, run.out.as_str()), (Some(2), ""));
        assert!(run.err.contains("PATH") && run.err.contains("paths:"), "{}", run.err);
    }
}

#[test]
fn a_list_on_the_command_line_takes_the_place_of_the_one_in_the_file() {
    let files = files().with("lakegate.yaml", "scan:\n  managed: [DATE_OF_BIRTH, NAME]\n  format: jsonl\n");
    assert_eq!(keys(&run_in(&files, ".", &["scan", "drop"])), [""; 0]);
    let line = ["scan", "drop", "--managed", "USA_SOCIAL_SECURITY_NUMBER"];
    assert_eq!(keys(&run_in(&files, ".", &line)).len(), 2);
}

#[test]
fn a_switch_of_the_file_can_be_taken_back() {
    let files = files().with("lakegate.yaml", "scan: {quiet: true}\n");
    assert_eq!(run_in(&files, ".", &["scan", "drop"]).err, "");
    assert!(run_in(&files, ".", &["scan", "drop", "--no-quiet"]).err.contains("Examined"));
    assert_eq!(run_in(&files, ".", &["scan", "drop", "--no-quiet", "--quiet", "--progress"]).err, "");
}

#[test]
fn an_output_file_of_the_file_can_be_taken_back_too() {
    let files = files().with("lakegate.yaml", "scan: {output: out.json, paths: [drop]}\n");
    assert_eq!(run_in(&files, "drop", &["scan"]).out, "");
    assert!(fs::read_to_string(files.path().join("out.json")).unwrap().contains("findings"));
    assert!(run_in(&files, "drop", &["scan", "-o", "-"]).out.contains("2 findings in 3 objects"));
}

#[test]
fn limits_can_be_given_by_kind() {
    let files = files().with("lakegate.yaml", "scan:\n  max-size: {text: 4, pdf: 1GB}\n");
    let run = run_in(&files, ".", &["scan", "drop"]);
    assert_eq!(run.status, Some(3), "{}", run.err);
    assert!(run.err.contains("people.csv: SKIPPED"), "{}", run.err);
}

#[test]
fn what_is_wrong_is_told_with_file_line_column_and_a_proposal_and_nothing_is_scanned() {
    for (text, message) in [
        ("scan:\n  fial-on: high\n", "lakegate.yaml:2:3: scan has no option \"fial-on\"; did you mean \"fail-on\"?"),
        ("scans: {}\n", "lakegate.yaml:1:1: unknown member \"scans\"; did you mean \"scan\"?"),
        ("fail-on: high\n", "lakegate.yaml:1:1: fail-on is an option of scan; write it below `scan:`"),
        ("scan:\n  fail-on: hihg\n", "lakegate.yaml:2:12: fail-on: there is no \"hihg\"; did you mean \"high\"?"),
        ("scan:\n  account: 12\n", "lakegate.yaml:2:12: account: an AWS account id has twelve digits"),
        ("scan:\n  threads: 5000\n", "lakegate.yaml:2:12: threads: 5000 is not in 1..=1024"),
        ("scan:\n  max-size: {picture: 3GB}\n", "lakegate.yaml:2:14: max-size: there is no kind \"picture\""),
        ("scan:\n  max-time: [1h]\n", "lakegate.yaml:2:13: max-time is a text; this is a list"),
        ("scan:\n  report: {sarrif: a}\n", "lakegate.yaml:2:12: report: there is no format \"sarrif\""),
        ("scan:\n  isolate-to: q\n", "lakegate.yaml:2:3: isolate-to cannot be set in a file"),
        ("scan:\n  quiet: yes\n", "lakegate.yaml:2:10: quiet is true or false"),
        ("scan:\n  quiet: true\n  quiet: false\n", "lakegate.yaml:3:3:"),
        ("rules: [{name: x}]\n", "lakegate.yaml:1:9: an event rule needs the member eventPattern"),
        ("scan: [\n", "lakegate.yaml:2:1:"),
    ] {
        let files = files().with("lakegate.yaml", text);
        for command in [&["scan", "drop"][..], &["config", "show"]] {
            let run = run_in(&files, ".", command);
            assert_eq!((run.status, run.out.as_str()), (Some(2), ""), "{text}\n{}", run.err);
            assert!(run.err.contains(message), "{text}\n{}", run.err);
        }
    }
    let all = files().with("lakegate.yaml", "scan:\n  fial-on: high\n  threads: 0\n");
    let run = run_in(&all, ".", &["scan", "drop"]);
    assert!(run.err.contains(":2:3:") && run.err.contains(":3:12:"), "all mistakes are told: {}", run.err);
    let run = run_in(&all, ".", &["scan", "drop", "--config", "none.yaml"]);
    assert!(run.status == Some(2) && run.err.contains("none.yaml: cannot be read"), "{}", run.err);
}

#[test]
fn help_is_there_whatever_the_file_says() {
    let files = files().with("lakegate.yaml", "scan: [\n");
    for line in [
        &["scan", "--help"][..],
        &["--help"],
        &["--version"],
        &["identifiers", "list"],
        &["scan", "drop", "--no-config"],
    ] {
        assert_eq!(run_in(&files, ".", line).status, Some(0), "{line:?}");
    }
}

#[test]
fn runs_and_jobs_take_the_options_that_they_share_with_scan() {
    let files = files().with("lakegate.yaml", "scan:\n  account: 123456789012\n  bucket: not-theirs\n  paths: [none]\n  format: jsonl\n  fail-on: high\nrules:\n  - name: all\n    eventPattern: {source: [aws.macie]}\n    targets: [print]\ntargets: {print: notify}\n").with(
        "job.json",
        r#"{"name": "once", "jobType": "ONE_TIME", "clientToken": "x", "s3JobDefinition": {"bucketDefinitions": [{"accountId": "123456789012", "buckets": ["drop"]}]}}"#,
    );
    let job = run_in(&files, ".", &["job", "run", "job.json", "--bucket", "drop=drop", "--state", "state"]);
    assert_eq!(job.status, Some(1), "{}", job.err);
    assert_eq!(job.lines()[0]["accountId"], "123456789012");
    let run = run_in(&files, ".", &["run", "--bucket", "drop=drop", "--dry-run"]);
    assert_eq!(run.status, Some(0), "{}", run.err);
    let run = run_in(&files, "drop", &["run", "--bucket", "drop=.", "--no-config"]);
    assert!(run.status == Some(2) && run.err.contains("there are no event rules"), "{}", run.err);
    let run = run_in(&files, ".", &["run", "--bucket", "drop=drop"]);
    assert!(run.out.contains("\"account\":\"123456789012\""), "{}\n{}", run.out, run.err);
}
