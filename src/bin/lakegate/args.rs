//! The command line: declared here, interpreted by the subcommands.

mod baseline;
mod choice;
mod config;
mod events;
mod hook;
mod isolation;
mod job;
mod limits;
mod look;
mod report;
mod run;
mod saved;
mod search;
mod terminal;
mod work;

pub use baseline::{BaselineArgs, BaselineCommand};
pub use choice::ChoiceArgs;
pub use config::{ConfigArgs, ConfigCommand, ConfigShowArgs, InitArgs, ShowFormat};
pub use events::{EventsCommand, EventsTestArgs};
pub use hook::HookArgs;
pub use isolation::{EncryptionArgs, IsolateAfterScan, IsolateArgs, RestoreArgs};
pub use job::{JobCommand, JobDueArgs, JobListArgs, JobNameArgs, JobOwnerArgs, JobRunArgs, JobState, StateArgs};
pub use limits::LimitArgs;
pub use look::LookArgs;
pub use report::{FailOn, FormatArg, ReportArgs};
pub use run::RunArgs;
pub use saved::SavedArgs;
pub use search::SearchArgs;
pub use terminal::{ColorArg, CompletionsArgs, ManArgs};
pub use work::WorkArgs;

use clap::{Args, Parser, Subcommand};
use lakegate::outputs::RunContext;
use std::path::PathBuf;

/// Know what sensitive data a drop of files holds before it is uploaded: offline, in the words of Amazon Macie.
///
/// Exit status: 0 done; 1 findings at or above --fail-on; 2 wrong usage or configuration, nothing was scanned; 3 scanned, but
/// some object could not be fully analysed (1 wins over 3).
#[derive(Debug, Parser)]
#[command(name = "lakegate", version, max_term_width = 100)]
#[command(after_help = "Examples:
  lakegate scan data/                                   what is in there, as a table
  lakegate scan data/ --fail-on high                    the same as a gate: exit status 1 when a finding is High
  lakegate identifiers show USA_SOCIAL_SECURITY_NUMBER  what an identifier is, and how to silence it
  lakegate init                                         settings, an identifier of your own, and a hook

`lakegate help COMMAND` has more of them.")]
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
    /// Scan the files of a commit, and stop it in a few lines: for git hooks and pre-commit.
    Hook(Box<HookArgs>),
    /// Accept what is known to be in files, and tell what is new.
    #[command(
        subcommand,
        after_help = "Examples:
  lakegate baseline write data/ --reason 'agreed with the data owner'
  lakegate baseline check data/
  lakegate scan data/ --baseline lakegate.baseline --fail-on low"
    )]
    Baseline(BaselineCommand),
    /// Make reports of the stored results of an earlier scan.
    Report(SavedArgs),
    /// List, explain, check and try identifiers.
    #[command(
        subcommand,
        after_help = "Examples:
  lakegate identifiers list
  lakegate identifiers show USA_SOCIAL_SECURITY_NUMBER
  lakegate identifiers check mine/
  lakegate identifiers test --regex 'S\\d{8}' --keyword license 'license S12345678'"
    )]
    Identifiers(IdentifiersCommand),
    /// Move the files that findings name into an isolation folder, without loss however it is interrupted.
    Isolate(Box<IsolateArgs>),
    /// Put isolated files back to where they were.
    Restore(RestoreArgs),
    /// Try event patterns.
    #[command(
        subcommand,
        after_help = "Examples:
  lakegate events test --pattern high.json --event event.json"
    )]
    Events(EventsCommand),
    /// Play event rules and stacks on folders: scan, events, rules, messages, isolation.
    Run(Box<RunArgs>),
    /// Carry out classification jobs, once or on a schedule, and see to them.
    #[command(
        subcommand,
        after_help = "Examples:
  lakegate job run nightly.json --bucket uploads=/srv/uploads --if-due
  lakegate job list
  lakegate job pause nightly"
    )]
    Job(JobCommand),
    /// Show what lakegate.yaml and the command line amount to; the schema of the file.
    #[command(
        subcommand,
        after_help = "Examples:
  lakegate config show
  lakegate config schema > lakegate.schema.json"
    )]
    Config(ConfigCommand),
    /// Write lakegate.yaml, an example of an identifier, and a pre-commit hook.
    Init(InitArgs),
    /// Print completions for a shell.
    Completions(CompletionsArgs),
    /// Print the manual page, or write one for each subcommand.
    Man(ManArgs),
}

/// Options of `scan`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate scan data/
  lakegate scan data/ -i identifiers/custom/synthea.yaml --fail-on high
  lakegate scan data/ --format json -o findings.json
  lakegate scan data/ --managed USA_SOCIAL_SECURITY_NUMBER,CREDIT_CARD_NUMBER
  lakegate scan data/ --report html=report.html --report sarif=findings.sarif
  lakegate scan data/ --isolate-to isolated/
  lakegate scan                                 # with paths: in lakegate.yaml")]
pub struct ScanArgs {
    /// Files and folders; folders are scanned with everything below them. May be left out if lakegate.yaml has paths.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// What is looked for, and what is passed over.
    #[command(flatten)]
    pub search: SearchArgs,

    /// Findings filters, by which findings are archived: a YAML or JSON file, a template, or a folder of them. May be repeated.
    #[arg(long, value_name = "FILE|DIR", help_heading = "Output")]
    pub findings_filter: Vec<PathBuf>,

    /// What is accepted, as `lakegate baseline write` writes it: it does not count, unless there is more of it.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub baseline: Option<PathBuf>,

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

    /// How much of each object is read at most.
    #[command(flatten)]
    pub limits: LimitArgs,

    #[command(flatten)]
    pub isolation: IsolateAfterScan,

    /// Say on standard error where the time went: by identifier, column and path.
    #[arg(long, help_heading = "Work")]
    pub stats: bool,

    /// How the scan is reported.
    #[command(flatten)]
    pub report: ReportArgs,

    /// How the scan is carried out.
    #[command(flatten)]
    pub work: WorkArgs,

    /// Where settings come from.
    #[command(flatten)]
    pub settings: ConfigArgs,
}

fn account(text: &str) -> Result<String, String> {
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_string())
    } else {
        Err("an AWS account id has twelve digits".into())
    }
}

/// Subcommands of `identifiers`.
#[derive(Debug, Subcommand)]
pub enum IdentifiersCommand {
    /// All managed identifiers by category, with keyword mode, countries and check digit.
    #[command(after_help = "Examples:
  lakegate identifiers list
  lakegate identifiers list | grep -w DE")]
    List,
    /// What one managed identifier is, what triggers it, examples, how to silence it.
    #[command(after_help = "Examples:
  lakegate identifiers show USA_SOCIAL_SECURITY_NUMBER")]
    Show {
        /// Its id, such as `USA_SOCIAL_SECURITY_NUMBER`.
        id: String,
    },
    /// Check identifier files: limits, patterns, and every example and counter-example. Without PATH, the built-in ones.
    #[command(after_help = "Examples:
  lakegate identifiers check
  lakegate identifiers check mine/ stack.yml")]
    Check {
        /// Custom identifiers (as for `scan -i`), or managed identifier files.
        path: Vec<PathBuf>,
    },
    /// Count the matches of one custom identifier in a sample text, as Macie's `TestCustomDataIdentifier` does.
    Test(TestArgs),
}

/// Options of `identifiers test`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate identifiers test --regex 'S\\d{8}' --keyword license 'license S12345678'
  lakegate identifiers test --regex 'EMP-[0-9]{6}' --ignore-word EMP-000000 < sample.txt")]
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
