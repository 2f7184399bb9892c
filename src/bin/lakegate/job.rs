//! `lakegate job`: everything but carrying out a run.

use crate::args::{JobCommand, JobDueArgs, JobListArgs, JobNameArgs, JobOwnerArgs, JobState, StateArgs};
use crate::clock;
use crate::exit::Exit;
use crate::job_run;
use anyhow::{Context, Result};
use lakegate::jobs::{self, JobRecord, JobSpec, JobStatus, Store};
use lakegate::outputs::{RunContext, sanitize};
use serde_json::json;
use std::io::{self, Write};
use std::path::PathBuf;

/// Runs the subcommand.
pub fn run(command: &JobCommand) -> Result<Exit> {
    match command {
        JobCommand::Run(args) => job_run::run(args),
        JobCommand::Due(args) => due(args),
        JobCommand::List(args) => list(args),
        JobCommand::Show(args) => show(args),
        JobCommand::Pause(args) => change(args, JobStatus::UserPaused),
        JobCommand::Resume(args) => change(args, JobStatus::Running),
        JobCommand::Cancel(args) => change(args, JobStatus::Cancelled),
    }
}

/// The state folder.
pub fn store(args: &StateArgs) -> Result<Store> {
    let folder = match &args.state {
        Some(folder) => folder.clone(),
        None => default_state().context("there is no home folder to keep the state of jobs in; give --state DIR")?,
    };
    Ok(Store::open(&folder)?)
}

/// `lakegate` in the state folder of the user, after the XDG base directory specification.
fn default_state() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")));
    Some(state.or_else(|| folder("LOCALAPPDATA"))?.join("lakegate"))
}

/// The account of a job.
pub fn account<'a>(owner: &'a JobOwnerArgs, spec: &'a JobSpec) -> &'a str {
    owner.account.as_deref().or_else(|| spec.account_id()).unwrap_or(RunContext::ACCOUNT)
}

fn due(args: &JobDueArgs) -> Result<Exit> {
    let spec = jobs::load(&args.spec)?;
    let (store, now) = (store(&args.state)?, clock::now()?);
    let job = store.of_request(&spec, account(&args.owner, &spec), &args.owner.region, now)?;
    let due = store.due(job.as_ref(), &spec, now)?;
    writeln!(io::stdout().lock(), "{}", due.in_words())?;
    Ok(if due.is_due() { Exit::Done } else { Exit::NOT_DUE })
}

fn list(args: &JobListArgs) -> Result<Exit> {
    let mut jobs = store(&args.state)?.jobs(clock::now()?)?;
    let wanted: Vec<JobStatus> = args.status.iter().map(|status| status_of(*status)).collect();
    jobs.retain(|job| wanted.is_empty() || wanted.contains(&job.job_status));
    let mut out = io::stdout().lock();
    if args.json {
        let items: Vec<_> = jobs.iter().map(JobRecord::list_item).collect();
        serde_json::to_writer_pretty(&mut out, &json!({ "items": items }))?;
        writeln!(out)?;
        return Ok(Exit::Done);
    }
    if jobs.is_empty() {
        writeln!(out, "No jobs")?;
    }
    for job in jobs {
        let last = job.last_run_time.map_or_else(|| "never run".to_owned(), |at| format!("last run {at:.0}"));
        let (status, kind) = (job.job_status.as_str(), job.job_type());
        writeln!(out, "{}  {status:11}  {kind:9}  {last:29}  {}", job.job_id, sanitize(job.name()))?;
    }
    Ok(Exit::Done)
}

fn show(args: &JobNameArgs) -> Result<Exit> {
    let job = store(&args.state)?.find(&args.job, clock::now()?)?;
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &job.describe())?;
    writeln!(out)?;
    Ok(Exit::Done)
}

fn change(args: &JobNameArgs, wanted: JobStatus) -> Result<Exit> {
    let (store, now) = (store(&args.state)?, clock::now()?);
    let job = store.find(&args.job, now)?;
    let job = store.change(&job.job_id, wanted, now)?;
    writeln!(io::stdout().lock(), "{}  {}", job.job_id, job.job_status)?;
    Ok(Exit::Done)
}

fn status_of(state: JobState) -> JobStatus {
    match state {
        JobState::Running => JobStatus::Running,
        JobState::Idle => JobStatus::Idle,
        JobState::Complete => JobStatus::Complete,
        JobState::Paused => JobStatus::Paused,
        JobState::UserPaused => JobStatus::UserPaused,
        JobState::Cancelled => JobStatus::Cancelled,
    }
}
