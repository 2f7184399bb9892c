//! Where the findings of a run go, and what is said about it.

use crate::args::{FormatArg, ReportArgs};
use anyhow::{Context, Result};
use lakegate::model::ObjectReport;
use lakegate::outputs::{Format, Look, RunContext, Summary, write};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;

/// Where findings go.
pub struct Output {
    format: Format,
    to: Destination,
}

enum Destination {
    Standard,
    File(BufWriter<File>, PathBuf),
}

impl Output {
    /// Opens the output before anything is scanned, so that a wrong name is told at once.
    pub fn open(args: &ReportArgs) -> Result<Self> {
        let to = match &args.output {
            None => Destination::Standard,
            Some(path) => {
                let file =
                    File::create(path).with_context(|| format!("creating the output file {}", path.display()))?;
                Destination::File(BufWriter::new(file), path.clone())
            }
        };
        let terminal = matches!(to, Destination::Standard) && io::stdout().is_terminal();
        let colour = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let default = if args.output.is_some() { FormatArg::Json } else { FormatArg::Table };
        let format = match (args.format.unwrap_or(default), args.include_archived) {
            (FormatArg::Table, _) => Format::Table(Look { width: width(terminal), colour }),
            (FormatArg::Json, false) => Format::Json,
            (FormatArg::Json, true) => Format::JsonWithArchived,
            (FormatArg::Jsonl, false) => Format::Jsonl,
            (FormatArg::Jsonl, true) => Format::JsonlWithArchived,
            (FormatArg::Events, _) => Format::Events,
            (FormatArg::Results, _) => Format::Results,
        };
        Ok(Self { format, to })
    }

    /// Where the file of the output really is, if it is one.
    pub fn real_path(&self) -> Option<PathBuf> {
        match &self.to {
            Destination::Standard => None,
            Destination::File(_, path) => path.canonicalize().ok(),
        }
    }

    /// Writes the findings.
    pub fn write(&mut self, context: &RunContext, reports: &[ObjectReport]) -> Result<()> {
        match &mut self.to {
            Destination::Standard => write(self.format, &mut io::stdout().lock(), context, reports)?,
            Destination::File(file, path) => {
                let name = path.display();
                write(self.format, file, context, reports)
                    .and_then(|()| file.flush())
                    .with_context(|| format!("writing the findings to {name}"))?;
            }
        }
        Ok(())
    }

    /// Makes sure that what was written to a file outlives a failure of the machine.
    pub fn keep(&self) -> Result<()> {
        match &self.to {
            Destination::File(file, path) if path.is_file() => {
                let kept = file.get_ref().sync_all();
                kept.with_context(|| format!("writing the findings to {}", path.display()))
            }
            _ => Ok(()),
        }
    }
}

/// Columns of the terminal, or 80.
fn width(terminal: bool) -> usize {
    if let Some(columns) = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()) {
        return columns;
    }
    if terminal { usize::from(console::Term::stdout().size().1) } else { 80 }
}

/// Says on standard error what was examined and what was not, and why; the findings may be in a file by now.
pub fn summarise(reports: &[ObjectReport], elapsed: std::time::Duration) -> Result<()> {
    writeln!(io::stderr().lock(), "\n{}", Summary::of(reports).text(elapsed).trim_end())?;
    Ok(())
}
