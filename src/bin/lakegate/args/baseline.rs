//! Options of `baseline`.

use super::LookArgs;
use clap::{Args, Subcommand};
use jiff::civil::Date;
use std::path::PathBuf;

/// Subcommands of `baseline`.
#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// Accept all that is found now: write a new baseline.
    Write(Box<BaselineWriteArgs>),
    /// Lower the baseline to what is still there; with --accept-new, accept what is new too.
    Update(Box<BaselineUpdateArgs>),
    /// Say what is new, stale or expired. Exit status 1 if anything is.
    Check(Box<BaselineArgs>),
}

/// Options of all subcommands of `baseline`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate baseline check data/
  lakegate baseline check data/ --file known.baseline")]
pub struct BaselineArgs {
    /// Files and folders [default: the folder of the baseline].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// The baseline. Objects are named by their paths below its folder.
    #[arg(long, value_name = "FILE", default_value = "lakegate.baseline")]
    pub file: PathBuf,

    /// What is looked for, and how.
    #[command(flatten)]
    pub look: LookArgs,
}

/// What is noted of entries that are added.
#[derive(Debug, Args)]
pub struct NoteArgs {
    /// Why it is accepted.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,

    /// The last day on which it is accepted, such as 2027-01-31.
    #[arg(long, value_name = "DAY")]
    pub expires: Option<Date>,
}

/// Options of `baseline write`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate baseline write data/ --reason 'agreed with the data owner' --expires 2027-01-31")]
pub struct BaselineWriteArgs {
    #[command(flatten)]
    pub baseline: BaselineArgs,

    #[command(flatten)]
    pub note: NoteArgs,

    /// Replace a baseline that is there, with its reasons and days of expiry.
    #[arg(long)]
    pub force: bool,
}

/// Options of `baseline update`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate baseline update data/
  lakegate baseline update data/ --accept-new --reason 'test data'")]
pub struct BaselineUpdateArgs {
    #[command(flatten)]
    pub baseline: BaselineArgs,

    /// Accept what is new too.
    #[arg(long)]
    pub accept_new: bool,

    /// What is noted of entries that are added or raised.
    #[command(flatten)]
    pub note: NoteArgs,
}
