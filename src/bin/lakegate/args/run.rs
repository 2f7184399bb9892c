//! The command line of `run`.

use super::{ChoiceArgs, ConfigArgs, WorkArgs};
use clap::Args;
use lakegate::actions::Action;
use lakegate::outputs::RunContext;
use std::path::PathBuf;

/// Options of `run`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate run --template fixtures/stack.yml --bucket patient-drop=fixtures/synthea --dry-run
  lakegate run --template stack.yml --bucket drop=data/ --to isolated/ --target MoveFunction=isolate
  lakegate run --rules rule.json --bucket drop=data/ --target alerts=notify:alerts.txt")]
pub struct RunArgs {
    /// CloudFormation template with event rules, the functions and topics that they name, and custom data identifiers. May be
    /// repeated.
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub template: Vec<PathBuf>,

    /// Event rules as `aws events describe-rule` and `put-rule` write them, in JSON or YAML. May be repeated.
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub rules: Vec<PathBuf>,

    /// What is done in place of a target, by its logical id, name or ARN: isolate, isolate:DIR, notify, notify:FILE, exec:COMMAND or
    /// ignore. May be repeated.
    #[arg(long, value_name = "TARGET=ACTION", value_parser = target, help_heading = "Rules")]
    pub target: Vec<(String, Action)>,

    /// The folder that stands for a bucket; NAME may be a bucket's logical id in the template. May be repeated.
    #[arg(long, required = true, value_name = "NAME=DIR", value_parser = bucket, help_heading = "Objects")]
    pub bucket: Vec<(String, PathBuf)>,

    /// The isolation folder, which is made if it is missing.
    #[arg(long, value_name = "DIR", help_heading = "Objects")]
    pub to: Option<PathBuf>,

    /// What is looked for.
    #[command(flatten)]
    pub choice: ChoiceArgs,

    /// Say what would happen, and do nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// Where every action is recorded, one JSON line each.
    #[arg(long, value_name = "FILE", default_value = "lakegate-actions.jsonl")]
    pub action_log: PathBuf,

    /// AWS account id in findings, twelve digits.
    #[arg(long, value_name = "ID", default_value = RunContext::ACCOUNT, value_parser = super::account)]
    pub account: String,

    /// AWS region in findings.
    #[arg(long, value_name = "REGION", default_value = RunContext::REGION)]
    pub region: String,

    /// How the scan is carried out.
    #[command(flatten)]
    pub work: WorkArgs,

    /// Where settings come from.
    #[command(flatten)]
    pub settings: ConfigArgs,
}

fn target(text: &str) -> Result<(String, Action), String> {
    let (name, action) = pair(text, "TARGET=ACTION")?;
    Ok((name, Action::parse(action)?))
}

fn bucket(text: &str) -> Result<(String, PathBuf), String> {
    pair(text, "NAME=DIR").map(|(name, folder)| (name, folder.into()))
}

/// Both sides of the first sign of equality: names and ARNs have none, folders and commands may.
fn pair<'t>(text: &'t str, form: &str) -> Result<(String, &'t str), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => Ok((name.to_owned(), value)),
        _ => Err(format!("this is to be {form}")),
    }
}
