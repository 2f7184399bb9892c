//! What is made of the results of a scan: options that `scan`, `job run` and `report` share.

use super::ColorArg;
use clap::{Args, ValueEnum};
use lakegate::model::Severity;
use std::path::PathBuf;

/// Options of the output.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Form of the output [default: table, or json with -o].
    #[arg(long, value_name = "FORMAT", value_enum, help_heading = "Output")]
    pub format: Option<FormatArg>,

    /// Write findings to this file instead of standard output, which is `-`.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Write a report in another form too, such as `sarif=findings.sarif`; `-` for standard output. May be repeated.
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = report, help_heading = "Output")]
    pub reports: Vec<ReportArg>,

    /// Show archived findings too, and what a baseline accepts, marked as archived, in the formats json and jsonl.
    #[arg(long, help_heading = "Output")]
    pub include_archived: bool,

    /// When the table is coloured.
    #[arg(long, value_name = "WHEN", value_enum, default_value = "auto", help_heading = "Output")]
    pub color: ColorArg,

    /// Exit with status 1 when a finding is at least this severe.
    #[arg(long, value_name = "SEVERITY", value_enum, default_value = "never", help_heading = "Output")]
    pub fail_on: FailOn,
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
    /// A self-contained page for the person who has to decide.
    Html,
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
