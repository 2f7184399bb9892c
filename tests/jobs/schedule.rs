//! When a job runs.

use super::{DAY, Files, Run, THURSDAY, job_at, run_arguments, spec};

fn scheduled(frequency: &str, initial: bool) -> Files {
    let more = format!(r#""jobType": "SCHEDULED", "scheduleFrequency": {frequency}, "initialRun": {initial},"#);
    Files::new().with("spec.json", spec(&more)).with("data/a.csv", "id\n1\n")
}

fn run_if_due(seconds: i64, files: &Files) -> Run {
    let arguments = run_arguments(files);
    let mut all: Vec<&str> = arguments.iter().map(String::as_str).collect();
    all.push("--if-due");
    job_at(seconds, files, &all)
}

fn due(seconds: i64, files: &Files) -> (Option<i32>, String) {
    let run = job_at(seconds, files, &["due", &files.file("spec.json")]);
    (run.status, run.out)
}

#[test]
fn a_daily_job_runs_once_on_each_day_of_utc() {
    let files = scheduled(r#"{"dailySchedule": {}}"#, true);
    assert_eq!(due(THURSDAY, &files), (Some(0), "due: the job does not exist yet\n".into()));
    assert_eq!(run_if_due(THURSDAY, &files).out.lines().count(), 1);
    assert_eq!(due(THURSDAY, &files), (Some(1), "not due before 2025-01-03\n".into()));
    let files = files.with("data/b.csv", "id\n1\n");
    let midnight = THURSDAY - THURSDAY % DAY + DAY;
    let early = run_if_due(midnight - 1, &files);
    assert_eq!((early.status, early.out.as_str()), (Some(0), ""));
    assert_eq!(early.err, "Nothing to do: not due before 2025-01-03\n");
    assert_eq!(due(midnight, &files), (Some(0), "due since 2025-01-03\n".into()));
    assert_eq!(run_if_due(midnight, &files).out.lines().count(), 1);
    assert_eq!(due(midnight, &files).0, Some(1));
}

#[test]
fn a_weekly_job_is_created_by_its_first_call_and_waits_for_its_day() {
    let files = scheduled(r#"{"weeklySchedule": {"dayOfWeek": "MONDAY"}}"#, false);
    let first = run_if_due(THURSDAY, &files);
    assert_eq!((first.status, first.err.as_str()), (Some(0), "Nothing to do: not due before 2025-01-06\n"));
    let files = files.with("data/b.csv", "id\n1\n");
    assert_eq!(run_if_due(THURSDAY + 3 * DAY, &files).out, "");
    // Created on Thursday, the job knows what was there then.
    assert_eq!(super::analysed(&run_if_due(THURSDAY + 5 * DAY, &files)), ["b.csv"]);
    assert_eq!(due(THURSDAY + 5 * DAY, &files), (Some(1), "not due before 2025-01-13\n".into()));
}

#[test]
fn an_initial_run_takes_place_at_once_and_the_next_one_on_the_day() {
    let files = scheduled(r#"{"monthlySchedule": {"dayOfMonth": 31}}"#, true);
    assert_eq!(super::analysed(&run_if_due(THURSDAY, &files)), ["a.csv"]);
    assert_eq!(due(THURSDAY, &files).1, "not due before 2025-01-31\n");
    let end_of_january = THURSDAY + 29 * DAY;
    assert_eq!(run_if_due(end_of_january, &files).status, Some(0));
    // February has no 31st.
    assert_eq!(due(end_of_january, &files).1, "not due before 2025-03-31\n");
}

#[test]
fn a_complete_one_time_job_is_not_due_and_a_new_call_is_a_new_job() {
    let files = Files::new().with("spec.json", spec(super::ONE_TIME)).with("data/a.csv", "id\n1\n");
    assert_eq!(super::analysed(&run_if_due(THURSDAY, &files)), ["a.csv"]);
    assert_eq!(due(THURSDAY, &files), (Some(1), "not due: the job is complete\n".into()));
    assert_eq!(run_if_due(THURSDAY + DAY, &files).out, "");
    assert_eq!(super::analysed(&super::run_job(&files, &[])), ["a.csv"]);
    let list = job_at(THURSDAY, &files, &["list", "--json"]).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}

#[test]
fn a_request_that_says_the_same_in_yaml_is_the_same_job() {
    let yaml = "
s3JobDefinition: {bucketDefinitions: [{buckets: [uploads], accountId: '123456789012'}]}
scheduleFrequency: {dailySchedule: {}}
initialRun: true
jobType: SCHEDULED
managedDataIdentifierSelector: ALL
name: nightly
";
    let files = scheduled(r#"{"dailySchedule": {}}"#, true).with("spec.yaml", yaml);
    run_if_due(THURSDAY, &files);
    let due = job_at(THURSDAY, &files, &["due", &files.file("spec.yaml")]);
    assert_eq!(due.out, "not due before 2025-01-03\n");
}
