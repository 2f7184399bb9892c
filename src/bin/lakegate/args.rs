//! The command line: declared here, interpreted by the subcommands.

mod events;

pub use events::{EventsCommand, EventsTestArgs};

use clap::{Args, Parser, Subcommand, ValueEnum};
use lakegate::model::Severity;
use lakegate::outputs::RunContext;
use std::path::PathBuf;

/// Know what sensitive data a drop of files holds before it is uploaded: offline, in the words of Amazon Macie.
///
/// Exit status: 0 done; 1 findings at or above --fail-on; 2 wrong usage or configuration, nothing was scanned; 3 scanned, but
/// some object could not be fully analysed (1 wins over 3).
#[derive(Debug, Parser)]
#[command(name = "lakegate", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scan files and folders and report Macie findings.
    Scan(Box<ScanArgs>),
    /// List, explain, check and try identifiers.
    #[command(subcommand)]
    Identifiers(IdentifiersCommand),
    /// Try event patterns.
    #[command(subcommand)]
    Events(EventsCommand),
}

/// Options of `scan`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate scan data/
  lakegate scan data/ -i identifiers/custom/synthea.yaml --fail-on high
  lakegate scan data/ --format json -o findings.json
  lakegate scan data/ --managed USA_SOCIAL_SECURITY_NUMBER,CREDIT_CARD_NUMBER")]
pub struct ScanArgs {
    /// Files and folders; folders are scanned with everything below them.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Custom identifiers: a YAML or JSON file, a CloudFormation template, or a folder of them. May be repeated.
    #[arg(short, long, value_name = "FILE|DIR", help_heading = "Identifiers")]
    pub identifiers: Vec<PathBuf>,

    /// Managed identifiers to use: all, recommended, none, or ids separated by commas.
    #[arg(long, value_name = "SET", default_value = "all", value_delimiter = ',', help_heading = "Identifiers")]
    pub managed: Vec<String>,

    /// Managed identifiers to leave out, by id. May be repeated.
    #[arg(long, value_name = "ID", value_delimiter = ',', help_heading = "Identifiers")]
    pub exclude_managed: Vec<String>,

    /// Texts that are no sensitive data: a list with one text a line, or allow lists in YAML, JSON or a template. May be repeated.
    #[arg(long, value_name = "FILE|DIR", help_heading = "Identifiers")]
    pub allow_list: Vec<PathBuf>,

    /// Form of the output [default: table, or json with -o].
    #[arg(long, value_name = "FORMAT", value_enum, help_heading = "Output")]
    pub format: Option<FormatArg>,

    /// Write findings to this file instead of standard output.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Write a report in another form too, such as `sarif=findings.sarif`; `-` for standard output. May be repeated.
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = report, help_heading = "Output")]
    pub reports: Vec<ReportArg>,

    /// Exit with status 1 when a finding is at least this severe.
    #[arg(long, value_name = "SEVERITY", value_enum, default_value = "never", help_heading = "Output")]
    pub fail_on: FailOn,

    /// Bucket name in findings [default: the scanned folder's name].
    #[arg(long, value_name = "NAME", help_heading = "As uploaded")]
    pub bucket: Option<String>,

    /// Put in front of every object's key.
    #[arg(long, value_name = "PREFIX", default_value = "", help_heading = "As uploaded")]
    pub key_prefix: String,

    /// AWS account id in findings, twelve digits.
    #[arg(long, value_name = "ID", default_value = RunContext::ACCOUNT, value_parser = account, help_heading = "As uploaded")]
    pub account: String,

    /// AWS region in findings.
    #[arg(long, value_name = "REGION", default_value = RunContext::REGION, help_heading = "As uploaded")]
    pub region: String,

    /// Worker threads [default: one per core].
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// No progress bar.
    #[arg(long)]
    pub no_progress: bool,

    /// No progress bar and no summary; errors are still shown.
    #[arg(short, long)]
    pub quiet: bool,
}

fn account(text: &str) -> Result<String, String> {
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_string())
    } else {
        Err("an AWS account id has twelve digits".into())
    }
}

/// Forms of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// For people: file, severity, type, what, how often, in which columns.
    Table,
    /// Macie's GetFindings response.
    Json,
    /// One finding a line.
    Jsonl,
    /// One EventBridge event a line.
    Events,
    /// Macie's stored discovery results, one a line, clean objects included.
    Results,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// `JUnit` XML, one test case an object.
    Junit,
    /// GitLab's code quality report.
    GitlabCodeQuality,
    /// GitLab's secret detection report.
    GitlabSecretDetection,
    /// Annotations of GitHub Actions.
    Github,
    /// Markdown, for the summary of a CI step.
    Markdown,
    /// CSV, for spreadsheets.
    Csv,
    /// AWS Security Hub's finding format.
    Asff,
}

/// A report beside the output: its form and its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportArg {
    /// Form.
    pub format: FormatArg,
    /// File to write; `None` for standard output.
    pub file: Option<PathBuf>,
}

fn report(text: &str) -> Result<ReportArg, String> {
    let (format, file) = text.split_once('=').ok_or("a report is FORMAT=FILE, such as sarif=findings.sarif")?;
    let format = FormatArg::from_str(format, true).map_err(|_| {
        let names: Vec<String> = FormatArg::value_variants()
            .iter()
            .filter_map(FormatArg::to_possible_value)
            .map(|value| value.get_name().to_owned())
            .collect();
        format!("there is no format {format:?}; known are {}", names.join(", "))
    })?;
    match file {
        "" => Err("the report has no file name; `-` stands for standard output".into()),
        "-" => Ok(ReportArg { format, file: None }),
        file => Ok(ReportArg { format, file: Some(file.into()) }),
    }
}

/// When findings make the exit status 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Any finding.
    Low,
    /// Medium and High.
    Medium,
    /// High.
    High,
    /// Never.
    Never,
}

impl FailOn {
    /// The least severity that fails; `None` for never.
    pub fn threshold(self) -> Option<Severity> {
        match self {
            Self::Low => Some(Severity::Low),
            Self::Medium => Some(Severity::Medium),
            Self::High => Some(Severity::High),
            Self::Never => None,
        }
    }
}

/// Subcommands of `identifiers`.
#[derive(Debug, Subcommand)]
pub enum IdentifiersCommand {
    /// All managed identifiers by category, with keyword mode, countries and check digit.
    List,
    /// What one managed identifier is, what triggers it, examples, how to silence it.
    Show {
        /// Its id, such as `USA_SOCIAL_SECURITY_NUMBER`.
        id: String,
    },
    /// Check identifier files: limits, patterns, and every example and counter-example. Without PATH, the built-in ones.
    Check {
        /// Custom identifiers (as for `scan -i`), or managed identifier files.
        path: Vec<PathBuf>,
    },
    /// Count the matches of one custom identifier in a sample text, as Macie's `TestCustomDataIdentifier` does.
    Test(TestArgs),
}

/// Options of `identifiers test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// The regular expression.
    #[arg(long)]
    pub regex: String,
    /// A keyword. May be repeated.
    #[arg(long = "keyword", value_name = "KEYWORD")]
    pub keywords: Vec<String>,
    /// An ignore word. May be repeated.
    #[arg(long = "ignore-word", value_name = "WORD")]
    pub ignore_words: Vec<String>,
    /// Maximum match distance in characters.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub distance: u16,
    /// The sample text; read from standard input when it is not given.
    pub sample: Option<String>,
}
