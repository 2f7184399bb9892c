//! Options of `hook`.

use super::{FailOn, LookArgs};
use clap::Args;
use std::path::PathBuf;

/// Options of `hook`.
///
/// Exit status: 0 nothing at or above --fail-on; 1 something is; 2 wrong usage or configuration, nothing was scanned; 3 some
/// file could not be examined.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate hook --staged
  lakegate hook --staged --baseline lakegate.baseline --fail-on medium
  lakegate hook data/people.csv data/orders.csv")]
pub struct HookArgs {
    /// Files, exactly these; a folder is scanned with everything below it.
    #[arg(value_name = "FILE", required_unless_present = "staged", conflicts_with = "staged")]
    pub files: Vec<PathBuf>,

    /// Scan what is staged in the git repository of the working folder, as it is in the index.
    #[arg(long)]
    pub staged: bool,

    /// What is accepted, as `lakegate baseline write` writes it.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// Stop when a finding is at least this severe.
    #[arg(long, value_name = "SEVERITY", value_enum, default_value = "low")]
    pub fail_on: FailOn,

    /// What is looked for, and how.
    #[command(flatten)]
    pub look: LookArgs,
}
