//! The command line of what has to do with `lakegate.yaml`.

use clap::{Args, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

/// Where settings come from. A subcommand that has these options takes from `lakegate.yaml` every option that it shares with
/// `scan`.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// The file of settings [default: lakegate.yaml in the working directory or the nearest folder above it].
    #[arg(long, value_name = "FILE", help_heading = "Settings")]
    pub config: Option<PathBuf>,

    /// Use no file of settings.
    #[arg(long, conflicts_with = "config", help_heading = "Settings")]
    pub no_config: bool,
}

/// Subcommands of `config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Every option of `scan`, its value, and where that comes from.
    Show(ConfigShowArgs),
    /// The JSON Schema of lakegate.yaml, for editors.
    #[command(after_help = "Examples:
  lakegate config schema > lakegate.schema.json
  echo '# yaml-language-server: $schema=lakegate.schema.json'   # as the first line of lakegate.yaml")]
    Schema,
}

/// Options of `config show`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate config show
  lakegate config show --format json
  lakegate config show -- data/ --fail-on high    # what this command line would change")]
pub struct ConfigShowArgs {
    /// Form of the answer.
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text")]
    pub format: ShowFormat,

    /// Where settings come from.
    #[command(flatten)]
    pub settings: ConfigArgs,

    /// Arguments of `scan` to be taken into account.
    #[arg(last = true, value_name = "SCAN ARGUMENT")]
    pub line: Vec<OsString>,
}

/// Forms in which settings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Options of `init`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate init          # asks, in a terminal
  lakegate init --yes    # takes the answers that it would propose")]
pub struct InitArgs {
    /// Ask nothing: take the answers that would be proposed.
    #[arg(short, long)]
    pub yes: bool,
}
