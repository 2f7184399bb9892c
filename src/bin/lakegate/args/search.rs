//! What is looked for and what is passed over: options that `scan`, `hook` and `baseline` share.

use super::ChoiceArgs;
use clap::Args;
use std::path::PathBuf;

/// Options of the search.
#[derive(Debug, Args)]
pub struct SearchArgs {
    /// What is looked for.
    #[command(flatten)]
    pub choice: ChoiceArgs,

    /// Texts that are no sensitive data: a list with one text a line, or allow lists in YAML, JSON or a template. May be repeated.
    #[arg(long, value_name = "FILE|DIR", help_heading = "Identifiers")]
    pub allow_list: Vec<PathBuf>,

    /// Do not heed comments such as `lakegate:ignore` in running text.
    #[arg(long, help_heading = "Identifiers")]
    pub no_inline_ignore: bool,
}
