//! `lakegate job run`.

use crate::args::JobRunArgs;
use crate::clock;
use crate::exit::Exit;
use crate::job::{account, store};
use crate::output::{Outputs, name_settings, summarise};
use crate::progress::Bar;
use anyhow::{Context, Result, bail};
use lakegate::filters::{self, FindingsFilter};
use lakegate::identifiers::{allow_list_load, custom_load};
use lakegate::jobs::{self, BucketFolder, Due, JobRecord, JobSpec, JobStatus, Run, RunSettings, Store};
use lakegate::outputs::{RunContext, sanitize};
use lakegate::scan::Scanner;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

/// Runs the subcommand. Everything that was asked for is checked before the state is touched.
pub fn run(args: &JobRunArgs) -> Result<Exit> {
    let spec = jobs::load(&args.spec)?;
    let account = account(&args.owner, &spec);
    let folders = folders(args, &spec, account)?;
    let filters = filters::load(&args.findings_filter)?;
    let scanner = scanner(args, &spec)?;
    let now = clock::now()?;
    let store = store(&args.state)?;
    let mut skip: Vec<PathBuf> = store.folder().canonicalize().into_iter().collect();
    let settings = RunSettings { now, seed: args.seed, threads: args.work.threads(), skip: &skip };
    let Some(job) = due_job(args, &spec, account, &store, &folders, &settings)? else { return Ok(Exit::Done) };

    let outputs = Outputs::open(&args.report)?;
    skip.extend(outputs.real_paths());
    let settings = RunSettings { now, seed: args.seed, threads: args.work.threads(), skip: &skip };
    let run = Run::begin(&store, &job, &spec, &folders, &settings)?;
    carry_out(args, &spec, &scanner, &filters, run, outputs)
}

fn folders(args: &JobRunArgs, spec: &JobSpec, account: &str) -> Result<Vec<BucketFolder>> {
    for (position, (name, folder)) in args.buckets.iter().enumerate() {
        if args.buckets[..position].iter().any(|(other, _)| other == name) {
            bail!("bucket {name:?} is given twice");
        }
        let about = folder.metadata().with_context(|| format!("bucket {name:?}: {}", folder.display()))?;
        if !about.is_dir() {
            bail!("bucket {name:?}: {} is no folder", folder.display());
        }
    }
    Ok(spec.folders(&args.buckets, account)?)
}

fn scanner(args: &JobRunArgs, spec: &JobSpec) -> Result<Scanner> {
    let custom = spec.custom_identifiers(&custom_load::load(&args.identifiers)?)?;
    let bucket = |name: &str| args.buckets.iter().find(|(known, _)| known == name).map(|(_, folder)| folder.clone());
    let allow_lists = spec.allow_lists(&allow_list_load::load(&args.allow_list, &bucket)?)?;
    let builder = Scanner::builder().managed(spec.managed.clone()).exclude_managed(spec.excluded.iter().cloned());
    let scanner = builder.custom(custom).allow_lists(allow_lists).build()?;
    if scanner.identifier_count() == 0 {
        bail!("{}: the job leaves no identifier to look for", args.spec.display());
    }
    Ok(scanner)
}

/// The job, if it is to run now.
fn due_job(
    args: &JobRunArgs,
    spec: &JobSpec,
    account: &str,
    store: &Store,
    folders: &[BucketFolder],
    settings: &RunSettings<'_>,
) -> Result<Option<JobRecord>> {
    let (region, now) = (args.owner.region.as_str(), settings.now);
    let waits = |due: Due| -> Result<bool> {
        let waits = args.if_due && !due.is_due();
        if waits && !args.work.quiet {
            writeln!(io::stderr().lock(), "Nothing to do: {}", due.in_words())?;
        }
        Ok(waits)
    };
    let existing = store.of_request(spec, account, region, now)?;
    if waits(store.due(existing.as_ref(), spec, now)?)? {
        return Ok(None);
    }
    let job = store.find_or_create(spec, account, region, now)?;
    match job.job_status {
        JobStatus::UserPaused => bail!("job {0} is paused; `lakegate job resume {0}` takes it up again", job.job_id),
        JobStatus::Cancelled => {
            bail!("job {} was cancelled, which is for good; a request with another name is another job", job.job_id)
        }
        _ => {}
    }
    Run::note_existing(store, &job, spec, folders, settings)?;
    if waits(store.due(Some(&job), spec, now)?)? {
        return Ok(None);
    }
    Ok(Some(job))
}

fn carry_out(
    args: &JobRunArgs,
    spec: &JobSpec,
    scanner: &Scanner,
    filters: &[FindingsFilter],
    mut run: Run<'_>,
    mut outputs: Outputs,
) -> Result<Exit> {
    let job = run.job().clone();
    let context = RunContext {
        account_id: job.account_id.clone(),
        region: job.region.clone(),
        bucket: args.buckets.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "),
        created_at: run.began_at(),
        job_id: job.job_id.clone(),
    };
    let (count, bytes) = run.work();
    let bar = Bar::new(bytes, count as u64, args.work.shows_progress());
    let started = Instant::now();
    let mut reports = Vec::with_capacity(count);
    loop {
        let batch = run.next_batch()?;
        if batch.is_empty() {
            break;
        }
        let read = scanner.scan_entries(&batch, "", args.work.threads(), &bar)?;
        run.note(&read);
        reports.extend(read);
    }
    let elapsed = started.elapsed();
    bar.finish();

    filters::archive(filters, &context, &mut reports);
    outputs.write(&context, &reports)?;
    outputs.keep()?;
    if !args.work.quiet {
        describe(spec, &run)?;
        summarise(&reports, elapsed, outputs.are_seen())?;
        name_settings(&args.settings)?;
    }
    let stopped = run.stopped;
    run.finish()?;
    let exit = Exit::after(&reports, args.report.fail_on.threshold());
    Ok(if stopped.is_some() && exit == Exit::Done { Exit::Incomplete } else { exit })
}

/// Says on standard error what the run was about.
fn describe(spec: &JobSpec, run: &Run<'_>) -> Result<()> {
    let mut error = io::stderr().lock();
    let job = run.job();
    let (id, name) = (&job.job_id, sanitize(&spec.name));
    writeln!(error, "Job {id} ({name}), run {}", job.runs)?;
    let (taken, _) = run.work();
    write!(error, "{taken} of {} objects in scope taken", run.in_scope)?;
    for (count, what) in [(run.not_drawn, "not drawn"), (run.out_of_scope, "out of the scope of the job")] {
        if count > 0 {
            write!(error, ", {count} {what}")?;
        }
    }
    writeln!(error)?;
    if spec.scope.names_tags() {
        writeln!(error, "The scope of the job names tags, which files do not have: EQ never holds, NE always does")?;
    }
    if let Some(status) = run.stopped {
        writeln!(error, "Stopped before its end: the job is {status}")?;
    }
    Ok(())
}
