//! `lakegate scan`.

use crate::args::ScanArgs;
use crate::baseline_file::{self, BaselineFile};
use crate::clock;
use crate::exit::Exit;
use crate::isolate::AfterScan;
use crate::looking;
use crate::next;
use crate::output::{Outputs, name_settings, summarise};
use crate::progress::Bar;
use crate::stats;
use anyhow::{Result, bail};
use lakegate::filters;
use lakegate::outputs::{RunContext, bucket_name};
use lakegate::scan::Stats;
use lakegate::sources::walk;
use std::io::{self, Write};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Runs the subcommand.
pub fn run(args: &ScanArgs) -> Result<Exit> {
    if args.paths.is_empty() {
        bail!("there is nothing to scan: give a PATH, or paths: below scan: in lakegate.yaml");
    }
    // Never dropped: the program ends after one scan, and freeing its tables piece by piece takes longer than ending.
    let scanner = ManuallyDrop::new(looking::scanner(&args.search, &args.limits)?);
    for path in &args.paths {
        if path.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            bail!("{}: no such file or folder", path.display());
        }
    }
    let filters = filters::load(&args.findings_filter)?;
    let baseline = args.baseline.as_deref().map(BaselineFile::read).transpose()?;
    let context = context(args)?;
    let isolation = AfterScan::prepare(&args.isolation, &args.paths)?;
    let mut outputs = Outputs::open(&args.report)?;
    let mut entries = walk(&args.paths);
    entries.retain(|entry| {
        !outputs.are(&entry.path) && !baseline.as_ref().is_some_and(|baseline| baseline.is(&entry.path))
    });

    let total = entries.iter().map(|entry| entry.size).sum();
    let bar = Bar::new(total, entries.len() as u64, args.work.shows_progress());
    let started = Instant::now();
    let stats = args.stats.then(Stats::default);
    let threads = args.work.threads();
    let (mut reports, fingerprints) = match (&isolation, &stats) {
        (Some(_), _) => scanner.scan_and_fingerprint(&entries, &args.key_prefix, threads, &bar, stats.as_ref())?,
        (None, Some(stats)) => (scanner.measure_entries(&entries, &args.key_prefix, threads, &bar, stats)?, Vec::new()),
        (None, None) => (scanner.scan_entries(&entries, &args.key_prefix, threads, &bar)?, Vec::new()),
    };
    let elapsed = started.elapsed();
    bar.finish();

    let comparison = match &baseline {
        Some(baseline) => Some(baseline.apply(&baseline.names(&args.paths, &entries), &scanner, &mut reports)?),
        None => None,
    };
    filters::archive(&filters, &context, &mut reports);
    outputs.write(&context, &reports)?;
    if !args.work.quiet {
        if entries.is_empty() {
            writeln!(io::stderr().lock(), "Nothing was scanned: there are no files.")?;
        } else {
            summarise(&reports, elapsed, outputs.are_seen())?;
        }
        if let (Some(baseline), Some(comparison)) = (&baseline, &comparison) {
            baseline_file::tell(&baseline.path, comparison, &mut io::stderr().lock())?;
        }
    }
    if let Some(stats) = &stats {
        stats::print(stats, &scanner, &reports)?;
    }
    if !args.work.quiet {
        name_settings(&args.settings)?;
        next::suggest(args, &reports)?;
    }
    let exit = Exit::after(&reports, args.report.fail_on.threshold());
    let scanned = entries.iter().zip(reports.iter().zip(fingerprints));
    match isolation {
        Some(isolation) if !isolation.isolate(&context, &args.paths, scanned, args.work.quiet)? => {
            Ok(if exit == Exit::Done { Exit::Incomplete } else { exit })
        }
        _ => Ok(exit),
    }
}

fn context(args: &ScanArgs) -> Result<RunContext> {
    let created_at = clock::now()?;
    let lists =
        if args.search.allow_list.is_empty() { String::new() } else { format!(" {:?}", args.search.allow_list) };
    let choice = &args.search.choice;
    let settings = format!(
        "{:?} {:?} {:?} {:?} {:?}{lists}",
        choice.managed, choice.exclude_managed, choice.identifiers, args.paths, args.key_prefix
    );
    Ok(RunContext {
        account_id: args.account.clone(),
        region: args.region.clone(),
        bucket: args.bucket.clone().unwrap_or_else(|| bucket_name(&folder_name(&args.paths))),
        job_id: RunContext::job_id(&settings, created_at),
        created_at,
    })
}

/// Name of the first scanned folder, or of the folder that the first file is in.
fn folder_name(paths: &[PathBuf]) -> String {
    let first = paths.first().map_or(Path::new("."), PathBuf::as_path);
    let absolute = first.canonicalize().unwrap_or_else(|_| first.to_path_buf());
    let folder = if absolute.is_dir() { Some(absolute.as_path()) } else { absolute.parent() };
    folder.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
