//! `lakegate scan`.

use crate::args::{FormatArg, ScanArgs};
use crate::exit::Exit;
use crate::output::Output;
use crate::progress::Bar;
use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use lakegate::identifiers::{allow_list_load, custom_load};
use lakegate::model::ObjectReport;
use lakegate::outputs::{RunContext, Summary, bucket_name};
use lakegate::scan::{ManagedSelection, Scanner};
use lakegate::sources::{Entry, walk};
use std::io::{self, Write};
use std::mem::ManuallyDrop;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Runs the subcommand.
pub fn run(args: &ScanArgs) -> Result<Exit> {
    // Never dropped: the program ends after one scan, and freeing its tables piece by piece takes longer than ending.
    let scanner = ManuallyDrop::new(scanner(args)?);
    for path in &args.paths {
        if path.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            bail!("{}: no such file or folder", path.display());
        }
    }
    let context = context(args)?;
    let mut outputs = outputs(args)?;
    let mut entries = walk(&args.paths);
    entries.retain(|entry| !outputs.iter().any(|(_, output)| output.is(&entry.path)));

    let threads = args.threads.map_or_else(
        || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
        |threads| NonZeroUsize::new(usize::from(threads)).unwrap_or(NonZeroUsize::MIN),
    );
    let total = entries.iter().map(|entry| entry.size).sum();
    let bar = Bar::new(total, entries.len() as u64, !args.no_progress && !args.quiet);
    let started = Instant::now();
    let reports = scanner.scan_entries(&entries, &args.key_prefix, threads, &bar)?;
    let elapsed = started.elapsed();
    bar.finish();

    for (format, output) in &mut outputs {
        output.write(*format, &context, &reports)?;
    }
    if !args.quiet {
        summarise(&reports, &entries, elapsed)?;
    }
    Ok(Exit::after(&reports, args.fail_on.threshold()))
}

fn scanner(args: &ScanArgs) -> Result<Scanner> {
    let custom = custom_load::load(&args.identifiers)?;
    let managed = match args.managed.as_slice() {
        [only] if only == "all" => ManagedSelection::All,
        [only] if only == "recommended" => ManagedSelection::Recommended,
        [only] if only == "none" => ManagedSelection::None,
        ids => ManagedSelection::Only(ids.to_vec()),
    };
    let builder = Scanner::builder().managed(managed).exclude_managed(args.exclude_managed.iter().cloned());
    let allow_lists = allow_list_load::load(&args.allow_list, &|_| None)?;
    let scanner = builder.custom(custom).allow_lists(allow_lists).build()?;
    if scanner.identifier_count() == 0 {
        bail!("no identifier is left to look for: give --identifiers or other --managed");
    }
    Ok(scanner)
}

fn context(args: &ScanArgs) -> Result<RunContext> {
    let created_at = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => seconds
            .parse()
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .with_context(|| format!("SOURCE_DATE_EPOCH is {seconds:?}; it must be seconds since 1970"))?,
        Err(_) => Timestamp::now(),
    };
    let lists = if args.allow_list.is_empty() { String::new() } else { format!(" {:?}", args.allow_list) };
    let settings = format!(
        "{:?} {:?} {:?} {:?} {:?}{lists}",
        args.managed, args.exclude_managed, args.identifiers, args.paths, args.key_prefix
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

/// The outputs that the options ask for. They are opened before anything is scanned, so that a wrong name is told at once.
fn outputs(args: &ScanArgs) -> Result<Vec<(FormatArg, Output)>> {
    let format = args.format.unwrap_or(if args.output.is_some() { FormatArg::Json } else { FormatArg::Table });
    let mut outputs = vec![(format, Output::open(args.output.as_deref())?)];
    for report in &args.reports {
        outputs.push((report.format, Output::open(report.file.as_deref())?));
    }
    Ok(outputs)
}

/// Says on standard error what was examined and what was not, and why; the findings may be in a file by now.
fn summarise(reports: &[ObjectReport], entries: &[Entry], elapsed: std::time::Duration) -> Result<()> {
    let mut error = io::stderr().lock();
    if entries.is_empty() {
        writeln!(error, "Nothing was scanned: there are no files.")?;
        return Ok(());
    }
    writeln!(error, "\n{}", Summary::of(reports).text(elapsed).trim_end())?;
    Ok(())
}
