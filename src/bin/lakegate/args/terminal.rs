//! The command line of what makes the program at home in a terminal.

use clap::{Args, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal, unless the variable `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Options of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate completions bash > ~/.local/share/bash-completion/completions/lakegate
  lakegate completions zsh > ~/.zfunc/_lakegate        # with `fpath+=~/.zfunc` in ~/.zshrc, before compinit
  lakegate completions fish > ~/.config/fish/completions/lakegate.fish
  lakegate completions powershell >> $PROFILE")]
pub struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: Shell,
}

/// Options of `man`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lakegate man | man -l -
  lakegate man --dir ~/.local/share/man/man1    # then: man lakegate-scan")]
pub struct ManArgs {
    /// Write a page for the program and one for each subcommand to this folder, which is made if it is missing.
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}
