//! Where reports of a scan are written: standard output or a file.

use crate::args::FormatArg;
use anyhow::{Context, Result};
use lakegate::model::ObjectReport;
use lakegate::outputs::{Format, Look, RunContext, write};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Where findings go.
pub enum Output {
    /// Standard output.
    Standard,
    /// A file of its own.
    File(BufWriter<File>, PathBuf),
}

impl Output {
    /// Opens the file of that name, or standard output.
    pub fn open(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Ok(Self::Standard) };
        let file = File::create(path).with_context(|| format!("creating the output file {}", path.display()))?;
        Ok(Self::File(BufWriter::new(file), path.to_path_buf()))
    }

    /// True when `path` names the file that this output is written to.
    pub fn is(&self, path: &Path) -> bool {
        let Self::File(_, own) = self else { return false };
        // Most files are told apart by their names, without asking the system.
        path.file_name() == own.file_name()
            && path.canonicalize().is_ok_and(|path| own.canonicalize().is_ok_and(|own| own == path))
    }

    /// Writes the reports in that form.
    pub fn write(&mut self, format: FormatArg, context: &RunContext, reports: &[ObjectReport]) -> Result<()> {
        let terminal = matches!(self, Self::Standard) && io::stdout().is_terminal();
        let colour = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let format = match format {
            FormatArg::Table => Format::Table(Look { width: width(terminal), colour }),
            FormatArg::Json => Format::Json,
            FormatArg::Jsonl => Format::Jsonl,
            FormatArg::Events => Format::Events,
            FormatArg::Results => Format::Results,
            FormatArg::Sarif => Format::Sarif,
            FormatArg::Junit => Format::Junit,
            FormatArg::GitlabCodeQuality => Format::GitlabCodeQuality,
            FormatArg::GitlabSecretDetection => Format::GitlabSecretDetection,
            FormatArg::Github => Format::Github,
            FormatArg::Markdown => Format::Markdown,
            FormatArg::Csv => Format::Csv,
            FormatArg::Asff => Format::Asff,
        };
        match self {
            Self::Standard => write(format, &mut io::stdout().lock(), context, reports)?,
            Self::File(file, path) => {
                let name = path.display();
                write(format, file, context, reports).with_context(|| format!("writing the findings to {name}"))?;
                file.flush().with_context(|| format!("writing the findings to {name}"))?;
            }
        }
        Ok(())
    }
}

/// Columns of the terminal, or 80.
fn width(terminal: bool) -> usize {
    if let Some(columns) = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()) {
        return columns;
    }
    if terminal { usize::from(console::Term::stdout().size().1) } else { 80 }
}
