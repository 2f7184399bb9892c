//! Where the findings of a run go, and what is said about it.

use crate::args::{ConfigArgs, FormatArg, ReportArgs};
use crate::color;
use anyhow::{Context, Result};
use lakegate::model::ObjectReport;
use lakegate::outputs::{Format, Look, RunContext, Summary, sanitize, write};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Everywhere that the findings of a run go.
pub struct Outputs(Vec<Output>);

/// A report in one form.
struct Output {
    format: Format,
    to: Destination,
}

enum Destination {
    Standard,
    File(BufWriter<File>, PathBuf),
}

impl Outputs {
    /// Opens what the options ask for before anything is scanned, so that a wrong name is told at once.
    pub fn open(args: &ReportArgs) -> Result<Self> {
        let output = args.output.as_deref().filter(|path| *path != Path::new("-"));
        let default = if output.is_some() { FormatArg::Json } else { FormatArg::Table };
        let first = (args.format.unwrap_or(default), output);
        let others = args.reports.iter().map(|report| (report.format, report.file.as_deref()));
        let opened = std::iter::once(first).chain(others);
        let (archived, colour) = (args.include_archived, color::is_on(args.color));
        opened.map(|(format, path)| Output::open(format, path, archived, colour)).collect::<Result<_>>().map(Self)
    }

    /// Whether a person sees the table right above whatever is said on standard error.
    pub fn are_seen(&self) -> bool {
        let shown = |output: &Output| matches!((&output.to, output.format), (Destination::Standard, Format::Table(_)));
        self.0.iter().any(shown) && io::stdout().is_terminal() && io::stderr().is_terminal()
    }

    /// True when `path` names a file that is written to.
    pub fn are(&self, path: &Path) -> bool {
        self.files().any(|(_, own)| {
            // Most files are told apart by their names, without asking the system.
            path.file_name() == own.file_name()
                && path.canonicalize().is_ok_and(|path| own.canonicalize().is_ok_and(|own| own == path))
        })
    }

    /// Where the files that are written to really are.
    pub fn real_paths(&self) -> impl Iterator<Item = PathBuf> {
        self.files().filter_map(|(_, path)| path.canonicalize().ok())
    }

    fn files(&self) -> impl Iterator<Item = (&BufWriter<File>, &PathBuf)> {
        self.0.iter().filter_map(|output| match &output.to {
            Destination::File(file, path) => Some((file, path)),
            Destination::Standard => None,
        })
    }

    /// Writes the findings.
    pub fn write(&mut self, context: &RunContext, reports: &[ObjectReport]) -> Result<()> {
        self.0.iter_mut().try_for_each(|output| output.write(context, reports))
    }

    /// Makes sure that what was written to files outlives a failure of the machine.
    pub fn keep(&self) -> Result<()> {
        for (file, path) in self.files().filter(|(_, path)| path.is_file()) {
            file.get_ref().sync_all().with_context(|| format!("writing the findings to {}", path.display()))?;
        }
        Ok(())
    }
}

impl Output {
    fn open(format: FormatArg, path: Option<&Path>, archived: bool, colour: bool) -> Result<Self> {
        let to = match path {
            None => Destination::Standard,
            Some(path) => {
                let file = File::create(path);
                let file = file.with_context(|| format!("creating the output file {}", path.display()))?;
                Destination::File(BufWriter::new(file), path.to_path_buf())
            }
        };
        let terminal = matches!(to, Destination::Standard) && io::stdout().is_terminal();
        let colour = colour && matches!(to, Destination::Standard);
        let format = match format {
            FormatArg::Table => Format::Table(Look { width: width(terminal), colour }),
            FormatArg::Json if archived => Format::JsonWithArchived,
            FormatArg::Json => Format::Json,
            FormatArg::Jsonl if archived => Format::JsonlWithArchived,
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
            FormatArg::Html => Format::Html,
        };
        Ok(Self { format, to })
    }

    fn write(&mut self, context: &RunContext, reports: &[ObjectReport]) -> Result<()> {
        match &mut self.to {
            Destination::Standard => write(self.format, &mut io::stdout().lock(), context, reports)?,
            Destination::File(file, path) => {
                write(self.format, file, context, reports)
                    .and_then(|()| file.flush())
                    .with_context(|| format!("writing the findings to {}", path.display()))?;
            }
        }
        Ok(())
    }
}

/// Columns of the terminal, or 80.
pub fn width(terminal: bool) -> usize {
    if let Some(columns) = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()) {
        return columns;
    }
    if terminal { usize::from(console::Term::stdout().size().1) } else { 80 }
}

/// Says on standard error which file of settings counts, if any.
pub fn name_settings(settings: &ConfigArgs) -> Result<()> {
    if let Some(file) = &settings.config {
        writeln!(io::stderr().lock(), "Settings: {}", sanitize(&file.display().to_string()))?;
    }
    Ok(())
}

/// Says on standard error what was examined and what was not, and why; the findings may be in a file by now. A person
/// who has just seen that in the table (`seen`) is told the rest.
pub fn summarise(reports: &[ObjectReport], elapsed: std::time::Duration, seen: bool) -> Result<()> {
    let summary = Summary::of(reports);
    let mut error = io::stderr().lock();
    if seen {
        write!(error, "{}", summary.beside_table(elapsed))?;
    } else {
        writeln!(error, "\n{}", summary.text(elapsed).trim_end())?;
    }
    Ok(())
}
