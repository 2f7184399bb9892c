//! The states of jobs.

use super::{DAILY, DAY, Files, ONE_TIME, THURSDAY, analysed, described, job, job_at, run_job, spec};
use lakegate::jobs::{self, JobStatus, Run, RunSettings, Store};
use lakegate::scan::{ManagedSelection, Scanner};
use std::num::NonZeroUsize;
use std::path::Path;

fn daily() -> Files {
    Files::new().with("spec.json", spec(DAILY)).with("data/a.csv", "ssn\n219-45-3456\n")
}

#[test]
fn findings_carry_the_job_and_the_job_describes_itself_as_macie_does() {
    let files = daily();
    let run = run_job(&files, &[]);
    let record: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let described = described(&files);
    let details = &record["classificationDetails"];
    assert_eq!((&details["jobId"], &details["jobArn"]), (&described["jobId"], &described["jobArn"]));
    assert_eq!(record["accountId"], "123456789012");
    assert_eq!(record["resourcesAffected"]["s3Bucket"]["name"], "uploads");
    let expected = serde_json::json!({
        "allowListIds": [],
        "createdAt": "2025-01-02T03:04:05.000Z",
        "customDataIdentifierIds": [],
        "initialRun": true,
        "jobArn": format!("arn:aws:macie2:us-east-1:123456789012:classification-job/{}", described["jobId"].as_str().unwrap()),
        "jobId": described["jobId"],
        "jobStatus": "IDLE",
        "jobType": "SCHEDULED",
        "lastRunErrorStatus": {"code": "NONE"},
        "lastRunTime": "2025-01-02T03:04:05.000Z",
        "managedDataIdentifierIds": [],
        "managedDataIdentifierSelector": "ALL",
        "name": "nightly",
        "s3JobDefinition": {"bucketDefinitions": [{"accountId": "123456789012", "buckets": ["uploads"]}]},
        "samplingPercentage": 100,
        "scheduleFrequency": {"dailySchedule": {}},
        "statistics": {"approximateNumberOfObjectsToProcess": 1, "numberOfRuns": 1},
        "tags": {},
    });
    assert_eq!(described, expected);
}

#[test]
fn a_paused_job_does_not_run_until_it_is_resumed_and_a_cancelled_one_never() {
    let files = daily();
    analysed(&run_job(&files, &[]));
    assert!(job(&files, &["pause", "nightly"]).out.ends_with("  USER_PAUSED\n"));
    assert_eq!(described(&files)["userPausedDetails"]["jobPausedAt"], "2025-01-02T03:04:05.000Z");
    assert_eq!(described(&files)["userPausedDetails"]["jobExpiresAt"], "2025-02-01T03:04:05.000Z");
    let refused = run_job(&files, &[]);
    assert_eq!(refused.status, Some(2));
    assert!(refused.err.contains("is paused"), "{}", refused.err);
    let waiting = run_job(&files, &["--if-due"]);
    assert_eq!((waiting.status, waiting.err.as_str()), (Some(0), "Nothing to do: not due: the job is paused\n"));
    assert!(job(&files, &["resume", "nightly"]).out.ends_with("  IDLE\n"));
    assert_eq!(run_job(&files, &[]).status, Some(0));
    assert!(job(&files, &["cancel", "nightly"]).out.ends_with("  CANCELLED\n"));
    let refused = run_job(&files, &[]);
    assert!(refused.status == Some(2) && refused.err.contains("was cancelled"), "{}", refused.err);
    for change in ["pause", "resume", "cancel"] {
        let refused = job(&files, &[change, "nightly"]);
        assert!(refused.status == Some(2) && refused.err.contains("is CANCELLED; it cannot become"), "{}", refused.err);
    }
}

#[test]
fn a_complete_job_cannot_be_changed_and_a_job_that_runs_cannot_be_resumed() {
    let files = Files::new().with("spec.json", spec(ONE_TIME)).with("data/a.csv", "id\n1\n");
    analysed(&run_job(&files, &[]));
    for change in ["pause", "resume", "cancel"] {
        let refused = job(&files, &[change, "nightly"]);
        assert!(refused.err.contains("is COMPLETE; it cannot become"), "{}", refused.err);
    }
    let files = daily();
    run_job(&files, &[]);
    assert!(job(&files, &["resume", "nightly"]).err.contains("is IDLE; it cannot become RUNNING"));
}

#[test]
fn jobs_are_listed_by_state_and_found_by_the_beginning_of_their_id() {
    let files = daily();
    assert_eq!(job(&files, &["list"]).out, "No jobs\n");
    run_job(&files, &[]);
    let id = described(&files)["jobId"].as_str().unwrap().to_owned();
    let line = job(&files, &["list", "--status", "idle"]).out;
    assert_eq!(line, format!("{id}  IDLE         SCHEDULED  last run 2025-01-02T03:04:05Z  nightly\n"));
    assert_eq!(job(&files, &["list", "--status", "COMPLETE"]).out, "No jobs\n");
    assert_eq!(job(&files, &["show", &id[..6]]).json()["jobId"], id.as_str());
    let unknown = job(&files, &["show", "weekly"]);
    assert!(unknown.status == Some(2) && unknown.err.contains("there is no job \"weekly\""), "{}", unknown.err);
}

#[test]
fn a_run_that_is_paused_stops_and_goes_on_with_the_rest_when_it_is_resumed() {
    let mut files = Files::new().with("spec.json", spec(ONE_TIME));
    for number in 0..1003 {
        files = files.with(&format!("data/{number:04}.csv"), "id\n1\n");
    }
    let spec = jobs::load(Path::new(&files.file("spec.json"))).unwrap();
    let store = Store::open(Path::new(&files.file("state"))).unwrap();
    let now = jiff::Timestamp::from_second(THURSDAY).unwrap();
    let settings = RunSettings { now, seed: None, threads: NonZeroUsize::MIN, skip: &[] };
    let folders = spec.folders(&[("uploads".into(), files.file("data").into())], "123456789012").unwrap();
    let job = store.find_or_create(&spec, "123456789012", "us-east-1", now).unwrap();
    let scanner = Scanner::builder().managed(ManagedSelection::Recommended).build().unwrap();

    let mut run = Run::begin(&store, &job, &spec, &folders, &settings).unwrap();
    let batch = run.next_batch().unwrap();
    assert!(batch.len() < 1003, "a run looks after its state again and again");
    let reports = scanner.scan_entries(&batch, "", NonZeroUsize::MIN, &()).unwrap();
    run.note(&reports);
    store.change(&job.job_id, JobStatus::UserPaused, now).unwrap();
    assert!(run.next_batch().unwrap().is_empty());
    assert_eq!(run.stopped, Some(JobStatus::UserPaused));
    run.finish().unwrap();

    assert!(Run::begin(&store, &job, &spec, &folders, &settings).is_err(), "the job is paused");
    let job = store.change(&job.job_id, JobStatus::Running, now).unwrap();
    assert_eq!(job.job_status, JobStatus::Running);
    let mut run = Run::begin(&store, &job, &spec, &folders, &settings).unwrap();
    assert_eq!(run.work().0, 1003 - batch.len());
    let batch = run.next_batch().unwrap();
    let reports = scanner.scan_entries(&batch, "", NonZeroUsize::MIN, &()).unwrap();
    run.note(&reports);
    assert!(run.next_batch().unwrap().is_empty());
    let job = run.finish().unwrap();
    assert_eq!((job.job_status, job.runs), (JobStatus::Complete, 1));
}

#[test]
fn a_pause_of_thirty_days_cancels_a_one_time_job_and_gives_up_the_run_of_a_recurring_one() {
    let files = daily();
    run_job(&files, &[]);
    job(&files, &["pause", "nightly"]);
    let at = |days: i64| job_at(THURSDAY + days * DAY, &files, &["list"]).out;
    assert!(at(29).contains("USER_PAUSED") && at(31).contains("USER_PAUSED"));
    assert!(job_at(THURSDAY + 31 * DAY, &files, &["resume", "nightly"]).out.contains("IDLE"));

    let files = Files::new().with("spec.json", spec(ONE_TIME)).with("data/a.csv", "id\n1\n");
    let spec = jobs::load(Path::new(&files.file("spec.json"))).unwrap();
    let store = Store::open(Path::new(&files.file("state"))).unwrap();
    let now = jiff::Timestamp::from_second(THURSDAY).unwrap();
    let created = store.find_or_create(&spec, "123456789012", "us-east-1", now).unwrap();
    store.change(&created.job_id, JobStatus::UserPaused, now).unwrap();
    let at = |days: i64| job_at(THURSDAY + days * DAY, &files, &["list"]).out;
    assert!(at(29).contains("USER_PAUSED"));
    assert!(at(30).contains("CANCELLED"));
}
