//! `lakegate completions`.

use crate::args::{Cli, CompletionsArgs};
use crate::exit::Exit;
use anyhow::Result;
use clap::CommandFactory;
use std::io::{self, Write};

/// Prints the completions for a shell.
pub fn run(args: &CompletionsArgs) -> Result<Exit> {
    // Generated into memory: a closed pipe would be a panic.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "lakegate", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(Exit::Done)
}
