//! What is stored about a job besides the objects that it knows.

use super::schedule::Due;
use super::spec::{JobSpec, JobType};
use super::status::JobStatus;
use crate::outputs::partition_of;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How long a pause lasts: then a one-time job is cancelled, and what is left of the run of a recurring one is given up.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A job as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JobRecord {
    /// 32 hexadecimal digits.
    pub job_id: String,
    /// Twelve digits.
    pub account_id: String,
    /// AWS Region.
    pub region: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// Its state.
    pub job_status: JobStatus,
    /// Runs that were begun.
    pub runs: u64,
    /// When the last run began.
    pub last_run_time: Option<Timestamp>,
    /// Whether an object could not be accessed in the last run.
    pub last_run_error: bool,
    /// When its user paused it, while it is paused.
    pub paused_at: Option<Timestamp>,
    /// A run was begun, and not brought to its end.
    pub unfinished: bool,
    /// Objects of the last run.
    pub objects_to_process: u64,
    /// What draws the objects of the run that is in progress.
    pub sample_seed: Option<u64>,
    /// Number of the list of objects that the job knows; 0 before there is one.
    pub inventory: u64,
    /// The request, members sorted.
    pub request: Value,
}

impl JobRecord {
    /// A job that is created at `now`.
    pub(super) fn new(spec: &JobSpec, job_id: String, account_id: &str, region: &str, now: Timestamp) -> Self {
        let status = match spec.job_type {
            JobType::OneTime => JobStatus::Running,
            JobType::Scheduled(_) => JobStatus::Idle,
        };
        Self {
            job_id,
            account_id: account_id.to_owned(),
            region: region.to_owned(),
            created_at: now,
            job_status: status,
            runs: 0,
            last_run_time: None,
            last_run_error: false,
            paused_at: None,
            unfinished: status == JobStatus::Running,
            objects_to_process: 0,
            sample_seed: None,
            inventory: 0,
            request: spec.document.clone(),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.request["name"].as_str().unwrap_or_default()
    }

    /// `ONE_TIME` or `SCHEDULED`.
    pub fn job_type(&self) -> &str {
        self.request["jobType"].as_str().unwrap_or_default()
    }

    fn is_one_time(&self) -> bool {
        self.job_type() == JobType::OneTime.as_str()
    }

    /// When its pause ends by itself.
    pub fn pause_expires_at(&self) -> Option<Timestamp> {
        self.paused_at?.checked_add(LONGEST_PAUSE).ok()
    }

    /// The record as time alone makes it: a pause that has lasted too long has had its effect.
    #[must_use]
    pub(super) fn at(mut self, now: Timestamp) -> Self {
        if self.job_status == JobStatus::UserPaused && self.pause_expires_at().is_some_and(|end| end <= now) {
            if self.is_one_time() {
                self.job_status = JobStatus::Cancelled;
                self.paused_at = None;
            }
            self.unfinished = false;
        }
        self
    }

    /// Brings the job into another state, as `UpdateClassificationJob` does. An error if Macie would not.
    pub(super) fn change(&mut self, wanted: JobStatus, now: Timestamp) -> Result<(), JobStatus> {
        if !self.job_status.may_become(wanted) {
            return Err(self.job_status);
        }
        self.paused_at = (wanted == JobStatus::UserPaused).then_some(now);
        self.job_status = match wanted {
            // A recurring job that was between its runs goes on waiting for the next one.
            JobStatus::Running if !self.unfinished => JobStatus::Idle,
            other => other,
        };
        Ok(())
    }

    /// Whether a run is due at `now`, apart from whether one is in progress.
    pub fn due(&self, spec: &JobSpec, now: Timestamp) -> Due {
        match (self.job_status, spec.job_type) {
            (JobStatus::Complete, _) => Due::Complete,
            (JobStatus::Cancelled, _) => Due::Cancelled,
            (JobStatus::UserPaused | JobStatus::Paused, _) => Due::Paused,
            (JobStatus::Running, _) => Due::Unfinished,
            (JobStatus::Idle, JobType::OneTime) => Due::NotBefore(None),
            (JobStatus::Idle, JobType::Scheduled(schedule)) => {
                Due::of_schedule(schedule, spec.initial_run, self.created_at, self.last_run_time, now)
            }
        }
    }

    /// The job as `DescribeClassificationJob` returns it.
    pub fn describe(&self) -> Value {
        let request = |name: &str| self.request.get(name).cloned().unwrap_or(Value::Null);
        let or = |name: &str, default: Value| self.request.get(name).cloned().unwrap_or(default);
        let mut described = json!({
            "allowListIds": or("allowListIds", json!([])),
            "clientToken": request("clientToken"),
            "createdAt": time(self.created_at),
            "customDataIdentifierIds": or("customDataIdentifierIds", json!([])),
            "description": request("description"),
            "initialRun": !self.is_one_time() && request("initialRun") == Value::Bool(true),
            "jobArn": self.arn(),
            "jobId": self.job_id,
            "jobStatus": self.job_status.as_str(),
            "jobType": self.job_type(),
            "lastRunErrorStatus": self.last_run_error_status(),
            "lastRunTime": self.last_run_time.map(time),
            "managedDataIdentifierIds": or("managedDataIdentifierIds", json!([])),
            "managedDataIdentifierSelector": or("managedDataIdentifierSelector", json!("RECOMMENDED")),
            "name": self.name(),
            "s3JobDefinition": request("s3JobDefinition"),
            "samplingPercentage": or("samplingPercentage", json!(100)),
            "scheduleFrequency": request("scheduleFrequency"),
            "statistics": {
                "approximateNumberOfObjectsToProcess": self.objects_to_process,
                "numberOfRuns": self.runs,
            },
            "tags": or("tags", json!({})),
            "userPausedDetails": self.user_paused_details(),
        });
        if let Some(members) = described.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        described
    }

    /// The job as an item of `ListClassificationJobs`.
    pub fn list_item(&self) -> Value {
        let definition = self.request.get("s3JobDefinition");
        let buckets =
            |name: &str| definition.and_then(|definition| definition.get(name)).cloned().unwrap_or(Value::Null);
        let mut item = json!({
            "bucketCriteria": buckets("bucketCriteria"),
            "bucketDefinitions": buckets("bucketDefinitions"),
            "createdAt": time(self.created_at),
            "jobId": self.job_id,
            "jobStatus": self.job_status.as_str(),
            "jobType": self.job_type(),
            "lastRunErrorStatus": self.last_run_error_status(),
            "name": self.name(),
            "userPausedDetails": self.user_paused_details(),
        });
        if let Some(members) = item.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        item
    }

    fn arn(&self) -> String {
        let partition = partition_of(&self.region);
        format!("arn:{partition}:macie2:{}:{}:classification-job/{}", self.region, self.account_id, self.job_id)
    }

    fn last_run_error_status(&self) -> Value {
        json!({ "code": if self.last_run_error { "ERROR" } else { "NONE" } })
    }

    fn user_paused_details(&self) -> Option<Value> {
        Some(json!({ "jobExpiresAt": time(self.pause_expires_at()?), "jobPausedAt": time(self.paused_at?) }))
    }
}

/// A point in time as Macie's API writes it.
fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}
