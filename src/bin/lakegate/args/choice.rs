//! What is looked for: options that `scan` and `run` share.

use clap::Args;
use lakegate::scan::{ManagedSelection, Scanner, ScannerBuilder};
use std::path::PathBuf;

/// The identifiers of a scan.
#[derive(Debug, Args)]
pub struct ChoiceArgs {
    /// Custom identifiers: a YAML or JSON file, a CloudFormation template, or a folder of them. May be repeated.
    #[arg(short, long, value_name = "FILE|DIR", help_heading = "Identifiers")]
    pub identifiers: Vec<PathBuf>,

    /// Managed identifiers to use: all, recommended, none, or ids and categories (CREDENTIALS,
    /// `FINANCIAL_INFORMATION`, `PERSONAL_INFORMATION`) separated by commas.
    #[arg(long, value_name = "SET", default_value = "all", value_delimiter = ',', help_heading = "Identifiers")]
    pub managed: Vec<String>,

    /// Managed identifiers to leave out, by id or category. May be repeated.
    #[arg(long, value_name = "ID", value_delimiter = ',', help_heading = "Identifiers")]
    pub exclude_managed: Vec<String>,
}

impl ChoiceArgs {
    /// A scanner for the managed identifiers that are chosen; custom ones are still to be loaded.
    pub fn builder(&self) -> ScannerBuilder {
        let selection = match self.managed.as_slice() {
            [only] if only == "all" => ManagedSelection::All,
            [only] if only == "recommended" => ManagedSelection::Recommended,
            [only] if only == "none" => ManagedSelection::None,
            ids => ManagedSelection::Only(ids.to_vec()),
        };
        Scanner::builder().managed(selection).exclude_managed(self.exclude_managed.iter().cloned())
    }
}
