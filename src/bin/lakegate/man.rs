//! `lakegate man`.

use crate::args::{Cli, ManArgs};
use crate::exit::Exit;
use anyhow::{Context, Result};
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use std::fs;
use std::io::{self, Write};

/// Prints the manual page of the program, or writes those of all subcommands.
pub fn run(args: &ManArgs) -> Result<Exit> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    let Some(folder) = &args.dir else {
        io::stdout().lock().write_all(&page(&root)?)?;
        return Ok(Exit::Done);
    };
    fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    let mut commands = vec![&root];
    let mut count = 0;
    while let Some(command) = commands.pop() {
        // Of `lakegate job run`, which is not at the top, clap's own name is the last word only.
        let file = folder.join(format!("{}.1", title(command)));
        fs::write(&file, page(command)?).with_context(|| format!("writing the manual page {}", file.display()))?;
        count += 1;
        commands.extend(command.get_subcommands().filter(|inner| !inner.is_hide_set()));
    }
    writeln!(io::stdout().lock(), "{count} pages in {}", folder.display())?;
    Ok(Exit::Done)
}

fn title(command: &Command) -> String {
    command.get_display_name().unwrap_or(command.get_name()).to_owned()
}

fn page(command: &Command) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    let plain = command.clone().name(title(command)).after_help(None::<&str>);
    Man::new(plain).render(&mut page).context("making a manual page")?;
    page.extend(examples(command).bytes());
    Ok(page)
}

/// What stands below the help, in the lines that it has there: a page would fill them up with words of the next ones.
fn examples(command: &Command) -> String {
    let Some(help) = command.get_after_help().map(ToString::to_string) else { return String::new() };
    let lines = help.lines().filter(|line| *line != "Examples:").map(|line| {
        // A dot or an apostrophe at the beginning of a line would be a request.
        format!("\\&{}\n", line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq"))
    });
    format!(".SH EXAMPLES\n.nf\n{}.fi\n", lines.collect::<String>())
}
