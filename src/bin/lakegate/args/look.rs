//! What is looked for, and how: options that `hook` and `baseline` share.

use super::{ConfigArgs, LimitArgs, SearchArgs, WorkArgs};
use clap::Args;

/// Options of a scan that writes no report.
#[derive(Debug, Args)]
pub struct LookArgs {
    /// What is looked for, and what is passed over.
    #[command(flatten)]
    pub search: SearchArgs,

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
