//! The command line of `events`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Subcommands of `events`.
#[derive(Debug, Subcommand)]
pub enum EventsCommand {
    /// Say whether an event pattern wants an event, and why not.
    ///
    /// Exit status: 0 it does; 1 it does not; 2 the pattern or the event is invalid, or a file cannot be read. With --cases: 0 when
    /// every line was answered, else 2.
    Test(EventsTestArgs),
}

/// Options of `events test`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate events test --pattern high.json --event event.json
  lakegate scan data/ --format events | head -n 1 | lakegate events test --pattern high.json --event -
  lakegate events test --cases cases.jsonl")]
pub struct EventsTestArgs {
    /// The event pattern, as JSON; `-` for standard input.
    #[arg(long, value_name = "FILE", required_unless_present = "cases", requires = "event")]
    pub pattern: Option<PathBuf>,

    /// The event, as JSON; `-` for standard input.
    #[arg(long, value_name = "FILE", requires = "pattern")]
    pub event: Option<PathBuf>,

    /// Many of them: JSON Lines with the members pattern and event, each a value or a JSON text in a string. For each line true,
    /// false or invalid is printed; reasons go to standard error. `-` for standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["pattern", "event"])]
    pub cases: Option<PathBuf>,
}
