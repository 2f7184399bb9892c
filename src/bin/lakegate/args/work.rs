//! How a scan is carried out: options that everything that scans shares.

use clap::Args;
use std::num::NonZeroUsize;

/// Options of the work.
#[derive(Debug, Args)]
pub struct WorkArgs {
    /// Worker threads [default: one per core].
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "Work")]
    pub threads: Option<u16>,

    /// No progress bar.
    #[arg(long, help_heading = "Work")]
    pub no_progress: bool,

    /// No progress bar and no summary; errors are still shown.
    #[arg(short, long, help_heading = "Work")]
    pub quiet: bool,
}

impl WorkArgs {
    /// Number of worker threads: as many as asked for, or one per core.
    pub fn threads(&self) -> NonZeroUsize {
        self.threads.map_or_else(
            || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            |threads| NonZeroUsize::new(usize::from(threads)).unwrap_or(NonZeroUsize::MIN),
        )
    }

    /// Whether a progress bar may be shown.
    pub fn shows_progress(&self) -> bool {
        !self.no_progress && !self.quiet
    }
}
