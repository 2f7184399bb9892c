//! Classification jobs: what they take, when they run, and what they remember.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod changes;
mod examples;
mod interrupted;
#[path = "../program/mod.rs"]
mod program;
mod refused;
mod schedule;
mod scoping;
mod states;

use program::{Files, Run, lakegate, run_command};
use serde_json::Value;

/// Seconds of 2025-01-02T03:04:05Z, a Thursday.
const THURSDAY: i64 = 1_735_787_045;
const DAY: i64 = 86_400;

/// The request of a job over the bucket `uploads`, with more members.
fn spec(more: &str) -> String {
    format!(
        r#"{{"name": "nightly", "managedDataIdentifierSelector": "ALL", {more}
            "s3JobDefinition": {{"bucketDefinitions": [{{"accountId": "123456789012", "buckets": ["uploads"]}}]}}}}"#
    )
}

const DAILY: &str = r#""jobType": "SCHEDULED", "scheduleFrequency": {"dailySchedule": {}}, "initialRun": true,"#;
const ONE_TIME: &str = r#""jobType": "ONE_TIME","#;

/// Carries out a subcommand of `job` at a time, with the state of these files.
fn job_at(seconds: i64, files: &Files, arguments: &[&str]) -> Run {
    let mut command = lakegate();
    command.env("SOURCE_DATE_EPOCH", seconds.to_string()).arg("job").args(arguments);
    run_command(command.args(["--state", &files.file("state")]))
}

fn job(files: &Files, arguments: &[&str]) -> Run {
    job_at(THURSDAY, files, arguments)
}

/// Arguments of a run of `spec.json` over the folder `data`.
fn run_arguments(files: &Files) -> Vec<String> {
    let bucket = format!("uploads={}", files.file("data"));
    ["run".into(), files.file("spec.json"), "--bucket".into(), bucket, "--format".into(), "results".into()].into()
}

fn run_job(files: &Files, more: &[&str]) -> Run {
    let arguments = run_arguments(files);
    let all: Vec<&str> = arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
    job(files, &all)
}

/// Keys of the objects that a run analysed, sorted.
fn keys(results: &str) -> Vec<String> {
    let key = |line: &str| {
        let record: Value = serde_json::from_str(line).unwrap();
        record["resourcesAffected"]["s3Object"]["key"].as_str().unwrap().to_owned()
    };
    let mut keys: Vec<String> = results.lines().map(key).collect();
    keys.sort();
    keys
}

fn analysed(run: &Run) -> Vec<String> {
    assert_eq!(run.status, Some(0), "{}", run.err);
    keys(&run.out)
}

/// The only job, as `job show` describes it.
fn described(files: &Files) -> Value {
    job(files, &["show", "nightly"]).json()
}
