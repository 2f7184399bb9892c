//! The command line of `job`.

use super::{ConfigArgs, ReportArgs, WorkArgs};
use clap::{Args, Subcommand, ValueEnum};
use lakegate::outputs::RunContext;
use std::path::PathBuf;

/// Subcommands of `job`.
#[derive(Debug, Subcommand)]
pub enum JobCommand {
    /// Carry out a run of a job, which is created by its first run.
    Run(Box<JobRunArgs>),
    /// Say whether a run is due. Exit status: 0 due; 1 not due; 2 no such job, or wrong usage.
    Due(JobDueArgs),
    /// List the jobs.
    List(JobListArgs),
    /// Describe a job, as Macie's `DescribeClassificationJob` does.
    #[command(after_help = "Examples:
  lakegate job show nightly")]
    Show(JobNameArgs),
    /// Pause a job; a run in progress stops after the objects that it is reading.
    #[command(after_help = "Examples:
  lakegate job pause nightly")]
    Pause(JobNameArgs),
    /// Take up a paused job again.
    #[command(after_help = "Examples:
  lakegate job resume nightly")]
    Resume(JobNameArgs),
    /// Stop a job for good.
    #[command(after_help = "Examples:
  lakegate job cancel nightly")]
    Cancel(JobNameArgs),
}

/// Where the state of jobs is.
#[derive(Debug, Args)]
pub struct StateArgs {
    /// Folder with the state of jobs [default: lakegate in the state folder of the user, ~/.local/state].
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
}

/// Whose a job is.
#[derive(Debug, Args)]
pub struct JobOwnerArgs {
    /// AWS account id of the job, twelve digits [default: that of its buckets, if it is one].
    #[arg(long, value_name = "ID", value_parser = super::account, help_heading = "As uploaded")]
    pub account: Option<String>,

    /// AWS region of the job.
    #[arg(long, value_name = "REGION", default_value = RunContext::REGION, help_heading = "As uploaded")]
    pub region: String,
}

/// Options of `job run`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate job run nightly.json --bucket uploads=/srv/uploads --if-due -o findings.json
  lakegate job run once.yaml --bucket drop=data/ -i identifiers/ --allow-list published.txt")]
pub struct JobRunArgs {
    /// The request of the job, as for Macie's `CreateClassificationJob`, in JSON or YAML.
    #[arg(value_name = "SPEC")]
    pub spec: PathBuf,

    /// The folder that stands for a bucket. May be repeated.
    #[arg(long = "bucket", value_name = "NAME=DIR", required = true, value_parser = bucket)]
    pub buckets: Vec<(String, PathBuf)>,

    /// Do nothing unless a run is due: for cron, or a timer of systemd.
    #[arg(long)]
    pub if_due: bool,

    /// Makes the draw of objects repeatable when the job analyses only a percentage.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// Where the state of jobs is.
    #[command(flatten)]
    pub state: StateArgs,

    /// Custom identifiers that the job may name: files or folders. May be repeated.
    #[arg(short, long, value_name = "FILE|DIR", help_heading = "Identifiers")]
    pub identifiers: Vec<PathBuf>,

    /// Allow lists that the job may name: files or folders. May be repeated.
    #[arg(long, value_name = "FILE|DIR", help_heading = "Identifiers")]
    pub allow_list: Vec<PathBuf>,

    /// Findings filters, by which findings are archived: files or folders. May be repeated.
    #[arg(long, value_name = "FILE|DIR", help_heading = "Output")]
    pub findings_filter: Vec<PathBuf>,

    /// Whose the job is.
    #[command(flatten)]
    pub owner: JobOwnerArgs,

    /// How the run is reported.
    #[command(flatten)]
    pub report: ReportArgs,

    /// How the run is carried out.
    #[command(flatten)]
    pub work: WorkArgs,

    /// Where settings come from.
    #[command(flatten)]
    pub settings: ConfigArgs,
}

/// Options of `job due`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate job due nightly.json && echo it is time")]
pub struct JobDueArgs {
    /// The request of the job.
    #[arg(value_name = "SPEC")]
    pub spec: PathBuf,

    /// Where the state of jobs is.
    #[command(flatten)]
    pub state: StateArgs,

    /// Whose the job is.
    #[command(flatten)]
    pub owner: JobOwnerArgs,
}

/// Options of `job list`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate job list
  lakegate job list --status IDLE --status RUNNING
  lakegate job list --json")]
pub struct JobListArgs {
    /// Only jobs in this state. May be repeated.
    #[arg(long, value_name = "STATUS", value_enum, ignore_case = true)]
    pub status: Vec<JobState>,

    /// Write the response of Macie's `ListClassificationJobs` instead of a table.
    #[arg(long)]
    pub json: bool,

    /// Where the state of jobs is.
    #[command(flatten)]
    pub state: StateArgs,
}

/// Which job.
#[derive(Debug, Args)]
pub struct JobNameArgs {
    /// Its id, the beginning of it, its ARN, or its name.
    #[arg(value_name = "JOB")]
    pub job: String,

    /// Where the state of jobs is.
    #[command(flatten)]
    pub state: StateArgs,
}

/// States of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JobState {
    /// A run is in progress, or has still to be carried out.
    Running,
    /// Between two runs.
    Idle,
    /// Done.
    Complete,
    /// Paused by a quota of Macie.
    Paused,
    /// Paused by its user.
    UserPaused,
    /// Stopped for good.
    Cancelled,
}

fn bucket(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, folder)) if !name.is_empty() && !folder.is_empty() => Ok((name.to_owned(), folder.into())),
        _ => Err("a bucket is given as NAME=DIR".into()),
    }
}
