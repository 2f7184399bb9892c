//! `lakegate.yaml` and the command line: one set of options, declared once, for clap.

mod line;
mod options;
mod schema;
mod show;

pub use line::{Failure, parse};

use crate::args::ConfigCommand;
use crate::exit::Exit;
use anyhow::Result;
use lakegate::actions::Home;
use lakegate::config::Config;
use lakegate::identifiers::problem::LoadErrors;
use lakegate::outputs::RunContext;
use std::path::Path;

/// Runs `config`.
pub fn run(command: &ConfigCommand) -> Result<Exit> {
    match command {
        ConfigCommand::Show(args) => show::run(args),
        ConfigCommand::Schema => schema::run(),
    }
}

/// Reads a file of settings.
pub fn read(file: &Path, home: &Home) -> Result<Config, LoadErrors> {
    options::with(|options| Config::read(file, home, options))
}

/// Where rules are when nobody says so.
pub fn home() -> Home {
    Home { account: RunContext::ACCOUNT.to_owned(), region: RunContext::REGION.to_owned(), partition: "aws".to_owned() }
}
