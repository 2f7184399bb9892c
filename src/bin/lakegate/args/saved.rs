//! Options of `report`.

use super::ReportArgs;
use clap::Args;
use std::path::PathBuf;

/// Options of `report`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate scan data/ --format results -o results.jsonl
  lakegate report results.jsonl
  lakegate report results.jsonl --report html=report.html --report sarif=findings.sarif
  aws s3 cp s3://macie-results/AWSLogs/.../results.jsonl.gz - | lakegate report - --format markdown")]
pub struct SavedArgs {
    /// Stored discovery results, one a line, of `scan --format results` or of Macie; also packed with gzip; `-` for standard input.
    pub results: PathBuf,

    /// What is made of them.
    #[command(flatten)]
    pub report: ReportArgs,
}
