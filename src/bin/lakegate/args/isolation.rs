//! Options of what moves files into an isolation folder and back.

use clap::{Args, ValueEnum};
use lakegate::model::Severity;
use std::path::PathBuf;

/// Severities, as an option takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SeverityArg {
    /// Every finding.
    Low,
    /// Medium and High.
    Medium,
    /// High only.
    High,
}

impl SeverityArg {
    /// The least severity that is meant.
    pub fn least(self) -> Severity {
        match self {
            Self::Low => Severity::Low,
            Self::Medium => Severity::Medium,
            Self::High => Severity::High,
        }
    }
}

/// Whom isolated copies are encrypted to.
#[derive(Debug, Args)]
pub struct EncryptionArgs {
    /// Encrypt isolated copies to this age recipient (age1...). May be repeated.
    #[arg(long, value_name = "RECIPIENT", help_heading = "Isolation")]
    pub age_recipient: Vec<String>,

    /// Encrypt isolated copies to the age recipients in this file, one a line. May be repeated.
    #[arg(long, value_name = "FILE", help_heading = "Isolation")]
    pub age_recipients_file: Vec<PathBuf>,
}

/// Options of `scan` that isolate what is found.
#[derive(Debug, Args)]
pub struct IsolateAfterScan {
    /// Move files with severe findings into this isolation folder, which is made if it is missing.
    #[arg(long, value_name = "DIR", help_heading = "Isolation")]
    pub isolate_to: Option<PathBuf>,

    /// Least severity of findings whose files are moved.
    #[arg(
        long,
        value_name = "SEVERITY",
        value_enum,
        default_value = "high",
        requires = "isolate_to",
        help_heading = "Isolation"
    )]
    pub isolate_at: SeverityArg,

    #[command(flatten)]
    pub encryption: EncryptionArgs,
}

/// Options of `isolate`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate scan data/ --format json -o findings.json
  lakegate isolate --findings findings.json --source data/ --to isolated/
  lakegate restore --manifest isolated/manifest.jsonl")]
pub struct IsolateArgs {
    /// Findings, in any form that holds them (json, jsonl, events, results); `-` for standard input.
    #[arg(long, value_name = "FILE")]
    pub findings: PathBuf,

    /// The folder that was scanned.
    #[arg(long, value_name = "DIR")]
    pub source: PathBuf,

    /// The isolation folder, which is made if it is missing.
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,

    /// Least severity of findings whose files are moved.
    #[arg(long, value_name = "SEVERITY", value_enum, default_value = "high")]
    pub severity: SeverityArg,

    /// In place of a severity: the event rule whose events' files are moved. The findings must be in the form `events`.
    #[arg(long, value_name = "NAME", conflicts_with = "severity")]
    pub rule: Option<String>,

    /// Where the rule is: rules in YAML or JSON, or a CloudFormation template [default: lakegate.yaml]. May be repeated.
    #[arg(long, value_name = "FILE", requires = "rule")]
    pub rules: Vec<PathBuf>,

    /// Only findings of this bucket.
    #[arg(long, value_name = "NAME")]
    pub bucket: Option<String>,

    /// What the scan put in front of every object's key.
    #[arg(long, value_name = "PREFIX", default_value = "")]
    pub key_prefix: String,

    /// Say what would be moved, and move nothing.
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub encryption: EncryptionArgs,
}

/// Options of `restore`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate restore --manifest isolated/manifest.jsonl")]
pub struct RestoreArgs {
    /// The manifest of an isolation folder.
    #[arg(long, value_name = "FILE")]
    pub manifest: PathBuf,

    /// Keys of the files to put back [default: all].
    #[arg(value_name = "KEY")]
    pub keys: Vec<String>,

    /// The age identities that encrypted copies are read with. May be repeated.
    #[arg(long, value_name = "FILE")]
    pub identity: Vec<PathBuf>,
}
