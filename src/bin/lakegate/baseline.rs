//! `lakegate baseline`.

use crate::args::{BaselineArgs, BaselineCommand};
use crate::baseline_file::{self, BaselineFile, about};
use crate::exit::Exit;
use crate::looking;
use crate::progress::Bar;
use anyhow::{Result, bail};
use lakegate::findings::Comparison;
use lakegate::findings::baseline::Baseline;
use lakegate::model::ObjectReport;
use lakegate::outputs::sanitize;
use lakegate::sources::walk;
use std::io::{self, Write};

/// New places that are told one by one.
const TOLD: usize = 20;

/// Runs the subcommand.
pub fn run(command: &BaselineCommand) -> Result<Exit> {
    match command {
        BaselineCommand::Write(args) => {
            let file = &args.baseline.file;
            if file.exists() && !args.force {
                bail!(
                    "{}: is there already; `lakegate baseline update` keeps its reasons and days of expiry, and --force \
                     replaces it",
                    file.display()
                );
            }
            let file = BaselineFile { path: file.clone(), baseline: Baseline::default() };
            let compared = compare(&args.baseline, file)?;
            let raised = |file: &BaselineFile, comparison: &Comparison| {
                file.baseline.raised(comparison, args.note.expires, args.note.reason.as_deref())
            };
            compared.write(&args.baseline, raised)
        }
        BaselineCommand::Update(args) => {
            let compared = compare(&args.baseline, BaselineFile::read(&args.baseline.file)?)?;
            if !args.baseline.look.work.quiet {
                compared.tell()?;
            }
            let changed = |file: &BaselineFile, comparison: &Comparison| {
                let lowered = file.baseline.lowered(comparison);
                if args.accept_new {
                    lowered.raised(comparison, args.note.expires, args.note.reason.as_deref())
                } else {
                    lowered
                }
            };
            compared.write(&args.baseline, changed)
        }
        BaselineCommand::Check(args) => {
            let compared = compare(args, BaselineFile::read(&args.file)?)?;
            if !args.look.work.quiet {
                compared.tell()?;
                compared.tell_new()?;
                compared.tell_missed()?;
            }
            if compared.comparison != Comparison::default() {
                return Ok(Exit::Findings);
            }
            let exit = Exit::after(&compared.reports, None);
            if exit == Exit::Done && !args.look.work.quiet {
                let entries = entries(&compared.file.baseline);
                writeln!(io::stderr().lock(), "{} says what is there: {entries}", shown(args))?;
            }
            Ok(exit)
        }
    }
}

/// A baseline, held against what is there.
struct Compared {
    file: BaselineFile,
    reports: Vec<ObjectReport>,
    comparison: Comparison,
}

fn compare(args: &BaselineArgs, file: BaselineFile) -> Result<Compared> {
    let scanner = looking::scanner(&args.look.search, &args.look.limits)?;
    let paths = if args.paths.is_empty() { vec![BaselineFile::folder(&file.path)] } else { args.paths.clone() };
    if let Some(path) = paths.iter().find(|path| path.symlink_metadata().is_err()) {
        bail!("{}: no such file or folder", path.display());
    }
    let mut entries = walk(&paths);
    entries.retain(|entry| !file.is(&entry.path));
    let work = &args.look.work;
    let total = entries.iter().map(|entry| entry.size).sum();
    let bar = Bar::new(total, entries.len() as u64, work.shows_progress());
    let mut reports = scanner.scan_entries(&entries, "", work.threads(), &bar)?;
    bar.finish();
    let comparison = file.apply(&file.names(&paths, &entries), &scanner, &mut reports)?;
    Ok(Compared { file, reports, comparison })
}

impl Compared {
    fn tell(&self) -> io::Result<()> {
        baseline_file::tell(&self.file.path, &self.comparison, &mut io::stderr().lock())
    }

    /// Says what is found and not in the baseline at all.
    fn tell_new(&self) -> io::Result<()> {
        let new: Vec<_> = self.comparison.fresh.iter().filter(|fresh| fresh.known == 0).collect();
        let mut error = io::stderr().lock();
        if !new.is_empty() {
            writeln!(error, "New:")?;
        }
        for fresh in new.iter().take(TOLD) {
            writeln!(error, "  {}: {} found", about(&fresh.key), fresh.count)?;
        }
        if let Some(more) = new.len().checked_sub(TOLD).filter(|more| *more > 0) {
            writeln!(error, "  and {more} more")?;
        }
        Ok(())
    }

    /// Says that there may be more than the baseline can know of.
    fn tell_missed(&self) -> io::Result<()> {
        let missed = self.reports.iter().filter(|report| report.coverage.incomplete()).count();
        if missed == 0 {
            return Ok(());
        }
        writeln!(io::stderr().lock(), "Not fully analysed: {}; `lakegate scan` says why", things(missed, "object"))
    }

    /// Writes the baseline that `change` makes, and says what it accepts.
    fn write(mut self, args: &BaselineArgs, change: impl Fn(&BaselineFile, &Comparison) -> Baseline) -> Result<Exit> {
        self.file.baseline = change(&self.file, &self.comparison);
        let changed = self.file.write()?;
        let exit = Exit::after(&self.reports, None);
        if !args.look.work.quiet {
            let word = if changed { "written" } else { "unchanged" };
            writeln!(io::stderr().lock(), "{}: {word}, {}", shown(args), entries(&self.file.baseline))?;
            self.tell_missed()?;
        }
        Ok(exit)
    }
}

fn shown(args: &BaselineArgs) -> String {
    sanitize(&args.file.display().to_string()).into_owned()
}

/// How much a baseline accepts.
fn entries(baseline: &Baseline) -> String {
    let count: u64 = baseline.entries.iter().map(|entry| entry.count).sum();
    let occurrences = things(usize::try_from(count).unwrap_or(usize::MAX), "occurrence");
    match baseline.entries.len() {
        1 => format!("1 entry for {occurrences}"),
        entries => format!("{entries} entries for {occurrences}"),
    }
}

fn things(number: usize, singular: &str) -> String {
    format!("{number} {singular}{}", if number == 1 { "" } else { "s" })
}
