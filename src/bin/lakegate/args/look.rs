//! What is looked for, and how: options that `hook` and `baseline` share. `scan` has the same under the same names.

use super::{ChoiceArgs, ConfigArgs, LimitArgs, WorkArgs};
use clap::Args;
use std::path::PathBuf;

/// Options of a scan that writes no report.
#[derive(Debug, Args)]
pub struct LookArgs {
    /// What is looked for.
    #[command(flatten)]
    pub choice: ChoiceArgs,

    /// Texts that are no sensitive data: a list with one text a line, or allow lists in YAML, JSON or a template. May be repeated.
    #[arg(long, value_name = "FILE|DIR", help_heading = "Identifiers")]
    pub allow_list: Vec<PathBuf>,

    /// Do not heed comments such as `lakegate:ignore` in running text.
    #[arg(long, help_heading = "Identifiers")]
    pub no_inline_ignore: bool,

    /// How much of each object is read at most.
    #[command(flatten)]
    pub limits: LimitArgs,

    /// Where settings come from.
    #[command(flatten)]
    pub settings: ConfigArgs,

    /// How the scan is carried out.
    #[command(flatten)]
    pub work: WorkArgs,
}
